"""What all image calls share: how the service is spoken to, how its ids stand in a path, how a deletion ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from imageapis.core.arguments import text
from imageapis.core.endpoint import value_of
from imageapis.core.operations import Operations
from imageapis.core.service import Service
from imageapis.errors import UnsafePath
from imageapis.openstack.faults import fault
from imageapis_generated.openstack.operations import OpenstackOperations

if TYPE_CHECKING:
    from imageapis_generated._requests import Endpoint

#: The last microversion that has all ten calls: those on images end with 2.36, those on metadata with 2.39.
MICROVERSION = "2.35"


class Calls(OpenstackOperations, Operations):
    """The base of the calls on images and on their metadata."""

    _service = Service(
        "OpenStack compute",
        read_error=fault,
        request_ids=("x-compute-request-id", "x-openstack-request-id"),
        headers={"Accept": "application/json", "OpenStack-API-Version": f"compute {MICROVERSION}"},
    )

    def _url(self, base: str, path: str) -> str:
        # The catalog's address ends with the version, and may have the project's id behind it.
        return base + path.removeprefix("/v2.1")

    async def _deleted(self, endpoint: Endpoint[..., None], *args: str) -> None:
        """Delete; what is gone at a second try was deleted by the first, whose answer got lost."""
        request = await self._built(endpoint, *args)
        response = await self._exchange(request, accept=(404,))
        if response.status_code != 404:
            value_of(endpoint, response)
        elif request.extensions["imageapis_tries"] < 2:
            raise self._status_error(response)


def named(image_id: str) -> str:
    """Return an id that leads to an image and not to something else."""
    if text("An image's id", image_id) in {"", ".", "..", "detail"}:
        raise UnsafePath(f"{image_id!r} is no image's id: it would be read as another address.")
    return image_id
