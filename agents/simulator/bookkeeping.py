"""Who is registered, in transit, outside or dead, by what the offices' events say: the simulator's books.

A plain reading of the rules, one frame per group of facts, so that it shares nothing with the
register that it is compared with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from agents.simulator.log import Events
    from agents.simulator.quarters import Quarter
    from agents.simulator.world import World

DKI = "31"
UNKNOWN_REGION = "0000"  # of somebody whose residence no event states
TRANSIT_DAYS = 90  # from the departure (decisions.md, default)
EVENT = ["event_id", "recorded_at"]
# What services tell about people, by contract.
SERVICES = {
    "listrik": ("daya_va", "bersubsidi"),
    "disabilitas": ("terdaftar", "berat"),
    "kesehatan": ("katastropik",),
    "kehamilan": ("hamil", "kehamilan_ke", "perkiraan_lahir"),
    "kuliah": ("status", "semester", "ipk_x100"),
}
# Child frames that say who is meant, by contract; the other contracts name a single NIK.
WHO = {
    "kartu_keluarga": "content.anggota",
    "pindah_keluar": "content.pindah",
    "pindah_datang": "content.pendatang",
    "pindah_dalam": "content.pindah",
    "kawin": "content.pasangan",
    "cerai": "content.pasangan",
    "groundcheck": "content.anggota",
    "daftar_lama": "content.anggota",
}


def persons_of(known: dict[str, Events], world: World, quarter: Quarter) -> pl.DataFrame:
    """One row per NIK that an event speaks of, columns as `Truth.persons`, from the good events known."""
    void = pl.concat([each.frame.select(event_id="corrects.event_id") for each in known.values()]).drop_nulls()
    told = {name: _statements(name, each).join(void, on="event_id", how="anti") for name, each in known.items()}
    everybody = pl.concat([niks_of(name, each).select("nik") for name, each in sorted(known.items())])
    persons = (
        everybody.unique()
        .join(_last(_vital(told)), on="nik", how="left")
        .join(_last(_listing(told)), on="nik", how="left")
        .join(_last(_residence(told)), on="nik", how="left")
        .join(_last(told["status_nik"].select("nik", *EVENT, active="content.aktif")), on="nik", how="left")
        .join(_really(world, quarter), on="nik", how="left")
    )
    return (
        persons.with_columns(_status(quarter), kab_kota=pl.col("kelurahan").str.head(4).fill_null(UNKNOWN_REGION))
        .select("nik", "alive", "died_on", "no_kk", "kelurahan", "kab_kota", "status", "really_alive")
        .sort("nik")
    )


def services_of(known: dict[str, Events]) -> pl.DataFrame:
    """One row per NIK of whom a service tells something, columns as `Truth.services`, from the good events known."""
    void = pl.concat([each.frame.select(event_id="corrects.event_id") for each in known.values()]).drop_nulls()
    parts = []
    for name, fields in SERVICES.items():
        if name in known:
            told = _statements(name, known[name]).join(void, on="event_id", how="anti")
            newest = told.sort("effective_on", *reversed(EVENT)).group_by("nik").last()
            parts.append(newest.select("nik", *(pl.col(f"content.{field}").alias(field) for field in fields)))
    everybody = pl.concat([each.select("nik") for each in parts]).unique()
    for part in parts:
        everybody = everybody.join(part, on="nik", how="left")
    return everybody.sort("nik")


def niks_of(contract: str, events: Events) -> pl.DataFrame:
    """row, nik: whom each event speaks of; for corrections also everybody whom the target spoke of."""
    named = events.children["corrects.nik"].select("row", "nik") if "corrects.nik" in events.children else None
    if contract in WHO:
        own = events.children[WHO[contract]].select("row", "nik")
    else:
        own = events.frame.select("row", nik="content.nik").drop_nulls()
    parts = [own] if named is None else [own, named]
    return pl.concat(parts).unique(maintain_order=True)


def _statements(contract: str, events: Events) -> pl.DataFrame:
    """One row per event that states something and person: the event's columns and the person's."""
    frame = events.frame.filter("content")
    if contract not in WHO:
        return frame.rename({"content.nik": "nik"})
    return events.children[WHO[contract]].join(frame, on="row", how="inner")


def _last(statements: pl.DataFrame) -> pl.DataFrame:
    """The statement recorded last, per person."""
    ordered = statements.sort("recorded_at", "event_id")
    return ordered.group_by("nik").last().drop(EVENT)


def _vital(told: dict[str, pl.DataFrame]) -> pl.DataFrame:
    born = told["lahir"].select("nik", *EVENT, alive=pl.lit(value=True), died_on=pl.lit(None, pl.Date))
    dead = told["mati"].select("nik", *EVENT, alive=pl.lit(value=False), died_on="content.tanggal_meninggal")
    return pl.concat([born, dead])


def _listing(told: dict[str, pl.DataFrame]) -> pl.DataFrame:
    stating = ("lahir", "kartu_keluarga", "pindah_datang", "pindah_dalam")
    return pl.concat([told[name].select("nik", *EVENT, no_kk="content.no_kk") for name in stating])


def _residence(told: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Where each office says that the person is; a departure whose letter has arrived says nothing."""
    nowhere = pl.lit(None, pl.Date)
    stating = ("lahir", "kartu_keluarga", "pindah_datang", "pindah_dalam")
    settled = [told[name].select("nik", *EVENT, kelurahan="content.kelurahan", departed=nowhere) for name in stating]
    letter = ["nik", "content.nomor_skpwni"]
    left = told["pindah_keluar"].join(told["pindah_datang"].select(letter), on=letter, how="anti")
    leaving = left.select("nik", *EVENT, kelurahan="content.kelurahan_asal", departed="effective_on")
    return pl.concat([*settled, leaving])


def _really(world: World, quarter: Quarter) -> pl.DataFrame:
    alive = world.people.died > quarter.last_day
    return pl.DataFrame({"nik": world.people.nik, "really_alive": np.asarray(alive)})


def _status(quarter: Quarter) -> pl.Expr:
    """Dead before inactive, inactive before outside, outside before in transit, in transit before without a card."""
    gone_days = (pl.lit(quarter.last_day.astype(object)) - pl.col("departed")).dt.total_days()
    outside = ~pl.col("kelurahan").str.starts_with(DKI) | (gone_days > TRANSIT_DAYS)
    return (
        pl.when(pl.col("alive").eq_missing(other=False))
        .then(pl.lit("MENINGGAL"))
        .when(pl.col("active").eq_missing(other=False))
        .then(pl.lit("NONAKTIF"))
        .when(outside.fill_null(value=False))
        .then(pl.lit("LUAR"))
        .when(pl.col("departed").is_not_null())
        .then(pl.lit("TRANSIT"))
        .when(pl.col("no_kk").is_null())
        .then(pl.lit("TANPA_KARTU"))
        .otherwise(pl.lit("TERDAFTAR"))
        .alias("status")
    )
