"""What each operation of the gateway does to its store, and the status and JSON that it answers with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import attrs

from imageapis.testing.servicefabric.records import Refusal, invalid
from imageapis.testing.servicefabric.routes import session_id
from imageapis.testing.servicefabric.store import MARK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from imageapis.testing.servicefabric.records import Blob
    from imageapis.testing.servicefabric.routes import Call
    from imageapis.testing.servicefabric.store import Store


@attrs.frozen
class Operations:
    """The operations of one gateway.

    Attributes:
        store: What they work on.
        page_size: Entries on one page of a listing.
        aad: What `GetAadMetadata` answers as its metadata; `None` if AAD is off.
    """

    store: Store
    page_size: int
    aad: Mapping[str, str] | None

    def put(self, call: Call, bounds: tuple[int, int, int], body: Blob) -> tuple[int, Any]:
        """Take a body in, as a file or as a chunk of one."""
        try:
            if call.operation == "UploadFile":
                self.store.put(call.path, body)
            else:
                given = session_id(call, code="FABRIC_E_INVALID_UPLOAD_SESSION_ID")
                self.store.chunk(call.path, given, bounds, body)
        except Refusal:
            self.store.drop(body)
            raise
        return 200, None

    def carry_out(self, call: Call, content: bytes) -> tuple[int, Any]:
        """Do any other operation."""
        operation = call.operation
        if operation in ("GetImageStoreContent", "GetImageStoreRootContent"):
            return self._list(call)
        if operation == "DeleteImageStoreContent":
            self.store.delete(call.path)
            return 200, None
        if operation == "CopyImageStoreContent":
            return self._copy(content)
        if operation.endswith("FolderSize"):
            return self._folder_size(call)
        if operation == "GetImageStoreInfo":
            return 200, self._info()
        if operation == "GetAadMetadata":
            return 200, {"type": "", "metadata": {}} if self.aad is None else {
                "type": "aad",
                "metadata": {**self.aad},
            }
        return self._session(call)

    def _list(self, call: Call) -> tuple[int, Any]:
        entries = self.store.listing(call.path)
        if not entries:
            if call.operation == "GetImageStoreRootContent":
                raise Refusal(404, "FABRIC_E_NAME_DOES_NOT_EXIST", "The name does not exist.")
            if self.store.file(f"{call.path}/{MARK}") is None:
                raise Refusal(404)
            return 204, None
        begin = 0
        if call.version >= (4, 0) and "ContinuationToken" in call.query:
            after = unquote(call.query["ContinuationToken"])
            names = [_entry_path(entry) for entry in entries]
            begin = names.index(after) + 1 if after in names else len(names)
        page = entries[begin : begin + self.page_size] if call.version >= (4, 0) else entries
        more = begin + len(page) < len(entries)
        listing: dict[str, Any] = {
            "StoreFiles": [value.json() for kind, value in page if kind == "file"],
            "StoreFolders": [
                {"StoreRelativePath": value[0], "FileCount": str(value[1])} for kind, value in page if kind == "folder"
            ],
        }
        if call.version >= (4, 0):
            listing["ContinuationToken"] = _entry_path(page[-1]) if more else ""
        return 200, listing

    def _copy(self, content: bytes) -> tuple[int, Any]:
        try:
            description = json.loads(content)
            source, destination = str(description["RemoteSource"]), str(description["RemoteDestination"])
            skip = [str(name) for name in description.get("SkipFiles") or []]
        except (ValueError, KeyError, TypeError, AttributeError):
            raise invalid() from None
        self.store.copy(source, destination, skip, str(description.get("CopyFlag", "Overwrite")))
        return 200, None

    def _folder_size(self, call: Call) -> tuple[int, Any]:
        files = list(self.store.below(call.path))
        if call.path and not files:
            raise Refusal(404, "FABRIC_E_DIRECTORY_NOT_FOUND", "The directory was not found.")
        shown = self.store.normal(call.path) or "store"
        return 200, {"StoreRelativePath": shown, "FolderSize": str(sum(stored.size for stored in files))}

    def _info(self) -> dict[str, Any]:
        files = list(self.store.below(""))
        chunks = [blob for session in self.store.sessions.values() for *_, blob in session.chunks]
        nothing = {"UsedSpace": "0", "FileCount": "0"}
        used = sum(stored.size for stored in files)
        return {
            "DiskInfo": {"Capacity": str(1 << 40), "AvailableSpace": str((1 << 40) - used)},
            "UsedByMetadata": {"UsedSpace": str(512 * len(files)), "FileCount": str(len(files))},
            "UsedByStaging": {"UsedSpace": str(sum(blob.size for blob in chunks)), "FileCount": str(len(chunks))},
            "UsedByCopy": nothing,
            "UsedByRegister": nothing,
        }

    def _session(self, call: Call) -> tuple[int, Any]:
        if call.operation == "GetImageStoreUploadSessionByPath":
            self.store.sweep()
            found = [session.json() for session in self.store.sessions.values() if session.path == call.path]
            return (200, {"UploadSessions": found}) if found else (204, None)
        if call.operation == "GetImageStoreUploadSessionById":
            given = session_id(call, code="FABRIC_E_INVALID_UPLOAD_SESSION_ID")
            self.store.sweep()
            session = self.store.sessions.get(given)
            return (204, None) if session is None else (200, {"UploadSessions": [session.json()]})
        given = session_id(call, code="E_INVALIDARG")
        if call.operation == "CommitImageStoreUploadSession":
            self.store.commit(given)
        elif not self.store.forget(given):
            raise Refusal(404, "NotFound")
        return 200, None


def _entry_path(entry: tuple[str, Any]) -> str:
    kind, value = entry
    return str(value.path if kind == "file" else value[0])
