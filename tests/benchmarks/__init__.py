"""Measurements, each a ratio within one run: `nox -s bench -- <name>`. Nothing here asserts a time."""
