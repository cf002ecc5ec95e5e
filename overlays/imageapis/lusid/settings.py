"""Where a login's settings come from: arguments, then the environment, then a secrets file. Read here, used in `auth`.

The keys are those of FINBOURNE's own SDKs, also the older ones, so that what is set up for them works here.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, TypedDict

import attrs

from imageapis.core.addresses import shown
from imageapis.core.decoding import MISSHAPEN
from imageapis.core.secrets import checked_text, read_file, read_json
from imageapis.errors import LoginError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: The sources, first wins. There is no other rule.
SOURCES = ("arguments", "environment", "file")


class Arguments(TypedDict, total=False):
    """The settings that `from_env`, `secrets_file` and `explain` take as arguments; each beats the other sources."""

    scheduler_url: str | None
    token_url: str | None
    username: str | None
    password: str | None
    client_id: str | None
    client_secret: str | None
    access_token: str | None
    access_token_file: str | None
    application_name: str | None
    correlation_id: str | None
    ca: str | None
    proxy: str | None
    proxy_username: str | None
    proxy_password: str | None


@attrs.frozen
class _Key:
    """A setting's names: its own, in the environment, and in the file's section `api` (or another: `section/key`)."""

    name: str
    environment: tuple[str, ...]
    file: tuple[str, ...] = ()
    secret: bool = False


_KEYS = (
    _Key(
        "scheduler_url",
        ("FBN_SCHEDULER_URL", "FBN_LUSID_SCHEDULER_API_URL", "FBN_SCHEDULER_API_URL"),
        ("schedulerUrl", "lusid_schedulerUrl"),
    ),
    _Key("base_url", ("FBN_BASE_URL",), ("baseUrl",)),
    _Key("api_url", (), ("apiUrl",)),
    _Key("token_url", ("FBN_TOKEN_URL",), ("tokenUrl",)),
    _Key("username", ("FBN_USERNAME",), ("username",)),
    _Key("password", ("FBN_PASSWORD",), ("password",), secret=True),
    _Key("client_id", ("FBN_CLIENT_ID",), ("clientId",)),
    _Key("client_secret", ("FBN_CLIENT_SECRET",), ("clientSecret",), secret=True),
    _Key("access_token", ("FBN_ACCESS_TOKEN",), ("accessToken",), secret=True),
    _Key("access_token_file", ("FBN_ACCESS_TOKEN_FILE",)),
    _Key("application_name", ("FBN_APP_NAME",), ("applicationName",)),
    _Key("correlation_id", ("FBN_CORRELATION_ID",)),
    # Named "client certificate" by the SDKs, it is the authority that the server's certificate is checked against.
    _Key("ca", ("FBN_CLIENT_CERTIFICATE",), ("clientCertificate",)),
    _Key("proxy", ("FBN_PROXY_ADDRESS",), ("proxy/address",)),
    _Key("proxy_port", ("FBN_PROXY_PORT",), ("proxy/port",)),
    _Key("proxy_username", ("FBN_PROXY_USERNAME",), ("proxy/username",)),
    _Key("proxy_password", ("FBN_PROXY_PASSWORD",), ("proxy/password",), secret=True),
    _Key("total_timeout_ms", ("FBN_TOTAL_TIMEOUT_MS",), ("totalTimeoutMs",)),
    _Key("connect_timeout_ms", ("FBN_CONNECT_TIMEOUT_MS",), ("connectTimeoutMs",)),
    _Key("read_timeout_ms", ("FBN_READ_TIMEOUT_MS",), ("readTimeoutMs",)),
    _Key("write_timeout_ms", ("FBN_WRITE_TIMEOUT_MS",), ("writeTimeoutMs",)),
    _Key("rate_limit_retries", ("FBN_RATE_LIMIT_RETRIES",), ("rateLimitRetries",)),
)
SECRETS = frozenset(key.name for key in _KEYS if key.secret)
_ADDRESSES = frozenset({"scheduler_url", "base_url", "api_url", "token_url", "proxy"})


@attrs.frozen
class Setting:
    """One setting and where it came from.

    Attributes:
        name: Its name here.
        value: What was given; left out of `repr`. `explain` has what `shown` has in its place.
        source: `arguments`, `environment` or `file`.
        key: Its name in that source.
        hidden: The sources further down that give it too, and are not heard.
    """

    name: str
    value: str = attrs.field(repr=False)
    source: str
    key: str
    hidden: tuple[str, ...] = ()

    @property
    def rank(self) -> int:
        """The place of its source in the order of precedence."""
        return SOURCES.index(self.source)

    @property
    def shown(self) -> str:
        """The value, or asterisks in place of a secret."""
        if self.name in SECRETS:
            return "***"
        return shown(self.value) if self.name in _ADDRESSES else self.value


@attrs.frozen
class Explanation:
    """Which source gave which setting. As text it is a table without secrets.

    Attributes:
        settings: Each setting that is given.
        login: The kind of login that they come to: `access token file`, `access token` or `password`; `None` if none.
        missing: What that login still needs.
    """

    settings: tuple[Setting, ...]
    login: str | None
    missing: tuple[str, ...]

    def __str__(self) -> str:
        lines = [f"{'setting':20} {'value':40} source"]
        for it in self.settings:
            hides = f", hides {' and '.join(it.hidden)}" if it.hidden else ""
            lines.append(f"{it.name:20} {it.shown:40} {it.source} ({it.key}{hides})")
        lines.append(f"It logs in by {self.login}." if self.login else "There is no login.")
        if self.missing:
            lines.append(f"missing: {', '.join(self.missing)}")
        return "\n".join(lines)


def gather(path: str | os.PathLike[str] | None, environment: bool, arguments: Mapping[str, Any]) -> dict[str, Setting]:
    """Return every setting that any source gives.

    Args:
        path: The secrets file, if there is one to read.
        environment: Whether the environment is asked.
        arguments: What the caller says.

    Raises:
        LoginError: The file cannot be read.
        TypeError: There is no setting of that name.
    """
    if unknown := set(arguments) - set(Arguments.__annotations__):
        raise TypeError(f"there is no setting {', '.join(sorted(unknown))}; there are {', '.join(_argument_names())}")
    environ = os.environ if environment else {}
    profile = environ.get("FBN_PROFILE", "").strip()
    contents = {} if path is None else _read(path, profile)
    found: dict[str, Setting] = {}
    for key in _KEYS:
        given = list(_given(key, arguments, environ, contents))
        if given:
            source, name, value = given[0]
            hidden = tuple(dict.fromkeys(other for other, _, _ in given[1:] if other != source))
            found[key.name] = Setting(key.name, value, source, name, hidden)
    return found


def _argument_names() -> list[str]:
    return sorted(Arguments.__annotations__)


def _given(
    key: _Key, arguments: Mapping[str, Any], environ: Mapping[str, str], contents: Mapping[str, Any]
) -> Iterator[tuple[str, str, str]]:
    """Yield source, name and value of each place that gives a setting; an empty text gives nothing."""
    places: tuple[tuple[str, Mapping[str, Any], tuple[str, ...]], ...] = (
        ("arguments", arguments, (key.name,)),
        ("environment", environ, key.environment),
        ("file", contents, key.file),
    )
    for source, values, names in places:
        for name in names:
            value = values.get(name)
            if isinstance(value, (dict, list)):
                raise LoginError(f"The setting {name} ({source}) is one text, not {type(value).__name__}.")
            text = "" if value is None else checked_text(str(value), f"The setting {name} ({source})").strip()
            if text:
                yield source, name, text


def _read(path: str | os.PathLike[str], profile: str) -> dict[str, Any]:
    """Return the settings of a secrets file by their keys: of `api`, of `proxy`, and of the chosen profile."""
    contents = read_json(read_file(path, "The secrets file"), f"The secrets file {path}")
    flat: dict[str, Any] | None = None
    wanted, lacking = profile, False
    try:
        flat = dict(contents.get("api") or {})
        flat |= {f"proxy/{key}": value for key, value in (contents.get("proxy") or {}).items()}
        wanted = profile or contents.get("profileName") or ""
        profiles = contents.get("profiles") or {}
        lacking = bool(wanted) and wanted not in profiles
        if wanted and not lacking:
            flat |= profiles[wanted]
    except MISSHAPEN:
        flat = None  # the error may quote the file
    if flat is None:
        raise LoginError(f'The secrets file {path} is not JSON of the form {{"api": {{...}}}}.')
    if lacking:
        raise LoginError(f"The secrets file {path} has no profile {wanted!r}. Set FBN_PROFILE to one it has.")
    return flat
