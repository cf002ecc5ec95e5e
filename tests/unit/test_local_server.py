"""The local servers' common base: what they need, and what is left when one ends."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from tests.unit.toy import ToyServer


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_a_server_that_is_stopped_before_it_has_begun_leaves_no_socket_open() -> None:
    for _ in range(10):
        with ToyServer():
            pass
    gc.collect()


@pytest.mark.parametrize("package", ["lusid", "openstack", "registry", "servicefabric"])
def test_without_the_extra_the_error_says_what_to_install(package: str) -> None:
    code = f"import sys; sys.modules['uvicorn'] = None; import imageapis.testing.{package}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.splitlines()[-1] == (
        "ModuleNotFoundError: The local servers are an extra (uvicorn is not there): pip install 'imageapis[testing]'."
    )
