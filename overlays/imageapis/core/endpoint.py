"""Between generated endpoints and httpx: a call as a request, an answer as what the document says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from urllib.parse import unquote

import httpx

from imageapis.core.answers import unexpected
from imageapis.core.body import Body
from imageapis.core.reading import MISSHAPEN, excerpt
from imageapis.errors import ConnectionFailed, InvalidArgument, UnsafePath
from imageapis_generated._values import Unwritable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from imageapis.core.http import Request, Response
    from imageapis_generated._requests import Call, Endpoint

P = ParamSpec("P")
T = TypeVar("T")


def call_of(endpoint: Endpoint[P, Any], *args: P.args, **kwargs: P.kwargs) -> Call:
    """Return the request that a generated endpoint builds.

    Raises:
        InvalidArgument: An argument is something that a request cannot carry.
        UnsafePath: An argument would make the path that of another thing.
    """
    try:
        call = endpoint.build(*args, **kwargs)
    except Unwritable as problem:
        why = str(problem)
    except UnicodeError:
        why = "an argument holds half a character"
    else:
        check_path(call.path)
        return call
    name = getattr(endpoint, "__name__", "").rpartition(".")[2]
    # Not while the other is handled, which may hold the argument.
    raise InvalidArgument(f"{name} cannot be called so: {why}. Nothing was sent.")


def check_path(path: str) -> None:
    """Check that the values in a path cannot climb out of their places, here, at a proxy or at the service.

    `.` and `..` are taken away by whoever tidies an address, and with them what stands before; so is an empty segment.
    (At the end one is the document's own: generated code takes no empty value.)
    A value may hold several names with slashes between: they are looked at as well, as servers undo the encoding.

    Raises:
        UnsafePath: One of them can.
    """
    if not ("." in path or "//" in path):
        return
    for segment in path.removeprefix("/").removesuffix("/").split("/"):
        names = unquote(segment).replace("\\", "/").split("/")
        if not segment or "." in names or ".." in names:
            raise UnsafePath(
                f"{excerpt(unquote(segment), 80)!r} cannot stand in the path {excerpt(path, 200)}: it would be read as "
                "another path. Nothing was sent."
            )


def request_of(client: httpx.Client | httpx.AsyncClient, url: str, call: Call, headers: Mapping[str, str]) -> Request:
    """Return a call as a request.

    Args:
        client: Whose default headers, cookies and time-outs the request carries.
        url: The whole address, without the call's query.
        call: What `call_of` returned. A `Body` as its content is streamed, with its length announced.
        headers: Headers besides those of the call; the call's own win.

    Raises:
        ConnectionFailed: The address or a header cannot be sent as it is.
    """
    headers = {**headers, **call.headers}
    if call.query:
        url = f"{url}{'&' if '?' in url else '?'}{call.query}"
    if call.content_type is not None:
        headers["Content-Type"] = call.content_type
    content = call.content
    try:
        if isinstance(content, Body):
            headers["Content-Length"] = str(content.size)
            request = client.build_request(call.method, url, headers=headers)
            request.stream = content
            return request
        if isinstance(content, (bytearray, memoryview)):
            content = bytes(content)
        return client.build_request(call.method, url, headers=headers, content=content, files=call.files)
    except (httpx.InvalidURL, UnicodeError) as failure:
        raise ConnectionFailed(
            f"{call.method} {url.partition('?')[0]} cannot be sent ({failure}). Check the login's address and headers.",
            sent=False,
        ) from failure


def value_of(endpoint: Endpoint[Any, T], response: Response) -> T:
    """Return what an answer says.

    Raises:
        UnexpectedReply: The answer is not what the document promises.
    """
    try:
        return endpoint.parse(response)
    except MISSHAPEN as problem:
        error = unexpected(response, str(problem))
    # Not while the other is handled, which may hold what the answer held.
    raise error
