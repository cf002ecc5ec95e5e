"""Uploading packages: order of marks, what is skipped, pruned and compressed, what is refused, what goes on."""

from __future__ import annotations

import os
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from imageapis.errors import (
    NotFound,
    SourceChanged,
    UnsafePath,
    UnusableFile,
    UploadInterrupted,
    VerificationFailed,
)
from imageapis.servicefabric import PackageReport
from imageapis.testing.servicefabric import ServiceFabricServer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from imageapis.core.progress import Progress
    from imageapis.testing.servicefabric.faults import Kind

CHUNK = 16_384
FILES = {
    "ApplicationManifest.xml": b"<ApplicationManifest/>",
    "Web/ServiceManifest.xml": b'<ServiceManifest xmlns="urn:x"><CodePackage Name="Code"/>'
    b'<ConfigPackage Name="Config"/><DataPackage Name="NotThere"/></ServiceManifest>',
    "Web/Code/web.dll": b"w" * 40_000,
    "Web/Code/lib/a.dll": b"a" * 1000,
    "Web/Code/lib/empty": b"",
    "Web/Config/Settings.xml": b"<Settings/>",
}
MARKS = {"_.dir", "Web/_.dir", "Web/Code/_.dir", "Web/Code/lib/_.dir", "Web/Config/_.dir"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "MyApp"
    for name, content in FILES.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        # Old enough that the note on it is beyond doubt.
        os.utime(file, (1_700_000_000, 1_700_000_000))
    return root


def stored(server: ServiceFabricServer, path: str = "MyApp_1.2") -> dict[str, bytes]:
    found = server.store.paths()
    return {name.removeprefix(f"{path}/"): server.store.content(name) for name in found if name.startswith(path)}


def written(server: ServiceFabricServer) -> list[str]:
    """Return the targets of all whole-file PUTs, in order."""
    return [seen.target.partition("?")[0] for seen in server.seen if seen.method == "PUT" and "$" not in seen.target]


def test_a_package_arrives_whole_with_a_mark_in_each_folder(
    store: Any, server: ServiceFabricServer, folder: Path
) -> None:
    report = store.upload_package(folder, "MyApp_1.2", chunk_size=CHUNK)
    assert stored(server) == {**FILES, **dict.fromkeys(MARKS, b"")}
    assert isinstance(report, PackageReport)
    assert (report.path, report.sent, report.skipped, report.pruned) == ("MyApp_1.2", 6, 0, 0)
    assert report.bytes == sum(map(len, FILES.values()))
    assert not report.resumed


def test_a_mark_comes_after_all_that_lies_under_its_folder_and_the_roots_comes_last(
    store: Any, server: ServiceFabricServer, folder: Path
) -> None:
    store.upload_package(folder, "P")
    order = [target.removeprefix("/ImageStore/").replace("%2F", "/") for target in written(server)]
    assert order[-1] == "P/_.dir"
    for at, path in enumerate(order):
        if path.endswith("/_.dir"):
            assert not any(later.startswith(path.removesuffix("_.dir")) for later in order[at + 1 :])


def test_a_package_of_one_file(store: Any, server: ServiceFabricServer, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "only.txt").write_bytes(b"1")
    assert store.upload_package(tmp_path / "one", "One").sent == 1
    assert stored(server, "One") == {"only.txt": b"1", "_.dir": b""}


def test_a_package_of_2000_files(open_store: Callable[..., Any], tmp_path: Path) -> None:
    root = make_package(tmp_path, 2000)
    with ServiceFabricServer(contract=False) as server:
        assert open_store(server).upload_package(root, "Many").sent == 2000
        assert len(server.store.paths()) == 2000 + 20 + 1


@pytest.mark.parametrize("concurrency", [1, 3, 40])
@pytest.mark.parametrize("count", [1, 15, 16, 17, 50])
def test_files_that_are_read_ahead_arrive_once_each_also_if_some_are_refused_first(
    store: Any, server: ServiceFabricServer, tmp_path: Path, count: int, concurrency: int
) -> None:
    files = {f"{number:03}": bytes([number]) * number for number in range(count)} | {"large": bytes(70_000)}
    (tmp_path / "p").mkdir()
    for name, content in files.items():
        (tmp_path / "p" / name).write_bytes(content)
    server.faults.add("busy", "UploadFile", skip=count // 2, times=3)
    report = store.upload_package(tmp_path / "p", "P", concurrency=concurrency, journal=tmp_path / "journal")
    assert report.sent == count + 1
    assert stored(server, "P") == {**files, "_.dir": b""}
    assert len(written(server)) == count + 2 + 3
    assert store.upload_package(tmp_path / "p", "P", journal=tmp_path / "journal").skipped == count + 1


@pytest.mark.slow
def test_a_package_of_20000_files(open_store: Callable[..., Any], tmp_path: Path) -> None:
    root = make_package(tmp_path, 20_000)
    with ServiceFabricServer(contract=False) as server:
        journal = tmp_path / "journal"
        assert open_store(server).upload_package(root, "Many", journal=journal).sent == 20_000
        assert len(server.store.paths()) == 20_000 + 200 + 1
        server.seen.clear()
        os.utime(root / "folder 0" / "file 0", (1, 1))
        report = open_store(server).upload_package(root, "Many", journal=journal)
        assert (report.sent, report.skipped) == (0, 20_000)
        assert written(server) == []


def make_package(at: Path, count: int) -> Path:
    root = at / "many"
    for folder in range(count // 100):
        (root / f"folder {folder}").mkdir(parents=True)
        for file in range(100):
            path = root / f"folder {folder}" / f"file {file}"
            path.write_bytes(f"{folder}/{file}".encode())
            os.utime(path, (1_700_000_000, 1_700_000_000))
    return root


def test_with_a_journal_an_unchanged_package_is_not_sent_again(
    store: Any, server: ServiceFabricServer, folder: Path, tmp_path: Path
) -> None:
    for expected in ((6, 0), (0, 6)):
        server.seen.clear()
        report = store.upload_package(folder, "P", chunk_size=CHUNK, journal=tmp_path / "journal")
        assert (report.sent, report.skipped) == expected
    assert not any(seen.method in ("PUT", "DELETE") for seen in server.seen)


def test_only_what_changed_is_sent_and_the_root_mark_is_gone_meanwhile(
    store: Any, server: ServiceFabricServer, folder: Path, tmp_path: Path
) -> None:
    store.upload_package(folder, "P", chunk_size=CHUNK, journal=tmp_path / "journal")
    (folder / "Web/Code/lib/a.dll").write_bytes(b"b" * 1000)
    server.seen.clear()
    report = store.upload_package(folder, "P", chunk_size=CHUNK, journal=tmp_path / "journal")
    assert (report.sent, report.skipped, report.bytes) == (1, 5, 1000)
    assert stored(server, "P")["Web/Code/lib/a.dll"] == b"b" * 1000
    changes = [(seen.method, seen.target.partition("?")[0]) for seen in server.seen if seen.method != "GET"]
    assert changes == [
        ("DELETE", "/ImageStore/P%2F_.dir"),
        ("PUT", "/ImageStore/P%2FWeb%2FCode%2Flib%2Fa.dll"),
        ("PUT", "/ImageStore/P%2F_.dir"),
    ]


def test_a_touched_file_of_the_same_content_is_recognised_by_its_hash(
    store: Any, server: ServiceFabricServer, folder: Path, tmp_path: Path
) -> None:
    store.upload_package(folder, "P", journal=tmp_path / "journal")
    os.utime(folder / "Web/Code/web.dll")
    assert store.upload_package(folder, "P", journal=tmp_path / "journal").sent == 0


def test_a_change_that_keeps_size_and_time_right_after_the_upload_is_noticed(
    store: Any, server: ServiceFabricServer, folder: Path, tmp_path: Path
) -> None:
    file = folder / "Web/Code/lib/a.dll"
    file.write_bytes(b"x" * 1000)
    times = file.stat()
    store.upload_package(folder, "P", journal=tmp_path / "journal")
    with file.open("r+b") as opened:
        opened.write(b"y")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert store.upload_package(folder, "P", journal=tmp_path / "journal").sent == 1
    assert stored(server, "P")["Web/Code/lib/a.dll"] == b"y" + b"x" * 999


def test_a_rewritten_file_that_bears_the_time_that_its_build_gives_to_all_files_is_noticed(
    store: Any, server: ServiceFabricServer, folder: Path, tmp_path: Path
) -> None:
    file = folder / "Web/Code/lib/a.dll"
    os.utime(file, (1_500_000_000, 1_500_000_000))
    store.upload_package(folder, "P", journal=tmp_path / "journal")
    with file.open("r+b") as opened:
        opened.write(b"y")
    os.utime(file, (1_500_000_000, 1_500_000_000))
    assert store.upload_package(folder, "P", journal=tmp_path / "journal").sent == 1
    assert stored(server, "P")["Web/Code/lib/a.dll"][:1] == b"y"


def test_a_file_that_somebody_else_replaced_is_sent_again(
    store: Any, server: ServiceFabricServer, folder: Path, tmp_path: Path
) -> None:
    store.upload_package(folder, "P", journal=tmp_path / "journal")
    store.put_file(b"z" * 1000, "P/Web/Code/lib/a.dll")
    assert store.upload_package(folder, "P", journal=tmp_path / "journal").sent == 1
    assert stored(server, "P")["Web/Code/lib/a.dll"] == b"a" * 1000


def test_pruning_deletes_what_the_package_does_not_hold(store: Any, server: ServiceFabricServer, folder: Path) -> None:
    for path in ("P/old.txt", "P/Gone/a", "P/Gone/deep/b", "P/Gone/_.dir", "P/web/code/WEB.dll", "Other/x"):
        store.put_file(b"old", path)
    report = store.upload_package(folder, "P", prune=True)
    assert report.pruned == 4
    assert server.store.file("P/Gone/a") is None
    assert server.store.file("P/old.txt") is None
    assert server.store.content("P/Web/Code/web.dll") == FILES["Web/Code/web.dll"]
    assert server.store.content("Other/x") == b"old"
    deleted = [seen.target.partition("?")[0] for seen in server.seen if seen.method == "DELETE"]
    assert sorted(deleted) == ["/ImageStore/P%2FGone", "/ImageStore/P%2Fold.txt"]


def test_compressing_leaves_the_source_alone_and_gives_the_same_zip_each_time(
    store: Any, server: ServiceFabricServer, folder: Path, tmp_path: Path
) -> None:
    before = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))
    for sent in (4, 0):
        report = store.upload_package(folder, "P", compress=True, journal=tmp_path / "journal")
        assert report.sent == sent
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*")) == before
    found = stored(server, "P")
    assert set(found) == {
        "ApplicationManifest.xml",
        "Web/ServiceManifest.xml",
        "Web/Code.zip",
        "Web/Config.zip",
        "Web/_.dir",
        "_.dir",
    }
    with zipfile.ZipFile(BytesIO(found["Web/Code.zip"])) as packed:
        assert {name: packed.read(name) for name in packed.namelist()} == {
            "lib/a.dll": b"a" * 1000,
            "lib/empty": b"",
            "web.dll": b"w" * 40_000,
        }


@pytest.mark.parametrize("name", ["C#.dll", "what?", "50%.txt", "$", "back\\slash", "dot.", " space", "bad\udcff"])
def test_trap_9_a_name_that_would_be_mangled_is_refused_before_the_first_byte(
    store: Any, server: ServiceFabricServer, folder: Path, name: str
) -> None:
    (folder / "Web" / name).write_bytes(b"x")
    with pytest.raises(UnsafePath, match="Nothing was sent"):
        store.upload_package(folder, "P")
    assert server.seen == []


def test_trap_9_names_that_differ_in_case_are_refused_where_case_does_not_count(
    open_store: Callable[..., Any], server: ServiceFabricServer, linux_server: ServiceFabricServer, folder: Path
) -> None:
    (folder / "WEB").mkdir()
    (folder / "WEB" / "x").write_bytes(b"x")
    with pytest.raises(UnsafePath, match="one name on a Windows cluster"):
        open_store(server).upload_package(folder, "P")
    assert written(server) == []
    assert open_store(linux_server).upload_package(folder, "P").sent == 7


def test_links_and_special_files_are_refused_or_followed_by_choice(
    store: Any, server: ServiceFabricServer, folder: Path
) -> None:
    (folder / "link.txt").symlink_to(folder / "ApplicationManifest.xml")
    with pytest.raises(UnsafePath, match="symlinks='follow'"):
        store.upload_package(folder, "P")
    assert server.seen == []
    store.upload_package(folder, "P", symlinks="skip")
    assert "link.txt" not in stored(server, "P")
    store.upload_package(folder, "P", symlinks="follow")
    assert stored(server, "P")["link.txt"] == FILES["ApplicationManifest.xml"]
    (folder / "loop").symlink_to(folder)
    with pytest.raises(UnsafePath, match="no end"):
        store.upload_package(folder, "P", symlinks="follow")
    (folder / "loop").unlink()
    os.mkfifo(folder / "pipe")
    with pytest.raises(UnsafePath, match="neither a file nor a folder"):
        store.upload_package(folder, "P", symlinks="skip")


def test_a_folder_with_marks_in_it_is_a_package_all_the_same(
    store: Any, server: ServiceFabricServer, folder: Path
) -> None:
    (folder / "Web" / "_.dir").write_bytes(b"")
    assert store.upload_package(folder, "P").sent == 6
    (folder / "Web" / "_.dir").write_bytes(b"content")
    with pytest.raises(UnsafePath, match="own mark"):
        store.upload_package(folder, "P")


def test_failures_that_pass_do_not_end_a_package(store: Any, server: ServiceFabricServer, folder: Path) -> None:
    faults: tuple[tuple[Kind, int], ...] = (
        ("busy", 0),
        ("reset-after", 1),
        ("timeout-after", 3),
        ("refuse", 5),
        ("lose", 6),
        ("shorten", 2),
    )
    for kind, skip in faults:
        server.faults.add(kind, "UploadFile", skip=skip)
    server.faults.add("failover", "UploadFileChunk", skip=1)
    store.upload_package(folder, "P", chunk_size=CHUNK)
    assert stored(server, "P") == {**FILES, **dict.fromkeys(MARKS, b"")}


def test_an_interrupted_package_goes_on_with_its_handle(
    open_store: Callable[..., Any], server: ServiceFabricServer, folder: Path
) -> None:
    store = open_store(server, retries=0)
    server.faults.add("busy", "UploadFile", skip=3, times=100)
    with pytest.raises(UploadInterrupted) as caught:
        store.upload_package(folder, "P", chunk_size=CHUNK)
    assert not store.exists("P/_.dir")
    assert 0 < caught.value.sent < caught.value.total
    server.faults.clear()
    store.upload_package(folder, "P", chunk_size=CHUNK, resume=caught.value.resume)
    assert stored(server, "P") == {**FILES, **dict.fromkeys(MARKS, b"")}


def interrupt(store: Any, server: ServiceFabricServer, folder: Path, **options: Any) -> UploadInterrupted:
    """Upload a package to a server that soon takes no more files, and return how that ends."""
    server.faults.add("busy", "UploadFile", skip=3, times=100)
    with pytest.raises(UploadInterrupted) as caught:
        store.upload_package(folder, "P", chunk_size=CHUNK, concurrency=1, **options)
    server.faults.clear()
    return caught.value


@pytest.mark.parametrize("kept", [True, False], ids=["journal", "resume"])
def test_an_interrupted_package_goes_on_and_sends_no_file_twice(
    open_store: Callable[..., Any], server: ServiceFabricServer, folder: Path, tmp_path: Path, kept: bool
) -> None:
    store = open_store(server, retries=0)
    options = {"journal": tmp_path / "journal"} if kept else {}
    interrupted = interrupt(store, server, folder, **options)
    report = store.upload_package(
        folder, "P", chunk_size=CHUNK, **(options if kept else {"resume": interrupted.resume})
    )
    assert (report.sent, report.skipped) == (2, 4)
    assert stored(server, "P") == {**FILES, **dict.fromkeys(MARKS, b"")}


def test_a_write_that_was_confirmed_and_lost_is_sent_again_where_an_older_file_has_the_same_size(
    open_store: Callable[..., Any], server: ServiceFabricServer, folder: Path, tmp_path: Path
) -> None:
    store = open_store(server, retries=0)
    for name, content in FILES.items():
        store.put_file(content.upper(), f"P/{name}")
    server.faults.add("lose", "UploadFile", skip=1, times=1)
    interrupt(store, server, folder, journal=tmp_path / "journal")
    store.upload_package(folder, "P", chunk_size=CHUNK, journal=tmp_path / "journal")
    assert stored(server, "P") == {**FILES, **dict.fromkeys(MARKS, b"")}


def test_a_file_that_changed_since_is_sent_again_by_resume(
    open_store: Callable[..., Any], server: ServiceFabricServer, folder: Path
) -> None:
    store = open_store(server, retries=0)
    interrupted = interrupt(store, server, folder)
    for name, content in FILES.items():
        (folder / name).write_bytes(content.upper())
    store.upload_package(folder, "P", chunk_size=CHUNK, resume=interrupted.resume)
    assert stored(server, "P") == {
        **{name: content.upper() for name, content in FILES.items()},
        **dict.fromkeys(MARKS, b""),
    }


def test_files_that_are_never_stored_as_sent_leave_the_package_unmarked(
    open_store: Callable[..., Any], server: ServiceFabricServer, folder: Path
) -> None:
    server.faults.add("shorten", "UploadFile", times=1000)
    with pytest.raises(VerificationFailed, match="the first is"):
        open_store(server).upload_package(folder, "P")
    assert "_.dir" not in stored(server, "P")


def test_a_package_with_files_that_did_not_arrive_goes_on_with_those(
    open_store: Callable[..., Any], server: ServiceFabricServer, folder: Path
) -> None:
    store = open_store(server)
    server.faults.add("shorten", "UploadFile", skip=3, times=1000)
    with pytest.raises(VerificationFailed) as caught:
        store.upload_package(folder, "P", concurrency=1)
    server.faults.clear()
    report = store.upload_package(folder, "P", resume=caught.value.resume)
    assert (report.sent, report.skipped) == (len(FILES) - 3, 3)
    assert stored(server, "P") == {**FILES, **dict.fromkeys(MARKS, b"")}


def test_marks_that_the_store_never_takes_end_the_package_and_are_all_that_is_left_to_send(
    open_store: Callable[..., Any], server: ServiceFabricServer, folder: Path
) -> None:
    store = open_store(server, retries=0)
    server.faults.add("busy", "UploadFile", skip=len(FILES), times=50)
    with pytest.raises(UploadInterrupted) as caught:
        store.upload_package(folder, "P")
    assert stored(server, "P") == FILES
    server.faults.clear()
    assert store.upload_package(folder, "P", resume=caught.value.resume).sent == 0
    assert stored(server, "P") == {**FILES, **dict.fromkeys(MARKS, b"")}


def test_a_file_that_changes_meanwhile_leaves_the_package_unmarked(
    store: Any, server: ServiceFabricServer, folder: Path
) -> None:
    def change(event: Progress) -> None:
        if event.sent >= CHUNK:
            (folder / "Web/Code/web.dll").write_bytes(b"other")

    with pytest.raises(SourceChanged, match=r"web\.dll"):
        store.upload_package(folder, "P", chunk_size=CHUNK, concurrency=1, progress=change)
    assert "_.dir" not in stored(server, "P")


def test_progress_covers_the_whole_package(store: Any, folder: Path, tmp_path: Path) -> None:
    total = sum(map(len, FILES.values()))
    for _ in range(2):
        events: list[Progress] = []
        store.upload_package(folder, "P", chunk_size=CHUNK, progress=events.append, journal=tmp_path / "journal")
        assert [event.sent for event in events] == sorted({event.sent for event in events})
        assert (events[0].sent, events[-1].sent) == (0, total)
        assert {event.total for event in events} == {total}


def test_a_cluster_without_an_image_store_is_named_before_anything_is_sent(
    open_store: Callable[..., Any], folder: Path
) -> None:
    with ServiceFabricServer(file_share=True) as server, pytest.raises(NotFound, match="ImageStoreConnectionString"):
        open_store(server).upload_package(folder, "P")
    assert written(server) == []


def test_folders_deeper_than_any_store_takes_are_refused_at_once(
    store: Any, server: ServiceFabricServer, tmp_path: Path
) -> None:
    (tmp_path / "p" / "/".join("d" * 150)).mkdir(parents=True)
    with pytest.raises(UnsafePath, match="folders deep"):
        store.upload_package(tmp_path / "p", "P")
    assert server.seen == []


@pytest.mark.parametrize(
    "manifest",
    [b"", b"<a>", b"\xff\xfe", b'<?xml version="1.0" encoding="nonsense"?><a/>', b'<?xml encoding="utf-7"?><a/>']
)  # fmt: skip
def test_a_manifest_that_cannot_be_read_is_named(
    store: Any, server: ServiceFabricServer, folder: Path, manifest: bytes
) -> None:
    (folder / "Web" / "ServiceManifest.xml").write_bytes(manifest)
    with pytest.raises(UnusableFile, match=r"ServiceManifest\.xml is not XML"):
        store.upload_package(folder, "P", compress=True)
    assert server.seen == []
