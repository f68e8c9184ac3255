"""A strict reference decoder: one record at a time, as plainly as can be. It decides which bytes are bad.

Bytes are good iff they are exactly one record of the schema. It shares no code with the columns but the
names of the error codes and the limit of items.
"""

from collections.abc import Mapping
from typing import Any

from schemas.columnar.blocks import MOST_ITEMS
from tests.schemas.strategies import named_types


class BadRecordError(Exception):
    """These bytes are no record: the code and the field of the first error."""

    def __init__(self, code: str, field: str) -> None:
        super().__init__(code, field)
        self.code, self.field = code, field


def verdict(schema: Mapping[str, Any], body: bytes) -> tuple[str, str] | None:
    """Code and field of the first error; None for a good record."""
    reader = _Reader(body, named_types(schema))
    try:
        reader.read(schema, "")
    except BadRecordError as bad:
        return bad.code, bad.field
    return ("TRAILING_BYTES", "") if reader.left else None


class _Reader:
    def __init__(self, body: bytes, types: Mapping[str, Any]) -> None:
        self.body, self.at, self.types = body, 0, types

    @property
    def left(self) -> int:
        return len(self.body) - self.at

    def take(self, size: int, field: str) -> bytes:
        if size > self.left:
            raise BadRecordError("TRUNCATED", field)
        taken = self.body[self.at : self.at + size]
        self.at += size
        return taken

    def number(self, bits: int, field: str) -> int:
        raw = 0
        longest = -(-bits // 7)
        for place in range(longest):
            byte = self.take(1, field)[0]
            raw |= (byte & 0x7F) << (7 * place)
            if byte < 0x80:
                if raw >> bits:
                    raise BadRecordError("BAD_VARINT", field)
                return (raw >> 1) ^ -(raw & 1)
        raise BadRecordError("BAD_VARINT", field)

    def read(self, schema: Any, field: str) -> None:  # noqa: C901, PLR0912 - a case per Avro type
        if isinstance(schema, str):
            schema = self.types.get(schema, {"type": schema})
        if isinstance(schema, list):
            branch = self.number(64, field)
            if branch not in range(len(schema)):
                raise BadRecordError("BAD_BRANCH", field)
            self.read(schema[branch], field)
            return
        match schema["type"]:
            case "null":
                pass
            case "record":
                for entry in schema["fields"]:
                    self.read(entry["type"], f"{field}.{entry['name']}" if field else entry["name"])
            case "boolean":
                if self.take(1, field)[0] > 1:
                    raise BadRecordError("BAD_BOOLEAN", field)
            case "int":
                self.number(32, field)
            case "long":
                self.number(64, field)
            case "enum":
                if self.number(32, field) not in range(len(schema["symbols"])):
                    raise BadRecordError("BAD_ENUM", field)
            case "fixed":
                self.take(schema["size"], field)
            case "string" | "bytes":
                self.text(schema["type"] == "string", field)
            case "array":
                self.array(schema["items"], field)
            case other:
                raise AssertionError(f"the strict decoder does not know {other}")

    def text(self, is_text: bool, field: str) -> None:
        size = self.number(64, field)
        if not 0 <= size <= self.left:
            raise BadRecordError("BAD_LENGTH", field)
        value = self.take(size, field)
        if is_text:
            try:
                value.decode("utf-8", "strict")
            except UnicodeDecodeError:
                raise BadRecordError("BAD_UTF8", field) from None

    def array(self, items: Any, field: str) -> None:
        taken = 0
        while count := self.number(64, field):
            if abs(count) > min(self.left, MOST_ITEMS - taken):
                raise BadRecordError("BAD_LENGTH", field)
            block_end = None
            if count < 0:
                size = self.number(64, field)
                if not 0 <= size <= self.left:
                    raise BadRecordError("BAD_LENGTH", field)
                block_end = self.at + size
            taken += abs(count)
            for _ in range(abs(count)):
                self.read(items, field)
            if block_end is not None and self.at != block_end:
                raise BadRecordError("BAD_LENGTH", field)
