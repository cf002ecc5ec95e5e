"""The calls by which the operations of the reference pages are carried out; see `tests/test_seed_operations.py`."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

from imageapis.servicefabric import AsyncImageStore, ImageStore, auth
from imageapis.testing.servicefabric import ServiceFabricServer
from tests.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Face


@contextmanager
def stage(face: Face) -> Iterator[Stage]:
    """Give a store with one folder and one whole session that waits for its commit."""
    with ServiceFabricServer() as server:
        store = face.open(ImageStore, AsyncImageStore, auth.unsecured(server.url))
        store.put_file(b"data", "Apps/file")
        store.put_file(b"", "Apps/_.dir")
        session = str(uuid.uuid4())

        def chunk() -> None:
            store.upload_chunk("Apps/big", b"chunk", session_id=session, start=0, total=5)

        chunk()
        server.seen.clear()

        def another_chunk() -> None:
            store.upload_chunk("Apps/other", b"chunk", session_id=str(uuid.uuid4()), start=0, total=9)

        yield Stage(
            server,
            {
                "ImageStoreApi.commit_image_store_upload_session": lambda: store.commit_upload_session(session),
                "ImageStoreApi.copy_image_store_content": lambda: store.copy("Apps", "Copy"),
                "ImageStoreApi.delete_image_store_content": lambda: store.delete("Apps/file"),
                "ImageStoreApi.delete_image_store_upload_session": lambda: store.delete_upload_session(session),
                "ImageStoreApi.get_image_store_content": lambda: face.items(store.list("Apps")),
                "ImageStoreApi.get_image_store_root_content": lambda: face.items(store.list()),
                "ImageStoreApi.get_image_store_upload_session_by_id": lambda: store.upload_session(session),
                "ImageStoreApi.get_image_store_upload_session_by_path": lambda: store.upload_sessions("Apps/big"),
                "ImageStoreApi.upload_file": lambda: store.put_file(b"more", "Apps/more"),
                "ImageStoreApi.upload_file_chunk": another_chunk,
            },
        )
