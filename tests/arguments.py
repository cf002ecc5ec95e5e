"""Every public operation of the three services with arguments that it takes, and values of kinds that it may not."""

from __future__ import annotations

import inspect
from typing import Any

from imageapis import lusid, openstack, servicefabric

SESSION = "11111111-2222-3333-4444-555555555555"
#: Arguments with which each operation gets as far as to its first request.
GOOD: dict[str, dict[str, dict[str, Any]]] = {
    "servicefabric": {
        "list": {},
        "walk": {},
        **{name: {"path": "a"} for name in ("stat", "exists", "folder_size", "delete", "upload_sessions")},
        **{name: {"session_id": SESSION} for name in ("upload_session", "commit_upload_session")},
        "delete_upload_session": {"session_id": SESSION},
        "copy": {"source": "a", "destination": "b"},
        "upload_chunk": {"path": "a", "data": b"abc", "session_id": SESSION, "start": 0, "total": 6},
        **{name: {"source": b"abc", "path": "a"} for name in ("put_file", "upload_file")},
        "upload_package": {"folder": "package", "path": "a"},
    },
    "lusid": {
        "repositories": {},
        "images": {"repository": "job"},
        **{name: {"name": "job:1"} for name in ("image", "start_upload", "delete", "wait_for_scan")},
        "push": {"source": b"no image", "name": "job:1"},
        "download": {"name": "job:1", "destination": "saved"},
    },
    "openstack": {
        "list": {},
        **{name: {"image_id": "a"} for name in ("image", "delete", "metadata")},
        **{name: {"image_id": "a", "metadata": {"k": "v"}} for name in ("replace_metadata", "update_metadata")},
        **{name: {"image_id": "a", "key": "k"} for name in ("metadata_item", "delete_metadata_item")},
        "set_metadata_item": {"image_id": "a", "key": "k", "value": "v"},
    },
}
KINDS: list[Any] = [
    *(None, True, -5, 0, 1.5, float("nan"), float("inf"), 10**30, -(10**5000), 1j),
    *("", "text", "\ud800", "a\0b", b"bytes", bytearray(b"x"), memoryview(b"x")),
    *([], [None], ["a"], ("a",), {"a"}, {}, {"a": None}, {1: 2}, range(3), object(), Ellipsis, int),
]
CLASSES: dict[str, tuple[Any, Any]] = {
    "servicefabric": (servicefabric.ImageStore, servicefabric.AsyncImageStore),
    "lusid": (lusid.SchedulerImages, lusid.AsyncSchedulerImages),
    "openstack": (openstack.ComputeImages, openstack.AsyncComputeImages),
}
PARAMETERS = [
    (service, operation, parameter)
    for service, operations in GOOD.items()
    for operation in operations
    for parameter in list(inspect.signature(getattr(CLASSES[service][0], operation)).parameters)[1:]
]
