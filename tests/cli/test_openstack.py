"""`imageapis openstack` against a local cloud."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from imageapis.testing.openstack import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from imageapis.testing.openstack import OpenStackServer
    from tests.cli.conftest import Ran


def test_images_are_listed(cloud: OpenStackServer, run: Callable[..., Ran]) -> None:
    cloud.add("big", min_ram=1024)
    cloud.add("small")
    assert run("openstack", "ls").out.splitlines()[0].split() == ["ID", "NAME", "STATUS", "SIZE", "UPDATED"]
    assert [one["name"] for one in run("openstack", "ls", "--min-ram", "512", "--json").json] == ["big"]


def test_an_image_is_shown(cloud: OpenStackServer, run: Callable[..., Ran]) -> None:
    image = cloud.add("big", min_ram=1024)
    assert "min ram   1024" in run("openstack", "show", image.id).out
    assert run("openstack", "show", image.id, "--json").json["name"] == "big"


def test_the_server_of_a_snapshot_is_shown_by_its_id(cloud: OpenStackServer, run: Callable[..., Ran]) -> None:
    image = cloud.add("snapshot", properties={"instance_uuid": "70a599e0-31e7-49b7-b260-868f441e862b"})
    shown = run("openstack", "show", image.id).out.splitlines()
    assert ["server", "70a599e0-31e7-49b7-b260-868f441e862b"] in [line.split() for line in shown]


def test_metadata_is_set_and_deleted(cloud: OpenStackServer, run: Callable[..., Ran]) -> None:
    image = cloud.add("big")
    run("openstack", "meta", image.id, "--set", "reviewed=yes", "--set", "by=me=you")
    assert run("openstack", "meta", image.id, "--json").json == {"reviewed": "yes", "by": "me=you"}
    assert run("openstack", "meta", image.id, "--unset", "by").out == "reviewed  yes\n"


def test_a_key_is_deleted_by_either_name_of_the_option(cloud: OpenStackServer, run: Callable[..., Ran]) -> None:
    image = cloud.add("big")
    run("openstack", "meta", image.id, "--set", "reviewed=yes", "--set", "by=me")
    assert run("openstack", "meta", image.id, "--delete", "by").out == "reviewed  yes\n"


def test_metadata_without_a_value_changes_nothing(cloud: OpenStackServer, run: Callable[..., Ran]) -> None:
    done = run("openstack", "meta", cloud.add("big").id, "--set", "reviewed")
    assert done.code == 2
    assert "KEY=VALUE" in done.err
    assert cloud.calls("POST") == []


def test_images_are_deleted(cloud: OpenStackServer, run: Callable[..., Ran]) -> None:
    image = cloud.add("big")
    assert run("openstack", "rm", image.id).code == 0
    assert run("openstack", "show", image.id).code == 4


def test_a_slip_in_one_id_deletes_no_image(cloud: OpenStackServer, run: Callable[..., Ran]) -> None:
    image = cloud.add("big")
    done = run("openstack", "rm", image.id, "no-such-id")
    assert done.code == 4
    assert "no-such-id" in done.err
    assert cloud.calls("DELETE") == []


def test_an_entry_of_clouds_yaml_is_named_as_in_openstacks_own_client(
    cloud: OpenStackServer, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("OS_")]:
        monkeypatch.delenv(name)
    auth = {
        "auth_url": cloud.auth_url,
        "username": "demo",
        "password": PASSWORD,
        "project_name": "demo",
        "user_domain_name": "Default",
        "project_domain_name": "Default",
    }
    Path("clouds.yaml").write_text(json.dumps({"clouds": {"mycloud": {"auth": auth}}}))
    assert run("openstack", "ls", "--os-cloud", "mycloud").code == 0
    mistyped = run("openstack", "ls", "--os-cloud", "mycluod")
    assert mistyped.code == 3
    assert "mycloud" in mistyped.err


def test_a_wrong_password_is_a_failed_login(
    cloud: OpenStackServer, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OS_PASSWORD", "not-this-one")
    done = run("openstack", "ls")
    assert done.code == 3
    assert "not-this-one" not in done.err


def test_without_any_login_the_error_names_both_ways(run: Callable[..., Ran]) -> None:
    done = run("openstack", "ls")
    assert done.code == 3
    assert "OS_*" in done.err
    assert "--os-cloud" in done.err
