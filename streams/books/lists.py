"""Lists by programme and kabupaten or kota: they close with what they opened with and what was published."""

import polars as pl

from streams.books.frames import LISTS, NO_PLACE, TOTALS, compared, empty, whole_place

PLACE = ["programme", "kab_kota"]
QUANTITIES = {"heads": "recipients", "held": "recipients held back", "rupiah": "rupiah"}


def lists_of(holdings: pl.DataFrame) -> pl.DataFrame:
    """LISTS of some holdings (streams.changes.HOLDINGS): what the register reports at NET."""
    active = pl.col("state").cast(pl.String) == "ACTIVE"
    return (
        holdings.group_by("programme", whole_place().alias("kab_kota"))
        .agg(
            pl.len().alias("heads"),
            (~active).sum().alias("held"),
            pl.col("amount_rupiah").filter(active).sum().alias("rupiah"),
        )
        .select(list(LISTS))
        .cast(LISTS)
        .sort(PLACE)
    )


def totals(opening: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """TOTALS: the sealed lists of the quarter before (LISTS) and the published lines (streams.changes.CHANGES).

    Heads: closing = opening + granted - revoked + moved in - moved out. Rupiah: closing = opening + what the lines
    pay now, where they are now, - what they paid before, where they were. `held`: recipients that are held back
    at the end. Sorted by programme, kab_kota; places where nothing was and nothing is are left out.
    """
    action = pl.col("action").cast(pl.String)
    moved = (action == "AMENDED") & pl.col("kab_kota").ne_missing(pl.col("kab_kota_before"))
    was_held = (pl.col("amount_before_rupiah") == 0).fill_null(value=False)
    arriving = changes.filter(action != "REVOKED").select(
        "programme",
        whole_place().alias("kab_kota"),
        granted=action == "GRANTED",
        held=action == "HELD",
        amended=action == "AMENDED",
        moved_in=moved,
        closing_rupiah=pl.col("amount_rupiah").fill_null(0),
    )
    leaving = changes.filter(action != "GRANTED").select(
        "programme",
        pl.col("kab_kota_before").fill_null(NO_PLACE).alias("kab_kota"),
        revoked=action == "REVOKED",
        held=-was_held.cast(pl.Int64),
        moved_out=moved,
        closing_rupiah=-pl.col("amount_before_rupiah").fill_null(0),
    )
    before = opening.select(*PLACE, "held", opening_heads="heads", opening_rupiah="rupiah", closing_rupiah="rupiah")
    parts = [
        part.cast({name: pl.Int64 for name in part.columns if name not in PLACE})
        for part in (before, arriving, leaving)
    ]
    summed = pl.concat([empty(TOTALS), *parts], how="diagonal_relaxed").group_by(PLACE).agg(pl.all().sum())
    heads = pl.col("opening_heads") + pl.col("granted") - pl.col("revoked") + pl.col("moved_in") - pl.col("moved_out")
    return (
        summed.with_columns(heads.alias("closing_heads"))
        .filter(pl.any_horizontal(pl.col(name) != 0 for name in TOTALS if name not in PLACE))
        .select(list(TOTALS))
        .cast(TOTALS)
        .sort(PLACE)
    )


def closing_of(books: pl.DataFrame) -> pl.DataFrame:
    """LISTS at the end of TOTALS: the opening of the next quarter."""
    return (
        books.select(*PLACE, heads="closing_heads", held="held", rupiah="closing_rupiah")
        .filter(pl.col("heads") != 0)
        .select(list(LISTS))
        .sort(PLACE)
    )


def lists_lines(
    sealed: pl.DataFrame, opening: pl.DataFrame, changes: pl.DataFrame, closing: pl.DataFrame
) -> pl.DataFrame:
    """Columns LINES. `sealed`: LISTS that the last manifests closed with; `opening`: LISTS that the register netted
    against; `changes`: read back from the topics; `closing`: LISTS of the register's holdings afterwards.
    """
    due = closing_of(totals(sealed, changes))
    return pl.concat(
        [
            compared("lists opening", PLACE, "{} {}", _added(sealed), _added(opening), quantities=QUANTITIES),
            compared("lists closing", PLACE, "{} {}", due, _added(closing), quantities=QUANTITIES),
        ]
    )


def doubled_lines(changes: pl.DataFrame) -> pl.DataFrame:
    """Columns LINES: never two lines for one person and programme, in what was read back."""
    counted = changes.group_by("programme").agg(
        pl.len().cast(pl.Int64).alias("lines"), pl.col("nik").n_unique().cast(pl.Int64).alias("persons")
    )
    due, found = counted.select("programme", rows="persons"), counted.select("programme", rows="lines")
    return compared("one line", ["programme"], "{}", due, found, quantities={"rows": "change lines, one per person"})


def _added(parts: pl.DataFrame) -> pl.DataFrame:
    """LISTS of all partitions added up."""
    return parts.group_by(PLACE).agg(pl.col("heads").sum(), pl.col("held").sum(), pl.col("rupiah").sum())
