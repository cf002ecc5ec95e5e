"""Writes the smoke test of a new service: each operation once on each face, answered by a transport, not a server."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from scripts.pipeline.client_source import class_name, method_names
from scripts.pipeline.endpoints import shape
from scripts.pipeline.specimens import specimen

if TYPE_CHECKING:
    from scripts.pipeline.documents import Document
    from scripts.pipeline.endpoints import Argument, Endpoint

_PLAIN = {
    "str": "'x'",
    "int": "1",
    "float": "1.5",
    "bool": "True",
    "bytes": "b'x'",
    "Any": "{}",
    "dt.datetime": "dt.datetime(2024, 1, 2, tzinfo=dt.UTC)",
    "dt.date": "dt.date(2024, 1, 2)",
    "UUID": "UUID(int=1)",
    "File": "b'x'",
    "None": "None",
}


def smoke_source(service: str, document: Document, endpoints: list[Endpoint]) -> str:
    """`tests/<service>/test_smoke.py`."""
    name = class_name(service)
    calls, imports = [], set()
    for method, endpoint in zip(method_names(endpoints), endpoints, strict=True):
        arguments = []
        for argument in endpoint.arguments:
            if argument.optional or argument.default is not None:
                continue
            body = endpoint.node["requestBody"] if argument.name == "body" else {}
            arguments.append(f"{argument.name!r}: {_value(document, argument, body)}")
            imports |= _imports(argument, endpoint)
        path = re.escape(shape(endpoint.path)).replace(re.escape("{}"), "[^/]+")
        status, kind, reply = _reply(document, endpoint)
        calls.append(
            f"Call({method!r}, {{{', '.join(arguments)}}}, {endpoint.verb.upper()!r}, {path!r}, "
            f"{status}, {kind!r}, {reply!r}),"
        )
    return "\n".join(
        [
            f'"""Every operation of {name} is called once on each face and given the smallest reply allowed."""\n',
            "from __future__ import annotations\n",
            "import datetime as dt\nimport re\nfrom typing import TYPE_CHECKING, Any, NamedTuple",
            "from uuid import UUID\n",
            f"import httpx\nimport pytest\nfrom imageapis.{service} import Async{name}, {name}, auth",
            *sorted(imports),
            "\nif TYPE_CHECKING:\n    from tests.conftest import Face\n\n",
            _TEST.replace("CALLS_GO_HERE", "\n    ".join(calls)).replace("CLIENT", name).replace("SERVICE", service),
        ]
    )


def _value(document: Document, argument: Argument, body: dict[str, Any]) -> str:
    """The source of a small value for an argument."""
    parts = [part for part in argument.parts if part not in ("Unset", "None")]
    kind = parts[0]
    if kind in _PLAIN:
        return _PLAIN[kind]
    for media in body.get("content", {}).values():
        return _model(kind, specimen(document, media.get("schema")))
    if kind.startswith("list["):
        return "[]"
    return f"next(iter({kind}))"  # an enum: models are bodies


def _model(kind: str, value: Any) -> str:
    """The source of a generated value from its JSON."""
    if kind.startswith("list["):
        inner = kind[len("list[") : -1]
        return f"[{', '.join(_model(inner, entry) for entry in value or ())}]"
    if kind in _PLAIN:
        return repr(value)
    return f"{kind}.from_dict({value if isinstance(value, dict) else {}!r})"


def _imports(argument: Argument, endpoint: Endpoint) -> set[str]:
    words = {word for part in argument.parts for word in re.findall(r"\w+", part)}
    return {
        f"from {module} import {name}"
        for name, module in endpoint.imports.items()
        if name in words and ".models." in module
    }


def _reply(document: Document, endpoint: Endpoint) -> tuple[int, str, bytes]:
    """Status, media type and body of the first declared reply of success, the first with a body if there is one."""
    replies = {status: reply for status, reply in endpoint.node["responses"].items() if status.startswith("2")}
    chosen = sorted(replies, key=lambda status: (not replies[status].get("content"), status))
    if not chosen:
        return 200, "text/plain", b""
    status = int(chosen[0].replace("X", "0"))
    for kind, media in replies[chosen[0]].get("content", {}).items():
        if "json" not in kind:
            return status, kind, b"x"
        return status, kind, json.dumps(specimen(document, media.get("schema")), default=bytes.decode).encode()
    return status, "text/plain", b""


_TEST = '''
class Call(NamedTuple):
    """A call of one operation, the request that it must send, and the reply to that."""

    method: str
    arguments: dict[str, Any]
    verb: str
    path: str
    status: int
    media_type: str
    reply: bytes


CALLS = [
    CALLS_GO_HERE
]


@pytest.mark.parametrize("call", CALLS, ids=[call.method for call in CALLS])
def test_an_operation_sends_its_request_and_reads_its_reply(face: Face, call: Call) -> None:
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(call.status, headers={"Content-Type": call.media_type}, content=call.reply)

    transport = httpx.MockTransport(answer)
    http = httpx.Client(transport=transport) if face.blocking else httpx.AsyncClient(transport=transport)
    client = face.open(CLIENT, AsyncCLIENT, auth.unsecured("http://SERVICE.test"), http_client=http)
    result = getattr(client, call.method)(**call.arguments)
    (request,) = seen
    assert request.method == call.verb
    assert re.fullmatch(call.path, request.url.path)
    assert (result is None) == (call.reply in (b"", b"null"))
'''
