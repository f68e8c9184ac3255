"""Aims at visits as intake hands them on: one per accepted groundcheck, with equal digests for equal answers."""

from streams.integrity.visits import VISITS
from tests.streams.door.made import HEAD, PEOPLE, WIFE, Record, changed, encoded, good, opened


def visits_of(*records: Record) -> list[dict[str, object]]:
    result = opened("groundcheck", [encoded("groundcheck", record) for record in records])
    assert result.visits.schema == VISITS
    return result.visits.to_dicts()


def test_a_visit_says_what_the_event_says() -> None:
    record = good("groundcheck")
    (visit,) = visits_of(record)
    content = record["content"]
    same = [name for name in content if name in VISITS and name not in ("nik", "jawaban")]
    assert len(same) == 13
    assert {name: visit[name] for name in same} == {name: content[name] for name in same}
    assert (visit["producer_number"], visit["event_id"]) == (b"\0\3", record["event_id"])
    assert visit["nik"] == sorted([HEAD, WIFE])
    assert (visit["kind"], visit["corrects"]) == ("STATE", False)


def test_blanks_around_a_number_make_no_other_officer() -> None:
    spaced = changed(good("groundcheck", 2), content__petugas=" bps-0001  ")
    assert [it["petugas"] for it in visits_of(good("groundcheck", 1), spaced)] == ["bps-0001", "bps-0001"]


def test_refused_events_and_other_types_are_no_visits() -> None:
    wrong = changed(good("groundcheck", 2), content__kelurahan="x")
    assert [it["event_id"] for it in visits_of(good("groundcheck", 1), wrong, good("groundcheck", 3))] == [
        good("groundcheck", number)["event_id"] for number in (1, 3)
    ]
    assert opened("mati", [encoded("mati", good("mati"))]).visits.is_empty()


def test_equal_answers_have_equal_digests_and_an_unseen_home_has_none() -> None:
    first, second, other = good("groundcheck", 1), good("groundcheck", 2), good("groundcheck", 3)
    second["content"] |= {"petugas": "somebody else", "alamat": "elsewhere"}
    other["content"]["perumahan"]["lantai"] = 2
    unseen = changed(
        good("groundcheck", 4), content__hasil_kontak="MENOLAK", content__perumahan=None, content__aset=None
    )
    digests = [it["jawaban"] for it in visits_of(first, second, other, unseen)]
    assert digests[0] == digests[1] != digests[2]
    assert digests[3] is None


def test_a_cancelled_visit_names_what_it_cancels() -> None:
    cancel = good("groundcheck", kind="CANCEL")
    (visit,) = visits_of(cancel)
    assert (visit["kind"], visit["petugas"], visit["jawaban"]) == ("CANCEL", None, None)
    assert (visit["corrects.producer_number"], visit["corrects.event_id"]) == (b"\0\3", cancel["corrects"]["event_id"])
    assert not visit["nik"]
    assert PEOPLE["groundcheck"], "its people are in the facts"
