"""Prints the smoke test of a new service: each operation once on each face, answered by a transport, not a server."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from scripts.pipeline.client_source import class_name
from scripts.pipeline.ir import Use
from scripts.pipeline.samples import Samples
from scripts.pipeline.signatures import parameters

if TYPE_CHECKING:
    from scripts.pipeline.ir import Api, Operation


def smoke_source(api: Api) -> str:
    """`tests/<service>/test_smoke.py`."""
    name, samples = class_name(api.service), Samples(api.models)
    calls = [_call(operation, samples) for operation in api.operations if operation.by_hand is None]
    return "\n".join(
        [
            f'"""Every operation of {name} is called once on each face and given the smallest reply allowed."""\n',
            "from __future__ import annotations\n",
            "import datetime as dt\nimport re\nfrom typing import TYPE_CHECKING, Any, NamedTuple",
            "from uuid import UUID\n",
            f"import httpx\nimport pytest\nfrom imageapis.{api.service} import Async{name}, {name}, auth",
            f"from imageapis_generated.{api.service} import values",
            "\nif TYPE_CHECKING:\n    from tests.conftest import Face\n\n",
            _TEST.replace("CALLS_GO_HERE", "\n    ".join(calls))
            .replace("CLIENT", name)
            .replace("SERVICE", api.service),
        ]
    )


def _call(operation: Operation, samples: Samples) -> str:
    """The source of one row of the table."""
    needed = [one for one in parameters(operation) if one.required and one.default is None]
    arguments = [
        f"{one.name!r}: {samples.filled(one.use) if one.place == 'path' else samples.source(one.use)}" for one in needed
    ]
    if operation.bodies and operation.body_required:
        body = operation.bodies[0]
        arguments.append(f"'body': {samples.form(body)}")
    before = urlsplit(operation.server or "").path.rstrip("/")  # where the operation has a server of its own
    template = unquote(operation.path.partition("?")[0])  # httpx tells a path decoded
    path = re.escape(before) + re.sub(r"\\{[^{}]*\\}", "[^/]+", re.escape(template))
    status, kind, reply = _reply(operation, samples)
    return (
        f"Call({operation.method_name!r}, {{{', '.join(arguments)}}}, {operation.method!r}, {path!r}, "
        f"{status}, {kind!r}, {reply!r}),"
    )


def _reply(operation: Operation, samples: Samples) -> tuple[int, str, bytes]:
    """Status, media type and body of the first answer of success, of the first with a body if there is one."""
    reply = next((one for one in operation.replies if one.form != "none"), operation.replies[0])
    if reply.form == "json":
        body = json.dumps(samples.json(Use(reply.use.type))).encode()
        return reply.low, str(reply.media_type), body
    return reply.low, reply.media_type or "text/plain", b"" if reply.form == "none" else b"x"


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
    result = face.run(getattr(client.client, call.method), **call.arguments)
    (request,) = seen
    assert request.method == call.verb
    assert re.fullmatch(call.path, request.url.path)
    assert (result is None) == (call.reply in (b"", b"null"))
'''
