"""Switches: where sources disagree or say nothing, a dated choice among named ones, never a silent one.

A programme lists its switches, each with its question, the choices with their sources, and which choice holds from
which day. An entry with `when: {desil: lima}` holds only on the days on which its switch has that choice. Choosing
otherwise is one line, in a folder of rules or in a file that is laid over the rules (`streams.rules.overlay`).
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from streams.rules.documents import RulesError
from streams.rules.periods import ONE_DAY, Entry, check_series, day
from streams.rules.sentences import nearest

FOREVER = dt.date.max


def settled(place: str, programme: Mapping[str, Any]) -> dict[str, Any]:
    """The programme document as its switches stand: every entry with `when` cut to the days on which it holds.

    Raises RulesError for a switch that is not there, a choice that it does not have, gaps and overlaps in what is
    chosen, and a switch that no entry asks about.
    """
    switches = {it["id"]: it for it in programme.get("switches", ())}
    asked: set[str] = set()
    for name, switch in switches.items():
        _check_switch(f"{place}: switches.{name}", switch, programme)

    def settle(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: settle(inside) for key, inside in value.items()}
        if isinstance(value, list) and any(isinstance(it, Mapping) and "when" in it for it in value):
            found: list[Any] = []
            for entry in value:
                when = entry.get("when", {})
                _check_when(f"{place}: {entry.get('id', 'amount')}", when, switches)
                asked.update(when)
                found += _pieces(place, entry, when, switches)
            return found
        return [settle(it) for it in value] if isinstance(value, list) else value

    plain: dict[str, Any] = settle(programme)
    for name in sorted(set(switches) - asked):
        raise RulesError(
            f"{place}: switches.{name}: no entry asks about it: write `when: {{{name}: CHOICE}}` at those that it "
            "decides, or take it out"
        )
    return plain


def _check_switch(place: str, switch: Entry, programme: Mapping[str, Any]) -> None:
    known = [it["id"] for it in switch["choices"]]
    if len(set(known)) != len(known):
        raise RulesError(f"{place}: two choices have one id: {', '.join(known)}")
    check_series(f"{place}.chosen", switch["chosen"], covers=programme)
    for entry in switch["chosen"]:
        if entry["choice"] not in known:
            raise RulesError(
                f"{place}: there is no choice {entry['choice']!r}.{nearest(entry['choice'], known)} "
                f"Known: {', '.join(known)}"
            )


def _check_when(place: str, when: Mapping[str, str], switches: Mapping[str, Entry]) -> None:
    for name, choice in when.items():
        if name not in switches:
            raise RulesError(
                f"{place}: when: there is no switch {name!r}.{nearest(name, switches)} "
                f"Known: {', '.join(switches) or 'none: add it under `switches`'}"
            )
        known = [it["id"] for it in switches[name]["choices"]]
        if choice not in known:
            raise RulesError(
                f"{place}: when: {name} has no choice {choice!r}.{nearest(choice, known)} Known: {', '.join(known)}"
            )


def _pieces(
    place: str, entry: Entry, when: Mapping[str, str], switches: Mapping[str, Entry]
) -> Iterator[dict[str, Any]]:
    """The entry without `when`, once per stretch of days on which it holds; days that touch are one stretch."""
    spans = [_span(place, entry)]
    for name, choice in when.items():
        chosen = _joined([_span(place, it) for it in switches[name]["chosen"] if it["choice"] == choice])
        spans = [
            (max(a, c), min(b, d)) for a, b in spans for c, d in chosen if max(a, c) <= min(b, d)
        ]  # fmt: skip
    for begin, end in spans:
        plain = {key: value for key, value in entry.items() if key not in ("when", "until")}
        plain["from"] = begin.isoformat()
        yield plain | ({} if end == FOREVER else {"until": end.isoformat()})


def _span(place: str, entry: Entry) -> tuple[dt.date, dt.date]:
    return day(place, entry["from"]), day(place, entry["until"]) if "until" in entry else FOREVER


def _joined(spans: Sequence[tuple[dt.date, dt.date]]) -> list[tuple[dt.date, dt.date]]:
    found: list[tuple[dt.date, dt.date]] = []
    for begin, end in sorted(spans):
        if found and found[-1][1] != FOREVER and found[-1][1] + ONE_DAY == begin:
            found[-1] = found[-1][0], end
        else:
            found.append((begin, end))
    return found
