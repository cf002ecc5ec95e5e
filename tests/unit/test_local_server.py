"""The local servers' common base: what is left when one ends."""

from __future__ import annotations

import gc

import pytest

from tests.unit.toy import ToyServer


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_a_server_that_is_stopped_before_it_has_begun_leaves_no_socket_open() -> None:
    for _ in range(10):
        with ToyServer():
            pass
    gc.collect()
