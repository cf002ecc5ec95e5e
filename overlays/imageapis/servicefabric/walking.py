"""A walk through a folder of the store and all below it, past whatever a listing may claim. `content` starts it.

What a listing names comes from outside. `placed` lets nothing pass that does not lie in the folder that was asked for,
and no folder whose name the gateway would read as another one is ever asked for.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import attrs

from imageapis.core.pages import Page
from imageapis.errors import NotFound, PageLoop, UnsafePath
from imageapis.servicefabric.faults import NO_STORE
from imageapis.servicefabric.paths import normal, parent, same, unsafe_path, within

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator

    from imageapis.core.concurrency import Limit
    from imageapis.core.io import Io
    from imageapis.servicefabric.models import StoreFile, StoreFolder

    Entry = StoreFile | StoreFolder
    Look = Callable[[str, str | None], Awaitable[Page[Entry]]]

#: A folder and the token of a page of it.
Stop = tuple[str, str | None]

#: Segments of the longest path that is followed: http.sys takes no address of more (UrlSegmentMaxCount).
DEEPEST = 255
#: Pages in a row without a file after which a walk is given up. A folder that is complete holds a mark at least.
FRUITLESS = 10_000
#: Bytes, about, that a walk may keep in mind: what it has visited, what it has still to, and the files if it returns
#: them all at once. They are enough for more than a million names, which no image store holds.
KEPT = 512 << 20
#: Bytes, about, that one name takes besides its characters.
ENTRY = 256


def placed(page: Page[Entry], folder: str) -> Page[Entry]:
    """Return a page of a folder's listing whose entries lie directly in it, or are the one file that was asked for.

    Raises:
        ValueError: An entry lies elsewhere.
    """
    from imageapis.servicefabric.models import StoreFile

    for entry in page.items:
        name = entry.path[len(folder) + 1 :] if folder else entry.path
        inside = same(parent(entry.path), folder) and name not in ("", ".", "..")
        if not inside and not (isinstance(entry, StoreFile) and folder and same(entry.path, folder)):
            raise ValueError(f"the listing of {folder!r} names {entry.path!r}, which does not lie directly in it")
    return page


def _in(folder: str, files: Iterable[StoreFile]) -> Iterator[StoreFile]:
    """Yield files with their paths as `rebased` gives them."""
    for file in files:
        path = rebased(file.path, folder)
        yield file if path is file.path else attrs.evolve(file, path=path)


def rebased(path: str, folder: str) -> str:
    """Return the path of an entry of a folder's listing in the spelling in which the folder was asked for.

    A cluster on Windows shows names as they were first spelled; on one on Linux such a path is another folder's.
    """
    if not folder or path.startswith(f"{folder}/"):
        return path
    return folder if same(path, folder) else f"{folder}/{path.rpartition('/')[2]}"


class FolderWalk:
    """The state of one walk: its `fetch` gives the files, page by page.

    A page's token holds all that is still to visit. Folders that cannot be visited safely come last, as an error: all
    other files were had by then.

    Args:
        look: Fetches one page of a folder's listing.
        top: The folder, as a normal path.
    """

    def __init__(self, look: Look, top: str) -> None:
        self._look = look
        self._top = top
        self._visited: set[Stop] = set()
        self._kept = 0

    async def fetch(self, token: str | None) -> Page[StoreFile]:
        """Visit folders until one has files, or none is left.

        Raises:
            UnsafePath: All that is left are folders whose names the gateway would read as others.
            PageLoop: The server sends the walk in a circle, never shows a file, or shows more names than can be kept.
        """
        todo = [(self._top, None)] if token is None else self._read(token)
        for _ in range(FRUITLESS):
            files, more, closed = await self._visit(todo.pop())
            todo = [*closed, *todo, *reversed(more)]
            if files or not todo:
                return Page(files, json.dumps(todo) if todo else None)
        raise self._fruitless()

    async def everything(self, io: Io, limit: Limit) -> tuple[list[StoreFile], list[str]]:
        """Return all files, with the folders of one depth looked into at the same time, and what cannot be visited.

        Raises:
            PageLoop: The server sends the walk in a circle, never shows a file, or shows more names than can be kept.
        """
        files: list[StoreFile] = []
        skipped: list[str] = []
        todo: list[Stop] = [(self._top, None)]
        while todo:
            here, todo = todo, []
            before, visits = len(files), len(here)

            async def look(stop: Stop, ahead: list[Stop] = todo) -> None:
                try:
                    found, more, closed = await self._visit(stop)
                except NotFound as gone:
                    if stop[0] == self._top or gone.code == NO_STORE:
                        raise
                    return  # somebody deleted it meanwhile
                self._keep((file.path, None) for file in found)
                files.extend(_in(stop[0], found))
                ahead.extend(more)
                skipped.extend(folder for folder, _ in closed)

            await io.gather((look(stop) for stop in here), limit)
            if visits > FRUITLESS and len(files) == before:
                raise self._fruitless()
        return files, skipped

    def _fruitless(self) -> PageLoop:
        return PageLoop(
            f"The server showed {FRUITLESS} pages below {self._top!r} in a row without a file; the walk was given up."
        )

    def _keep(self, stops: Iterable[Stop]) -> None:
        """Count what is kept from now on.

        Raises:
            PageLoop: It is too much.
        """
        self._kept += sum(ENTRY + len(name) + len(token or "") for name, token in stops)
        if self._kept > KEPT:
            raise PageLoop(
                f"The server shows ever more names below {self._top!r}: more than {KEPT >> 20} MiB of them came, and "
                "the walk was given up. Walk through its folders one by one if they are in order."
            )

    async def _visit(self, here: Stop) -> tuple[list[StoreFile], list[Stop], list[Stop]]:
        """Look at a page; return its files, what else it leads to in order, and the folders that cannot be visited."""
        from imageapis.servicefabric.models import StoreFile

        folder, token = here
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
        files = [entry for entry in page.items if isinstance(entry, StoreFile)]
        folders: list[Stop] = [
            (rebased(entry.path, folder), None) for entry in page.items if not isinstance(entry, StoreFile)
        ]
        closed: list[Stop] = []
        more: list[Stop] = []
        for stop in folders:
            (more if unsafe_path(stop[0]) is None else closed).append(stop)
        if page.next is not None:
            more.append((folder, page.next))
        self._keep(more)
        self._keep(closed)
        return files, more, closed

    def _read(self, token: str) -> list[Stop]:
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
