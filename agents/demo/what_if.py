"""What the demo shows of other rules: the last sealed quarter with a quarter fewer families in PKH."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from agents.comparing import compare
from agents.html.what_if import what_if_page
from agents.opening import following
from agents.previews import Sides, Subject, Wish, preview, subject_of
from agents.runs_told import programme_rows
from agents.settings import Settings
from agents.what_if import effect_rows, months_before, reason_rows
from streams.comparing.tables import Comparison
from streams.runs.journal import Quarter

MONTHS = 12
PROPOSED = "PKH"
Table = Callable[[tuple[str, ...], list[tuple[object, ...]]], None]


def show_what_if(
    settings: Settings, home: Path, quarter: Quarter, say: Callable[[str], None], table: Table
) -> list[str]:
    """Show it, and write the page with its charts; sentences about what should not be so."""
    quota = next(row["quota"] for row in programme_rows(quarter) if row["programme"] == PROPOSED)
    file, page = home / "what-if.yaml", home / "what-if.html"
    fewer = f"{PROPOSED}: [{{from: 2024-01-01, value: {quota * 3 // 4}, illustrative: true}}]"
    file.write_text(f"quotas:\n  {fewer}\n", encoding="utf-8")
    subject, sides, found = asyncio.run(_seen(settings, quarter.name, file))
    page.write_text(what_if_page(subject, sides, found, MONTHS), encoding="utf-8")
    say(f"$ dtsen checkpoint preview {quarter.name} --rules {file} --html {page}")
    table(*effect_rows(found))
    table(*reason_rows(found, 8))
    say("Nothing of this reached a payer.\n")
    return _wrong(quarter, found)


async def _seen(settings: Settings, name: str, file: Path) -> tuple[Subject, Sides, Comparison]:
    async with following(settings) as keeper:
        subject = await subject_of(settings, await keeper.catch_up(), Wish(quarter=name, rules=file))
        sides = await preview(settings, keeper, subject, lambda _: None)
        since = months_before(subject.quarter.last_day, MONTHS)
        found = await compare(settings, await keeper.catch_up(), sides.in_force, sides.proposed, since)
        return subject, sides, found


def _wrong(quarter: Quarter, found: Comparison) -> list[str]:
    """The side in force is the list that was sealed; and fewer families in a programme cost somebody something."""
    sealed = {row["programme"]: row["rupiah"] for row in programme_rows(quarter)}
    rows = {row["programme"]: row for row in found.programmes.iter_rows(named=True)}
    wrong = [
        f"{quarter.name} was sealed with Rp{sealed.get(name, 0):,} for {name}, what if has Rp{row['rupiah_before']:,}"
        for name, row in rows.items()
        if row["rupiah_before"] != sealed.get(name, 0)
    ]
    if not rows[PROPOSED]["losers"]:
        wrong.append(f"nobody would lose {PROPOSED} under a smaller quota")
    return wrong
