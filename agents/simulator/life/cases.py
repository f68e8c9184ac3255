"""Objections, complaints, proposals and reactivations by the channels that exist, and what offices decide of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from agents.simulator.life.enrichment import MINISTRY, SOCIAL, constant, write_told
from agents.simulator.randomness import Days, Ints, Random, Texts, count_of, pick, some_of
from agents.simulator.rates import LEAST_PER_QUARTER
from agents.simulator.world import HEAD, OPEN_CASES

if TYPE_CHECKING:
    from agents.simulator.log import Turn

# By kind: the event type is its name in small letters; who sends it; channels and how often each is taken.
CHANNELS: dict[str, tuple[tuple[str, ...], tuple[float, ...]]] = {
    "SANGGAH": (("CEK_BANSOS", "SIKS_NG", "COMMAND_CENTER_171", "DINSOS", "KELURAHAN"), (60, 15, 10, 10, 5)),
    "KELUHAN": (("LAPOR_MAS_WAPRES", "SP4N_LAPOR", "JAKI", "COMMAND_CENTER_171", "DINSOS"), (40, 15, 25, 10, 10)),
    "USUL": (("CEK_BANSOS", "SIKS_NG", "KELURAHAN"), (70, 20, 10)),
    "REAKTIVASI": (("SIKS_NG", "DINSOS", "LAPOR_MAS_WAPRES"), (70, 20, 10)),
}
# By which other channel the same comes again: Lapor Mas Wapres feeds SP4N-LAPOR.
AGAIN = {"SANGGAH": "JAKI", "KELUHAN": "SP4N_LAPOR"}
SENDERS = {"SANGGAH": MINISTRY, "KELUHAN": SOCIAL, "USUL": MINISTRY, "REAKTIVASI": SOCIAL}
PROGRAMMES = {
    "SANGGAH": ("SEMBAKO", "PKH"),
    "KELUHAN": ("KLJ", "KJP_PLUS"),
    "USUL": ("PKH", "SEMBAKO"),
    "REAKTIVASI": ("PBI_JK", "PBI_JK"),
}
OFFICES = {MINISTRY: "Pusdatin Kesos", SOCIAL: "Suku Dinas Sosial"}
SAID = {
    "DITERIMA": "Bukti sesuai dengan keadaan di lapangan.",
    "DITOLAK": "Keadaan di lapangan sesuai dengan data.",
    "DITARIK": "Ditarik oleh pelapor.",
}
LATE_QUARTERS = 2  # an objection about a list so long ago comes after its time
LEAST_PROPOSALS = 4  # some of them come late
POORER = 0.3  # share of families, the poorest, of which somebody is proposed


def cases(turn: Turn) -> None:
    """What comes in this quarter, and what is decided of what came before; some of it again, late, or for nothing."""
    random, world = turn.random("claims"), turn.world
    decided = _decisions(turn, turn.random("decided claims"))
    heads = world.here() & (world.people.relation == HEAD)
    better = heads & np.isin(world.people.family, world.risen)
    candidates = np.flatnonzero(better) if better.any() else np.flatnonzero(heads)
    objecting = max(LEAST_PER_QUARTER, round(turn.rates.objecting * int(better.sum())))
    persons = int(world.here().sum())
    complaints = turn.rates.per_quarter(turn.rates.complaints_per_1000, persons)
    most = turn.rates.per_quarter(turn.rates.proposals_most_per_1000, persons)
    proposals = min(turn.rates.proposals_per_objection * objecting, most)
    welfare = world.families.welfare[world.people.family]
    poor = np.flatnonzero(heads & (welfare <= np.quantile(welfare[heads], POORER)))
    ill = np.flatnonzero(world.here() & world.ill)
    asking = turn.rates.per_quarter(turn.rates.reactivations_per_1000, persons)
    came = [
        _came(turn, random, "SANGGAH", some_of(candidates, objecting, random)),
        _came(turn, random, "KELUHAN", some_of(np.flatnonzero(heads), count_of(complaints, random, least=1), random)),
        _came(turn, random, "USUL", some_of(poor, max(LEAST_PROPOSALS, round(proposals)), random)),
        _came(turn, random, "REAKTIVASI", some_of(ill, count_of(asking, random, least=1), random)),
    ]
    late = some_of(np.flatnonzero(heads), LEAST_PER_QUARTER, random)
    too_late = _came(turn, random, "SANGGAH", late, str(turn.quarter.plus(-LATE_QUARTERS)))
    refused = too_late.with_columns(status=pl.lit("DITOLAK"), frivolous=pl.lit(value=False))
    _write(turn, random, refused, np.full(refused.height, turn.quarter.last_day))
    _again(turn, random, pl.concat(came))
    _once_more(turn, random, decided)
    world.open_cases = pl.concat([world.open_cases, *came])


def _came(turn: Turn, random: Random, kind: str, rows: Ints, quarter: str | None = None) -> pl.DataFrame:
    """Cases of a kind that some people bring at the end of the quarter, by the channels of the kind: OPEN_CASES."""
    programmes = np.array(PROGRAMMES[kind])[(constant(turn, kind) < 0.4).astype(np.int64)[rows]]
    found = pl.DataFrame(
        {
            "person": rows,
            "kind": np.full(len(rows), kind),
            "programme": programmes,
            "quarter": np.full(len(rows), quarter or str(turn.quarter)),
        },
        schema=OPEN_CASES,
    )
    channels = pick(CHANNELS[kind][0], random, len(rows), CHANNELS[kind][1])
    _send(turn, random, found, channels, turn.quarter.last_day - random.integers(1, 3, len(rows)))
    return found


def _again(turn: Turn, random: Random, came: pl.DataFrame) -> None:
    """The same case by another channel, a day later."""
    for kind, channel in AGAIN.items():
        mine = came.filter(pl.col("kind") == kind)
        count = max(LEAST_PER_QUARTER, round(turn.rates.cases_again * mine.height))
        chosen = mine[some_of(np.arange(mine.height), count, random)]
        days = np.full(chosen.height, turn.quarter.last_day)
        _send(turn, random, chosen, np.full(chosen.height, channel), days)


def _once_more(turn: Turn, random: Random, decided: pl.DataFrame) -> None:
    """Somebody who was told no says the same again."""
    refused = decided.filter((pl.col("kind") == "SANGGAH") & (pl.col("status") == "DITOLAK"))
    chosen = refused[some_of(np.arange(refused.height), LEAST_PER_QUARTER, random)]
    days = np.full(chosen.height, turn.quarter.last_day)
    _send(turn, random, chosen.select(list(OPEN_CASES)), np.full(chosen.height, "LAPOR_MAS_WAPRES"), days)


def _send(turn: Turn, random: Random, found: pl.DataFrame, channels: Texts, days: Days) -> None:
    """The events of some cases of one kind."""
    if found.is_empty():
        return
    kind = str(found.item(0, "kind"))
    rows = found.get_column("person").to_numpy()
    reasons = {"SANGGAH": "DATA_SALAH", "KELUHAN": "BANTUAN_BELUM_CAIR", "USUL": "RUMAH_TIDAK_LAYAK"}
    content: dict[str, Any] = {
        "nik": turn.world.people.nik[rows],
        "program": found.get_column("programme"),
        "saluran": channels,
        "triwulan": found.get_column("quarter"),
        "alasan": np.full(len(rows), reasons.get(kind, "KATASTROPIK")),
    }
    if kind in ("SANGGAH", "KELUHAN"):
        content["status"] = np.full(len(rows), "TERBUKA")
    numbers = random.integers(1, 1_000_000, len(rows)).astype(str)
    whatsapp = (channels == "LAPOR_MAS_WAPRES") & (random.random(len(rows)) < turn.rates.lapor_by_whatsapp)
    prefix = np.where(
        channels == "LAPOR_MAS_WAPRES", np.where(whatsapp, "lapor-whatsapp-", "lapor-loket-"), "foto-rumah-"
    )
    evidence = pl.DataFrame({"row": np.arange(len(rows)), "bukti": np.strings.add(prefix, numbers)})
    write_told(
        turn,
        random,
        kind.lower(),
        SENDERS[kind],
        rows,
        pl.DataFrame(content),
        days,
        children={"bukti": evidence},
    )


def _decisions(turn: Turn, random: Random) -> pl.DataFrame:
    """Offices decide most of what is open: OPEN_CASES and status of what is decided now."""
    waiting = turn.world.open_cases
    chance = pl.Series(random.random(waiting.height) < turn.rates.cases_decided)
    turn.world.open_cases = waiting.filter(~chance)
    found: pl.DataFrame = waiting.filter(chance)
    status = pick(tuple(SAID), random, found.height, (turn.rates.cases_right, 0.9 - turn.rates.cases_right, 0.1))
    frivolous = (status == "DITOLAK") & (random.random(found.height) < turn.rates.cases_frivolous)
    found = found.with_columns(pl.Series("status", status, pl.String), pl.Series("frivolous", frivolous, pl.Boolean))
    _write(turn, random, found, turn.quarter.some_days(random, found.height))
    return found


def _write(turn: Turn, random: Random, found: pl.DataFrame, days: Days) -> None:
    """The events of some decisions: OPEN_CASES, status and frivolous."""
    for producer in (MINISTRY, SOCIAL):
        kinds = [kind for kind, sender in SENDERS.items() if sender == producer]
        theirs = found.get_column("kind").is_in(kinds)
        mine = found.filter(theirs)
        rows = mine.get_column("person").to_numpy()
        content = mine.select(
            pl.Series("nik", turn.world.people.nik[rows], pl.String),
            pl.col("programme").alias("program"),
            pl.col("kind").alias("perkara"),
            pl.col("quarter").alias("triwulan"),
            pl.lit(None, pl.String).alias("kasus"),
            "status",
            pl.col("frivolous").alias("tidak_berdasar"),
            pl.col("status").replace_strict(SAID, return_dtype=pl.String).alias("alasan"),
        )
        on = days[theirs.to_numpy()]
        write_told(turn, random, "putusan_kasus", producer, rows, content, on, office=OFFICES[producer])
