"""`imageapis lusid` against a local scheduler."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from imageapis.testing.lusid.images import finished, new_image
from imageapis.testing.registry import EmbeddedRegistry
from tests.lusid.local_images import SMALL, docker_tar, made

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from imageapis.testing.lusid import LusidServer
    from tests.cli.conftest import Ran


@pytest.fixture
def pushing(scheduler: LusidServer) -> Iterator[LusidServer]:
    """A scheduler with a registry, and `job.tar` to push."""
    docker_tar(Path("job.tar"), made(*SMALL))
    with EmbeddedRegistry() as registry:
        scheduler.registry = registry
        yield scheduler
        scheduler.registry = None


def test_repositories_are_listed(scheduler: LusidServer, run: Callable[..., Ran]) -> None:
    scheduler.fill("my-job", 3)
    lines = run("lusid", "ls").out.splitlines()
    assert lines[0].split() == ["REPOSITORY", "IMAGES", "UPDATED"]
    assert lines[1].split()[:2] == ["my-job", "3"]
    assert [one["name"] for one in run("lusid", "ls", "--json").json] == ["my-job"]


def test_images_of_a_repository_are_listed(scheduler: LusidServer, run: Callable[..., Ran]) -> None:
    scheduler.fill("my-job", 3)
    assert len(run("lusid", "ls", "my-job").out.splitlines()) == 4
    assert len(run("lusid", "ls", "my-job", "--json").json) == 3


def test_an_image_is_shown_with_its_scan(scheduler: LusidServer, run: Callable[..., Ran]) -> None:
    scheduler.add(new_image("my-job", ["1"], scans=[finished(critical=1, high=2)]))
    shown = run("lusid", "show", "my-job:1").out
    assert "found       1 critical, 2 high" in shown
    assert "CVE-2026-0000" in shown
    assert run("lusid", "show", "my-job:1", "--json").json["scan_report"]["severity"] == "Critical"


def test_a_scan_that_found_too_much_is_exit_code_seven(scheduler: LusidServer, run: Callable[..., Ran]) -> None:
    scheduler.add(new_image("my-job", ["1"], scans=[finished(high=2)]))
    assert run("lusid", "scan", "my-job:1", "--fail-on", "critical").code == 0
    done = run("lusid", "scan", "my-job:1", "--fail-on", "high")
    assert done.code == 7
    assert "2 high" in done.err


def test_what_a_scan_found_too_much_of_is_shown_all_the_same(scheduler: LusidServer, run: Callable[..., Ran]) -> None:
    scheduler.add(new_image("my-job", ["1"], scans=[finished(high=2)]))
    done = run("lusid", "scan", "my-job:1", "--fail-on", "high", "--json")
    assert done.code == 7
    assert done.json["scan_report"]["summary"]["high"] == 2


def test_an_image_is_pushed(pushing: LusidServer, run: Callable[..., Ran]) -> None:
    done = run("lusid", "push", "job.tar", "my-job:1.4")
    assert done.code == 0
    assert "/my-job:1.4@sha256:" in done.out
    assert done.out.endswith(" sent\n")
    assert run("lusid", "push", "job.tar", "my-job:1.5", "--json").json["uploaded"] == 0


def test_a_push_of_what_is_there_already_says_so(pushing: LusidServer, run: Callable[..., Ran]) -> None:
    run("lusid", "push", "job.tar", "my-job:1.4")
    assert run("lusid", "push", "job.tar", "my-job:1.5").out.endswith("were there already\n")


def test_a_name_of_dockers_in_place_of_a_file_is_told_how_to_become_one(
    pushing: LusidServer, run: Callable[..., Ran]
) -> None:
    done = run("lusid", "push", "my-image:latest", "my-job:1.4")
    assert done.code == 2
    assert done.err == (
        "imageapis: There is no file my-image:latest. Images come from files: docker save -o job.tar <image>.\n"
    )


def test_a_warning_is_one_line_without_the_place_in_our_code(pushing: LusidServer, run: Callable[..., Ran]) -> None:
    docker_tar(Path("arm.tar"), made(*SMALL, architecture="arm64"))
    done = run("lusid", "push", "arm.tar", "my-job:1.4", "--quiet")
    assert done.code == 0
    assert done.err.startswith("imageapis: ")
    assert "arm64" in done.err
    assert ".py" not in done.err


@pytest.mark.usefixtures("no_waits")
def test_a_push_can_wait_for_the_scan(pushing: LusidServer, run: Callable[..., Ran]) -> None:
    done = run("lusid", "push", "job.tar", "my-job:1.4", "--scan")
    assert done.code == 0
    assert "scan        Success" in done.out


def test_a_secrets_file_is_read(
    scheduler: LusidServer, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FBN_SCHEDULER_URL")
    monkeypatch.delenv("FBN_ACCESS_TOKEN")
    api = {"schedulerUrl": scheduler.scheduler_url, "accessToken": scheduler.access_token}
    Path("secrets.json").write_text(json.dumps({"api": api}))
    assert run("lusid", "ls", "--secrets", "secrets.json").code == 0


def test_a_mistyped_token_url_is_not_taken_for_a_wrong_password(
    scheduler: LusidServer, run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FBN_ACCESS_TOKEN")
    monkeypatch.setenv("FBN_TOKEN_URL", f"{scheduler.token_url}x")
    for name in ("USERNAME", "PASSWORD", "CLIENT_ID", "CLIENT_SECRET"):
        monkeypatch.setenv(f"FBN_{name}", "made-up")
    done = run("lusid", "ls")
    assert done.code == 3
    assert "It answered 404: is the token URL" in done.err
    assert "password" not in done.err


def test_without_settings_the_error_names_what_is_missing(run: Callable[..., Ran]) -> None:
    done = run("lusid", "ls")
    assert done.code == 3
    assert "scheduler_url" in done.err
    assert "imageapis login explain lusid" in done.err
