"""Logins: tokens that are fetched, kept, renewed and replayed; a failed fetch that blocks nobody."""

from __future__ import annotations

import base64
import socketserver
import threading
from typing import TYPE_CHECKING, Any, ClassVar

import attrs
import pytest

from imageapis.core.secrets import Secret
from imageapis.errors import ConnectionFailed, LoginError, NotAuthenticated
from imageapis.lusid import SchedulerImages, auth
from imageapis.lusid.tokens import PasswordAuth
from imageapis.testing.lusid import Trouble
from imageapis.testing.lusid.images import new_image
from tests.lusid.conftest import open_images, password_login, token_login

if TYPE_CHECKING:
    from pathlib import Path

    from imageapis.core.login import Login
    from imageapis.testing.lusid import LusidServer
    from tests.conftest import Face, FakeClock


@pytest.fixture(autouse=True)
def _image(server: LusidServer) -> None:
    server.add(new_image("a", ["1"]))


def timed_login(server: LusidServer, clock: FakeClock) -> Login:
    """A password login whose tokens age by the given clock."""
    oauth = server.oauth
    timed = PasswordAuth(
        token_url=server.token_url,
        username=oauth.username,
        password=Secret(oauth.password),
        client_id=oauth.client_id,
        client_secret=Secret(oauth.client_secret),
        clock=clock.time,
    )
    return attrs.evolve(password_login(server), auth=timed)


def test_nothing_is_asked_before_the_first_call(face: Face, server: LusidServer) -> None:
    images = open_images(face, password_login(server))
    assert server.seen == []
    images.image("a:1")
    assert [it.target.rpartition("/")[2] for it in server.seen] == ["token", "a%3A1"]


def test_every_field_arrives_as_it_was_given(face: Face, server: LusidServer) -> None:
    open_images(face, password_login(server)).image("a:1")
    assert server.oauth.fields == [
        {
            "grant_type": "password",
            "username": "svc+a&b@example.org",
            "password": "not-a-secret",
            "scope": "openid client groups offline_access",
            "client_id": "client",
            "client_secret": "not-a-secret-either",
        }
    ]


def test_a_token_serves_many_calls(face: Face, server: LusidServer) -> None:
    images = open_images(face, password_login(server))
    for _ in range(3):
        images.image("a:1")
    assert server.oauth.grants == ["password"]


def test_a_token_is_renewed_before_its_end(face: Face, server: LusidServer, clock: FakeClock) -> None:
    images = open_images(face, timed_login(server, clock), clock=clock)
    images.image("a:1")
    clock.sleep(3545)
    images.image("a:1")
    images.image("a:1")
    assert server.oauth.grants == ["password", "refresh_token"]
    assert server.oauth.fields[1]["refresh_token"] == "renew+1/&="


def test_each_refresh_token_is_used_once_where_they_rotate(face: Face, server: LusidServer, clock: FakeClock) -> None:
    images = open_images(face, timed_login(server, clock), clock=clock)
    for _ in range(3):
        images.image("a:1")
        clock.sleep(3600)
    assert server.oauth.grants == ["password", "refresh_token", "refresh_token"]
    assert [it.get("refresh_token") for it in server.oauth.fields] == [None, "renew+1/&=", "renew+2/&="]


def test_a_refresh_token_is_kept_where_they_do_not_rotate(face: Face, server: LusidServer, clock: FakeClock) -> None:
    server.oauth.rotates = False
    images = open_images(face, timed_login(server, clock), clock=clock)
    for _ in range(3):
        images.image("a:1")
        clock.sleep(3600)
    assert server.oauth.grants == ["password", "refresh_token", "refresh_token"]


def test_without_a_refresh_token_the_password_is_used_again(face: Face, server: LusidServer, clock: FakeClock) -> None:
    server.oauth.refreshes = False
    images = open_images(face, timed_login(server, clock), clock=clock)
    images.image("a:1")
    clock.sleep(3600)
    images.image("a:1")
    assert server.oauth.grants == ["password", "password"]


def test_a_refused_refresh_falls_back_to_the_password(face: Face, server: LusidServer, clock: FakeClock) -> None:
    images = open_images(face, timed_login(server, clock), clock=clock)
    images.image("a:1")
    server.oauth.revoke(refresh=True)
    images.image("a:1")
    assert server.oauth.grants == ["password", "refresh_token", "password"]


def test_a_token_without_a_lifetime_lives_an_hour(face: Face, server: LusidServer, clock: FakeClock) -> None:
    server.oauth.lifetime = None
    images = open_images(face, timed_login(server, clock), clock=clock)
    images.image("a:1")
    clock.sleep(3500)
    images.image("a:1")
    assert server.oauth.grants == ["password"]
    clock.sleep(100)
    images.image("a:1")
    assert len(server.oauth.grants) == 2


def test_a_refused_token_is_renewed_and_the_call_replayed_once(face: Face, server: LusidServer) -> None:
    images = open_images(face, password_login(server))
    images.image("a:1")
    server.oauth.revoke()
    assert images.image("a:1").name == "a"
    assert server.oauth.grants == ["password", "refresh_token"]
    assert [it.target.rpartition("/")[2] for it in server.seen[2:]] == ["a%3A1", "token", "a%3A1"]


def test_a_call_that_stays_refused_is_replayed_only_once(face: Face, server: LusidServer) -> None:
    images = open_images(face, password_login(server))
    server.troubles.append(Trouble(401, times=99))
    with pytest.raises(NotAuthenticated):
        images.image("a:1")
    assert [it.target.rpartition("/")[2] for it in server.seen] == ["token", "a%3A1", "token", "a%3A1"]


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (Trouble(400, body=b'{"error":"invalid_grant","error_description":"No."}', where="oauth2"), "invalid_grant"),
        (Trouble(401, body=b'{"error":"invalid_client"}', where="oauth2"), "invalid_client"),
        (Trouble(502, body=b"<html>Bad gateway</html>", where="oauth2"), "later"),
        (Trouble(429, times=99, where="oauth2"), "later"),
        (Trouble(200, body=b"<html>Welcome</html>", where="oauth2"), "token endpoint"),
        (Trouble(200, body=b"[]", where="oauth2"), "token endpoint"),
        (Trouble(200, body=b'{"access_token":""}', where="oauth2"), "token endpoint"),
        (Trouble(302, headers={"Location": "/login"}, where="oauth2"), "302"),
    ],
    ids=lambda it: str(it.status) if isinstance(it, Trouble) else it,
)
def test_a_failed_fetch_is_an_error_each_time_and_blocks_nothing(
    face: Face, server: LusidServer, clock: FakeClock, trouble: Trouble, said: str
) -> None:
    images = open_images(face, password_login(server), clock=clock)
    trouble = attrs.evolve(trouble, times=max(2, trouble.times))
    server.troubles.append(trouble)
    for _ in range(2):
        with pytest.raises(LoginError, match=said):
            images.image("a:1")
    server.troubles.clear()
    assert images.image("a:1").name == "a"


def test_a_login_service_that_asks_to_wait_is_waited_for(face: Face, server: LusidServer, clock: FakeClock) -> None:
    images = open_images(face, password_login(server), clock=clock)
    server.troubles.append(Trouble(429, headers={"Retry-After": "4"}, where="oauth2"))
    assert images.image("a:1").name == "a"
    assert clock.slept == [4]


def test_a_login_service_that_is_not_there_is_a_connection_error(face: Face, server: LusidServer) -> None:
    images = open_images(face, password_login(server, token_url="http://127.0.0.1:9/token"))
    with pytest.raises(ConnectionFailed):
        images.image("a:1")


def test_one_fetch_serves_all_who_wait(server: LusidServer) -> None:
    with SchedulerImages(password_login(server)) as images:
        threads = [threading.Thread(target=images.image, args=("a:1",)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
    assert server.oauth.grants == ["password"]
    assert len(server.seen) == 9


def test_a_token_file_is_read_again_when_it_changes(face: Face, server: LusidServer, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f" {server.access_token}\n")
    login = auth.from_env(scheduler_url=server.scheduler_url, access_token_file=str(file))
    images = open_images(face, login)
    images.image("a:1")
    server.access_token = "the next one"
    replacement = tmp_path / "new"
    replacement.write_text("the next one\n")
    replacement.replace(file)
    images.image("a:1")
    assert len(server.seen) == 2


def test_a_token_file_that_holds_a_refused_token_is_not_asked_for_ever(
    face: Face, server: LusidServer, tmp_path: Path
) -> None:
    file = tmp_path / "token"
    file.write_text("wrong")
    images = open_images(face, auth.from_env(scheduler_url=server.scheduler_url, access_token_file=str(file)))
    with pytest.raises(NotAuthenticated):
        images.image("a:1")
    assert len(server.seen) == 1


@pytest.mark.parametrize("content", [None, "", " \n", "a\nb", "\udce4"])
def test_a_token_file_without_a_token_is_a_login_error(
    face: Face, server: LusidServer, tmp_path: Path, content: str | None
) -> None:
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content.encode("utf-8", "surrogateescape"))
    images = open_images(face, auth.from_env(scheduler_url=server.scheduler_url, access_token_file=str(file)))
    with pytest.raises(LoginError, match="token file"):
        images.image("a:1")


def test_application_and_correlation_are_sent_as_headers(face: Face, server: LusidServer) -> None:
    login = token_login(server, application_name="my app", correlation_id="run-7.a#b:c_d")
    open_images(face, login).image("a:1")
    headers = server.seen[0].headers
    assert (headers["x-lusid-application"], headers["correlationid"]) == ("my app", "run-7.a#b:c_d")


def test_a_slow_login_does_not_stall_the_event_loop(server: LusidServer) -> None:
    import anyio

    from imageapis.lusid import AsyncSchedulerImages

    asked, moved = threading.Event(), threading.Event()
    answer = server.oauth.answer
    in_time: list[bool] = []

    async def slow(request: Any) -> Any:
        asked.set()
        for _ in range(3000):
            if moved.is_set():
                break
            await anyio.sleep(0.01)
        in_time.append(moved.is_set())
        return await answer(request)

    async def tick() -> None:
        while not asked.is_set():  # noqa: ASYNC110 - it is set in another event loop
            await anyio.sleep(0.001)
        moved.set()

    async def main() -> None:
        async with AsyncSchedulerImages(password_login(server)) as images, anyio.create_task_group() as group:
            group.start_soon(tick)
            await images.image("a:1")

    server.oauth.answer = slow  # type: ignore[method-assign]
    anyio.run(main)
    assert in_time == [True]


@pytest.mark.parametrize(
    "wrong",
    [
        {"scheduler_url": "acme.lusid.com/scheduler2"},
        {"scheduler_url": ""},
        {"scheduler_url": "ftp://acme.lusid.com"},
        {"scheduler_url": "https://acme.lusid.com:port"},
        {"access_token": " "},
        {"access_token": "a\nb"},
        {"correlation_id": "no spaces"},
        {"correlation_id": "x" * 257},
        {"application_name": "a\r\nb"},
        {"proxy": "proxy.example:8080"},
    ],
    ids=str,
)
def test_settings_that_cannot_be_ones_are_refused_at_once(wrong: dict[str, Any]) -> None:
    settings = {"scheduler_url": "https://acme.lusid.com/scheduler2", "access_token": "not-a-secret", **wrong}
    with pytest.raises(LoginError):
        auth.personal_access_token(**settings)


def test_a_file_that_is_no_ca_is_a_login_error(server: LusidServer, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    with pytest.raises(LoginError, match=r"ca\.pem"):
        SchedulerImages(token_login(server, ca=str(tmp_path / "ca.pem")))


class Proxy(socketserver.BaseRequestHandler):
    """Answers every request itself, as an HTTP proxy that asks nobody."""

    seen: ClassVar[list[bytes]] = []

    def handle(self) -> None:
        data = b""
        while b"\r\n\r\n" not in data:
            data += self.request.recv(65536)
        self.seen.append(data)
        body = b'{"name":"a"}'
        self.request.sendall(
            b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
        )


def test_requests_go_through_the_proxy_with_its_own_login(face: Face) -> None:
    Proxy.seen.clear()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Proxy) as proxy:
        threading.Thread(target=proxy.serve_forever, args=(0.01,), daemon=True).start()
        login = auth.personal_access_token(
            scheduler_url="http://acme.invalid/scheduler2",
            access_token="not-a-secret",
            proxy=f"http://127.0.0.1:{proxy.server_address[1]}",
            proxy_username="me@acme",
            proxy_password="not:a/secret",
        )
        assert open_images(face, login).image("a:1").name == "a"
        proxy.shutdown()
    [request] = Proxy.seen
    assert request.startswith(b"GET http://acme.invalid/scheduler2/api/images/a%3A1 HTTP/1.1\r\n")
    proof = base64.b64encode(b"me@acme:not:a/secret")
    assert b"proxy-authorization: basic " + proof.lower() in request.lower()
