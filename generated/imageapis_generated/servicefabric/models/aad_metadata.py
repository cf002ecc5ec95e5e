# Generated from specs/servicefabric/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="AadMetadata")


@_attrs_define
class AadMetadata:
    """Directory and application ids.

    Attributes:
        authority (str | Unset): Address of the authority.
        client (str | Unset): Id of the client application.
        cluster (str | Unset): Id of the cluster application, the audience of the token.
        login (str | Unset): Address of the login service.
        redirect (str | Unset): Redirect address of the client application.
        tenant (str | Unset): Id of the tenant.
    """

    authority: str | Unset = UNSET
    client: str | Unset = UNSET
    cluster: str | Unset = UNSET
    login: str | Unset = UNSET
    redirect: str | Unset = UNSET
    tenant: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        authority = self.authority

        client = self.client

        cluster = self.cluster

        login = self.login

        redirect = self.redirect

        tenant = self.tenant

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if authority is not UNSET:
            field_dict["authority"] = authority
        if client is not UNSET:
            field_dict["client"] = client
        if cluster is not UNSET:
            field_dict["cluster"] = cluster
        if login is not UNSET:
            field_dict["login"] = login
        if redirect is not UNSET:
            field_dict["redirect"] = redirect
        if tenant is not UNSET:
            field_dict["tenant"] = tenant

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        authority = d.pop("authority", UNSET)

        client = d.pop("client", UNSET)

        cluster = d.pop("cluster", UNSET)

        login = d.pop("login", UNSET)

        redirect = d.pop("redirect", UNSET)

        tenant = d.pop("tenant", UNSET)

        aad_metadata = cls(
            authority=authority,
            client=client,
            cluster=cluster,
            login=login,
            redirect=redirect,
            tenant=tenant,
        )

        aad_metadata.additional_properties = d
        return aad_metadata

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
