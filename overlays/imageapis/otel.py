"""Spans of OpenTelemetry for a client's requests: `tracing()`, to pass as `hooks=`. Needs `imageapis[otel]`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opentelemetry import propagate, trace
from opentelemetry.trace import SpanKind, StatusCode

from imageapis import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    from imageapis.core.http import Request, Response
    from imageapis.errors import ImageApiError

_SPAN = "imageapis_span"


def tracing(tracer_provider: trace.TracerProvider | None = None) -> dict[str, list[Callable[..., Any]]]:
    """Return hooks that make a span of each request: its tries together, until the answer's header or the failure.

    Names and attributes are those of the semantic conventions for HTTP clients. Addresses are recorded without their
    query. The span's context goes to the service in `traceparent`.

    ```python
    with ImageStore(login, hooks=tracing()) as store:
        ...
    ```

    Args:
        tracer_provider: Whose spans these are; the global one by default.

    Returns:
        What a client takes as `hooks=`. To have hooks of your own besides, add them to the lists.
    """
    tracer = trace.get_tracer("imageapis", __version__, tracer_provider)

    def begin(request: Request) -> None:
        url = request.url
        span = tracer.start_span(
            request.method,
            kind=SpanKind.CLIENT,
            attributes={
                "http.request.method": request.method,
                "server.address": url.host,
                "server.port": url.port or {"http": 80, "https": 443}[url.scheme],
                "url.full": f"{url.scheme}://{url.netloc.decode('ascii')}{url.path}",
            },
        )
        request.extensions[_SPAN] = span
        propagate.inject(request.headers, trace.set_span_in_context(span))

    def answered(response: Response) -> None:
        span: trace.Span = response.request.extensions.pop(_SPAN)
        span.set_attribute("http.response.status_code", response.status_code)
        if response.status_code >= 400:
            span.set_attribute("error.type", str(response.status_code))
            span.set_status(StatusCode.ERROR)
        span.end()

    def failed(request: Request, failure: ImageApiError) -> None:
        span: trace.Span = request.extensions.pop(_SPAN)
        span.set_attribute("error.type", type(failure).__qualname__)
        span.set_status(StatusCode.ERROR, str(failure))
        span.end()

    return {"request": [begin], "response": [answered], "failure": [failed]}
