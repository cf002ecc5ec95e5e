"""`upstream` says what a published document changed and what that does to the overlay; --write makes it ours."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scripts.check import check
from scripts.pipeline import documents, lock
from scripts.pipeline.project import Project
from scripts.regenerate import regenerate
from scripts.upstream import RETIRED, main
from tests.pipeline.samples import Document, contents, pets, swagger_pets, write_service

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = ROOT.parent / "shared" / "upstream"
published = pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the published documents are not beside this checkout")


@pytest.fixture
def theirs(tmp_path: Path) -> Callable[[Document], str]:
    """Write a published document; its path."""

    def write(document: Document) -> str:
        path = tmp_path / "published.yaml"
        path.write_text(documents.to_yaml(document))
        return str(path)

    return write


@pytest.fixture
def ours(tmp_path: Path) -> Project:
    """A scratch copy of this project's specs and packages."""
    for folder in ("specs", "generated"):
        shutil.copytree(ROOT / folder, tmp_path / "ours" / folder)
    return Project(tmp_path / "ours")


def healed() -> Document:
    """Ours, grown by what our overlay adds and by one field more."""
    document = pets()
    document["info"]["version"] = "2.0"
    document["components"]["schemas"]["Pet"]["properties"] |= {"age": {"type": "integer"}, "color": {"type": "string"}}
    return document


def test_changes_and_overlay_actions_that_no_longer_apply_are_printed(
    project: Project, theirs: Callable[[Document], str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(project.root)
    assert main(["pets", theirs(healed()), "--project", str(project.root)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "pets: ours is Pets 1.0; upstream is Pets 2.0",
        "On the wire:",
        "schema Pet",
        "  minor  age: property added (optional)",
        "  minor  color: property added (optional)",
        "Verdict: minor (0 major, 2 minor, 0 patch)",
        "For callers in Python:",
        "class Pet",
        "  minor  field color added",
        "Verdict: minor (0 major, 1 minor, 0 patch)",
        "Overlay: 0 of 1 actions apply to it.",
        (
            "  action 1 ($.components.schemas.Pet.properties: The server sends an age that the document does not "
            "have.) changes nothing"
        ),
    ]
    assert contents(project.root) == before


def test_write_takes_the_document_retires_stale_actions_and_regenerates(
    project: Project, theirs: Callable[[Document], str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pets", theirs(healed()), "--write", "--project", str(project.root)]) == 0
    assert "1 actions moved to x-retired-actions in specs/pets/overlay.yaml" in capsys.readouterr().out
    assert documents.read(project.specs / "pets" / "openapi.yaml") == healed()
    overlay = documents.read(project.specs / "pets" / "overlay.yaml")
    assert overlay["actions"] == []
    assert overlay[RETIRED][0]["x-retired"] == "changes nothing in Pets 2.0"
    assert "color: str | None" in (project.generated / "pets" / "values.py").read_text()
    assert lock.read_lock(project).services["pets"].source.startswith("published.yaml (Pets 2.0)")
    assert check(project) == []


def test_write_keeps_the_selection(project: Project, theirs: Callable[[Document], str]) -> None:
    project.lock.write_text(project.lock.read_text().replace('["/"]', '["/pets"]'))
    assert main(["pets", theirs(healed()), "--write", "--force", "--project", str(project.root)]) == 0
    assert set(documents.read(project.specs / "pets" / "openapi.yaml")["paths"]) == {"/pets"}
    assert not (project.generated / "pets" / "endpoints" / "get_owner.py").exists()


def test_a_document_that_gives_no_sound_package_is_not_written(
    project: Project, theirs: Callable[[Document], str], capsys: pytest.CaptureFixture[str]
) -> None:
    document = healed()
    document["paths"]["/owners/{id}"]["get"]["parameters"] = []
    source = theirs(document)
    before = contents(project.root)
    assert main(["pets", source, "--write", "--project", str(project.root)]) == 1
    said = capsys.readouterr()
    assert "Then 1 places would need a mend before generation:" in said.out
    assert said.err.startswith("Nothing was written: specs/pets/openapi.yaml after its overlay: 1 place needs a mend")
    assert contents(project.root) == before


def test_a_service_that_moves_to_another_version_of_openapi_gets_another_file(
    project: Project, theirs: Callable[[Document], str]
) -> None:
    write_service(project, "old", swagger_pets())
    regenerate(project)
    moved = swagger_pets()
    del moved["swagger"], moved["basePath"], moved["consumes"], moved["produces"], moved["definitions"]
    moved = {**moved, "openapi": "3.1.0", "paths": {"/v1/pets": pets()["paths"]["/owners/{id}"]}}
    moved["paths"]["/v1/pets"]["get"] |= {"parameters": [], "responses": {"200": {"description": "Fine"}}}
    assert main(["old", theirs(moved), "--write", "--project", str(project.root)]) == 0
    assert sorted(path.name for path in (project.specs / "old").iterdir()) == [
        "generator.yaml",
        "openapi.json",
        "openapi.yaml",
        "overlay.yaml",
    ]
    assert check(project) == []


def test_hand_edits_stop_a_write(
    project: Project, theirs: Callable[[Document], str], capsys: pytest.CaptureFixture[str]
) -> None:
    (project.generated / "pets" / "errors.py").write_text("# mine\n")
    assert main(["pets", theirs(healed()), "--write", "--project", str(project.root)]) == 1
    assert "was edited by hand" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("service", "source", "sentence"),
    [
        ("cats", "x.json", "There is no service 'cats' in specs/: it has pets."),
        ("pets", "absent.json", "absent.json cannot be read: No such file or directory."),
        ("pets", "http://127.0.0.1:1/", "http://127.0.0.1:1/ could not be fetched: "),
    ],
)
def test_what_cannot_be_read_is_one_sentence(
    project: Project, capsys: pytest.CaptureFixture[str], service: str, source: str, sentence: str
) -> None:
    assert main([service, source, "--project", str(project.root)]) == 1
    said = capsys.readouterr()
    assert said.err.startswith(sentence)
    assert len(said.err.splitlines()) == 1


def test_a_document_without_our_paths_is_one_sentence(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "other.json").write_text(json.dumps({**pets(), "paths": {}}))
    assert main(["pets", str(tmp_path / "other.json"), "--project", str(project.root)]) == 1
    assert "the selection / matches no operation" in capsys.readouterr().err


@published
def test_the_published_scheduler_documents_show_which_version_retired_two_operations(
    ours: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = "operation removed (ours marks it deprecated already)"
    main(["lusid", str(PUBLISHED / "lusid-scheduler-0.0.1066.openapi.yaml"), "--project", str(ours.root)])
    assert gone not in capsys.readouterr().out
    main(["lusid", str(PUBLISHED / "lusid-scheduler-0.0.1144.openapi.yaml"), "--project", str(ours.root)])
    later = capsys.readouterr().out
    assert f"DELETE /api/images/{{name}}\n  major  {gone}" in later
    assert f"GET /api/images/{{name}}/contents\n  major  {gone}" in later
    assert "endpoint delete_image, and the method delete that is written by hand\n  major  removed" in later
    assert "endpoint download_image, and the method download that is written by hand\n  major  removed" in later


@published
def test_the_published_compute_document_of_megabytes_is_read_and_compared(
    ours: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["openstack", str(PUBLISHED / "openstack-compute-2.96.openapi.yaml"), "--project", str(ours.root)]) == 0
    said = capsys.readouterr().out
    assert "path parameter image_id is now named id" in said
    assert "operation removed" not in said


@published
def test_the_published_service_fabric_document_can_take_the_place_of_ours(
    ours: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    source = PUBLISHED / "servicefabric-6.4.swagger.json"
    assert main(["servicefabric", str(source), "--write", "--project", str(ours.root)]) == 0
    assert "servicefabric: 14 operations" in capsys.readouterr().out
    assert documents.read(ours.specs / "servicefabric" / "swagger.json")["info"]["version"] == "6.4.0.36"
    assert check(ours) == []
