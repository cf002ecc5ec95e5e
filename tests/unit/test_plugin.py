"""The pytest plugin, as a project of somebody else uses it: in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.lusid.local_images import SMALL, docker_tar, made

ROOT = Path(__file__).parents[2]

STORY = """
import pytest
from imageapis.errors import UploadInterrupted
from imageapis.lusid import SchedulerImages
from imageapis.lusid import auth as lusid_auth
from imageapis.openstack import ComputeImages
from imageapis.openstack import auth as openstack_auth
from imageapis.servicefabric import ImageStore


def test_upload(servicefabric_server, servicefabric_login):
    servicefabric_server.faults.add("reset-after", "UploadFile")
    with ImageStore(servicefabric_login) as store:
        store.upload_file(b"content", "a.txt")
    assert servicefabric_server.store.content("a.txt") == b"content"


def test_the_store_is_new(servicefabric_server):
    assert servicefabric_server.store.file("a.txt") is None
    assert servicefabric_server.seen == []


def test_images(lusid_server, lusid_login):
    lusid_server.fill("my-job", 2)
    lusid_server.faults.add("truncate-reply", "ListImages")
    with SchedulerImages(lusid_login) as images:
        assert len([*images.images("my-job")]) == 2


def test_push(lusid_registry, lusid_login):
    with SchedulerImages(lusid_login) as images:
        pushed = images.push("job.tar", "my-job:1")
    assert pushed.reference.startswith(lusid_registry.host)
    assert pushed.uploaded > 0


def test_from_env(lusid_environment):
    with SchedulerImages(lusid_auth.from_env()) as images:
        assert [*images.repositories()] == []


def test_cloud(openstack_server, openstack_login):
    openstack_server.add("one")
    openstack_server.faults.add("reset-before", "list_images")
    with ComputeImages(openstack_login) as images:
        assert [image.name for image in images.list()] == ["one"]


def test_cloud_from_env(openstack_environment):
    with ComputeImages(openstack_auth.from_env()) as images:
        assert [*images.list()] == []
"""


def _pytest(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # What is installed is not asked, so that a checkout and a wheel are tested alike.
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-p", "imageapis.testing.plugin", "-q", "-p", "no:cacheprovider"]
    return subprocess.run(
        [*command, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_fixtures_give_servers_logins_variables_and_faults(tmp_path: Path) -> None:
    (tmp_path / "test_story.py").write_text(STORY)
    docker_tar(tmp_path / "job.tar", made(*SMALL))
    done = _pytest(tmp_path)
    assert "7 passed" in done.stdout, done.stdout


def test_a_request_that_breaks_the_document_fails_the_test_that_made_it(tmp_path: Path) -> None:
    (tmp_path / "test_story.py").write_text(
        "import urllib.request\n\n\ndef test_wrong(servicefabric_server):\n"
        "    urllib.request.urlopen(servicefabric_server.url + '/ImageStore?api-version=six').read()\n\n\n"
        "def test_right(servicefabric_server):\n    pass\n"
    )
    done = _pytest(tmp_path)
    assert "1 error" in done.stdout or "1 failed" in done.stdout, done.stdout
    assert "api-version" in done.stdout


def test_loading_the_plugin_imports_nothing_heavy() -> None:
    code = "import pytest, sys; import imageapis.testing.plugin; print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    for heavy in ("httpx", "starlette", "uvicorn", "imageapis.core"):
        assert f"'{heavy}'" not in done.stdout


def test_pytest_finds_the_plugin_where_we_are_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"imageapis": "imageapis.testing.plugin"}


def test_a_fault_that_does_not_exist_is_refused_by_name() -> None:
    from imageapis.testing.faults import WIRE_KINDS, Faults

    with pytest.raises(ValueError, match="there is no fault 'slow'; there are refuse, "):
        Faults(WIRE_KINDS).add("slow")  # type: ignore[arg-type]
