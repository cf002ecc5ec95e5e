"""What the service takes as the name of an image, of a repository, and as the bounds of a list.

Checked here, so that a wrong value costs no request and gets a sentence instead of a code.
"""

from __future__ import annotations

import re

from imageapis.core.arguments import shown, text, whole_number
from imageapis.lusid.errors import InvalidName, InvalidQuery

#: The same names as the pattern that the service publishes, which takes exponential time on a run of underscores.
_IMAGE = re.compile(r"[a-z0-9]+(?:[._-]+[a-z0-9]+)*:[a-z0-9]+(?:[._-]+[a-z0-9]+)*")
LONGEST_NAME = 256
LARGEST_START = LARGEST_LIMIT = 5000
LONGEST_FILTER = 1024
LONGEST_PAGE_TOKEN = 500
_PAGE_TOKEN = re.compile(r"[a-zA-Z0-9+/]*={0,3}")


def image_name(name: str) -> str:
    """Return the name of an image if the service takes it.

    Raises:
        InvalidName: It does not.
    """
    if len(text("An image name", name)) > LONGEST_NAME:
        raise InvalidName(f"An image name of {len(name)} characters is too long: the service takes {LONGEST_NAME}.")
    if _IMAGE.fullmatch(name) is None:
        raise InvalidName(
            f"{name!r} is no image name: the service takes <repository>:<tag>, both of lower-case letters and digits "
            "with '.', '_' or '-' between them, e.g. 'my-job:1.4'."
        )
    return name


def repository_name(name: str) -> str:
    """Return the name of a repository if it can stand in an address.

    Raises:
        InvalidName: It cannot: it is empty, or would be read as another path.
    """
    if text("A repository name", name).strip() in ("", ".", ".."):
        raise InvalidName(f"{name!r} is no repository name. Give the part of an image's name before the colon.")
    return name


def bounds(limit: int | None, start: int | None, filter: str | None) -> None:  # noqa: A002 - the API's own name
    """Check the bounds and the filter of a list.

    Raises:
        InvalidQuery: The service would refuse one of them.
    """
    if limit is not None and not 1 <= whole_number("limit", limit) <= LARGEST_LIMIT:
        raise InvalidQuery(
            f"limit is 1 to {LARGEST_LIMIT} entries a page, not {shown(limit)}. The pager walks all pages."
        )
    if start is not None and not 0 <= whole_number("start", start) <= LARGEST_START:
        raise InvalidQuery(f"start is 0 to {LARGEST_START}, not {shown(start)}. To go deeper, walk the pages.")
    if filter is not None and len(text("filter", filter)) > LONGEST_FILTER:
        raise InvalidQuery(f"A filter of {len(filter)} characters is too long: the service takes {LONGEST_FILTER}.")


def is_page_token(token: str) -> bool:
    """Say whether the service can have made a page token."""
    return 1 <= len(text("A page token", token)) <= LONGEST_PAGE_TOKEN and _PAGE_TOKEN.fullmatch(token) is not None


def page_token(token: str) -> str:
    """Return a page token if the service can have made it.

    Raises:
        InvalidQuery: It cannot.
    """
    if not is_page_token(token):
        raise InvalidQuery("That is no page token of this service: give Page.next as it was received.")
    return token
