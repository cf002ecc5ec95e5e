# Generated from specs/openstack/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.fault import Fault
from ...models.meta_answer import MetaAnswer
from ...types import Response


def _get_kwargs(
    image_id: str,
    key: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v2.1/images/{image_id}/metadata/{key}".format(
            image_id=quote(str(image_id), safe=""),
            key=quote(str(key), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Fault | MetaAnswer | None:
    if response.status_code == 200:
        response_200 = MetaAnswer.from_dict(response.json())

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
) -> Response[Fault | MetaAnswer]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    image_id: str,
    key: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[Fault | MetaAnswer]:
    """Read one metadata item

     Returns one metadata item by its name.

    Args:
        image_id (str):
        key (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Fault | MetaAnswer]
    """

    kwargs = _get_kwargs(
        image_id=image_id,
        key=key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    image_id: str,
    key: str,
    *,
    client: AuthenticatedClient | Client,
) -> Fault | MetaAnswer | None:
    """Read one metadata item

     Returns one metadata item by its name.

    Args:
        image_id (str):
        key (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Fault | MetaAnswer
    """

    return sync_detailed(
        image_id=image_id,
        key=key,
        client=client,
    ).parsed


async def asyncio_detailed(
    image_id: str,
    key: str,
    *,
    client: AuthenticatedClient | Client,
) -> Response[Fault | MetaAnswer]:
    """Read one metadata item

     Returns one metadata item by its name.

    Args:
        image_id (str):
        key (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Fault | MetaAnswer]
    """

    kwargs = _get_kwargs(
        image_id=image_id,
        key=key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    image_id: str,
    key: str,
    *,
    client: AuthenticatedClient | Client,
) -> Fault | MetaAnswer | None:
    """Read one metadata item

     Returns one metadata item by its name.

    Args:
        image_id (str):
        key (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Fault | MetaAnswer
    """

    return (
        await asyncio_detailed(
            image_id=image_id,
            key=key,
            client=client,
        )
    ).parsed
