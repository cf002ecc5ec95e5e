"""Any keystoneauth1 plugin as a login: its headers, its endpoint, its failures; never on the event loop."""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from imageapis.core.faces import run_blocking
from imageapis.core.work import BlockingWork
from imageapis.errors import ConnectionFailed, Forbidden, LoginError, UnexpectedReply
from imageapis.openstack import AsyncComputeImages, ComputeImages, auth
from imageapis.testing.openstack import PASSWORD, OpenStackServer, identifier

if TYPE_CHECKING:
    from tests.conftest import Face

pytest.importorskip("keystoneauth1")


def plugin(cloud: OpenStackServer, **changes: Any) -> Any:
    from keystoneauth1.identity import v3

    named = {
        "auth_url": cloud.auth_url,
        "username": "demo",
        "password": PASSWORD,
        "user_domain_name": "Default",
        "project_name": "demo",
        "project_domain_name": "Default",
    }
    return v3.Password(**{**named, **changes})


def test_a_plugin_logs_in_off_the_event_loop(face: Face, cloud: OpenStackServer, open_images: Any) -> None:
    stored, made = cloud.add("seen"), plugin(cloud)
    threads = []
    real = made.get_headers

    def watch(session: Any) -> Any:
        threads.append(threading.current_thread())
        return real(session)

    made.get_headers = watch
    images = open_images(auth.keystoneauth(made, region_name="RegionOne"))
    assert [image.id for image in face.items(images.list())] == [stored.id]
    loop = threading.current_thread() if face.blocking else face.run(threading.current_thread)
    assert [thread is loop for thread in threads] == [face.blocking]


def test_a_plugin_is_asked_again_once_when_its_token_is_refused(cloud: OpenStackServer, open_images: Any) -> None:
    stored = cloud.add("seen")
    images = open_images(auth.keystoneauth(plugin(cloud), region_name="RegionOne"))
    images.image(stored.id)
    cloud.identity.revoke_all()
    assert images.image(stored.id).name == "seen"
    assert cloud.identity.logins == 2


def test_region_and_interface_choose_the_plugins_endpoint(face: Face, cloud: OpenStackServer, open_images: Any) -> None:
    images = open_images(auth.keystoneauth(plugin(cloud), region_name="RegionTwo", interface=["internal", "public"]))
    face.items(images.list())
    assert cloud.calls() == [f"/v2.1/{identifier('demo')}/images?limit=1000"]


def test_a_plugin_that_is_refused_is_a_login_error(cloud: OpenStackServer, open_images: Any) -> None:
    images = open_images(auth.keystoneauth(plugin(cloud, password="wrong"), region_name="RegionOne"))
    with pytest.raises(LoginError, match=r"plugin Password could not log in \(Unauthorized"):
        images.image("x")


def test_a_plugin_without_an_endpoint_is_a_login_error(cloud: OpenStackServer, open_images: Any) -> None:
    images = open_images(auth.keystoneauth(plugin(cloud), region_name="nowhere"))
    with pytest.raises(LoginError, match="region_name and interface"):
        images.image("x")


def test_a_plugin_that_cannot_connect_is_a_failed_connection(cloud: OpenStackServer, open_images: Any) -> None:
    images = open_images(auth.keystoneauth(plugin(cloud, auth_url="http://127.0.0.1:1/v3")))
    with pytest.raises(ConnectionFailed, match="could not connect"):
        images.image("x")


def test_a_plugins_access_rules_are_told_too(cloud: OpenStackServer, open_images: Any) -> None:
    from keystoneauth1.identity import v3

    made = v3.ApplicationCredential(
        cloud.auth_url,
        application_credential_id=identifier("app-ro"),
        application_credential_secret=PASSWORD,
    )
    images = open_images(auth.keystoneauth(made, region_name="RegionOne"))
    with pytest.raises(Forbidden, match="access rule"):
        images.set_metadata_item(cloud.add("x").id, "a", "1")
    assert cloud.identity.logins == 1


def test_a_plugin_without_keystone_brings_its_own_address_and_headers(cloud: OpenStackServer, open_images: Any) -> None:
    from keystoneauth1.http_basic import HTTPBasicAuth

    made = HTTPBasicAuth(endpoint=cloud.url, username="demo", password=PASSWORD)
    images = open_images(auth.keystoneauth(made))
    with pytest.raises(Exception, match="answered 401"):
        images.image("x")
    assert cloud.seen[-1].headers["authorization"].startswith("Basic ")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_childs_plugin_has_connections_of_its_own(cloud: OpenStackServer) -> None:
    sessions: list[int] = []

    class Plugin:
        def get_headers(self, session: Any) -> dict[str, str]:
            sessions.append(id(session))
            return {"X-Auth-Token": "not-a-secret"}

    login = auth.keystoneauth(_with_endpoint(Plugin, cloud.url)())
    run_blocking(login.auth.apply(BlockingWork(), httpx.Request("GET", cloud.url)))  # type: ignore[arg-type]
    child = os.fork()
    if not child:
        signal.alarm(20)
        run_blocking(login.auth.apply(BlockingWork(), httpx.Request("GET", cloud.url)))  # type: ignore[arg-type]
        os._exit(int(len(set(sessions)) != 2))
    assert os.waitpid(child, 0)[1] == 0


def _with_endpoint(kind: type, url: str) -> type:
    return type("Plugin", (kind,), {"get_endpoint": lambda self, session, **_: url})


@pytest.mark.parametrize(
    ("auth_url", "endpoint", "given", "goes"),
    [
        ("https://keystone.example/v3", "http://nova.example/v2.1", None, False),
        ("HTTPS://keystone.example/v3", "HTTP://nova.example", None, False),
        ("https://keystone.example/v3", "https://nova.example/v2.1", None, True),
        ("https://keystone.example/v3", "http://127.0.0.1/v2.1", None, True),
        ("https://keystone.example/v3", "http://nova.example/v2.1", "http://nova.example/v2.1", True),
        ("http://keystone.example/v3", "http://nova.example/v2.1", None, True),
        (None, "http://nova.example/v2.1", None, True),
    ],
)
def test_a_plugins_token_that_came_by_https_goes_unencrypted_only_where_the_user_said_so(
    face: Face, auth_url: str | None, endpoint: str, given: str | None, goes: bool
) -> None:
    class Plugin:
        def get_headers(self, session: Any) -> dict[str, str]:
            return {"X-Auth-Token": "not-a-secret"}

    made: Any = _with_endpoint(Plugin, endpoint)()
    made.auth_url = auth_url
    named: Any = {} if given is None else {"compute_endpoint_override": given}
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.host)
        return httpx.Response(200, text="seen")

    transport = httpx.MockTransport(answer)
    client = httpx.Client(transport=transport) if face.blocking else httpx.AsyncClient(transport=transport)
    images = face.open(ComputeImages, AsyncComputeImages, auth.keystoneauth(made, **named), http_client=client)
    with pytest.raises(UnexpectedReply) if goes else pytest.raises(LoginError, match="unencrypted"):
        images.image("x")
    assert bool(seen) is goes


def test_something_else_than_a_plugin_is_refused() -> None:
    with pytest.raises(TypeError, match="takes a keystoneauth1 plugin, not str"):
        auth.keystoneauth("demo")


def test_without_keystoneauth1_the_text_says_what_to_install(
    cloud: OpenStackServer, open_images: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A plugin cannot be had without the library, whose first import is here where this test runs first.
    made = plugin(cloud)
    monkeypatch.setitem(sys.modules, "keystoneauth1.session", None)
    with pytest.raises(LoginError, match=r"pip install 'imageapis\[keystoneauth\]'"):
        open_images(auth.keystoneauth(made)).image("x")


def test_a_plugin_that_knows_no_address_says_what_to_give(open_images: Any) -> None:
    from keystoneauth1.http_basic import HTTPBasicAuth

    with pytest.raises(LoginError, match="Give compute_endpoint_override"):
        open_images(auth.keystoneauth(HTTPBasicAuth(username="demo", password=PASSWORD))).image("x")
