"""What a JSON schema cannot say about the rules: facts, operators, series in time, texts."""

import string
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from schemas.registry import contracts
from streams.rules.documents import RulesError
from streams.rules.facts import FACTS, MANY, NUMBERS, OPERATORS, PUBLISHED, Fact, Kind, Level, fact_of
from streams.rules.periods import Entry, check_series, day
from streams.rules.sentences import nearest

PLACEHOLDERS = frozenset({"nilai", "batas"})

# Reasons that the engine itself gives; reasons.yaml must have their texts too.
ENGINE_REASONS = (
    "MEMENUHI_SYARAT",
    "PENGGANTI",
    "KUOTA_HABIS",
    "BUKAN_PENERIMA",
    "TANPA_PENERIMA",
    "SATU_KELUARGA_SATU_PENERIMA",
    "DALAM_PERPINDAHAN",
    "MELEWATI_BATAS_PERPINDAHAN",
    "KELUARGA_TIDAK_LENGKAP",
    "ADA_SANGGAHAN",
    "REAKTIVASI",
    "BELUM_WAKTUNYA",
    # of a change: what happened to a line, or why its holder has no answer
    "DILANJUTKAN",
    "JUMLAH_BERUBAH",
    "PINDAH_KOTA",
    "MENINGGAL",
    "PINDAH_KELUAR",
    "TANPA_KARTU",
    "NONAKTIF",
    "PROGRAM_BERAKHIR",
)


def by_id(entries: Sequence[Entry]) -> dict[str, list[Entry]]:
    """Versions of the same `id`, in the order in which each id is first written."""
    grouped: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        grouped[entry["id"]].append(entry)
    return grouped


def check_condition(place: str, condition: Entry, subject: str, programmes: Mapping[str, str]) -> None:
    """Raise RulesError for a fact, operator or value that the engine does not know.

    `programmes`: name -> subject, of all programmes.
    """
    name = condition["fact"]
    fact = fact_of(name)
    if fact is None:
        known = ", ".join([*sorted(FACTS), "served.PROGRAMME", "receives.PROGRAMME"])
        raise RulesError(f"{place}: there is no fact {name!r}.{nearest(name, FACTS)} Known facts: {known}")
    if fact.level in (Level.SERVED, Level.RECEIVES) and fact.column not in programmes:
        raise RulesError(
            f"{place}: {name} names a programme that has no document.{nearest(fact.column, programmes)} "
            f"Known: {', '.join(sorted(programmes))}"
        )
    if fact.level is Level.RECEIVES and programmes[fact.column] == "family":
        raise RulesError(f"{place}: {fact.column} is for families, not for a person: ask for served.{fact.column}")
    if fact.level in (Level.PERSON, Level.RECEIVES) and subject == "family":
        raise RulesError(
            f"{place}: {name} is one person's, but the programme is for families: use members.* or family.*"
        )
    check_asked(place, condition, fact)
    if "publish" in condition and PUBLISHED.get(name) != condition["publish"]:
        allowed = f"only {PUBLISHED[name]}" if name in PUBLISHED else "nothing: leave `publish` out"
        raise RulesError(
            f"{place}: publish: {condition['publish']} may not be published of {name}; of this fact, {allowed}. "
            f"Who receives is told no more than {', '.join(sorted(set(PUBLISHED.values())))}"
        )


def check_asked(place: str, condition: Entry, fact: Fact) -> None:
    """Raise RulesError unless operator and value fit the fact."""
    operator, name = condition["operator"], condition["fact"]
    if fact.kind not in OPERATORS[operator]:
        usable = ", ".join(sorted(o for o, kinds in OPERATORS.items() if fact.kind in kinds))
        raise RulesError(f"{place}: operator {operator} does not fit {name} ({fact.kind}). Use one of: {usable}")
    _check_value(place, condition, fact)


def _check_value(place: str, condition: Entry, fact: Fact) -> None:
    operator, value = condition["operator"], condition["value"]
    if isinstance(value, list) != (operator in MANY):
        raise RulesError(
            f"{place}: operator {operator} takes {'a list' if operator in MANY else 'one value'}, not {value!r}"
        )
    values = value if isinstance(value, list) else [value]
    wanted = {Kind.INTEGER: int, Kind.BOOLEAN: bool, Kind.CODE: str}[fact.kind]
    for item in values:
        if type(item) is not wanted:
            quotes = ": write it within quotes" if fact.kind is Kind.CODE else ""
            raise RulesError(f"{place}: {item!r} is no {fact.kind}, which {condition['fact']} asks for{quotes}")
        if fact.codes is not None and item not in fact.codes:
            raise RulesError(
                f"{place}: {item!r} is no code of {condition['fact']}. Known: {', '.join(sorted(fact.codes))}"
            )
    if operator == "between" and (len(values) != 2 or values[0] > values[1]):
        raise RulesError(f"{place}: between takes [smallest, largest], not {value!r}")


def check_programme(place: str, programme: Mapping[str, Any], programmes: Mapping[str, str]) -> None:
    """Raise RulesError for a programme whose conditions or amounts do not hold together on every day.

    `programmes`: name -> subject, of all programmes.
    """
    check_series(place, [programme])
    if programme["payer"] not in contracts().payers:
        known, payer = contracts().payers, programme["payer"]
        raise RulesError(
            f"{place}: payer: there is no payer {payer!r}.{nearest(payer, known)} Known: {', '.join(known)}; "
            "a new one is added to schemas/payers.yaml"
        )
    for identity, versions in by_id(programme["conditions"]).items():
        # A condition may begin late or end early; between its versions nothing may be missing.
        check_series(f"{place}: conditions.{identity}", versions)
        for version in versions:
            check_condition(f"{place}: conditions.{identity}", version, programme["subject"], programmes)
    _check_reactivations(place, programme)
    _check_retroactive(place, programme)
    amount = programme["amount"]
    if "levels" in amount:
        _check_levels(place, programme)
    elif "components" in amount:
        _check_components(place, programme)
    else:
        check_series(f"{place}: amount.rupiah_per_quarter", amount["rupiah_per_quarter"], covers=programme)


def _check_reactivations(place: str, programme: Mapping[str, Any]) -> None:
    """Each asks a fact of the person, and stands in for conditions that there are."""
    known = by_id(programme["conditions"])
    for identity, versions in by_id(programme.get("reactivation", ())).items():
        where = f"{place}: reactivation.{identity}"
        check_series(where, versions)
        if programme["subject"] == "family":
            raise RulesError(f"{where}: a reactivation is a person's: {programme['name']} is a family's programme")
        for version in versions:
            fact = fact_of(version["asks"]["fact"])
            if fact is None or fact.level is not Level.PERSON:
                raise RulesError(f"{where}: asks {version['asks']['fact']!r}, which is no fact of a person")
            check_asked(where, version["asks"], fact)
            for condition in version["instead_of"]:
                if condition not in known:
                    raise RulesError(f"{where}: there is no condition {condition!r}.{nearest(condition, known)}")


def _check_retroactive(place: str, programme: Mapping[str, Any]) -> None:
    """Each fact that acts back is one series, and ASN alone says which occupations count."""
    known = FACTS["person.occupation"].codes or frozenset()
    for cause, versions in by_id(programme.get("retroactive", [])).items():
        where = f"{place}: retroactive.{cause}"
        check_series(where, versions)
        for version in versions:
            named = version.get("occupations", [])
            if bool(named) != (cause == "ASN"):
                raise RulesError(f"{where}: `occupations` belongs to ASN, which needs it, and to nothing else")
            for code in sorted(set(named) - known):
                raise RulesError(
                    f"{where}: {code!r} is no occupation.{nearest(code, known)} Known: {', '.join(sorted(known))}"
                )


def _check_levels(place: str, programme: Mapping[str, Any]) -> None:
    if programme["subject"] == "family":
        raise RulesError(f"{place}: amount.levels are a pupil's, but the subject is a family")
    levels = programme["amount"]["levels"]
    for identity, versions in by_id(levels).items():
        check_series(f"{place}: amount.levels.{identity}", versions)
    for number, one in enumerate(levels):
        for other in levels[:number]:
            mine, theirs = set(one.get("classes", [0])), set(other.get("classes", [0]))
            if one["school_level"] == other["school_level"] and mine & theirs and _share_a_day(one, other):
                raise RulesError(f"{place}: amount.levels: {one['id']} and {other['id']} are of one level on some day")


def _check_components(place: str, programme: Mapping[str, Any]) -> None:
    amount = programme["amount"]
    if programme["subject"] == "person":
        raise RulesError(f"{place}: amount.components are counted over a family, but the subject is a person")
    for name in ("max_components", "paid_first"):
        check_series(f"{place}: amount.{name}", amount[name], covers=programme)
    for identity, versions in by_id(amount["components"]).items():
        check_series(f"{place}: amount.components.{identity}", versions)
        for version in versions:
            if version.get("max_age_years", 999) < version.get("min_age_years", 0):
                raise RulesError(f"{place}: amount.components.{identity}: the ages end before they begin")
            for ask in version.get("asks", ()):
                fact = FACTS.get(ask["fact"])
                if fact is None or fact.level is not Level.PERSON:
                    own = [name for name, it in FACTS.items() if it.level is Level.PERSON]
                    raise RulesError(
                        f"{place}: amount.components.{identity}: {ask['fact']} is no fact of a person."
                        f"{nearest(ask['fact'], own)} Known: {', '.join(sorted(own))}"
                    )
                check_asked(f"{place}: amount.components.{identity}.asks", ask, fact)
    _check_ages(place, amount["components"])


def _check_ages(place: str, components: Sequence[Entry]) -> None:
    """On no day may one person count by age alone for two components: nothing but their order would decide."""
    plain = [it for it in components if "asks" not in it]
    for number, one in enumerate(plain):
        for other in plain[:number]:
            ages = one.get("min_age_years", 0) <= other.get("max_age_years", 999) and other.get(
                "min_age_years", 0
            ) <= one.get("max_age_years", 999)
            if ages and _share_a_day(one, other):
                raise RulesError(f"{place}: amount.components: {one['id']} and {other['id']} share an age on some day")


def _share_a_day(one: Entry, other: Entry) -> bool:
    return bool(one["from"] <= other.get("until", "9999") and other["from"] <= one.get("until", "9999"))


def check_quotas(place: str, quotas: Mapping[str, Sequence[Entry]], programmes: Mapping[str, Entry]) -> None:
    """Every programme has a quota on each of its days, and no quota is for a programme that is not there."""
    for name in sorted(set(programmes) - set(quotas)):
        begin = programmes[name]["from"]
        raise RulesError(
            f"{place}: {name} has no quota: add under quotas, for example, "
            f"{name}: [{{from: {begin}, value: 100, illustrative: true}}]"
        )
    for name in sorted(set(quotas) - set(programmes)):
        raise RulesError(
            f"{place}: quotas.{name}: {name} is no programme that has a document.{nearest(name, programmes)} "
            "Take its quota out, or add programmes/NAME.yaml"
        )
    for name, series in quotas.items():
        check_series(f"{place}: quotas.{name}", series, covers=programmes[name])


def check_reasons(place: str, reasons: Mapping[str, Mapping[str, Any]], programmes: Mapping[str, Entry]) -> None:
    """Every reason that may be given has a text, and no text asks for what cannot be filled in."""
    for code in ENGINE_REASONS:
        _text_of(place, reasons, code)
    for code, text in reasons.items():
        for language in ("id", "en"):
            if not _placeholders(text[language]) <= PLACEHOLDERS:
                raise RulesError(f"{place}: reasons.{code}.{language}: only {{nilai}} and {{batas}} are filled in")
            if "asks" in text and not _placeholders(text["asks"][language]) <= {"batas"}:
                raise RulesError(f"{place}: reasons.{code}.asks.{language}: only {{batas}} is filled in")
    for programme in programmes.values():
        if "waiting_reason" in programme:
            _text_of(place, reasons, programme["waiting_reason"], f" ({programme['name']}, waiting_reason)")
        for condition in programme["conditions"]:
            told = f"{programme['name']}, conditions.{condition['id']}"
            text = _text_of(place, reasons, condition["reason"], f" ({told})")
            asks = any("nilai" in _placeholders(text[language]) for language in ("id", "en"))
            if asks and not (condition["fact"] in NUMBERS and "publish" in condition):
                raise RulesError(
                    f"{place}: reasons.{condition['reason']}: {{nilai}} cannot be filled in for {told}: the value of "
                    f"{condition['fact']} is not published. Write the sentence without it, or give the condition "
                    "another reason"
                )


def _text_of(place: str, reasons: Mapping[str, Mapping[str, Any]], code: str, who: str = "") -> Mapping[str, Any]:
    if code not in reasons:
        raise RulesError(
            f"{place}: reasons.{code}: no text{who}; write one in Indonesian (id) and one in English (en)."
            f"{nearest(code, reasons)}"
        )
    return reasons[code]


def _placeholders(template: str) -> set[str]:
    """The names in curly braces; an empty name for braces that are no placeholder."""
    try:
        return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}
    except ValueError:
        return {""}


def check_register(place: str, document: Mapping[str, Sequence[Entry]]) -> None:
    """Every dated value of register.yaml is one series; given cut points ascend."""
    for name, series in document.items():
        check_series(f"{place}: {name}", series)
    for entry in document["given_cut_points"]:
        if entry["value"] != sorted(entry["value"]):
            raise RulesError(f"{place}: given_cut_points from {day(place, entry['from'])}: they must not descend")
