"""What core must be told of a service: a `Service`, and the `ErrorDetail` that it reads from an error answer."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from imageapis.core.http import Response


class ErrorDetail(NamedTuple):
    """What a service says in an answer of 400 or more.

    Attributes:
        code: Its own error code.
        message: Its own words.
        advice: What the caller can do, in our words.
        request_id: The id under which the service logged the call, if the body tells it and no header does.
    """

    code: str | None = None
    message: str | None = None
    advice: str | None = None
    request_id: str | None = None


class Service(NamedTuple):
    """What core must be told of a service.

    Attributes:
        name: Its name in texts.
        read_error: Reads an answer of 400 or more. It may raise ValueError, KeyError, TypeError or AttributeError on a
            body that is not the service's.
        request_ids: Names of answer headers that carry the id under which the service logged a call; first found wins.
        headers: Headers that every request carries.
    """

    name: str
    read_error: Callable[[Response], ErrorDetail]
    request_ids: tuple[str, ...] = ()
    headers: Mapping[str, str] = MappingProxyType({})

    def request_id(self, response: Response) -> str | None:
        """Return the id under which the service logged a call, as the headers of its answer tell it."""
        get = response.headers.get
        for name in self.request_ids:
            if (found := get(name)) is not None:
                return str(found)
        return None
