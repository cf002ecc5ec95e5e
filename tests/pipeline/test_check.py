"""`check` is green on what specs/ gives and red, with names, on anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.check import check, main
from tests.pipeline.samples import contents

if TYPE_CHECKING:
    import pytest

    from scripts.pipeline.project import Project


def test_a_regenerated_project_is_green(generated_pets: Project, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--project", str(generated_pets.root)]) == 0
    assert "are what specs/ gives" in capsys.readouterr().out


def test_one_edited_generated_line_is_red_and_named(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    path = project.generated / "pets" / "values.py"
    path.write_text(path.read_text() + "# mine\n")
    before = contents(project.root)
    assert main(["--project", str(project.root)]) == 1
    assert "generated/imageapis_generated/pets/values.py (differs)" in capsys.readouterr().out
    assert contents(project.root) == before


def test_an_edited_target_of_an_overlay_action_is_red_with_the_action_named(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    overlay = project.specs / "pets" / "overlay.yaml"
    overlay.write_text(overlay.read_text().replace("$.components.schemas.Pet", "$.components.schemas.Puppy"))
    assert main(["--project", str(project.root)]) == 1
    assert "action 1 ($.components.schemas.Puppy.properties: The server sends an age" in capsys.readouterr().err


def test_files_that_are_missing_or_too_many_are_named(project: Project) -> None:
    (project.generated / "pets" / "values.py").unlink()
    (project.generated / "pets" / "mine.py").write_text("")
    assert check(project) == [
        "generated/imageapis_generated/pets/mine.py (gone)",
        "generated/imageapis_generated/pets/values.py (new)",
    ]


def test_a_changed_record_in_the_lock_is_red(project: Project) -> None:
    project.lock.write_text(project.lock.read_text().replace("0.17.6", "0.17.5"))
    assert check(project) == ["specs/lock.toml (differs)"]


def test_caches_do_not_count(project: Project) -> None:
    for cache in ("__pycache__", ".ruff_cache"):
        (project.generated / "pets" / cache).mkdir()
        (project.generated / "pets" / cache / "x").write_text("x")
    assert check(project) == []
