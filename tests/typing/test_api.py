"""What `api` checks the types of is all that there is: each public operation and attribute of each client."""

from __future__ import annotations

import ast
import importlib
import inspect
from pathlib import Path

import pytest

CLIENTS = {
    "servicefabric": ("ImageStore", "AsyncImageStore", "ImageStores", "AsyncImageStores"),
    "lusid": ("SchedulerImages", "AsyncSchedulerImages"),
    "openstack": ("ComputeImages", "AsyncComputeImages"),
}


def checked(client: str) -> set[str]:
    """Return the names of a client of which an `assert_type` says what they give.

    Args:
        client: As functions of `api` annotate an argument, e.g. `lusid.SchedulerImages`.
    """
    tree = ast.parse(Path(__file__).with_name("api.py").read_text("utf-8"))
    found = set()
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        names = {one.arg for one in function.args.args if one.annotation and ast.unparse(one.annotation) == client}
        for call in ast.walk(function):
            if isinstance(call, ast.Call) and ast.unparse(call.func) == "assert_type":
                found |= {
                    node.attr
                    for node in ast.walk(call.args[0])
                    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names
                }
    return found


@pytest.mark.parametrize(
    ("service", "client"), [(service, client) for service, clients in CLIENTS.items() for client in clients]
)
def test_the_types_of_each_operation_are_checked(service: str, client: str) -> None:
    found = getattr(importlib.import_module(f"imageapis.{service}"), client)
    public = {name for name in dir(found) if not name.startswith("_")}
    assert public - checked(f"{service}.{client}") == set()


def test_there_is_no_other_client() -> None:
    for service, clients in CLIENTS.items():
        package = importlib.import_module(f"imageapis.{service}")
        operations = {name for name in package.__all__ if any(map(callable, _awaited(getattr(package, name))))}
        assert operations == {client for client in clients if client.startswith("Async")}


def _awaited(found: object) -> list[object]:
    names = [name for name in dir(found) if not name.startswith("_")] if inspect.isclass(found) else []
    return [getattr(found, name) for name in names if inspect.iscoroutinefunction(getattr(found, name))]
