"""What every client does with a call: errors from answers, hooks, redirects, headers, closing."""

from __future__ import annotations

import logging
import traceback
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from imageapis.core.log import HideHeaders
from imageapis.core.login import Login
from imageapis.core.tokens import FixedToken
from imageapis.errors import (
    BadRequest,
    Conflict,
    ConnectionFailed,
    ImageApiError,
    InvalidArgument,
    LoginError,
    ServerError,
    StatusError,
    UnexpectedReply,
)
from tests.unit.raw_server import RawServer, whole
from tests.unit.toy import GET, Answer, AsyncToy, Toy, ToyServer, login

if TYPE_CHECKING:
    from tests.conftest import Face


def test_a_refusal_carries_the_services_own_words_and_request_id(face: Face) -> None:
    said = Answer(409, {"code": "TAKEN", "message": "it is taken"}, {"X-Toy-Id": "id-9"})
    with ToyServer(said) as server:
        toy = face.open(Toy, AsyncToy, login(server))
        with pytest.raises(Conflict) as caught:
            toy.get()
    error = caught.value
    assert (error.status, error.code, error.reason, error.request_id) == (409, "TAKEN", "it is taken", "id-9")
    assert str(error) == "GET /thing answered 409 (TAKEN: it is taken) [request id id-9]. Try something else."


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (500, b"<html>down</html>", "text/html"),
        (500, b"", "text/plain"),
        (500, b'{"code":', "application/json"),
        (500, b"[]", "application/json"),
        (500, b"null", "application/json"),
        (520, b"{}", "application/json"),
        (499, b"\xff\xfe", "text/plain"),
    ],
)
def test_an_outage_page_is_a_typed_error_too(face: Face, status: int, body: bytes, kind: str) -> None:
    with ToyServer(Answer(status, body, {"content-type": kind})) as server:
        toy = face.open(Toy, AsyncToy, login(server))
        with pytest.raises(StatusError) as caught:
            toy.get()
    assert caught.value.status == status
    assert isinstance(caught.value, ServerError) == (status >= 500)


@pytest.mark.parametrize("body", [b"<html>", b"", b"[]", b'{"number": "x"}', b'{"number": null}', b'{"other": 1}'])
def test_an_answer_that_makes_no_sense_is_an_unexpected_reply(face: Face, body: bytes) -> None:
    with ToyServer(Answer(200, body)) as server:
        toy = face.open(Toy, AsyncToy, login(server))
        with pytest.raises(UnexpectedReply):
            toy.number()


def test_a_redirect_is_not_followed(face: Face) -> None:
    with ToyServer() as other, ToyServer(Answer(307, None, {"location": other.url + "/thing"})) as server:
        toy = face.open(Toy, AsyncToy, Login(endpoint=server.url, auth=FixedToken("not-a-secret")))
        with pytest.raises(UnexpectedReply, match="redirect"):
            toy.get()
    assert other.seen == []


def test_a_redirect_is_not_followed_by_a_client_of_the_callers_own_either() -> None:
    with ToyServer() as other, ToyServer(Answer(307, None, {"location": other.url + "/thing"})) as server:
        with httpx.Client(follow_redirects=True) as mine, Toy(login(server), http_client=mine) as toy:
            with pytest.raises(UnexpectedReply):
                toy.get()
            assert mine.get(server.url).history  # it would have
    assert len(other.seen) == 1


def test_last_request_id_is_that_of_the_latest_answer(face: Face) -> None:
    with ToyServer(Answer(200, {}, {"X-Toy-Id": "one"}), Answer(200, {})) as server:
        toy = face.open(Toy, AsyncToy, login(server))
        assert toy.last_request_id is None
        toy.get()
        assert toy.last_request_id == "one"
        toy.get()
        assert toy.last_request_id is None


def test_hooks_see_each_request_and_answer(face: Face) -> None:
    seen: list[tuple[str, Any]] = []
    hooks = {
        "request": [lambda request: seen.append(("request", request.method))],
        "response": [lambda response: seen.append(("response", response.status_code))],
    }
    with ToyServer(Answer(200, {})) as server:
        face.open(Toy, AsyncToy, login(server), hooks=hooks).get()
    assert seen == [("request", "GET"), ("response", 200)]


def test_an_unknown_hook_is_refused(face: Face) -> None:
    with pytest.raises(ValueError, match="hooks takes"):
        face.open(Toy, AsyncToy, Login(endpoint="http://127.0.0.1"), hooks={"requests": []})


def test_any_generated_endpoint_can_be_called(face: Face) -> None:
    with ToyServer(Answer(200, {"number": 3})) as server:
        assert face.open(Toy, AsyncToy, login(server)).call(GET, name="y") == {"number": 3}
        assert server.seen[0].target == "/thing?name=y"


def test_the_user_agent_names_us_and_the_caller(face: Face) -> None:
    with ToyServer(Answer(200, {})) as server:
        face.open(Toy, AsyncToy, login(server), user_agent="mine/1").get()
    assert server.seen[0].headers["user-agent"].startswith("mine/1 imageapis/")


def test_clients_have_time_outs_by_default(face: Face) -> None:
    toy = face.open(Toy, AsyncToy, Login(endpoint="http://127.0.0.1"))
    timeout = toy.client._http.timeout
    assert (timeout.connect, timeout.read, timeout.write, timeout.pool) == (10, 60, 60, 60)


def test_a_clients_time_out_wins_over_its_logins(face: Face) -> None:
    given = Login(endpoint="http://127.0.0.1", timeout=5, retries=0)
    assert face.open(Toy, AsyncToy, given).client._http.timeout.read == 5
    assert face.open(Toy, AsyncToy, given, timeout=7).client._http.timeout.read == 7


def test_a_client_of_the_callers_own_stays_open_when_ours_is_closed() -> None:
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json={}))
    with httpx.Client(transport=transport) as mine:
        with Toy(Login(endpoint="http://x"), http_client=mine) as toy:
            toy.get()
        assert not mine.is_closed


def test_retries_hold_for_a_client_of_the_callers_own_too() -> None:
    answers = iter([httpx.Response(503), httpx.Response(200, json={"ok": True})])
    with httpx.Client(transport=httpx.MockTransport(lambda request: next(answers))) as mine:
        assert Toy(Login(endpoint="http://x"), http_client=mine).get() == {"ok": True}


def test_a_client_of_the_other_face_is_refused() -> None:
    with httpx.Client() as mine, pytest.raises(TypeError, match=r"httpx\.AsyncClient"):
        AsyncToy(Login(endpoint="http://x"), http_client=mine)  # type: ignore[arg-type]


def test_something_else_than_a_login_is_refused(face: Face) -> None:
    with pytest.raises(TypeError, match="takes a login"):
        face.open(Toy, AsyncToy, "http://127.0.0.1")


def test_no_concurrency_is_refused(face: Face) -> None:
    with pytest.raises(ValueError, match="1 to 1000"):
        face.open(Toy, AsyncToy, Login(endpoint="http://x"), concurrency=0)


def test_an_address_that_is_none_is_an_error_of_our_tree(face: Face) -> None:
    with pytest.raises(LoginError, match="is no address"):
        face.open(Toy, AsyncToy, Login(endpoint="nonsense"))


def test_the_log_holds_one_line_a_request_and_no_secret(face: Face, caplog: pytest.LogCaptureFixture) -> None:
    planted = "planted-not-a-secret"
    said = Answer(200, {"token": planted}, {"X-Subject-Token": planted, "Set-Cookie": planted, "X-Toy-Id": "id-3"})
    with caplog.at_level(logging.DEBUG), ToyServer(said) as server:
        face.open(Toy, AsyncToy, Login(endpoint=server.url, auth=FixedToken(planted))).get()
    ours = [record.getMessage() for record in caplog.records if record.name == "imageapis"]
    assert len(ours) == 1
    assert "GET" in ours[0]
    assert "id-3" in ours[0]
    assert planted not in caplog.text


def test_header_values_that_nobody_listed_are_masked_in_httpcores_log() -> None:
    text = "receive_response_headers.complete return_value=(201, [(b'X-New', b'it\\'s'), (b'Date', b'now')])"
    record = logging.LogRecord("httpcore.http11", logging.DEBUG, "", 1, text, None, None)
    HideHeaders().filter(record)
    assert "it" not in record.getMessage().split("[")[1].split("Date")[0].replace("b'***'", "")
    assert "(b'Date', b'now')" in record.getMessage()


def test_a_header_that_cannot_be_sent_shows_nowhere(face: Face, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with ToyServer() as server:
        toy = face.open(Toy, AsyncToy, login(server), user_agent="not-a-secret\n")
        with pytest.raises(ConnectionFailed, match="header") as caught:
            toy.get()
    assert caught.value.sent is False
    assert "not-a-secret" not in caplog.text + "".join(traceback.format_exception(caught.value))
    assert "Illegal header ***" in caplog.text


def test_bad_requests_are_not_tried_again(face: Face, clock: Any) -> None:
    with ToyServer(Answer(400, {"code": "NO"})) as server:
        toy = face.open(Toy, AsyncToy, login(server), clock=clock)
        with pytest.raises(BadRequest):
            toy.get()
    assert len(server.seen) == 1


def test_a_proxy_of_the_environment_that_is_none_is_a_login_error(face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "ftp://me:planted@proxy")
    with pytest.raises(LoginError, match="ALL_PROXY") as caught:
        face.open(Toy, AsyncToy, Login(endpoint="http://x"))
    assert caught.value.__context__ is None


def test_a_proxy_at_a_port_that_is_none_is_a_login_error(face: Face, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://me:planted@127.0.0.1:99999")
    with pytest.raises(LoginError, match="ALL_PROXY"):
        face.open(Toy, AsyncToy, Login(endpoint="http://x"))


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("status", ["407 planted-password", "502 cGxhbnRlZDpwbGFudGVkLXBhc3N3b3Jk"])
def test_what_a_proxy_repeats_of_its_password_shows_nowhere(
    face: Face, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, scheme: str, status: str
) -> None:
    caplog.set_level(logging.DEBUG)
    with RawServer(lambda _: [whole(b"planted-password", "Content-Type: text/plain", status=status)]) as proxy:
        monkeypatch.setenv("ALL_PROXY", proxy.url.replace("://", "://planted:planted-password@"))
        toy = face.open(Toy, AsyncToy, Login(endpoint=f"{scheme}://service.example"), retries=0)
        with pytest.raises(ImageApiError) as caught:
            toy.get()
    shown = "".join(traceback.format_exception(caught.value)) + caplog.text
    assert f" {status[:3]}" in shown
    assert "planted-password" not in shown
    assert "cGxhbnRlZDpwbGFudGVkLXBhc3N3b3Jk" not in shown


NAN = float("nan")


@pytest.mark.parametrize(
    "option",
    [
        {"deadline": NAN}, {"deadline": -1}, {"deadline": 10**400}, {"deadline": "5"}, {"timeout": NAN},
        {"timeout": -1.0}, {"timeout": httpx.Timeout(5, read=NAN)}, {"retries": NAN}, {"retries": -1},
        {"retries": float("inf")}, {"max_response_size": 0}, {"max_response_size": NAN},
    ],
    ids=str,
)  # fmt: skip
def test_an_option_that_is_no_number_of_its_kind_is_refused_at_once(face: Face, option: dict[str, Any]) -> None:
    said = r" (is a number of|takes a whole number|is at least)"
    with ToyServer() as server, pytest.raises(InvalidArgument, match=said):
        face.open(Toy, AsyncToy, login(server), **option)
