"""How old lists are damaged, in one typed place. Every rate is an assumption: no source counts them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Damage:
    """Shares of the rows of a list; one row may have several kinds of damage."""

    name_typo: float = 0.12  # a letter left out, doubled, or two in the wrong order
    name_changed: float = 0.06  # a title or a short form before it, or only its first word
    birth_swapped: float = 0.03  # day and month in the wrong order
    birth_year_only: float = 0.03  # 1 January of the right year
    birth_other_year: float = 0.02  # one year off
    sex_wrong: float = 0.01
    nik_missing: float = 0.08
    nik_malformed: float = 0.02  # a digit left out
    nik_typo: float = 0.04  # one digit is another
    nik_of_another: float = 0.02  # somebody else's, of the same family where it has another member
    card_old: float = 0.15  # the number of a card that is no longer in force
    card_missing: float = 0.05
    address_old: float = 0.12
    address_spelled_otherwise: float = 0.15

    # Rows beside those of people who are in the register, as shares of them.
    strangers: float = 0.03  # whom no civil record knows
    twins: float = 0.005  # of a listed person, and themselves in no civil record: the same birth date, card and address
    doubles: float = 0.02  # people who stand twice in a list, spelled otherwise
    dead: float = 0.02  # people who have died
