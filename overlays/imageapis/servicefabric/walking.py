"""A walk through a folder of the store and all below it, past whatever a listing may claim. `content` starts it.

What a listing names comes from outside. `placed` lets nothing pass that does not lie in the folder that was asked for,
and no folder whose name the gateway would read as another one is ever asked for.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from imageapis.core.paging import Page
from imageapis.errors import PageLoop, UnsafePath
from imageapis.servicefabric.models import StoreFile, StoreFolder
from imageapis.servicefabric.paths import normal, parent, same, unsafe_path, within

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Entry = StoreFile | StoreFolder
    Look = Callable[[str, str | None], Awaitable[Page[Entry]]]

#: Takes the folders that a walk cannot visit safely.
Skipped = list[str]

#: Segments of the longest path that is followed: http.sys takes no address of more (UrlSegmentMaxCount).
DEEPEST = 255
#: Pages in a row without a file after which a walk is given up. A folder that is complete holds a mark at least.
FRUITLESS = 10_000


def placed(page: Page[Entry], folder: str) -> Page[Entry]:
    """Return a page of a folder's listing whose entries lie directly in it, or are the one file that was asked for.

    Raises:
        ValueError: An entry lies elsewhere.
    """
    for entry in page.items:
        name = entry.path[len(folder) + 1 :] if folder else entry.path
        inside = same(parent(entry.path), folder) and name not in ("", ".", "..")
        if not inside and not (isinstance(entry, StoreFile) and folder and same(entry.path, folder)):
            raise ValueError(f"the listing of {folder!r} names {entry.path!r}, which does not lie directly in it")
    return page


class FolderWalk:
    """The state of one walk: its `fetch` gives the files, page by page.

    A page's token holds all that is still to visit. Folders that cannot be visited safely come last, as an error: all
    other files were had by then.

    Args:
        look: Fetches one page of a folder's listing.
        top: The folder, as a normal path.
        skipped: Takes the folders that cannot be visited safely, instead of the error at the end.
    """

    def __init__(self, look: Look, top: str, skipped: Skipped | None = None) -> None:
        self._look = look
        self._top = top
        self._skipped = skipped
        self._visited: set[tuple[str, str | None]] = set()

    async def fetch(self, token: str | None) -> Page[StoreFile]:
        """Visit folders until one has files, or none is left.

        Raises:
            UnsafePath: All that is left are folders whose names the gateway would read as others.
            PageLoop: The server sends the walk in a circle, or never shows a file.
        """
        todo: list[tuple[str, str | None]] = [(self._top, None)] if token is None else self._read(token)
        for _ in range(FRUITLESS):
            files = await self._visit(todo)
            if files or not todo:
                return Page(files, json.dumps(todo) if todo else None)
        raise PageLoop(
            f"The server showed {FRUITLESS} pages below {self._top!r} in a row without a file; the walk was given up."
        )

    async def _visit(self, todo: list[tuple[str, str | None]]) -> list[StoreFile]:
        """Look at the page that is next and put what it leads to in its place."""
        folder, token = here = todo.pop()
        if (why := unsafe_path(folder)) is not None:
            raise UnsafePath(
                f"The folder {folder!r} of the store cannot be visited: {why}. Everything else was; have it renamed by "
                "whoever put it there."
            )
        if here in self._visited:
            raise PageLoop(f"The server hands out the pages of {folder!r} in a circle; the walk would never end.")
        if folder.count("/") >= DEEPEST:
            raise PageLoop(f"The server shows folders in folders without end below {self._top!r}: more than {DEEPEST}.")
        self._visited.add(here)
        page = await self._look(folder, token)
        if page.next is not None:
            todo.append((folder, page.next))
        for entry in reversed(page.items):
            if isinstance(entry, StoreFile):
                continue
            if unsafe_path(entry.path) is None:
                todo.append((entry.path, None))
            elif self._skipped is not None:
                self._skipped.append(entry.path)
            else:
                todo.insert(0, (entry.path, None))
        return [entry for entry in page.items if isinstance(entry, StoreFile)]

    def _read(self, token: str) -> list[tuple[str, str | None]]:
        """Read a token of ours; it may have been kept elsewhere meanwhile."""
        try:
            todo = [(folder, page) for folder, page in json.loads(token)]
            sound = all(
                within(normal(folder) if unsafe_path(folder) is None else folder, self._top)
                and (page is None or isinstance(page, str))
                for folder, page in todo
            )
        except (ValueError, TypeError, AttributeError, RecursionError):
            todo, sound = [], False
        if not (todo and sound):
            raise UnsafePath(
                f"{token[:80]!r} is no page token of a walk through {self._top!r}; give `Page.next` of such a walk."
            )
        return todo
