"""What stands in a path stays in its place: no value climbs out of it, whatever the service."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx
import pytest

import imageapis_generated
from imageapis.core.endpoint import call_of, check_path
from imageapis.errors import InvalidArgument, UnsafePath
from imageapis_generated._requests import Call, segment
from tests.unit.toy import AsyncToy, Toy, ToyServer, login

if TYPE_CHECKING:
    from tests.conftest import Face

CLIMBING = [".", "..", "", "../a", "a/..", "a/../../b", "a/./b", "..\\a", "a\\..\\b"]
HARMLESS = ["a", "a.b", "...", "..a", "a..", ".hidden", "a/b", "a/.b/c..", "%2e%2e", "..;x", "å", "a b", "a?b#c"]


def _endpoint(value: str) -> Any:
    def build() -> Call:
        return Call("GET", f"/things/{segment(value)}")

    return SimpleNamespace(build=build, parse=lambda answer: answer.status_code)


@pytest.mark.parametrize("value", CLIMBING)
def test_a_value_that_climbs_is_refused_and_nothing_is_sent(face: Face, value: str) -> None:
    with ToyServer() as server:
        toy = face.open(Toy, AsyncToy, login(server))
        with pytest.raises((UnsafePath, InvalidArgument), match="Nothing was sent"):
            toy.call(_endpoint(value))
        assert server.seen == []


@pytest.mark.parametrize("value", HARMLESS)
def test_a_value_that_only_looks_like_it_is_sent_as_it_is(face: Face, value: str) -> None:
    with ToyServer() as server:
        toy = face.open(Toy, AsyncToy, login(server))
        assert toy.call(_endpoint(value)) == 200
        assert server.seen[0].target == f"/things/{quote(value, safe='')}"


@pytest.mark.parametrize("value", HARMLESS)
def test_what_passes_is_not_tidied_by_httpx_either(value: str) -> None:
    path = f"/things/{quote(value, safe='')}/end"
    check_path(path)
    assert httpx.URL(f"http://x{path}").raw_path.decode() == path


@pytest.mark.parametrize("path", ["/", "/a", "/a.b/$/c", "/v2.1/images", "/v2.1/images/"])
def test_a_path_without_values_passes(path: str) -> None:
    check_path(path)


def _modules() -> list[ModuleType]:
    """Every generated module of an operation."""
    names = [found.name for found in pkgutil.walk_packages(imageapis_generated.__path__, "imageapis_generated.")]
    return [importlib.import_module(name) for name in names if ".endpoints." in name]


@pytest.mark.parametrize("module", _modules(), ids=lambda module: module.__name__)
@pytest.mark.parametrize("value", CLIMBING)
def test_no_generated_operation_takes_a_value_that_climbs(module: Any, value: str) -> None:
    names = _path_parameters(module.build)
    for name in names:
        given = dict.fromkeys(names, "x") | {name: value}
        with pytest.raises((UnsafePath, InvalidArgument)):
            call_of(module, **given)


def _path_parameters(make: Any) -> list[str]:
    """Those parameters that the path changes with."""
    required = [
        parameter.name
        for parameter in inspect.signature(make).parameters.values()
        if parameter.default is parameter.empty and parameter.annotation in ("str", str)
    ]
    if not required:
        return []

    def path(**given: str) -> str:
        try:
            made = make(**given)
        except TypeError:
            return ""  # it wants a body too
        return str(made.path)

    same = dict.fromkeys(required, "x")
    return [name for name in required if path(**same) != path(**same | {name: "y"})]
