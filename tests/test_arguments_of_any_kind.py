"""Arguments of any kind, to every operation of the three services: never an error from somewhere below.

What was read from a command line or a configuration is of another kind than it should be soon enough.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from imageapis import lusid, openstack, servicefabric
from imageapis.errors import ImageApiError, InvalidArgument, WrongType
from tests.arguments import CLASSES, GOOD, KINDS, PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Face

WHERE = "http://127.0.0.1:1"
LOGINS: dict[str, Callable[[], Any]] = {
    "servicefabric": lambda: servicefabric.auth.unsecured(WHERE),
    "lusid": lambda: lusid.auth.personal_access_token(scheduler_url=WHERE, access_token="not-a-secret"),
    "openstack": lambda: openstack.auth.token(
        auth_url=f"{WHERE}/v3", token="not-a-secret", compute_endpoint_override=WHERE
    ),
}


def refuse(request: httpx.Request) -> httpx.Response:
    if request.url.path.endswith("/auth/tokens"):
        return httpx.Response(201, headers={"X-Subject-Token": "t"}, json={"token": {}})
    return httpx.Response(400, json={})


def called(face: Face, service: str, operation: str, arguments: dict[str, Any], *rest: Any) -> None:
    transport = httpx.MockTransport(refuse)
    http = httpx.Client(transport=transport) if face.blocking else httpx.AsyncClient(transport=transport)
    client = face.open(*CLASSES[service], LOGINS[service](), http_client=http, retries=0)
    value = getattr(client, operation)(*rest, **arguments)
    if hasattr(value, "by_page"):
        face.items(value)


def test_every_operation_is_called_here() -> None:
    for service, (kind, _) in CLASSES.items():
        names = {name for name in dir(kind) if not name.startswith("_")}
        plain = {"call", "close", "last_request_id", "info"}
        assert names - plain == set(GOOD[service])


@pytest.mark.parametrize(("service", "operation", "parameter"), PARAMETERS, ids=[" ".join(each) for each in PARAMETERS])
def test_an_argument_of_any_kind_is_taken_or_refused_by_an_error_of_our_tree(
    face: Face,
    service: str,
    operation: str,
    parameter: str,
    tmp_path: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "package").mkdir()
    monkeypatch.chdir(tmp_path)
    for value in KINDS:
        if parameter == "progress" and callable(value):
            continue  # what a function of the caller's raises goes to the caller
        try:
            called(face, service, operation, {**GOOD[service][operation], parameter: value})
        except (ImageApiError, OSError) as failure:
            text = str(failure)
            assert len(text) < 8100, value


OPTIONS = ("timeout", "retries", "concurrency", "user_agent", "hooks", "deadline", "max_response_size")
HOOKS: list[Any] = [{"request": [5]}, {"request": 5}, {"response": None}, {"x": []}, {5: [], "x": []}, {"request": "a"}]


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("service", CLASSES)
def test_an_option_of_a_client_of_any_kind_is_taken_or_refused_by_an_error_of_our_tree(
    face: Face, service: str, option: str
) -> None:
    for value in [*KINDS, *HOOKS, "a\r\nX: y", "\u00e9", httpx.Timeout(None)]:
        with suppress(ImageApiError):
            face.open(*CLASSES[service], LOGINS[service](), **{option: value})


@pytest.mark.parametrize("service", CLASSES)
def test_what_a_pager_or_a_call_is_given_is_taken_or_refused_by_an_error_of_our_tree(face: Face, service: str) -> None:
    transport = httpx.MockTransport(refuse)
    http = httpx.Client(transport=transport) if face.blocking else httpx.AsyncClient(transport=transport)
    client = face.open(*CLASSES[service], LOGINS[service](), http_client=http, retries=0)
    listed = client.repositories if service == "lusid" else client.list
    for value in KINDS:
        with suppress(ImageApiError):
            face.run(listed().take, value)
        with suppress(ImageApiError):
            face.items(listed().by_page(start=value))
        with pytest.raises(WrongType, match="An operation is a module"):
            client.call(value)


def test_what_a_fleet_is_given_is_taken_or_refused_by_an_error_of_our_tree(tmp_path: Any) -> None:
    for value in KINDS:
        with pytest.raises(InvalidArgument):
            servicefabric.ImageStores(value)
    with servicefabric.ImageStore(LOGINS["servicefabric"](), retries=0) as store:
        for name in ("at_a_time", "resume", "prune", "compress", "concurrency", "chunk_size", "timeout"):
            for value in KINDS:
                with suppress(ImageApiError):
                    servicefabric.ImageStores([store]).upload_package(tmp_path, "P", **{name: value})


@pytest.mark.parametrize(
    ("service", "operation", "parameter", "value", "said"),
    [
        ("servicefabric", "list", "path", None, "A path in the store takes text, not nothing"),
        ("servicefabric", "copy", "skip_files", "a.dll", "skip_files takes a list of texts, not one str"),
        ("servicefabric", "copy", "check_mark_file", "no", "check_mark_file takes True or False, not str"),
        ("servicefabric", "upload_package", "prune", "no", "prune takes True or False, not str"),
        ("servicefabric", "upload_file", "concurrency", "4", "concurrency takes a whole number, not str"),
        ("servicefabric", "upload_file", "chunk_size", 1e6, "chunk_size takes a whole number, not float"),
        ("servicefabric", "upload_file", "progress", True, "progress takes a function, not bool"),
        ("servicefabric", "delete", "timeout", "60", "timeout is a number of seconds of at least 0, not str"),
        ("lusid", "image", "name", None, "An image name takes text, not nothing"),
        ("lusid", "images", "limit", "5", "limit takes a whole number, not str"),
        ("lusid", "wait_for_scan", "timeout", None, "timeout is a number of seconds of at least 0, not nothing"),
        ("lusid", "push", "resume", "x", "resume takes the `resume` of an UploadInterrupted"),
        ("openstack", "image", "image_id", 5, "An image's id takes text, not int"),
        ("openstack", "list", "page_size", True, "page_size takes a whole number, not bool"),
        ("openstack", "list", "detail", "false", "detail takes True or False, not str"),
        ("openstack", "update_metadata", "metadata", None, "metadata takes a mapping of keys to values, not NoneType"),
        ("openstack", "delete_metadata_item", "key", [1], "A metadata key takes text, not list"),
    ],
)
def test_an_argument_of_a_wrong_kind_is_named(
    face: Face, service: str, operation: str, parameter: str, value: Any, said: str, tmp_path: Any
) -> None:
    good = {**GOOD[service][operation], **({"folder": tmp_path} if operation == "upload_package" else {})}
    with pytest.raises(WrongType, match=said) as caught:
        called(face, service, operation, {**good, parameter: value})
    assert isinstance(caught.value, InvalidArgument)
    assert isinstance(caught.value, TypeError)
    assert isinstance(caught.value, ValueError)


def test_a_number_that_json_has_no_word_for_is_refused(face: Face) -> None:
    from imageapis_generated.servicefabric.endpoints import copy_image_store_content
    from imageapis_generated.servicefabric.values import ImageStoreCopyDescription

    body = ImageStoreCopyDescription(remote_source="a", remote_destination="b", check_mark_file=float("nan"))  # type: ignore[arg-type]
    with pytest.raises(InvalidArgument, match=r"copy_image_store_content cannot be called so.*NaN"):
        called(face, "servicefabric", "call", {"body": body}, copy_image_store_content)
