"""Compares where documents say that a service is: of all operations, and of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scripts.pipeline.report import MAJOR, MINOR

if TYPE_CHECKING:
    from scripts.pipeline.documents import Document
    from scripts.pipeline.report import Report


def compare_servers(ours: Document, theirs: Document, report: Report) -> None:
    """Record that the service moved.

    The login tells the address; only what stands before every path must be told anew.
    """
    before, after = addresses(ours.get("servers")), addresses(theirs.get("servers"))
    if before and after and before != after:
        moved = not _paths(before) & _paths(after)
        report.add(MAJOR if moved else MINOR, "servers", f"{', '.join(before)} is now {', '.join(after)}")


def compare_own_servers(old: Any, new: Any, where: str, report: Report) -> None:
    """Record that an operation has other servers of its own than before."""
    mine, yours = addresses(old), addresses(new)
    if mine != yours:
        change = f"servers {', '.join(mine) or '(none)'} is now {', '.join(yours) or '(none)'}"
        report.add(MAJOR, where, change)


def addresses(servers: Any) -> list[str]:
    """The addresses of a list of servers."""
    return [str(server.get("url")) for server in servers or () if isinstance(server, dict)]


def _paths(found: list[str]) -> set[str]:
    return {urlsplit(address).path.rstrip("/") for address in found}
