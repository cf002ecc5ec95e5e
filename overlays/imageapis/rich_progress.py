"""A progress bar for the terminal: `ProgressBar`, to pass as `progress=` to an upload. Needs `imageapis[cli]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.table import Column

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from rich.console import Console

    from imageapis.core.progress import Progress


class ProgressBar:
    """Shows the progress of one upload: file, bytes, rate and what is left.

    ```python
    with ProgressBar() as bar:
        store.upload_package("./MyApp", "MyApp_1.2", progress=bar)
    ```

    Args:
        console: Where to show it; standard output by default.
    """

    def __init__(self, console: Console | None = None) -> None:
        # A bar is one line, also where the terminal is narrow: that is cut rather than broken up.
        columns = (
            TextColumn("{task.description}", table_column=Column(no_wrap=True)),
            BarColumn(),
            DownloadColumn(binary_units=True, table_column=Column(no_wrap=True)),
            # Not rich's own: that takes what was there before this run for sent, and counts in other units.
            TextColumn("{task.fields[rate]}", table_column=Column(no_wrap=True)),
            TimeRemainingColumn(table_column=Column(no_wrap=True)),
        )
        self._bars = Bars(*columns, console=console)
        self._task: TaskID | None = None

    def __call__(self, event: Progress) -> None:
        """Show one event."""
        if self._task is None:
            self._task = self._bars.add_task("", total=event.total, rate="")
        rate = "" if event.rate is None else f"{event.rate / 2**20:.1f} MiB/s"
        name = escape(event.file)
        self._bars.update(self._task, description=name, completed=event.sent, total=event.total, rate=rate)

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._bars.stop()
