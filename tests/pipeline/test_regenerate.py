"""`regenerate` gives new packages, or one sentence and an untouched tree."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scripts.check import check
from scripts.pipeline import documents, inputs, lock, tree
from scripts.pipeline.errors import PipelineError
from scripts.pipeline.project import Project
from scripts.regenerate import main, regenerate
from tests.pipeline.samples import contents, pets, swagger_pets, write_service

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]


def edit(path: Path, change: Callable[[Any], Any]) -> None:
    document = documents.read(path)
    change(document)
    path.write_text(json.dumps(document))


def test_a_new_service_gets_a_package_a_derived_document_and_a_lock(generated_pets: Project) -> None:
    package = generated_pets.generated / "pets"
    assert (package / "endpoints" / "list_pets.py").is_file()
    assert "age: int" in (package / "values.py").read_text()
    assert (generated_pets.generated / "py.typed").read_bytes() == b""
    assert (
        "age"
        in documents.read(generated_pets.specs / "pets" / "openapi.json")["components"]["schemas"]["Pet"]["properties"]
    )
    assert lock.read_lock(generated_pets).services["pets"].hashes.keys() == {
        "document",
        "overlay",
        "config",
        "openapi",
        "generated",
        "inputs",
    }


def test_every_generated_file_says_what_made_it_and_where_to_change_it(generated_pets: Project) -> None:
    header = (
        "# Generated from specs/pets/openapi.json by openapi-python-client 0.29.1.\n"
        "# Do not edit: change the spec or its overlay, then run nox -s regenerate.\n"
    )
    files = list((generated_pets.generated / "pets").rglob("*.py"))
    assert files
    assert all(path.read_text(encoding="utf-8").startswith(header) for path in files)
    assert "nox -s regenerate" in (generated_pets.generated / "__init__.py").read_text()


def test_nothing_stays_behind(generated_pets: Project) -> None:
    assert [path.name for path in (generated_pets.root / "generated").iterdir()] == ["imageapis_generated"]
    assert not list(generated_pets.generated.rglob(".ruff_cache"))


def test_regenerating_without_a_change_changes_nothing(project: Project) -> None:
    before = contents(project.root)
    assert regenerate(project).changed == []
    assert contents(project.root) == before


def mark(project: Project) -> Path:
    """Put a line into a generated file and into the lock: it stays as long as the package is not made anew."""
    marked = project.generated / "pets" / "values.py"
    before = {folder: tree.tree_hash(folder) for folder in (marked.parent, project.generated)}
    marked.write_text(f"{marked.read_text()}# marked\n")
    text = project.lock.read_text()
    for folder, old in before.items():
        text = text.replace(old, tree.tree_hash(folder))
    project.lock.write_text(text)
    return marked


def test_a_service_of_which_nothing_changed_is_not_made_anew(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    marked = mark(project)
    before = contents(project.root)
    assert main(["--project", str(project.root)]) == 0
    assert "files, made of what it was made of before" in capsys.readouterr().out
    assert marked.read_text().endswith("# marked\n")
    assert contents(project.root) == before


def add_line(path: Path) -> None:
    path.write_text(f"{path.read_text()}\n# One more line.\n")


def replace_in_lock(project: Project, old: str, new: str) -> None:
    text = project.lock.read_text()
    assert old in text
    project.lock.write_text(text.replace(old, new))


INPUTS: dict[str, Callable[[Project], Any]] = {
    "document": lambda p: add_line(spec(p, "openapi.yaml")),
    "overlay": lambda p: add_line(spec(p, "overlay.yaml")),
    "settings": lambda p: add_line(spec(p, "generator.yaml")),
    "selection": lambda p: replace_in_lock(p, '["/"]', '["/pets", "/owners"]'),
    "pipeline, by a digest of other sources": lambda p: replace_in_lock(
        p, lock.read_lock(p).services["pets"].hashes["inputs"], "0" * 64
    ),
    "derived document, which is gone": lambda p: spec(p, "openapi.json").unlink(),
    "lock, which has no digest": lambda p: replace_in_lock(p, "inputs = ", "outputs = "),
}


@pytest.mark.parametrize("change", INPUTS.values(), ids=INPUTS)
def test_a_service_of_which_something_changed_is_made_anew(project: Project, change: Callable[[Project], Any]) -> None:
    marked = mark(project)
    change(project)
    assert regenerate(project).left == frozenset()
    assert "# marked" not in marked.read_text()


def test_of_two_services_only_the_changed_one_is_made_anew(project: Project) -> None:
    write_service(project, "cats", pets())
    regenerate(project)
    edit(project.specs / "cats" / "openapi.yaml", lambda d: d["info"].update(title="Cats"))
    done = regenerate(project)
    assert done.left == {"pets"}
    assert {line.split("/")[2] for line in done.changed if line.startswith("generated")} == {"cats"}


def test_force_makes_everything_anew(project: Project) -> None:
    marked = mark(project)
    assert regenerate(project, force=True).left == frozenset()
    assert "# marked" not in marked.read_text()


def test_a_service_that_is_left_is_still_checked_byte_for_byte(project: Project) -> None:
    mark(project)
    regenerate(project)
    assert check(project) == ["generated/imageapis_generated/pets/values.py (differs)", "specs/lock.toml (differs)"]


@pytest.mark.parametrize("kept", [True, False], ids=["another digest", "no digest"])
def test_another_digest_of_inputs_or_none_is_no_difference_in_what_is_generated(project: Project, kept: bool) -> None:
    INPUTS["pipeline, by a digest of other sources"](project)
    if not kept:
        lines = project.lock.read_text().splitlines(keepends=True)
        project.lock.write_text("".join(line for line in lines if not line.startswith("inputs = ")))
    assert check(project) == []
    assert regenerate(project).changed == ["specs/lock.toml (differs)"]


@pytest.mark.parametrize("name", ["new.py", "templates/new.jinja", "made.py"])
def test_a_changed_or_added_source_changes_the_digest_of_the_pipeline(tmp_path: Path, name: str) -> None:
    trees = [tmp_path / "old", tmp_path / "new"]
    for folder in trees:
        (folder / "templates").mkdir(parents=True)
        (folder / "made.py").write_text("made = 1\n")
    (trees[1] / name).write_text("made = 2\n")
    assert len({inputs.pipeline_digest(folder) for folder in trees}) == 2


def test_line_ends_do_not_change_the_digest_of_the_pipeline(tmp_path: Path) -> None:
    trees = [tmp_path / "old", tmp_path / "new"]
    for folder, text in zip(trees, (b"a = 1\nb = 2\n", b"a = 1\r\nb = 2\r\n"), strict=True):
        folder.mkdir()
        (folder / "made.py").write_bytes(text)
    assert len({inputs.pipeline_digest(folder) for folder in trees}) == 1


def test_a_field_added_to_a_document_shows_in_the_package(project: Project) -> None:
    edit(
        project.specs / "pets" / "openapi.yaml",
        lambda d: d["components"]["schemas"]["Pet"]["properties"].update(color={"type": "string"}),
    )
    changed = regenerate(project).changed
    assert "generated/imageapis_generated/pets/values.py (differs)" in changed
    assert "color: str | None = None" in (project.generated / "pets" / "values.py").read_text()


def test_a_choice_that_no_answer_tells_apart_is_told_and_is_no_reason_to_refuse(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    def choose(document: Any) -> None:
        schemas = document["components"]["schemas"]
        twins = [{"$ref": "#/components/schemas/Twin"}, {"$ref": "#/components/schemas/Kin"}]
        schemas["Twin"] = schemas["Kin"] = {"type": "object", "properties": {"n": {"type": "integer"}}}
        schemas["Pet"]["properties"]["twin"] = {"oneOf": twins}

    edit(project.specs / "pets" / "openapi.yaml", choose)
    assert main(["--project", str(project.root)]) == 0
    said = capsys.readouterr().out
    assert (
        "To be known of specs/pets/openapi.json:\n- $.components.schemas.Pet.properties.twin has Twin and Kin" in said
    )
    assert "    - target: $.components.schemas.Pet.properties.twin.oneOf\n" in said


def test_a_service_that_left_specs_leaves_generated(project: Project) -> None:
    write_service(project, "cats", pets())
    regenerate(project)
    assert (project.generated / "cats").is_dir()
    shutil.rmtree(project.specs / "pets")
    text = project.lock.read_text()
    start, end = text.index("[services.pets]"), len(text)
    project.lock.write_text(text[:start] + text[end:])
    regenerate(project, force=True)
    assert not (project.generated / "pets").exists()
    assert set(lock.read_lock(project).services) == {"cats"}


def test_what_people_wrote_into_the_lock_is_kept(project: Project) -> None:
    text = project.lock.read_text()
    text = text.replace('source = "unknown"', 'source = "a \\"quoted\\" place"').replace(
        '["/"]', '["/pets", "/owners"]'
    )
    project.lock.write_text(text)
    regenerate(project)
    record = lock.read_lock(project).services["pets"]
    assert record.source == 'a "quoted" place'
    assert record.select == ("/pets", "/owners")


def test_the_same_specs_give_the_same_bytes_under_any_hash_seed(project: Project) -> None:
    trees = []
    for seed in ("1", "2"):
        shutil.rmtree(project.generated)
        command = [sys.executable, "-m", "scripts.regenerate", "--project", str(project.root)]
        subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed}, check=True, capture_output=True)
        trees.append(contents(project.root))
    assert trees[0] == trees[1]


def spec(project: Project, name: str) -> Path:
    return project.specs / "pets" / name


BAD: dict[str, tuple[Callable[[Project], Any], str]] = {
    "broken YAML in the document": (
        lambda p: spec(p, "openapi.yaml").write_text("openapi: [3.0.3\n"),
        "specs/pets/openapi.yaml is not valid YAML: line ",
    ),
    "broken YAML in the overlay": (
        lambda p: spec(p, "overlay.yaml").write_text("actions: {\n"),
        "specs/pets/overlay.yaml is not valid YAML: line ",
    ),
    "an overlay action that matches nothing": (
        lambda p: edit(spec(p, "overlay.yaml"), lambda d: d["actions"][0].update(target="$.components.gone")),
        "specs/pets/overlay.yaml: action 1 ($.components.gone: The server sends an age",
    ),
    "an overlay action that changes nothing": (
        lambda p: edit(spec(p, "overlay.yaml"), lambda d: d["actions"][0].update(update={"name": {"type": "string"}})),
        "changes nothing: correct its target, or delete it",
    ),
    "an unknown construct": (
        lambda p: edit(spec(p, "openapi.yaml"), lambda d: d["paths"]["/pets"]["get"].update(responses=[])),
        "- $.paths['/pets'].get.responses is not allowed: [] is not of type 'object'.",
    ),
    "a construct that Swagger does not know": (
        lambda p: (
            spec(p, "openapi.yaml")
            .rename(spec(p, "swagger.json"))
            .write_text(json.dumps({**swagger_pets(), "components": {}}))
        ),
        "- $ (the document's top level): 'components' does not match",
    ),
    "a version of the future": (
        lambda p: edit(spec(p, "openapi.yaml"), lambda d: d.update(openapi="4.0.0")),
        "says it is version '4.0.0'",
    ),
    "a key of ours that says what cannot be": (
        lambda p: edit(
            spec(p, "overlay.yaml"),
            lambda d: d["actions"].append(
                {"target": "$.paths['/pets'].get", "description": "x", "update": {"x-imageapis-unwrap": "gone"}}
            ),
        ),
        "GET /pets says x-imageapis-unwrap: gone, but its one answer has no such field",
    ),
    "a settings key that the generator would ignore": (
        lambda p: spec(p, "generator.yaml").write_text("literal_enum: true\n"),
        "specs/pets/generator.yaml has the unknown key 'literal_enum'; there are class_overrides and",
    ),
    "a setting of the wrong kind": (
        lambda p: spec(p, "generator.yaml").write_text("class_overrides: often\n"),
        "specs/pets/generator.yaml is not a valid setting at class_overrides",
    ),
    "hooks in the settings": (
        lambda p: spec(p, "generator.yaml").write_text("post_hooks: [rm]\n"),
        "specs/pets/generator.yaml has the unknown key 'post_hooks'",
    ),
    "a missing overlay": (lambda p: spec(p, "overlay.yaml").unlink(), "specs/pets/overlay.yaml is missing"),
    "two documents": (
        lambda p: spec(p, "swagger.json").write_text("{}"),
        "one API document (swagger.json or swagger.yaml or openapi.yaml), found swagger.json, openapi.yaml",
    ),
    "a folder that cannot be a package": (lambda p: (p.specs / "no-name").mkdir(), "specs/no-name cannot become"),
    "a broken lock": (lambda p: p.lock.write_text("[tools\n"), "specs/lock.toml is not valid TOML"),
    "a selection that matches nothing": (
        lambda p: p.lock.write_text(p.lock.read_text().replace('["/"]', '["/cats"]')),
        "specs/pets/openapi.yaml: the selection /cats matches no operation",
    ),
    "a hand-edited generated file": (
        lambda p: (p.generated / "pets" / "values.py").write_text("# mine\n"),
        "generated/imageapis_generated/pets was edited by hand",
    ),
    "a hand-edited file above the services": (
        lambda p: (p.generated / "__init__.py").write_text("# mine\n"),
        "generated/imageapis_generated/__init__.py was edited by hand",
    ),
    "a stray generated file": (
        lambda p: (p.generated / "mine.py").write_text("# mine\n"),
        "generated/imageapis_generated/mine.py was edited by hand",
    ),
    "a hand-edited derived document": (
        lambda p: edit(spec(p, "openapi.json"), lambda d: d["info"].update(title="Mine")),
        "specs/pets/openapi.json was edited by hand",
    ),
}


@pytest.mark.parametrize(("spoil", "sentence"), BAD.values(), ids=BAD)
def test_bad_input_is_one_sentence_and_leaves_the_tree_untouched(
    project: Project, capsys: pytest.CaptureFixture[str], spoil: Callable[[Project], Any], sentence: str
) -> None:
    spoil(project)
    before = contents(project.root)
    assert main(["--project", str(project.root)]) == 1
    said = capsys.readouterr()
    assert sentence in said.err
    assert (len(said.err.splitlines()) == 1) == ("- $" not in sentence)
    assert said.out == ""
    assert contents(project.root) == before


@pytest.mark.skipif(os.name == "nt", reason="the impostor is a shell script")
def test_another_ruff_on_the_path_leaves_the_tree_untouched(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "ruff").write_text("#!/bin/sh\necho ruff 0.15.0\n")
    (tmp_path / "ruff").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    before = contents(project.root)
    assert main(["--project", str(project.root)]) == 1
    said = capsys.readouterr().err
    assert "is 0.15.0, but 0.17.6 decides how generated code looks" in said
    assert len(said.splitlines()) == 1
    assert contents(project.root) == before


def test_without_network_for_the_converter_the_tree_stays_untouched(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    write_service(project, "old", swagger_pets())
    monkeypatch.setenv("IMAGEAPIS_CACHE", str(tmp_path / "tools"))
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
    before = contents(project.root)
    with socket.socket() as nobody:  # holds a port on which nobody listens
        nobody.bind(("127.0.0.1", 0))
        monkeypatch.setenv("npm_config_registry", f"http://127.0.0.1:{nobody.getsockname()[1]}/")
        assert main(["--project", str(project.root)]) == 1
    said = capsys.readouterr().err
    assert "run once with access to an npm registry" in said
    assert len(said.splitlines()) == 1
    assert contents(project.root) == before


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="nothing is forbidden to the superuser")
def test_a_tree_that_cannot_be_written_is_one_sentence(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    (project.root / "generated").chmod(0o555)
    assert main(["--project", str(project.root)]) == 1
    (project.root / "generated").chmod(0o755)
    assert "cannot be used: Permission denied" in capsys.readouterr().err


def test_force_overwrites_a_hand_edit(project: Project) -> None:
    before = contents(project.root)
    (project.generated / "pets" / "errors.py").write_text("# mine\n")
    (project.generated / "pets" / "mine.py").write_text("# mine\n")
    regenerate(project, force=True)
    assert contents(project.root) == before


def test_one_bad_service_keeps_the_others_as_they_were(project: Project) -> None:
    write_service(project, "zoo", {**pets(), "openapi": "4.0"})
    edit(spec(project, "openapi.yaml"), lambda d: d["info"].update(title="Changed"))
    before = contents(project.root)
    with pytest.raises(PipelineError, match=r"specs/zoo/openapi\.yaml"):
        regenerate(project)
    assert contents(project.root) == before


def test_words_that_differ_in_case_only_are_no_reason_to_refuse(project: Project) -> None:
    how = {"name": "how", "in": "query", "schema": {"type": "string", "enum": ["HARD", "hard"]}}
    edit(spec(project, "openapi.yaml"), lambda d: d["paths"]["/pets"]["get"]["parameters"].append(how))
    assert "generated/imageapis_generated/pets/endpoints/list_pets.py (differs)" in regenerate(project).changed


def test_a_folder_that_is_no_project_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--project", str(tmp_path)]) == 1
    assert "has no specs/ folder" in capsys.readouterr().err


def test_a_project_without_services_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "specs").mkdir()
    with pytest.raises(PipelineError, match="specs/ holds no service yet"):
        regenerate(Project(tmp_path))
