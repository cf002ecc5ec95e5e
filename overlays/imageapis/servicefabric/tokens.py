"""Tokens of Azure AD for a cluster: from an azure-identity credential, or from what sfctl has kept."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any

from imageapis.core.decoding import MISSHAPEN
from imageapis.core.login import answered, request
from imageapis.core.secrets import Secret
from imageapis.core.tokens import Token, TokenAuth, lifetime
from imageapis.errors import ImageApiError, LoginError
from imageapis_generated.servicefabric import endpoints

if TYPE_CHECKING:
    from imageapis.core.io import Io
    from imageapis_generated.servicefabric.values import AadMetadataObject

#: Seconds that a renewed token lives if its reply does not say.
LIFETIME = 600.0

_APPLICATION = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: Ids of Microsoft's own services: Graph and its kin, Resource Manager, Key Vault, Storage, SQL, DevOps, Databricks,
#: Kubernetes, Log Analytics. A token for one of these, given to whoever answers as a gateway, would open more than a
#: cluster. No such list is whole: who knows the cluster's application names it.
_MICROSOFTS = re.compile(
    r"0000.*|797f4846-ba00-4fd7-ba43-dac1f8f63013|cfa8b339-82a2-471a-a3c9-0fc0be7a4093"
    r"|e406a681-f3d4-42a8-90b6-c2b029497af1|022907d3-0f1b-48f7-badc-1ba6abab6d66"
    r"|499b84ac-1321-427f-aa17-267ca6975798|2ff814a6-3304-4ab8-85cb-cd0e6f879c1d"
    r"|6dae42f8-4368-4678-94ff-3960e28e3630|ca7f3f0b-7d91-482c-8e09-c5d840d0eac5"
)


async def cluster_application(io: Io, endpoint: str) -> str:
    """Ask a cluster for the application that stands for it in Azure AD. REST: `GetAadMetadata`.

    Raises:
        LoginError: The cluster does not use Azure AD, or names what is no cluster's application.
        ConnectionFailed: The cluster could not be reached.
    """
    call = endpoints.get_aad_metadata.build()
    response = await io.send(request(io, call.method, f"{endpoint}{call.path}?{call.query}"))
    told: AadMetadataObject | None = None
    why = f"status {response.status_code}"
    try:
        told = endpoints.get_aad_metadata.parse(response)
    except MISSHAPEN as problem:
        why += f", {problem}"
    if told is None or told.metadata is None:
        raise LoginError(f"{endpoint} does not tell its Azure AD ({why}). Is it a cluster's gateway?")
    if not told.type:
        raise LoginError(f"The cluster at {endpoint} does not use Azure AD. Log in with a client certificate.")
    named = told.metadata.cluster
    if named is None or not _APPLICATION.fullmatch(named.lower()) or _MICROSOFTS.fullmatch(named.lower()):
        raise LoginError(
            f"The gateway at {endpoint} names {str(named)[:80]!r} as its application, for which no token is asked: it "
            "is not the id of a cluster's application. If it is right, name it: azure_ad(…, application=…)."
        )
    return named


class AzureAd(TokenAuth):
    """Tokens of an azure-identity credential.

    Args:
        endpoint: The gateway, which is asked for the application.
        credential: The credential.
        application: The application, if the caller names it.
    """

    def __init__(self, endpoint: str, credential: Any, application: str | None = None) -> None:
        super().__init__(leeway=300.0)
        self._endpoint = endpoint
        self._credential = credential
        self._application = application

    def __str__(self) -> str:
        return "with tokens of Azure AD"

    async def fetch(self, io: Io, previous: Token | None) -> Token:
        """Ask the credential for a token; a blocking one is asked in a thread."""
        scope = f"{self._application or await cluster_application(io, self._endpoint)}/.default"
        get_token = self._credential.get_token
        awaited = inspect.iscoroutinefunction(get_token)
        if awaited and not io.suspends:
            raise LoginError(
                "This is a credential of azure.identity.aio; the blocking client takes one of azure.identity."
            )
        try:
            got = await get_token(scope) if awaited else await io.run(get_token, scope)
            return Token(got.token, float(got.expires_on))
        except ImageApiError:
            raise
        except Exception as failure:
            # azure.core.exceptions cannot be named here: the package is an extra. What it says may hold what was sent.
            kind = type(failure).__name__
        raise LoginError(
            f"The credential gave no token for {scope}: {kind}. Log in anew, and see whether the credential is one of "
            "the cluster's tenant."
        )


class SfctlToken(TokenAuth):
    """The token that `sfctl cluster select --aad` has kept, and the refresh token beside it."""

    def __init__(self, authority_uri: str, resource: str, client: str, kept: dict[str, Any]) -> None:
        super().__init__(leeway=300.0)
        self._authority = authority_uri.rstrip("/")
        self._resource = resource
        self._client = client
        self._access = Token(kept["accessToken"], _local_time(kept.get("expiresOn")))
        refresh = kept.get("refreshToken")
        self._refresh = Secret(refresh) if refresh else None

    def __str__(self) -> str:
        return "with the token of Azure AD that sfctl kept"

    async def fetch(self, io: Io, previous: Token | None) -> Token:
        """Take the kept token first, and after it a refreshed one."""
        kept = self._access
        refused = previous is not None and previous.value == kept.value
        if not refused and (kept.expires is None or kept.expires - 300 > self._clock()):
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
        reply = answered(response)
        if response.status_code != 200 or not isinstance(reply.get("access_token"), str):
            raise LoginError(
                f"{self._authority} does not renew the token that sfctl kept (status {response.status_code}): run "
                "`sfctl cluster select --aad` anew."
            )
        renewed = reply.get("refresh_token")
        if renewed and isinstance(renewed, str):
            self._refresh = Secret(renewed)
        return Token(reply["access_token"], self._clock() + lifetime(reply.get("expires_in"), LIFETIME))


def _local_time(text: Any) -> float | None:
    """Return the time that sfctl's library writes: local, without a zone."""
    from datetime import datetime

    try:
        return datetime.fromisoformat(text).timestamp()
    except (TypeError, ValueError, OverflowError, OSError):
        return None
