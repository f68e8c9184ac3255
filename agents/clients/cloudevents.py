"""The headers of an event on Kafka: CloudEvents 1.0, Kafka binding, binary mode."""

from collections.abc import Mapping

# What is the same in all events; the rest varies, under the names in HEADERS.
SPECIFICATION = ("ce_specversion", "1.0")
CONTENT_TYPE = ("content-type", "application/avro")
HEADERS = ("ce_id", "ce_source", "ce_type", "ce_time")
TYPE_PREFIX = "id.go.dtsen."


def headers_of(row: Mapping[str, str]) -> list[tuple[str, bytes]]:
    """The headers of one record, for a Kafka client, from what varies (HEADERS)."""
    varying = [(name, row[name].encode()) for name in HEADERS]
    return [(name, text.encode()) for name, text in (SPECIFICATION, CONTENT_TYPE)] + varying
