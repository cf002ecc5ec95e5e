"""One line a request on the logger `imageapis`, without a secret; and a filter that keeps secrets out of httpcore's.

What is logged is listed, not what is left out: method, host, path, status, milliseconds, request id.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from imageapis.core.transport import Request, Response

logger = logging.getLogger("imageapis")
logger.addHandler(logging.NullHandler())

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

_HEADER = re.compile(r"""\((b(?:'[^']*'|"[^"]*")), (b(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))\)""")


class HideHeaders(logging.Filter):
    """Masks header values in httpcore's DEBUG lines, which hold answers' headers as they came."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record; it is always kept."""
        message = record.getMessage()
        if "(b'" in message or '(b"' in message:
            record.msg = _HEADER.sub(_mask, message)
            record.args = None
        return True


def _mask(match: re.Match[str]) -> str:
    name = match[1][2:-1].lower().encode("latin-1", "replace")
    return match[0] if name in SHOWN else f"({match[1]}, b'***')"


_HIDE = HideHeaders()


def hide_secrets() -> None:
    """Put the filter on httpcore's loggers; doing it again changes nothing."""
    for name in ("httpcore.http11", "httpcore.http2", "httpcore.proxy"):
        logging.getLogger(name).addFilter(_HIDE)


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
