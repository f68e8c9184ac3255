"""Whether something was seen where somebody lives: at the present card or address (architecture.md 4).

The expressions ask for the columns of a person's present place (no_kk, kelurahan, address) and those of the
observation (household.no_kk, household.kelurahan, household.alamat and so on) in one frame.
"""

import polars as pl

# contacts that mean "address not found" (decisions.md, "Events")
ADDRESS_NOT_FOUND = ("PINDAH_ATAU_BANGUNAN_HILANG", "TIDAK_DITEMUKAN")


def home_here() -> pl.Expr:
    """Whether a dwelling was seen at the present card or address."""
    return pl.col("household").fill_null(value=False) & (same_card("household") | same_address("household"))


def visit_here() -> pl.Expr:
    """Whether a visit tells if the present address can be found.

    A visit elsewhere says nothing: who moves must not be dropped for not being found at the old place. A card
    that was shown counts only where somebody was found; an officer who found nobody has its number from a list.
    Facts of before version 2 know the kelurahan of a visit, not its address.
    """
    unknown_address = pl.col("field.alamat").is_null() & (pl.col("field.kelurahan") == pl.col("kelurahan"))
    found = ~pl.col("field.hasil_kontak").cast(pl.String).is_in(ADDRESS_NOT_FOUND)
    here = same_address("field") | (same_card("field") & found) | unknown_address.fill_null(value=False)
    return pl.col("field").fill_null(value=False) & here.fill_null(value=False)


def same_card(group: str) -> pl.Expr:
    """Whether the observation names the present card."""
    return (pl.col(f"{group}.no_kk") == pl.col("no_kk")).fill_null(value=False)


def same_address(group: str) -> pl.Expr:
    """Whether the observation names the present address, in the present kelurahan."""
    same = _plain(pl.col(f"{group}.alamat")) == _plain(pl.col("address"))
    return ((pl.col(f"{group}.kelurahan") == pl.col("kelurahan")) & same).fill_null(value=False)


def _plain(address: pl.Expr) -> pl.Expr:
    """An address as two offices would agree on it: letters and digits, RT 003 like RT 3."""
    words = address.str.to_lowercase().str.replace_all("[^a-z0-9]+", " ")
    return words.str.replace_all("(^| )0+([0-9])", "${1}${2}").str.strip_chars(" ")
