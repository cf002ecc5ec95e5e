"""Reads schemas into types and models, whatever way a document has of writing them."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from scripts.pipeline import extensions, naming, references
from scripts.pipeline.discriminators import COMPONENTS, name_tags, speaks_of, words_of
from scripts.pipeline.ir import Array, Choice, Field, Map, Model, Named, Scalar, Type, Union, Use
from scripts.pipeline.schema_types import ANY, NULL, TEXT_FORMATS, merged, of_words, scalar

if TYPE_CHECKING:
    from scripts.pipeline.documents import Document
    from scripts.pipeline.references import Node

# What an object says of fields that it does not name.
_OTHERS = {"additionalProperties", "patternProperties", "unevaluatedProperties"}
# A member of a union that says only this narrows what stands beside the union; it is no kind of its own.
_NARROWING = {"required", "not", "minProperties", "maxProperties", "dependentRequired", "if", "then", "else"}


class Schemas:
    """The types of a document; its models and choices are collected as they are met."""

    def __init__(self, document: Document, class_names: dict[str, str]) -> None:
        self._document = document
        self.models: dict[str, Model] = {}
        self.choices: list[Choice] = []
        self._tagged: list[tuple[str, dict[str, str]]] = []  # the name of a discriminator, and its words by model
        self._uses: dict[str, Use | None] = {}
        components = document.get("components", {}).get("schemas", {})
        names = naming.distinct(
            (isinstance(schema, dict) and schema.get(extensions.NAME)) or class_names.get(made, made)
            for schema, made in zip(components.values(), map(naming.class_name, components), strict=True)
        )
        self._names = dict(zip(components, names, strict=True))
        self._taken = set(names)
        self._heirs = self._find_heirs(components)

    def _find_heirs(self, components: Node) -> dict[str, list[str]]:
        """By each schema, those that say they are of its kind and more."""
        found: dict[str, list[str]] = {}
        for name, schema in components.items():
            for part in (schema.get("allOf") or ()) if isinstance(schema, dict) else ():
                if isinstance(part, dict) and isinstance(part.get("$ref"), str):
                    found.setdefault(part["$ref"], []).append(COMPONENTS + name)
        return found

    def use(self, schema: Any, hint: str) -> Use:
        """What a schema is, where it is used.

        Args:
            schema: the schema.
            hint: the name of the class, if a class has to be made for it.
        """
        if not isinstance(schema, dict):
            return ANY
        found = self._use(schema, hint)
        never = schema.get(extensions.NEVER)
        if never and isinstance(found.type, Scalar) and found.type.kind == "moment":
            found = Use(dataclasses.replace(found.type, never=str(never)), nullable=True)
        return dataclasses.replace(found, nullable=True) if schema.get("nullable") is True else found

    def _use(self, schema: Node, hint: str) -> Use:
        own = references.structure(schema)
        if own == {"$ref"}:
            return self._behind(schema["$ref"], hint)
        parts = [part for part in schema.get("allOf") or () if isinstance(part, dict)]
        telling = [part for part in parts if references.structure(part)]
        if "allOf" in own and own <= {"allOf", "type"} and len(telling) == 1:
            return self.use(telling[0], hint)
        return self._written_out(references.flat(self._document, schema), hint, None)

    def _behind(self, reference: str, hint: str) -> Use:
        """What a reference leads to, read once."""
        if reference in self._uses:
            # One that is being read leads back to itself and is no model: nothing more can be said of it.
            return self._uses[reference] or ANY
        schema = references.target(self._document, reference)
        if not isinstance(schema, dict):
            return ANY
        name = self._names.get(reference[len(COMPONENTS) :]) if reference.startswith(COMPONENTS) else None
        self._uses[reference] = None
        if self._is_alias(schema):
            found = self.use(schema, name or hint)
        else:
            flat = references.flat(self._document, schema, (reference,))
            found = self._family(reference, schema, hint) or self._written_out(flat, name or hint, reference)
        if schema.get("nullable") is True:
            found = dataclasses.replace(found, nullable=True)
        self._uses[reference] = found
        return found

    def _is_alias(self, schema: Node) -> bool:
        parts = [part for part in schema.get("allOf") or () if isinstance(part, dict) and references.structure(part)]
        own = references.structure(schema)
        if own == {"$ref"}:
            return True
        return "allOf" in own and own <= {"allOf", "type"} and len(parts) == 1 and not self._tells_heirs_apart(parts[0])

    def _tells_heirs_apart(self, part: Node) -> bool:
        """Whether a schema has a discriminator of its own: an heir that adds nothing is a kind all the same."""
        above = references.resolved(self._document, part)
        return isinstance(above.get("discriminator"), dict) and not above.keys() & {"oneOf", "anyOf"}

    def _family(self, reference: str, schema: Node, hint: str) -> Use | None:
        """A schema with a discriminator and heirs: any of them may be there."""
        tag = schema.get("discriminator")
        heirs = self._heirs.get(reference, [])
        if not isinstance(tag, dict) or "oneOf" in schema or "anyOf" in schema or not heirs:
            return None
        own = self._model_behind(reference, schema)
        self._uses[reference] = Use(Named(own))
        members = [{"$ref": heir} for heir in heirs]
        options = [self.use(member, hint).type for member in members]
        tags = {**words_of(self._document, tag, members, options, self._behind), reference[len(COMPONENTS) :]: own}
        return Use(Union((*options, Named(own)), tag=str(tag.get("propertyName")), tags=tuple(tags.items())))

    def _model_behind(self, reference: str, schema: Node) -> str:
        flat = references.flat(self._document, schema, (reference,))
        name = str(self._names.get(reference[len(COMPONENTS) :], "Model"))
        self._read_model(name, flat)
        return name

    # -- one schema, written out ----------------------------------------------------------------------------------

    def _written_out(self, schema: Node, hint: str, reference: str | None) -> Use:
        """The type of a schema without references and allOf at its top."""
        if schema.get("oneOf") or schema.get("anyOf"):
            union = self._union(schema, hint)
            if union is not None:
                return union
        kinds = self._kinds(schema)
        nullable = schema.get("nullable") is True or "null" in kinds
        listed = schema["enum"] if isinstance(schema.get("enum"), list) else None
        if "const" in schema:
            listed = [schema["const"]]
        if listed is not None and None in listed:
            nullable = True
        kinds = [kind for kind in kinds if kind != "null"]
        if listed is not None and not all(isinstance(value, (dict, list)) for value in listed):
            return Use(of_words([value for value in listed if value is not None], kinds, schema), nullable)
        if not kinds:
            return Use(NULL.type if nullable and references.structure(schema) else ANY.type, nullable=True)
        types = [self._of_kind(kind, schema, hint, reference) for kind in kinds]
        return Use(merged(types, several=True), nullable)

    def _kinds(self, schema: Node) -> list[str]:
        said = schema.get("type")
        if isinstance(said, list):
            return [str(kind) for kind in said]
        if isinstance(said, str):
            return [said]
        if schema.get("properties") or schema.keys() & _OTHERS:
            return ["object"]
        if "items" in schema or "prefixItems" in schema:
            return ["array"]
        if schema.get("format") in TEXT_FORMATS or "pattern" in schema or "contentMediaType" in schema:
            return ["string"]
        return []

    def _of_kind(self, kind: str, schema: Node, hint: str, reference: str | None) -> Type:
        if kind == "object":
            return self._object(schema, hint, reference)
        if kind == "array":
            items = schema.get("items")
            several = [one for one in schema.get("prefixItems") or () if isinstance(one, dict)]
            if several:
                types = [self.use(one, f"{hint}Item") for one in [*several, *([items] if items else [])]]
                return Array(Use(merged([one.type for one in types], several=True), any(one.nullable for one in types)))
            return Array(self.use(items, f"{hint}Item"))
        return scalar(kind, schema)

    def _object(self, schema: Node, hint: str, reference: str | None) -> Type:
        if schema.get("properties"):
            name = hint if hint in self._taken and reference is not None else self._new_name(hint)
            if reference is not None:
                self._uses[reference] = Use(Named(name))
            self._read_model(name, schema)
            return Named(name)
        if reference is not None:
            self._uses[reference] = None
        return Map(self._others(schema, hint) or ANY, empty=_is_empty(schema))

    def _new_name(self, hint: str) -> str:
        name, number = hint, 2
        while name in self._taken:
            name, number = f"{hint}{number}", number + 1
        self._taken.add(name)
        return name

    def _others(self, schema: Node, hint: str) -> Use | None:
        """What an object's fields hold that it does not name, if it speaks of them."""
        patterns = list((schema.get("patternProperties") or {}).values())
        said = schema.get("additionalProperties", schema.get("unevaluatedProperties"))
        if said is True or isinstance(said, dict):
            patterns.append(said)
        if not patterns:
            return None
        uses = [self.use(one, f"{hint}Value") for one in patterns]
        if len(uses) == 1:
            return uses[0]
        return Use(merged([use.type for use in uses], several=True), any(use.nullable for use in uses))

    def _read_model(self, name: str, schema: Node) -> None:
        if name in self.models:
            return
        self.models[name] = Model(name, str(schema.get("description") or schema.get("title") or ""))
        said = {key: value for key, value in schema["properties"].items() if value is not False}
        described = [value if isinstance(value, dict) else {} for value in said.values()]
        names = naming.distinct(
            (one.get(extensions.NAME) or naming.field_name(key)) for key, one in zip(said, described, strict=True)
        )
        required = {key for key in schema.get("required") or () if isinstance(key, str)}
        fields = []
        for key, field, one in zip(said, names, described, strict=True):
            whole = references.flat(self._document, one) if "$ref" in one or "allOf" in one else one
            fields.append(
                Field(
                    json=key,
                    name=field,
                    use=self.use(one, f"{name}{naming.pascal(key)}"),
                    required=key in required,
                    says=str(one.get("description") or whole.get("description") or ""),
                    read_only=whole.get("readOnly") is True,
                    write_only=whole.get("writeOnly") is True,
                    deprecated=one.get("deprecated") is True,
                )
            )
        self.models[name].fields = tuple(fields)
        self.models[name].withheld = frozenset(schema.get(extensions.WITHHELD) or ())
        self.models[name].extra = self._others(schema, name)

    # -- unions ---------------------------------------------------------------------------------------------------

    def _union(self, schema: Node, hint: str) -> Use | None:
        """The type of oneOf or anyOf; none if its members only narrow what stands beside them."""
        several = not schema.get("oneOf")
        members = [one for one in schema.get("oneOf") or schema["anyOf"] if isinstance(one, dict)]
        nullable = schema.get("nullable") is True
        if any(_is_null(one) for one in members):
            nullable, members = True, [one for one in members if not _is_null(one)]
        if not members or all(references.structure(one) <= _NARROWING for one in members):
            return None if not nullable or members else NULL
        beside = {key: value for key, value in schema.items() if key not in ("oneOf", "anyOf", *references.REMARKS)}
        whole = [{"allOf": [beside, one]} for one in members] if beside.get("properties") else members
        uses = [
            self.use(one, f"{hint}{self._member_name(member, index)}")
            for index, (one, member) in enumerate(zip(whole, members, strict=True), 1)
        ]
        nullable = nullable or any(use.nullable for use in uses if use != ANY)
        options = [use.type for use in uses]
        tag = schema.get("discriminator")
        if isinstance(tag, dict) and tag.get("propertyName") and all(isinstance(one, Named) for one in options):
            name = str(tag["propertyName"])
            # One that no member has, and that maps nothing, is of an object above: nothing here is told apart by it.
            means = tag.get("mapping") or any(speaks_of(self._document, member, name) for member in members)
            tags = words_of(self._document, tag, members, options, self._behind) if means else {}
            if tags and {option.name for option in options if isinstance(option, Named)} <= set(tags.values()):
                self._tagged.append((name, tags))
                distinct = tuple(dict.fromkeys(options))
                if len(distinct) == 1:
                    return Use(distinct[0], nullable)
                return Use(Union(distinct, several, name, tuple(tags.items())), nullable)
        found = merged(options, several=several)
        if isinstance(found, Union) and not several:
            self.choices.append(Choice(schema["oneOf"], found))
        return Use(found, nullable)

    def name_tags(self) -> None:
        """Give each model of a union the field that its discriminator stands in, where the document only maps it."""
        name_tags(self.models, self._tagged)

    def _member_name(self, member: Node, index: int) -> str:
        reference = member.get("$ref")
        if isinstance(reference, str):
            return naming.pascal(reference.rsplit("/", 1)[-1])
        return naming.pascal(str(member.get("title") or f"Option{index}"))


def _is_null(schema: Node) -> bool:
    return schema.get("type") in ("null", ["null"]) or schema.get("enum") == [None] or schema.get("const", 0) is None


def _is_empty(schema: Node) -> bool:
    """Whether an object that names no field is closed to all others."""
    others = schema.get("additionalProperties", schema.get("unevaluatedProperties"))
    return (others is False and not schema.get("patternProperties")) or schema.get("maxProperties") == 0
