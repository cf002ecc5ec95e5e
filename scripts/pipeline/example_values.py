"""Makes up values that a schema allows: as JSON has them, with nothing taken from the generator.

A full value has every property, the small one only what is required; of each choice there is a value a branch.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Literal

from scripts.pipeline.structure import at

if TYPE_CHECKING:
    from scripts.pipeline.documents import Document

Way = Literal["request", "reply"]

_DEEPEST = 14
_ENDLESS = 40  # references into one another without a property or item between them
_FULL = 5  # references into one another; below, only what is required
_MOST_VARIANTS = 40
_IF = {"if", "then", "else", "dependentSchemas"}
_DIGITS = ("int64", "int32", "uint64", "uint32", "integer", "int", "long")


class ExampleValues:
    """Made-up values for the schemas of one document.

    Args:
        document: What references lead into.
        plain: Make texts of letters only, for headers and cookies.
        raw: Make bytes of binary texts, for forms; JSON cannot hold any.
    """

    def __init__(self, document: Document, *, plain: bool = False, raw: bool = False) -> None:
        self._document = document
        self._plain = plain
        self._raw = raw
        self._count = 0
        self._made_up: set[str] = set()  # texts that might be any others
        self._small = False
        self._choices: dict[int, int] = {}  # by the list of alternatives, which of them
        self._met: dict[int, int] = {}  # by the list of alternatives, how many it has

    def small(self, schema: Any, way: Way) -> Any:
        """The value with required properties only, and the first of each choice."""
        self._small, self._choices = True, {}
        return self._value(schema, way, ())

    def full(self, schema: Any, way: Way) -> Any:
        """The value with every property, and the first of each choice."""
        self._small, self._choices = False, {}
        return self._value(schema, way, ())

    def variants(self, schema: Any, way: Way) -> list[Any]:
        """Full values that take each branch of each choice at least once, and the small one."""
        self._met = {}
        made = [self.full(schema, way)]
        tried = {(choice, 0) for choice in self._met}
        waiting = [(choice, branch) for choice, count in self._met.items() for branch in range(1, count)]
        while waiting and len(made) < _MOST_VARIANTS:
            choice, branch = waiting.pop(0)
            if (choice, branch) in tried:
                continue
            tried.add((choice, branch))
            self._small, self._choices = False, {choice: branch}
            made.append(self._value(schema, way, ()))
            waiting += [
                (found, other)
                for found, count in self._met.items()
                for other in range(1, count)
                if (found, other) not in tried and (found, other) not in waiting
            ]
        return [*made, self.small(schema, way)]

    def resolved(self, node: Any) -> Any:
        """The node that a chain of references ends at."""
        for _ in range(20):
            if not (isinstance(node, dict) and isinstance(node.get("$ref"), str)):
                break
            parts = node["$ref"].split("/")[1:]
            node = at(self._document, tuple(part.replace("~1", "/").replace("~0", "~") for part in parts))
        return node

    def _value(self, schema: Any, way: Way, above: tuple[str, ...]) -> Any:
        if not isinstance(schema, dict):
            return self._anything()
        if isinstance(schema.get("$ref"), str):
            beside = {key: value for key, value in schema.items() if key not in ("$ref", "description", "nullable")}
            whole = self.resolved(schema)
            if len(above) > _ENDLESS or (isinstance(whole, dict) and "$ref" in whole):
                return self._anything()  # of a schema that is nothing but itself
            merged = {**beside, "allOf": [*beside.get("allOf", ()), whole]} if beside.get("properties") else whole
            return self._as_heir(schema["$ref"], self._value(merged, way, (*above, schema["$ref"])))
        if "const" in schema:
            return schema["const"]
        if schema.get("enum"):
            return next((value for value in schema["enum"] if value is not None), None)
        options = schema.get("oneOf") or schema.get("anyOf")
        if isinstance(options, list) and options:
            return self._choice(schema, options, way, above)
        tag = schema.get("discriminator")
        if isinstance(tag, dict) and isinstance(tag.get("mapping"), dict) and len(above) < _DEEPEST:
            return self._heir(schema, tag, way, above)
        if schema.get("allOf"):
            return self._whole(schema, way, above)
        return self._by_type(schema, way, above)

    def _choice(self, schema: dict[str, Any], options: list[Any], way: Way, above: tuple[str, ...]) -> Any:
        """The chosen branch, with what the schema says beside the choice."""
        real = [one for one in options if not self._says_null(one)]
        if not real:
            return None
        self._met[id(options)] = len(real)
        chosen = real[self._choices.get(id(options), 0) % len(real)]
        beside = {key: part for key, part in schema.items() if key not in ("oneOf", "anyOf", "discriminator")}
        if isinstance(chosen, dict) and isinstance(chosen.get("required"), list):
            beside["required"] = [*beside.get("required", ()), *chosen["required"]]
        if self._tells(beside) and not self._tells(chosen):  # the branch narrows what stands beside the choice
            return self._value(beside, way, above)
        value = self._value(chosen, way, above)
        if isinstance(value, dict) and (beside.get("properties") or beside.get("allOf")):
            value = {**self._value(beside, way, above), **value}
        tag: dict[str, Any] = schema.get("discriminator") or {}
        # One that no branch has, and that maps nothing, is of an object above.
        means = tag.get("mapping") or any(self._has(one, tag.get("propertyName", "")) for one in real)
        if tag and means and isinstance(value, dict) and isinstance(chosen, dict) and "$ref" in chosen:
            value[tag["propertyName"]] = self._word(tag, chosen["$ref"], value.get(tag["propertyName"]))
        return value

    def _heir(self, schema: dict[str, Any], tag: dict[str, Any], way: Way, above: tuple[str, ...]) -> Any:
        """One of those that a schema's discriminator maps: of the schema's kind, and more."""
        names = dict.fromkeys(str(target) for target in tag["mapping"].values())
        heirs = [name if "/" in name else f"#/components/schemas/{name}" for name in names]
        heirs = [name for name in heirs if name.startswith("#") and name not in above]
        bare = {key: part for key, part in schema.items() if key != "discriminator"}
        if not heirs:
            return self._value(bare, way, above)
        self._met[id(tag["mapping"])] = len(heirs)
        chosen = heirs[self._choices.get(id(tag["mapping"]), 0) % len(heirs)]
        value = self._value({"$ref": chosen}, way, above)
        if isinstance(value, dict):
            value[tag["propertyName"]] = self._word(tag, chosen, value.get(tag["propertyName"]))
        return value

    def _as_heir(self, reference: str, value: Any) -> Any:
        """A value with the word that the discriminator of a schema's base has for that schema."""
        for number, base in enumerate(self._described({"$ref": reference}) if isinstance(value, dict) else ()):
            tag = base.get("discriminator")
            if not isinstance(tag, dict) or tag.get("propertyName") not in value or base.keys() & {"oneOf", "anyOf"}:
                continue
            said = value[tag["propertyName"]]
            word, mapped = self._word(tag, reference, said), tag.get("mapping") or {}
            if (number and word in mapped) or (not mapped and said in self._made_up):
                value[tag["propertyName"]] = word
        return value

    def _has(self, schema: Any, name: str, depth: int = 0) -> bool:
        """Whether a schema or a part of it speaks of a property."""
        node = self.resolved(schema)
        if not isinstance(node, dict) or depth > _FULL:
            return False
        parts = [*node.get("allOf", ()), *node.get("oneOf", ()), *node.get("anyOf", ())]
        return name in (node.get("properties") or {}) or any(self._has(part, name, depth + 1) for part in parts)

    def _word(self, tag: dict[str, Any], reference: str, said: Any) -> Any:
        """What a discriminator says of a branch."""
        mapping = tag.get("mapping") or {}
        name = reference.rsplit("/", 1)[-1]
        words = [word for word, target in mapping.items() if target in (reference, name)]
        return said if said in words else words[0] if words else name

    def _whole(self, schema: dict[str, Any], way: Way, above: tuple[str, ...]) -> Any:
        """The parts of an allOf together with what stands beside it."""
        beside = {key: part for key, part in schema.items() if key != "allOf"}
        # What depends on a condition first: what is said in any case goes before it.
        parts = sorted((part for part in schema["allOf"] if self._tells(part)), key=lambda part: not part.keys() & _IF)
        values = [self._value(self._as_part(part), way, above) for part in parts]
        if self._tells(beside):
            values.append(self._value(beside, way, above))
        objects = [value for value in values if isinstance(value, dict)]
        if not objects:
            return values[0] if values else self._anything()
        made = {key: value for part in objects for key, value in part.items()}
        if not self._wide(above):  # a part may require what another one describes
            nodes = [node for part in (*schema["allOf"], beside) for node in self._described(part)]
            required = {name for node in nodes for name in node.get("required") or ()}
            for node in nodes:
                for name, inner in (node.get("properties") or {}).items():
                    if name in required and name not in made and self._travels(inner, way):
                        made[name] = self._value(inner, way, above)
        return made

    def _described(self, part: Any, depth: int = 0) -> list[dict[str, Any]]:
        """A part of an allOf and its own parts."""
        node = self.resolved(part)
        if not isinstance(node, dict) or depth > _FULL:
            return []
        return [node, *(one for inner in node.get("allOf") or () for one in self._described(inner, depth + 1))]

    def _as_part(self, part: Any) -> Any:
        """A part of an allOf, without the word that tells who is of its kind: the whole is known here."""
        node = self.resolved(part)
        return {key: one for key, one in node.items() if key != "discriminator"} if "discriminator" in node else part

    def _tells(self, part: Any) -> bool:
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
            *_IF,
        }
        return isinstance(part, dict) and bool(part.keys() & keys)

    def _by_type(self, schema: dict[str, Any], way: Way, above: tuple[str, ...]) -> Any:
        said = schema.get("type")
        kinds = [said] if isinstance(said, str) else [kind for kind in said or () if kind != "null"]
        kind = kinds[0] if kinds else self._implied(schema)
        if said == "null" or said == ["null"]:
            return None
        if kind == "object":
            return self._object(schema, way, above)
        if kind == "array":
            return self._array(schema, way, above)
        self._count += 1
        if kind == "string":
            return self._text(schema)
        if kind == "boolean":
            return self._count % 2 == 0
        if kind == "integer":
            return self._count
        if kind == "number":
            return self._count + 0.5
        return self._anything()

    def _implied(self, schema: dict[str, Any]) -> str | None:
        if schema.keys() & {"properties", "additionalProperties", "unevaluatedProperties", "patternProperties", *_IF}:
            return "object"
        if schema.keys() & {"items", "prefixItems"}:
            return "array"
        return "string" if schema.keys() & {"format", "pattern", "contentMediaType"} else None

    def _object(self, schema: dict[str, Any], way: Way, above: tuple[str, ...]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        required = [name for name in schema.get("required", ()) if isinstance(name, str)]
        properties = {**self._conditional(schema), **(schema.get("properties") or {})}
        for name, inner in properties.items():
            if inner is False or not self._travels(inner, way):
                continue
            if name in required or (self._wide(above) and not self._returns(inner, above)):
                made[name] = self._value(inner, way, above) if len(above) < _DEEPEST else {}
        others = schema.get("additionalProperties", schema.get("unevaluatedProperties"))
        if self._wide(above) and isinstance(others, dict) and not self._returns(others, above):
            made["another name"] = self._value(others, way, above)
        return made

    def _conditional(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The properties that an object has under a condition; all of them at once, as nobody checks conditions."""
        dependent = (schema.get("dependentSchemas") or {}).values()
        parts = [schema.get("if"), *dependent, schema.get("else"), schema.get("then")]
        nodes = [node for part in parts for node in self._described(part)]
        return {name: one for node in nodes for name, one in (node.get("properties") or {}).items()}

    def _wide(self, above: tuple[str, ...]) -> bool:
        """Whether optional properties are given here."""
        return not self._small and len(above) < _FULL

    def _array(self, schema: dict[str, Any], way: Way, above: tuple[str, ...]) -> list[Any]:
        items = schema.get("items", {})
        several = schema.get("prefixItems")
        if isinstance(several, list) and several:
            return [self._value(one, way, above) for one in several]
        if self._returns(items, above) or len(above) >= _DEEPEST or (self._small and not schema.get("minItems")):
            return []
        return [self._value(items, way, above) for _ in range(2)]

    def _travels(self, schema: Any, way: Way) -> bool:
        node = self.resolved(schema)
        key = "readOnly" if way == "request" else "writeOnly"
        return not (isinstance(node, dict) and node.get(key) is True) and not (
            isinstance(schema, dict) and schema.get(key) is True
        )

    def _returns(self, schema: Any, above: tuple[str, ...]) -> bool:
        """Whether a schema leads back to one that is being made."""
        if not isinstance(schema, dict):
            return False
        if isinstance(schema.get("$ref"), str):
            return schema["$ref"] in above
        inner = [*schema.get("allOf", ()), *schema.get("oneOf", ()), *schema.get("anyOf", ())]
        items = schema.get("items")
        return any(self._returns(part, above) for part in inner) or (
            isinstance(items, dict) and self._returns(items, above)
        )

    def _text(self, schema: dict[str, Any]) -> Any:
        kind, number = schema.get("format"), self._count
        inner = schema.get("contentMediaType")
        if kind in ("byte", "base64") or schema.get("contentEncoding") in ("base64", "base64url"):
            return base64.b64encode(b"bytes %d" % number).decode()
        binary = kind == "binary" or (isinstance(inner, str) and not inner.startswith("text/") and "json" not in inner)
        if binary and self._raw:
            return b"bytes \x00\xff %d" % number
        if kind == "date-time":
            return f"2024-01-02T03:04:{number % 60:02}+00:00"
        if kind == "date":
            return f"2024-01-{1 + number % 28:02}"
        if kind == "uuid":
            return f"00000000-0000-0000-0000-{number:012}"
        if kind in _DIGITS:
            return str(number)
        text = f"text{number}" if self._plain else f"a b/c?d&e=f,g;ü+%41-{number}"
        self._made_up.add(text)
        return text

    def _says_null(self, schema: Any) -> bool:
        node = self.resolved(schema)
        return isinstance(node, dict) and (
            node.get("type") in ("null", ["null"]) or node.get("enum") == [None] or node.get("const", 0) is None
        )

    def _anything(self) -> Any:
        self._count += 1
        return f"anything{self._count}"
