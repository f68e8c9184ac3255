"""Why somebody receives something or does not: in plain Indonesian, and in English."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from streams.rules import Condition, Programme, Rules, Text
from streams.rules.facts import fact_of
from streams.spoken import code, money, number, of_fact, region

Row = Mapping[str, Any]

BOTH = ("id", "en")
UNKNOWN = Text("tidak diketahui", "not known")
YES, NO = Text("ya", "yes"), Text("tidak", "no")

# What happened, by the action of a change; {bantuan} is the programme, {rupiah} the amount of the quarter.
ACTIONS = {
    "GRANTED": Text(
        "Anda mulai menerima {bantuan}: {rupiah} untuk triwulan ini.",
        "You begin to receive {bantuan}: {rupiah} this quarter.",
    ),
    "REVOKED": Text("{bantuan} untuk Anda berhenti.", "{bantuan} ends for you."),
    "AMENDED": Text(
        "{bantuan} untuk Anda berubah: {rupiah} untuk triwulan ini.",
        "{bantuan} changes for you: {rupiah} this quarter.",
    ),
    "HELD": Text(
        "{bantuan} untuk Anda ditahan. Belum dibayar, tetapi belum dicabut.",
        "{bantuan} is on hold for you: not paid, and not taken away.",
    ),
}
# How it stands, by the verdict of an answer.
VERDICTS = {
    "SERVED": Text(
        "Anda menerima {bantuan}: {rupiah} untuk triwulan ini.", "You receive {bantuan}: {rupiah} this quarter."
    ),
    "KEPT": Text(
        "{bantuan} untuk Anda tetap berjalan: {rupiah} untuk triwulan ini.",
        "{bantuan} goes on for you: {rupiah} this quarter.",
    ),
    "HELD": ACTIONS["HELD"],
    "ELIGIBLE": Text(
        "Anda memenuhi syarat {bantuan}, tetapi belum mendapat giliran.",
        "You are eligible for {bantuan}, but not served.",
    ),
    "INELIGIBLE": Text("Anda tidak menerima {bantuan}.", "You do not receive {bantuan}."),
    "NOT_PAYEE": Text(
        "{bantuan} keluarga Anda diterima oleh anggota keluarga lain.",
        "Another member receives {bantuan} for your family.",
    ),
}
OBJECTION = Text(
    "Jika data ini keliru, Anda dapat menyanggah sampai {hari} {cara}. Bawa bukti, misalnya foto rumah atau surat.",
    "If this is wrong, you can object until {hari} {cara}. Bring evidence, for example photos or papers.",
)
MONTHS = {
    "id": (
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}


@dataclass(frozen=True, slots=True)
class Failure:
    """One condition that is not met: the rule, its article, the value found and what is asked for."""

    reason: str
    rule: str
    article: str
    why: Text
    value: Text
    threshold: Text


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer to *kenapa?* for one person and one programme."""

    programme: str
    verdict: str | None  # None: no answer in this quarter, explained from the person's own facts
    reason: str
    what: Text
    why: Text
    rule: str
    article: str
    failures: tuple[Failure, ...]  # the deciding one first; empty when no condition failed
    unknown: tuple[Text, ...]  # what is not known, although a condition asks for it
    causes: tuple[bytes, ...]  # producer number and event id of the events behind it
    objection_until: dt.date | None
    objection: Text | None

    def lines(self, language: str) -> list[str]:
        """What a person reads, sentence by sentence; `language` is id or en."""
        words = {"id": ("Alasan", "Aturan", "Juga", "Belum diketahui"), "en": ("Reason", "Rule", "Also", "Not known")}
        reason, rule, also, not_known = words[language]
        found = [
            getattr(self.what, language),
            f"{reason}: {getattr(self.why, language)}",
            f"{rule}: {self.article or self.rule}.",
            *(f"{also}: {getattr(it.why, language)}" for it in self.failures if it.rule != self.rule),
        ]
        if self.unknown:
            found.append(f"{not_known}: {', '.join(getattr(text, language) for text in self.unknown)}.")
        return found if self.objection is None else [*found, getattr(self.objection, language)]


def explain(programme: str, rules: Rules, answer: Row | None, change: Row | None = None) -> Explanation:
    """Explain one person's answer (a row of docs/contracts.md 6), the published change if there was one, or both.

    Raises ValueError when there is neither, or when the programme or the reason is not in `rules`.
    """
    if programme not in rules.programmes:
        raise ValueError(f"{programme} is not in force on {rules.as_of}; in force: {', '.join(rules.programmes)}")
    it = rules.programmes[programme]
    told = _Told(it, answer, change)
    if told.reason not in rules.reasons:
        raise ValueError(f"reason {told.reason} has no text: add it to streams/rules/data/reasons.yaml")
    # What is not known fails some conditions too, but says nothing about the person: only the deciding one is told.
    unknown = tuple(told.conditions("unknown"))
    failures = tuple(
        failure
        for c in told.conditions("failed")
        if (failure := _failure(c, told, rules)).reason == told.reason or c not in unknown
    )
    failures = tuple(sorted(failures, key=lambda failure: failure.reason != told.reason))
    deciding = next((failure for failure in failures if failure.reason == told.reason), None)
    until = told.objection_until(rules)
    return Explanation(
        programme=programme,
        verdict=told.verdict,
        reason=told.reason,
        what=filled(told.what, bantuan=it.title, rupiah=money(told.amount_rupiah)),
        why=deciding.why if deciding else rules.reasons[told.reason],
        rule=deciding.rule if deciding else told.rule,
        article=deciding.article if deciding else told.article,
        failures=failures,
        unknown=tuple(dict.fromkeys(fact.label for c in unknown if (fact := fact_of(c.fact)) is not None)),
        causes=told.causes,
        objection_until=until,
        objection=None if until is None else filled(OBJECTION, hari=day_text(until), cara=it.objection),
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """What answer and change say together; the change speaks for itself where both do."""

    programme: Programme
    answer: Row | None
    change: Row | None

    def __post_init__(self) -> None:
        if self.answer is None and self.change is None:
            raise ValueError(f"nothing was answered or published about {self.programme.name}: nothing to explain")

    def _answered(self, part: str) -> Any:
        return None if self.answer is None else self.answer[f"{self.programme.name}.{part}"]

    def _published(self, part: str, otherwise: Any) -> Any:
        return otherwise if self.change is None else self.change[part]

    @property
    def verdict(self) -> str | None:
        verdict: str | None = self._answered("verdict")
        return verdict

    @property
    def reason(self) -> str:
        return str(self._published("reason", self._answered("reason")))

    @property
    def rule(self) -> str:
        return str(self._published("rule", self.programme.name))

    @property
    def article(self) -> str:
        return str(self._published("article", self.programme.reference))

    @property
    def causes(self) -> tuple[bytes, ...]:
        return tuple(self._published("causes", self._answered("causes")) or ())

    @property
    def amount_rupiah(self) -> int:
        return int(self._published("amount_rupiah", self._answered("amount_rupiah")) or 0)

    @property
    def what(self) -> Text:
        return ACTIONS[self.change["action"]] if self.change is not None else VERDICTS[str(self.verdict)]

    def conditions(self, part: str) -> list[Condition]:
        """The conditions whose bit is set in `failed` or `unknown`."""
        bits = int(self._answered(part) or 0)
        return [condition for place, condition in enumerate(self.programme.conditions) if bits >> place & 1]

    def objection_until(self, rules: Rules) -> dt.date | None:
        """The last day to object, where something was refused, ended or put on hold."""
        if self.change is not None:
            published: dt.date | None = self.change["objection_until"]
            return published
        return rules.objection_until if self.verdict in ("INELIGIBLE", "ELIGIBLE", "HELD") else None

    def value(self, condition: Condition) -> Text:
        """The value that was found, as far as the answer holds it."""
        if self.answer is None or condition in self.conditions("unknown"):
            return UNKNOWN
        if isinstance(condition.value, bool):
            holds = condition in self.conditions("failed")
            return YES if holds != condition.value else NO
        column = {
            "family.desil": "desil",
            "family.members": "members",
            "family.status": "family_status",
            "person.age_years": "age_years",
            "person.province": "kab_kota",
        }.get(condition.fact)
        found = None if column is None else self.answer[column]
        if found is None:
            return UNKNOWN
        return region(found[:2]) if column == "kab_kota" else number(found) if isinstance(found, int) else code(found)


def _failure(condition: Condition, told: _Told, rules: Rules) -> Failure:
    value, limit = told.value(condition), threshold(condition)
    return Failure(
        reason=condition.reason,
        rule=f"{told.programme.name}:{condition.id}",
        article=condition.reference,
        why=filled(rules.reasons[condition.reason], nilai=value, batas=limit),
        value=value,
        threshold=limit,
    )


def threshold(condition: Condition) -> Text:
    """What a condition asks for, in words."""
    value = condition.value
    if isinstance(value, bool):
        return YES if value else NO
    if condition.operator == "between" and isinstance(value, tuple):
        return Text(f"{value[0]} sampai {value[1]}", f"{value[0]} to {value[1]}")
    parts = [of_fact(condition.fact, it) for it in (value if isinstance(value, tuple) else (value,))]
    told = Text(", ".join(it.id for it in parts), ", ".join(it.en for it in parts))
    return Text(f"bukan {told.id}", f"not {told.en}") if condition.operator in ("ne", "not_in") else told


def filled(text: Text, **parts: Text) -> Text:
    """A text with `{name}` replaced by each part."""
    filled = {language: getattr(text, language) for language in BOTH}
    for name, part in parts.items():
        filled = {language: said.replace(f"{{{name}}}", getattr(part, language)) for language, said in filled.items()}
    return Text(**filled)


def day_text(day: dt.date) -> Text:
    """A day as it is spoken: 31 Maret 2025."""
    return Text(*(f"{day.day} {MONTHS[language][day.month - 1]} {day.year}" for language in BOTH))
