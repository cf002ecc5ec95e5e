"""What a schema says, with what it refers to, for whoever makes up values of it; nothing of it is the generator's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from scripts.pipeline.structure import at

if TYPE_CHECKING:
    from scripts.pipeline.documents import Document

Way = Literal["request", "reply"]

DEPTH = 5  # references into one another, below which only what is required is looked at
CONDITIONS = {"if", "then", "else", "dependentSchemas"}


class SchemaView:
    """The schemas of one document.

    Args:
        document: What references lead into.
    """

    def __init__(self, document: Document) -> None:
        self._document = document

    def resolved(self, node: Any) -> Any:
        """The node that a chain of references ends at."""
        for _ in range(20):
            if not (isinstance(node, dict) and isinstance(node.get("$ref"), str)):
                break
            parts = node["$ref"].split("/")[1:]
            node = at(self._document, tuple(part.replace("~1", "/").replace("~0", "~") for part in parts))
        return node

    def has(self, schema: Any, name: str, depth: int = 0) -> bool:
        """Whether a schema or a part of it speaks of a property."""
        node = self.resolved(schema)
        if not isinstance(node, dict) or depth > DEPTH:
            return False
        parts = [*node.get("allOf", ()), *node.get("oneOf", ()), *node.get("anyOf", ())]
        return name in (node.get("properties") or {}) or any(self.has(part, name, depth + 1) for part in parts)

    def word(self, tag: dict[str, Any], reference: str, said: Any) -> Any:
        """What a discriminator says of a branch."""
        mapping = tag.get("mapping") or {}
        name = reference.rsplit("/", 1)[-1]
        words = [word for word, target in mapping.items() if target in (reference, name)]
        return said if said in words else words[0] if words else name

    def described(self, part: Any, depth: int = 0) -> list[dict[str, Any]]:
        """A part of an allOf and its own parts."""
        node = self.resolved(part)
        if not isinstance(node, dict) or depth > DEPTH:
            return []
        return [node, *(one for inner in node.get("allOf") or () for one in self.described(inner, depth + 1))]

    def as_part(self, part: Any) -> Any:
        """A part of an allOf, without the word that tells who is of its kind: the whole is known here."""
        node = self.resolved(part)
        return {key: one for key, one in node.items() if key != "discriminator"} if "discriminator" in node else part

    def tells(self, part: Any) -> bool:
        """Whether a part of an allOf says what a value is made of."""
        keys = {
            "$ref",
            "type",
            "properties",
            "allOf",
            "oneOf",
            "anyOf",
            "items",
            "enum",
            "const",
            "additionalProperties",
            "unevaluatedProperties",
            "patternProperties",
            *CONDITIONS,
        }
        return isinstance(part, dict) and bool(part.keys() & keys)

    def implied(self, schema: dict[str, Any]) -> str | None:
        """The type of a schema that does not say it."""
        if schema.keys() & {
            "properties",
            "additionalProperties",
            "unevaluatedProperties",
            "patternProperties",
            *CONDITIONS,
        }:
            return "object"
        if schema.keys() & {"items", "prefixItems"}:
            return "array"
        return "string" if schema.keys() & {"format", "pattern", "contentMediaType"} else None

    def conditional(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The properties that an object has under a condition; all of them at once, as nobody checks conditions."""
        dependent = (schema.get("dependentSchemas") or {}).values()
        parts = [schema.get("if"), *dependent, schema.get("else"), schema.get("then")]
        nodes = [node for part in parts for node in self.described(part)]
        return {name: one for node in nodes for name, one in (node.get("properties") or {}).items()}

    def travels(self, schema: Any, way: Way) -> bool:
        """Whether a property is sent in requests, or in answers."""
        node = self.resolved(schema)
        key = "readOnly" if way == "request" else "writeOnly"
        return not (isinstance(node, dict) and node.get(key) is True) and not (
            isinstance(schema, dict) and schema.get(key) is True
        )

    def returns(self, schema: Any, above: tuple[str, ...]) -> bool:
        """Whether a schema leads back to one that is being made."""
        if not isinstance(schema, dict):
            return False
        if isinstance(schema.get("$ref"), str):
            return schema["$ref"] in above
        inner = [*schema.get("allOf", ()), *schema.get("oneOf", ()), *schema.get("anyOf", ())]
        items = schema.get("items")
        return any(self.returns(part, above) for part in inner) or (
            isinstance(items, dict) and self.returns(items, above)
        )

    def says_null(self, schema: Any) -> bool:
        """Whether nothing but null is allowed."""
        node = self.resolved(schema)
        return isinstance(node, dict) and (
            node.get("type") in ("null", ["null"]) or node.get("enum") == [None] or node.get("const", 0) is None
        )
