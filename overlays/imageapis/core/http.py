"""The HTTP types that services name, and an answer that can be read whatever it holds.

Services import them from here: what we send through is core's choice.
"""

from __future__ import annotations

from typing import Any, cast

import httpx

from imageapis.core import decoding

Request = httpx.Request
Timeout = httpx.Timeout


class Response(httpx.Response):
    """An answer whose body is input from outside: reading it as JSON or text fails by `ValueError` or not at all.

    Every answer that core hands out is one, so that nobody has to remember it: hand-written code, generated code and
    hooks all call `response.json()`.
    """

    def json(self, **_: Any) -> Any:
        """Return the body as JSON.

        Raises:
            ValueError: It is not JSON, or is JSON that no service sends; see `decoding.json_value`.
        """
        return decoding.json_value(self.content)

    @property
    def text(self) -> str:
        """The body as text, with a mark for each byte that is none."""
        return decoding.plain_text(self.content, self.charset_encoding)


def guarded(response: httpx.Response) -> Response:
    """Return an answer of httpx as ours. It is the same object: a copy would part it from its connection."""
    response.__class__ = Response
    return cast("Response", response)
