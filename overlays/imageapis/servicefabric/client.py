"""The two faces of the image store's client. Operations are in `content`, `sessions`, `upload` and `package`."""

from __future__ import annotations

from imageapis.core.client import AsyncClient, BlockingClient
from imageapis.servicefabric.package import PackageOperations


class _Operations(PackageOperations):
    """All operations of the image store, without a face."""


class ImageStore(BlockingClient, _Operations):
    """A cluster's image store, blocking. See `imageapis.core.client.BlockingClient` for the arguments."""


class AsyncImageStore(AsyncClient, _Operations):
    """A cluster's image store for asyncio and trio. See `imageapis.core.client.BlockingClient` for the arguments."""
