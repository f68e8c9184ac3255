"""From text to plain JSON values, checked against the schema of their kind."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from schemas.yaml_text import Loader
from streams.rules.schema import Schema, schema_of
from streams.rules.sentences import sentence


class RulesError(ValueError):
    """A rules document cannot be used. The message names the document, the place in it, and what to do."""


class _Loader(Loader):  # type: ignore[misc]
    """Refuses a field that stands twice: YAML would quietly take the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: dict[str, int] = {}
        for key, _ in node.value:
            line = key.start_mark.line + 1
            if key.value in seen:
                raise RulesError(f"{key.value} stands in line {seen[key.value]} and again in line {line}: keep one")
            seen[key.value] = line
        found: dict[Any, Any] = super().construct_mapping(node, deep)
        return found


def parse(text: str, name: str = "the text") -> object:
    """One YAML text as a document for `load`; raises RulesError with `name` and the line when it is no YAML."""
    try:
        return yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader
    except RulesError as error:
        raise RulesError(f"{name}: {error}") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f" in line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise RulesError(
            f"{name}: this is no YAML{where}: {error.problem}. Indent with spaces, alike for fields side by side, and "
            "put texts with a colon into quotes"
        ) from error
    except yaml.YAMLError as error:
        raise RulesError(f"{name}: this is no YAML: {error}") from error


def normalised(value: object) -> Any:
    """The same value as JSON has it: keys are strings, days are ISO text. Equal rules are then equal bytes.

    Floats are refused: only integers may reach anything that is digested.
    """
    match value:
        case dict() | Mapping():
            return {str(key): normalised(item) for key, item in value.items()}
        case list() | tuple():
            return [normalised(item) for item in value]
        case dt.datetime():
            raise RulesError(f"{value} has a time of day; rules hold for whole days: write the date only")
        case dt.date():
            return value.isoformat()
        case bool() | int() | str() | None:
            return value
        case _:
            raise RulesError(f"{value!r} is {type(value).__name__}; use whole numbers, text, lists or true and false")


def checked(name: str, document: object, schema: Schema | None = None) -> dict[str, Any]:
    """The normalised document `name` ("programmes/pkh.yaml"), after the check against `schema`, or that of its kind."""
    schema = schema or schema_of(name)
    if schema is None:
        known = "register.yaml, score.yaml, reasons.yaml, programmes/*.yaml, quotas/*.yaml"
        raise RulesError(f"{name}: there is no rules document of this name. Known: {known}")
    try:
        plain = normalised(document)
    except RulesError as error:
        raise RulesError(f"{name}: {error}") from error
    problem = best_match(Draft202012Validator(schema).iter_errors(plain))
    if problem is not None:
        raise RulesError(f"{name}: {sentence(problem, plain)}")
    checked_document: dict[str, Any] = plain
    return checked_document
