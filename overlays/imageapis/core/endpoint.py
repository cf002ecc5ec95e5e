"""Between generated endpoints and httpx: a call as a request, an answer as what the document says of it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast
from urllib.parse import unquote

import httpx

from imageapis.core.body import Body
from imageapis.core.decoding import MISSHAPEN, excerpt
from imageapis.core.response_body import unexpected
from imageapis.errors import ConnectionFailed, InvalidArgument, UnsafePath, WrongType
from imageapis_generated._values import Unwritable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from imageapis.core.http import Request, Response
    from imageapis_generated._requests import Call, Endpoint

P = ParamSpec("P")
T = TypeVar("T")

_BUILD = httpx.Client.build_request
#: An address whose path and query are encoded already: what stands before them, and each of them.
_ENCODED = re.compile(r"(https?://[^/?#@\s]+)(/[\w.~!$&'()*+,;=:@%/-]*)(?:\?([\w.~!$&'()*+,;=:@%/?-]+))?", re.ASCII)
#: A name in a path that begins with a dot, or is none.
_MAY_CLIMB = re.compile(r"(?:^|[/\\]|%2F|%5C)(?:\.|%2E)|//", re.IGNORECASE)
#: What httpx would tidy in it all the same.
_UNTIDY = re.compile(r"/\.|%(?![0-9A-Fa-f]{2})")
#: Characters of an address that are certainly not too many for httpx.
_LONGEST = 60_000
#: Methods whose requests say how long their body is even if there is none.
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


def call_of(endpoint: Endpoint[P, Any], /, *args: P.args, **kwargs: P.kwargs) -> Call:
    """Return the request that a generated endpoint builds.

    Raises:
        InvalidArgument: An argument is something that a request cannot carry.
        UnsafePath: An argument would make the path that of another thing.
    """
    if not hasattr(endpoint, "build"):
        raise WrongType(
            f"An operation is a module of imageapis_generated.<service>.endpoints, not {type(endpoint).__name__}."
        )
    try:
        call = endpoint.build(*args, **kwargs)
    except Unwritable as problem:
        why = str(problem)
    except UnicodeError:
        why = "an argument holds half a character"
    except (ValueError, RecursionError):
        why = "an argument holds what JSON has no word for: NaN, infinity, or itself"
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
    if _MAY_CLIMB.search(path) is None:
        return
    for segment in path.removeprefix("/").removesuffix("/").split("/"):
        names = unquote(segment).replace("\\", "/").split("/")
        if not segment or "." in names or ".." in names:
            raise UnsafePath(
                f"{excerpt(unquote(segment), 80)!r} cannot stand in the path {excerpt(path, 200)}: it would be read as "
                "another path. Nothing was sent."
            )


def url_of(address: str) -> httpx.URL:
    """Return `httpx.URL(address)`, which looks at each letter and so takes longer than sending a small file.

    Raises:
        httpx.InvalidURL: It is no address.
    """
    found = _ENCODED.fullmatch(address)
    if found is None or len(address) > _LONGEST or _UNTIDY.search(address) is not None:
        return httpx.URL(address)
    place, path, query = found.groups()
    url = httpx.URL.__new__(httpx.URL)
    url._uri_reference = _place(place)._replace(path=path, query=query)  # noqa: SLF001 - httpx has no quicker way
    return url


@lru_cache(maxsize=64)
def _place(place: str) -> Any:
    return httpx.URL(place)._uri_reference  # noqa: SLF001


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
    if isinstance(content, (bytearray, memoryview)):
        content = bytes(content)
    body = content if isinstance(content, Body) else None
    if body is not None:
        headers["Content-Length"] = str(body.size)
        content = None
    try:
        # What is unusual is left to httpx: forms, default parameters, a client that builds in a way of its own.
        if (
            (content is None or isinstance(content, bytes))
            and call.files is None
            and not client.params
            and type(client).build_request is _BUILD
        ):
            request = _built(client, call.method, url, headers, content or b"")
        else:
            request = client.build_request(call.method, url, headers=headers, content=content, files=call.files)
    except (httpx.InvalidURL, UnicodeError) as failure:
        raise ConnectionFailed(
            f"{call.method} {url.partition('?')[0]} cannot be sent ({failure}). Check the login's address and headers.",
            sent=False,
        ) from failure
    if body is not None:
        request.stream = body
    return request


def _built(
    client: httpx.Client | httpx.AsyncClient, method: str, url: str, headers: Mapping[str, str], content: bytes
) -> Request:
    """Return the request that `client.build_request` builds, but go through the headers only once."""
    address = url_of(url)
    ours = {name.lower().encode("ascii") for name in headers}
    theirs = [(name, value) for name, value in client.headers.raw if name.lower() not in ours]
    merged: list[tuple[str | bytes, str | bytes]] = [*theirs, *headers.items()]
    names = {name.lower() for name, _ in theirs} | ours
    if b"host" not in names:
        merged.insert(0, (b"Host", address.netloc))
    if (content or method in _WITH_BODY) and not (b"content-length" in names or b"transfer-encoding" in names):
        merged.append((b"Content-Length", b"%d" % len(content)))
    request = httpx.Request(
        method,
        address,
        headers=cast("Any", merged),
        cookies=client.cookies,
        stream=httpx.ByteStream(content),
        extensions={"timeout": client.timeout.as_dict()},
    )
    request._content = content  # noqa: SLF001 - what `read` would put together
    return request


def value_of(endpoint: Endpoint[Any, T], response: Response) -> T:
    """Return what an answer says.

    Raises:
        UnexpectedReply: The answer is not what the document promises.
    """
    try:
        value = endpoint.parse(response)
    except MISSHAPEN as problem:
        error = unexpected(response, str(problem))
    else:
        if value is not None or not _is_page(response):
            return value
        error = unexpected(response, "a page where nothing was to be said")
    # Not while the other is handled, which may hold what the answer held.
    raise error


def _is_page(response: Response) -> bool:
    """Say whether an answer is what a proxy or a portal puts in the place of a service's, often with 200."""
    if not response.content:
        return False
    kind: str = response.headers.get("Content-Type", "").strip().lower()
    return kind.startswith(("text/html", "application/xhtml"))
