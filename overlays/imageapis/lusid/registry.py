"""A small client of the OCI distribution protocol: what a push needs of a registry, and what real registries do.

One streamed PATCH a blob is the default: it is what `docker push` relies on, so that ECR, ACR and distribution all take
it. A registry is never asked where an upload stands: what was cut is sent anew.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urljoin

from imageapis.core import endpoint
from imageapis.core.body import bytes_body
from imageapis.core.log import log_answer
from imageapis.core.login import NoAuth
from imageapis.core.retry import retry_after
from imageapis.errors import (
    ConnectionFailed,
    ImageApiError,
    ServerError,
    StatusError,
    UnexpectedReply,
    VerificationFailed,
    status_error_class,
)
from imageapis.lusid.blob_bodies import RunningHash, whole
from imageapis.lusid.registry_auth import challenged, is_for, origin

if TYPE_CHECKING:
    from collections.abc import Callable, Container

    from imageapis.core.body import Body
    from imageapis.core.http import Request, Response
    from imageapis.core.io import Io
    from imageapis.core.login import Auth
    from imageapis.lusid.image_source import Blob
    from imageapis.lusid.registry_auth import RegistryPassword

#: Seconds that a registry may take to answer once it has all bytes of a blob: some move them to their store then.
PATIENCE = 300.0
#: Codes that mean: this upload is lost, but another may succeed.
_LOST = frozenset({"BLOB_UPLOAD_UNKNOWN", "BLOB_UPLOAD_INVALID", "DIGEST_INVALID", "SIZE_INVALID", "RANGE_INVALID"})
_ADVICE = {
    401: "The registry does not take the password that LUSID handed out: push again.",
    403: "The password that LUSID handed out does not allow this.",
    413: "The registry, or something before it, limits the size of a request: push with chunk_size=8 << 20.",
}


class Registry:
    """One repository of a registry.

    Args:
        io: What requests go through.
        base: The registry's address.
        repository: The repository.
        password: Who asks; it goes to the registry only.
        user_agent: What requests name as their sender.
        wait_longer: Gives a request more seconds to be answered in.
    """

    def __init__(
        self,
        io: Io,
        base: str,
        repository: str,
        password: RegistryPassword,
        *,
        user_agent: str,
        wait_longer: Callable[[Request, float], None],
    ) -> None:
        self.base = base
        self._password = password
        self._scope = f"repository:{repository}:pull,push"
        self._auth: Auth | None = None
        self._io = io
        self._path = f"{base}/v2/{repository}"
        self._headers = {"User-Agent": user_agent}
        self._wait_longer = wait_longer

    async def log_in(self) -> None:
        """Ask the registry which login it wants.

        Raises:
            LoginError: One that is not known here, or that would send the password elsewhere.
            ImageApiError: As every request.

        REST: `GET /v2/`.
        """
        response = await self._send("GET", f"{self.base}/v2/", accept=range(400, 500))
        self._auth = self._challenged(response) if response.status_code == 401 else NoAuth()

    def _challenged(self, response: Response) -> Auth:
        return challenged(self.base, response, self._scope, self._password)

    async def has(self, blob: Blob) -> bool:
        """Say whether the registry holds a blob.

        REST: `HEAD /v2/<name>/blobs/<digest>`.
        """
        # A registry that keeps its blobs elsewhere answers with the way there.
        response = await self._send("HEAD", f"{self._path}/blobs/{blob.digest}", accept=(302, 307, 404))
        return response.status_code != 404

    async def upload(self, blob: Blob, acknowledged: Callable[[int], None], chunk_size: int | None) -> None:
        """Send a blob, once.

        Args:
            blob: The blob. Its digest is computed on the way and checked before the registry is told to keep it.
            acknowledged: Called with numbers of bytes that the registry has taken.
            chunk_size: Bytes a request; `None` for one streamed request.

        Raises:
            InvalidImage: The blob's bytes do not have its digest.
            SourceChanged: The image changed meanwhile.
            VerificationFailed: The registry holds something else.
            ImageApiError: As every request.

        REST: `POST /v2/<name>/blobs/uploads/`, `PATCH <location>`, `PUT <location>?digest=<digest>`.
        """
        started = await self._send("POST", f"{self._path}/blobs/uploads/")
        place = self._location(started, None)
        if chunk_size is None:
            moved = await self._send("PATCH", place, body=whole(blob))
            finished = await self._finish(self._location(moved, place), blob, bytes_body(b""))
            acknowledged(blob.size)
        else:
            least = started.headers.get("OCI-Chunk-Min-Length", "")
            size = max(chunk_size, int(least) if least.isdecimal() else 1)
            finished = await self._upload_chunks(place, blob, acknowledged, size)
        _check_answer(finished, blob.digest)

    async def _upload_chunks(
        self, place: str, blob: Blob, acknowledged: Callable[[int], None], chunk_size: int
    ) -> Response:
        """Send a blob in chunks, the last one with the PUT, as ECR wants it."""
        hashed = RunningHash()
        start = 0
        while blob.size - start > chunk_size:
            span = f"{start}-{start + chunk_size - 1}"
            response = await self._send(
                "PATCH", place, body=hashed.body(blob, start, chunk_size), headers={"Content-Range": span}
            )
            # ECR's Range stays at the first chunk, so what the answer says of it is not looked at.
            place = self._location(response, place)
            start += chunk_size
            hashed.keep()
            acknowledged(chunk_size)
        rest = blob.size - start
        last = hashed.body(blob, start, rest, expected=blob)
        headers = {"Content-Range": f"{start}-{blob.size - 1}"} if start and rest else {}
        response = await self._finish(place, blob, last, headers)
        acknowledged(rest)
        return response

    async def _finish(self, place: str, blob: Blob, body: Body, headers: dict[str, str] | None = None) -> Response:
        joint = "&" if "?" in place else "?"
        return await self._send(
            "PUT", f"{place}{joint}digest={quote(blob.digest, safe='')}", body=body, headers=headers
        )

    async def put_manifest(self, tag: str, manifest: bytes, media_type: str, digest: str) -> None:
        """Store a manifest under a tag.

        Raises:
            VerificationFailed: The registry holds another one.
            ImageApiError: As every request.

        REST: `PUT /v2/<name>/manifests/<tag>`.
        """
        url = f"{self._path}/manifests/{tag}"
        response = await self._send("PUT", url, body=bytes_body(manifest), headers={"Content-Type": media_type})
        if "Docker-Content-Digest" not in response.headers:
            response = await self._send("HEAD", url, headers={"Accept": media_type})
        _check_answer(response, digest)

    def _location(self, response: Response, before: str | None) -> str:
        """Return where the upload goes on: always the newest address, which may be relative."""
        said: str | None = response.headers.get("Location") or before
        request = response.request
        place, scheme, host = _joined(str(request.url), said or "")
        if not said or not host or scheme not in ("http", "https") or not place.isprintable() or " " in place:
            raise UnexpectedReply(f"{_called(request)} answered without an address to send the blob to.")
        if scheme == "http" and self.base.startswith("https:"):
            raise UnexpectedReply(
                f"{_called(request)} wants the blob to be sent to {host} without TLS, which is not done."
            )
        return place

    async def _send(
        self,
        method: str,
        url: str,
        *,
        body: Body | None = None,
        headers: dict[str, str] | None = None,
        accept: Container[int] = (),
    ) -> Response:
        arguments: dict[str, Any] = {"method": method, "content": body}
        kind = {"Content-Type": "application/octet-stream"} if body is not None else {}
        request = endpoint.build(self._io.client, url, arguments, {**self._headers, **kind, **(headers or {})})
        # Whatever a caller's own HTTP client says by default is not meant for a registry.
        request.headers.pop("Authorization", None)
        if body is not None:
            self._wait_longer(request, PATIENCE)
        auth = self._auth if is_for(self.base, request) else None
        proof = None if auth is None else await auth.apply(self._io, request)
        response = await self._transfer(request)
        if response.status_code == 401 and auth is not None:
            if isinstance(auth, NoAuth):
                # Whoever may look need not be who may push.
                auth = self._auth = self._challenged(response)
                await auth.apply(self._io, request)
                response = await self._transfer(request)
            elif await auth.refused(self._io, proof, response):
                await auth.apply(self._io, request)
                response = await self._transfer(request)
        status = response.status_code
        if status < 300 or status in accept:
            return response
        if status < 400:
            raise UnexpectedReply(f"{_called(request)} answered {status}, a redirect, which is not followed.")
        raise _status_error(response)

    async def _transfer(self, request: Request) -> Response:
        began = self._io.now()
        response = await self._io.send(request)
        log_answer(request, response, self._io.now() - began, None)
        return response


def _joined(asked: str, said: str) -> tuple[str, str, str]:
    """Return an address, which may be relative to the one asked before, with scheme and host; nothing if it is none."""
    try:
        place = urljoin(asked, said)
        scheme, host, _ = origin(place)
    except ValueError:
        return "", "", ""
    return place, scheme, host


def may_pass(failure: ImageApiError) -> bool:
    """Say whether a failed upload of a blob may succeed when it is begun anew."""
    if isinstance(failure, StatusError):
        if failure.code in _LOST or isinstance(failure, ServerError) or failure.status in (408, 416):
            return True
        return failure.status == 404 and failure.code != "NAME_UNKNOWN"
    return isinstance(failure, ConnectionFailed)


def _check_answer(response: Response, digest: str) -> None:
    said = response.headers.get("Docker-Content-Digest", digest)
    if said != digest:
        raise VerificationFailed(
            f"{_called(response.request)}: the registry holds {said[:100]!r} where {digest} was sent. Push again."
        )


def _called(request: Request) -> str:
    return f"{request.method} {request.url.path} of the registry"


def _status_error(response: Response) -> StatusError:
    code = message = None
    try:
        fault = json.loads(response.content)["errors"][0]
        code, message = str(fault["code"]), fault.get("message")
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        pass  # a proxy's page, or the answer to a HEAD
    request, status = response.request, response.status_code
    return status_error_class(status)(
        status,
        code,
        None if message is None else str(message)[:300],
        response.headers.get("x-ms-correlation-request-id"),
        retry_after(response.headers, request.extensions["retry"]),
        method=request.method,
        path=request.url.path,
        advice=_ADVICE.get(status),
    )
