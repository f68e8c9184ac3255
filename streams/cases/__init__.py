"""Cases: what the channels bring about one person, programme, kind and quarter, and what an office decided.

Objections (sanggah), complaints (keluhan), proposals (usul) and reactivations (reaktivasi) are facts of the group
claim; so are decisions (putusan_kasus). A case is a view of them, like everything else: the same facts in any order
give the same cases, and a cancelled decision opens its case again.
"""

from streams.cases.claims import CLAIMS, claims_in
from streams.cases.columns import CASES, DECIDED, KINDS, OPEN, OVERDUE, STATES, Terms
from streams.cases.counted import CLAIMED, COUNTED, OBJECTING, add_counted, cases_at, counted, objected, objecting
from streams.cases.report import AGEING, ageing
from streams.cases.view import cases_of, cases_with, chosen

__all__ = [
    "AGEING",
    "CASES",
    "CLAIMED",
    "CLAIMS",
    "COUNTED",
    "DECIDED",
    "KINDS",
    "OBJECTING",
    "OPEN",
    "OVERDUE",
    "STATES",
    "Terms",
    "add_counted",
    "ageing",
    "cases_at",
    "cases_of",
    "cases_with",
    "chosen",
    "claims_in",
    "counted",
    "objected",
    "objecting",
]
