"""Aims at the books: evidence of a sound run balances, and each planted loss refuses and names its place."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.accounts import ACCOUNTS, FLOWS
from streams.books import (
    ACCEPTED,
    LISTS,
    PARTS,
    RANGES,
    TALLY,
    Evidence,
    balance,
    door_lines,
    family_lines,
    holders_accounted,
    lists_of,
    quota_rows,
    sealed_ledger,
    tally_of,
    totals,
    verdicts_of,
)
from streams.books.lists import closing_of
from streams.cases import CLAIMED, COUNTED, OBJECTING
from streams.changes import HOLDINGS, net
from streams.changes.lines import digest_of, encode_changes
from streams.digests import frame_digest
from streams.outcomes import OUTCOMES
from streams.retroactive import ADJUSTED, ADJUSTMENT, ADJUSTMENTS, LEDGER, ledger, no_adjustments
from tests.streams import changing
from tests.streams.changing import AS_OF, BEFORE, DEATH, QUARTER, Person, nik

TOPIC = "population.lahir"
SERVED, KEPT = ("SERVED", 600_000, "MEMENUHI_SYARAT", 0), ("KEPT", 600_000, "DALAM_PERPINDAHAN", 0)
CARRIED, OVER = ("HELD", 600_000, "DALAM_PERPINDAHAN", 0), ("ELIGIBLE", 0, "KUOTA_HABIS", 0)
OUT = ("INELIGIBLE", 0, "BELUM_TERDATA", 1)
HELD = ("ACTIVE", 600_000, "3171")


def village() -> list[Person]:
    """Everything that may happen to a line, in two cities."""
    return [
        Person(1, verdicts={"SEMBAKO": SERVED}),
        Person(2, held={"SEMBAKO": HELD}, verdicts={"SEMBAKO": SERVED}, city="3172"),
        Person(3, held={"SEMBAKO": HELD}, verdicts={"SEMBAKO": OUT}),
        Person(4, held={"SEMBAKO": HELD}, verdicts={"SEMBAKO": CARRIED}, status="TRANSIT"),
        Person(5, held={"SEMBAKO": ("HELD", 600_000, "3172")}, verdicts={"SEMBAKO": SERVED}, city="3172"),
        Person(6, held={"SEMBAKO": HELD, "KLJ": ("ACTIVE", 900_000, "3171")}, status="MENINGGAL"),
        Person(7, held={"SEMBAKO": HELD}, verdicts={"SEMBAKO": KEPT}),
        Person(8, verdicts={"SEMBAKO": OVER, "KLJ": ("SERVED", 900_000, None, 0)}),
        Person(9, held={"SEMBAKO": HELD}, verdicts={"SEMBAKO": ("SERVED", 750_000, None, 0)}),
    ]


@dataclass(frozen=True)
class Half:
    """What one register partition knows."""

    holdings: pl.DataFrame
    answers: pl.DataFrame
    persons: pl.DataFrame
    changes: pl.DataFrame
    after: pl.DataFrame


def half(people: list[Person]) -> Half:
    inputs = changing.holdings(people), changing.answers(people), changing.persons(people)
    return Half(*inputs, *net(*inputs, quarter=QUARTER, as_of=AS_OF, rules=changing.rules()))


def _both(make: Callable[[int, Half], pl.DataFrame], halves: list[Half]) -> pl.DataFrame:
    return pl.concat([make(number, it) for number, it in enumerate(halves)])


def _range(partition: int, it: Half) -> pl.DataFrame:
    digest = digest_of(encode_changes(it.changes, "run", 0), "run", 0).hex()
    row = ("eligibility.changes.kemensos", partition, 0, 0, it.changes.height - 1, it.changes.height, digest)
    return pl.DataFrame([row], schema=RANGES, orient="row")


def _part(partition: int, it: Half) -> pl.DataFrame:
    row = ("checkpoint.members", partition, 1, it.persons.height, frame_digest(it.persons).hex())
    return pl.DataFrame([row], schema=PARTS, orient="row")


def _facts(partition: int) -> pl.DataFrame:
    return pl.DataFrame([(partition, 40 + partition, f"{partition:032x}")], schema=TALLY, orient="row")


def _accounts(rows: list[tuple[str, str, int]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=ACCOUNTS, orient="row")


def _door() -> pl.DataFrame:
    read = pl.DataFrame({"offset": [10, 11, 13]})
    facts = pl.DataFrame([(10, 1, 2), (10, 2, 2), (13, 1, 1), (13, 1, 1)], schema=["offset", "i", "n"], orient="row")
    return door_lines(TOPIC, 2, read, facts, pl.DataFrame({"offset": [11, 11]}))


# An objection by two channels, one that came after its time, a frivolous one, and a proposal.
STANDING = [
    ("SANGGAH", "CEK_BANSOS", "2025-Q1", "TERBUKA", True, 1, 2, 1, 0),
    ("SANGGAH", "JAKI", "2024-Q3", "TERBUKA", False, 1, 1, 0, 0),
    ("SANGGAH", "JAKI", "2025-Q1", "TIDAK_BERDASAR", True, 1, 2, 0, 0),
    ("USUL", "KELURAHAN", "2025-Q1", "TERBUKA", True, 1, 1, 0, 0),
]


def sound() -> Evidence:
    """Evidence of a run in which nothing was lost, by two register partitions."""
    people = village()
    halves = [half(people[:4]), half(people[4:])]
    whole = half(people)
    decided = whole.answers.select(pl.col("SEMBAKO.verdict", "KLJ.verdict").cast(pl.String))
    units = [(name, 10, int((decided[f"{name}.verdict"] == "SERVED").sum())) for name in ("KLJ", "SEMBAKO")]
    bound = [("SEMBAKO", int(decided["SEMBAKO.verdict"].is_in(["KEPT", "HELD"]).sum()))]
    opening = _accounts([("3171", "TERDAFTAR", 7), ("0000", "LUAR", 1), ("3172", "TERDAFTAR", 1)])
    flows = pl.DataFrame(
        [
            ("LAHIR", None, None, "3171", "TERDAFTAR", 2),
            ("MENINGGAL", "3171", "TERDAFTAR", "3171", "MENINGGAL", 1),
            ("PINDAH_ANTAR_KOTA", "3172", "TERDAFTAR", "3171", "TERDAFTAR", 1),
        ],
        schema=FLOWS,
        orient="row",
    )
    tallied = _both(lambda number, it: tally_of(it.answers, number), halves)
    outcomes = [("lahir", 1, "ON_TIME", True, 1), ("lahir", 2, "LATE", True, 1), ("lahir", 1, "LATE", False, 4)]
    return Evidence(
        door=_door(),
        accepted=pl.DataFrame([("lahir", 2), ("lahir", 0), ("mati", 0)], schema=ACCEPTED, orient="row"),
        outcomes=pl.DataFrame(outcomes, schema=OUTCOMES, orient="row"),
        claimed=pl.DataFrame([("SANGGAH", 3), ("USUL", 1), ("SANGGAH", 2)], schema=CLAIMED, orient="row"),
        cases=pl.DataFrame(STANDING, schema=COUNTED, orient="row"),
        objecting=pl.DataFrame([("SEMBAKO", 1), ("PKH", 1)], schema=OBJECTING, orient="row"),
        objected=pl.DataFrame([("PKH", 1), ("SEMBAKO", 1)], schema=OBJECTING, orient="row"),
        restated=False,
        sealed_accounts=opening,
        opening_accounts=opening,
        flows=flows,
        closing_accounts=_accounts([("3171", "TERDAFTAR", 9), ("0000", "LUAR", 1), ("3171", "MENINGGAL", 1)]),
        sealed_facts=pl.concat([_facts(0), _facts(1)]),
        opening_facts=pl.concat([_facts(1), _facts(0)]),
        sent=_both(_part, halves),
        received=_both(_part, halves).reverse(),
        listed=tallied,
        answered=tallied,
        netted=tallied,
        holders=_both(lambda n, it: holders_accounted(n, it.holdings, it.answers, it.persons), halves),
        sealed_lists=lists_of(whole.holdings),
        opening_lists=_both(lambda _, it: lists_of(it.holdings), halves),
        changes=_both(lambda _, it: it.changes, halves),
        closing_lists=_both(lambda _, it: lists_of(it.after), halves),
        quotas=quota_rows(
            [pl.DataFrame(units, schema=["programme", "score", "units"], orient="row")],
            [pl.DataFrame(bound, schema=["programme", "reserved"], orient="row")],
            {"KLJ": 10, "SEMBAKO": 10},
            changing.rules(),
        ),
        verdicts=_both(lambda _, it: verdicts_of(it.answers, ["KLJ", "SEMBAKO"]), halves),
        families=_both(lambda _, it: family_lines(it.answers, ["SEMBAKO"]), halves),
        reported_ranges=_both(_range, halves),
        read_ranges=_both(_range, halves),
        sealed_ledger=sealed_ledger(
            [
                ("2024-Q4", lists_of(whole.holdings), ADJUSTED_BEFORE.clear()),
                (BEFORE, lists_of(whole.holdings), ADJUSTED_BEFORE),
            ],
            ["2024-Q4", BEFORE],
            ["SEMBAKO", "KLJ"],
        ),
        opening_ledger=pl.concat([_ledger(it, adjusted=number == 1) for number, it in enumerate(halves)]),
        adjustments=_adjustments(people),
        due_ledger=_both(lambda _, it: _ledger(it, stopped=nik(6)), halves),
        reported_adjustment_ranges=_both(lambda n, _: _adjustment_range(n, people), halves),
        read_adjustment_ranges=_both(lambda n, _: _adjustment_range(n, people), halves),
    )


# The quarter before took 600,000 rupiah of the sixth person's back; this one takes the rest.
ADJUSTED_BEFORE = pl.DataFrame(
    [("SEMBAKO", "2024-Q4", "3171", "MENINGGAL", 1, 600_000, 0)], schema=ADJUSTED, orient="row"
)


def _listed(it: Half) -> pl.DataFrame:
    """What the lists of both quarters before paid, had they been one and the same."""
    paid = it.holdings.filter(pl.col("state") == "ACTIVE")
    return pl.concat(
        paid.select("nik", "programme", pl.lit(name).alias("quarter"), "kab_kota", "amount_rupiah")
        for name in ("2024-Q4", BEFORE)
    )


def _ledger(it: Half, *, adjusted: bool = False, stopped: str = "") -> pl.DataFrame:
    taken = pl.DataFrame(
        [("SEMBAKO", "2024-Q4", "3171", -600_000)], schema=[*[*LEDGER][:3], "amount_rupiah"], orient="row"
    )
    return ledger(_listed(it).filter(pl.col("nik") != stopped), taken if adjusted else taken.clear())


def _adjustments(people: list[Person]) -> pl.DataFrame:
    paid = _listed(half(people)).filter(nik=nik(6))
    taken = paid.filter(~((pl.col("programme") == "SEMBAKO") & (pl.col("quarter") == "2024-Q4")))
    return taken.select(
        pl.lit(QUARTER).alias("quarter"),
        pl.lit("kemensos").alias("payer"),
        "programme",
        "nik",
        pl.col("quarter").alias("concerns"),
        pl.lit("MENINGGAL").alias("cause"),
        pl.lit("SURUT_MENINGGAL").alias("reason"),
        pl.lit("").alias("article"),
        -pl.col("amount_rupiah"),
        "kab_kota",
        pl.lit([DEATH], pl.List(pl.Binary)).alias("causes"),
    ).cast(ADJUSTMENTS)


def _adjustment_range(partition: int, people: list[Person]) -> pl.DataFrame:
    own = _adjustments(people) if partition else no_adjustments()
    digest = digest_of(encode_changes(own, "run", 0, ADJUSTMENT), "run", 0, ADJUSTMENT).hex()
    row = ("eligibility.changes.kemensos", partition, 0, 0, own.height - 1, own.height, digest)
    return pl.DataFrame([row], schema=RANGES, orient="row")


def test_a_sound_run_balances() -> None:
    verdict = balance(sound())
    assert verdict.balanced, [it.sentence for it in verdict.breaks]
    assert verdict.lines.height > 30
    # Every book has something to compare: none balances because it is empty.
    assert verdict.lines.get_column("book").n_unique() == 21


def _first(frame: pl.DataFrame, **values: Any) -> pl.DataFrame:
    """The frame with other values in its first row."""
    row = frame[:1].with_columns(pl.lit(value).cast(frame.schema[name]).alias(name) for name, value in values.items())
    return pl.concat([row, frame[1:]])


def _without(frame: pl.DataFrame) -> pl.DataFrame:
    return frame[1:]


# What is lost or altered (field of the evidence -> how), the book that must refuse, and the place it must name.
LOSSES: list[tuple[str, Callable[[pl.DataFrame], pl.DataFrame], str, str]] = [
    ("outcomes", _without, "records", "lahir"),
    ("outcomes", lambda f: f[:1], "records", "lahir"),
    ("accepted", lambda f: _first(f, records=3), "records", "lahir"),
    ("accepted", lambda f: f[1:], "records", "lahir"),
    ("opening_accounts", lambda f: _first(f, persons=6), "persons opening", "3171 TERDAFTAR"),
    ("flows", _without, "persons closing", "3171 TERDAFTAR"),
    ("closing_accounts", lambda f: f[:2], "persons closing", "3171 MENINGGAL"),
    # a late claim that the view of cases forgets, a frivolous one, a claim that stands in two cases
    ("cases", lambda f: f.filter("timely"), "cases", "SANGGAH"),
    ("cases", lambda f: f.filter(pl.col("state") != "TIDAK_BERDASAR"), "cases", "SANGGAH"),
    ("cases", lambda f: _first(f, events=3), "cases", "SANGGAH"),
    ("claimed", lambda f: f.filter(pl.col("kind") != "USUL"), "cases", "USUL"),
    # an objection that did not come to the families, and one that they made up
    ("objected", _without, "objections", "PKH"),
    ("objecting", lambda f: f[1:], "objections", "SEMBAKO"),
    ("opening_facts", lambda f: _first(f, rows=40), "facts", "register.facts[1]"),
    ("opening_facts", lambda f: _first(f, digest="ff" * 16), "facts", "register.facts[1]"),
    ("received", lambda f: _first(f, rows=1), "parts", "checkpoint.members from 1 to 1"),
    ("received", _without, "parts", "checkpoint.members from 1 to 1"),
    ("answered", lambda f: _first(f, rows=3), "answers", "checkpoint.answers[0]"),
    ("answered", lambda f: _first(f, digest="00" * 16), "answers", "checkpoint.answers[0]"),
    ("netted", _without, "answers netted", "checkpoint.answers[0]"),
    ("holders", lambda f: _first(f, accounted=0), "holders", "register.facts[0] SEMBAKO"),
    ("opening_lists", lambda f: _first(f, heads=1), "lists opening", "SEMBAKO 3171"),
    ("opening_lists", lambda f: _first(f, rupiah=1), "lists opening", "SEMBAKO 3171"),
    ("changes", _without, "lists closing", "SEMBAKO 3171"),
    ("closing_lists", lambda f: _first(f, rupiah=1), "lists closing", "SEMBAKO 3171"),
    ("closing_lists", lambda f: _first(f, held=0), "lists closing", "SEMBAKO 3171"),
    ("changes", lambda f: pl.concat([f, f[:1]]), "one line", "SEMBAKO"),
    ("quotas", lambda f: _first(f, served=2), "quota", "KLJ"),
    ("quotas", lambda f: _first(f, quota=0), "quota", "KLJ"),
    ("verdicts", lambda f: f.filter(pl.col("verdict") != "KEPT"), "quota", "SEMBAKO"),
    ("closing_lists", _without, "recipients", "SEMBAKO"),
    ("families", lambda f: _first(f, families=1), "one payee", "SEMBAKO"),
    ("read_ranges", lambda f: _first(f, records=1), "publication", "eligibility.changes.kemensos[0] attempt 0"),
    ("read_ranges", lambda f: _first(f, digest="ff" * 16), "publication", "eligibility.changes.kemensos[0] attempt 0"),
    ("read_ranges", _without, "publication", "eligibility.changes.kemensos[0] attempt 0"),
    # a row of the ledger is lost in a store; an adjustment is deleted from the topic, or never came to it
    ("opening_ledger", lambda f: _first(f, rupiah=1), "ledger opening", "SEMBAKO 2024-Q4 3171"),
    ("opening_ledger", lambda f: f[:2], "ledger opening", "KLJ 2025-Q1 3171"),
    ("sealed_ledger", _without, "ledger opening", "KLJ 2024-Q4 3171"),
    ("adjustments", _without, "ledger closing", "KLJ 2024-Q4 3171"),
    ("adjustments", lambda f: _first(f, amount_rupiah=900_000), "ledger closing", "KLJ 2024-Q4 3171"),
    ("due_ledger", lambda f: _first(f, rupiah=1), "ledger closing", "SEMBAKO 2024-Q4 3171"),
    (
        "read_adjustment_ranges",
        lambda f: f.with_columns(records=pl.col("records") - (pl.col("partition") == 1)),
        "adjustments published",
        "eligibility.changes.kemensos[1] attempt 0",
    ),
    (
        "read_adjustment_ranges",
        lambda f: _first(f, digest="ff" * 16),
        "adjustments published",
        "eligibility.changes.kemensos[0] attempt 0",
    ),
]


@pytest.mark.parametrize(("field", "lose", "book", "place"), LOSSES)
def test_a_loss_refuses_and_names_the_place(
    field: str, lose: Callable[[pl.DataFrame], pl.DataFrame], book: str, place: str
) -> None:
    evidence = sound()
    lost: dict[str, Any] = {field: lose(getattr(evidence, field))}
    verdict = balance(replace(evidence, **lost))
    assert not verdict.balanced
    found = [it for it in verdict.breaks if (it.book, it.place) == (book, place)]
    assert found, [it.sentence for it in verdict.breaks]
    assert found[0].expected in found[0].sentence
    assert place in found[0].sentence


def test_a_mended_view_is_a_line_of_its_own_and_a_lost_fact_still_refuses() -> None:
    """Invariant 25."""
    evidence = sound()
    seen_otherwise = replace(evidence, sealed_accounts=_first(evidence.sealed_accounts, persons=99))
    assert [it.book for it in balance(seen_otherwise).breaks] == ["persons opening"]
    confirmed = balance(replace(seen_otherwise, restated=True))
    assert confirmed.balanced
    restated = confirmed.lines.filter(pl.col("book") == "persons restated")
    assert restated.select("expected", "detail").rows() == [("99", "RESTATEMENT, confirmed by the operator")]
    lost = replace(seen_otherwise, restated=True, opening_facts=_first(evidence.opening_facts, rows=1))
    assert [it.book for it in balance(lost).breaks] == ["facts"]


READ, REFUSED = [10, 11, 13], [11]
FACTS = [(10, 1, 2), (10, 2, 2), (13, 1, 1)]


@pytest.mark.parametrize(
    ("read", "facts", "rejected", "detail"),
    [
        (READ, FACTS, [], "neither refused nor accepted: 1 (offset 11)"),
        (READ, FACTS[1:], REFUSED, "not all facts of the event: 1 (offset 10)"),
        (READ, [*FACTS, (13, 1, 2)], REFUSED, "not all facts of the event: 1 (offset 13)"),
        (READ, FACTS, [11, 13], "refused and accepted: 1 (offset 13)"),
        ([10, 11], FACTS, REFUSED, "facts or a rejection of a record that is not in the topic: 1 (offset 13)"),
        ([10, 13], FACTS, REFUSED, "facts or a rejection of a record that is not in the topic: 1 (offset 11)"),
    ],
)
def test_the_door_names_the_partition_and_the_offset(
    read: list[int], facts: list[tuple[int, int, int]], rejected: list[int], detail: str
) -> None:
    line = door_lines(
        TOPIC,
        2,
        pl.DataFrame({"offset": read}),
        pl.DataFrame(facts, schema=["offset", "i", "n"], orient="row"),
        pl.DataFrame({"offset": rejected}, schema={"offset": pl.Int64}),
    )
    verdict = balance(replace(sound(), door=line))
    assert [(it.book, it.place) for it in verdict.breaks] == [("door", "population.lahir[2]")]
    assert detail in verdict.breaks[0].sentence


def test_reservations_beyond_a_lowered_quota_stay_and_serve_nobody_new() -> None:
    evidence = sound()
    lowered = evidence.quotas.with_columns(pl.lit(1).cast(pl.Int64).alias("quota"), reserved=pl.lit(3).cast(pl.Int64))
    within = [it for it in balance(replace(evidence, quotas=lowered)).breaks if it.found == "7" and it.expected == "3"]
    assert within
    assert "exceed the quota of 1 by 2" in within[0].sentence


def test_a_report_that_is_there_twice_is_refused() -> None:
    evidence = sound()
    with pytest.raises(ValueError, match="two rows for one topic"):
        balance(replace(evidence, read_ranges=pl.concat([evidence.read_ranges, evidence.read_ranges])))


@settings(max_examples=60, deadline=None)
@given(changing.people(), st.randoms())
def test_totals_lead_from_holdings_to_holdings(people: list[Person], random: Any) -> None:
    everything = half(people)
    books = totals(lists_of(everything.holdings), everything.changes)
    assert closing_of(books).equals(lists_of(everything.after))
    shuffled = everything.changes.sample(fraction=1, shuffle=True, seed=random.randrange(99))
    assert totals(lists_of(everything.holdings), shuffled).equals(books)
    moved = books.select(pl.col("moved_in").sum() - pl.col("moved_out").sum()).item()
    assert moved == 0


def test_lists_of_nothing_are_empty() -> None:
    assert lists_of(pl.DataFrame(schema=HOLDINGS)).equals(pl.DataFrame(schema=LISTS))
