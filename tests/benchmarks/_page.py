"""One page of what the benchmarks found: `python -m tests.benchmarks._page <bench.json> <page.html>`.

A chart for each benchmark (ratios with their spread) and one for each series, drawn into the page itself.
"""

from __future__ import annotations

import html
import io
import json
import sys
from itertools import groupby
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
from matplotlib import pyplot as plt

STYLE = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto}svg{max-width:100%;height:auto}"


def bars(figures: dict[str, dict[str, float]]) -> str:
    """Draw ratios as points with their spread, one line each."""
    names = list(figures)
    plot, axes = plt.subplots(figsize=(9, 0.6 + 0.32 * len(names)), layout="constrained")
    for line, name in enumerate(reversed(names)):
        found = figures[name]
        axes.plot([found["low"], found["high"]], [line, line], color="#7aa6c2", linewidth=5, solid_capstyle="round")
        axes.plot(found["ratio"], line, "o", color="#12394f")
        axes.annotate(f"{found['ratio']:.2f}", (found["high"], line), (6, -3), textcoords="offset points", fontsize=8)
    axes.axvline(1, color="#999999", linewidth=0.8, linestyle="--")
    axes.set_yticks(range(len(names)), [name.replace("/", ", ") for name in reversed(names)], fontsize=8)
    axes.set_xlim(left=0)
    axes.margins(x=0.12)
    axes.set_xlabel("ratio")
    return drawn(plot)


def lines(series: dict[str, Any]) -> str:
    """Draw how something grows."""
    plot, axes = plt.subplots(figsize=(9, 3), layout="constrained")
    axes.plot(*zip(*series["points"], strict=True), "o-", color="#12394f")
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    axes.set_xlabel(series["x"])
    axes.set_ylabel(series["y"])
    return drawn(plot)


def drawn(plot: Any) -> str:
    """Return a chart as SVG."""
    text = io.StringIO()
    plot.savefig(text, format="svg", metadata={"Date": None})
    plt.close(plot)
    return text.getvalue()[text.getvalue().index("<svg") :]


def page(found: dict[str, Any]) -> str:
    """Return the page."""
    machine = ", ".join(f"{name} {value}" for name, value in found["machine"].items())
    parts = [f"<p>Each point is the median of its rounds, the bar their spread. {html.escape(machine)}.</p>"]
    for group, members in groupby(sorted(found["figures"].items()), lambda member: member[0].split("/")[0]):
        parts += [f"<h2>{html.escape(group)}</h2>", bars({key.partition("/")[2]: value for key, value in members})]
    for key, series in found.get("series", {}).items():
        parts += [f"<h2>{html.escape(key.replace('/', ', '))}</h2>", lines(series)]
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>imageapis: benchmarks</title><style>{STYLE}</style>"
        f"<h1>Benchmarks</h1>{''.join(parts)}</html>\n"
    )


def main() -> None:
    """Write the page."""
    source, target = map(Path, sys.argv[1:])
    mpl.rcParams.update({"svg.hashsalt": "imageapis", "svg.fonttype": "none"})
    target.write_text(page(json.loads(source.read_text("utf-8"))), "utf-8")
    print(f"wrote {target}")


if __name__ == "__main__":
    main()
