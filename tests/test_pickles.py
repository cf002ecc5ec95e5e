"""Logins and clients that are to go to another process: no pickle holds a secret, and what cannot go says why."""

from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING, Any

import pytest

from imageapis import lusid, openstack, servicefabric
from imageapis.core.tokens import Token
from imageapis.errors import LoginError

if TYPE_CHECKING:
    from collections.abc import Callable

PLANTED = "PLANTED"
WHERE = "https://service.example"
LOGINS: dict[str, Callable[[], Any]] = {
    "bearer": lambda: servicefabric.auth.bearer(WHERE, PLANTED),
    "personal access token": lambda: lusid.auth.personal_access_token(scheduler_url=WHERE, access_token=PLANTED),
    "password of LUSID": lambda: lusid.auth.password(
        scheduler_url=WHERE,
        token_url=WHERE,
        username="u",
        password=PLANTED,
        client_id="c",
        client_secret=PLANTED,
    ),
    "password of OpenStack": lambda: openstack.auth.password(
        auth_url=WHERE, user_id="u", password=PLANTED, project_id="p"
    ),
    "token of OpenStack": lambda: openstack.auth.token(auth_url=WHERE, token=PLANTED, project_id="p"),
}


@pytest.mark.parametrize("kind", LOGINS)
def test_a_pickle_of_a_login_holds_no_secret(kind: str) -> None:
    login = LOGINS[kind]()
    try:
        pickled = pickle.dumps(login)
    except LoginError as failure:
        pickled = str(failure).encode()
        assert b"Make the login where it is used" in pickled
    assert PLANTED.encode() not in pickled


def test_a_token_that_was_fetched_stays_behind() -> None:
    login = LOGINS["password of OpenStack"]()
    login.auth._here.get().token = Token("PLANTED-token")
    assert b"PLANTED" not in pickle.dumps(login)
    assert login.auth.current is not None
    assert pickle.loads(pickle.dumps(login)).auth.current is None


def test_a_login_can_be_copied() -> None:
    login = LOGINS["bearer"]()
    assert copy.copy(login).auth is login.auth
    assert "PLANTED" in copy.deepcopy(login).auth._fixed.value


@pytest.mark.parametrize("make", [pickle.dumps, copy.deepcopy], ids=["pickle", "deepcopy"])
@pytest.mark.parametrize("kind", [servicefabric.ImageStore, servicefabric.AsyncImageStore], ids=["blocking", "async"])
def test_a_client_and_its_pager_say_why_they_cannot_go(kind: Any, make: Callable[[Any], Any]) -> None:
    client = kind(servicefabric.auth.unsecured(WHERE))
    for thing in (client, client.list()):
        with pytest.raises(TypeError, match="Make a client where it is used"):
            make(thing)
