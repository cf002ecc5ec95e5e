# Generated from specs/openstack/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

"""GET /v2.1/images/detail: List images with details."""

from __future__ import annotations

import datetime as dt

from ... import _requests
from ..values import ImageList


def build(
    *,
    changes_since: dt.datetime | None = None,
    server: str | None = None,
    name: str | None = None,
    status: str | None = None,
    min_disk: int | None = None,
    min_ram: int | None = None,
    type: str | None = None,
    limit: int | None = None,
    marker: str | None = None,
) -> _requests.Call:
    """List images with details.

    Args:
        changes_since: Only images changed at or after this time; send it with an offset.
        server: Only images made from this server: its id, or its URL.
        name: Only images with this name. A colon in it is read as an operator.
        status: Only images in this status, as the image service names it.
        min_disk: Only images whose minimum disk, in GiB, equals this.
        min_ram: Only images whose minimum memory, in MiB, equals this.
        type: Only images of this type, such as snapshot or backup.
        limit: Images on one page. Above the server's own ceiling the link to the next page is
            missing.
        marker: Id of the last image of the page before.

    Raises:
        Unwritable: An argument is something that a request cannot carry.
    """
    return _requests.Call(
        "GET",
        "/v2.1/images/detail",
        query=_requests.query(
            ("changes-since", changes_since),
            ("server", server),
            ("name", name),
            ("status", status),
            ("minDisk", min_disk),
            ("minRam", min_ram),
            ("type", type),
            ("limit", limit),
            ("marker", marker),
        ),
    )


def parse(answer: _requests.Answer, /) -> ImageList:
    """Return what an answer of success says; `Unreadable` names what is not as the document says."""
    status = answer.status_code
    if status == 200:
        return _requests.read_json(answer, ImageList.from_json)
    raise _requests.undeclared(answer)
