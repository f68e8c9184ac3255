"""Holdings as fixed-width values: one line of 43 bytes per NIK and programme."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl

from agents.store.layout import NIK_BYTES
from streams.changes import HOLDINGS

# null is a string of zero bytes; the widths are those of the codes themselves
LINE: Final = np.dtype(
    [
        ("state", "u1"),
        ("amount_rupiah", ">i8"),
        ("kab_kota", "S4"),
        ("no_kk", "S16"),
        ("since", "S7"),
        ("held_since", "S7"),
    ]
)
TEXTS: Final = ("kab_kota", "no_kk", "since", "held_since")
STATES: Final = pl.Series(["ACTIVE", "HELD"])


def to_lines(frame: pl.DataFrame) -> tuple[list[bytes], list[bytes]]:
    """Keys and values of a holdings frame (columns streams.changes.HOLDINGS).

    Raises ValueError for a text wider than its field, or a null state or amount.
    """
    lines = np.zeros(frame.height, LINE)
    if frame["state"].null_count() or frame["amount_rupiah"].null_count():
        raise ValueError("a holding has a state and an amount: one of these lines has none")
    lines["state"] = frame["state"].to_physical().to_numpy()
    lines["amount_rupiah"] = frame["amount_rupiah"].to_numpy()
    for name in TEXTS:
        width = LINE[name].itemsize
        texts = frame[name].fill_null("")
        if (texts.str.len_bytes() > width).any():
            raise ValueError(f"a holding's {name} is wider than {width} bytes")
        lines[name] = texts.to_list()
    keys = (frame["nik"] + frame["programme"]).cast(pl.Binary).to_list()
    values: list[bytes] = lines.view(f"V{LINE.itemsize}").tolist()
    return keys, values


def from_lines(keys: Sequence[bytes], values: Sequence[bytes]) -> pl.DataFrame:
    """The holdings frame, sorted as the keys are: by nik, programme."""
    lines = np.frombuffer(b"".join(values), LINE)
    names = pl.Series(keys, dtype=pl.Binary).cast(pl.String)
    texts = {name: pl.Series(lines[name].astype(str), dtype=pl.String) for name in TEXTS}
    return pl.DataFrame(
        {
            "nik": names.str.head(NIK_BYTES),
            "programme": names.str.slice(NIK_BYTES),
            "state": STATES.gather(lines["state"]) if len(keys) else STATES.clear(),
            "amount_rupiah": lines["amount_rupiah"].astype(np.int64),
            **{name: text.set(text == "", None) for name, text in texts.items()},
        }
    ).cast(HOLDINGS)
