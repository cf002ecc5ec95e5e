"""Announcing, pushing and looking at images of LUSID's scheduler: the operations around an upload.

What a push does with the registry is in `push`; the other operations, and the classes, are in `client`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from imageapis.core.arguments import whole_number
from imageapis.core.faces import operation
from imageapis.core.operations import Operations
from imageapis.core.response_body import unexpected
from imageapis.core.service import Service
from imageapis.errors import WrongType
from imageapis.lusid import faults, names
from imageapis.lusid.errors import InvalidName
from imageapis_generated.lusid import endpoints
from imageapis_generated.lusid.operations import LusidOperations

if TYPE_CHECKING:
    from imageapis.core.progress import Report
    from imageapis.core.retry import Policy
    from imageapis.core.uploadable import Uploadable
    from imageapis.lusid.instructions import UploadInstructions
    from imageapis.lusid.models import PushedImage
    from imageapis_generated.lusid.values import Image


class Uploads(LusidOperations, Operations):
    """The operations around an upload, before they have a face."""

    _service = Service(
        "LUSID",
        read_error=faults.read_fault,
        request_ids=("scheduler-meta-requestid",),
        headers={"Accept": "application/json, application/problem+json"},
    )

    @operation
    async def image(self, name: str) -> Image:
        """Return one image with its tags and the report of its scan.

        Args:
            name: Repository and tag, e.g. `my-job:1.4`.

        Raises:
            InvalidName: That is no image name; nothing was sent.
            NotFound: There is no such image, or not yet: a pushed image takes a moment to appear.

        REST: `GET /api/images/{name}`.
        """
        return await super().image(names.image_name(name))

    @operation
    async def start_upload(self, name: str) -> UploadInstructions:
        """Announce an image and get what is needed to push it. `push` does this and the rest.

        Sent again only if the service certainly did not begin: each call makes new credentials.

        Args:
            name: Repository and tag, e.g. `my-job:1.4`. The service refuses a tag that is there already.

        Returns:
            The registry, the credentials (masked wherever they could show) and the references to push to, read from
            the shell commands that the service answers with. No command is ever run.

        Raises:
            InvalidName: That is no image name; nothing was sent.
            UnexpectedReply: The commands are not of a known shape, or point elsewhere than to this image.

        REST: `POST /api/images`.
        """
        return await self._announce(names.image_name(name))

    async def _announce(self, name: str, policy: Policy | None = None) -> UploadInstructions:
        from imageapis.lusid.instructions import read_answer
        from imageapis_generated.lusid.values import UploadImageRequest

        request = await self._built(endpoints.upload_image, UploadImageRequest(image_name=name))
        if policy is not None:
            request.extensions["retry"] = policy
        response = await self._exchange(request)
        instructions = read_answer(name, response)
        if isinstance(instructions, str):
            raise unexpected(response, instructions)
        return instructions

    @operation
    async def push(
        self,
        source: Uploadable,
        name: str,
        *,
        image: str | None = None,
        platform: str = "linux/amd64",
        chunk_size: int | None = None,
        concurrency: int | None = None,
        progress: Report | None = None,
        resume: UploadInstructions | None = None,
    ) -> PushedImage:
        """Push a local image, without a Docker daemon: it is in the registry when this returns.

        Announces the image, sends the blobs that the registry lacks, each checked against its digest, and then the
        manifest, also as `latest` where the service asks for it. Memory does not grow with the image. The scheduler
        takes a moment to show it: `wait_for_scan` waits for that. Hooks see what goes to LUSID, not the registry.

        What is proved at the end: the manifest came back byte by byte under each tag and its digest, and the registry
        says of each blob that it holds it, with its size. Only a pull, which hashes them all, would prove more.

        Args:
            source: A `docker save` tar (also compressed, which takes disk for the uncompressed one), or an OCI layout
                as folder or tar. A path, a binary file object or bytes.
            name: Repository and tag to push to, e.g. `my-job:1.4`.
            image: Which image, by its name in the source, if that holds several.
            platform: Which image, if the source holds one for each of several platforms.
            chunk_size: Bytes a request, for a registry that limits them; one streamed request a blob by default.
            concurrency: Blobs at a time; by default the client's. If neither says, the push finds out while it runs
                what is fastest, up to 32.
            progress: Called with a `Progress` as the registry acknowledges bytes: with each blob, or each chunk.
            resume: The `resume` of an `UploadInterrupted`: goes on with its announcement.

        Returns:
            Where the image is, with its digest and what had to be sent.

        Raises:
            InvalidName: That is no image name; nothing was sent.
            InvalidImage: The source holds no such image, or a damaged one. It is not in the registry.
            UnusableFile: The source is a device that never comes to an end, as /dev/zero.
            SourceChanged: The source changed meanwhile. The image is not in the registry.
            UploadInterrupted: The connection or the registry failed for longer than retries last; push again with its
                `resume`.
            VerificationFailed: The registry holds something else than was sent.
            LoginError: The registry asks for a login that is not known here, or takes no password that LUSID gives.
            StatusError: LUSID or the registry refused.

        Warns:
            PlatformWarning: The image is built for another platform than LUSID asks for.

        REST: `POST /api/images`; then the OCI distribution protocol with the registry that it names.
        """
        from imageapis.core.opening import opened
        from imageapis.lusid.image_source import open_image
        from imageapis.lusid.instructions import UploadInstructions
        from imageapis.lusid.push import Push

        names.image_name(name)
        if chunk_size is not None:
            chunk_size = whole_number("chunk_size", chunk_size, 1)
        if resume is not None and not isinstance(resume, UploadInstructions):
            raise WrongType("resume takes the `resume` of an UploadInterrupted, or what start_upload returned.")
        if resume is not None and resume.name != name:
            raise InvalidName(f"resume belongs to {resume.name!r}, not to {name!r}.")
        async with opened(self._io, lambda: open_image(source, image, platform)) as local:
            return await Push(
                io=self._io,
                image=local,
                instructions=await self._announce(name) if resume is None else resume,
                # One password more does no harm, where a push has begun that goes on with it.
                renew=lambda: self._announce(name, self._retry_policies.idempotent),
                user_agent=self._headers["User-Agent"],
                wait_longer=self._wait_longer,
                once=self._retry_policies.once,
                restarts=self._retry_policies.idempotent.total,
                timed=self._timed,
                limit=self._limit(concurrency),
                chunk_size=chunk_size,
                progress=progress,
            ).run()

    @operation
    async def wait_for_scan(
        self, name: str, *, fail_on: str | None = None, timeout: float = 900.0, interval: float = 5.0
    ) -> Image:
        """Wait until a pushed image has appeared and its scan has ended.

        Args:
            name: Repository and tag, e.g. `my-job:1.4`.
            fail_on: The least severity that is too much: `critical`, `high`, `medium`, `low`, `negligible` or
                `unknown`. `None` only waits.
            timeout: Seconds to wait in all.
            interval: Seconds between two looks.

        Returns:
            The image with the report of its scan.

        Raises:
            InvalidName: That is no image name; nothing was sent.
            ScanFailed: The scan ended without a result, or found what is too much; `image` holds the report.
            NotFound: The image has not appeared in time.
            TimedOut: The scan has not ended in time.

        REST: `GET /api/images/{name}`, repeatedly.
        """
        from imageapis.lusid.scan import wait

        names.image_name(name)
        return await wait(self._io, name, lambda: self._answer(endpoints.get_image, name), fail_on, timeout, interval)
