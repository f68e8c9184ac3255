"""Aims at: holdings, answers and commands come back as they were put, and holdings are replaced whole."""

from pathlib import Path

import polars as pl
import pytest

from agents.store import NotedCommand
from streams.changes import HOLDINGS
from streams.notices import NOTICES
from tests.agents.store.making import opened

ONE, TWO, THREE = ("3171990101000001", "3171990101000002", "3171990101000003")


def lines(*rows: tuple[str, str, str, int, str | None]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "nik": nik,
                "programme": programme,
                "state": state,
                "amount_rupiah": amount,
                "kab_kota": "3171",
                "no_kk": "3171990101999999",
                "since": "2025-Q1",
                "held_since": held,
            }
            for nik, programme, state, amount, held in rows
        ],
        schema=HOLDINGS,
    )


def test_holdings_are_replaced_whole(tmp_path: Path) -> None:
    store = opened(tmp_path / "s")
    assert store.holdings().equals(lines())
    assert store.holdings().schema == HOLDINGS
    assert store.holdings_quarter == ""
    first = lines(
        (ONE, "klj", "ACTIVE", 900_000, None),
        (ONE, "sembako", "HELD", 600_000, "2025-Q1"),
        (TWO, "pkh", "ACTIVE", 1 << 40, None),
    )
    store.put_holdings([ONE, TWO, THREE], first, "2025-Q1")
    assert store.holdings().equals(first)
    second = lines((ONE, "klj", "HELD", 900_000, "2025-Q2"))
    for _ in range(2):
        store.put_holdings([ONE], second, "2025-Q2")
        assert store.holdings().equals(pl.concat([second, first.filter(nik=TWO)]))
        assert store.holdings_quarter == "2025-Q2"
    assert store.holdings_of(TWO).equals(first.filter(nik=TWO))
    store.put_holdings([ONE, TWO], lines(), "2025-Q3")
    assert store.holdings().is_empty()
    store.close()


def test_holdings_that_cannot_be_kept_are_refused(tmp_path: Path) -> None:
    store = opened(tmp_path / "s")
    with pytest.raises(ValueError, match="belong to none"):
        store.put_holdings([TWO], lines((ONE, "klj", "ACTIVE", 1, None)), "2025-Q1")
    with pytest.raises(ValueError, match="wider"):
        store.put_holdings([ONE], lines((ONE, "klj", "ACTIVE", 1, "2025-Q1-late")), "2025-Q1")
    with pytest.raises(ValueError, match="state and an amount"):
        store.put_holdings([ONE], lines((ONE, "klj", "ACTIVE", 1, None)).with_columns(state=None), "2025-Q1")
    assert store.holdings_quarter == ""
    store.close()


def test_nulls_come_back_as_nulls(tmp_path: Path) -> None:
    store = opened(tmp_path / "s")
    frame = lines((ONE, "klj", "ACTIVE", 1, None)).with_columns(no_kk=pl.lit(None, pl.String))
    store.put_holdings([ONE], frame, "2025-Q1")
    assert store.holdings().equals(frame)
    store.close()


def test_answers(tmp_path: Path) -> None:
    store = opened(tmp_path / "s")
    store.put_answers([ONE, TWO], [b"a", b""], topic="checkpoint.answers", next_offset=9)
    store.put_answers([ONE], [b"newer"])
    assert (store.answer(ONE), store.answer(TWO), store.answer(THREE)) == (b"newer", b"", None)
    assert store.position("checkpoint.answers") == 9
    store.close()


def test_a_mark_that_is_set_while_it_is_worked_off_stays(tmp_path: Path) -> None:
    """A cancelled death comes in the very moment in which the death is noticed: it must be looked at, too."""
    store, nothing = opened(tmp_path / "s"), pl.DataFrame(schema=NOTICES)

    def mark(since: bytes, *niks: str) -> None:
        with store.write() as write:
            write.mark([nik.encode() for nik in niks], since)

    mark(b"17", ONE, TWO)
    looked_at = store.marks()
    mark(b"18", ONE)
    store.settle_notices(looked_at, nothing, nothing)
    assert store.marks() == {ONE.encode(): b"18"}
    store.settle_notices(store.marks(), nothing, nothing)
    assert store.marks() == {}
    store.close()


def test_the_first_command_counts(tmp_path: Path) -> None:
    store = opened(tmp_path / "s")
    assert store.note_command("2025-Q1/1", "SCAN", 0, 17, topic="register.facts", next_offset=18)
    assert not store.note_command("2025-Q1/1", "SCAN", 0, 18, topic="register.facts", next_offset=19)
    assert store.position("register.facts") == 19
    assert store.note_command("2025-Q1/1", "NET", 0, 3)
    store.set_position("register.facts", 40)
    store.close()
    store = opened(tmp_path / "s")
    assert store.commands() == [NotedCommand("2025-Q1/1", "NET", 0, 3), NotedCommand("2025-Q1/1", "SCAN", 0, 17)]
    assert store.command_offset("2025-Q1/1", "SCAN") == 17
    assert store.command_offset("2025-Q1/1", "SCAN", 1) is None
    assert store.position("register.facts") == 40
    store.close()
