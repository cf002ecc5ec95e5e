"""The contract between `core.endpoint` and generated code: every generated module has what the adapter relies on."""

from __future__ import annotations

import datetime as dt
import importlib
import inspect
import pkgutil
from enum import Enum
from types import UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin
from uuid import UUID

import httpx
import pytest

import imageapis_generated

if TYPE_CHECKING:
    from types import ModuleType


def _modules() -> list[ModuleType]:
    names = [
        module.name
        for module in pkgutil.walk_packages(imageapis_generated.__path__, "imageapis_generated.")
        if ".api." in module.name and not module.ispkg
    ]
    return [importlib.import_module(name) for name in names]


@pytest.mark.parametrize("module", _modules(), ids=lambda module: module.__name__.partition(".")[2])
def test_a_generated_module_builds_what_httpx_takes(module: ModuleType) -> None:
    signature = inspect.signature(module._get_kwargs)
    required = {
        name: _example(parameter)
        for name, parameter in signature.parameters.items()
        if parameter.default is inspect.Parameter.empty
    }
    arguments = module._get_kwargs(**required)
    assert set(arguments) <= {"method", "url", "params", "headers", "json", "content", "data"}
    assert arguments["url"].startswith("/")
    httpx.Request(arguments["method"], "http://x" + arguments["url"])


def _example(parameter: inspect.Parameter) -> Any:
    """Return something of a parameter's type; a union is served by its first member."""
    return _of(parameter.annotation)


def _of(kind: Any) -> Any:
    if isinstance(kind, UnionType) or get_origin(kind) is Union:
        return _of(get_args(kind)[0])
    if get_origin(kind) is list:
        return [_of(get_args(kind)[0])]
    if kind in EXAMPLES:
        return EXAMPLES[kind]
    if inspect.isclass(kind) and issubclass(kind, Enum):
        return next(iter(kind))
    if hasattr(kind, "payload"):
        return kind(payload=b"x")
    return kind.from_dict(_filled(kind)) if hasattr(kind, "from_dict") else "x"


EXAMPLES: dict[Any, Any] = {
    str: "x",
    int: 1,
    float: 1.0,
    bool: True,
    dt.datetime: dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    dt.date: dt.date(2026, 1, 1),
    UUID: UUID(int=1),
}


def _filled(kind: Any) -> dict[str, Any]:
    """Return a document that a generated model reads: what it wants is seen by trying until nothing is missing."""
    document: dict[str, Any] = {}
    for _ in range(50):
        try:
            kind.from_dict(document)
        except KeyError as missing:
            document[missing.args[0]] = "x"
        except (TypeError, ValueError, AttributeError):
            last = list(document)[-1]
            tried = document[last]
            document[last] = {"x": {}, "{}": [], "[]": "2026-01-01T00:00:00Z"}.get(str(tried), 1)
        else:
            return document
    raise AssertionError(f"{kind} wants {document}")


@pytest.mark.parametrize("module", _modules(), ids=lambda module: module.__name__.partition(".")[2])
def test_a_generated_module_takes_a_client_that_is_lenient_and_an_undeclared_status(module: ModuleType) -> None:
    class Lenient:
        raise_on_unexpected_status = False

    response = httpx.Response(299, request=httpx.Request("GET", "http://x"))
    assert module._parse_response(client=Lenient(), response=response) is None


def test_there_are_generated_modules() -> None:
    assert len(_modules()) >= 30
