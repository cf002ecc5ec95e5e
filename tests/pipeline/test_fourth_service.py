"""From a published document to calls against a server, on a scratch copy: how long, and how much by hand."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, ClassVar

import pytest

from scripts.add_service import main
from tests.pipeline import scratch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DOCUMENT = scratch.ROOT.parent / "shared" / "documents" / "placement.yaml"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DOCUMENT.is_file(), reason="the published document is not beside this checkout"),
]
BY_HAND = """
import sys
from imageapis.errors import NotFound
from imageapis.placement import Placement, auth

with Placement(auth.api_key(sys.argv[1], key="a token")) as placement:
    made = placement.resource_providers_post(body={"name": "node 1"})
    print(made["name"])
    print([one["name"] for one in placement.resource_providers_get()["resource_providers"]])
    try:
        placement.resource_providers_uuid_get("gone")
    except NotFound as refusal:
        print(refusal)
"""


class Placement(BaseHTTPRequestHandler):
    """A stub that keeps resource providers, asks for a token, and refuses in Placement's own form."""

    providers: ClassVar[list[dict[str, str]]] = []

    def do_GET(self) -> None:
        if self.path == "/resource_providers":
            self.answer(200, {"resource_providers": self.providers})
        else:
            fault = {
                "status": 404,
                "title": "Not Found",
                "detail": "No such provider.",
                "code": "placement.undefined_code",
            }
            self.answer(404, {"errors": [fault]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.providers.append(body)
        self.answer(201, body)

    def answer(self, status: int, body: object) -> None:
        if self.headers.get("X-Auth-Token") != "a token":
            status, body = 401, {}
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Placement) as listening:
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()
        thread.join()


def test_a_published_document_becomes_calls_without_a_line_in_the_package(
    tmp_path: Path, server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    scratch.copied(tmp_path)
    assert main(["placement", str(DOCUMENT), "--select", "/", "--project", str(tmp_path)]) == 0
    called = scratch.run(tmp_path, BY_HAND, server)
    assert called.stderr == ""
    refusal = "GET /resource_providers/gone answered 404 (placement.undefined_code: No such provider.)"
    assert called.stdout.splitlines() == ["node 1", "['node 1']", refusal]
    said = capsys.readouterr().out
    assert "none of them wrong" in said
    lines = len(BY_HAND.strip().splitlines())
    print(f"Placement: {time.monotonic() - began:.0f} s to the first calls, {lines} lines by hand, all the caller's.")
