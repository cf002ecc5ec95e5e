"""Hashes a folder of generated files and compares two of them. Standard library only.

tests/pipeline/test_lock.py recomputes the hash without the generator, so the rule is small: each file's relative
path and content, in order; caches that importing or linting leaves behind do not count.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_CACHES = {"__pycache__", ".ruff_cache", ".mypy_cache"}


def files(folder: Path) -> dict[str, Path]:
    """Every file below a folder by its relative path, caches left out; empty when there is no folder."""
    return {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not _CACHES & set(path.relative_to(folder).parts)
    }


def file_hash(path: Path) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def tree_hash(folder: Path) -> str:
    """One SHA-256 over the names and contents of all files below a folder."""
    total = hashlib.sha256()
    for name, path in sorted(files(folder).items()):
        total.update(f"{file_hash(path)}  {name}\n".encode())
    return total.hexdigest()


def differences(old: Path, new: Path) -> list[str]:
    """The relative path of each file that is only in one tree or differs, with what happened to it."""
    before, after = files(old), files(new)
    lines = [f"{name} (new)" for name in after.keys() - before.keys()]
    lines += [f"{name} (gone)" for name in before.keys() - after.keys()]
    lines += [
        f"{name} (differs)"
        for name in before.keys() & after.keys()
        if before[name].read_bytes() != after[name].read_bytes()
    ]
    return sorted(lines)
