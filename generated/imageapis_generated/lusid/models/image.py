# Generated from specs/lusid/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.scan_report import ScanReport
    from ..models.tag import Tag


T = TypeVar("T", bound="Image")


@_attrs_define
class Image:
    """One image with its scan report.

    Attributes:
        name (None | str | Unset): Repository, without tag.
        push_time (datetime.datetime | None | Unset): When it was pushed.
        pull_time (datetime.datetime | None | Unset): When it was last pulled.
        digest (None | str | Unset): Digest of the manifest.
        size (int | None | Unset): Size in bytes.
        tags (list[Tag] | None | Unset): Tags that point to this digest.
        scan_report (None | ScanReport | Unset): Result of the scan.
    """

    name: None | str | Unset = UNSET
    push_time: datetime.datetime | None | Unset = UNSET
    pull_time: datetime.datetime | None | Unset = UNSET
    digest: None | str | Unset = UNSET
    size: int | None | Unset = UNSET
    tags: list[Tag] | None | Unset = UNSET
    scan_report: None | ScanReport | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.scan_report import ScanReport  # noqa: PLC0415

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        push_time: None | str | Unset
        if isinstance(self.push_time, Unset):
            push_time = UNSET
        elif isinstance(self.push_time, datetime.datetime):
            push_time = self.push_time.isoformat()
        else:
            push_time = self.push_time

        pull_time: None | str | Unset
        if isinstance(self.pull_time, Unset):
            pull_time = UNSET
        elif isinstance(self.pull_time, datetime.datetime):
            pull_time = self.pull_time.isoformat()
        else:
            pull_time = self.pull_time

        digest: None | str | Unset
        if isinstance(self.digest, Unset):
            digest = UNSET
        else:
            digest = self.digest

        size: int | None | Unset
        if isinstance(self.size, Unset):
            size = UNSET
        else:
            size = self.size

        tags: list[dict[str, Any]] | None | Unset
        if isinstance(self.tags, Unset):
            tags = UNSET
        elif isinstance(self.tags, list):
            tags = []
            for tags_type_0_item_data in self.tags:
                tags_type_0_item = tags_type_0_item_data.to_dict()
                tags.append(tags_type_0_item)

        else:
            tags = self.tags

        scan_report: dict[str, Any] | None | Unset
        if isinstance(self.scan_report, Unset):
            scan_report = UNSET
        elif isinstance(self.scan_report, ScanReport):
            scan_report = self.scan_report.to_dict()
        else:
            scan_report = self.scan_report

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if name is not UNSET:
            field_dict["name"] = name
        if push_time is not UNSET:
            field_dict["pushTime"] = push_time
        if pull_time is not UNSET:
            field_dict["pullTime"] = pull_time
        if digest is not UNSET:
            field_dict["digest"] = digest
        if size is not UNSET:
            field_dict["size"] = size
        if tags is not UNSET:
            field_dict["tags"] = tags
        if scan_report is not UNSET:
            field_dict["scanReport"] = scan_report

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.scan_report import ScanReport  # noqa: PLC0415
        from ..models.tag import Tag  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        def _parse_push_time(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                push_time_type_0 = datetime.datetime.fromisoformat(data)

                return push_time_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        push_time = _parse_push_time(d.pop("pushTime", UNSET))

        def _parse_pull_time(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                pull_time_type_0 = datetime.datetime.fromisoformat(data)

                return pull_time_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        pull_time = _parse_pull_time(d.pop("pullTime", UNSET))

        def _parse_digest(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        digest = _parse_digest(d.pop("digest", UNSET))

        def _parse_size(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        size = _parse_size(d.pop("size", UNSET))

        def _parse_tags(data: object) -> list[Tag] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                tags_type_0 = []
                _tags_type_0 = data
                for tags_type_0_item_data in _tags_type_0:
                    tags_type_0_item = Tag.from_dict(tags_type_0_item_data)

                    tags_type_0.append(tags_type_0_item)

                return tags_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[Tag] | None | Unset, data)

        tags = _parse_tags(d.pop("tags", UNSET))

        def _parse_scan_report(data: object) -> None | ScanReport | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                scan_report_type_1 = ScanReport.from_dict(data)

                return scan_report_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ScanReport | Unset, data)

        scan_report = _parse_scan_report(d.pop("scanReport", UNSET))

        image = cls(
            name=name,
            push_time=push_time,
            pull_time=pull_time,
            digest=digest,
            size=size,
            tags=tags,
            scan_report=scan_report,
        )

        image.additional_properties = d
        return image

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
