"""The push: from a local image and the instructions of LUSID to a manifest in the registry, without a Docker daemon."""

from __future__ import annotations

import ipaddress
import warnings
from functools import partial
from typing import TYPE_CHECKING

import attrs

from imageapis.core.progress import Meter
from imageapis.errors import (
    ConnectionFailed,
    ImageApiError,
    NotFound,
    RateLimited,
    ServerError,
    StatusError,
    UploadInterrupted,
    VerificationFailed,
)
from imageapis.lusid.errors import PlatformWarning
from imageapis.lusid.models import PushedImage
from imageapis.lusid.registry import Registry
from imageapis.lusid.registry_answers import may_pass
from imageapis.lusid.registry_auth import RegistryPassword

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from imageapis.core.concurrency import Limit, LimitMaker
    from imageapis.core.http import Request
    from imageapis.core.io import Io
    from imageapis.core.progress import Report
    from imageapis.core.retry import Policy
    from imageapis.lusid.instructions import UploadInstructions
    from imageapis.lusid.local_image import Blob, LocalImage

#: Seconds before a cut blob is begun anew, doubled each time.
FIRST_WAIT = 0.5
LONGEST_WAIT = 60.0


@attrs.define
class Push:
    """One push: what its steps share.

    Attributes:
        io: What requests go through.
        image: The image.
        instructions: Where it goes.
        renew: Announces the image again, for another password, with tries of its own: what it raises ends the push.
        user_agent: What requests name as their sender.
        wait_longer: Gives a request more seconds to be answered in.
        once: The policy of a request that is tried again by itself only where the registry certainly did not begin:
            what else fails is begun anew here, as a whole, so that tries do not multiply.
        restarts: How often that is done.
        timed: Awaits a small request and keeps how long it took, which a limit of its own choice begins with.
        limit: Makes what says how many blobs are on their way at a time.
        chunk_size: Bytes a request; `None` for one streamed request a blob.
        progress: The caller's function.
    """

    io: Io
    image: LocalImage
    instructions: UploadInstructions
    renew: Callable[[], Awaitable[UploadInstructions]]
    user_agent: str
    wait_longer: Callable[[Request, float], None]
    once: Policy
    restarts: int
    timed: Callable[[Awaitable[None]], Awaitable[None]]
    limit: LimitMaker
    chunk_size: int | None
    progress: Report | None
    _meter: Meter = attrs.field(init=False)
    _password: RegistryPassword = attrs.field(init=False)
    _sent: list[int] = attrs.field(init=False, factory=list)

    def __attrs_post_init__(self) -> None:
        self._meter = Meter(self.progress, self.io.clock, self.image.size)
        self._password = RegistryPassword(self.instructions, self.renew, clock=self.io.clock.time)

    async def run(self) -> PushedImage:
        """Push.

        Raises:
            UploadInterrupted: A request failed in a way that may pass; what arrived stays in the registry.
            ImageApiError: Anything else.
        """
        self._warn()
        try:
            await self._push()
        except (ConnectionFailed, ServerError, RateLimited) as failure:
            raise UploadInterrupted(
                f"The push of {self.instructions.name} stopped after {self._meter.acknowledged:,} of "
                f"{self.image.size:,} bytes: {failure} Push again with resume= to send only what is missing.",
                resume=self._password.instructions,
                sent=self._meter.acknowledged,
                total=self.image.size,
            ) from failure
        place = self.instructions
        return PushedImage(
            name=place.name,
            reference=f"{place.registry}/{place.repository}:{place.tag}",
            digest=self.image.digest,
            size=self.image.size,
            uploaded=sum(self._sent),
            latest=place.latest,
        )

    async def _push(self) -> None:
        place, image = self.instructions, self.image
        base = f"{_scheme(place.registry)}://{place.registry}"
        registry = Registry(
            self.io,
            base,
            place.repository,
            self._password,
            user_agent=self.user_agent,
            wait_longer=self.wait_longer,
            once=self.once,
        )
        await self._patiently(lambda: self.timed(registry.log_in()))
        limit = self.limit(image.size // max(1, len(image.blobs)), registry.REQUESTS)
        # The largest first: one that began last would go on alone when all others are there.
        blobs = sorted(image.blobs, key=lambda blob: -blob.size)
        await self.io.gather((self._patiently(partial(self._send, registry, blob, limit)) for blob in blobs), limit)
        tags = (place.tag, "latest") if place.latest else (place.tag,)
        for tag in tags:
            await self._patiently(partial(registry.put_manifest, tag, image.manifest, image.media_type, image.digest))
        # Whatever was confirmed on the way: what counts is what anybody gets who asks for the image now. Blobs as well,
        # also those that were there before: only since a manifest names them does a registry not clear them away.
        manifests = (
            partial(registry.look_at, reference, image.manifest, image.media_type)
            for reference in (*tags, image.digest)
        )
        looks = (*manifests, *(partial(registry.look_for, blob) for blob in blobs))
        limit = self.limit(0)
        await self.io.gather((self._look(look, limit) for look in looks), limit)

    async def _look(self, look: Callable[[], Awaitable[None]], limit: Limit) -> None:
        try:
            await self._patiently(look)
            limit.finished(0)
        except NotFound as failure:
            raise VerificationFailed(
                f"The registry confirmed {self.instructions.name} and does not have all of it ({failure}). Push again; "
                "if it comes back, look at the registry, or at what answers for it: it does not keep what it takes."
            ) from failure

    async def _patiently(self, attempt: Callable[[], Awaitable[None]]) -> None:
        """Do something, and anew after a failure that may pass."""
        wait = FIRST_WAIT
        for left in range(self.restarts, -1, -1):
            try:
                return await attempt()
            except ImageApiError as failure:
                if left and may_pass(failure) and not self._password.gave_up:
                    told = failure.retry_after if isinstance(failure, StatusError) else None
                    await self.io.sleep(min(max(wait, told or 0.0), LONGEST_WAIT))
                    wait *= 2
                    continue
                if isinstance(failure, StatusError) and failure.code == "DIGEST_INVALID":
                    raise VerificationFailed(
                        f"The registry received other bytes of {self.instructions.name} than were sent, each time "
                        f"({failure}). Look at what lies between this machine and the registry."
                    ) from failure
                raise
        return None

    async def _send(self, registry: Registry, blob: Blob, limit: Limit) -> None:
        """Bring one blob to the registry, once."""
        # Also after a failure: the answer to an upload that succeeded may be what was lost.
        if await registry.has(blob):
            self._meter.add(blob.size, blob.digest, fresh=False)
            return
        taken: list[int] = []

        def acknowledged(size: int) -> None:
            taken.append(size)
            self._meter.add(size, blob.digest)

        try:
            await registry.upload(blob, acknowledged, self.chunk_size)
        except ImageApiError:
            self._meter.add(-sum(taken), blob.digest)
            raise
        limit.finished(blob.size)
        self._sent.append(blob.size)

    def _warn(self) -> None:
        wanted, built = self.instructions.platform, self.image.platform
        if built is not None and built != wanted:
            warnings.warn(
                f"{self.instructions.name} is built for {built}, and LUSID asks for {wanted}: it may not start.",
                PlatformWarning,
                stacklevel=2,
            )


def _scheme(registry: str) -> str:
    """Return `https`, and `http` only for a registry on this very machine, as docker does."""
    host = registry.rpartition(":")[0] or registry
    try:
        local = ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        local = host == "localhost"
    return "http" if local else "https"
