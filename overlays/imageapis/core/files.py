"""Local files that we write or own: a file appears under its name whole or not at all, and only where a file may be.

`Draft` is the one publisher, for downloads, journals and whatever else is kept: a temporary file of its own beside the
target, made exclusively, then fsync and rename. `open_regular` opens what is there already without following a link or
waiting for a pipe; `lock_file` keeps other processes away from it.

Libraries that do parts of this were looked at: `filelock` truncates whatever lies at the path of its lock file and
leaves another file beside the user's; `atomicwrites` has been given up by its author. `tempfile` takes no umask.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from imageapis.errors import UnusableFile

if TYPE_CHECKING:
    from io import FileIO
    from types import TracebackType
    from typing import Self

#: A link is an error instead of followed, a pipe does not wait for its other end, a terminal does not become ours.
_CAREFUL = (
    getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
#: How many names of 64 random bits are tried; a second one is needed only where somebody makes them on purpose.
_NAMES = 16

_KINDS = (
    (stat.S_ISLNK, "a symbolic link"),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
)


def status(path: str | os.PathLike[str]) -> os.stat_result | None:
    """Return the status of a regular file, or `None` if there is nothing at its path.

    Raises:
        UnusableFile: Something else is there.
        OSError: Nobody can tell.
    """
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return None
    except ValueError:
        raise no_path(path) from None
    _check(found, path)
    return found


def no_path(path: str | os.PathLike[str]) -> UnusableFile:
    """Return the error for what the system refuses as a path, whatever lies where."""
    return UnusableFile(f"{os.fspath(path)!r} cannot be a path: it holds a NUL or half a character.")


def open_regular(path: str | os.PathLike[str], flags: int = os.O_RDONLY, mode: int = 0o600) -> int:
    """Return a descriptor of a regular file, which is not inherited by other programs.

    Args:
        path: Where it lies.
        flags: As for `os.open`.
        mode: Its permissions, if it is made.

    Raises:
        UnusableFile: Something else is there: a link, folder, pipe, socket or device.
        OSError: It cannot be opened.
    """
    status(path)  # to open a device can have an effect already
    try:
        descriptor = os.open(path, flags | _CAREFUL, mode)
    except OSError as failure:
        if failure.errno in (errno.ELOOP, errno.ENXIO):
            raise UnusableFile(f"{os.fspath(path)} is no regular file; give the path of one.") from None
        raise
    try:
        _check(os.fstat(descriptor), path)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _check(found: os.stat_result, path: str | os.PathLike[str]) -> None:
    if not stat.S_ISREG(found.st_mode):
        kind = next((name for test, name in _KINDS if test(found.st_mode)), "a device")
        raise UnusableFile(f"{os.fspath(path)} is {kind}, which was left as it is; give the path of a regular file.")


def lock_file(file: FileIO) -> bool:
    """Lock a file against other processes, and other calls in this one; `False` if one of them has it.

    The lock holds until the file is closed by `unlock_and_close`. Where the system has no such lock everybody gets it.
    """
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as failure:
        # Some network file systems have no locks.
        if failure.errno in (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS):
            return True
        raise
    return True


def unlock_and_close(file: FileIO) -> None:
    """Close a file and end what `lock_file` began, also where a forked process still has it open."""
    if file.closed:
        return
    try:
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_UN)
    except (ImportError, OSError):
        pass  # closing it ends the lock as well, unless somebody inherited it
    finally:
        file.close()


def write_all(file: FileIO, data: bytes | memoryview) -> None:
    """Write all of some bytes to an unbuffered file, whose `write` may take less.

    Raises:
        OSError: They could not all be written.
    """
    view = memoryview(data).cast("B")
    while view:
        view = view[file.write(view) or 0 :]


class Draft:
    """A file that nobody sees under its name until it is published; as a context it is discarded unless it was.

    Its methods block; any thread may call them. A file that is there is replaced with its permissions kept, and is
    whole until then. A link, folder, pipe, socket or device there is refused.

    Args:
        target: Where it goes.
        mode: The permissions of a file that is new, before the umask.

    Raises:
        UnusableFile: There is something else than a regular file at the target.
        OSError: Its folder cannot be written to.
    """

    def __init__(self, target: str | os.PathLike[str], *, mode: int = 0o666) -> None:
        before = status(target)
        self._target = Path(target).absolute()
        self._lock = threading.Lock()
        self._published = False
        self._path, descriptor = _create(self._target.parent, mode)
        try:
            if before is not None and hasattr(os, "fchmod"):
                os.fchmod(descriptor, before.st_mode & 0o777)
            #: The open file, unbuffered.
            self.file: FileIO = open(descriptor, "w+b", buffering=0)  # noqa: SIM115, PTH123
        except BaseException:
            os.close(descriptor)
            self._path.unlink()
            raise

    def write(self, data: bytes | memoryview) -> None:
        """Add bytes.

        Raises:
            OSError: They could not all be written.
        """
        with self._lock:
            write_all(self.file, data)

    def publish(self) -> None:
        """Let it appear under its name, in place of what was there, and close it.

        Raises:
            UnusableFile: Something else than a regular file has appeared there meanwhile.
            OSError: It could not be written.
        """
        self.keep()
        unlock_and_close(self.file)

    def keep(self) -> FileIO:
        """Publish it and return it, still open (where the system can rename an open file, the very one)."""
        with self._lock:
            os.fsync(self.file.fileno())
            status(self._target)
            if os.name == "nt":
                self.file.close()
            self._path.replace(self._target)
            self._published = True
            if self.file.closed:
                self.file = self._target.open("r+b", buffering=0)
                self.file.seek(0, os.SEEK_END)
        _sync_folder(self._target.parent)
        return self.file

    def discard(self) -> None:
        """Remove it, unless it was published. May be called any number of times."""
        with self._lock:
            if self._published:
                return
            unlock_and_close(self.file)
            self._path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.discard()


def _create(folder: Path, mode: int) -> tuple[Path, int]:
    """Make a file with a name that nobody has, in a folder."""
    for _ in range(_NAMES):
        # Short, whatever the target's name: that may be as long as names can be.
        path = folder / f".imageapis-{secrets.token_hex(8)}.part"
        try:
            return path, os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _CAREFUL, mode)
        except FileExistsError:
            continue
    raise FileExistsError(errno.EEXIST, "all names that were tried for a temporary file are taken", os.fspath(folder))


def _sync_folder(folder: Path) -> None:
    """Make a rename outlive a power failure, where the system can."""
    flags: Any = getattr(os, "O_DIRECTORY", None)
    if flags is None:
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY | flags | getattr(os, "O_CLOEXEC", 0))
    except OSError:
        return  # a folder that may be written to and not read
    try:
        os.fsync(descriptor)
    except OSError:
        return  # a file system that has no such thing
    finally:
        os.close(descriptor)
