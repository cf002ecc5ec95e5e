"""The package of a new service is told in one line, whatever its document is called."""

from __future__ import annotations

from scripts.pipeline.package_source import package_source


def test_a_long_title_is_cut_to_the_line() -> None:
    lines = package_source("toy", "The interface of all toys, their makers and their shops " * 4).splitlines()
    assert lines[0].startswith('"""The interface of all toys')
    assert max(map(len, lines)) <= 120
