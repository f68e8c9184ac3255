"""What a JSON schema finds wrong with a rules document, said to the one who wrote it: place, fault, and what to do."""

import difflib
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeAlias

from streams.rules.schema import DAY, NAME, PAYER, SOURCED, WORD

Problem: TypeAlias = Any  # jsonschema's ValidationError, whose parts are typed as perhaps unset

TYPES: Mapping[str, str] = {
    "integer": "a whole number", "string": "a text", "boolean": "true or false", "array": "a list",
    "object": "fields with values",
}  # fmt: skip
# How the patterns of the schema are written.
WRITTEN: Mapping[str, str] = {
    DAY["pattern"]: "a day, like 2025-03-31",
    NAME["pattern"]: "capital letters, digits and _, like BANTUAN_CONTOH",
    WORD["pattern"]: "small letters, digits and _, like desil_batas",
    PAYER["pattern"]: "a code of schemas/payers.yaml: small letters, digits and -",
    r"^\d{2}$": 'two digits within quotes, like "31"',
}


def sentence(problem: Problem, document: Any) -> str:
    """One problem of a document as `place: what is wrong, and what to do`."""
    return f"{_place(problem, document)}: {_fault(problem)}"


def _place(problem: Problem, value: Any) -> str:
    """Where it is: `conditions.desil.operator`; entries without an id are counted from 1: `amount.levels[2]`."""
    told = ""
    for step in problem.absolute_path:
        value = value[step]
        if not isinstance(step, int):
            told += f".{step}" if told else step
        elif isinstance(value, Mapping) and isinstance(value.get("id"), str):
            told += f".{value['id']}"
        else:
            told += f"[{step + 1}]"
    return told or "the document"


def nearest(word: object, known: Collection[str]) -> str:
    """` Did you mean X?`, or nothing."""
    found = difflib.get_close_matches(str(word), known, n=1)
    return f" Did you mean {found[0]}?" if found else ""


def _fault(problem: Problem) -> str:
    if problem.validator_value == SOURCED["anyOf"]:
        return "the value has no source: add `reference`, or `illustrative: true`"
    tell = FAULTS.get(str(problem.validator))
    return (
        f"{problem.message}. See streams/rules/schema.py for what may stand there." if tell is None else tell(problem)
    )


def _unknown_fields(problem: Problem) -> str:
    known = list(problem.schema["properties"])
    strange = sorted(set(problem.instance) - set(known))
    return f"{', '.join(strange)} is no field that is known here.{nearest(strange[0], known)} Known: {', '.join(known)}"


def _missing(problem: Problem) -> str:
    missing = [name for name in problem.validator_value if name not in problem.instance]
    return f"{', '.join(missing)} is missing: add it"


def _none_of(problem: Problem) -> str:
    known = [str(it) for it in problem.validator_value]
    return f"{problem.instance!r} is none of {', '.join(known)}.{nearest(problem.instance, known)}"


def _form(problem: Problem) -> str:
    return f"{problem.instance!r} is not written as it must be: write {WRITTEN[problem.validator_value]}"


def _type(problem: Problem) -> str:
    wanted = problem.validator_value if isinstance(problem.validator_value, list) else [problem.validator_value]
    given = problem.instance
    found = "nothing" if given is None else f"{given!r}" if isinstance(given, str | int) else "something else"
    return f"{' or '.join(TYPES[it] for it in wanted)} must stand here, not {found}"


def _one_of(problem: Problem) -> str:
    forms = [" with ".join(form["required"]) for form in problem.validator_value]
    return f"exactly one of these must stand here: {'; '.join(forms)}"


def _bound(word: str) -> Callable[[Problem], str]:
    return lambda problem: f"{problem.instance!r} is too {word}: the bound is {problem.validator_value}"


FAULTS: Mapping[str, Callable[[Problem], str]] = {
    "additionalProperties": _unknown_fields,
    "required": _missing,
    "enum": _none_of,
    "pattern": _form,
    "type": _type,
    "oneOf": _one_of,
    "minimum": _bound("small"),
    "maximum": _bound("large"),
    "minItems": lambda problem: f"at least {problem.validator_value} must be listed here",
    "maxItems": lambda problem: f"at most {problem.validator_value} may be listed here",
    "uniqueItems": lambda problem: f"{problem.instance!r} lists something twice",
    "minLength": lambda _: "the text is empty: write one",
}
