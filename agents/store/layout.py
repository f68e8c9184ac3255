"""Keys and values, byte by byte (contracts.md 4). Numbers are big endian, so that keys sort as the numbers do."""

from typing import Final

STORE_VERSION: Final = "4"  # raise it with any change of this page: old stores are refused, and filled anew

NIK_BYTES: Final = 16
HEADER_BYTES: Final = 10  # of a value: C3 01 and the schema's fingerprint
ROW_KEY_BYTES: Final = 34  # NIK, producer u16, event_id 16
OFFSET_BYTES: Final = 8
COORDINATE_BYTES: Final = 14
PLACE_BYTES: Final = 4

# A fact as it stands in register.facts: 10 bytes of header, then
KEY_TAIL: Final = slice(10, 28)  # producer and event_id, which with the Kafka key make the row key
COORDINATE: Final = slice(28, 42)
PLACE: Final = slice(42, 46)
CONTENT_FROM: Final = 46  # what two copies of one event must have in common

# A row: OFFSET_BYTES of its offset in register.facts, then the fact. A copy: row key, coordinate and offset as key.
COPY_KEY_BYTES: Final = ROW_KEY_BYTES + COORDINATE_BYTES + OFFSET_BYTES
COPY_VALUE_BYTES: Final = PLACE_BYTES + 1

COPIES: Final = "copies"
HOLDINGS: Final = "holdings"
ANSWERS: Final = "answers"
PUBLISHED: Final = "published"
ADJUSTED: Final = "adjusted"  # adjustments of sealed quarters, as published
CARDS: Final = "cards"
NOTICES: Final = "notices"  # open ones
# NIK of holders whose facts may have stopped something since they were last looked at; the value tells marks apart
MARKS: Final = "marks"
COMMANDS: Final = "commands"
META: Final = "meta"
SMALL_FAMILIES: Final = (HOLDINGS, ANSWERS, PUBLISHED, ADJUSTED, CARDS, NOTICES, MARKS, COMMANDS, META)

VERSION_KEY: Final = b"version"
QUARTER_KEY: Final = b"quarter"
NOTICES_KEY: Final = b"notices"  # there, once a new store has learnt what was noticed before


def position_key(topic: str) -> bytes:
    return b"position/" + topic.encode()


def pack_offset(offset: int) -> bytes:
    return offset.to_bytes(OFFSET_BYTES)


def unpack_offset(raw: bytes) -> int:
    return int.from_bytes(raw[:OFFSET_BYTES])
