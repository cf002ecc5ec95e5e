# Generated from specs/lusid/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.lusid_problem_details import LusidProblemDetails
from ...models.lusid_validation_problem_details import LusidValidationProblemDetails
from ...models.resource_list_of_repository import ResourceListOfRepository
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    page: str | Unset = UNSET,
    sort_by: list[str] | Unset = UNSET,
    start: int | Unset = UNSET,
    limit: int | Unset = UNSET,
    filter_: str | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["page"] = page

    json_sort_by: list[str] | Unset = UNSET
    if not isinstance(sort_by, Unset):
        json_sort_by = sort_by

    params["sortBy"] = json_sort_by

    params["start"] = start

    params["limit"] = limit

    params["filter"] = filter_

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/api/images/repository",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> LusidProblemDetails | LusidValidationProblemDetails | ResourceListOfRepository | None:
    if response.status_code == 200:
        response_200 = ResourceListOfRepository.from_dict(response.json())

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
) -> Response[LusidProblemDetails | LusidValidationProblemDetails | ResourceListOfRepository]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    page: str | Unset = UNSET,
    sort_by: list[str] | Unset = UNSET,
    start: int | Unset = UNSET,
    limit: int | Unset = UNSET,
    filter_: str | Unset = UNSET,
) -> Response[LusidProblemDetails | LusidValidationProblemDetails | ResourceListOfRepository]:
    """List image repositories

     Returns the repositories of the domain, page by page.

    Args:
        page (str | Unset):
        sort_by (list[str] | Unset):
        start (int | Unset):
        limit (int | Unset):
        filter_ (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[LusidProblemDetails | LusidValidationProblemDetails | ResourceListOfRepository]
    """

    kwargs = _get_kwargs(
        page=page,
        sort_by=sort_by,
        start=start,
        limit=limit,
        filter_=filter_,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    page: str | Unset = UNSET,
    sort_by: list[str] | Unset = UNSET,
    start: int | Unset = UNSET,
    limit: int | Unset = UNSET,
    filter_: str | Unset = UNSET,
) -> LusidProblemDetails | LusidValidationProblemDetails | ResourceListOfRepository | None:
    """List image repositories

     Returns the repositories of the domain, page by page.

    Args:
        page (str | Unset):
        sort_by (list[str] | Unset):
        start (int | Unset):
        limit (int | Unset):
        filter_ (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        LusidProblemDetails | LusidValidationProblemDetails | ResourceListOfRepository
    """

    return sync_detailed(
        client=client,
        page=page,
        sort_by=sort_by,
        start=start,
        limit=limit,
        filter_=filter_,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    page: str | Unset = UNSET,
    sort_by: list[str] | Unset = UNSET,
    start: int | Unset = UNSET,
    limit: int | Unset = UNSET,
    filter_: str | Unset = UNSET,
) -> Response[LusidProblemDetails | LusidValidationProblemDetails | ResourceListOfRepository]:
    """List image repositories

     Returns the repositories of the domain, page by page.

    Args:
        page (str | Unset):
        sort_by (list[str] | Unset):
        start (int | Unset):
        limit (int | Unset):
        filter_ (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[LusidProblemDetails | LusidValidationProblemDetails | ResourceListOfRepository]
    """

    kwargs = _get_kwargs(
        page=page,
        sort_by=sort_by,
        start=start,
        limit=limit,
        filter_=filter_,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    page: str | Unset = UNSET,
    sort_by: list[str] | Unset = UNSET,
    start: int | Unset = UNSET,
    limit: int | Unset = UNSET,
    filter_: str | Unset = UNSET,
) -> LusidProblemDetails | LusidValidationProblemDetails | ResourceListOfRepository | None:
    """List image repositories

     Returns the repositories of the domain, page by page.

    Args:
        page (str | Unset):
        sort_by (list[str] | Unset):
        start (int | Unset):
        limit (int | Unset):
        filter_ (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        LusidProblemDetails | LusidValidationProblemDetails | ResourceListOfRepository
    """

    return (
        await asyncio_detailed(
            client=client,
            page=page,
            sort_by=sort_by,
            start=start,
            limit=limit,
            filter_=filter_,
        )
    ).parsed
