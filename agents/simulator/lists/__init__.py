"""Lists from before DTSEN, as files with the damage that such lists have, and the truth beside them."""

from agents.simulator.lists.making import PROFILES, Lists, lists_of

__all__ = ["PROFILES", "Lists", "lists_of"]
