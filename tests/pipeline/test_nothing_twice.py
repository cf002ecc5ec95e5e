"""Counts the lines by hand that say again what a service's document says: there are none without a reason here.

Counted in `overlays/imageapis/<service>/`, by its syntax and against all that is generated of the service:

- each field of a class whose name a property of the document has, in Python or on the wire;
- each text with which a mapping is read or written that is the name of a property or a parameter;
- each operation's method that takes no parameter but those of the generated one;
- each value that is made of two or more fields of another, which is how a renamed field would come twice.

The local servers in `imageapis.testing` are not counted: they speak for the service, and are checked by the documents.
"""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scripts.pipeline import build, documents
from scripts.pipeline.project import Project
from scripts.pipeline.read_operations import read_api

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scripts.pipeline.ir import Api

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("servicefabric", "lusid", "openstack")

#: What was found and looked at, and what no document can say of it.
REVIEWED: dict[str, dict[str, str]] = {
    "servicefabric": {
        "folder: LocalFile.path": "A file of this machine, before there is a service.",
        "folder: LocalFile.size": "As its path.",
        "gateway: ['timeout']": "What the server is granted follows from what the client waits.",
        "journal_records: ['size']": "A record of an upload, of our own journal.",
        "models: UploadSession.missing": "Its ranges know their sizes.",
        "package: PackageReport.path": "A report of many requests.",
        "package_transfer: ['size']": "A record of an upload, of our own journal.",
        "sessions: commit_upload_session()": "The session is its one argument, and the wait follows from `timeout`.",
        "sessions: delete_upload_session()": "It takes an interrupted upload too; a session that is gone is no error.",
        "sessions: upload_session()": "Of the list that is answered there is one session, or none.",
        "small_files: FileSnapshot(...)": "A file of this machine as it was before it was read.",
        "transfer: ['size']": "A record of an upload, of our own journal.",
        "upload: ['size']": "As above.",
    },
    "lusid": {
        "archive: Part.size": "Bytes of a tar.",
        "client: delete()": "Withdrawn by the service, so that a refusal has two meanings.",
        "faults: OperationRetired(...)": "An error made of another error.",
        "faults: ['name']": "A body of an error is read whatever it looks like; a model would refuse much.",
        "instructions: UploadInstructions.docker_login_command": "It holds a password, and is masked.",
        "instructions: UploadInstructions.name": "The image that was announced, which no answer repeats.",
        "instructions: ['docker_login_command']": "Pickled without its password.",
        "local_image: Blob.digest": "A descriptor of the image specification, which no document of LUSID's has.",
        "local_image: Blob.size": "As above.",
        "local_image: ['digest']": "As above.",
        "local_image: ['size']": "As above.",
        "models: PushedImage.digest": "What a push made in a registry, of which the document knows nothing.",
        "models: PushedImage.name": "As above.",
        "models: PushedImage.size": "As above.",
        "oci_layout: _Choice.digest": "A descriptor of the image specification.",
        "oci_layout: ['digest']": "As above.",
        "oci_layout: ['size']": "As above.",
        "settings: Setting.name": "A setting of the login.",
        "settings: _Key.name": "As above.",
        "tar: _Member.link": "A member of a tar.",
        "tar: _Member.size": "As above.",
        "uploads: image()": "A name that is none is refused with a word on how names look.",
    },
    "openstack": {
        "access: ['name']": "Keystone's catalog; its document is not ours.",
        "access: ['type']": "As above.",
        "client: delete()": "Ids that Nova would read as another address; a deletion whose answer got lost.",
        "client: image()": "Ids that Nova would read as another address.",
        "client: ['name']": "An argument of the generated list, taken back where a service does not know `eq:`.",
        "clouds: ['name']": "A region of clouds.yaml.",
        "filters: ['name']": "An argument of the generated list; filters do not mean what they are called.",
        "filters: ['server']": "As above.",
        "filters: ['status']": "As above.",
        "filters: ['type']": "As above.",
        "identity: ['id']": "Keystone's login; its document is not ours.",
        "identity: ['name']": "As above.",
        "keystone: ['id']": "Keystone's list of versions.",
        "keystone: ['status']": "As above.",
        "listing: ['marker']": "Read from the address of the next page, which the document holds for text.",
        "metadata_calls: delete_metadata_item()": "A key that no path can name is deleted by writing back all others.",
        "metadata_calls: metadata_item()": "A key that no path can name is looked up in the whole list.",
    },
}


def api_of(service: str) -> Api:
    """Return what the document says of a service."""
    found = Project(ROOT).service(service)
    return read_api(service, documents.read(found.derived), build.settings(found))


def repeats(text: str, api: Api) -> Iterator[str]:
    """Name each place in a module's text that says what the document says."""
    properties = {name for model in api.models.values() for one in model.fields for name in (one.json, one.name)}
    wire = properties | {one.json for operation in api.operations for one in operation.parameters}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef):
            for name in _fields(node):
                if name in properties:
                    yield f"{node.name}.{name}"
        for key in _keys(node):
            if key in wire:
                yield f"[{key!r}]"
        if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef):
            yield from _methods(node, api)
        if isinstance(node, ast.Call):
            yield from _copies(node, properties)


def _fields(node: ast.ClassDef) -> Iterator[str]:
    for line in node.body:
        if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
            yield line.target.id


def _keys(node: ast.AST) -> Iterator[str]:
    """The texts with which a mapping is read, written or asked."""
    found: list[ast.expr | None] = []
    if isinstance(node, ast.Dict):
        found = node.keys
    elif isinstance(node, ast.Subscript):
        found = [node.slice]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        found = [*node.args[:1]] if node.func.attr in {"get", "pop", "setdefault"} else []
    elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
        found = [node.left]
    for one in found:
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value


def _methods(node: ast.AsyncFunctionDef | ast.FunctionDef, api: Api) -> Iterator[str]:
    decorators = {one.id for one in node.decorator_list if isinstance(one, ast.Name)}
    own = {one.arg for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)} - {"self"}
    if not decorators & {"operation", "paged"}:
        return
    for operation in api.operations:
        if operation.method_name == node.name and own <= {one.name for one in operation.parameters}:
            yield f"{node.name}()"
            return


def _copies(node: ast.Call, properties: set[str]) -> Iterator[str]:
    """A value that is made of fields of another, each as it is or after a function went over it."""
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if not name[:1].isupper():
        return
    sources: Counter[str] = Counter()
    for given in (*node.args, *(keyword.value for keyword in node.keywords)):
        inner = given.args[0] if isinstance(given, ast.Call) and given.args else given
        if isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name) and inner.attr in properties:
            sources[inner.value.id] += 1
    if any(count > 1 for count in sources.values()):
        yield f"{name}(...)"


@pytest.mark.parametrize("service", SERVICES)
def test_no_line_says_again_what_the_document_says_without_a_reason(service: str) -> None:
    api = api_of(service)
    found = {
        f"{path.stem}: {what}"
        for path in sorted((ROOT / "overlays" / "imageapis" / service).rglob("*.py"))
        for what in repeats(path.read_text("utf-8"), api)
    }
    # Both ways: a reason for what is not there any more goes.
    assert found == set(REVIEWED[service])


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("class Mine:\n    push_time: str", "Mine.push_time"),
        ("class Mine:\n    pushTime: str", "Mine.pushTime"),
        ("answer['pushTime']", "['pushTime']"),
        ("answer.get('pushTime', None)", "['pushTime']"),
        ("{'sortBy': fields}", "['sortBy']"),
        ("'nextPage' in answer", "['nextPage']"),
        ("class Mine:\n  @operation\n  async def image(self, name): ...", "image()"),
        ("Mine(slashed(found.name), when=found.push_time)", "Mine(...)"),
    ],
)
def test_a_line_that_says_it_again_is_found(line: str, what: str) -> None:
    assert list(repeats(line, api_of("lusid"))) == [what]


@pytest.mark.parametrize(
    "line",
    [
        "class Mine:\n    uploaded: int",
        "answer['uploaded']",
        "class Mine:\n  @operation\n  async def image(self, name, prefetch): ...",
        "Mine(found.name, other.digest)",
        "found.push_time",
    ],
)
def test_what_no_document_says_is_let_alone(line: str) -> None:
    assert list(repeats(line, api_of("lusid"))) == []
