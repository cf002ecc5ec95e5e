"""A forked child begins with connections of its own, and leaves the parent's alone."""

from __future__ import annotations

import json
import os
import re
import ssl
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import trustme

from tests.unit.raw_server import RawServer, whole

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here")


def _echo(request: bytes) -> list[bytes]:
    (name,) = re.findall(rb"name=([\w-]+)", request)
    return [whole(json.dumps({"name": name.decode()}).encode())]


def _run(face: str, server: RawServer, ca: str = "") -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.unit.forker", face, server.url, ca],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def _connections(server: RawServer, who: bytes) -> set[int]:
    return {number for number, request in server.requests if b"name=" + who in request}


@pytest.mark.parametrize("face", ["blocking", "asyncio", "trio"])
@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_parent_and_child_get_their_own_answers_over_their_own_connections(
    face: str, tls: bool, tmp_path: Path
) -> None:
    context, ca = None, ""
    if tls:
        authority = trustme.CA()
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        ca = str(tmp_path / "ca.pem")
        authority.cert_pem.write_to_path(ca)
    with RawServer(_echo, context) as server:
        _run(face, server, ca)
        parents, childs = _connections(server, b"parent"), _connections(server, b"child")
    assert (len(parents), len(childs)) == (1, 1)
    assert parents != childs


def test_a_child_does_not_use_the_http_client_that_the_parent_opened() -> None:
    with RawServer(_echo) as server:
        _run("http_client", server)
        assert _connections(server, b"child") == set()
