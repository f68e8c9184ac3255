"""Faults of rules documents: how a sound set is spoiled, and what must be said of it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from tests.streams.villages import documents

if TYPE_CHECKING:
    from collections.abc import Callable

    Documents = dict[str, Any]

SEMBAKO, PKH, KLJ = "programmes/sembako.yaml", "programmes/pkh.yaml", "programmes/klj.yaml"
DESIL = 5  # place of the condition `desil` in sembako.yaml


def _set(path: str, value: Any) -> Callable[[Documents], None]:
    """Write `value` at "document|key|index|..."."""

    def spoil(it: Documents) -> None:
        keys = path.split("|")
        place: Any = it
        for key in keys[:-1]:
            place = place[int(key) if key.isdigit() else key]
        last = keys[-1]
        if value is None:
            del place[last]
        else:
            place[int(last) if last.isdigit() else last] = value

    return spoil


CONDITION = f"{SEMBAKO}|conditions|{DESIL}"
DESIL_OF_KLJ = next(it for it in documents()[KLJ]["conditions"] if it["id"] == "desil")
REFUSALS = {
    "unknown field": (
        _set(f"{SEMBAKO}|colour", "red"),
        r"sembako.yaml: the document: colour is no field that is known here. Known: name, title",
    ),
    "unknown field of a condition": (
        _set(f"{CONDITION}|weight", 2),
        "conditions.desil: weight is no field that is known",
    ),
    "unknown document": (_set("programs/x.yaml", {}), "programs/x.yaml: there is no rules document of this name"),
    "missing document": (_set("score.yaml", None), "score.yaml is missing"),
    "missing scale": (_set("quotas/S.yaml", None), "quotas/S.yaml is missing"),
    "unknown fact": (
        _set(f"{CONDITION}|fact", "family.decile"),
        r"desil: there is no fact 'family.decile'. Did you mean family.desil\?",
    ),
    "unknown operator": (_set(f"{CONDITION}|operator", "lt"), "conditions.desil.operator: 'lt' is none of between, eq"),
    "operator of another kind": (_set(f"{CONDITION}|operator", "in"), "takes a list"),
    "operator that does not fit": (_set(f"{KLJ}|conditions|2|operator", "ne"), "ne does not fit family.mobil"),
    "value of another kind": (_set(f"{CONDITION}|value", "five"), "'five' is no integer"),
    "a truth for a number": (_set(f"{CONDITION}|value", True), "True is no integer"),
    "a fraction": (_set(f"{CONDITION}|value", 4.5), "float; use whole numbers"),
    "unknown code": (_set(f"{SEMBAKO}|conditions|3|value", ["PNS"]), "'PNS' is no code of members.occupation"),
    "one person's fact for families": (_set(f"{CONDITION}|fact", "person.age_years"), "use members"),
    "unknown programme": (_set(f"{KLJ}|conditions|4|fact", "served.PHK"), "served.PHK names a programme that has no"),
    "reason without a text": (
        _set(f"{CONDITION}|reason", "TERLALU_KAYA"),
        r"reasons.TERLALU_KAYA: no text \(SEMBAKO, conditions.desil\); write one",
    ),
    "text with another placeholder": (
        _set("reasons.yaml|reasons|BELUM_LANSIA|id", "Umur {umur}."),
        r"BELUM_LANSIA.id: only \{nilai\} and \{batas\}",
    ),
    "value without a source": (
        _set("register.yaml|objection_days|0|illustrative", None),
        "has no source: add `reference`",
    ),
    "not a day": (_set(f"{CONDITION}|from", "2025-02-30"), "'2025-02-30' is not a day"),
    "a time of day": (_set(f"{CONDITION}|from", dt.datetime(2025, 1, 1, tzinfo=dt.UTC)), "write the date only"),
    "ends before it begins": (_set(f"{SEMBAKO}|conditions|4|until", dt.date(2023, 1, 1)), "before it begins"),
    "amount begins late": (
        _set(f"{SEMBAKO}|amount|rupiah_per_quarter|0|from", dt.date(2024, 4, 1)),
        "needed from 2024-01-01",
    ),
    "amount ends early": (
        _set(f"{SEMBAKO}|amount|rupiah_per_quarter|0|until", dt.date(2025, 12, 31)),
        "needed until further notice",
    ),
    "a field that is missing": (
        _set(f"{CONDITION}|when_unknown", None),
        "conditions.desil: when_unknown is missing: add",
    ),
    "a field that is misspelt": (_set(f"{CONDITION}|when_unkown", "fail"), r"when_unkown is no .* mean when_unknown\?"),
    "a comparison sign": (
        _set(f"{CONDITION}|operator", "<="),
        "conditions.desil.operator: '<=' is none of between, eq, ge",
    ),
    "what is to be done when unknown": (_set(f"{CONDITION}|when_unknown", "lulus"), "'lulus' is none of pass, fail"),
    "small letters for a reason": (
        _set(f"{CONDITION}|reason", "desil"),
        "write capital letters, digits and _, like BANTUAN",
    ),
    "a day in words": (
        _set(f"{SEMBAKO}|from", "1 Januari 2024"),
        "from: '1 Januari 2024' .* write a day, like 2025-03-31",
    ),
    "an amount by the month": (
        _set(f"{SEMBAKO}|amount", {"rupiah_per_month": []}),
        "exactly one of these must stand here: rupiah_per_quarter; levels; max_components with paid_first with",
    ),
    "an amount as text": (
        _set(f"{SEMBAKO}|amount|rupiah_per_quarter|0|value", "600.000"),
        r"amount.rupiah_per_quarter\[1\].value: a whole number must stand here, not '600.000'",
    ),
    "a component without rupiah": (
        _set(f"{PKH}|amount|components|1|rupiah_per_quarter", None),
        "amount.components.usia_dini: rupiah_per_quarter is missing: add it",
    ),
    "a component that asks a family": (
        _set(f"{PKH}|amount|components|5|asks|0|fact", "family.desil"),
        "amount.components.sd: family.desil is no fact of a person. Known: person.age_years",
    ),
    "a component that asks for no code": (
        _set(f"{PKH}|amount|components|5|asks|0|value", ["SR"]),
        "amount.components.sd.asks: 'SR' is no code of person.school_level",
    ),
    "two amounts for one level": (
        _set("programmes/kjp_plus.yaml|amount|levels|0|school_level", "SMP"),
        "amount.levels: smp and sd are of one level on some day",
    ),
    "a person's receipt of a family programme": (
        _set(f"{KLJ}|conditions|10|fact", "receives.PKH"),
        "PKH is for families, not for a person: ask for served.PKH",
    ),
    "a switch that is not there": (
        _set(f"{CONDITION}|when", {"batas_desl": "lima"}),
        r"desil: when: there is no switch 'batas_desl'. Did you mean batas_desil\?",
    ),
    "a choice that is not there": (
        _set(f"{CONDITION}|when", {"batas_desil": "enam"}),
        "desil: when: batas_desil has no choice 'enam'.* Known: lima, empat",
    ),
    "an unknown choice in use": (
        _set(f"{SEMBAKO}|switches|0|chosen|0|choice", "enam"),
        "switches.batas_desil: there is no choice 'enam'.* Known: lima, empat",
    ),
    "a switch that begins late": (
        _set(f"{SEMBAKO}|switches|0|chosen|0|from", "2024-04-01"),
        "switches.batas_desil.chosen: begins on 2024-04-01, but is needed from 2024-01-01",
    ),
    "a choice without a source": (
        _set(f"{SEMBAKO}|switches|0|choices|0|reference", None),
        "switches.batas_desil.choices.lima: the value has no source",
    ),
    "two entries on one choice": (
        _set(f"{SEMBAKO}|conditions|6|when|batas_desil", "lima"),
        "conditions.desil: two versions hold on 2024-01-01",
    ),
    "a switch that decides nothing": (
        _set(
            "programmes/kjp_plus.yaml|switches",
            [
                {
                    "id": "kosong",
                    "question": {"id": "?", "en": "?"},
                    "choices": [
                        {"id": name, "says": {"id": name, "en": name}, "illustrative": True} for name in ("ya", "tidak")
                    ],
                    "chosen": [{"from": "2023-07-01", "choice": "ya", "illustrative": True}],
                }
            ],
        ),
        "switches.kosong: no entry asks about it",
    ),
    "a quota in two places": (
        _set(f"{SEMBAKO}|quotas", {"S": [{"from": "2024-01-01", "value": 1, "illustrative": True}]}),
        "quotas: quotas/S.yaml has one of SEMBAKO too: keep one",
    ),
    "a text in two places": (
        _set(f"{SEMBAKO}|reasons", {"BELUM_TERDATA": {"id": "a", "en": "b"}}),
        "reasons.BELUM_TERDATA: it has a text already",
    ),
    "another placeholder in what is asked": (
        _set("reasons.yaml|reasons|BELUM_LANSIA|asks|en", "Aged {nilai}."),
        r"BELUM_LANSIA.asks.en: only \{batas\} is filled in",
    ),
    "waiting for a reason without a text": (
        _set(f"{SEMBAKO}|waiting_reason", "MENUNGGU_LAMA"),
        r"reasons.MENUNGGU_LAMA: no text \(SEMBAKO, waiting_reason\)",
    ),
    "unknown payer": (
        _set(f"{SEMBAKO}|payer", "kemensoss"),
        r"payer: there is no payer 'kemensoss'. Did you mean kemensos\? Known: .* a new one is added",
    ),
    "a title in one language": (_set(f"{SEMBAKO}|title", {"id": "Sembako"}), "title: en is missing: add it"),
    "no condition": (_set(f"{SEMBAKO}|conditions", []), "conditions: at least 1 must be listed here"),
    "a fifth quarter": (_set(f"{SEMBAKO}|due_quarters", [5]), r"due_quarters\[1\]: 5 is too large: the bound is 4"),
    "an empty document": (_set(SEMBAKO, []), "sembako.yaml: the document: fields with values must stand here"),
    "a quota without a list": (_set("quotas/S.yaml|quotas|PKH", 5), "quotas.PKH: a list must stand here, not 5"),
    "a code without quotes": (_set(f"{KLJ}|conditions|1|value", 31), "31 is no code, .*: write it within quotes"),
    "published by another name": (
        _set(f"{CONDITION}|publish", "umur"),
        "conditions.desil: publish: umur may not be published of family.desil; of this fact, only desil",
    ),
    "published what nobody may know": (
        _set(f"{SEMBAKO}|conditions|4|publish", "hasil_kontak"),
        "hasil_kontak may not be published of family.hasil_kontak; of this fact, nothing: leave `publish` out",
    ),
    "a sentence with a value that is not published": (
        _set(f"{SEMBAKO}|conditions|3|reason", "DESIL_DI_ATAS_BATAS"),
        r"DESIL_DI_ATAS_BATAS: \{nilai\} cannot be filled in for SEMBAKO, conditions.aparatur",
    ),
    "a sentence with an open brace": (
        _set("reasons.yaml|reasons|BELUM_LANSIA|id", "Umur {nilai tahun."),
        r"BELUM_LANSIA.id: only \{nilai\} and \{batas\}",
    ),
    "a programme that waits for itself": (
        _set(f"{KLJ}|conditions|8|fact", "served.KLJ"),
        "wait for each other: KLJ -> KLJ. Remove one `served.`",
    ),
    "no quota": (
        _set("quotas/S.yaml|quotas|PKH", None),
        r"PKH has no quota: add under quotas, for example, PKH: \[\{from: 2024-01-01, value: 100",
    ),
    "a quota too many": (
        _set("quotas/S.yaml|quotas|KARTU_LAIN", [{"from": "2024-01-01", "value": 1, "illustrative": True}]),
        "KARTU_LAIN is no programme",
    ),
    "negative quota": (_set("quotas/S.yaml|quotas|PKH|0|value", -1), r"quotas.PKH\[1\].value: -1 is too small"),
    "descending cut points": (
        _set("register.yaml|given_cut_points|0|value", [9, 8, 7, 6, 5, 4, 3, 2, 1]),
        "must not descend",
    ),
    "components share an age": (
        _set(f"{PKH}|amount|components|1|max_age_years", 60),
        "lansia and usia_dini share an age",
    ),
    "ages end before they begin": (_set(f"{PKH}|amount|components|5|min_age_years", 22), "ages end before they begin"),
    "components of one person": (_set(f"{PKH}|subject", "person"), "counted over a family"),
    "one programme twice": (_set(f"{PKH}|name", "SEMBAKO"), "has a document already"),
    "no condition left": (
        _set(
            f"{KLJ}|conditions",
            [
                {
                    "id": "mobil",
                    "fact": "family.mobil",
                    "operator": "eq",
                    "value": False,
                    "when_unknown": "pass",
                    "reason": "PUNYA_MOBIL",
                    "illustrative": True,
                    "from": "2024-01-01",
                    "until": "2025-06-30",
                },
                {**DESIL_OF_KLJ, "until": "2025-06-30"},
            ],
        ),
        "KLJ: no condition is in force on 2025-07-01",
    ),
    "needed programme has ended": (_set(f"{PKH}|until", dt.date(2025, 6, 30)), "served by PKH, which is not in force"),
}
