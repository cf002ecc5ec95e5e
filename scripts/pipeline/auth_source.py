"""Writes `auth.py` of a new service: a factory for each login that the document's security schemes describe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scripts.pipeline import naming
from scripts.pipeline.client_source import class_name, prose

if TYPE_CHECKING:
    from scripts.pipeline.documents import Document


@dataclass(frozen=True)
class _Factory:
    """A function that makes a login.

    Attributes:
        name: Its name.
        says: Its first sentence.
        arguments: Name, annotation with default, and description of what it takes besides the endpoint.
        proof: The expression of who asks; empty for nobody.
        module: The module of core that has the proof.
    """

    name: str
    says: str
    arguments: tuple[tuple[str, str, str], ...] = ()
    proof: str = ""
    module: str = ""


def auth_source(service: str, document: Document) -> str:
    """`overlays/imageapis/<service>/auth.py`."""
    factories = _distinct(_factories(document))
    imports = sorted({f"from imageapis.core import {one.module}" for one in factories if one.module})
    return "\n".join(
        [
            f'"""Logins for {class_name(service)}: where the service is, and who asks."""\n',
            "from __future__ import annotations\n",
            "from typing import TYPE_CHECKING\n",
            *imports,
            "from imageapis.core.login import Login\n",
            "if TYPE_CHECKING:\n    from collections.abc import Sequence\n",
            f"__all__ = [{', '.join(repr(name) for name in sorted(one.name for one in factories))}]\n",
            *(_source(one, _address(document)) for one in factories),
        ]
    )


def _factories(document: Document) -> list[_Factory]:
    """One a scheme, one for each set of keys that is asked for together, and one for no proof at all."""
    schemes: dict[str, Any] = document.get("components", {}).get("securitySchemes", {})
    made = [_Factory("unsecured", "Log in without proof of identity.")]
    for name, scheme in schemes.items():
        made += _of_scheme(name, scheme)
    made += [_together(names, schemes) for names in _sets_of_keys(document, schemes)]
    if len(made) == 1:
        made.append(_bearer())
    return made


def _of_scheme(name: str, scheme: Any) -> list[_Factory]:
    kind, way = scheme.get("type"), str(scheme.get("scheme", "")).lower()
    if kind == "apiKey":
        return [_key(name, scheme)]
    if kind == "http" and way == "basic":
        return [_basic()]
    if kind == "oauth2":
        flows = scheme.get("flows") or {}
        made = [_grant(way, flow) for way, flow in flows.items() if way in ("clientCredentials", "password")]
        return [*made, _bearer()]
    if kind == "http" and way != "bearer":
        says = f"Log in with a value of the scheme {prose(way)} that somebody else made."
        value = ("value", "str", "All of the header Authorization; it shows in no text.")
        return [
            _Factory(
                "authorization",
                says,
                (value,),
                "static_auth.ApiKeyAuth('header', 'Authorization', value)",
                "static_auth",
            )
        ]
    return [_bearer()] if kind in ("http", "openIdConnect") else []


def _bearer() -> _Factory:
    token = ("token", "str", "The token; it shows in no text.")
    return _Factory(
        "bearer", "Log in with a bearer token that somebody else got.", (token,), "tokens.FixedToken(token)", "tokens"
    )


def _basic() -> _Factory:
    arguments = (("*", "", ""), ("username", "str", "Who."), ("password", "str", "It shows in no text."))
    return _Factory(
        "basic",
        "Log in with user name and password.",
        arguments,
        "static_auth.BasicAuth(username, password)",
        "static_auth",
    )


def _key(name: str, scheme: Any) -> _Factory:
    place, said = str(scheme.get("in")), str(scheme.get("name"))
    argument = ("key", "str", "The key; it shows in no text.")
    says = f"Log in with an API key, sent as {prose(said)} in the {place}."
    return _Factory(
        f"api_key {name}", says, (argument,), f"static_auth.ApiKeyAuth({place!r}, {said!r}, key)", "static_auth"
    )


def _together(names: list[str], schemes: dict[str, Any]) -> _Factory:
    """For services that ask for several keys on each request."""
    arguments = naming.distinct(naming.parameter_name(name) for name in names)
    keys = ", ".join(
        f"static_auth.ApiKeyAuth({schemes[name]['in']!r}, {schemes[name]['name']!r}, {argument})"
        for name, argument in zip(names, arguments, strict=True)
    )
    listed = [
        (argument, "str", f"Sent as {prose(schemes[name]['name'])} in the {schemes[name]['in']}; it shows in no text.")
        for name, argument in zip(names, arguments, strict=True)
    ]
    return _Factory(
        "api_keys",
        "Log in with several keys.",
        (("*", "", ""), *listed),
        f"static_auth.CombinedAuth({keys})",
        "static_auth",
    )


def _sets_of_keys(document: Document, schemes: dict[str, Any]) -> list[list[str]]:
    asked = list(document.get("security") or ())
    for item in document.get("paths", {}).values():
        for operation in item.values():
            asked += (operation.get("security") or ()) if isinstance(operation, dict) else ()
    sets = {tuple(sorted(one)) for one in asked if len(one) > 1}
    return [
        list(names) for names in sorted(sets) if all(schemes.get(name, {}).get("type") == "apiKey" for name in names)
    ]


def _grant(way: str, flow: Any) -> _Factory:
    url, scopes = str(flow.get("tokenUrl") or ""), sorted(flow.get("scopes") or {})
    default = f" = {url!r}" if url.startswith("https://") else ""
    client = [
        ("client_id", "str", "The client."),
        ("client_secret", "str | None = None", "Its secret, if it has one; it shows in no text."),
    ]
    user = [("username", "str", "The user."), ("password", "str", "The user's password; it shows in no text.")]
    token = ("token_url", f"str{default}", "The token endpoint.")
    told = prose(", ".join(scopes), limit=200) if scopes else ""
    scope = ("scopes", "Sequence[str] = ()", f"What the token shall be good for{f', of: {told}' if told else ''}.")
    given = [*(user if way == "password" else []), *client]
    listed = ["token_url", *(name for name, _, _ in given), "scopes"]
    # What has no default may follow what has one: all of it is keyword-only.
    return _Factory(
        "password" if way == "password" else "client_credentials",
        "Log in with a user's password." if way == "password" else "Log in as a client of its own.",
        (("*", "", ""), token, *given, scope),
        f"oauth.Grant({', '.join(f'{name}={name}' for name in listed)})",
        "oauth",
    )


def _distinct(factories: list[_Factory]) -> list[_Factory]:
    """Each login once; several keys are told apart by the names of their schemes."""
    kept: dict[tuple[str, str], _Factory] = {}
    for one in factories:
        kept.setdefault((one.name.partition(" ")[0], one.proof), one)
    found = list(kept.values())
    keys = [one for one in found if one.name.startswith("api_key ")]
    names = naming.distinct(
        one.name
        if not one.name.startswith("api_key ")
        else "api_key"
        if len(keys) == 1
        else f"api_key_{naming.snake(one.name.partition(' ')[2], 'key')}"
        for one in found
    )
    return [
        _Factory(name, one.says, one.arguments, one.proof, one.module) for name, one in zip(names, found, strict=True)
    ]


def _source(one: _Factory, example: str) -> str:
    taken = [("endpoint", "str"), *((name, kind) for name, kind, _ in one.arguments)]
    given = "\n    ".join(_argument(name, kind, last=name == taken[-1][0]) for name, kind in taken)
    documented = "".join(f"\n        {name}: {says}" for name, kind, says in one.arguments if kind)
    return f'''
def {one.name}(
    {given}
) -> Login:
    """{one.says}

    Args:
        endpoint: The base address, with whatever stands before the document's paths, e.g. {example}.{documented}

    Raises:
        LoginError: That is no address, or something cannot be sent.
    """
    return Login(endpoint=endpoint{f", auth={one.proof}" if one.proof else ""})
'''


def _argument(name: str, kind: str, *, last: bool) -> str:
    """The line of an argument; ruff takes the address where tokens are had for one."""
    remark = "  # noqa: S107 - an address, no token" if name == "token_url" and "=" in kind else ""
    return "".join([f"{name}: {kind}" if kind else name, "" if last else ",", remark])


def _address(document: Document) -> str:
    servers = document.get("servers") or [{}]
    url = str(servers[0].get("url") or "/")
    return prose(url if "://" in url else f"https://localhost{url if url != '/' else ''}")
