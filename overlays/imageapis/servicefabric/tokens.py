"""Tokens of Azure AD for a cluster: from an azure-identity credential, or from what sfctl has kept."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import attrs

from imageapis.core.login import request
from imageapis.core.secrets import Secret
from imageapis.core.tokens import Token, TokenAuth
from imageapis.errors import ImageApiError, LoginError

if TYPE_CHECKING:
    from imageapis.core.io import Io

#: The gateway's anonymous call that tells which application of Azure AD stands for the cluster.
METADATA = "/$/GetAadMetadata"


@attrs.frozen
class Authority:
    """What a cluster says of its Azure AD.

    Attributes:
        tenant: The tenant.
        cluster: The application that stands for the cluster; tokens are asked for it.
        client: The application that stands for clients.
        login: The address of Azure AD.
    """

    tenant: str
    cluster: str
    client: str
    login: str

    @property
    def scope(self) -> str:
        """What a token is asked for."""
        return f"{self.cluster}/.default"


async def authority(io: Io, endpoint: str) -> Authority:
    """Ask a cluster for its Azure AD. REST: `GetAadMetadata`.

    Raises:
        LoginError: The cluster does not use it, or says something else.
        ConnectionFailed: The cluster could not be reached.
    """
    response = await io.send(request(io, "GET", endpoint + METADATA, params={"api-version": "6.0"}))
    try:
        if response.status_code != 200:
            raise ValueError(f"status {response.status_code}")
        answer = response.json()
        if not answer.get("type"):
            raise LoginError(f"The cluster at {endpoint} does not use Azure AD. Log in with a client certificate.")
        metadata = answer["metadata"]
        return Authority(metadata["tenant"], metadata["cluster"], metadata.get("client", ""), metadata.get("login", ""))
    except (ValueError, KeyError, TypeError, AttributeError) as failure:
        raise LoginError(f"{endpoint} does not tell its Azure AD ({failure}). Is it a cluster's gateway?") from failure


class AzureAd(TokenAuth):
    """Tokens of an azure-identity credential, for the application that the cluster names."""

    def __init__(self, endpoint: str, credential: Any) -> None:
        super().__init__(leeway=300.0)
        self._endpoint = endpoint
        self._credential = credential

    async def fetch(self, io: Io, previous: Token | None) -> Token:
        """Ask the credential for a token; a blocking one is asked in a thread."""
        known = await authority(io, self._endpoint)
        get_token = self._credential.get_token
        try:
            if inspect.iscoroutinefunction(get_token):
                if not io.suspends:
                    raise LoginError(
                        "This is a credential of azure.identity.aio; the blocking client takes one of azure.identity."
                    )
                got = await get_token(known.scope)
            else:
                got = await io.run(get_token, known.scope)
        except ImageApiError:
            raise
        except Exception as failure:
            # azure.core.exceptions cannot be named here: the package is an extra.
            raise LoginError(
                f"The credential gave no token for {known.scope} of tenant {known.tenant}: {type(failure).__name__}. "
                "Log in anew, and see whether the credential is one of that tenant."
            ) from failure
        return Token(got.token, float(got.expires_on))


class KeptBySfctl(TokenAuth):
    """The token that `sfctl cluster select --aad` has kept, and the refresh token beside it."""

    def __init__(self, authority_uri: str, resource: str, client: str, kept: dict[str, Any]) -> None:
        super().__init__(leeway=300.0)
        self._authority = authority_uri.rstrip("/")
        self._resource = resource
        self._client = client
        self._access: Token | None = Token(kept["accessToken"], _local_time(kept.get("expiresOn")))
        refresh = kept.get("refreshToken")
        self._refresh = Secret(refresh) if refresh else None

    async def fetch(self, io: Io, previous: Token | None) -> Token:
        """Take the kept token first, and after it a refreshed one."""
        kept, self._access = self._access, None
        if kept is not None and (kept.expires is None or kept.expires - 300 > self._clock()):
            return kept
        if self._refresh is None:
            raise LoginError("The token that sfctl kept has expired: run `sfctl cluster select --aad` anew.")
        form = {
            "grant_type": "refresh_token",
            "refresh_token": self._refresh.reveal(),
            "client_id": self._client,
            "resource": self._resource,
        }
        response = await io.send(request(io, "POST", f"{self._authority}/oauth2/token", data=form))
        try:
            if response.status_code != 200:
                raise ValueError(f"status {response.status_code}")
            answer = response.json()
            if answer.get("refresh_token"):
                self._refresh = Secret(answer["refresh_token"])
            return Token(answer["access_token"], self._clock() + float(answer.get("expires_in", 600)))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise LoginError(
                f"{self._authority} does not renew the token that sfctl kept (status {response.status_code}): run "
                "`sfctl cluster select --aad` anew."
            ) from None


def _local_time(text: Any) -> float | None:
    """Return the time that sfctl's library writes: local, without a zone."""
    from datetime import datetime

    try:
        return datetime.fromisoformat(text).timestamp()
    except (TypeError, ValueError):
        return None
