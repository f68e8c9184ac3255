"""What a register partition tells about some people as a sealed quarter saw them."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from agents.kept import row_of
from agents.parts import from_ipc, to_ipc
from agents.register.scanning import authorities, rows_of, sealed_view
from agents.reported import report_frames
from agents.store import PartitionStore
from schemas.registry import contracts
from streams.changes import CHANGES, holdings_after, no_holdings
from streams.facts import facts_frame
from streams.kenapa import Looked, has_room
from streams.members import MEMBERS, listed, stopped
from streams.persons import PERSONS
from streams.rules import Rules
from streams.runs import Journal, Run
from streams.scan import scan

LOOKED = "/looked"
# An event about people as one NIK knows it.
EVENTS = pl.Schema(
    {
        "nik": pl.String(),
        "cause": pl.Binary(),  # producer number and event id, as answers and changes hold it
        "event_type": pl.String(),
        "effective_on": pl.Date(),
        "recorded_at": pl.Datetime("ms", "UTC"),
        "topic_number": pl.UInt16(),
        "partition": pl.UInt32(),
        "offset": pl.Int64(),
    }
)


@dataclass(frozen=True, eq=False)
class Seen:
    """Some people as one sealed quarter saw them.

    `now`, `before`: persons frames of this cut and the previous one; `events`: columns EVENTS; `published`: columns
    CHANGES, all lines of these people, of any quarter.
    """

    now: pl.DataFrame
    before: pl.DataFrame
    events: pl.DataFrame
    published: pl.DataFrame


NOBODY = Seen(
    pl.DataFrame(schema=PERSONS),
    pl.DataFrame(schema=PERSONS),
    pl.DataFrame(schema=EVENTS),
    pl.DataFrame(schema=CHANGES),
)


def look(store: PartitionStore, journal: Journal, number: int, question: Mapping[str, Any]) -> dict[str, Any]:
    """What the store of one partition holds of the people {nik} and of all who were ever listed on {cards}.

    question: quarter (sealed), nik, cards: lists. Out: `Seen` as JSON can hold it.
    """
    quarter = journal.quarters[question["quarter"]]
    on_cards = [nik for card in question["cards"] for nik in store.listed_on(card)]
    niks = sorted({*question["nik"], *on_cards})
    chunk = store.facts_of(*niks)
    if not len(chunk):
        return _sent(NOBODY)
    rows = rows_of(chunk, [store.copies_of(*niks)])
    fact = contracts().by_name["fact"]
    now = sealed_view(journal, quarter, number)
    earlier = journal.before(quarter.name)
    before = sealed_view(journal, earlier, number) if earlier else None
    seen = scan(rows, fact, authorities(), now, before)
    events = facts_frame(rows, fact, authorities()).select(
        "nik",
        (pl.col("producer_number") + pl.col("event_id")).alias("cause"),
        pl.col("event_type").cast(pl.String),
        "effective_on",
        "recorded_at",
        "topic_number",
        "partition",
        "offset",
    )
    published = [row_of(line) for nik in niks for line in store.published_of(nik)]
    return _sent(Seen(seen.now.persons, seen.before.persons, events.cast(EVENTS), _lines(published)))


def _lines(published: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame([{name: row.get(name) for name in CHANGES} for row in published], schema=CHANGES)


def _sent(seen: Seen) -> dict[str, Any]:
    return {name: base64.b64encode(to_ipc(getattr(seen, name))).decode() for name in Seen.__dataclass_fields__}


def received(parts: Iterable[Mapping[str, Any]]) -> Seen:
    """What all partitions told, together."""
    told = [{name: from_ipc(base64.b64decode(part[name])) for name in Seen.__dataclass_fields__} for part in parts]
    return Seen(**{name: pl.concat(it[name] for it in told) for name in Seen.__dataclass_fields__})


def looked(seen: Seen, journal: Journal, quarter: str, rules: Rules, card: str) -> Looked:
    """One card as a sealed quarter saw it, for `streams.kenapa`. `seen`: everybody ever on it, and on the cards from
    which its members came.
    """
    run = journal.quarters[quarter].sealed_run
    assert run is not None, "only sealed quarters are looked at"
    assert run.cutpoints is not None, "a sealed run has cut points"
    holdings = holdings_of(seen.published, quarter)
    on_cards = listed(seen.now, seen.before, holdings["nik"].unique(), 1)[0]
    of_families = holdings.filter(
        pl.col("programme").is_in([name for name, it in rules.programmes.items() if it.is_family])
    )
    return Looked(
        quarter,
        rules,
        tuple(int(point) for point in run.cutpoints.body["cut_points"]),
        {name: cut for entry in run.cuts.values() for name, cut in entry.body["cuts"].items()},
        on_cards.filter(pl.col("no_kk") == card).select(list(MEMBERS)),
        holdings.filter(pl.col("nik").is_in(on_cards.filter(pl.col("no_kk") == card)["nik"].implode())),
        stopped(seen.now, of_families),
        _with_room(run, rules),
    )


def _with_room(run: Run, rules: Rules) -> frozenset[str]:
    """The programmes whose quota had room for more."""
    found = set()
    for wave, entry in run.cuts.items():
        reports = run.step_reports("UNITS", wave)
        units, reserved = report_frames(reports, "units"), report_frames(reports, "reserved")
        cuts = entry.body["cuts"]
        found |= {name for name in cuts if has_room(units, reserved, rules.programmes[name], cuts[name])}
    return frozenset(found)


def holdings_of(published: pl.DataFrame, quarter: str) -> pl.DataFrame:
    """What these people held when a quarter was opened: their lines of all earlier ones, applied in order."""
    held = no_holdings()
    earlier = published.filter(pl.col("quarter") < quarter)
    for _, lines in earlier.sort("quarter").group_by("quarter", maintain_order=True):
        held = holdings_after(held, lines)
    return held
