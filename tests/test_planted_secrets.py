"""A secret that is planted in any entry of any service shows on no surface, whatever goes wrong.

Entries: arguments, variables, files, addresses. Surfaces: repr, text and traceback of errors and all that led to them,
log lines at DEBUG, pickles, journals. The server answers every request with a refusal that repeats all of it.
"""

from __future__ import annotations

import json
import logging
import os
import pickle
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from imageapis import lusid, openstack, servicefabric
from imageapis.errors import ImageApiError
from imageapis.testing.server import LocalServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from imageapis.testing.asgi import Receive, Scope, Send
    from tests.conftest import Face

MARK = "PLANTED"
TOKEN = "PLANTED-token.of+letters/and=signs"
PASSWORD = "PLANTED pässword/with&all=signs+%"
#: What no header can carry.
TORN = "PLANTED-token\nX-More: PLANTED"

Entry: TypeAlias = Callable[[str, Path], Any]


class Echo(LocalServer):
    """Refuses every request and repeats it, in the words of each service's errors."""

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        said = b" ".join([scope["raw_path"], *(b": ".join(pair) for pair in scope["headers"]), body]).decode("latin-1")
        if scope["path"].endswith("/auth/tokens"):
            told: Any = {"error": {"code": 400, "title": "Bad", "message": body.decode()}}
        elif scope["path"].endswith("/oauth"):
            told = {"error": "invalid_request", "error_description": body.decode()}
        elif "images" in scope["path"] and "scheduler" not in scope["path"]:
            told = {"badRequest": {"code": 400, "message": said}}
        else:
            told = {"Error": {"Code": "E_FAIL", "Message": said}, "name": said, "title": said, "detail": said}
        text = json.dumps(told).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(text)).encode())]
        await send({"type": "http.response.start", "status": 400, "headers": headers})
        await send({"type": "http.response.body", "body": text})


@pytest.fixture(scope="module")
def echo() -> Iterator[Echo]:
    with Echo() as server:
        yield server


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith(("OS_", "FBN_"))]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def _inside(url: str) -> str:
    return url.replace("://", f"://me:{MARK}@")


def _file(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


# --- Service Fabric -------------------------------------------------------------------------------------------------


def _sfctl(url: str, folder: Path, more: str) -> Any:
    aad = "security = aad\nauthority_uri = https://login.example/t\naad_resource = r\naad_client = c\n"
    text = f"[servicefabric]\nendpoint = {url}\n{aad}{more}\n"
    return servicefabric.auth.from_sfctl(_file(folder / "sfctl", text))


def _pem(url: str, folder: Path) -> Any:
    key = _file(folder / "key.pem", f"-----BEGIN PRIVATE KEY-----\n{MARK}\n-----END PRIVATE KEY-----\n")
    return servicefabric.auth.client_certificate(
        url.replace("http://", "https://"), certificate=key, password=PASSWORD, key=key
    )


class _Credential:
    def get_token(self, *scopes: str) -> Any:
        raise RuntimeError(f"client_secret={PASSWORD}")


def _proxied(proxy: str) -> Entry:
    """Return an entry whose client is made while the environment names a proxy."""

    def entry(url: str, _: Path) -> Any:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("HTTP_PROXY", proxy)
            servicefabric.ImageStore(servicefabric.auth.unsecured(url)).close()

    return entry


CLUSTER: dict[str, Entry] = {
    "a proxy of another kind": _proxied(f"ftp://me:{MARK}@proxy"),
    "bearer": lambda url, _: servicefabric.auth.bearer(url, TOKEN),
    "bearer, torn": lambda url, _: servicefabric.auth.bearer(url, TORN),
    "bearer, the arguments swapped": lambda url, _: servicefabric.auth.bearer(TOKEN, url),
    "endpoint": lambda url, _: servicefabric.auth.unsecured(_inside(url)),
    "endpoint without a scheme": lambda url, _: servicefabric.auth.unsecured(f"me:{MARK}@host:19080"),
    "azure_ad": lambda url, _: servicefabric.auth.azure_ad(url, _Credential(), application="cluster"),
    "certificate": _pem,
    "sfctl": lambda url, folder: _sfctl(url, folder, "aad_token = " + json.dumps({"accessToken": TOKEN})),
    "sfctl, torn": lambda url, folder: _sfctl(url, folder, f"aad_token = {{\n{MARK}"),
    "sfctl, half of it": lambda url, folder: _sfctl(url, folder, f'aad_token = {{"accessToken": "{MARK}'),
    "sfctl, an address": lambda url, folder: _sfctl(_inside(url), folder, "aad_token = {}"),
}

# --- LUSID ----------------------------------------------------------------------------------------------------------

ACCOUNT = {"username": "me", "password": PASSWORD, "client_id": "id", "client_secret": PASSWORD[::-1] + MARK}


def _oauth(url: str, **changes: Any) -> Any:
    settings = {"scheduler_url": f"{url}/scheduler2", "token_url": f"{url}/oauth", **ACCOUNT, **changes}
    return lusid.auth.password(**settings)


def _personal(url: str, **changes: Any) -> Any:
    settings = {"scheduler_url": f"{url}/scheduler2", "access_token": TOKEN, **changes}
    return lusid.auth.personal_access_token(**settings)


def _secrets_json(url: str, folder: Path, text: str) -> Any:
    return lusid.auth.secrets_file(_file(folder / "secrets.json", text))


def _token_file(url: str, folder: Path, text: str) -> Any:
    file = _file(folder / "token", text)
    return lusid.auth.from_env(scheduler_url=f"{url}/scheduler2", access_token_file=str(file))


def _explained(url: str, folder: Path) -> Any:
    told = lusid.auth.explain(token_url=_inside(url), proxy=f"me:{MARK}@proxy", **ACCOUNT)
    return [str(told), repr(told), pickle.dumps(told), *(repr(it) for it in told.settings)]


SCHEDULER: dict[str, Entry] = {
    "password": lambda url, _: _oauth(url),
    "password, half a character": lambda url, _: _oauth(url, password=f"{MARK}\udc80"),
    "personal_access_token": lambda url, _: _personal(url),
    "personal_access_token, torn": lambda url, _: _personal(url, access_token=TORN),
    "scheduler_url": lambda url, _: _personal(_inside(url)),
    "token_url": lambda url, _: _oauth(url, token_url=_inside(url)),
    "token_url without a scheme": lambda url, _: _oauth(url, token_url=f"me:{MARK}@host/oauth"),
    "proxy": lambda url, _: _personal(url, proxy=_inside(url)),
    "proxy of another kind": lambda url, _: _personal(url, proxy=f"ftp://me:{MARK}@proxy"),
    "proxy_password": lambda url, _: _personal(url, proxy=url, proxy_username="me", proxy_password=PASSWORD),
    "token file": lambda url, folder: _token_file(url, folder, f"{TOKEN}\n"),
    "token file, torn": lambda url, folder: _token_file(url, folder, TORN),
    "secrets.json, torn": lambda url, folder: _secrets_json(url, folder, f'{{"api": {{"password": "{MARK}'),
    "secrets.json of another shape": lambda url, folder: _secrets_json(url, folder, f'{{"api": "{MARK}"}}'),
    "secrets.json with a list": lambda url, folder: _secrets_json(
        url, folder, f'{{"api": {{"password": ["{MARK}"]}}}}'
    ),
    "explain": _explained,
}

# --- OpenStack ------------------------------------------------------------------------------------------------------

USER = {"username": "me", "user_domain_id": "default", "project_id": "1"}


def _keystone(url: str, **changes: Any) -> Any:
    settings = {"auth_url": f"{url}/v3", "password": PASSWORD, **USER, **changes}
    return openstack.auth.password(**settings)


def _cloud(url: str, folder: Path, text: str) -> Any:
    _file(folder / "clouds.yaml", text)
    return openstack.auth.cloud()


def _environment(url: str, folder: Path, **values: str) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        named = {"AUTH_URL": f"{url}/v3", "PASSWORD": PASSWORD, "USER_ID": "1", "PROJECT_ID": "1", **values}
        for name, value in named.items():
            patch.setenv(f"OS_{name}", value)
        return openstack.auth.from_env()


class _Plugin:
    def get_endpoint(self, *_: Any, **__: Any) -> str:
        return f"http://me:{MARK}@nova.example"

    def get_headers(self, session: Any) -> dict[str, str]:
        return {"X-Auth-Token": TOKEN}


class _TornPlugin(_Plugin):
    def get_headers(self, session: Any) -> dict[str, str]:
        return {"X-Auth-Token": TORN}


class _TalkingPlugin(_Plugin):
    def get_headers(self, session: Any) -> dict[str, str]:
        raise RuntimeError(f"no header: {TORN!r}")


CLOUD: dict[str, Entry] = {
    "password": lambda url, _: _keystone(url),
    "password of another type": lambda url, _: _keystone(url, password={"a": MARK}),
    "application_credential": lambda url, _: openstack.auth.application_credential(
        auth_url=f"{url}/v3", application_credential_id="1", application_credential_secret=PASSWORD
    ),
    "token": lambda url, _: openstack.auth.token(auth_url=f"{url}/v3", token=TOKEN, project_id="1"),
    "token, torn": lambda url, _: openstack.auth.token(auth_url=f"{url}/v3", token=TORN, project_id="1"),
    "auth_url": lambda url, _: _keystone(_inside(url)),
    "auth_url without a scheme": lambda url, _: _keystone(f"me:{MARK}@host"),
    "compute_endpoint_override": lambda url, _: _keystone(url, compute_endpoint_override=_inside(url)),
    "clouds.yaml, torn": lambda url, folder: _cloud(url, folder, f"clouds: {{a: {{auth: {{password: [{MARK}"),
    "clouds.yaml of another shape": lambda url, folder: _cloud(url, folder, f"clouds: {{a: {MARK}}}"),
    "clouds.yaml with a list": lambda url, folder: _cloud(
        url, folder, f"clouds: {{a: {{auth: {{auth_url: '{url}', password: [{MARK}]}}}}}}"
    ),
    "OS_PASSWORD": _environment,
    "OS_AUTH_URL": lambda url, folder: _environment(url, folder, AUTH_URL=_inside(url)),
    "OS_TOKEN, torn": lambda url, folder: _environment(url, folder, TOKEN=TORN, AUTH_TYPE="token"),
    "keystoneauth": lambda url, _: openstack.auth.keystoneauth(_Plugin()),
    "keystoneauth, torn": lambda url, _: openstack.auth.keystoneauth(_TornPlugin(), compute_endpoint_override=url),
    "keystoneauth, talking": lambda url, _: openstack.auth.keystoneauth(_TalkingPlugin()),
}

# --- what is done with a login, and what shows ------------------------------------------------------------------------

SERVICES: dict[str, tuple[type, type, Callable[[Any, Path], Any]]] = {
    "servicefabric": (
        servicefabric.ImageStore,
        servicefabric.AsyncImageStore,
        lambda store, folder: store.upload_file(_file(folder / "x", "x" * 99), "x", journal=folder / "journal"),
    ),
    "lusid": (lusid.SchedulerImages, lusid.AsyncSchedulerImages, lambda images, _: images.image("a:1")),
    "openstack": (openstack.ComputeImages, openstack.AsyncComputeImages, lambda images, _: images.image("x")),
}
ENTRIES = [
    pytest.param(service, entry, id=f"{service}: {name}")
    for service, entries in (("servicefabric", CLUSTER), ("lusid", SCHEDULER), ("openstack", CLOUD))
    for name, entry in entries.items()
]


def _of_error(failure: BaseException) -> Iterator[Any]:
    """Yield all that an error tells, and what the errors behind it hold, shown or not."""
    yield from traceback.format_exception(failure)
    yield pickle.dumps(failure)
    seen: set[int] = set()
    todo: list[BaseException | None] = [failure]
    while todo:
        one = todo.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield from (str(one), repr(one), repr(one.args), repr(vars(one)))
        # What codecs and readers of JSON keep of their input.
        yield from (repr(getattr(one, name, None)) for name in ("object", "doc"))
        todo += [one.__cause__, one.__context__]


@pytest.mark.parametrize(("service", "entry"), ENTRIES)
def test_a_planted_secret_shows_nowhere(
    face: Face, echo: Echo, tmp_path: Path, caplog: pytest.LogCaptureFixture, service: str, entry: Entry
) -> None:
    blocking, nonblocking, use = SERVICES[service]
    shown: list[Any] = []
    with caplog.at_level(logging.DEBUG):
        try:
            login = entry(echo.url, tmp_path)
            if isinstance(login, list):
                shown += login
            else:
                shown += [repr(login), repr(login.auth), str(login)]
                client = face.open(blocking, nonblocking, login, retries=0)
                shown.append(repr(client.client))
                use(client, tmp_path)
                pytest.fail("the server refuses everything")
        except ImageApiError as failure:
            shown += _of_error(failure)
    shown += [record.getMessage() for record in caplog.records]
    shown += [path.read_bytes() for path in tmp_path.glob("journal*")]
    mark = MARK.encode()
    texts = [it if isinstance(it, bytes) else it.encode("utf-8", "replace") for it in shown]
    assert [text for text in texts if mark in text] == []
