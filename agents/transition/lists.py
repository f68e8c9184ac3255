"""Old lists from files, as `streams.transition.rows.CONTRACT` describes them: read, and refused where they break it."""

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from agents.errors import OperatorError
from streams.transition.rows import CONTRACT, SOURCES

DATES = ("per_tanggal", "tanggal_lahir", "sampai")
SHOWN = 3  # rows named in a refusal


def read_lists(files: Sequence[Path]) -> pl.DataFrame:
    """The rows of all files: columns of CONTRACT as text, dates as dates.

    Raises OperatorError, with the file and the rows, for a file that cannot be read or breaks the contract.
    """
    rows = pl.concat([_checked(file, _read(file)) for file in files])
    _refuse(rows.filter(pl.col("baris").is_duplicated()), "baris", "stands twice in the files", "give rows other names")
    return rows


def _read(file: Path) -> pl.DataFrame:
    try:
        if file.suffix.lower() == ".parquet":
            return pl.read_parquet(file).with_columns(pl.all().cast(pl.String))
        return pl.read_csv(file, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        said = str(error).splitlines()[0]
        raise OperatorError(f"{file} cannot be read ({said}): give a CSV file in UTF-8, or a Parquet file.") from error


def _checked(file: Path, found: pl.DataFrame) -> pl.DataFrame:
    missing = [name for name, column in CONTRACT.items() if column.needed and name not in found.columns]
    strange = [name for name in found.columns if name not in CONTRACT]
    if missing or strange:
        said = [f"lacks the columns {', '.join(missing)}"] * bool(missing)
        said += [f"has the columns {', '.join(strange)}, which no list has"] * bool(strange)
        raise OperatorError(f"{file} {' and '.join(said)}; columns are {', '.join(CONTRACT)}.")
    optional = [pl.lit(None, pl.String).alias(name) for name in CONTRACT if name not in found.columns]
    rows = found.with_columns(optional).select(
        pl.when(pl.col(name).str.strip_chars() != "").then(pl.col(name).str.strip_chars()).alias(name)
        for name in CONTRACT
    )
    for name, column in CONTRACT.items():
        if column.needed:
            _refuse(rows.filter(pl.col(name).is_null()), name, "is empty", "every row must have it", file)
    _refuse(rows.filter(~pl.col("sumber").is_in(SOURCES)), "sumber", "is no list", f"use {', '.join(SOURCES)}", file)
    _refuse(
        rows.filter(~pl.col("kelurahan").str.contains(r"^\d{10}$")), "kelurahan", "is no code", "use 10 digits", file
    )
    _refuse(
        rows.filter(~pl.col("anggaran").is_in(["APBN", "APBD"])), "anggaran", "is no budget", "use APBN or APBD", file
    )
    for name in DATES:
        days = rows.with_columns(day=pl.col(name).str.to_date("%Y-%m-%d", strict=False))
        _refuse(
            days.filter(pl.col("day").is_null(), pl.col(name).is_not_null()), name, "is no date", "YYYY-MM-DD", file
        )
        rows = days.with_columns(pl.col("day").alias(name)).drop("day")
    budget = pl.when(pl.col("sumber") == "APBD").then(pl.lit("APBD")).otherwise(pl.lit("APBN"))
    return rows.with_columns(anggaran=pl.coalesce("anggaran", budget))


def _refuse(wrong: pl.DataFrame, column: str, what: str, how: str, file: Path | None = None) -> None:
    if wrong.height:
        named = ", ".join(str(name) for name in wrong["baris"].head(SHOWN))
        where = f"{file}: " if file else ""
        raise OperatorError(f"{where}{column} {what} in {wrong.height} rows ({named}, …): {how}. Nothing was loaded.")
