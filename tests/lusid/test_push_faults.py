"""The push over a registry that misbehaves: the image is there in the end, or the error says what is wrong."""

from __future__ import annotations

import contextlib
import copy
import pickle
import socket
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import attrs
import httpx
import pytest

from imageapis.core.clock import Clock
from imageapis.errors import (
    BadRequest,
    ConnectionFailed,
    Forbidden,
    ImageApiError,
    LoginError,
    NotAuthenticated,
    NotFound,
    RateLimited,
    ServerError,
    SourceChanged,
    TooLarge,
    UnexpectedReply,
    UploadInterrupted,
    VerificationFailed,
)
from imageapis.lusid import InvalidImage, InvalidName, SchedulerImages
from imageapis.testing.lusid.server import Trouble
from imageapis.testing.registry.facade import RegistryFacade, RegistryFault, Store
from tests.lusid.conftest import open_images, pushing_images, token_login
from tests.lusid.local_images import SMALL, as_folder, docker_tar, layout, made, oci_files

if TYPE_CHECKING:
    from pathlib import Path

    from imageapis.testing.lusid import LusidServer
    from imageapis.testing.registry import DockerRegistry
    from tests.conftest import Face, FakeClock

NAME = "my-job:1.4"
ALWAYS = 999
UPLOADS = "/blobs/uploads/"


def fault(kind: str, method: str, where: str = UPLOADS, **options: Any) -> RegistryFault:
    return RegistryFault(kind, method, where, **options)


#: What goes wrong and what comes of it: `None` is a whole image.
TABLE: dict[str, tuple[list[RegistryFault], type[ImageApiError] | None]] = {
    "a PATCH is cut": ([fault("cut", "PATCH")], None),
    "a PATCH is cut twice": ([fault("cut", "PATCH", times=2)], None),
    "every PATCH is cut": ([fault("cut", "PATCH", times=ALWAYS)], ConnectionFailed),
    "a PATCH fails": ([fault("answer", "PATCH")], None),
    "every PATCH fails": ([fault("answer", "PATCH", times=ALWAYS)], ServerError),
    "a POST fails": ([fault("answer", "POST")], None),
    "a POST is cut": ([fault("cut", "POST")], None),
    "the PUT of a blob fails": ([fault("answer", "PUT")], None),
    "the PUT of a blob is cut": ([fault("cut", "PUT")], None),
    "the answer to the PUT of a blob is lost": ([fault("lose", "PUT", times=2)], None),
    "the answer to a PATCH is lost": ([fault("lose", "PATCH")], None),
    "the PUT of the manifest fails": ([fault("answer", "PUT", "/manifests/")], None),
    "the answer to the PUT of the manifest is lost": ([fault("lose", "PUT", "/manifests/")], None),
    "every manifest fails": ([fault("answer", "PUT", "/manifests/", times=ALWAYS)], ServerError),
    "a HEAD is busy": ([fault("answer", "HEAD", "/blobs/", status=503, headers={"Retry-After": "3"})], None),
    "a PATCH is one too many": ([fault("answer", "PATCH", status=429, headers={"Retry-After": "3"})], None),
    "every PATCH is one too many": ([fault("answer", "PATCH", status=429, times=ALWAYS)], RateLimited),
    "a blob is corrupted": ([fault("corrupt", "PATCH")], None),
    "every blob is corrupted": ([fault("corrupt", "PATCH", times=ALWAYS)], VerificationFailed),
    "the manifest is corrupted": ([fault("corrupt", "PUT", "/manifests/")], BadRequest),
    "an upload is forgotten": ([fault("answer", "PATCH", status=404, code="BLOB_UPLOAD_UNKNOWN")], None),
    "there is no such repository": ([fault("answer", "POST", status=404, code="NAME_UNKNOWN", times=ALWAYS)], NotFound),
    "pushing is not allowed": ([fault("answer", "POST", status=403, code="DENIED", times=ALWAYS)], Forbidden),
    "a blob is too large": ([fault("answer", "PATCH", status=413, times=ALWAYS)], TooLarge),
    "the password runs out": ([fault("answer", "PATCH", status=401)], None),
    "no password is taken": ([fault("answer", "PATCH", status=401, times=ALWAYS)], NotAuthenticated),
    "a POST tells no address": ([fault("answer", "POST", status=202, times=ALWAYS)], UnexpectedReply),
    "an upload goes on elsewhere": (
        [fault("answer", "POST", status=202, headers={"Location": "ftp://example.org/x"}, times=ALWAYS)],
        UnexpectedReply,
    ),
    "an upload is redirected": (
        [fault("answer", "PATCH", status=307, headers={"Location": "http://example.org/x"}, times=ALWAYS)],
        UnexpectedReply,
    ),
    "whoever asks may look": ([fault("answer", "GET", "/v2/", status=200)], None),
    "the first request fails": ([fault("answer", "GET", "/v2/")], None),
    "the registry has a login of its own": (
        [fault("answer", "GET", "/v2/", status=401, headers={"WWW-Authenticate": "Negotiate"})],
        LoginError,
    ),
    "the registry sends the password elsewhere": (
        [
            fault(
                "answer", "GET", "/v2/", status=401, headers={"WWW-Authenticate": 'Bearer realm="http://127.0.0.1:9/"'}
            )
        ],
        LoginError,
    ),
}


@pytest.fixture
def pushing(server: LusidServer, facade: RegistryFacade) -> LusidServer:
    server.registry = facade
    return server


@pytest.fixture
def images(face: Face, pushing: LusidServer, clock: FakeClock) -> Any:
    return pushing_images(face, pushing, clock)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return docker_tar(tmp_path / "job.tar", made(*SMALL))


@pytest.mark.parametrize("case", TABLE)
def test_the_image_is_complete_or_the_error_says_why(
    images: Any, facade: RegistryFacade, registry: DockerRegistry, source: Path, case: str
) -> None:
    faults, expected = TABLE[case]
    facade.faults = [attrs.evolve(it) for it in faults]
    if expected is None:
        pushed = images.push(source, NAME)
        assert registry.find("acme/my-job", "1.4") == (pushed.digest, pushed.size)
        assert facade.faults == []
        return
    with pytest.raises(ImageApiError) as caught:
        images.push(source, NAME)
    failure = caught.value
    if isinstance(failure, UploadInterrupted):
        assert failure.__cause__ is not None
        failure = failure.__cause__  # type: ignore[assignment]
    assert isinstance(failure, expected)
    assert registry.find("acme/my-job", "1.4") is None


#: What goes wrong with the token that a registry sells for the password.
TOKENS: dict[str, tuple[list[RegistryFault], type[ImageApiError] | None]] = {
    "the token runs out": ([fault("answer", "PATCH", status=401)], None),
    "the password runs out": ([fault("answer", "GET", "/oauth2/token", status=401)], None),
    "no password is taken": ([fault("answer", "GET", "/oauth2/token", status=401, times=ALWAYS)], NotAuthenticated),
    "the endpoint forbids it": ([fault("answer", "GET", "/oauth2/token", status=403, times=ALWAYS)], Forbidden),
    "the endpoint fails": ([fault("answer", "GET", "/oauth2/token")], None),
    "the endpoint fails always": ([fault("answer", "GET", "/oauth2/token", times=ALWAYS)], ServerError),
    "the endpoint gives none": ([fault("answer", "GET", "/oauth2/token", status=200, times=ALWAYS)], LoginError),
}


@pytest.mark.parametrize("case", TOKENS)
def test_a_token_that_cannot_be_had_is_a_typed_error(
    images: Any, facade: RegistryFacade, registry: DockerRegistry, source: Path, case: str
) -> None:
    faults, expected = TOKENS[case]
    facade.clear(registry, acr=True)
    facade.faults = [attrs.evolve(it) for it in faults]
    if expected is None:
        pushed = images.push(source, NAME)
        assert registry.find("acme/my-job", "1.4") == (pushed.digest, pushed.size)
        return
    with pytest.raises(ImageApiError) as caught:
        images.push(source, NAME)
    assert isinstance(caught.value.__cause__ or caught.value, expected)


def test_a_second_announcement_to_another_place_ends_the_push(
    images: Any, facade: RegistryFacade, pushing: LusidServer, source: Path
) -> None:
    facade.faults = [fault("answer", "PUT", "/manifests/", status=401)]

    def move(_: object) -> None:
        pushing.domain = "another"

    with pytest.raises(UnexpectedReply, match="another place"):
        images.push(source, NAME, progress=move)


def test_resuming_another_image_is_refused(images: Any, source: Path) -> None:
    with pytest.raises(InvalidName, match="other:1"):
        images.push(source, NAME, resume=images.start_upload("other:1"))


def test_a_chunk_has_at_least_a_byte(images: Any, server: LusidServer, source: Path) -> None:
    with pytest.raises(ValueError, match="chunk_size"):
        images.push(source, NAME, chunk_size=0)
    assert server.seen == []


@pytest.mark.parametrize("chunk_size", [None, 20_000])
@pytest.mark.parametrize("quirks", [{"ecr": True}, {"acr": True}, {"chunk_minimum": 50_000}], ids=str)
def test_the_quirks_of_registries_are_no_hindrance(
    images: Any, facade: RegistryFacade, registry: DockerRegistry, source: Path, quirks: Any, chunk_size: int | None
) -> None:
    facade.clear(registry, **quirks)
    pushed = images.push(source, NAME, chunk_size=chunk_size)
    assert registry.find("acme/my-job", "1.4") == (pushed.digest, pushed.size)
    if chunk_size is None:
        assert set(facade.chunks) == {None}
    else:
        size = quirks.get("chunk_minimum", chunk_size)
        assert set(facade.chunks) <= {f"{start}-{start + size - 1}" for start in range(0, 1_000_000, size)}


def test_the_proof_stays_with_the_registry_when_uploads_go_on_elsewhere(
    images: Any, facade: RegistryFacade, registry: DockerRegistry, source: Path
) -> None:
    with Store() as store:
        store.facade = facade
        facade.clear(registry, store=store)
        pushed = images.push(source, NAME)
        assert registry.find("acme/my-job", "1.4") == (pushed.digest, pushed.size)
        assert {it.method for it in store.seen} == {"PATCH", "PUT"}
        assert all("authorization" not in it.headers for it in store.seen)


def test_the_token_for_lusid_never_reaches_the_registry(images: Any, facade: RegistryFacade, source: Path) -> None:
    images.push(source, NAME)
    assert all("Bearer" not in it.headers.get("authorization", "") for it in facade.seen)
    assert all("not-a-secret-token" not in str(it) for it in facade.seen)


def test_a_registry_that_names_another_digest_fails_verification(
    images: Any, facade: RegistryFacade, registry: DockerRegistry, source: Path
) -> None:
    facade.clear(registry, digest="sha256:" + "0" * 64)
    with pytest.raises(VerificationFailed):
        images.push(source, NAME)


def test_a_password_that_runs_out_is_replaced_by_one_more_announcement(
    images: Any, facade: RegistryFacade, pushing: LusidServer, source: Path
) -> None:
    facade.faults = [fault("answer", "PATCH", status=401)]
    images.push(source, NAME)
    assert [it.method for it in pushing.seen] == ["POST", "POST"]


def test_passwords_that_live_shorter_than_a_push_are_replaced_as_often_as_needed(
    images: Any, facade: RegistryFacade, server: LusidServer, clock: FakeClock, tmp_path: Path
) -> None:
    server.expiry = timedelta(seconds=100)
    many = made(*(bytes([number]) * 100 for number in range(3)))

    def later(_: object) -> None:
        clock.sleep(200)
        server.expiry += timedelta(seconds=200)

    images.push(docker_tar(tmp_path / "many.tar", many), NAME, concurrency=1, progress=later)
    assert len(server.seen) == 5


def test_a_default_of_the_callers_own_http_client_stays_away_from_the_registry(
    pushing: LusidServer, facade: RegistryFacade, source: Path
) -> None:
    login = token_login(pushing)
    with (
        httpx.Client(headers={"Authorization": "Bearer of-another-service"}) as own,
        SchedulerImages(login, http_client=own) as images,
    ):
        images.push(source, NAME)
    assert not any("another-service" in it.headers.get("authorization", "") for it in facade.seen)


def test_a_clock_that_is_ahead_of_every_password_does_not_prevent_a_push(
    images: Any, pushing: LusidServer, clock: FakeClock, registry: DockerRegistry, source: Path
) -> None:
    clock.moment = time.time() + 10_000_000
    pushed = images.push(source, NAME)
    assert registry.find("acme/my-job", "1.4") == (pushed.digest, pushed.size)
    assert len(pushing.seen) == 2


def test_waits_between_tries_grow(images: Any, facade: RegistryFacade, clock: FakeClock, tmp_path: Path) -> None:
    facade.faults = [fault("answer", "PATCH", times=ALWAYS)]
    with pytest.raises(UploadInterrupted):
        images.push(docker_tar(tmp_path / "one.tar", made(b"one")), NAME, concurrency=1)
    assert clock.slept == [0.5, 1.0, 2.0]


def test_an_interrupted_push_goes_on_with_what_is_missing(
    images: Any, facade: RegistryFacade, pushing: LusidServer, source: Path
) -> None:
    facade.faults = [fault("answer", "PUT", "/manifests/", times=ALWAYS)]
    with pytest.raises(UploadInterrupted) as caught:
        images.push(source, NAME)
    assert caught.value.sent == caught.value.total
    facade.faults = []
    again = images.push(source, NAME, resume=caught.value.resume)
    assert again.uploaded == 0
    assert [it.method for it in pushing.seen] == ["POST"]


def test_a_resume_out_of_a_pickle_gets_another_password_first(
    images: Any, facade: RegistryFacade, pushing: LusidServer, source: Path
) -> None:
    facade.faults = [fault("answer", "PUT", "/manifests/", times=ALWAYS)]
    with pytest.raises(UploadInterrupted) as caught:
        images.push(source, NAME)
    pickled = pickle.dumps(caught.value)
    assert facade.password.encode() not in pickled
    facade.faults = []
    assert images.push(source, NAME, resume=pickle.loads(pickled).resume).uploaded == 0
    assert [it.method for it in pushing.seen] == ["POST", "POST"]


def test_copied_instructions_keep_their_password(images: Any, facade: RegistryFacade) -> None:
    instructions = images.start_upload(NAME)
    for it in (copy.copy(instructions), copy.deepcopy(instructions)):
        assert it.password.reveal() == facade.password


def test_an_interrupted_push_goes_on_with_the_newest_password(
    images: Any, facade: RegistryFacade, pushing: LusidServer, source: Path
) -> None:
    facade.faults = [
        fault("answer", "PUT", "/manifests/", status=401),
        fault("answer", "PUT", "/manifests/", times=ALWAYS),
    ]

    def prolong(_: object) -> None:
        pushing.expiry = timedelta(hours=99)

    with pytest.raises(UploadInterrupted) as caught:
        images.push(source, NAME, progress=prolong)
    assert caught.value.resume.expiry_time > datetime.now(UTC) + timedelta(hours=98)


def test_a_source_that_changes_meanwhile_is_not_completed(
    images: Any, facade: RegistryFacade, registry: DockerRegistry, source: Path
) -> None:
    def change(_: object) -> None:
        with source.open("ab") as file:
            file.write(b"more")

    with pytest.raises(SourceChanged):
        images.push(source, NAME, progress=change, concurrency=1)
    assert registry.find("acme/my-job", "1.4") is None


def test_a_damaged_layer_is_never_completed_in_the_registry(
    images: Any, facade: RegistryFacade, registry: DockerRegistry, tmp_path: Path
) -> None:
    files, descriptor = oci_files(made(*SMALL))
    largest = max(files, key=lambda name: len(files[name]))
    files[largest] = b"X" + files[largest][1:]
    for chunk_size in (None, 20_000):
        with pytest.raises(InvalidImage, match="damaged"):
            images.push(as_folder(tmp_path / "job", layout(files, descriptor)), NAME, chunk_size=chunk_size)
        assert not registry.holds("acme/my-job", "sha256:" + largest.rpartition("/")[2])
    assert registry.find("acme/my-job", "1.4") is None


def test_what_a_progress_function_raises_ends_the_push_as_itself(images: Any, source: Path) -> None:
    class Enough(Exception):
        pass

    def stop(_: object) -> None:
        raise Enough

    with pytest.raises(Enough):
        images.push(source, NAME, progress=stop)


def test_one_blob_at_a_time_is_one_after_the_other(images: Any, facade: RegistryFacade, tmp_path: Path) -> None:
    many = made(*(bytes([number]) * 100 for number in range(4)))
    images.push(docker_tar(tmp_path / "many.tar", many), NAME, concurrency=1)
    order = [it.method for it in facade.seen if "/blobs/" in it.target]
    assert order == ["HEAD", "POST", "PATCH", "PUT"] * 5 + ["HEAD"] * 5


def test_blobs_go_side_by_side_up_to_the_bound(images: Any, facade: RegistryFacade, tmp_path: Path) -> None:
    many = made(*(bytes([number]) * 100 for number in range(8)))
    facade.crowd = ("HEAD", 3)
    images.push(docker_tar(tmp_path / "many.tar", many), NAME, concurrency=3)
    assert facade.most == 3


def test_the_largest_blob_goes_first_so_that_none_is_left_alone_at_the_end(
    images: Any, facade: RegistryFacade, tmp_path: Path
) -> None:
    various = made(*(bytes([number]) * size for number, size in enumerate((100, 90_000, 30_000, 60_000))))
    images.push(docker_tar(tmp_path / "various.tar", various), NAME, concurrency=1)
    sizes = [int(it.headers["content-length"]) for it in facade.seen if it.method == "PATCH"]
    assert len(sizes) == 5
    assert sizes == sorted(sizes, reverse=True)


class Free(Clock):
    """The time on a machine on which nobody else wants a processor."""

    def waited(self) -> float:
        return 0.0


def test_where_a_round_trip_takes_long_many_blobs_go_at_a_time_from_the_start(
    face: Face, pushing: LusidServer, facade: RegistryFacade, tmp_path: Path
) -> None:
    many = made(*(bytes([number]) * 100 for number in range(14)))
    facade.delay = 0.05
    images = open_images(face, token_login(pushing), clock=Free())
    facade.crowd = ("HEAD", 12)
    images.push(docker_tar(tmp_path / "many.tar", many), NAME)
    assert facade.most >= 12


STEPS = [
    ("GET", "/v2/"),
    ("HEAD", "/blobs/"),
    ("POST", UPLOADS),
    ("PATCH", UPLOADS),
    ("PUT", UPLOADS),
    ("PUT", "/manifests/"),
    ("GET", "/manifests/"),
]


@pytest.mark.parametrize("status", [429, 500, 503])
@pytest.mark.parametrize("step", STEPS, ids=" ".join)
def test_tries_of_a_step_do_not_multiply(
    images: Any, facade: RegistryFacade, tmp_path: Path, step: tuple[str, str], status: int
) -> None:
    method, where = step
    facade.faults = [fault("answer", method, where, status=status, times=ALWAYS)]
    with pytest.raises(UploadInterrupted):
        images.push(docker_tar(tmp_path / "one.tar", made(b"one")), NAME, concurrency=1)
    assert len([it for it in facade.seen if it.method == method and where in it.target]) == 4


# The answer to HEAD ends with its head: there is no middle at which it could be cut.
@pytest.mark.parametrize("kind", ["cut", "lose"])
@pytest.mark.parametrize("step", [step for step in STEPS[1:] if step[0] != "HEAD"], ids=" ".join)
def test_tries_of_a_step_that_is_cut_do_not_multiply(
    images: Any, facade: RegistryFacade, tmp_path: Path, step: tuple[str, str], kind: str
) -> None:
    method, where = step
    facade.faults = [fault(kind, method, where, times=ALWAYS)]
    with contextlib.suppress(UploadInterrupted):  # the registry may hold it all the same, which the next look shows
        images.push(docker_tar(tmp_path / "one.tar", made(b"one")), NAME, concurrency=1)
    assert len([it for it in facade.seen if it.method == method and where in it.target]) <= 4


def test_a_registry_that_is_not_there_is_asked_as_often_as_retries_say(
    images: Any, pushing: LusidServer, clock: FakeClock, source: Path
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        pushing.registry = Nowhere(f"127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(UploadInterrupted, match="Nothing was sent"):
            images.push(source, NAME)
    assert len(clock.slept) == 3


@attrs.frozen
class Nowhere:
    """The address of a registry that does not listen."""

    host: str
    username: str = "AWS"
    password: str = "not-a-secret"

    def find(self, repository: str, tag: str) -> None:
        """Nothing is there."""


def test_a_wait_that_the_registry_asks_for_is_kept(
    images: Any, facade: RegistryFacade, clock: FakeClock, tmp_path: Path
) -> None:
    facade.faults = [fault("answer", "PATCH", status=503, headers={"Retry-After": "7"})]
    images.push(docker_tar(tmp_path / "one.tar", made(b"one")), NAME, concurrency=1)
    assert clock.slept == [7.0]


@pytest.mark.parametrize(
    ("statuses", "error", "tries"),
    [
        ([429], UploadInterrupted, 4),
        ([503], UploadInterrupted, 4),
        ([429, 503], UploadInterrupted, 4),
        ([500], UploadInterrupted, 1),
        ([403], Forbidden, 1),
    ],
    ids=str,
)
def test_tries_of_another_announcement_do_not_multiply(
    images: Any, pushing: LusidServer, tmp_path: Path, statuses: list[int], error: type[ImageApiError], tries: int
) -> None:
    lost = pickle.loads(pickle.dumps(images.start_upload(NAME)))
    pushing.troubles = [Trouble(status, body=b"{}") for status in statuses * 20]
    asked = len(pushing.seen)
    with pytest.raises(error):
        images.push(docker_tar(tmp_path / "one.tar", made(b"one")), NAME, concurrency=1, resume=lost)
    assert len(pushing.seen) - asked == tries


def test_another_announcement_that_failed_once_does_not_end_the_push(
    images: Any, pushing: LusidServer, tmp_path: Path
) -> None:
    lost = pickle.loads(pickle.dumps(images.start_upload(NAME)))
    pushing.troubles = [Trouble(503, body=b"{}")]
    assert images.push(docker_tar(tmp_path / "one.tar", made(b"one")), NAME, concurrency=1, resume=lost).size
