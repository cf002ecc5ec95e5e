"""Spans of requests, on both faces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from imageapis.errors import ConnectionFailed, NotFound
from imageapis.otel import tracing
from imageapis.servicefabric import AsyncImageStore, ImageStore, auth
from imageapis.testing.servicefabric import ServiceFabricServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opentelemetry.sdk.trace import ReadableSpan

    from tests.conftest import Face, FakeClock


@pytest.fixture(scope="module")
def server() -> Iterator[ServiceFabricServer]:
    with ServiceFabricServer() as running:
        yield running


@pytest.fixture
def spans() -> InMemorySpanExporter:
    return InMemorySpanExporter()


def _store(face: Face, spans: InMemorySpanExporter, url: str, clock: FakeClock) -> Any:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    return face.open(ImageStore, AsyncImageStore, auth.unsecured(url), hooks=tracing(provider), clock=clock)


def _only(spans: InMemorySpanExporter) -> tuple[ReadableSpan, dict[str, Any]]:
    [span] = spans.get_finished_spans()
    return span, dict(span.attributes or {})


def test_a_request_is_a_span_of_a_client(
    face: Face, server: ServiceFabricServer, spans: InMemorySpanExporter, clock: FakeClock
) -> None:
    _store(face, spans, server.url, clock).info()
    span, attributes = _only(spans)
    assert (span.name, span.kind) == ("GET", SpanKind.CLIENT)
    assert attributes["http.response.status_code"] == 200
    assert attributes["url.full"] == f"{server.url}/ImageStore/$/Info"
    assert "error.type" not in attributes


def test_the_service_is_told_which_span_it_serves(
    face: Face, server: ServiceFabricServer, spans: InMemorySpanExporter, clock: FakeClock
) -> None:
    _store(face, spans, server.url, clock).info()
    span, _ = _only(spans)
    assert f"{span.context.trace_id:032x}-{span.context.span_id:016x}" in server.seen[-1].headers["traceparent"]


def test_a_refusal_is_an_error_by_its_status(
    face: Face, server: ServiceFabricServer, spans: InMemorySpanExporter, clock: FakeClock
) -> None:
    with pytest.raises(NotFound):
        _store(face, spans, server.url, clock).stat("nothing")
    span, attributes = _only(spans)
    assert attributes["error.type"] == "404"
    assert span.status.status_code is StatusCode.ERROR


def test_a_request_without_an_answer_ends_its_span_with_the_error(
    face: Face, spans: InMemorySpanExporter, clock: FakeClock
) -> None:
    with pytest.raises(ConnectionFailed):
        _store(face, spans, "http://127.0.0.1:1", clock).info()
    span, attributes = _only(spans)
    assert attributes["error.type"] == "ConnectionFailed"
    assert span.status.status_code is StatusCode.ERROR
