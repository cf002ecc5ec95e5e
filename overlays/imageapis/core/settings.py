"""What the constructor of a client takes: the defaults, the checks, and what httpx makes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import httpx

from imageapis.core.arguments import functions, mapping, seconds, whole_number
from imageapis.core.concurrency import MOST
from imageapis.errors import InvalidArgument, LoginError

if TYPE_CHECKING:
    from imageapis.core.login import Login

C = TypeVar("C", bound=httpx.Client | httpx.AsyncClient)

#: `request` is called with the request, `response` with the answer, `failure` with the request and the error.
Hooks = Mapping[str, Iterable[Callable[..., Any]]]

#: Seconds for one try when neither the client nor the login says otherwise.
TIMEOUT = 60.0
RETRIES = 3
#: Seconds for all tries of one request, likewise.
DEADLINE = 300.0
#: Bytes that the body of an answer may come to. Read as JSON it takes several times as much memory.
MAX_RESPONSE_SIZE = 32 << 20
#: Ways to compress answers that are undone here, block by block (`core.response_body`).
ENCODINGS = "gzip, deflate"


def asks_only(encodings: str) -> bool:
    """Say whether an `Accept-Encoding` asks for no other way to compress than those that are undone here."""
    asked = {name.partition(";")[0].strip().lower() for name in encodings.split(",")}
    return asked <= {*ENCODINGS.split(", "), "identity"}


def check_numbers(
    *, timeout: float | httpx.Timeout | None, retries: int | None, deadline: float | None, max_response_size: int
) -> None:
    """Refuse what is no number of its kind: compared with NaN, no time is ever over and no count ever reached.

    Raises:
        InvalidArgument: One of them is none.
    """
    parts = timeout.as_dict() if isinstance(timeout, httpx.Timeout) else {"timeout": timeout}
    for name, value in {**parts, "deadline": deadline}.items():
        if value is not None:
            seconds(name, value)
    if retries is not None:
        whole_number("retries", retries, 0)
    whole_number("max_response_size", max_response_size, 1)


def deadline_of(told: float | None, login: Login) -> float | None:
    """Return the seconds for all tries of a request, or `None` for no end."""
    seconds = login.deadline if told is None else told
    if seconds is None:
        return DEADLINE
    return None if seconds == float("inf") else seconds


def checked_hooks(hooks: Hooks | None) -> dict[str, tuple[Callable[..., Any], ...]]:
    """Return the functions to call with each request, each answer, and each failure to get one.

    Raises:
        InvalidArgument: There is a hook for something else.
    """
    given = {
        name: functions(f"hooks[{name!r}]", members)
        for name, members in mapping("hooks", {} if hooks is None else hooks).items()
    }
    none: dict[str, tuple[Callable[..., Any], ...]] = {"request": (), "response": (), "failure": ()}
    if unknown := given.keys() - none.keys():
        raise InvalidArgument(f"hooks takes {', '.join(map(repr, none))}, not {', '.join(sorted(map(str, unknown)))}")
    return none | given


def http_settings(login: Login, timeout: float | httpx.Timeout, concurrency: int | None) -> dict[str, Any]:
    """Return the arguments of an httpx client of our own."""
    at_a_time = MOST if concurrency is None else concurrency
    settings: dict[str, Any] = {
        "timeout": timeout
        if isinstance(timeout, httpx.Timeout)
        else httpx.Timeout(timeout, connect=min(timeout, 10.0)),
        "limits": httpx.Limits(
            max_connections=max(100, 2 * at_a_time), max_keepalive_connections=max(20, 2 * at_a_time)
        ),
        "follow_redirects": False,
        "headers": {"Accept-Encoding": ENCODINGS},
    }
    if login.verify is not None:
        settings["verify"] = login.verify()
    if login.proxy is not None:
        settings["proxy"] = login.proxy.reveal()
    return settings


def proxies(own: str | None) -> list[str]:
    """Return the addresses of proxies that requests may go through: the login's own, or all of the environment."""
    if own is not None:
        return [own]
    from urllib.request import getproxies

    found = getproxies()
    return [found[scheme] for scheme in ("http", "https", "all") if found.get(scheme)]


class _Cookies(httpx.Cookies):
    """Cookies as httpx keeps them; but its search of each answer for one costs a tenth of a small request."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Keep the cookies of an answer, if it sets any."""
        if "set-cookie" in response.headers:
            super().extract_cookies(response)


def _check_port(address: str) -> None:
    """Refuse a proxy at a port that is none: sockets would, by errors of all kinds.

    Raises:
        ValueError: It is at one.
    """
    port = httpx.URL(address if "://" in address else f"http://{address}").port
    if port is not None and not 0 < port < 65_536:
        raise ValueError("no port")


def open_http(kind: type[C], settings: dict[str, Any]) -> C:
    """Return an httpx client of our own.

    Raises:
        LoginError: It takes none of the proxies that the login or the environment names.
    """
    try:
        for address in proxies(settings.get("proxy")):
            _check_port(address)
        client = kind(**settings)
    except (ValueError, ImportError, httpx.InvalidURL):
        pass  # what it says may hold the proxy's password
    else:
        # Only now: httpcore, which httpx loads with its first client, takes longer to import than all of ours.
        from imageapis.core.connection_pool import use_own_pools
        from imageapis.core.network import keep_deadlines

        client._cookies = _Cookies()  # noqa: SLF001 - httpx makes its own of whatever it is given
        keep_deadlines(client)
        use_own_pools(client, settings["limits"].max_keepalive_connections)
        return client
    raise LoginError(
        "A proxy's address cannot be used: of the login, or of HTTP_PROXY, HTTPS_PROXY or ALL_PROXY. It begins with "
        "http:// or https://; for socks5:// install httpx[socks]."
    )
