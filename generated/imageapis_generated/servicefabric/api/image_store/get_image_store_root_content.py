# Generated from specs/servicefabric/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

from http import HTTPStatus
from typing import Any, cast

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.fabric_error import FabricError
from ...models.image_store_content import ImageStoreContent
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    api_version: str = "6.0",
    timeout: int | Unset = 60,
    continuation_token: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["api-version"] = api_version

    params["timeout"] = timeout

    params["ContinuationToken"] = continuation_token

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/ImageStore",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | FabricError | ImageStoreContent | None:
    if response.status_code == 200:
        response_200 = ImageStoreContent.from_dict(response.json())

        return response_200

    if response.status_code == 204:
        response_204 = cast(Any, None)
        return response_204

    if response.status_code == 404:
        response_404 = cast(Any, None)
        return response_404

    if 400 <= response.status_code <= 499:
        response_4xx = FabricError.from_dict(response.json())

        return response_4xx

    if 500 <= response.status_code <= 599:
        response_5xx = FabricError.from_dict(response.json())

        return response_5xx

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Any | FabricError | ImageStoreContent]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    api_version: str = "6.0",
    timeout: int | Unset = 60,
    continuation_token: str | Unset = UNSET,
) -> Response[Any | FabricError | ImageStoreContent]:
    """List the root of the store

     Returns the files and folders at the top of the store.

    Args:
        api_version (str):  Default: '6.0'.
        timeout (int | Unset):  Default: 60.
        continuation_token (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | FabricError | ImageStoreContent]
    """

    kwargs = _get_kwargs(
        api_version=api_version,
        timeout=timeout,
        continuation_token=continuation_token,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    api_version: str = "6.0",
    timeout: int | Unset = 60,
    continuation_token: str | Unset = UNSET,
) -> Any | FabricError | ImageStoreContent | None:
    """List the root of the store

     Returns the files and folders at the top of the store.

    Args:
        api_version (str):  Default: '6.0'.
        timeout (int | Unset):  Default: 60.
        continuation_token (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | FabricError | ImageStoreContent
    """

    return sync_detailed(
        client=client,
        api_version=api_version,
        timeout=timeout,
        continuation_token=continuation_token,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    api_version: str = "6.0",
    timeout: int | Unset = 60,
    continuation_token: str | Unset = UNSET,
) -> Response[Any | FabricError | ImageStoreContent]:
    """List the root of the store

     Returns the files and folders at the top of the store.

    Args:
        api_version (str):  Default: '6.0'.
        timeout (int | Unset):  Default: 60.
        continuation_token (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | FabricError | ImageStoreContent]
    """

    kwargs = _get_kwargs(
        api_version=api_version,
        timeout=timeout,
        continuation_token=continuation_token,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    api_version: str = "6.0",
    timeout: int | Unset = 60,
    continuation_token: str | Unset = UNSET,
) -> Any | FabricError | ImageStoreContent | None:
    """List the root of the store

     Returns the files and folders at the top of the store.

    Args:
        api_version (str):  Default: '6.0'.
        timeout (int | Unset):  Default: 60.
        continuation_token (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | FabricError | ImageStoreContent
    """

    return (
        await asyncio_detailed(
            client=client,
            api_version=api_version,
            timeout=timeout,
            continuation_token=continuation_token,
        )
    ).parsed
