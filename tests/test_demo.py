"""The stories of `nox -s demo` can be told to their end on both faces."""

from __future__ import annotations

import importlib

import anyio
import pytest

from tests.demo import services


@pytest.mark.parametrize("service", services())
def test_the_story_of_a_service_can_be_told(service: str) -> None:
    story = importlib.import_module(f"tests.{service}.story")
    told: list[str] = []
    story.blocking(told.append)
    anyio.run(story.nonblocking, told.append)
    assert len(told) > 4


def test_each_service_has_a_story() -> None:
    assert len(services()) >= 3
