"""The village's scenarios as scripted lives, which can be mixed into a simulated year: known people, known answers."""

from agents.simulator.scenarios import (
    birth_before_the_card,
    birthdays,
    death_two_years_late,
    domestic_worker,
    head_dies,
    marriage_of_two_payees,
    move_between_kelurahan,
    move_out_of_dki,
    pregnancy,
    renter_moves,
    sold_car,
    split,
    student,
    wrong_death_flag,
)
from agents.simulator.scenarios.life import Chapter, Life

LIVES = tuple(
    module.LIFE
    for module in (
        birth_before_the_card,
        birthdays,
        death_two_years_late,
        domestic_worker,
        head_dies,
        marriage_of_two_payees,
        move_between_kelurahan,
        move_out_of_dki,
        pregnancy,
        renter_moves,
        sold_car,
        split,
        student,
        wrong_death_flag,
    )
)

__all__ = ["LIVES", "Chapter", "Life"]
