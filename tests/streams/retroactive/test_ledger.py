"""Aims at invariant 21: learned in whatever order, lines and adjustments sum to what today's facts make due.

A small model in plain Python, person by person, says what is due; the ledger must come to it after every seal.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from streams.changes.lines import encode_changes, read_lines
from streams.quarters import Quarter
from streams.retroactive import (
    ADJUSTMENT,
    adjusted_totals,
    adjustment_sentences,
    adjustments,
    ledger,
    listed,
    no_adjustments,
    past_quarters,
    stops,
    targets,
)
from tests.streams.retroactive.told import (
    AMOUNTS,
    ANI,
    cancelled,
    days,
    death,
    lives,
    nik_status,
    rules,
    works,
)
from tests.streams.strategies import FEW, Fact, facts_frame, nik

FIRST = Quarter.parse("2025-Q1")
PEOPLE = 3
LINES = pl.Schema(
    {"quarter": pl.String, "nik": pl.String, "programme": pl.String, "kab_kota": pl.String, "amount_rupiah": pl.Int64}
)


class Sealing:
    """A register that only knows the ledger: seals quarter after quarter, and keeps what it published."""

    def __init__(self, window: int = 8) -> None:
        self.rules = rules(window)
        self.lines = pl.DataFrame(schema=LINES)
        self.published = no_adjustments()
        self.sealed: list[str] = []

    def seal(self, quarter: str, lines: Sequence[tuple[str, str, int | None]], facts: list[Fact]) -> pl.DataFrame:
        """One quarter: its lines (nik, programme, rupiah or None), and its adjustments by all facts so far."""
        past = past_quarters(quarter, self.sealed, self.rules)
        paid = listed(self.lines, past)
        not_due = targets(paid, stops(facts_frame(facts), past, self.rules), self.rules)
        made = adjustments(self.published, not_due, quarter=quarter, quarters=past, rules=self.rules)
        rows = [(quarter, person, programme, "3171", rupiah) for person, programme, rupiah in lines]
        self.lines = pl.concat([self.lines, pl.DataFrame(rows, schema=LINES, orient="row")])
        self.published = pl.concat([self.published, made])
        self.sealed.append(quarter)
        return made

    def paid(self, person: str, programme: str, quarter: str) -> int:
        """What was published of one quarter, with all adjustments."""
        of_list = listed(self.lines, [quarter]).filter(nik=person, programme=programme)["amount_rupiah"].sum()
        later = self.published.filter(nik=person, programme=programme, concerns=quarter)["amount_rupiah"].sum()
        return int(of_list) + int(later)


def one_list() -> Sealing:
    sealing = Sealing()
    sealing.seal("2025-Q1", [(ANI, "SEMBAKO", 600_000)], [])
    sealing.seal("2025-Q2", [], [])
    sealing.seal("2025-Q3", [], [])
    return sealing


def told(made: pl.DataFrame) -> list[tuple[str, str, int]]:
    return made.select("concerns", "reason", "amount_rupiah").rows()


def test_a_late_death_is_taken_back_cancelled_and_dated_anew() -> None:
    sealing = one_list()
    late = death(1, "2025-02-10", hour=6600)
    ended = [(ANI, "SEMBAKO", None)]
    made = sealing.seal("2025-Q4", ended, [late])
    assert told(made) == [(it, "SURUT_MENINGGAL", -600_000) for it in ("2025-Q1", "2025-Q2", "2025-Q3")]
    gone = cancelled(2, 1, "vital", hour=8800)
    restored = sealing.seal("2026-Q1", [(ANI, "SEMBAKO", 600_000)], [late, gone])
    assert told(restored) == [(it, "PULIH_MENINGGAL", 600_000) for it in ("2025-Q1", "2025-Q2", "2025-Q3")]
    assert restored["causes"].to_list() == made["causes"].to_list(), "it names the event whose effect it takes back"
    anew = death(3, "2025-05-01", hour=10_900)
    made = sealing.seal("2026-Q2", ended, [late, gone, anew])
    assert told(made) == [(it, "SURUT_MENINGGAL", -600_000) for it in ("2025-Q2", "2025-Q3", "2026-Q1")]
    assert sealing.seal("2026-Q3", [], [late, gone, anew]).is_empty(), "what was said once is not said again"


def test_what_is_held_back_was_not_paid_and_is_not_taken_back() -> None:
    sealing = Sealing()
    sealing.seal("2025-Q1", [(ANI, "KLJ", 900_000)], [])
    sealing.seal("2025-Q2", [(ANI, "KLJ", None)], [])
    sealing.seal("2025-Q3", [(ANI, "KLJ", 900_000)], [])
    made = sealing.seal("2025-Q4", [(ANI, "KLJ", None)], [death(1, "2025-01-02", hour=8000)])
    assert told(made) == [(it, "SURUT_MENINGGAL", -900_000) for it in ("2025-Q1", "2025-Q3")]


def test_a_programme_that_the_cause_does_not_act_upon() -> None:
    sealing = Sealing()
    sealing.seal("2025-Q1", [(ANI, "KLJ", 900_000), (ANI, "SEMBAKO", 600_000)], [])
    made = sealing.seal("2025-Q2", [], [works(1, "2025-01-02", "ASN", hour=3000)])
    assert made.select("programme", "reason", "article").rows() == [("SEMBAKO", "SURUT_ASN", "Pasal ASN")]


def test_another_cause_takes_the_place_of_one_that_is_withdrawn() -> None:
    sealing = one_list()
    off = nik_status(1, "2025-08-01", active=False, hour=6000)
    late = death(2, "2025-08-15", hour=6500)
    assert told(sealing.seal("2025-Q4", [], [off, late])) == [("2025-Q3", "SURUT_MENINGGAL", -600_000)]
    made = sealing.seal("2026-Q1", [], [off, late, cancelled(3, 2, "vital", hour=8800)])
    assert sorted(told(made)) == [
        ("2025-Q3", "PULIH_MENINGGAL", 600_000),
        ("2025-Q3", "SURUT_NONAKTIF", -600_000),
        ("2025-Q4", "SURUT_NONAKTIF", -600_000),
    ]


def test_quarters_beyond_the_window_stay_as_they_are() -> None:
    sealing = Sealing(window=2)
    for quarter in ("2025-Q1", "2025-Q2", "2025-Q3"):
        sealing.seal(quarter, [(ANI, "SEMBAKO", 600_000)] if quarter == "2025-Q1" else [], [])
    late = death(1, "2024-12-01", hour=7000)
    assert [it[0] for it in told(sealing.seal("2025-Q4", [(ANI, "SEMBAKO", None)], [late]))] == ["2025-Q2", "2025-Q3"]
    gone = cancelled(2, 1, "vital", hour=8800)
    assert [it[0] for it in told(sealing.seal("2026-Q1", [], [late, gone]))] == ["2025-Q3"]


def test_every_adjustment_has_a_sentence_in_both_languages() -> None:
    sealing = one_list()
    made = sealing.seal("2025-Q4", [], [death(1, "2025-02-10", hour=6600)])
    (sentence,) = adjustment_sentences(made, sealing.rules)
    assert (sentence.programme, sentence.code, sentence.article) == ("SEMBAKO", "SURUT_MENINGGAL", "Pasal MENINGGAL")
    assert "meninggal" in sentence.sentence_id
    assert "died" in sentence.sentence_en


@dataclass(frozen=True)
class Learned:
    """Something that one quarter learns about somebody."""

    person: int
    what: str
    day: str
    target: int  # of a cancellation or a new date: which of the facts before


DAYS = [
    f"{year}-{month:02}-{day:02}" for year in (2024, 2025, 2026) for month, day in ((1, 31), (3, 31), (6, 29), (10, 1))
]
KINDS = ("death", "cancel", "redate", "leave", "return", "off", "on", "asn", "swasta")
LEARNED = st.builds(Learned, st.integers(1, PEOPLE), st.sampled_from(KINDS), st.sampled_from(DAYS), st.integers(0, 20))
LISTS = st.tuples(
    st.integers(1, PEOPLE), st.sampled_from(["KLJ", "SEMBAKO"]), st.sampled_from([None, 300_000, 600_000])
)
HISTORIES = st.lists(st.tuples(st.lists(LEARNED, max_size=4), st.lists(LISTS, max_size=4)), min_size=2, max_size=7)


def fact_of(number: int, it: Learned, before: list[Fact]) -> Fact | None:
    """The fact, recorded after all before it; None for a correction of nothing."""
    who, hour = nik(it.person), 5000 + number
    match it.what:
        case "death":
            return death(number, it.day, hour=hour, who=who)
        case "leave" | "return":
            return lives(number, it.day, hour=hour, phase="KELUAR" if it.what == "leave" else "DATANG", who=who)
        case "off" | "on":
            return nik_status(number, it.day, active=it.what == "on", hour=hour, who=who)
        case "asn" | "swasta":
            return works(number, it.day, it.what.upper(), hour=hour, who=who)
    targets_of = [fact for fact in before if fact.nik == who and len(fact.groups) == 1]
    if it.what == "redate":
        targets_of = [fact for fact in targets_of if "vital" in fact.groups]
    if not targets_of:
        return None
    target = targets_of[it.target % len(targets_of)]
    if it.what == "redate":
        return death(number, it.day, hour=hour, corrects=target.event, who=who)
    return cancelled(number, target.event, next(iter(target.groups)), hour=hour, who=who)


def counting(facts: list[Fact]) -> list[Fact]:
    """The facts that no later one corrects or cancels: from the greatest down, what is struck strikes nothing...

    A redated death keeps its whole chain below struck; a struck cancellation gives its target back.
    """
    struck: set[int] = set()
    kept_down: set[int] = set()
    for fact in sorted(facts, key=lambda it: it.hour, reverse=True):
        if fact.corrects is None:
            continue
        lifted = fact.event in struck and fact.event not in kept_down
        if not lifted:
            target = fact.corrects[1]
            if fact.event in kept_down or fact.kind == "CORRECT":
                kept_down |= {target} - struck
            struck.add(target)
    return [fact for fact in facts if fact.kind != "CANCEL" and fact.event not in struck]


def due(person: str, programme: str, paid: int, day: dt.date, facts: list[Fact]) -> int:
    """What today's facts make due for a list of that day."""
    start = dt.date(2025, 1, 1)
    counts = [it for it in counting(facts) if it.nik == person]
    known = [it for it in counts if start + dt.timedelta(it.day) <= day]
    death_known_now = max((it for it in counts if "vital" in it.groups), key=lambda it: it.hour, default=None)

    def last(group: str, *, observed: bool = False) -> Fact | None:
        stating = [it for it in known if group in it.groups]
        return max(stating, key=lambda it: (it.day, it.hour) if observed else (0, it.hour), default=None)

    gone = last("residence")
    stopped = {
        "MENINGGAL": death_known_now in known,
        "NONAKTIF": (off := last("nik_status")) is not None and not off.groups["nik_status"]["aktif"],
        "PINDAH_KELUAR": gone is not None
        and gone.groups["residence"]["fase"] == "KELUAR"
        and (day - start).days - gone.day > 90,
        "ASN": (job := last("work", observed=True)) is not None and job.groups["work"]["kategori"] == "ASN",
    }
    acting = ("MENINGGAL", "PINDAH_KELUAR") if programme == "KLJ" else tuple(stopped)
    return 0 if any(stopped[it] for it in acting) else paid


@given(HISTORIES, st.randoms())
@FEW
def test_every_prefix_of_quarters_sums_to_what_todays_facts_make_due(
    history: list[tuple[list[Learned], list[tuple[int, str, int | None]]]], random: object
) -> None:
    sealing, facts = Sealing(), list[Fact]()
    for place, (learned, lists) in enumerate(history):
        quarter = str(FIRST.plus(place))
        for it in learned:
            fact = fact_of(len(facts) + 1, it, facts)
            facts += [fact] if fact else []
        shuffled = list(facts)
        random.shuffle(shuffled)  # type: ignore[attr-defined]
        lines = {(person, programme): rupiah for person, programme, rupiah in lists}
        made = sealing.seal(quarter, [(nik(p), programme, r) for (p, programme), r in lines.items()], shuffled)
        assert made.filter(pl.col("amount_rupiah") == 0).is_empty()
        for past in sealing.sealed[:-1]:
            day = Quarter.parse(past).last_day
            for number in range(1, PEOPLE + 1):
                for programme in AMOUNTS:
                    paid = listed(sealing.lines, [past]).filter(nik=nik(number), programme=programme)
                    wanted = due(nik(number), programme, int(paid["amount_rupiah"].sum()), day, facts)
                    assert sealing.paid(nik(number), programme, past) == wanted, (quarter, past, number, programme)


@given(HISTORIES)
@FEW
def test_people_may_be_grouped_in_any_way(
    history: list[tuple[list[Learned], list[tuple[int, str, int | None]]]],
) -> None:
    """Partitions: each with its own people, together the same adjustments."""
    whole, parts, facts = Sealing(), [Sealing() for _ in range(2)], list[Fact]()
    for place, (learned, lists) in enumerate(history):
        quarter = str(FIRST.plus(place))
        for it in learned:
            fact = fact_of(len(facts) + 1, it, facts)
            facts += [fact] if fact else []
        lines = [(nik(p), programme, r) for (p, programme), r in {(p, n): r for p, n, r in lists}.items()]
        made = whole.seal(quarter, lines, facts)
        split = [
            part.seal(
                quarter,
                [line for line in lines if int(line[0][-1]) % 2 == number],
                [fact for fact in facts if int(fact.nik[-1]) % 2 == number],
            )
            for number, part in enumerate(parts)
        ]
        assert made.equals(pl.concat(split).sort("nik", "programme", "concerns", "cause"))


def test_adjustments_are_the_same_after_their_bytes_and_add_up_in_the_ledger() -> None:
    sealing = one_list()
    made = sealing.seal("2025-Q4", [], [death(1, "2025-05-01", hour=6600)])
    read = read_lines([encode_changes(made, "run", 3, ADJUSTMENT)], "run", 3, ADJUSTMENT)
    assert read.frame.equals(made)
    assert adjusted_totals(made).select("concerns", "lines", "taken_back_rupiah", "given_back_rupiah").rows() == [
        ("2025-Q2", 1, 600_000, 0),
        ("2025-Q3", 1, 600_000, 0),
    ]
    paid = listed(sealing.lines, days("2025-Q1", "2025-Q2"))
    later = made.with_columns(quarter=pl.col("concerns"))
    assert ledger(paid, later).rows() == [
        ("SEMBAKO", "2025-Q1", "3171", 600_000),
        ("SEMBAKO", "2025-Q3", "3171", -600_000),
    ]
