"""Where settings come from: arguments, then the environment, then a file; and what `explain` tells of it."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from imageapis.core.tokens import FixedToken
from imageapis.errors import LoginError
from imageapis.lusid import SchedulerImages, auth
from imageapis.lusid.tokens import PasswordAuth, TokenFileAuth
from tests.lusid.conftest import open_images

if TYPE_CHECKING:
    from pathlib import Path

    from imageapis.testing.lusid import LusidServer
    from tests.conftest import Face

URL = "https://acme.lusid.com/scheduler2"
PASSWORD = {
    "token_url": "https://acme.okta.example/oauth2/v1/token",
    "username": "svc",
    "password": "not-a-secret",
    "client_id": "client",
    "client_secret": "not-a-secret-either",
}


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("FBN_"):
            monkeypatch.delenv(name)


@pytest.fixture
def env(monkeypatch: pytest.MonkeyPatch) -> Any:
    def put(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(f"FBN_{name}", value)

    return put


@pytest.fixture
def file(tmp_path: Path) -> Any:
    def write(**sections: Any) -> Path:
        path = tmp_path / "secrets.json"
        path.write_text(json.dumps(sections))
        return path

    return write


def test_the_environment_alone_makes_a_login(face: Face, server: LusidServer, env: Any) -> None:
    oauth = server.oauth
    env(
        SCHEDULER_URL=server.scheduler_url + "/",
        TOKEN_URL=server.token_url,
        USERNAME=oauth.username,
        PASSWORD=oauth.password,
        CLIENT_ID=oauth.client_id,
        CLIENT_SECRET=oauth.client_secret,
        APP_NAME="app",
        CORRELATION_ID="run-1",
    )
    images = open_images(face, auth.from_env())
    assert face.items(images.repositories()) == []
    headers = server.seen[-1].headers
    assert (headers["x-lusid-application"], headers["correlationid"]) == ("app", "run-1")
    assert server.seen[-1].target == "/scheduler2/api/images/repository"


def test_a_secrets_file_alone_makes_a_login(face: Face, server: LusidServer, file: Any) -> None:
    oauth = server.oauth
    path = file(
        api={
            "schedulerUrl": server.scheduler_url,
            "tokenUrl": server.token_url,
            "username": oauth.username,
            "password": oauth.password,
            "clientId": oauth.client_id,
            "clientSecret": oauth.client_secret,
            "applicationName": "app",
        }
    )
    images = open_images(face, auth.secrets_file(path))
    assert face.items(images.repositories()) == []
    assert server.seen[-1].headers["x-lusid-application"] == "app"


def test_arguments_come_before_the_environment_and_that_before_the_file(env: Any, file: Any) -> None:
    path = file(api={"schedulerUrl": "https://file", "accessToken": "file", "applicationName": "file"})
    env(SCHEDULER_URL="https://environment", ACCESS_TOKEN="environment")
    login = auth.secrets_file(path, scheduler_url="https://argument")
    assert login.endpoint == "https://argument"
    assert isinstance(login.auth, FixedToken)
    assert login.auth._fixed.value == "environment"
    assert login.headers == {"X-LUSID-Application": "file"}


@pytest.mark.parametrize("name", ["SCHEDULER_URL", "LUSID_SCHEDULER_API_URL", "SCHEDULER_API_URL"])
def test_older_names_of_the_address_are_known(env: Any, name: str) -> None:
    env(**{name: URL, "ACCESS_TOKEN": "x"})
    assert auth.from_env().endpoint == URL


@pytest.mark.parametrize(
    ("api", "address"),
    [
        ({"schedulerUrl": URL}, URL),
        ({"lusid_schedulerUrl": URL}, URL),
        ({"apiUrl": "https://acme.lusid.com/api"}, URL),
        ({"apiUrl": "https://acme.lusid.com/api/"}, URL),
        ({"baseUrl": "https://acme.lusid.com"}, URL),
        ({"apiUrl": "https://other.lusid.com/api", "schedulerUrl": URL}, URL),
    ],
)
def test_the_address_is_told_or_derived_from_the_domains(file: Any, api: dict[str, str], address: str) -> None:
    assert auth.secrets_file(file(api={**api, "accessToken": "x"})).endpoint == address


def test_a_token_of_a_later_source_does_not_beat_a_password_of_an_earlier_one(env: Any, file: Any) -> None:
    path = file(api={"accessToken": "from the file"})
    env(SCHEDULER_URL=URL, **{name.upper(): value for name, value in PASSWORD.items()})
    assert isinstance(auth.secrets_file(path).auth, PasswordAuth)
    assert isinstance(auth.secrets_file(path, access_token="argument").auth, FixedToken)


def test_of_one_source_the_token_file_comes_first_then_the_token_then_the_password(env: Any, tmp_path: Path) -> None:
    env(SCHEDULER_URL=URL, **{name.upper(): value for name, value in PASSWORD.items()})
    assert isinstance(auth.from_env().auth, PasswordAuth)
    env(ACCESS_TOKEN="token")
    assert isinstance(auth.from_env().auth, FixedToken)
    env(ACCESS_TOKEN_FILE=str(tmp_path / "token"))
    assert isinstance(auth.from_env().auth, TokenFileAuth)


def test_the_environment_is_read_when_the_login_is_made(env: Any) -> None:
    env(SCHEDULER_URL=URL, ACCESS_TOKEN="x")
    auth.from_env()
    env(SCHEDULER_URL="https://another")
    assert auth.from_env().endpoint == "https://another"


def test_an_empty_variable_gives_nothing(env: Any, file: Any) -> None:
    env(SCHEDULER_URL="", ACCESS_TOKEN=" ")
    assert auth.secrets_file(file(api={"schedulerUrl": URL, "accessToken": "x"})).endpoint == URL


def test_timeouts_and_retries_become_the_clients(env: Any) -> None:
    env(
        SCHEDULER_URL=URL,
        ACCESS_TOKEN="x",
        CONNECT_TIMEOUT_MS="2500",
        READ_TIMEOUT_MS="0",
        WRITE_TIMEOUT_MS="7000",
        TOTAL_TIMEOUT_MS="90000",
        RATE_LIMIT_RETRIES="5",
    )
    with SchedulerImages(auth.from_env()) as images:
        timeout = images._http.timeout
        assert (timeout.connect, timeout.read, timeout.write) == (2.5, None, 7.0)
        assert images._deadline == 90
        assert images._retry_policies.idempotent.total == 5
    with SchedulerImages(auth.from_env(), timeout=3, deadline=4, retries=0) as images:
        assert (images._http.timeout.read, images._deadline) == (3, 4)
        assert images._retry_policies.idempotent.total == 0


@pytest.mark.parametrize("name", ["TOTAL_TIMEOUT_MS", "RATE_LIMIT_RETRIES", "READ_TIMEOUT_MS"])
@pytest.mark.parametrize("value", ["soon", "-1", "1.5"])
def test_a_number_that_is_none_is_named(env: Any, name: str, value: str) -> None:
    env(**{"SCHEDULER_URL": URL, "ACCESS_TOKEN": "x", name: value})
    with pytest.raises(LoginError, match=name.lower()):
        auth.from_env()


def test_a_proxys_user_and_password_are_encoded_and_not_shown(file: Any, env: Any) -> None:
    path = file(
        api={"schedulerUrl": URL, "accessToken": "x"},
        proxy={"address": "http://proxy.example", "username": "a@b", "password": "p:/w"},
    )
    env(PROXY_PORT="8080")
    login = auth.secrets_file(path)
    assert login.proxy is not None
    assert login.proxy.reveal() == "http://a%40b:p%3A%2Fw@proxy.example:8080"
    assert "p%3A%2Fw" not in repr(login)
    assert "p:/w" not in str(auth.explain(path))


@pytest.mark.parametrize(
    ("settings", "address"),
    [
        ({}, "http://a%40b:p%3A@proxy.example"),
        ({"proxy_username": "c"}, "http://c:p%3A@proxy.example"),
        ({"proxy_username": "c", "proxy_password": "d"}, "http://c:d@proxy.example"),
    ],
)
def test_user_and_password_in_a_proxys_address_are_its_login_unless_settings_say_another(
    settings: Any, address: str
) -> None:
    login = auth.from_env(scheduler_url=URL, access_token="x", proxy="http://a%40b:p%3A@proxy.example/", **settings)
    assert login.proxy is not None
    assert login.proxy.reveal() == address


def test_a_profile_of_the_file_is_chosen_by_name(file: Any, env: Any) -> None:
    path = file(
        api={"accessToken": "x"},
        profileName="one",
        profiles={"one": {"baseUrl": "https://one.lusid.com"}, "two": {"baseUrl": "https://two.lusid.com"}},
    )
    assert auth.secrets_file(path).endpoint == "https://one.lusid.com/scheduler2"
    env(PROFILE="two")
    assert auth.secrets_file(path).endpoint == "https://two.lusid.com/scheduler2"
    env(PROFILE="three")
    with pytest.raises(LoginError, match="three"):
        auth.secrets_file(path)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"api": 3}', b'{"api": "not-a-secret"}', b"\xff\xfe"])
def test_a_file_that_is_no_secrets_file_is_named_and_not_quoted(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "secrets.json"
    path.write_bytes(content)
    with pytest.raises(LoginError, match=r"secrets\.json") as caught:
        auth.secrets_file(path)
    assert "not-a-secret" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(LoginError, match=r"missing\.json"):
        auth.secrets_file(tmp_path / "missing.json")


def test_what_a_login_lacks_is_named(env: Any) -> None:
    with pytest.raises(LoginError, match="scheduler_url, access_token, or username"):
        auth.from_env()
    env(SCHEDULER_URL=URL, USERNAME="svc", PASSWORD="not-a-secret")
    with pytest.raises(LoginError, match="token_url, client_id, client_secret missing"):
        auth.from_env()


def test_an_unknown_argument_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="acess_token"):
        auth.from_env(acess_token="x")  # type: ignore[call-arg]


def test_explain_tells_which_source_gave_which_setting_without_secrets(env: Any, file: Any) -> None:
    path = file(api={"schedulerUrl": "https://file", "accessToken": "secret-of-file", "password": "secret-password"})
    env(SCHEDULER_URL=URL, PROXY_ADDRESS="http://user:secret-proxy@proxy.example")
    told = auth.explain(path, username="svc")
    by_name = {it.name: it for it in told.settings}
    assert (by_name["scheduler_url"].source, by_name["scheduler_url"].key) == ("environment", "FBN_SCHEDULER_URL")
    assert by_name["scheduler_url"].hidden == ("file",)
    assert (by_name["access_token"].source, by_name["access_token"].shown) == ("file", "***")
    assert by_name["username"].source == "arguments"
    assert told.login == "password"
    assert told.missing == ("token_url", "client_id", "client_secret")
    for text in (str(told), repr(told)):
        assert "secret-" not in text
    assert "proxy.example" in str(told)


def test_explain_with_nothing_says_that_there_is_nothing() -> None:
    told = auth.explain()
    assert (told.settings, told.login) == ((), None)
    assert "There is no login." in str(told)
