"""The adapter to generated code: the only place that knows the private names of openapi-python-client's modules.

A contract test holds every generated module to `Endpoint`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar, cast
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
    from imageapis_generated import _requests as generated

P = ParamSpec("P")
R_co = TypeVar("R_co", covariant=True)
T = TypeVar("T")


class Endpoint(Protocol[P, R_co]):
    """A generated module of one operation."""

    def _get_kwargs(self, *args: P.args, **kwargs: P.kwargs) -> dict[str, Any]: ...

    def _parse_response(self, *, client: Any, response: httpx.Response) -> R_co | None: ...


class _Lenient:
    """What `_parse_response` asks its client: an undeclared status is judged by us, not there."""

    raise_on_unexpected_status = False


_LENIENT = _Lenient()


def arguments(endpoint: Endpoint[P, Any], *args: P.args, **kwargs: P.kwargs) -> dict[str, Any]:
    """Return what the generated code would hand to httpx for a call: method, url, params, headers, json, content.

    Raises:
        UnsafePath: An argument would make the path that of another thing.
    """
    try:
        made = endpoint._get_kwargs(*args, **kwargs)  # noqa: SLF001 - see above
    except UnicodeError:
        made = None
    if made is None:
        raise UnsafePath("An argument holds half a character, which no path and no query carries. Nothing was sent.")
    check_path(made["url"])
    return made


def build(
    client: httpx.Client | httpx.AsyncClient, url: str, arguments: dict[str, Any], headers: dict[str, str]
) -> Request:
    """Build the request of a call.

    Args:
        client: Whose default headers, cookies and time-outs the request carries.
        url: The whole address; it takes the place of the path in `arguments`.
        arguments: What `arguments()` returned. A `Body` as `content` is streamed, with its length announced.
        headers: Headers besides those of the call; the call's own win.

    Raises:
        ConnectionFailed: The address or a header cannot be sent as it is.
    """
    try:
        return _build(client, url, arguments, headers)
    except (httpx.InvalidURL, UnicodeError) as failure:
        raise ConnectionFailed(
            f"{arguments['method'].upper()} {url.partition('?')[0]} cannot be sent ({failure}). "
            "Check the login's address and headers.",
            sent=False,
        ) from failure


def _build(
    client: httpx.Client | httpx.AsyncClient, url: str, arguments: dict[str, Any], headers: dict[str, str]
) -> Request:
    own = arguments.get("headers")
    headers = {**headers, **own} if own else headers
    content = arguments.get("content")
    if params := arguments.get("params"):
        # httpx writes a space as `+`, which only forms mean by it: `%20` is understood everywhere.
        url = f"{url}?{str(httpx.QueryParams(params)).replace('+', '%20')}"
    if isinstance(content, Body):
        headers = {**headers, "Content-Length": str(content.size)}
        request = client.build_request(arguments["method"], url, headers=headers)
        request.stream = content
        return request
    files = arguments.get("files")
    if files is not None:
        # The generator's boundary is a constant, which a file may hold; httpx draws one for each request.
        headers = {name: value for name, value in headers.items() if name.lower() != "content-type"}
    return client.build_request(
        arguments["method"],
        url,
        headers=headers,
        content=content,
        files=files,
        json=arguments.get("json"),
        data=arguments.get("data"),
    )


def check_path(path: str) -> None:
    """Check that the values in a path cannot climb out of their places, here, at a proxy or at the service.

    `.` and `..` are taken away by whoever tidies an address, and with them what stands before; so is an empty segment.
    A value may hold several names with slashes between: they are looked at as well, as servers undo the encoding.

    Raises:
        UnsafePath: One of them can.
    """
    if not ("." in path or "//" in path or (path.endswith("/") and len(path) > 1)):
        return
    for segment in path.removeprefix("/").split("/"):
        names = unquote(segment).replace("\\", "/").split("/")
        if not segment or "." in names or ".." in names:
            raise UnsafePath(
                f"{excerpt(unquote(segment), 80)!r} cannot stand in the path {excerpt(path, 200)}: it would be read as "
                "another path. Nothing was sent."
            )


def call_of(endpoint: generated.Endpoint[P, Any], *args: P.args, **kwargs: P.kwargs) -> generated.Call:
    """Return the request that a generated endpoint builds.

    Raises:
        InvalidArgument: An argument is something that a request cannot carry.
        UnsafePath: An argument would make the path that of another thing.
    """
    try:
        call = endpoint.build(*args, **kwargs)
        check_path(call.path)
        return call
    except Unwritable as problem:
        name = getattr(endpoint, "__name__", "").rpartition(".")[2]
        raise InvalidArgument(f"{name} cannot be called so: {problem}. Nothing was sent.") from None


def request_of(
    client: httpx.Client | httpx.AsyncClient, url: str, call: generated.Call, headers: Mapping[str, str]
) -> Request:
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


def value_of(endpoint: generated.Endpoint[Any, T], response: Response) -> T:
    """Return what an answer says.

    Raises:
        UnexpectedReply: The answer is not what the document promises.
    """
    try:
        return endpoint.parse(response)
    except MISSHAPEN as problem:
        error = unexpected(response, str(problem))
    raise error


def parse(endpoint: Endpoint[Any, T], response: Response) -> T:
    """Return the answer as the generated model of its status.

    Raises:
        UnexpectedReply: The answer is not what the document promises.
    """
    try:
        # The generated code answers None for a status that the document does not know and for one without a body.
        return cast("T", endpoint._parse_response(client=_LENIENT, response=response))  # noqa: SLF001
    except MISSHAPEN as failure:
        error = unexpected(response, f"{type(failure).__name__}: {failure}")
    raise error
