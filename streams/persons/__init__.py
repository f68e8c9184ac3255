"""Persons: what the facts of a quarter say about each NIK, and the status that follows."""

from streams.persons.columns import PERSONS, STATUS
from streams.persons.view import AsOf, persons

__all__ = ["PERSONS", "STATUS", "AsOf", "persons"]
