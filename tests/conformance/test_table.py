"""Every operation under every fault does what the table says, on each face: so many requests, such an outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from imageapis.errors import ImageApiError
from imageapis.testing.contract import document_path
from tests.conformance.conftest import CLASSES, Service
from tests.conformance.table import FIXED, RENEWABLE, ROWS, SEQUENCES, UNSEEN, VALUE, Row

if TYPE_CHECKING:
    from tests.conftest import Face, FakeClock

RETRIES = 2


def _open(face: Face, clock: FakeClock, row: Row, service: Service, *, renewable: bool) -> Any:
    login = service.login(renewable=renewable)
    return face.open(*CLASSES[row.service], login, clock=clock, retries=RETRIES)


def _outcome(face: Face, client: Any, row: Row, service: Service) -> tuple[int, str]:
    """Call the operation and return how many of its requests were sent and what it came to."""
    service.server.seen.clear()
    try:
        value = row.call(_Settled(client, face), service.image)
    except ImageApiError as failure:
        return service.sent(row.operation), type(failure).__name__
    del value
    return service.sent(row.operation), VALUE


class _Settled:
    """A client whose pagers are plain as well."""

    def __init__(self, client: Any, face: Face) -> None:
        self._client = client
        self._face = face

    def __getattr__(self, name: str) -> Any:
        def call(*args: Any, **options: Any) -> Any:
            value = getattr(self._client, name)(*args, **options)
            return _Settled(_Pager(value, self._face), self._face) if hasattr(value, "by_page") else value

        return call


class _Pager:
    def __init__(self, pager: Any, face: Face) -> None:
        self._pager = pager
        self._face = face

    def first(self) -> Any:
        return self._face.run(self._pager.first)


def _ids(value: Any) -> str:
    return f"{value.service}-{value.operation}" if isinstance(value, Row) else f"{value[0]}-{value[1]}"


CELLS = [(row, sequence) for row in ROWS for sequence in SEQUENCES if sequence[0] not in UNSEEN.get(row.service, ())]


@pytest.mark.parametrize(("row", "sequence"), CELLS, ids=_ids)
def test_an_operation_does_under_a_fault_what_the_table_says(
    face: Face, clock: FakeClock, service: Service, row: Row, sequence: tuple[str, int]
) -> None:
    client = _open(face, clock, row, service, renewable=False)
    row.before(client)
    kind, times = sequence
    if times:
        service.server.faults.add(kind, row.operation, times=times)
    expected = row.differs.get(sequence) or getattr(SEQUENCES[sequence], row.kind)
    assert _outcome(face, client, row, service) == expected


@pytest.mark.parametrize("state", ["fresh", "kept"])
@pytest.mark.parametrize("sequence", RENEWABLE, ids=_ids)
@pytest.mark.parametrize("row", [row for row in ROWS if row.service != "servicefabric"], ids=_ids)
def test_a_refused_token_is_renewed_once_whatever_the_operation(
    face: Face, clock: FakeClock, service: Service, row: Row, sequence: tuple[str, int], state: str
) -> None:
    row.before(_open(face, clock, row, service, renewable=False))
    client = _open(face, clock, row, service, renewable=True)
    if state == "kept":
        face.run(client.client._login.auth.token, client.client._io) if not face.blocking else _token(client.client)
    service.server.faults.add("unauthorized", row.operation, times=sequence[1])
    assert _outcome(face, client, row, service) == RENEWABLE[sequence]


def _token(client: Any) -> None:
    from imageapis.core.faces import run_blocking

    run_blocking(client._login.auth.token(client._io))


@pytest.mark.parametrize("row", [row for row in ROWS if row.service == "lusid"], ids=_ids)
def test_a_refused_token_that_is_the_only_one_is_an_error_at_once(
    face: Face, clock: FakeClock, service: Service, row: Row
) -> None:
    client = _open(face, clock, row, service, renewable=False)
    row.before(client)
    [(sequence, expected)] = FIXED.items()
    service.server.faults.add("unauthorized", row.operation, times=sequence[1])
    assert _outcome(face, client, row, service) == expected


def test_the_table_has_every_operation_of_every_document() -> None:
    import json

    for service in CLASSES:
        paths = json.loads(document_path(service).read_text("utf-8"))["paths"]
        documented = {call["operationId"] for path in paths.values() for call in path.values() if "operationId" in call}
        # Asked for a login only; and withdrawn, with a table of its own in the tests of the service.
        documented -= {"GetAadMetadata", "DownloadImage"}
        assert {row.operation for row in ROWS if row.service == service} == documented
