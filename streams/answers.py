"""One full answer per listed person: all programmes, with reasons. No memory of what was said before."""

from collections.abc import Sequence

import polars as pl

from streams.changes.frames import HOLDINGS
from streams.deciles import BANDS, desil
from streams.families import Formed, form
from streams.members import MEMBERS
from streams.programmes.assess import Assessed, Cuts, assess_waves
from streams.programmes.causes import causes
from streams.programmes.decide import Verdict, VerdictType
from streams.rules import Rules

PARTS = ("verdict", "amount_rupiah", "reason", "failed", "unknown", "causes")


def answer_step(formed: Formed, rules: Rules, cut_points: Sequence[int], cuts: Cuts) -> pl.DataFrame:
    """The answers of one partition's families (docs/contracts.md 6), exactly one row per listed NIK, sorted by nik.

    `cuts`: those of all waves together. Raises ValueError when one is missing.
    """
    missing = sorted(set(rules.programmes) - set(cuts))
    if missing:
        raise ValueError(f"no cut for {', '.join(missing)}: answers come after all waves")
    assessed = assess_waves(formed, rules, cut_points, cuts, len(rules.waves))
    families = formed.families.with_columns(desil(formed.families["score"], cut_points))
    of_family = families.select(
        pl.col("family_status", "score", "desil", "members", "payee", "groundcheck", "groundcheck_on").gather(
            formed.people["family"]
        )
    )
    head = pl.concat(
        [formed.people.select("nik", "no_kk", "kab_kota", "kelurahan", "status", "age_years", "listed"), of_family],
        how="horizontal",
    ).select(
        *("nik", "no_kk", "kab_kota", "kelurahan", "status", "family_status", "score", "desil", "age_years"),
        *("members", "payee", "groundcheck", "groundcheck_on", "listed"),
    )
    parts = [
        (_family_answers(formed, one) if one.programme.is_family else _lines(formed, one)).rename(
            {part: f"{name}.{part}" for part in PARTS}
        )
        for name, one in sorted(assessed.items())
    ]
    return pl.concat([head, *parts], how="horizontal").filter("listed").drop("listed").sort("nik")


def no_answers(rules: Rules) -> pl.DataFrame:
    """The answers of nobody: no rows, the columns and types of `answer_step` under these rules."""
    nobody = form(pl.DataFrame(schema=MEMBERS), pl.DataFrame(schema=HOLDINGS), rules, rules.as_of)
    return answer_step(nobody, rules, [0] * (BANDS - 1), dict.fromkeys(rules.programmes))


def _lines(formed: Formed, assessed: Assessed) -> pl.DataFrame:
    """PARTS per subject: per person of a personal programme, per family of a family programme."""
    if assessed.decided is None:
        raise AssertionError("answer_step asks for all cuts first")
    bits = assessed.subjects.select("failed", "unknown", causes(assessed, formed))
    return pl.concat([assessed.decided, bits], how="horizontal")


def _family_answers(formed: Formed, assessed: Assessed) -> pl.DataFrame:
    """The family's line, told to each of its people.

    The payee (or who is in transit with the line) hears the line's verdict; the others that there is another payee.
    An ineligible family's members all hear why. Who holds a line beside the family's own loses it: one family, one
    recipient.
    """
    name = assessed.programme.name
    line = pl.concat(
        [formed.families.select(f"{name}.payee", f"{name}.kept"), _lines(formed, assessed)], how="horizontal"
    )
    told = pl.concat(
        [formed.people, line.select(pl.all().gather(formed.people["family"]))],
        how="horizontal",
    )
    recipient = pl.coalesce(f"{name}.kept", f"{name}.payee")
    mine = (pl.col("nik") == recipient).fill_null(value=False)
    refused = pl.col("present") & (pl.col("verdict") == Verdict.INELIGIBLE)
    hears_line = mine | refused
    second = pl.col(f"{name}.holds") & recipient.is_not_null() & (pl.col("present") | pl.col("transit"))
    reason = (
        pl.when(hears_line)
        .then("reason")
        .when(second)
        .then(pl.lit("SATU_KELUARGA_SATU_PENERIMA"))
        .when(pl.col("present"))
        .then(pl.lit("BUKAN_PENERIMA"))
        .when(pl.col("transit"))
        .then(pl.lit("DALAM_PERPINDAHAN"))
        .otherwise(pl.lit("MELEWATI_BATAS_PERPINDAHAN"))
    )
    verdict = (
        pl.when(hears_line)
        .then(pl.col("verdict").cast(pl.String))
        .when(second | ~pl.col("present"))
        .then(pl.lit(Verdict.INELIGIBLE))
        .otherwise(pl.lit(Verdict.NOT_PAYEE))
    )
    none = pl.lit(0, pl.UInt64)
    event = pl.when(second).then("listing.event").when(~pl.col("present")).then("residence.event")
    return told.select(
        verdict.cast(VerdictType).alias("verdict"),
        pl.when(mine).then("amount_rupiah").otherwise(0).alias("amount_rupiah"),
        reason.alias("reason"),
        pl.when(hears_line).then("failed").otherwise(none).alias("failed"),
        pl.when(hears_line).then("unknown").otherwise(none).alias("unknown"),
        pl.when(hears_line).then("causes").otherwise(pl.concat_list(event).list.drop_nulls()).alias("causes"),
    )
