"""Logins: certificates that a server asks for late, Azure AD, tokens, and what sfctl has kept."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import ssl
from typing import TYPE_CHECKING, Any

import attrs
import pytest
import trustme

from imageapis.errors import ConnectionFailed, Forbidden, LoginError
from imageapis.servicefabric import AsyncImageStore, ImageStore, auth
from imageapis.testing.servicefabric import ServiceFabricServer
from imageapis.testing.servicefabric.tls import LateCertificateFront

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Face, FakeClock

CLUSTER = "6f1d2c3b-1111-4222-8333-444455556666"
AAD = {
    "login": "https://login.example",
    "authority": "https://login.example/tenant",
    "tenant": "tenant",
    "cluster": CLUSTER,
    "client": "client-app",
    "redirect": "urn:x",
}


@pytest.fixture(scope="module")
def authorities() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def files(authorities: trustme.CA, tmp_path: Path) -> dict[str, Path]:
    """A client's certificate in all forms."""
    from cryptography.hazmat.primitives.serialization import (
        BestAvailableEncryption,
        Encoding,
        PrivateFormat,
        load_pem_private_key,
        pkcs12,
    )
    from cryptography.x509 import load_pem_x509_certificate

    issued = authorities.issue_cert("admin@example.org")
    found = {name: tmp_path / f"{name}.pem" for name in ("ca", "both", "certificate", "key", "locked")}
    authorities.cert_pem.write_to_path(str(found["ca"]))
    issued.private_key_and_cert_chain_pem.write_to_path(str(found["both"]))
    issued.cert_chain_pems[0].write_to_path(str(found["certificate"]))
    issued.private_key_pem.write_to_path(str(found["key"]))
    key = load_pem_private_key(issued.private_key_pem.bytes(), None)
    encryption = BestAvailableEncryption(b"dummy")
    found["locked"].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption))
    found["pfx"] = tmp_path / "both.pfx"
    certificate = load_pem_x509_certificate(issued.cert_chain_pems[0].bytes())
    packed = pkcs12.serialize_key_and_certificates(b"x", key, certificate, None, encryption)  # type: ignore[arg-type]
    found["pfx"].write_bytes(packed)
    return found


@pytest.fixture
def front(server: ServiceFabricServer, authorities: trustme.CA) -> Iterator[LateCertificateFront]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authorities.issue_cert("127.0.0.1").configure_cert(context)
    authorities.configure_trust(context)
    with LateCertificateFront(server, context) as running:
        yield running


def test_trap_8_each_new_connection_is_primed_before_a_large_body(
    face: Face, clock: FakeClock, server: ServiceFabricServer, front: LateCertificateFront, files: dict[str, Path]
) -> None:
    login = auth.client_certificate(front.url, certificate=files["both"], ca=files["ca"])
    store = face.open(ImageStore, AsyncImageStore, login, clock=clock)
    content = bytes(range(256)) * 4096
    store.upload_file(content, "a", chunk_size=65_536, concurrency=3)
    store.put_file(content, "b")
    assert server.store.content("a") == server.store.content("b") == content
    assert front.refused == 0
    assert front.connections <= 4


def test_trap_8_without_priming_the_first_large_body_is_refused(
    face: Face, clock: FakeClock, front: LateCertificateFront, files: dict[str, Path]
) -> None:
    login = auth.client_certificate(front.url, certificate=files["both"], ca=files["ca"])
    login = attrs.evolve(login, auth=auth.unsecured(front.url).auth)
    store = face.open(ImageStore, AsyncImageStore, login, clock=clock, retries=0)
    with pytest.raises((Forbidden, ConnectionFailed)):
        store.put_file(bytes(5_000_000), "a")
    assert front.refused >= 1


@pytest.mark.parametrize(
    "how",
    [
        {"certificate": "certificate", "key": "key"},
        {"certificate": "certificate", "key": "locked", "password": "dummy"},
        {"certificate": "pfx", "password": "dummy"},
    ],
)
def test_certificates_come_in_every_usual_form(
    server: ServiceFabricServer, front: LateCertificateFront, files: dict[str, Path], how: dict[str, str]
) -> None:
    given: dict[str, Any] = {name: files.get(value, value) for name, value in how.items()}
    with ImageStore(auth.client_certificate(front.url, ca=files["ca"], **given)) as store:
        assert not store.exists("a")


def test_trap_8_a_403_without_a_body_is_explained(
    front: LateCertificateFront, server: ServiceFabricServer, files: dict[str, Path]
) -> None:
    login = auth.client_certificate(front.url, certificate=files["both"], ca=files["ca"])

    def without_certificate() -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(files["ca"]))

    with (
        ImageStore(attrs.evolve(login, verify=without_certificate)) as store,
        pytest.raises(Forbidden, match="client certificate is missing"),
    ):
        store.exists("a")


@pytest.mark.parametrize(
    "how",
    [
        {"certificate": "certificate"},
        {"certificate": "certificate", "key": "locked"},
        {"certificate": "certificate", "key": "locked", "password": "wrong"},
        {"certificate": "pfx", "password": "wrong"},
        {"certificate": "absent.pem"},
        {"certificate": "absent.pfx"},
        {"certificate": "both", "ca": "absent.pem"},
        {"certificate": "both", "ca": "key"},
    ],
)
def test_files_that_do_not_fit_are_login_errors_without_secrets(
    files: dict[str, Path], tmp_path: Path, how: dict[str, str]
) -> None:
    given: dict[str, Any] = {
        name: value if name == "password" else files.get(value, tmp_path / value) for name, value in how.items()
    }
    with pytest.raises(LoginError) as caught:
        ImageStore(auth.client_certificate("https://cluster:19080", **given))
    assert "wrong" not in str(caught.value).replace("wrong version", "")
    assert "wrong" not in repr(auth.client_certificate("https://cluster:19080", **given))


@pytest.mark.parametrize("endpoint", ["cluster:19080", "ftp://cluster", "", "http://"])
def test_addresses_that_are_none_are_refused(endpoint: str) -> None:
    with pytest.raises(LoginError, match="is no address"):
        auth.unsecured(endpoint)


def test_a_certificate_is_not_for_plain_http() -> None:
    with pytest.raises(LoginError, match="https only"):
        auth.client_certificate("http://cluster:19080", certificate="me.pem")


@attrs.define
class AccessToken:
    token: str
    expires_on: int


class Credential:
    """Gives tokens that count up."""

    def __init__(self, *, fails: bool = False) -> None:
        self.asked: list[str] = []
        self._fails = fails

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        self.asked += scopes
        if self._fails:
            raise RuntimeError("secret details")
        later = dt.datetime.now(dt.UTC).timestamp() + 3600
        return AccessToken(f"token-{len(self.asked)}", int(later))


class AsyncCredential(Credential):
    async def get_token(self, *scopes: str, **_: Any) -> AccessToken:  # type: ignore[override]
        return super().get_token(*scopes)


def test_azure_ad_asks_the_cluster_for_the_scope_and_the_credential_for_the_token(face: Face, clock: FakeClock) -> None:
    credential = Credential()
    with ServiceFabricServer(token="token-1", aad=AAD) as server:
        store = face.open(ImageStore, AsyncImageStore, auth.azure_ad(server.url, credential), clock=clock)
        for _ in range(2):
            assert not store.exists("a")
    assert credential.asked == [f"{CLUSTER}/.default"]


def test_a_token_that_the_gateway_does_not_take_any_more_is_renewed_once(face: Face, clock: FakeClock) -> None:
    credential = Credential()
    with ServiceFabricServer(token="token-2", aad=AAD) as server:
        store = face.open(ImageStore, AsyncImageStore, auth.azure_ad(server.url, credential), clock=clock)
        assert not store.exists("a")
        assert len(credential.asked) == 2
        server._token = "another"
        with pytest.raises(Forbidden, match="token of Azure AD"):
            store.exists("a")


def test_an_async_credential_serves_the_async_client_only(face: Face, clock: FakeClock) -> None:
    with ServiceFabricServer(token="token-1", aad=AAD) as server:
        login = auth.azure_ad(server.url, AsyncCredential())
        store = face.open(ImageStore, AsyncImageStore, login, clock=clock)
        if face.blocking:
            with pytest.raises(LoginError, match=r"azure\.identity\.aio"):
                store.exists("a")
        else:
            assert not store.exists("a")


def test_azure_ad_failures_say_what_to_do_and_keep_secrets(face: Face, clock: FakeClock) -> None:
    with ServiceFabricServer(token="x") as server:
        store = face.open(ImageStore, AsyncImageStore, auth.azure_ad(server.url, Credential()), clock=clock)
        with pytest.raises(LoginError, match="does not use Azure AD"):
            store.exists("a")
    with ServiceFabricServer(token="x", aad=AAD) as server:
        store = face.open(ImageStore, AsyncImageStore, auth.azure_ad(server.url, Credential(fails=True)), clock=clock)
        with pytest.raises(LoginError, match="the cluster's tenant") as caught:
            store.exists("a")
        assert "secret details" not in str(caught.value)
    with pytest.raises(TypeError, match="azure-identity credential"):
        auth.azure_ad("https://cluster:19080", "token")


@pytest.mark.parametrize(
    "named",
    [
        None,
        5,
        ["x"],
        "",
        "cluster-app",
        "https://vault.example",
        "https://graph.example/.default openid",
        f"{CLUSTER}/extra",
        "00000003-0000-0000-c000-000000000000",
        "022907d3-0f1b-48f7-badc-1ba6abab6d66",
        "499B84AC-1321-427F-AA17-267CA6975798",
        "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d",
        "6dae42f8-4368-4678-94ff-3960e28e3630",
        "ca7f3f0b-7d91-482c-8e09-c5d840d0eac5",
        "797F4846-BA00-4FD7-BA43-DAC1F8F63013",
    ],
)
def test_a_gateway_gets_no_token_for_what_is_no_clusters_application(face: Face, clock: FakeClock, named: Any) -> None:
    credential = Credential()
    with ServiceFabricServer(token="token-1", aad={**AAD, "cluster": named}) as server:
        store = face.open(ImageStore, AsyncImageStore, auth.azure_ad(server.url, credential), clock=clock)
        with pytest.raises(LoginError, match=r"names|cluster: text was expected"):
            store.exists("a")
    assert credential.asked == []


def test_an_application_that_the_caller_names_is_not_asked_for(face: Face, clock: FakeClock) -> None:
    credential = Credential()
    with ServiceFabricServer(token="token-1", aad={**AAD, "cluster": "another"}) as server:
        login = auth.azure_ad(server.url, credential, application="api://cluster")
        assert not face.open(ImageStore, AsyncImageStore, login, clock=clock).exists("a")
        assert [seen for seen in server.seen if "Aad" in seen.target] == []
    assert credential.asked == ["api://cluster/.default"]


@pytest.mark.parametrize("endpoint", ["http://cluster:19080", "HTTP://cluster:19080", "http://127.0.0.1.example"])
def test_a_token_goes_over_http_to_this_machine_only_unless_told_otherwise(endpoint: str) -> None:
    with pytest.raises(LoginError, match="unencrypted"):
        auth.bearer(endpoint, "not-a-secret")
    with pytest.raises(LoginError, match="unencrypted"):
        auth.azure_ad(endpoint, Credential())
    assert auth.bearer(endpoint, "not-a-secret", allow_http=True).endpoint.startswith("http://")
    assert auth.azure_ad(endpoint, Credential(), allow_http=True).endpoint.startswith("http://")


def test_a_bearer_token_is_sent_and_never_shown(face: Face, clock: FakeClock) -> None:
    with ServiceFabricServer(token="not-a-secret") as server:
        login = auth.bearer(server.url, "not-a-secret")
        store = face.open(ImageStore, AsyncImageStore, login, clock=clock)
        assert not store.exists("a")
        assert "not-a-secret" not in repr(login) + repr(login.auth)


def sfctl_config(tmp_path: Path, **values: str) -> Path:
    path = tmp_path / "config"
    path.write_text("[servicefabric]\n" + "\n".join(f"{name} = {value}" for name, value in values.items()) + "\n")
    return path


def test_from_sfctl_without_security(server: ServiceFabricServer, tmp_path: Path) -> None:
    login = auth.from_sfctl(sfctl_config(tmp_path, endpoint=server.url, security="none"))
    with ImageStore(login) as store:
        assert not store.exists("a")


@pytest.mark.parametrize("kind", ["pem", "cert", "no_verify"])
def test_from_sfctl_with_a_certificate(
    front: LateCertificateFront, server: ServiceFabricServer, files: dict[str, Path], tmp_path: Path, kind: str
) -> None:
    values = {"endpoint": front.url, "security": "pem", "pem_path": str(files["both"])}
    if kind == "cert":
        values |= {"security": "cert", "cert_path": str(files["certificate"]), "key_path": str(files["key"])}
    values |= {"no_verify": "true"} if kind == "no_verify" else {"use_ca": "true", "ca_path": str(files["ca"])}
    with ImageStore(auth.from_sfctl(sfctl_config(tmp_path, **values))) as store:
        assert store.put_file(bytes(100_000), "a").size == 100_000


def test_from_sfctl_with_a_kept_token_that_is_still_good(face: Face, clock: FakeClock, tmp_path: Path) -> None:
    kept = {"accessToken": "kept", "expiresOn": "2999-01-01 00:00:00.000000", "userId": "me"}
    with ServiceFabricServer(token="kept") as server:
        values = {"authority_uri": "http://127.0.0.1:1/t", "aad_resource": "r", "aad_client": "c"}
        path = sfctl_config(tmp_path, endpoint=server.url, security="aad", aad_token=json.dumps(kept), **values)
        store = face.open(ImageStore, AsyncImageStore, auth.from_sfctl(path), clock=clock)
        assert not store.exists("a")
        server._token = "another"
        with pytest.raises(LoginError, match="cluster select --aad"):
            store.exists("a")


_AAD_CONFIG = (
    "[servicefabric]\nendpoint = https://x:1\nsecurity = aad\nauthority_uri = https://login.example/t\n"
    "aad_resource = r\naad_client = c\n"
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[other]\nendpoint = http://x:1\n",
        "[servicefabric]\nsecurity = none\n",
        "no section",
        "[servicefabric]\nendpoint = https://x:1\nsecurity = pem\n",
        "[servicefabric]\nendpoint = https://x:1\nsecurity = aad\naad_token = {broken\n",
    ],
)
def test_a_config_of_sfctl_that_tells_too_little_is_a_login_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config"
    path.write_text(text)
    with pytest.raises(LoginError, match="cluster select"):
        auth.from_sfctl(path)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_child_takes_the_token_that_sfctl_has_kept_as_well(tmp_path: Path) -> None:
    kept = {"accessToken": "kept", "expiresOn": "2999-01-01 00:00:00.000000"}
    with ServiceFabricServer(token="kept") as server:
        text = _AAD_CONFIG.replace("https://x:1", server.url) + f"aad_token = {json.dumps(kept)}\n"
        (tmp_path / "config").write_text(text)
        with ImageStore(auth.from_sfctl(tmp_path / "config")) as store:
            assert not store.exists("a")
            child = os.fork()
            if not child:
                signal.alarm(20)
                os._exit(int(store.exists("a")))
            assert os.waitpid(child, 0)[1] == 0


@pytest.mark.parametrize(
    "text",
    [
        "[servicefabric]\nendpoint = https://x:1\nPLANTED",
        "[servicefabric]\nendpoint = https://x:1\nendpoint = PLANTED",
        "PLANTED",
        "[servicefabric]\nendpoint = https://me:PLANTED@x:1\n",
        "[servicefabric]\nendpoint = me:PLANTED@x:1\n",
        _AAD_CONFIG + "aad_token = {PLANTED\n",
        _AAD_CONFIG + 'aad_token = "PLANTED"\n',
        _AAD_CONFIG + "aad_token = " + "[" * 100_000 + "\n",
        _AAD_CONFIG + 'aad_token = {"accessToken": 5}\n',
        _AAD_CONFIG + 'aad_token = {"accessToken": "PLANTED\\n"}\n'.replace("PLANTED", "PLAN\\u0007TED"),
        _AAD_CONFIG.replace("https://login", "http://login") + 'aad_token = {"accessToken": "PLANTED"}\n',
    ],
)
def test_a_torn_config_of_sfctl_shows_nothing_of_its_token(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config"
    path.write_text(text)
    with pytest.raises(LoginError) as caught:
        auth.from_sfctl(path)
    assert "PLANTED" not in str(caught.value)
    assert caught.value.__context__ is None


def test_a_missing_config_of_sfctl_is_a_login_error(tmp_path: Path) -> None:
    with pytest.raises(LoginError, match="cannot be read"):
        auth.from_sfctl(tmp_path / "none")
