"""Holdings, answers and persons for tests of changes, books and manifests, and small rules for them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl
from hypothesis import strategies as st

from streams.changes import HOLDINGS
from streams.persons import STATUS
from streams.programmes.decide import VerdictType
from streams.rules import Condition, Programme, Ranking, Rules, ScoreModel, Text

QUARTER, BEFORE = "2025-Q2", "2025-Q1"
AS_OF = dt.date(2025, 6, 30)
CITIES = ("3171", "3172", "3173")
CAUSE, DEATH, DEPARTURE, CARD = (bytes([number]) * 18 for number in (1, 2, 3, 4))
AMOUNTS = {"SEMBAKO": 600_000, "KLJ": 900_000}


def _programme(name: str, payer: str, subject: str, conditions: Sequence[Condition], quota: int) -> Programme:
    return Programme(
        name=name,
        title=Text(name, name),
        payer=payer,
        budget="APBN",
        subject=subject,
        reference=f"Peraturan {name}",
        conditions=tuple(conditions),
        rupiah_per_quarter=AMOUNTS[name],
        components=(),
        max_components=0,
        quota=quota,
        levels=(),
        needs=(),
        due=True,
        objection=Text("Ajukan sanggah.", "Object."),
    )


def _condition(fact: str, operator: str, value: int | bool, reason: str, publish: str | None) -> Condition:
    return Condition(
        id=reason.lower(),
        fact=fact,
        operator=operator,
        value=value,
        passes_when_unknown=False,
        reason=reason,
        reference=f"Pasal {reason}",
        publish=publish,
    )


def rules() -> Rules:
    """Two programmes of two payers: SEMBAKO for families, KLJ for persons."""
    programmes = {
        "KLJ": _programme(
            "KLJ",
            "dinsos-dki",
            "person",
            [
                _condition("person.age_years", "ge", 60, "BELUM_LANSIA", "umur"),
                _condition("family.mobil", "eq", value=False, reason="PUNYA_MOBIL", publish="mobil"),
            ],
            50,
        ),
        "SEMBAKO": _programme(
            "SEMBAKO",
            "kemensos",
            "family",
            [
                _condition("family.status", "ne", 0, "BELUM_TERDATA", None),
                _condition("family.desil", "le", 5, "DESIL_DI_ATAS_BATAS", "desil"),
            ],
            100,
        ),
    }
    reasons = {
        "BELUM_LANSIA": Text("Umur Anda {nilai} tahun, mulai umur {batas}.", "You are {nilai}, it begins at {batas}."),
        "PUNYA_MOBIL": Text("Ada mobil.", "There is a car."),
        "BELUM_TERDATA": Text("Belum didata.", "Not surveyed."),
        "DESIL_DI_ATAS_BATAS": Text("Desil {nilai}, batas {batas}.", "Decile {nilai}, limit {batas}."),
        "KUOTA_HABIS": Text("Kuota habis.", "The quota is used up."),
        "DALAM_PERPINDAHAN": Text("Dalam perpindahan.", "In transit."),
    }
    return Rules(
        as_of=AS_OF,
        scope_province="31",
        adult_age_years=17,
        transit_limit_days=90,
        objection_days=30,
        objection_hold_quarters=1,
        pregnancy_days=280,
        postpartum_days=42,
        case_days={"SANGGAH": 30, "KELUHAN": 30, "USUL": 90, "REAKTIVASI": 90},
        max_family_size=30,
        payee_order=(),
        ranking=Ranking("own", ()),
        score=ScoreModel(0, 0, 0, 0, 0, {}, {}, {}, 0),
        programmes=programmes,
        waves=(("SEMBAKO",), ("KLJ",)),
        reasons=reasons,
        rules_hash="ab" * 32,
    )


def nik(number: int) -> str:
    """A synthetic NIK: kecamatan 99 does not exist."""
    return f"317199010180{number:04d}"


@dataclass(frozen=True)
class Person:
    """One person in one quarter: what it held (programme -> state, rupiah, city) and what is answered."""

    number: int
    status: str = "TERDAFTAR"
    city: str = "3171"
    held: Mapping[str, tuple[str, int, str]] | None = None
    verdicts: Mapping[str, tuple[str, int, str | None, int]] | None = None  # verdict, rupiah, reason, failed
    desil: int | None = 3
    age_years: int = 65
    answered: bool = True

    @property
    def is_listed(self) -> bool:
        return self.answered and self.status in ("TERDAFTAR", "TRANSIT")


def holdings(people: Sequence[Person]) -> pl.DataFrame:
    rows = [
        (nik(it.number), name, state, rupiah, city, card(it), BEFORE, BEFORE if state == "HELD" else None)
        for it in people
        for name, (state, rupiah, city) in (it.held or {}).items()
    ]
    return pl.DataFrame(rows, schema=HOLDINGS, orient="row").sort("nik", "programme")


def card(person: Person) -> str:
    """A card of one's own, so that each is a family."""
    return f"3171990101{person.number:06d}"


def answers(people: Sequence[Person]) -> pl.DataFrame:
    columns: dict[str, pl.DataType | type[pl.DataType]] = {
        "nik": pl.String,
        "no_kk": pl.String,
        "kab_kota": pl.String,
        "desil": pl.Int8,
        "age_years": pl.Int16,
    }
    parts: dict[str, pl.DataType | type[pl.DataType]] = {
        "verdict": VerdictType,
        "amount_rupiah": pl.Int64,
        "reason": pl.String,
        "failed": pl.UInt64,
        "unknown": pl.UInt64,
        "causes": pl.List(pl.Binary),
    }
    columns |= {f"{name}.{part}": dtype for name in AMOUNTS for part, dtype in parts.items()}
    rows = []
    for it in people:
        if it.is_listed:
            row: list[object] = [nik(it.number), card(it), it.city, it.desil, it.age_years]
            for name in AMOUNTS:
                verdict, rupiah, reason, failed = (it.verdicts or {}).get(name, ("INELIGIBLE", 0, "BELUM_TERDATA", 1))
                row += [verdict, rupiah, reason, failed, 0, [CAUSE]]
            rows.append(row)
    return pl.DataFrame(rows, schema=columns, orient="row").sort("nik")


def persons(people: Sequence[Person]) -> pl.DataFrame:
    rows = [(nik(it.number), it.status, card(it), DEATH, DEPARTURE, CARD, CAUSE) for it in people]
    events = dict.fromkeys(("vital.event", "residence.event", "listing.event", "nik_status.event"), pl.Binary)
    return pl.DataFrame(rows, schema={"nik": pl.String, "status": STATUS, "no_kk": pl.String, **events}, orient="row")


def _verdict(name: str) -> st.SearchStrategy[tuple[str, int, str | None, int]]:
    amount = st.sampled_from([AMOUNTS[name], AMOUNTS[name] + 150_000])
    return st.one_of(
        st.tuples(st.sampled_from(["SERVED", "KEPT"]), amount, st.just("MEMENUHI_SYARAT"), st.just(0)),
        st.tuples(st.just("HELD"), amount, st.just("DALAM_PERPINDAHAN"), st.just(0)),
        st.tuples(st.sampled_from(["ELIGIBLE"]), st.just(0), st.just("KUOTA_HABIS"), st.just(0)),
        st.tuples(st.sampled_from(["INELIGIBLE", "NOT_PAYEE"]), st.just(0), st.just("BELUM_TERDATA"), st.just(1)),
    )


_held = st.fixed_dictionaries(
    {},
    optional={
        name: st.tuples(st.sampled_from(["ACTIVE", "HELD"]), st.just(amount), st.sampled_from(CITIES))
        for name, amount in AMOUNTS.items()
    },
)


@st.composite
def people(draw: st.DrawFn, largest: int = 12) -> list[Person]:
    """Some people with any mix of holdings, statuses and verdicts; all answered who must be."""
    return [
        Person(
            number,
            status=draw(st.sampled_from(["TERDAFTAR", "TERDAFTAR", "TRANSIT", *STATUS.categories])),
            city=draw(st.sampled_from(CITIES)),
            held=draw(_held),
            verdicts={name: draw(_verdict(name)) for name in AMOUNTS},
            desil=draw(st.none() | st.integers(1, 10)),
        )
        for number in range(1, draw(st.integers(0, largest)) + 1)
    ]
