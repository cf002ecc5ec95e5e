# Generated from specs/lusid/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="ScanSummary")


@_attrs_define
class ScanSummary:
    """Vulnerabilities counted by severity.

    Attributes:
        fixable (int | None | Unset): Those with a fix available.
        total (int | None | Unset): All.
        critical (int | None | Unset): Critical ones.
        high (int | None | Unset): High ones.
        medium (int | None | Unset): Medium ones.
        low (int | None | Unset): Low ones.
        negligible (int | None | Unset): Negligible ones.
        unknown (int | None | Unset): Those of unknown severity.
    """

    fixable: int | None | Unset = UNSET
    total: int | None | Unset = UNSET
    critical: int | None | Unset = UNSET
    high: int | None | Unset = UNSET
    medium: int | None | Unset = UNSET
    low: int | None | Unset = UNSET
    negligible: int | None | Unset = UNSET
    unknown: int | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        fixable: int | None | Unset
        if isinstance(self.fixable, Unset):
            fixable = UNSET
        else:
            fixable = self.fixable

        total: int | None | Unset
        if isinstance(self.total, Unset):
            total = UNSET
        else:
            total = self.total

        critical: int | None | Unset
        if isinstance(self.critical, Unset):
            critical = UNSET
        else:
            critical = self.critical

        high: int | None | Unset
        if isinstance(self.high, Unset):
            high = UNSET
        else:
            high = self.high

        medium: int | None | Unset
        if isinstance(self.medium, Unset):
            medium = UNSET
        else:
            medium = self.medium

        low: int | None | Unset
        if isinstance(self.low, Unset):
            low = UNSET
        else:
            low = self.low

        negligible: int | None | Unset
        if isinstance(self.negligible, Unset):
            negligible = UNSET
        else:
            negligible = self.negligible

        unknown: int | None | Unset
        if isinstance(self.unknown, Unset):
            unknown = UNSET
        else:
            unknown = self.unknown

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if fixable is not UNSET:
            field_dict["fixable"] = fixable
        if total is not UNSET:
            field_dict["total"] = total
        if critical is not UNSET:
            field_dict["critical"] = critical
        if high is not UNSET:
            field_dict["high"] = high
        if medium is not UNSET:
            field_dict["medium"] = medium
        if low is not UNSET:
            field_dict["low"] = low
        if negligible is not UNSET:
            field_dict["negligible"] = negligible
        if unknown is not UNSET:
            field_dict["unknown"] = unknown

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_fixable(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        fixable = _parse_fixable(d.pop("fixable", UNSET))

        def _parse_total(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        total = _parse_total(d.pop("total", UNSET))

        def _parse_critical(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        critical = _parse_critical(d.pop("critical", UNSET))

        def _parse_high(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        high = _parse_high(d.pop("high", UNSET))

        def _parse_medium(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        medium = _parse_medium(d.pop("medium", UNSET))

        def _parse_low(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        low = _parse_low(d.pop("low", UNSET))

        def _parse_negligible(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        negligible = _parse_negligible(d.pop("negligible", UNSET))

        def _parse_unknown(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        unknown = _parse_unknown(d.pop("unknown", UNSET))

        scan_summary = cls(
            fixable=fixable,
            total=total,
            critical=critical,
            high=high,
            medium=medium,
            low=low,
            negligible=negligible,
            unknown=unknown,
        )

        scan_summary.additional_properties = d
        return scan_summary

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
