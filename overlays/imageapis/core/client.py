"""The two faces of every client: `BlockingClient` and `AsyncClient`.

A service writes its operations in a subclass of `Operations` and joins it with both:
`class ImageStore(BlockingClient, _Operations)` and `class AsyncImageStore(AsyncClient, _Operations)`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ParamSpec, TypeVar

import httpx

from imageapis.core.faces import Blocking, NonBlocking, run_blocking
from imageapis.core.operations import Operations
from imageapis.core.settings import MAX_RESPONSE_SIZE

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from imageapis.core.login import Login
    from imageapis.core.settings import Hooks
    from imageapis_generated._requests import Endpoint

P = ParamSpec("P")
T = TypeVar("T")


class BlockingClient(Blocking, Operations):
    """The blocking face of a service's client.

    Args:
        login: Where + who + TLS, from the service's `auth` module.
        timeout: Seconds that each of connecting (10 at most), sending, waiting and reading may take in one try; 60 by
            default. An `httpx.Timeout` is taken as it is.
        retries: How often a request is sent again after a failure that may pass; 3 by default. Requests whose effect
            must not come twice are sent again only if the server certainly did not begin.
        concurrency: How many requests an operation of many parts sends at a time; by default each finds that out while
            it runs, up to 32.
        http_client: An `httpx.Client` of your own: its TLS, proxy, limits and time-outs hold, and you close it.
        user_agent: Stands before ours in the header of that name.
        hooks: Functions to call with each request, each answer, and each request that got none and its error:
            `{"request": [...], "response": [...], "failure": [...]}`.
        deadline: Seconds that a call waits for its answer in all: its tries, its login and what comes in byte by byte;
            300 by default, and `float("inf")` for no end. A large body that is sent, or streamed in, has them for each
            mebibyte. Without it a call that is known to take longer has longer; with it only one whose own arguments
            say so. A transport of your own in `http_client` keeps them between its reads only.
        max_response_size: Bytes, decoded, that the body of an answer may come to; 32 MiB by default. More is
            `ResponseTooLarge`. Downloads to a file are not bound by it.
    """

    def __init__(
        self,
        login: Login,
        *,
        timeout: float | httpx.Timeout | None = None,
        retries: int | None = None,
        concurrency: int | None = None,
        http_client: httpx.Client | None = None,
        user_agent: str | None = None,
        hooks: Hooks | None = None,
        deadline: float | None = None,
        max_response_size: int = MAX_RESPONSE_SIZE,
    ) -> None:
        from imageapis.core.transport import BlockingIo

        self._set_up(
            login,
            timeout=timeout,
            retries=retries,
            concurrency=concurrency,
            http_client=http_client,
            user_agent=user_agent,
            hooks=hooks,
            deadline=deadline,
            max_response_size=max_response_size,
            kind=httpx.Client,
            io=BlockingIo,
        )

    def call(self, endpoint: Endpoint[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Call any generated endpoint of this service through this client's login, retries and errors.

        Args:
            endpoint: A module of `imageapis_generated.<service>.endpoints`.
            *args: The arguments of that module's operation.
            **kwargs: The same by name.

        Returns:
            What the answer holds: a generated value, or `None` for an answer without a body.

        Raises:
            ImageApiError: As every operation does.
        """
        return run_blocking(self._answer(endpoint, *args, **kwargs))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class AsyncClient(NonBlocking, Operations):
    """The async face of a client; see `BlockingClient` for the arguments. `http_client` is an `httpx.AsyncClient`."""

    def __init__(
        self,
        login: Login,
        *,
        timeout: float | httpx.Timeout | None = None,
        retries: int | None = None,
        concurrency: int | None = None,
        http_client: httpx.AsyncClient | None = None,
        user_agent: str | None = None,
        hooks: Hooks | None = None,
        deadline: float | None = None,
        max_response_size: int = MAX_RESPONSE_SIZE,
    ) -> None:
        from imageapis.core.transport import AsyncIo

        self._set_up(
            login,
            timeout=timeout,
            retries=retries,
            concurrency=concurrency,
            http_client=http_client,
            user_agent=user_agent,
            hooks=hooks,
            deadline=deadline,
            max_response_size=max_response_size,
            kind=httpx.AsyncClient,
            io=AsyncIo,
        )

    async def call(self, endpoint: Endpoint[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Call any generated endpoint of this service; see `BlockingClient.call`."""
        return await self._answer(endpoint, *args, **kwargs)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()
