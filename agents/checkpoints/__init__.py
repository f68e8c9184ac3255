"""Stage checkpoints: starts runs, gives commands, decides cuts, balances the books, seals or refuses."""

from agents.checkpoints.stage import Checkpoints

__all__ = ["Checkpoints"]
