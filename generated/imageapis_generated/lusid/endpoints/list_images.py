# Generated from specs/lusid/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""GET /api/images/repository/{name}: List the images of a repository."""

from __future__ import annotations

from collections.abc import Sequence

from ... import _requests
from ..values import ResourceListOfImageSummary


def build(
    name: str,
    *,
    page: str | None = None,
    sort_by: Sequence[str] | None = None,
    start: int | None = None,
    limit: int | None = None,
    filter: str | None = None,
) -> _requests.Call:
    """List the images of a repository.

    Args:
        name: Name of the repository.
        page: Token of the page to return, from nextPage of the page before. Sorting and filter
            must stay the same, and start must not be sent.
        sort_by: Fields to sort by, in order; a leading minus sorts downwards.
        start: Number of entries to skip. Deeper walks need page tokens.
        limit: Most entries on one page.
        filter: Expression that entries must match: field, operator, value.

    Raises:
        Unwritable: An argument is something that a request cannot carry.
    """
    return _requests.Call(
        "GET",
        f"/api/images/repository/{_requests.segment(name)}",
        query=_requests.query(
            ("page", page),
            ("sortBy", _requests.array(sort_by)),
            ("start", start),
            ("limit", limit),
            ("filter", filter),
        ),
    )


def parse(answer: _requests.Answer, /) -> ResourceListOfImageSummary:
    """Return what an answer of success says; `Unreadable` names what is not as the document says."""
    status = answer.status_code
    if status == 200:
        return _requests.read_json(answer, ResourceListOfImageSummary.from_json)
    raise _requests.undeclared(answer)
