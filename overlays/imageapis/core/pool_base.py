"""Which connections of a pool are open, which of them idle, and which a request gets. `connection_pool` uses them."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, ClassVar

import httpcore

from imageapis.core.body import Body
from imageapis.core.fast_path import is_unpatched
from imageapis.core.replay_stream import ReplayStream

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    import httpx

    from imageapis.core.sendfile import FileRange

#: On a request that was sent already: the connection over which to go on with it.
SENT = "imageapis_sent"
#: Seconds between two looks for idle connections that nobody wants any more.
SWEEP = 1.0

#: What httpcore keeps of a connection's end and tells nobody.
END, PATIENCE = "_expire_at", "_keepalive_expiry"

Address = tuple[bytes, bytes, int | None]


class PoolBase:
    """The connections that are open, and those of them that are idle: the one used last is taken first."""

    #: The method of the pool that takes requests.
    send_method: ClassVar[str]

    def __init__(self, pool: Any, most: int) -> None:
        self._pool = pool
        self._most = most
        #: With the stream of each that has shown that it speaks HTTP/1.1 there.
        self._open: dict[Any, Any] = {}
        self._idle: dict[Address, list[Any]] = {}
        self._lock = threading.Lock()
        self._swept = time.monotonic()

    def acquire(self, request: httpcore.Request) -> tuple[Any, list[Any]]:
        """Return a connection for this request alone, `None` if too many are open, and those that are to be closed."""
        with self._lock:
            useless = self._sweep()
            if self._is_patched():
                return None, useless
            idle = self._idle.get(address(request), [])
            while idle:
                connection = idle.pop()
                if connection.is_idle() and not connection.has_expired():
                    return connection, useless
                self._open.pop(connection, None)
                useless.append(connection)
            if len(self._open) >= self._most:
                return None, useless
            connection = self._pool.create_connection(request.url.origin)
            self._open[connection] = None
            return connection, useless

    def _is_patched(self) -> bool:
        """Say whether somebody took httpcore's place at its pool, as vcrpy and respx do: they are to see everything."""
        return not is_unpatched("httpcore.", self._pool, (self.send_method,))

    def acquire_idle(self, place: Address) -> tuple[tuple[Any, Any] | None, list[Any]]:
        """Return a connection that can be used at once without httpcore, with its stream, and those to be closed."""
        with self._lock:
            if self._is_patched():
                return None, []
            useless = self._sweep()
            if idle := self._idle.get(place):
                connection = idle[-1]
                stream = self._open.get(connection)
                if stream is not None and connection.is_idle() and not connection.has_expired():
                    idle.pop()
                    return (connection, stream), useless
            return None, useless

    def remember_stream(self, connection: Any, response: httpcore.Response) -> None:
        """Remember the stream of a connection, if it is one that `acquire_idle` can return."""
        stream = response.extensions.get("network_stream")
        plain = isinstance(stream, ReplayStream) and response.extensions.get("http_version") == b"HTTP/1.1"
        within = getattr(connection, "_connection", None)
        # A httpcore that is built otherwise gets all requests itself.
        plain = plain and hasattr(within, END) and hasattr(within, PATIENCE)
        if plain and self._is_direct():
            with self._lock:
                if connection in self._open:
                    self._open[connection] = stream

    def give_file(self, request: httpcore.Request, connection: Any) -> FileRange | None:
        """Let the file that is a request's body go past httpcore, if it can, and return it to be looked at afterwards.

        Args:
            request: The request; its body is put in another form.
            connection: Over which it is going to be sent.
        """
        body = request.stream
        if not isinstance(body, Body) or body.file is None or not self._is_direct():
            return None
        timeout = request.extensions.get("timeout", {}).get("write")
        request.stream = _FileBody(body, body.file, connection, timeout)
        return body.file

    def _is_direct(self) -> bool:
        """Say whether nothing but TLS can lie between a connection's stream and its socket: no proxy's TLS as well."""
        return type(self._pool) in (httpcore.ConnectionPool, httpcore.AsyncConnectionPool)

    def touch(self, connection: Any) -> None:
        """Let an idle connection live on from now: httpcore does not know that it was used."""
        within = connection._connection  # noqa: SLF001 - httpcore has no way to tell it
        if (patience := getattr(within, PATIENCE)) is not None:
            setattr(within, END, time.monotonic() + patience)

    def _sweep(self) -> list[Any]:
        """Let go of idle connections that have expired, or that the server has closed, and return them."""
        now = time.monotonic()
        if now - self._swept < SWEEP:
            return []
        self._swept = now
        useless = [each for idle in self._idle.values() for each in idle if each.has_expired()]
        if useless:
            for each in useless:
                self._open.pop(each, None)
            self._idle = {
                address: kept for address, idle in self._idle.items() if (kept := [e for e in idle if e in self._open])
            }
        return useless

    def release(self, place: Address, connection: Any) -> bool:
        """Take a connection back, or say that it cannot be used again."""
        with self._lock:
            stream = self._open.get(connection)
            # To httpcore it is idle as well where it never went on with a request that was sent already, where more
            # came than one answer, and where half a request was answered: the next one would be mixed up with that.
            stale = (stream is not None and (stream.pending or stream.torn)) or _has_more(connection)
            if connection in self._open and not stale and connection.is_idle() and not connection.is_closed():
                self._idle.setdefault(place, []).append(connection)
                return True
            self._open.pop(connection, None)
            return False

    def discard(self, connection: Any) -> None:
        """Forget a connection that is going to be closed."""
        with self._lock:
            self._open.pop(connection, None)

    def acquire_sent(self, request: httpcore.Request) -> Any:
        """Return the connection over which a request was sent already, or `None`."""
        connection = request.extensions.pop(SENT, None)
        if connection is not None and connection not in self._open:
            raise httpcore.ReadError("the client was closed meanwhile")
        return connection

    def release_all(self) -> list[Any]:
        """Forget all connections and return them."""
        with self._lock:
            found = list(self._open)
            self._open.clear()
            self._idle.clear()
            return found


class _FileBody:
    """A file as httpcore's body: its parts are sent when httpcore asks for them, and what it gets goes nowhere.

    So the first request on a connection, which only httpcore can open, costs as little as the others do.

    Args:
        body: What it is otherwise.
        file: Its file.
        connection: Over which it goes; it stands when httpcore asks for the first part.
        timeout: Seconds of a write.
    """

    def __init__(self, body: Body, file: FileRange, connection: Any, timeout: float | None) -> None:
        self._body = body
        self._file = file
        self._connection = connection
        self._timeout = timeout

    def __iter__(self) -> Iterator[bytes]:
        stream = self._stream()
        return iter(self._body) if stream is None else stream.send_file(self._body, self._file, self._timeout)

    def __aiter__(self) -> AsyncIterator[bytes]:
        stream = self._stream()
        return aiter(self._body) if stream is None else stream.send_file(self._body, self._file, self._timeout)

    def _stream(self) -> Any:
        """Return the connection's stream, or `None` where a httpcore that is built otherwise hides it."""
        stream = getattr(getattr(self._connection, "_connection", None), "_network_stream", None)
        return stream if isinstance(stream, ReplayStream) else None


def _has_more(connection: Any) -> bool:
    """Say whether h11 has received something after the answer."""
    state = getattr(getattr(connection, "_connection", None), "_h11_state", None)
    return state is not None and bool(state.trailing_data[0])


def address(request: httpcore.Request) -> Address:
    """Return where httpcore sends a request."""
    url = request.url
    return url.scheme, url.host, url.port


def address_of(request: httpx.Request) -> Address:
    """Return the same of httpx's kind of request."""
    url = request.url
    return url.raw_scheme, url.raw_host, url.port
