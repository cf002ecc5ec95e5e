"""The progress bar shows what the events say."""

from __future__ import annotations

import io

from rich.console import Console

from imageapis.core.progress import Progress
from imageapis.rich_progress import ProgressBar


def test_the_bar_shows_file_and_bytes() -> None:
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=120)
    with ProgressBar(console) as bar:
        bar(Progress(0, 4 << 20, "first.bin", None))
        bar(Progress(3 << 20, 4 << 20, "second.bin", float(5 << 20)))
    shown = out.getvalue()
    assert "second.bin" in shown
    assert "3.0/4.0 MiB" in shown
    assert "5.0 MiB/s" in shown


def test_a_transfer_of_unknown_size_is_shown_as_well() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=120)
    with ProgressBar(console) as bar:
        bar(Progress(7, None, "stream", None))


def test_a_name_is_not_read_as_markup() -> None:
    out = io.StringIO()
    with ProgressBar(Console(file=out, force_terminal=True, width=120)) as bar:
        bar(Progress(1, 2, "[bold]a[/bold].bin", None))
    assert "[bold]a[/bold].bin" in out.getvalue()


def test_the_bar_is_one_line_on_a_narrow_terminal() -> None:
    out = io.StringIO()
    with ProgressBar(Console(file=out, force_terminal=True, width=40)) as bar:
        bar(Progress(8 << 20, 8 << 20, "big.sfpkg", float(5 << 20)))
    assert out.getvalue().count("\n") == 1
