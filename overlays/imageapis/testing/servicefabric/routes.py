"""How the gateway reads a request line and `Content-Range`: routes, versions and parameters, with its real leniencies.

Called by `servicefabric`. Nothing here holds state.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

import attrs

from imageapis.testing.servicefabric.records import Refusal, invalid

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
NO_ID = "00000000-0000-0000-0000-000000000000"

# Verb and literal segments after `ImageStore`; `{}` is any number of content segments, one at least.
_ROUTES = {
    ("GET", ""): "GetImageStoreRootContent",
    ("GET", "{}"): "GetImageStoreContent",
    ("PUT", "{}"): "UploadFile",
    ("DELETE", "{}"): "DeleteImageStoreContent",
    ("POST", "$/Copy"): "CopyImageStoreContent",
    ("GET", "$/FolderSize"): "GetImageStoreRootFolderSize",
    ("GET", "{}/$/FolderSize"): "GetImageStoreFolderSize",
    ("GET", "$/Info"): "GetImageStoreInfo",
    ("PUT", "{}/$/UploadChunk"): "UploadFileChunk",
    ("GET", "$/GetUploadSession"): "GetImageStoreUploadSessionById",
    ("GET", "{}/$/GetUploadSession"): "GetImageStoreUploadSessionByPath",
    ("POST", "$/CommitUploadSession"): "CommitImageStoreUploadSession",
    ("DELETE", "$/DeleteUploadSession"): "DeleteImageStoreUploadSession",
}
#: Compiled into the gateway of Windows only.
SESSION_OPERATIONS = frozenset(
    {
        "UploadFileChunk",
        "GetImageStoreUploadSessionById",
        "GetImageStoreUploadSessionByPath",
        "CommitImageStoreUploadSession",
        "DeleteImageStoreUploadSession",
    }
)
#: Younger than the rest of the interface; an older runtime has no such routes.
SINCE = {"GetImageStoreRootFolderSize": (6, 5), "GetImageStoreFolderSize": (6, 5), "GetImageStoreInfo": (6, 5)}


@attrs.frozen
class Call:
    """A request as the gateway understands it.

    Attributes:
        operation: The operation id in the service's document.
        path: The content path, decoded; `""` if the route has none.
        query: The first value of each parameter, as it came.
        version: The api-version, as (major, minor).
    """

    operation: str
    path: str
    query: dict[str, str]
    version: tuple[int, int]

    @property
    def timeout(self) -> int:
        """Seconds that the caller grants; what cannot be read counts as the default."""
        text = self.query.get("timeout", "")
        return int(text) if text.isascii() and text.isdigit() and 0 < int(text) < 2**32 else 60


def route(method: str, target: str, *, windows: bool, runtime: tuple[int, int]) -> Call:
    """Find the operation of a request line.

    Args:
        method: Its verb.
        target: Its path and query as they came over the wire.
        windows: Whether the path was decoded once before the gateway saw it, as http.sys does.
        runtime: The runtime's own version.

    Raises:
        Refusal: There is none; always as 400.
    """
    raw, _, query_text = target.partition("?")
    if windows:
        # Decoded, then cut where a `#` or `?` appeared by that; escapes that appeared are decoded again below.
        raw = re.split(r"[#?]", unquote(raw), maxsplit=1)[0]
    segments = [segment for segment in raw.split("/") if segment]
    query = parameters(query_text)
    version = _version(query.get("api-version"), runtime)
    if segments == ["$", "GetAadMetadata"] and method == "GET":
        return Call("GetAadMetadata", "", query, version)
    if not segments or segments[0] != "ImageStore":
        raise invalid()
    rest = segments[1:]
    content = rest[: rest.index("$")] if "$" in rest else rest
    shape = "/".join((["{}"] if content else []) + rest[len(content) :])
    operation = _ROUTES.get((method, shape))
    if operation is None or version < SINCE.get(operation, version) or runtime < SINCE.get(operation, runtime):
        raise invalid()
    if operation in SESSION_OPERATIONS and not windows:
        raise invalid()
    return Call(operation, unquote("/".join(content)), query, version)


def parameters(text: str) -> dict[str, str]:
    """Return query parameters as the gateway reads them: case counts, the first wins, empty ones do not count."""
    found: dict[str, str] = {}
    for pair in text.split("&"):
        name, _, value = pair.partition("=")
        if value:
            found.setdefault(name, value)
    return found


def _version(text: str | None, runtime: tuple[int, int]) -> tuple[int, int]:
    match = re.fullmatch(r"(\d+)\.(\d+)", (text or "").removesuffix("-preview"))
    if match is None:
        raise invalid()
    version = int(match[1]), int(match[2])
    if not (1, 0) <= version <= runtime:
        raise invalid()
    return version


def session_id(call: Call, *, code: str) -> str:
    """Return the session id of a call.

    Raises:
        Refusal: It is missing, malformed or zero.
    """
    given = call.query.get("session-id", "")
    if not _GUID.fullmatch(given) or given == NO_ID:
        message = "The upload session identity is invalid." if code != "E_INVALIDARG" else "Invalid argument"
        raise Refusal(400, code, message)
    return given.lower()


def content_range(header: str | None) -> tuple[int, int, int]:
    """Return start, end and total of a `Content-Range` as the gateway reads it, which is not always as it is meant.

    Raises:
        Refusal: It cannot be read at all.
    """
    bad = Refusal(400, "FABRIC_E_UPLOAD_SESSION_RANGE_NOT_SATISFIABLE")
    if header is None:
        return 0, 0, 0
    parts = header.removeprefix("bytes").strip(" ").split("/")
    if len(parts) != 2 or not _number(parts[1]):
        raise bad
    total = int(parts[1])
    bounds = parts[0].split("-")
    if len(bounds) != 2:
        return 0, 0, total
    if not (_number(bounds[0]) and _number(bounds[1])):
        raise bad
    start, end = int(bounds[0]), int(bounds[1])
    # An end that equals the total is let through: off by one in the real gateway too.
    if start > end or end > total:
        raise bad
    return start, end, total


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit()
