"""What cannot become a service as it stands says how to go on: by what is to paste, or where else the fault is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from scripts import documents as command
from scripts.pipeline import documents, exclusions, holes, overlay, select
from scripts.pipeline.errors import PipelineError
from scripts.pipeline.read_operations import read_api
from tests.pipeline.samples import pets

if TYPE_CHECKING:
    from pathlib import Path

EMPTY = "overlay: 1.0.0\ninfo: {title: x, version: '1'}\nactions: []\n"


@pytest.mark.parametrize(
    "line",
    [
        "judge pets: POST /pets: Unread: the body reads {}",
        "generated/imageapis_generated/pets/endpoints/add_pet.py:3: error: no such name",
        "FAILED tests/pets/test_smoke.py::test_an_operation_sends_its_request[blocking-add_pet] - KeyError",
        "FAILED tests/pets/test_smoke.py::test_an_operation_sends_its_request[add_pet-async] - KeyError",
    ],
    ids=["judge", "mypy", "smoke", "smoke, the other way round"],
)
def test_an_operation_that_fails_a_check_can_be_left_out_by_what_is_to_paste(tmp_path: Path, line: str) -> None:
    said = exclusions.way_out(read_api("pets", pets()), ["all is well elsewhere", line])
    assert "specs/pets/overlay.yaml" in said[0]
    (tmp_path / "overlay.yaml").write_text(EMPTY)
    assert command.paste("\n".join(said), tmp_path / "overlay.yaml")
    left = overlay.apply(pets(), documents.read(tmp_path / "overlay.yaml"), "overlay")
    kept = [(method, path) for method, path, _ in select.operations(left)]
    assert ("post", "/pets") not in kept
    assert len(kept) == len(list(select.operations(pets()))) - 1


@pytest.mark.parametrize("lines", [["generated/imageapis_generated/pets/values.py:3: error: x"], []])
def test_a_fault_of_no_single_operation_is_said_to_be_the_pipelines(lines: list[str]) -> None:
    [said] = exclusions.way_out(read_api("pets", pets()), lines)
    assert "the fault is in scripts/pipeline" in said


def test_a_document_that_is_only_called_by_its_service_says_so() -> None:
    hooks = {"openapi": "3.1.0", "info": {}, "webhooks": {"new": {}}}
    with pytest.raises(PipelineError, match="mine has webhooks only: a service calls those"):
        select.select(hooks, ("/",), "mine")


def refusal(*found: holes.Hole) -> str:
    with pytest.raises(PipelineError) as told:
        holes.refuse(found, "mine")
    return str(told.value)


def test_what_a_refusal_says_to_paste_can_be_pasted_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / "overlay.yaml").write_text(EMPTY)
    action = holes.mend(("paths", "/a"), "TODO: it is not there; perhaps it went: " + "long " * 40, remove=True)
    assert command.paste(refusal(holes.Hole(("paths", "/a"), "is odd", proposal=[action])), tmp_path / "overlay.yaml")
    assert documents.read(tmp_path / "overlay.yaml")["actions"] == [action]


def test_what_a_person_must_complete_is_not_pasted(tmp_path: Path) -> None:
    (tmp_path / "overlay.yaml").write_text(EMPTY)
    nodes: list[Any] = [{}, "text"]
    for node in nodes:
        proposal = holes.propose(("info", "title"), "is odd", node)
        said = refusal(holes.Hole(("info", "title"), "is odd", proposal=[proposal]))
        assert not command.paste(said, tmp_path / "overlay.yaml")
    assert (tmp_path / "overlay.yaml").read_text() == EMPTY
