"""The dated rules as data: loaded, checked, and reduced to what is in force on a day.

`load` takes documents that somebody else has read and parsed (`parse` turns the text of one into
one); `Bundle.at` gives the rules of a day. Nothing here reads a file, and nothing here knows a
programme by name: what a programme asks for stands in `streams/rules/data/`.
"""

from streams.rules.bundle import Bundle, load
from streams.rules.documents import RulesError, parse
from streams.rules.model import Ask, Component, Condition, Programme, Ranking, Rules, ScoreModel, Text

__all__ = [
    "Ask",
    "Bundle",
    "Component",
    "Condition",
    "Programme",
    "Ranking",
    "Rules",
    "RulesError",
    "ScoreModel",
    "Text",
    "load",
    "parse",
]
