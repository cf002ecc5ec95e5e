"""Forms with files, which no service of ours has but a new one may: sent whole, with a boundary of their own."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from tests.unit.toy import Answer, AsyncToy, Toy, ToyServer, endpoint, login

if TYPE_CHECKING:
    from tests.conftest import Face, FakeClock


def _upload(face: Face, clock: FakeClock, content: bytes, *script: Answer) -> list[bytes]:
    parts = [("note", (None, b"hello", "text/plain")), ("file", ("a.bin", BytesIO(content), "image/png"))]
    with ToyServer(*script) as server:
        toy = face.open(Toy, AsyncToy, login(server), clock=clock)
        toy.call(endpoint("put", "/thing", files=parts))
    return server.bodies


def test_a_form_is_sent_with_its_files(face: Face, clock: FakeClock) -> None:
    [body] = _upload(face, clock, b"bytes of it")
    assert b'name="note"\r\nContent-Type: text/plain\r\n\r\nhello\r\n' in body
    assert b'filename="a.bin"\r\nContent-Type: image/png\r\n\r\nbytes of it\r\n' in body


def test_a_file_may_hold_what_looks_like_a_boundary(face: Face, clock: FakeClock) -> None:
    [body] = _upload(face, clock, b"before\r\n--+++\r\nafter")
    boundary = body.split(b"\r\n", 1)[0]
    assert boundary != b"--+++"
    assert body.count(boundary) == 3


def test_a_form_is_sent_whole_again_by_a_retry(face: Face, clock: FakeClock) -> None:
    first, second = _upload(face, clock, b"bytes of it", Answer(503), Answer(200, {}))
    assert first == second
