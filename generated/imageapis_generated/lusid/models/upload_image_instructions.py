# Generated from specs/lusid/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="UploadImageInstructions")


@_attrs_define
class UploadImageInstructions:
    """Shell commands that push the image. They hold credentials: do not log them, do not run them unread.

    Attributes:
        docker_login_command (str): Logs in to the registry, with user and password in the text.
        build_versioned_docker_image_command (str): Builds the image under its own tag.
        tag_versioned_docker_image_command (str): Gives the image its name in the registry.
        push_versioned_docker_image_command (str): Pushes the image under its own tag.
        tag_latest_docker_image_command (None | str | Unset): Tags the image as latest.
        push_latest_docker_image_command (None | str | Unset): Pushes the latest tag.
        expiry_time (datetime.datetime | None | Unset): When the credentials end.
    """

    docker_login_command: str
    build_versioned_docker_image_command: str
    tag_versioned_docker_image_command: str
    push_versioned_docker_image_command: str
    tag_latest_docker_image_command: None | str | Unset = UNSET
    push_latest_docker_image_command: None | str | Unset = UNSET
    expiry_time: datetime.datetime | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        docker_login_command = self.docker_login_command

        build_versioned_docker_image_command = self.build_versioned_docker_image_command

        tag_versioned_docker_image_command = self.tag_versioned_docker_image_command

        push_versioned_docker_image_command = self.push_versioned_docker_image_command

        tag_latest_docker_image_command: None | str | Unset
        if isinstance(self.tag_latest_docker_image_command, Unset):
            tag_latest_docker_image_command = UNSET
        else:
            tag_latest_docker_image_command = self.tag_latest_docker_image_command

        push_latest_docker_image_command: None | str | Unset
        if isinstance(self.push_latest_docker_image_command, Unset):
            push_latest_docker_image_command = UNSET
        else:
            push_latest_docker_image_command = self.push_latest_docker_image_command

        expiry_time: None | str | Unset
        if isinstance(self.expiry_time, Unset):
            expiry_time = UNSET
        elif isinstance(self.expiry_time, datetime.datetime):
            expiry_time = self.expiry_time.isoformat()
        else:
            expiry_time = self.expiry_time

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "dockerLoginCommand": docker_login_command,
                "buildVersionedDockerImageCommand": build_versioned_docker_image_command,
                "tagVersionedDockerImageCommand": tag_versioned_docker_image_command,
                "pushVersionedDockerImageCommand": push_versioned_docker_image_command,
            }
        )
        if tag_latest_docker_image_command is not UNSET:
            field_dict["tagLatestDockerImageCommand"] = tag_latest_docker_image_command
        if push_latest_docker_image_command is not UNSET:
            field_dict["pushLatestDockerImageCommand"] = push_latest_docker_image_command
        if expiry_time is not UNSET:
            field_dict["expiryTime"] = expiry_time

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        docker_login_command = d.pop("dockerLoginCommand")

        build_versioned_docker_image_command = d.pop("buildVersionedDockerImageCommand")

        tag_versioned_docker_image_command = d.pop("tagVersionedDockerImageCommand")

        push_versioned_docker_image_command = d.pop("pushVersionedDockerImageCommand")

        def _parse_tag_latest_docker_image_command(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        tag_latest_docker_image_command = _parse_tag_latest_docker_image_command(
            d.pop("tagLatestDockerImageCommand", UNSET)
        )

        def _parse_push_latest_docker_image_command(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        push_latest_docker_image_command = _parse_push_latest_docker_image_command(
            d.pop("pushLatestDockerImageCommand", UNSET)
        )

        def _parse_expiry_time(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                expiry_time_type_0 = datetime.datetime.fromisoformat(data)

                return expiry_time_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        expiry_time = _parse_expiry_time(d.pop("expiryTime", UNSET))

        upload_image_instructions = cls(
            docker_login_command=docker_login_command,
            build_versioned_docker_image_command=build_versioned_docker_image_command,
            tag_versioned_docker_image_command=tag_versioned_docker_image_command,
            push_versioned_docker_image_command=push_versioned_docker_image_command,
            tag_latest_docker_image_command=tag_latest_docker_image_command,
            push_latest_docker_image_command=push_latest_docker_image_command,
            expiry_time=expiry_time,
        )

        upload_image_instructions.additional_properties = d
        return upload_image_instructions

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
