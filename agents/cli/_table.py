"""Rows as text, in columns as wide as they need to be: readable in a terminal, in a pipe and in a log."""

from collections.abc import Iterable, Sequence

import click


def show(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print `rows` under `header`; whole numbers stand at the right."""
    cells = [[str(value) for value in row] for row in rows]
    right = [all(row[n].lstrip("-").isdigit() for row in cells) and bool(cells) for n in range(len(header))]
    widths = [max(len(row[n]) for row in [list(header), *cells]) for n in range(len(header))]
    for row in [list(header), *cells]:
        padded = [
            text.rjust(width) if flush else text.ljust(width)
            for text, width, flush in zip(row, widths, right, strict=True)
        ]
        click.echo("  ".join(padded).rstrip())
