"""How a command ends: its exit code, and the one line on standard error that says why and what to do next."""

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import TYPE_CHECKING

from imageapis._plain import printable
from imageapis.cli.text import size
from imageapis.cli.wording import in_options

if TYPE_CHECKING:
    from imageapis.errors import UploadInterrupted


class Code(IntEnum):
    """Exit codes. Scripts rely on them: a number keeps its meaning."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    LOGIN = 3
    NOT_FOUND = 4
    INTERRUPTED = 5
    NO_CONNECTION = 6
    SCAN = 7
    CTRL_C = 130


def complain(message: object) -> None:
    """Write one line to standard error."""
    text = in_options(" ".join(str(message).split()))
    tell(f"imageapis: {printable(text)}\n")


def tell(line: str) -> None:
    """Write a line to standard error, for as long as that takes any: no work ends because nobody can read of it."""
    try:
        sys.stderr.write(line)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


@contextmanager
def outcome(go_on: str | None = None) -> Iterator[None]:
    """Turn what a command raises into a line and an exit code. Anything unforeseen keeps its traceback.

    Args:
        go_on: What to say of going on after an interruption; `None` if there is nothing to go on with.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always", UserWarning)
            warnings.showwarning = lambda message, *_, **__: complain(message)
            yield
    except KeyboardInterrupt:
        complain(f"Cancelled by Ctrl-C. {go_on or 'Nothing goes on in the background.'}")
        sys.exit(Code.CTRL_C)
    except BrokenPipeError:
        # `imageapis ... | head`: the reader has seen enough. Python would complain once more while it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Code.FAILED)
    except OSError as failure:
        name = "" if failure.filename is None else f"{failure.filename}: "
        complain(f"{name}{failure.strerror or failure}")
        sys.exit(Code.USAGE)
    except RecursionError:
        complain("The answer is nested too deep to be shown.")
        sys.exit(Code.FAILED)
    except Exception as failure:
        from imageapis import errors

        if not isinstance(failure, errors.ImageApiError | ValueError):
            raise
        failure = _before_it_began(failure)
        code = _code(failure)
        complain(_interrupted(failure, go_on) if isinstance(failure, errors.UploadInterrupted) and go_on else failure)
        sys.exit(code)


def _before_it_began(failure: Exception) -> Exception:
    """Return what kept an upload from beginning at all, as any other command would show it, or the failure.

    Where nothing is stored there is nothing to go on with: the address, the network or what was refused is to mend.
    """
    from imageapis.errors import ConnectionFailed, RateLimited, ServerError, StatusError, UploadInterrupted

    cause: BaseException | None = failure
    while isinstance(cause, UploadInterrupted) and not cause.sent:
        cause = cause.__cause__
    if isinstance(cause, ConnectionFailed) and not cause.sent:
        return cause
    if isinstance(cause, StatusError) and not isinstance(cause, RateLimited | ServerError):
        return cause
    return failure


def _interrupted(failure: "UploadInterrupted", go_on: str) -> str:
    # What the error itself says of going on is for programs; what went wrong is its cause.
    why = str(failure.__cause__ or failure).rstrip(".")
    return f"Interrupted with {size(failure.sent)} of {size(failure.total)} stored: {why}. {go_on}"


def _code(failure: Exception) -> Code:
    from imageapis import errors

    if type(failure).__name__ == "ScanFailed":
        return Code.SCAN
    codes: dict[type[Exception], Code] = {
        errors.LoginError: Code.LOGIN,
        errors.NotAuthenticated: Code.LOGIN,
        errors.Forbidden: Code.LOGIN,
        errors.NotFound: Code.NOT_FOUND,
        errors.UploadInterrupted: Code.INTERRUPTED,
        errors.ConnectionFailed: Code.NO_CONNECTION,
        ValueError: Code.USAGE,
    }
    return next((code for kind, code in codes.items() if isinstance(failure, kind)), Code.FAILED)
