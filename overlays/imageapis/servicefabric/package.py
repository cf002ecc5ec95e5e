"""`upload_package`: its arguments, and what it sets up and clears away. The work itself is `package_transfer`."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

import attrs

from imageapis.core.arguments import flag
from imageapis.core.faces import operation
from imageapis.core.opening import opened
from imageapis.errors import InvalidArgument
from imageapis.servicefabric.paths import file_path
from imageapis.servicefabric.upload import UploadOperations

if TYPE_CHECKING:
    import os
    from collections.abc import AsyncIterator

    from imageapis.core.io import Io
    from imageapis.core.progress import Report
    from imageapis.servicefabric.folder import LocalPackage, Read, Symlinks
    from imageapis.servicefabric.journal_store import Journaled
    from imageapis.servicefabric.models import Resume
    from imageapis.servicefabric.options import Options


@attrs.frozen
class PackageReport:
    """What an upload of a package did.

    Attributes:
        path: Where the package is, with `/`.
        sent: Files that were sent, marks not counted.
        skipped: Files that were there already, unchanged.
        pruned: Files that were deleted because the package does not hold them.
        unpruned: Paths that the package does not hold and that are there still: the gateway would read such a name as
            another one, perhaps that of a file of the package, or the package has a folder of that name.
        bytes: Bytes of the files that were sent.
        seconds: How long it took.
        resumed: Whether it went on with a large file that was begun before.
    """

    path: str
    sent: int
    skipped: int
    pruned: int
    bytes: int
    seconds: float
    resumed: bool
    unpruned: tuple[str, ...] = ()


class PackageOperations(UploadOperations):
    """Uploading an application package."""

    @operation
    async def upload_package(
        self,
        folder: str | os.PathLike[str],
        path: str,
        *,
        chunk_size: int | None = None,
        concurrency: int | None = None,
        progress: Report | None = None,
        journal: Journaled | None = None,
        resume: Resume | None = None,
        prune: bool = False,
        compress: bool = False,
        symlinks: Symlinks = "refuse",
        timeout: float | None = None,
        commit_timeout: float | None = None,
    ) -> PackageReport:
        """Upload a folder with all that is in it, and mark each folder as complete when it is.

        All names are checked before the first byte is sent. The marks (`_.dir`) come after everything in their
        folder, the root's last; a package that is there already loses its root mark while it changes, so that nobody
        provisions half of it. All sizes are compared with what the store lists. Memory: a few blocks of 768 KiB for
        each file or chunk on its way, and about 2 KiB for each file of the package.

        Args:
            folder: The package.
            path: Where it goes, from the root, with `/`.
            chunk_size: Bytes of a chunk; files of at most so many go by one PUT. By default those of 16 MiB do, and
                the chunks of larger ones are a 64th of the file, and from 2 to 16 MiB.
            concurrency: How many files, or chunks of a large file, are on their way at a time; by default the client's.
                If neither says, the upload finds out while it runs what is fastest, up to 32.
            progress: Called with a `Progress` for each acknowledged file or chunk; its total is the whole package.
            journal: A file, made if need be, that keeps what is stored with hashes: the next upload skips what did not
                change, and goes on where an interrupted one ended. Without it every file is sent. `True` keeps it in
                the user's state folder, one for each cluster, path and source.
            resume: What an `UploadInterrupted` or `VerificationFailed` carried. Files that were stored, and whose size
                and time are still the same, are not sent again.
            prune: Delete what is at the destination and not in the folder. What cannot be deleted safely is left and
                named in the report's `unpruned`.
            compress: Send the code, config and data parts that the service manifests name as zip files, made in a
                temporary folder; the source stays as it is.
            symlinks: Symbolic links: `"refuse"` the package, `"follow"` them, or `"skip"` them.
            timeout: Seconds that the server may take for a chunk or a small file once it has it.
            commit_timeout: Seconds that the server may take to join the chunks of a file.

        Returns:
            What was done.

        Raises:
            UnsafePath: A name would become another one in the store, or an entry is a link or no file; nothing was
                sent.
            UploadInterrupted: It failed too often in a row; `resume` or the journal goes on with it.
            SourceChanged: A file changed meanwhile; the package is not marked as complete.
            VerificationFailed: The store shows something else than what was sent, also after further tries; `resume`
                goes on with it.
            OSError: Something in the folder cannot be read.
            InvalidArgument: An argument is out of range.
            JournalError: The journal or `resume` cannot be used: damaged, in use, or of another cluster.
            UnusableFile: There is something else than a regular file at the path of the journal, or nothing can be
                written to the state folder.
            ImageApiError: The server refused, and nothing was sent yet.

        REST: `UploadFile` and the calls of `upload_file`, `GetImageStoreContent`, `DeleteImageStoreContent`.
        """
        from imageapis.servicefabric.small_files import read_small

        path = file_path(path)
        options = self._options(chunk_size, concurrency, timeout, commit_timeout)
        if journal is not None and resume is not None:
            raise InvalidArgument("give either journal= or resume=: each says where to go on")
        flag("prune", prune)
        flag("compress", compress)
        async with packaged(self._io, folder, symlinks, read_small, compress=compress) as package:
            return await self._send_package(
                package, path, options, journal=journal, resume=resume, progress=progress, prune=prune
            )

    async def _send_package(
        self,
        package: LocalPackage,
        path: str,
        options: Options,
        *,
        journal: Journaled | bool | None,
        resume: Resume | None,
        progress: Report | None,
        prune: bool,
    ) -> PackageReport:
        from imageapis.core.progress import Meter
        from imageapis.servicefabric.journal_store import journal_path
        from imageapis.servicefabric.package_transfer import PackageTransfer

        began = self._io.now()
        file = await self._io.run(journal_path, journal, self._login.endpoint, path, package.folder)
        async with self._journal(file, resume) as notes:
            meter = Meter(progress, self._io.clock, sum(file.size for file in package.tree.files))
            counts = await PackageTransfer(self, package, path, options, meter, notes, prune=prune).run()
        return PackageReport(path, seconds=self._io.now() - began, **attrs.asdict(counts))


@asynccontextmanager
async def packaged(
    io: Io, folder: str | os.PathLike[str], symlinks: Symlinks, read: Read, *, compress: bool
) -> AsyncIterator[LocalPackage]:
    """Look at a folder that is to be sent, and compress its parts for as long as they are needed.

    Args:
        io: What gives the threads.
        folder: The folder.
        symlinks: What to do with symbolic links.
        read: Reads a small file.
        compress: Whether parts are sent as zip files.
    """
    from imageapis.servicefabric.folder import LocalPackage, scan

    tree = await io.run(scan, folder, symlinks)
    async with AsyncExitStack() as cleared:
        if compress:
            from imageapis.servicefabric.compress import Packed

            tree = (await cleared.enter_async_context(opened(io, partial(Packed, tree)))).tree
        yield LocalPackage(folder, tree, read)
