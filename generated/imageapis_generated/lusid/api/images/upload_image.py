# Generated from specs/lusid/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.lusid_problem_details import LusidProblemDetails
from ...models.lusid_validation_problem_details import LusidValidationProblemDetails
from ...models.upload_image_instructions import UploadImageInstructions
from ...models.upload_image_request import UploadImageRequest
from ...types import Response


def _get_kwargs(
    *,
    body: UploadImageRequest,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/api/images",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> LusidProblemDetails | LusidValidationProblemDetails | UploadImageInstructions | None:
    if response.status_code == 200:
        response_200 = UploadImageInstructions.from_dict(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = LusidValidationProblemDetails.from_dict(response.json())

        return response_400

    if 400 <= response.status_code <= 499:
        response_4xx = LusidProblemDetails.from_dict(response.json())

        return response_4xx

    if 500 <= response.status_code <= 599:
        response_5xx = LusidProblemDetails.from_dict(response.json())

        return response_5xx

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[LusidProblemDetails | LusidValidationProblemDetails | UploadImageInstructions]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: UploadImageRequest,
) -> Response[LusidProblemDetails | LusidValidationProblemDetails | UploadImageInstructions]:
    """Announce an image to push

     Returns the commands, with short-lived registry credentials, that push the image. No image bytes
    travel in this call.

    Args:
        body (UploadImageRequest): An image about to be pushed.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[LusidProblemDetails | LusidValidationProblemDetails | UploadImageInstructions]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: UploadImageRequest,
) -> LusidProblemDetails | LusidValidationProblemDetails | UploadImageInstructions | None:
    """Announce an image to push

     Returns the commands, with short-lived registry credentials, that push the image. No image bytes
    travel in this call.

    Args:
        body (UploadImageRequest): An image about to be pushed.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        LusidProblemDetails | LusidValidationProblemDetails | UploadImageInstructions
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: UploadImageRequest,
) -> Response[LusidProblemDetails | LusidValidationProblemDetails | UploadImageInstructions]:
    """Announce an image to push

     Returns the commands, with short-lived registry credentials, that push the image. No image bytes
    travel in this call.

    Args:
        body (UploadImageRequest): An image about to be pushed.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[LusidProblemDetails | LusidValidationProblemDetails | UploadImageInstructions]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: UploadImageRequest,
) -> LusidProblemDetails | LusidValidationProblemDetails | UploadImageInstructions | None:
    """Announce an image to push

     Returns the commands, with short-lived registry credentials, that push the image. No image bytes
    travel in this call.

    Args:
        body (UploadImageRequest): An image about to be pushed.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        LusidProblemDetails | LusidValidationProblemDetails | UploadImageInstructions
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed
