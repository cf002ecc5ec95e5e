"""The plain operations: what they send, what they return, and how they fail."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from imageapis.errors import (
    ConnectionFailed,
    Forbidden,
    NotAuthenticated,
    NotFound,
    RateLimited,
    ServerError,
    StatusError,
    UnexpectedReply,
)
from imageapis.lusid import InvalidName, OperationRetired, ScanSummary, auth
from imageapis.testing.lusid import LusidServer, Trouble
from imageapis.testing.lusid.images import finished, new_image
from tests.lusid.conftest import open_images, token_login

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Face, FakeClock


def test_an_image_comes_with_tags_and_scan_report(server: LusidServer, images: Any) -> None:
    server.add(new_image("my-job", ["1.4", "stable"], size=123, scans=[finished(critical=1, high=2)]))
    image = images.image("my-job:1.4")
    assert (image.name, image.size) == ("my-job", 123)
    assert [tag.name for tag in image.tags] == ["1.4", "stable"]
    assert image.push_time == datetime(2026, 1, 1, tzinfo=UTC)
    assert image.scan_report.summary == ScanSummary(
        fixable=0, total=3, critical=1, high=2, medium=0, low=0, negligible=0, unknown=0
    )
    worst = image.scan_report.vulnerabilities[0]
    assert (worst.name, worst.severity, worst.links) == ("CVE-2026-0000", "Critical", ("https://example.org/cve",))


def test_a_time_that_never_was_is_none(server: LusidServer, images: Any) -> None:
    server.add(new_image("my-job", ["1"]))
    image = images.image("my-job:1")
    assert image.pull_time is None
    assert image.tags[0].pull_time is None


def test_an_image_that_was_not_scanned_has_no_report(server: LusidServer, images: Any) -> None:
    server.add(new_image("my-job", ["1"], scans=[None]))
    assert images.image("my-job:1").scan_report is None


def test_a_missing_image_is_not_found_with_the_services_code_and_request_id(images: Any) -> None:
    with pytest.raises(NotFound) as caught:
        images.image("my-job:1")
    assert caught.value.code == "152"
    assert "Look at its spelling" in str(caught.value)
    assert caught.value.request_id == "request-1"
    assert images.last_request_id == "request-1"
    assert "There is no image my-job:1" in str(caught.value)


def test_the_request_id_is_read_from_the_problem_if_no_header_has_it(server: LusidServer, images: Any) -> None:
    body = b'{"name":"X","code":186,"title":"No","instance":"https://acme.lusid.com/app/insights/logs/from-body"}'
    server.troubles.append(Trouble(403, body=body, headers={"scheduler-meta-requestid": ""}))
    with pytest.raises(Forbidden, match="policy") as caught:
        images.image("my-job:1")
    assert caught.value.request_id == "from-body"


def test_a_wrong_token_is_not_authenticated(face: Face, server: LusidServer) -> None:
    server.access_token = "another"
    images = open_images(face, token_login(server))
    server.access_token = "changed"
    with pytest.raises(NotAuthenticated, match="187"):
        images.image("my-job:1")
    assert len(server.seen) == 1


def test_repositories_come_with_their_counts(face: Face, server: LusidServer, images: Any) -> None:
    server.fill("a-job", 2)
    server.fill("b-job", 1)
    found = face.items(images.repositories())
    assert [(it.name, it.image_count, it.last_update) for it in found] == [("a-job", 2, None), ("b-job", 1, None)]
    assert found[0].images.href == "api/images/repository/a-job"


def test_images_come_with_tags_and_a_summary_of_their_scan(face: Face, server: LusidServer, images: Any) -> None:
    server.add(new_image("my-job", ["1"], scans=[finished(high=1)]))
    [image] = face.items(images.images("my-job"))
    assert (image.scan_status, image.scan_summary.high) == ("Success", 1)
    assert image.link.href == "api/images/my-job:1"


def test_fields_that_are_new_to_us_are_no_error(server: LusidServer, images: Any) -> None:
    server.troubles.append(Trouble(200, body=b'{"name":"a","tags":null,"novelty":{"x":1}}'))
    image = images.image("a:1")
    assert (image.name, image.tags, image.digest) == ("a", (), None)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[]", b'{"size":"many"}', b'{"pushTime":"yesterday"}', b'{"tags":3}']
)
def test_an_answer_that_is_no_image_is_unexpected(server: LusidServer, images: Any, body: bytes) -> None:
    server.troubles.append(Trouble(200, body=body))
    with pytest.raises(UnexpectedReply):
        images.image("a:1")


def test_a_confirmation_that_is_no_text_is_unexpected(server: LusidServer, images: Any) -> None:
    server.troubles.append(Trouble(200, body=b'{"deleted": true}'))
    with pytest.raises(UnexpectedReply):
        images.delete("a:1")


@pytest.mark.parametrize(
    "name", ["", "a", "a:", ":1", "A:1", "a:1:2", "a/b:1", "a-:1", "a:1\n", "a:\u0661", "é:1", "a:1 ", "a" * 255 + ":1"]
)
def test_a_name_that_the_service_would_refuse_is_refused_here(server: LusidServer, images: Any, name: str) -> None:
    for call in (images.image, images.start_upload, images.delete):
        with pytest.raises(InvalidName):
            call(name)
    assert server.seen == []


def test_a_long_run_of_underscores_in_a_name_costs_no_time(images: Any) -> None:
    # Of the processor: a busy machine takes none of it away. A backtracking expression would need more than hours.
    began = time.process_time()
    for name in ("a" + "_" * 254 + "!", "a_" * 127 + "!", "_" * 256):
        with pytest.raises(InvalidName):
            images.image(name)
    assert time.process_time() - began < 10


@pytest.mark.parametrize("name", ["", " ", ".", ".."])
def test_a_repository_that_would_be_another_path_is_refused_here(server: LusidServer, images: Any, name: str) -> None:
    with pytest.raises(InvalidName):
        images.images(name)
    assert server.seen == []


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_answer_is_tried_again_after_the_time_it_asks_for(
    server: LusidServer, images: Any, clock: FakeClock, status: int
) -> None:
    server.add(new_image("a", ["1"]))
    server.troubles.append(Trouble(status, headers={"Retry-After": "7"}))
    assert images.image("a:1").name == "a"
    assert clock.slept == [7.0]


def test_a_service_that_stays_busy_gets_one_request_more_than_the_budget(
    face: Face, server: LusidServer, clock: FakeClock
) -> None:
    images = open_images(face, token_login(server), clock=clock, retries=2)
    server.troubles.append(Trouble(429, times=99, headers={"Retry-After": "0"}))
    with pytest.raises(RateLimited):
        images.image("a:1")
    assert len(server.seen) == 3


def test_an_announcement_is_not_repeated_when_the_service_may_have_begun(server: LusidServer, images: Any) -> None:
    server.troubles.append(Trouble(503, times=9))
    with pytest.raises(ServerError):
        images.start_upload("a:1")
    assert len(server.seen) == 1


def test_an_announcement_is_repeated_when_there_were_too_many_requests(server: LusidServer, images: Any) -> None:
    server.troubles.append(Trouble(429))
    assert images.start_upload("a:1").tag == "1"
    assert len(server.seen) == 2


def test_a_tag_that_exists_cannot_be_announced(server: LusidServer, images: Any) -> None:
    server.add(new_image("a", ["1"]))
    with pytest.raises(StatusError, match="exists"):
        images.start_upload("a:1")


@pytest.mark.parametrize(("call", "status"), [("delete", 405), ("download", 404)])
def test_an_operation_that_was_withdrawn_says_so(
    server: LusidServer, images: Any, tmp_path: Path, call: str, status: int
) -> None:
    arguments = ["a:1"] if call == "delete" else ["a:1", tmp_path / "image"]
    with pytest.raises(OperationRetired, match=r"0\.0\.1069") as caught:
        getattr(images, call)(*arguments)
    assert caught.value.status == status
    assert list(tmp_path.iterdir()) == []


class TestWhereWithdrawnOperationsStillAnswer:
    @pytest.fixture(autouse=True)
    def _legacy(self, server: LusidServer) -> None:
        server.legacy = True

    def test_an_image_is_deleted(self, server: LusidServer, images: Any) -> None:
        server.add(new_image("a", ["1"]))
        assert images.delete("a:1") == "Image a:1 deleted"
        assert server.images["a"] == []

    def test_a_missing_image_is_told_from_a_missing_operation(
        self, server: LusidServer, images: Any, tmp_path: Path
    ) -> None:
        for call, arguments in (("delete", ["a:1"]), ("download", ["a:1", tmp_path / "image"])):
            with pytest.raises(NotFound, match="a:1") as caught:
                getattr(images, call)(*arguments)
            assert not isinstance(caught.value, OperationRetired)

    def test_an_image_is_downloaded_into_a_file(self, server: LusidServer, images: Any, tmp_path: Path) -> None:
        server.contents["a:1"] = bytes(range(256)) * 5000
        target = tmp_path / "image"
        assert images.download("a:1", target) == target
        assert target.read_bytes() == server.contents["a:1"]
        assert list(tmp_path.iterdir()) == [target]

    def test_a_download_that_is_cut_leaves_the_destination_as_it_was(
        self, server: LusidServer, images: Any, tmp_path: Path
    ) -> None:
        server.contents["a:1"] = bytes(1_000_000)
        server.cut = 400_000
        target = tmp_path / "image"
        target.write_text("before")
        with pytest.raises(ConnectionFailed):
            images.download("a:1", target)
        assert target.read_text() == "before"
        assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("host", ["ex..ample", "a" * 64, "no-such-host.invalid"])
def test_a_host_that_cannot_be_reached_is_a_connection_error(face: Face, host: str) -> None:
    login = auth.personal_access_token(scheduler_url=f"http://{host}/scheduler2", access_token="not-a-secret")
    with pytest.raises(ConnectionFailed) as caught:
        open_images(face, login, retries=0).image("a:1")
    assert not caught.value.sent


def test_a_tag_that_is_not_replaced_is_refused_with_what_to_do(server: LusidServer, images: Any) -> None:
    server.add(new_image("my-job", ["1"]))
    with pytest.raises(StatusError, match="push under another one") as caught:
        images.start_upload("my-job:1")
    assert caught.value.code == "731"
