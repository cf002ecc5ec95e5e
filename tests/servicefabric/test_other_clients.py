"""Clients that nobody here wrote work against the local gateway: Microsoft's `sfctl` and `azure-servicefabric`.

Each runs in an environment of its own, and what it sees is compared with what `ImageStore` sees.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from imageapis.servicefabric import ImageStore, StoreFile, auth
from imageapis.testing.servicefabric import ServiceFabricServer
from tests.tools import environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SFCTL = ("sfctl==11.2.1", "setuptools<81")
AZURE = ("azure-servicefabric==8.2.0.0",)

MICROSOFT = """
import json, sys
from azure.servicefabric import ServiceFabricClientAPIs
from azure.servicefabric.models import FabricErrorException, ImageStoreCopyDescription
from msrest.authentication import BasicTokenAuthentication

client = ServiceFabricClientAPIs(BasicTokenAuthentication({"access_token": "dummy"}), base_url=sys.argv[1])

def listed(path):
    content = client.get_image_store_content(path) if path else client.get_image_store_root_content()
    return {
        "files": [[file.store_relative_path, file.file_size] for file in content.store_files],
        "folders": [[folder.store_relative_path, folder.file_count] for folder in content.store_folders],
    }

before = {path: listed(path) for path in ("", "Apps", "Apps/Code", "Apps/Manifest.xml")}
info = client.get_image_store_info()
size = client.get_image_store_folder_size("Apps")
client.copy_image_store_content(
    ImageStoreCopyDescription(remote_source="Apps", remote_destination="Copy", skip_files=["skipped.txt"])
)
copied = listed("Copy")
client.delete_image_store_content("Apps")
try:
    listed("Apps")
    gone = False
except (FabricErrorException, TypeError):  # it cannot make an error of a 404 without a body
    gone = True
print(json.dumps({"before": before, "copied": copied, "gone": gone, "size": size.folder_size,
                  "capacity": info.disk_info.capacity}))
"""


@pytest.fixture(scope="module")
def gateway() -> Iterator[ServiceFabricServer]:
    # Both spell their requests in ways that the document does not describe, and are understood all the same.
    with ServiceFabricServer(contract=False) as running:
        yield running


@pytest.fixture
def store(gateway: ServiceFabricServer) -> Iterator[ImageStore]:
    gateway.reset()
    with ImageStore(auth.unsecured(gateway.url)) as opened:
        yield opened


@pytest.mark.tools
def test_microsofts_python_client_lists_stats_copies_and_deletes(
    gateway: ServiceFabricServer, store: ImageStore
) -> None:
    python = environment("azure-servicefabric", *AZURE) / "python"
    for path in ("Apps/Manifest.xml", "Apps/skipped.txt", "Apps/Code/a.dll", "Apps/Code/_.dir", "Apps/_.dir"):
        store.put_file(path.encode(), path)
    store.put_file(b"", "Apps/_.dir")
    ours = {path: entries(store, path) for path in ("", "Apps", "Apps/Code", "Apps/Manifest.xml")}
    size = store.folder_size("Apps").size
    done = subprocess.run(
        [str(python), "-W", "ignore", "-c", MICROSOFT, gateway.url], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    theirs = json.loads(done.stdout)
    assert theirs["before"] == ours
    assert theirs["size"] == str(size)
    disk = store.info().disk_info
    assert disk is not None
    assert theirs["capacity"] == str(disk.capacity)
    assert theirs["gone"]
    assert not store.exists("Apps")
    assert theirs["copied"] == entries(store, "Copy")
    assert [entry.path for entry in store.walk("Copy") if "skipped" in entry.path] == []


def entries(store: ImageStore, path: str) -> dict[str, Any]:
    """Return a listing as Microsoft's client shows it: texts, and the backslashes of a Windows cluster."""
    found = list(store.list(path))
    return {
        "files": [[each.path.replace("/", "\\"), str(each.size)] for each in found if isinstance(each, StoreFile)],
        "folders": [
            [each.path.replace("/", "\\"), str(each.file_count)] for each in found if not isinstance(each, StoreFile)
        ],
    }


def sfctl(home: Path, *arguments: str) -> str:
    executable = environment("sfctl", *SFCTL) / "sfctl"
    done = subprocess.run(
        [str(executable), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "HOME": str(home), "PYTHONWARNINGS": "ignore"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.tools
def test_sfctl_uploads_a_package_lists_and_deletes_it(
    gateway: ServiceFabricServer, store: ImageStore, tmp_path: Path
) -> None:
    files = {
        "ApplicationManifest.xml": b"<ApplicationManifest/>",
        "Web/ServiceManifest.xml": b"<ServiceManifest/>",
        "Web/Code/web.dll": random.Random(1).randbytes(3_000_000),
        "Web/Code/lib/a.dll": b"a",
    }
    for name, content in files.items():
        file = tmp_path / "MyApp" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    sfctl(tmp_path, "cluster", "select", "--endpoint", gateway.url)
    sfctl(tmp_path, "application", "upload", "--path", str(tmp_path / "MyApp"))
    marks = {"_.dir", "Web/_.dir", "Web/Code/_.dir", "Web/Code/lib/_.dir"}
    assert {entry.path for entry in store.walk("MyApp")} == {f"MyApp/{name}" for name in {*files, *marks}}
    for name, content in files.items():
        assert gateway.store.content(f"MyApp/{name}") == content

    # The same package by ours: byte for byte the same store, in a place of its own.
    store.upload_package(tmp_path / "MyApp", "Ours")
    theirs = {entry.path.removeprefix("MyApp/"): entry.size for entry in store.walk("MyApp")}
    assert {entry.path.removeprefix("Ours/"): entry.size for entry in store.walk("Ours")} == theirs

    listed = json.loads(sfctl(tmp_path, "store", "stat", "--content-path", "MyApp/Web/Code", "--output", "json"))
    assert [file["storeRelativePath"] for file in listed["storeFiles"]] == [
        entry.path.replace("/", "\\") for entry in store.list("MyApp/Web/Code") if isinstance(entry, StoreFile)
    ]
    root = json.loads(sfctl(tmp_path, "store", "root-info", "--output", "json"))
    assert [folder["storeRelativePath"] for folder in root["storeFolders"]] == ["MyApp", "Ours"]
    sfctl(tmp_path, "store", "delete", "--content-path", "MyApp")
    assert not store.exists("MyApp")


@pytest.mark.tools
def test_the_config_that_sfctl_writes_is_a_login(gateway: ServiceFabricServer, tmp_path: Path) -> None:
    sfctl(tmp_path, "cluster", "select", "--endpoint", gateway.url)
    with ImageStore(auth.from_sfctl(tmp_path / ".sfctl" / "config")) as store:
        assert not store.exists("a")
