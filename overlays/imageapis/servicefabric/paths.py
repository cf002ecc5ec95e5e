"""Paths in the store: one spelling for users (`/`), and the refusal of names that the gateway would read as others.

What a Windows gateway does to names: it decodes the address twice and cuts it at a `#` or `?` that appears by that, so
that `C#.dll` lands as `C`, and a delete of the first would delete the second.
"""

from __future__ import annotations

from imageapis.core.arguments import text
from imageapis.errors import UnsafePath

#: The empty file that makes a folder exist for the cluster; it is uploaded after all that lies in the folder.
MARK = "_.dir"


def normal(path: str) -> str:
    """Return a path in the one spelling that every call of ours uses.

    Backslashes become `/`, as the store reads them; empty segments go.

    Raises:
        UnsafePath: The gateway would read the path as another one.
        WrongType: It is no text.
    """
    found = "/".join(segment for segment in text("A path in the store", path).replace("\\", "/").split("/") if segment)
    if (why := unsafe_path(found)) is not None:
        raise UnsafePath(f"The path {path!r} is not safe in the image store: {why}. Nothing was sent; rename it.")
    return found


def file_path(path: str) -> str:
    """Return the normal path of a file or folder that is not the root.

    Raises:
        UnsafePath: It is empty, or the gateway would read it as another one.
    """
    found = normal(path)
    if not found:
        raise UnsafePath(f"{path!r} is the root of the image store; name a file or folder below it.")
    return found


def unsafe_path(path: str) -> str | None:
    """Return why a path, with `/`, would become another one on its way, or `None` if it arrives as it is."""
    return next((why for segment in path.split("/") if path and (why := unsafe(segment)) is not None), None)


def unsafe(name: str) -> str | None:
    """Return why a name would become another one on its way, or `None` if it arrives as it is."""
    if not name:
        return "an empty segment is dropped on the way"
    if name == "$":
        return "a segment `$` is the gateway's own"
    if name in (".", ".."):
        return f"a segment `{name}` is resolved on the way"
    for character in "#?%":
        if character in name:
            return f"the gateway cuts or decodes names at {character!r}"
    if name != name.strip(" ") or name.endswith("."):
        return f"spaces around {name!r} or a dot at its end would be trimmed"
    if any(ord(character) < 32 or character == "\x7f" for character in name):
        return f"{name!r} holds a control character"
    try:
        name.encode()
    except UnicodeEncodeError:
        return f"{name!r} is not valid Unicode"
    return None


def parent(path: str) -> str:
    """Return the folder that a normal path lies in."""
    return path.rpartition("/")[0]


def same(one: str, other: str) -> bool:
    """Say whether two normal paths are one to a cluster whose names ignore case, as those on Windows do."""
    return one.lower() == other.lower()


def within(path: str, folder: str) -> bool:
    """Say whether a normal path is a folder or lies below it, case ignored."""
    return same(path, folder) or path.lower().startswith(f"{folder}/".lower()) or not folder
