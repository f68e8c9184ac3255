"""The accounts of persons: how many stand where, and why that changed between two cuts."""

from __future__ import annotations

from typing import TypeAlias

import polars as pl

from streams.persons import STATUS
from streams.persons.view import UNKNOWN_KAB_KOTA

Schema: TypeAlias = "dict[str, pl.DataType | type[pl.DataType]]"

CAUSE = pl.Enum(
    [
        *("LAHIR", "BARU", "MENINGGAL", "BATAL_MENINGGAL", "PINDAH_KELUAR", "PINDAH_DATANG"),
        *("PINDAH_ANTAR_KOTA", "KELUAR_WILAYAH", "LUPUT_TRANSIT", "DAPAT_KARTU", "NONAKTIF", "AKTIF_KEMBALI"),
        "LAINNYA",
    ]
)
ACCOUNTS: Schema = {"kab_kota": pl.String, "status": STATUS, "persons": pl.Int64}
FLOWS: Schema = {
    "cause": CAUSE,
    "kab_kota_before": pl.String,
    "status_before": STATUS,
    "kab_kota": pl.String,
    "status": STATUS,
    "persons": pl.Int64,
}
DIFFERENCES: Schema = {
    "kab_kota": pl.String,
    "status": STATUS,
    "opening": pl.Int64,
    "arrived": pl.Int64,
    "left": pl.Int64,
    "closing": pl.Int64,
    "difference": pl.Int64,
}
PLACE = ["kab_kota", "status"]
_COMPARED = ["nik", "kab_kota", "status", "residence.event"]


def accounts(persons: pl.DataFrame) -> pl.DataFrame:
    """Persons by kab_kota and status, columns `ACCOUNTS`, sorted; from a persons frame."""
    return _added_up(persons.group_by(PLACE).agg(pl.len().alias("persons")), ACCOUNTS)


def flows(before: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """Persons who stand elsewhere than before, by cause, columns `FLOWS`, sorted; from two persons frames.

    Everybody whose kab_kota or status differs, who is new or who is gone is in exactly one line; a side on
    which somebody did not exist is null. Causes: the first line of `_cause` that holds.
    """
    moved = (
        now.select(*_COMPARED, "phase", "birth.event_type")
        .join(before.select(_COMPARED), on="nik", how="full", coalesce=True, suffix="_before")
        .filter(
            pl.col("status").ne_missing(pl.col("status_before"))
            | pl.col("kab_kota").ne_missing(pl.col("kab_kota_before"))
        )
        .with_columns(_cause())
    )
    keys = [name for name in FLOWS if name != "persons"]
    return _added_up(moved.group_by(keys).agg(pl.len().alias("persons")), FLOWS)


def _cause() -> pl.Expr:
    """Why somebody stands elsewhere, from the status before and now and from what changed.

    before       | now                    | and                                | cause
    -------------|------------------------|------------------------------------|------------------
    any          | none                   | (a fact was lost: books refuse)    | LAINNYA
    none         | any                    | birth stated by `lahir`            | LAHIR
    none         | any                    | residence in phase DATANG          | PINDAH_DATANG
    none         | any                    |                                    | BARU
    other        | MENINGGAL              |                                    | MENINGGAL
    MENINGGAL    | other                  |                                    | BATAL_MENINGGAL
    other        | NONAKTIF               |                                    | NONAKTIF
    NONAKTIF     | other                  |                                    | AKTIF_KEMBALI
    TRANSIT      | LUAR                   | same departure: the limit passed   | LUPUT_TRANSIT
    any          | TRANSIT, LUAR          | another residence fact, KELUAR     | PINDAH_KELUAR
    other        | LUAR                   | another residence fact             | KELUAR_WILAYAH
    TRANSIT,LUAR | TERDAFTAR, TANPA_KARTU | another residence fact: DATANG, or | PINDAH_DATANG
                 |                        | (by a later card) another kab_kota |
    TERDAFTAR,   | TERDAFTAR, TANPA_KARTU | another known kab_kota             | PINDAH_ANTAR_KOTA
      TANPA_KARTU|                        |                                    |
    TANPA_KARTU  | TERDAFTAR              |                                    | DAPAT_KARTU
    any          | any                    | (a cancelled departure, a card     | LAINNYA
                 |                        | cancelled, a new limit or scope)   |
    """
    was, became = pl.col("status_before"), pl.col("status")
    new, phase = was.is_null(), pl.col("phase")
    another = pl.col("residence.event").ne_missing(pl.col("residence.event_before"))
    departed, arrived = phase.eq_missing("KELUAR"), phase.eq_missing("DATANG")
    kab_kota, kab_kota_before = pl.col("kab_kota"), pl.col("kab_kota_before")
    known = (kab_kota_before != UNKNOWN_KAB_KOTA) & (kab_kota != UNKNOWN_KAB_KOTA)
    elsewhere = known & (kab_kota != kab_kota_before)
    here = ["TERDAFTAR", "TANPA_KARTU"]
    lines = [
        (became.is_null(), "LAINNYA"),
        (new & pl.col("birth.event_type").eq_missing("lahir"), "LAHIR"),
        (new & arrived, "PINDAH_DATANG"),
        (new, "BARU"),
        ((became == "MENINGGAL") & (was != "MENINGGAL"), "MENINGGAL"),
        ((was == "MENINGGAL") & (became != "MENINGGAL"), "BATAL_MENINGGAL"),
        ((became == "NONAKTIF") & (was != "NONAKTIF"), "NONAKTIF"),
        ((was == "NONAKTIF") & (became != "NONAKTIF"), "AKTIF_KEMBALI"),
        ((was == "TRANSIT") & (became == "LUAR") & ~another, "LUPUT_TRANSIT"),
        (became.is_in(["TRANSIT", "LUAR"]) & another & departed, "PINDAH_KELUAR"),
        ((became == "LUAR") & (was != "LUAR") & another, "KELUAR_WILAYAH"),
        (was.is_in(["TRANSIT", "LUAR"]) & became.is_in(here) & another & (arrived | elsewhere), "PINDAH_DATANG"),
        (was.is_in(here) & became.is_in(here) & elsewhere, "PINDAH_ANTAR_KOTA"),
        ((was == "TANPA_KARTU") & (became == "TERDAFTAR"), "DAPAT_KARTU"),
    ]
    cause = pl.lit("LAINNYA")
    for condition, name in reversed(lines):
        cause = pl.when(condition).then(pl.lit(name)).otherwise(cause)
    return cause.cast(CAUSE).alias("cause")


def unbalanced(opening: pl.DataFrame, moved: pl.DataFrame, closing: pl.DataFrame) -> pl.DataFrame:
    """Places where closing is not opening + arrived - left: columns `DIFFERENCES`, sorted; empty if all balance.

    `opening` and `closing` are accounts, `moved` flows, each added up by itself and from its own source.
    `difference` is closing - (opening + arrived - left), in persons.
    """
    sides = {
        "opening": opening.select(*PLACE, "persons"),
        "arrived": moved.select(*PLACE, "persons"),
        "left": moved.select(kab_kota="kab_kota_before", status="status_before", persons="persons"),
        "closing": closing.select(*PLACE, "persons"),
    }
    lines = pl.concat(
        frame.select(pl.col(name).cast(dtype) for name, dtype in ACCOUNTS.items())
        .drop_nulls(PLACE)
        .with_columns(pl.lit(side).alias("side"))
        for side, frame in sides.items()
    )
    summed = lines.group_by(PLACE).agg(
        pl.col("persons").filter(pl.col("side") == side).sum().alias(side) for side in sides
    )
    expected = pl.col("opening") + pl.col("arrived") - pl.col("left")
    return (
        summed.with_columns((pl.col("closing") - expected).alias("difference"))
        .filter(pl.col("difference") != 0)
        .select(pl.col(name).cast(dtype) for name, dtype in DIFFERENCES.items())
        .sort(PLACE)
    )


def add_accounts(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """Accounts of several chunks or partitions as one."""
    return _added_up(pl.concat([pl.DataFrame(schema=ACCOUNTS), *parts]), ACCOUNTS)


def add_flows(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """Flows of several chunks or partitions as one."""
    return _added_up(pl.concat([pl.DataFrame(schema=FLOWS), *parts]), FLOWS)


def _added_up(lines: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """One line per key, sorted by it, nulls first."""
    keys = [name for name in schema if name != "persons"]
    return (
        lines.group_by(keys)
        .agg(pl.col("persons").sum())
        .select(pl.col(name).cast(dtype) for name, dtype in schema.items())
        .sort(keys)
    )
