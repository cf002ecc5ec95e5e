"""Hostile local files besides images: packages, journals, token files and the configuration files of logins."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.attack.local_images import spoilt
from tests.attack.planted import SECRETS

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

_ENTITIES = [b'<!ENTITY %c "%b">' % (name, b"&%c;" % of * 40) for of, name in zip(b"abcdefg", b"bcdefgz", strict=True)]
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "lol">' + b"".join(_ENTITIES) + b"]><l>&z;</l>"
ODD_NAMES = ["C#.dll", "a?b", "a%20b", "$", "_.dir", "back\\slash", "dot.", " "]


def package(rng: random.Random, folder: Path) -> Path:
    """Make a package in which something has an odd name, is no file, or is XML that explodes."""
    top = folder / "odd-package"
    (top / "Code").mkdir(parents=True)
    (top / "Code" / "x").write_bytes(b"x")
    (top / "ApplicationManifest.xml").write_bytes(b"<ApplicationManifest/>")
    manifest = b'<ServiceManifest><CodePackage Name="Code" Version="1"/></ServiceManifest>'
    (top / "Svc").mkdir()
    (top / "Svc" / "ServiceManifest.xml").write_bytes(rng.choice([manifest, LAUGHS, b"<a" * 5000, b"\xff\xfe<", b""]))
    odd = rng.choice([*ODD_NAMES, "pipe", "loop", "out", "deep", "raw"])
    if odd == "pipe":
        os.mkfifo(top / "pipe")
    elif odd == "loop":
        (top / "loop").symlink_to(top)
    elif odd == "out":
        (top / "out").symlink_to("/dev/zero")
    elif odd == "deep":
        _deepen(top, 1200)
    elif odd == "raw":
        Path(os.fsdecode(os.fsencode(top) + b"/\xff\xfe")).write_bytes(b"x")
    else:
        (top / odd).write_bytes(b"content")
    return top


def _deepen(top: Path, depth: int) -> None:
    """Make folders deeper than a path may be long: from within."""
    descriptor = os.open(top, os.O_RDONLY)
    try:
        for _ in range(depth):
            os.mkdir("d", dir_fd=descriptor)
            below = os.open("d", os.O_RDONLY, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = below
    finally:
        os.close(descriptor)


RECORD = {
    "size": 3000,
    "session": "11111111-2222-3333-4444-555555555555",
    "identity": [1, 2],
    "chunks": [[0, 1000, "00"]],
    "before": [],
    "stored": ["1", "1", "2"],
}


def journal(rng: random.Random, path: Path, endpoint: str) -> None:
    """Put something at a journal's path that is none, or one with another content."""
    kind = rng.choice(["json", "json", "json", "bytes", "pipe", "link", "zero", "folder", "empty", "dangling"])
    lines = [{"kind": "imageapis.servicefabric", "format": 1, "endpoint": endpoint}, {"a/big": RECORD}]
    lines.append({"op": "begin", "path": "a/big", **RECORD})
    if kind == "json":
        spoil = [rng.random() < 0.5 for _ in lines]
        both = zip(spoil, lines, strict=True)
        content = [spoilt(rng, line) if bad else json.dumps(line).encode() for bad, line in both]
        path.write_bytes(b"\n".join(content))
    elif kind == "bytes":
        path.write_bytes(rng.randbytes(300))
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "empty":
        path.touch()
    else:
        linked = path.parent / "linked"
        where: Any = {"link": linked, "zero": "/dev/zero", "dangling": path.parent / "nowhere" / "x"}[kind]
        if kind == "link":
            linked.write_bytes(b"the user's own\n")
        path.symlink_to(where)


def token_file(rng: random.Random, path: Path) -> None:
    """Write a token file that holds something else, or more, than a token."""
    token = SECRETS["token"].encode()
    odd = [token + b"\n", b"\xef\xbb\xbf" + token, token + b"\r\nX: y", b"\xff" + token, token * 20_000, b"", b"\n\n"]
    path.write_bytes(rng.choice([*odd, b"a b " + token, token + b"\x00", token.decode().encode("utf-16")]))


def secrets_file(rng: random.Random, path: Path, origin: str) -> None:
    """Write a secrets file of FINBOURNE's form in which something is not as it should be."""
    api = {
        "tokenUrl": origin + "/token",
        "schedulerUrl": origin,
        "username": "user",
        "password": SECRETS["password"],
        "clientId": "client",
        "clientSecret": SECRETS["client_secret"],
    }
    proxy = {"address": "http://u:p@127.0.0.1:1", "password": SECRETS["refresh"]}
    path.write_bytes(spoilt(rng, {"api": api, "proxy": proxy}))


def sfctl_file(rng: random.Random, path: Path, origin: str) -> None:
    """Write sfctl's configuration with a torn line or an odd token."""
    kept = {"accessToken": SECRETS["token"], "refreshToken": SECRETS["refresh"], "expiresOn": "2036-01-01 00:00:00"}
    lines = [
        "[servicefabric]",
        f"endpoint = {origin}",
        "security = aad",
        "authority_uri = https://login.example/t",
        "aad_resource = r",
        "aad_client = c",
        "aad_token = " + (spoilt(rng, kept).decode("utf-8", "replace") if rng.random() < 0.5 else json.dumps(kept)),
    ]
    for _ in range(rng.randrange(3)):
        at = rng.randrange(len(lines))
        line = lines[at]
        lines[at] = rng.choice([line[: rng.randrange(len(line) + 1)], line.replace("=", ""), "  " + line, line * 2])
    path.write_bytes("\n".join(lines).encode("utf-8", "replace"))


def clouds_file(rng: random.Random, path: Path, origin: str) -> None:
    """Write a clouds.yaml in which something is not as it should be."""
    where = {"auth_url": origin + "/identity", "project_name": "demo", "project_domain_name": "Default"}
    auth = {**where, "username": "demo", "password": SECRETS["password"], "user_domain_name": "Default"}
    cloud = {"auth": auth, "region_name": "R"}
    content = spoilt(rng, {"clouds": {"mine": cloud}})
    odd = [b"a: &a [*a]", b"!!python/object:os.system x", b"\t- x: [", b"a: " + b"[" * 3000, content[:-3] + b": : :"]
    path.write_bytes(content if rng.random() < 0.7 else rng.choice(odd))


LOGIN_FILES: dict[str, Callable[[random.Random, Path, str], None]] = {
    "secrets_file": secrets_file,
    "from_sfctl": sfctl_file,
    "cloud": clouds_file,
    "access_token_file": lambda rng, path, origin: token_file(rng, path),
}
