"""Aims at netting (each verdict against each holding: one line or none) and at lines applied to holdings."""

import datetime as dt
from dataclasses import replace
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings

from streams.changes import (
    CHANGES,
    HOLDINGS,
    holdings_after,
    holdings_digest,
    net,
    no_holdings,
    sentences,
    unanswered,
)
from streams.changes.decided import WHITELIST
from streams.changes.lines import Lines, digest_of, encode_changes, of_payer, read_lines
from tests.streams import changing
from tests.streams.changing import AS_OF, CARD, CAUSE, DEATH, DEPARTURE, QUARTER, Person

ACTIVE, ON_HOLD = ("ACTIVE", 600_000, "3171"), ("HELD", 600_000, "3171")
SERVED = ("SERVED", 600_000, "MEMENUHI_SYARAT", 0)
TRANSIT = ("HELD", 600_000, "DALAM_PERPINDAHAN", 0)
KEPT = ("KEPT", 600_000, "DALAM_PERPINDAHAN", 0)


def netted(people: list[Person]) -> tuple[pl.DataFrame, pl.DataFrame]:
    return net(
        changing.holdings(people),
        changing.answers(people),
        changing.persons(people),
        quarter=QUARTER,
        as_of=AS_OF,
        rules=changing.rules(),
    )


def line(person: Person) -> dict[str, Any]:
    """The one line of this person."""
    changes, _ = netted([person])
    assert changes.height == 1
    return changes.row(0, named=True)


def one(held: tuple[str, int, str] | None, verdict: tuple[str, int, str | None, int], **more: Any) -> Person:
    return Person(1, held={"SEMBAKO": held} if held else {}, verdicts={"SEMBAKO": verdict}, **more)


def test_served_without_a_holding_is_granted() -> None:
    found = line(one(None, SERVED))
    assert (found["action"], found["reason"], found["amount_rupiah"]) == ("GRANTED", "MEMENUHI_SYARAT", 600_000)
    assert (found["amount_before_rupiah"], found["kab_kota"], found["kab_kota_before"]) == (None, "3171", None)
    assert (found["payer"], found["rule"], found["article"]) == ("kemensos", "SEMBAKO", "Peraturan SEMBAKO")
    assert found["values"] == [{"name": "desil", "value": "3"}]
    assert found["objection_until"] is None


@pytest.mark.parametrize(
    ("held", "verdict"),
    [
        (ACTIVE, SERVED),
        (ACTIVE, KEPT),
        (ACTIVE, ("KEPT", 750_000, "DALAM_PERPINDAHAN", 0)),
        (ON_HOLD, TRANSIT),
        (None, ("INELIGIBLE", 0, "BELUM_TERDATA", 1)),
        (None, ("ELIGIBLE", 0, "KUOTA_HABIS", 0)),
        (None, ("NOT_PAYEE", 0, "BUKAN_PENERIMA", 0)),
    ],
)
def test_what_goes_on_as_it_was_is_not_published(
    held: tuple[str, int, str] | None, verdict: tuple[str, int, str | None, int]
) -> None:
    person = one(held, verdict)
    changes, after = netted([person])
    assert changes.is_empty()
    assert after.equals(changing.holdings([person]))


def test_a_new_card_number_alone_publishes_nothing() -> None:
    person = one(ACTIVE, SERVED)
    answers = changing.answers([person]).with_columns(pl.lit("3171990101999999").alias("no_kk"))
    before = changing.holdings([person])
    changes, after = net(
        before, answers, changing.persons([person]), quarter=QUARTER, as_of=AS_OF, rules=changing.rules()
    )
    assert changes.is_empty()
    assert after.equals(before)


@pytest.mark.parametrize(
    ("person", "reason", "amounts", "causes"),
    [
        (one(ACTIVE, ("SERVED", 750_000, None, 0)), "JUMLAH_BERUBAH", (600_000, 750_000), [CAUSE]),
        (one(ACTIVE, SERVED, city="3174"), "PINDAH_KOTA", (600_000, 600_000), [DEPARTURE]),
        (one(ON_HOLD, SERVED, city="3174"), "DILANJUTKAN", (0, 600_000), [DEPARTURE]),
        (one(ON_HOLD, KEPT), "DILANJUTKAN", (0, 600_000), [CAUSE]),
    ],
)
def test_what_goes_on_otherwise_is_amended(
    person: Person, reason: str, amounts: tuple[int, int], causes: list[bytes]
) -> None:
    found = line(person)
    assert (found["action"], found["reason"]) == ("AMENDED", reason)
    assert (found["amount_before_rupiah"], found["amount_rupiah"]) == amounts
    assert (found["kab_kota_before"], found["kab_kota"]) == ("3171", person.city)
    assert found["causes"] == causes
    _, after = netted([person])
    assert after.row(0, named=True)["state"] == "ACTIVE"
    assert after.row(0, named=True)["held_since"] is None


def test_held_pays_nothing_and_remembers_its_amount() -> None:
    person = one(ACTIVE, TRANSIT, status="TRANSIT")
    found = line(person)
    assert (found["action"], found["amount_rupiah"], found["amount_before_rupiah"]) == ("HELD", None, 600_000)
    assert found["objection_until"] == AS_OF + dt.timedelta(days=30)
    _, after = netted([person])
    assert after.row(0, named=True) | {"state": "HELD", "amount_rupiah": 600_000, "held_since": QUARTER} == after.row(
        0, named=True
    )


@pytest.mark.parametrize(
    ("verdict", "rule", "article", "values"),
    [
        (
            ("INELIGIBLE", 0, "DESIL_DI_ATAS_BATAS", 2),
            "SEMBAKO:desil_di_atas_batas",
            "Pasal DESIL_DI_ATAS_BATAS",
            [{"name": "desil", "value": "7"}],
        ),
        (("INELIGIBLE", 0, "BELUM_TERDATA", 1), "SEMBAKO:belum_terdata", "Pasal BELUM_TERDATA", []),
        (
            ("ELIGIBLE", 0, "KUOTA_HABIS", 0),
            "SEMBAKO",
            "Peraturan SEMBAKO",
            [{"name": "desil", "value": "7"}],
        ),
    ],
)
def test_what_ends_is_revoked_with_the_condition_that_decided(
    verdict: tuple[str, int, str | None, int], rule: str, article: str, values: list[dict[str, str]]
) -> None:
    found = line(one(ACTIVE, verdict, desil=7))
    assert (found["action"], found["reason"], found["rule"], found["article"]) == ("REVOKED", verdict[2], rule, article)
    assert (found["kab_kota"], found["kab_kota_before"], found["amount_rupiah"]) == (None, "3171", None)
    assert found["values"] == values
    assert found["causes"] == [CAUSE]


def test_a_car_is_published_as_yes() -> None:
    verdict = ("INELIGIBLE", 0, "PUNYA_MOBIL", 2)
    found = line(Person(1, held={"KLJ": ("ACTIVE", 900_000, "3171")}, verdicts={"KLJ": verdict}))
    assert found["values"] == [{"name": "mobil", "value": "ya"}]


@pytest.mark.parametrize(
    ("status", "reason", "cause"),
    [
        ("MENINGGAL", "MENINGGAL", DEATH),
        ("LUAR", "PINDAH_KELUAR", DEPARTURE),
        ("TANPA_KARTU", "TANPA_KARTU", CARD),
        ("NONAKTIF", "NONAKTIF", CAUSE),
    ],
)
def test_a_holder_without_an_answer_is_explained_by_its_own_facts(status: str, reason: str, cause: bytes) -> None:
    found = line(one(ACTIVE, SERVED, status=status))
    assert (found["action"], found["reason"], found["causes"]) == ("REVOKED", reason, [cause])
    assert found["values"] == []


def test_a_lost_answer_revokes_nothing_and_is_found() -> None:
    person = one(ACTIVE, SERVED, answered=False)
    changes, after = netted([person])
    assert changes.is_empty()
    assert after.equals(changing.holdings([person]))
    inputs = changing.holdings([person]), changing.answers([person]), changing.persons([person])
    assert unanswered(*inputs).rows() == [(changing.nik(1), "SEMBAKO", "TERDAFTAR")]
    assert unanswered(*inputs[:2], changing.persons([])).height == 1


def test_a_held_programme_without_rules_is_refused() -> None:
    held = changing.holdings([one(ACTIVE, SERVED)]).with_columns(pl.lit("PBI").alias("programme"))
    with pytest.raises(ValueError, match=r"\['PBI'\] is held, but not in force"):
        net(held, changing.answers([]), changing.persons([]), quarter=QUARTER, as_of=AS_OF, rules=changing.rules())


@settings(max_examples=100, deadline=None)
@given(changing.people())
def test_lines_alone_lead_to_the_same_holdings(people: list[Person]) -> None:
    before = changing.holdings(people)
    changes, after = netted(people)
    assert dict(changes.schema) == CHANGES
    assert dict(after.schema) == HOLDINGS
    assert holdings_after(before, changes).equals(after)
    assert holdings_after(before, changes.reverse()).equals(after)
    assert not changes.select("nik", "programme").is_duplicated().any()
    assert {value["name"] for values in changes["values"] for value in values} <= WHITELIST
    paid = pl.when(pl.col("state") == "ACTIVE").then("amount_rupiah").otherwise(0).sum()
    flow = changes.select(pl.col("amount_rupiah").sum() - pl.col("amount_before_rupiah").sum()).item()
    assert after.select(paid).item() == before.select(paid).item() + flow


@settings(max_examples=50, deadline=None)
@given(changing.people())
def test_nothing_changes_twice(people: list[Person]) -> None:
    _, after = netted(people)
    again, same = net(
        after,
        changing.answers(people),
        changing.persons(people),
        quarter="2025-Q3",
        as_of=AS_OF,
        rules=changing.rules(),
    )
    # Whoever was served in another city is counted there now; nothing is left to say.
    assert again.is_empty()
    assert same.equals(after)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda c: pl.concat([c, c]), "stand twice"),
        (lambda c: c.with_columns(pl.lit("GRANTED").cast(c["action"].dtype).alias("action")), "grant what is held"),
        (lambda c: c.with_columns(pl.lit(changing.nik(9)).alias("nik")), "change what is not held"),
        (lambda c: c.with_columns(pl.lit(1).cast(pl.Int64).alias("amount_before_rupiah")), "another amount"),
        (lambda c: c.with_columns(pl.lit("3175").alias("kab_kota_before")), "another kabupaten or kota"),
    ],
)
def test_lines_that_do_not_fit_the_holdings_are_refused(spoil: Any, sentence: str) -> None:
    person = one(ACTIVE, ("INELIGIBLE", 0, "BELUM_TERDATA", 1))
    changes, _ = netted([person])
    with pytest.raises(ValueError, match=sentence):
        holdings_after(changing.holdings([person]), spoil(changes))


def test_holdings_digest_is_free_of_order() -> None:
    held = changing.holdings([Person(n, held={"SEMBAKO": ACTIVE}) for n in range(5)])
    assert holdings_digest(held) == holdings_digest(held.reverse())
    assert holdings_digest(held) != holdings_digest(held[1:])
    assert holdings_digest(no_holdings()) == bytes(16)


@settings(max_examples=50, deadline=None)
@given(changing.people())
def test_lines_go_through_bytes_and_their_digest_leaves_run_and_attempt_out(people: list[Person]) -> None:
    changes, _ = netted(people)
    first, second = encode_changes(changes, "2025-Q2-1", 0), encode_changes(changes, "2025-Q2-1000", 300)
    found = read_lines([first, second], "2025-Q2-1000", 300)
    assert found.changes.equals(changes)
    assert found.digest == digest_of(first, "2025-Q2-1", 0) == digest_of(second, "2025-Q2-1000", 300)
    assert found.sorted_bytes().equals(read_lines([first], "2025-Q2-1", 0).sorted_bytes())
    assert read_lines([first, second], "2025-Q2-1", 1).changes.is_empty()
    split = [of_payer(found, payer) for payer in ("kemensos", "dinsos-dki")]
    assert sum(map(_lines, split)) == changes.height


def _lines(lines: Lines) -> int:
    return lines.changes.height


def test_a_reason_is_said_with_its_limit_and_the_name_of_its_value() -> None:
    people = [one(ACTIVE, ("INELIGIBLE", 0, "DESIL_DI_ATAS_BATAS", 2), desil=7), replace(one(None, SERVED), number=2)]
    changes, _ = netted(people)
    said = sentences(changes, changing.rules())
    assert [it.code for it in said] == ["DESIL_DI_ATAS_BATAS", "MEMENUHI_SYARAT"]
    assert said[0].sentence_id == "Desil {desil}, batas 5."
    with pytest.raises(ValueError, match="has no text"):
        sentences(changes.with_columns(pl.lit("APA").alias("reason")), changing.rules())
