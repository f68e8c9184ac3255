"""One file laid over the rules: a whole programme, switches that are chosen otherwise, or some of the other values.

A programme document (it has a `name`) replaces the one of that name, or is added. A document with `switches` says per
programme and switch what is chosen: one choice for all days, or a dated series. Of `quotas`, `reasons` and the values
of the register only the entries that the document has are replaced; `models` take the place of the score.
"""

from collections.abc import Mapping
from typing import Any

from streams.rules.documents import RulesError, checked, normalised
from streams.rules.schema import OVERLAY
from streams.rules.sentences import nearest


def laid_over(documents: Mapping[str, object], file: str, document: object) -> dict[str, object]:
    """The documents with `document` (parsed, of the file `file`) laid over them; raises RulesError."""
    plain = normalised(document)
    if isinstance(plain, dict) and "switches" in plain and "name" not in plain:
        return _switched(documents, checked(file, plain, OVERLAY)["switches"], file)
    if not isinstance(plain, dict) or "name" not in plain:
        return _other_values(documents, plain, file)
    placed = next((name for name, it in _programmes(documents).items() if it["name"] == plain["name"]), None)
    return {**documents, placed or f"programmes/{str(plain['name']).lower()}.yaml": plain}


def _other_values(documents: Mapping[str, object], plain: object, file: str) -> dict[str, object]:
    """Quotas, reasons and values of the register entry by entry; the score as a whole."""
    found = documents.get("register.yaml")
    register = dict(found) if isinstance(found, Mapping) else {}
    if isinstance(plain, dict) and set(plain) == {"models"}:
        return {**documents, "score.yaml": plain}
    for key in ("quotas", "reasons"):
        if isinstance(plain, dict) and set(plain) == {key} and isinstance(plain[key], dict):
            places = [name for name in documents if name.partition("/")[0].removesuffix(".yaml") == key]
            return {**documents, **{place: _with(documents[place], key, plain[key]) for place in places}}
    if isinstance(plain, dict) and plain and set(plain) <= set(register):
        return {**documents, "register.yaml": {**register, **plain}}
    raise RulesError(
        f"{file}: one file of rules is a programme (it begins with `name:`), or chooses switches: "
        "`switches: {SEMBAKO: {desil: empat}}`, or has `quotas`, `reasons`, `models` (the score), or values of the "
        f"register: {', '.join(sorted(register))}"
    )


def _with(document: object, key: str, entries: Mapping[str, Any]) -> dict[str, Any]:
    """The document with some entries under its key replaced or added."""
    under: dict[str, Any] = dict(document) if isinstance(document, Mapping) else {}
    return {**under, key: {**(under.get(key) or {}), **entries}}


def _programmes(documents: Mapping[str, object]) -> dict[str, Mapping[str, Any]]:
    return {
        name: it
        for name, it in documents.items()
        if name.startswith("programmes/") and isinstance(it, Mapping) and "name" in it
    }


def _switched(documents: Mapping[str, object], wanted: Mapping[str, Any], file: str) -> dict[str, object]:
    changed = dict(documents)
    places = {it["name"]: place for place, it in _programmes(documents).items()}
    for programme, choices in wanted.items():
        if programme not in places:
            raise RulesError(
                f"{file}: switches.{programme}: there is no programme {programme}.{nearest(programme, places)} "
                f"Known: {', '.join(sorted(places))}"
            )
        document = normalised(documents[places[programme]])
        switches = {it["id"]: it for it in document.get("switches", ())}
        for name, chosen in choices.items():
            if name not in switches:
                raise RulesError(
                    f"{file}: switches.{programme}: there is no switch {name}.{nearest(name, switches)} "
                    f"Known: {', '.join(switches) or 'none'}"
                )
            whole = {"from": document["from"], "choice": chosen, "illustrative": True, "note": f"Chosen by {file}."}
            switches[name]["chosen"] = chosen if isinstance(chosen, list) else [whole]
        changed[places[programme]] = document
    return changed
