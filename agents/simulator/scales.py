"""How large a simulation is, and the bounded pieces that a large one is made of.

XS and S are one piece: two half kelurahan in two kota. M and L are one piece per kelurahan: a world of
its own with a seed of its own, so that memory holds one piece at a time, and a piece made alone has the
bytes that it has within the whole. Its families live in one kelurahan and move to a partner in another
kota and back; every kelurahan is the partner of exactly one other, so that moves balance over the whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from agents.simulator.identity import SERIALS
from agents.simulator.randomness import random_for
from schemas.regions import kelurahan

# Two half kelurahan in two kota, so that moves between kota occur: Kebayoran Lama Utara in
# Jakarta Selatan and Kampung Melayu in Jakarta Timur (Kemendagri codes, without dots).
TWO_HALVES = ("3174051001", "3175031001")
KEBAYORAN_LAMA = "317405"  # the kecamatan of scale M: six kelurahan

# Persons by kota, Dukcapil, second half of 2024 (domain facts 3.3): 11,038,216 in all.
PERSONS_OF_KOTA = {
    "3101": 30_334,
    "3171": 1_057_270,
    "3172": 1_832_032,
    "3173": 2_556_752,
    "3174": 2_331_411,
    "3175": 3_230_417,
}
# Half of the 267 kelurahan: no kota has so many, so the partner is always in another one.
PARTNER_STEP = 133
SEED_BITS = 40  # of a piece's own seed; the simulator multiplies seeds within 64 bits


@dataclass(frozen=True)
class Scale:
    """The size of the first population, in persons and in family cards."""

    persons: int
    families: int


@dataclass(frozen=True)
class Piece:
    """One world: where its families begin, where they may move, and which numbers it may give out."""

    name: str  # the kelurahan; of a scale of one piece, the scale
    size: Scale
    home: tuple[str, ...]  # kelurahan in which families begin and newcomers arrive
    places: tuple[str, str]  # the kelurahan in two kota between which families move
    serials: range  # of NIK and of cards, per date and district: no other piece has these
    letters: int  # SKPWNI numbers run on from here

    def seed(self, seed: int) -> int:
        """The seed of this piece: the given one, or for a kelurahan one derived from it."""
        if self.home == TWO_HALVES:
            return seed
        return int(random_for(seed, "piece", self.name).integers(2**SEED_BITS))


# As the domain facts propose (6.5). XXS and XXM exist for tests only and are not offered in help.
SCALES = {
    "XXS": Scale(300, 100),
    "XXM": Scale(900, 300),
    "XS": Scale(3_000, 1_000),
    "S": Scale(30_000, 10_000),
    "M": Scale(260_000, 85_000),
    "L": Scale(11_038_216, 3_600_000),
}
# Which kelurahan a scale of several pieces is made of, by the beginning of their codes.
SPREAD = {"XXM": "310101", "M": KEBAYORAN_LAMA, "L": "31"}
LETTERS_PER_PIECE = 1_000_000


@cache
def pieces(scale: str) -> tuple[Piece, ...]:
    """The pieces of a scale, in the order of their codes; their persons and families sum to the scale's.

    Raises ValueError for an unknown scale.
    """
    if scale not in SCALES:
        raise ValueError(f"scale {scale!r} is unknown; use one of {', '.join(SCALES)}")
    size = SCALES[scale]
    if scale not in SPREAD:
        return (Piece(scale, size, TWO_HALVES, TWO_HALVES, SERIALS, 0),)
    codes = sorted(kelurahan())
    chosen = [code for code in codes if code.startswith(SPREAD[scale])]
    persons, families = _shared(size.persons, chosen), _shared(size.families, chosen)
    return tuple(
        Piece(
            code,
            Scale(persons[code], families[code]),
            (code,),
            (code, codes[(codes.index(code) + PARTNER_STEP) % len(codes)]),
            _block(codes.index(code), len(codes)),
            codes.index(code) * LETTERS_PER_PIECE,
        )
        for code in chosen
    )


def _block(place: int, count: int) -> range:
    """The serials of one kelurahan of all: equally many for each, whatever the scale."""
    each = len(SERIALS) // count
    return range(SERIALS.start + place * each, SERIALS.start + (place + 1) * each)


def _shared(total: int, codes: list[str]) -> dict[str, int]:
    """A total spread over kelurahan by the persons of their kota, evenly within it; the sum is exact."""
    of_kota = [PERSONS_OF_KOTA[code[:4]] / sum(it.startswith(code[:4]) for it in codes) for code in codes]
    edges = [round(total * sum(of_kota[:place]) / sum(of_kota)) for place in range(len(codes) + 1)]
    return {code: after - before for code, before, after in zip(codes, edges[:-1], edges[1:], strict=True)}
