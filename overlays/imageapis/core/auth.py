"""Who asks: what proves a caller's identity to a service, and what asks as nobody.

What proves it by a password or a key is in `static_auth`, by tokens that are fetched in `tokens`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from imageapis.core.http import Request, Response
    from imageapis.core.io import Io


class Auth(Protocol):
    """Who asks: puts a proof of identity on requests and judges a refused one."""

    async def apply(self, io: Io, request: Request) -> Any:
        """Put the proof on the request and return it, for `refused`."""
        ...

    async def refused(self, io: Io, proof: Any, response: Response) -> bool:
        """Say whether a request that was answered with 401 is worth one replay.

        Raises:
            ImageApiError: The answer means something that only this kind of login can name.
        """
        ...


class NoAuth:
    """Nobody in particular asks, or TLS client certificates say who does."""

    async def apply(self, io: Io, request: Request) -> None:
        """Add nothing."""

    async def refused(self, io: Io, proof: Any, response: Response) -> bool:
        """Another try would be the same one."""
        return False

    def __str__(self) -> str:
        return "as nobody in particular"
