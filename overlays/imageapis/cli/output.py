"""What a command writes to standard output: tables for people, JSON for machines."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from imageapis.cli.text import cell


def write_json(value: Any) -> None:
    """Write values of the library as one JSON document; times are ISO 8601, absent fields null."""
    json.dump(_plain(value), sys.stdout, indent=2)
    sys.stdout.write("\n")


def write_table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows under heads, every row on one line, however long: an id that is broken up cannot be copied."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_edge=False, header_style="bold")
    numbers = {"SIZE", "FILES", "IMAGES", "COUNT", "BYTES"}
    for head in heads:
        table.add_column(head, justify="right" if head in numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell(value)) for value in row))
    wide = Console(width=1 << 16)
    with wide.capture() as captured:
        wide.print(table)
    for line in captured.get().splitlines():
        sys.stdout.write(line.rstrip() + "\n")


def write_fields(fields: Mapping[str, Any]) -> None:
    """Write one thing, a field a line."""
    shown = [(cell(name), cell(value)) for name, value in fields.items()]
    width = max((len(name) for name, _ in shown), default=0)
    for name, value in shown:
        sys.stdout.write(f"{name:{width}}  {value}".rstrip() + "\n")


def _plain(value: Any) -> Any:
    import attrs

    if attrs.has(type(value)):
        return {field.name: _plain(getattr(value, field.name)) for field in attrs.fields(type(value))}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, str) or not isinstance(value, Iterable):
        return value
    return [_plain(one) for one in value]
