"""Rows of old lists linked to persons, in a folder of their own: what was linked, parked, or found nowhere.

The folder holds personal data, and is made readable for its owner only. Decisions of people are appended to
`decisions.jsonl`; linking again takes them into account, so that a load can be repeated at any time.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from agents.errors import OperatorError
from agents.logs import mask
from agents.transition.scoring import score
from streams.transition.judging import DECISIONS, Outcome, candidates, judge
from streams.transition.rows import as_compared, persons_compared

log = logging.getLogger(__name__)

ROWS, LINKS, CANDIDATES, DECIDED = "rows.parquet", "links.parquet", "candidates.parquet", "decisions.jsonl"
PRODUCER = "legacy"
# The receivers of the old programmes were chosen from DTKS, so lists of receivers enter under that name.
SOURCE_OF_RECEIVERS = "DTKS"
NOON_WIB = "T12:00:00+07:00"  # a list has a day, not an hour; the same list loaded again has the same hour


@dataclass(frozen=True)
class Linked:
    """rows: as read; links: streams.transition.judging.JUDGED; candidates: of the parked, with what people compare."""

    rows: pl.DataFrame
    links: pl.DataFrame
    candidates: pl.DataFrame

    def count(self, outcome: Outcome) -> int:
        return self.links.filter(pl.col("outcome") == outcome).height

    def receipts(self) -> pl.DataFrame:
        """Receipts of the rows that are linked, columns streams.transition.receipts.RECEIPTS, sent or not."""
        found = self.links.filter(pl.col("outcome") == Outcome.LINKED).select("baris", person="nik")
        rows = _programmes(self.rows.join(found, on="baris"))
        return rows.select(
            nik="person",
            programme="program",
            budget="anggaran",
            until="sampai",
            source="sumber",
            listed=pl.lit(1, pl.Int32),
        )

    def unlinked(self) -> pl.DataFrame:
        """Receipts of the rows that are linked to nobody, columns streams.transition.falling.UNLINKED."""
        open_rows = self.rows.join(
            self.links.filter(pl.col("outcome") != Outcome.LINKED).select("baris", "outcome"), on="baris"
        )
        compared = as_compared(open_rows).select(baris="unique_id", plain="nik", name="name")
        who = pl.concat_str(
            "name", pl.col("tanggal_lahir").cast(pl.String), "kelurahan", separator="|", ignore_nulls=True
        )
        named = open_rows.join(compared, on="baris").with_columns(who=who, parked=pl.col("outcome") == Outcome.PARKED)
        return _programmes(named).select(
            # a parked row's NIK may be that of another, so it says nothing about who this is
            subject=pl.when("parked").then("who").otherwise(pl.coalesce("plain", "who")),
            kelurahan="kelurahan",
            programme="program",
            until="sampai",
            parked="parked",
        )


def _programmes(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per programme that a row of a list names."""
    each = rows.with_columns(pl.col("program").str.split(";")).explode("program")
    return each.with_columns(pl.col("program").str.strip_chars().str.to_uppercase()).filter(pl.col("program") != "")


def link(rows: pl.DataFrame, persons: pl.DataFrame, decisions: pl.DataFrame) -> Linked:
    """Compare rows (agents.transition.lists) with persons (nik, nama, birth_date, sex, no_kk, address, kelurahan)."""
    compared = as_compared(rows)
    pairs = score(compared, persons_compared(persons))
    judged = judge(rows["baris"], pairs, decisions)
    near = (
        candidates(judged, pairs)
        .drop("sex")
        .join(
            persons.select("nik", "nama", "birth_date", pl.col("sex").cast(pl.String), "no_kk", "address", "kelurahan"),
            on="nik",
            how="left",
        )
    )
    return Linked(rows, judged, near)


def write(linked: Linked, folder: Path) -> None:
    """Replace what an earlier link wrote into the folder; decisions stay."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    for name, frame in ((ROWS, linked.rows), (LINKS, linked.links), (CANDIDATES, linked.candidates)):
        frame.write_parquet(folder / name)


def read(folder: Path) -> Linked:
    """What `write` wrote. Raises OperatorError when the folder holds no link."""
    try:
        return Linked(*(pl.read_parquet(folder / name) for name in (ROWS, LINKS, CANDIDATES)))
    except OSError as error:
        raise OperatorError(
            f"{folder} holds no linked lists: `dtsen transition link FILE --out {folder}` makes it."
        ) from error


def read_decisions(folder: Path) -> pl.DataFrame:
    """The last decision about each row, columns streams.transition.judging.DECISIONS."""
    file = folder / DECIDED
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    last = {each["baris"]: each["nik"] for each in map(json.loads, lines)}
    return pl.DataFrame({"baris": list(last), "nik": list(last.values())}, schema=DECISIONS)


def decide(folder: Path, row: str, candidate: int | None, by: str, why: str) -> str:
    """Note a person's decision about a parked row: one of its candidates, or nobody (None); a sentence that says it.

    Raises OperatorError for a row that is not parked, or a candidate that it does not have.
    """
    linked = read(folder)
    if linked.links.filter(pl.col("baris") == row, pl.col("outcome") == Outcome.PARKED).is_empty():
        raise OperatorError(f"{row} is not parked in {folder}: `dtsen transition parked list {folder}` shows what is.")
    of_row = linked.candidates.filter(pl.col("baris") == row)
    nik = None
    if candidate is not None:
        chosen = of_row.filter(pl.col("candidate") == candidate)["nik"].to_list()
        if not chosen:
            raise OperatorError(f"{row} has the candidates 1 to {of_row.height}; {candidate} is none of them.")
        nik = chosen[0]
    said = {"baris": row, "nik": nik, "by": by, "why": why, "at": datetime.now(UTC).isoformat(timespec="seconds")}
    with (folder / DECIDED).open("a", encoding="utf-8") as file:
        file.write(json.dumps(said, ensure_ascii=False) + "\n")
    (folder / DECIDED).chmod(0o600)
    sentence = f"{row}: {mask(nik) if nik else 'nobody of the register'}, decided by {by}."
    log.info("%s", sentence)
    return sentence


def parked(linked: Linked, decisions: pl.DataFrame) -> list[dict[str, Any]]:
    """The parked rows, each with its candidates, as a person compares them; NIK and cards masked."""
    why = linked.links.filter(pl.col("outcome") == Outcome.PARKED).select("baris", "why")
    decided = dict(decisions.iter_rows())
    near = linked.candidates.partition_by("baris", as_dict=True)
    shown = []
    for row in linked.rows.join(why, on="baris").sort("baris").iter_rows(named=True):
        name = row["baris"]
        found = near[(name,)].iter_rows(named=True) if (name,) in near else ()
        shown.append(
            {
                "baris": name,
                "why": row["why"],
                "decided": None if name not in decided else mask(decided[name] or "nobody"),
                "row": _shown(row, "nama", "tanggal_lahir", "jenis_kelamin", "alamat"),
                "candidates": [
                    {
                        **_shown(it, "nama", "birth_date", "sex", "address"),
                        "candidate": it["candidate"],
                        "weight": round(it["weight"], 1),
                    }
                    for it in found
                ],
            }
        )
    return shown


def _shown(row: Mapping[str, Any], name: str, born: str, sex: str, address: str) -> dict[str, Any]:
    return {
        "name": row[name],
        "born": row[born],
        "sex": {"LAKI_LAKI": "L", "PEREMPUAN": "P"}.get(row[sex], row[sex]),
        "nik": mask(row["nik"]) if row["nik"] else None,
        "no_kk": mask(row["no_kk"]) if row["no_kk"] else None,
        "address": row[address],
    }


def events(linked: Linked) -> list[Mapping[str, Any]]:
    """An event `daftar_lama` for each linked row, for the producer `legacy`; the same row always makes the same event.

    Its id depends on all that it says (agents.clients.events.event_id_of): a list that is loaded again, wholly or in
    part, changes nothing. A row that is linked to somebody else afterwards is another event.
    """
    rows = linked.rows.join(
        linked.links.filter(pl.col("outcome") == Outcome.LINKED).select("baris", person="nik"), on="baris"
    ).sort("baris")
    card = as_compared(rows).select(baris="unique_id", card="no_kk")
    return [_event(row) for row in rows.join(card, on="baris").iter_rows(named=True)]


def _event(row: Mapping[str, Any]) -> Mapping[str, Any]:
    programmes = dict.fromkeys(name.strip().upper() for name in (row["program"] or "").split(";") if name.strip())
    receivers = row["sumber"] in ("APBN", "APBD")
    until = row["sampai"].isoformat() if row["sampai"] else None
    day = row["per_tanggal"].isoformat()
    return {
        "effective_on": day,
        "recorded_at": day + NOON_WIB,
        "office": f"Daftar penerima {row['sumber']}" if receivers else f"Daftar {row['sumber']}",
        "content": {
            "sumber": SOURCE_OF_RECEIVERS if receivers else row["sumber"],
            "no_kk": row["card"],
            "kelurahan": row["kelurahan"],
            "skema_wilayah": "KEMENDAGRI",
            "alamat": row["alamat"] or "-",
            "anggota": [{"nik": row["person"]}],
            "perumahan": None,
            "penerimaan": [{"program": name, "anggaran": row["anggaran"], "sampai": until} for name in programmes],
        },
    }
