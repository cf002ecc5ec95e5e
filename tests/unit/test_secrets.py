"""Secrets as they come in: what is refused, what shows, what a pickle holds, and how their files are read."""

from __future__ import annotations

import copy
import os
import pickle
from typing import TYPE_CHECKING, Any

import pytest

from imageapis.core.secrets import LARGEST_FILE, Secret, masked, read_file
from imageapis.errors import LoginError

if TYPE_CHECKING:
    from pathlib import Path


def test_a_pickle_of_a_secret_does_not_hold_it() -> None:
    secret = Secret("PLANTED")
    packed = pickle.dumps(secret)
    assert b"PLANTED" not in packed
    lost = pickle.loads(packed)
    assert lost.lost
    with pytest.raises(LoginError, match="left out of pickles"):
        lost.reveal()


def test_a_copy_of_a_secret_holds_it() -> None:
    secret = Secret("x")
    assert not secret.lost
    assert copy.copy(secret).reveal() == copy.deepcopy(secret).reveal() == "x"


@pytest.mark.parametrize("value", [None, 5, b"PLANTED", "PLANTED\udc80"])
def test_what_is_no_text_is_no_secret_and_is_not_quoted(value: Any) -> None:
    with pytest.raises(LoginError) as caught:
        Secret(value)
    assert "PLANTED" not in str(caught.value)


@pytest.mark.parametrize("form", ["p @/ss", "p%20%40%2Fss", "p+%40%2Fss"])
def test_a_secret_that_is_echoed_is_masked_in_all_its_forms(form: str) -> None:
    assert masked(f"<{form}>", [Secret("p @/ss"), None, Secret("")]) == "<***>"


def test_a_file_is_read_without_its_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_bytes(b"\xef\xbb\xbfabc")
    assert read_file(file, "The file") == "abc"


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (_fifo, "no regular file"),
        (lambda path: path.mkdir(), "directory|regular"),
        (lambda path: path.symlink_to("/dev/zero"), "no regular file"),
        (_large, "larger than"),
        (lambda path: path.write_bytes(b"PLANTED\xff"), "no text in UTF-8"),
        (lambda path: None, "No such file"),
    ],
)
def test_what_is_no_file_of_settings_is_refused_at_once(tmp_path: Path, make: Any, why: str) -> None:
    make(tmp_path / "x")
    with pytest.raises(LoginError, match=why) as caught:
        read_file(tmp_path / "x", "The file")
    assert caught.value.__context__ is None
    assert "PLANTED" not in str(caught.value)
