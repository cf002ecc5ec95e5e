"""The contract between `core.endpoint` and generated code: endpoints build what httpx sends, and read answers."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, Any

import httpx
import pytest

import imageapis_generated
from imageapis.core.endpoint import call_of, request_of, value_of
from imageapis.errors import UnexpectedReply
from imageapis_generated._values import Unreadable
from imageapis_generated.servicefabric.endpoints import delete_image_store_content

if TYPE_CHECKING:
    from types import ModuleType

#: What makes an argument of each endpoint that needs one besides text.
BODIES: dict[str, Any] = {
    "upload_image": lambda values: values.UploadImageRequest(image_name="job:1"),
    "copy_image_store_content": lambda values: values.ImageStoreCopyDescription(
        remote_source="a", remote_destination="b"
    ),
    "upload_file": lambda _: b"x",
    "upload_file_chunk": lambda _: b"x",
    "replace_image_metadata": lambda values: values.ImageMetadataPutReq(metadata={"a": "b"}),
    "update_image_metadata": lambda values: values.ImageMetadataPostReq(metadata={"a": "b"}),
    "set_image_metadata_item": lambda values: values.ImageMetaKeyPutReq(meta={"a": "b"}),
}


def _modules() -> list[ModuleType]:
    names = [found.name for found in pkgutil.walk_packages(imageapis_generated.__path__, "imageapis_generated.")]
    return [importlib.import_module(name) for name in names if ".endpoints." in name]


def _call(module: Any) -> Any:
    import inspect

    name = module.__name__.rpartition(".")[2]
    values = importlib.import_module(module.__name__.partition(".endpoints.")[0] + ".values")
    parameters = inspect.signature(module.build).parameters.values()
    given = {one.name: "x" for one in parameters if one.default is one.empty}
    if "body" in given:
        given["body"] = BODIES[name](values)
    return call_of(module, **given)


each_module = pytest.mark.parametrize("module", _modules(), ids=lambda module: module.__name__.partition(".")[2])


@each_module
def test_an_endpoint_builds_a_request(module: Any) -> None:
    call = _call(module)
    with httpx.Client() as client:
        request = request_of(client, f"http://x{call.path}", call, {})
    assert request.method == call.method
    assert request.url.raw_path.decode().partition("?")[0] == call.path


@each_module
def test_an_endpoint_takes_no_status_that_its_document_does_not_declare(module: Any) -> None:
    response: Any = httpx.Response(299, request=httpx.Request("GET", "http://x"))
    with pytest.raises(Unreadable, match="299"):
        module.parse(response)
    with pytest.raises(UnexpectedReply, match="299"):
        value_of(module, response)


def test_there_is_an_endpoint_for_each_operation() -> None:
    assert len(_modules()) == 30


@pytest.mark.parametrize("kind", ["text/html", "Application/XHTML+xml; charset=utf-8"])
def test_a_page_in_place_of_a_confirmation_confirms_nothing(kind: str) -> None:
    request = httpx.Request("DELETE", "http://127.0.0.1/a")
    page: Any = httpx.Response(200, headers={"Content-Type": kind}, content=b"<html>Sign in</html>", request=request)
    with pytest.raises(UnexpectedReply, match="a page where nothing was to be said"):
        value_of(delete_image_store_content, page)
    empty: Any = httpx.Response(200, headers={"Content-Type": kind}, request=request)
    value_of(delete_image_store_content, empty)
