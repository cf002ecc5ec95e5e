"""Writes the source of a new service's client: a start that its owner then edits by hand.

Every operation runs through `imageapis.core` on both faces; nothing of the generator's `Unset` shows.
"""

from __future__ import annotations

import builtins
import keyword
import textwrap
from typing import TYPE_CHECKING, Any

from scripts.pipeline.errors import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scripts.pipeline.endpoints import Argument, Endpoint

# Names that every client has already, or that annotations in the class body need for themselves.
TAKEN = {"call", "close", "last_request_id", *dir(builtins), *keyword.kwlist}


def class_name(service: str) -> str:
    """The blocking client's class name."""
    return "".join(word.capitalize() for word in service.split("_"))


def method_names(endpoints: Iterable[Endpoint]) -> list[str]:
    """A public method name for each operation, none twice."""
    listed = list(endpoints)
    modules = [endpoint.module for endpoint in listed]
    names = [
        f"{endpoint.tag}_{endpoint.module}" if modules.count(endpoint.module) > 1 else endpoint.module
        for endpoint in listed
    ]
    return [f"{name}_" if name in TAKEN else name for name in names]


def client_source(service: str, title: str, endpoints: list[Endpoint]) -> str:
    """`overlays/imageapis/<service>/client.py`."""
    name = class_name(service)
    methods = [
        _method(method, endpoint, _alias(endpoint, endpoints))
        for method, endpoint in zip(method_names(endpoints), endpoints, strict=True)
    ]
    body = "\n".join(methods)
    checks = "_declared(" in body
    helpers = _DECLARED if checks else ""
    shadowing = any(argument.name in dir(builtins) for endpoint in endpoints for argument in endpoint.arguments)
    return "\n".join(
        [
            f'"""The client for {prose(title)}: its operations, each written once for both faces."""\n',
            *(["# ruff: noqa: A002 - arguments have the API's own names\n"] if shadowing else []),
            "from __future__ import annotations\n",
            *_import_lines(service, endpoints, body),
            "",
            f"class _Operations(Operations):\n    {_doc('Every operation, before it has a face.')}\n",
            f"    _service = Service({name!r}, read_error=read_fault)\n",
            body,
            helpers,
            f"class {name}(BlockingClient, _Operations):",
            f"    {_doc(f'{title}; see `imageapis.core.client.BlockingClient` for the arguments.')}\n\n",
            f"class Async{name}(AsyncClient, _Operations):",
            f"    {_doc(f'{title} for asyncio and trio; see `{name}`.')}",
            "",
        ]
    )


_DECLARED = '''
def _declared(answer: T | None) -> T:
    """Return the answer, unless its status is one that the document does not declare."""
    if answer is None:
        raise UnexpectedReply("The service answered with a status of success that its document does not declare.")
    return answer

'''


def _import_lines(service: str, endpoints: list[Endpoint], body: str) -> list[str]:
    """Imports as one unsorted block; ruff sorts them and drops what is not used."""
    core = [
        "from imageapis.core.body import bytes_body",
        "from imageapis.core.client import AsyncClient, BlockingClient",
        "from imageapis.core.operations import Operations",
        "from imageapis.core.service import Service",
        "from imageapis.core.faces import operation",
        "from imageapis.errors import UnexpectedReply",
        f"from imageapis.{service}.faults import read_fault",
        f"from imageapis_generated.{service}.types import UNSET, File",
        "from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar, cast",
    ]
    core += [
        f"from imageapis_generated.{service}.api.{endpoint.tag} import {endpoint.module}"
        + (f" as {alias}" if (alias := _alias(endpoint, endpoints)) != endpoint.module else "")
        for endpoint in endpoints
    ]
    typed = {name: module for endpoint in endpoints for name, module in _annotated(endpoint)}
    block = [
        f"    from {module} import {name}" if module else f"    import {'datetime as dt' if name == 'dt' else name}"
        for name, module in typed.items()
    ]
    lines = [*core, ""]
    if block:
        lines += ["if TYPE_CHECKING:", *block, ""]
    if "_declared(" in body:
        lines += ['T = TypeVar("T")', ""]
    return lines


def _annotated(endpoint: Endpoint) -> Iterator[tuple[str, str]]:
    """The names that an operation's signature needs, each with the module that has it."""
    parts = {part for argument in endpoint.arguments for part in argument.parts} | {*endpoint.result}
    words = {word for part in parts for word in _words(part)} - {"Any", "cast", "File", "UNSET", "Unset"}
    yield from ((name, module) for name, module in endpoint.imports.items() if name in words)


def _words(annotation: str) -> set[str]:
    return set("".join(char if char.isalnum() or char == "_" else " " for char in annotation).split())


def _alias(endpoint: Endpoint, endpoints: list[Endpoint]) -> str:
    """The name of a generated module in the client: another one where an argument or a second module has it."""
    arguments = {argument.name for other in endpoints for argument in other.arguments}
    twice = sum(1 for other in endpoints if other.module == endpoint.module) > 1
    if twice:
        return f"{endpoint.tag}_{endpoint.module}_operation"
    return f"{endpoint.module}_operation" if endpoint.module in arguments else endpoint.module


def _method(name: str, endpoint: Endpoint, alias: str) -> str:
    positional = [_parameter(argument) for argument in endpoint.arguments if not argument.keyword]
    keywords = [_parameter(argument) for argument in endpoint.arguments if argument.keyword]
    signature = ", ".join(["self", *positional, *(["*"] if keywords else []), *keywords])
    passed = [alias, *(_passed(argument) for argument in endpoint.arguments)]
    returns, statement = _result(endpoint, ", ".join(passed))
    return (
        f"    @operation\n    async def {name}({signature}) -> {returns}:\n"
        f"{_method_doc(endpoint, returns)}\n        {statement}\n"
    )


def _parameter(argument: Argument) -> str:
    parts = [part for part in argument.parts if part not in ("Unset", "None")]
    kind = " | ".join("bytes" if part == "File" else part for part in parts)
    if argument.optional:
        return f"{argument.name}: {kind} | None = None"
    null = " | None" if "None" in argument.parts else ""
    literal = argument.default is not None and argument.default[:1] in "'\"-0123456789TFN"
    return f"{argument.name}: {kind}{null}" + (f" = {argument.default}" if literal else "")


def _passed(argument: Argument) -> str:
    value = argument.name
    if "File" in argument.parts:
        value = f'File(payload=cast("BinaryIO", bytes_body({argument.name})))'
    if argument.optional:
        value = f"UNSET if {argument.name} is None else {value}"
    return f"{argument.name}={value}" if argument.keyword else value


def _result(endpoint: Endpoint, passed: str) -> tuple[str, str]:
    """The annotation of what an operation returns, and the statement that returns it."""
    replies = [reply for status, reply in endpoint.node["responses"].items() if status.startswith("2")]
    parts = list(dict.fromkeys(part for part in endpoint.result if part != "None"))
    if not any(reply.get("content") for reply in replies):
        return "None", f"await self._exchange(await self._request({passed}))"
    if parts == ["File"]:
        return "bytes", f"return (await self._exchange(await self._request({passed}))).content"
    if parts == ["Any"]:
        return "Any", f"return await self._generated({passed})"
    bodiless = "Any" in parts or endpoint.result.count("None") > 1
    returns = " | ".join([*(part for part in parts if part != "Any"), *(["None"] if bodiless else [])])
    answer = f"await self._generated({passed})"
    if not bodiless:
        answer = f"_declared({answer})"
    if bodiless or set(endpoint.everything) != set(endpoint.result):
        answer = f'cast("{returns}", {answer})'
    return returns, f"return {answer}"


def _method_doc(endpoint: Endpoint, returns: str) -> str:
    node = endpoint.node
    says = node.get("summary") or node.get("description") or endpoint.module.replace("_", " ").capitalize()
    sentence = prose(says, limit=100).split(". ")[0].rstrip(".") + "."
    lines = [f'"""{sentence[0].upper()}{sentence[1:]}', ""]
    documented = {_bare(str(entry.get("name"))): entry for entry in node["parameters"]}
    if endpoint.arguments:
        lines.append("Args:")
        for argument in endpoint.arguments:
            entry: dict[str, Any] = documented.get(_bare(argument.name), {})
            where = f"The {entry.get('in')} parameter `{entry.get('name')}`"
            if argument.name == "body":
                entry, where = node["requestBody"], "The request's body"
            text = prose(entry.get("description") or where, limit=200).rstrip(".") + "."
            lines += textwrap.wrap(f"{argument.name}: {text}", 105, initial_indent="    ", subsequent_indent=" " * 8)
        lines.append("")
    if returns != "None":
        lines += ["Returns:", f"    `{returns.replace(' | None', '`, or `None` for an answer without a body')}.", ""]
        lines[-2] = lines[-2] if "or `None`" in lines[-2] else f"    `{returns}`."
    lines += ["Raises:", "    ImageApiError: The service refused, or there is no whole answer.", ""]
    lines += [f"REST: `{endpoint.verb.upper()} {prose(endpoint.path)}`.", '"""']
    return textwrap.indent("\n".join(lines), " " * 8, lambda line: bool(line.strip()))


def _bare(name: str) -> str:
    return "".join(char for char in name.lower() if char.isalnum())


def _doc(text: str) -> str:
    return f'"""{prose(text, limit=110)}"""'


def prose(text: object, *, limit: int = 110) -> str:
    """A document's text made safe to stand in a docstring: one line, without what could end or escape it."""
    return one_line(text, limit=limit).replace("\\", "/").replace('"', "'") or "It has no name"
