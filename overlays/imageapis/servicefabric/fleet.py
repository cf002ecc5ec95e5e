"""One package to many clusters: `ImageStores` over blocking clients, `AsyncImageStores` over async ones.

The package is looked at and compressed once, and its small files are read once as long as the clusters keep pace. Each
cluster is an upload of its own: what goes wrong with one stops no other, and is told in the one report.
"""

# ruff: noqa: SLF001 - a fleet is a part of its clients

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

import attrs

from imageapis.core.arguments import flag, function, whole_number
from imageapis.core.concurrency import FixedLimit
from imageapis.core.faces import Blocking, NonBlocking, operation
from imageapis.errors import ImageApiError, InvalidArgument, WrongType
from imageapis.servicefabric.client import AsyncImageStore, ImageStore
from imageapis.servicefabric.package import PackageReport, packaged
from imageapis.servicefabric.paths import file_path

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Coroutine, Iterator

    from imageapis.core.progress import Progress
    from imageapis.servicefabric.folder import LocalPackage, Symlinks
    from imageapis.servicefabric.models import Resume
    from imageapis.servicefabric.options import Options


@attrs.frozen
class Delivery:
    """What became of the package at one cluster.

    Attributes:
        endpoint: The cluster's gateway.
        report: What was done, if all went well.
        error: What went wrong otherwise: an error of this library, or one of reading the folder.
    """

    endpoint: str
    report: PackageReport | None = None
    error: ImageApiError | OSError | None = None


@attrs.frozen
class FleetReport:
    """What became of the package at all clusters.

    Attributes:
        deliveries: One for each cluster, in the order of the clients.
        seconds: How long it took in all.
    """

    deliveries: tuple[Delivery, ...]
    seconds: float

    @property
    def failed(self) -> tuple[Delivery, ...]:
        """The clusters that do not have the package; empty if all went well."""
        return tuple(delivery for delivery in self.deliveries if delivery.error is not None)

    @property
    def resume(self) -> tuple[Resume, ...]:
        """What the next call takes as `resume=` to go on at the clusters that failed."""
        handles = (getattr(delivery.error, "resume", None) for delivery in self.failed)
        return tuple(handle for handle in handles if handle is not None)


class _Fleet:
    """Clients of several clusters; they stay the caller's, to be closed by the caller.

    Args:
        stores: The clients, each of another cluster.

    Raises:
        InvalidArgument: There are none, two of them are of one cluster, or one has the other face.
    """

    _kind: ClassVar[type[ImageStore | AsyncImageStore]]

    def __init__(self, stores: Iterable[ImageStore] | Iterable[AsyncImageStore]) -> None:
        if not isinstance(stores, Iterable):
            raise WrongType(f"{type(self).__name__} takes several clients, not one {type(stores).__name__}.")
        self._stores: tuple[ImageStore | AsyncImageStore, ...] = tuple(stores)
        if not self._stores:
            raise InvalidArgument(f"{type(self).__name__} takes at least one {self._kind.__name__}.")
        for store in self._stores:
            if not isinstance(store, self._kind):
                raise InvalidArgument(
                    f"{type(self).__name__} takes clients of the class {self._kind.__name__}, not "
                    f"{type(store).__name__}."
                )
        endpoints = [store._login.endpoint for store in self._stores]
        if len(set(endpoints)) < len(endpoints):
            twice = next(endpoint for endpoint in endpoints if endpoints.count(endpoint) > 1)
            raise InvalidArgument(f"Two of the clients are of one cluster, {twice}; give each once.")
        self._io = self._stores[0]._io

    @operation
    async def upload_package(
        self,
        folder: str | os.PathLike[str],
        path: str,
        *,
        at_a_time: int = 8,
        chunk_size: int | None = None,
        concurrency: int | None = None,
        progress: Callable[[str, Progress], object] | None = None,
        journal: bool = False,
        resume: Iterable[Resume] = (),
        prune: bool = False,
        compress: bool = False,
        symlinks: Symlinks = "refuse",
        timeout: float | None = None,
        commit_timeout: float | None = None,
    ) -> FleetReport:
        """Upload a package to all clusters; see `ImageStore.upload_package`, whose arguments these are but for some.

        Memory: that of an upload for each cluster at a time, and at most 32 MiB of small files for all.

        Args:
            folder: The package.
            path: Where it goes at each cluster, from the root, with `/`.
            at_a_time: How many clusters are sent to at a time.
            chunk_size: Bytes of a chunk.
            concurrency: How many requests are on their way to one cluster at a time.
            progress: Called with a cluster's endpoint and a `Progress` of the upload to it.
            journal: Whether each upload keeps a journal in the user's state folder, as with `journal=True` there.
            resume: What an earlier report has as `resume`; each goes to its own cluster.
            prune: Delete what is at the destination and not in the folder.
            compress: Send parts as zip files; they are made once.
            symlinks: What to do with symbolic links.
            timeout: Seconds that a server may take for a chunk or a small file once it has it.
            commit_timeout: Seconds that a server may take to join the chunks of a file.

        Returns:
            One report of all clusters; look at its `failed`.

        Raises:
            UnsafePath: A name would become another one in the store, or an entry is a link or no file; nothing was
                sent anywhere.
            InvalidArgument: `at_a_time` is less than 1, or `resume` is of a cluster that is none of these.
            InvalidArgument: Another argument is out of range.
            OSError: The folder cannot be read.

        REST: as `ImageStore.upload_package`.
        """
        from imageapis.servicefabric.models import Resume
        from imageapis.servicefabric.small_files import SharedReads

        path = file_path(path)
        at_a_time = whole_number("at_a_time", at_a_time, 1)
        function("progress", progress)
        flag("prune", prune)
        flag("compress", compress)
        resume = tuple(resume) if isinstance(resume, Iterable) else (resume,)
        if not all(isinstance(handle, Resume) for handle in resume):
            raise WrongType("resume takes the `resume` of a report, or several `resume` of errors.")
        handles = {handle.endpoint: handle for handle in resume}
        if strange := handles.keys() - {store._login.endpoint for store in self._stores}:
            raise InvalidArgument(f"resume= is of {min(strange)}, which is none of these clusters.")
        if journal and handles:
            raise InvalidArgument("Give either journal= or resume=: each says where to go on.")
        options = [store._options(chunk_size, concurrency, timeout, commit_timeout) for store in self._stores]
        began = self._io.now()
        deliveries: dict[str, Delivery] = {}

        async def deliver(package: LocalPackage, store: ImageStore | AsyncImageStore, how: Options) -> None:
            endpoint = store._login.endpoint
            hear = None if progress is None else _named(progress, endpoint)
            try:
                report = await store._send_package(
                    package,
                    path,
                    how,
                    journal=journal,
                    resume=handles.get(endpoint),
                    progress=hear,
                    prune=prune,
                )
            except (ImageApiError, OSError) as failure:
                deliveries[endpoint] = Delivery(endpoint, error=failure)
            else:
                deliveries[endpoint] = Delivery(endpoint, report)

        def jobs(package: LocalPackage) -> Iterator[Coroutine[None, None, None]]:
            return (deliver(package, store, how) for store, how in zip(self._stores, options, strict=True))

        reads = SharedReads(len(self._stores))
        async with packaged(self._io, folder, symlinks, reads, compress=compress) as package:
            await self._io.gather(jobs(package), FixedLimit(at_a_time))
        return FleetReport(tuple(deliveries[store._login.endpoint] for store in self._stores), self._io.now() - began)


def _named(progress: Callable[[str, Progress], object], endpoint: str) -> Callable[[Progress], object]:
    return lambda event: progress(endpoint, event)


class ImageStores(Blocking, _Fleet):
    """Several clusters' image stores, blocking."""

    _kind = ImageStore


class AsyncImageStores(NonBlocking, _Fleet):
    """Several clusters' image stores, for asyncio and trio."""

    _kind = AsyncImageStore
