"""The simulated world: people and families as columns, as they really are.

Nothing here is a register: a death is here on its day, and in the events when it is reported.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np
import polars as pl
from numpy.typing import NDArray

from agents.simulator.identity import CARD_DISTRICTS, NIK_DISTRICTS, Issuer, NumbersUsedUpError, ages, transfer_letters
from agents.simulator.randomness import Days, Flags, Floats, Ints, Scalar, Texts
from agents.simulator.scales import LETTERS_PER_PIECE, Piece

# SHDK, the relation to the head on a family card (domain facts 3.4).
# Cases: row of the person, and what they are about.
OPEN_CASES = {"person": pl.Int64, "kind": pl.String, "programme": pl.String, "quarter": pl.String}
HEAD, HUSBAND, WIFE, CHILD, SON_IN_LAW, GRANDCHILD, PARENT, IN_LAW, RELATIVE, SERVANT = range(1, 11)
# Status kawin.
UNMARRIED, MARRIED, DIVORCED, WIDOWED = range(1, 5)
ADULT_YEARS = 17  # a head must be 17 or older (domain facts 3.5)
NEVER = np.datetime64("2999-12-31", "D")


class Columns:
    """Equally long columns that grow together; the row number is the identity."""

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))  # type: ignore[arg-type]

    def grow(self, **columns: object) -> Ints:
        """Append rows, one value or array per column; return their row numbers."""
        before = len(self)
        for each in fields(self):  # type: ignore[arg-type]
            old = getattr(self, each.name)
            new = np.asarray(columns[each.name])
            setattr(self, each.name, np.concatenate([old, new.astype(old.dtype)]))
        return np.arange(before, len(self))


@dataclass
class People(Columns):
    """One row per person ever simulated."""

    nik: Texts = field(default_factory=lambda: np.empty(0, "U16"))
    name: Texts = field(default_factory=lambda: np.empty(0, "U40"))
    woman: Flags = field(default_factory=lambda: np.empty(0, np.bool_))
    born: Days = field(default_factory=lambda: np.empty(0, "datetime64[D]"))
    family: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    relation: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    marital: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    job: Ints = field(default_factory=lambda: np.empty(0, np.int64))  # place in `jobs.JOBS`
    died: Days = field(default_factory=lambda: np.empty(0, "datetime64[D]"))  # NEVER while alive
    reported: Flags = field(default_factory=lambda: np.empty(0, np.bool_))  # the death is in an event
    # event_id of the person's `lahir`, all zero before it is written; corrections name it.
    birth_event: NDArray[np.uint8] = field(default_factory=lambda: np.empty((0, 16), np.uint8))

    @property
    def alive(self) -> Flags:
        living: Flags = self.died == NEVER
        return living


@dataclass
class Families(Columns):
    """One row per family; a family keeps its row when its card gets another number."""

    number: Texts = field(default_factory=lambda: np.empty(0, "U16"))
    kelurahan: Texts = field(default_factory=lambda: np.empty(0, "U10"))
    address: Texts = field(default_factory=lambda: np.empty(0, "U60"))
    welfare: Floats = field(default_factory=lambda: np.empty(0, np.float64))  # hidden, about N(0, 1)
    gone: Flags = field(default_factory=lambda: np.empty(0, np.bool_))  # out of DKI, or dissolved
    # The family has events under way until this day; nothing else begins before it is past.
    busy_until: Days = field(default_factory=lambda: np.empty(0, "datetime64[D]"))


@dataclass(frozen=True)
class Pregnancy:
    """An announced pregnancy."""

    mother: int  # row of people
    ends: Scalar
    born: bool  # a child is born
    told: bool  # its end is reported
    number: int


@dataclass
class World:
    """People, families, who gives out numbers, and what has happened but is not reported yet."""

    home: Texts  # kelurahan in which families begin and newcomers arrive
    places: Texts  # the two kelurahan between which families move
    niks: Issuer
    cards: Issuer
    letters: int  # SKPWNI numbers issued so far
    letters_end: int  # and how far they may run
    people: People = field(default_factory=People)
    families: Families = field(default_factory=Families)
    school: Ints = field(default_factory=lambda: np.empty(0, np.int64))  # level as last reported, -1: never
    vehicles: Ints | None = None  # in the books of Bapenda, per person; None before the first quarter
    njop: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    in_panti: set[int] = field(default_factory=set)  # rows of people
    conduct: dict[str, str] = field(default_factory=dict)  # of every officer who made a visit so far
    risen: Ints = field(default_factory=lambda: np.empty(0, np.int64))  # families that looked better at this visit
    power_va: Ints | None = None  # in PLN's books, per family; None before the first quarter
    disabled: Ints = field(default_factory=lambda: np.empty(0, np.int64))  # 0 not registered, 1 registered, 2 severe
    ill: Flags = field(default_factory=lambda: np.empty(0, np.bool_))  # marked by the health insurance
    expecting: list[Pregnancy] | None = None  # announced pregnancies; None before the first quarter
    studying: Flags = field(default_factory=lambda: np.empty(0, np.bool_))  # as last reported
    scholarships: dict[int, str] = field(default_factory=dict)  # row of a person -> programme that pays
    open_cases: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=OPEN_CASES))  # not decided yet
    # Row of a person -> day on which the death will be reported.
    deaths_to_report: dict[int, Scalar] = field(default_factory=dict)
    # (row of the mother, birth, day of registration)
    births_to_report: list[tuple[int, Scalar, Scalar]] = field(default_factory=list)

    @classmethod
    def of(cls, piece: Piece) -> World:
        """An empty world with the places and the numbers of a piece."""
        return cls(
            home=np.array(piece.home),
            places=np.array(piece.places),
            niks=Issuer(NIK_DISTRICTS, piece.serials),
            cards=Issuer(CARD_DISTRICTS, piece.serials),
            letters=piece.letters,
            letters_end=piece.letters + LETTERS_PER_PIECE,
        )

    def write_letters(self, days: Days, origins: Texts) -> Texts:
        """New SKPWNI numbers of the kabupaten of origin."""
        letters = transfer_letters(days, origins, self.letters)
        self.letters += len(letters)
        if self.letters >= self.letters_end:
            raise NumbersUsedUpError("all SKPWNI numbers of a piece are given out: simulate fewer quarters")
        return letters

    def free(self, day: Scalar) -> Flags:
        """Families in DKI with nothing under way on `day`."""
        return ~self.families.gone & (self.families.busy_until < day)

    def here(self) -> Flags:
        """People who live in a family in DKI."""
        return self.people.alive & ~self.families.gone[self.people.family]

    def listed(self) -> Flags:
        """People on a card in DKI as the registry knows it: the living and the dead not yet reported."""
        return ~self.people.reported & ~self.families.gone[self.people.family]

    def headed(self) -> Flags:
        """Families with a head on their card; the door takes no card without one."""
        out = np.zeros(len(self.families), np.bool_)
        out[self.people.family[self.listed() & (self.people.relation == HEAD)]] = True
        return out

    def in_families(self, families: Ints) -> Ints:
        """Rows of the listed people of these families, by family, then row."""
        wanted = np.zeros(len(self.families), np.bool_)
        wanted[families] = True
        rows = np.flatnonzero(self.listed() & wanted[self.people.family])
        order: Ints = rows[np.argsort(self.people.family[rows], kind="stable")]
        return order

    def sizes(self) -> Ints:
        """Listed people per family."""
        counts: Ints = np.bincount(self.people.family[self.listed()], minlength=len(self.families))
        return counts.astype(np.int64)

    def ages_on(self, day: Scalar) -> Ints:
        return ages(self.people.born, day)

    def occupy(self, families: Ints, until: Days) -> None:
        """Nothing else begins in these families up to and including a day."""
        busy = self.families.busy_until
        busy[families] = np.maximum(busy[families], until)
