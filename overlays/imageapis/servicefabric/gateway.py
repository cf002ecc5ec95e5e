"""How every operation reaches the gateway: the server's `timeout` and our waiting kept in step."""

from __future__ import annotations

import math
import uuid
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, ParamSpec, TypeVar

from imageapis.core.arguments import seconds as number_of_seconds
from imageapis.core.endpoint import value_of
from imageapis.core.operations import Operations
from imageapis.core.service import Service
from imageapis.errors import Forbidden, InvalidArgument
from imageapis.servicefabric.faults import fault
from imageapis_generated.servicefabric import endpoints
from imageapis_generated.servicefabric.operations import ServicefabricOperations

if TYPE_CHECKING:
    from collections.abc import Container

    from imageapis.core.http import Request, Response
    from imageapis_generated._requests import Endpoint

P = ParamSpec("P")
T = TypeVar("T")

#: Seconds that we wait for an answer beyond those that the server was granted, so that it is the server that gives up.
MARGIN = 5.0
#: Seconds that the server is granted where the client waits without limit.
SERVER_DEFAULT = 60
#: Seconds for which the gateway accepts work at most, as its configuration says.
SERVER_LONGEST = 1800


class Gateway(ServicefabricOperations, Operations):
    """The base of the image store's operations."""

    _service: ClassVar[Service] = Service("Service Fabric image store", read_error=fault)

    async def _call(
        self,
        endpoint: Endpoint[..., Any],
        *args: Any,
        seconds: float | None = None,
        accept: Container[int] = (),
        retry: bool = True,
        **kwargs: Any,
    ) -> Response:
        """Call an endpoint.

        Args:
            endpoint: The generated module.
            *args: Its arguments.
            seconds: What the server may take for the work, whatever the client's deadline; by default a little less
                than we wait for an answer.
            accept: Statuses of 400 or more that are returned.
            retry: Whether the client's retries apply.
            **kwargs: More of the endpoint's arguments.
        """
        granted = self._granted(seconds)
        wait = granted + self._margin(granted)

        async def build() -> Request:
            request = await self._built(endpoint, *args, timeout=granted, **kwargs)
            if seconds is not None:
                self._io.deadline_of(request, at_least=wait)
            return request

        send = partial(self._exchange, accept=accept, retry=retry, read_timeout=wait)
        auth = self._login.auth
        if "body" in kwargs and getattr(auth, "primes", False):
            from imageapis.core.warm_up import send_on_warm_connection

            return await send_on_warm_connection(build, send, self._warm_up, suspends=self._io.suspends)
        try:
            return await send(await build())
        except Forbidden as refused:
            # A gateway says 403, not 401, of a token that it does not take, and says nothing else.
            from imageapis.core.tokens import FixedToken, TokenAuth

            if refused.code is not None or not isinstance(auth, TokenAuth) or isinstance(auth, FixedToken):
                raise
            auth.drop(await auth.token(self._io))
            return await send(await build())

    async def _done(self, endpoint: Endpoint[..., None], *args: Any, **kwargs: Any) -> None:
        """Call an endpoint that only says that something was done. Takes what `_call` takes.

        Raises:
            UnexpectedReply: Whoever answered did not say so in the way of the document.
        """
        response = await self._call(endpoint, *args, **kwargs)
        if response.status_code < 400:
            value_of(endpoint, response)

    async def _warm_up(self) -> None:
        """Open a connection with a small request, during which the server may ask for our certificate."""
        unknown = str(uuid.uuid4())
        # A gateway without upload sessions answers 400, which serves as well.
        await self._exchange(
            await self._built(endpoints.get_image_store_upload_session_by_id, session_id=unknown), accept=(400,)
        )

    async def _answer(self, endpoint: Endpoint[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Call an endpoint and return what its answer says; `timeout` is what the server may take for the work."""
        given: dict[str, Any] = dict(kwargs)
        seconds = given.pop("timeout", None)
        return value_of(endpoint, await self._call(endpoint, *args, seconds=seconds, **given))

    def _granted(self, seconds: float | None) -> int:
        """Return whole seconds for the server's `timeout`."""
        if seconds is not None:
            number_of_seconds("timeout", seconds)
            if not 0 < seconds <= SERVER_LONGEST:
                raise InvalidArgument(f"timeout is more than 0 and at most {SERVER_LONGEST} seconds, not {seconds}")
            return max(1, round(seconds))
        waits = min(self._http.timeout.read or math.inf, self._told_deadline or math.inf)
        if waits == math.inf:
            return SERVER_DEFAULT
        return max(1, min(SERVER_LONGEST, int(waits - self._margin(waits))))

    @staticmethod
    def _margin(seconds: float) -> float:
        return min(MARGIN, seconds / 2)
