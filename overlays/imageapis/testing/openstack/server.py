"""`OpenStackServer`: a local Keystone and Nova's image calls behind one port.

Here: addresses, tokens, headers and the shapes of refusals. Who may log in is in `identity`, what the calls
do in `compute`, what an image is in `images`.
"""

from __future__ import annotations

import asyncio
import functools
import json
import re
import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from imageapis.testing.contract import Contract, operation_id
from imageapis.testing.faults import WIRE_KINDS, Faults
from imageapis.testing.openstack.compute import LAST, Call, Compute, Unrouted, microversion, no_route
from imageapis.testing.openstack.identity import PASSWORD, REFUSED, Identity, Refusal, identifier
from imageapis.testing.openstack.images import Fault, ImageStore, StoredImage
from imageapis.testing.server import LocalServer

if TYPE_CHECKING:
    from imageapis.testing.asgi import Receive, Scope, Send
    from imageapis.testing.faults import WireKind

__all__ = ["PASSWORD", "OpenStackServer", "StoredImage", "identifier"]


class OpenStackServer(LocalServer):
    """A Keystone at `/identity` and Nova's image calls at `/v2.1`, on a free loopback port.

    Users `demo`, `viewer` (may only read), `alice` (another project), `lonely` (no role) and `admin`; application
    credentials `app`, `app-ro` (access rules: only reading images) and `app-reader`; every password and secret is
    `PASSWORD`, every id is `identifier(name)`.

    Args:
        images: How many plain images of project `demo` there are at the start, `img-000` the oldest.
        compute_path: Where the compute API lies, e.g. `/compute/v2.1`.
        check: Record requests that break the service's document; leaving the context then raises.

    Attributes:
        auth_url: The address of Keystone, with its version.
        store: The images.
        identity: Users, credentials and tokens.
        compute: Nova's settings.
        keystone: Whether Keystone answers when Nova asks it about a token.
        faults: What goes wrong on the wire: `server.faults.add("busy", "list_images")`.
    """

    def __init__(self, images: int = 0, *, compute_path: str = "/v2.1", check: bool = True) -> None:
        super().__init__()
        self._path = compute_path
        self._contract = _contract() if check else None
        self.reset(images)

    def reset(self, images: int = 0) -> None:
        """Begin anew: no token, no change, no request seen, so many plain images."""
        with self.lock:
            self.store = ImageStore()
            self.identity = Identity(self._catalog)
            self.compute = Compute(self.store)
            self.keystone = True
            self.faults: Faults[WireKind] = Faults(WIRE_KINDS)
            self.seen = []
            self.violations = []
            for number in range(images):
                self.add(f"img-{number:03d}")

    @property
    def auth_url(self) -> str:
        """The address of Keystone, with its version."""
        return f"{self.url}/identity/v3"

    def add(self, name: str | None, project: str = "demo", **fields: Any) -> StoredImage:
        """Store an image of a project; `fields` are those of `StoredImage`."""
        with self.lock:
            return self.store.add(name, identifier(project), **fields)

    def remove(self, image_id: str) -> None:
        """Delete an image behind Nova's back."""
        with self.lock:
            self.store.images = {k: v for k, v in self.store.images.items() if k != image_id}

    def calls(self, method: str | None = None) -> list[str]:
        """Return the targets of the requests that Nova received so far, of one method or all."""
        return [s.target for s in self.seen if not s.target.startswith("/identity") and method in (None, s.method)]

    def _catalog(self, project_id: str | None) -> list[dict[str, Any]]:
        nova = self.url + self._path
        here = f"{nova}/{project_id}" if project_id else nova
        inner = nova.replace("127.0.0.1", "localhost")

        def service(kind: str, name: str, *endpoints: tuple[str, str, str]) -> dict[str, Any]:
            return {
                "id": identifier(name),
                "type": kind,
                "name": name,
                "endpoints": [
                    {
                        "id": uuid.uuid4().hex,
                        "interface": interface,
                        "region_id": region,
                        "url": url,
                        "region": region,
                    }
                    for interface, region, url in endpoints
                ],
            }

        return [
            service("identity", "keystone", ("public", "RegionOne", self.auth_url)),
            service(
                "compute",
                "nova",
                ("public", "RegionOne", nova),
                ("internal", "RegionOne", inner),
                ("admin", "RegionOne", here),
                ("public", "RegionTwo", here),
            ),
        ]

    # --- answering --------------------------------------------------------------------------------------------------

    def disturbance(self, method: str, target: str) -> WireKind | None:
        """Return what goes wrong on the wire with a request."""
        path = target.partition("?")[0]
        if path.startswith("/identity"):
            return self.faults.take("Login" if method == "POST" else None)
        _, images, rest = path.partition("/images")
        return self.faults.take(operation_id("openstack", method, f"/v2.1{images}{rest}"))

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        seen = self.seen[-1]  # before anything is awaited: another request may come meanwhile
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        path, _, query = seen.target.partition("?")
        before = await self._read_before_write(seen.method, path)
        with self.lock:
            if path.startswith("/identity"):
                status, headers, answer = self._keystone(seen.method, path, query, seen.headers, body)
            else:
                status, headers, answer = self._nova(seen.method, path, query, seen.headers, body, before)
        content = b"" if answer is None or seen.method == "HEAD" else json.dumps(answer).encode()
        if answer is not None:
            headers = {"Content-Type": "application/json", **headers}
        headers["X-OpenStack-Request-Id"] = headers.get("X-Compute-Request-Id") or f"req-{uuid.uuid4()}"
        if status != 204:
            headers["Content-Length"] = str(len(content))
        raw = [(k.lower().encode(), v.encode()) for k, v in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": content})

    async def _read_before_write(self, method: str, path: str) -> dict[str, str] | None:
        """Read the metadata that a write is going to change, and let others write in between."""
        of_image = re.search(r"/images/([^/]+)/metadata", path)
        if not self.compute.pause or method == "GET" or of_image is None or of_image[1] not in self.store.images:
            return None
        before = dict(self.store.images[of_image[1]].properties)
        await asyncio.sleep(self.compute.pause)
        return before

    def _keystone(
        self, method: str, path: str, query: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], Any]:
        path = path.removeprefix("/identity").rstrip("/")
        version = {
            "id": "v3.14",
            "status": "stable",
            "updated": "2020-04-07T00:00:00Z",
            "links": [{"rel": "self", "href": f"{self.auth_url}/"}],
            "media-types": [{"base": "application/json", "type": "application/vnd.openstack.identity-v3+json"}],
        }
        challenge = {"WWW-Authenticate": f'Keystone uri="{self.auth_url}"'}
        try:
            match method, path:
                case "GET", "":
                    return 300, {"Location": f"{self.auth_url}/"}, {"versions": {"values": [version]}}
                case "GET", "/v3":
                    return 200, {}, {"version": version}
                case "POST", "/v3/auth/tokens":
                    try:
                        asked = json.loads(body)
                    except ValueError:
                        raise Refusal(400, "Bad Request", "Malformed JSON") from None
                    token, grant = self.identity.authenticate(asked)
                    described = self.identity.describe(grant, catalog=query != "nocatalog")
                    return 201, {"X-Subject-Token": token, "Vary": "X-Auth-Token"}, {"token": described}
                case "DELETE", "/v3/auth/tokens":
                    if self.identity.grant(headers.get("x-auth-token")) is None:
                        raise Refusal(401, "Unauthorized", REFUSED)
                    gone = headers.get("x-subject-token")
                    self.identity.tokens = {k: v for k, v in self.identity.tokens.items() if k != gone}
                    return 204, {}, None
            raise Refusal(404, "Not Found", "The requested URL was not found on the server.")
        except Refusal as refusal:
            error = {"code": refusal.status, "message": str(refusal), "title": refusal.title}
            return refusal.status, challenge if refusal.status == 401 else {}, {"error": error}

    def _nova(
        self,
        method: str,
        path: str,
        query: str,
        headers: dict[str, str],
        body: bytes,
        before: dict[str, str] | None = None,
    ) -> tuple[int, dict[str, str], Any]:
        request_id = f"req-{uuid.uuid4()}"
        extra = {"X-Compute-Request-Id": request_id}
        host = f"http://{headers.get('host', '')}"
        prefix = self._path.removesuffix("/v2.1")
        below = path.removeprefix(prefix) if path.startswith(prefix + "/") else path
        if method == "GET" and below in {"/v2.1", "/v2.1/"}:
            return 200, extra, {"version": _version(host + prefix)}
        if method == "GET" and below in {"", "/"}:
            old = {"id": "v2.0", "status": "DEPRECATED", "version": "", "min_version": "", "updated": "", "links": []}
            new = {k: v for k, v in _version(host + prefix).items() if k != "media-types"}
            new["links"] = new["links"][:1]
            return 200, {}, {"versions": [{**old, "links": new["links"]}, new]}
        if method == "OPTIONS":
            return 200, {}, None
        grant = self.identity.grant(headers.get("x-auth-token"))
        try:
            if not self.keystone:
                said = "The server is currently unavailable. Please try again at a later time.<br /><br />\n"
                raise Unrouted(
                    503, "Service Unavailable", f"{said}The Keystone service is temporarily unavailable.\n\n"
                )
            if grant is None or not grant.allows(method, unquote(path)):
                error = {"code": 401, "title": "Unauthorized", "message": REFUSED}
                return 401, {**extra, "WWW-Authenticate": f'Keystone uri="{self.auth_url}"'}, {"error": error}
            versioned = re.match(r"/v2(\.1)?/", below)
            if versioned is None:
                raise no_route()
            root = versioned[0].rstrip("/")
            segments = unquote(below[len(versioned[0]) :]).split("/")
            base = host + prefix + root
            if method == "HEAD":
                return 404, extra, None
            wrong_project = ""
            if re.fullmatch("[0-9a-f]{32}", segments[0]):
                wrong_project = segments[0] if segments[0] != grant.project_id else ""
                base = f"{base}/{segments[0]}"
                segments = segments[1:]
            self._check(method, segments, query, headers, body)
            call = Call(method, base, segments, query, headers, body, grant, before)
            # The frame answers for unknown addresses before any version is looked at.
            if segments[0] != "images":
                raise no_route()
            if root == "/v2.1":
                version = f"2.{microversion(call)}"
                extra |= {
                    "OpenStack-API-Version": f"compute {version}",
                    "X-OpenStack-Nova-API-Version": version,
                    "Vary": "OpenStack-API-Version, X-OpenStack-Nova-API-Version",
                }
            if wrong_project:
                said = f"Malformed request URL: URL's project_id '{wrong_project}' doesn't match Context's project_id"
                raise Fault(400, "badRequest", f"{said} '{grant.project_id}'")
            status, answer = self.compute.answer(call)
        except Fault as fault:
            answer = {fault.kind: {"code": fault.status, "message": str(fault)}}
            return fault.status, extra, answer
        except Unrouted as refusal:
            code = f"{refusal.status} {refusal.title}"
            return refusal.status, extra, {"message": str(refusal), "code": code, "title": refusal.title}
        return status, extra, answer

    def _check(self, method: str, segments: list[str], query: str, headers: dict[str, str], body: bytes) -> None:
        if self._contract is None:
            return
        from urllib.parse import quote

        target = "/v2.1/" + "/".join(quote(segment, safe="") for segment in segments)
        wrong = self._contract.violation(method, f"{target}?{query}" if query else target, headers, body or None)
        if wrong is not None:
            self.violations.append(wrong)


@functools.cache
def _contract() -> Contract:
    return Contract("openstack")


def _version(root: str) -> dict[str, Any]:
    kind = "application/vnd.openstack.compute+json;version=2.1"
    return {
        "id": "v2.1",
        "status": "CURRENT",
        "version": f"2.{LAST}",
        "min_version": "2.1",
        "updated": "2013-07-23T11:33:21Z",
        "links": [
            {"rel": "self", "href": f"{root}/v2.1/"},
            {"rel": "describedby", "type": "text/html", "href": "http://docs.openstack.org/"},
        ],
        "media-types": [{"base": "application/json", "type": kind}],
    }
