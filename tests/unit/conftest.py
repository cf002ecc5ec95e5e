"""What several test modules here share: large files, and servers that prove who they are."""

from __future__ import annotations

import os
import ssl
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import trustme

from imageapis.core.uploadable import open_source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from imageapis.core.sources import Source

#: Some parts of a file, and one that is smaller.
DATA = os.urandom(1 << 20) * 3 + b"end"
#: Bytes, more than the sockets of both ends hold between them.
LARGE = 64 << 20


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Source]:
    (tmp_path / "file").write_bytes(DATA)
    with closing(open_source(tmp_path / "file")) as opened:
        yield opened


@pytest.fixture
def large(tmp_path: Path) -> Iterator[Source]:
    with (tmp_path / "large").open("wb") as file:
        file.truncate(LARGE)
    with closing(open_source(tmp_path / "large")) as opened:
        yield opened


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def secured(authority: trustme.CA) -> ssl.SSLContext:
    """How a server proves who it is."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let all clients of this process trust the servers here, and proxies as well."""
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))


@pytest.fixture(params=["plain", "over TLS"])
def tls(request: pytest.FixtureRequest) -> ssl.SSLContext | None:
    """How the server of a test proves who it is, if it does: each such test runs both ways."""
    if request.param == "plain":
        return None
    request.getfixturevalue("trusted")
    secured: ssl.SSLContext = request.getfixturevalue("secured")
    return secured
