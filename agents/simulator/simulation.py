"""A simulated kelurahan: what happened, what was sent in each quarter, and what is true at its end."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from agents.simulator.disorder import ARRIVAL, on_the_way
from agents.simulator.life.births import births
from agents.simulator.life.campaign import campaign
from agents.simulator.life.cards import marriages, placements, reissued_cards
from agents.simulator.life.cases import cases
from agents.simulator.life.deaths import deaths
from agents.simulator.life.employment import job_changes
from agents.simulator.life.enrichment import institutions, ownership, schooling
from agents.simulator.life.load import first_load
from agents.simulator.life.merges import merges
from agents.simulator.life.moves import moves
from agents.simulator.life.registry import biodata, deactivated_niks, divorces, moves_within
from agents.simulator.life.services import disability, electricity, illness, pregnancies
from agents.simulator.life.students import studies
from agents.simulator.life.wrong_deaths import corrected_births, wrong_deaths
from agents.simulator.log import Events, Log, Turn, together
from agents.simulator.malformed import malformed
from agents.simulator.population import found
from agents.simulator.quarters import Quarter
from agents.simulator.rates import Rates
from agents.simulator.scales import Piece, pieces
from agents.simulator.scenarios import LIVES
from agents.simulator.scenarios.mixing import fitting, mixed_in
from agents.simulator.truth import Truth, truth_of
from agents.simulator.wire import wire_frame
from agents.simulator.world import World

if TYPE_CHECKING:
    from collections.abc import Callable

    Step = Callable[[Turn], None]

# In this order: a family that one step has taken is left alone by the later ones.
LIFE: tuple[Step, ...] = (
    placements,
    moves,
    births,
    wrong_deaths,
    corrected_births,
    marriages,
    divorces,
    merges,
    moves_within,
    deactivated_niks,
    biodata,
    reissued_cards,
    job_changes,
    schooling,
    ownership,
    institutions,
    electricity,
    disability,
    illness,
    pregnancies,
    studies,
    deaths,
    campaign,
    cases,
)


@dataclass(frozen=True)
class Simulation:
    """Everything that a seed makes of a scale; the same arguments give the same bytes."""

    scale: str
    seed: int
    quarters: list[str]
    written: dict[str, Events]  # by contract, with the columns of `disorder.py`
    world: World
    _wire: dict[str, pl.DataFrame] = field(default_factory=dict, repr=False)

    def events(self, quarter: str) -> pl.DataFrame:
        """What reaches Kafka in a quarter, in the order of sending: columns as `wire.WIRE`.

        Raises KeyError for a quarter that was not simulated.
        """
        if quarter not in self._wire:
            self._wire[quarter] = wire_frame(self._arriving(quarter), self.seed)
        return self._wire[quarter]

    def truth(self, quarter: str) -> Truth:
        """What holds at a quarter's end, by the events that have arrived up to then."""
        self._check(quarter)
        return truth_of(self.written, self.world, Quarter.parse(quarter))

    def _arriving(self, quarter: str) -> dict[str, Events]:
        self._check(quarter)
        index = Quarter.parse(quarter).index
        return {name: each.only(pl.col(ARRIVAL) == index) for name, each in self.written.items()}

    def _check(self, quarter: str) -> None:
        if quarter not in self.quarters:
            raise KeyError(f"{quarter} was not simulated; simulated are {', '.join(self.quarters)}")


def simulate(
    scale: str = "XS",
    quarters: int = 4,
    first: str = "2025-Q1",
    seed: int = 1,
    rates: Rates | None = None,
    *,
    scenarios: bool = False,
) -> Simulation:
    """Simulate `quarters` quarters from `first` on; more quarters never change the earlier ones.

    With `scenarios`, the scripted lives (`agents.simulator.scenarios`) that begin in or after the first quarter
    are mixed in; nobody else has another event for that. Raises ValueError for an unknown scale, one of several
    pieces (`simulate_piece` makes each of them), no quarters, a quarter written wrongly, or no such life.
    """
    found_pieces = pieces(scale)
    if len(found_pieces) > 1:
        raise ValueError(
            f"scale {scale} has {len(found_pieces)} pieces: simulate them one after another (simulate_piece)"
        )
    return simulate_piece(scale, found_pieces[0], quarters, first, seed, rates, scenarios=scenarios)


def simulate_piece(
    scale: str,
    piece: Piece,
    quarters: int,
    first: str,
    seed: int,
    rates: Rates | None = None,
    *,
    scenarios: bool = False,
) -> Simulation:
    """One piece of a scale, the same alone as among all others; `seed` is that of the whole.

    Scripted lives are mixed into the first piece only.

    Raises ValueError for no quarters, a quarter written wrongly, or when the piece needs more numbers than
    it has (`NumbersUsedUpError`).
    """
    if quarters < 1:
        raise ValueError(f"{quarters} quarters cannot be simulated; ask for at least 1")
    rates, own = rates or Rates(), piece.seed(seed)
    start = Quarter.parse(first)
    world = found(piece, start, own, rates)
    log = Log()
    parts: dict[str, list[Events]] = {}
    for number in range(quarters):
        turn = Turn(world, start.plus(number), own, rates, log)
        if number == 0:
            first_load(turn)
        for step in LIFE:
            step(turn)
        written = log.take()
        for contract, events in written.items():
            parts.setdefault(contract, []).append(on_the_way(turn, contract, events))
        for contract, events in malformed(turn, written).items():
            parts.setdefault(contract, []).append(events)
    names = [str(start.plus(number)) for number in range(quarters)]
    written_in_all = {name: together(each) for name, each in parts.items()}
    if scenarios and piece == pieces(scale)[0]:
        written_in_all = mixed_in(written_in_all, fitting(LIVES, start))
    return Simulation(scale, own, names, written_in_all, world)
