"""Families out of people: who is present, what is known of the home, and who receives for it.

A family is what its members' own listings say: there are no rows of membership that could go stale.
"""

from streams.families.ages import age_years
from streams.families.form import Formed, form

__all__ = ["Formed", "age_years", "form"]
