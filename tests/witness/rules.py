"""The dated rules as DuckDB tables: this reader knows the YAML files and nothing of the register's engine."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import yaml

import agents.simulator

if TYPE_CHECKING:
    import duckdb

DATA = Path(agents.simulator.__file__).parents[2] / "streams" / "rules" / "data"

CONDITIONS = {
    "programme": pl.String,
    "place": pl.Int64,
    "level": pl.String,
    "fact": pl.String,
    "operator": pl.String,
    "numbers": pl.List(pl.Int64),
    "codes": pl.List(pl.String),
    "passes_when_unknown": pl.Boolean,
    "reason": pl.String,
    "newcomers": pl.Boolean,
    "id": pl.String,
}
WAYS = {
    "programme": pl.String,
    "id": pl.String,
    "by_case": pl.Boolean,
    "quarters": pl.Int64,
    "instead_of": pl.List(pl.String),
}
PROGRAMMES = {
    "programme": pl.String,
    "payer": pl.String,
    "budget": pl.String,
    "of_family": pl.Boolean,
    "due": pl.Boolean,
    "quota": pl.Int64,
    "wave": pl.Int64,
    "fixed_rupiah": pl.Int64,
    "max_components": pl.Int64,
    "lowest_first": pl.Boolean,
    "waiting_reason": pl.String,
    "ended": pl.Boolean,
}
COMPONENTS = {
    "programme": pl.String,
    "place": pl.Int64,
    "component": pl.String,
    "min_age": pl.Int64,
    "max_age": pl.Int64,
    "rupiah": pl.Int64,
    "at_most": pl.Int64,
}
ASKS = {
    "programme": pl.String,
    "place": pl.Int64,
    "fact": pl.String,
    "operator": pl.String,
    "numbers": pl.List(pl.Int64),
    "codes": pl.List(pl.String),
    "passes_when_unknown": pl.Boolean,
}
LEVELS = {
    "programme": pl.String,
    "jenjang": pl.String,
    "classes": pl.List(pl.Int64),
    "rupiah": pl.Int64,
    "more_if_private": pl.Int64,
}
ACTS_BACK = {"programme": pl.String, "cause": pl.String, "place": pl.Int64, "occupations": pl.List(pl.String)}
CAUSES = ("MENINGGAL", "NONAKTIF", "PINDAH_KELUAR", "ASN")
POINTS = {"field": pl.String, "code": pl.Int64, "rupiah": pl.Int64, "at_most": pl.Int64}

Entry = dict[str, Any]


def load_rules(witness: duckdb.DuckDBPyConnection, scale: str, as_of: dt.date, folder: Path = DATA) -> int:
    """Make the tables of the rules in force on a day, and variables of the single values; the number of waves."""
    register = _read(folder / "register.yaml")
    score = _the_one(_read(folder / "score.yaml")["models"], as_of)
    quotas = _read(folder / "quotas" / f"{scale}.yaml")["quotas"]
    written = [_read(path) for path in sorted((folder / "programmes").glob("*.yaml"))]
    programmes = [_settled(each, as_of) for each in written if _holds(each, as_of)]
    # In the quarter after its last day nobody is eligible any more.
    ended = [_settled(each, each["until"]) | {"ended": True} for each in written if _just_ended(each, as_of)]
    programmes += [each | {"conditions": []} for each in ended]
    conditions = {each["name"]: each["conditions"] for each in programmes}
    waves = _waves(conditions)
    value = {name: _the_one(entries, as_of)["value"] for name, entries in register.items()}
    asked = [_condition(name, n, it) for name, all_ in conditions.items() for n, it in enumerate(all_)]
    tables: dict[str, tuple[list[tuple[Any, ...]], dict[str, Any]]] = {
        "programme": ([_programme(it, quotas, waves, scale, as_of) for it in programmes], PROGRAMMES),
        "condition": (asked, CONDITIONS),
        "reactivation_way": ([it for each in programmes for it in _ways(each, as_of)], WAYS),
        "component": ([it for each in programmes for it in _components(each)], COMPONENTS),
        "component_ask": ([it for each in programmes for it in _asks(each)], ASKS),
        "level_amount": ([it for each in programmes for it in _levels(each)], LEVELS),
        "points": (_points(score), POINTS),
        "acts_back": ([it for each in written for it in _acts_back(each, as_of)], ACTS_BACK),
        "payee_order": (list(enumerate(value["payee_order"])), {"place": pl.Int64, "kind": pl.String}),
        "given_cut_point": (
            [(d, it) for d, it in enumerate(value["given_cut_points"], 1)],
            {"desil": pl.Int64, "score": pl.Int64},
        ),
    }
    for name, (rows, schema) in tables.items():
        witness.register("given", pl.DataFrame(rows, schema=schema, orient="row").to_arrow())
        witness.execute(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM given")
        witness.unregister("given")
    single = {name: it for name, it in value.items() if not isinstance(it, list | dict)}
    single |= {name: it for name, it in score.items() if isinstance(it, int) and not isinstance(it, bool)}
    for name, it in single.items():
        witness.execute(f"SET VARIABLE {name} = {it!r}")
    return max(waves.values())


def _acts_back(programme: Entry, as_of: dt.date) -> list[tuple[Any, ...]]:
    """What acts on sealed lists of a programme, also of one that has ended."""
    return [
        (programme["name"], it["id"], CAUSES.index(it["id"]), it.get("occupations", []))
        for it in programme.get("retroactive", [])
        if _holds(it, as_of)
    ]


def _read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return document


def _holds(entry: Entry, as_of: dt.date) -> bool:
    """From its first day to its last, both included."""
    return bool(entry["from"] <= as_of <= entry.get("until", dt.date.max))


def _just_ended(entry: Entry, as_of: dt.date) -> bool:
    if "until" not in entry or entry["until"] >= as_of:
        return False
    quarter = [4 * each.year + (each.month - 1) // 3 for each in (entry["until"] + dt.timedelta(days=1), as_of)]
    return quarter[0] == quarter[1]


def _settled(programme: Entry, as_of: dt.date) -> Entry:
    """Only what holds on the day, also by the switches that entries wait for."""
    chosen = {it["id"]: _the_one(it["chosen"], as_of)["choice"] for it in programme.get("switches", [])}

    def holding(entries: list[Entry]) -> list[Entry]:
        return [
            it
            for it in entries
            if _holds(it, as_of) and all(chosen[name] == choice for name, choice in it.get("when", {}).items())
        ]

    amount = {name: holding(entries) for name, entries in programme["amount"].items()}
    return programme | {"conditions": holding(programme["conditions"]), "amount": amount}


def _the_one(entries: list[Entry], as_of: dt.date) -> Entry:
    (entry,) = [it for it in entries if _holds(it, as_of)]
    return entry


def _waves(conditions: dict[str, list[Entry]]) -> dict[str, int]:
    """Programme -> its wave from 1: one more than the latest of the programmes whose served families it asks about."""
    asks = {
        name: {it["fact"].partition(".")[2] for it in all_ if it["fact"].startswith(("served.", "receives."))}
        for name, all_ in conditions.items()
    }

    def wave(name: str) -> int:
        return 1 + max((wave(other) for other in asks[name]), default=0)

    return {name: wave(name) for name in asks}


def _programme(
    it: Entry, quotas: dict[str, list[Entry]], waves: dict[str, int], scale: str, as_of: dt.date
) -> tuple[Any, ...]:
    amount, quarter, ended = it["amount"], (as_of.month + 2) // 3, it.get("ended", False)
    fixed = amount["rupiah_per_quarter"][0]["value"] if "rupiah_per_quarter" in amount else None
    most = amount["max_components"][0]["value"] if "max_components" in amount else None
    lowest = "paid_first" in amount and amount["paid_first"][0]["value"] == "lowest"
    due = ended or quarter in it.get("due_quarters", [1, 2, 3, 4])
    own = it["quotas"][scale] if "quotas" in it else quotas[it["name"]]
    return (
        *(it["name"], it["payer"], it["budget"], it["subject"] == "family", due),
        *(0 if ended else _the_one(own, as_of)["value"], waves[it["name"]], fixed, most, lowest),
        *(it.get("waiting_reason", "KUOTA_HABIS"), ended),
    )


def _condition(programme: str, place: int, it: Entry) -> tuple[Any, ...]:
    level = it["fact"].partition(".")[0]
    newcomers = it.get("applies_to") == "newcomers"
    return programme, place, level, *_asked(it), it["reason"], newcomers, it["id"]


def _ways(it: Entry, as_of: dt.date) -> list[tuple[Any, ...]]:
    """How what was ended goes on; all ways ask for the mark of an illness."""
    ways = [each for each in it.get("reactivation", []) if _holds(each, as_of) and not it.get("ended")]
    assert all(each["asks"]["fact"] == "person.katastropik" for each in ways)
    return [(it["name"], e["id"], e["by"] == "case", e["quarters"], e["instead_of"]) for e in ways]


def _asked(it: Entry) -> tuple[Any, ...]:
    """Fact, operator, values as numbers and as codes, and whether not knowing is enough."""
    values = it["value"] if isinstance(it["value"], list) else [it["value"]]
    numbers = [each for each in values if isinstance(each, int) and not isinstance(each, bool)]
    codes = [str(each).lower() if isinstance(each, bool) else each for each in values if each not in numbers]
    if all(isinstance(each, bool) for each in values):
        codes = [str(each).lower() for each in values]
    return it["fact"], it["operator"], numbers, codes, it["when_unknown"] == "pass"


def _components(it: Entry) -> list[tuple[Any, ...]]:
    return [
        (
            *(it["name"], place, c["id"], c.get("min_age_years", 0), c.get("max_age_years")),
            *(c["rupiah_per_quarter"], c.get("limit")),
        )
        for place, c in enumerate(it["amount"].get("components", []))
    ]


def _asks(it: Entry) -> list[tuple[Any, ...]]:
    return [
        (it["name"], place, *_asked(ask))
        for place, c in enumerate(it["amount"].get("components", []))
        for ask in c.get("asks", [])
    ]


def _levels(it: Entry) -> list[tuple[Any, ...]]:
    return [
        (
            *(it["name"], e["school_level"], e.get("classes"), e["rupiah_per_quarter"]),
            e.get("private_rupiah_per_quarter", 0),
        )
        for e in it["amount"].get("levels", [])
    ]


def _points(score: Entry) -> list[tuple[Any, ...]]:
    """Points of a code of the house (code not null), or for each thing or animal owned up to a limit."""
    house = [(f"perumahan_{f}", code, p, None) for f, table in score["housing"].items() for code, p in table.items()]
    things = [(f"aset_{field}", None, rupiah, 1) for field, rupiah in score["assets"].items()]
    animals = [(f"aset_{f}", None, rupiah, score["livestock_limit"]) for f, rupiah in score["livestock"].items()]
    return house + things + animals
