# Generated from specs/servicefabric/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.fabric_error import FabricError
from ...models.folder_size_info import FolderSizeInfo
from ...types import UNSET, Response, Unset


def _get_kwargs(
    content_path: str,
    *,
    api_version: str = "6.5",
    timeout: int | Unset = 60,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["api-version"] = api_version

    params["timeout"] = timeout

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/ImageStore/{content_path}/$/FolderSize".format(
            content_path=quote(str(content_path), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> FabricError | FolderSizeInfo | None:
    if response.status_code == 200:
        response_200 = FolderSizeInfo.from_dict(response.json())

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
) -> Response[FabricError | FolderSizeInfo]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    content_path: str,
    *,
    client: AuthenticatedClient | Client,
    api_version: str = "6.5",
    timeout: int | Unset = 60,
) -> Response[FabricError | FolderSizeInfo]:
    """Size of a folder

     Returns the bytes in use below a folder.

    Args:
        content_path (str):
        api_version (str):  Default: '6.5'.
        timeout (int | Unset):  Default: 60.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[FabricError | FolderSizeInfo]
    """

    kwargs = _get_kwargs(
        content_path=content_path,
        api_version=api_version,
        timeout=timeout,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    content_path: str,
    *,
    client: AuthenticatedClient | Client,
    api_version: str = "6.5",
    timeout: int | Unset = 60,
) -> FabricError | FolderSizeInfo | None:
    """Size of a folder

     Returns the bytes in use below a folder.

    Args:
        content_path (str):
        api_version (str):  Default: '6.5'.
        timeout (int | Unset):  Default: 60.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        FabricError | FolderSizeInfo
    """

    return sync_detailed(
        content_path=content_path,
        client=client,
        api_version=api_version,
        timeout=timeout,
    ).parsed


async def asyncio_detailed(
    content_path: str,
    *,
    client: AuthenticatedClient | Client,
    api_version: str = "6.5",
    timeout: int | Unset = 60,
) -> Response[FabricError | FolderSizeInfo]:
    """Size of a folder

     Returns the bytes in use below a folder.

    Args:
        content_path (str):
        api_version (str):  Default: '6.5'.
        timeout (int | Unset):  Default: 60.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[FabricError | FolderSizeInfo]
    """

    kwargs = _get_kwargs(
        content_path=content_path,
        api_version=api_version,
        timeout=timeout,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    content_path: str,
    *,
    client: AuthenticatedClient | Client,
    api_version: str = "6.5",
    timeout: int | Unset = 60,
) -> FabricError | FolderSizeInfo | None:
    """Size of a folder

     Returns the bytes in use below a folder.

    Args:
        content_path (str):
        api_version (str):  Default: '6.5'.
        timeout (int | Unset):  Default: 60.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        FabricError | FolderSizeInfo
    """

    return (
        await asyncio_detailed(
            content_path=content_path,
            client=client,
            api_version=api_version,
            timeout=timeout,
        )
    ).parsed
