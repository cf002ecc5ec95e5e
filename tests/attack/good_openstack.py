"""A Keystone and a Nova that behave well, at one address."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote

from tests.attack.planted import SECRETS
from tests.attack.wire import Reply, answer, bare

if TYPE_CHECKING:
    import random

    from tests.attack.wire import Request


class OpenStack:
    """Keystone and Nova at one address."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.items: dict[str, Any] = {"key": "value", "a/b": "c"}

    def reply(self, request: Request) -> Reply:
        path = unquote(request.path).rstrip("/")
        if path == "/identity":
            version = {
                "id": "v3.14",
                "status": "stable",
                "links": [{"rel": "self", "href": self.origin + "/identity/v3/"}],
            }
            return answer({"versions": {"values": [version]}}, 300)
        if path.endswith("/auth/tokens"):
            return answer({"token": self._token()}, 201, X_Subject_Token=SECRETS["token"])
        parts = path.removeprefix("/compute/v2.1").strip("/").split("/")
        if parts[-1] == "images" or parts == ["images", "detail"]:
            if "marker" in parse_qs(request.query):
                return answer({"images": []})
            return answer({"images": [self._image(i) for i in ("a1", "b2")], "images_links": []})
        if "metadata" in parts:
            return self._metadata(request, parts)
        if request.method == "DELETE":
            return bare(204)
        return answer({"image": self._image(parts[-1])})

    def _metadata(self, request: Request, parts: list[str]) -> Reply:
        body = json.loads(request.body) if request.body else {}
        if parts[-1] == "metadata":
            if request.method == "PUT":
                self.items = dict(body["metadata"])
            elif request.method == "POST":
                self.items |= body["metadata"]
            return answer({"metadata": self.items})
        if request.method == "DELETE":
            return bare(204)
        return answer({"meta": body.get("meta") or {parts[-1]: "value"}})

    def _image(self, name: str) -> dict[str, Any]:
        return {
            "id": name,
            "name": "an image",
            "status": "ACTIVE",
            "created": "2026-01-01T00:00:00Z",
            "updated": "2026-01-01T00:00:00Z",
            "minDisk": 1,
            "minRam": 2,
            "progress": 100,
            "OS-EXT-IMG-SIZE:size": 74185822,
            "OS-DCF:diskConfig": "AUTO",
            "metadata": {"a": "b"},
            "server": {"id": "s", "links": []},
            "links": [{"rel": "self", "href": "x"}],
        }

    def _token(self) -> dict[str, Any]:
        url = self.origin + "/compute/v2.1"
        endpoint = {"id": "e", "interface": "public", "region": "R", "region_id": "R", "url": url}
        return {
            "methods": ["password"],
            "user": {"domain": {"id": "default", "name": "Default"}, "id": "u", "name": "demo"},
            "expires_at": "2036-01-01T00:00:00.000000Z",
            "issued_at": "2026-01-01T00:00:00.000000Z",
            "project": {"domain": {"id": "default"}, "id": "p", "name": "demo"},
            "roles": [{"id": "r", "name": "member"}],
            "catalog": [{"type": "compute", "name": "nova", "id": "c", "endpoints": [endpoint]}],
            "application_credential": {
                "id": "x",
                "name": "y",
                "restricted": True,
                "access_rules": [{"service": "compute", "method": "GET", "path": "/v2.1/images/**"}],
            },
        }

    def refusal(self, rng: random.Random, said: str) -> Any:
        return rng.choice(
            [
                {"badRequest": {"code": 400, "message": said}},
                {"error": {"code": 401, "message": said, "title": "Unauthorized"}},
                {"message": said, "title": "Not Found", "code": "404 Not Found"},
                {"code": 429, "error": {"message": said}},
            ]
        )
