"""`nox -s documents`: tries the pipeline on published documents and writes a table of what became of each.

Each document is added as a service to a scratch copy of the project, with all its operations, as `add_service` does it.
Where it is refused, the actions that are told are pasted as they stand, if none is left to complete, and the draft is
resumed once. Nothing of a document and nothing that is made of it stays.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import shutil
import tempfile
import textwrap
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

from scripts import add_service
from scripts.pipeline import documents, select
from scripts.pipeline.errors import PipelineError, one_line

_COPIED = ("overlays", "generated", "specs", "tests")
_HEAD = """\
| document | operations | mends | rounds | judged requests, answers | wrong | mypy, ruff, smoke | CPU s | became |
| --- | ---: | ---: | ---: | ---: | ---: | --- | ---: | --- |"""


@dataclass(frozen=True)
class Row:
    """What became of one document.

    Attributes:
        name: Of the document.
        operations: How many it has.
        seconds: How long processors worked on it, however busy the machine is.
        status: The exit status of add_service.
        said: All that it printed.
        rounds: How often it was run: twice, where what it told to paste was pasted.
    """

    name: str
    operations: int
    seconds: float
    status: int
    said: str
    rounds: int = 1

    def __str__(self) -> str:
        """As the table shows it."""
        mends = re.search(r"(\d+) mends were made", self.said)
        judged = re.search(r"(\d+) requests and (\d+) answers", self.said)
        wrong = len(re.findall(r"^judge ", self.said, re.MULTILINE))
        failed = sorted(set(re.findall(r"^(mypy|ruff format|ruff|smoke): ", self.said, re.MULTILINE)))
        became = "a service" if not self.status else f"refused: {one_line(self.said.splitlines()[-2:], limit=120)}"
        cells = [
            self.name,
            str(self.operations),
            mends.group(1) if mends else "0",
            str(self.rounds) if not self.status else "-",
            f"{judged.group(1)}, {judged.group(2)}" if judged else "-",
            str(wrong),
            ", ".join(failed) or ("clean" if not self.status else "-"),
            f"{self.seconds:.0f}",
            became,
        ]
        return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def trial(source: Path, root: Path) -> Row:
    """Add a document to a scratch copy of the project in `root`."""
    with tempfile.TemporaryDirectory(prefix="imageapis-document-") as folder:
        scratch = Path(folder)
        for part in _COPIED:
            shutil.copytree(root / part, scratch / part, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(root / "pyproject.toml", scratch)
        name = "d_" + re.sub(r"[^a-z0-9]+", "_", source.stem.lower()).strip("_")
        said, began = io.StringIO(), sum(os.times()[:4])
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            status = add_service.main([name, str(source), "--select", select.EVERYTHING, "--project", str(scratch)])
            rounds = 1
            if status and paste(said.getvalue(), scratch / "specs" / name / "overlay.yaml"):
                status, rounds = add_service.main([name, "--resume", "--project", str(scratch)]), 2
        seconds = sum(os.times()[:4]) - began
        counted = re.search(r"^\w+: (\d+) operations as ", said.getvalue(), re.MULTILINE)
        operations = int(counted.group(1)) if counted else _operations(source)
        return Row(source.stem, operations, seconds, status, said.getvalue(), rounds)


def paste(said: str, overlay: Path) -> bool:
    """Add the actions that a refusal tells to an overlay, as a person would paste them; whether there were any.

    One with a place that a person must fill in is none that can be pasted, and then none is.
    """
    told = "\n".join(line for line in said.splitlines() if line.startswith("    "))
    if not told.strip() or not overlay.is_file() or re.search(r"^\s+(TODO:|[^:]+: TODO$)", told, re.MULTILINE):
        return False
    text = overlay.read_text(encoding="utf-8").replace("actions: []", "actions:").rstrip()
    overlay.write_text(f"{text}\n{textwrap.indent(textwrap.dedent(told), '  ')}\n", encoding="utf-8", newline="\n")
    return True


def _operations(source: Path) -> int:
    try:
        found = select.select(
            documents.fetch(str(source)), (select.EVERYTHING,), source.name, documents.neighbours(str(source))
        )
    except PipelineError:
        return 0
    return sum(1 for _ in select.operations(found))


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="nox -s documents --", description=__doc__)
    parser.add_argument("documents", nargs="+", type=Path, help="API documents, or folders of them")
    parser.add_argument("--table", type=Path, help="also write the table into this file")
    parser.add_argument("--jobs", type=int, default=1, help="how many documents to try at a time (default: 1)")
    options = parser.parse_args(arguments)
    sources = [
        path
        for given in options.documents
        for path in (sorted(given.iterdir()) if given.is_dir() else [given])
        if path.suffix in (".json", ".yaml", ".yml")
    ]
    print(_HEAD, flush=True)
    rows = []
    with ProcessPoolExecutor(options.jobs) as pool:
        for row in pool.map(trial, sources, repeat(Path.cwd())):
            rows.append(row)
            print(row, flush=True)
    became = sum(1 for row in rows if not row.status)
    total = f"{became} of {len(rows)} documents became services; {sum(row.operations for row in rows)} operations."
    print(total)
    if options.table:
        text = "\n".join([_HEAD, *(str(row) for row in rows), "", total]) + "\n"
        options.table.write_text(text, encoding="utf-8", newline="\n")
    return 0 if became == len(rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
