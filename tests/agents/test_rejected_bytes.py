"""Aims at: the bytes of a refusal are shown without anybody's number in them, and as long as they are."""

import re

import pytest

from agents.cli.rejected import masked
from tests.streams.door.made import CARD, HEAD, encoded, good


@pytest.mark.parametrize("event_type", ["mati", "kartu_keluarga", "groundcheck"])
def test_numbers_in_the_bytes_are_masked(event_type: str) -> None:
    value = encoded(event_type, good(event_type))
    assert HEAD.encode() in value
    shown = masked(value)
    assert len(shown) == len(value)
    assert not re.search(rb"\d{12}", shown)
    assert f"{HEAD[:4]}********{HEAD[-4:]}".encode() in shown
    assert re.sub(rb"[*\d]", b"", shown) == re.sub(rb"[*\d]", b"", value), "nothing else is changed"


def test_two_numbers_that_touch_leave_only_their_ends() -> None:
    assert masked(f"{HEAD}{CARD}".encode()) == HEAD[:4].encode() + b"*" * 24 + CARD[-4:].encode()
