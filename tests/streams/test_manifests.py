"""Aims at manifests: what the content digest covers and leaves out, the chain, and what a payer must refuse."""

import datetime as dt
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from schemas.columnar import join
from streams.changes import no_holdings
from streams.changes.lines import Lines, concatenated, read_lines
from streams.manifests import Manifest, ManifestError, apply, verify_chain, verify_range
from tests.streams.changing import Person
from tests.streams.sealed import KLJ, SEMBAKO, Register, programmes_of, year

PAYER = "kemensos"


def chain(register: Register) -> list[Manifest]:
    return [manifest for manifest in register.manifests if manifest.payer == PAYER]


def lines_of(register: Register, manifest: Manifest) -> Lines:
    parts = []
    for row in manifest.ranges.iter_rows(named=True):
        values = register.topics[row["topic"], row["partition"]][row["first_offset"] : row["last_offset"] + 1]
        parts.append(read_lines([join(values)], manifest.run, row["attempt"]))
        verify_range(manifest, row, parts[-1])
    return concatenated(parts)


def test_a_chain_leads_to_the_register_s_holdings() -> None:
    register = year()
    holdings, previous = no_holdings(), None
    for manifest in chain(register):
        verify_chain(manifest, previous)
        holdings, previous = apply(manifest, lines_of(register, manifest), holdings, previous), manifest
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
        assert (again.reasons, again.as_of) == (manifest.reasons, manifest.as_of)


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
        apply(second, lines_of(register, second), no_holdings(), first)


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
