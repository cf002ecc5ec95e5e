"""What a document says, as plain data: values, parameters, bodies, answers, operations. No document, no Python source.

`read_schemas` and `read_operations` make it; `values_source`, `endpoints_source` and `operations_source` print it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

Kind = Literal["text", "whole", "digits", "number", "flag", "moment", "day", "uuid", "bytes", "base64", "any", "null"]


@dataclass(frozen=True)
class Scalar:
    """A single value.

    Attributes:
        kind: `digits` is a whole number that JSON holds as text; `bytes` is not JSON at all.
        words: The values that the document lists; an open set unless there is but one.
        never: How the text of a time begins that means never.
    """

    kind: Kind
    words: tuple[Any, ...] = ()
    never: str | None = None


@dataclass(frozen=True)
class Array:
    """An array."""

    item: Use


@dataclass(frozen=True)
class Map:
    """An object of any names.

    Attributes:
        value: What its fields hold.
        empty: It can have no field at all: the document closes it and names none.
    """

    value: Use
    empty: bool = False


@dataclass(frozen=True)
class Named:
    """A model, by the name of its class."""

    name: str


@dataclass(frozen=True)
class Union:
    """One of several.

    Attributes:
        options: The members.
        several: Whether a value may be of more than one (`anyOf`).
        tag: The discriminator's name in JSON.
        tags: What the discriminator says of each model.
    """

    options: tuple[Type, ...]
    several: bool = False
    tag: str | None = None
    tags: tuple[tuple[str, str], ...] = ()


Type: TypeAlias = Scalar | Array | Map | Named | Union


@dataclass(frozen=True)
class Use:
    """A type where it is used: there null may be allowed."""

    type: Type
    nullable: bool = False


@dataclass(frozen=True)
class Field:
    """A field of a model.

    Attributes:
        json: Its name in JSON.
        name: Its name in Python.
        use: What it holds.
        required: Whether it must be there.
        says: Its description.
        read_only: Only answers have it.
        write_only: Only requests have it.
        deprecated: The document marks it so.
    """

    json: str
    name: str
    use: Use
    required: bool
    says: str = ""
    read_only: bool = False
    write_only: bool = False
    deprecated: bool = False


@dataclass
class Model:
    """An object with fields.

    Attributes:
        name: The class.
        says: Its description.
        fields: In the document's order.
        extra: What fields hold that the document does not name, if it speaks of them.
        sends: Whether a request can hold it.
        answers: Whether an answer can hold it.
        withheld: Fields, by their names in JSON, that need not reach the user.
    """

    name: str
    says: str = ""
    fields: tuple[Field, ...] = ()
    extra: Use | None = None
    sends: bool = False
    answers: bool = False
    withheld: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Parameter:
    """A parameter of an operation.

    Attributes:
        json: Its name on the wire.
        name: Its name in Python.
        place: Where it goes.
        use: What it holds.
        required: Whether a call must give it.
        style: As OpenAPI names it.
        explode: Whether arrays and objects are taken apart.
        reserved: Whether reserved characters stand as they are.
        as_json: Whether its value is spelled as JSON.
        default: What is sent when nothing is given; only for required parameters: others are left to the service.
        says: Its description.
    """

    json: str
    name: str
    place: Literal["path", "query", "header", "cookie"]
    use: Use
    required: bool
    style: str
    explode: bool
    reserved: bool = False
    as_json: bool = False
    default: Any = None
    says: str = ""


BodyForm = Literal["json", "text", "form", "parts", "bytes"]


@dataclass(frozen=True)
class Body:
    """A body that an operation takes, in one media type.

    Attributes:
        media_type: As the document has it.
        form: How it is written.
        use: What it holds.
        styles: Of a form, with files or without, the fields that are spelled as in a query: name, style and explode.
        part_types: Of a form with files, the media types that the document allows a part: name and types.
    """

    media_type: str
    form: BodyForm
    use: Use
    styles: tuple[tuple[str, str, bool], ...] = ()
    part_types: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class Reply:
    """An answer of success.

    Attributes:
        low: The first status that it covers.
        high: The last one.
        media_type: Of its body; none if it has none.
        form: How its body is read.
        use: What its body holds.
        says: Its description.
        offers: Whether it has other media types as well, so that this one has to be asked for.
    """

    low: int
    high: int
    media_type: str | None = None
    form: Literal["json", "text", "bytes", "none"] = "none"
    use: Use = field(default_factory=lambda: Use(Scalar("null")))
    says: str = ""
    offers: bool = False


@dataclass(frozen=True)
class Operation:
    """An operation.

    Attributes:
        name: Its module.
        method_name: The method of the generated class.
        method: GET, PUT, …
        path: As the document has it, with parameters in braces.
        summary: What it does, in a sentence.
        says: What it does, in more of them.
        parameters: In the document's order.
        bodies: One a media type, the preferred one first.
        body_required: Whether a call must give a body.
        body_says: What the body is.
        replies: Answers of success.
        server: An address of its own.
        deprecated: The document marks it so.
        unwrap: The JSON name of the one field that is the answer.
        by_hand: Why the generated class has no method of it.
        withheld: Parameters, by their names on the wire, that need not reach the user; `body` is the body.
    """

    name: str
    method_name: str
    method: str
    path: str
    summary: str
    says: str
    parameters: tuple[Parameter, ...]
    bodies: tuple[Body, ...]
    body_required: bool
    body_says: str
    replies: tuple[Reply, ...]
    server: str | None = None
    deprecated: bool = False
    unwrap: str | None = None
    by_hand: str | None = None
    withheld: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Settings:
    """What `generator.yaml` says of a service.

    Attributes:
        class_names: Better names of classes, by the names that they would have.
        media_types: What a media type is to be read and written as.
    """

    class_names: dict[str, str] = field(default_factory=dict)
    media_types: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    """A union as a document writes it: its own list of members, and what was read of them."""

    members: list[Any]
    union: Union


@dataclass(frozen=True)
class Api:
    """All that is printed of a service, and the choices among kinds (`oneOf`) that no discriminator names."""

    service: str
    title: str
    models: dict[str, Model]
    operations: tuple[Operation, ...]
    choices: tuple[Choice, ...] = ()
