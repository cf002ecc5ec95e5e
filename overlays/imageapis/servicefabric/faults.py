"""What the gateway says when it refuses, and what a caller can do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from imageapis.core.service import ErrorDetail

if TYPE_CHECKING:
    from imageapis.core.http import Response

INVALID = "E_INVALIDARG"
RANGE = "FABRIC_E_UPLOAD_SESSION_RANGE_NOT_SATISFIABLE"
SESSION_CONFLICT = "FABRIC_E_UPLOAD_SESSION_ID_CONFLICT"
NO_NAME = "FABRIC_E_NAME_DOES_NOT_EXIST"
NO_STORE = "FABRIC_E_SERVICE_DOES_NOT_EXIST"

_ADVICE = {
    NO_STORE: (
        "This cluster has no image store service: development clusters use a file share instead. Copy the package to "
        "the folder that the cluster manifest names as ImageStoreConnectionString"
    ),
    "E_ACCESSDENIED": "This identity may not do that: uploading and deleting want the cluster's admin role",
    "E_ABORT": "The store is moving to another replica: try again in a moment",
    "FABRIC_E_TIMEOUT": (
        "The work may still go on, or another write on the same path held it up: look at the path, then try again with "
        "a longer timeout"
    ),
    "FABRIC_E_FILE_NOT_FOUND": "A folder can be copied only if its upload was finished with the mark _.dir",
    "FABRIC_E_IMAGEBUILDER_RESERVED_DIRECTORY_ERROR": "Store and WindowsFabricStore belong to the cluster",
    RANGE: "This range has arrived already: ask the session what is missing",
    SESSION_CONFLICT: "The session was opened for another path: take a new id",
    "FABRIC_E_INVALID_UPLOAD_SESSION_ID": "A session id is a GUID of 36 characters without braces",
    "OperationsPending": "Another write on this path is under way: try again in a moment",
    "FABRIC_E_IMAGESTORE_IOERROR": "The store could not read or write its disk: see the cluster's health",
}
#: What an answer without a body means, by its status.
_BODILESS = {
    403: (
        "The gateway says no more than that. Mostly the client certificate is missing or not the cluster's, or the "
        "token of Azure AD is missing or has expired: it is the gateway's last check that answers"
    ),
    404: "There is nothing at this path: look at its spelling, and at what the folder above it lists",
}
#: Every gateway answers for the root, if only with a code of its own.
_NO_ROOT = "There is no image store at this address: check host, port and path of the endpoint"


def fault(response: Response) -> ErrorDetail:
    """Read an answer of 400 or more. `Null` is what the gateway writes when it has no text."""
    if not response.content:
        if response.status_code == 404 and response.request.url.path.endswith("/ImageStore"):
            return ErrorDetail(advice=_NO_ROOT)
        return ErrorDetail(advice=_BODILESS.get(response.status_code))
    error = response.json()["Error"]
    code = error["Code"]
    message = error.get("Message")
    return ErrorDetail(code, None if message == "Null" else message, _ADVICE.get(code) or _advice(response, code))


def _advice(response: Response, code: str) -> str | None:
    if code == INVALID and response.request.url.path.endswith(("/$/FolderSize", "/$/Info")):
        return "Runtimes before 6.5 do not have this call"
    return None
