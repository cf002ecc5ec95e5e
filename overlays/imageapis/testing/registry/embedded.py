"""A registry in this process: the OCI distribution protocol as far as pushes and pulls need it, and nothing to install.

It has the public face of `DockerRegistry`, with which our tests hold it to agree. Whatever distribution leaves open is
done as Debian's registry does it.
"""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from imageapis.testing.registry.docker import PASSWORD, USERNAME
from imageapis.testing.registry.images import Images
from imageapis.testing.registry.storage import Manifest, Repository, Storage, Upload, digest_of, missing_blobs
from imageapis.testing.server import LocalServer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from imageapis.testing.asgi import Receive, Scope, Send

_NAME = r"(?P<name>[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*)"
_UPLOAD = re.compile(rf"/v2/{_NAME}/blobs/uploads/(?P<key>[0-9a-f-]*)")
_BLOB = re.compile(rf"/v2/{_NAME}/blobs/(?P<digest>[A-Za-z0-9_+.-]+:[A-Za-z0-9=_-]+)")
_MANIFEST = re.compile(rf"/v2/{_NAME}/manifests/(?P<reference>[A-Za-z0-9_][\w.-]{{0,127}}|sha256:[0-9a-f]{{64}})")
_TAGS = re.compile(rf"/v2/{_NAME}/tags/list")
_SPAN = re.compile(r"([0-9]{1,15})-([0-9]{1,15})")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
#: Most bytes of a manifest.
LARGEST_MANIFEST = 4 << 20
#: Versions of the protocol name themselves so.
_VERSION = {"Docker-Distribution-Api-Version": "registry/2.0"}


class Refusal(Exception):
    """An answer of 400 or more with a code of the protocol."""

    def __init__(self, status: int, code: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.headers = headers or {}


class EmbeddedRegistry(Images, LocalServer):
    """A registry on a free loopback port, for as long as the context lasts.

    Args:
        on_disk: Whether blobs are kept in temporary files; in memory otherwise.
        password: Whether it asks for a password.
        relative: Whether its addresses for uploads are relative.

    Attributes:
        username: Who may use it.
        password: That user's password.
    """

    def __init__(self, *, on_disk: bool = False, password: bool = True, relative: bool = False) -> None:
        super().__init__()
        self.username = USERNAME
        self.password = PASSWORD
        self._asks = password
        self._relative = relative
        self._on_disk = on_disk
        self._storage = Storage(on_disk=on_disk)

    def clear(self) -> None:
        """Become as new, without stopping."""
        storage, self._storage = self._storage, Storage(on_disk=self._on_disk)
        storage.close()
        self.seen = []

    @property
    def host(self) -> str:
        """Its address and port."""
        return urlsplit(self.url).netloc

    def stop(self) -> None:
        """Stop, and forget what was pushed."""
        super().stop()
        self._storage.close()

    def manifest(self, repository: str, tag: str) -> tuple[str, dict[str, Any]] | None:
        """Return digest and content of the manifest under a tag, or `None`."""
        kept = self._storage.repositories.get(repository)
        found = None if kept is None else kept.manifest(tag)
        return None if found is None else (found.digest, json.loads(found.content))

    def holds(self, repository: str, digest: str) -> bool:
        """Say whether a repository holds a blob."""
        return self._storage.blob(repository, digest) is not None

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except Refusal as refusal:
            content = {"errors": [{"code": refusal.code, "message": refusal.code.lower().replace("_", " ")}]}
            response = JSONResponse(content, refusal.status, refusal.headers)
        except ClientDisconnect:
            return
        response.headers.update(_VERSION)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        pair = base64.b64encode(f"{self.username}:{self.password}".encode()).decode("ascii")
        if self._asks and request.headers.get("authorization") != f"Basic {pair}":
            raise Refusal(401, "UNAUTHORIZED", {"WWW-Authenticate": 'Basic realm="local"'})
        path = request.url.path
        if path == "/v2/":
            return JSONResponse({})
        routes: list[tuple[re.Pattern[str], dict[str, Callable[..., Awaitable[Response]]]]] = [
            (_UPLOAD, self._upload_steps(path)),
            (_BLOB, {"GET": self._get_blob, "HEAD": self._get_blob, "DELETE": self._delete_blob}),
            (
                _MANIFEST,
                {
                    "GET": self._get_manifest,
                    "HEAD": self._get_manifest,
                    "PUT": self._put_manifest,
                    "DELETE": self._delete_manifest,
                },
            ),
            (_TAGS, {"GET": self._list_tags}),
        ]
        for pattern, methods in routes:
            match = pattern.fullmatch(path)
            if match is not None:
                method = methods.get(request.method)
                if method is None:
                    raise Refusal(405, "UNSUPPORTED", {"Allow": ", ".join(methods)})
                return await method(request, **match.groupdict())
        return Response("404 page not found\n", 404, media_type="text/plain")

    def _upload_steps(self, path: str) -> dict[str, Callable[..., Awaitable[Response]]]:
        if path.endswith("/"):
            return {"POST": self._begin}
        return {"PATCH": self._add, "PUT": self._finish, "GET": self._state, "DELETE": self._cancel}

    # --- uploads

    async def _begin(self, request: Request, name: str, key: str) -> Response:
        query = _query(request)
        if "mount" in query and self._storage.mount(name, query["mount"], query.get("from", "")):
            return self._stored(request, name, "blobs", query["mount"])
        key, upload = self._storage.begin(name)
        return self._under_way(request, 202, name, key, upload)

    async def _add(self, request: Request, name: str, key: str) -> Response:
        upload = self._upload(name, key)
        await self._receive(request, name, key, upload)
        return self._under_way(request, 202, name, key, upload)

    async def _finish(self, request: Request, name: str, key: str) -> Response:
        upload = self._upload(name, key)
        digest = _query(request).get("digest", "")
        if _DIGEST.fullmatch(digest) is None:
            raise Refusal(400, "DIGEST_INVALID")
        await self._receive(request, name, key, upload)
        if upload.blob.digest != digest:
            self._storage.forget(name, key)
            raise Refusal(400, "DIGEST_INVALID")
        self._storage.finish(name, key)
        return self._stored(request, name, "blobs", digest)

    async def _state(self, request: Request, name: str, key: str) -> Response:
        return self._under_way(request, 204, name, key, self._upload(name, key))

    async def _cancel(self, request: Request, name: str, key: str) -> Response:
        self._upload(name, key)
        self._storage.forget(name, key)
        return Response(status_code=204)

    def _upload(self, name: str, key: str) -> Upload:
        repository = self._storage.repositories.get(name, Repository())
        upload = repository.uploads.get(key)
        if upload is None or upload.busy:
            raise Refusal(404, "BLOB_UPLOAD_UNKNOWN")
        return upload

    async def _receive(self, request: Request, name: str, key: str, upload: Upload) -> None:
        """Add a request's body to an upload; one that was cut is lost, as with distribution."""
        span = request.headers.get("content-range")
        if span is not None:
            match = _SPAN.fullmatch(span)
            if match is None or int(match[1]) != upload.blob.size:
                raise Refusal(416, "RANGE_INVALID", {"Range": upload.span})
        upload.busy = True
        try:
            async for block in request.stream():
                upload.blob.add(block)
        except ClientDisconnect:
            self._storage.forget(name, key)
            raise
        upload.busy = False

    def _under_way(self, request: Request, status: int, name: str, key: str, upload: Upload) -> Response:
        headers = {
            "Location": self._place(request, f"/v2/{name}/blobs/uploads/{key}"),
            "Range": upload.span,
            "Docker-Upload-UUID": key,
        }
        return Response(status_code=status, headers=headers)

    def _stored(self, request: Request, name: str, kind: str, digest: str) -> Response:
        headers = {"Location": self._place(request, f"/v2/{name}/{kind}/{digest}"), "Docker-Content-Digest": digest}
        return Response(status_code=201, headers=headers)

    def _place(self, request: Request, path: str) -> str:
        # By the name that the request knows it by, which is that of whatever stands before it.
        return path if self._relative else f"http://{request.headers['host']}{path}"

    # --- blobs, manifests and tags

    async def _get_blob(self, request: Request, name: str, digest: str) -> Response:
        blob = self._storage.blob(name, digest)
        if blob is None:
            raise Refusal(404, "BLOB_UNKNOWN")
        headers = {"Content-Length": str(blob.size), "Docker-Content-Digest": digest}
        if request.method == "HEAD":
            return Response(headers=headers, media_type="application/octet-stream")
        return StreamingResponse(blob.blocks(), headers=headers, media_type="application/octet-stream")

    async def _delete_blob(self, request: Request, name: str, digest: str) -> Response:
        if self._storage.blob(name, digest) is None:
            raise Refusal(404, "BLOB_UNKNOWN")
        self._storage.repositories[name].blobs.remove(digest)
        return Response(status_code=202)

    async def _get_manifest(self, request: Request, name: str, reference: str) -> Response:
        manifest = self._storage.repositories.get(name, Repository()).manifest(reference)
        if manifest is None:
            raise Refusal(404, "MANIFEST_UNKNOWN")
        headers = {
            "Content-Type": manifest.media_type,
            "Content-Length": str(len(manifest.content)),
            "Docker-Content-Digest": manifest.digest,
        }
        return Response(b"" if request.method == "HEAD" else manifest.content, headers=headers)

    async def _put_manifest(self, request: Request, name: str, reference: str) -> Response:
        content = await _bounded(request)
        try:
            read = json.loads(content)
        except (ValueError, RecursionError):
            read = None
        media_type = request.headers.get("content-type", "").partition(";")[0].strip()
        if not isinstance(read, dict) or not media_type or read.get("mediaType", media_type) != media_type:
            raise Refusal(400, "MANIFEST_INVALID")
        digest = digest_of(content)
        if reference.startswith("sha256:") and reference != digest:
            raise Refusal(400, "DIGEST_INVALID")
        repository = self._storage.repositories.get(name, Repository())
        if missing_blobs(repository, read):
            raise Refusal(400, "MANIFEST_BLOB_UNKNOWN")
        self._storage.repositories[name] = repository
        repository.manifests[digest] = Manifest(content, media_type)
        if reference != digest:
            repository.tags[reference] = digest
        return self._stored(request, name, "manifests", digest)

    async def _delete_manifest(self, request: Request, name: str, reference: str) -> Response:
        repository = self._storage.repositories.get(name, Repository())
        if repository.manifests.pop(reference, None) is None:
            raise Refusal(404, "MANIFEST_UNKNOWN")
        repository.tags = {tag: digest for tag, digest in repository.tags.items() if digest != reference}
        return Response(status_code=202)

    async def _list_tags(self, request: Request, name: str) -> Response:
        repository = self._storage.repositories.get(name)
        if repository is None:
            raise Refusal(404, "NAME_UNKNOWN")
        return JSONResponse({"name": name, "tags": sorted(repository.tags)})


def _query(request: Request) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(request.url.query).items()}


async def _bounded(request: Request) -> bytes:
    content = b""
    async for block in request.stream():
        content += block
        if len(content) > LARGEST_MANIFEST:
            raise Refusal(413, "SIZE_INVALID")
    return content
