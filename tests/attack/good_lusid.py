"""A scheduler that behaves well, its token endpoint, and the registry that it names."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.attack.planted import SECRETS
from tests.attack.wire import Reply, answer, bare

ZERO = "sha256:" + "0" * 64

if TYPE_CHECKING:
    import random

    from tests.attack.wire import Request


class Lusid:
    """The scheduler, its token endpoint and the registry that it names, all at one address."""

    def __init__(self, origin: str) -> None:
        self.host = urlsplit(origin).netloc
        self.blobs: dict[str, int] = {}
        self.manifests: dict[str, str] = {}
        self.uploads = 0

    def reply(self, request: Request) -> Reply:
        path = unquote(request.path)
        if path == "/token":
            return answer(
                {
                    "access_token": SECRETS["token"],
                    "refresh_token": SECRETS["refresh"],
                    "expires_in": 3600,
                    "token_type": "Bearer",
                }
            )
        if path.startswith("/v2/"):
            return self._registry(request, path)
        if path == "/api/images" and request.method == "POST":
            return answer(self._instructions(json.loads(request.body).get("imageName", "job:1")))
        if path == "/api/images/repository":
            return answer({"values": [self._repository()], "nextPage": None, "href": "x", "previousPage": None})
        if path.startswith("/api/images/repository/"):
            return answer({"values": [self._summary()], "nextPage": "", "href": "x", "links": []})
        if path.endswith("/contents"):
            reply = Reply(200, body=b"image bytes " * 50)
            reply.header(b"Content-Type", b"application/octet-stream")
            return reply
        if request.method == "DELETE":
            return answer("deleted")
        return answer(self._image())

    def _image(self) -> dict[str, Any]:
        summary = dict.fromkeys(("fixable", "total", "critical", "high", "medium", "low", "negligible", "unknown"), 0)
        finding = {
            "name": "CVE-1",
            "package": "p",
            "version": "1",
            "fixVersion": "2",
            "severity": "High",
            "description": "d",
            "links": ["https://example.org"],
        }
        shared = {"pushTime": "2026-01-01T00:00:00.0000000+00:00", "pullTime": "0001-01-01T00:00:00.0000000+00:00"}
        return {
            "name": "job",
            **shared,
            "digest": ZERO,
            "size": 100,
            "tags": [{"name": "1", **shared, "signed": False, "immutable": True}],
            "scanReport": {
                "severity": "High",
                "status": "Success",
                "startTime": "2026-01-01T00:00:00+00:00",
                "endTime": "2026-01-01T00:00:07+00:00",
                "scanDuration": 7,
                "summary": summary,
                "vulnerabilities": [finding],
            },
            "scanStatus": "Success",
            "scanSummary": summary,
            "link": {"relation": "Image", "href": "api/images/job:1", "method": "GET"},
        }

    _summary = _image

    def _repository(self) -> dict[str, Any]:
        link = {"relation": "Images", "href": "api/images/repository/job", "method": "GET", "description": None}
        return {
            "name": "job",
            "creationTime": "2026-01-01T00:00:00+00:00",
            "lastUpdate": "0001-01-01T00:00:00+00:00",
            "description": None,
            "pullCount": 1,
            "imageCount": 2,
            "images": link,
            "links": [link],
        }

    def _instructions(self, name: str) -> dict[str, Any]:
        local = f"acme/{name}"
        latest = f"{self.host}/acme/{name.partition(':')[0]}:latest"
        return {
            "dockerLoginCommand": f"docker login -u robot -p {SECRETS['registry']} {self.host}",
            "buildVersionedDockerImageCommand": f"docker build -t {local} . --platform=linux/amd64",
            "tagVersionedDockerImageCommand": f"docker tag {local} {self.host}/{local}",
            "pushVersionedDockerImageCommand": f"docker push {self.host}/{local}",
            "tagLatestDockerImageCommand": f"docker tag {local} {latest}",
            "pushLatestDockerImageCommand": f"docker push {latest}",
            "expiryTime": "2036-01-01T00:00:00+00:00",
        }

    def _registry(self, request: Request, path: str) -> Reply:
        if path == "/v2/":
            if "authorization" not in request.headers:
                return answer({"errors": []}, 401, WWW_Authenticate='Basic realm="registry"')
            return answer({})
        digest = (re.search(r"sha256:[0-9a-f]{64}", path) or [""])[0]
        if "/blobs/uploads/" in path:
            query = parse_qs(request.query)
            # The bytes so far travel with the address; a spoilt one may hold anything.
            said = query.get("_state", ["0"])[0]
            size = (int(said) if said.isdecimal() and len(said) < 16 else 0) + len(request.body)
            if request.method == "PUT":
                digest = query.get("digest", [""])[0]
                self.blobs[digest] = size
                return bare(201, Location=path, Docker_Content_Digest=digest)
            self.uploads += 1
            place = f"/v2/acme/job/blobs/uploads/{self.uploads}?_state={size}"
            return bare(202, Location=place, Range=f"0-{max(0, len(request.body) - 1)}")
        if "/blobs/" in path:
            if digest not in self.blobs:
                return bare(404)
            return bare(200, Content_Length=str(self.blobs[digest]), Docker_Content_Digest=digest)
        tag = path.rpartition("/")[2]
        if request.method == "PUT":
            stored = "sha256:" + hashlib.sha256(request.body).hexdigest()
            self.manifests[tag] = self.manifests[stored] = stored
            self.kind, self.size = request.headers.get("content-type", ""), len(request.body)
            self.manifest = request.body
            return bare(201, Location=path, Docker_Content_Digest=stored)
        if tag not in self.manifests:
            return answer({"errors": [{"code": "MANIFEST_UNKNOWN", "message": "no"}]}, 404)
        reply = Reply(200, body=self.manifest)
        reply.header(b"Content-Type", self.kind.encode())
        reply.header(b"Docker-Content-Digest", self.manifests[tag].encode())
        return reply

    def refusal(self, rng: random.Random, said: str) -> Any:
        problem = {"name": "Problem", "code": 689, "type": "x", "title": said, "status": 400, "detail": said}
        registry = {"errors": [{"code": "BLOB_UPLOAD_UNKNOWN", "message": said, "detail": {}}]}
        oauth = {"error": "invalid_grant", "error_description": said}
        return rng.choice([problem, registry, oauth, {**problem, "errors": {"field": [said]}}])
