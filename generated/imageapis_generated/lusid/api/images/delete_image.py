# Generated from specs/lusid/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.lusid_problem_details import LusidProblemDetails
from ...models.lusid_validation_problem_details import LusidValidationProblemDetails
from ...types import Response


def _get_kwargs(
    name: str,
) -> dict[str, Any]:

    _kwargs: dict[str, Any] = {
        "method": "delete",
        "url": "/api/images/{name}".format(
            name=quote(str(name), safe=""),
        ),
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> LusidProblemDetails | LusidValidationProblemDetails | str | None:
    if response.status_code == 200:
        response_200 = cast(str, response.json())
        return response_200

    if response.status_code == 400:
        response_400 = LusidValidationProblemDetails.from_dict(response.json())

        return response_400

    if response.status_code == 404:
        response_404 = cast(str, response.json())
        return response_404

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
) -> Response[LusidProblemDetails | LusidValidationProblemDetails | str]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    name: str,
    *,
    client: AuthenticatedClient,
) -> Response[LusidProblemDetails | LusidValidationProblemDetails | str]:
    """Delete an image

     Deletes one image. The service withdrew this call in API build 0.0.1069 (2025-08-28); it may answer
    404 or 405.

    Args:
        name (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[LusidProblemDetails | LusidValidationProblemDetails | str]
    """

    kwargs = _get_kwargs(
        name=name,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    name: str,
    *,
    client: AuthenticatedClient,
) -> LusidProblemDetails | LusidValidationProblemDetails | str | None:
    """Delete an image

     Deletes one image. The service withdrew this call in API build 0.0.1069 (2025-08-28); it may answer
    404 or 405.

    Args:
        name (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        LusidProblemDetails | LusidValidationProblemDetails | str
    """

    return sync_detailed(
        name=name,
        client=client,
    ).parsed


async def asyncio_detailed(
    name: str,
    *,
    client: AuthenticatedClient,
) -> Response[LusidProblemDetails | LusidValidationProblemDetails | str]:
    """Delete an image

     Deletes one image. The service withdrew this call in API build 0.0.1069 (2025-08-28); it may answer
    404 or 405.

    Args:
        name (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[LusidProblemDetails | LusidValidationProblemDetails | str]
    """

    kwargs = _get_kwargs(
        name=name,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    name: str,
    *,
    client: AuthenticatedClient,
) -> LusidProblemDetails | LusidValidationProblemDetails | str | None:
    """Delete an image

     Deletes one image. The service withdrew this call in API build 0.0.1069 (2025-08-28); it may answer
    404 or 405.

    Args:
        name (str):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        LusidProblemDetails | LusidValidationProblemDetails | str
    """

    return (
        await asyncio_detailed(
            name=name,
            client=client,
        )
    ).parsed
