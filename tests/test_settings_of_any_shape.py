"""Settings of any type and shape, from arguments and files, make a login or end in a `LoginError`; never in another."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imageapis import lusid, openstack, servicefabric
from imageapis.errors import LoginError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from imageapis.core.login import Login

_WORDS = [
    "http://x",
    "https://u:p@h",
    "http://[",
    "http://x:99999",
    "javascript:1",
    "true",
    "all",
    "v3password",
    "2.35",
]
_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.sampled_from(_WORDS)
JSON = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def _some(names: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(names.split()), JSON, max_size=5)


_API = _some(
    "schedulerUrl tokenUrl username password clientId clientSecret accessToken applicationName correlationId "
    "clientCertificate totalTimeoutMs connectTimeoutMs rateLimitRetries baseUrl apiUrl"
)
_PROXY = _some("address port username password")
_AUTH = _some(
    "auth_url username password project_name project_id user_id user_domain_id domain_id system_scope trust_id token "
    "application_credential_id application_credential_secret application_credential_name default_domain_id"
)
_OPTIONS = _some(
    "region_name interface cacert cert key verify api_timeout compute_endpoint_override compute_default_microversion "
    "compute_service_type compute_service_name"
)
_OF_FILES = _some("regions auth_type profile insecure compute_interface identity_api_version")
_GOOD = {"auth_url": "http://k/v3", "password": "p", "user_id": "1", "project_id": "2"}
_NAMES = "endpoint security aad_token authority_uri aad_resource aad_client no_verify use_ca ca_path"
_LIKELY = ["aad", "pem", "https://x", '{"accessToken":"a","expiresOn":5}', "{}", "[]"]
_LINES = st.dictionaries(st.sampled_from(tuple(_NAMES.split(" "))), st.text(max_size=20) | st.sampled_from(_LIKELY))

any_shape = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def _use(login: Login) -> None:
    """Do what a client does with a login before it sends anything."""
    if login.verify is not None:
        login.verify()
    repr(login)


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith(("OS_", "FBN_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)


@any_shape
@given(st.fixed_dictionaries({}, optional={"api": _API | JSON, "proxy": _PROXY | JSON, "profiles": JSON}) | JSON)
def test_a_secrets_file(tmp_path: Path, content: Any) -> None:
    file = tmp_path / "secrets.json"
    file.write_text(json.dumps(content))
    with suppress(LoginError):
        _use(lusid.auth.secrets_file(file))
    with suppress(LoginError):
        str(lusid.auth.explain(file))


@any_shape
@given(_OPTIONS, _OF_FILES, _AUTH | JSON, st.booleans())
def test_a_cloud_of_a_file(tmp_path: Path, options: Any, more: Any, auth: Any, good: bool) -> None:
    entry = {**options, **more, "auth": {**_GOOD, **auth} if good and isinstance(auth, dict) else auth}
    (tmp_path / "clouds.json").write_text(json.dumps({"clouds": {"a": entry}}))
    with suppress(LoginError):
        _use(openstack.auth.cloud())


@any_shape
@given(_LINES)
def test_a_config_of_sfctl(tmp_path: Path, values: dict[str, str]) -> None:
    lines = ["[servicefabric]", *(f"{name} = {value}" for name, value in values.items())]
    (tmp_path / "config").write_bytes("\n".join(lines).encode("utf-8", "surrogatepass"))
    with suppress(LoginError):
        _use(servicefabric.auth.from_sfctl(tmp_path / "config"))


@any_shape
@given(_OPTIONS, JSON, JSON)
def test_arguments(options: Any, first: Any, second: Any) -> None:
    makers: tuple[Callable[[], Login], ...] = (
        lambda: servicefabric.auth.unsecured(first),
        lambda: servicefabric.auth.bearer(first, second),
        lambda: servicefabric.auth.bearer("https://x", second),
        lambda: lusid.auth.personal_access_token(scheduler_url=first, access_token=second),
        lambda: openstack.auth.token(auth_url=first, token=second, project_id="1"),
        lambda: openstack.auth.password(auth_url="http://k/v3", password=first, user_id=second, **options),
    )
    for make in makers:
        with suppress(LoginError):
            _use(make())
