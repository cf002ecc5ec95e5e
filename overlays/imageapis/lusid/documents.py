"""Reading the documents of an image on disk: JSON of anybody's, so that each shape is looked at before it is used."""

from __future__ import annotations

import json
import re
from typing import Any

from imageapis.lusid.errors import InvalidImage

DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
#: Layers of an image; no runtime mounts more than a few hundred.
MOST_LAYERS = 500
#: Names in the text of an error.
MOST_NAMES = 20


def parsed(content: bytes, name: str, kind: type) -> Any:
    """Return a document of a kind, `dict` or `list`.

    Raises:
        InvalidImage: It is no JSON, or of another kind.
    """
    try:
        read = json.loads(content)
    except (ValueError, RecursionError):
        read = None
    if not isinstance(read, kind):
        raise InvalidImage(f"{name} in the image is not the JSON that it should be. Save the image again.")
    return read


def list_in(data: dict[str, Any], name: str) -> list[Any]:
    """Return a list in a document, an empty one if it is absent."""
    found = data.get(name)
    if found is not None and not isinstance(found, list):
        raise InvalidImage(f"{name} in the image is no list. Save the image again.")
    return found or []


def dict_in(data: dict[str, Any], name: str) -> dict[str, Any]:
    """Return an object in a document, an empty one if it is absent."""
    found = data.get(name)
    if found is not None and not isinstance(found, dict):
        raise InvalidImage(f"{name} in the image is no object. Save the image again.")
    return found or {}


def layers_in(data: dict[str, Any], name: str, document: str) -> list[Any]:
    """Return the layers that a document names, which may be none, but not nothing.

    Raises:
        InvalidImage: It names no list: pushed as it is, it would be an image that lacks all it was made of.
    """
    layers = data.get(name)
    if not isinstance(layers, list):
        there = "lacks" if name not in data else f"has {str(layers)[:40]!r} as"
        raise InvalidImage(f"{document} in the image {there} {name!r}, the list of its layers. Save the image again.")
    bound_layers(layers)
    return layers


def diffs_in(config: bytes, name: str) -> list[Any]:
    """Return the digests of the unpacked layers that a config names; an image of nothing leaves them out.

    Raises:
        InvalidImage: It is no config of an image.
    """
    rootfs = parsed(config, name, dict).get("rootfs")
    if not isinstance(rootfs, dict):
        raise InvalidImage(f"{name} in the image lacks 'rootfs', which names its layers. Save the image again.")
    return list_in(rootfs, "diff_ids")


def check_count(layers: list[Any], diffs: list[Any]) -> None:
    """Compare how many layers an image has with how many its config names.

    Raises:
        InvalidImage: They differ.
    """
    if len(diffs) != len(layers):
        raise InvalidImage(f"The image has {len(layers)} layers where its config names {len(diffs)}: it is damaged.")


def bound_layers(layers: list[Any]) -> None:
    """Refuse an image of more layers than any has.

    Raises:
        InvalidImage: It has.
    """
    if len(layers) > MOST_LAYERS:
        raise InvalidImage(f"The image has {len(layers)} layers, more than the {MOST_LAYERS} that any runtime takes.")


def platform_of(data: dict[str, Any]) -> str | None:
    """Return the platform that a config or an index's entry names."""
    system, processor = data.get("os"), data.get("architecture")
    if not isinstance(system, str) or not isinstance(processor, str) or not system or not processor:
        return None
    return f"{system}/{processor}"


def platform_in(config: bytes) -> str | None:
    """Return the platform that a config names, or `None` if it names none, or is none."""
    try:
        read = json.loads(config)
    except (ValueError, RecursionError):
        return None
    return platform_of(read) if isinstance(read, dict) else None


def ambiguous(names: list[str], image: str | None) -> InvalidImage:
    """Return the error for a source that does not hold exactly the one image that is wanted."""
    names = list(dict.fromkeys(names))
    there = ", ".join(name[:80] for name in names[:MOST_NAMES]) or "none with a name"
    if len(names) > MOST_NAMES:
        there += f" and {len(names) - MOST_NAMES} more"
    if image is None:
        return InvalidImage(f"The source does not hold exactly one image but: {there}. Name one by `image=`.")
    return InvalidImage(f"The source does not hold exactly one image {image!r}; there are: {there}.")
