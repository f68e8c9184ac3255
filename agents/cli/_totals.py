"""The totals of a run, by programme: as `show`, `open --wait` and `preview` print them."""

from typing import Any

import click

from agents.cli import _table

COLUMNS = ("programme", "opening", "granted", "revoked", "held", "closing", "rupiah", "quota")


ADJUSTED_HEADER = ("programme", "quarter", "cause", "lines", "taken back", "given back")


def show_totals(state: dict[str, Any]) -> None:
    """`state` has programmes, breaks, cut_points and adjusted, as agents.runs_told and agents.previews say."""
    if state["programmes"]:
        header = ("programme", "opening", "granted", "revoked", "held", "closing", "rupiah this quarter", "quota")
        _table.show(header, [tuple(row[key] for key in COLUMNS) for row in state["programmes"]])
    for sentence in state["breaks"]:
        click.echo(f"  {sentence}")
    if state["cut_points"]:
        click.echo(f"Largest score of desil 1 to 9: {', '.join(f'{point:,}' for point in state['cut_points'])}")
    if state["adjusted"]:
        click.echo("About quarters that were sealed before (rupiah that were not due, and that are due after all):")
        _table.show(ADJUSTED_HEADER, [tuple(row.values()) for row in state["adjusted"]])
