"""Aims at manifests: what the content digest covers and leaves out, the chain, and what a payer must refuse."""

import datetime as dt
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from schemas.columnar import join
from schemas.registry import contracts
from schemas.slow import decode_one, encode_one
from streams.changes import no_holdings
from streams.changes.lines import CHANGE, Form, Lines, concatenated, read_lines
from streams.manifests import Manifest, ManifestError, apply, verify_chain, verify_range
from streams.retroactive import ADJUSTMENT
from tests.streams.changing import Person
from tests.streams.sealed import KLJ, SEMBAKO, Register, adjustment, programmes_of, year

PAYER = "kemensos"


def chain(register: Register) -> list[Manifest]:
    return [manifest for manifest in register.manifests if manifest.payer == PAYER]


def lines_of(register: Register, manifest: Manifest, form: Form = CHANGE) -> Lines:
    parts = []
    ranges = manifest.ranges if form is CHANGE else manifest.adjustment_ranges
    for row in ranges.iter_rows(named=True):
        values = register.topics[row["topic"], row["partition"]][row["first_offset"] : row["last_offset"] + 1]
        parts.append(read_lines([join(values)], manifest.run, row["attempt"], form))
        verify_range(manifest, row, parts[-1])
    return concatenated(parts, form)


def back_of(register: Register, manifest: Manifest) -> Lines:
    return lines_of(register, manifest, ADJUSTMENT)


def test_a_chain_leads_to_the_register_s_holdings() -> None:
    register = year()
    holdings, previous = no_holdings(), None
    for manifest in chain(register):
        verify_chain(manifest, previous)
        lines, back = lines_of(register, manifest), back_of(register, manifest)
        holdings, previous = apply(manifest, lines, holdings, previous, back), manifest
    assert holdings.equals(programmes_of(register.holdings, PAYER))
    assert previous is not None
    assert previous.holdings_count == holdings.height == 6


def test_bytes_and_back() -> None:
    for manifest in year().manifests:
        again = Manifest.from_bytes(manifest.to_bytes())
        assert again.to_bytes() == manifest.to_bytes()
        assert again.hash == manifest.hash
        assert again.totals.equals(manifest.totals)
        assert again.ranges.equals(manifest.ranges)
        assert again.adjustment_ranges.equals(manifest.adjustment_ranges)
        assert again.adjusted.equals(manifest.adjusted)
        assert (again.reasons, again.as_of) == (manifest.reasons, manifest.as_of)


def as_version_1(manifest: Manifest) -> bytes:
    """The bytes that a release without adjustments wrote."""
    newest = contracts().by_name["manifest"]
    oldest = newest.versions[0]
    record = decode_one(newest, manifest.to_bytes())
    assert not record.pop("adjusted")
    assert not [it for it in record.pop("adjustment_ranges") if it["records"]]
    return encode_one(oldest, record)


def test_a_manifest_of_before_adjustments_keeps_its_bytes_its_content_and_its_place_in_the_chain() -> None:
    register = Register()
    register.seal("2025-Q1", served(1, 2, 3))
    made = chain(register)[0]
    old = Manifest.from_bytes(as_version_1(made))
    assert old.to_bytes() == as_version_1(made) != made.to_bytes()
    assert old.content_digest == made.content_digest
    after = apply(old, lines_of(register, made), no_holdings(), None)
    assert old.adjusted.is_empty()
    register.manifests = [old]
    register.seal("2025-Q2", served(1, 2, 3), adjustments=adjustment(3, "SEMBAKO", "2025-Q1", "2025-Q2", -600_000))
    second = chain(register)[1]
    verify_chain(second, old)
    assert apply(second, lines_of(register, second), after, old, back_of(register, second)).height == 3


def test_adjustments_are_covered_by_the_content_digest_and_move_no_total() -> None:
    plain, adjusted, otherwise = Register(), Register(), Register()
    for register, rupiah in ((plain, None), (adjusted, -600_000), (otherwise, 600_000)):
        back = None if rupiah is None else adjustment(3, "SEMBAKO", "2024-Q4", "2025-Q1", rupiah)
        register.seal("2025-Q1", served(1, 2, 3), adjustments=back)
    made = [chain(register)[0] for register in (plain, adjusted, otherwise)]
    assert len({it.content_digest for it in made}) == 3
    assert made[0].totals.equals(made[1].totals)
    assert made[1].adjusted.rows() == [("SEMBAKO", "2024-Q4", "3171", "MENINGGAL", 1, 600_000, 0)]


def test_an_adjustment_that_is_lost_or_altered_is_refused() -> None:
    register = year()
    first, second, _ = chain(register)
    held = apply(first, lines_of(register, first), no_holdings(), None)
    lines, back = lines_of(register, second), back_of(register, second)
    with pytest.raises(ManifestError, match="do not come to the rupiah"):
        apply(second, lines, held, first)
    (row,) = [it for it in second.adjustment_ranges.iter_rows(named=True) if it["records"]]
    with pytest.raises(ManifestError, match=r"names 1 adjustments in eligibility.changes.kemensos.*, 0 are there"):
        verify_range(second, row, concatenated([], ADJUSTMENT))
    other = second.adjusted.with_columns(taken_back_rupiah=pl.lit(1, pl.Int64))
    with pytest.raises(ManifestError, match="do not come to the rupiah"):
        apply(replace(second, adjusted=other), lines, held, first, back)


def test_bytes_that_are_no_manifest_are_refused() -> None:
    with pytest.raises(ManifestError, match="cannot be read"):
        Manifest.from_bytes(b"\xc3\x01 nothing of the kind")


def served(*numbers: int) -> list[Person]:
    return [Person(number, verdicts={"SEMBAKO": SEMBAKO, "KLJ": KLJ}) for number in numbers]


def test_the_content_digest_leaves_out_where_the_bytes_stand() -> None:
    one, other = Register(), Register()
    one.seal("2025-Q1", served(1, 2, 3))
    other.seal("2025-Q1", list(reversed(served(1, 2, 3))), attempt=5, code_version="0ther")
    assert chain(one)[0].content_digest == chain(other)[0].content_digest
    assert chain(one)[0].hash != chain(other)[0].hash


@pytest.mark.parametrize("numbers", [(1, 2), (1, 2, 4)])
def test_the_content_digest_covers_every_line_and_all_that_was_before(numbers: tuple[int, ...]) -> None:
    one, other = Register(), Register()
    one.seal("2025-Q1", served(1, 2, 3))
    other.seal("2025-Q1", served(*numbers))
    assert chain(one)[0].content_digest != chain(other)[0].content_digest
    for register in (one, other):
        register.holdings = programmes_of(one.holdings, PAYER)
        register.seal("2025-Q2", served(1, 2, 3))
    assert chain(one)[1].totals.get_column("granted").sum() == 0
    assert chain(one)[1].content_digest != chain(other)[1].content_digest


def test_a_chain_with_a_gap_or_another_order_is_refused() -> None:
    first, second, third = chain(year())
    for manifest, previous, sentence in (
        (second, None, "the chain is broken"),
        (third, first, "the chain is broken"),
        (first, second, "sealed in order"),
        (second, second, "sealed in order"),
        (second, replace(first, payer="dinsos-dki"), "two payers"),
        (second, replace(first, code_version="0ther"), "whose bytes"),
    ):
        with pytest.raises(ManifestError, match=sentence):
            verify_chain(manifest, previous)


def _totals(manifest: Manifest, **values: int) -> dict[str, Any]:
    return {"totals": manifest.totals.with_columns(pl.lit(value).alias(name) for name, value in values.items())}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda m: _totals(m, granted=6), "granted of SEMBAKO in 3171 is 6 by the manifest, 7 by its lines"),
        (lambda m: _totals(m, closing_rupiah=1), "closing_rupiah of SEMBAKO in 3171 is 1"),
        (lambda _: {"holdings_count": 1}, "has 7 lines"),
        (lambda _: {"holdings_hash": bytes(16)}, "has 7 lines and digest"),
        (lambda _: {"content_digest": bytes(32)}, "the content of"),
        (lambda _: {"rules_hash": "00"}, "the content of"),
        (lambda _: {"as_of": dt.date(2025, 1, 1)}, "the content of"),
        (lambda _: {"quarter": "2025-Q2"}, "another payer or quarter"),
    ],
)
def test_a_manifest_that_says_something_else_is_refused(change: Any, sentence: str) -> None:
    register = year()
    first = chain(register)[0]
    with pytest.raises(ManifestError, match=sentence):
        apply(replace(first, **change(first)), lines_of(register, first), no_holdings(), None)


def test_lines_for_other_holdings_are_refused() -> None:
    register = year()
    first, second, _ = chain(register)
    with pytest.raises(ManifestError, match=r"change what is not held.*Start anew"):
        apply(second, lines_of(register, second), no_holdings(), first, back_of(register, second))


def test_an_altered_topic_is_refused_with_its_range() -> None:
    register = year()
    first = chain(register)[0]
    row = first.ranges.row(1, named=True)
    values = register.topics[row["topic"], 1]
    lost = read_lines([join(values[row["first_offset"] + 1 :])], first.run, row["attempt"])
    with pytest.raises(
        ManifestError, match=r"names 3 change lines in eligibility.changes.kemensos\[1\] from 1 to 5, 2"
    ):
        verify_range(first, row, lost)
    altered = values[row["last_offset"]].replace(b"3171", b"3172", 1)
    other = read_lines([join([*values[row["first_offset"] : row["last_offset"]], altered])], first.run, row["attempt"])
    with pytest.raises(ManifestError, match="are not those of the manifest of kemensos for 2025-Q1"):
        verify_range(first, row, other)
