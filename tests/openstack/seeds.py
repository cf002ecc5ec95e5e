"""The operations of OpenStack's reference pages, each as a call against the local server."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import attrs

from imageapis.openstack import AsyncComputeImages, ComputeImages
from imageapis.testing.openstack import OpenStackServer
from tests.openstack.conftest import demo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Face


@attrs.frozen
class Stage:
    """A running server, and by the names of the reference pages what calls each operation."""

    server: OpenStackServer
    calls: dict[str, Callable[[], Any]]


@contextmanager
def stage(face: Face) -> Iterator[Stage]:
    """Start a server with one image, and a client of the face at hand."""
    with OpenStackServer() as server:
        image = server.add("scratch", properties={"colour": "red"}).id
        client = face.open(ComputeImages, AsyncComputeImages, demo(server))
        yield Stage(
            server,
            {
                "ImagesApi.v21_images_get": lambda: face.items(client.list()),
                "ImagesApi.v21_images_detail_get": lambda: face.items(client.list(detail=True)),
                "ImagesApi.v21_images_image_id_get": lambda: client.image(image),
                "ImagesApi.v21_images_image_id_delete": lambda: client.delete(image),
                "ImagesApi.v21_images_image_id_metadata_get": lambda: client.metadata(image),
                "ImagesApi.v21_images_image_id_metadata_post": lambda: client.update_metadata(image, {"a": "b"}),
                "ImagesApi.v21_images_image_id_metadata_put": lambda: client.replace_metadata(image, {"a": "b"}),
                "ImagesApi.v21_images_image_id_metadata_key_get": lambda: client.metadata_item(image, "colour"),
                "ImagesApi.v21_images_image_id_metadata_key_put": lambda: client.set_metadata_item(
                    image, "colour", "blue"
                ),
                "ImagesApi.v21_images_image_id_metadata_key_delete": lambda: client.delete_metadata_item(
                    image, "colour"
                ),
            },
        )
