"""Assessment of one programme after another, wave by wave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from streams.deciles import desil
from streams.families import Formed
from streams.programmes.amounts import amounts
from streams.programmes.conditions import Served, judge, outcomes
from streams.programmes.decide import CARRIED_REASONS, FIRST, UNRANKED, Verdict, decide
from streams.programmes.reactivated import reactivated_by
from streams.rules import Programme, Rules
from streams.rules.facts import Level, fact_of

Cuts = Mapping[str, int | None]  # programme -> largest score served; None: nobody
CarriedType = pl.Enum(list(CARRIED_REASONS))


@dataclass(frozen=True)
class Assessed:
    """One programme over one partition; its rows are those of formed.families or formed.people.

    `subjects`: eligible Boolean (may be ranked for the quota), rank Int64 (score, FIRST or UNRANKED), rupiah Int64,
    carried Enum? (CARRIED_REASONS: reserved before the quota is cut), carried_rupiah Int64, succeeds Boolean,
    reason String?, failed, unknown UInt64.
    `found`: as `streams.programmes.conditions.outcomes` gives it.
    `decided`: as `streams.programmes.decide.decide` gives it; None until the cut of the wave is known.
    """

    programme: Programme
    subjects: pl.DataFrame
    found: pl.DataFrame
    decided: pl.DataFrame | None = None


def assess_waves(
    formed: Formed, rules: Rules, cut_points: Sequence[int], cuts: Cuts, last_wave: int
) -> dict[str, Assessed]:
    """Assess all programmes of the waves 1 to `last_wave`, and decide those whose cut is in `cuts`.

    Raises ValueError when an earlier wave has no cuts.
    """
    found: dict[str, Assessed] = {}
    served: dict[str, pl.Series] = {}
    for number, names in enumerate(rules.waves[:last_wave], 1):
        for name in names:
            assessed = assess(formed, rules.programmes[name], desil(formed.families["score"], cut_points), served)
            if name in cuts:
                decided = decide(assessed.subjects, assessed.programme, cuts[name])
                assessed = replace(assessed, decided=decided)
            elif number < last_wave:
                raise ValueError(f"the cut of {name} (wave {number}) is missing: waves are decided in order")
            found[name] = assessed
        for name in names:
            if name in cuts:
                served |= _served(found[name], formed)
    return found


def _served(assessed: Assessed, formed: Formed) -> dict[str, pl.Series]:
    """Who is paid by this programme, as `streams.programmes.conditions.Served` says."""
    if assessed.decided is None:
        raise AssertionError("only a decided programme has served anybody")
    name = assessed.programme.name
    paid = assessed.decided["verdict"].is_in([Verdict.SERVED, Verdict.KEPT])
    if assessed.programme.is_family:
        return {name: paid}
    rows = formed.people.filter(paid)["family"].to_numpy()
    return {name: pl.Series(np.bincount(rows, minlength=formed.families.height) > 0), f"receives.{name}": paid}


def assess(formed: Formed, programme: Programme, deciles: pl.Series, served: Served) -> Assessed:
    """Assess one programme. `deciles`: Int8? per family; `served`: of the programmes that it excludes."""
    if programme.ended:
        return _winding_up(programme, formed)
    amount = amounts(programme, formed)
    families = pl.concat(
        [formed.families.with_columns(deciles.alias("desil")), amount.select("components", "components.event")],
        how="horizontal",
    )
    found = outcomes(programme, formed, families, served)
    judged = judge(programme, found)
    if programme.is_family:
        return Assessed(programme, _family_lines(programme, formed, judged, amount["rupiah"]), found)
    return Assessed(programme, _personal_lines(programme, formed, found, judged), found)


def _winding_up(programme: Programme, formed: Formed) -> Assessed:
    """Nobody is eligible any more, and nothing is carried over: an objection cannot prolong a programme."""
    count = (formed.families if programme.is_family else formed.people).height
    nothing = pl.lit(0, pl.Int64)
    subjects = pl.select(
        pl.repeat(value=False, n=count).alias("eligible"),
        pl.lit(UNRANKED, pl.Int64).alias("rank"),
        nothing.alias("rupiah"),
        pl.lit(None, CarriedType).alias("carried"),
        nothing.alias("carried_rupiah"),
        pl.lit(value=False).alias("succeeds"),
        pl.lit("PROGRAM_BERAKHIR").alias("reason"),
        pl.lit(0, pl.UInt64).alias("failed"),
        pl.lit(0, pl.UInt64).alias("unknown"),
    )
    # no condition is asked any more; a row per subject all the same
    return Assessed(programme, subjects, subjects.select("eligible"))


def _family_lines(programme: Programme, formed: Formed, judged: pl.DataFrame, rupiah: pl.Series) -> pl.DataFrame:
    """The family's line, whoever receives it. A present holder's line is carried over when the programme is not due in
    this quarter, or an objection is open; a line whose payee died or left is decided anew even then (succession).
    """
    name = programme.name
    table = pl.concat([formed.families, judged], how="horizontal").with_columns(rupiah.alias("rupiah"))
    kept, holder = pl.col(f"{name}.kept").is_not_null(), pl.col(f"{name}.holder")
    nobody = pl.col(f"{name}.payee").is_null() & ~kept
    objects = holder & pl.col(f"{name}.objection").is_not_null()
    waits = pl.lit(value=not programme.due) & ~pl.col(f"{name}.former")
    never = pl.lit(value=False)  # only personal programmes are held then
    told = table.with_columns(
        _carried(transit=kept, incomplete=never, cadence=holder & waits, reactivated=never, objects=objects)
    )
    return told.select(
        (pl.col("eligible") & ~nobody & ~waits & pl.col("carried").is_null()).alias("eligible"),
        pl.col("score").fill_null(UNRANKED).alias("rank"),
        "rupiah",
        "carried",
        pl.when(kept).then(f"{name}.kept_rupiah").otherwise(f"{name}.holder_rupiah").alias("carried_rupiah"),
        pl.col(f"{name}.former").alias("succeeds"),
        pl.coalesce(
            _reason_of("carried"),
            pl.when(nobody & pl.col("reason").is_null()).then(pl.lit("TANPA_PENERIMA")),
            "reason",
            pl.when(waits).then(pl.lit("BELUM_WAKTUNYA")),
        ).alias("reason"),
        *_bits_unless(pl.col("carried").is_in(["TRANSIT", "CADENCE"])),
    )


def _carried(
    *, transit: pl.Expr, incomplete: pl.Expr, cadence: pl.Expr, reactivated: pl.Expr, objects: pl.Expr
) -> pl.Expr:
    """Column `carried`: why a line is reserved before the quota is cut, the first that holds; null where it is not."""
    return (
        pl.when(transit)
        .then(pl.lit("TRANSIT"))
        .when(incomplete)
        .then(pl.lit("INCOMPLETE"))
        .when(cadence)
        .then(pl.lit("CADENCE"))
        .when(reactivated)
        .then(pl.lit("REACTIVATED"))
        .when(objects & pl.col("eligible"))
        .then(pl.lit("PROTECTED"))
        .when(objects)
        .then(pl.lit("OBJECTION"))
        .cast(CarriedType)
        .alias("carried")
    )


def _reason_of(carried: str) -> pl.Expr:
    """Why a line is carried over, as a person reads it; null where it is not."""
    return pl.col(carried).cast(pl.String).replace_strict(CARRIED_REASONS, default=None, return_dtype=pl.String)


def _bits_unless(carried: pl.Expr) -> list[pl.Expr]:
    """`failed` and `unknown`, zero where the conditions were not asked."""
    asked = ~carried.fill_null(value=False)
    return [pl.when(asked).then(name).otherwise(0).cast(pl.UInt64).alias(name) for name in ("failed", "unknown")]


def _personal_lines(programme: Programme, formed: Formed, found: pl.DataFrame, judged: pl.DataFrame) -> pl.DataFrame:
    """A personal programme goes by the person; the family lends its facts.

    Without a living adult in the family nothing begins, and what is held is HELD (architecture.md 7), unless the
    person's own facts have ended it. Who comes back by a reactivation ranks before all scores: reserved first, but
    within the quota, and all of them or none where it is too small; who still holds it goes on (REACTIVATED).
    """
    name, people = programme.name, formed.people
    status = formed.families["family_status"].cast(pl.String).gather(people["family"]).alias("family_status")
    score = formed.families["score"].gather(people["family"]).alias("score")
    own = [
        pl.col(f"ok.{i}").fill_null(c.passes_when_unknown)
        for i, c in enumerate(programme.conditions)
        if (fact := fact_of(c.fact)) is not None and fact.level is Level.PERSON
    ]
    passes_own = found.select(pl.all_horizontal([pl.repeat(value=True, n=pl.len()), *own]).alias("passes_own"))
    back = reactivated_by(programme, people, found)
    table = pl.concat([people, judged, passes_own], how="horizontal").with_columns(status, score, back)
    holder, away = pl.col("present") & pl.col(f"{name}.holds"), ~pl.col("present")
    lost = pl.col("family_status") == "INCOMPLETE"
    objects = holder & pl.col(f"{name}.objection").is_not_null() & ~pl.col(f"{name}.held_out")
    reactivated = ~away & ~lost & pl.col("reactivated")
    carried = _carried(
        transit=pl.col("transit") & pl.col(f"{name}.holds"),
        incomplete=holder & lost & pl.col("passes_own"),
        cadence=holder & pl.lit(value=not programme.due),
        reactivated=holder & reactivated,
        objects=objects,
    )
    told = table.with_columns(carried)
    fits = pl.col("eligible") | reactivated
    return told.select(
        (fits & ~away & ~lost & pl.lit(value=programme.due) & pl.col("carried").is_null()).alias("eligible"),
        pl.when(reactivated).then(FIRST).otherwise(pl.col("score").fill_null(UNRANKED)).alias("rank"),
        _personal_rupiah(programme).alias("rupiah"),
        "carried",
        pl.col(f"{name}.held_rupiah").alias("carried_rupiah"),
        pl.lit(value=False).alias("succeeds"),
        pl.when(pl.col("transit"))
        .then(pl.lit("DALAM_PERPINDAHAN"))
        .when(away)
        .then(pl.lit("MELEWATI_BATAS_PERPINDAHAN"))
        .otherwise(
            pl.coalesce(
                _reason_of("carried"),
                "reason",
                pl.when(lost).then(pl.lit("KELUARGA_TIDAK_LENGKAP")),
                pl.when(pl.lit(value=not programme.due)).then(pl.lit("BELUM_WAKTUNYA")),
            )
        )
        .alias("reason"),
        *_bits_unless(away | (pl.col("carried") == "CADENCE") | reactivated),
    )


def _personal_rupiah(programme: Programme) -> pl.Expr:
    """Rupiah for the quarter: one amount for all, or by level and class of school, with more at a private one."""
    if not programme.levels:
        return pl.lit(programme.rupiah_per_quarter, pl.Int64)
    rupiah = pl.lit(0, pl.Int64)
    # in reverse: a level with classes is asked before the rest of its level
    for it in sorted(programme.levels, key=lambda it: bool(it.classes)):
        fits = pl.col("school_level") == it.school_level
        if it.classes:
            fits &= pl.col("kelas").is_in(it.classes)
        more = pl.when(pl.col("school_private")).then(it.private_rupiah_per_quarter).otherwise(0)
        rupiah = pl.when(fits).then(it.rupiah_per_quarter + more).otherwise(rupiah)
    return rupiah
