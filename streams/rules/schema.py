"""JSON schemas of the rules documents: unknown fields and wrong types are refused at load.

Money is in whole rupiah, ages in completed years, days as YYYY-MM-DD. `until` is the last day on
which an entry holds; without it, it holds until further notice. Every value carries its source in
`reference`, or `illustrative: true` where no source gives it.
"""

from collections.abc import Mapping
from typing import Any

from schemas.codes import ASET_YA_TIDAK, PERUMAHAN, TERNAK
from streams.rules.facts import OPERATORS, SCHOOL_LEVELS

Schema = Mapping[str, Any]

PAID_FIRST = ("highest", "lowest")  # which members are paid for when more count than may be paid
# Facts that may act on sealed quarters, in the order in which one is named when several do.
ACTING_BACK = ("MENINGGAL", "NONAKTIF", "PINDAH_KELUAR", "ASN")
PAYEE_KINDS = ("PENERIMA_SEKARANG", "ISTRI_DEWASA", "KEPALA_DEWASA", "DEWASA_TERTUA")

CASE_KINDS = ("SANGGAH", "KELUHAN", "USUL", "REAKTIVASI")

DAY: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
WORD: Schema = {"type": "string", "pattern": r"^[a-z][a-z0-9_]*$"}
NAME: Schema = {"type": "string", "pattern": r"^[A-Z][A-Z0-9_]*$"}
PAYER: Schema = {"type": "string", "pattern": r"^[a-z][a-z0-9-]*$"}
LINE: Schema = {"type": "string", "minLength": 1}
COUNT: Schema = {"type": "integer", "minimum": 0}
WHOLE: Schema = {"type": "integer"}
# Classes of a school, in which a level of the amount holds; without it, in all that no other level of it names.
CLASSES: Schema = {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"type": "integer", "minimum": 1}}
SOURCED: Schema = {
    "anyOf": [
        {"required": ["reference"]},
        {"required": ["illustrative"], "properties": {"illustrative": {"const": True}}},
    ]
}


def _object(required: Schema, optional: Schema | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


def _dated(fields: Schema, optional: Schema | None = None) -> dict[str, Any]:
    """One or more dated entries with these fields, each with its source."""
    extra = {"until": DAY, "reference": LINE, "illustrative": {"type": "boolean"}, "note": LINE}
    return {
        "type": "array",
        "minItems": 1,
        "items": {**_object({"from": DAY, **fields}, {**extra, **(optional or {})}), **SOURCED},
    }


def _map_of(names: tuple[str, ...], item: Schema) -> dict[str, Any]:
    return {"type": "object", "properties": dict.fromkeys(names, item), "additionalProperties": False}


TEXT = _object({"id": LINE, "en": LINE})
# `asks`: what the conditions with this reason ask for, said the other way round; {batas} is the value asked for.
REASON_TEXT = _object({"id": LINE, "en": LINE}, {"asks": TEXT})

# An entry that holds only while a switch of its programme has this choice.
WHEN: Schema = {
    "type": "object",
    "propertyNames": {"pattern": WORD["pattern"]},
    "additionalProperties": WORD,
    "minProperties": 1,
}


def _switchable(fields: Schema, optional: Schema | None = None) -> dict[str, Any]:
    return _dated(fields, {"when": WHEN, **(optional or {})})


CHOSEN = _dated({"choice": WORD})
SWITCHES: Schema = {
    "type": "array",
    "minItems": 1,
    "items": _object(
        {
            "id": WORD,
            "question": TEXT,
            "choices": {
                "type": "array",
                "minItems": 2,
                "items": {
                    **_object(
                        {"id": WORD, "says": TEXT},
                        {"reference": LINE, "illustrative": {"type": "boolean"}, "note": LINE},
                    ),
                    **SOURCED,
                },
            },
            "chosen": CHOSEN,
        }
    ),
}

REGISTER = _object(
    {
        "scope_province": _dated({"value": {"type": "string", "pattern": r"^\d{2}$"}}),
        "adult_age_years": _dated({"value": COUNT}),
        "transit_limit_days": _dated({"value": COUNT}),
        "objection_days": _dated({"value": COUNT}),
        "objection_hold_quarters": _dated({"value": COUNT}),
        "pregnancy_days": _dated({"value": COUNT}),
        "postpartum_days": _dated({"value": COUNT}),
        "case_days": _dated({"value": _object(dict.fromkeys(CASE_KINDS, COUNT))}),
        "max_family_size": _dated({"value": {"type": "integer", "minimum": 1}}),
        "payee_order": _dated(
            {"value": {"type": "array", "items": {"enum": list(PAYEE_KINDS)}, "minItems": 1, "uniqueItems": True}}
        ),
        "ranking_mode": _dated({"value": {"enum": ["own", "given"]}}),
        "given_cut_points": _dated({"value": {"type": "array", "items": WHOLE, "minItems": 9, "maxItems": 9}}),
    },
    {
        # on how many sealed quarters today's facts act back; none where it is not said
        "retroactive_quarters": _dated({"value": COUNT}),
    },
)

SCORE = _object(
    {
        "models": _dated(
            {
                "base_rupiah": WHOLE,
                "minimum_rupiah": WHOLE,
                "rupiah_per_further_member": WHOLE,
                "floor_rupiah_per_m2_per_head": WHOLE,
                "floor_limit_m2_per_head": COUNT,
                "housing": _map_of(
                    tuple(PERUMAHAN),
                    {"type": "object", "patternProperties": {r"^\d+$": WHOLE}, "additionalProperties": False},
                ),
                "assets": _map_of(ASET_YA_TIDAK, WHOLE),
                "livestock": _map_of(TERNAK, WHOLE),
                "livestock_limit": COUNT,
            }
        )
    }
)

ASKED = {
    "fact": LINE,
    "operator": {"enum": sorted(OPERATORS)},
    "value": {
        "anyOf": [
            {"type": ["integer", "boolean", "string"]},
            {"type": "array", "minItems": 1, "items": {"type": ["integer", "string"]}},
        ]
    },
    "when_unknown": {"enum": ["pass", "fail"]},
}
CONDITION = _switchable(
    {"id": WORD, **ASKED, "reason": NAME},
    # newcomers: who holds the programme already is not asked again
    {"publish": WORD, "applies_to": {"enum": ["newcomers"]}},
)
QUOTA = _dated({"value": COUNT})
# case: an accepted reactivation counts for so many lists; holding: whoever holds the programme goes on
REACTIVATION = _dated(
    {
        "id": WORD,
        "by": {"enum": ["case", "holding"]},
        "quarters": COUNT,
        "asks": _object(ASKED),
        "instead_of": {"type": "array", "items": WORD, "minItems": 1, "uniqueItems": True},
    }
)

PROGRAMME = _object(
    {
        "name": NAME,
        "title": TEXT,
        "payer": PAYER,
        "budget": {"enum": ["APBN", "APBD"]},
        "subject": {"enum": ["family", "person"]},
        "from": DAY,
        "reference": LINE,
        "objection": TEXT,  # where to object
        # bits of a UInt64 in the answers
        "conditions": {**CONDITION, "maxItems": 63},
        "amount": {
            "oneOf": [
                _object({"rupiah_per_quarter": _switchable({"value": COUNT})}),
                _object(
                    {
                        "levels": _switchable(
                            {"id": WORD, "school_level": {"enum": sorted(SCHOOL_LEVELS)}, "rupiah_per_quarter": COUNT},
                            {"private_rupiah_per_quarter": COUNT, "classes": CLASSES},
                        )
                    }
                ),
                _object(
                    {
                        "max_components": _switchable({"value": COUNT}),
                        "paid_first": _switchable({"value": {"enum": list(PAID_FIRST)}}),
                        "components": _switchable(
                            {"id": WORD, "rupiah_per_quarter": COUNT},
                            {
                                "min_age_years": COUNT,
                                "max_age_years": COUNT,
                                "limit": COUNT,
                                "says": TEXT,  # what it is called
                                "asks": {"type": "array", "minItems": 1, "items": _object(ASKED)},
                            },
                        ),
                    }
                ),
            ]
        },
    },
    {
        "until": DAY,
        # quarters of the year in which it is decided anew; by default all
        "due_quarters": {
            "type": "array",
            "items": {"type": "integer", "minimum": 1, "maximum": 4},
            "minItems": 1,
            "uniqueItems": True,
        },
        "cadence": TEXT,  # when it is decided and paid, where that is more than every quarter
        # what the eligible are told who are not served; by default that the quota is used up
        "waiting_reason": NAME,
        "reactivation": REACTIVATION,  # personal programmes: how what was ended goes on
        "switches": SWITCHES,
        # of a programme that brings its own, instead of lines in quotas/ and reasons.yaml
        "quotas": {"type": "object", "minProperties": 1, "additionalProperties": QUOTA},
        "reasons": {"type": "object", "propertyNames": NAME, "additionalProperties": REASON_TEXT},
        # which facts of the recipient act on sealed quarters; by default none
        "retroactive": _dated(
            {"id": {"enum": list(ACTING_BACK)}},
            {"occupations": {"type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": True}},
        ),
    },
)

QUOTAS = _object({"quotas": {"type": "object", "propertyNames": NAME, "additionalProperties": QUOTA}})
REASONS = _object({"reasons": {"type": "object", "propertyNames": NAME, "additionalProperties": REASON_TEXT}})
# A file laid over the rules that chooses switches: one choice for all days, or a dated series.
OVERLAY = _object(
    {
        "switches": {
            "type": "object",
            "propertyNames": NAME,
            "additionalProperties": {
                "type": "object",
                "propertyNames": {"pattern": WORD["pattern"]},
                "additionalProperties": {"anyOf": [WORD, CHOSEN]},
            },
        }
    }
)


def schema_of(name: str) -> Schema | None:
    """The schema for a document by its name, for example "programmes/pkh.yaml"; None for a name that means nothing."""
    folder, _, _ = name.rpartition("/")
    by_place = {"programmes": PROGRAMME, "quotas": QUOTAS}
    by_name = {"register.yaml": REGISTER, "score.yaml": SCORE, "reasons.yaml": REASONS}
    return by_place.get(folder) or by_name.get(name)
