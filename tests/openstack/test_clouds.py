"""clouds.yaml and secure.yaml: where they are found, which entry is meant, and what of it is refused."""

from __future__ import annotations

import json
import logging
import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from imageapis.errors import LoginError
from imageapis.openstack import auth
from imageapis.testing.openstack import PASSWORD, OpenStackServer, identifier

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Face

pytestmark = pytest.mark.usefixtures("no_environment")


def entry(cloud: OpenStackServer, /, **changes: Any) -> dict[str, Any]:
    named = {
        "auth_url": cloud.auth_url,
        "username": "demo",
        "password": PASSWORD,
        "project_name": "demo",
        "user_domain_name": "Default",
        "project_domain_name": "Default",
    }
    return {"auth": named, "region_name": "RegionOne", **changes}


def write(path: Path, clouds: dict[str, Any]) -> None:
    """JSON is YAML."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"clouds": clouds}), "utf-8")


def target(face: Face, cloud: OpenStackServer, images: Any) -> str:
    """Return the address at which a client listed images."""
    face.items(images.list())
    return cloud.calls()[-1].partition("?")[0]


def test_the_only_cloud_is_the_default(
    face: Face, cloud: OpenStackServer, open_images: Any, no_environment: Path
) -> None:
    write(no_environment / "clouds.yaml", {"mine": entry(cloud)})
    assert target(face, cloud, open_images(auth.cloud())) == "/v2.1/images"


@pytest.mark.parametrize("name", ["clouds.yaml", "clouds.yml", "clouds.json"])
@pytest.mark.parametrize("folder", ["here", "home/.config/openstack", "home/etc/openstack"])
def test_the_file_is_found_where_openstacksdk_finds_it(
    cloud: OpenStackServer, no_environment: Path, folder: str, name: str
) -> None:
    write(no_environment.parent / folder / name, {"mine": entry(cloud)})
    assert auth.cloud("mine").auth is not None


def test_the_current_directory_comes_before_the_home(cloud: OpenStackServer, no_environment: Path) -> None:
    write(no_environment / "clouds.yaml", {"near": entry(cloud)})
    write(no_environment.parent / "home/.config/openstack/clouds.yaml", {"far": entry(cloud)})
    auth.cloud("near")
    with pytest.raises(LoginError, match="no cloud 'far', only near"):
        auth.cloud("far")


def test_a_variable_names_the_files(
    cloud: OpenStackServer, no_environment: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write(no_environment / "clouds.yaml", {"near": entry(cloud)})
    write(tmp_path / "elsewhere.yaml", {"other": entry(cloud)})
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(tmp_path / "elsewhere.yaml"))
    auth.cloud("other")
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(tmp_path / "absent.yaml"))
    with pytest.raises(LoginError, match=r"no file .*absent\.yaml"):
        auth.cloud("other")


def test_secure_yaml_overrides_deeply_and_is_looked_for_on_its_own(
    face: Face, cloud: OpenStackServer, open_images: Any, no_environment: Path
) -> None:
    secretless = entry(cloud)
    del secretless["auth"]["password"]
    write(no_environment / "clouds.yaml", {"mine": secretless, "other": {}})
    write(no_environment.parent / "home/.config/openstack/secure.yaml", {"mine": {"auth": {"password": PASSWORD}}})
    assert target(face, cloud, open_images(auth.cloud("mine"))) == "/v2.1/images"


def test_os_cloud_names_the_entry_and_other_variables_do_not_change_it(
    face: Face, cloud: OpenStackServer, open_images: Any, no_environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(no_environment / "clouds.yaml", {"mine": entry(cloud), "other": {}})
    monkeypatch.setenv("OS_CLOUD", "mine")
    monkeypatch.setenv("OS_PASSWORD", "wrong")
    for login in (auth.cloud(), auth.from_env()):
        assert target(face, cloud, open_images(login)) == "/v2.1/images"
    assert auth.explain() == {"OS_CLOUD": "used", "OS_PASSWORD": "ignored, OS_CLOUD names a cloud"}


def test_an_application_credential_needs_no_auth_type_and_no_project(
    face: Face,
    cloud: OpenStackServer,
    open_images: Any,
    no_environment: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    named = {
        "auth_url": cloud.auth_url,
        "application_credential_id": identifier("app"),
        "application_credential_secret": PASSWORD,
        "project_name": "demo",
    }
    write(no_environment / "clouds.yaml", {"mine": {"auth": named, "region_name": "RegionOne"}})
    with caplog.at_level(logging.WARNING, "imageapis"):
        login = auth.cloud()
    assert "project_name is ignored, an application credential carries its project" in caplog.text
    assert target(face, cloud, open_images(login)) == "/v2.1/images"


@pytest.mark.parametrize(
    ("changes", "arguments", "path"),
    [
        ({"regions": ["RegionTwo", "RegionOne"], "region_name": None}, {}, "project"),
        ({"regions": ["RegionTwo", "RegionOne"], "region_name": None}, {"region_name": "RegionOne"}, ""),
        ({"regions": [{"name": "RegionTwo", "values": {"interface": "public"}}], "region_name": None}, {}, "project"),
        ({"interface": "admin"}, {}, "project"),
        ({"endpoint_type": "adminURL"}, {}, "project"),
        ({"interface": "admin"}, {"interface": "public"}, ""),
        ({"compute_interface": "admin"}, {}, "project"),
        ({"region-name": "RegionTwo", "region_name": None}, {}, ""),
    ],
)
def test_region_and_interface_choose_the_endpoint(
    face: Face,
    cloud: OpenStackServer,
    open_images: Any,
    no_environment: Path,
    changes: dict[str, Any],
    arguments: dict[str, Any],
    path: str,
) -> None:
    write(no_environment / "clouds.yaml", {"mine": entry(cloud, **changes)})
    expected = f"/v2.1/{identifier('demo')}/images" if path else "/v2.1/images"
    assert target(face, cloud, open_images(auth.cloud("mine", **arguments))) == expected


def test_old_names_are_still_read(face: Face, cloud: OpenStackServer, open_images: Any, no_environment: Path) -> None:
    old = entry(cloud)
    old["auth"]["tenant_name"] = old["auth"].pop("project_name")
    old["auth"]["domain_name"] = old["auth"].pop("user_domain_name")
    del old["auth"]["project_domain_name"]
    write(no_environment / "clouds.yaml", {"mine": old})
    assert target(face, cloud, open_images(auth.cloud())) == "/v2.1/images"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"profile": "vexxhost"}, "profiles are not supported"),
        ({"cloud": "vexxhost"}, "profiles are not supported"),
        ({"identity_api_version": "2.0"}, "Keystone v2, which is gone"),
        ({"auth_type": "v3oidcpassword"}, r"log in with auth\.keystoneauth\(plugin\)"),
        ({"regions": ["RegionOne"], "region_name": "regionone"}, "upper and lower case matter"),
        ({"compute_default_microversion": "2.60"}, "has no image calls"),
        ({"verify": "perhaps"}, "verify is true or false"),
        ({"api_timeout": "soon"}, "api_timeout is a number of seconds"),
        ({"interface": "inside"}, "interface is public, internal or admin"),
    ],
)
def test_what_cannot_be_done_is_said(
    cloud: OpenStackServer, no_environment: Path, changes: dict[str, Any], why: str
) -> None:
    write(no_environment / "clouds.yaml", {"mine": entry(cloud, **changes)})
    with pytest.raises(LoginError, match=why):
        auth.cloud()


def test_a_newer_microversion_for_other_tools_can_be_overridden(cloud: OpenStackServer, no_environment: Path) -> None:
    write(no_environment / "clouds.yaml", {"mine": entry(cloud, compute_default_microversion="2.60")})
    login = auth.cloud("mine", compute_default_microversion="2.35")
    assert login.headers == {"OpenStack-API-Version": "compute 2.35"}


def test_several_clouds_and_none_chosen_is_an_error_that_lists_them(
    cloud: OpenStackServer, no_environment: Path
) -> None:
    write(no_environment / "clouds.yaml", {"a": entry(cloud), "b": entry(cloud)})
    with pytest.raises(LoginError, match=r"several clouds \(a, b\)"):
        auth.cloud()


def test_no_file_is_an_error_that_says_where_it_was_looked_for() -> None:
    with pytest.raises(LoginError, match=r"no clouds\.yaml in the current directory"):
        auth.cloud("mine")


_CLOUD = "clouds: {a: {"


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("clouds.yaml", "clouds:\n  a: [not-a-secret\n", "is not YAML in line"),
        ("clouds.json", '{"clouds": not-a-secret', "is not JSON"),
        ("clouds.yaml", "not-a-secret", "has no mapping"),
        ("clouds.yaml", "clouds: {a: not-a-secret}", "is not a mapping"),
        ("clouds.yaml", "clouds: {a: {password: 2024-99-99}}", "is not YAML"),
        ("clouds.yaml", "[" * 10_000, "nests brackets"),
        ("clouds.yaml", "clouds: !!bool not-a-secret", "is not YAML"),
        ("clouds.yaml", "clouds: !!timestamp not-a-secret", "is not YAML"),
        ("clouds.json", "[" * 100_000, "nested too deeply"),
        ("clouds.yaml", "clouds: {a: {auth: [not-a-secret]}}", "`auth` of cloud 'a' is a mapping"),
        ("clouds.yaml", "clouds: {a: {regions: not-a-secret}}", "`regions` of cloud 'a' is a list"),
        ("clouds.yaml", "clouds: {a: {regions: [{name: r, values: not-a-secret}]}}", "`values` of region 'r'"),
        ("clouds.yaml", _CLOUD + "auth: {auth_url: 'http://me:not-a-secret@x'}}}", "holds a user name"),
        ("clouds.yaml", _CLOUD + "auth: {auth_url: 'me:not-a-secret@x'}}}", "is no address"),
        ("clouds.yaml", _CLOUD + "auth: {auth_url: 'http://x', password: {a: not-a-secret}}}}", "is one text"),
        ("clouds.yaml", _CLOUD + "profile: 'https://me:not-a-secret@vendor'}}", "profiles are not supported"),
        ("clouds.yaml", _CLOUD + "interface: [[public]], auth: {auth_url: 'http://x', token: x}}}", "is one text"),
        ("clouds.yaml", _CLOUD + "api_timeout: [1], auth: {auth_url: 'http://x', token: x}}}", "number of seconds"),
        ("clouds.yaml", _CLOUD + "api_timeout: .nan, auth: {auth_url: 'http://x', token: x}}}", "number of seconds"),
    ],
)
def test_a_broken_file_is_named_and_not_quoted(no_environment: Path, name: str, text: str, why: str) -> None:
    (no_environment / name).write_text(text, "utf-8")
    with pytest.raises(LoginError, match=why) as caught:
        auth.cloud()
    assert "not-a-secret" not in str(caught.value)
    assert caught.value.__context__ is None


def test_files_that_nest_without_end_are_refused(no_environment: Path) -> None:
    for name in ("clouds.yaml", "secure.yaml"):
        (no_environment / name).write_text("clouds: &clouds {a: *clouds}\n")
    with pytest.raises(LoginError, match="does one hold itself"):
        auth.cloud()


def test_numbers_of_a_file_are_read_as_text(no_environment: Path) -> None:
    text = "auth: {auth_url: 'http://x', username: 7, password: 2024, project_id: 5, user_domain_id: 1}}}"
    (no_environment / "clouds.yaml").write_text(_CLOUD + text)
    made: Any = auth.cloud().auth
    user = made._identity["user"]
    assert (user["name"], user["password"].reveal(), made._scope) == ("7", "2024", {"project": {"id": "5"}})


def test_tls_settings_and_time_out_are_read(cloud: OpenStackServer, no_environment: Path) -> None:
    write(no_environment / "clouds.yaml", {"mine": entry(cloud, verify=False, api_timeout=7)})
    login = auth.cloud()
    assert login.timeout == 7.0
    assert login.verify is not None
    assert login.verify().check_hostname is False
    write(no_environment / "clouds.yaml", {"mine": entry(cloud, cacert="absent.pem")})
    broken = auth.cloud()
    assert broken.verify is not None
    with pytest.raises(LoginError, match=r"absent\.pem cannot be used"):
        broken.verify()


def test_a_file_that_cannot_be_read_is_named(no_environment: Path) -> None:
    (no_environment / "clouds.yaml").write_bytes(b"clouds: {a: \xff}")
    with pytest.raises(LoginError, match=r"clouds\.yaml cannot be read"):
        auth.cloud()


def test_without_pyyaml_the_text_says_what_to_install(
    cloud: OpenStackServer, no_environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    write(no_environment / "clouds.yaml", {"mine": entry(cloud)})
    with pytest.raises(LoginError, match=r"pip install 'imageapis\[clouds\]'"):
        auth.cloud()
    (no_environment / "clouds.yaml").rename(no_environment / "clouds.json")
    assert auth.cloud().auth is not None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("clouds: " + "[" * 3_000, "nests brackets more than 100 deep"),
        ("clouds: " + "{" * 3_000 + "}" * 3_000, "nests brackets more than 100 deep"),
        ("clouds: [" + "[]," * 50_000 + "]", "holds more than 10,000 brackets"),
        ("clouds: {}\n" + "# and so on\n" * 100_000, "longer than 1,048,576 characters"),
    ],
    ids=["open", "closed", "many", "long"],
)
def test_a_file_that_would_take_minutes_is_refused_unread(
    no_environment: Path, monkeypatch: pytest.MonkeyPatch, text: str, why: str
) -> None:
    monkeypatch.setattr(yaml, "safe_load", None)
    (no_environment / "clouds.yaml").write_text(text)
    with pytest.raises(LoginError, match=why):
        auth.cloud()


def test_brackets_in_a_password_are_no_nesting(cloud: OpenStackServer, no_environment: Path) -> None:
    write(no_environment / "clouds.yaml", {"mine": entry(cloud, note="[{" * 40)})
    assert auth.cloud("mine").auth is not None
