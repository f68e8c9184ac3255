"""*Kenapa* as one HTML page: to read on a phone, or to print and take along."""

from agents.html import render
from agents.kenapa.telling import Answered
from agents.kenapa.words import STATES, WORDS, quarter_text
from agents.kenapa.written import claim_texts, history_texts
from agents.logs import mask
from streams.reasons import filled
from streams.rules import Text

# The colour of a card, by how the programme stands.
TONES = {"RECEIVES": "good", "FAMILY": "good", "HELD": "wait", "WAITING": "wait", "CORRECTABLE": "wait", "NOT": "bad"}


def page(it: Answered) -> str:
    """The page, in Indonesian with English beside it; the NIK masked (whoever holds the page knows it)."""
    reference = filled(WORDS["reference"], nomor=Text(it.reference, it.reference))
    return render(
        "kenapa.html.j2",
        nik=mask(it.nik),
        decision=filled(WORDS["decision"], triwulan=quarter_text(it.quarter)) if it.quarter else None,
        nothing=None if it.programmes else WORDS["ended" if it.was_ever_decided else "none"],
        in_full=[one for one in it.programmes if one.in_full],
        others=[one for one in it.programmes if not one.in_full],
        claims=claim_texts(it),
        history=history_texts(it),
        reference=reference,
        words=WORDS,
        states=STATES,
        tones=TONES,
    )
