"""A progress bar for the terminal: `ProgressBar`, to pass as `progress=` to an upload. Needs `imageapis[cli]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.progress import BarColumn, DownloadColumn, TaskID, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.progress import Progress as Bars

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
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(binary_units=True),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
        )
        self._bars = Bars(*columns, console=console)
        self._task: TaskID | None = None

    def __call__(self, event: Progress) -> None:
        """Show one event."""
        if self._task is None:
            self._task = self._bars.add_task(event.file, total=event.total)
        self._bars.update(self._task, description=event.file, completed=event.sent, total=event.total)

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._bars.stop()
