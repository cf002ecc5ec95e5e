"""A small client of the OCI distribution protocol: what a push needs of a registry, and what real registries do.

One streamed PATCH a blob is the default: it is what `docker push` relies on, so that ECR, ACR and distribution all take
it. A registry is never asked where an upload stands: what was cut is sent anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from imageapis.core.auth import NoAuth
from imageapis.core.body import bytes_body
from imageapis.core.endpoint import request_of
from imageapis.core.log import log_answer
from imageapis.errors import Forbidden, VerificationFailed
from imageapis.lusid.blob_bodies import RunningHash, whole
from imageapis.lusid.registry_answers import (
    called,
    check_digest,
    holds,
    least_chunk,
    refusal,
    undeclared,
    upload_address,
)
from imageapis.lusid.registry_auth import challenged, is_for
from imageapis_generated._requests import Call

if TYPE_CHECKING:
    from collections.abc import Callable

    from imageapis.core.auth import Auth
    from imageapis.core.body import Body
    from imageapis.core.http import Request, Response
    from imageapis.core.io import Io
    from imageapis.core.retry import Policy
    from imageapis.lusid.local_image import Blob
    from imageapis.lusid.registry_auth import RegistryPassword

#: Seconds that a registry may take to answer once it has all bytes of a blob: some move them to their store then.
PATIENCE = 300.0

#: Statuses by which the protocol says that a step was done. ECR answers a PATCH with 201; what was written before the
#: OCI took the protocol over may end an upload without a word (204).
_STARTED = frozenset({202})
_MOVED = frozenset({201, 202, 204})
_STORED = frozenset({201, 204})
#: A registry that keeps its blobs elsewhere answers with the way there, which also says that it holds one.
_THERE = frozenset({200, 302, 307})


class Registry:
    """One repository of a registry.

    Args:
        io: What requests go through.
        base: The registry's address.
        repository: The repository.
        password: Who asks; it goes to the registry only.
        user_agent: What requests name as their sender.
        wait_longer: Gives a request more seconds to be answered in.
        once: The policy of a request whose effect must not come twice.
    """

    #: That bring a blob there: a look whether it is there, the start, the bytes, the end.
    REQUESTS = 4

    def __init__(
        self,
        io: Io,
        base: str,
        repository: str,
        password: RegistryPassword,
        *,
        user_agent: str,
        wait_longer: Callable[[Request, float], None],
        once: Policy,
    ) -> None:
        self.base = base
        self._password = password
        self._scope = f"repository:{repository}:pull,push"
        self._auth: Auth | None = None
        self._io = io
        self._path = f"{base}/v2/{repository}"
        self._headers = {"User-Agent": user_agent}
        self._wait_longer = wait_longer
        self._once = once
        #: Whether the registry named the digest of the manifest that it stored last.
        self._promised = False

    async def log_in(self) -> None:
        """Ask the registry which login it wants.

        Raises:
            LoginError: One that is not known here, or that would send the password elsewhere.
            ImageApiError: As every request.

        REST: `GET /v2/`.
        """
        response = await self._send("GET", f"{self.base}/v2/", expect=frozenset({200, 401}))
        self._auth = self._challenged(response) if response.status_code == 401 else NoAuth()

    def _challenged(self, response: Response) -> Auth:
        return challenged(self.base, response, self._scope, self._password, self._once)

    async def has(self, blob: Blob) -> bool:
        """Say whether the registry holds a blob.

        REST: `HEAD /v2/<name>/blobs/<digest>`.
        """
        return holds(await self._send("HEAD", f"{self._path}/blobs/{blob.digest}", expect=_THERE | {404}), blob)

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
        started = await self._send("POST", f"{self._path}/blobs/uploads/", expect=_STARTED)
        place = upload_address(self.base, started, None)
        if chunk_size is None:
            moved = await self._send("PATCH", place, body=whole(blob), expect=_MOVED)
            finished = await self._finish(upload_address(self.base, moved, place), blob, bytes_body(b""))
            acknowledged(blob.size)
        else:
            size = max(chunk_size, least_chunk(started))
            finished = await self._upload_chunks(place, blob, acknowledged, size)
        check_digest(finished, blob.digest)

    async def _upload_chunks(
        self, place: str, blob: Blob, acknowledged: Callable[[int], None], chunk_size: int
    ) -> Response:
        """Send a blob in chunks, the last one with the PUT, as ECR wants it."""
        hashed = RunningHash()
        start = 0
        while blob.size - start > chunk_size:
            span = f"{start}-{start + chunk_size - 1}"
            response = await self._send(
                "PATCH",
                place,
                body=hashed.body(blob, start, chunk_size),
                headers={"Content-Range": span},
                expect=_MOVED,
            )
            # ECR's Range stays at the first chunk, so what the answer says of it is not looked at.
            place = upload_address(self.base, response, place)
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
            "PUT",
            f"{place}{joint}digest={quote(blob.digest, safe='')}",
            body=body,
            headers=headers,
            expect=_STORED,
        )

    async def put_manifest(self, tag: str, manifest: bytes, media_type: str, digest: str) -> None:
        """Store a manifest under a tag.

        Raises:
            VerificationFailed: The registry holds another one.
            ImageApiError: As every request.

        REST: `PUT /v2/<name>/manifests/<tag>`.
        """
        response = await self._send(
            "PUT",
            f"{self._path}/manifests/{tag}",
            body=bytes_body(manifest),
            headers={"Content-Type": media_type},
            expect=frozenset({201}),
        )
        check_digest(response, digest)
        self._promised = "Docker-Content-Digest" in response.headers

    async def look_at(self, reference: str, manifest: bytes, media_type: str) -> None:
        """Compare the manifest under a tag or a digest with the one that was stored there.

        Raises:
            VerificationFailed: The registry holds another one.
            ImageApiError: As every request.

        REST: `GET /v2/<name>/manifests/<reference>`.
        """
        url = f"{self._path}/manifests/{reference}"
        try:
            response = await self._send("GET", url, headers={"Accept": media_type}, expect=frozenset({200}))
        except Forbidden:
            # A password that may push need not be one that may pull; then the registry's word has to do.
            if self._promised:
                return
            raise
        if response.content != manifest:
            raise VerificationFailed(
                f"{called(response.request)}: what the registry holds is not the manifest that it was sent. Push again."
            )

    async def look_for(self, blob: Blob) -> None:
        """Make sure that the registry has a blob that it confirmed.

        Raises:
            NotFound: It has none.
            VerificationFailed: It holds another one.
            ImageApiError: As every request.

        REST: `HEAD /v2/<name>/blobs/<digest>`.
        """
        response = await self._send("HEAD", f"{self._path}/blobs/{blob.digest}", expect=_THERE)
        if not holds(response, blob):
            raise VerificationFailed(
                f"{called(response.request)}: what the registry holds is not the blob of {blob.size:,} bytes that it "
                "confirmed. Push again."
            )

    async def _send(
        self,
        method: str,
        url: str,
        *,
        body: Body | None = None,
        headers: dict[str, str] | None = None,
        expect: frozenset[int],
    ) -> Response:
        """Send a request and return its answer, which has one of the expected statuses."""
        kind = {"Content-Type": "application/octet-stream"} if body is not None else {}
        call = Call(method, "", content=body)
        request = request_of(self._io.client, url, call, {**self._headers, **kind, **(headers or {})})
        # Whatever a caller's own HTTP client says by default is not meant for a registry.
        request.headers.pop("Authorization", None)
        request.extensions["retry"] = self._once
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
        if response.status_code in expect:
            return response
        raise undeclared(response) if response.status_code < 400 else refusal(self.base, response)

    async def _transfer(self, request: Request) -> Response:
        began = self._io.now()
        response = await self._io.send(request)
        log_answer(request, response, self._io.now() - began, None)
        return response
