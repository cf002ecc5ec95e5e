"""Runs openapi-python-client on a derived document, in process, into a folder that does not matter yet.

Here too: the settings file is checked (the generator ignores unknown keys), warnings are failures, an operation that
did not become a module is a failure, every file gets its header, and package indexes become lazy (`index`). Formatting
is one run over all services.
"""

from __future__ import annotations

import contextlib
import io
import re
import subprocess
from typing import TYPE_CHECKING, Any

from openapi_python_client import generate as run_generator
from openapi_python_client.config import Config, ConfigFile, MetaType
from pydantic import ValidationError

from scripts.pipeline import index, printing, select, tools
from scripts.pipeline.errors import PipelineError, one_line

if TYPE_CHECKING:
    from pathlib import Path

    from scripts.pipeline.documents import Document

LINE_LENGTH = 100
_ISOLATED = ("--isolated", "--no-cache", "--target-version", "py311", "--quiet")
_PACKAGE_DOC = '''"""Generated packages, one a service; written by `nox -s regenerate`, read through `imageapis`."""
'''
_SHARED_HEADER = """# Copied from scripts/pipeline/runtime.
# Do not edit: change it there, then run nox -s regenerate.

"""


def check_config(config: dict[str, Any], label: str) -> None:
    """Raise `PipelineError` for a key that the generator would silently ignore, or one that the pipeline decides."""
    known = sorted(set(ConfigFile.model_fields) - {"post_hooks"})
    if "post_hooks" in config:
        raise PipelineError(f"{label} sets post_hooks: formatting belongs to the pipeline, remove the key.")
    for key in config:
        if key not in known:
            raise PipelineError(f"{label} has the unknown key {key!r}; the generator knows {', '.join(known)}.")
    try:
        ConfigFile(**config)
    except ValidationError as invalid:
        first = invalid.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise PipelineError(f"{label} is not a valid setting at {place}: {one_line(first['msg'])}.") from invalid


def generate(name: str, document: Document, derived: Path, config: dict[str, Any], target: Path) -> None:
    """Write the unformatted package of one service into `target`, which must not exist.

    Args:
        name: the service.
        document: what `derived` holds.
        derived: the document as a file, which the generator reads.
        config: the checked settings of generator.yaml.
        target: the folder to make.
    """
    settings = Config.from_sources(
        config_file=ConfigFile(**{**config, "post_hooks": []}),
        meta_type=MetaType.NONE,
        document_source=derived,
        file_encoding="utf-8",
        overwrite=False,
        output_path=target,
    )
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            complaints = run_generator(config=settings)
    except Exception as crash:  # the generator's own bugs surface as any exception
        raise PipelineError(
            f"openapi-python-client crashed on specs/{name}/openapi.json: {type(crash).__name__}: {one_line(crash)}."
        ) from crash
    if complaints:
        first = complaints[0]
        said = one_line(f"{first.header} {first.detail or ''}")
        more = f" ({len(complaints) - 1} more)" if len(complaints) > 1 else ""
        raise PipelineError(f"openapi-python-client will not take specs/{name}/openapi.json whole: {said}{more}.")
    refuse_dropped_operations(name, document, target)
    for module, source in printing.service_sources(name, document).items():
        (target / module).parent.mkdir(exist_ok=True)
        (target / module).write_text(source, encoding="utf-8", newline="\n")
    header = (
        f"# Generated from specs/{name}/openapi.json by {tools.GENERATOR} {tools.pinned()[tools.GENERATOR]}.\n"
        "# Do not edit: change the spec or its overlay, then run nox -s regenerate.\n\n"
    )
    for path in target.rglob("*.py"):
        path.write_text(header + path.read_text(encoding="utf-8"), encoding="utf-8", newline="\n")
    index.write_indexes(target, header)


def refuse_dropped_operations(name: str, document: Document, package: Path) -> None:
    """Raise `PipelineError` when an operation of the document has no module of its own."""
    made = set()
    for path in package.glob("api/*/*.py"):
        text = path.read_text(encoding="utf-8")
        sends = re.search(r'"method": "(\w+)"', text)
        url = re.search(r'"url": "([^"]*)"', text)
        if sends and url:
            made.add((sends.group(1), _shape(url.group(1))))
    for method, path_template, operation in select.operations(document):
        if (method, _shape(path_template)) not in made:
            which = f"{method.upper()} {path_template} ({operation.get('operationId')})"
            raise PipelineError(
                f"openapi-python-client would drop {which} of specs/{name}/openapi.json: no module was made of it; "
                "look for two operation ids that make one name."
            )


def _shape(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


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


def format_package(package: Path) -> None:
    """Sort imports, drop unused ones and format, with this environment's ruff and no project's settings."""
    ruff = tools.formatter()
    for command in (
        [ruff, "check", ".", *_ISOLATED, "--select", "F401,I", "--fix-only"],
        [ruff, "format", ".", *_ISOLATED, "--line-length", str(LINE_LENGTH)],
    ):
        done = subprocess.run(command, cwd=package, capture_output=True, text=True, check=False)
        if done.returncode:
            raise PipelineError(f"ruff {command[1]} failed on the generated code: {one_line(done.stderr)}.")
