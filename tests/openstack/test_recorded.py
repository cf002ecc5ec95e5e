"""The local server answers as real Nova 34 and Keystone 30 did: status and shape, request by recorded request.

The recordings lie beside the checkout, not in it; without them these tests are skipped. Each request is sent to a
server that holds the images of the recorded detailed list, in the state that the recorded answer presupposes.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import httpx
import pytest

from imageapis.testing.openstack import PASSWORD, OpenStackServer, identifier

if TYPE_CHECKING:
    from collections.abc import Iterator

RECORDINGS = Path(__file__).parents[3] / "shared" / "openstack-stack" / "pairs"
NOVA, KEYSTONE = "http://127.0.0.1:18774", "http://127.0.0.1:15000"
#: Recorded under other settings, or about the server under Nova; or a path that an HTTP client would not send.
ELSEWHERE = re.compile(
    r"_|big-|max50-|glq-|glance-down|ks-down|edge-long-url|edge-nul|edge-key-dotdot$|expiry-|revoke-|ks-(?!root-300)"
)


def recorded(name: str) -> dict[str, Any]:
    pair: dict[str, Any] = json.loads((RECORDINGS / f"{name}.json").read_text("utf-8"))
    return pair


def names() -> list[str]:
    if not RECORDINGS.is_dir():
        return []
    return sorted(path.stem for path in RECORDINGS.glob("*.json") if not ELSEWHERE.match(path.stem))


#: Project of the recording, by the token's name; `None` stands for what has no project.
TOKENS: dict[str, tuple[str, Any]] = {
    "demo": ("demo", {"project": {"name": "demo", "domain": {"id": "default"}}}),
    "demo2": ("demo", {"project": {"name": "demo2", "domain": {"id": "default"}}}),
    "viewer": ("viewer", {"project": {"name": "demo", "domain": {"id": "default"}}}),
    "alice": ("alice", {"project": {"name": "other", "domain": {"id": "default"}}}),
    "admin": ("admin", {"project": {"name": "admin", "domain": {"id": "default"}}}),
    "system": ("admin", {"system": {"all": True}}),
    "domain": ("admin", {"domain": {"id": "default"}}),
    "unscoped": ("demo", None),
}
#: Facts about images of the recording that no answer tells.
HIDDEN, COMMUNITY, OTHER_COMMUNITY = "show-hidden", "show-community", "show-other-community"


@pytest.fixture(scope="module")
def images() -> list[dict[str, Any]]:
    """The recorded images, oldest first, with those that are in no list."""
    listed: list[dict[str, Any]] = recorded("list-detail")["response"]["body"]["images"][::-1]
    for name in (HIDDEN, OTHER_COMMUNITY, "show-private", "show-protected"):
        image = recorded(name)["response"]["body"]["image"]
        if image["id"] not in {known["id"] for known in listed}:
            listed.insert(0, image)
    return listed


def fill(server: OpenStackServer, images: list[dict[str, Any]]) -> None:
    server.reset()
    glance = {"SAVING": "queued", "UNKNOWN": "deactivated", "ACTIVE": "active"}
    for image in images:
        name = image["name"] or ""
        stored = server.add(
            image["name"],
            "other" if name.startswith("other") else "admin" if name == "public image" else "demo",
            id=image["id"],
            created=image["created"],
            updated=image["updated"],
            status=glance[image["status"]],
            size=image["OS-EXT-IMG-SIZE:size"],
            min_disk=image["minDisk"],
            min_ram=image["minRam"],
            properties={k: v if isinstance(v, str) else json.dumps(v) for k, v in image["metadata"].items()},
            protected=name == "protected image",
            hidden=name == "hidden image",
        )
        if "community" in name or name == "public image":
            stored.visibility = "community" if "community" in name else "public"
        if name == "other shared":
            stored.members = {identifier("demo")}
    for image_id in _foreign():
        server.add("other private", "other", id=image_id, visibility="private")


def _foreign() -> set[str]:
    return {urlsplit(recorded("show-other-private")["request"]["url"]).path.rsplit("/", 1)[-1]}


def presuppose(server: OpenStackServer, pair: dict[str, Any]) -> None:
    """Bring the server into the state in which the recorded answer was given, as far as its request is about it."""
    request, status = pair["request"], pair["response"]["status"]
    path = urlsplit(request["url"]).path
    marker = re.search(r"marker=([0-9a-f-]{36})", request["url"])
    if marker and status == 200 and marker[1] not in server.store.images:
        server.add("marker", id=marker[1], serial=0)
    if marker and status == 400:
        server.remove(marker[1])
    of_image = re.match(r"/v2(?:\.1)?/images/([^/?]+)(?:/metadata/?(.*))?", path)
    if of_image is None:
        return
    image_id, key = of_image[1], unquote(of_image[2] or "")
    if status == 404 and "image not found" in json.dumps(pair["response"]["body"]).lower():
        if request["headers"]["X-Auth-Token"] == "<token:demo>" and image_id not in _foreign():
            server.remove(image_id)
        return
    image = server.store.images.get(image_id) or server.add("was there", id=image_id)
    if status == 200 and not key:
        body = pair["response"]["body"]
        before = body.get("metadata", body.get("image", {}).get("metadata", {}))
        sent = json.loads(request["body"])["metadata"] if request["method"] == "POST" else {}
        image.properties = {k: v if isinstance(v, str) else json.dumps(v) for k, v in before.items() if k not in sent}
    if request["method"] in {"GET", "DELETE"} and key and "/" not in key and status != 403:
        image.properties.pop(key, None)
        if status in {200, 204}:
            value = pair["response"]["body"]["meta"][key] if status == 200 else "1"
            image.properties[key] = value if isinstance(value, str) else json.dumps(value)
    if pair["name"] == "meta-put-key-over":
        image.properties = {f"q{number}": "v" for number in range(128)}


def token(server: OpenStackServer, name: str) -> str:
    if name.startswith("app"):
        asked = {"id": identifier({"app1": "app"}.get(name, name)), "secret": PASSWORD}
        auth: dict[str, Any] = {"identity": {"methods": ["application_credential"], "application_credential": asked}}
        return server.identity.authenticate({"auth": auth})[0]
    user, scope = TOKENS.get(name, TOKENS["demo"])
    if name == "trust":
        user, scope = "alice", {"OS-TRUST:trust": {"id": server.identity.trust}}
    who = {"name": user, "domain": {"id": "default"}, "password": PASSWORD}
    auth = {"identity": {"methods": ["password"], "password": {"user": who}}}
    return server.identity.authenticate({"auth": auth if scope is None else {**auth, "scope": scope}})[0]


def shape(value: Any) -> Any:
    """What a JSON value looks like: its keys and types; of a list, its first member."""
    if isinstance(value, dict):
        return {key: shape(member) for key, member in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def answer_shape(response: httpx.Response | dict[str, Any]) -> Any:
    body = response["body"] if isinstance(response, dict) else _json(response)
    if isinstance(body, dict) and len(body.get("images") or ()) > 1:
        body = {**body, "images": body["images"][:1]}
    return shape(body)


def _json(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return response.text


@pytest.fixture(scope="module")
def server() -> Iterator[OpenStackServer]:
    with OpenStackServer(check=False) as running:
        yield running


@pytest.mark.parametrize("name", names() or [pytest.param("none", marks=pytest.mark.skip("no recordings here"))])
def test_a_recorded_request_is_answered_as_it_was(
    name: str, server: OpenStackServer, images: list[dict[str, Any]]
) -> None:
    pair = recorded(name)
    request, then = pair["request"], pair["response"]
    fill(server, images)
    presuppose(server, pair)
    headers = dict(request["headers"])
    for header, value in headers.items():
        if (named := re.fullmatch(r"<token:(.*)>", value)) and named[1] != "garbage":
            headers[header] = token(server, named[1])
    project = re.search(r"/v2(?:\.1)?/([0-9a-f]{32})/", request["url"])
    url = request["url"].replace(NOVA, server.url).replace("http://localhost:18774", server.url)
    url = url.replace(KEYSTONE, server.url + "/identity")
    if project and then["status"] == 200:
        url = url.replace(project[1], identifier("demo"))
    content = None if request["body"] is None else request["body"].encode("utf-8")
    if name == "edge-latin1":
        content = request["body"].replace("\ufffd", "é").encode("latin-1")
    now = httpx.request(request["method"], url, headers=headers, content=content, trust_env=False)
    assert now.status_code == then["status"]
    if isinstance(then["body"], dict):
        assert answer_shape(now) == answer_shape(then)
