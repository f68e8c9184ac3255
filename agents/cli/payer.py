"""`dtsen payer`: what a payer does with the register's topics."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import polars as pl

from agents.cli import _table, settings
from agents.clients.notices import open_notices
from agents.clients.payer import Synced, sync
from agents.clients.reading import KafkaSource
from agents.clients.tables import list_table
from agents.errors import OperatorError
from agents.naming import event_names
from agents.runs_told import adjusted_rows
from schemas.registry import contracts
from streams.manifests import Manifest, ManifestError

HEADER = ("quarter", "programme", "opening", "granted", "revoked", "amended", "held", "closing", "rupiah")


@click.group()
def command() -> None:
    """Follow sealed quarters as a payer does."""


@command.command("sync")
@click.argument("payer")
@click.option(
    "--out",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of this payer's list; empty or new at first.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def sync_command(payer: str, folder: Path, as_json: bool) -> None:
    """Write PAYER's list and changes to a folder, verified.

    PAYER is for example kemensos or dinsos-dki. What is read is held against the manifests: counts, digests, totals and
    their chain are checked before a quarter is written; each quarter is written whole or not at all. The next call goes
    on from there.
    """
    _known(payer)
    with KafkaSource(settings()) as source:
        try:
            synced = sync(source, payer, folder)
        except ManifestError as error:
            raise OperatorError(f"{error}.") from error
    if as_json:
        click.echo(json.dumps(_report(synced, payer, folder)))
    else:
        _show(synced, payer, folder)


@command.command("notices")
@click.argument("payer")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def notices_command(payer: str, *, as_json: bool) -> None:
    """Who on PAYER's list died or left since the last seal.

    Or whose NIK is no longer valid: a reason to hold a payment, and no decision, which is for the next seal. Who is
    named again as living, or is on the list no longer, is not shown.
    """
    _known(payer)
    with KafkaSource(settings()) as source:
        found = open_notices(source, payer)
    rows = found.select(
        "quarter",
        "programme",
        "nik",
        "reason",
        pl.col("effective_on").cast(pl.String),
        event_names(pl.col("cause")).alias("cause"),
    )
    if as_json:
        click.echo(json.dumps(rows.to_dicts()))
    elif rows.is_empty():
        click.echo(f"No notice is open for {payer}.")
    else:
        _table.show(("list of", "programme", "nik", "reason", "since", "event"), rows.fill_null("-").rows())


def _known(payer: str) -> None:
    if payer not in contracts().payers:
        raise OperatorError(f"There is no payer {payer!r}; known are {', '.join(contracts().payers)}.")


def _show(synced: Synced, payer: str, folder: Path) -> None:
    if synced.anew:
        click.echo(f"Started anew: {synced.anew}.")
    manifest = synced.copy.manifest
    if manifest is None:
        click.echo(f"No quarter is sealed for {payer} yet; nothing was written.")
        return
    if synced.applied:
        _table.show(HEADER, (tuple(row.values()) for applied in synced.applied for row in _rows(applied)))
    else:
        click.echo(f"Nothing new since {manifest.quarter}.")
    for applied in synced.applied:
        for row in adjusted_rows([applied.adjusted]):
            click.echo(
                f"{applied.quarter} about {row['concerns']}, {row['programme']}, {row['cause']}: {row['lines']} "
                f"adjustments, {row['taken_back_rupiah']:,} rupiah were not due, "
                f"{row['given_back_rupiah']:,} are due after all."
            )
    click.echo(
        f"{folder} holds the list of {payer} as of {manifest.quarter}: {manifest.holdings_count} recipients, verified "
        f"(content {manifest.content_digest.hex()[:16]})."
    )


def _report(synced: Synced, payer: str, folder: Path) -> dict[str, Any]:
    manifest = synced.copy.manifest
    return {
        "payer": payer,
        "folder": str(folder),
        "quarter": manifest.quarter if manifest else None,
        "content_digest": manifest.content_digest.hex() if manifest else None,
        "recipients": synced.copy.holdings.height,
        "payable_rupiah": int(list_table(synced.copy.holdings).get_column("payable_rupiah").sum()),
        "started_anew": synced.anew,
        "applied": [
            {
                "quarter": it.quarter,
                "content_digest": it.content_digest.hex(),
                "programmes": list(_rows(it)),
                "adjusted": adjusted_rows([it.adjusted]),
            }
            for it in synced.applied
        ],
    }


def _rows(manifest: Manifest) -> Iterator[dict[str, Any]]:
    """One row per programme, over all kabupaten and kota; the columns of HEADER."""
    summed = manifest.totals.group_by("programme").agg(pl.exclude("kab_kota").sum()).sort("programme")
    columns = {
        "programme": "programme",
        "opening": "opening_heads",
        "granted": "granted",
        "revoked": "revoked",
        "amended": "amended",
        "held": "held",
        "closing": "closing_heads",
        "rupiah": "closing_rupiah",
    }
    for row in summed.iter_rows(named=True):
        yield {"quarter": manifest.quarter, **{name: row[column] for name, column in columns.items()}}
