"""What people give on the command line, as what it is; what it cannot be is said in a sentence."""

from pathlib import Path

from agents.errors import OperatorError
from agents.rulebook import read_bundle
from streams.quarters import Quarter
from streams.rules import Bundle, RulesError


def quarter_given(text: str) -> Quarter:
    """A quarter like 2026-Q1. Raises OperatorError."""
    try:
        return Quarter.parse(text)
    except ValueError as error:
        raise OperatorError(f"{error}.") from None


def bundle_given(quotas: str, rules: Path | None) -> Bundle:
    """Rules (a folder or one file; None: those of this release) with a table of quotas. Raises OperatorError."""
    try:
        return read_bundle(quotas, rules)
    except RulesError as error:
        raise OperatorError(f"The rules cannot be used: {error}.") from error
