"""`IMAGEAPIS_LOG`: the log on standard error for programs that set up none."""

from __future__ import annotations

import logging
import os
import subprocess
import sys

import pytest

from imageapis.core.log import hide_secrets

CODE = "import imageapis.core.log as log; log.logger.debug('a request'); log.logger.warning('a warning')"


def _said(**variables: str) -> list[str]:
    without = {name: value for name, value in os.environ.items() if name != "IMAGEAPIS_LOG"}
    done = subprocess.run(
        [sys.executable, "-c", CODE], env={**without, **variables}, capture_output=True, text=True, check=True
    )
    return done.stderr.splitlines()


def test_nothing_is_shown_without_the_variable() -> None:
    assert _said() == []


@pytest.mark.parametrize(("wanted", "lines"), [("debug", 2), ("DEBUG", 2), ("info", 1), ("warning", 1)])
def test_the_variable_names_the_least_level_to_show(wanted: str, lines: int) -> None:
    assert len(_said(IMAGEAPIS_LOG=wanted)) == lines


def test_a_level_that_does_not_exist_is_said_to_be_none() -> None:
    assert "debug, info, warning, not 'loud'" in _said(IMAGEAPIS_LOG="loud")[0]


@pytest.mark.parametrize("name", ["imageapis", "httpx"])
def test_what_comes_from_outside_neither_commands_a_terminal_nor_forges_a_line(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    hide_secrets()
    with caplog.at_level(logging.INFO, name):
        logging.getLogger(name).info("GET %s", "/a\x1b[31m\nWARNING a forged line")
    assert caplog.messages == [r"GET /a\x1b[31m\nWARNING a forged line"]
