"""The public surface of every service: sorted, documented, the same on both faces, and light to import."""

from __future__ import annotations

import importlib
import inspect
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from imageapis.core.client import AsyncClient, BlockingClient
from imageapis.testing.contract import document_path

PACKAGES = Path(inspect.getfile(importlib.import_module("imageapis"))).parent
SERVICES = sorted(
    folder.name
    for folder in PACKAGES.iterdir()
    if (folder / "client.py").exists() and folder.name not in {"core", "testing"}
)


def _clients(service: str) -> tuple[type, type]:
    package = importlib.import_module(f"imageapis.{service}")
    members = [getattr(package, name) for name in package.__all__]
    classes = [member for member in members if inspect.isclass(member)]
    [blocking] = [one for one in classes if issubclass(one, BlockingClient)]
    [nonblocking] = [one for one in classes if issubclass(one, AsyncClient)]
    return blocking, nonblocking


def _public(kind: type) -> dict[str, Any]:
    return {name: getattr(kind, name) for name in dir(kind) if not name.startswith("_")}


@pytest.mark.parametrize("service", SERVICES)
def test_the_public_names_are_one_sorted_list(service: str) -> None:
    package = importlib.import_module(f"imageapis.{service}")
    assert package.__all__ == sorted(package.__all__)
    assert all(hasattr(package, name) for name in package.__all__)


@pytest.mark.parametrize("service", SERVICES)
def test_both_faces_have_the_same_names_and_signatures(service: str) -> None:
    blocking, nonblocking = map(_public, _clients(service))
    assert blocking.keys() == nonblocking.keys()
    for name, member in blocking.items():
        if inspect.isroutine(member) and name != "call":
            assert inspect.signature(member) == inspect.signature(nonblocking[name]), name


@pytest.mark.parametrize("service", SERVICES)
def test_the_async_class_is_named_after_the_blocking_one(service: str) -> None:
    blocking, nonblocking = _clients(service)
    assert nonblocking.__name__ == "Async" + blocking.__name__


@pytest.mark.parametrize("service", SERVICES)
def test_every_public_callable_says_what_it_does(service: str) -> None:
    package = importlib.import_module(f"imageapis.{service}")
    bare = []
    for name in package.__all__:
        member = getattr(package, name)
        if not inspect.getdoc(member):
            bare.append(name)
        if inspect.isclass(member):
            bare += [
                f"{name}.{k}" for k, v in _public(member).items() if inspect.isroutine(v) and not inspect.getdoc(v)
            ]
    auth = package.auth
    bare += [f"auth.{name}" for name in auth.__all__ if not inspect.getdoc(getattr(auth, name))]
    assert bare == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_factory_of_a_login_takes_names_after_the_address(service: str) -> None:
    auth = importlib.import_module(f"imageapis.{service}.auth")
    assert auth.__all__ == sorted(auth.__all__)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_imports_no_other_service_and_nothing_heavy(service: str) -> None:
    others = [f"imageapis.{other}" for other in SERVICES if other != service]
    heavy = [
        "anyio",
        "asyncio",
        "httpcore",
        "trio",
        "yaml",
        "dateutil",
        "httpx_retries",
        "starlette",
        "azure",
        "keystoneauth1",
        "tempfile",
        "zipfile",
    ]
    code = (
        f"import httpx, sys, json; before = set(sys.modules); import imageapis.{service};"
        f"print(json.dumps(sorted(set({others + heavy}) & (set(sys.modules) - before))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == []


@pytest.mark.parametrize("service", ["openstack", "servicefabric"])
def test_logins_are_imported_with_the_first_of_them(service: str) -> None:
    code = f"import sys, imageapis.{service} as it; it.auth; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"imageapis.core.login", "imageapis.core.tokens", "imageapis.core.secrets"} & {*done.stdout.split()}


@pytest.mark.parametrize("service", SERVICES)
def test_the_document_of_a_service_is_where_its_local_server_looks(service: str) -> None:
    assert json.loads(document_path(service).read_text("utf-8"))["openapi"].startswith("3.")
