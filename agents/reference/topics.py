"""The page of all topics, from the list of topics."""

from datetime import timedelta

from agents import topics
from agents.reference.markdown import code, codes, table, text
from agents.settings import Settings

INTRODUCTION = """# Topics

Every topic, in the order in which an event meets them. A realm (`DTSEN_REALM`) stands as a prefix in front of every
name. The numbers of partitions are those of a local broker; `DTSEN_EVENT_PARTITIONS` and `DTSEN_PARTITIONS` set others.
All topics are kept by time and never compacted. Where *time by* is *broker*, the broker stamps records as they are
appended, and a quarter's cut is chosen by these stamps. What travels in them: [messages](messages.md).

*intake*, *register*, *families*, *checkpoints* and *integrity* are stages of the register; *operator* is whoever runs
commands beside them; the other names are codes of producers and payers.
"""


def page() -> str:
    """docs/reference/topics.md."""
    wanted = topics.topics(Settings(broker=""))
    rows = [
        (code(it.name), str(it.partitions), kept(it.retention), "broker" if it.append_time else "writer", it.key or "-")
        for it in wanted
    ]
    ways = [
        (code(it.name), text(f"{it.purpose[0].upper()}{it.purpose[1:]}"), codes(it.writers), codes(it.readers))
        for it in wanted
    ]
    header = ("topic", "partitions", "kept", "time by", "key")
    return "\n".join(
        [
            INTRODUCTION,
            "## How they are kept\n",
            table(header, rows),
            "## Who writes and who reads\n",
            table(("topic", "what for", "written by", "read by"), ways),
        ]
    )


def kept(retention: timedelta | None) -> str:
    """How long records are kept."""
    return "for ever" if retention is None else f"{retention.days} days"
