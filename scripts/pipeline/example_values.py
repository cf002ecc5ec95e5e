"""Makes up values that a schema allows: as JSON has them, with nothing taken from the generator.

A full value has every property, the small one only what is required; of each choice there is a value a branch.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from scripts.pipeline.schema_view import CONDITIONS, DEPTH, SchemaView

if TYPE_CHECKING:
    from scripts.pipeline.documents import Document
    from scripts.pipeline.schema_view import Way

_DEEPEST = 14
_ENDLESS = 40  # references into one another without a property or item between them
_MOST_VARIANTS = 40
_DIGITS = ("int64", "int32", "uint64", "uint32", "integer", "int", "long")


class ExampleValues:
    """Made-up values for the schemas of one document.

    Args:
        document: What references lead into.
        plain: Make texts of letters only, for headers and cookies.
        raw: Make bytes of binary texts, for forms; JSON cannot hold any.
    """

    def __init__(self, document: Document, *, plain: bool = False, raw: bool = False) -> None:
        self._view = SchemaView(document)
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
        return self._view.resolved(node)

    def _value(self, schema: Any, way: Way, above: tuple[str, ...]) -> Any:
        if not isinstance(schema, dict):
            return self._anything()
        if isinstance(schema.get("$ref"), str):
            beside = {key: value for key, value in schema.items() if key not in ("$ref", "description", "nullable")}
            whole = self._view.resolved(schema)
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
        real = [one for one in options if not self._view.says_null(one)]
        if not real:
            return None
        self._met[id(options)] = len(real)
        chosen = real[self._choices.get(id(options), 0) % len(real)]
        beside = {key: part for key, part in schema.items() if key not in ("oneOf", "anyOf", "discriminator")}
        if isinstance(chosen, dict) and isinstance(chosen.get("required"), list):
            beside["required"] = [*beside.get("required", ()), *chosen["required"]]
        if self._view.tells(beside) and not self._view.tells(
            chosen
        ):  # the branch narrows what stands beside the choice
            return self._value(beside, way, above)
        value = self._value(chosen, way, above)
        if isinstance(value, dict) and (beside.get("properties") or beside.get("allOf")):
            value = {**self._value(beside, way, above), **value}
        tag: dict[str, Any] = schema.get("discriminator") or {}
        # One that no branch has, and that maps nothing, is of an object above.
        means = tag.get("mapping") or any(self._view.has(one, tag.get("propertyName", "")) for one in real)
        if tag and means and isinstance(value, dict) and isinstance(chosen, dict) and "$ref" in chosen:
            value[tag["propertyName"]] = self._view.word(tag, chosen["$ref"], value.get(tag["propertyName"]))
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
            value[tag["propertyName"]] = self._view.word(tag, chosen, value.get(tag["propertyName"]))
        return value

    def _as_heir(self, reference: str, value: Any) -> Any:
        """A value with the word that the discriminator of a schema's base has for that schema."""
        for number, base in enumerate(self._view.described({"$ref": reference}) if isinstance(value, dict) else ()):
            tag = base.get("discriminator")
            if not isinstance(tag, dict) or tag.get("propertyName") not in value or base.keys() & {"oneOf", "anyOf"}:
                continue
            said = value[tag["propertyName"]]
            word, mapped = self._view.word(tag, reference, said), tag.get("mapping") or {}
            if (number and word in mapped) or (not mapped and said in self._made_up):
                value[tag["propertyName"]] = word
        return value

    def _whole(self, schema: dict[str, Any], way: Way, above: tuple[str, ...]) -> Any:
        """The parts of an allOf together with what stands beside it."""
        beside = {key: part for key, part in schema.items() if key != "allOf"}
        # What depends on a condition first: what is said in any case goes before it.
        parts = sorted(
            (part for part in schema["allOf"] if self._view.tells(part)), key=lambda part: not part.keys() & CONDITIONS
        )
        values = [self._value(self._view.as_part(part), way, above) for part in parts]
        if self._view.tells(beside):
            values.append(self._value(beside, way, above))
        objects = [value for value in values if isinstance(value, dict)]
        if not objects:
            return values[0] if values else self._anything()
        made = {key: value for part in objects for key, value in part.items()}
        if not self._wide(above):  # a part may require what another one describes
            nodes = [node for part in (*schema["allOf"], beside) for node in self._view.described(part)]
            required = {name for node in nodes for name in node.get("required") or ()}
            for node in nodes:
                for name, inner in (node.get("properties") or {}).items():
                    if name in required and name not in made and self._view.travels(inner, way):
                        made[name] = self._value(inner, way, above)
        return made

    def _by_type(self, schema: dict[str, Any], way: Way, above: tuple[str, ...]) -> Any:
        said = schema.get("type")
        kinds = [said] if isinstance(said, str) else [kind for kind in said or () if kind != "null"]
        kind = kinds[0] if kinds else self._view.implied(schema)
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

    def _object(self, schema: dict[str, Any], way: Way, above: tuple[str, ...]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        required = [name for name in schema.get("required", ()) if isinstance(name, str)]
        properties = {**self._view.conditional(schema), **(schema.get("properties") or {})}
        for name, inner in properties.items():
            if inner is False or not self._view.travels(inner, way):
                continue
            if name in required or (self._wide(above) and not self._view.returns(inner, above)):
                made[name] = self._value(inner, way, above) if len(above) < _DEEPEST else {}
        others = schema.get("additionalProperties", schema.get("unevaluatedProperties"))
        if self._wide(above) and isinstance(others, dict) and not self._view.returns(others, above):
            made["another name"] = self._value(others, way, above)
        return made

    def _wide(self, above: tuple[str, ...]) -> bool:
        """Whether optional properties are given here."""
        return not self._small and len(above) < DEPTH

    def _array(self, schema: dict[str, Any], way: Way, above: tuple[str, ...]) -> list[Any]:
        items = schema.get("items", {})
        several = schema.get("prefixItems")
        if isinstance(several, list) and several:
            return [self._value(one, way, above) for one in several]
        if self._view.returns(items, above) or len(above) >= _DEEPEST or (self._small and not schema.get("minItems")):
            return []
        return [self._value(items, way, above) for _ in range(2)]

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

    def _anything(self) -> Any:
        self._count += 1
        return f"anything{self._count}"
