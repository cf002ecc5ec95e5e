"""What type checkers must infer for the callers of both faces; checked by mypy and pyright, never run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, assert_type

from imageapis import lusid, openstack, servicefabric
from imageapis.core.pages import Page
from imageapis.core.paging import AsyncPager, Pager
from imageapis_generated.lusid import endpoints, values
from imageapis_generated.openstack import endpoints as compute
from imageapis_generated.servicefabric import endpoints as fabric


def blocking_servicefabric(store: servicefabric.ImageStore) -> None:
    assert_type(store.list("Apps"), Pager[servicefabric.StoreFile | servicefabric.StoreFolder])
    assert_type(store.walk(), Pager[servicefabric.StoreFile])
    assert_type(store.exists("a"), bool)
    assert_type(store.folder_size(), servicefabric.FolderSize)
    assert_type(store.upload_session("id"), servicefabric.UploadSession | None)
    assert_type(store.delete("a"), None)
    with store as entered:
        assert_type(entered, servicefabric.ImageStore)


async def awaited_servicefabric(store: servicefabric.AsyncImageStore) -> None:
    assert_type(store.walk(), AsyncPager[servicefabric.StoreFile])
    assert_type(await store.exists("a"), bool)
    assert_type(await store.folder_size(), servicefabric.FolderSize)
    async with store as entered:
        assert_type(entered, servicefabric.AsyncImageStore)


def blocking_lusid(images: lusid.SchedulerImages) -> None:
    assert_type(images.images("job"), Pager[lusid.ImageSummary])
    assert_type(images.images("job").first(), lusid.ImageSummary | None)
    assert_type(images.repositories().by_page(), Iterator[Page[lusid.Repository]])
    assert_type(images.image("job:1"), lusid.Image)
    assert_type(images.start_upload("job:1"), lusid.UploadInstructions)
    assert_type(images.download("job:1", "file"), Path)


async def awaited_lusid(images: lusid.AsyncSchedulerImages) -> None:
    assert_type(images.images("job"), AsyncPager[lusid.ImageSummary])
    assert_type(await images.images("job").take(3), list[lusid.ImageSummary])
    assert_type(images.repositories().by_page(), AsyncIterator[Page[lusid.Repository]])
    assert_type(await images.image("job:1"), lusid.Image)


def blocking_openstack(images: openstack.ComputeImages) -> None:
    assert_type(images.image("id"), openstack.Image)
    assert_type(images.metadata("id"), Mapping[str, Any])
    assert_type(images.list().first(), openstack.Image | None)


async def awaited_openstack(images: openstack.AsyncComputeImages) -> None:
    assert_type(await images.image("id"), openstack.Image)
    assert_type(await images.metadata("id"), Mapping[str, Any])


def all_of_servicefabric(store: servicefabric.ImageStore, session: str) -> None:
    assert_type(store.stat("a"), servicefabric.StoreFile | servicefabric.StoreFolder)
    assert_type(store.info(), servicefabric.ImageStoreInfo)
    assert_type(store.info().used_by_copy, servicefabric.Usage | None)
    assert_type(store.copy("a", "b"), None)
    assert_type(store.put_file("a", "b"), servicefabric.StoreFile)
    assert_type(store.upload_file("a", "b"), servicefabric.StoreFile)
    assert_type(store.upload_package("a", "b"), servicefabric.PackageReport)
    assert_type(store.upload_sessions("a"), list[servicefabric.UploadSession])
    assert_type(store.upload_chunk("a", b"", session_id=session, start=0, total=1), None)
    assert_type(store.commit_upload_session(session), None)
    assert_type(store.delete_upload_session(session), None)


async def all_of_servicefabric_awaited(store: servicefabric.AsyncImageStore, session: str) -> None:
    assert_type(store.list("Apps"), AsyncPager[servicefabric.StoreFile | servicefabric.StoreFolder])
    assert_type(await store.stat("a"), servicefabric.StoreFile | servicefabric.StoreFolder)
    assert_type(await store.info(), servicefabric.ImageStoreInfo)
    assert_type(await store.copy("a", "b"), None)
    assert_type(await store.delete("a"), None)
    assert_type(await store.put_file("a", "b"), servicefabric.StoreFile)
    assert_type(await store.upload_file("a", "b"), servicefabric.StoreFile)
    assert_type(await store.upload_package("a", "b"), servicefabric.PackageReport)
    assert_type(await store.upload_session("id"), servicefabric.UploadSession | None)
    assert_type(await store.upload_sessions("a"), list[servicefabric.UploadSession])
    assert_type(await store.upload_chunk("a", b"", session_id=session, start=0, total=1), None)
    assert_type(await store.commit_upload_session(session), None)
    assert_type(await store.delete_upload_session(session), None)


def all_of_lusid(images: lusid.SchedulerImages) -> None:
    assert_type(images.push("a", "job:1"), lusid.PushedImage)
    assert_type(images.wait_for_scan("job:1"), lusid.Image)
    assert_type(images.delete("job:1"), str | None)
    assert_type(images.image("job:1").size, int | None)
    assert_type(images.image("job:1").tags, tuple[lusid.Tag, ...])
    assert_type(images.image("job:1").push_time, datetime | None)


async def all_of_lusid_awaited(images: lusid.AsyncSchedulerImages) -> None:
    assert_type(await images.push("a", "job:1"), lusid.PushedImage)
    assert_type(await images.start_upload("job:1"), lusid.UploadInstructions)
    assert_type(await images.wait_for_scan("job:1"), lusid.Image)
    assert_type(await images.delete("job:1"), str | None)
    assert_type(await images.download("job:1", "file"), Path)


def all_of_openstack(images: openstack.ComputeImages) -> None:
    assert_type(images.delete("id"), None)
    assert_type(images.replace_metadata("id", {"a": "b"}), dict[str, Any])
    assert_type(images.update_metadata("id", {"a": "b"}), dict[str, Any])
    assert_type(images.metadata_item("id", "a"), Any)
    assert_type(images.set_metadata_item("id", "a", "b"), str)
    assert_type(images.delete_metadata_item("id", "a"), None)


async def all_of_openstack_awaited(images: openstack.AsyncComputeImages) -> None:
    assert_type(images.list(), AsyncPager[openstack.Image])
    assert_type(await images.delete("id"), None)
    assert_type(await images.replace_metadata("id", {"a": "b"}), dict[str, Any])
    assert_type(await images.update_metadata("id", {"a": "b"}), dict[str, Any])
    assert_type(await images.metadata_item("id", "a"), Any)
    assert_type(await images.set_metadata_item("id", "a", "b"), str)
    assert_type(await images.delete_metadata_item("id", "a"), None)


def what_every_client_has_servicefabric(store: servicefabric.ImageStore) -> None:
    assert_type(store.call(fabric.get_image_store_info), servicefabric.ImageStoreInfo)
    assert_type(store.last_request_id, str | None)
    assert_type(store.close(), None)


async def what_every_client_has_servicefabric_awaited(store: servicefabric.AsyncImageStore) -> None:
    assert_type(await store.call(fabric.get_image_store_info), servicefabric.ImageStoreInfo)
    assert_type(store.last_request_id, str | None)
    assert_type(await store.close(), None)


def what_every_client_has_lusid(images: lusid.SchedulerImages) -> None:
    assert_type(images.call(endpoints.get_image, "job:1"), lusid.Image)
    assert_type(images.last_request_id, str | None)
    assert_type(images.close(), None)


async def what_every_client_has_lusid_awaited(images: lusid.AsyncSchedulerImages) -> None:
    assert_type(await images.call(endpoints.get_image, "job:1"), lusid.Image)
    assert_type(images.last_request_id, str | None)
    assert_type(await images.close(), None)


def what_every_client_has_openstack(images: openstack.ComputeImages) -> None:
    assert_type(images.call(compute.delete_image, "id"), None)
    assert_type(images.last_request_id, str | None)
    assert_type(images.close(), None)


async def what_every_client_has_openstack_awaited(images: openstack.AsyncComputeImages) -> None:
    assert_type(await images.call(compute.delete_image, "id"), None)
    assert_type(images.last_request_id, str | None)
    assert_type(await images.close(), None)


def fleet(stores: servicefabric.ImageStores) -> None:
    assert_type(stores.upload_package("a", "b"), servicefabric.FleetReport)
    assert_type(stores.upload_package("a", "b").failed, tuple[servicefabric.Delivery, ...])


async def fleet_awaited(stores: servicefabric.AsyncImageStores) -> None:
    assert_type(await stores.upload_package("a", "b"), servicefabric.FleetReport)


async def generated_endpoints_are_called_with_their_own_types(
    images: lusid.SchedulerImages, awaited: lusid.AsyncSchedulerImages
) -> None:
    assert_type(images.call(endpoints.get_image, "job:1"), lusid.Image)
    assert_type(await awaited.call(endpoints.list_images, "job", limit=3), values.ResourceListOfImageSummary)
    images.call(endpoints.get_image, 1)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]


def values_are_frozen(image: lusid.Image) -> None:
    image.name = "x"  # type: ignore[misc] # pyright: ignore[reportAttributeAccessIssue]


def a_misspelt_keyword_is_refused(images: lusid.SchedulerImages) -> None:
    images.images("job", limits=3)  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
