"""A simulated kelurahan: events as its offices would send them, and the truth to compare with."""

from agents.simulator.rates import Rates
from agents.simulator.scales import SCALES, Piece, pieces
from agents.simulator.simulation import Simulation, simulate, simulate_piece
from agents.simulator.truth import Truth

__all__ = ["SCALES", "Piece", "Rates", "Simulation", "Truth", "pieces", "simulate", "simulate_piece"]
