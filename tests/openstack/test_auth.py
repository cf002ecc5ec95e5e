"""Every kind of login against Keystone: what is sent, what is refused before, and what each failure says."""

from __future__ import annotations

import json
import logging
import pickle
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from imageapis.errors import ConnectionFailed, Forbidden, LoginError, NotAuthenticated, ServerError, UnexpectedReply
from imageapis.openstack import AsyncComputeImages, ComputeImages, auth
from imageapis.openstack.access import _ANY as ANY
from imageapis.openstack.access import _skipped as skipped
from imageapis.openstack.access import rules_of
from imageapis.testing.openstack import PASSWORD, OpenStackServer, identifier
from tests.openstack.conftest import demo, together

if TYPE_CHECKING:
    from tests.conftest import Face

CREDENTIAL = {"application_credential_secret": PASSWORD, "region_name": "RegionOne"}


def works(face: Face, cloud: OpenStackServer, images: Any) -> bool:
    """Say whether a client sees an image that everybody sees."""
    stored = cloud.add("public", "other", visibility="public")
    return stored.id in [image.id for image in face.items(images.list())]


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"user_domain_name": None, "user_domain_id": "default"},
        {"username": None, "user_domain_name": None, "user_id": identifier("demo")},
        {"project_name": None, "project_domain_name": None, "project_id": identifier("demo")},
        {"user_domain_name": None, "project_domain_name": None, "domain_name": "Default"},
        {"user_domain_name": None, "project_domain_name": None, "default_domain_id": "default"},
        {"username": "viewer"},
        {"username": "admin", "project_name": None, "project_domain_name": None, "system_scope": "all"},
    ],
)
def test_password_logs_in(face: Face, cloud: OpenStackServer, open_images: Any, settings: dict[str, Any]) -> None:
    assert works(face, cloud, open_images(demo(cloud, **settings)))


@pytest.mark.parametrize(
    "named",
    [
        {"application_credential_id": identifier("app")},
        {"application_credential_name": "app", "user_id": identifier("demo")},
        {"application_credential_name": "app", "username": "demo", "user_domain_name": "Default"},
    ],
)
def test_an_application_credential_logs_in_without_a_scope(
    face: Face, cloud: OpenStackServer, open_images: Any, named: dict[str, str]
) -> None:
    login = auth.application_credential(auth_url=cloud.auth_url, **named, **CREDENTIAL)  # type: ignore[arg-type]
    assert works(face, cloud, open_images(login))


def test_a_token_is_exchanged_for_one_of_our_own(face: Face, cloud: OpenStackServer, open_images: Any) -> None:
    user = {"name": "demo", "domain": {"id": "default"}, "password": PASSWORD}
    given, _ = cloud.identity.authenticate(
        {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}}}
    )
    login = auth.token(
        auth_url=cloud.auth_url,
        token=given,
        project_name="demo",
        project_domain_name="Default",
        region_name="RegionOne",
    )
    assert works(face, cloud, open_images(login))
    assert cloud.seen[-1].headers["x-auth-token"] != given


def test_a_trust_lends_another_users_project(face: Face, cloud: OpenStackServer, open_images: Any) -> None:
    stored = cloud.add("demo's own", visibility="private")
    nobody = {"username": "alice", "project_name": None, "project_domain_name": None}
    images = open_images(demo(cloud, trust_id=cloud.identity.trust, **nobody))
    assert [image.id for image in face.items(images.list())] == [stored.id]


def test_a_domains_token_is_refused_by_nova_with_a_hint(cloud: OpenStackServer, open_images: Any) -> None:
    domain = {"project_name": None, "project_domain_name": None, "domain_id": "default", "user_domain_id": "default"}
    images = open_images(demo(cloud, username="admin", **domain))
    with pytest.raises(Forbidden, match="This login is for a domain"):
        images.image("x")


@pytest.mark.parametrize("auth_url", ["/identity", "/identity/", "/identity/v3", "/identity/v3/"])
def test_an_address_without_a_version_is_asked_for_it(
    face: Face, cloud: OpenStackServer, open_images: Any, auth_url: str
) -> None:
    assert works(face, cloud, open_images(demo(cloud, auth_url=cloud.url + auth_url)))
    asked = [seen.target for seen in cloud.seen if seen.method == "GET" and seen.target.startswith("/identity")]
    assert asked == ([] if "v3" in auth_url else ["/identity/"])


@pytest.mark.parametrize(
    ("settings", "path"),
    [
        ({"interface": "public"}, "/v2.1/images"),
        ({"interface": "publicURL"}, "/v2.1/images"),
        ({"interface": "admin"}, f"/v2.1/{identifier('demo')}/images"),
        ({"interface": ["internal", "admin"]}, "/v2.1/images"),
        ({"region_name": "RegionTwo"}, f"/v2.1/{identifier('demo')}/images"),
        ({"region_name": "RegionTwo", "interface": ["internal", "public"]}, f"/v2.1/{identifier('demo')}/images"),
        ({"compute_service_name": "nova"}, "/v2.1/images"),
    ],
)
def test_the_endpoint_is_the_one_of_region_and_interface(
    face: Face, cloud: OpenStackServer, open_images: Any, settings: dict[str, Any], path: str
) -> None:
    face.items(open_images(demo(cloud, **settings)).list())
    assert cloud.calls() == [f"{path}?limit=1000"]


def test_an_override_is_used_whatever_the_catalog_says(face: Face, cloud: OpenStackServer, open_images: Any) -> None:
    login = demo(cloud, compute_endpoint_override=cloud.url, region_name="nowhere")
    assert works(face, cloud, open_images(login))


@pytest.mark.parametrize(
    "settings", [{"region_name": "regionone"}, {"region_name": "RegionTwo", "interface": "internal"}]
)
def test_an_endpoint_that_the_catalog_lacks_is_an_error_that_says_what_it_has(
    cloud: OpenStackServer, open_images: Any, settings: dict[str, Any]
) -> None:
    with pytest.raises(LoginError, match=r"It has: admin in RegionOne, .*public in RegionTwo"):
        open_images(demo(cloud, **settings)).image("x")


def test_no_region_takes_the_first_and_says_so(
    face: Face, cloud: OpenStackServer, open_images: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "imageapis"):
        assert works(face, cloud, open_images(demo(cloud, region_name=None)))
    assert "region_name='RegionOne' was taken, not RegionTwo" in caplog.text


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"password": "wrong"}, "Keystone does not say which"),
        ({"username": "nobody"}, "Keystone does not say which"),
        ({"username": "lonely"}, "Keystone does not say which"),
        ({"project_name": "absent"}, "Keystone does not say which"),
        ({"project_name": None, "project_domain_name": None}, "gave a token for no project"),
    ],
)
def test_a_refused_login_says_so_and_hides_the_password(
    cloud: OpenStackServer, open_images: Any, settings: dict[str, Any], why: str
) -> None:
    login = demo(cloud, **settings)
    with pytest.raises(LoginError, match=why) as caught:
        open_images(login).image("x")
    shown = f"{caught.value!r} {login!r}"
    assert "wrong" not in shown
    assert PASSWORD not in shown


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"user_domain_name": None}, "no domain for it"),
        ({"project_domain_name": None}, "no domain for it"),
        ({"username": None}, "lacks username"),
        ({"password": ""}, "lacks password"),
        ({"domain_id": "default", "project_name": None, "system_scope": "all"}, "domain and system at once"),
        ({"trust_id": "t"}, "project and trust at once"),
        ({"system_scope": "some", "project_name": None}, "system_scope is 'all'"),
        ({"interface": "inside"}, "interface is public, internal or admin"),
        ({"auth_url": "keystone.example"}, "auth_url is no address"),
        ({"auth_url": ""}, "lacks auth_url"),
    ],
)
def test_settings_that_cannot_work_are_refused_before_anything_is_sent(
    cloud: OpenStackServer, settings: dict[str, Any], why: str
) -> None:
    with pytest.raises(LoginError, match=why):
        demo(cloud, **settings)
    assert cloud.seen == []


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/v2.1", "There is no Keystone v3 at"),
        ("/identity/v2.0", "Keystone v2, which is gone"),
        ("/identity/v3/deeper", "There is no Keystone v3 at"),
    ],
)
def test_an_address_that_is_not_keystones_is_named(
    loose_cloud: OpenStackServer, open_images: Any, path: str, why: str
) -> None:
    with pytest.raises(LoginError, match=why):
        open_images(demo(loose_cloud, auth_url=loose_cloud.url + path)).image("x")


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_keystone_that_is_busy_is_not_called_something_else(
    cloud: OpenStackServer, open_images: Any, status: int
) -> None:
    from imageapis.testing.openstack.identity import Refusal

    def busy(body: Any) -> Any:
        raise Refusal(status, "Busy", "come back")

    cloud.identity.authenticate = busy  # type: ignore[method-assign]
    with pytest.raises(LoginError, match=rf"cannot log in anybody now \({status}: come back\). Try later"):
        open_images(demo(cloud)).image("x")


@pytest.mark.parametrize(
    ("path", "method", "allowed"),
    [
        ("/v2.1/images", "GET", True),
        ("/v2.1/images/abc", "GET", True),
        ("/v2.1/images/abc/metadata/k", "GET", True),
        ("/v2.1/images", "POST", False),
        ("/v2.1/servers", "GET", False),
        ("/v2.1/servers/1", "GET", True),
        ("/v2.1/servers/1/2", "GET", False),
        ("/v2.1/flavors/x/y", "GET", True),
        ("/v2.1/flavors/x", "GET", False),
        ("/v2.1/a.b", "GET", True),
        ("/v2.1/axb", "GET", False),
    ],
)
def test_access_rules_are_read_as_keystones_middleware_reads_them(
    cloud: OpenStackServer, path: str, method: str, allowed: bool
) -> None:
    paths = ["/v2.1/images", "/v2.1/images/**", "/v2.1/servers/*", "/v2.1/flavors/{id}/y", "/v2.1/a.b"]
    rules = [{"service": "compute", "method": "GET", "path": one} for one in paths]
    read = rules_of(rules)
    assert read is not None
    assert any(rule.allows("compute", method, path) for rule in read) is allowed
    others = rules_of([{**rule, "service": "image"} for rule in rules])
    assert others is not None
    assert not any(rule.allows("compute", method, path) for rule in others)


def test_a_rule_of_many_wildcards_is_judged_at_once() -> None:
    rules = rules_of([{"service": "compute", "method": "GET", "path": "/" + "**a*a" * 40 + "!"}])
    assert rules is not None
    assert not rules[0].allows("compute", "GET", "/" + "a" * 400)


class _Counted(list[str]):
    """A list that counts how often one of its items is looked at."""

    reads = 0

    def __getitem__(self, index: Any) -> Any:
        self.reads += 1
        return super().__getitem__(index)


def test_the_steps_of_a_rule_are_looked_at_once_for_a_character_however_many_are_wildcards() -> None:
    steps = _Counted([ANY] * 2000)
    assert len(skipped(set(range(2000)), steps)) == 2001
    assert steps.reads <= 2 * 2000


def test_rules_longer_than_anybody_writes_are_not_judged() -> None:
    rule = {"service": "compute", "method": "GET", "path": "/" + "**" * 1000}
    assert rules_of([rule]) is not None
    assert rules_of([rule] * 1000) is None


def _describe(cloud: OpenStackServer, **changes: Any) -> None:
    """Let Keystone say something else in its tokens."""
    real = cloud.identity.describe

    def changed(grant: Any, **options: Any) -> dict[str, Any]:
        return {**real(grant, **options), **changes}

    cloud.identity.describe = changed  # type: ignore[method-assign]


def _endpoint(url: Any) -> list[dict[str, Any]]:
    return [{"type": "compute", "endpoints": [{"interface": "public", "region": "RegionOne", "url": url}]}]


@pytest.mark.parametrize(
    "changes",
    [
        *({"application_credential": {"access_rules": rules}} for rules in ("x", 5, {"a": 1}, [5], [None])),
        {"application_credential": {"access_rules": [{"path": 5}]}},
        {"application_credential": {"access_rules": [{"path": "/x", "method": ["GET"]}]}},
        {"application_credential": "x"},
        {"expires_at": 5},
        {"expires_at": "soon"},
        {"expires_at": "99999-01-01T00:00:00Z"},
        {"issued_at": ["x"]},
        {"catalog": "x"},
        {"catalog": {"a": 1}},
        {"catalog": [5]},
        {"catalog": [{"type": "compute"}]},
        {"catalog": [{"type": "compute", "endpoints": [{"interface": "public"}]}]},
        {"catalog": [{"type": "compute", "endpoints": 5}]},
    ],
)
def test_a_token_of_another_shape_is_a_login_error(cloud: OpenStackServer, open_images: Any, changes: Any) -> None:
    _describe(cloud, **changes)
    with pytest.raises(LoginError, match="not a token") as caught:
        open_images(demo(cloud)).image("x")
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    "url", [None, 5, ["x"], "", "javascript:PLANTED", "https://user:PLANTED@nova.example", "http://[", "/v2.1"]
)
def test_a_catalog_with_an_address_that_is_none_is_a_login_error(
    cloud: OpenStackServer, open_images: Any, url: Any
) -> None:
    _describe(cloud, catalog=_endpoint(url))
    with pytest.raises(LoginError, match="The compute endpoint") as caught:
        open_images(demo(cloud)).image("x")
    assert "PLANTED" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "given", "asked"),
    [
        ("http://nova.example/v2.1", None, []),
        ("https://nova.example/v2.1", None, ["https://nova.example/v2.1/images/x"]),
        ("http://127.0.0.1/v2.1", None, ["http://127.0.0.1/v2.1/images/x"]),
        ("http://nova.example/v2.1", "http://nova.example/v2.1", ["http://nova.example/v2.1/images/x"]),
    ],
)
def test_a_token_that_came_by_https_goes_unencrypted_only_where_the_user_said_so(
    face: Face, url: str, given: str | None, asked: list[str]
) -> None:
    seen = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "keystone.example":
            return httpx.Response(201, headers={"X-Subject-Token": "t"}, json={"token": {"catalog": _endpoint(url)}})
        seen.append(str(request.url))
        return httpx.Response(200, text="seen")

    named: Any = {} if given is None else {"compute_endpoint_override": given}
    login = auth.password(
        auth_url="https://keystone.example/v3", user_id="u", password=PASSWORD, project_id="p", **named
    )
    transport = httpx.MockTransport(answer)
    client = httpx.Client(transport=transport) if face.blocking else httpx.AsyncClient(transport=transport)
    images = face.open(ComputeImages, AsyncComputeImages, login, http_client=client)
    refused = pytest.raises(LoginError, match=r"would go there unencrypted.*compute_endpoint_override")
    with refused if not asked else pytest.raises(UnexpectedReply):
        images.image("x")
    assert seen == asked


def test_a_keystone_that_echoes_the_password_is_not_quoted(cloud: OpenStackServer, open_images: Any) -> None:
    from imageapis.testing.openstack.identity import Refusal

    def echo(body: Any) -> Any:
        raise Refusal(
            401, "Unauthorized", f"no such password: {body['auth']['identity']['password']['user']['password']}"
        )

    cloud.identity.authenticate = echo  # type: ignore[method-assign]
    with pytest.raises(LoginError, match=r"no such password: \*\*\*"):
        open_images(demo(cloud, password="PLANTED")).image("x")


@pytest.mark.parametrize("ahead", [7200, -7200])
def test_a_clock_that_differs_from_keystones_logs_in_once(
    cloud: OpenStackServer, open_images: Any, ahead: float
) -> None:
    now = cloud.identity.clock
    cloud.identity.clock = lambda: now() - ahead
    images = open_images(demo(cloud))
    stored = cloud.add("x").id
    images.image(stored)
    images.image(stored)
    assert cloud.identity.logins == 1


def test_a_token_is_renewed_after_its_life_whatever_keystones_clock_says(
    cloud: OpenStackServer, open_images: Any
) -> None:
    cloud.identity.clock = lambda: time.time() - 7200
    images = open_images(demo(cloud))
    auth_: Any = images.client._login.auth
    stored = cloud.add("x").id
    images.image(stored)
    auth_._clock = lambda: time.time() + 3600
    images.image(stored)
    assert cloud.identity.logins == 2


def test_an_answer_that_is_no_token_is_named(cloud: OpenStackServer, open_images: Any) -> None:
    cloud.identity.describe = lambda *_, **__: {"catalog": [{"type": "compute"}]}  # type: ignore[method-assign]
    with pytest.raises(LoginError, match=r"its answer to a login is not a token \(KeyError\)"):
        open_images(demo(cloud)).image("x")


def test_a_keystone_without_version_3_says_what_it_has(face: Face) -> None:
    def old(request: httpx.Request) -> httpx.Response:
        return httpx.Response(300, json={"versions": {"values": [{"id": "v2.0", "status": "deprecated"}]}})

    named = {"username": "demo", "password": PASSWORD, "user_domain_id": "default", "project_id": "p"}
    login = auth.password(auth_url="http://old.example", **named)  # type: ignore[arg-type]
    transport = httpx.MockTransport(old)
    client = httpx.Client(transport=transport) if face.blocking else httpx.AsyncClient(transport=transport)
    images = face.open(ComputeImages, AsyncComputeImages, login, http_client=client)
    with pytest.raises(LoginError, match=r"no version 3, only v2\.0"):
        images.image("x")


def test_a_client_certificate_that_cannot_be_used_is_named(cloud: OpenStackServer) -> None:
    login = demo(cloud, cert="absent-certificate.pem")
    assert login.verify is not None
    with pytest.raises(LoginError, match=r"absent-certificate\.pem cannot be used"):
        login.verify()


def test_a_keystone_that_cannot_be_reached_is_a_failed_connection(cloud: OpenStackServer, open_images: Any) -> None:
    with pytest.raises(ConnectionFailed, match="Nothing was sent"):
        open_images(demo(cloud, auth_url="http://127.0.0.1:1/v3"), retries=0).image("x")


def test_a_token_that_is_unknown_to_keystone_says_to_get_a_new_one(cloud: OpenStackServer, open_images: Any) -> None:
    login = auth.token(auth_url=cloud.auth_url, token="zzz", project_id=identifier("demo"))
    with pytest.raises(LoginError, match=r"404.*get a new one"):
        open_images(login).image("x")


def test_a_token_is_renewed_before_it_ends(face: Face, cloud: OpenStackServer, open_images: Any) -> None:
    cloud.identity.life = 3600
    now = [1_800_000_000.0]
    cloud.identity.clock = lambda: now[0]
    login = demo(cloud)
    login.auth._clock = lambda: now[0]  # type: ignore[attr-defined]
    images = open_images(login)
    began = now[0]
    # Expiry is told in whole seconds; renewal is due 60 s before it.
    for passed, logins in ((0, 1), (3500, 1), (3541, 2), (7000, 2), (7100, 3)):
        now[0] = began + passed
        face.items(images.list())
        assert cloud.identity.logins == logins
    assert [seen for seen in cloud.seen if seen.method == "GET"][-1].headers["x-auth-token"] in cloud.identity.tokens


def test_a_revoked_token_costs_one_login_and_one_replay(face: Face, cloud: OpenStackServer, images: Any) -> None:
    assert works(face, cloud, images)
    cloud.identity.revoke_all()
    assert works(face, cloud, images)
    assert cloud.identity.logins == 2
    assert len(cloud.calls()) == 3


def test_a_fresh_token_that_is_refused_is_not_tried_for_ever(cloud: OpenStackServer, images: Any) -> None:
    cloud.identity.grant = lambda token: None  # type: ignore[method-assign]
    with pytest.raises(NotAuthenticated, match="also a fresh one"):
        images.image("x")
    assert cloud.identity.logins == 2


def test_keystone_down_behind_nova_is_a_server_error(cloud: OpenStackServer, images: Any) -> None:
    cloud.keystone = False
    with pytest.raises(ServerError, match="Keystone is down"):
        images.image("x")


def test_fifty_callers_with_an_expired_token_log_in_once(cloud: OpenStackServer, images: Any) -> None:
    stored = cloud.add("seen")
    images.image(stored.id)
    cloud.identity.revoke_all()
    answers = together(*[lambda: images.image(stored.id).id for _ in range(50)])
    assert answers == [stored.id] * 50
    assert cloud.identity.logins == 2


def test_fifty_callers_without_a_token_log_in_once(cloud: OpenStackServer, images: Any) -> None:
    stored = cloud.add("seen")
    assert together(*[lambda: images.image(stored.id).id for _ in range(50)]) == [stored.id] * 50
    assert cloud.identity.logins == 1


def test_one_login_serves_several_clients(cloud: OpenStackServer) -> None:
    stored, login = cloud.add("seen"), demo(cloud)
    for _ in range(3):
        with ComputeImages(login) as images:
            assert images.image(stored.id).name == "seen"
    assert cloud.identity.logins == 1


def test_nothing_shows_a_secret(cloud: OpenStackServer, open_images: Any, caplog: pytest.LogCaptureFixture) -> None:
    login = demo(cloud)
    with caplog.at_level(logging.DEBUG):
        images = open_images(login)
        images.metadata(cloud.add("seen").id)
        cloud.identity.revoke_all()
        images.metadata(next(iter(cloud.store.images)))
    tokens = [seen.headers["x-auth-token"] for seen in cloud.seen if "x-auth-token" in seen.headers]
    shown = f"{login!r} {login.auth!r} {images.client!r} {caplog.text}"
    assert len(set(tokens)) == 2
    for secret in [PASSWORD, *tokens]:
        assert secret not in shown


def test_an_error_can_be_pickled(cloud: OpenStackServer, images: Any) -> None:
    with pytest.raises(Exception, match="answered 404") as caught:
        images.image("absent")
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (str(copy), copy.status) == (str(caught.value), 404)


def test_the_login_that_is_sent_is_the_one_that_keystone_documents(
    cloud: OpenStackServer, open_images: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Any] = []
    real = cloud.identity.authenticate

    def watch(body: Any) -> Any:
        sent.append(json.loads(json.dumps(body)))
        return real(body)

    monkeypatch.setattr(cloud.identity, "authenticate", watch)
    open_images(demo(cloud)).metadata(cloud.add("x").id)
    domain = {"name": "Default"}
    user = {"name": "demo", "domain": domain, "password": PASSWORD}
    identity = {"methods": ["password"], "password": {"user": user}}
    assert sent == [{"auth": {"identity": identity, "scope": {"project": {"name": "demo", "domain": domain}}}}]
