"""What a vendor adds to one of our documents reaches users of its client by `regenerate` alone, or `check` says so."""

from __future__ import annotations

import importlib
import inspect
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scripts.check import check
from scripts.pipeline import documents
from scripts.pipeline.project import Project
from scripts.regenerate import regenerate

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def scratch(tmp_path: Path) -> Project:
    """A copy of this project, as far as the pipeline and the three clients need it."""
    ignored = shutil.ignore_patterns("__pycache__")
    for folder in ("specs", "generated", "overlays"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignored)
    return Project(tmp_path)


def change(project: Project, service: str, how: Callable[[Any], Any]) -> None:
    """Change a service's published document."""
    path = project.service(service).document
    document = documents.read(path)
    how(document)
    path.write_text(json.dumps(document), encoding="utf-8")


def ask(project: Project, code: str) -> Any:
    """What Python says of the scratch copy: the JSON that the code prints."""
    paths = os.pathsep.join(str(project.root / part) for part in ("overlays", "generated"))
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


#: By service: the schema of an answer, the path of a plain operation, and the class of the client.
SERVICES = {
    "lusid": ("Image", "/api/images/{name}", "get", "image", "SchedulerImages"),
    "openstack": (None, "/v2.1/images/{image_id}/metadata", "get", "metadata", "ComputeImages"),
    "servicefabric": ("ImageStoreInfo", "/ImageStore/$/Info", "get", "info", "ImageStore"),
}
NEW_FIELD = {"type": "string", "format": "date-time", "description": "When it was looked at."}
NEW_PARAMETER = {"name": "newOne", "in": "query", "description": "Something new."}


def schemas(document: Any) -> Any:
    return document.get("definitions") or document["components"]["schemas"]


@pytest.mark.parametrize("service", ["lusid", "servicefabric"])
def test_a_new_field_reaches_the_value_that_users_hold(scratch: Project, service: str) -> None:
    schema = SERVICES[service][0]
    change(scratch, service, lambda d: schemas(d)[schema]["properties"].update(lookedAt=NEW_FIELD))
    regenerate(scratch)
    code = (
        f"import json, imageapis.{service} as s; v = s.{schema}.from_json({{'lookedAt': '2026-01-02T03:04:05Z'}});"
        f"print(json.dumps([v.looked_at.isoformat(), s.{schema}.__annotations__['looked_at'], s.{schema}.__doc__]))"
    )
    value, kind, doc = ask(scratch, code)
    assert (value, kind) == ("2026-01-02T03:04:05+00:00", "dt.datetime | None")
    assert "looked_at: When it was looked at." in doc
    assert check(scratch) == []


def test_a_new_field_of_the_overlays_schemas_reaches_the_value_that_users_hold(scratch: Project) -> None:
    # The compute document has no models of answers: they are the overlay's.
    path = scratch.specs / "openstack" / "overlay.yaml"
    text = path.read_text(encoding="utf-8")
    known = "            minDisk:\n"
    assert text.count(known) == 1
    added = "            lookedAt:\n              description: When it was looked at.\n              type: string\n"
    path.write_text(text.replace(known, added + known), encoding="utf-8")
    regenerate(scratch)
    code = (
        "import json, imageapis.openstack as s;"
        "print(json.dumps([s.Image.__annotations__['looked_at'], s.Image.__doc__]))"
    )
    kind, doc = ask(scratch, code)
    assert kind == "str | None"
    assert "looked_at: When it was looked at." in doc
    assert check(scratch) == []


@pytest.mark.parametrize("service", ["servicefabric", "openstack", "lusid"])
def test_a_new_parameter_reaches_the_endpoint_and_either_the_method_or_a_finding(
    scratch: Project, service: str
) -> None:
    _, path, verb, method, client = SERVICES[service]
    new: dict[str, object] = dict(NEW_PARAMETER)
    document = documents.read(scratch.service(service).document)
    new.update({"type": "string"} if "swagger" in document else {"schema": {"type": "string"}})
    change(scratch, service, lambda d: d["paths"][path][verb].setdefault("parameters", []).append(new))
    regenerate(scratch)
    code = (
        f"import inspect, json, imageapis.{service} as s, imageapis_generated.{service}.operations as o;"
        f"c = next(v for k, v in vars(o).items() if k.endswith('Operations'));"
        f"print(json.dumps([str(inspect.signature(c.{method}.body)), c.{method}.__doc__,"
        f" list(inspect.signature(s.{client}.{method}).parameters)]))"
    )
    signature, doc, public = ask(scratch, code)
    assert "new_one: 'str | None' = None" in signature
    assert "new_one: Something new." in doc
    finding = f"{service}: GET {path}: the parameter newOne does not reach {method}()"
    assert ("new_one" in public) != (finding in check(scratch))


@pytest.mark.parametrize("service", SERVICES)
def test_a_new_operation_is_a_method_of_the_client_on_both_faces(scratch: Project, service: str) -> None:
    _, path, verb, _, client = SERVICES[service]

    def add(document: Any) -> None:
        new = json.loads(json.dumps(document["paths"][path][verb]))
        new.update(operationId="LookAgain", summary="Look again")
        document["paths"]["/again" + path] = {verb: new}

    change(scratch, service, add)
    lock = scratch.lock.read_text(encoding="utf-8")
    marker = {"lusid": '"/api/images"', "openstack": '"/v2.1/images"', "servicefabric": '"/ImageStore"'}[service]
    scratch.lock.write_text(lock.replace(marker, f'{marker}, "/again"', 1), encoding="utf-8")
    regenerate(scratch)
    code = (
        f"import inspect, json, imageapis.{service} as s; a, b = s.{client}.look_again, s.Async{client}.look_again;"
        "print(json.dumps([inspect.iscoroutinefunction(a), inspect.iscoroutinefunction(b), a.__doc__]))"
    )
    blocking, awaited, doc = ask(scratch, code)
    assert (blocking, awaited) == (False, True)
    assert doc.startswith("Look again.")


def test_a_field_that_goes_is_named_where_it_is_used(scratch: Project) -> None:
    change(scratch, "lusid", lambda d: schemas(d)["ResourceListOfImageSummary"]["properties"].pop("nextPage"))
    change(scratch, "lusid", lambda d: schemas(d)["ResourceListOfRepository"]["properties"].pop("nextPage"))
    [line] = [line for line in check(scratch) if "is gone" in line]
    assert line.startswith(
        "lusid: ResourceListOfImageSummary.next_page is gone, and is used at overlays/imageapis/lusid/"
    )


def test_a_field_that_a_hand_written_value_leaves_out_is_named(scratch: Project) -> None:
    change(
        scratch,
        "servicefabric",
        lambda d: schemas(d)["ImageStoreContent"]["properties"].update(lookedAt={"type": "string"}),
    )
    regenerate(scratch)
    assert [line for line in check(scratch) if "looked" in line] == [
        "servicefabric: ImageStoreContent.looked_at (lookedAt in the document) is read and used by nobody"
    ]


def test_a_new_field_reaches_a_value_to_which_properties_are_added_by_hand(scratch: Project) -> None:
    change(scratch, "servicefabric", lambda d: schemas(d)["FolderInfo"]["properties"].update(lookedAt=NEW_FIELD))
    regenerate(scratch)
    code = (
        "import json, imageapis.servicefabric.models as m;"
        "found = m.FolderInfo.from_json({'StoreRelativePath': 'a', 'lookedAt': '2026-01-02T03:04:05Z'});"
        "print(json.dumps([m.store_folder(found).looked_at.isoformat(), m.StoreFolder.__doc__]))"
    )
    value, doc = ask(scratch, code)
    assert value == "2026-01-02T03:04:05+00:00"
    assert "looked_at: When it was looked at." in doc
    assert check(scratch) == []


def test_all_of_our_documents_reaches_the_user(scratch: Project) -> None:
    assert check(scratch) == []


def test_the_generated_classes_are_those_that_users_import() -> None:
    for service, (schema, *_) in SERVICES.items():
        package = importlib.import_module(f"imageapis.{service}")
        values = importlib.import_module(f"imageapis_generated.{service}.values")
        name = schema or "Image"
        assert getattr(package, name) is getattr(values, name)
        assert inspect.getmodule(getattr(package, name)) is values
