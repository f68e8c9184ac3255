"""Notices between two seals: a hard stop in today's facts that the last seal did not know.

A notice is not a decision. It has one id per programme, NIK and event, so that repeats fold, and is withdrawn under
the same id when the stop is cancelled. Who holds nothing is noticed nothing; a line that ended has no open notice.
"""

import hashlib

import polars as pl

from streams.rules import Rules

# Status -> reason, column of the event, column of the day.
STOPS = {
    "MENINGGAL": ("MENINGGAL", "vital.event", "died_on"),
    "NONAKTIF": ("NONAKTIF", "nik_status.event", None),
    "LUAR": ("PINDAH_KELUAR", "residence.event", "departed_on"),
    "TRANSIT": ("DALAM_PERPINDAHAN", "residence.event", "departed_on"),
}
HELD_IN_TRANSIT = "APBD"  # the national budget keeps paying in transit (architecture.md 9)
KEY = ["nik", "programme", "cause"]
NOTICES = pl.Schema(
    {
        "notice_id": pl.Binary,
        "quarter": pl.String,
        "payer": pl.String,
        "programme": pl.String,
        "nik": pl.String,
        "reason": pl.String,
        "cause": pl.Binary,
        "effective_on": pl.Date,
    }
)


def stops(persons: pl.DataFrame, holdings: pl.DataFrame, rules: Rules, quarter: str) -> pl.DataFrame:
    """The stops of some holders: columns NOTICES, sorted by nik, programme.

    `persons`: the persons frame of today's facts; `holdings`: what these people hold after `quarter` (columns
    streams.changes.HOLDINGS). A line that is held back already has nothing to stop.
    """
    payers = {name: it.payer for name, it in rules.programmes.items()}
    local = [name for name, it in rules.programmes.items() if it.budget == HELD_IN_TRANSIT]
    reason, cause, day = pl.lit(None, pl.String), pl.lit(None, pl.Binary), pl.lit(None, pl.Date)
    for status, (code, event, since) in STOPS.items():
        applies = pl.col("status").cast(pl.String) == status
        if status == "TRANSIT":
            applies &= pl.col("programme").is_in(local)
        reason = pl.when(applies).then(pl.lit(code)).otherwise(reason)
        cause = pl.when(applies).then(event).otherwise(cause)
        day = pl.when(applies).then(pl.col(since) if since else pl.lit(None, pl.Date)).otherwise(day)
    found = (
        holdings.filter(pl.col("state").cast(pl.String) == "ACTIVE", pl.col("programme").is_in(list(payers)))
        .select("nik", "programme")
        .join(persons, on="nik", how="inner")
        .select("nik", "programme", reason.alias("reason"), cause.alias("cause"), day.alias("effective_on"))
        .filter(pl.col("reason").is_not_null() & pl.col("cause").is_not_null())
        .with_columns(
            pl.lit(quarter).alias("quarter"),
            pl.col("programme").replace_strict(payers, default=None, return_dtype=pl.String).alias("payer"),
        )
    )
    ids = [notice_id(*row) for row in found.select(KEY).iter_rows()]  # as many as people who died or left
    return found.with_columns(pl.Series("notice_id", ids, pl.Binary)).select(list(NOTICES)).sort("nik", "programme")


def notice_id(nik: str, programme: str, cause: bytes) -> bytes:
    """16 bytes: the same for the same person, programme and event, whoever finds it and however often."""
    return hashlib.sha256(f"{nik}/{programme}/".encode() + cause).digest()[:16]


def differences(
    known: pl.DataFrame, found: pl.DataFrame, holdings: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """What to send, what to withdraw, and what to forget unsaid, each with columns NOTICES.

    `known`: open notices of some people; `found`: `stops` of the same people now; `holdings`: what they hold. A notice
    about a line that is no longer held is fulfilled, not withdrawn: the seal has decided.
    """
    new = found.join(known.select("notice_id"), on="notice_id", how="anti")
    gone = known.join(found.select("notice_id"), on="notice_id", how="anti")
    held = holdings.select("nik", "programme")
    return (
        new,
        gone.join(held, on=["nik", "programme"], how="semi"),
        gone.join(held, on=["nik", "programme"], how="anti"),
    )
