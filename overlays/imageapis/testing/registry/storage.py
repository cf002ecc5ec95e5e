"""What the embedded registry keeps: blobs by their digests, uploads under way, manifests and tags by repository."""

from __future__ import annotations

import hashlib
import io
import tempfile
import threading
import uuid
from typing import TYPE_CHECKING, Any

import attrs

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Bytes read at a time.
BLOCK = 256 << 10


def digest_of(content: bytes) -> str:
    """Return the digest of some bytes as registries write it."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


class Blob:
    """Bytes in a file or in memory, to which an upload adds and which anybody reads."""

    def __init__(self, *, on_disk: bool) -> None:
        self.size = 0
        self._file = io.BytesIO() if not on_disk else tempfile.TemporaryFile(prefix="imageapis-blob-")  # noqa: SIM115
        self._hash = hashlib.sha256()
        self._lock = threading.Lock()

    @property
    def digest(self) -> str:
        """The digest of all bytes so far."""
        return "sha256:" + self._hash.hexdigest()

    def add(self, data: bytes) -> None:
        """Add bytes at the end."""
        with self._lock:
            self._file.seek(self.size)
            self._file.write(data)
            self._hash.update(data)
            self.size += len(data)

    def blocks(self) -> Iterator[bytes]:
        """Yield all bytes."""
        for position in range(0, self.size, BLOCK):
            with self._lock:
                self._file.seek(position)
                data = self._file.read(BLOCK)
            yield data

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


@attrs.define
class Upload:
    """An upload under way.

    Attributes:
        blob: What has arrived.
        busy: Whether a request is adding to it.
    """

    blob: Blob
    busy: bool = False

    @property
    def span(self) -> str:
        """What has arrived as a range; nothing is `0-0`, like one byte, as with distribution."""
        return f"0-{max(0, self.blob.size - 1)}"


@attrs.frozen
class Manifest:
    """A manifest, byte by byte, with the type that it was stored as."""

    content: bytes
    media_type: str

    @property
    def digest(self) -> str:
        """Its digest."""
        return digest_of(self.content)


@attrs.define
class Repository:
    """A repository.

    Attributes:
        blobs: The digests of the blobs that were pushed to it or mounted into it.
        manifests: Its manifests by their digests.
        tags: Digests of manifests by their tags.
        uploads: The uploads to it that are under way, by their ids.
    """

    blobs: set[str] = attrs.field(factory=set)
    manifests: dict[str, Manifest] = attrs.field(factory=dict)
    tags: dict[str, str] = attrs.field(factory=dict)
    uploads: dict[str, Upload] = attrs.field(factory=dict)

    def manifest(self, reference: str) -> Manifest | None:
        """Return the manifest under a tag or a digest, or `None`."""
        return self.manifests.get(self.tags.get(reference, reference))


class Storage:
    """All repositories; blobs are kept once, whichever repositories hold them.

    Args:
        on_disk: Whether blobs are kept in temporary files; in memory otherwise.
    """

    def __init__(self, *, on_disk: bool) -> None:
        self.repositories: dict[str, Repository] = {}
        self.blobs: dict[str, Blob] = {}
        self._on_disk = on_disk

    def begin(self, name: str) -> tuple[str, Upload]:
        """Begin an upload to a repository, which is made by its first one; return its id too."""
        upload = Upload(Blob(on_disk=self._on_disk))
        key = str(uuid.uuid4())
        self.repositories.setdefault(name, Repository()).uploads[key] = upload
        return key, upload

    def finish(self, name: str, key: str) -> Blob:
        """Keep what an upload brought."""
        repository = self.repositories[name]
        blob = repository.uploads.pop(key).blob
        digest = blob.digest
        if digest in self.blobs:
            blob.close()
        else:
            self.blobs[digest] = blob
        repository.blobs.add(digest)
        return self.blobs[digest]

    def forget(self, name: str, key: str) -> None:
        """Give an upload up."""
        self.repositories[name].uploads.pop(key).blob.close()

    def blob(self, name: str, digest: str) -> Blob | None:
        """Return a blob that a repository holds, or `None`."""
        repository = self.repositories.get(name)
        return self.blobs[digest] if repository is not None and digest in repository.blobs else None

    def mount(self, name: str, digest: str, source: str) -> bool:
        """Let a repository hold a blob of another one too, if that one has it."""
        if self.blob(source, digest) is None:
            return False
        self.repositories.setdefault(name, Repository()).blobs.add(digest)
        return True

    def close(self) -> None:
        """Let go of all files."""
        uploads = [it for repository in self.repositories.values() for it in repository.uploads.values()]
        for blob in (*self.blobs.values(), *(it.blob for it in uploads)):
            blob.close()


def missing_blobs(repository: Repository, manifest: dict[str, Any]) -> list[str]:
    """Return the digests that a manifest names and its repository lacks; a layer with an address of its own may."""
    blobs = [it for it in (manifest.get("config"), *_list(manifest, "layers")) if isinstance(it, dict)]
    named = [str(it.get("digest")) for it in blobs if not it.get("urls")]
    children = [str(it.get("digest")) for it in _list(manifest, "manifests") if isinstance(it, dict)]
    return [it for it in named if it not in repository.blobs] + [
        it for it in children if it not in repository.manifests
    ]


def _list(data: dict[str, Any], name: str) -> list[Any]:
    found = data.get(name)
    return found if isinstance(found, list) else []
