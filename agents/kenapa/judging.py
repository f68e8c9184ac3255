"""A person's family, judged again as a sealed quarter saw it: what lies behind the answers of that quarter."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from agents.asking import look_at
from agents.kenapa.looking import Seen, looked
from agents.reported import report_frames, rules_of
from agents.settings import Settings
from streams.kenapa import Judged, Position, judged, position
from streams.rules import RulesError
from streams.runs import Journal


@dataclass(frozen=True, eq=False)
class Views:
    """`now`: the quarter that is asked about; `before`: the sealed one before it. None where nobody was answered.

    `places`: programme -> where the person stands among those who wait for it.
    """

    now: Judged | None
    before: Judged | None
    before_quarter: str | None
    seen: Seen
    places: Mapping[str, Position] = field(default_factory=dict)


async def views(settings: Settings, journal: Journal, quarter: str, nik: str, card: str | None) -> Views:
    """The family of a person in a sealed quarter, and in the sealed one before. `card`: where to look first."""
    now, seen = await _judged(settings, journal, quarter, nik, card)
    places = {} if now is None else _places(journal, now, nik)
    earlier = journal.before(quarter)
    if earlier is None:
        return Views(now, None, None, seen, places)
    old_card = seen.before.filter(pl.col("nik") == nik)["no_kk"]
    try:
        before, _ = await _judged(settings, journal, earlier.name, nik, old_card[0] if len(old_card) else None)
    except RulesError:  # written for an earlier release, which this one reads no more: nothing to compare with
        return Views(now, None, None, seen, places)
    return Views(now, before, earlier.name, seen, places)


async def _judged(
    settings: Settings, journal: Journal, quarter: str, nik: str, card: str | None
) -> tuple[Judged | None, Seen]:
    """Also the people of the cards from which the members came: there the payee may have been left behind."""
    cards = {card} if card else set()
    seen = await look_at(settings, journal, quarter, [nik], cards)
    mine = seen.now.filter(pl.col("nik") == nik)["no_kk"].drop_nulls()
    if mine.is_empty():
        return None, seen
    card = str(mine[0])
    if card not in cards:
        seen = await look_at(settings, journal, quarter, [nik], [card])
    members = seen.now.filter(pl.col("no_kk") == card)["nik"]
    came_from = set(seen.before.filter(pl.col("nik").is_in(members.implode()))["no_kk"].drop_nulls())
    if came_from - {card}:
        seen = await look_at(settings, journal, quarter, [nik], came_from | {card})
    run = journal.quarters[quarter].sealed_run
    assert run is not None, "only sealed quarters are looked at"
    found = looked(seen, journal, quarter, rules_of(journal, run), card)
    if nik not in set(found.members["nik"]):
        return None, seen
    return judged(found), seen


def _places(journal: Journal, told: Judged, nik: str) -> dict[str, Position]:
    """Where somebody who is eligible and not served stands, by programme."""
    answer = told.answer(nik)
    run = journal.quarters[told.looked.quarter].sealed_run
    if answer is None or run is None:
        return {}
    rules, found = told.looked.rules, {}
    for wave, names in enumerate(rules.waves, 1):
        waits = [name for name in names if answer[f"{name}.verdict"] == "ELIGIBLE"]
        reports = run.step_reports("UNITS", wave) if waits else {}
        units, reserved = report_frames(reports, "units"), report_frames(reports, "reserved")
        for name in waits:
            rank, cut = int(told.subject(nik, name)["rank"]), told.looked.cuts[name]
            found[name] = position(units, reserved, rules.programmes[name], rank, cut)
    return found
