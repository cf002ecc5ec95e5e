"""A local Service Fabric gateway with its image store: what clients are tested against, and users' own tests may use.

How a request is taken in is here; `routes` reads which operation it is, `operations` does that on the `store`, `faults`
is what goes wrong on demand, `tls` the late client certificate.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from imageapis.core.clock import Clock
from imageapis.testing.contract import Contract
from imageapis.testing.server import LocalServer
from imageapis.testing.servicefabric.faults import Faults
from imageapis.testing.servicefabric.operations import Operations
from imageapis.testing.servicefabric.records import Blob, Refusal
from imageapis.testing.servicefabric.routes import content_range, route
from imageapis.testing.servicefabric.store import SESSION_LIFE, SWEEP, Store
from imageapis.testing.servicefabric.wire import MAX_ENTITY, Cut, Inbox, answer, refuse, truncate

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping

    from imageapis.testing.asgi import Receive, Scope, Send
    from imageapis.testing.servicefabric.faults import Kind
    from imageapis.testing.servicefabric.routes import Call


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
        self._operations = Operations(self.store, self._page_size, self._aad)
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

    # What the operations do

    def _put(self, call: Call, bounds: tuple[int, int, int], body: Blob) -> tuple[int, Any]:
        return self._operations.put(call, bounds, body)

    def _carry_out(self, call: Call, content: bytes) -> tuple[int, Any]:
        return self._operations.carry_out(call, content)
