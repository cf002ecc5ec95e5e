"""A local Service Fabric gateway with its image store: what clients are tested against, and users' own tests may use.

The answers to requests are here; `store` is what they work on, `routes` how the gateway
reads requests, `faults` what goes wrong on demand, `tls` the late client certificate.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from imageapis.core.clock import Clock
from imageapis.testing.contract import Contract
from imageapis.testing.server import LocalServer
from imageapis.testing.servicefabric.faults import Faults
from imageapis.testing.servicefabric.routes import Call, content_range, route, session_id
from imageapis.testing.servicefabric.store import MARK, SESSION_LIFE, SWEEP, Blob, Refusal, Store, invalid
from imageapis.testing.servicefabric.wire import MAX_ENTITY, Cut, Inbox, answer, refuse, truncate

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping

    from imageapis.testing.asgi import Receive, Scope, Send
    from imageapis.testing.servicefabric.faults import Kind


class _Drifting(Clock):
    """Real time, moved on by what a test says."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def time(self) -> float:
        return super().time() + self.ahead


class ServiceFabricServer(LocalServer):
    """A local cluster's gateway.

    Args:
        windows: A Windows cluster (backslashes, names without case, upload sessions) or a Linux one of runtime 6.4
            (slashes, names with case, no upload sessions, a cut body stored as it is).
        runtime: The runtime's version; api-versions above it are refused.
        page_size: Entries on one page of a listing. The real gateway cuts at about 3 MiB.
        keep: Whether bytes are kept. Without, only sizes are: for benchmarks.
        contract: Whether requests are checked against the service's document; `violations` holds what was wrong.
        token: If given, requests without this bearer token are refused with a 403 without a body.
        aad: What `GetAadMetadata` answers as its metadata; by default AAD is off.
        file_share: A development cluster whose image store is a folder: every call is FABRIC_E_SERVICE_DOES_NOT_EXIST.
        tls: Serve HTTPS.

    Attributes:
        store: What is stored; `store.content(path)` gives a file's bytes.
        faults: What goes wrong: `server.faults.add("busy", "UploadFileChunk", skip=2)`.
        received: Bytes of bodies received, by operation.
    """

    def __init__(
        self,
        *,
        windows: bool = True,
        runtime: str = "9.1",
        page_size: int = 1000,
        keep: bool = True,
        contract: bool = True,
        token: str | None = None,
        aad: Mapping[str, str] | None = None,
        file_share: bool = False,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        super().__init__(tls=tls)
        major, _, minor = runtime.partition(".")
        self._runtime = int(major), int(minor)
        self._windows = windows
        self._page_size = page_size
        self._contract = Contract("servicefabric") if contract else None
        self._token = token
        self._aad = aad
        self._file_share = file_share
        self._folder = tempfile.TemporaryDirectory(prefix="imagestore-")
        self._keep = keep
        self.reset()

    def reset(self) -> None:
        """Begin anew with an empty store, no faults and nothing seen; quicker than another server."""
        self._clock = _Drifting()
        folder = Path(tempfile.mkdtemp(dir=self._folder.name))
        self.store = Store(folder, windows=self._windows, clock=self._clock, keep=self._keep)
        self.faults = Faults()
        self.received: dict[str, int] = {}
        self.seen = []
        self.violations = []

    def stop(self) -> None:
        """Stop and remove what was stored."""
        super().stop()
        self._folder.cleanup()

    def fail_over(self) -> None:
        """Let another replica take over: all upload sessions are lost."""
        self.store.fail_over()

    def pass_time(self, seconds: float) -> None:
        """Move the server's clock on."""
        self._clock.ahead += seconds
        self.store.sweep()

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        seen = self.seen[-1]
        method, target, headers = seen.method, seen.target, seen.headers
        inbox = Inbox(receive, self.store)
        if target == "/":
            # The real gateway serves its Explorer there; sfctl looks whether somebody is there.
            await answer(send, 200, {})
            return
        try:
            try:
                self._admit(headers, target)
                call = route(method, target, windows=self._windows, runtime=self._runtime)
                await self._answer(call, method, target, headers, inbox, send)
            except Refusal as refusal:
                await inbox.drain()
                await refuse(send, refusal)
        except Cut:
            inbox.cut()

    def _admit(self, headers: dict[str, str], target: str) -> None:
        if target.startswith("/$/GetAadMetadata"):
            return
        if self._token is not None and headers.get("authorization") != f"Bearer {self._token}":
            raise Refusal(403)

    async def _answer(
        self, call: Call, method: str, target: str, headers: dict[str, str], inbox: Inbox, send: Send
    ) -> None:
        fault = self.faults.take(call.operation)
        if fault == "refuse":
            raise Cut
        if call.operation in ("UploadFile", "UploadFileChunk"):
            # On Windows a broken Content-Range fails any PUT, before its body is read.
            if self._windows or call.operation == "UploadFileChunk":
                bounds = content_range(headers.get("content-range"))
            else:
                bounds = (0, 0, 0)
            body = await self._receive_file(call, inbox, fault)
            self._check_contract(method, target, headers, b"." if "content-type" in headers else None)
            if fault == "duplicate":
                await self._effect(call, fault, inbox, lambda: self._put(call, bounds, self._copied(body)))
            await self._finish(call, fault, inbox, send, lambda: self._put(call, bounds, body))
            return
        content = await self._receive_entity(inbox)
        self._check_contract(method, target, headers, content or None)
        if fault == "duplicate":
            await self._effect(call, fault, inbox, lambda: self._carry_out(call, content))
        await self._finish(call, fault, inbox, send, lambda: self._carry_out(call, content))

    async def _finish(self, call: Call, fault: Kind | None, inbox: Inbox, send: Send, effect: Any) -> None:
        """Carry a call out and answer, or do what its fault says."""
        status, value = await self._effect(call, fault, inbox, effect)
        if fault == "reset-after":
            raise Cut
        if fault == "timeout-after":
            raise Refusal(504, "FABRIC_E_TIMEOUT", "Operation timed out.")
        if fault == "stall-after":
            await inbox.gone()
            return
        if fault == "truncate-reply":
            await truncate(send)
            raise Cut
        await answer(send, status, value)

    async def _effect(self, call: Call, fault: Kind | None, inbox: Inbox, effect: Any) -> tuple[int, Any]:
        if fault == "reset-before":
            raise Cut
        if fault == "busy":
            raise Refusal(503, "E_ABORT", "Operation aborted")
        if fault == "timeout":
            raise Refusal(504, "FABRIC_E_TIMEOUT", "Operation timed out.")
        if fault == "pending":
            raise Refusal(500, "OperationsPending")
        if fault == "stall":
            await inbox.gone()
            raise Cut
        if fault == "failover":
            self.fail_over()
        if fault == "expiry":
            self.pass_time(SESSION_LIFE + SWEEP + 1)
        if fault == "lose":
            return 200, None
        if self._file_share:
            raise Refusal(404, "FABRIC_E_SERVICE_DOES_NOT_EXIST", "The service does not exist.")
        with self.lock:
            if inbox.store is not self.store:
                raise Cut
            outcome: tuple[int, Any] = effect()
        return outcome

    def _check_contract(self, method: str, target: str, headers: dict[str, str], body: bytes | None) -> None:
        if self._contract is None:
            return
        violation = self._contract.violation(method, target, headers, body)
        if violation is not None:
            self.violations.append(violation)

    # Bodies

    async def _receive_file(self, call: Call, inbox: Inbox, fault: Kind | None) -> Blob:
        """Write a body to disk as it comes in."""
        path, file = self.store.blob()
        size = 0
        limit = None
        try:
            async for block in inbox.blocks():
                size += len(block)
                self.received[call.operation] = self.received.get(call.operation, 0) + len(block)
                if file is not None:
                    file.write(block)
            if fault == "shorten":
                limit = size // 2
        except Cut:
            # A Linux gateway stores what came as if it were all; a Windows one notices.
            if self._windows:
                if file is not None:
                    file.close()
                self.store.drop(Blob(0, path))
                raise
        if file is not None:
            if limit is not None:
                file.truncate(limit)
            file.close()
        return Blob(size if limit is None else limit, path)

    def _copied(self, blob: Blob) -> Blob:
        path, file = self.store.blob()
        if file is not None:
            file.write(blob.read())
            file.close()
        return Blob(blob.size, path)

    @staticmethod
    async def _receive_entity(inbox: Inbox) -> bytes:
        content = b""
        async for block in inbox.blocks():
            content += block
            if len(content) > MAX_ENTITY:
                raise Refusal(413, "FABRIC_E_MESSAGE_TOO_LARGE")
        return content

    # Operations

    def _put(self, call: Call, bounds: tuple[int, int, int], body: Blob) -> tuple[int, Any]:
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

    def _carry_out(self, call: Call, content: bytes) -> tuple[int, Any]:
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
            return 200, {"type": "", "metadata": {}} if self._aad is None else {
                "type": "aad",
                "metadata": {**self._aad},
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
        page = entries[begin : begin + self._page_size] if call.version >= (4, 0) else entries
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
