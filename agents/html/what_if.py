"""The page of a comparison: what is proposed, who would gain and lose, what it costs, and how well it meets need."""

from typing import Any

import polars as pl
from markupsafe import Markup

from agents.html import render
from agents.html.charts import bars_both_ways, bars_in_pairs
from agents.previews import Sides, Subject
from agents.what_if import rate, side_by_side
from schemas.regions import kelurahan
from streams.changes.reasons import TEXTS as CHANGE_TEXTS
from streams.comparing import LEAST_UNITS, OTHERS, adjusted_by_programme
from streams.comparing.effects import TEXTS as COMPARED_TEXTS
from streams.comparing.tables import Comparison
from streams.rules import Rules
from streams.rules.differences import differences

MILLION = 1_000_000
DESIL_UNKNOWN = "none"


def what_if_page(subject: Subject, sides: Sides, comparison: Comparison, months: int) -> str:
    """One HTML file, complete in itself. No NIK and no card stands in it."""
    day = subject.quarter.last_day
    in_force, proposed = subject.in_force.at(day), subject.proposed.at(day)
    programmes = comparison.programmes
    errors = side_by_side(comparison)
    changed = programmes.filter(pl.col("winners") + pl.col("losers") > 0)
    return render(
        "what_if.html.j2",
        quarter=str(subject.quarter),
        day=f"{day:%d %B %Y}",
        unchecked=_unchecked(sides),
        runs=[(side.name, side.started.rules_hash[:16]) for side in (sides.in_force, sides.proposed)],
        differences=differences(subject.in_force.documents, subject.proposed.documents),
        totals=programmes.select(pl.exclude("programme").sum()).row(0, named=True),
        programmes=[{**row, **_about(row["programme"], in_force, proposed)} for row in programmes.to_dicts()],
        reasons=[{**row, "sentence": _sentence(row, in_force, proposed)} for row in comparison.reasons.to_dicts()],
        kelurahan=[{**row, "name": _place(row["kelurahan"])} for row in comparison.kelurahan.to_dicts()],
        adjusted=adjusted_by_programme(comparison.adjusted).to_dicts(),
        errors=[{**row, **_rates(row)} for row in errors.to_dicts()],
        least=LEAST_UNITS,
        others=OTHERS,
        months=months,
        since=f"{comparison.checked_since:%d %B %Y}",
        charts=_charts(changed, programmes, comparison.desil, errors),
    )


def _unchecked(sides: Sides) -> list[str]:
    """What the books of the two runs could not check any more, since the topics no longer reach so far."""
    outcomes = [side.outcome for side in (sides.in_force, sides.proposed) if side.outcome is not None]
    return sorted({sentence for it in outcomes for sentence in it.body.get("forgotten", [])})


def _about(name: str, in_force: Rules, proposed: Rules) -> dict[str, Any]:
    """Title, unit and quotas of a programme; a dash where one side does not have it."""
    sides = [side.programmes.get(name) for side in (in_force, proposed)]
    known = next(it for it in reversed(sides) if it is not None)
    return {
        "title": known.title.en,
        "unit": "families" if known.is_family else "persons",
        "quotas": [f"{it.quota:,}" if it else "-" for it in sides],
    }


def _place(code: str) -> str:
    found = kelurahan().get(code)
    if found is None:
        return "other kelurahan" if code == OTHERS else code
    return f"{found.name}, {found.kab_kota}"


def _sentence(row: dict[str, Any], in_force: Rules, proposed: Rules) -> str:
    """What a reason means: for winners under the rules in force, where it stood in the way, else under the others."""
    rules = in_force if row["side"] == "WINNERS" else proposed
    code = row["reason"]
    text = COMPARED_TEXTS.get(code) or rules.reasons.get(code) or CHANGE_TEXTS.get(code)
    if text is None:
        return ""
    programme = rules.programmes.get(row["programme"])
    limits = [it.value for it in (programme.conditions if programme else ()) if it.reason == code]
    limit = str(limits[0]) if len(limits) == 1 else "y"
    return text.en.replace("{batas}", limit).replace("{nilai}", "x")


def _rates(row: dict[str, Any]) -> dict[str, str]:
    return {
        f"{name}_{side}": rate(row[f"{part}_{side}"], row[f"{whole}_{side}"])
        for name, part, whole in (("inclusion", "wrongly_in", "receiving"), ("exclusion", "wrongly_out", "in_need"))
        for side in ("before", "after")
    }


def _charts(
    changed: pl.DataFrame, programmes: pl.DataFrame, desil: pl.DataFrame, errors: pl.DataFrame
) -> dict[str, Any]:
    names = ("in force", "proposed")
    cost = programmes.select(
        "programme", *((pl.col(f"rupiah_{side}") / MILLION).round(1).alias(side) for side in ("before", "after"))
    )
    shares = errors.select(
        "programme",
        *(
            _share(f"{part}_{side}", f"{whole}_{side}").alias(f"{name}_{side}")
            for name, part, whole in (("inclusion", "wrongly_in", "receiving"), ("exclusion", "wrongly_out", "in_need"))
            for side in ("before", "after")
        ),
    )
    return {
        "effects": bars_both_ways(
            programmes, label="programme", right="winners", left="losers", title="Winners and losers by programme",
            description=_told(programmes, "programme"),
        ),
        "cost": bars_in_pairs(
            cost, label="programme", before="before", after="after", names=names, number_format=",.1f",
            title="Cost of the quarter by programme, in millions of rupiah",
            description=_told_pairs(cost, "before", "after", "million rupiah"),
        ),
        "desil": [(name, _by_desil(desil, name)) for name in changed.get_column("programme")],
        **{
            name: _of_errors(shares, name, title, names)
            for name, title in (("inclusion", "Inclusion error"), ("exclusion", "Exclusion error"))
        },
    }  # fmt: skip


def _by_desil(desil: pl.DataFrame, programme: str) -> Markup:
    """From desil 1 up to the last one in which anybody gains or loses."""
    mine = desil.filter(pl.col("programme") == programme)
    moved = mine.filter(pl.col("winners") + pl.col("losers") > 0).get_column("desil")
    last = int(str(moved.max() or 0))
    shown = [str(number) for number in range(1, last + 1)] + [DESIL_UNKNOWN] * bool(moved.null_count())
    mine = mine.with_columns(pl.col("desil").cast(pl.String).fill_null(DESIL_UNKNOWN)).filter(
        pl.col("desil").is_in(shown)
    )
    return bars_both_ways(
        mine, label="desil", right="winners", left="losers", title=f"{programme}: winners and losers by desil",
        description=_told(mine, "desil", "desil "),
        order=shown,
    )  # fmt: skip


def _of_errors(shares: pl.DataFrame, name: str, title: str, names: tuple[str, str]) -> Markup:
    before, after = f"{name}_before", f"{name}_after"
    measured = shares.filter(pl.col(before).is_not_null() | pl.col(after).is_not_null())
    percent = measured.select("programme", *((pl.col(it) * 100).round(1) for it in (before, after)))
    return bars_in_pairs(
        measured, label="programme", before=before, after=after, names=names, number_format=".1%",
        title=f"{title} by programme", description=_told_pairs(percent, before, after, "percent"),
    )  # fmt: skip


def _share(part: str, whole: str) -> pl.Expr:
    return pl.when(pl.col(whole) > 0).then(pl.col(part) / pl.col(whole))


def _told(table: pl.DataFrame, label: str, before: str = "") -> str:
    """A chart in words, for whoever does not see it."""
    rows = table.select(label, "winners", "losers").rows()
    return "; ".join(f"{before}{name}: {winners:,} winners, {losers:,} losers" for name, winners, losers in rows)


def _told_pairs(table: pl.DataFrame, before: str, after: str, unit: str) -> str:
    rows = table.select("programme", before, after).rows()
    return "; ".join(f"{name}: {_number(old)} {unit} in force, {_number(new)} proposed" for name, old, new in rows)


def _number(value: float | None) -> str:
    return "not measured" if value is None else f"{value:,.1f}"
