"""Python names for what a document calls something: classes, fields, parameters, methods."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# What the annotations and decorators in a class body mean must not be shadowed by a field or method there.
_IN_CLASS_BODIES = {"str", "int", "bool", "float", "bytes", "tuple", "dt", "attrs", "staticmethod", "operation", "self"}
_FIELDS = _IN_CLASS_BODIES | {"dict", "from_json", "to_json"}
_METHODS = _IN_CLASS_BODIES | {"call", "close", "last_request_id"}
_PARAMETERS = {"self", "body", "content_type"}
# Modules are named by operations, and no file system takes more than 255 bytes for the name of a file.
_LONGEST = 120
# What generated modules import, and the words that are no class names.
_CLASSES = {
    *(name for name in dir(builtins) if name[0].isupper()),
    *("ABSENT", "Absent", "Any", "Caller", "Mapping", "Sequence", "Shape", "TYPE_CHECKING", "Unreadable", "UUID"),
    *("Call", "Answer", "Endpoint", "File"),
}


def words(said: str) -> list[str]:
    """The words of a name: at case changes, digits stay with what is before them, signs divide."""
    plain = unicodedata.normalize("NFKD", said).encode("ascii", "ignore").decode("ascii")
    plain = plain.replace("'", "")
    # `IDs` is one word, as are all plurals of capitals.
    spaced = re.sub(r"([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-rt-z])|([A-Z])(?=[A-Z]s[a-z])", r"\1\3\4 \2", plain)
    return re.findall(r"[A-Za-z0-9]+", spaced)


def snake(said: str, fallback: str) -> str:
    """A name in snake_case that can stand in Python."""
    made = "_".join(word.lower() for word in words(said)) or _spelled_out(said) or fallback
    made = (made if made[0].isalpha() else f"{fallback}_{made}")[:_LONGEST].rstrip("_")
    return f"{made}_" if keyword.iskeyword(made) else made


def _spelled_out(said: str) -> str:
    """A name without a letter or digit, such as `$` or `+1`'s sign, by what Unicode calls its characters."""
    return "_".join(unicodedata.name(char, "").replace("-", " ").replace(" ", "_").lower() for char in said)


def pascal(said: str, fallback: str = "Model") -> str:
    """A name in PascalCase, with capitals where the document has them."""
    made = "".join(word[0].upper() + word[1:] for word in words(said)) or fallback
    return (made if made[0].isalpha() else f"{fallback}{made}")[:_LONGEST]


def class_name(said: str) -> str:
    """A class name that shadows nothing that generated code needs."""
    made = pascal(said)
    return f"{made}Value" if made in _CLASSES or keyword.iskeyword(made) else made


def field_name(said: str) -> str:
    """A field's name."""
    made = snake(said, "field")
    return f"{made}_" if made in _FIELDS else made


def method_name(said: str) -> str:
    """A method's and a module's name."""
    made = snake(said, "call")
    return f"{made}_" if made in _METHODS else made


def parameter_name(said: str) -> str:
    """A parameter's name."""
    made = snake(said, "parameter")
    return f"{made}_" if made in _PARAMETERS else made


def distinct(names: Iterable[str]) -> list[str]:
    """The names, numbered from the second on where they repeat."""
    taken: set[str] = set()
    made = []
    listed = list(names)
    for name in listed:
        candidate, number = name, 2
        while candidate in taken or (candidate != name and candidate in listed):
            candidate, number = f"{name}_{number}", number + 1
        taken.add(candidate)
        made.append(candidate)
    return made


def is_name(said: object) -> bool:
    """Whether something can be a public name in Python."""
    return isinstance(said, str) and said.isidentifier() and not keyword.iskeyword(said) and not said.startswith("_")
