"""The page of all messages by topic: the AsyncAPI document, readable."""

from collections.abc import Iterator
from typing import Any

from agents.asyncapi import asyncapi
from agents.reference.markdown import code, prose, table

INTRODUCTION = """# Messages

What travels in each topic, as the AsyncAPI 3.0 document [asyncapi.yaml](../asyncapi.yaml) says it for programs.
*Receives* and *sends* are seen from the register. Partitions and times: [topics](topics.md). Fields:
[schemas](schemas.md).
"""
Node = dict[str, Any]


def page() -> str:
    """docs/reference/messages.md."""
    document = asyncapi()
    parts = [INTRODUCTION, f"{prose(document['info']['description'])}\n", *_headers(document)]
    parts += [_channel(document, name, channel) for name, channel in document["channels"].items()]
    return "\n".join(parts)


def _headers(document: Node) -> Iterator[str]:
    """The headers of events, once: they differ in the type only."""
    first = next(it for it in document["components"]["messages"].values() if "headers" in it)
    rows = [
        (code(name), prose(said.get("description", "")) or "-", _value(name, said))
        for name, said in first["headers"]["properties"].items()
    ]
    yield f"## Headers of events\n\n{prose(first['headers']['description'])}\n"
    yield table(("header", "meaning", "value"), rows)


def _value(name: str, said: Node) -> str:
    if name == "ce_type":
        return code(said["const"].rpartition(".")[0] + ".EVENT")
    return code(said["const"]) if "const" in said else said.get("format", "") or code(said["pattern"])


def _channel(document: Node, name: str, channel: Node) -> str:
    actions = [
        f"{it['action']}s" for it in document["operations"].values() if it["channel"]["$ref"].endswith(f"/{name}")
    ]
    messages = [document["components"]["messages"][message] for message in channel["messages"]]
    rows = [
        (f"[{it['name']}](schemas.md#{it['name']})", prose(it["summary"]), ", ".join(map(code, it["x-fingerprints"])))
        for it in messages
    ]
    said = f"The register {' and '.join(actions)} these. {prose(channel['description'])}"
    return f"## {channel['address']}\n\n{said}\n\n{table(('message', 'what it is', 'fingerprints'), rows)}"
