"""Between arguments and HTTP: how each style of parameter is spelled, and what bodies are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, Final, Literal, NamedTuple, ParamSpec, Protocol, TypeVar
from urllib.parse import quote

from ._parts import File as File
from ._parts import is_parts
from ._parts import parts as parts
from ._parts import typed_parts as typed_parts
from ._values import ABSENT, Unreadable, Unwritable
from ._writing import compact, digits, fields_of, items, spelled

P = ParamSpec("P")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

Style = Literal["form", "spaceDelimited", "pipeDelimited", "deepObject"]

_NOTHING: Final[Mapping[str, str]] = {}
_NO_JSON: Final = object()
# What `allowReserved` lets stand in a query, without the three that would end or divide it.
_RESERVED: Final = ":/?[]@!$'()*,;"
# What stands before a path parameter and between its parts.
_SEGMENTS: Final = {"simple": ("", ","), "label": (".", "."), "matrix": (";", ";")}
_DELIMITERS: Final = {"form": ",", "spaceDelimited": "%20", "pipeDelimited": "%7C"}


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
        raise Unreadable("answer", "", "the body is empty" if not answer.content else "the body is not JSON")
    return read(it)


# -- parameters ------------------------------------------------------------------------------------------------------


def segment(value: Any, style: str = "simple", *, explode: bool = False, name: str = "") -> str:
    """Return a path parameter, percent-encoded, in the style simple, label or matrix.

    Raises:
        Unwritable: Nothing, a dot or two: the address would be another one.
    """
    before, between = _SEGMENTS[style]
    if value.__class__ is str:
        # What most are, before what takes longer to find out.
        made = f"{name}={quote(value, safe='')}" if style == "matrix" else quote(value, safe="")
    elif isinstance(value, Mapping) or hasattr(value, "to_json"):
        pairs = [(_encoded(k), _encoded(v)) for k, v in fields_of(value)]
        if explode:
            made = between.join(f"{k}={v}" for k, v in pairs)
        else:
            made = ",".join(part for pair in pairs for part in pair)
            made = f"{name}={made}" if style == "matrix" else made
    elif isinstance(value, (list, tuple)):
        encoded = [_encoded(one) for one in value]
        if style == "matrix":
            made = ";".join(f"{name}={one}" for one in encoded) if explode else f"{name}={','.join(encoded)}"
        else:
            made = (between if explode else ",").join(encoded)
    else:
        made = f"{name}={_encoded(value)}" if style == "matrix" else _encoded(value)
    made = f"{before}{made}"
    if made in ("", ".", ".."):
        raise Unwritable(f"{made!r} cannot stand in an address")
    return made


def query(*parameters: tuple[Any, ...]) -> str:
    """Return a query, percent-encoded; what was not given is left out.

    Args:
        parameters: Name, value, and where they are not the usual ones: style, explode, whether reserved characters
            stand as they are.
    """
    return "&".join([pair for parameter in parameters for pair in _query(*parameter)])


def _query(name: str, value: Any, style: str = "form", explode: bool = True, reserved: bool = False) -> list[str]:
    if value is None or value is ABSENT:
        return []
    safe, key = _RESERVED if reserved else "", quote(name, safe="")
    if value.__class__ is str:
        return [f"{key}={quote(value, safe=safe)}"]
    if value.__class__ is int:
        return [f"{key}={value}"]
    if isinstance(value, Mapping) or hasattr(value, "to_json"):
        pairs = fields_of(value)
        if style == "deepObject":
            return [f"{key}{deep}={_encoded(one, safe)}" for deep, one in _deep(pairs)]
        if explode:
            return [f"{_encoded(k)}={_encoded(v, safe)}" for k, v in pairs]
        return [f"{key}={_DELIMITERS[style].join(_encoded(part, safe) for pair in pairs for part in pair)}"]
    if not hasattr(value, "__iter__") or isinstance(value, (str, bytes, bytearray)):
        return [f"{key}={_encoded(value, safe)}"]
    encoded = [_encoded(one, safe) for one in value if one is not None]
    if explode:
        return [f"{key}={one}" for one in encoded]
    return [f"{key}={_DELIMITERS.get(style, ',').join(encoded)}"]


def _deep(pairs: Sequence[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Return the leaves of an object, each with its names in brackets."""
    found: list[tuple[str, Any]] = []
    for name, value in pairs:
        key = f"[{quote(name, safe='')}]"
        if isinstance(value, Mapping) or hasattr(value, "to_json"):
            found += [(f"{key}{below}", one) for below, one in _deep(fields_of(value))]
        elif isinstance(value, (list, tuple)):
            found += [(key, one) for one in value]
        else:
            found.append((key, value))
    return found


def _encoded(value: Any, safe: str = "") -> str:
    return quote(spelled(value), safe=safe)


def header(value: Any, *, explode: bool = False) -> str:
    """Return a header's value: arrays and objects with commas between, as the style simple has it.

    Raises:
        Unwritable: It holds what would end the header.
    """
    made = _with_commas(value, explode, spelled)
    if any(char in made for char in "\r\n\0"):
        raise Unwritable("a header cannot hold a line break")
    return made


def _with_commas(value: Any, explode: bool, spell: Callable[[Any], str]) -> str:
    if isinstance(value, Mapping) or hasattr(value, "to_json"):
        pairs = [(spell(name), spell(one)) for name, one in fields_of(value)]
        return ",".join(f"{name}={one}" if explode else f"{name},{one}" for name, one in pairs)
    if isinstance(value, (list, tuple)):
        return ",".join(spell(one) for one in value)
    return spell(value)


def headers(*parameters: tuple[Any, ...], cookies: Sequence[tuple[Any, ...]] = ()) -> dict[str, str]:
    """Return headers; what was not given is left out.

    Args:
        parameters: Name, value, and explode where it is declared.
        cookies: Name and value of each cookie, and explode where it is declared.
    """
    made = {
        name: header(value, explode=bool(rest and rest[0])) for name, value, *rest in parameters if value is not None
    }
    crumbs = [
        f"{name}={_with_commas(value, bool(rest and rest[0]), _crumb)}"
        for name, value, *rest in cookies
        if value is not None
    ]
    return {**made, "Cookie": "; ".join(crumbs)} if crumbs else made


def _crumb(value: Any) -> str:
    return _encoded(value, _COOKIE)


_COOKIE: Final = "!#$&'()*+-./:<=>?@[]^_`{|}~"


def compact_or_none(value: Any) -> str | None:
    """Return a value as JSON in one line, or `None` for one that was not given."""
    return None if value is None else compact(value)


def array(value: Any) -> Any:
    """Return an array that a caller gave, or `None`; one text is not an array of letters."""
    return None if value is None else items(value)


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


def choose(writers: Mapping[str, Callable[[Any], Any]], content_type: str, value: Any) -> dict[str, Any]:
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
            pairs += _query(name, one, *styles[name])
            continue
        for each in one if isinstance(one, (list, tuple)) else (one,):
            told = compact(each) if isinstance(each, (Mapping, list, tuple)) else spelled(each)
            # A form, and only a form, means a space by a plus.
            pairs.append(f"{quote(name, safe=' ')}={quote(told, safe=' ')}".replace(" ", "+"))
    return "&".join(pairs).encode("ascii")
