"""A simulated kelurahan: events as its offices would send them, and the truth to compare with."""

from agents.simulator.rates import SCALES, Rates
from agents.simulator.simulation import Simulation, simulate
from agents.simulator.truth import Truth

__all__ = ["SCALES", "Rates", "Simulation", "Truth", "simulate"]
