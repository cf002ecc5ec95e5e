"""Judges generated code by the document: a made-up call is read back, and what is read of made-up answers compared.

`python -m scripts.pipeline.judge <document> <service>` runs in a process of its own, with the package to judge on its
path, and prints what is wrong as JSON. Values come from `example_values`, requests are read by `wire_reader`: neither
knows the generator. Only the Python names of arguments and fields are the generator's own account.
"""

from __future__ import annotations

import importlib
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from scripts.pipeline import judge_answers, sample_source
from scripts.pipeline.judge_requests import RequestJudge
from scripts.pipeline.read_operations import read_api

if TYPE_CHECKING:
    from scripts.pipeline.documents import Document


@dataclass
class Verdict:
    """What was tried, and each thing that came out otherwise than the document says."""

    requests: int = 0
    answers: int = 0
    wrong: list[str] = field(default_factory=list)


def judge(document: Document, service: str) -> Verdict:
    """Judge every operation of a service whose generated package can be imported."""
    api = read_api(service, document)
    package = f"imageapis_generated.{service}"
    names = {"values": importlib.import_module(f"{package}.values")}
    names["File"] = importlib.import_module("imageapis_generated._parts").File
    exec(sample_source.IMPORTS, names)  # noqa: S102 - two imports
    verdict, client = Verdict(), httpx.Client()
    for operation in api.operations:
        endpoint = importlib.import_module(f"{package}.endpoints.{operation.name}")
        node = document["paths"][operation.path]
        tried = RequestJudge(document, api, operation, node, verdict.wrong, client)
        verdict.requests += tried.requests(endpoint, names)
        verdict.answers += judge_answers.judge(document, api, operation, endpoint, verdict.wrong)
    return verdict


def main(arguments: list[str]) -> int:
    """Judge the package on the path; what is wrong goes to stdout as JSON."""
    document = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    verdict = judge(document, arguments[1])
    json.dump({"requests": verdict.requests, "answers": verdict.answers, "wrong": verdict.wrong}, sys.stdout)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
