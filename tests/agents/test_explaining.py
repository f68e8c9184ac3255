"""Aims at: *kenapa* tells the decision of its quarter, and nobody that an older one still pays."""

import datetime as dt
import uuid
from dataclasses import replace

import pytest

from agents.asking import Asked, ask_about
from agents.errors import OperatorError
from agents.explaining import as_json, explanations, is_known, text
from agents.rulebook import read_bundle
from agents.settings import Settings
from streams.runs import Journal
from tests.streams.quarters import evaluate
from tests.streams.villages import AS_OF, POOR, Person

PACKAGED = read_bundle("XS").at(AS_OF)
ELDER = Person(1, born=dt.date(1950, 1, 1), home=POOR)


def asked(quarter: str, person: Person = ELDER) -> Asked:
    """What is stored of somebody who was listed in 2025-Q1, and not afterwards."""
    answer = {**evaluate([person], PACKAGED).of(1), "quarter": "2025-Q1"}
    for name, value in answer.items():
        if name.rpartition(".")[2] == "causes":
            answer[name] = [event.hex() for event in value]
    said = {"nik": answer["nik"], "person": {}, "answer": answer, "published": [], "facts": []}
    return Asked(said, "store", Journal(), PACKAGED, quarter)


def test_the_answer_of_this_quarter_is_told() -> None:
    now = asked("2025-Q1")
    assert "Anda menerima" in "\n".join(text(now, explanations(now), "id"))


def test_an_older_answer_is_not_told_as_this_quarters() -> None:
    later = asked("2025-Q2")
    assert explanations(later) == []
    told = "\n".join(text(later, [], "id"))
    assert "Anda menerima" not in told
    assert "Tidak ada keputusan tentang bantuan untuk NIK ini pada triwulan tersebut." in told


def test_what_is_not_known_is_no_further_reason() -> None:
    now = asked("2025-Q1", replace(ELDER, born=dt.date(1990, 1, 1)))
    told = "\n".join(text(now, explanations(now), "id"))
    assert "Sekolah Anda tercatat di luar" not in told
    assert "Belum diketahui" in told


def test_who_was_never_heard_of_is_not_known() -> None:
    now = asked("2025-Q1")
    assert is_known(now)
    assert not is_known(replace(now, said={**now.said, "person": None}))


def test_events_are_named_as_their_producers_know_them() -> None:
    here = asked("2025-Q1")
    event = uuid.UUID("01957dfe-b780-78bb-92f9-27ee0edb80e9")
    answer = {**here.said["answer"], "KLJ.causes": [f"0001{event.hex}"]}
    now = replace(here, said={**here.said, "answer": answer})
    found = explanations(now)
    (klj,) = (it for it in as_json(now, found) if it["programme"] == "KLJ")
    assert klj["causes"] == [f"dukcapil-dki/{event}"]
    assert f", dukcapil-dki/{event}." in "\n".join(text(now, found, "id"))


@pytest.mark.parametrize(("given", "said"), [("3171********0012", "is masked"), ("317190010280001", "15 characters")])
def test_what_is_no_nik_is_said_to_be_what_it_is(given: str, said: str) -> None:
    with pytest.raises(OperatorError, match=said):
        ask_about(Settings(broker="none:0"), given)
