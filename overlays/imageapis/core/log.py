"""One line a request on the logger `imageapis`, without a secret; and filters that keep secrets out of others' lines.

What is logged is listed, not what is left out: method, host, path, status, milliseconds, request id. `IMAGEAPIS_LOG`
shows it on standard error, in programs that set up no logging of their own.
"""

from __future__ import annotations

import logging
import os
import re
from typing import TYPE_CHECKING

from imageapis._plain import printable

if TYPE_CHECKING:
    from imageapis.core.http import Request, Response


class OneLine(logging.Filter):
    """Spells out what is no text in our own lines: names and addresses in them come from outside."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record; it is always kept."""
        message = record.getMessage()
        if not message.isprintable():
            record.msg, record.args = printable(message), None
        return True


logger = logging.getLogger("imageapis")
logger.addHandler(logging.NullHandler())
logger.addFilter(OneLine())

#: What `IMAGEAPIS_LOG` may say.
LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING}

#: Headers whose values httpcore may show at DEBUG. All others are masked.
SHOWN = frozenset(
    {
        b"accept-ranges",
        b"cache-control",
        b"connection",
        b"content-encoding",
        b"content-length",
        b"content-range",
        b"content-type",
        b"date",
        b"keep-alive",
        b"range",
        b"retry-after",
        b"server",
        b"transfer-encoding",
        b"vary",
    }
)

# Patterns are compiled when a line needs them: most programs never log at DEBUG.
_HEADER = r"""\((b(?:'[^']*'|"[^"]*")), (b(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))\)"""

#: The words of a status line, which are whatever a server or proxy says: in httpcore's lines, and in others'.
_WORDS = r"""(b'HTTP/[0-9.]+', ([0-9]{3}), b)('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_SHOWN_WORDS = (r"""("HTTP/[0-9.]+ ([0-9]{3}) )(.*)(?=")""", r"""(<Response \[([0-9]{3}) )(.*)(?=\]>)""")

#: Parameters that signed addresses carry, which registries and stores hand out for uploads.
_SIGNED = r"""(?i)([?&](?:_state|sig|[\w-]*(?:signature|token|credential|secret)[\w-]*)=)[^&\s"']+"""


class HideHeaders(logging.Filter):
    """Masks header values and a status' words in httpcore's DEBUG lines, which hold answers as they came."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record; it is always kept."""
        message = record.getMessage()
        if "(b'" in message or '(b"' in message:
            record.msg = re.sub(_WORDS, _mask_words, re.sub(_HEADER, _mask, message))
            record.args = None
        if "Illegal header" in message:
            record.msg = message.partition("Illegal header")[0] + "Illegal header ***"
            record.args = None
        return True


def _mask(match: re.Match[str]) -> str:
    name = match[1][2:-1].lower().encode("latin-1", "replace")
    return match[0] if name in SHOWN else f"({match[1]}, b'***')"


def _mask_words(match: re.Match[str]) -> str:
    """Return a status and its words; words of a server's own are masked."""
    from http.client import responses

    words = match[3].strip("'\"")
    if not words or words == responses.get(int(match[2])):
        return match[0]
    return match[1] + match[3].replace(words, "***")


class HideSignatures(logging.Filter):
    """Masks what signs an address, and a status' own words, in lines that hold both as they are."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record; it is always kept."""
        message = record.getMessage()
        if "?" in message or '"HTTP/' in message or "<Response [" in message or not message.isprintable():
            for words in _SHOWN_WORDS:
                message = re.sub(words, _mask_words, message, flags=re.DOTALL)
            record.msg = printable(re.sub(_SIGNED, r"\1***", message))
            record.args = None
        return True


_HIDE = HideHeaders()
_HIDE_SIGNATURES = HideSignatures()


def hide_secrets() -> None:
    """Put the filters on the loggers of the libraries that we send through; doing it again changes nothing."""
    for name in ("httpcore.http11", "httpcore.http2", "httpcore.proxy"):
        logging.getLogger(name).addFilter(_HIDE)
    for name in ("httpx", "httpx_retries.transport", "httpx_retries.retry"):
        logging.getLogger(name).addFilter(_HIDE_SIGNATURES)


def log_answer(request: Request, response: Response, seconds: float, request_id: str | None) -> None:
    """Log one answered request at DEBUG."""
    logger.debug(
        "%s %s%s %d in %.0f ms, request id %s",
        request.method,
        request.url.netloc.decode("ascii"),
        request.url.path,
        response.status_code,
        seconds * 1000,
        request_id,
    )


def show_log(wanted: str) -> None:
    """Write the log to standard error.

    Args:
        wanted: The least level to show: `debug`, `info` or `warning`.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger.addHandler(handler)
    level = LEVELS.get(wanted.strip().lower())
    logger.setLevel(logging.WARNING if level is None else level)
    if level is None:
        logger.warning("IMAGEAPIS_LOG is one of %s, not %r", ", ".join(LEVELS), wanted)


if os.environ.get("IMAGEAPIS_LOG"):
    show_log(os.environ["IMAGEAPIS_LOG"])
