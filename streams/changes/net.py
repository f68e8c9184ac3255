"""Answers against holdings: what changes for whom, and what everybody holds afterwards."""

import datetime as dt

import polars as pl

from streams.changes.decided import published, rule_and_article
from streams.changes.frames import ACTION, CHANGES, HOLDING_STATE, HOLDINGS, no_changes, no_holdings
from streams.changes.reasons import AMOUNT_CHANGED, DEFAULT_GRANT, EXPLAINED, MOVED, RESUMED
from streams.rules.model import Programme, Rules

CONTINUES = ("SERVED", "KEPT", "HELD")
ANSWER_COLUMNS = {"verdict": pl.String, "amount_rupiah": pl.Int64, "reason": pl.String, "failed": pl.UInt64}
CAUSE_COLUMNS = sorted({column for _, column in EXPLAINED.values()} | {"residence.event"})


def net(
    holdings: pl.DataFrame,
    answers: pl.DataFrame,
    persons: pl.DataFrame,
    *,
    quarter: str,
    as_of: dt.date,
    rules: Rules,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The changes of one quarter and the holdings after them: columns CHANGES and HOLDINGS, sorted by nik, programme.

    `holdings`: columns HOLDINGS, as the last seal left them, one row per (nik, programme). `answers`: one row
    per listed NIK (contracts.md 6), of this run. `persons`: the persons frame of the same NIK; of it nik,
    status, no_kk and the events of EXPLAINED are used. `rules` are those of `as_of`.

    At most one line per (nik, programme). A holder with neither an answer nor a status that explains its
    absence keeps what it holds: the books find it (`unanswered`) and refuse the seal.
    Raises ValueError for a held programme that `rules` don't name, and for somebody served without an amount.
    """
    if rules.as_of != as_of:
        raise ValueError(f"the rules are those of {rules.as_of}, the list is as of {as_of}: use Bundle.at({as_of})")
    _refuse_unknown(holdings, rules)
    about = persons.select(
        "nik",
        pl.col("status").cast(pl.String),
        pl.col("no_kk").alias("person_no_kk"),
        *(pl.col(column).cast(pl.Binary) for column in CAUSE_COLUMNS),
    )
    changes, after = [no_changes()], [no_holdings()]
    for programme in rules.programmes.values():
        rows = _decided(_joined(holdings, answers, about, programme))
        lines = rows.filter(pl.col("action").is_not_null())
        changes.append(_lines(lines, programme, quarter, rules))
        after.append(_after(rows, programme.name, quarter))
    return _sorted(changes), _sorted(after)


def unanswered(holdings: pl.DataFrame, answers: pl.DataFrame, persons: pl.DataFrame) -> pl.DataFrame:
    """Holders with neither an answer nor a status that explains its absence: columns nik, programme, status.

    Each is a loss (of an answer, or of a person's facts) and must refuse the seal. Inputs as for `net`.
    """
    return (
        holdings.select("nik", "programme")
        .join(answers.select("nik"), on="nik", how="anti")
        .join(persons.select("nik", pl.col("status").cast(pl.String)), on="nik", how="left")
        .filter(pl.col("status").is_null() | ~pl.col("status").is_in(list(EXPLAINED)))
        .sort("nik", "programme")
    )


def _refuse_unknown(holdings: pl.DataFrame, rules: Rules) -> None:
    unknown = sorted(set(holdings.get_column("programme").unique()) - set(rules.programmes))
    if unknown:
        raise ValueError(
            f"{unknown} is held, but not in force on {rules.as_of}: keep the programme in the rules with a "
            "quota of 0 until a sealed quarter has revoked it from everybody"
        )


def _sorted(frames: list[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(frames).sort("nik", "programme")


def _joined(holdings: pl.DataFrame, answers: pl.DataFrame, about: pl.DataFrame, programme: Programme) -> pl.DataFrame:
    """One row for everybody who holds the programme or is answered that it begins or goes on."""
    held = holdings.filter(pl.col("programme") == programme.name).select(
        "nik",
        pl.col("state").cast(pl.String),
        pl.col("amount_rupiah").alias("held_rupiah"),
        pl.col("kab_kota").alias("held_kab_kota"),
        pl.col("no_kk").alias("held_no_kk"),
        "since",
        "held_since",
        pl.lit(value=True).alias("holds"),
    )
    answered = answers.select(
        "nik",
        "no_kk",
        "kab_kota",
        pl.col("desil").cast(pl.Int64),
        pl.col("age_years").cast(pl.Int64),
        *(pl.col(f"{programme.name}.{name}").cast(kind).alias(name) for name, kind in ANSWER_COLUMNS.items()),
        pl.col(f"{programme.name}.unknown").cast(pl.UInt64).alias("unknown"),
        pl.col(f"{programme.name}.causes").cast(pl.List(pl.Binary)).alias("answer_causes"),
    )
    continuing = answered.filter(pl.col("verdict").is_in(CONTINUES))
    others = answered.filter(~pl.col("verdict").is_in(CONTINUES)).join(held.select("nik"), on="nik", how="semi")
    rows = pl.concat([continuing, others]).join(held, on="nik", how="full", coalesce=True)
    return rows.join(about, on="nik", how="left").with_columns(pl.col("holds").fill_null(value=False))


def _decided(rows: pl.DataFrame) -> pl.DataFrame:
    """Adds `action` (null: nothing changes), `reason`, `causes`, and what is held and paid afterwards."""
    holds, verdict, is_held = pl.col("holds"), pl.col("verdict"), pl.col("state") == "HELD"
    served, kept = verdict == "SERVED", verdict == "KEPT"
    place = pl.coalesce("kab_kota", "held_kab_kota")
    moved = place.ne_missing(pl.col("held_kab_kota"))
    repriced = pl.col("amount_rupiah").ne_missing(pl.col("held_rupiah"))
    gone = verdict.is_null() & pl.col("status").is_in(list(EXPLAINED))
    action = (
        pl.when(served & ~holds)
        .then(pl.lit("GRANTED"))
        .when(holds & served & (is_held | moved | repriced))
        .then(pl.lit("AMENDED"))
        .when(holds & kept & is_held)
        .then(pl.lit("AMENDED"))
        .when(holds & (verdict == "HELD") & ~is_held)
        .then(pl.lit("HELD"))
        .when(holds & (verdict.is_in(["ELIGIBLE", "INELIGIBLE", "NOT_PAYEE"]) | gone))
        .then(pl.lit("REVOKED"))
    )
    rows = rows.with_columns(action.alias("action"))
    if lacking := rows.filter(served & pl.col("amount_rupiah").is_null()).height:
        raise ValueError(f"{lacking} answers serve somebody without an amount: streams.programmes must state one")
    amended, resumed = pl.col("action") == "AMENDED", pl.col("action").eq("AMENDED") & is_held
    explained = pl.col("status").replace_strict({s: reason for s, (reason, _) in EXPLAINED.items()}, default=None)
    reason = (
        pl.when(resumed)
        .then(pl.lit(RESUMED))
        .when(amended & moved)
        .then(pl.lit(MOVED))
        .when(amended)
        .then(pl.lit(AMOUNT_CHANGED))
        .when(gone)
        .then(explained)
        .otherwise(pl.coalesce("reason", pl.lit(DEFAULT_GRANT)))
    )
    # A kept line goes on as it was: where it is counted and what it pays are not looked at anew.
    goes_on_as_answered = served
    return rows.with_columns(
        reason.alias("reason"),
        _causes(gone, amended & moved).alias("causes"),
        pl.when(goes_on_as_answered).then("amount_rupiah").otherwise("held_rupiah").alias("now_rupiah"),
        pl.when(goes_on_as_answered).then(place).otherwise("held_kab_kota").alias("now_kab_kota"),
        pl.coalesce("no_kk", "person_no_kk").alias("now_no_kk"),
    )


def _causes(gone: pl.Expr, moved: pl.Expr) -> pl.Expr:
    """The events behind a line, sorted, each once: the answer's, or those of the person's own facts."""
    own = pl.lit(None, dtype=pl.Binary)
    for status, (_, column) in EXPLAINED.items():
        own = pl.when(gone & (pl.col("status") == status)).then(column).otherwise(own)
    own = pl.when(moved).then("residence.event").otherwise(own)
    causes = pl.when(own.is_not_null()).then(pl.concat_list(own)).otherwise("answer_causes")
    return causes.fill_null([]).list.drop_nulls().list.unique().list.sort()


def _lines(rows: pl.DataFrame, programme: Programme, quarter: str, rules: Rules) -> pl.DataFrame:
    paid = pl.col("action").is_in(["GRANTED", "AMENDED"])
    before = pl.when(pl.col("state") == "HELD").then(0).otherwise("held_rupiah")
    after = pl.when(paid).then("now_rupiah")
    less = pl.col("action").is_in(["REVOKED", "HELD"]) | (after < before)
    rule, article = rule_and_article(programme)
    return rows.select(
        pl.lit(quarter).alias("quarter"),
        pl.lit(programme.payer).alias("payer"),
        pl.lit(programme.name).alias("programme"),
        "nik",
        pl.col("now_no_kk").alias("no_kk"),
        pl.col("action").cast(ACTION),
        "reason",
        rule,
        article,
        after.cast(pl.Int64).alias("amount_rupiah"),
        before.cast(pl.Int64).alias("amount_before_rupiah"),
        pl.when(pl.col("action") != "REVOKED").then("now_kab_kota").alias("kab_kota"),
        pl.col("held_kab_kota").alias("kab_kota_before"),
        published(programme),
        "causes",
        pl.when(less).then(pl.lit(rules.objection_until)).alias("objection_until"),
    ).cast(CHANGES)


def _after(rows: pl.DataFrame, programme: str, quarter: str) -> pl.DataFrame:
    """Holdings from the joined rows, not from the lines: so that applying the lines is a check of both."""
    starts, stops = pl.col("action").is_in(["GRANTED", "AMENDED"]), pl.col("action") == "HELD"
    changed = pl.col("action").is_not_null()
    stays = (pl.col("holds") | pl.col("action").eq("GRANTED").fill_null(value=False)) & (
        pl.col("action") != "REVOKED"
    ).fill_null(value=True)
    return (
        rows.filter(stays)
        .select(
            "nik",
            pl.lit(programme).alias("programme"),
            pl.when(starts).then(pl.lit("ACTIVE")).when(stops).then(pl.lit("HELD")).otherwise("state").alias("state"),
            pl.when(starts).then("now_rupiah").otherwise("held_rupiah").alias("amount_rupiah"),
            pl.when(starts).then("now_kab_kota").otherwise("held_kab_kota").alias("kab_kota"),
            pl.when(changed).then("now_no_kk").otherwise("held_no_kk").alias("no_kk"),
            pl.when(pl.col("holds")).then("since").otherwise(pl.lit(quarter)).alias("since"),
            pl.when(stops).then(pl.lit(quarter)).when(starts).then(None).otherwise("held_since").alias("held_since"),
        )
        .with_columns(pl.col("state").cast(HOLDING_STATE))
        .cast(HOLDINGS)
    )
