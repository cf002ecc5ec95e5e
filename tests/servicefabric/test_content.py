"""The plain operations on what is stored: list, walk, stat, sizes, copy, delete, on both faces."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

import pytest

from imageapis.errors import BadRequest, NotFound, UnsafePath
from imageapis.servicefabric import ImageStoreInfo, StoreFile, StoreFolder
from imageapis.testing.servicefabric import ServiceFabricServer
from imageapis.testing.servicefabric.records import Blob

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Face


def fill(server: ServiceFabricServer, *paths: str) -> None:
    """Put files of as many bytes as their path has letters."""
    for path in paths:
        blob, file = server.store.blob()
        file.write(path.encode())
        file.close()
        server.store.put(path, Blob(len(path), blob))


PACKAGE = ("App/Code/a.dll", "App/Code/b.dll", "App/Code/_.dir", "App/Manifest.xml", "App/_.dir", "loose.txt")


def test_a_listing_shows_files_and_folders_with_slashes_and_numbers(
    face: Face, store: Any, server: ServiceFabricServer
) -> None:
    fill(server, *PACKAGE)
    entries = face.items(store.list("App"))
    assert [(type(entry), entry.path) for entry in entries] == [
        (StoreFile, "App/Manifest.xml"),
        (StoreFile, "App/_.dir"),
        (StoreFolder, "App/Code"),
    ]
    assert entries[0].size == len("App/Manifest.xml")
    assert entries[0].modified.tzinfo is UTC
    assert entries[0].version.number > 131861800000000000
    assert entries[2].file_count == 3
    assert entries[2].size is None


def test_the_root_is_listed_by_default(face: Face, store: Any, server: ServiceFabricServer) -> None:
    fill(server, *PACKAGE)
    assert [entry.path for entry in face.items(store.list())] == ["loose.txt", "App"]


def test_an_empty_store_lists_nothing(face: Face, store: Any) -> None:
    assert face.items(store.list()) == []


def test_trap_2_a_missing_path_is_a_404_without_a_body_and_not_found(
    face: Face, store: Any, server: ServiceFabricServer
) -> None:
    with pytest.raises(NotFound) as caught:
        face.items(store.list("nowhere"))
    assert caught.value.status == 404
    assert caught.value.code is None


def test_trap_2_a_folder_without_entries_is_a_204_without_a_body_and_lists_nothing(
    face: Face, store: Any, server: ServiceFabricServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(server, "App/_.dir")
    # Between the two looks of the real server the mark can be all that is left.
    monkeypatch.setattr(server.store, "listing", lambda path: [])
    assert face.items(store.list("App")) == []


def test_large_folders_come_in_pages_that_no_entry_is_lost_between(face: Face, open_store: Callable[..., Any]) -> None:
    with ServiceFabricServer(page_size=7) as server:
        names = [f"Apps/file {number:03}+~é.bin" for number in range(40)]
        fill(server, *names)
        store = open_store(server)
        assert [entry.path for entry in face.items(store.list("Apps"))] == names
        pages = list(face.each(store.list("Apps", prefetch=1).by_page()))
        assert [len(page.items) for page in pages] == [7, 7, 7, 7, 7, 5]
        rest = list(face.each(store.list("Apps").by_page(start=pages[3].next)))
        assert [entry.path for page in rest for entry in page.items] == names[28:]


def test_a_walk_visits_every_file_at_any_depth(face: Face, open_store: Callable[..., Any]) -> None:
    with ServiceFabricServer(page_size=2) as server:
        fill(server, *PACKAGE)
        store = open_store(server)
        assert sorted(entry.path for entry in face.items(store.walk())) == sorted(PACKAGE)
        assert sorted(entry.path for entry in face.items(store.walk("App/Code"))) == sorted(PACKAGE[:3])


def test_a_walk_goes_on_from_any_page(face: Face, open_store: Callable[..., Any]) -> None:
    with ServiceFabricServer(page_size=2) as server:
        fill(server, *PACKAGE)
        store = open_store(server)
        pages = list(face.each(store.walk().by_page()))
        for at, page in enumerate(pages[:-1]):
            rest = list(face.each(store.walk().by_page(start=page.next)))
            assert [p.items for p in rest] == [p.items for p in pages[at + 1 :]]


def test_stat_tells_files_from_folders(store: Any, server: ServiceFabricServer) -> None:
    fill(server, *PACKAGE)
    assert store.stat("App/Manifest.xml").size == len("App/Manifest.xml")
    assert store.stat("App/Code") == StoreFolder(path="App/Code", file_count=3)
    assert store.stat("App") == StoreFolder(path="App", file_count=5)
    assert store.stat("") == StoreFolder(path="", file_count=None)
    with pytest.raises(NotFound):
        store.stat("App/Cod")


def test_stat_finds_a_folder_on_a_later_page_of_the_one_above(open_store: Callable[..., Any]) -> None:
    with ServiceFabricServer(page_size=3) as server:
        fill(server, *(f"Apps/{letter}/x" for letter in "abcdefgh"))
        assert open_store(server).stat("Apps/g") == StoreFolder(path="Apps/g", file_count=1)


def test_exists_is_true_for_files_and_folders_only_if_they_are_there(store: Any, server: ServiceFabricServer) -> None:
    fill(server, *PACKAGE)
    assert store.exists("App/Code/a.dll")
    assert store.exists("App/Code")
    assert not store.exists("App/c.dll")


def test_exists_does_not_take_a_cluster_without_a_store_for_an_absent_file(open_store: Callable[..., Any]) -> None:
    with (
        ServiceFabricServer(file_share=True) as server,
        pytest.raises(NotFound, match="development clusters use a file"),
    ):
        open_store(server).exists("App")


def test_sizes_are_numbers(store: Any, server: ServiceFabricServer) -> None:
    fill(server, *PACKAGE)
    assert store.folder_size("App/Code").size == sum(map(len, PACKAGE[:3]))
    assert store.folder_size().size == sum(map(len, PACKAGE))
    info = store.info()
    assert isinstance(info, ImageStoreInfo)
    assert info.disk_info is not None
    assert info.disk_info.capacity == 1 << 40
    assert info.used_by_metadata is not None
    assert info.used_by_metadata.file_count == len(PACKAGE)


def test_an_old_runtime_without_sizes_is_named_as_the_reason(open_store: Callable[..., Any]) -> None:
    with ServiceFabricServer(runtime="6.4") as server:
        store = open_store(server)
        for ask in (store.info, store.folder_size):
            with pytest.raises(BadRequest, match=r"Runtimes before 6\.5"):
                ask()


def test_deleting_is_recursive_and_nothing_is_as_good(store: Any, server: ServiceFabricServer) -> None:
    fill(server, *PACKAGE)
    store.delete("App")
    store.delete("App")
    assert server.store.paths() == ["loose.txt"]


def test_the_clusters_own_folders_cannot_be_deleted(store: Any) -> None:
    with pytest.raises(BadRequest, match="belong to the cluster") as caught:
        store.delete("Store")
    assert caught.value.code == "FABRIC_E_IMAGEBUILDER_RESERVED_DIRECTORY_ERROR"
    assert caught.value.reason is None, "the server's text is the word Null"


@pytest.mark.parametrize("windows", [True, False])
def test_trap_9_copy_sends_the_backslashes_that_windows_wants_and_linux_takes(
    open_store: Callable[..., Any], windows: bool
) -> None:
    with ServiceFabricServer(windows=windows) as server:
        fill(server, *PACKAGE)
        open_store(server).copy("App/Code", "Other/Code", skip_files=["b.dll"])
        copied = [path for path in server.store.paths() if path.startswith("Other")]
        assert copied == ["Other/Code/_.dir", "Other/Code/a.dll"]
        assert server.store.content("Other/Code/a.dll") == b"App/Code/a.dll"


def test_copy_replaces_the_destination(store: Any, server: ServiceFabricServer) -> None:
    fill(server, *PACKAGE, "Other/old.txt", "Other/_.dir")
    store.copy("App", "Other")
    assert "Other/old.txt" not in server.store.paths()


def test_a_folder_without_its_mark_cannot_be_copied(store: Any, server: ServiceFabricServer) -> None:
    fill(server, "App/a.dll")
    with pytest.raises(NotFound, match="finished with the mark"):
        store.copy("App", "Other")


@pytest.mark.parametrize(
    ("source", "destination"), [("App", "app"), ("App/Code", "App"), ("App", "App/Code"), ("App/Code", "app/code/x")]
)
def test_a_copy_whose_destination_would_be_deleted_with_its_source_is_refused(
    store: Any, server: ServiceFabricServer, source: str, destination: str
) -> None:
    with pytest.raises(ValueError, match="deletes the destination"):
        store.copy(source, destination)
    assert server.seen == []


@pytest.mark.parametrize("path", ["a/C#.dll", "a?b", "100%", "a/$/b", "../up", "a/./b", "a/b ", "dot.", "tab\there"])
def test_trap_9_names_that_the_gateway_would_mangle_are_refused_before_anything_is_sent(
    face: Face, store: Any, server: ServiceFabricServer, path: str
) -> None:
    for call in (store.delete, store.stat, store.exists, store.upload_sessions, store.folder_size):
        with pytest.raises(UnsafePath, match="Nothing was sent"):
            call(path)
    with pytest.raises(UnsafePath):
        face.items(store.list(path))
    assert server.seen == []


def test_the_root_cannot_be_deleted(store: Any, server: ServiceFabricServer) -> None:
    with pytest.raises(UnsafePath, match="root"):
        store.delete("/")
    assert server.seen == []


def test_trap_9_names_are_encoded_segment_by_segment_and_backslashes_are_separators(
    store: Any, server: ServiceFabricServer
) -> None:
    fill(server, "Apps/ä +&=;,~/x y.dll")
    assert store.stat("Apps\\ä +&=;,~\\x y.dll").path == "Apps/ä +&=;,~/x y.dll"


def test_names_ignore_case_on_windows_only(
    open_store: Callable[..., Any], server: ServiceFabricServer, linux_server: ServiceFabricServer
) -> None:
    for cluster in (server, linux_server):
        fill(cluster, "App/a.dll")
    assert open_store(server).exists("app/A.DLL")
    assert not open_store(linux_server).exists("app/A.DLL")


def test_trap_10_the_server_gives_up_before_we_do(store: Any, server: ServiceFabricServer) -> None:
    waits: list[tuple[str, float]] = []
    store.client._hooks["request"] = (
        lambda request: waits.append((request.url.params["timeout"], request.extensions["timeout"]["read"])),
    )
    store.exists("App")
    store.delete("App", timeout=300)
    assert waits == [("55", 60.0), ("300", 305.0)]
    with pytest.raises(ValueError, match="timeout"):
        store.delete("App", timeout=0)


@pytest.mark.parametrize("seconds", [1.2, 30])
def test_a_deadline_that_was_named_bounds_every_call_whose_own_arguments_ask_for_no_more(
    open_store: Callable[..., Any], server: ServiceFabricServer, seconds: float
) -> None:
    deadlines: dict[str, float] = {}
    store = open_store(server, deadline=seconds)

    def note(request: Any) -> None:
        deadline = request.extensions["imageapis_deadline"]
        deadlines[request.url.path.rpartition("/")[2]] = deadline.seconds
        deadline.extend(60)  # a busy machine may take longer than the shortest of them

    store.client._hooks["request"] = (note,)
    store.upload_file(bytes(3000), "App/a", chunk_size=1000)
    store.put_file(b"1", "App/b")
    store.upload_file(b"1", "App/c")
    assert {"UploadChunk", "CommitUploadSession", "GetUploadSession", "a", "b", "c"} <= deadlines.keys()
    assert set(deadlines.values()) == {seconds}
    store.delete("App/c", timeout=300)
    assert deadlines["c"] == 305
