"""Corrections of corrections, cancellations of cancellations, and members put on others' cards: more than life writes.

Each chain begins at an event of the simulation. Its links name any earlier one of it, are of any producer that may
send the type, drop people now and then, and say what another event of the type says.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from agents.simulator.log import Events, together
from agents.simulator.quarters import DAY_MS, Quarter, quarter_indices
from agents.simulator.randomness import uuids_v7

if TYPE_CHECKING:
    from agents.simulator import Simulation

Row = dict[str, Any]

PRODUCERS = {
    "mati": ("dukcapil-dki", "dukcapil-pusat"),
    "status_nik": ("dukcapil-dki", "dukcapil-pusat"),
    "kartu_keluarga": ("dukcapil-dki", "dukcapil-pusat"),
    "groundcheck": ("bps", "kemensos", "dinsos-dki"),
    "daftar_lama": ("bps", "kemensos", "legacy"),
}
# What a correction takes from another event of its type.
BORROWED = {
    "mati": (),
    "status_nik": ("content.aktif",),
    "kartu_keluarga": ("content.no_kk", "content.kelurahan", "content.alamat"),
    "groundcheck": ("content.perumahan", "content.aset", "content.hasil_kontak", "content.no_kk", "content.alamat"),
    "daftar_lama": ("content.perumahan", "content.no_kk", "content.alamat"),
}
PEOPLE = "content.anggota"
HEAD, WIFE, OTHER_RELATIVE = 1, 3, 9  # SHDK codes of the family card
PAIRS = 5
CHAINS, LINKS = 60, 4  # chains of each type, and links of a chain at most


def with_chains(simulation: Simulation, seed: int) -> Simulation:
    """The same simulation with chains of corrections after some of its events."""
    written = {
        name: together([events, _chains(name, events, simulation, seed)]) if name in PRODUCERS else events
        for name, events in simulation.written.items()
    }
    return replace(simulation, written=written, _wire={})


def _chains(contract: str, events: Events, simulation: Simulation, seed: int) -> Events:
    random = np.random.default_rng([seed, len(contract)])
    frame = events.frame.filter((pl.col("sim.plant") == "GOOD") & (pl.col("kind") == "STATE"))
    roots = frame.sample(min(CHAINS, frame.height), seed=seed).sort("row").to_dicts()
    people = {path: child.sort("row", maintain_order=True) for path, child in events.children.items()}
    rows: list[Row] = []
    items: dict[str, list[Row]] = {path: [] for path in people}
    for root in roots:
        chain = [root]
        named = {path: child.filter(pl.col("row") == root["row"]).to_dicts() for path, child in people.items()}
        niks = [item["nik"] for item in named.get(PEOPLE, [])] or [root["content.nik"]]
        for _ in range(random.integers(1, LINKS + 1)):
            other = frame.row(int(random.integers(frame.height)), named=True)
            link = _link(contract, chain, other, random)
            chain.append(link)
            link["row"] = len(rows)
            rows.append(link)
            items["corrects.nik"] += [{"row": link["row"], "nik": nik} for nik in niks]
            if link["content"]:
                for path, own in named.items():
                    kept = [it for n, it in enumerate(own) if path != PEOPLE or _stays(n, it, random)]
                    items[path] += [{**it, "row": link["row"]} for it in kept]
    first = Quarter.parse(simulation.quarters[0]).index
    made = pl.DataFrame(rows, schema=events.frame.schema).with_columns(
        pl.Series("sim.arrival", np.maximum(quarter_indices(np.array([it["sim.order"] for it in rows])), first))
    )
    children = {path: pl.DataFrame(items[path], schema=child.schema) for path, child in people.items()}
    return Events(made, children)


def _stays(place: int, member: Row, random: np.random.Generator) -> bool:
    """One in five is dropped; never all, and never the head, without whom a card would be refused."""
    head = member["hubungan"] == 1 if "hubungan" in member else place == 0
    return head or bool(random.random() < 0.8)


def _link(contract: str, chain: list[Row], other: Row, random: np.random.Generator) -> Row:
    """One more event that corrects or cancels one of a chain."""
    root, target = chain[0], chain[int(random.integers(len(chain)))]
    recorded = int(root["recorded_at"].timestamp() * 1000) + int(random.integers(1, 200 * DAY_MS))
    moment = pl.Series([recorded]).cast(pl.Datetime("ms", "UTC"))[0]
    link = {
        **root,
        "event_id": bytes(uuids_v7(np.array([recorded]), random)[0]),
        "recorded_at": moment,
        "producer": PRODUCERS[contract][int(random.integers(len(PRODUCERS[contract])))],
        "kind": "CORRECT" if random.random() < 0.6 else "CANCEL",
        "corrects": True,
        "corrects.producer": target["producer"],
        "corrects.event_id": target["event_id"],
        "sim.order": recorded,
    }
    link["content"] = link["kind"] == "CORRECT"
    if not link["content"]:
        return {name: None if name.startswith("content.") else it for name, it in link.items()}
    if contract == "kartu_keluarga":
        link["content.no_kk_lama"] = None  # a card that replaces itself would be refused
    if random.random() < 0.7:
        taken = BORROWED[contract]
        link |= {
            name: it for name, it in other.items() if name in taken or name.startswith(tuple(f"{t}." for t in taken))
        }
    return link


def with_two_payees(simulation: Simulation, holders: list[str], day: dt.date) -> Simulation:
    """The same simulation, where on one day heads who receive join cards on which a wife receives too.

    `holders` hold one family programme. The head has the smaller NIK of each pair.
    """
    events = simulation.written["kartu_keluarga"]
    good = events.frame.filter((pl.col("sim.plant") == "GOOD") & pl.col("content"))
    last = good.join(events.children[PEOPLE], on="row").sort("recorded_at").unique("nik", keep="last")
    mine = last.filter(pl.col("nik").is_in(holders)).sort("nik")
    wives = mine.filter(pl.col("hubungan") == WIFE)
    heads = mine.filter((pl.col("hubungan") == HEAD) & (pl.col("nik") < wives["nik"].max()))
    rows: list[Row] = []
    items: list[Row] = []
    for head, wife in zip(heads.to_dicts(), reversed(wives.to_dicts()), strict=False):
        if head["nik"] >= wife["nik"] or head["content.no_kk"] == wife["content.no_kk"] or len(rows) == PAIRS:
            break
        recorded = int(dt.datetime.combine(day, dt.time(3), dt.UTC).timestamp() * 1000) + len(rows)
        card = good.row(by_predicate=pl.col("row") == wife["row"], named=True)
        rows.append(
            {
                **card,
                "row": len(rows),
                "event_id": bytes(uuids_v7(np.array([recorded]), np.random.default_rng(recorded))[0]),
                "effective_on": day,
                "recorded_at": pl.Series([recorded]).cast(pl.Datetime("ms", "UTC"))[0],
                "kind": "STATE",
                "corrects": False,
                "corrects.producer": None,
                "corrects.event_id": None,
                "content.no_kk_lama": None,
                "content.alasan": "GABUNG",
                "sim.order": recorded,
                "sim.arrival": int(quarter_indices(np.array([recorded]))[0]),
            }
        )
        there = events.children[PEOPLE].filter((pl.col("row") == wife["row"]) & (pl.col("nik") != head["nik"]))
        joined = {"nik": head["nik"], "hubungan": OTHER_RELATIVE, "status_kawin": head["status_kawin"]}
        items += [{**it, "row": rows[-1]["row"]} for it in [*there.to_dicts(), joined]]
    children = {path: child.clear() for path, child in events.children.items()}
    children[PEOPLE] = pl.DataFrame(items, schema=events.children[PEOPLE].schema)
    planted = Events(pl.DataFrame(rows, schema=events.frame.schema), children)
    return replace(simulation, written={**simulation.written, "kartu_keluarga": together([events, planted])}, _wire={})
