"""Aims at: what families read keeps to docs/reference/readability.md, as far as a machine can tell."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

import agents.kenapa.words as page_words
from agents.rulebook import read_bundle
from schemas.registry import contracts
from streams import reasons, spoken
from streams.kenapa import events, home, sentences, values
from streams.rules import Text
from streams.rules.corrections import ADVICE, CORRECTIONS
from streams.rules.facts import FACTS
from tests.docs.pages import PROJECT
from tests.streams.villages import AS_OF

WORDS_PER_SENTENCE = 18
PAGE = (PROJECT / "docs" / "reference" / "readability.md").read_text(encoding="utf-8")
# Words of offices, which the page lists in its table: the first column is not to be used.
OFFICE = re.findall(r"^\| `([^`]+)` \|", PAGE, re.MULTILINE)
# Names that people meet on papers and phones, and what a placeholder stands for.
CODE = re.compile(r"\b[A-Z]{2,}_[A-Z_]+\b|\b[a-z]+_[a-z_]+\b|\b\d{4}-Q\d\b")
NAMES = re.compile(r"\([^)]*\)|\{\w+\}")


def found(thing: Any, path: str) -> Iterator[tuple[str, Text]]:
    """Every Text in a module's constants, with where it stands."""
    if isinstance(thing, Text):
        yield path, thing
    elif isinstance(thing, dict):
        for name, value in thing.items():
            yield from found(value, f"{path}.{name}")
    elif isinstance(thing, list | tuple):
        for place, value in enumerate(thing):
            yield from found(value, f"{path}[{place}]")


def everything() -> list[tuple[str, Text]]:
    rules = read_bundle("S").at(AS_OF)
    told: list[tuple[str, Text]] = []
    for module in (page_words, events, home, sentences, values, reasons, spoken):
        for name, value in vars(module).items():
            if name.isupper():
                told += found(value, f"{module.__name__}.{name}")
    told += found(dict(rules.reasons), "reasons.yaml")
    told += found(ADVICE, "corrections.ADVICE")
    told += [(f"corrections.{name}", it.what) for name, it in CORRECTIONS.items()]
    told += [(f"facts.{name}", it.label) for name, it in FACTS.items()]
    for name, programme in rules.programmes.items():
        told += [(f"{name}.title", programme.title), (f"{name}.objection", programme.objection)]
    return told


ALL = everything()


@pytest.mark.parametrize(("path", "text"), ALL, ids=[path for path, _ in ALL])
def test_a_text_is_short_and_plain_in_both_languages(path: str, text: Text) -> None:
    for language, said in (("id", text.id), ("en", text.en)):
        assert said.strip(), f"{path} says nothing in {language}"
        # What stands in brackets is a name as people know it from their papers.
        for sentence in re.split(r"(?<=[.!?])\s+", NAMES.sub("x", said)):
            count = len(sentence.split())
            assert count <= WORDS_PER_SENTENCE, f"{path}, {language}: {count} words: {sentence!r}"
        assert not CODE.search(NAMES.sub("", said)), f"{path}, {language}: a code stands in {said!r}"
    used = [word for word in OFFICE if re.search(rf"\b{re.escape(word)}\b", text.id, re.IGNORECASE)]
    assert not used, f"{path}: {used} are words of offices; docs/reference/readability.md says what to write"


@pytest.mark.parametrize(("path", "text"), ALL, ids=[path for path, _ in ALL])
def test_both_languages_have_the_same_blanks(path: str, text: Text) -> None:
    blanks = [set(re.findall(r"\{(\w+)\}", said)) for said in (text.id, text.en)]
    assert blanks[0] == blanks[1], path


def test_the_list_of_office_words_is_read() -> None:
    assert len(OFFICE) >= 15
    assert len(ALL) > 150


def test_every_event_type_has_plain_words() -> None:
    assert {it.event_type for it in contracts().events} <= set(events.EVENTS)
