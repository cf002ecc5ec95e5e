# Generated from specs/servicefabric/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

from http import HTTPStatus
from typing import Any, cast

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.fabric_error import FabricError
from ...models.image_store_copy_description import ImageStoreCopyDescription
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: ImageStoreCopyDescription,
    api_version: str = "6.0",
    timeout: int | Unset = 60,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    params: dict[str, Any] = {}

    params["api-version"] = api_version

    params["timeout"] = timeout

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/ImageStore/$/Copy",
        "params": params,
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | FabricError | None:
    if response.status_code == 200:
        response_200 = cast(Any, None)
        return response_200

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
) -> Response[Any | FabricError]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: ImageStoreCopyDescription,
    api_version: str = "6.0",
    timeout: int | Unset = 60,
) -> Response[Any | FabricError]:
    """Copy a file or a folder inside the store

     Copies on the server, without sending the bytes through the client. A folder is copied only if it
    holds the `_.dir` mark, and an existing target folder is deleted first.

    Args:
        api_version (str):  Default: '6.0'.
        timeout (int | Unset):  Default: 60.
        body (ImageStoreCopyDescription): A copy inside the store.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | FabricError]
    """

    kwargs = _get_kwargs(
        body=body,
        api_version=api_version,
        timeout=timeout,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    body: ImageStoreCopyDescription,
    api_version: str = "6.0",
    timeout: int | Unset = 60,
) -> Any | FabricError | None:
    """Copy a file or a folder inside the store

     Copies on the server, without sending the bytes through the client. A folder is copied only if it
    holds the `_.dir` mark, and an existing target folder is deleted first.

    Args:
        api_version (str):  Default: '6.0'.
        timeout (int | Unset):  Default: 60.
        body (ImageStoreCopyDescription): A copy inside the store.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | FabricError
    """

    return sync_detailed(
        client=client,
        body=body,
        api_version=api_version,
        timeout=timeout,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    body: ImageStoreCopyDescription,
    api_version: str = "6.0",
    timeout: int | Unset = 60,
) -> Response[Any | FabricError]:
    """Copy a file or a folder inside the store

     Copies on the server, without sending the bytes through the client. A folder is copied only if it
    holds the `_.dir` mark, and an existing target folder is deleted first.

    Args:
        api_version (str):  Default: '6.0'.
        timeout (int | Unset):  Default: 60.
        body (ImageStoreCopyDescription): A copy inside the store.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | FabricError]
    """

    kwargs = _get_kwargs(
        body=body,
        api_version=api_version,
        timeout=timeout,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    body: ImageStoreCopyDescription,
    api_version: str = "6.0",
    timeout: int | Unset = 60,
) -> Any | FabricError | None:
    """Copy a file or a folder inside the store

     Copies on the server, without sending the bytes through the client. A folder is copied only if it
    holds the `_.dir` mark, and an existing target folder is deleted first.

    Args:
        api_version (str):  Default: '6.0'.
        timeout (int | Unset):  Default: 60.
        body (ImageStoreCopyDescription): A copy inside the store.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | FabricError
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            api_version=api_version,
            timeout=timeout,
        )
    ).parsed
