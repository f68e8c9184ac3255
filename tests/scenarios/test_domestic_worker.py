"""Aims at a domestic worker on the card of an employer of the state: removed with the card, back on one of her own."""

from agents.simulator.scenarios.domestic_worker import EMPLOYER, HOUSE, LIFE, WORKER
from tests.scenarios.told import Village, comfortable


def test_a_domestic_worker_on_the_card_of_an_asn() -> None:
    _, second, _ = Village(*LIFE.programmes).lives(LIFE)
    line = second.line(WORKER, "SEMBAKO")
    assert {"name": "asn_dalam_keluarga", "value": "ya"} in line["values"]
    assert line["rule"] == "SEMBAKO:aparatur"
    assert line["objection_until"] is not None


def test_the_house_of_the_employer_does_not_follow_her() -> None:
    village = Village(*LIFE.programmes)
    told = village.lives(LIFE)
    next(told), next(told)
    # seen in the employer's house before she has a card of her own again: that quarter ends as the life says
    village.tells(comfortable(HOUSE, EMPLOYER, WORKER, day="2025-07-05"))
    next(told)
