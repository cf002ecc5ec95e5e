"""The embedded registry: it answers as Debian's does, and skopeo, which knows neither, takes it for a registry."""

from __future__ import annotations

import hashlib
import json
import subprocess
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from imageapis.testing.registry import PASSWORD, USERNAME, DockerRegistry, EmbeddedRegistry
from tests.lusid.conftest import need_registry
from tests.lusid.local_images import OCI_INDEX, OCI_MANIFEST, SMALL, docker_tar, made

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Self

CONFIG = b'{"architecture": "amd64", "os": "linux"}'
LAYER = b"layer " * 1000


def digest(content: bytes) -> str:
    return "sha256:" + hashlib.sha256(content).hexdigest()


def manifest(*layers: bytes) -> bytes:
    descriptors = [{"mediaType": "a/b", "digest": digest(it), "size": len(it)} for it in (CONFIG, *layers)]
    return json.dumps(
        {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": descriptors[0], "layers": descriptors[1:]}
    ).encode()


class Caller:
    """Sends requests to a registry and notes what can be compared of the answers."""

    def __init__(self, registry: DockerRegistry | EmbeddedRegistry, *, login: bool = True) -> None:
        auth = (registry.username, registry.password) if login else None
        self._client = httpx.Client(base_url=registry.url, auth=auth, trust_env=False)
        self._host = registry.host
        self.place = ""
        self.noted: list[Any] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def __call__(self, method: str, path: str, content: bytes = b"", **headers: str) -> httpx.Response:
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        response = self._client.request(method, path, content=content, headers=said)
        self.place = response.headers.get("Location", self.place)
        self.noted.append((method, response.status_code, *self._note(response)))
        return response

    def _note(self, response: httpx.Response) -> Iterator[Any]:
        for name in ("Docker-Content-Digest", "Range", "WWW-Authenticate", "Docker-Distribution-Api-Version"):
            value = response.headers.get(name)
            # Both name a realm of their own.
            yield value and value.partition(" ")[0] if name == "WWW-Authenticate" else value
        yield "Location" in response.headers
        if response.request.method == "HEAD":
            yield response.headers.get("Content-Length") if response.status_code < 400 else None
        elif response.status_code >= 400:
            kind = response.headers["Content-Type"].partition(";")[0]
            yield response.json()["errors"][0]["code"] if kind == "application/json" else kind
        else:
            yield response.content.strip()

    def put_blob(self, content: bytes, name: str = "acme/job") -> None:
        self("POST", f"/v2/{name}/blobs/uploads/")
        self("PUT", self.finish(digest(content)), content, Content_Type="application/octet-stream")

    def finish(self, named: str) -> str:
        return f"{self.place}{'&' if '?' in self.place else '?'}digest={named}"

    def put_manifest(self, content: bytes, reference: str = "1", kind: str = OCI_MANIFEST) -> None:
        self("PUT", f"/v2/acme/job/manifests/{reference}", content, Content_Type=kind)


def _stream(call: Caller) -> None:
    call("HEAD", f"/v2/acme/job/blobs/{digest(LAYER)}")
    call("POST", "/v2/acme/job/blobs/uploads/")
    call("PATCH", call.place, LAYER)
    call("PUT", call.finish(digest(LAYER)))
    call("HEAD", f"/v2/acme/job/blobs/{digest(LAYER)}")
    call("GET", f"/v2/acme/job/blobs/{digest(LAYER)}")


def _chunks(call: Caller) -> None:
    call("POST", "/v2/acme/job/blobs/uploads/")
    call("PATCH", call.place, LAYER[:1000], Content_Range="0-999")
    call("GET", call.place)
    call("PATCH", call.place, LAYER[1000:3000], Content_Range="1000-2999")
    call("PUT", call.finish(digest(LAYER)), LAYER[3000:])
    call("HEAD", f"/v2/acme/job/blobs/{digest(LAYER)}")


def _cancel(call: Caller) -> None:
    call("POST", "/v2/acme/job/blobs/uploads/")
    place = call.place
    call("DELETE", place)
    call("GET", place)


def _wrong_digest(call: Caller) -> None:
    call("POST", "/v2/acme/job/blobs/uploads/")
    call("PUT", call.finish(digest(b"other")), LAYER)
    call("HEAD", f"/v2/acme/job/blobs/{digest(b'other')}")
    call("HEAD", f"/v2/acme/job/blobs/{digest(LAYER)}")


def _mount(call: Caller) -> None:
    call.put_blob(LAYER, "acme/first")
    call("POST", f"/v2/acme/second/blobs/uploads/?mount={digest(LAYER)}&from=acme/first")
    call("HEAD", f"/v2/acme/second/blobs/{digest(LAYER)}")
    call("POST", f"/v2/acme/second/blobs/uploads/?mount={digest(CONFIG)}&from=acme/first")


def _image(call: Caller) -> None:
    for content in (CONFIG, LAYER):
        call.put_blob(content)
    whole = manifest(LAYER)
    call.put_manifest(whole)
    call.put_manifest(whole, digest(whole))
    for reference in ("1", digest(whole), "2"):
        for method in ("GET", "HEAD"):
            call(method, f"/v2/acme/job/manifests/{reference}", Accept=OCI_MANIFEST)
    call("GET", "/v2/acme/job/tags/list")


def _index(call: Caller) -> None:
    call.put_blob(CONFIG)
    inner = manifest()
    call.put_manifest(inner, digest(inner))
    entry = {"mediaType": OCI_MANIFEST, "digest": digest(inner), "size": len(inner)}
    index = {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [entry]}
    call.put_manifest(json.dumps(index).encode(), "1", OCI_INDEX)
    call("GET", "/v2/acme/job/manifests/1", Accept=OCI_INDEX)


def _incomplete(call: Caller) -> None:
    call.put_blob(CONFIG)
    call.put_manifest(manifest(LAYER))
    call("GET", "/v2/acme/job/manifests/1", Accept=OCI_MANIFEST)


def _no_manifest(call: Caller) -> None:
    call.put_blob(CONFIG)
    call.put_manifest(b"{")
    call.put_manifest(manifest(), digest(b"other"))


def _delete(call: Caller) -> None:
    call.put_blob(CONFIG)
    call.put_manifest(manifest())
    call("DELETE", f"/v2/acme/job/manifests/{digest(manifest())}")
    call("GET", "/v2/acme/job/manifests/1", Accept=OCI_MANIFEST)
    call("DELETE", f"/v2/acme/job/blobs/{digest(CONFIG)}")
    call("HEAD", f"/v2/acme/job/blobs/{digest(CONFIG)}")


def _absent(call: Caller) -> None:
    call("GET", "/v2/acme/none/manifests/1", Accept=OCI_MANIFEST)
    call("GET", f"/v2/acme/none/blobs/{digest(LAYER)}")
    call("GET", "/v2/acme/none/tags/list")
    call("POST", "/v2/acme/JOB/blobs/uploads/")
    call("GET", "/v2/")


STORIES: dict[str, Callable[[Caller], None]] = {
    "a blob in one stream": _stream,
    "a blob in chunks": _chunks,
    "an upload that is given up": _cancel,
    "a blob of another digest": _wrong_digest,
    "a blob of another repository": _mount,
    "an image": _image,
    "an index of an image": _index,
    "an image without its layer": _incomplete,
    "no manifest": _no_manifest,
    "a deletion": _delete,
    "what is not there": _absent,
}


@pytest.mark.registry
@pytest.mark.parametrize("story", STORIES)
def test_the_embedded_registry_answers_as_debians_does(story: str) -> None:
    need_registry()
    noted = []
    for kind in (DockerRegistry, EmbeddedRegistry):
        with kind() as registry, Caller(registry) as call:
            STORIES[story](call)
            noted.append(call.noted)
    for docker, embedded in zip(*noted, strict=True):
        assert embedded == docker


@pytest.mark.registry
def test_without_its_password_both_ask_for_it() -> None:
    need_registry()
    noted = []
    for kind in (DockerRegistry, EmbeddedRegistry):
        with kind() as registry, Caller(registry, login=False) as call:
            call("GET", "/v2/")
            call("POST", "/v2/acme/job/blobs/uploads/")
            noted.append(call.noted)
    assert noted[0] == noted[1]


@pytest.mark.parametrize("relative", [False, True])
@pytest.mark.parametrize("on_disk", [False, True])
def test_it_may_keep_blobs_on_disk_and_name_relative_places(relative: bool, on_disk: bool) -> None:
    embedded = EmbeddedRegistry(on_disk=on_disk, relative=relative, password=False)
    with embedded as registry, Caller(registry, login=False) as call:
        _image(call)
        assert call.place.startswith("/" if relative else "http://")
        assert registry.find("acme/job", "1") == (digest(manifest(LAYER)), len(CONFIG) + len(LAYER))
        assert registry.holds("acme/job", digest(LAYER))
        assert not registry.holds("acme/job", digest(b"other"))


def test_a_chunk_out_of_its_order_is_refused() -> None:
    # Debian's adds it where it does not belong; the protocol wants a refusal.
    with EmbeddedRegistry() as registry, Caller(registry) as call:
        call("POST", "/v2/acme/job/blobs/uploads/")
        call("PATCH", call.place, LAYER[:1000], Content_Range="0-999")
        refused = call("PATCH", call.place, LAYER[2000:], Content_Range="2000-5999")
        assert (refused.status_code, refused.headers["Range"]) == (416, "0-999")


@pytest.mark.registry
@pytest.mark.parametrize("format_", ["v2s2", "oci"])
def test_skopeo_copies_an_image_there_and_back(tmp_path: Path, format_: str) -> None:
    need_registry("skopeo")
    source = docker_tar(tmp_path / "job.tar", made(*SMALL))
    with EmbeddedRegistry() as registry:
        place = f"docker://{registry.host}/acme/job:1.4"
        login = f"{USERNAME}:{PASSWORD}"
        _skopeo(
            "copy", "-f", format_, "--dest-tls-verify=false", "--dest-creds", login, f"docker-archive:{source}", place
        )
        shown = json.loads(_skopeo("inspect", "--tls-verify=false", "--creds", login, place))
        assert shown["RepoTags"] == ["1.4"]
        found = registry.find("acme/job", "1.4")
        assert found is not None
        assert shown["Digest"] == found[0]
        back = f"oci:{tmp_path / 'back'}:1.4"
        _skopeo("copy", "--src-tls-verify=false", "--src-creds", login, place, back)
        assert json.loads(_skopeo("inspect", back))["Layers"] != []


def _skopeo(*words: str) -> str:
    return subprocess.run(["skopeo", *words], check=True, capture_output=True, text=True, timeout=60).stdout
