"""What type checkers must infer for the callers of both faces; checked by mypy and pyright, never run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any, assert_type

from imageapis import lusid, openstack, servicefabric
from imageapis.core.paging import AsyncPager, Page, Pager


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


def a_misspelt_keyword_is_refused(images: lusid.SchedulerImages) -> None:
    images.images("job", limits=3)  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
