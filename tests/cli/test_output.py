"""Tables, sizes, progress lines: what people and logs get to read."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta, timezone

import pytest

from imageapis.cli import text
from imageapis.cli.output import write_fields, write_json, write_table
from imageapis.cli.progress import INTERVAL, Lines, Retries
from imageapis.core.progress import Progress
from imageapis.servicefabric import StoreFile


def test_names_of_a_server_cannot_command_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    write_table(("NAME",), [("red\x1b[31m",)])
    write_fields({"name": "red\x1b[31m\u202e", "red\x1b[31m": "a key"})
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert shown.count(r"red\x1b[31m") == 3


def test_names_are_not_read_as_markup(capsys: pytest.CaptureFixture[str]) -> None:
    write_table(("NAME",), [("[bold]x[/bold]",)])
    assert "[bold]x[/bold]" in capsys.readouterr().out


def test_a_row_stays_on_one_line_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    write_table(("NAME",), [("x" * 500,)])
    assert capsys.readouterr().out.splitlines() == ["NAME", "x" * 500]


def test_an_id_stays_whole_on_a_narrow_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "40")
    write_table(("ID", "NAME"), [("4d9a845b-bd4f-4181-acc0-397ac1d1f8b5", "img")])
    head, row = capsys.readouterr().out.splitlines()
    assert "\x1b[1m" in head
    assert row == "4d9a845b-bd4f-4181-acc0-397ac1d1f8b5  img"


def test_json_spells_times_and_what_is_absent(capsys: pytest.CaptureFixture[str]) -> None:
    import json

    write_json([StoreFile(path="a", size=1, modified=datetime(2025, 1, 2, tzinfo=UTC))])
    assert json.loads(capsys.readouterr().out) == [
        {"path": "a", "size": 1, "modified": "2025-01-02T00:00:00+00:00", "version": None}
    ]


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (None, ""),
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KiB"),
        (5 << 50, "5120.0 TiB"),
        (10**400, f"{10**400} B"),
        (-(10**400), f"{-(10**400)} B"),
    ],
)
def test_sizes_have_a_unit(count: int | None, shown: str) -> None:
    assert text.size(count) == shown


def test_times_are_shown_in_utc() -> None:
    assert text.time(datetime(2025, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=2)))) == "2025-01-02 01:04:05Z"


@pytest.mark.parametrize("never", ["0001-01-01 00:00:00+14:00", "9999-12-31 23:59:59-14:00"])
def test_a_time_that_utc_moves_out_of_all_years_is_shown_as_it_came(never: str) -> None:
    assert text.time(datetime.fromisoformat(never)) == never


def test_a_log_gets_the_first_event_the_last_and_one_now_and_then() -> None:
    out, now = io.StringIO(), 0.0
    lines = Lines(out.write, lambda: now)
    for sent in range(101):
        lines(Progress(sent, 100, "big", 10.0))
        now += INTERVAL / 20
    first, *rest = out.getvalue().splitlines()
    assert first == "Looking what is there already of 100 B: big"
    assert [line.partition(" B")[0] for line in rest] == ["1", "21", "41", "61", "81", "100"]


def test_a_failure_is_told_when_something_is_sent_again_and_every_ten_seconds() -> None:
    said: list[str] = []
    now = 0.0
    retries = Retries(False, said.append, lambda: now)
    sends, fails = retries.hooks["request"][0], retries.hooks["failure"][0]
    for number in range(4):
        fails(None, f"Failure {number}.")
        assert len(said) == (number + 1) // 2
        sends(None)
        now += INTERVAL / 2
    fails(None, "The last one.")
    assert said == ["Failure 0. Trying again.", "Failure 2. Trying again."]


def test_nothing_is_said_of_retries_where_nothing_is_to_be_said() -> None:
    assert Retries(True).hooks == {}


def test_the_first_line_foretells_nothing() -> None:
    out = io.StringIO()
    Lines(out.write, lambda: 0.0)(Progress(337, 3 << 20, "config", 2.3))
    assert out.getvalue() == "337 B of 3.0 MiB, 0%: config\n"


def test_what_an_earlier_run_stored_is_told_at_once_and_never_as_nothing() -> None:
    out = io.StringIO()
    lines = Lines(out.write, lambda: 0.0)
    for sent in (0, 900, 901):
        lines(Progress(sent, 1000, "big", 0.5))
    assert out.getvalue().splitlines() == [
        "Looking what is there already of 1000 B: big",
        "900 B of 1000 B, 90%: big",
    ]


def test_an_empty_file_is_done_at_once() -> None:
    out = io.StringIO()
    Lines(out.write, lambda: 0.0)(Progress(0, 0, "empty", None))
    assert out.getvalue() == "0 B of 0 B: empty\n"


def test_a_line_says_how_much_how_fast_and_how_long() -> None:
    out, now = io.StringIO(), 0.0
    lines = Lines(out.write, lambda: now)
    lines(Progress(1, 4 << 20, "a/b", 0.1))
    now = INTERVAL
    lines(Progress(1 << 20, 4 << 20, "a/b", float(1 << 20)))
    assert out.getvalue().splitlines()[-1] == "1.0 MiB of 4.0 MiB, 25%, 1.0 MiB/s, 3 s left: a/b"


def test_a_transfer_of_unknown_size_has_no_per_cent() -> None:
    out = io.StringIO()
    Lines(out.write, lambda: 0.0)(Progress(7, None, "stream", None))
    assert out.getvalue() == "7 B: stream\n"


def test_the_first_bytes_foretell_no_end() -> None:
    out, now = io.StringIO(), 0.0
    lines = Lines(out.write, lambda: now)
    for sent in (0, 5, 500):
        lines(Progress(sent, 1000, "App", 10.0))
        now += INTERVAL
    assert ["left" in line for line in out.getvalue().splitlines()] == [False, False, True]
