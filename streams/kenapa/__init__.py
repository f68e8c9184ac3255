"""What stands behind an answer: what changed, how far it is from the limit, what would turn it, who waits before."""

from streams.kenapa.looked import Found, Judged, Looked, judged
from streams.kenapa.outlook import Outlook, Turn, outlooks
from streams.kenapa.position import Position, has_room, position
from streams.kenapa.since import Since, since

__all__ = [
    "Found",
    "Judged",
    "Looked",
    "Outlook",
    "Position",
    "Since",
    "Turn",
    "has_room",
    "judged",
    "outlooks",
    "position",
    "since",
]
