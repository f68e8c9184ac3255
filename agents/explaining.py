"""*Kenapa?* for one person: the last sealed answer and what was published, told with rule, values and events."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from agents.asking import Asked
from agents.naming import event_name
from agents.people import WIB, plain_value
from schemas.registry import contracts
from streams.changes.reasons import TEXTS
from streams.reasons import Explanation, day_text, explain

WORDS = {
    "id": {
        "event": "Peristiwa", "true": "berlaku", "recorded": "dicatat", "by": "oleh",
        "value": "Nilai", "limit": "batas", "history": "Riwayat", "sealed": "Keputusan triwulan",
        "none": "Belum ada keputusan tentang bantuan untuk NIK ini.",
        "ended": "Tidak ada keputusan tentang bantuan untuk NIK ini pada triwulan tersebut.",
        "unknown": "NIK ini tidak dikenal: belum ada peristiwa tentangnya yang diterima. Periksa angkanya.",
        "store": "Layanan sedang berhenti; ini isi terakhir yang tersimpan.",
    },
    "en": {
        "event": "Event", "true": "true from", "recorded": "recorded", "by": "by",
        "value": "Value", "limit": "limit", "history": "History", "sealed": "Decision of quarter",
        "none": "Nothing was decided yet about assistance for this NIK.",
        "ended": "In that quarter nothing was decided about assistance for this NIK.",
        "unknown": "This NIK is not known: no event about it was accepted yet. Check its digits.",
        "store": "No worker runs; this is what its store held last.",
    },
}  # fmt: skip
TIMESTAMP_BYTES = 6  # UUIDv7 begins with milliseconds since 1970


def explanations(asked: Asked) -> list[Explanation]:
    """One per programme: from the answer of the last sealed quarter, and its change where there is one."""
    answer = asked.said["answer"]
    # Who was not listed any more got no new answer: what is stored is an older quarter's, and decides nothing now.
    row = None if answer is None or answer["quarter"] != asked.quarter else _with_bytes(answer)
    changes = {it["programme"]: _with_bytes(it) for it in asked.said["published"] if it["quarter"] == asked.quarter}
    return [
        explain(programme, asked.rules, row, changes.get(programme))
        for programme in asked.rules.programmes
        if row is not None or programme in changes
    ]


def is_known(asked: Asked) -> bool:
    """Whether any event about this NIK was ever accepted."""
    return asked.said["person"] is not None


def text(asked: Asked, found: list[Explanation], language: str) -> list[str]:
    """What a person reads."""
    words = WORDS[language]
    lines = [words["store"], ""] if asked.by == "store" else []
    lines.append(f"NIK {asked.said['nik']} · {words['sealed']} {asked.quarter or '-'}")
    if not found:
        lines += ["", words["ended" if asked.said["published"] or asked.said["answer"] else "none"]]
    for it in found:
        title = getattr(asked.rules.programmes[it.programme].title, language)
        lines += ["", title, *(f"  {line}" for line in it.lines(language))]
        for failure in it.failures[:1]:
            value, limit = getattr(failure.value, language), getattr(failure.threshold, language)
            lines.append(f"  {words['value']}: {value} ({words['limit']}: {limit}).")
        lines += [f"  {words['event']}: {event}" for event in events(asked, it, language)]
    history = [it for it in asked.said["published"] if it["quarter"] != asked.quarter]
    if history:
        lines += ["", f"{words['history']}:"]
        for it in history:
            said = asked.rules.reasons.get(it["reason"]) or TEXTS.get(it["reason"])
            sentence = getattr(said, language) if said else it["reason"]
            lines.append(f"  {it['quarter']} {it['programme']} {it['action']}: {filled(sentence, it)}")
    return lines


def filled(sentence: str, line: Mapping[str, Any]) -> str:
    """A sentence with the value that the line published in the place of {nilai}."""
    values = [it["value"] for it in line["values"] or []]
    return sentence.replace("{nilai}", values[0] if values else "-").replace("{batas}", "-")


def events(asked: Asked, it: Explanation, language: str) -> list[str]:
    """The events behind an explanation: what is known of them here."""
    words = WORDS[language]
    own = {fact["event"]: fact for fact in asked.said["facts"]}
    told = []
    for cause in it.causes:
        name = event_name(cause)
        fact = own.get(name)
        number, event_id = int.from_bytes(cause[:2]), cause[2:]
        producer = contracts().producers_by_number[number].name
        if fact is not None:
            true, recorded = dt.date.fromisoformat(fact["effective_on"]), _wib(fact["recorded_at"])
            told.append(
                f"{fact['event_type'].replace('_', ' ')}, {words['true']} {_day(true, language)}, "
                f"{words['recorded']} {_day(recorded, language)} {words['by']} {producer}, {name}."
            )
        else:  # another member's: its id says when it was written down
            written = dt.datetime.fromtimestamp(int.from_bytes(event_id[:TIMESTAMP_BYTES]) / 1000, WIB).date()
            told.append(f"{words['recorded']} {_day(written, language)} {words['by']} {producer}, {name}.")
    return told


def _day(day: dt.date, language: str) -> str:
    spoken: str = getattr(day_text(day), language)
    return spoken


def _wib(instant: str) -> dt.date:
    return dt.datetime.fromisoformat(instant).astimezone(WIB).date()


def _with_bytes(row: Mapping[str, Any]) -> dict[str, Any]:
    """Events as bytes again, days as dates: JSON has neither."""
    made = dict(row)
    for name, value in row.items():
        if name.rpartition(".")[2] == "causes":
            made[name] = [bytes.fromhex(event) for event in value or []]
        elif name == "objection_until" and value is not None:
            made[name] = dt.date.fromisoformat(value)
    return made


def as_json(asked: Asked, found: list[Explanation]) -> list[dict[str, Any]]:
    return [
        {
            **_plain(asdict(it)),
            "lines": {language: it.lines(language) for language in WORDS},
            "causes": [event_name(cause) for cause in it.causes],
            "events": events(asked, it, "id"),
        }
        for it in found
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return plain_value(value)
