"""Addresses as they come in: what is one, what is refused, and what of it shows."""

from __future__ import annotations

import re
from typing import Any

import pytest

from imageapis.core.addresses import (
    base_address,
    checked_address,
    is_loopback,
    shown,
    with_userinfo,
    without_userinfo,
)
from imageapis.core.login import Login
from imageapis.core.secrets import Secret
from imageapis.errors import LoginError


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost:19080",
        "https://Host.Example/a/b",
        "https://[::1]:8443/x",
        "https://bücher.example",
        "https://host/a@b",
    ],
)
def test_an_address_is_taken_as_it_is_without_white_space_around_it(address: str) -> None:
    assert checked_address(f" {address}\n", "It") == address


@pytest.mark.parametrize(
    "address",
    [
        None,
        5,
        "",
        "PLANTED",
        "PLANTED@host",
        "user:PLANTED@host:80",
        "ftp://host",
        "javascript:PLANTED",
        "http://",
        "http:///path",
        "http://host:0",
        "http://host:99999",
        "http://xn--ls8h.example",
        "https://xn--a",
        "https://xn--:80",
        "http://host:port",
        "http://a b",
        "http://PLANTED\\@host",
        "http://host\nname",
        "http://host/#x",
        "http://host/\udc80",
        "https://user:PLANTED@host",
        "https://PLANTED@host",
        "https://@host",
        "https://u:PLANTED/x@host/",
        "https://u:PLANTED?x@host/",
        "https://bü\u2028cher.example",
        "https://a\u00adb..example",
        "http://[::1",
        "http://[",
    ],
)
def test_what_is_no_address_is_refused_without_its_secrets(address: Any) -> None:
    with pytest.raises(LoginError) as caught:
        base_address(address, "It")
    assert "PLANTED" not in str(caught.value)
    assert caught.value.__context__ is None


def test_a_scheme_is_written_small() -> None:
    assert checked_address("HTTPS://Host.Example/A", "It") == "https://Host.Example/A"


def test_a_base_address_has_no_slash_at_its_end_and_no_query() -> None:
    assert base_address("https://host/a//", "It") == "https://host/a"
    with pytest.raises(LoginError, match="has a query"):
        base_address("https://host/?sig=PLANTED", "It")


def test_a_login_takes_no_address_with_a_password() -> None:
    with pytest.raises(LoginError, match=re.escape("https://***@host holds a user name or a password")):
        Login(endpoint="https://user:PLANTED@host")


def test_a_login_takes_no_header_that_cannot_be_sent() -> None:
    with pytest.raises(LoginError, match="The header X-Key holds characters"):
        Login(endpoint="https://host", headers={"X-Key": "a\nb"})


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("https://u:p@host/x?sig=1", "https://***@host/x"),
        ("u:p@host", "***@host"),
        ("host:80", "host:80"),
        ("http://u:p@w@host", "http://***@host"),
    ],
)
def test_an_address_is_shown_without_what_is_secret_in_it(address: str, text: str) -> None:
    assert shown(address) == text


def test_user_and_password_are_taken_out_of_an_address_and_put_into_one() -> None:
    assert without_userinfo("http://a%40b:p%3A@proxy:8080/x") == ("http://proxy:8080/x", "a@b", Secret("p:"))
    assert without_userinfo("http://user@proxy") == ("http://proxy", "user", None)
    assert without_userinfo("http://proxy/a@b") == ("http://proxy/a@b", None, None)
    assert with_userinfo("http://proxy:8080", "a@b", Secret("p:")).reveal() == "http://a%40b:p%3A@proxy:8080"


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("http://localhost:1", True),
        ("http://x.localhost", True),
        ("http://127.1.2.3", True),
        ("http://[::1]:1", True),
        ("http://10.0.0.1", False),
        ("http://localhost.example", False),
    ],
)
def test_loopback_is_this_machine(address: str, local: bool) -> None:
    assert is_loopback(address) is local
