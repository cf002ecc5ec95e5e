"""Each security scheme of a document becomes a factory that puts its proof where the document says."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import httpx
import pytest

from imageapis.core.client import BlockingClient
from imageapis.core.faces import operation
from imageapis.core.operations import Operations
from imageapis.core.service import ErrorDetail, Service
from scripts.pipeline.auth_source import auth_source

KEY = {"type": "apiKey", "in": "header", "name": "X-Key"}
SCHEMES: dict[str, tuple[dict[str, Any], str, dict[str, Any], str]] = {
    "basic": (
        {"a": {"type": "http", "scheme": "basic"}},
        "basic",
        {"username": "me", "password": "it"},
        "Basic bWU6aXQ=",
    ),
    "bearer": ({"a": {"type": "http", "scheme": "bearer"}}, "bearer", {"token": "abc"}, "Bearer abc"),
    "no scheme": ({}, "bearer", {"token": "abc"}, "Bearer abc"),
    "openIdConnect": ({"a": {"type": "openIdConnect"}}, "bearer", {"token": "abc"}, "Bearer abc"),
    "digest": ({"a": {"type": "http", "scheme": "digest"}}, "authorization", {"value": "Digest x"}, "Digest x"),
    "a key in a header": ({"a": KEY}, "api_key", {"key": "k y"}, "X-Key: k y"),
    "a key in the query": (
        {"a": {**KEY, "in": "query", "name": "the key"}},
        "api_key",
        {"key": "k&y"},
        "?a=%2C&the%20key=k%26y",
    ),
    "a key in a cookie": (
        {"a": {**KEY, "in": "cookie", "name": "sid"}},
        "api_key",
        {"key": "ky"},
        "Cookie: b=1; sid=ky",
    ),
    "one key of two": (
        {"first": KEY, "second": {**KEY, "name": "X-Two"}},
        "api_key_second",
        {"key": "ky"},
        "X-Two: ky",
    ),
    "client credentials": (
        {
            "a": {
                "type": "oauth2",
                "flows": {"clientCredentials": {"tokenUrl": "https://login.test/token", "scopes": {"r": ""}}},
            }
        },
        "client_credentials",
        {"client_id": "me", "client_secret": "it", "scopes": ["r"]},
        "Bearer grant_type=client_credentials&scope=r/Basic bWU6aXQ=",
    ),
    "a password grant": (
        {"a": {"type": "oauth2", "flows": {"password": {"tokenUrl": "/token", "scopes": {}}}}},
        "password",
        {"token_url": "https://login.test/token", "username": "u", "password": "p", "client_id": "me"},
        "Bearer grant_type=password&username=u&password=p&client_id=me/",
    ),
    "a flow with a browser": (
        {"a": {"type": "oauth2", "flows": {"implicit": {"authorizationUrl": "/a", "scopes": {}}}}},
        "bearer",
        {"token": "abc"},
        "Bearer abc",
    ),
}


class _Operations(Operations):
    _service = Service("toy", read_error=lambda _: ErrorDetail())

    @operation
    async def exchange(self, request: httpx.Request) -> Any:
        return (await self._exchange(request)).json()


class Client(BlockingClient, _Operations):
    pass


def sent(request: httpx.Request) -> httpx.Response:
    """What a request shows of its login; a token endpoint's token is what it was asked."""
    if request.url.path == "/token":
        asked = f"{request.content.decode()}/{request.headers.get('Authorization', '')}"
        return httpx.Response(200, json={"access_token": asked, "expires_in": 60})
    lines = [f"{name.title()}: {value}" for name, value in request.headers.items()]
    return httpx.Response(200, json=[*lines, f"?{request.url.query.decode()}"])


def factory(schemes: dict[str, Any], name: str, **more: Any) -> Any:
    names: dict[str, Any] = {}
    document = {"components": {"securitySchemes": schemes}, "paths": {}, **more}
    exec(auth_source("toy", document), names)
    assert name in names["__all__"]
    assert names["__all__"] == sorted(names["__all__"])
    return names[name]


@pytest.mark.parametrize(("schemes", "name", "arguments", "proof"), SCHEMES.values(), ids=SCHEMES)
def test_a_scheme_puts_its_proof_where_the_document_says(
    schemes: dict[str, Any], name: str, arguments: dict[str, Any], proof: str
) -> None:
    login = factory(schemes, name)("https://toy.test", **arguments)
    with httpx.Client(transport=httpx.MockTransport(sent)) as http, Client(login, http_client=http) as client:
        request = http.build_request("GET", "https://toy.test/x?a=%2C", headers={"Cookie": "b=1"})
        shown = json.dumps(client.exchange(request))
    assert proof in shown


def test_keys_that_are_asked_for_together_are_sent_together() -> None:
    schemes = {"app": KEY, "api": {**KEY, "in": "query", "name": "k"}}
    login = factory(schemes, "api_keys", security=[{"app": [], "api": []}])("https://toy.test", api="1", app="2")
    with httpx.Client(transport=httpx.MockTransport(sent)) as http, Client(login, http_client=http) as client:
        shown = client.exchange(http.build_request("GET", "https://toy.test/x"))
    assert "X-Key: 2" in shown
    assert "?k=1" in shown


def test_a_login_that_takes_arguments_shows_none_of_them() -> None:
    for schemes, name, arguments, _ in SCHEMES.values():
        login = factory(schemes, name)("https://toy.test", **arguments)
        secret = arguments.get("password") or arguments.get("key") or arguments.get("token") or "no secret"
        assert repr(secret) not in repr(login)
        assert f"={secret}" not in repr(login)


def test_the_address_where_tokens_are_had_is_no_password_to_the_linter() -> None:
    source = auth_source("toy", {"components": {"securitySchemes": SCHEMES["client credentials"][0]}})
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--select", "S,RUF100", "-"]
    found = subprocess.run(command, input=source, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout
