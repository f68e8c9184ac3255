"""Which people a card has ever listed: keys of the family `cards`, card number and NIK, without a value."""

from typing import Final

import numpy as np

from agents.store.facts import FactBatch
from agents.store.layout import COORDINATE, HEADER_BYTES, NIK_BYTES
from schemas.columnar import decode_versions, writers_of
from schemas.columnar.arena import I64
from schemas.columnar.bridge import to_bytes
from schemas.registry import contracts

LISTING: Final = "listing"


def listing_topics() -> tuple[int, ...]:
    """Numbers of the topics whose events list people on cards."""
    return tuple(sorted(it.topic_number or 0 for it in contracts().events if LISTING in it.groups))


def topic_numbers(batch: FactBatch) -> I64:
    """The topic number of each fact's event: the first two bytes of its coordinate."""
    at = batch.values.starts + COORDINATE.start
    arena = batch.values.arena
    return (arena[at].astype(np.int64) << 8) | arena[at + 1]


def card_keys(batch: FactBatch) -> list[bytes]:
    """Keys for the facts of a batch that list somebody on a card. Other facts are passed over unread.

    Raises ValueError for a fact that cannot be read.
    """
    rows = np.flatnonzero(np.isin(topic_numbers(batch), listing_topics()))
    if not len(rows):
        return []
    values = batch.values
    fact = contracts().by_name["fact"]
    writers = writers_of(fact, values.arena, values.starts[rows])
    if (strange := np.flatnonzero(writers < 0)).size:
        offset = batch.offsets[rows[strange[0]]]
        raise ValueError(
            f"{len(strange)} values, the first at offset {offset}, are facts of no version that this release knows: "
            "a newer release wrote them; run that one, or a later one"
        )
    lengths = (values.lengths[rows] - HEADER_BYTES).astype(np.int32)
    decoded = decode_versions(fact, writers, values.arena, values.starts[rows] + HEADER_BYTES, lengths)
    if decoded.errors.height:
        raise ValueError(f"{decoded.errors.height} facts cannot be read: {decoded.errors.row(0, named=True)}")
    listed = decoded.frame.filter(LISTING)
    niks = batch.keys[rows[listed.get_column("row").to_numpy()]][:, :NIK_BYTES]
    data, starts, _ = to_bytes(listed.get_column("listing.no_kk"))
    keys = np.concatenate([data[starts[:, None] + np.arange(NIK_BYTES)], niks], axis=1)
    found: list[bytes] = np.ascontiguousarray(keys).view(f"V{2 * NIK_BYTES}").ravel().tolist()
    return found
