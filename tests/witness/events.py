"""The accepted events of a simulation as DuckDB tables: one row per event and NIK that it speaks of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import yaml

import agents.simulator

if TYPE_CHECKING:
    import duckdb

    from agents.simulator import Simulation

PRODUCERS = Path(agents.simulator.__file__).parents[2] / "schemas" / "producers.yaml"

# Where an event type lists the people that it speaks of; the others speak of one, in `nik`.
PEOPLE = {
    "kartu_keluarga": "anggota",
    "groundcheck": "anggota",
    "daftar_lama": "anggota",
    "pindah_keluar": "pindah",
    "pindah_dalam": "pindah",
    "pindah_datang": "pendatang",
    "kawin": "pasangan",
    "cerai": "pasangan",
    "pengesampingan": "orang",
}
# What each event type may state (decisions.md, "Events", and `groups` of its schema).
STATES = {
    "lahir": ("birth", "vital", "listing", "residence"),
    "biodata": ("birth",),
    "mati": ("vital",),
    "status_nik": ("nik_status",),
    "kartu_keluarga": ("listing", "civil", "residence"),
    "pindah_keluar": ("residence",),
    "pindah_datang": ("listing", "residence"),
    "pindah_dalam": ("listing", "residence"),
    "kawin": ("civil",),
    "cerai": ("civil",),
    "groundcheck": ("household", "assets", "field"),
    "daftar_lama": ("household", "receipt"),
    "pekerjaan": ("work",),
    "sekolah": ("education",),
    "kepemilikan": ("property",),
    "panti": ("institution",),
    "sanggah": ("claim",),
    "keluhan": ("claim",),
    "usul": ("claim",),
    "reaktivasi": ("claim",),
    "putusan_kasus": ("claim",),
    "pengesampingan": ("set_aside",),
    "listrik": ("utilities",),
    "disabilitas": ("disability",),
    "kehamilan": ("pregnancy",),
    "kesehatan": ("health",),
    "kuliah": ("university",),
    "bantuan_lain": ("benefit",),
}
# What the SQL asks for, also where no event of a simulation tells it.
ASKED = {
    **dict.fromkeys(("kelas", "daya_va", "kehamilan_ke", "semester", "ipk_x100", "lulus_sekolah_tahun"), pl.Int64),
    **dict.fromkeys(("terdaftar", "berat", "hamil", "katastropik", "negeri", "reguler"), pl.Boolean),
    **dict.fromkeys(("akreditasi", "rumpun", "provinsi_sekolah"), pl.String),
    "perkiraan_lahir": pl.Date,
}
RECEIVED = {
    "key": pl.String,
    "program": pl.String,
    "jenis": pl.String,
    "anggaran": pl.String,
    "sampai": pl.Date,
}
ADMINISTRATIVE = ("birth", "vital", "nik_status", "listing", "civil", "residence")


def load_events(witness: duckdb.DuckDBPyConnection, simulation: Simulation) -> None:
    """Make the tables `spoken` (what accepted events say, by NIK), `says` (groups by event type), `authority`,
    `received` (the benefits that an event lists) and `aside` (the visits that a decision lists), both by its key.
    """
    parts = [_spoken(name, each.frame, each.children) for name, each in sorted(simulation.written.items())]
    spoken = pl.concat(parts, how="diagonal")  # what an event type does not tell is null
    spoken = spoken.with_columns(
        pl.lit(None, dtype).alias(name) for name, dtype in ASKED.items() if name not in spoken.columns
    )
    says = pl.DataFrame(
        [(name, group, group not in ADMINISTRATIVE) for name, groups in STATES.items() for group in groups],
        schema=["contract", "grp", "observed"],
        orient="row",
    )
    known = yaml.safe_load(PRODUCERS.read_text(encoding="utf-8"))["producers"]
    authority = pl.DataFrame(
        [(each["code"], each["number"], each["authority"]) for each in known],
        schema=["producer", "number", "authority"],
        orient="row",
    )
    tables = {"spoken": spoken, "says": says, "authority": authority, "received": _received(simulation)}
    tables["aside"] = _aside(simulation)
    for name, frame in tables.items():
        witness.register("given", frame.to_arrow())
        witness.execute(f"CREATE TABLE {name} AS SELECT * FROM given")
        witness.unregister("given")


def _received(simulation: Simulation) -> pl.DataFrame:
    if "bantuan_lain" not in simulation.written:
        return pl.DataFrame(schema=RECEIVED)
    events = simulation.written["bantuan_lain"]
    key = pl.col("producer") + ":" + pl.col("event_id").bin.encode("hex").str.to_uppercase()
    named = events.frame.filter(pl.col("sim.plant") == "GOOD").select("row", key.alias("key"))
    return events.children["content.penerimaan"].join(named, on="row").select(
        pl.col(name).cast(dtype) for name, dtype in RECEIVED.items()
    )  # fmt: skip


def _aside(simulation: Simulation) -> pl.DataFrame:
    """key of a decision, target: the key of a visit that it sets aside."""
    if "pengesampingan" not in simulation.written:
        return pl.DataFrame(schema={"key": pl.String, "target": pl.String})
    events = simulation.written["pengesampingan"]
    key = pl.col("producer") + ":" + pl.col("event_id").bin.encode("hex").str.to_uppercase()
    named = events.frame.filter(pl.col("sim.plant") == "GOOD").select("row", key.alias("key"))
    listed = events.children["content.peristiwa"].select("row", key.alias("target"))
    return named.join(listed, on="row").select("key", "target")


def _spoken(contract: str, frame: pl.DataFrame, children: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """The good events of one type, a row per NIK: those of the content, and those that a correction drops."""
    plain = {name: name.removeprefix("content.").replace(".", "_") for name in frame.columns}
    events = frame.filter(pl.col("sim.plant") == "GOOD").rename(plain).with_columns(contract=pl.lit(contract))
    events = events.with_columns(pl.col(name).cast(pl.Int64) for name in events.columns if name.startswith("aset_"))
    if contract in PEOPLE:
        named = children[f"content.{PEOPLE[contract]}"]
        named = events.filter("content").join(named, on="row")
    else:
        named = events.filter("content")
    dropped = children["corrects.nik"].join(named, on=["row", "nik"], how="anti")
    envelope = ["row", "contract", "event_id", "producer", "kind", "effective_on", "recorded_at"]
    envelope += ["corrects_producer", "corrects_event_id", "sim_arrival"]
    silent = events.select(envelope).join(dropped, on="row")
    return pl.concat(
        [named.with_columns(stated=pl.lit(value=True)), silent.with_columns(stated=pl.lit(value=False))],
        how="diagonal",
    ).drop("row", "sim_key", "sim_other_key", "sim_order", "sim_plant", strict=False)
