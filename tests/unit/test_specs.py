"""What the documents in specs/ must say as a whole: every operation, valid, in our words, each mend with its reason.

The comparison with the services' own documents needs those documents beside the repository and is skipped without
them. Single gaps and mends are in test_spec_mends.py; how a document becomes a package is tested elsewhere.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from openapi_spec_validator import validate

from tests.unit.spec_documents import (
    OPERATIONS,
    PUBLISHED,
    ROOT,
    mappings,
    mended,
    operations,
    published,
    read,
    upstream,
)

each_service = pytest.mark.parametrize("service", list(PUBLISHED))
each_operation = pytest.mark.parametrize(
    ("service", "verb", "path", "operation_id", "module"), OPERATIONS, ids=lambda value: str(value)
)


@each_operation
def test_every_operation_is_published_under_its_verb_and_path(
    service: str, verb: str, path: str, operation_id: str, module: str
) -> None:
    assert published(service)["paths"][path][verb]["operationId"] == operation_id


@each_operation
def test_every_operation_has_a_generated_module_in_one_style(
    service: str, verb: str, path: str, operation_id: str, module: str
) -> None:
    assert (ROOT / "generated" / "imageapis_generated" / service / "endpoints" / f"{module}.py").is_file()


@each_service
@pytest.mark.parametrize("form", [published, mended], ids=["published", "mended"])
def test_a_document_holds_these_operations_and_no_others(service: str, form: Any) -> None:
    expected = {(verb, path) for name, verb, path, _, _ in OPERATIONS if name == service}
    assert {(verb, path) for verb, path, _ in operations(form(service))} == expected


@each_service
@pytest.mark.parametrize("form", [published, mended], ids=["published", "mended"])
def test_a_document_is_valid(service: str, form: Any) -> None:
    validate(form(service))


@each_service
def test_every_mend_says_why_and_when_it_may_go(service: str) -> None:
    actions = read(ROOT / "specs" / service / "overlay.yaml")["actions"]
    assert [action["target"] for action in actions if not _says_when(action)] == []


def _says_when(action: dict[str, Any]) -> bool:
    """Whether an action says when it may go; what is said of Python only, and not of the API, stays."""
    of_python = all(str(key).startswith("x-imageapis-") for key in action.get("update") or {"remove": True})
    says = action.get("description", "")
    return " Goes" in says or (of_python and " Stays" in says)


@each_service
def test_every_operation_says_what_it_does(service: str) -> None:
    silent = [
        operation["operationId"]
        for _, _, operation in operations(mended(service))
        if not (operation.get("summary") and operation.get("description"))
    ]
    assert silent == []


@each_service
def test_mended_errors_are_declared_by_class_of_status_and_never_by_default(service: str) -> None:
    for _, _, operation in operations(mended(service)):
        assert {"4XX", "5XX"} <= operation["responses"].keys()
        assert "default" not in operation["responses"]


@each_service
def test_mended_answers_have_no_enums_that_a_new_value_would_break(service: str) -> None:
    assert [schema for schema in mappings(mended(service)) if "enum" in schema] == []


@each_service
def test_no_prose_is_taken_from_the_services_own_document(service: str) -> None:
    theirs = {
        "servicefabric": "servicefabric-6.4.swagger.json",
        "lusid": "lusid-scheduler-0.0.1066.openapi.yaml",
        "openstack": "openstack-compute-2.96.openapi.yaml",
    }[service]
    taken = prose(published(service)) & prose(upstream(theirs))
    assert taken == set()


def prose(document: Any) -> set[str]:
    """Sentences of descriptions and summaries, in lower case, that are long enough to be someone's."""
    texts = [
        text
        for schema in mappings(document)
        for text in (schema.get("description"), schema.get("summary"))
        if isinstance(text, str)
    ]
    sentences = {sentence.strip().lower() for text in texts for sentence in re.split(r"[.\n]", text)}
    return {sentence for sentence in sentences if len(sentence.split()) > 5}
