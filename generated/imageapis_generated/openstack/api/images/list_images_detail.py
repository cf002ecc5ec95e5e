# Generated from specs/openstack/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

import datetime
from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.fault import Fault
from ...models.image_list import ImageList
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    changes_since: datetime.datetime | Unset = UNSET,
    server: str | Unset = UNSET,
    name: str | Unset = UNSET,
    status: str | Unset = UNSET,
    min_disk: int | Unset = UNSET,
    min_ram: int | Unset = UNSET,
    type_: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    marker: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_changes_since: str | Unset = UNSET
    if not isinstance(changes_since, Unset):
        json_changes_since = changes_since.isoformat()
    params["changes-since"] = json_changes_since

    params["server"] = server

    params["name"] = name

    params["status"] = status

    params["minDisk"] = min_disk

    params["minRam"] = min_ram

    params["type"] = type_

    params["limit"] = limit

    params["marker"] = marker

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v2.1/images/detail",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Fault | ImageList | None:
    if response.status_code == 200:
        response_200 = ImageList.from_dict(response.json())

        return response_200

    if 400 <= response.status_code <= 499:
        response_4xx = Fault.from_dict(response.json())

        return response_4xx

    if 500 <= response.status_code <= 599:
        response_5xx = Fault.from_dict(response.json())

        return response_5xx

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[Fault | ImageList]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient | Client,
    changes_since: datetime.datetime | Unset = UNSET,
    server: str | Unset = UNSET,
    name: str | Unset = UNSET,
    status: str | Unset = UNSET,
    min_disk: int | Unset = UNSET,
    min_ram: int | Unset = UNSET,
    type_: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    marker: str | Unset = UNSET,
) -> Response[Fault | ImageList]:
    """List images with details

     Returns every field of each image that the project can see, newest first. Without a limit everything
    comes in one answer.

    Args:
        changes_since (datetime.datetime | Unset):
        server (str | Unset):
        name (str | Unset):
        status (str | Unset):
        min_disk (int | Unset):
        min_ram (int | Unset):
        type_ (str | Unset):
        limit (int | Unset):
        marker (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Fault | ImageList]
    """

    kwargs = _get_kwargs(
        changes_since=changes_since,
        server=server,
        name=name,
        status=status,
        min_disk=min_disk,
        min_ram=min_ram,
        type_=type_,
        limit=limit,
        marker=marker,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient | Client,
    changes_since: datetime.datetime | Unset = UNSET,
    server: str | Unset = UNSET,
    name: str | Unset = UNSET,
    status: str | Unset = UNSET,
    min_disk: int | Unset = UNSET,
    min_ram: int | Unset = UNSET,
    type_: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    marker: str | Unset = UNSET,
) -> Fault | ImageList | None:
    """List images with details

     Returns every field of each image that the project can see, newest first. Without a limit everything
    comes in one answer.

    Args:
        changes_since (datetime.datetime | Unset):
        server (str | Unset):
        name (str | Unset):
        status (str | Unset):
        min_disk (int | Unset):
        min_ram (int | Unset):
        type_ (str | Unset):
        limit (int | Unset):
        marker (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Fault | ImageList
    """

    return sync_detailed(
        client=client,
        changes_since=changes_since,
        server=server,
        name=name,
        status=status,
        min_disk=min_disk,
        min_ram=min_ram,
        type_=type_,
        limit=limit,
        marker=marker,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient | Client,
    changes_since: datetime.datetime | Unset = UNSET,
    server: str | Unset = UNSET,
    name: str | Unset = UNSET,
    status: str | Unset = UNSET,
    min_disk: int | Unset = UNSET,
    min_ram: int | Unset = UNSET,
    type_: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    marker: str | Unset = UNSET,
) -> Response[Fault | ImageList]:
    """List images with details

     Returns every field of each image that the project can see, newest first. Without a limit everything
    comes in one answer.

    Args:
        changes_since (datetime.datetime | Unset):
        server (str | Unset):
        name (str | Unset):
        status (str | Unset):
        min_disk (int | Unset):
        min_ram (int | Unset):
        type_ (str | Unset):
        limit (int | Unset):
        marker (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Fault | ImageList]
    """

    kwargs = _get_kwargs(
        changes_since=changes_since,
        server=server,
        name=name,
        status=status,
        min_disk=min_disk,
        min_ram=min_ram,
        type_=type_,
        limit=limit,
        marker=marker,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient | Client,
    changes_since: datetime.datetime | Unset = UNSET,
    server: str | Unset = UNSET,
    name: str | Unset = UNSET,
    status: str | Unset = UNSET,
    min_disk: int | Unset = UNSET,
    min_ram: int | Unset = UNSET,
    type_: str | Unset = UNSET,
    limit: int | Unset = UNSET,
    marker: str | Unset = UNSET,
) -> Fault | ImageList | None:
    """List images with details

     Returns every field of each image that the project can see, newest first. Without a limit everything
    comes in one answer.

    Args:
        changes_since (datetime.datetime | Unset):
        server (str | Unset):
        name (str | Unset):
        status (str | Unset):
        min_disk (int | Unset):
        min_ram (int | Unset):
        type_ (str | Unset):
        limit (int | Unset):
        marker (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Fault | ImageList
    """

    return (
        await asyncio_detailed(
            client=client,
            changes_since=changes_since,
            server=server,
            name=name,
            status=status,
            min_disk=min_disk,
            min_ram=min_ram,
            type_=type_,
            limit=limit,
            marker=marker,
        )
    ).parsed
