"""What the library says to programmers is said in options and commands to who typed one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from imageapis.cli.wording import _WORDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from imageapis.testing.servicefabric import ServiceFabricServer
    from tests.cli.conftest import Ran

    Trial = Callable[[pytest.MonkeyPatch, ServiceFabricServer], None]

UPLOAD = ("servicefabric", "upload", "MyApp", "--quiet")
MANIFEST = (
    '<ServiceManifest xmlns="http://schemas.microsoft.com/2011/01/fabric"><CodePackage Name="Code"/></ServiceManifest>'
)


def nothing(patch: pytest.MonkeyPatch, cluster: ServiceFabricServer) -> None:
    pass


def clouds(patch: pytest.MonkeyPatch, cluster: ServiceFabricServer) -> None:
    Path("clouds.yaml").write_text(json.dumps({"clouds": {"mycloud": {}}}))


def other_plugin(patch: pytest.MonkeyPatch, cluster: ServiceFabricServer) -> None:
    patch.setenv("OS_AUTH_TYPE", "v3oidcpassword")


def link(patch: pytest.MonkeyPatch, cluster: ServiceFabricServer) -> None:
    package()
    Path("MyApp", "link").symlink_to("a.txt")


def zip_beside(patch: pytest.MonkeyPatch, cluster: ServiceFabricServer) -> None:
    package()
    Path("MyApp", "Service", "Code").mkdir(parents=True)
    Path("MyApp", "Service", "ServiceManifest.xml").write_text(MANIFEST)
    Path("MyApp", "Service", "Code", "a.exe").touch()
    Path("MyApp", "Service", "Code.zip").touch()


def loser(patch: pytest.MonkeyPatch, cluster: ServiceFabricServer) -> None:
    package()
    cluster.faults.add("lose", "UploadFile", times=1000)


def no_folder(patch: pytest.MonkeyPatch, cluster: ServiceFabricServer) -> None:
    package()
    Path("file").touch()
    patch.setenv("XDG_STATE_HOME", str(Path("file").absolute()))


def package() -> None:
    Path("MyApp").mkdir()
    Path("MyApp", "a.txt").write_text("content")


#: What leads to each sentence: what is prepared, and the command.
TRIALS: dict[str, tuple[Trial, tuple[str, ...]]] = {
    "auth.explain()": (nothing, ("lusid", "ls")),
    "auth.cloud('name')": (nothing, ("openstack", "ls")),
    "auth.password()": (nothing, ("openstack", "ls", "--os-cloud", "mycloud")),
    "use auth.from_env()": (clouds, ("openstack", "ls", "--os-cloud", "envvars")),
    "auth.keystoneauth(plugin)": (other_plugin, ("openstack", "ls")),
    "symlinks='follow'": (link, UPLOAD),
    "compress=True": (zip_beside, (*UPLOAD, "--compress")),
    "resume=": (loser, UPLOAD),
    "give journal=": (no_folder, UPLOAD),
}


@pytest.mark.usefixtures("no_waits")
@pytest.mark.parametrize("programming", TRIALS)
def test_an_error_names_what_can_be_typed(
    programming: str, cluster: ServiceFabricServer, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    [typed] = [typed for spelt, typed in _WORDS.items() if programming in spelt]
    prepare, command = TRIALS[programming]
    prepare(monkeypatch, cluster)
    done = run(*command)
    cluster.faults.clear()
    assert done.code
    assert typed in done.err
    assert programming not in done.err


def test_every_sentence_that_is_said_otherwise_is_tried() -> None:
    assert [spelt for spelt in _WORDS if not any(programming in spelt for programming in TRIALS)] == []


def test_what_is_set_is_told_in_the_same_words(run: Callable[..., Ran]) -> None:
    done = run("login", "explain", "openstack")
    assert "name an entry of clouds.yaml with --os-cloud" in done.out
