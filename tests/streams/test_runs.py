"""Aims at the fold of `checkpoint.log`: the first entry of its kind counts, whatever is repeated, late or foreign."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.runs import Entry, Journal, Kind, next_step, steps
from streams.runs.journal import cut_rows
from streams.runs.plan import COORDINATOR, missing

PARTITIONS = 3
WAVES = 2


def opened(quarter: str = "2025-Q1", cut: int = 10) -> Entry:
    return Entry(
        Kind.OPENED,
        quarter,
        body={"cut": {"population.lahir": [cut, cut]}, "rules": {}, "as_of": "2025-03-31"},
    )


def started(quarter: str = "2025-Q1", number: int = 1) -> Entry:
    return Entry(
        Kind.STARTED,
        quarter,
        run=f"{quarter}/seal/{number}",
        code_version="code",
        rules_hash="rules",
        body={"waves": WAVES, "partitions": PARTITIONS},
    )


def in_run(kind: Kind, step: str = "", wave: int = 0, partition: int = -1, number: int = 1) -> Entry:
    return replace(started(number=number), kind=kind, step=step, wave=wave, partition=partition, body={})


def whole_run(number: int = 1) -> list[Entry]:
    """Every entry that the steps of one run need, in order, up to the seal."""
    entries = []
    for step in steps(WAVES):
        if step.stage != COORDINATOR:
            entries += [in_run(Kind.REPORT, step.name, step.wave, p, number) for p in range(PARTITIONS)]
        elif step.name == "BOOKS":
            entries.append(in_run(Kind.SEALED, number=number))
        else:
            entries.append(in_run(Kind(step.name), wave=step.wave, number=number))
    return entries


def fold(entries: list[Entry]) -> Journal:
    journal = Journal()
    for offset, entry in enumerate(entries):
        journal.apply(replace(entry, offset=offset))
    return journal


def test_a_run_walks_through_all_steps_and_seals() -> None:
    journal = fold([opened(), started()])
    seen = []
    for entry in whole_run():
        run = journal.open_run
        assert run
        step = next_step(run)
        assert step
        seen.append((step.name, step.wave))
        assert journal.apply(replace(entry, offset=journal.next_offset))
    assert journal.open_run is None
    assert [quarter.name for quarter in journal.sealed] == ["2025-Q1"]
    assert sorted(set(seen), key=seen.index) == [(step.name, step.wave) for step in steps(WAVES)]


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_repeated_entries_change_nothing(data: st.DataObject) -> None:
    entries = [opened(), started(), *whole_run()]
    noisy: list[Entry] = []
    for index, entry in enumerate(entries):
        noisy.append(entry)
        noisy += data.draw(st.lists(st.sampled_from(entries[: index + 1]), max_size=2))
    plain, other = fold(entries), fold(noisy)
    assert [q.sealed is not None for q in other.quarters.values()] == [
        q.sealed is not None for q in plain.quarters.values()
    ]
    first, second = plain.quarters["2025-Q1"].runs, other.quarters["2025-Q1"].runs
    assert [set(run.reports) for run in first] == [set(run.reports) for run in second]
    assert len(second) == 1
    assert len(other.ignored) == len(noisy) - len(entries)


def test_the_first_report_of_a_partition_counts() -> None:
    first = replace(in_run(Kind.REPORT, "SCAN", 0, 0), attempt=7)
    journal = fold([opened(), started(), first, replace(first, attempt=8)])
    run = journal.open_run
    assert run
    assert run.step_reports("SCAN")[0].attempt == 7
    assert missing(run, next(steps(WAVES))) == [1, 2]


def test_a_report_of_other_rules_or_other_code_is_refused() -> None:
    report = in_run(Kind.REPORT, "SCAN", 0, 0)
    journal = fold([opened(), started(), replace(report, rules_hash="x"), replace(report, code_version="y")])
    run = journal.open_run
    assert run
    assert run.step_reports("SCAN") == {}
    assert [why.split()[3] for _, why in journal.ignored] == ["rules", "code"]


def test_the_cut_is_decided_once_and_never_moves_backwards() -> None:
    journal = fold([opened(cut=10), opened(cut=11), opened("2025-Q2", cut=9), opened("2024-Q4", cut=12)])
    assert list(journal.quarters) == ["2025-Q1"]
    assert journal.quarters["2025-Q1"].cut == {"population.lahir": [10, 10]}
    assert len(journal.ignored) == 3


def test_a_refused_quarter_runs_again_only_when_asked() -> None:
    journal = fold([opened(), started(), in_run(Kind.REFUSED)])
    assert journal.waiting() is None
    journal.apply(replace(Entry(Kind.RETRY, "2025-Q1"), offset=journal.next_offset))
    waiting = journal.waiting()
    assert waiting
    assert waiting.name == "2025-Q1"
    for entry in [started(number=2), *whole_run(2)]:
        assert journal.apply(replace(entry, offset=journal.next_offset))
    assert journal.quarters["2025-Q1"].sealed


def test_one_run_at_a_time_and_quarters_in_order() -> None:
    journal = fold([opened(), opened("2025-Q2", cut=20), started("2025-Q2"), started(), started("2025-Q1", 2)])
    run = journal.open_run
    assert run
    assert run.name == "2025-Q1/seal/1"
    assert [entry.run for entry, _ in journal.ignored] == ["2025-Q2/seal/1", "2025-Q1/seal/2"]


def test_an_entry_survives_its_record() -> None:
    entry = replace(
        in_run(Kind.REPORT, "SCAN", 0, 2),
        body={"b": 1, "a": [1, 2]},
        frames={"counts": b"\x00\x01"},
        offset=5,
    )
    assert Entry.from_record(entry.to_record(), 5) == entry


def test_the_cut_as_rows_is_sorted_by_topic_number() -> None:
    rows = cut_rows({"b": [1], "a": [2, 3]}, {"a": 2, "b": 1})
    assert [(row["topic_number"], row["partition"], row["offset"]) for row in rows] == [
        (1, 0, 1),
        (2, 0, 2),
        (2, 1, 3),
    ]


def asked(quarter: str = "2025-Q2") -> Entry:
    return Entry(
        Kind.PREVIEW,
        quarter,
        body={"cut": {"population.lahir": [20, 20]}, "rules": {}, "as_of": "2025-06-30"},
    )


def preview_started(offset: int, quarter: str = "2025-Q2", number: int = 1) -> Entry:
    body = {"waves": WAVES, "partitions": PARTITIONS, "preview": offset, **asked(quarter).body}
    return replace(started(quarter), run=f"{quarter}/preview/{number}", body=body)


def in_preview(kind: Kind) -> Entry:
    return replace(preview_started(0), kind=kind, body={})


def test_a_preview_has_its_own_cut_and_ends_without_a_seal() -> None:
    journal = fold([asked("2025-Q1"), preview_started(0, "2025-Q1"), asked("2025-Q1")])
    run = journal.open_run
    assert run is not None
    assert run.is_preview
    assert journal.cut_of(run) == {"population.lahir": [20, 20]}
    assert journal.as_of(run) == "2025-06-30"
    assert journal.waiting() is None
    journal.apply(replace(in_preview(Kind.PREVIEWED), run=run.name, quarter="2025-Q1", offset=3))
    assert journal.open_run is None
    assert not journal.sealed
    assert not journal.quarters
    assert journal.next_preview() is not None, "asked twice, run twice"


def test_a_preview_seals_and_refuses_nothing() -> None:
    for kind in (Kind.SEALED, Kind.REFUSED):
        journal = fold([asked(), preview_started(0), in_preview(kind)])
        assert [why for _, why in journal.ignored] == ["a preview seals nothing"]
        assert not journal.sealed


def test_a_quarter_waits_for_no_preview_and_a_preview_for_the_quarter() -> None:
    journal = fold([asked(), preview_started(0), opened("2025-Q2")])
    waiting = journal.waiting()
    assert waiting is not None
    assert waiting.name == "2025-Q2"
    journal = fold([opened(), started(), asked(), preview_started(2)])
    assert [why for _, why in journal.ignored] == ["run 2025-Q1/seal/1 is open: one run at a time"]


def test_a_sealed_quarter_is_looked_at_again_and_stays_sealed() -> None:
    again = fold([opened(), started(), *whole_run()])
    sealed = again.quarters["2025-Q1"].sealed
    cut = again.quarters["2025-Q1"].cut
    place = again.next_offset
    for entry in (asked("2025-Q1"), preview_started(place, "2025-Q1")):
        assert again.apply(replace(entry, body={**entry.body, "cut": cut}, offset=again.next_offset))
    run = again.open_run
    assert run is not None
    assert again.sealed_run_at(run) is again.quarters["2025-Q1"].sealed_run, "it sees what the seal saw"
    again.apply(replace(in_preview(Kind.PREVIEWED), run=run.name, quarter="2025-Q1", offset=again.next_offset))
    assert again.quarters["2025-Q1"].sealed is sealed


def test_a_preview_at_another_cut_is_no_look_at_the_sealed_one() -> None:
    journal = fold([opened(), started(), *whole_run()])
    place = journal.next_offset
    for entry in (asked("2025-Q1"), preview_started(place, "2025-Q1")):
        assert journal.apply(replace(entry, offset=journal.next_offset))
    run = journal.open_run
    assert run is not None
    assert journal.cut_of(run) != journal.quarters["2025-Q1"].cut
    assert journal.sealed_run_at(run) is None


def test_nothing_is_known_of_a_quarter_before_the_first() -> None:
    journal = fold([asked("2024-Q3"), opened(), started(), *whole_run(), asked("2024-Q4")])
    assert journal.ignored[0][1].startswith("2024-Q4 is before 2025-Q1")
    assert journal.next_preview() is None, "nor of one that was asked for when nothing was sealed"
