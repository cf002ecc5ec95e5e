"""Reads what an operation's requests and answers hold: one body a media type, and the answers of success."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from scripts.pipeline import references
from scripts.pipeline.ir import Body, Reply, Scalar, Union, Use

if TYPE_CHECKING:
    from scripts.pipeline.documents import Document
    from scripts.pipeline.ir import BodyForm, Settings
    from scripts.pipeline.read_schemas import Schemas
    from scripts.pipeline.references import Node


class Contents:
    """The bodies and answers of one operation."""

    def __init__(self, document: Document, schemas: Schemas, settings: Settings, method: str, node: Node) -> None:
        self._document = document
        self._schemas = schemas
        self._settings = settings
        self._method = method
        self._node = node

    def bodies(self, body: Node, hint: str) -> list[Body]:
        """What can be sent: one for each way to write it."""
        found: list[Body] = []
        for said, media in (body.get("content") or {}).items():
            kind = self._kind(said)
            schema = media.get("schema", {}) if isinstance(media, dict) else {}
            use = self._schemas.use(schema, f"{hint}Body")
            form = _body_form(kind, use)
            if form in ("json", "form", "parts") and "*" in said:
                said = "application/json"
            styles = _styles(media) if form == "form" or (form == "parts" and self._styles_parts()) else ()
            styled = {name for name, _, _ in styles}
            types = tuple(one for one in _part_types(media) if one[0] not in styled) if form == "parts" else ()
            found.append(Body(said, form, use if form != "bytes" else Use(Scalar("bytes")), styles, types))
        found.sort(key=lambda one: (one.form != "json", one.media_type != "application/json"))
        # Several spellings of JSON for one schema are one body.
        kept: list[Body] = []
        for one in found:
            if not any(other.form == one.form == "json" and other.use == one.use for other in kept):
                kept.append(one)
        return kept

    def replies(self, hint: str) -> list[Reply]:
        """The answers of success."""
        said = {
            str(status).upper(): references.resolved(self._document, reply)
            for status, reply in (self._node.get("responses") or {}).items()
            if not str(status).startswith("x-")
        }
        good = {status: reply for status, reply in said.items() if status.startswith("2") and len(status) == 3}
        if not good and "DEFAULT" in said:
            good = {"2XX": said["DEFAULT"]}
        if not good:
            # Any answer of success says no more than that: the document has errors, redirects or upgrades only.
            return [Reply(200, 299)]
        exact = sorted(good, key=lambda status: (status.endswith("XX"), status))
        return [one for status in exact for one in self._reply(status, good[status], hint)]

    def _styles_parts(self) -> bool:
        """Whether a style says how a part of a form with files is written: before 3.1 it is to be ignored."""
        return not str(self._document.get("openapi")).startswith("3.0")

    def _kind(self, media_type: str) -> str:
        """What a media type is read and written as, without its parameters."""
        bare = media_type.partition(";")[0].strip()
        return self._settings.media_types.get(media_type, self._settings.media_types.get(bare, bare)).lower()

    def _reply(self, status: str, reply: Node, hint: str) -> list[Reply]:
        low, high = (200, 299) if status.endswith("XX") else (int(status), int(status))
        says = str(reply.get("description") or "")
        content = reply.get("content") or {}
        if not content or self._method == "head":
            return [Reply(low, high, says=says)]
        made = []
        for media_type, media in content.items():
            kind = self._kind(media_type)
            schema = media.get("schema") if isinstance(media, dict) else None
            use = self._schemas.use(schema or {}, f"{hint}Answer")
            form = _reply_form(kind, use)
            if form != "json":
                use = Use(Scalar("text" if form == "text" else "bytes"))
            bare = media_type.partition(";")[0].strip()
            made.append(Reply(low, high, bare, cast("Any", form), use, says, offers=len(content) > 1))
        # JSON is asked for where there is a choice.
        best = [one for one in made if one.form == "json"] or made
        return best[:1]


def _styles(media: Node) -> tuple[tuple[str, str, bool], ...]:
    """The fields of a form whose encoding says a style: those are spelled as in a query, all others as in any form."""
    made = []
    for name, said in (media.get("encoding") or {}).items():
        if isinstance(said, dict) and ("style" in said or "explode" in said):
            style = str(said.get("style") or "form")
            made.append((str(name), style, bool(said.get("explode", style in ("form", "deepObject")))))
    return tuple(made)


def _part_types(media: Node) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The parts of a form with files whose encoding says which media types they may have."""
    return tuple(
        (str(name), tuple(one.strip() for one in said["contentType"].split(",") if one.strip()))
        for name, said in (media.get("encoding") or {}).items()
        if isinstance(said, dict) and isinstance(said.get("contentType"), str)
    )


def _is_json(kind: str) -> bool:
    return kind.endswith(("/json", "+json", "/*", "*+json")) or kind == "application/x-json"


def _is_bytes(use: Use) -> bool:
    return isinstance(use.type, Scalar) and use.type.kind in ("bytes", "base64")


def _body_form(kind: str, use: Use) -> BodyForm:
    if kind == "multipart/form-data":
        return "parts"
    if kind == "application/x-www-form-urlencoded":
        return "form"
    if _is_json(kind) and not _is_bytes(use):
        return "json"
    # How an object is spelled as text no document says: the caller does that.
    plain = isinstance(use.type, (Scalar, Union)) and not _is_bytes(use)
    return "text" if kind.startswith("text/") and plain else "bytes"


def _reply_form(kind: str, use: Use) -> str:
    if _is_json(kind) and not _is_bytes(use):
        return "json"
    return "text" if kind.startswith("text/") and not _is_bytes(use) else "bytes"
