"""What a listing names comes from outside: no request follows it out of its folder, nothing is deleted by mistake."""

from __future__ import annotations

from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

import anyio
import pytest

from imageapis.core.concurrency import FixedLimit
from imageapis.core.pages import Page
from imageapis.core.work import AsyncWork
from imageapis.errors import PageLoop, UnexpectedReply, UnsafePath
from imageapis.servicefabric import StoreFile, StoreFolder
from imageapis.servicefabric.walking import FolderWalk
from imageapis.testing.servicefabric.records import Blob, Refusal, Stored
from tests.servicefabric.lying import LyingServer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from imageapis.testing.servicefabric import ServiceFabricServer
    from tests.conftest import Face


def fill(server: ServiceFabricServer, *paths: str) -> None:
    for path in paths:
        blob, file = server.store.blob()
        file.write(b"stored")
        file.close()
        server.store.put(path, Blob(6, blob))


def package(at: Path, **files: bytes) -> Path:
    at.mkdir()
    for name, content in files.items():
        (at / name).write_bytes(content)
    return at


def lie(
    server: ServiceFabricServer, monkeypatch: pytest.MonkeyPatch, answers: dict[str, list[tuple[str, Any]]]
) -> None:
    """Let the server answer for some folders what is not in them."""
    told = server.store.listing
    monkeypatch.setattr(server.store, "listing", lambda path: answers[path] if path in answers else told(path))


def folder(path: str) -> tuple[str, Any]:
    return "folder", (path, 1)


def file(path: str) -> tuple[str, Any]:
    return "file", Stored(path, (), 0.0, 1)


def requests(server: ServiceFabricServer) -> list[str]:
    return [f"{seen.method} {seen.target.partition('?')[0]}" for seen in server.seen]


def test_pruning_never_deletes_by_a_name_that_the_gateway_reads_as_a_file_of_the_package(
    store: Any, server: ServiceFabricServer, tmp_path: Path
) -> None:
    fill(server, "P/C#.dll", "P/old")
    report = store.upload_package(package(tmp_path / "p", C=b"ours"), "P", prune=True)
    assert server.store.content("P/C") == b"ours"
    assert [line for line in requests(server) if line.startswith("DELETE")] == ["DELETE /ImageStore/P%2Fold"]
    assert (report.pruned, report.unpruned) == (1, ("P/C#.dll",))


def test_pruning_reports_a_folder_that_cannot_be_visited_safely(
    store: Any, server: ServiceFabricServer, tmp_path: Path
) -> None:
    fill(server, "P/a?b/x", "P/gone/c%41/y")
    report = store.upload_package(package(tmp_path / "p", C=b"ours"), "P", prune=True)
    assert report.unpruned == ("P/a?b",)
    assert server.store.paths() == ["P/C", "P/_.dir", "P/a?b/x"]


def test_pruning_what_lay_in_a_folder_leaves_the_file_that_has_its_name_now(
    store: Any, server: ServiceFabricServer, tmp_path: Path
) -> None:
    fill(server, "P/C/old", "P/C/_.dir")
    report = store.upload_package(package(tmp_path / "p", C=b"ours"), "P", prune=True)
    assert server.store.paths() == ["P/C", "P/_.dir"]
    assert (report.pruned, report.unpruned) == (2, ())


def test_pruning_reports_a_file_that_has_the_name_of_a_folder_of_the_package(
    open_store: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "p" / "Code").mkdir(parents=True)
    (tmp_path / "p" / "Code" / "a").write_bytes(b"1")
    with LyingServer() as server:

        def both(call: Any, truth: Any) -> tuple[int, Any]:
            status, listing = truth()
            if call.path == "P":
                listing["StoreFiles"].append(Stored("P\\Code", (), 0.0, 1).json())
            return status, listing

        fill(server, "P/Code/b")
        server.lies["GetImageStoreContent"] = both
        report = open_store(server).upload_package(tmp_path / "p", "P", prune=True)
        assert [line for line in requests(server) if line.startswith("DELETE")] == ["DELETE /ImageStore/P%2FCode%2Fb"]
        assert (report.pruned, report.unpruned) == (1, ("P/Code",))


def test_pruning_at_the_path_of_a_single_file_ends(open_store: Callable[..., Any], tmp_path: Path) -> None:
    root = package(tmp_path / "p", C=b"ours")
    with LyingServer() as server:
        fill(server, "P/C", "P/_.dir")
        files = [{"StoreRelativePath": "P", "FileSize": "1"}]
        server.lies["GetImageStoreContent"] = lambda call, truth: (200, {"StoreFiles": files}) if files else truth()

        def upload(_: Any, truth: Any) -> Any:
            files.clear()
            return truth()

        server.lies["UploadFile"] = upload
        assert open_store(server).upload_package(root, "P", prune=True).unpruned == ("P",)


def test_a_file_of_the_package_that_a_deletion_took_along_is_sent_again(
    store: Any, server: ServiceFabricServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = package(tmp_path / "p", kept=b"1", other=b"2")
    store.upload_package(root, "P", journal=tmp_path / "journal")
    fill(server, "P/old")
    delete = server.store.delete
    monkeypatch.setattr(server.store, "delete", lambda path: (delete(path), delete("P/kept")))
    report = store.upload_package(root, "P", journal=tmp_path / "journal", prune=True)
    assert (report.sent, report.skipped, report.pruned) == (1, 1, 1)
    assert server.store.paths() == ["P/_.dir", "P/kept", "P/other"]


@pytest.mark.parametrize("outside", ["P\\..\\x", "P/../x", "Q", "Q/x", "P", "P\\a\\b", "PQ", "P/", "P/..", "", "Q\\P"])
@pytest.mark.parametrize("kind", [file, folder])
def test_a_listing_that_names_what_does_not_lie_in_the_folder_is_refused(
    face: Face,
    store: Any,
    server: ServiceFabricServer,
    monkeypatch: pytest.MonkeyPatch,
    outside: str,
    kind: Callable[[str], tuple[str, Any]],
) -> None:
    if (outside, kind) == ("P", file):
        return  # that is how one file is listed
    lie(server, monkeypatch, {"P": [kind(outside)]})
    for pager in (store.list("P"), store.walk("P")):
        with pytest.raises(UnexpectedReply, match="does not lie directly in it"):
            face.items(pager)
    assert requests(server) == ["GET /ImageStore/P"] * 2


def test_a_walk_lists_all_other_files_before_it_refuses_a_folder_whose_name_means_another(
    face: Face, store: Any, server: ServiceFabricServer
) -> None:
    fill(server, "P/C#/inner", "P/a", "P/z/b", "P/C/c")
    seen: list[str] = []
    pages = face.each(store.walk("P").by_page())
    with pytest.raises(UnsafePath, match=r"'P/C#'.*cannot be visited") as caught:
        for page in pages:
            seen += [entry.path for entry in page.items]
    assert sorted(seen) == ["P/C/c", "P/a", "P/z/b"]
    assert caught.value.page_token is not None
    assert not any("%23" in line for line in requests(server))


def test_a_listing_shows_a_name_that_cannot_be_asked_for(face: Face, store: Any, server: ServiceFabricServer) -> None:
    fill(server, "P/C#.dll")
    assert [entry.path for entry in face.items(store.list("P"))] == ["P/C#.dll"]


def test_a_walk_into_folders_without_end_is_given_up(
    face: Face, store: Any, server: ServiceFabricServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server.store, "listing", lambda path: [folder(path.replace("/", "\\") + "\\a")])
    with pytest.raises(PageLoop, match="more than 255"):
        face.items(store.walk("P"))
    assert len(server.seen) == 255


def test_a_walk_that_never_comes_to_a_file_is_given_up(
    face: Face, store: Any, server: ServiceFabricServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imageapis.servicefabric.walking.FRUITLESS", 20)
    both = partial(lambda path: [folder(f"{path}\\{name}".replace("/", "\\")) for name in "ab"])
    monkeypatch.setattr(server.store, "listing", both)
    with pytest.raises(PageLoop, match="without a file"):
        face.items(store.walk("P"))
    assert len(server.seen) == 20


def test_a_walk_is_given_up_when_its_folders_are_more_than_it_may_keep_in_mind(
    face: Face, store: Any, server: ServiceFabricServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imageapis.servicefabric.walking.KEPT", 10_000)
    fresh = count()

    def endless(path: str) -> list[Any]:
        here = path.replace("/", "\\")
        return [file(f"{here}\\file"), *(folder(f"{here}\\{next(fresh)}") for _ in range(3))]

    monkeypatch.setattr(server.store, "listing", endless)
    with pytest.raises(PageLoop, match="ever more names"):
        face.items(store.walk("P"))
    assert len(server.seen) < 40


def test_a_package_is_not_looked_for_among_ever_new_files(
    open_store: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imageapis.servicefabric.walking.KEPT", 50_000)
    fresh = count()

    def page(call: Any, truth: Any) -> tuple[int, Any]:
        files = [{"StoreRelativePath": f"P\\{next(fresh)}", "FileSize": "1"} for _ in range(10)]
        number = next(fresh)
        return 200, {"StoreFiles": files, "ContinuationToken": str(number) if number < 1000 else ""}

    with LyingServer() as server:
        server.lies["GetImageStoreContent"] = page
        with pytest.raises(PageLoop, match="ever more names"):
            open_store(server).upload_package(package(tmp_path / "p", C=b"ours"), "P", prune=True)
        assert len(server.seen) < 40


@pytest.mark.parametrize(
    "token",
    ["", "x", "{}", "[]", "3", "[[]]", '[["P"]]', '[["Q", null]]', '[["P/../Q", null]]', '[["P", 1]]', '[[1, null]]',
     "[" * 100_000],
)  # fmt: skip
def test_a_page_token_that_no_walk_gave_is_refused(
    face: Face, store: Any, server: ServiceFabricServer, token: str
) -> None:
    with pytest.raises(UnsafePath):
        list(face.each(store.walk("P").by_page(start=token)))
    assert server.seen == []


def test_stat_ends_when_the_folder_above_hands_out_a_page_twice(open_store: Callable[..., Any]) -> None:
    with LyingServer() as server:
        fill(server, "Apps/P/x")
        above = {"StoreFolders": [{"StoreRelativePath": "Apps\\a"}], "ContinuationToken": "again"}
        server.lies["GetImageStoreContent"] = lambda call, truth: (200, above) if call.path == "Apps" else truth()
        with pytest.raises(PageLoop):
            open_store(server).stat("Apps/P")
        assert len(server.seen) == 3


def test_a_folder_that_goes_during_the_walk_is_no_reason_to_send_everything_again(
    open_store: Callable[..., Any], tmp_path: Path
) -> None:
    root = package(tmp_path / "p", C=b"ours")
    with LyingServer() as server:
        store = open_store(server)
        store.upload_package(root, "P", journal=tmp_path / "journal")
        fill(server, "P/Gone/x")

        def gone(call: Any, truth: Any) -> tuple[int, Any]:
            if call.path == "P/Gone":
                raise Refusal(404)
            return truth()  # type: ignore[no-any-return]

        server.lies["GetImageStoreContent"] = gone
        report = store.upload_package(root, "P", journal=tmp_path / "journal")
        assert (report.sent, report.skipped) == (0, 1)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_the_folders_of_one_depth_are_looked_into_at_the_same_time(backend: str) -> None:
    async def main() -> None:
        inside: set[str] = set()
        together = anyio.Event()

        async def look(path: str, token: str | None) -> Page[Any]:
            if path == "P":
                return Page([StoreFolder(path=f"P/{name}") for name in "abc"])
            inside.add(path)
            if len(inside) == 3:
                together.set()
            with anyio.fail_after(20):
                await together.wait()
            return Page([StoreFile(path=f"{path}/file", size=1), StoreFolder(path=f"{path}/?")])

        files, skipped = await FolderWalk(look, "P").everything(AsyncWork(), FixedLimit(3))  # type: ignore[arg-type]
        assert sorted(file.path for file in files) == ["P/a/file", "P/b/file", "P/c/file"]
        assert sorted(skipped) == ["P/a/?", "P/b/?", "P/c/?"]

    anyio.run(main, backend=backend)
