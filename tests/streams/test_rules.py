"""Aims at the rules as data: what is refused at load and why, and what is in force on which day."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.rules import Bundle, RulesError, load, parse
from streams.rules.checks import ENGINE_REASONS
from streams.rules.periods import check_series, in_force
from streams.rules.waves import waves
from tests.streams.rule_faults import DESIL, KLJ, REFUSALS, SEMBAKO
from tests.streams.villages import AS_OF, bundle, documents

ALL = ("ATENSI", "BLTS", "KAJ", "KIP_KULIAH", "KJMU", "KJP_PLUS", "KLJ", "KPDJ", "PBI_JK", "PIP", "PKH", "SEMBAKO")


def test_the_rules_of_this_release() -> None:
    rules = bundle(programmes=ALL).at(AS_OF)
    first = ("ATENSI", "KIP_KULIAH", "KJP_PLUS", "PBI_JK", "PIP", "PKH", "SEMBAKO")
    assert rules.waves == (first, ("KAJ", "KJMU", "KLJ", "KPDJ"))
    assert {name: (it.payer, it.quota) for name, it in rules.programmes.items()} == {
        "ATENSI": ("kemensos", 0),
        "KAJ": ("dinsos-dki", 74),
        "KIP_KULIAH": ("kemdiktisaintek", 105),
        "KJMU": ("disdik-dki", 41),
        "KJP_PLUS": ("disdik-dki", 1923),
        "KLJ": ("dinsos-dki", 465),
        "KPDJ": ("dinsos-dki", 57),
        "PBI_JK": ("kemenkes", 10048),
        "PIP": ("kemendikdasmen", 1890),
        "PKH": ("kemensos", 1050),
        "SEMBAKO": ("kemensos", 1930),
    }
    assert [name for name, it in bundle(programmes=ALL).at(dt.date(2025, 6, 30)).programmes.items() if not it.due] == [
        *("KIP_KULIAH", "KJMU", "KJP_PLUS", "PIP"),
    ]
    assert (rules.adult_age_years, rules.transit_limit_days, rules.objection_until) == (17, 90, dt.date(2025, 4, 30))
    assert rules.programmes["SEMBAKO"].rupiah_per_quarter == 600_000
    assert rules.programmes["KLJ"].rupiah_per_quarter == 900_000
    assert rules.programmes["KLJ"].needs == ("PKH", "SEMBAKO")
    assert set(ENGINE_REASONS) <= set(rules.reasons)


@pytest.mark.parametrize("scale", ["nasional", "M", "S", "XS"])
def test_every_scale_loads(scale: str) -> None:
    rules = load(documents(), scale=scale).at(AS_OF)
    assert set(rules.programmes) == set(ALL) - {"BLTS"}


def test_a_bundle_survives_json_with_the_same_hash() -> None:
    whole = bundle()
    again = Bundle.from_json(json.loads(json.dumps(whole.to_json())))
    assert again == whole
    assert again.rules_hash == whole.rules_hash == whole.at(AS_OF).rules_hash


def test_the_hash_sees_values_and_not_how_they_are_written() -> None:
    reordered = {name: dict(reversed(document.items())) for name, document in reversed(documents().items())}
    assert load(reordered, scale="S").rules_hash == bundle(programmes=ALL).rules_hash
    assert bundle(quotas={"PKH": 1051}).rules_hash != bundle().rules_hash
    # quotas of another scale are no part of the rules of this one
    other = documents()
    other["quotas/XS.yaml"]["quotas"]["PKH"][0]["value"] = 7
    assert load(other, scale="S").rules_hash == bundle(programmes=ALL).rules_hash


@pytest.mark.parametrize("case", REFUSALS)
def test_bad_rules_are_refused_with_their_place(case: str) -> None:
    spoil, message = REFUSALS[case]
    spoiled = documents()
    spoil(spoiled)
    with pytest.raises(RulesError, match=message):
        load(spoiled, scale="S")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1", r"^x.yaml: this is no YAML in line 2, column 1: .* Indent with spaces"),
        ("name: X\ntitle: Bantuan: Contoh\n", r"^x.yaml: this is no YAML in line 2, column 15: .* colon into quotes"),
        ("a: 1\nb: {c: 1, d: 2}\na: 2\n", r"^x.yaml: a stands in line 1 and again in line 3: keep one"),
        ("b:\n  - c: 1\n    c: 2\n", r"^x.yaml: c stands in line 2 and again in line 3"),
    ],
)
def test_text_that_is_no_yaml_is_refused(text: str, message: str) -> None:
    with pytest.raises(RulesError, match=message):
        parse(text, "x.yaml")


def _versions(*periods: tuple[str, str | None], value: int = 5) -> list[dict[str, Any]]:
    base = {k: v for k, v in documents()[SEMBAKO]["conditions"][DESIL].items() if k not in ("from", "until")}
    return [
        base | {"from": begin, "value": value - number} | ({} if end is None else {"until": end})
        for number, (begin, end) in enumerate(periods)
    ]


@pytest.mark.parametrize(
    ("periods", "message"),
    [
        ([("2024-01-01", "2025-06-30"), ("2025-06-30", None)], "two versions hold on 2025-06-30"),
        ([("2024-01-01", None), ("2025-07-01", None)], "two versions hold on 2025-07-01"),
        ([("2024-01-01", "2025-06-29"), ("2025-07-01", None)], "nothing holds between 2025-06-29 and 2025-07-01"),
    ],
)
def test_gaps_and_overlaps_are_refused(periods: list[tuple[str, str | None]], message: str) -> None:
    spoiled = documents()
    spoiled[SEMBAKO]["conditions"][DESIL : DESIL + 2] = _versions(*periods)
    with pytest.raises(RulesError, match=message):
        load(spoiled, scale="S")


@pytest.mark.parametrize(
    ("day", "limit"), [(dt.date(2025, 6, 30), 5), (dt.date(2025, 7, 1), 4), (dt.date(2025, 12, 31), 4)]
)
def test_a_rule_changes_on_its_day(day: dt.date, limit: int) -> None:
    dated = documents()
    dated[SEMBAKO]["conditions"][DESIL : DESIL + 2] = _versions(("2024-01-01", "2025-06-30"), ("2025-07-01", None))
    condition = load(dated, scale="S").at(day).programmes["SEMBAKO"].conditions[DESIL]
    assert (condition.id, condition.value) == ("desil", limit)


def test_a_condition_may_end_as_that_of_kjp_plus_did() -> None:
    dated = documents()
    dated[SEMBAKO]["conditions"][DESIL]["until"] = "2025-06-30"
    loaded = load(dated, scale="S")
    assert [c.id for c in loaded.at(dt.date(2025, 6, 30)).programmes["SEMBAKO"].conditions][DESIL] == "desil"
    assert "desil" not in [c.id for c in loaded.at(dt.date(2025, 7, 1)).programmes["SEMBAKO"].conditions]


def test_a_day_before_all_rules_is_refused() -> None:
    with pytest.raises(RulesError, match="scope_province: nothing is in force on 2023-06-30"):
        bundle().at(dt.date(2023, 6, 30))


def test_programmes_that_wait_for_each_other_are_refused_on_any_day() -> None:
    spoiled = documents()
    # only from 2026 on: still found at load
    spoiled[SEMBAKO]["conditions"].append(
        spoiled[KLJ]["conditions"][-1] | {"id": "tanpa_klj", "fact": "served.KLJ", "from": "2026-01-01"}
    )
    with pytest.raises(RulesError, match="wait for each other: SEMBAKO -> KLJ -> SEMBAKO"):
        load(spoiled, scale="S")


def test_waves_follow_from_what_is_needed() -> None:
    assert waves({"C": ("B",), "B": ("A",), "A": (), "D": ("A",)}) == (("A",), ("B", "D"), ("C",))
    assert waves({}) == ()


days = st.integers(0, 12).map(lambda n: dt.date(2025, 1, 1) + dt.timedelta(days=n))


@settings(deadline=None)
@given(st.lists(st.tuples(days, st.none() | days), min_size=1, max_size=4))
def test_a_series_that_passes_has_one_entry_on_each_day(periods: list[tuple[dt.date, dt.date | None]]) -> None:
    entries = [
        {"from": begin.isoformat()} | ({} if end is None else {"until": end.isoformat()}) for begin, end in periods
    ]
    counts = [sum(in_force(entry, dt.date(2025, 1, 1) + dt.timedelta(days=n)) for entry in entries) for n in range(14)]
    spans = [n for n, count in enumerate(counts) if count]
    whole = all(count == 1 for count in counts[spans[0] : spans[-1] + 1]) if spans else False
    forward = all(end is None or begin <= end for begin, end in periods)
    try:
        check_series("x", entries)
    except RulesError:
        assert not (whole and forward)
    else:
        assert whole
        assert forward
