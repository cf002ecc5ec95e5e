# Copied from scripts/pipeline/runtime.
# Do not edit: change it there, then run nox -s regenerate.

"""Between arguments and HTTP: what a request is, what bodies are made of, and how an answer is read.

How parameters are spelled is in `_styles`, forms that carry files are in `_parts`; generated code has them from here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, Final, NamedTuple, ParamSpec, Protocol, TypeVar
from urllib.parse import quote

from ._parts import File as File
from ._parts import is_parts
from ._parts import parts as parts
from ._parts import typed_parts as typed_parts
from ._styles import array as array
from ._styles import compact_or_none as compact_or_none
from ._styles import header as header
from ._styles import headers as headers
from ._styles import query as query
from ._styles import query_pairs
from ._styles import segment as segment
from ._values import Unreadable, Unwritable
from ._writing import compact, digits, fields_of, spelled

P = ParamSpec("P")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

_NOTHING: Final[Mapping[str, str]] = {}
_NO_JSON: Final = object()


class Call(NamedTuple):
    """A request: what HTTP needs of it, whatever client sends it.

    Attributes:
        method: GET, PUT, …
        path: The path below the service's address, percent-encoded.
        query: The query, percent-encoded, without the question mark.
        headers: Headers, without Content-Type.
        content: The body: bytes, or what the caller gave where the document promises nothing but bytes.
        files: The parts of a form that carries files, instead of `content`.
        content_type: The body's media type.
        server: The address that the document gives for this one operation, in place of the service's.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = _NOTHING
    content: Any = None
    files: Sequence[tuple[str, tuple[Any, ...]]] | None = None
    content_type: str | None = None
    server: str | None = None


class Answer(Protocol):
    """What `parse` needs of an answer; httpx's is one."""

    @property
    def status_code(self) -> int:
        """Its status."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """Its headers, whatever the case of their names."""
        ...

    @property
    def content(self) -> bytes:
        """Its body."""
        ...

    @property
    def text(self) -> str:
        """Its body as text."""
        ...

    def json(self) -> Any:
        """Its body as `json.loads` reads it."""
        ...


class Endpoint(Protocol[P, T_co]):
    """A generated module of one operation: the request that it builds, and the answer that it reads."""

    def build(self, *args: P.args, **kwargs: P.kwargs) -> Call:
        """Return the request of a call."""
        ...

    def parse(self, answer: Answer, /) -> T_co:
        """Return what an answer of success says."""
        ...


def undeclared(answer: Answer) -> Unreadable:
    """Return the error for a status of success that the document does not know."""
    return Unreadable("answer", "", f"the document declares no answer {answer.status_code}")


def media_type(answer: Answer) -> str:
    """Return the media type of an answer, without parameters."""
    return answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def read_json(answer: Answer, read: Callable[[Any], T]) -> T:
    """Return what the JSON of an answer holds."""
    # The error of the standard library holds the whole text: no other is raised while it is handled.
    try:
        it = answer.json()
    except (ValueError, RecursionError):
        it = _NO_JSON
    if it is _NO_JSON:
        raise Unreadable(
            "answer", "", "the body is empty" if not answer.content else "the body is not JSON"
        )
    return read(it)


# -- bodies ----------------------------------------------------------------------------------------------------------


def json_body(value: Any) -> bytes:
    """Return a body of JSON."""
    return compact(value).encode()


def text_body(value: Any) -> bytes:
    """Return a body of text."""
    return spelled(value).encode()


def digits_body(value: Any) -> bytes:
    """Return a body of JSON whose whole numbers are texts."""
    return json_body(digits(value))


def as_it_is(value: Any) -> Any:
    """Return a body of bytes: what the caller gave, which the client may stream."""
    return value


def choose(
    writers: Mapping[str, Callable[[Any], Any]], content_type: str, value: Any
) -> dict[str, Any]:
    """Return the arguments of `Call` for a body that has a choice of media types.

    Raises:
        Unwritable: The operation takes no such media type.
    """
    if value is None:
        return {}
    writer = writers.get(content_type)
    if writer is None:
        # A range of types, `image/*`, is chosen by one of them.
        ranges = [known for known in writers if "*" in known and fnmatchcase(content_type, known)]
        if not ranges:
            raise Unwritable(f"{content_type!r} is none of {', '.join(writers)}")
        writer = writers[ranges[0]]
    if is_parts(writer):
        return {"files": writer(value)}
    return {"content": writer(value), "content_type": content_type}


def form_body(value: Any) -> bytes:
    """Return a body as HTML forms send it: arrays repeat their name, objects are JSON."""
    return _form(fields_of(value), {})


def styled_form(styles: Mapping[str, tuple[str, bool]]) -> Callable[[Any], bytes]:
    """Return the writer of a form of which some fields are spelled as in a query: by name, style and explode."""
    return lambda value: _form(fields_of(value), styles)


def _form(fields: Sequence[tuple[str, Any]], styles: Mapping[str, tuple[str, bool]]) -> bytes:
    pairs: list[str] = []
    for name, one in fields:
        if name in styles:
            pairs += query_pairs(name, one, *styles[name])
            continue
        for each in one if isinstance(one, (list, tuple)) else (one,):
            told = compact(each) if isinstance(each, (Mapping, list, tuple)) else spelled(each)
            # A form, and only a form, means a space by a plus.
            pairs.append(f"{quote(name, safe=' ')}={quote(told, safe=' ')}".replace(" ", "+"))
    return "&".join(pairs).encode("ascii")
