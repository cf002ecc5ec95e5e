# Generated from specs/servicefabric/openapi.json by openapi-python-client 0.29.1.
# Do not edit: change the spec or its overlay, then run nox -s regenerate.

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.file_info import FileInfo
    from ..models.folder_info import FolderInfo


T = TypeVar("T", bound="ImageStoreContent")


@_attrs_define
class ImageStoreContent:
    """One page of a listing.

    Attributes:
        store_files (list[FileInfo] | Unset): Files directly below the path.
        store_folders (list[FolderInfo] | Unset): Folders directly below the path.
        continuation_token (str | Unset): Token of the next page; empty on the last one.
    """

    store_files: list[FileInfo] | Unset = UNSET
    store_folders: list[FolderInfo] | Unset = UNSET
    continuation_token: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        store_files: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.store_files, Unset):
            store_files = []
            for store_files_item_data in self.store_files:
                store_files_item = store_files_item_data.to_dict()
                store_files.append(store_files_item)

        store_folders: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.store_folders, Unset):
            store_folders = []
            for store_folders_item_data in self.store_folders:
                store_folders_item = store_folders_item_data.to_dict()
                store_folders.append(store_folders_item)

        continuation_token = self.continuation_token

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if store_files is not UNSET:
            field_dict["StoreFiles"] = store_files
        if store_folders is not UNSET:
            field_dict["StoreFolders"] = store_folders
        if continuation_token is not UNSET:
            field_dict["ContinuationToken"] = continuation_token

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.file_info import FileInfo  # noqa: PLC0415
        from ..models.folder_info import FolderInfo  # noqa: PLC0415

        d = dict(src_dict)
        _store_files = d.pop("StoreFiles", UNSET)
        store_files: list[FileInfo] | Unset = UNSET
        if _store_files is not UNSET:
            store_files = []
            for store_files_item_data in _store_files:
                store_files_item = FileInfo.from_dict(store_files_item_data)

                store_files.append(store_files_item)

        _store_folders = d.pop("StoreFolders", UNSET)
        store_folders: list[FolderInfo] | Unset = UNSET
        if _store_folders is not UNSET:
            store_folders = []
            for store_folders_item_data in _store_folders:
                store_folders_item = FolderInfo.from_dict(store_folders_item_data)

                store_folders.append(store_folders_item)

        continuation_token = d.pop("ContinuationToken", UNSET)

        image_store_content = cls(
            store_files=store_files,
            store_folders=store_folders,
            continuation_token=continuation_token,
        )

        image_store_content.additional_properties = d
        return image_store_content

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
