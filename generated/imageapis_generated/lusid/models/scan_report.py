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
    from ..models.scan_summary import ScanSummary
    from ..models.vulnerability import Vulnerability


T = TypeVar("T", bound="ScanReport")


@_attrs_define
class ScanReport:
    """Full result of a vulnerability scan.

    Attributes:
        severity (None | str | Unset): Worst severity found; an open set of words.
        status (None | str | Unset): State of the scan; an open set of words.
        start_time (datetime.datetime | None | Unset): When the scan began.
        end_time (datetime.datetime | None | Unset): When the scan ended.
        scan_duration (int | None | Unset): Length of the scan in seconds.
        summary (None | ScanSummary | Unset): Vulnerabilities found, counted.
        vulnerabilities (list[Vulnerability] | None | Unset): What was found.
    """

    severity: None | str | Unset = UNSET
    status: None | str | Unset = UNSET
    start_time: datetime.datetime | None | Unset = UNSET
    end_time: datetime.datetime | None | Unset = UNSET
    scan_duration: int | None | Unset = UNSET
    summary: None | ScanSummary | Unset = UNSET
    vulnerabilities: list[Vulnerability] | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.scan_summary import ScanSummary  # noqa: PLC0415

        severity: None | str | Unset
        if isinstance(self.severity, Unset):
            severity = UNSET
        else:
            severity = self.severity

        status: None | str | Unset
        if isinstance(self.status, Unset):
            status = UNSET
        else:
            status = self.status

        start_time: None | str | Unset
        if isinstance(self.start_time, Unset):
            start_time = UNSET
        elif isinstance(self.start_time, datetime.datetime):
            start_time = self.start_time.isoformat()
        else:
            start_time = self.start_time

        end_time: None | str | Unset
        if isinstance(self.end_time, Unset):
            end_time = UNSET
        elif isinstance(self.end_time, datetime.datetime):
            end_time = self.end_time.isoformat()
        else:
            end_time = self.end_time

        scan_duration: int | None | Unset
        if isinstance(self.scan_duration, Unset):
            scan_duration = UNSET
        else:
            scan_duration = self.scan_duration

        summary: dict[str, Any] | None | Unset
        if isinstance(self.summary, Unset):
            summary = UNSET
        elif isinstance(self.summary, ScanSummary):
            summary = self.summary.to_dict()
        else:
            summary = self.summary

        vulnerabilities: list[dict[str, Any]] | None | Unset
        if isinstance(self.vulnerabilities, Unset):
            vulnerabilities = UNSET
        elif isinstance(self.vulnerabilities, list):
            vulnerabilities = []
            for vulnerabilities_type_0_item_data in self.vulnerabilities:
                vulnerabilities_type_0_item = vulnerabilities_type_0_item_data.to_dict()
                vulnerabilities.append(vulnerabilities_type_0_item)

        else:
            vulnerabilities = self.vulnerabilities

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if severity is not UNSET:
            field_dict["severity"] = severity
        if status is not UNSET:
            field_dict["status"] = status
        if start_time is not UNSET:
            field_dict["startTime"] = start_time
        if end_time is not UNSET:
            field_dict["endTime"] = end_time
        if scan_duration is not UNSET:
            field_dict["scanDuration"] = scan_duration
        if summary is not UNSET:
            field_dict["summary"] = summary
        if vulnerabilities is not UNSET:
            field_dict["vulnerabilities"] = vulnerabilities

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.scan_summary import ScanSummary  # noqa: PLC0415
        from ..models.vulnerability import Vulnerability  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_severity(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        severity = _parse_severity(d.pop("severity", UNSET))

        def _parse_status(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        status = _parse_status(d.pop("status", UNSET))

        def _parse_start_time(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                start_time_type_0 = datetime.datetime.fromisoformat(data)

                return start_time_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        start_time = _parse_start_time(d.pop("startTime", UNSET))

        def _parse_end_time(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                end_time_type_0 = datetime.datetime.fromisoformat(data)

                return end_time_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        end_time = _parse_end_time(d.pop("endTime", UNSET))

        def _parse_scan_duration(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        scan_duration = _parse_scan_duration(d.pop("scanDuration", UNSET))

        def _parse_summary(data: object) -> None | ScanSummary | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                summary_type_1 = ScanSummary.from_dict(data)

                return summary_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ScanSummary | Unset, data)

        summary = _parse_summary(d.pop("summary", UNSET))

        def _parse_vulnerabilities(data: object) -> list[Vulnerability] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                vulnerabilities_type_0 = []
                _vulnerabilities_type_0 = data
                for vulnerabilities_type_0_item_data in _vulnerabilities_type_0:
                    vulnerabilities_type_0_item = Vulnerability.from_dict(
                        vulnerabilities_type_0_item_data
                    )

                    vulnerabilities_type_0.append(vulnerabilities_type_0_item)

                return vulnerabilities_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[Vulnerability] | None | Unset, data)

        vulnerabilities = _parse_vulnerabilities(d.pop("vulnerabilities", UNSET))

        scan_report = cls(
            severity=severity,
            status=status,
            start_time=start_time,
            end_time=end_time,
            scan_duration=scan_duration,
            summary=summary,
            vulnerabilities=vulnerabilities,
        )

        scan_report.additional_properties = d
        return scan_report

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
