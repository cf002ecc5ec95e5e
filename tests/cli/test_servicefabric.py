"""`imageapis servicefabric` against a local cluster."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from imageapis.testing.servicefabric import ServiceFabricServer
    from tests.cli.conftest import Ran


@pytest.fixture
def package(home: Path) -> Path:
    folder = Path("MyApp")
    (folder / "Code").mkdir(parents=True)
    (folder / "ApplicationManifest.xml").write_text("<ApplicationManifest/>")
    (folder / "Code" / "service.exe").write_bytes(bytes(100_000))
    return folder


def test_a_package_goes_under_its_own_name(
    cluster: ServiceFabricServer, run: Callable[..., Ran], package: Path
) -> None:
    done = run("servicefabric", "upload", package)
    assert done.code == 0
    assert done.out.startswith("MyApp: 2 files sent (97.7 KiB), 0 unchanged, 0 deleted")
    assert cluster.store.content("MyApp/Code/service.exe") == bytes(100_000)


def test_the_same_command_again_skips_what_did_not_change(
    cluster: ServiceFabricServer, run: Callable[..., Ran], package: Path
) -> None:
    run("servicefabric", "upload", package, "Apps/MyApp")
    (package / "ApplicationManifest.xml").write_text("<ApplicationManifest />")
    again = run("servicefabric", "upload", package, "Apps/MyApp", "--json").json
    assert (again["sent"], again["skipped"]) == (1, 1)


def test_without_a_journal_everything_is_sent_again(
    cluster: ServiceFabricServer, run: Callable[..., Ran], package: Path
) -> None:
    run("servicefabric", "upload", package)
    assert run("servicefabric", "upload", package, "--no-journal", "--json").json["sent"] == 2


def test_journals_lie_in_the_users_state_folder_for_the_user_alone(
    cluster: ServiceFabricServer, run: Callable[..., Ran], package: Path, home: Path
) -> None:
    run("servicefabric", "upload", package, "Apps/MyApp")
    [journal] = (home / ".local" / "state" / "imageapis" / "uploads").glob("Apps_MyApp-*.journal")
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600
    assert stat.S_IMODE(journal.parent.stat().st_mode) == 0o700


def test_another_folder_has_a_journal_of_its_own(
    cluster: ServiceFabricServer, run: Callable[..., Ran], package: Path
) -> None:
    run("servicefabric", "upload", package, "App")
    other = Path("Other")
    package.rename(other)
    assert run("servicefabric", "upload", other, "App", "--json").json["sent"] == 2


def test_prune_deletes_what_the_folder_does_not_hold(
    cluster: ServiceFabricServer, run: Callable[..., Ran], package: Path
) -> None:
    run("servicefabric", "upload", package)
    (package / "Code" / "service.exe").unlink()
    assert run("servicefabric", "upload", package, "--prune", "--json").json["pruned"] == 1


def test_a_file_is_uploaded_with_lines_of_progress_on_standard_error(
    cluster: ServiceFabricServer, run: Callable[..., Ran]
) -> None:
    Path("big.sfpkg").write_bytes(bytes(3 << 20))
    done = run("servicefabric", "upload", "big.sfpkg", "Apps/big.sfpkg", "--chunk-size", "1")
    assert done.code == 0
    assert done.out == "Apps/big.sfpkg: 3.0 MiB\n"
    assert "3.0 MiB of 3.0 MiB, 100%" in done.err.splitlines()[-1]
    assert cluster.store.content("Apps/big.sfpkg") == bytes(3 << 20)


def test_quiet_shows_no_progress(cluster: ServiceFabricServer, run: Callable[..., Ran]) -> None:
    Path("small").write_bytes(b"x")
    assert run("servicefabric", "upload", "small", "--quiet").err == ""


def test_options_of_packages_are_refused_for_a_file(cluster: ServiceFabricServer, run: Callable[..., Ran]) -> None:
    Path("small").write_bytes(b"x")
    done = run("servicefabric", "upload", "small", "--prune")
    assert done.code == 2
    assert cluster.seen == []


def test_a_folder_is_listed_as_a_table(cluster: ServiceFabricServer, run: Callable[..., Ran], package: Path) -> None:
    run("servicefabric", "upload", package)
    lines = run("servicefabric", "ls", "MyApp").out.splitlines()
    assert lines[0].split() == ["PATH", "SIZE", "FILES", "MODIFIED"]
    assert any(line.startswith("MyApp/Code/ ") for line in lines)
    assert any(line.startswith("MyApp/ApplicationManifest.xml ") and "22 B" in line for line in lines)


def test_a_walk_lists_every_file_as_json(cluster: ServiceFabricServer, run: Callable[..., Ran], package: Path) -> None:
    run("servicefabric", "upload", package)
    entries = run("servicefabric", "ls", "-r", "--json").json
    assert {"MyApp/ApplicationManifest.xml", "MyApp/Code/service.exe"} <= {one["path"] for one in entries}
    assert {one["size"] for one in entries} == {0, 22, 100_000}


def test_one_file_is_shown_by_its_fields(cluster: ServiceFabricServer, run: Callable[..., Ran], package: Path) -> None:
    run("servicefabric", "upload", package)
    done = run("servicefabric", "stat", "MyApp/Code/service.exe")
    assert "size      100000" in done.out
    assert run("servicefabric", "stat", "MyApp", "--json").json["path"] == "MyApp"


def test_a_folder_is_only_deleted_when_told_so(
    cluster: ServiceFabricServer, run: Callable[..., Ran], package: Path
) -> None:
    run("servicefabric", "upload", package)
    refused = run("servicefabric", "rm", "MyApp/Code/service.exe", "MyApp")
    assert refused.code == 2
    assert "--recursive" in refused.err
    assert cluster.store.content("MyApp/Code/service.exe")
    assert run("servicefabric", "rm", "MyApp", "--recursive").code == 0
    assert run("servicefabric", "ls", "-r", "--json").json == []


def test_what_is_not_there_is_exit_code_four(cluster: ServiceFabricServer, run: Callable[..., Ran]) -> None:
    done = run("servicefabric", "stat", "nothing")
    assert done.code == 4
    assert len(done.err.splitlines()) == 1


def test_a_copy_leaves_out_what_it_is_told_to(
    cluster: ServiceFabricServer, run: Callable[..., Ran], package: Path
) -> None:
    run("servicefabric", "upload", package)
    assert run("servicefabric", "cp", "MyApp", "Copy", "--skip-file", "service.exe").code == 0
    copied = {one["path"] for one in run("servicefabric", "ls", "Copy", "-r", "--json").json}
    assert "Copy/ApplicationManifest.xml" in copied
    assert "Copy/Code/service.exe" not in copied


def test_the_disk_of_the_store_is_shown(cluster: ServiceFabricServer, run: Callable[..., Ran]) -> None:
    assert run("servicefabric", "info").out.startswith("WHAT")
    assert run("servicefabric", "info", "--json").json["disk_info"]["capacity"] > 0


@pytest.mark.usefixtures("no_waits")
def test_an_interrupted_upload_says_how_to_go_on_and_the_same_command_does(
    cluster: ServiceFabricServer, run: Callable[..., Ran]
) -> None:
    Path("big").write_bytes(os.urandom(4 << 20))
    command = ("servicefabric", "upload", "big", "--chunk-size", "1", "--concurrency", "1")
    cluster.faults.add("reset-before", "UploadFileChunk", skip=2, times=1000)
    stopped = run(*command)
    assert stopped.code == 5
    said = stopped.err.splitlines()[-1]
    assert said.startswith("imageapis: Interrupted with 2.0 MiB of 4.0 MiB stored: PUT ")
    assert said.endswith("Run the same command again: it goes on where it stopped.")
    assert "resume=" not in said
    [session] = run("servicefabric", "sessions", "big", "--json").json
    assert session["missing"]
    cluster.faults.clear()
    cluster.received.clear()
    assert run(*command).code == 0
    assert cluster.received["UploadFileChunk"] == 2 << 20
    assert cluster.store.content("big") == Path("big").read_bytes()


@pytest.mark.usefixtures("no_waits")
@pytest.mark.parametrize("fault", ["reset-before", "busy"])
def test_an_upload_says_why_it_does_not_advance(
    fault: Literal["reset-before", "busy"], cluster: ServiceFabricServer, run: Callable[..., Ran]
) -> None:
    Path("big").write_bytes(os.urandom(2 << 20))
    cluster.faults.add(fault, "UploadFileChunk", skip=1, times=8)
    done = run("servicefabric", "upload", "big", "--chunk-size", "1", "--concurrency", "1")
    assert done.code == 0
    [said] = [line for line in done.err.splitlines() if line.startswith("imageapis: ")]
    assert said.startswith("imageapis: PUT ")
    assert said.endswith(" Trying again.")


@pytest.mark.usefixtures("no_waits")
def test_an_upload_without_a_journal_does_not_promise_to_go_on(
    cluster: ServiceFabricServer, run: Callable[..., Ran]
) -> None:
    Path("big").write_bytes(os.urandom(2 << 20))
    cluster.faults.add("reset-before", "UploadFileChunk", skip=1, times=1000)
    stopped = run("servicefabric", "upload", "big", "--chunk-size", "1", "--concurrency", "1", "--no-journal")
    cluster.faults.clear()
    assert stopped.code == 5
    assert stopped.err.endswith("Run the same command again: it begins anew, for want of a journal.\n")


@pytest.mark.usefixtures("no_waits")
@pytest.mark.parametrize("source", ["file", "folder"])
def test_an_upload_that_never_reached_a_server_says_so_as_any_command_does(
    source: str, cluster: ServiceFabricServer, run: Callable[..., Ran]
) -> None:
    Path("file").write_bytes(b"content")
    Path("folder").mkdir()
    Path("folder", "file").write_bytes(b"content")
    listed, sent = (
        run("servicefabric", *command, "--endpoint", cluster.url.replace("http:", "https:"))
        for command in (("ls",), ("upload", source))
    )
    assert (listed.code, sent.code) == (6, 6)
    said = sent.err.splitlines()[-1]
    assert "the server speaks no TLS there" in said
    assert "same command" not in said


@pytest.mark.usefixtures("no_waits")
def test_sessions_can_be_ended(cluster: ServiceFabricServer, run: Callable[..., Ran]) -> None:
    Path("big").write_bytes(bytes(2 << 20))
    cluster.faults.add("reset-before", "UploadFileChunk", skip=1, times=1000)
    run("servicefabric", "upload", "big", "--chunk-size", "1", "--concurrency", "1")
    assert run("servicefabric", "sessions", "big", "--delete").out.endswith("1 ended\n")
    assert run("servicefabric", "sessions", "big", "--json").json == []


def test_sfctls_choice_of_a_cluster_counts_without_an_endpoint(
    cluster: ServiceFabricServer, run: Callable[..., Ran], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("IMAGEAPIS_SERVICEFABRIC_ENDPOINT")
    (home / ".sfctl").mkdir()
    (home / ".sfctl" / "config").write_text(f"[servicefabric]\nendpoint = {cluster.url}\nsecurity = none\n")
    assert run("servicefabric", "ls").code == 0


def test_without_any_cluster_the_error_names_both_ways(run: Callable[..., Ran]) -> None:
    done = run("servicefabric", "ls")
    assert done.code == 3
    assert "sfctl" in done.err
    assert "--endpoint" in done.err


def test_a_token_of_the_environment_is_the_login(run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    from imageapis.testing.servicefabric import ServiceFabricServer

    with ServiceFabricServer(token="eyJ-made-up") as guarded:
        monkeypatch.setenv("IMAGEAPIS_SERVICEFABRIC_ENDPOINT", guarded.url)
        assert run("servicefabric", "ls").code == 3
        monkeypatch.setenv("IMAGEAPIS_SERVICEFABRIC_TOKEN", "eyJ-made-up")
        assert run("servicefabric", "ls").code == 0


def test_an_empty_path_is_not_taken_for_none(
    cluster: ServiceFabricServer, run: Callable[..., Ran], package: Path
) -> None:
    done = run("servicefabric", "upload", package, "")
    assert done.code == 2
    assert cluster.seen == []


def test_an_upload_that_was_refused_from_the_first_request_on_does_not_offer_to_go_on(
    cluster: ServiceFabricServer, run: Callable[..., Ran], package: Path
) -> None:
    done = run("servicefabric", "upload", package, "--endpoint", f"{cluster.url}/wrong", "--quiet")
    assert done.code == 1
    assert done.err.startswith("imageapis: GET /wrong/ImageStore/MyApp answered 400")
    assert "same command" not in done.err


def test_an_empty_folder_is_taken_for_a_slip(cluster: ServiceFabricServer, run: Callable[..., Ran]) -> None:
    Path("Empty").mkdir()
    done = run("servicefabric", "upload", "Empty", "--prune")
    assert done.code == 2
    assert "empty" in done.err
    assert cluster.seen == []


def test_a_file_that_is_not_there_is_named(cluster: ServiceFabricServer, run: Callable[..., Ran]) -> None:
    done = run("servicefabric", "upload", "Nothing")
    assert done.code == 2
    assert done.err == "imageapis: Nothing: No such file or directory\n"


def test_authorities_alone_are_no_login(cluster: ServiceFabricServer, run: Callable[..., Ran]) -> None:
    done = run("servicefabric", "ls", "--ca", "ca.pem")
    assert done.code == 3
    assert "--cert" in done.err
