"""All topics and what travels in them as an AsyncAPI 3.0 document: from the list of topics and the schemas alone."""

from importlib.metadata import version
from typing import Any

import yaml

from agents import topics
from agents.clients.cloudevents import CONTENT_TYPE, SPECIFICATION, TYPE_PREFIX
from agents.settings import Settings
from schemas.registry import Contract, contracts

AVRO = "application/vnd.apache.avro+json;version=1.9.0"
BINDING = "0.5.0"
# What stages of the register send one another; nobody else writes or reads it.
INSIDE = frozenset({topics.FACTS, topics.MEMBERS, topics.ANSWERS, topics.DOOR, topics.FINDINGS, topics.LOG})
LINE_CHARACTERS = 120

Node = dict[str, Any]


def as_yaml() -> str:
    """The document as YAML, the same bytes for the same list, schemas and release."""
    document = yaml.dump(
        asyncapi(), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=LINE_CHARACTERS, indent=2
    )
    return f"# Made by `dtsen topics asyncapi --out docs/asyncapi.yaml`; not to be changed by hand.\n{document}"


def asyncapi() -> Node:
    """The document. Topics without realm; partitions and replicas as on a local broker."""
    wanted = topics.topics(Settings(broker=""))
    known = contracts()
    used = sorted({record for topic in wanted for record in topic.records})
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "DTSEN register",
            "version": version("dtsen-register"),
            "description": (
                "Events in, quarterly eligibility out. The register receives events, and sends rejections, changes, "
                "notices and manifests; what it both sends and receives is between its stages. A realm (DTSEN_REALM) "
                "stands as a prefix in front of every address. Every value is framed: C3 01, then the CRC-64-AVRO "
                "fingerprint of its schema in 8 bytes, little endian (Avro single-object encoding); events also by 00, "
                "then a schema id in 4 bytes, big endian (Confluent). Older versions of a schema are read as the "
                "newest, which stands here."
            ),
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": CONTENT_TYPE[1],
        "servers": {
            "broker": {
                "host": "{broker}",
                "protocol": "kafka",
                "description": "The cluster, as DTSEN_BROKER names it.",
                "variables": {"broker": {"default": "127.0.0.1:9092", "description": "host:port"}},
            }
        },
        "channels": {topic.name: _channel(topic) for topic in wanted},
        "operations": {
            f"{action}.{topic.name}": _operation(action, topic) for topic in wanted for action in _actions(topic)
        },
        "components": {"messages": {name: _message(known.by_name[name]) for name in used}},
    }


def _actions(topic: topics.Topic) -> tuple[str, ...]:
    """What the register does with a topic."""
    if topic.append_time:
        return ("receive",)
    return ("send", "receive") if topic.name in INSIDE else ("send",)


def _channel(topic: topics.Topic) -> Node:
    config = topic.config
    return {
        "address": topic.name,
        "description": f"{_sentence(topic.purpose)} Key: {topic.key or 'none'}.",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in topic.records},
        "bindings": {
            "kafka": {
                "partitions": topic.partitions,
                "replicas": topic.replicas,
                "topicConfiguration": {
                    "cleanup.policy": [config["cleanup.policy"]],
                    "retention.ms": int(config["retention.ms"]),
                    "retention.bytes": int(config["retention.bytes"]),
                    "max.message.bytes": int(config["max.message.bytes"]),
                    "message.timestamp.type": config["message.timestamp.type"],
                },
                "bindingVersion": BINDING,
            }
        },
    }


def _operation(action: str, topic: topics.Topic) -> Node:
    channel = f"#/channels/{topic.name}"
    return {
        "action": action,
        "channel": {"$ref": channel},
        "summary": _sentence(topic.purpose),
        "messages": [{"$ref": f"{channel}/messages/{name}"} for name in topic.records],
    }


def _message(contract: Contract) -> Node:
    message: Node = {
        "name": contract.name,
        "title": contract.schema["name"],
        "summary": contract.schema["doc"],
        "contentType": CONTENT_TYPE[1],
        "payload": {"schemaFormat": AVRO, "schema": contract.schema},
        "x-version": contract.version,
        "x-fingerprints": [f"{version.fingerprint:016x}" for version in contract.versions],
    }
    if contract.event_type is not None:
        ids = {each.fingerprint: number for number, each in contracts().by_confluent_id.items()}
        message["x-confluent-ids"] = [ids[version.fingerprint] for version in contract.versions]
        message["headers"] = _headers(contract)
    return message


def _headers(event: Contract) -> Node:
    text = {"type": "string"}
    return {
        "type": "object",
        "description": "CloudEvents 1.0, binary mode. The door decides by the value alone, and needs none of them.",
        "properties": {
            SPECIFICATION[0]: {**text, "const": SPECIFICATION[1]},
            CONTENT_TYPE[0]: {**text, "const": CONTENT_TYPE[1]},
            "ce_id": {**text, "format": "uuid", "description": "The event_id."},
            "ce_source": {**text, "pattern": "^urn:dtsen:[^:]+:", "description": "urn:dtsen:PRODUCER:OFFICE"},
            "ce_type": {**text, "const": f"{TYPE_PREFIX}{event.event_type}"},
            "ce_time": {**text, "format": "date-time", "description": "The instant of recorded_at."},
        },
    }


def _sentence(purpose: str) -> str:
    return f"{purpose[0].upper()}{purpose[1:]}."


class _Dumper(yaml.SafeDumper):
    """Writes what is used twice twice: an anchor would say that it is one thing."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - yaml's signature
        return True
