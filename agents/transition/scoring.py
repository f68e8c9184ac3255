"""How well a row of an old list fits a person of the register: a score by Splink, with stated weights.

The model is that of Fellegi and Sunter: each level of a comparison says how often two records of one person reach it
(m), and how often two records of different people do (u). Both are stated here and trained on nothing, so that what is
decided about one person does not depend on who else stands in the file. Where two values are equal, u is how often that
value occurs in the register: a rare name says more than a common one, from whatever culture it is.
"""

from dataclasses import dataclass
from typing import Any, Final

import duckdb
import polars as pl
from splink import DuckDBAPI, Linker, SettingsCreator
from splink.blocking_rule_library import CustomRule
from splink.comparison_level_library import CustomLevel, ElseLevel, ExactMatchLevel, NullLevel
from splink.comparison_library import CustomComparison
from splink.internals.blocking_rule_creator import BlockingRuleCreator
from splink.internals.comparison_level_creator import ComparisonLevelCreator

# What of a pair is told: how the NIK stand, the level of each comparison, and the weight, in bits: the logarithm to
# base 2 of how much likelier it is that the two are one person than that they are not.
PAIRS: Final = {
    "baris": pl.String,
    "nik": pl.String,
    "same_nik": pl.Boolean,
    "name": pl.Int32,
    "birth": pl.Int32,
    "sex": pl.Int32,
    "home": pl.Int32,
    "weight": pl.Float64,
}
LEAST_WEIGHT: Final = -4.0  # what is further from a match than this is not looked at

# Two records are compared if one of these holds; "a record and its person" that share none of them are never found.
BLOCKING: Final[list[BlockingRuleCreator | dict[str, Any]]] = [
    CustomRule("l.nik = r.nik"),
    CustomRule("l.birth = r.birth"),
    CustomRule("l.birth_turned = r.birth"),
    CustomRule("l.no_kk = r.no_kk"),
    CustomRule("l.name = r.name and l.birth_year = r.birth_year"),
    CustomRule("l.address = r.address and l.kelurahan = r.kelurahan"),
]
_WORDS_INSIDE = (
    "list_has_all(string_split(name_l, ' '), string_split(name_r, ' ')) or "
    "list_has_all(string_split(name_r, ' '), string_split(name_l, ' '))"
)
_SAME = {part: f"{part}(birth_l) = {part}(birth_r)" for part in ("year", "month", "day")}
_ONE_PART_OFF = " or ".join(
    f"({_SAME[one]} and {_SAME[other]})" for one, other in (("year", "month"), ("year", "day"), ("month", "day"))
)
_YEAR_ONLY = (
    f"{_SAME['year']} and ((month(birth_l) = 1 and day(birth_l) = 1) or (month(birth_r) = 1 and day(birth_r) = 1))"
)


def _close(least: float) -> str:
    """The whole name and its first word alike, by Jaro and Winkler."""
    firsts = (f"split_part(name_{side}, ' ', 1)" for side in "lr")
    return (
        f"jaro_winkler_similarity(name_l, name_r) >= {least} "
        f"and jaro_winkler_similarity({', '.join(firsts)}) >= {least - 0.05:.2f}"
    )


@dataclass(frozen=True)
class Level:
    """One level: when it is reached, and how often by two records of one person (m) and of two others (u).

    `equal` names a column instead: its values are equal, and u is how often that value occurs in the register.
    """

    m: float
    u: float
    sql: str = ""  # empty for the last: whatever is left
    equal: str = ""

    def made(self) -> ComparisonLevelCreator:
        """As Splink takes it."""
        level: ComparisonLevelCreator = CustomLevel(self.sql) if self.sql else ElseLevel()
        if self.equal:
            level = ExactMatchLevel(self.equal, term_frequency_adjustments=True)
        return level.configure(m_probability=self.m, u_probability=self.u)


# Levels from the best down; in PAIRS the last is 0, the one before it 1, and -1 is "not known". Of `equal`, the u here
# stands for no value in particular: Splink puts the frequency in its place.
LEVELS: Final = {
    "name": (
        Level(0.80, 0.002, equal="name"),
        Level(0.05, 0.003, _WORDS_INSIDE),
        Level(0.10, 0.002, _close(0.92)),
        Level(0.03, 0.008, _close(0.85)),
        Level(0.02, 0.985),
    ),
    "birth": (
        Level(0.89, 0.00005, equal="birth"),
        Level(0.03, 0.00005, "birth_turned_l = birth_r"),
        Level(0.03, 0.0002, _YEAR_ONLY),
        Level(0.04, 0.004, _ONE_PART_OFF),
        Level(0.01, 0.9957),
    ),
    "sex": (Level(0.985, 0.5, "sex_l = sex_r"), Level(0.015, 0.5)),
    # Card and address say the same thing twice, so they are one comparison.
    "home": (
        Level(0.70, 0.0001, equal="no_kk"),
        Level(0.12, 0.0002, "address_l = address_r and kelurahan_l = kelurahan_r"),
        Level(0.04, 0.01, "jaro_winkler_similarity(address_l, address_r) >= 0.95 and kelurahan_l = kelurahan_r"),
        Level(0.11, 0.01, equal="kelurahan"),
        Level(0.03, 0.9797),
    ),
}
UNKNOWN: Final = {"name": "name", "birth": "birth", "sex": "sex", "home": "kelurahan"}  # null: nothing is compared
FREQUENCIES: Final = ("name", "birth", "no_kk", "kelurahan")


def score(rows: pl.DataFrame, persons: pl.DataFrame) -> pl.DataFrame:
    """Every pair of a row and a person that BLOCKING finds and that is not far from a match, columns PAIRS.

    `rows` and `persons` as `streams.transition.rows.COMPARED`. Sorted by baris, weight from the greatest, nik.
    """
    if rows.is_empty() or persons.is_empty():
        return pl.DataFrame(schema=PAIRS)
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        found = _predicted(DuckDBAPI(connection), rows, persons)
    own = found.join(rows.select(baris="unique_id", row_nik="nik"), on="baris", how="left")
    return (
        own.with_columns(same_nik=(pl.col("row_nik") == pl.col("nik")).fill_null(value=False))
        .filter((pl.col("weight") >= LEAST_WEIGHT) | pl.col("same_nik"))
        .select(pl.col(name).cast(dtype) for name, dtype in PAIRS.items())
        .sort("baris", "weight", "nik", descending=[False, True, False])
    )


def _predicted(database: DuckDBAPI, rows: pl.DataFrame, persons: pl.DataFrame) -> pl.DataFrame:
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            CustomComparison([NullLevel(UNKNOWN[name]), *(level.made() for level in levels)], output_column_name=name)
            for name, levels in LEVELS.items()
        ],
        blocking_rules_to_generate_predictions=BLOCKING,
        probability_two_random_records_match=1 / persons.height,
        retain_matching_columns=True,  # the levels come with them
    )
    tables = [
        database.register(frame.to_arrow(), dataset_display_name=name)
        for name, frame in (("daftar", rows), ("register", persons))
    ]
    linker = Linker(tables, settings, log_level=None)
    for column in FREQUENCIES:
        counted = persons.select(column).drop_nulls().group_by(column).len().sort(column)
        share = counted.select(column, (pl.col("len") / persons.height).alias(f"tf_{column}"))
        linker.table_management.register_term_frequency_lookup(database.register(share.to_arrow()), column)
    predicted = linker.inference.predict(warning_mode="never")
    found: pl.DataFrame = predicted.as_duckdbpyrelation().pl()
    is_row = pl.col("source_dataset_l") == "daftar"
    return found.select(
        baris=pl.when(is_row).then("unique_id_l").otherwise("unique_id_r"),
        nik=pl.when(is_row).then("unique_id_r").otherwise("unique_id_l"),
        name="gamma_name",
        birth="gamma_birth",
        sex="gamma_sex",
        home="gamma_home",
        weight="match_weight",
    )
