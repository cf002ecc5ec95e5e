"""Text of other machines, made safe to show: in errors, in log lines and on terminals."""

from __future__ import annotations


def printable(text: str) -> str:
    """Return text with control characters, line ends and half characters spelt out.

    A terminal obeys such codes, and a line end lets a server forge a line of a log.
    """
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)
