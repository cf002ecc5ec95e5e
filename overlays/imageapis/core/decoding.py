"""What came from outside, read so that nothing in it can surprise: JSON, text, compressed bytes. All bounds are here.

The one reader of each. What it cannot read is a `ValueError` with a sentence that holds nothing of the content.
"""

from __future__ import annotations

import json
import re
import zlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What reading an answer of a wrong shape may raise: what is not there, of another type, too large or too deep.
MISSHAPEN = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)

#: Bytes of decoded content at a time.
BLOCK = 256 << 10
#: Characters of an answer's text that an error shows.
EXCERPT = 200
#: Bytes of JSON for each object or list in it, at least, in bodies of more than a mebibyte: no service sends more of
#: them, and what is empty takes fifty times its text in memory.
_SPARSE, _SMALL = 8, 1 << 20

#: Codecs of text. Python knows others by name, which unpack archives or encode hosts.
_CHARSETS = frozenset({"ascii", "us-ascii", "iso-8859-1", "latin-1", "windows-1252", "utf-16"})
_BEGINNINGS = frozenset({b'{"', b"[{", b"[]", b"{}"})
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_number)


def json_value(content: bytes | str) -> Any:
    """Return what a JSON text says.

    Raises:
        ValueError: It is no JSON, nested too deeply, made of too many parts, or holds half a character.
    """
    failure = None
    try:
        return _json_value(content)
    except RecursionError:
        failure = "JSON that is nested too deeply"
    except json.JSONDecodeError as wrong:
        failure = f"not JSON: {wrong.msg} at character {wrong.pos}"
    except UnicodeError:
        failure = "not JSON: it is no text"
    except ValueError as wrong:
        failure = str(wrong)
    # Raised out here, so that no context carries the content, which may hold a token.
    raise ValueError(failure)


def _json_value(content: bytes | str) -> Any:
    if isinstance(content, str):
        content = content.encode()
    if len(content) > _SMALL and content.count(b"[") + content.count(b"{") > len(content) // _SPARSE:
        raise ValueError("JSON of too many parts")
    # What begins like this is UTF-8; looking whether it is another UTF takes as long as reading a small answer.
    charset = "utf-8" if content[:2] in _BEGINNINGS else json.detect_encoding(content)
    value = _DECODER.decode(content.decode(charset))
    # One byte is found much faster than two, and most answers have no backslash at all.
    if b"\\" in content and b"\\u" in content and _SURROGATE.search(content) is not None:
        # Halves of a pair are text to Python, until something encodes it.
        json.dumps(value, ensure_ascii=False).encode()
    return value


def plain_text(content: bytes, charset: str | None = None) -> str:
    """Return bytes as text, with a mark for each byte that is none. A charset that is not one of text is UTF-8."""
    name = (charset or "").lower()
    return content.decode(name if name in _CHARSETS else "utf-8", "replace")


def excerpt(text: str, length: int = EXCERPT) -> str:
    """Return the beginning of a text on one line, as an error shows it."""
    line = " ".join(text[: 4 * length].split()).encode("utf-8", "replace").decode()
    return line if len(line) <= length and len(text) <= 4 * length else line[:length] + "…"


class Inflater:
    """Takes compressed content apart in blocks, so that a small body never becomes a large one at once.

    Args:
        encoding: The `Content-Encoding` of the content.

    Raises:
        ValueError: It is none that was asked for.
    """

    def __init__(self, encoding: str) -> None:
        name = encoding.strip().lower()
        self._wrapped = name != "deflate"
        self._stream = zlib.decompressobj(zlib.MAX_WBITS | 16 if self._wrapped else zlib.MAX_WBITS)
        self._begun = False
        if name not in ("gzip", "x-gzip", "deflate"):
            raise ValueError(f"compressed as {excerpt(encoding, 40)!r}, which was not asked for")

    def blocks(self, content: bytes) -> Iterator[bytes]:
        """Yield what more content comes to, in blocks of at most `BLOCK` bytes.

        Raises:
            ValueError: It is not what its name says.
        """
        if not self._begun and content:
            self._begun = True
            if not self._wrapped and not _is_zlib(content):
                self._stream = zlib.decompressobj(-zlib.MAX_WBITS)
        while not self._stream.eof:
            try:
                block = self._stream.decompress(content, BLOCK)
            except zlib.error as failure:
                raise ValueError(f"compressed content that is none ({failure})") from None
            content = self._stream.unconsumed_tail
            if block:
                yield block
            if not content and len(block) < BLOCK:
                return

    @property
    def ended(self) -> bool:
        """Whether nothing is missing."""
        return not self._begun or self._stream.eof


def _is_zlib(content: bytes) -> bool:
    """Say whether deflated content has the frame it should have; some servers leave it out."""
    return content[0] & 0x0F == 8 and (len(content) < 2 or (content[0] << 8 | content[1]) % 31 == 0)
