"""How old lists are damaged, in one typed place. Every rate is an assumption: no source counts them."""

from dataclasses import dataclass

from agents.simulator.rates import share


@dataclass(frozen=True)
class Damage:
    """Shares of the rows of a list; one row may have several kinds of damage."""

    name_typo: float = share(0.12, "a letter left out, doubled, or two in the wrong order")
    name_changed: float = share(0.06, "a title or a short form before the name, or only its first word")
    birth_swapped: float = share(0.03, "day and month of birth in the wrong order")
    birth_year_only: float = share(0.03, "born on 1 January of the right year")
    birth_other_year: float = share(0.02, "born a year earlier or later")
    sex_wrong: float = share(0.01, "the other sex")
    nik_missing: float = share(0.08, "no NIK")
    nik_malformed: float = share(0.02, "a digit of the NIK left out")
    nik_typo: float = share(0.04, "one digit of the NIK is another")
    nik_of_another: float = share(0.02, "somebody else's NIK, of the same family where it has another member")
    card_old: float = share(0.15, "the number of a card that is no longer in force")
    card_missing: float = share(0.05, "no number of a card")
    address_old: float = share(0.12, "an address of before")
    address_spelled_otherwise: float = share(0.15, "the address spelled otherwise")

    # Rows beside those of people who are in the register, as shares of them.
    strangers: float = share(0.03, "people whom no civil record knows")
    twins: float = share(0.005, "people in no civil record, with birth date, card and address of a listed one")
    doubles: float = share(0.02, "people who stand twice in a list, spelled otherwise")
    dead: float = share(0.02, "people who have died")
