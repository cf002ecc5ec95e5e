"""Recording and replaying what a real cloud answered: what is scrubbed, what is compared, where it lies."""

from __future__ import annotations

import importlib
import json
import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parents[1] / "cassettes" / "openstack"
#: The ids of what was seeded when the cassettes were recorded, with nothing secret among them.
WORLD = FOLDER / "world.json"
SCRUBBED = "scrubbed"
#: Headers of requests and answers that hold a secret.
_SECRET_HEADERS = ("x-auth-token", "x-subject-token", "authorization", "set-cookie", "cookie")
#: Headers of answers that a test may look at; all others are left out.
_KEPT_HEADERS = {
    *("content-type", "location", "openstack-api-version", "www-authenticate", "x-subject-token"),
    *("x-compute-request-id", "x-openstack-request-id"),
}
#: A recorded token never ends, or each replayed call would log in anew.
_FOR_EVER = "2999-01-01T00:00:00.000000Z"


@contextmanager
def cassette(name: str, *, record: bool) -> Iterator[Any]:
    """Record or replay what happens in this context."""
    vcr: Any = importlib.import_module("vcr")  # it has no types
    path = FOLDER / f"{name}.yaml"
    if record:
        path.unlink(missing_ok=True)
    recorder = vcr.VCR(
        record_mode="all" if record else "none",
        match_on=["method", "path", "meaning_of_query", "scrubbed_body"],
        before_record_request=_scrub_request,
        before_record_response=_scrub_answer,
        decode_compressed_response=True,
    )
    recorder.register_matcher("scrubbed_body", _same_body)
    recorder.register_matcher("meaning_of_query", _same_query)
    with recorder.use_cassette(str(path), allow_playback_repeats=False) as tape:
        yield tape


def _scrub_request(request: Any) -> Any:
    for name in list(request.headers):
        if name.lower() in _SECRET_HEADERS:
            request.headers[name] = SCRUBBED
        elif name.lower() not in {"accept", "content-type", "openstack-api-version"}:
            del request.headers[name]
    if request.body:
        body = request.body if isinstance(request.body, bytes) else bytes(request.body)
        request.body = json.dumps(_scrubbed(json.loads(body))).encode()
    return request


def _scrub_answer(answer: dict[str, Any]) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    for name, value in answer["headers"].items():
        if name.lower() in _KEPT_HEADERS:
            headers[name] = [SCRUBBED] if name.lower() in _SECRET_HEADERS else value
    text = answer["body"]["string"]
    text = text if isinstance(text, str) else text.decode("utf-8")
    try:
        text = json.dumps(_scrubbed(json.loads(text)), ensure_ascii=False)
    except ValueError:
        text = re.sub(r"gAAAA[\w=-]+", SCRUBBED, text)
    return {**answer, "headers": headers, "body": {"string": text.encode("utf-8")}}


def _scrubbed(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        # A token's id is a secret, all other ids are not.
        inner = {key: _scrubbed(member, key) for key, member in value.items()}
        return {**inner, "id": SCRUBBED} if name == "token" and "id" in inner and len(inner) == 1 else inner
    if isinstance(value, list):
        return [_scrubbed(member, name) for member in value]
    if name in {"password", "secret", "audit_ids"}:
        return SCRUBBED
    return _FOR_EVER if name == "expires_at" else value


def _same_body(one: Any, other: Any) -> None:
    assert (one.body or b"") == (other.body or b""), "another body"


def _same_query(one: Any, other: Any) -> None:
    # A time in UTC has two spellings; which one was sent when this was recorded says nothing.
    first, second = ([(k, v.replace("+00:00", "Z")) for k, v in query] for query in (one.query, other.query))
    assert first == second, "another query"
