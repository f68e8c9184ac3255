"""Units of two runs as Hypothesis makes them, and the smallest answers that units are made of."""

import datetime as dt
from typing import Any

import polars as pl
from hypothesis import strategies as st

from streams.comparing import UNITS

PROGRAMMES = ("KLJ", "PKH")
DAY = dt.date(2025, 6, 30)


def unit(programme: str, number: int, rupiah: int | None, **more: Any) -> dict[str, Any]:
    """A row of UNITS; `rupiah` None: does not receive."""
    return {
        "programme": programme,
        "unit": f"U{number:04d}",
        "receives": rupiah is not None,
        "rupiah": rupiah or 0,
        "reason": "MEMENUHI_SYARAT" if rupiah is not None else "DESIL_DI_ATAS_BATAS",
        "desil": 3,
        "kelurahan": "3174011001",
        "within_reach": rupiah is not None,
        "groundcheck": None,
        "groundcheck_on": None,
        "weight": 0,
    } | more


def units(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=UNITS)


_rupiah = st.none() | st.sampled_from([0, 300_000, 600_000])
_row = st.fixed_dictionaries(
    {
        "reason": st.sampled_from(["DESIL_DI_ATAS_BATAS", "KUOTA_HABIS", "PUNYA_MOBIL"]),
        "desil": st.none() | st.integers(1, 10),
        "kelurahan": st.none() | st.sampled_from(["3174011001", "3171061001", "3171061002"]),
        "groundcheck": st.sampled_from([None, "LAYAK", "TIDAK_LAYAK", "BELUM_DIPUTUSKAN"]),
        "groundcheck_on": st.none() | st.dates(dt.date(2024, 1, 1), DAY),
        "within_reach": st.booleans(),
    }
)


@st.composite
def sides(draw: st.DrawFn, largest: int = 25) -> pl.DataFrame:
    """UNITS of one run: any of the units, of any of the programmes."""
    rows = []
    for programme in draw(st.sets(st.sampled_from(PROGRAMMES))):
        for number in draw(st.sets(st.integers(1, largest))):
            row = draw(_row)
            rupiah = draw(_rupiah)
            reason = "MEMENUHI_SYARAT" if rupiah is not None else row["reason"]
            rows.append(unit(programme, number, rupiah, **{**row, "reason": reason}))
    return units(*rows)
