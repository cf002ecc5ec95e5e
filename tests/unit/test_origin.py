"""Secrets go to the origin that the login names: an operation of another server goes there without them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from imageapis.core.login import Login
from imageapis.core.origin import same_origin
from imageapis.core.static_auth import ApiKeyAuth
from imageapis.core.tokens import FixedToken
from imageapis.errors import NotAuthenticated, UnexpectedReply
from tests.unit.toy import GET, Answer, AsyncToy, Toy, ToyServer, endpoint

if TYPE_CHECKING:
    from tests.conftest import Face

SECRET = "not-for-others"


def _open(face: Face, home: ToyServer, **options: Any) -> Any:
    login = Login(endpoint=home.url, auth=FixedToken(SECRET), headers={"X-Org": SECRET, "user-agent": SECRET})
    return face.open(Toy, AsyncToy, login, **options)


def _elsewhere(other: ToyServer, **fixed: Any) -> Any:
    return endpoint("get", "/thing", server=other.url + "/v2", **fixed)


def test_another_server_gets_neither_the_logins_proof_nor_its_headers(face: Face) -> None:
    with ToyServer() as home, ToyServer() as other:
        _open(face, home).ask(_elsewhere(other), name="x")
        assert not home.seen
        assert [seen.target for seen in other.seen] == ["/v2/thing?name=x"]
        assert SECRET not in str(other.seen)


def test_another_server_gets_no_secret_of_the_callers_own_http_client(face: Face) -> None:
    kind = httpx.Client if face.blocking else httpx.AsyncClient
    given = {"X-Key": SECRET, "Authorization": SECRET}
    http = face.run(kind, headers=given, cookies={"session": SECRET}, params={"key": SECRET})
    with ToyServer() as home, ToyServer() as other:
        _open(face, home, http_client=http).ask(_elsewhere(other))
        face.run(http.close if face.blocking else http.aclose)
        assert SECRET not in str(other.seen)


def test_another_server_gets_no_key_in_its_query(face: Face) -> None:
    with ToyServer() as home, ToyServer() as other:
        toy = face.open(Toy, AsyncToy, Login(endpoint=home.url, auth=ApiKeyAuth("query", "key", SECRET)))
        toy.ask(_elsewhere(other), name="x")
        assert [seen.target for seen in other.seen] == ["/v2/thing?name=x"]


def test_a_header_of_the_operation_itself_reaches_another_server(face: Face) -> None:
    with ToyServer() as home, ToyServer() as other:
        _open(face, home).ask(_elsewhere(other, headers={"X-Kind": "small"}))
        assert other.seen[0].headers["x-kind"] == "small"


def test_a_refusal_by_another_server_does_not_bring_the_proof_out(face: Face) -> None:
    with ToyServer() as home, ToyServer(Answer(401, {"code": "WHO"})) as other:
        with pytest.raises(NotAuthenticated):
            _open(face, home).ask(_elsewhere(other))
        assert len(other.seen) == 1
        assert SECRET not in str(other.seen)


def test_a_redirect_of_another_server_back_home_is_not_followed(face: Face) -> None:
    with ToyServer() as home, ToyServer(Answer(307, headers={"location": home.url + "/thing"})) as other:
        with pytest.raises(UnexpectedReply, match="redirect"):
            _open(face, home).ask(_elsewhere(other))
        assert not home.seen


@pytest.mark.parametrize("server", ["/v2", "{home}/v2"])
def test_another_path_of_the_logins_own_origin_gets_the_proof(face: Face, server: str) -> None:
    with ToyServer() as home:
        own = endpoint("get", "/thing", server=server.format(home=home.url))
        _open(face, home).ask(own)
        _open(face, home).ask(GET)
        assert [seen.target for seen in home.seen] == ["/v2/thing", "/thing"]
        assert [seen.headers["authorization"] for seen in home.seen] == [f"Bearer {SECRET}"] * 2


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.example/x", "https://A.example:443", True),
        ("https://a.example/x", "http://a.example", False),
        ("http://a.example:443/x", "https://a.example", False),
        ("https://a.example:8443/x", "https://a.example", False),
        ("https://b.a.example/x", "https://a.example", False),
    ],
)
def test_an_origin_is_scheme_host_and_port(one: str, other: str, *, same: bool) -> None:
    assert same_origin(httpx.URL(one), other) is same
