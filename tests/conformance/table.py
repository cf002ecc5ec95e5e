"""The table: operation x fault sequence x state of the login -> requests sent and outcome. Data; `test_table` runs it.

A client retries twice. Whether an operation is sent again is decided by its kind:

- `read` and `replace`: carried out twice it comes to the same, so it is sent again after whatever may pass.
- `once`: its effect must not come twice, so it is sent again only if it certainly was not begun: after a 429, or a 401.
- `alone`: as `once`, and the engine above it decides, so that a 429 is not waited for either.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

VALUE = "a value"
SESSION = "11111111-2222-3333-4444-555555555555"

#: Requests of the operation, and the value or error that they come to.
Cell = tuple[int, str]


class Cells(NamedTuple):
    """What each kind of operation does: how many of its requests are sent, and what it comes to."""

    read: Cell
    replace: Cell
    once: Cell
    alone: Cell


#: Faults, and how often in a row.
SEQUENCES = {
    ("none", 0): Cells((1, VALUE), (1, VALUE), (1, VALUE), (1, VALUE)),
    ("busy", 1): Cells((2, VALUE), (2, VALUE), (1, "ServerError"), (1, "ServerError")),
    ("busy", 2): Cells((3, VALUE), (3, VALUE), (1, "ServerError"), (1, "ServerError")),
    ("busy", 3): Cells((3, "ServerError"), (3, "ServerError"), (1, "ServerError"), (1, "ServerError")),
    ("timeout", 1): Cells((2, VALUE), (2, VALUE), (1, "ServerError"), (1, "ServerError")),
    ("rate-limit", 1): Cells((2, VALUE), (2, VALUE), (2, VALUE), (1, "RateLimited")),
    ("rate-limit", 3): Cells((3, "RateLimited"), (3, "RateLimited"), (3, "RateLimited"), (1, "RateLimited")),
    ("refuse", 1): Cells((2, VALUE), (2, VALUE), (1, "ConnectionFailed"), (1, "ConnectionFailed")),
    ("reset-before", 1): Cells((2, VALUE), (2, VALUE), (1, "ConnectionFailed"), (1, "ConnectionFailed")),
    ("reset-before", 3): Cells(
        (3, "ConnectionFailed"), (3, "ConnectionFailed"), (1, "ConnectionFailed"), (1, "ConnectionFailed")
    ),
    ("reset-after", 1): Cells((2, VALUE), (2, VALUE), (1, "ConnectionFailed"), (1, "ConnectionFailed")),
    ("truncate-reply", 1): Cells((2, VALUE), (2, VALUE), (1, "ConnectionFailed"), (1, "ConnectionFailed")),
}
#: What the local image store does not do: nobody has seen it from a gateway.
UNSEEN = {"servicefabric": {"rate-limit"}}
#: A 401 under a login that can get another token, and under one that cannot.
RENEWABLE = {("unauthorized", 1): (2, VALUE), ("unauthorized", 2): (2, "NotAuthenticated")}
FIXED = {("unauthorized", 1): (1, "NotAuthenticated")}


class Row(NamedTuple):
    """An operation.

    Attributes:
        service: Whose it is.
        operation: Its id in the service's document.
        kind: See above.
        call: Calls it; it is given the id of an image, which Nova makes up.
        before: Puts what it needs there, with a client of its own.
        differs: Where it does not do as its kind does, and why that is right.
    """

    service: str
    operation: str
    kind: str
    call: Callable[[Any, str], Any]
    before: Callable[[Any], Any] = lambda client: None
    differs: Mapping[tuple[str, int], Cell] = MappingProxyType({})


def _stored(client: Any) -> None:
    client.put_file(b"abc", "Apps/one")


def _chunked(client: Any) -> None:
    client.upload_chunk("Apps/big", b"abcdef", session_id=SESSION, start=0, total=6)


ROWS = [
    Row("servicefabric", "GetImageStoreContent", "read", lambda c, image: c.exists("Apps/one"), _stored),
    Row("servicefabric", "GetImageStoreRootContent", "read", lambda c, image: c.list().first(), _stored),
    Row("servicefabric", "GetImageStoreFolderSize", "read", lambda c, image: c.folder_size("Apps"), _stored),
    Row("servicefabric", "GetImageStoreRootFolderSize", "read", lambda c, image: c.folder_size(), _stored),
    Row("servicefabric", "GetImageStoreInfo", "read", lambda c, image: c.info()),
    Row("servicefabric", "CopyImageStoreContent", "once", lambda c, image: c.copy("Apps/one", "Apps/two"), _stored),
    Row("servicefabric", "DeleteImageStoreContent", "replace", lambda c, image: c.delete("Apps/one"), _stored),
    Row(
        "servicefabric", "GetImageStoreUploadSessionById", "read", lambda c, image: c.upload_session(SESSION), _chunked
    ),
    Row(
        "servicefabric",
        "GetImageStoreUploadSessionByPath",
        "read",
        lambda c, image: c.upload_sessions("Apps/big"),
        _chunked,
    ),
    Row("servicefabric", "UploadFile", "replace", lambda c, image: c.put_file(b"abc", "Apps/one")),
    Row(
        "servicefabric",
        "UploadFileChunk",
        "alone",
        lambda c, image: c.upload_chunk("Apps/x", b"abc", session_id=SESSION, start=0, total=6),
    ),
    Row(
        "servicefabric",
        "CommitImageStoreUploadSession",
        "once",
        lambda c, image: c.commit_upload_session(SESSION),
        _chunked,
    ),
    Row(
        "servicefabric",
        "DeleteImageStoreUploadSession",
        "replace",
        lambda c, image: c.delete_upload_session(SESSION),
        _chunked,
    ),
    Row("lusid", "ListRepositories", "read", lambda c, image: c.repositories().first()),
    Row("lusid", "ListImages", "read", lambda c, image: c.images("a").first()),
    Row("lusid", "GetImage", "read", lambda c, image: c.image("a:1")),
    Row("lusid", "UploadImage", "once", lambda c, image: c.start_upload("a:2")),
    Row("lusid", "DeleteImage", "replace", lambda c, image: c.delete("a:1")),
    Row("openstack", "list_images", "read", lambda c, image: c.list().first()),
    Row("openstack", "list_images_detail", "read", lambda c, image: c.list(detail=True).first()),
    Row("openstack", "get_image", "read", lambda c, image: c.image(image)),
    Row("openstack", "delete_image", "replace", lambda c, image: c.delete(image)),
    Row("openstack", "list_image_metadata", "read", lambda c, image: c.metadata(image)),
    Row("openstack", "replace_image_metadata", "replace", lambda c, image: c.replace_metadata(image, {"k": "v"})),
    Row("openstack", "update_image_metadata", "replace", lambda c, image: c.update_metadata(image, {"k": "v"})),
    Row("openstack", "get_image_metadata_item", "read", lambda c, image: c.metadata_item(image, "key")),
    Row("openstack", "set_image_metadata_item", "replace", lambda c, image: c.set_metadata_item(image, "key", "v")),
    Row("openstack", "delete_image_metadata_item", "replace", lambda c, image: c.delete_metadata_item(image, "key")),
]
