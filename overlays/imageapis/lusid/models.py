"""What LUSID's image operations return and no document has; all else is generated.

`PushedImage` is it: a push is an exchange with a registry, of which the scheduler's document knows nothing.
"""

from __future__ import annotations

import attrs


@attrs.frozen
class PushedImage:
    """An image that is in the registry.

    Attributes:
        name: Its name in LUSID, e.g. `my-job:1.4`.
        reference: Its full reference in the registry.
        digest: The digest of its manifest.
        size: Bytes of its config and layers.
        uploaded: Bytes that this push sent; the rest was there already.
        latest: Whether it is also tagged `latest`.
    """

    name: str
    reference: str
    digest: str
    size: int
    uploaded: int
    latest: bool
