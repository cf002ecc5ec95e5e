"""The one module that touches openapi-python-client, which prints generated/ by our templates.

Taken from it: the settings of `generator.yaml` with its checks; and its `Project`, whose environment looks for
templates in `templates/` before its own. Not taken is what its parser makes of schemas and operations: it drops
formats, styles, discriminators, `x-` keys and whole schemas, and refuses documents for them. `read_schemas` and
`read_operations` read those from the document itself.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import StrictUndefined
from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from pydantic import ValidationError

from scripts.pipeline.errors import PipelineError, one_line
from scripts.pipeline.ir import Settings

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"
#: The settings that reach what is printed; the generator's others are about templates that are not used.
KEYS = ("class_overrides", "content_type_overrides")


def check_config(config: dict[str, Any], label: str) -> Settings:
    """The settings of a service.

    Raises:
        PipelineError: a key that would silently be ignored, or a value that the generator does not take.
    """
    for key in config:
        if key not in KEYS:
            raise PipelineError(f"{label} has the unknown key {key!r}; there are {' and '.join(KEYS)}.")
    try:
        ConfigFile(**config)
    except ValidationError as invalid:
        first = invalid.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise PipelineError(f"{label} is not a valid setting at {place}: {one_line(first['msg'])}.") from invalid
    overrides = config.get("class_overrides") or {}
    names = {str(name): str(said["class_name"]) for name, said in overrides.items() if said.get("class_name")}
    types = {str(name): str(kind) for name, kind in (config.get("content_type_overrides") or {}).items()}
    return Settings(names, types)


@cache
def environment() -> Environment:
    """The generator's environment, with our templates before its own; an unknown name in one is an error."""
    document = {"openapi": "3.0.3", "info": {"title": "client", "version": "1"}, "paths": {}}
    config = Config.from_sources(
        config_file=ConfigFile(post_hooks=[]),
        meta_type=MetaType.NONE,
        document_source=Path("openapi.json"),
        file_encoding="utf-8",
        overwrite=False,
        output_path=None,
    )
    data = GeneratorData.from_dict(document, config=config)
    if not isinstance(data, GeneratorData):
        raise PipelineError(f"openapi-python-client refuses a document without operations: {one_line(data.detail)}.")
    made = Project(openapi=data, config=config, custom_template_path=TEMPLATES).env
    made.undefined = StrictUndefined
    return made


def render(template: str, /, **given: Any) -> str:
    """What a template makes of what it is given; templates print, and decide nothing."""
    return environment().get_template(template).render(**given)
