"""The error tree: pickling, one-line texts, and classes by status."""

from __future__ import annotations

import inspect
import pickle

import pytest

from imageapis import errors


def _samples() -> list[errors.ImageApiError]:
    refused = {"method": "GET", "path": "/a", "advice": "Do that."}
    kinds = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.StatusError)]
    samples: list[errors.ImageApiError] = [kind(418, "CODE", "said", "id-1", 2.5, **refused) for kind in kinds]
    samples += [
        errors.ImageApiError("a\nb"),
        errors.LoginError("x"),
        errors.ConnectionFailed("x", sent=True),
        errors.TimedOut("x", sent=False),
        errors.InvalidArgument("x"),
        errors.WrongType("x"),
        errors.UnexpectedReply("x"),
        errors.UploadInterrupted("x", resume={"a": 1}, sent=1, total=2),
        errors.SourceChanged("x"),
        errors.VerificationFailed("x"),
        errors.PageLoop("x"),
        errors.ResponseTooLarge("x"),
        errors.ClientClosed("x"),
        errors.WrongEventLoop("x"),
        errors.UnsafePath("x"),
        errors.UnusableFile("x"),
        errors.JournalError("x"),
    ]
    unverified = errors.VerificationFailed("y")
    unverified.resume = {"a": 1}
    return [*samples, unverified]


@pytest.mark.parametrize("error", _samples(), ids=lambda error: type(error).__name__)
def test_every_error_survives_pickling_with_all_it_carries(error: errors.ImageApiError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)


@pytest.mark.parametrize("error", _samples(), ids=lambda error: type(error).__name__)
def test_every_text_is_one_line(error: errors.ImageApiError) -> None:
    assert "\n" not in str(error)


def test_every_class_of_the_tree_has_a_sample() -> None:
    tree = {k for _, k in inspect.getmembers(errors, inspect.isclass) if issubclass(k, errors.ImageApiError)}
    assert tree == {type(error) for error in _samples()}


def test_a_refusal_names_method_path_status_code_request_and_what_to_do() -> None:
    error = errors.NotFound(404, "NO_FILE", "no such file", "id-1", method="GET", path="/a", advice="List the folder.")
    assert str(error) == "GET /a answered 404 (NO_FILE: no such file) [request id id-1]. List the folder."


@pytest.mark.parametrize("advice", ["Look at the path", "Look at the path.", "Is it the path?"])
def test_what_to_do_is_a_whole_sentence(advice: str) -> None:
    error = errors.NotFound(404, method="GET", path="/a", advice=advice)
    assert str(error) == f"GET /a answered 404. {advice.removesuffix('.')}{'' if advice.endswith('?') else '.'}"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.BadRequest),
        (401, errors.NotAuthenticated),
        (403, errors.Forbidden),
        (404, errors.NotFound),
        (409, errors.Conflict),
        (413, errors.TooLarge),
        (418, errors.StatusError),
        (429, errors.RateLimited),
        (499, errors.StatusError),
        (500, errors.ServerError),
        (520, errors.ServerError),
        (599, errors.ServerError),
    ],
)
def test_a_status_has_its_class(status: int, kind: type[errors.StatusError]) -> None:
    assert errors.status_error_class(status) is kind


def test_an_error_quotes_no_more_than_somebody_reads() -> None:
    error = errors.ImageApiError("no cloud named " + "x" * 100_000)
    assert len(str(error)) < 10_000
    assert str(error).startswith("no cloud named xxx")


def test_what_an_error_quotes_commands_no_terminal() -> None:
    error = errors.StatusError(404, "\x1b]0;renamed\x07", "\x9b31m\u202e", method="GET", path="/\x7f")
    assert str(error) == r"GET /\x7f answered 404 (\x1b]0;renamed\x07: \x9b31m\u202e)"
