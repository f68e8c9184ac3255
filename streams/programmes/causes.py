"""Which recorded events are behind an answer."""

import numpy as np
import polars as pl
import pyarrow as pa

from streams.families import Formed
from streams.programmes.assess import Assessed
from streams.programmes.decide import FIRST

Pieces = list[tuple[pl.Series, pl.Series]]  # where it counts (Boolean), and the event (Binary?), one row per subject


def causes(assessed: Assessed, formed: Formed) -> pl.Series:
    """List(Binary) per subject of an assessment: events behind the failed conditions, or behind all if none failed.

    Of a line that is carried over in transit, and of people who are away: the departure. Of a successor: also the
    death or the departure of the former payee. Each list is sorted and has each event once.
    """
    name = assessed.programme.name
    failed = assessed.subjects["failed"]
    if assessed.programme.is_family:
        elsewhere = formed.families[f"{name}.kept"].is_not_null()
        departure = formed.families[f"{name}.kept_event"]
    else:
        elsewhere, departure = ~formed.people["present"], formed.people["residence.event"]
    pieces: Pieces = [(elsewhere, departure)]
    for number in range(len(assessed.programme.conditions)):
        counts = (failed == 0) | ((failed & (1 << number)) != 0)
        pieces.append((counts & ~elsewhere, assessed.found[f"event.{number}"]))
    objects = assessed.subjects["carried"].is_in(["OBJECTION", "PROTECTED"]).fill_null(value=False)
    subjects = formed.families if assessed.programme.is_family else formed.people
    pieces.append((objects, subjects[f"{name}.objection"]))
    if not assessed.programme.is_family:  # of the illness nothing: it is nobody's business but the case's
        back = (assessed.subjects["rank"] == FIRST) & ~elsewhere
        pieces.append((back, formed.people[f"{name}.reactivation"]))
    if assessed.programme.is_family:
        succeeds = formed.families[f"{name}.former"] & (failed == 0) & ~elsewhere
        pieces.append((succeeds, formed.families[f"{name}.former_event"]))
    return gathered(pieces)


def gathered(pieces: Pieces) -> pl.Series:
    """The events of each row, sorted, each once: List(Binary), as long as the pieces."""
    rows = len(pieces[0][0])
    found = (
        pl.concat(
            pl.DataFrame({"row": pl.int_range(rows, eager=True, dtype=pl.UInt32), "event": event}).filter(
                counts & event.is_not_null()
            )
            for counts, event in pieces
        )
        .unique()
        .sort("row", "event")
    )
    lengths = np.bincount(found["row"].to_numpy(), minlength=rows)
    offsets = pa.array(np.concatenate([[0], np.cumsum(lengths)]), pa.int64())
    lists = pa.LargeListArray.from_arrays(offsets, found["event"].cast(pl.Binary).to_arrow().cast(pa.large_binary()))
    return pl.Series("causes", lists, dtype=pl.List(pl.Binary))
