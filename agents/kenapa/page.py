"""*Kenapa* as one HTML page: to read on a phone, or to print on one sheet and take along."""

from collections.abc import Iterator, Sequence

from agents.html import render
from agents.kenapa.paper import CARD, HEADING, Paper, Part, on_paper
from agents.kenapa.telling import Answered, Told
from agents.kenapa.words import KINDS, STATES, WORDS, quarter_text
from agents.kenapa.written import claim_texts, history_texts
from agents.logs import mask
from streams.reasons import filled
from streams.rules import Text

# The colour of a card, by how the programme stands.
TONES = {"RECEIVES": "good", "FAMILY": "good", "HELD": "wait", "WAITING": "wait", "CORRECTABLE": "wait", "NOT": "bad"}
STATE_LINE, RULE_LINE, EVENT_LINE = 10.0, 9.5, 12.0  # points on paper: one line of each
LONG = frozenset({"CORRECTABLE", "WAITING", "FAMILY"})  # states that take three lines there


def page(it: Answered) -> str:
    """The page, in Indonesian with English beside it; the NIK masked (whoever holds the page knows it)."""
    reference = filled(WORDS["reference"], nomor=Text(it.reference, it.reference))
    in_full = [one for one in it.programmes if one.in_full]
    others = [one for one in it.programmes if not one.in_full]
    claimed, history = claim_texts(it), history_texts(it)
    paper = on_paper(list(_parts(in_full, others, claimed, history)))
    return render(
        "kenapa.html.j2",
        nik=mask(it.nik),
        decision=filled(WORDS["decision"], triwulan=quarter_text(it.quarter)) if it.quarter else None,
        nothing=None if it.programmes else WORDS["ended" if it.was_ever_decided else "none"],
        in_full=in_full,
        others=others,
        objections=objections(in_full, others),
        claims=claimed,
        history=history,
        reference=reference,
        printed=paper.printed,
        tells_others=any(f"other.{one.programme.name}" in paper.printed for one in others),
        left_out=_left_out(paper),
        words=WORDS,
        states=STATES,
        tones=TONES,
    )


def objections(in_full: Sequence[Told], others: Sequence[Told]) -> list[Text]:
    """How to object, each way once, with the programmes that it is about: for paper."""
    ways: dict[Text, list[Text]] = {}
    for one in (*in_full, *(it for it in others if it.state == "CORRECTABLE")):
        if one.explanation.objection:
            ways.setdefault(one.explanation.objection, []).append(one.programme.title)
    return [
        Text(f"{', '.join(it.id for it in names)}: {way.id}", f"{', '.join(it.en for it in names)}: {way.en}")
        for way, names in ways.items()
    ]


def _parts(
    in_full: Sequence[Told], others: Sequence[Told], claimed: Sequence[Text], history: Sequence[Text]
) -> Iterator[Part]:
    """Everything on the page but its frame, the most needed first."""
    correctable = [one for one in others if one.state == "CORRECTABLE"]
    rest = [one for one in others if one.state != "CORRECTABLE"]
    yield Part("states", "others", [], more=sum(_row_height(others[at : at + 2]) for at in range(0, len(others), 2)))
    for one in in_full:
        why = one.explanation
        yield Part(f"card.{one.programme.name}", "card", [why.what, why.why], more=CARD + RULE_LINE)
    yield from _listed("objection", "objection", list(enumerate(objections(in_full, others))))
    for name in ("correct", "turn", "changed", "far"):
        for one in in_full:
            if texts := getattr(one, name):
                card = f"card.{one.programme.name}"
                yield Part(f"{name}.{one.programme.name}", name, texts, WORDS[name], needs=card)
    yield from _listed("claim", "claims", [*enumerate(claimed)][::-1])
    yield from _others(correctable, HEADING)
    yield from _events(in_full)
    yield from _listed("history", "history", [*enumerate(history)][::-1])
    yield from _others(rest, 0 if correctable else HEADING)


def _listed(key: str, kind: str, texts: Sequence[tuple[int, Text]]) -> Iterator[Part]:
    """Lines under a heading, which comes with the first of them."""
    for place, (number, said) in enumerate(texts):
        yield Part(f"{key}.{number}", kind, [said], more=0 if place else HEADING)


def _others(some: Sequence[Told], heading: float) -> Iterator[Part]:
    for place, one in enumerate(some):
        said = [one.explanation.why, *one.far]
        if one.state == "CORRECTABLE":
            said += one.correct
        yield Part(f"other.{one.programme.name}", "others", said, more=2 * EVENT_LINE + (0 if place else heading))


def _events(in_full: Sequence[Told]) -> Iterator[Part]:
    """Each event once, in the first card that names it."""
    told: set[bytes] = set()
    for one in in_full:
        for event in one.told_events:
            name = f"{one.programme.name}.{event.cause.hex()}"
            said = event.texts(with_number=False)
            if event.cause not in told:
                yield Part(f"event.{name}", "event", said, WORDS["event"], EVENT_LINE, f"card.{one.programme.name}")
            told.add(event.cause)


def _row_height(row: Sequence[Told]) -> float:
    """Of a row of the table of programmes, which has two columns on paper."""
    return STATE_LINE * (3 if any(one.state in LONG for one in row) else 2) + 4


def _left_out(paper: Paper) -> Text | None:
    """What the sheet does not have, and where it is; None when it has all."""
    if not paper.left_out:
        return None
    kinds = [KINDS[it] for it in paper.left_out]
    return filled(WORDS["left_out"], apa=Text("; ".join(it.id for it in kinds), "; ".join(it.en for it in kinds)))
