"""What was published about sealed quarters, compared with what the simulator knows of the dead."""

from dataclasses import dataclass, field

import polars as pl

from agents.simulator import Truth
from streams.quarters import Quarter
from streams.rules import Rules

KEY = ["nik", "programme", "concerns"]
LIST = pl.Schema({"nik": pl.String, "programme": pl.String, "payable_rupiah": pl.Int64})
ADJUSTED = pl.Schema(
    {"nik": pl.String, "programme": pl.String, "concerns": pl.String, "cause": pl.String, "amount_rupiah": pl.Int64}
)


@dataclass
class Past:
    """The payers' lists of each quarter (LIST), and all adjustments so far (ADJUSTED)."""

    lists: dict[str, pl.DataFrame] = field(default_factory=dict)
    adjusted: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=ADJUSTED))
    taken_back: int = 0
    given_back: int = 0
    wrong: list[str] = field(default_factory=list)

    def take(self, quarter: str, truth: Truth, paid: pl.DataFrame, adjusted: pl.DataFrame, rules: Rules) -> None:
        """Add what one quarter published to all payers, under its rules.

        For every list of before, the adjustments for deaths must be minus the amount of those who, by all that has
        arrived, had died by its last day, and nothing for everybody else: so a cancelled death is given back.
        """
        self.adjusted = pl.concat([self.adjusted, adjusted.select(list(ADJUSTED)).cast(ADJUSTED)])
        self.taken_back += adjusted.filter(pl.col("amount_rupiah") < 0).height
        self.given_back += adjusted.filter(pl.col("amount_rupiah") > 0).height
        dead = truth.persons.filter(~pl.col("alive")).select("nik", "died_on")
        first = str(Quarter.parse(quarter).plus(-rules.retroactive_quarters))
        before = {name: listed for name, listed in self.lists.items() if name >= first}
        due = [pl.DataFrame(schema={**dict.fromkeys(KEY, pl.String), "due": pl.Int64})]
        for name, listed in before.items():
            gone = listed.filter(pl.col("payable_rupiah") > 0).join(
                dead.filter(pl.col("died_on") <= Quarter.parse(name).last_day), on="nik", how="semi"
            )
            due.append(gone.select("nik", "programme", pl.lit(name).alias("concerns"), due=-pl.col("payable_rupiah")))
        found = (
            self.adjusted.filter(pl.col("cause") == "MENINGGAL", pl.col("concerns").is_in(list(before)))
            .group_by(KEY)
            .agg(pl.col("amount_rupiah").sum().alias("found"))
        )
        both = pl.concat(due).join(found, on=KEY, how="full", coalesce=True).fill_null(0)
        for row in both.filter(pl.col("due") != pl.col("found")).sort(KEY).iter_rows(named=True):
            self.wrong.append(
                f"{quarter}: of {row['programme']} in {row['concerns']}, {row['due']} rupiah are to be adjusted for "
                f"somebody's death, {row['found']} were"
            )
        self.lists[quarter] = paid.select(list(LIST)).cast(LIST)
