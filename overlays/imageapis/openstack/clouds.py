"""Logins from clouds.yaml and secure.yaml: where these files are looked for, which entry is meant, what it says.

Search order, overriding and names are openstacksdk's. What it would guess (vendor profiles) is refused.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from imageapis.core.addresses import shown
from imageapis.core.decoding import MISSHAPEN
from imageapis.core.log import logger
from imageapis.core.secrets import read_file, read_json
from imageapis.errors import LoginError
from imageapis.openstack import settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from imageapis.core.login import Login

_ENDINGS = (".yaml", ".yml", ".json")
#: Names that older files use.
_OLD = {
    "tenant_name": "project_name",
    "tenant_id": "project_id",
    "endpoint_type": "interface",
    "auth_plugin": "auth_type",
}
#: Mappings in mappings, in a file where three are of use.
DEEPEST = 20
#: Characters of a YAML file, and brackets of it, open at a time and in all: PyYAML takes minutes for what has no end of
#: them. A password may hold some.
LONGEST, DEEPEST_BRACKETS, MOST_BRACKETS = 1 << 20, 100, 10_000
_AUTH = frozenset().union(*settings.READS.values()) | {"auth_url"}


def from_file(name: str | None, overrides: Mapping[str, Any]) -> Login:
    """Return the login of an entry of clouds.yaml; see `auth.cloud`."""
    files = _files("clouds", os.environ.get("OS_CLIENT_CONFIG_FILE"))
    path = next((path for path in files if _is_file(path)), None)
    if path is None:
        raise LoginError(
            "There is no clouds.yaml in the current directory, in ~/.config/openstack or in /etc/openstack. Write one, "
            "name one in OS_CLIENT_CONFIG_FILE, or log in with auth.password() or auth.from_env()."
        )
    clouds = _clouds(path)
    secure = next((p for p in _files("secure", os.environ.get("OS_CLIENT_SECURE_FILE")) if _is_file(p)), None)
    if secure is not None:
        clouds = _merged(clouds, _clouds(secure))
    name = _chosen(name, clouds, path)
    entry = clouds[name]
    if not isinstance(entry, dict):
        raise LoginError(f"Cloud {name!r} in {path} is not a mapping.")
    return entry_login(name, _renamed(entry), overrides)


def entry_login(name: str, entry: dict[str, Any], overrides: Mapping[str, Any]) -> Login:
    """Return the login of one entry."""
    profile = entry.get("profile") or entry.get("cloud")
    if profile:
        raise LoginError(
            f"Cloud {name!r} builds on the profile {shown(str(profile))!r}, and profiles are not supported: they come "
            "from outside of this file. Write what it stands for, auth_url first, into the entry."
        )
    if str(entry.get("identity_api_version", "3")).startswith("2"):
        raise LoginError(f"Cloud {name!r} asks for Keystone v2, which is gone: set identity_api_version to 3.")
    region = overrides.get("region_name") or entry.get("compute_region_name")
    entry = _in_region(name, entry, region)
    options = settings.options_of({**entry, **{k: v for k, v in overrides.items() if v is not None}})
    auth = {key: entry[key] for key in _AUTH if key in entry}
    auth |= _renamed(_mapping(entry.get("auth"), f"`auth` of cloud {name!r}"))
    method = settings.method_of(entry.get("auth_type"), auth)
    for key in sorted(set(auth) - settings.READS[method] - {"auth_url"}):
        logger.warning("cloud %r: %s is ignored, %s", name, key, settings.why_ignored(key, method))
    given = {key: value for key, value in auth.items() if key in settings.READS[method] or key == "auth_url"}
    return settings.login(method, given, options)


def _files(stem: str, named: str | None) -> Iterator[Path]:
    """Yield where a file may be, in order of precedence."""
    if named:
        path = _home(named)
        if not _is_file(path):
            raise LoginError(f"There is no file {named}, which the environment names for {stem}.yaml.")
        yield path
    config = os.environ.get("XDG_CONFIG_HOME")
    site = os.environ.get("XDG_CONFIG_DIRS", "/etc/xdg").split(os.pathsep)[0]
    folders = [Path(), _home("~/.config/openstack"), Path(site) / "openstack", Path("/etc/openstack")]
    if config:
        folders.insert(1, Path(config) / "openstack")
    for folder in folders:
        for ending in _ENDINGS:
            yield folder / f"{stem}{ending}"


def _home(path: str) -> Path:
    return Path(os.path.expanduser(path))  # noqa: PTH111 - Path's own fails where nobody knows the home


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _clouds(path: Path) -> dict[str, Any]:
    """Read the clouds of a file. What it holds is never shown: it may be a password."""
    text = read_file(path, "The file")
    content = read_json(text, str(path)) if path.suffix == ".json" else _yaml(text, path)
    clouds = content.get("clouds") if isinstance(content, dict) else None
    if not isinstance(clouds, dict):
        raise LoginError(f"{path} has no mapping `clouds`.")
    return clouds


def _yaml(text: str, path: Path) -> Any:
    try:
        import yaml
    except ImportError:
        raise LoginError(f"Reading {path} needs PyYAML: pip install 'imageapis[clouds]'.") from None
    if (flaw := _unreasonable(text)) is not None:
        raise LoginError(f"{path} was not read: {flaw}. Check which file is meant.")
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, *MISSHAPEN) as failure:
        mark = getattr(failure, "problem_mark", None)
        where = "" if mark is None else f" in line {mark.line + 1}"
    raise LoginError(f"{path} is not YAML{where}.")


def _unreasonable(text: str) -> str | None:
    """Return why a YAML text would take too long to read, or `None`."""
    if len(text) > LONGEST:
        return f"it is longer than {LONGEST:,} characters"
    depth = deepest = brackets = 0
    for bracket in re.findall(r"[][{}]", text):
        brackets += 1
        depth = max(depth + (1 if bracket in "[{" else -1), 0)
        deepest = max(deepest, depth)
    if deepest > DEEPEST_BRACKETS:
        return f"it nests brackets more than {DEEPEST_BRACKETS} deep"
    return f"it holds more than {MOST_BRACKETS:,} brackets" if brackets > MOST_BRACKETS else None


def _merged(below: dict[str, Any], above: dict[str, Any], depth: int = 0) -> dict[str, Any]:
    if depth > DEEPEST:
        raise LoginError(f"clouds.yaml or secure.yaml nests more than {DEEPEST} mappings: does one hold itself?")
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            merged[key] = _merged(old, value, depth + 1)
        else:
            merged[key] = value
    return merged


def _mapping(value: Any, what: str) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise LoginError(f"{what} is a mapping, not {type(value).__name__}.")
    return value


def _chosen(name: str | None, clouds: dict[str, Any], path: Path) -> str:
    name = name or os.environ.get("OS_CLOUD")
    if name is None and len(clouds) == 1:
        return str(next(iter(clouds)))
    known = ", ".join(map(str, clouds)) or "none"
    if name is None:
        raise LoginError(f"{path} has several clouds ({known}): name one, here or in OS_CLOUD.")
    if name not in clouds:
        hint = " For the OS_* variables use auth.from_env()." if name == "envvars" else ""
        raise LoginError(f"{path} has no cloud {name!r}, only {known}.{hint}")
    return name


def _renamed(settings_: dict[str, Any]) -> dict[str, Any]:
    """Return settings under today's names."""
    renamed: dict[str, Any] = {}
    for key, value in settings_.items():
        plain = str(key).replace("-", "_")
        renamed.setdefault(_OLD.get(plain, plain), value)
    return renamed


def _in_region(name: str, entry: dict[str, Any], region: str | None) -> dict[str, Any]:
    """Return the entry as it is for one of its regions; the first one if none is asked for."""
    regions = entry.get("regions")
    region = region or settings.optional(entry, "region_name")
    if not regions:
        return {**entry, "region_name": region}
    if not isinstance(regions, list):
        raise LoginError(f"`regions` of cloud {name!r} is a list, not {type(regions).__name__}.")
    by_name = {str(r.get("name")) if isinstance(r, dict) else str(r): r for r in regions}
    region = region or next(iter(by_name))
    if region not in by_name:
        raise LoginError(
            f"Cloud {name!r} has no region {region!r}, only {', '.join(by_name)} (upper and lower case matter)."
        )
    chosen = by_name[region]
    values = chosen.get("values") if isinstance(chosen, dict) else None
    values = _mapping(values, f"`values` of region {region!r} of cloud {name!r}")
    return {**_merged(entry, _renamed(values)), "region_name": region}
