"""An event with one thing wrong, and what the door must say of it."""

from dataclasses import dataclass
from typing import Any

from schemas.limits import Refusal
from streams.door import Code
from tests.streams.door.made import changed, encoded, good


@dataclass(frozen=True)
class Case:
    """A good event of a type and kind with something changed, and the refusal that must come of it."""

    code: Code | Refusal
    event_type: str
    kind: str
    change: dict[str, Any]
    field: str
    masked: str | None

    def value(self) -> bytes:
        """The event's bytes."""
        return encoded(self.event_type, changed(good(self.event_type, kind=self.kind), **self.change))
