"""Findings: what is odd about events that were accepted, told back to their producers when a quarter is sealed.

Parts see parts: a register partition the corrections and copies of its people, a families partition its cards. They
send what they see (`INDICATIONS`), all about one event to one partition, and there it is put together (`findings`).
Only what is new is told: inside this quarter's cut, and not inside the previous one.
"""

from streams.findings.aside import decisions
from streams.findings.cards import card_indications, fresh_listings
from streams.findings.codes import Finding
from streams.findings.contents import two_contents
from streams.findings.corrections import corrections
from streams.findings.frames import INDICATIONS, no_indications
from streams.findings.told import FINDINGS, by_event, findings

__all__ = [
    "FINDINGS",
    "INDICATIONS",
    "Finding",
    "by_event",
    "card_indications",
    "corrections",
    "decisions",
    "findings",
    "fresh_listings",
    "no_indications",
    "two_contents",
]
