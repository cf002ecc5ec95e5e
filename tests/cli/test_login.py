"""`imageapis login explain`: where settings come from, without a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from imageapis.lusid import auth as lusid
from imageapis.openstack import auth as openstack
from imageapis.servicefabric import auth as servicefabric
from imageapis.testing.openstack import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from imageapis.testing.lusid import LusidServer
    from imageapis.testing.openstack import OpenStackServer
    from tests.cli.conftest import Ran


def test_every_service_is_explained_also_when_none_is_set(run: Callable[..., Ran]) -> None:
    done = run("login", "explain")
    assert done.code == 0
    assert [line for line in done.out.splitlines() if not line.startswith(" ")] == [
        "servicefabric:",
        "lusid:",
        "openstack:",
    ]


def test_a_login_that_was_asked_for_and_is_not_complete_fails(run: Callable[..., Ran]) -> None:
    done = run("login", "explain", "lusid")
    assert done.code == 3
    assert "missing: scheduler_url" in done.out


def test_lusids_settings_are_shown_with_their_variables(scheduler: LusidServer, run: Callable[..., Ran]) -> None:
    done = run("login", "explain", "lusid")
    assert done.code == 0
    assert "FBN_SCHEDULER_URL" in done.out
    assert "It logs in by access token." in done.out
    assert scheduler.access_token not in done.out


def test_openstacks_variables_are_shown_with_what_became_of_them(
    cloud: OpenStackServer, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OS_TENANT_NAME", "old")
    done = run("login", "explain", "openstack")
    assert done.code == 0
    assert "OS_USERNAME: used" in done.out
    assert "OS_TENANT_NAME: ignored" in done.out
    assert f"It logs in at {cloud.auth_url} by the method password." in done.out
    assert PASSWORD not in done.out


def test_sfctls_choice_is_shown(run: Callable[..., Ran], home: Path) -> None:
    (home / ".sfctl").mkdir()
    (home / ".sfctl" / "config").write_text("[servicefabric]\nendpoint = https://sf.example:19080\nsecurity = none\n")
    done = run("login", "explain", "servicefabric")
    assert done.code == 0
    assert done.out.splitlines() == [
        "servicefabric:",
        "  sfctl's config selects https://sf.example:19080.",
        "  It logs in as nobody in particular.",
    ]


def test_a_cluster_that_a_variable_names_comes_before_sfctls_choice(
    run: Callable[..., Ran], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / ".sfctl").mkdir()
    (home / ".sfctl" / "config").write_text("[servicefabric]\nendpoint = https://sf.example:19080\nsecurity = none\n")
    monkeypatch.setenv("IMAGEAPIS_SERVICEFABRIC_ENDPOINT", "https://other.example:19080")
    monkeypatch.setenv("IMAGEAPIS_SERVICEFABRIC_TOKEN", "not-a-secret")
    done = run("login", "explain", "servicefabric")
    assert done.code == 0
    assert done.out.splitlines() == [
        "servicefabric:",
        "  $IMAGEAPIS_SERVICEFABRIC_ENDPOINT names https://other.example:19080.",
        "  It logs in with a token that somebody else got.",
    ]


def test_every_kind_of_login_is_told_in_words_and_without_its_secret(tmp_path: Path) -> None:
    logins = {
        servicefabric.bearer("https://sf", "not-a-secret"): "with a token that somebody else got",
        servicefabric.azure_ad("https://sf", Credential()): "with tokens of Azure AD",
        servicefabric.client_certificate("https://sf", certificate=tmp_path / "me.pem"): "with a client certificate",
        lusid.password(
            scheduler_url="http://localhost/s",
            token_url="http://localhost/t",
            username="me",
            password="not-a-secret",
            client_id="id",
            client_secret="not-a-secret",
        ): "with a token",
        openstack.keystoneauth(Plugin()): "by the keystoneauth plugin Plugin",
    }
    for login, words in logins.items():
        assert str(login.auth) == words


class Credential:
    """An azure-identity credential, as far as making a login of it goes."""

    def get_token(self) -> None:
        raise AssertionError("no token is needed to tell whose it would be")


class Plugin:
    """A keystoneauth plugin, as far as making a login of it goes."""

    get_headers = get_endpoint = None
