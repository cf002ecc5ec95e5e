"""A generated call becomes the request that httpx itself would build of it, whatever the caller's client is set to."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from imageapis.core.body import Body
from imageapis.core.endpoint import request_of, url_of
from imageapis.errors import ConnectionFailed
from imageapis_generated._requests import Call
from tests.unit.test_call_cost import function_calls

CLIENTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "with headers": {"headers": {"user-agent": "theirs", "X-Theirs": "1", "ACCEPT": "text/plain"}},
    "with a header twice": {"headers": [("X-Twice", "1"), ("x-twice", "2"), ("X-Ours", "3"), ("x-ours", "4")]},
    "with a host": {"headers": {"host": "virtual.test"}},
    "with a header beyond ASCII": {"headers": [("X-Name", "Jürgen".encode())]},
    "with cookies": {"cookies": {"theirs": "1"}},
    "with parameters": {"params": {"theirs": "1"}},
    "with a time-out": {"timeout": httpx.Timeout(1.0, read=9.0)},
    "with a base address": {"base_url": "http://elsewhere.test/below"},
}
CALLS: dict[str, Call] = {
    "get": Call("GET", "/x%2Fy"),
    "get with a query": Call("GET", "/x", query="a=%3D&b=c%20d"),
    "delete": Call("DELETE", "/x"),
    "put nothing": Call("PUT", "/x"),
    "post nothing": Call("POST", "/x", content=b""),
    "put bytes": Call("PUT", "/x", content=b"12345", content_type="application/octet-stream"),
    "post JSON": Call("POST", "/x", content=b"{}", content_type="application/json", headers={"X-Call": "1"}),
    "with a host": Call("GET", "/x", headers={"Host": "call.test"}),
    "with a length": Call("PUT", "/x", headers={"content-length": "0"}),
    "with an iterator": Call("POST", "/x", content=iter([b"1", b"2"])),
}
OURS = {"User-Agent": "ours", "accept": "application/json", "x-ours": "1"}
URL = "https://toy.test:8443/v1"


def expected(client: httpx.Client, call: Call) -> httpx.Request:
    headers = {**OURS, **call.headers}
    if call.content_type is not None:
        headers["Content-Type"] = call.content_type
    url = f"{URL}{call.path}{'?' if call.query else ''}{call.query}"
    return client.build_request(call.method, url, headers=headers, content=call.content)


@pytest.mark.parametrize("settings", CLIENTS.values(), ids=CLIENTS)
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_the_request_is_the_one_that_httpx_builds(settings: dict[str, Any], call: Call) -> None:
    with httpx.Client(**settings) as client:
        wanted, built = expected(client, call), request_of(client, f"{URL}{call.path}", call, OURS)
    assert (built.method, built.url) == (wanted.method, wanted.url)
    assert sorted(built.headers.raw) == sorted(wanted.headers.raw)
    assert built.extensions == wanted.extensions
    assert type(built.stream) is type(wanted.stream)
    if not call.content or isinstance(call.content, bytes):
        assert built.content == wanted.content


def test_a_streamed_body_is_announced_with_its_length() -> None:
    body = Body(5, lambda: iter([b"12345"]))
    with httpx.Client() as client:
        request = request_of(client, URL, Call("PUT", "", content=body), OURS)
    assert request.stream is body
    assert request.headers.get_list("Content-Length") == ["5"]


def test_a_client_that_builds_its_requests_in_a_way_of_its_own_is_asked_to() -> None:
    class Marking(httpx.Client):
        def build_request(self, *args: Any, **kwargs: Any) -> httpx.Request:
            request = super().build_request(*args, **kwargs)
            request.headers["X-Mark"] = "1"
            return request

    with Marking() as client:
        request = request_of(client, URL, Call("GET", "/x"), OURS)
    assert request.headers["X-Mark"] == "1"


def test_the_request_does_not_share_its_headers_with_the_next_one() -> None:
    with httpx.Client() as client:
        first, second = (request_of(client, URL, Call("GET", "/x"), OURS) for _ in range(2))
    first.headers["Authorization"] = "Bearer t"
    assert "Authorization" not in second.headers
    assert "Authorization" not in client.headers


@pytest.mark.parametrize("headers", [{"X": "ü"}, {"ü": "x"}])
def test_a_header_that_http_cannot_carry_is_an_error_of_ours(headers: dict[str, str]) -> None:
    with httpx.Client() as client, pytest.raises(ConnectionFailed, match="cannot be sent"):
        request_of(client, URL, Call("GET", "/x"), headers)


#: Every character of ASCII, some beyond, and what only together means something.
PIECES = [*map(chr, range(32, 127)), "%2F", "%zz", "%", "/./", "/../", "//", "ü", "\u2028", "/.", "?a=b", "?", "@"]


@pytest.mark.parametrize("start", ["http://a", "https://toy.test:8443/v1", "http://[::1]:80/", "HTTP://A:443/x?y="])
def test_an_address_is_read_as_httpx_reads_it(start: str) -> None:
    for piece in PIECES:
        for address in (f"{start}{piece}", f"{start}/x{piece}y", f"{start}/x?a={piece}", f"{start}/x?{piece}&b"):
            try:
                wanted = httpx.URL(address)
            except httpx.InvalidURL as failure:
                with pytest.raises(httpx.InvalidURL, match=re.escape(str(failure))):
                    url_of(address)
            else:
                read = url_of(address)
                assert (read, read.raw_path, read.netloc) == (wanted, wanted.raw_path, wanted.netloc)


def test_an_address_whose_path_is_encoded_is_not_read_letter_by_letter() -> None:
    address = "https://toy.test/" + "x%2F" * 100
    assert function_calls(lambda: url_of(address)) < function_calls(lambda: httpx.URL(address)) / 10
