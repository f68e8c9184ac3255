"""Sentences about rows, made in columns: the text of each row's code with the row's own values in it."""

import re
from collections.abc import Iterable, Mapping
from typing import Protocol

import polars as pl

PLACES = re.compile(r"\{(\w+)\}")


class Told(Protocol):
    """A code with its sentences, in which `{name}` stands for a value."""

    @property
    def name(self) -> str: ...
    @property
    def indonesian(self) -> str: ...
    @property
    def english(self) -> str: ...


def sentence(codes: Iterable[Told], column: str, language: str, values: Mapping[str, pl.Expr]) -> pl.Expr:
    """String?: the sentence of the code in `column`, null where it is none of `codes`.

    `language`: id or en. `values`: by the names in the sentences; where one is null, so is the sentence.
    """
    said = pl.lit(None, pl.String)
    for code in codes:
        text = code.indonesian if language == "id" else code.english
        said = pl.when(pl.col(column) == code.name).then(_filled(text, values)).otherwise(said)
    return said


def _filled(text: str, values: Mapping[str, pl.Expr]) -> pl.Expr:
    parts = PLACES.split(text)  # text and name by turns
    return pl.concat_str(
        values[part].cast(pl.String) if place % 2 else pl.lit(part) for place, part in enumerate(parts)
    )
