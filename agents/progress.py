"""A progress bar for sending, on the error stream, so that output can be piped."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


class Advance(Protocol):
    """Moves a bar on."""

    def __call__(self, count: int, total: int | None = None) -> None:
        """By so many; `total`, if it becomes known only on the way."""
        ...


@contextmanager
def progress_bar(title: str, total: int | None) -> Iterator[Advance]:
    """Show a bar while the block runs; yields what moves it on."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(title, total=total)

        def advance(count: int, total: int | None = None) -> None:
            if total:
                progress.update(task, advance=count, total=total)
            else:
                progress.advance(task, count)

        yield advance
