# Generated from specs/openstack/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.fault import Fault
from ...models.image_metadata_put_req import ImageMetadataPutReq
from ...models.metadata_answer import MetadataAnswer
from ...types import Response


def _get_kwargs(
    image_id: str,
    *,
    body: ImageMetadataPutReq,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/v2.1/images/{image_id}/metadata".format(
            image_id=quote(str(image_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Fault | MetadataAnswer | None:
    if response.status_code == 200:
        response_200 = MetadataAnswer.from_dict(response.json())

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
) -> Response[Fault | MetadataAnswer]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    image_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: ImageMetadataPutReq,
) -> Response[Fault | MetadataAnswer]:
    """Replace all metadata of an image

     Stores exactly the items sent and removes the others; the answer repeats the request.

    Args:
        image_id (str):
        body (ImageMetadataPutReq): Metadata to store instead of all that is there.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Fault | MetadataAnswer]
    """

    kwargs = _get_kwargs(
        image_id=image_id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    image_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: ImageMetadataPutReq,
) -> Fault | MetadataAnswer | None:
    """Replace all metadata of an image

     Stores exactly the items sent and removes the others; the answer repeats the request.

    Args:
        image_id (str):
        body (ImageMetadataPutReq): Metadata to store instead of all that is there.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Fault | MetadataAnswer
    """

    return sync_detailed(
        image_id=image_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    image_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: ImageMetadataPutReq,
) -> Response[Fault | MetadataAnswer]:
    """Replace all metadata of an image

     Stores exactly the items sent and removes the others; the answer repeats the request.

    Args:
        image_id (str):
        body (ImageMetadataPutReq): Metadata to store instead of all that is there.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Fault | MetadataAnswer]
    """

    kwargs = _get_kwargs(
        image_id=image_id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    image_id: str,
    *,
    client: AuthenticatedClient | Client,
    body: ImageMetadataPutReq,
) -> Fault | MetadataAnswer | None:
    """Replace all metadata of an image

     Stores exactly the items sent and removes the others; the answer repeats the request.

    Args:
        image_id (str):
        body (ImageMetadataPutReq): Metadata to store instead of all that is there.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Fault | MetadataAnswer
    """

    return (
        await asyncio_detailed(
            image_id=image_id,
            client=client,
            body=body,
        )
    ).parsed
