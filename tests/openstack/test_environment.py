"""OS_* variables: how a login is inferred from them, and the account of which were used."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest

from imageapis.errors import LoginError
from imageapis.openstack import auth
from imageapis.testing.openstack import PASSWORD, OpenStackServer, identifier

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Face

pytestmark = pytest.mark.usefixtures("no_environment")

USER = {
    "OS_USERNAME": "demo",
    "OS_PASSWORD": PASSWORD,
    "OS_USER_DOMAIN_NAME": "Default",
    "OS_PROJECT_NAME": "demo",
    "OS_PROJECT_DOMAIN_NAME": "Default",
}
CREDENTIAL = {
    "OS_APPLICATION_CREDENTIAL_ID": identifier("app"),
    "OS_APPLICATION_CREDENTIAL_SECRET": PASSWORD,
}


@pytest.fixture
def setenv(cloud: OpenStackServer, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def set_all(variables: dict[str, str]) -> None:
        for name, value in {"OS_AUTH_URL": cloud.auth_url, "OS_REGION_NAME": "RegionOne", **variables}.items():
            monkeypatch.setenv(name, value)

    return set_all


@pytest.mark.parametrize(
    "variables",
    [
        USER,
        {**USER, "OS_AUTH_TYPE": "v3password", "OS_TOKEN": "left over"},
        {k.replace("PROJECT_NAME", "TENANT_NAME"): v for k, v in USER.items()},
        {"OS_USERNAME": "demo", "OS_PASSWORD": PASSWORD, "OS_PROJECT_NAME": "demo", "OS_DEFAULT_DOMAIN": "default"},
        CREDENTIAL,
        {**USER, **CREDENTIAL, "OS_PASSWORD": ""},
        {**CREDENTIAL, "OS_AUTH_TYPE": "v3applicationcredential", "OS_SYSTEM_SCOPE": "all"},
    ],
)
def test_the_kind_of_login_is_inferred(
    face: Face,
    cloud: OpenStackServer,
    open_images: Any,
    setenv: Callable[..., None],
    variables: dict[str, str],
) -> None:
    setenv(variables)
    stored = cloud.add("seen")
    assert [image.id for image in face.items(open_images(auth.from_env()).list())] == [stored.id]


def test_a_token_is_taken_without_a_type(
    face: Face, cloud: OpenStackServer, open_images: Any, setenv: Callable[..., None]
) -> None:
    user = {"name": "demo", "domain": {"id": "default"}, "password": PASSWORD}
    methods = {"methods": ["password"], "password": {"user": user}}
    token, _ = cloud.identity.authenticate({"auth": {"identity": methods}})
    setenv({"OS_TOKEN": token, "OS_PROJECT_ID": identifier("demo")})
    assert face.items(open_images(auth.from_env()).list()) == []


def test_what_was_used_and_ignored_is_told_and_logged_without_values(
    setenv: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    setenv({**CREDENTIAL, "OS_PROJECT_NAME": "demo", "OS_VOLUME_API_VERSION": "3", "OS_TENANT_NAME": "demo"})
    told = auth.explain()
    assert told["OS_APPLICATION_CREDENTIAL_SECRET"] == "used"
    assert told["OS_PROJECT_NAME"] == "ignored, an application credential carries its project"
    assert told["OS_TENANT_NAME"] == "ignored, OS_PROJECT_NAME says the same"
    assert told["OS_VOLUME_API_VERSION"] == "ignored, no login reads it"
    with caplog.at_level(logging.INFO, "imageapis"):
        auth.from_env()
    assert "OS_PROJECT_NAME ignored" in caplog.text
    assert PASSWORD not in caplog.text


def test_what_is_missing_is_said_with_what_was_used(setenv: Callable[..., None]) -> None:
    setenv({"OS_USERNAME": "demo", "OS_VOLUME_API_VERSION": "3"})
    with pytest.raises(LoginError, match=r"lacks password.*by password from OS_AUTH_URL, .*Ignored: OS_VOLUME"):
        auth.from_env()


def test_an_empty_environment_says_what_to_do() -> None:
    with pytest.raises(LoginError, match="source an openrc file"):
        auth.from_env()


@pytest.mark.parametrize(
    ("variables", "why"),
    [
        ({**USER, "OS_AUTH_TYPE": "v3oidcpassword"}, r"auth\.keystoneauth\(plugin\)"),
        ({**USER, "OS_IDENTITY_API_VERSION": "2.0"}, "Keystone v2, which is gone"),
        ({**USER, "OS_INSECURE": "perhaps"}, "insecure is true or false"),
    ],
)
def test_what_cannot_be_done_is_said(setenv: Callable[..., None], variables: dict[str, str], why: str) -> None:
    setenv(variables)
    with pytest.raises(LoginError, match=why):
        auth.from_env()


def test_insecure_turns_verification_off(setenv: Callable[..., None]) -> None:
    setenv({**USER, "OS_INSECURE": "1"})
    login = auth.from_env()
    assert login.verify is not None
    assert login.verify().check_hostname is False
