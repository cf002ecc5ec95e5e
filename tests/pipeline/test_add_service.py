"""`add_service` makes an importable, typed, callable package of a document that the project has never seen."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scripts.add_service import main
from scripts.check import check
from scripts.documents import paste
from scripts.pipeline import documents, lock
from scripts.pipeline.project import Project
from tests.pipeline.samples import contents

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[2]
NEWCOMERS = Path(__file__).parent / "newcomers"
LIBRARY = (NEWCOMERS / "library.yaml").read_text(encoding="utf-8")
OWN = ("specs", "generated/imageapis_generated", "overlays/imageapis", "tests")


@pytest.fixture(scope="module")
def checkout(generated_pets: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with the real core, to which no service of this module was added yet; do not change it."""
    root = tmp_path_factory.mktemp("checkout") / "project"
    shutil.copytree(generated_pets.root, root)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(
        ROOT / "overlays/imageapis/core", root / "overlays/imageapis/core", ignore=ignored, dirs_exist_ok=True
    )
    for source in (ROOT / "overlays/imageapis").iterdir():
        if source.is_file():
            shutil.copy(source, root / "overlays/imageapis")
    (root / "tests").mkdir()
    for name in ("__init__.py", "conftest.py", "stage.py"):
        shutil.copy(ROOT / "tests" / name, root / "tests")
    shutil.copy(ROOT / "pyproject.toml", root)
    return Project(root)


@pytest.fixture(scope="module")
def grown(checkout: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """That project with two services more: one of Swagger 2.0, one of OpenAPI 3.1."""
    project = Project(tmp_path_factory.mktemp("grown") / "project")
    shutil.copytree(checkout.root, project.root)
    for name, rule in (("library", "/v2/books"), ("weather", "/")):
        arguments = [name, str(NEWCOMERS / f"{name}.yaml"), "--select", rule, "--project", str(project.root)]
        assert main(arguments) == 0
    return project


def run(project: Project, *command: str) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join(str(project.root / part) for part in ("overlays", "generated", "."))
    # Plugins of this environment, our own among them, want what the project here does not have.
    environment = {**os.environ, "PYTHONPATH": paths, "MYPYPATH": paths, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    whole: Sequence[str] = [sys.executable, "-m", *command]
    return subprocess.run(whole, cwd=project.root, env=environment, capture_output=True, text=True, check=False)


def test_nothing_changes_outside_the_new_services_own_folders_but_the_lock(checkout: Project, grown: Project) -> None:
    before, after = contents(checkout.root), contents(grown.root)
    own = tuple(f"{folder}/{name}/" for folder in OWN for name in ("library", "weather"))
    outside = {name: text for name, text in after.items() if not name.startswith(own)}
    assert outside.keys() == before.keys()
    assert [name for name in before if before[name] != after[name]] == ["specs/lock.toml"]


def test_every_operation_is_callable_on_both_faces(grown: Project) -> None:
    done = run(grown, "pytest", "-q", "-p", "no:cacheprovider", "tests/library", "tests/weather")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{14 * 3} passed" in done.stdout


def test_the_new_packages_are_typed(grown: Project) -> None:
    pytest.importorskip("mypy")
    done = run(grown, "mypy", "--strict", "-p", "imageapis.library", "-p", "imageapis.weather")
    assert done.returncode == 0, done.stdout
    done = run(grown, "mypy", "--strict", "tests/library", "tests/weather")
    assert done.returncode == 0, done.stdout


def test_the_new_code_passes_the_projects_own_lint(grown: Project) -> None:
    folders = [f"{folder}/{name}" for folder in ("overlays/imageapis", "tests") for name in ("library", "weather")]
    done = run(grown, "ruff", "check", "--no-cache", *folders)
    assert done.returncode == 0, done.stdout
    done = run(grown, "ruff", "format", "--no-cache", "--check", *folders)
    assert done.returncode == 0, done.stdout


def test_a_grown_project_is_what_its_specs_give(grown: Project) -> None:
    assert check(grown) == []


def test_the_lock_records_source_and_selection(grown: Project) -> None:
    record = lock.read_lock(grown).services["library"]
    assert record.source == "library.yaml (Town library 3), selected, its own prose"
    assert record.select == ("/v2/books",)


def test_only_the_selected_operations_are_taken(grown: Project) -> None:
    assert "/staff" not in documents.read(grown.specs / "library" / "swagger.json")["paths"]


def test_what_is_odd_but_valid_needs_no_mend(grown: Project) -> None:
    for name in ("library", "weather"):
        assert documents.read(grown.specs / name / "overlay.yaml")["actions"] == []


def test_a_new_client_repeats_no_operation(grown: Project) -> None:
    text = (grown.root / "overlays" / "imageapis" / "library" / "client.py").read_text()
    assert "class _Operations(LibraryOperations, Operations):" in text
    assert "def " not in text


def test_a_document_without_holes_starts_with_an_empty_overlay(project: Project, tmp_path: Path) -> None:
    (tmp_path / "plain.yaml").write_text(
        "{openapi: 3.0.3, info: {title: P, version: '1'}, paths: "
        "{/a: {get: {operationId: GetA, responses: {'200': {description: ok}}}}}}"
    )
    assert main(["plain", str(tmp_path / "plain.yaml"), "--select", "GET /a", "--project", str(project.root)]) == 0
    assert documents.read(project.specs / "plain" / "overlay.yaml")["actions"] == []


@pytest.mark.parametrize(
    ("name", "document", "rule", "sentence"),
    [
        ("My-Lib", LIBRARY, "/books", "'My-Lib' cannot be a package's name"),
        ("class", LIBRARY, "/books", "'class' cannot be a package's name"),
        ("1st", LIBRARY, "/books", "'1st' cannot be a package's name"),
        ("pets", LIBRARY, "/books", "'pets' is taken: specs/pets exists already."),
        ("core", LIBRARY, "/books", "'core' is taken: overlays/imageapis/core exists already."),
        ("errors", LIBRARY, "/books", "'errors' is taken: overlays/imageapis/errors.py exists already."),
        ("demo", LIBRARY, "/books", "'demo' means something to pytest"),
        ("conftest", LIBRARY, "/books", "'conftest' means something to pytest"),
        ("nul", LIBRARY, "/books", "'nul' means something to pytest or to an operating system"),
        ("stage", LIBRARY, "/books", "'stage' is taken: tests/stage.py exists already."),
        ("library", LIBRARY, "/cats", "the selection /cats matches no operation"),
        ("library", LIBRARY, "cats", "neither a path prefix"),
        ("library", LIBRARY[:300], "/books", "is not valid YAML"),
        ("library", LIBRARY.replace('"2.0"', '"1.2"', 1), "/books", "says it is version '1.2'"),
    ],
)
def test_what_cannot_become_a_service_is_one_sentence_and_leaves_nothing_behind(
    checkout: Project,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    document: str,
    rule: str,
    sentence: str,
) -> None:
    (tmp_path / "document.yaml").write_text(document)
    before = contents(checkout.root)
    arguments = [name, str(tmp_path / "document.yaml"), "--select", rule, "--project", str(checkout.root)]
    assert main(arguments) == 1
    said = capsys.readouterr().err
    assert sentence in said
    assert len(said.splitlines()) == 1
    assert contents(checkout.root) == before


OPEN = """
openapi: 3.0.3
info: {title: Rooms}
paths:
  /rooms/{id}:
    get:
      parameters: [{name: id, in: path, schema: {type: string}}]
      responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/Room'}}}}}
    put:
      operationId: putRoom
      parameters: [{name: how, in: body, schema: {type: string}}]
      responses: {'200': {description: ok}}
components:
  schemas:
    Room: {type: object, properties: {name: {type: strin, required: true}}}
"""


@pytest.fixture
def rooms(project: Project, tmp_path: Path) -> list[str]:
    """The arguments that add a service of a document with faults of both kinds."""
    (tmp_path / "rooms.yaml").write_text(OPEN)
    return ["rooms", str(tmp_path / "rooms.yaml"), "--select", "/", "--project", str(project.root)]


def test_what_a_person_must_decide_is_told_all_at_once(rooms: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(rooms) == 1
    said = capsys.readouterr().err
    assert "2 places need a mend in overlay.yaml" in said
    assert "$.components.schemas.Room.properties.name.type is not allowed: 'strin' is not one of" in said
    assert "$.paths['/rooms/{id}'].put.parameters[0].in is not allowed: 'body' is not one of" in said
    assert said.endswith(
        "'rooms' is kept as a draft: mend specs/rooms/overlay.yaml, then run nox -s add_service -- rooms --resume "
        "(or delete specs/rooms).\n"
    )


def test_a_draft_is_no_service_yet(project: Project, rooms: list[str]) -> None:
    before = contents(project.root)
    assert main(rooms) == 1
    assert [service.name for service in project.services()] == ["pets"]
    assert check(project) == []
    after = contents(project.root)
    assert {name for name in after if name not in before} == {
        f"specs/rooms/{name}" for name in ("draft.toml", "generator.yaml", "openapi.yaml", "overlay.yaml")
    }
    assert {name: after[name] for name in before} == before


def test_a_mended_draft_resumes_and_what_was_written_by_hand_stays(
    project: Project, rooms: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(rooms) == 1
    overlay = project.specs / "rooms" / "overlay.yaml"
    actions = """
  # The service's own words.
  - target: $.components.schemas.Room.properties.name
    description: A slip of the pen.
    update: {type: string}
  - target: $.paths['/rooms/{id}'].put.parameters[0]
    description: It is sent in the query.
    update: {in: query}
"""
    overlay.write_text(overlay.read_text().rstrip() + actions)
    capsys.readouterr()
    assert main(["rooms", "--resume", "--project", str(project.root)]) == 0
    assert "rooms: 2 operations" in capsys.readouterr().out
    assert "# The service's own words." in overlay.read_text()
    assert not (project.specs / "rooms" / "draft.toml").exists()
    assert lock.read_lock(project).services["rooms"].select == ("/",)
    assert check(project) == []


def test_each_mend_is_printed_with_its_reason(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = OPEN.replace("strin,", "string,").replace("in: body", "in: query")
    (tmp_path / "rooms.yaml").write_text(text)
    arguments = ["rooms", str(tmp_path / "rooms.yaml"), "--select", "/", "--project", str(project.root)]
    assert main(arguments) == 0
    said = capsys.readouterr().out
    for action in documents.read(project.specs / "rooms" / "overlay.yaml")["actions"]:
        assert f"- {action['description']}\n" in said
        assert f"    {action['target']}\n" in said
    assert "A path parameter is always required." in said


def test_a_choice_that_no_answer_tells_apart_is_readable_once_what_is_told_is_pasted(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    either = "{oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}"
    same = "{type: object, required: [n], properties: {n: {type: integer}}}"
    text = OPEN.replace("in: body", "in: query").partition("    Room:")[0]
    (tmp_path / "rooms.yaml").write_text(f"{text}    Room: {either}\n    A: {same}\n    B: {same}\n")
    assert main(["rooms", str(tmp_path / "rooms.yaml"), "--select", "/", "--project", str(project.root)]) == 1
    said = capsys.readouterr().err
    assert "$.components.schemas.Room has A and B, and an answer that is the one is refused as being both" in said
    assert paste(said, project.specs / "rooms" / "overlay.yaml")
    assert main(["rooms", "--resume", "--project", str(project.root)]) == 0
    assert "To be known" not in capsys.readouterr().out


def test_a_draft_is_not_added_twice(rooms: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(rooms) == main(rooms) == 1
    assert "'rooms' is a draft: go on with nox -s add_service -- rooms --resume" in capsys.readouterr().err


def test_only_a_draft_can_be_resumed(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pets", "--resume", "--project", str(project.root)]) == 1
    assert "'pets' is no draft" in capsys.readouterr().err


def test_an_invalid_swagger_document_is_mended_before_it_is_converted(project: Project, tmp_path: Path) -> None:
    (tmp_path / "library.yaml").write_text(LIBRARY.replace("in: header, required", "in: cookie, required"))
    arguments = ["library", str(tmp_path / "library.yaml"), "--select", "/books", "--project", str(project.root)]
    assert main(arguments) == 1
    overlay = project.specs / "library" / "overlay.yaml"
    target = "$.paths[*][*].parameters[?@.in=='cookie']"
    action = f'  - {{target: "{target}", description: A header., x-before-conversion: true, update: {{in: header}}}}'
    overlay.write_text(overlay.read_text().replace("actions: []", f"actions:\n{action}"))
    assert main(["library", "--resume", "--project", str(project.root)]) == 0


def test_a_line_that_cannot_be_broken_may_be_long(project: Project, tmp_path: Path) -> None:
    paths = {"/it": {"get": {"operationId": "o" * 200, "responses": {"204": {"description": "Done."}}}}}
    document = {"openapi": "3.0.3", "info": {"title": "Long", "version": "1"}, "paths": paths}
    (tmp_path / "long.json").write_text(documents.to_json(document))
    assert main(["long", str(tmp_path / "long.json"), "--select", "/", "--project", str(project.root)]) == 0
