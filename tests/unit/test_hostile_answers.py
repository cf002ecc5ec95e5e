"""Answers that no honest server gives: what is read of them is bounded, and what they do is an error of our tree."""

from __future__ import annotations

import gzip
import traceback
import tracemalloc
import zlib
from typing import TYPE_CHECKING, Any

import pytest

from imageapis.core import decoding
from imageapis.core.login import Login
from imageapis.core.retry import Policies, retry_after
from imageapis.core.tokens import FixedToken
from imageapis.errors import (
    BadRequest,
    ConnectionFailed,
    ResponseTooLarge,
    StatusError,
    UnexpectedReply,
)
from tests.conftest import FakeClock
from tests.unit.raw_server import RawServer
from tests.unit.toy import GET, Answer, AsyncToy, Toy, ToyServer, login

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Face

MIB = 1 << 20


def _deflate(content: bytes) -> bytes:
    raw = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return raw.compress(content) + raw.flush()


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"1" * 10_000,
        b"NaN",
        b"[Infinity]",
        b'"\\ud800"',
        b'{"\\uDC00": 1}',
        b'"\xed\xa0\x80"',
        b"\xff\xfe\xfd",
        b"[" + b"[]," * MIB + b"[]]",
    ],
    ids=["lists", "objects", "digits", "nan", "infinity", "half", "half key", "raw half", "no text", "many parts"],
)
@pytest.mark.parametrize("call", ["get", "call"])
def test_json_that_no_service_sends_is_an_unexpected_reply(face: Face, body: bytes, call: str) -> None:
    with ToyServer(Answer(200, body)) as server:
        toy = face.open(Toy, AsyncToy, login(server))
        with pytest.raises(UnexpectedReply) as caught:
            toy.call(GET) if call == "call" else toy.get()
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize("text", ["käse", "𝄞", "\ud7ff\ue000"])
def test_text_of_every_kind_is_read(face: Face, text: str) -> None:
    escaped = {"a": text}
    with ToyServer(Answer(200, escaped)) as server:
        assert face.open(Toy, AsyncToy, login(server)).get() == escaped


@pytest.mark.parametrize("charset", ["zlib", "idna", "base64", "undefined", "rot13", "utf-7", "nonsense"])
def test_a_charset_that_is_none_of_text_does_not_hide_a_refusal(face: Face, charset: str) -> None:
    headers = {"content-type": f"text/plain; charset={charset}"}
    with ToyServer(Answer(400, b"no such th\xefng", headers)) as server:
        toy = face.open(Toy, AsyncToy, login(server))
        with pytest.raises(BadRequest, match="no such th"):
            toy.get()


@pytest.mark.parametrize("said", [5, 5.5, True, None, ["a"], {"a": "b"}, "\ud800", "x" * 100_000])
def test_the_code_and_reason_of_a_refusal_are_text_whatever_was_sent(face: Face, said: Any) -> None:
    with ToyServer(Answer(400, {"code": said, "message": said})) as server:
        toy = face.open(Toy, AsyncToy, login(server))
        with pytest.raises(BadRequest) as caught:
            toy.get()
    for value in (caught.value.code, caught.value.reason):
        assert value is None or value.encode() is not None
    assert len(str(caught.value)) < 5000


@pytest.mark.parametrize("wrong", [b"[" * 100_000, b'{"code": 1', b"\x00" * 1000])
def test_a_refusal_stays_one_however_broken_its_body(face: Face, wrong: bytes) -> None:
    with ToyServer(Answer(418, wrong)) as server:
        toy = face.open(Toy, AsyncToy, login(server))
        with pytest.raises(StatusError) as caught:
            toy.get()
    assert caught.value.status == 418


@pytest.mark.parametrize("compress", [gzip.compress, zlib.compress, _deflate])
def test_a_compressed_answer_is_read(face: Face, compress: Callable[[bytes], bytes]) -> None:
    name = "gzip" if compress is gzip.compress else "deflate"
    content = compress(b'{"number": 7, "pad": "' + b"x" * MIB + b'"}')
    with ToyServer(Answer(200, content, {"content-encoding": name})) as server:
        assert face.open(Toy, AsyncToy, login(server)).number() == 7


@pytest.mark.parametrize(
    ("encoding", "content"),
    [
        ("gzip", gzip.compress(b'{"number": 7}')[:-9]),
        ("gzip", b'{"number": 7}'),
        ("deflate", b'{"number": 7}'),
        ("br", b'{"number": 7}'),
        ("gzip, gzip", gzip.compress(gzip.compress(b'{"number": 7}'))),
        ("x" * 5000, b"x"),
    ],
    ids=["cut", "not gzip", "not deflate", "not asked for", "twice", "unknown"],
)
def test_compression_that_is_none_is_an_unexpected_reply(face: Face, encoding: str, content: bytes) -> None:
    with ToyServer(Answer(200, content, {"content-encoding": encoding})) as server:
        toy = face.open(Toy, AsyncToy, login(server))
        with pytest.raises(UnexpectedReply) as caught:
            toy.number()
    assert len(str(caught.value)) < 500


def test_only_ways_to_compress_that_are_bounded_are_asked_for(face: Face) -> None:
    with ToyServer() as server:
        face.open(Toy, AsyncToy, login(server)).get()
        assert server.seen[0].headers["accept-encoding"] == "gzip, deflate"


def _bomb(size: int) -> bytes:
    packer = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    block = bytes(4 * MIB)
    return b"".join(packer.compress(block) for _ in range(size // len(block))) + packer.flush()


@pytest.mark.parametrize("status", [200, 500])
def test_a_small_streamed_answer_is_handed_on_in_small_blocks(face: Face, status: int) -> None:
    with ToyServer(Answer(status, _bomb(256 * MIB), {"content-encoding": "gzip"})) as server:
        toy = face.open(Toy, AsyncToy, login(server), retries=0)
        tracemalloc.start()
        try:
            if status == 200:
                sizes = toy.blocks()
                assert sum(sizes) == 256 * MIB
                assert max(sizes) <= MIB
            else:
                with pytest.raises(StatusError):
                    toy.blocks()
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert peak < 12 * MIB


@pytest.mark.parametrize("status", [200, 500])
def test_a_small_answer_never_becomes_a_large_one_in_memory(face: Face, status: int) -> None:
    bomb = _bomb(256 * MIB)
    assert len(bomb) < MIB
    with ToyServer(Answer(status, bomb, {"content-encoding": "gzip"})) as server:
        toy = face.open(Toy, AsyncToy, login(server), max_response_size=MIB, retries=0)
        tracemalloc.start()
        try:
            with pytest.raises(ResponseTooLarge if status == 200 else StatusError):
                toy.get()
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert peak < 12 * MIB


def test_the_bound_on_an_answer_is_the_callers_to_raise(face: Face) -> None:
    answer = Answer(200, {"number": 7, "pad": "x" * 5000})
    with ToyServer(answer) as server:
        small = face.open(Toy, AsyncToy, login(server), max_response_size=5000)
        with pytest.raises(ResponseTooLarge, match="max_response_size"):
            small.number()
        assert small.client._http is not None
        assert face.open(Toy, AsyncToy, login(server), max_response_size=6000).number() == 7


def test_a_bound_below_one_byte_is_refused(face: Face) -> None:
    with ToyServer() as server, pytest.raises(ValueError, match="max_response_size"):
        face.open(Toy, AsyncToy, login(server), max_response_size=0)


@pytest.mark.parametrize(
    "said",
    ["inf", "nan", "-1", "1e400", "9" * 400, "99999999999", "0x10", "1_0", "Fri, 31 Dec 99999 23:59:59 GMT", "é", ""],
)
def test_a_retry_after_that_makes_no_sense_counts_for_nothing(face: Face, clock: FakeClock, said: str) -> None:
    headers = {"Retry-After": said.encode().decode("latin-1")}
    with ToyServer(Answer(429, None, headers), Answer(200, {"ok": True})) as server:
        face.open(Toy, AsyncToy, login(server), clock=clock).get()
    assert sum(clock.slept) < 2


def test_an_error_tells_no_senseless_time_to_wait() -> None:
    import httpx

    policies = Policies(0, longest_wait=60, total_wait=60, clock=FakeClock())
    said = [retry_after(httpx.Headers({"Retry-After": text}), policies.none) for text in ("inf", "nan", "-1", "7.5")]
    assert said == [None, None, None, 7.5]


PLACES = ["javascript:1", "mailto:x", "http://[", "//", "http://\udc80", "", "http://x:99999999", "a" * 60_000]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("place", PLACES)
def test_a_redirect_to_anything_is_an_error_of_ours(face: Face, status: int, place: str) -> None:
    headers = {"Location": place.encode("utf-8", "surrogatepass").decode("latin-1")}
    with ToyServer(Answer(status, {}, headers)) as server:
        toy = face.open(Toy, AsyncToy, login(server), retries=0)
        with pytest.raises((UnexpectedReply, ConnectionFailed)):
            toy.get()


def test_what_cannot_be_read_is_told_without_its_content() -> None:
    try:
        decoding.json_value(b'{"token": "not-a-secret"')
    except ValueError as caught:
        failure: BaseException | None = caught
        while failure is not None:
            assert "not-a-secret" not in f"{failure} {vars(failure)}"
            failure = failure.__cause__ or failure.__context__
    else:
        pytest.fail("it was read")


SECRET = "not-a-secret-but-as-long-as-one"


@pytest.mark.parametrize(
    "answer",
    [
        Answer(400, {"code": SECRET, "message": f"you sent Bearer {SECRET}"}, {"X-Toy-Id": SECRET}),
        Answer(400, f"Authorization: Bearer {SECRET}".encode(), {"content-type": "text/plain"}),
        Answer(400, ("x" * 190 + SECRET).encode(), {"content-type": "text/plain"}),
        Answer(200, {"number": SECRET}),
        Answer(200, b"{", {"content-type": f"text/{SECRET}"}),
        Answer(302, {}, {"content-type": f"text/{SECRET}"}),
    ],
    ids=["fields", "text", "cut text", "value", "type", "redirect"],
)
def test_a_server_that_shows_the_request_again_shows_no_secret(face: Face, answer: Answer) -> None:
    with ToyServer(answer) as server:
        toy = face.open(Toy, AsyncToy, Login(endpoint=server.url, auth=FixedToken(SECRET)))
        with pytest.raises((StatusError, UnexpectedReply)) as caught:
            toy.number()
    shown = "".join(traceback.format_exception(caught.value)) + repr(vars(caught.value))
    assert SECRET[:10] not in shown
    assert "***" in str(caught.value)


def test_a_reply_that_is_no_http_and_holds_the_request_shows_no_secret(face: Face) -> None:
    with RawServer(lambda _: [f"HTTP/1.1 {SECRET}\r\n\r\n".encode()]) as server:
        proof = Login(endpoint=server.url, auth=FixedToken(SECRET))
        toy = face.open(Toy, AsyncToy, proof, retries=0)
        with pytest.raises(ConnectionFailed) as caught:
            toy.get()
    assert SECRET[:10] not in "".join(traceback.format_exception(caught.value))
    assert "***" in str(caught.value)
