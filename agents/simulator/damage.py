"""Damage to the finished bytes of planted events: what no encoder of a schema would write."""

from collections.abc import Callable

from agents.simulator.randomness import Random

# A well-formed header (C3 01) whose fingerprint belongs to no schema.
UNKNOWN_HEADER = b"\xc3\x01" + b"no such!"
HEADER_BYTES = 10


def _cut(value: bytes, random: Random) -> bytes:
    """Cut the last byte or two of a card: the end of its members, or a member's last number.

    No more, because a cut within a text is a length that cannot be, which has another code.
    """
    return value[: len(value) - int(random.integers(1, 3))]


def _left_over(value: bytes, random: Random) -> bytes:
    return value + bytes(int(random.integers(1, 9)))


def _schema_unknown(value: bytes, _: Random) -> bytes:
    return UNKNOWN_HEADER + value[HEADER_BYTES:]


def _no_header(value: bytes, _: Random) -> bytes:
    return value[HEADER_BYTES:]


def _no_value(_value: bytes, _: Random) -> None:
    return None


DAMAGE: dict[str, Callable[[bytes, Random], bytes | None]] = {
    "bytes_cut": _cut,
    "bytes_left_over": _left_over,
    "schema_unknown": _schema_unknown,
    "no_header": _no_header,
    "no_value": _no_value,
}
# Kinds that go, undamaged, to the topic of another contract.
MISPLACED = {"wrong_topic": "lahir"}


def damaged(values: list[bytes], kind: str, random: Random) -> list[bytes | None]:
    """The values of planted events of one kind, damaged; undamaged for other kinds."""
    damage = DAMAGE.get(kind)
    if damage is None:
        return list(values)
    return [damage(value, random) for value in values]
