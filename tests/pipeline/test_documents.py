"""Reading API documents: what YAML may say, and one sentence for what cannot be read."""

from __future__ import annotations

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

from scripts.pipeline import documents
from scripts.pipeline.errors import PipelineError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Answer(BaseHTTPRequestHandler):
    """/pets.yaml is a document, everything else is missing."""

    def do_GET(self) -> None:
        found = self.path == "/pets.yaml"
        self.send_response(200 if found else 404)
        self.end_headers()
        self.wfile.write(b"openapi: 3.0.3\n" if found else b"no")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def server() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Answer) as listening:
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()
        thread.join()


def test_a_document_is_read_from_an_address(server: str) -> None:
    assert documents.fetch(f"{server}/pets.yaml") == {"openapi": "3.0.3"}


def test_an_address_without_the_document_is_one_sentence(server: str) -> None:
    with pytest.raises(PipelineError, match="answered 404: check the address"):
        documents.fetch(f"{server}/other")


def test_an_address_where_nobody_listens_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(PipelineError, match=r"could not be fetched: .*pass a downloaded file"):
            documents.fetch(f"http://127.0.0.1:{taken.getsockname()[1]}/")


def test_a_password_in_an_address_does_not_show(server: str) -> None:
    address = server.replace("http://", "http://me:not-a-secret@") + "/other?key=not-a-secret"
    with pytest.raises(PipelineError) as refusal:
        documents.fetch(address)
    assert str(refusal.value).startswith(f"{server}/other answered 404")
    assert "not-a-secret" not in str(refusal.value)


def test_yaml_is_read_as_json_would_say_it() -> None:
    text = "on: yes\n200: {when: 2024-01-01, at: 12:30, octal: 017, number: 1.5, none: ~, true: true, empty: }\n"
    assert documents.parse(text, "x") == {
        "on": "yes",
        "200": {
            "when": "2024-01-01",
            "at": "12:30",
            "octal": 17,
            "number": 1.5,
            "none": None,
            "true": True,
            "empty": None,
        },
    }


def test_yaml_anchors_and_merge_keys_are_resolved() -> None:
    assert documents.parse("a: &a {x: 1}\nb: {<<: *a, y: 2}\n", "x")["b"] == {"x": 1, "y": 2}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: [1\n", "mine is not valid YAML: line 2"),
        ("a: 1\na: 2\n", "mine cannot be read: line 2: 'a' stands twice"),
        ("? [x]\n: 1\n", "mine cannot be read: line 1: a key is not text"),
        ("a: !!python/object:os.system 1\n", "mine is not valid YAML"),
        ('{"a": ', "mine is not valid YAML: line 2"),
        ('{"a": 1, "a": 2}', "mine cannot be read: 'a' stands twice"),
        ("- a\n", "mine must hold a mapping, not list"),
        ("", "mine must hold a mapping, not NoneType"),
    ],
)
def test_text_that_is_no_document_is_refused_with_its_place(text: str, sentence: str) -> None:
    with pytest.raises(PipelineError) as refusal:
        documents.parse(text, "mine")
    assert str(refusal.value).startswith(sentence)
    assert "\n" not in str(refusal.value)


def test_broken_json_is_refused_as_json_where_the_name_says_so() -> None:
    with pytest.raises(PipelineError, match=r"swagger\.json is not valid JSON: line 1"):
        documents.parse('{"a": }', "specs/x/swagger.json")
    assert documents.parse("{a: 1}", "overlay.yaml") == {"a": 1}


def test_a_file_that_is_missing_or_no_text_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match=r"absent\.yaml cannot be read: No such file"):
        documents.read(tmp_path / "absent.yaml")
    (tmp_path / "bytes.yaml").write_bytes(b"\xfc\xfe\x00")
    with pytest.raises(PipelineError, match=r"bytes\.yaml is not UTF-8 text: .*; save it as UTF-8"):
        documents.read(tmp_path / "bytes.yaml")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("text", ['{"a": "ü"}', "a: ü\n"])
def test_a_file_may_be_of_any_unicode_encoding_that_its_mark_tells(tmp_path: Path, text: str, encoding: str) -> None:
    (tmp_path / "x.yaml").write_bytes(text.encode(encoding))
    assert documents.read(tmp_path / "x.yaml") == {"a": "ü"}


@pytest.mark.parametrize("text", ['{"a": ["\\ud800"]}', '{"\\uDFFF": 1}'])
def test_half_a_character_is_one_sentence_and_a_whole_one_is_read(text: str) -> None:
    with pytest.raises(PipelineError, match="x has half a character"):
        documents.parse(text, "x")
    assert documents.parse('{"a": "\\ud83d\\ude00"}', "x") == {"a": "😀"}


def test_written_yaml_reads_back_as_the_same_document() -> None:
    document = {"openapi": "3.0.3", "paths": {"/a": {"get": {"on": "yes", "2024-01-01": "12:30", "n": "017", "m": 17}}}}
    assert documents.parse(documents.to_yaml(document), "x") == document


LAUGHS = "a0: &a0 [1,1,1,1,1,1,1,1,1]\n" + "".join(
    f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)
MERGES = "a0: &a0 {k: 1}\n" + "".join(f"a{n}: &a{n} {{<<: [{','.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 12))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (LAUGHS, "with its anchors written out"),
        ("a: &a\n  b: *a\n", "found unconstructable recursive node"),
        ("a: " + "[" * 100_000, "exceeded maximum nesting depth"),
        ("a: " + "[" * 500 + "]" * 500, "is nested more than 100 levels deep"),
        ('{"a":' * 100_000, "is nested more than 100 levels deep"),
        ('{"a":' * 300 + "1" + "}" * 300, "is nested more than 100 levels deep"),
        ("a: " + "9" * 5000, "cannot be read: Exceeds the limit"),
        ('{"a": NaN}', "NaN is no number of JSON"),
        ("a: {<<: 3}", "<< can merge mappings only"),
    ],
    ids=[
        "laughs",
        "a loop",
        "an open abyss",
        "deep lists",
        "a JSON abyss",
        "deep JSON",
        "digits",
        "NaN",
        "a bad merge",
    ],
)
def test_what_would_take_unbounded_time_or_memory_is_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(PipelineError, match=sentence):
        documents.parse(text, "bomb")


def test_merged_mappings_are_read_as_they_stand() -> None:
    text = "base: &base {a: 1, b: 2}\nother: &other {b: 3, c: 4}\nall: {<<: [*base, *other], a: 9}\n"
    assert documents.parse(text, "x")["all"] == {"a": 9, "b": 2, "c": 4}


def test_a_bomb_of_merges_is_as_small_as_its_text() -> None:
    assert documents.parse(MERGES, "bomb")["a11"] == {"k": 1}


def test_a_file_too_long_is_not_even_read(tmp_path: Path) -> None:
    with (tmp_path / "long.json").open("wb") as file:
        file.truncate(documents.MOST_BYTES + 1)
    with pytest.raises(PipelineError, match=r"long.json is longer than 64 MiB"):
        documents.read(tmp_path / "long.json")
