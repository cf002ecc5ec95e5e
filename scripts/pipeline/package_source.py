"""Writes what stands around a new service's client: its package, its logins, and the reading of its errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.pipeline.client_source import class_name, prose

if TYPE_CHECKING:
    from scripts.pipeline.documents import Document


def package_source(service: str, title: str) -> str:
    """`overlays/imageapis/<service>/__init__.py`."""
    name = class_name(service)
    return f'''"""{prose(title)}: a blocking and an async client over one set of operations.

Its values are in `imageapis_generated.{service}.values`.
"""

from imageapis.{service} import auth
from imageapis.{service}.client import Async{name}, {name}

__all__ = [{", ".join(repr(entry) for entry in sorted([f"Async{name}", name, "auth"]))}]
'''


def auth_source(service: str, document: Document) -> str:
    """`overlays/imageapis/<service>/auth.py`: a factory for each kind of login that the document declares."""
    schemes = list(document.get("components", {}).get("securitySchemes", {}).values())
    keys = sorted({str(one["name"]) for one in schemes if one.get("type") == "apiKey" and one.get("in") == "header"})
    factories = ["unsecured"]
    if not keys or any(one.get("type") in ("oauth2", "openIdConnect", "http") for one in schemes):
        factories.append("bearer")
    if keys:
        factories.append("api_key")
    says = {
        "unsecured": ("", "A login without proof of identity.", ""),
        "bearer": ("token", "A login by a bearer token that somebody else got.", "FixedToken(token)"),
        "api_key": ("key", f"A login by an API key in the header {prose(*keys[:1] or ('',))}.", "_ApiKey(key)"),
    }
    return "\n".join(
        [
            f'"""Logins for {class_name(service)}: where the service is, and who asks."""\n',
            "from __future__ import annotations\n",
            "from imageapis.core.login import Login\nfrom imageapis.core.tokens import FixedToken\n",
            f"__all__ = [{', '.join(repr(entry) for entry in sorted(factories))}]\n",
            *([_key_class(keys[0])] if keys else []),
            *(_factory(name, *says[name], _address(document)) for name in factories),
        ]
    )


def _key_class(header: str) -> str:
    return f'''
class _ApiKey(FixedToken):
    """Proof by a key in a header of its own."""

    header = {header!r}
    scheme = ""
'''


def _factory(name: str, secret: str, says: str, proof: str, example: str) -> str:
    argument = f", {secret}: str" if secret else ""
    documented = f"\n        {secret}: The {secret}; it shows in no text." if secret else ""
    return f'''
def {name}(endpoint: str{argument}) -> Login:
    """{says}

    Args:
        endpoint: The base address, with whatever stands before the document's paths, e.g. {example}.{documented}
    """
    return Login(endpoint=endpoint{f", auth={proof}" if proof else ""})
'''


def _address(document: Document) -> str:
    servers = document.get("servers") or [{}]
    url = str(servers[0].get("url") or "/")
    return prose(url if "://" in url else f"https://localhost{url if url != '/' else ''}")


def fault_source(service: str) -> str:
    """`overlays/imageapis/<service>/faults.py`: reads the usual shapes of an error body."""
    return f'''"""What {class_name(service)} says when it refuses: the usual shapes of an error body, to be narrowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from imageapis.core.service import ErrorDetail

if TYPE_CHECKING:
    from imageapis.core.http import Response


def read_fault(response: Response) -> ErrorDetail:
    """Read `{{"code", "message"}}`, the same under `error`, or a problem document's `title` and `detail`.

    Raises:
        ValueError: The body is not JSON.
        TypeError: The body is JSON of another shape.
    """
    said = response.json()
    if not isinstance(said, dict):
        raise TypeError(f"an object was expected, not {{type(said).__name__}}")
    said = said["error"] if isinstance(said.get("error"), dict) else said
    code = said.get("code", said.get("title"))
    message = said.get("message", said.get("detail"))
    return ErrorDetail(None if code is None else str(code), None if message is None else str(message))
'''
