"""The one exception by which a step of the pipeline refuses its input, and its form on one line."""

from __future__ import annotations


class PipelineError(Exception):
    """What is wrong, with which file or tool, and what to do: one sentence, shown without a traceback."""


def one_line(text: object, *, limit: int = 300) -> str:
    """The text of another tool's message, folded into one line of at most `limit` characters."""
    folded = " ".join(str(text).split())
    return folded if len(folded) <= limit else folded[: limit - 1] + "…"
