"""Small villages for tests: people with cards, homes and holdings, one readable line each."""

from __future__ import annotations

import copy
import datetime as dt
import functools
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
from hypothesis import strategies as st

import streams.rules
from streams.changes.frames import HOLDINGS
from streams.members import MEMBERS
from streams.rules import Bundle, Rules, load, parse

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

DATA = Path(streams.rules.__file__).parent / "data"
AS_OF = dt.date(2025, 3, 31)
SEEN = dt.date(2025, 1, 15)
TEBET, MENTENG, BOGOR = "3174011001", "3171061001", "3271011001"
# a home that scores low, and one that scores high
POOR = {"lantai": 8, "dinding": 6, "penerangan": 4, "fasilitas_bab": 6, "luas_lantai": 12}
RICH = {"lantai": 1, "dinding": 1, "penerangan": 1, "daya": 5, "fasilitas_bab": 1, "luas_lantai": 200}


@functools.cache
def _parsed() -> dict[str, Any]:
    return {
        str(path.relative_to(DATA)): parse(path.read_text(encoding="utf-8")) for path in sorted(DATA.rglob("*.yaml"))
    }


def documents() -> dict[str, Any]:
    """The rules of this release; a test may spoil its own copy."""
    return copy.deepcopy(_parsed())


# Three programmes that show everything: two waves, families and persons. Others are asked for by name.
CORE = ("KLJ", "PKH", "SEMBAKO")


def only(documents_: dict[str, Any], programmes: Collection[str]) -> dict[str, Any]:
    """The documents without those of other programmes."""
    kept = {
        name: document
        for name, document in documents_.items()
        if not name.startswith("programmes/") or document["name"] in programmes
    }
    for name, document in kept.items():
        if name.startswith("quotas/"):
            document["quotas"] = {it: value for it, value in document["quotas"].items() if it in programmes}
    return kept


def bundle(quotas: dict[str, int] | None = None, *, programmes: Collection[str] = CORE, **register: Any) -> Bundle:
    """The bundle at scale S, with other quotas or register values where given."""
    changed = only(documents(), programmes)
    for name, value in (quotas or {}).items():
        changed["quotas/S.yaml"]["quotas"][name][0]["value"] = value
    for name, value in register.items():
        changed["register.yaml"][name][0]["value"] = value
    return load(changed, scale="S")


def rules(
    quotas: dict[str, int] | None = None, *, programmes: Collection[str] = CORE, as_of: dt.date = AS_OF, **register: Any
) -> Rules:
    return bundle(quotas, programmes=programmes, **register).at(as_of)


def nik(number: int) -> str:
    """A synthetic NIK: kecamatan 91 does not exist."""
    return f"317191010190{number:04d}"


def card(number: int) -> str:
    return f"317192010125{number:04d}"


def event(number: int) -> bytes:
    """Producer 1 and an event id of 16 bytes, in the order of its number."""
    return b"\x00\x01" + number.to_bytes(16, "big")


@dataclass(frozen=True)
class Person:
    """One row of the persons frame. Numbers stand for NIK and card."""

    number: int
    kk: int = 1
    born: dt.date | None = dt.date(1980, 5, 5)
    relation: int = 1
    status: str = "TERDAFTAR"
    occupation: str | None = "SWASTA"
    kelurahan: str = TEBET
    address: str = "Jalan Melati 1"
    departed_on: dt.date | None = None
    home: dict[str, int] | None = None
    home_kk: int | None = None  # the card shown; by default the present one
    home_address: str | None = None  # by default the present one
    seen_on: dt.date = SEEN
    seen_as: int = 900  # number of the event that saw the home
    owns: dict[str, Any] | None = None
    contact: str | None = None
    contact_kelurahan: str | None = None
    more: dict[str, Any] = field(default_factory=dict)

    def row(self) -> dict[str, Any]:
        own = 1000 + 10 * self.number
        row: dict[str, Any] = dict.fromkeys(MEMBERS) | {
            "nik": nik(self.number),
            "no_kk": card(self.kk),
            "birth_date": self.born,
            "relation": self.relation,
            "status": self.status,
            "alive": self.status != "MENINGGAL",
            "occupation": self.occupation,
            "kelurahan": self.kelurahan,
            "address": self.address,
            "kab_kota": self.kelurahan[:4],
            "departed_on": self.departed_on,
            "birth.event": event(own),
            "vital.event": event(own + 1),
            "listing.event": event(own + 2),
            "residence.event": event(own + 3),
            "work.event": event(own + 4) if self.occupation else None,
            **dict.fromkeys(("household", "assets", "field"), False),
        }
        if self.home is not None:
            row |= {f"household.{name}": value for name, value in self.home.items()}
            row |= {
                "household": True,
                "household.no_kk": card(self.kk if self.home_kk is None else self.home_kk),
                "household.kelurahan": self.kelurahan,
                "household.alamat": self.home_address or self.address,
                "household.observed_on": self.seen_on,
                "household.recorded_at": dt.datetime.combine(self.seen_on, dt.time(12), dt.UTC),
                "household.event": event(self.seen_as),
            }
        if self.owns is not None:
            row |= {f"assets.{name}": value for name, value in self.owns.items()}
            row |= {"assets": True, "assets.observed_on": self.seen_on, "assets.event": event(self.seen_as)}
        if self.contact is not None:
            row |= {
                "field": True,
                "field.hasil_kontak": self.contact,
                "field.kelurahan": self.contact_kelurahan or self.kelurahan,
                "field.observed_on": self.seen_on,
                "field.event": event(self.seen_as),
            }
        return row | self.more


def members(people: Iterable[Person]) -> pl.DataFrame:
    return pl.DataFrame([person.row() for person in people], schema=MEMBERS)


def holdings(*lines: tuple[int, str] | tuple[int, str, int]) -> pl.DataFrame:
    """Holdings from (person, programme) or (person, programme, rupiah)."""
    rows = [
        {
            "nik": nik(number),
            "programme": programme,
            "state": "ACTIVE",
            "amount_rupiah": rest[0] if rest else 600_000,
            "kab_kota": "3174",
            "no_kk": card(1),
            "since": "2024-Q4",
            "held_since": None,
        }
        for number, programme, *rest in lines
    ]
    return pl.DataFrame(rows, schema=dict(HOLDINGS))


BIRTHS = st.dates(dt.date(1935, 1, 1), dt.date(2025, 3, 31))
STATUSES = st.sampled_from(["TERDAFTAR"] * 8 + ["TRANSIT", "MENINGGAL", "LUAR"])
OCCUPATIONS = st.sampled_from([None, "SWASTA", "BEBAS", "TIDAK_BEKERJA", "ASN", "PENSIUNAN"])
HOMES = st.none() | st.builds(
    lambda floor, roof, m2: {"lantai": floor, "atap": roof, "luas_lantai": m2},
    st.integers(1, 9),
    st.integers(1, 8),
    st.integers(5, 90),
)


@st.composite
def villages(draw: st.DrawFn, cards: int = 12) -> tuple[list[Person], list[tuple[int, str]]]:
    """People on up to `cards` cards, homes seen by one event per card, and who holds what."""
    people: list[Person] = []
    for kk in range(1, draw(st.integers(1, cards)) + 1):
        home = draw(HOMES)
        owns = None if home is None else {"mobil": draw(st.booleans()), "sepeda_motor": draw(st.booleans())}
        for place in range(draw(st.integers(1, 4))):
            status = draw(STATUSES)
            person = Person(
                number=len(people) + 1,
                kk=kk,
                born=draw(BIRTHS),
                relation=(1, 3, 4, 4)[place],
                status=status,
                occupation=draw(OCCUPATIONS),
                kelurahan=draw(st.sampled_from([TEBET, MENTENG])),
                departed_on=draw(st.dates(dt.date(2024, 10, 1), AS_OF)) if status == "TRANSIT" else None,
                seen_as=900 + kk,
            )
            seen = draw(st.sampled_from(["here", "elsewhere", "never"])) if place else "here"
            if seen == "here":
                person = replace(person, home=home, owns=owns)
            elif seen == "elsewhere":  # later, where somebody came from
                person = replace(
                    person,
                    home={"lantai": draw(st.integers(1, 9)), "luas_lantai": 30},
                    owns={"mobil": draw(st.booleans())},
                    home_kk=400,
                    home_address="Jalan Lama 3",
                    seen_on=SEEN + dt.timedelta(days=30),
                    seen_as=700 + len(people),
                )
            people.append(person)
    held = [
        (person.number, programme)
        for person in people
        for programme in ("PKH", "SEMBAKO", "KLJ")
        if draw(st.integers(0, 4)) == 0
    ]
    return people, held
