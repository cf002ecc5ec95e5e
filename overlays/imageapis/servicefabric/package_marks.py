"""The marks of a package: empty files by which the store knows that a folder of it is complete, the root's last."""

# ruff: noqa: SLF001 - the engine is a part of the client

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from imageapis.core.body import bytes_body
from imageapis.errors import ImageApiError, VerificationFailed
from imageapis.servicefabric.backoff import Backoff, is_transient
from imageapis.servicefabric.paths import MARK

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable, Iterator

    from imageapis.core.concurrency import Limit
    from imageapis.servicefabric.folder import Tree
    from imageapis.servicefabric.options import Options
    from imageapis.servicefabric.sessions import SessionOperations


class Marks:
    """The marks of one package.

    Args:
        store: The client.
        tree: The package's files and folders.
        root: Where the package goes.
        options: How files are sent.
    """

    def __init__(self, store: SessionOperations, tree: Tree, root: str, options: Options) -> None:
        self._store = store
        self._io = store._io
        self._tree = tree
        self._root = root
        self._options = options

    def path(self, folder: str) -> str:
        """Return the path of a folder's mark; the root is the folder without a name."""
        return f"{self._root}/{folder}/{MARK}" if folder else f"{self._root}/{MARK}"

    async def send(self, lacking: Iterable[str]) -> None:
        """Upload the marks that are lacking, and the root's, each after all that lies under its folder."""
        wanted = {*lacking, ""}
        limit = self._options.limit(0)

        def jobs(level: list[str]) -> Iterator[Coroutine[Any, Any, None]]:
            return (self._send_mark(folder, limit) for folder in level if folder in wanted)

        for level in self._tree.deepest_first():
            await self._io.gather(jobs(level), limit)

    async def _send_mark(self, folder: str, limit: Limit) -> None:
        path = self.path(folder)
        backoff = Backoff(self._io, self._options.tries)
        while True:
            try:
                await self._store._put(path, bytes_body(b""), self._options.timeout, retry=False)
                await self._store._verified(path, 0)
                limit.finished(0)
                return
            except ImageApiError as failure:
                hopeful = is_transient(failure) or isinstance(failure, VerificationFailed)
                if not hopeful or not await backoff.wait(failure):
                    raise
