"""What a registry may say and what a push believes of it: only what the protocol declares, and as far as it fits."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from imageapis.errors import (
    ImageApiError,
    LoginError,
    NotFound,
    ServerError,
    UnexpectedReply,
    UploadInterrupted,
    VerificationFailed,
)
from imageapis.testing.server import LocalServer
from tests.lusid.conftest import pushing_images
from tests.lusid.local_images import as_tar, digest, layout, made, oci_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from imageapis.testing.asgi import Receive, Scope, Send
    from imageapis.testing.lusid import LusidServer
    from tests.conftest import Face, FakeClock

    Reply = tuple[int, dict[str, str], bytes]

NAME = "my-job:1.4"
UPLOAD = "/v2/acme/my-job/blobs/uploads/1"


class Stranger(LocalServer):
    """Something at the registry's address: it answers each step of a push by `says`, or as a registry would."""

    username = "AWS"
    password = "not-a-secret-password"

    def __init__(self) -> None:
        super().__init__()
        self.clear()

    def clear(self) -> None:
        self.says: Callable[[str], Reply | None] = lambda _: None
        self.manifests: dict[str, bytes] = {}
        self.blobs: dict[str, int] = {}
        self.seen = []

    @property
    def host(self) -> str:
        return self.url.partition("//")[2]

    def find(self, repository: str, tag: str) -> None:
        """A scheduler shows no image of it."""

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body = await request.body()
        step = _step(request.method, request.url.path)
        status, headers, content = self.says(step) or self._proper(step, request.url.path, body)
        await Response(content, status, headers)(scope, receive, send)

    def _proper(self, step: str, path: str, body: bytes) -> Reply:
        if step == "GET manifest":
            found = self.manifests.get(path.rpartition("/")[2])
            return (404, {}, b"") if found is None else (200, {}, found)
        if step == "PUT manifest":
            self.manifests |= {path.rpartition("/")[2]: body, digest(body): body}
        if body and step in ("PATCH blob", "PUT blob"):
            self.blobs[digest(body)] = len(body)
        if step == "HEAD blob" and (size := self.blobs.get(path.rpartition("/")[2])) is not None:
            return 200, {"Content-Length": str(size)}, b""
        status = {"GET base": 200, "HEAD blob": 404, "POST blob": 202, "PATCH blob": 202}.get(step, 201)
        return status, {"Location": UPLOAD} if status == 202 else {}, b""


def _step(method: str, path: str) -> str:
    return f"{method} {'base' if path == '/v2/' else 'manifest' if '/manifests/' in path else 'blob'}"


@pytest.fixture(scope="session")
def at_the_address() -> Iterator[Stranger]:
    with Stranger() as running:
        yield running


@pytest.fixture
def stranger(at_the_address: Stranger) -> Stranger:
    at_the_address.clear()
    return at_the_address


@pytest.fixture
def images(face: Face, server: LusidServer, stranger: Stranger, clock: FakeClock) -> Any:
    server.registry = stranger
    return pushing_images(face, server, clock)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    files, descriptor = oci_files(made(b"content " * 1000))
    return as_tar(tmp_path / "job.tar", layout(files, descriptor))


def failed(images: Any, source: Path, **options: Any) -> ImageApiError:
    """The error of a push; what interrupted it, if something did."""
    with pytest.raises(ImageApiError) as caught:
        images.push(source, NAME, **options)
    failure = caught.value
    if isinstance(failure, UploadInterrupted):
        assert isinstance(failure.__cause__, ImageApiError)
        return failure.__cause__
    return failure


def test_a_push_that_a_registry_confirms_step_by_step_succeeds(images: Any, stranger: Stranger, source: Path) -> None:
    pushed = images.push(source, NAME)
    steps = [(it.method, it.target.rpartition("/")[2]) for it in stranger.seen]
    after = steps[steps.index(("PUT", "1.4")) + 1 :]
    assert sorted(after) == sorted(
        [("GET", "1.4"), ("GET", pushed.digest), *(("HEAD", digest) for digest in stranger.blobs)]
    )


PAGE = (200, {"Content-Type": "text/html"}, b"<html>Welcome</html>")


@pytest.mark.parametrize(
    "reply", [(202, {"Location": UPLOAD}, b""), PAGE, (204, {}, b""), (206, {}, b""), (299, {}, b"")], ids=str
)
def test_whoever_says_the_same_to_everything_has_not_stored_an_image(
    images: Any, stranger: Stranger, source: Path, reply: Reply
) -> None:
    stranger.says = lambda _: reply
    assert isinstance(failed(images, source), UnexpectedReply)


@pytest.mark.parametrize("step", ["GET base", "HEAD blob", "POST blob", "PATCH blob", "PUT blob", "PUT manifest"])
def test_a_step_counts_as_done_by_the_statuses_that_the_protocol_declares_and_by_no_other(
    images: Any, stranger: Stranger, source: Path, step: str
) -> None:
    for status in (203, 206, 303):
        stranger.clear()
        reply = (status, {"Location": UPLOAD, "Content-Length": "0"}, b"")
        stranger.says = {step: reply}.get
        assert isinstance(failed(images, source), UnexpectedReply)


def test_a_push_ends_with_a_look_at_what_the_registry_hands_out(images: Any, stranger: Stranger, source: Path) -> None:
    stranger.says = {"GET manifest": (200, {}, b"{}")}.get
    assert isinstance(failed(images, source), VerificationFailed)


def test_a_registry_that_confirms_an_image_and_has_none_fails_verification(
    images: Any, stranger: Stranger, source: Path
) -> None:
    stranger.says = {"GET manifest": (404, {}, b"")}.get
    failure = failed(images, source)
    assert isinstance(failure, VerificationFailed)
    assert isinstance(failure.__cause__, NotFound)


def test_a_password_that_may_not_pull_does_if_the_registry_named_the_digest(
    images: Any, stranger: Stranger, source: Path
) -> None:
    _, descriptor = oci_files(made(b"content " * 1000))
    named = {"Docker-Content-Digest": descriptor["digest"]}
    stranger.says = {"GET manifest": (403, {}, b""), "PUT manifest": (201, named, b"")}.get
    assert images.push(source, NAME).digest == descriptor["digest"]
    stranger.says = {"GET manifest": (403, {}, b"")}.get
    assert failed(images, source).status == 403  # type: ignore[attr-defined]


ANOTHER = pytest.mark.parametrize(
    "headers", [{"Content-Length": "1"}, {"Docker-Content-Digest": "sha256:" + "0" * 64}], ids=str
)


@ANOTHER
def test_a_blob_of_another_size_or_digest_is_not_taken_for_there(
    images: Any, stranger: Stranger, source: Path, headers: dict[str, str]
) -> None:
    stranger.says = lambda step: (200, headers, b"") if step == "HEAD blob" and not stranger.manifests else None
    pushed = images.push(source, NAME)
    assert pushed.uploaded == pushed.size


@pytest.mark.parametrize("chunk_size", [None, 100], ids=["streamed", "in chunks"])
def test_a_registry_that_takes_blobs_and_keeps_none_fails_verification(
    images: Any, stranger: Stranger, source: Path, chunk_size: int | None
) -> None:
    stranger.says = {"HEAD blob": (404, {}, b"")}.get
    failure = failed(images, source, chunk_size=chunk_size)
    assert isinstance(failure, VerificationFailed)
    assert "/blobs/sha256:" in str(failure)
    assert "Push again" in str(failure)


def test_a_blob_that_was_there_and_is_gone_when_the_manifest_is_fails_verification(
    images: Any, stranger: Stranger, source: Path
) -> None:
    images.push(source, NAME)
    gone = min(stranger.blobs)

    def clears_away(step: str) -> None:
        if step == "PUT manifest":
            stranger.blobs.pop(gone, None)

    stranger.says = clears_away
    with pytest.raises(VerificationFailed, match=gone):
        images.push(source, NAME)


@ANOTHER
def test_a_blob_that_is_another_one_after_the_upload_fails_verification(
    images: Any, stranger: Stranger, source: Path, headers: dict[str, str]
) -> None:
    stranger.says = {"HEAD blob": (200, headers, b"")}.get
    assert isinstance(failed(images, source), VerificationFailed)


def test_a_registry_that_shows_its_blobs_a_moment_later_is_waited_for(
    images: Any, stranger: Stranger, source: Path
) -> None:
    late = iter(range(3))
    stranger.says = lambda step: (
        (404, {}, b"") if step == "HEAD blob" and stranger.manifests and next(late, None) is not None else None
    )
    assert images.push(source, NAME).uploaded


@pytest.mark.parametrize(
    "place",
    [
        "javascript:1",
        "http://[::1/x",
        "http://127.0.0.1:99999/x",
        "//user:not-a-secret@127.0.0.1/x",
        "http://a b/",
        "file:///etc/passwd",
        "",
    ],
)
def test_an_upload_goes_on_only_at_an_address(images: Any, stranger: Stranger, source: Path, place: str) -> None:
    stranger.says = {"POST blob": (202, {"Location": place}, b"")}.get
    failure = failed(images, source)
    assert isinstance(failure, UnexpectedReply)
    assert "not-a-secret" not in str(failure)


def test_a_fragment_of_an_uploads_address_does_not_swallow_the_digest(
    images: Any, stranger: Stranger, source: Path
) -> None:
    stranger.says = {"POST blob": (202, {"Location": UPLOAD + "?state=1#part"}, b"")}.get
    images.push(source, NAME, chunk_size=1 << 20)
    assert all("digest=sha256" in it.target for it in stranger.seen if it.method == "PUT" and UPLOAD in it.target)


@pytest.mark.parametrize("least", ["9" * 5000, "-1", "1e9", "NaN", "٣", ""])
def test_a_least_chunk_that_is_no_size_is_refused(images: Any, stranger: Stranger, source: Path, least: str) -> None:
    headers = {"Location": UPLOAD, "OCI-Chunk-Min-Length": least.encode().decode("latin-1")}
    stranger.says = {"POST blob": (202, headers, b"")}.get
    assert isinstance(failed(images, source, chunk_size=100), UnexpectedReply)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"errors": 1}',
        b'{"errors": [{"code": {"a": []}, "message": ["x"]}]}',
        b'{"errors": [{"code": "\\ud800", "message": "\\udfff"}]}',
        b'{"errors": [' + b"9" * 5000 + b"]}",
        b"\xff\xfe",
        json.dumps({"errors": [{"code": "A" * 100_000, "message": "B" * 100_000}]}).encode(),
    ],
    ids=lambda body: str(body[:20]),
)
def test_whatever_a_refusal_says_it_is_a_short_sentence_that_can_be_printed(
    images: Any, stranger: Stranger, source: Path, body: bytes
) -> None:
    stranger.says = {"POST blob": (500, {"Content-Type": "application/json"}, body)}.get
    failure = failed(images, source)
    assert isinstance(failure, ServerError)
    assert len(str(failure).encode()) < 2000


TOKENS: dict[str, bytes] = {
    "deep": b"[" * 100_000,
    "a list": b"[]",
    "a token of another type": b'{"token": {"a": 1}}',
    "a token that is no header": b'{"token": "a\\nb"}',
    "a token of surrogates": b'{"token": "\\ud800"}',
    "an empty token": b'{"token": ""}',
    "infinite, which is no JSON": b'{"token": "t", "expires_in": Infinity}',
}


@pytest.mark.parametrize("case", TOKENS)
def test_a_token_endpoint_that_gives_no_token_is_a_login_error(
    images: Any, stranger: Stranger, source: Path, case: str
) -> None:
    challenge = {"WWW-Authenticate": f'Bearer realm="{stranger.url}/v2/token",service="s"'}
    stranger.says = {"GET base": (401, challenge, b""), "GET blob": (200, {}, TOKENS[case])}.get
    assert isinstance(failed(images, source), LoginError)


@pytest.mark.parametrize("life", ["9" * 400, "-5", '"soon"', "[1]", "null", '"300"'])
def test_a_token_whose_life_is_no_number_of_seconds_is_used_all_the_same(
    images: Any, stranger: Stranger, source: Path, life: str
) -> None:
    token = f'{{"token": "a-token", "expires_in": {life}}}'.encode()
    challenge = {"WWW-Authenticate": f'Bearer realm="{stranger.url}/v2/token",service="s"'}
    stranger.says = {"GET base": (401, challenge, b""), "GET blob": (200, {}, token)}.get
    images.push(source, NAME)
    assert {it.headers["authorization"] for it in stranger.seen if "/manifests/" in it.target} == {"Bearer a-token"}


@pytest.mark.parametrize(
    "realm", ["http://user:not-a-secret@127.0.0.1/", "file:///x", "http://[", "//x", "x", "http://a b/"]
)
def test_a_token_endpoint_that_is_no_address_is_a_login_error(
    images: Any, stranger: Stranger, source: Path, realm: str
) -> None:
    stranger.says = {"GET base": (401, {"WWW-Authenticate": f'Bearer realm="{realm}"'}, b"")}.get
    failure = failed(images, source)
    assert isinstance(failure, LoginError)
    assert "not-a-secret" not in str(failure)


def test_a_challenge_of_any_length_is_read_at_once(images: Any, stranger: Stranger, source: Path) -> None:
    stranger.says = {"GET base": (401, {"WWW-Authenticate": "Bearer " + "a" * 60_000}, b"")}.get
    assert isinstance(failed(images, source), LoginError)


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_at_an_address_that_got_no_password_does_not_blame_one(
    images: Any, stranger: Stranger, source: Path, status: int
) -> None:
    with Stranger() as other:
        other.says = {"PATCH blob": (status, {}, b"")}.get
        stranger.says = {"POST blob": (202, {"Location": other.url + UPLOAD}, b"")}.get
        failure = str(failed(images, source))
    assert "No password was sent to this address" in failure
    assert "handed out" not in failure


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_by_the_registry_itself_blames_the_password(
    images: Any, stranger: Stranger, source: Path, status: int
) -> None:
    challenge = {"WWW-Authenticate": "Basic"}
    stranger.says = {"GET base": (401, challenge, b""), "POST blob": (status, challenge, b"")}.get
    assert "password that LUSID handed out" in str(failed(images, source))
