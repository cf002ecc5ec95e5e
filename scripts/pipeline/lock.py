"""specs/lock.toml: where each document came from, and the hashes and tool versions that make generated/ what it is.

`source`, `retrieved` and `select` are written by people (or `upstream`, `add_service`); the rest is computed.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scripts.pipeline import select
from scripts.pipeline.errors import PipelineError

if TYPE_CHECKING:
    from scripts.pipeline.project import Project

_HEAD = """\
# Where each API document came from, and what the generated packages were made of and with.
# `source`, `retrieved` and `select` (path prefixes, or single operations as "GET /path") are written by hand;
# `nox -s regenerate` computes the rest, and the tests recompute the tree hashes.
"""


@dataclass(frozen=True)
class ServiceLock:
    """One service's record: its source, its selection and the SHA-256 of each thing by name."""

    source: str = "unknown"
    retrieved: str = "unknown"
    select: tuple[str, ...] = (select.EVERYTHING,)
    hashes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Lock:
    """The whole file: tool versions, the hash of the package of packages, and a record a service."""

    tools: dict[str, str] = field(default_factory=dict)
    tree: str | None = None
    services: dict[str, ServiceLock] = field(default_factory=dict)

    def service(self, name: str) -> ServiceLock:
        """The record of a service; a new one selects everything."""
        return self.services.get(name, ServiceLock())


def read_lock(project: Project) -> Lock:
    """The lock file of a project; an empty one where there is none."""
    try:
        loaded = tomllib.loads(project.lock.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Lock()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        raise PipelineError(f"specs/lock.toml is not valid TOML: {broken}.") from broken
    return Lock(
        dict(loaded.get("tools", {})), loaded.get("generated", {}).get("sha256"), services(loaded, "specs/lock.toml")
    )


def services(loaded: dict[str, Any], label: str) -> dict[str, ServiceLock]:
    """The record of each service in a file that was read as TOML."""
    try:
        return {
            name: ServiceLock(
                source=str(entry.get("source", "unknown")),
                retrieved=str(entry.get("retrieved", "unknown")),
                select=tuple(str(rule) for rule in entry.get("select", (select.EVERYTHING,))),
                hashes={key: str(value) for key, value in entry.get("sha256", {}).items()},
            )
            for name, entry in loaded.get("services", {}).items()
        }
    except (AttributeError, TypeError) as broken:
        raise PipelineError(f"{label} does not have its form: {broken}.") from broken


def to_toml(lock: Lock) -> str:
    """The lock as committed text."""
    lines = [_HEAD, "[tools]", *(_pair(name, version) for name, version in sorted(lock.tools.items()))]
    if lock.tree is not None:
        lines += ["", "[generated]", _pair("sha256", lock.tree)]
    for name, service in sorted(lock.services.items()):
        lines += ["", *service_table(name, service)]
        lines += ["", f"[services.{name}.sha256]", *(_pair(key, value) for key, value in service.hashes.items())]
    return "\n".join(lines) + "\n"


def service_table(name: str, service: ServiceLock) -> list[str]:
    """The lines that people write of a service."""
    rules = ", ".join(json.dumps(rule, ensure_ascii=False) for rule in service.select)
    return [
        f"[services.{name}]",
        _pair("source", service.source),
        _pair("retrieved", service.retrieved),
        f"select = [{rules}]",
    ]


def _pair(key: str, value: str) -> str:
    """A TOML line; JSON's text escapes are TOML's too."""
    return f"{key} = {json.dumps(value, ensure_ascii=False)}"
