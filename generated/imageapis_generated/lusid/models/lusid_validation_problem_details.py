# Generated from specs/lusid/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.lusid_validation_problem_details_error_details_type_0_item import (
        LusidValidationProblemDetailsErrorDetailsType0Item,
    )
    from ..models.lusid_validation_problem_details_errors_type_0 import (
        LusidValidationProblemDetailsErrorsType0,
    )


T = TypeVar("T", bound="LusidValidationProblemDetails")


@_attrs_define
class LusidValidationProblemDetails:
    """Error answer to a malformed request.

    Attributes:
        name (str): Name of the error.
        code (int): Number of the error in the LUSID catalogue.
        error_details (list[LusidValidationProblemDetailsErrorDetailsType0Item] | None | Unset): Further facts, as maps
            of text.
        errors (LusidValidationProblemDetailsErrorsType0 | None | Unset): Complaints by field.
        type_ (None | str | Unset): Address that explains the error.
        title (None | str | Unset): Summary for people.
        status (int | None | Unset): HTTP status.
        detail (None | str | Unset): Text for people.
        instance (None | str | Unset): Link to the log of the request; its path holds the request id.
    """

    name: str
    code: int
    error_details: list[LusidValidationProblemDetailsErrorDetailsType0Item] | None | Unset = UNSET
    errors: LusidValidationProblemDetailsErrorsType0 | None | Unset = UNSET
    type_: None | str | Unset = UNSET
    title: None | str | Unset = UNSET
    status: int | None | Unset = UNSET
    detail: None | str | Unset = UNSET
    instance: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.lusid_validation_problem_details_errors_type_0 import (
            LusidValidationProblemDetailsErrorsType0,  # noqa: PLC0415
        )

        name = self.name

        code = self.code

        error_details: list[dict[str, Any]] | None | Unset
        if isinstance(self.error_details, Unset):
            error_details = UNSET
        elif isinstance(self.error_details, list):
            error_details = []
            for error_details_type_0_item_data in self.error_details:
                error_details_type_0_item = error_details_type_0_item_data.to_dict()
                error_details.append(error_details_type_0_item)

        else:
            error_details = self.error_details

        errors: dict[str, Any] | None | Unset
        if isinstance(self.errors, Unset):
            errors = UNSET
        elif isinstance(self.errors, LusidValidationProblemDetailsErrorsType0):
            errors = self.errors.to_dict()
        else:
            errors = self.errors

        type_: None | str | Unset
        if isinstance(self.type_, Unset):
            type_ = UNSET
        else:
            type_ = self.type_

        title: None | str | Unset
        if isinstance(self.title, Unset):
            title = UNSET
        else:
            title = self.title

        status: int | None | Unset
        if isinstance(self.status, Unset):
            status = UNSET
        else:
            status = self.status

        detail: None | str | Unset
        if isinstance(self.detail, Unset):
            detail = UNSET
        else:
            detail = self.detail

        instance: None | str | Unset
        if isinstance(self.instance, Unset):
            instance = UNSET
        else:
            instance = self.instance

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "name": name,
                "code": code,
            }
        )
        if error_details is not UNSET:
            field_dict["errorDetails"] = error_details
        if errors is not UNSET:
            field_dict["errors"] = errors
        if type_ is not UNSET:
            field_dict["type"] = type_
        if title is not UNSET:
            field_dict["title"] = title
        if status is not UNSET:
            field_dict["status"] = status
        if detail is not UNSET:
            field_dict["detail"] = detail
        if instance is not UNSET:
            field_dict["instance"] = instance

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.lusid_validation_problem_details_error_details_type_0_item import (
            LusidValidationProblemDetailsErrorDetailsType0Item,  # noqa: PLC0415
        )
        from ..models.lusid_validation_problem_details_errors_type_0 import (
            LusidValidationProblemDetailsErrorsType0,  # noqa: PLC0415
        )

        d = dict(src_dict)
        name = d.pop("name")

        code = d.pop("code")

        def _parse_error_details(
            data: object,
        ) -> list[LusidValidationProblemDetailsErrorDetailsType0Item] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                error_details_type_0 = []
                _error_details_type_0 = data
                for error_details_type_0_item_data in _error_details_type_0:
                    error_details_type_0_item = (
                        LusidValidationProblemDetailsErrorDetailsType0Item.from_dict(
                            error_details_type_0_item_data
                        )
                    )

                    error_details_type_0.append(error_details_type_0_item)

                return error_details_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(
                list[LusidValidationProblemDetailsErrorDetailsType0Item] | None | Unset, data
            )

        error_details = _parse_error_details(d.pop("errorDetails", UNSET))

        def _parse_errors(data: object) -> LusidValidationProblemDetailsErrorsType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                errors_type_0 = LusidValidationProblemDetailsErrorsType0.from_dict(data)

                return errors_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(LusidValidationProblemDetailsErrorsType0 | None | Unset, data)

        errors = _parse_errors(d.pop("errors", UNSET))

        def _parse_type_(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        type_ = _parse_type_(d.pop("type", UNSET))

        def _parse_title(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        title = _parse_title(d.pop("title", UNSET))

        def _parse_status(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        status = _parse_status(d.pop("status", UNSET))

        def _parse_detail(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        detail = _parse_detail(d.pop("detail", UNSET))

        def _parse_instance(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        instance = _parse_instance(d.pop("instance", UNSET))

        lusid_validation_problem_details = cls(
            name=name,
            code=code,
            error_details=error_details,
            errors=errors,
            type_=type_,
            title=title,
            status=status,
            detail=detail,
            instance=instance,
        )

        lusid_validation_problem_details.additional_properties = d
        return lusid_validation_problem_details

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
