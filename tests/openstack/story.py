"""Find an image in a cloud, mark it, and clear away the old ones: Keystone login, walk, metadata, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from imageapis.openstack import AsyncComputeImages, ComputeImages
from imageapis.testing.openstack import OpenStackServer
from tests.openstack.conftest import demo

if TYPE_CHECKING:
    from collections.abc import Callable


def _cloud() -> OpenStackServer:
    server = OpenStackServer(images=120)
    server.compute.max_limit = 50
    server.add("release 7: final", min_disk=20, properties={"os_distro": "debian"})
    return server


def blocking(say: Callable[[str], None]) -> None:
    """Tell it with the blocking client."""
    with _cloud() as server, ComputeImages(demo(server)) as images:
        names = [image.name for image in images.list(page_size=60)]
        say(f"logged in at Keystone; walked {len(names)} images, newest {names[0]!r}")
        found = images.list(name="release 7: final", detail=True).first()
        assert found is not None
        say(f"found {found.name!r}: {found.status}, {found.size} bytes, metadata {dict(found.metadata or {})}")
        say(f"marked it: {images.update_metadata(found.id, {'approved': 'yes'})}")
        old = images.list(name="img-000").first()
        assert old is not None
        images.delete(old.id)
        left = sum(1 for _ in images.list())
        say(f"deleted img-000; {left} images left; Keystone gave {server.identity.logins} token")


async def nonblocking(say: Callable[[str], None]) -> None:
    """Tell it with the async client."""
    with _cloud() as server:
        async with AsyncComputeImages(demo(server)) as images:
            count = 0
            async for _ in images.list(page_size=60, prefetch=1):
                count += 1
            say(f"logged in at Keystone; walked {count} images, each next page fetched ahead")
            big = [image.name async for image in images.list(min_disk=10)]
            say(f"images that ask for 10 GiB or more: {big}")
            found = await images.list(name="release 7: final").first()
            assert found is not None
            say(f"marked it: {await images.update_metadata(found.id, {'approved': 'yes'})}")
            await images.delete_metadata_item(found.id, "approved")
            say(f"and unmarked it: {await images.metadata(found.id)}")
