"""Bundles of earlier releases, completed: what they had no word for means what it meant then.

A sealed quarter's rules stand in the log for ever, and are read again by whoever explains that quarter or previews it.
A value that a later release made compulsory is missing there. A rules folder is never completed: its author must say.
"""

from collections.abc import Mapping
from typing import Any

Documents = Mapping[str, Mapping[str, Any]]

NOTE = "Of an earlier release, whose rules had no such value."
# No condition of those rules asked about a pregnancy.
DAYS = ("pregnancy_days", "postpartum_days")
# As long as an objection was possible: cases had no other term.
CASE_KINDS = ("SANGGAH", "KELUHAN", "USUL", "REAKTIVASI")
# Reasons that the engine gives only since there are programmes that end and reactivations.
REASONS = {
    "REAKTIVASI": {
        "id": "Permohonan reaktivasi diterima. Bantuan berjalan sementara data diperbarui.",
        "en": "The reactivation was accepted. The assistance goes on while the data are renewed.",
    },
    "PROGRAM_BERAKHIR": {
        "id": "Program ini sudah berakhir. Tidak ada lagi yang menerimanya.",
        "en": "This programme has ended. Nobody receives it any more.",
    },
}


def completed(documents: Documents) -> dict[str, Mapping[str, Any]]:
    """The documents of a bundle that some release has checked and written, with what this release needs besides.

    Nothing that stands there is changed, so that a bundle of this release comes back as it is.
    """
    found = dict(documents)
    if "register.yaml" in found:
        found["register.yaml"] = _register(found["register.yaml"])
    if "reasons.yaml" in found:
        found["reasons.yaml"] = {"reasons": {**REASONS, **found["reasons.yaml"]["reasons"]}}
    for place, document in documents.items():
        if place.startswith("programmes/") and "components" in document["amount"]:
            found[place] = _components(document)
    return found


def _register(register: Mapping[str, Any]) -> dict[str, Any]:
    days = register["objection_days"]
    cases = [{**it, "value": dict.fromkeys(CASE_KINDS, it["value"]), "note": NOTE} for it in days]
    none = [_entry(days[0]["from"], 0)]
    return {**dict.fromkeys(DAYS, none), "case_days": cases, **register}


def _components(programme: Mapping[str, Any]) -> dict[str, Any]:
    """The highest amounts were paid first, without a word about it."""
    first = {"paid_first": [_entry(programme["from"], "highest")]}
    return {**programme, "amount": {**first, **programme["amount"]}}


def _entry(day: str, value: object) -> dict[str, Any]:
    return {"from": day, "value": value, "illustrative": True, "note": NOTE}
