"""The contract between `core.endpoint` and generated code: every generated module has what the adapter relies on."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from typing import TYPE_CHECKING, Any

import httpx
import imageapis_generated
import pytest

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
    if parameter.name != "body":
        return "x"
    kind = parameter.annotation
    return kind(payload=b"x") if kind.__name__ == "File" else kind.from_dict(_filled(kind))


def _filled(kind: Any) -> dict[str, Any]:

    # Generated request models read only texts and maps; what they read is seen by trying until nothing is missing.
    document: dict[str, Any] = {}
    for _ in range(20):
        try:
            kind.from_dict(document)
        except KeyError as missing:
            document[missing.args[0]] = "x"
        except (TypeError, ValueError):
            document = {key: {"x": "x"} for key in document}
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
