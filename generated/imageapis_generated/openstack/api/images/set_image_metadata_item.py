# Generated from specs/openstack/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.fault import Fault
from ...models.image_meta_key_put_req import ImageMetaKeyPutReq
from ...models.meta_answer import MetaAnswer
from ...types import Response


def _get_kwargs(
    image_id: str,
    key: str,
    *,
    body: ImageMetaKeyPutReq,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/v2.1/images/{image_id}/metadata/{key}".format(
            image_id=quote(str(image_id), safe=""),
            key=quote(str(key), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
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
    body: ImageMetaKeyPutReq,
) -> Response[Fault | MetaAnswer]:
    """Set one metadata item

     Adds or changes one item; its name stands in the path and in the body. The answer repeats the
    request, also for names that the server drops.

    Args:
        image_id (str):
        key (str):
        body (ImageMetaKeyPutReq): One metadata item.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Fault | MetaAnswer]
    """

    kwargs = _get_kwargs(
        image_id=image_id,
        key=key,
        body=body,
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
    body: ImageMetaKeyPutReq,
) -> Fault | MetaAnswer | None:
    """Set one metadata item

     Adds or changes one item; its name stands in the path and in the body. The answer repeats the
    request, also for names that the server drops.

    Args:
        image_id (str):
        key (str):
        body (ImageMetaKeyPutReq): One metadata item.

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
        body=body,
    ).parsed


async def asyncio_detailed(
    image_id: str,
    key: str,
    *,
    client: AuthenticatedClient | Client,
    body: ImageMetaKeyPutReq,
) -> Response[Fault | MetaAnswer]:
    """Set one metadata item

     Adds or changes one item; its name stands in the path and in the body. The answer repeats the
    request, also for names that the server drops.

    Args:
        image_id (str):
        key (str):
        body (ImageMetaKeyPutReq): One metadata item.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Fault | MetaAnswer]
    """

    kwargs = _get_kwargs(
        image_id=image_id,
        key=key,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    image_id: str,
    key: str,
    *,
    client: AuthenticatedClient | Client,
    body: ImageMetaKeyPutReq,
) -> Fault | MetaAnswer | None:
    """Set one metadata item

     Adds or changes one item; its name stands in the path and in the body. The answer repeats the
    request, also for names that the server drops.

    Args:
        image_id (str):
        key (str):
        body (ImageMetaKeyPutReq): One metadata item.

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
            body=body,
        )
    ).parsed
