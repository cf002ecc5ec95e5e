"""Writes the generated package of a service, and what all services share, into a folder that does not matter yet.

What it holds is printed by `printing`; here every file gets its header, and formatting is one run over all services.
"""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from scripts.pipeline import printing, tools
from scripts.pipeline.errors import PipelineError, one_line

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from scripts.pipeline.documents import Document
    from scripts.pipeline.ir import Settings

LINE_LENGTH = 100
_ISOLATED = ("--isolated", "--no-cache", "--target-version", "py311", "--quiet")
_PACKAGE_DOC = '''"""Generated packages, one a service; written by `nox -s regenerate`, read through `imageapis`."""
'''
_SHARED_HEADER = """# Copied from scripts/pipeline/runtime.
# Do not edit: change it there, then run nox -s regenerate.

"""


def generate(name: str, document: Document, settings: Settings, target: Path) -> None:
    """Write the unformatted package of one service.

    Args:
        name: the service.
        document: what specs/<name>/openapi.json holds.
        settings: what its generator.yaml says.
        target: the folder to make.
    """
    header = (
        f"# Generated from specs/{name}/openapi.json by {tools.GENERATOR} {tools.pinned()[tools.GENERATOR]}.\n"
        "# Do not edit: change the spec or its overlay, then run nox -s regenerate.\n\n"
    )
    for module, source in printing.service_sources(name, document, settings).items():
        (target / module).parent.mkdir(parents=True, exist_ok=True)
        (target / module).write_text(header + source, encoding="utf-8", newline="\n")


def write_package_files(folder: Path) -> None:
    """Write what stands above the services: __init__.py, py.typed and what all services share."""
    header = (
        f"# Generated from specs/ by {tools.GENERATOR} {tools.pinned()[tools.GENERATOR]}.\n"
        "# Do not edit: change a spec or its overlay, then run nox -s regenerate.\n\n"
    )
    (folder / "__init__.py").write_text(header + _PACKAGE_DOC, encoding="utf-8", newline="\n")
    for name, source in printing.shared_sources().items():
        (folder / name).write_text(_SHARED_HEADER + source, encoding="utf-8", newline="\n")
    (folder / "py.typed").write_text("", encoding="utf-8")


def format_package(package: Path, *, leaving: Collection[str] = ()) -> None:
    """Sort imports, drop unused ones and format, with this environment's ruff and no project's settings.

    Args:
        package: the package of packages.
        leaving: the services that are formatted already.
    """
    ruff = tools.formatter()
    targets = sorted(path.name for path in package.iterdir() if path.name not in leaving)
    for command in (
        [ruff, "check", *targets, *_ISOLATED, "--select", "F401,I", "--fix-only"],
        [ruff, "format", *targets, *_ISOLATED, "--line-length", str(LINE_LENGTH)],
    ):
        done = subprocess.run(command, cwd=package, capture_output=True, text=True, check=False)
        if done.returncode:
            raise PipelineError(f"ruff {command[1]} failed on the generated code: {one_line(done.stderr)}.")
