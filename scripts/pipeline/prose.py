"""A document's prose as docstrings: wrapped, and without what could end a string or change it."""

from __future__ import annotations

import textwrap

WIDTH = 96
_LONGEST = 4000


def text(said: object) -> str:
    """Prose in one line, safe inside a docstring."""
    folded = " ".join("".join(char if char.isprintable() else " " for char in str(said)).split())
    folded = folded.replace("\\", "\\\\").replace('"""', "'''").encode("utf-8", "replace").decode()
    folded = folded if len(folded) <= _LONGEST else folded[: _LONGEST - 1] + "…"
    # A quotation mark at the very end would make four.
    return f"{folded[:-1]}'" if folded.endswith('"') else folded


def sentence(said: object) -> str:
    """Prose that ends like a sentence and begins like one."""
    made = text(said)
    if not made:
        return ""
    made = made if made.endswith((".", "!", "?", ":", "…")) else f"{made}."
    return made[0].upper() + made[1:]


def wrapped(said: str, indent: int, first: str = "") -> list[str]:
    """Lines of prose, indented.

    Args:
        said: what `text` or `sentence` made.
        indent: blanks before each line.
        first: what stands before the prose in its first line; the others are indented by four more then.
    """
    blanks = " " * indent
    return textwrap.wrap(
        f"{first}{said}",
        WIDTH,
        initial_indent=blanks,
        subsequent_indent=blanks + "    " if first else blanks,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [f"{blanks}{first}".rstrip()]


def paragraphs(said: object, indent: int) -> list[str]:
    """A summary line of its own, then what else there is: the first sentence and the rest."""
    made = sentence(said)
    lines = wrapped(made, indent)
    if len(lines) <= 1:
        return lines
    head, dot, rest = made.partition(". ")
    if not dot or not rest:
        return lines
    return [*wrapped(f"{head}.", indent), "", *wrapped(rest, indent)]


def docstring(lines: list[str], indent: int) -> list[str]:
    """Lines as a docstring."""
    blanks = " " * indent
    said = [line.rstrip() for line in lines]
    if len(said) == 1:
        return [f'{blanks}"""{said[0].strip()}"""']
    return [f'{blanks}"""{said[0].strip()}', *said[1:], f'{blanks}"""']


def section(title: str, entries: list[tuple[str, str]], indent: int) -> list[str]:
    """A section of a docstring in Google's style; none if it has no entry."""
    if not entries:
        return []
    lines = ["", f"{' ' * indent}{title}:"]
    for name, said in entries:
        lines += wrapped(said, indent + 4, f"{name}: " if said else f"{name}:")
    return lines
