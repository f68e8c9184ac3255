"""Aims at: an upgrade of aiokafka or Faust that moves a private name we lean on fails here, loudly and by name.

The hashes are of the source of methods whose behaviour we replace or mirror: when one changes, read the change, see
whether our counterpart must follow, and only then write the new hash here.
"""

import hashlib
import inspect
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.client import AIOKafkaClient
from aiokafka.consumer import fetcher
from aiokafka.consumer.group_coordinator import GroupCoordinator
from aiokafka.consumer.subscription_state import SubscriptionState, TopicPartitionState
from aiokafka.producer.message_accumulator import BatchBuilder, MessageAccumulator, MessageBatch
from aiokafka.record.memory_records import _MemoryRecordsPy
from faust import App
from faust.tables.recovery import Recovery
from faust.transport.consumer import Consumer, ThreadDelegateConsumer
from faust.transport.drivers import TRANSPORTS
from faust.transport.drivers import aiokafka as driver
from mode import Service

from agents.transport.batches import FinishedBatch
from agents.transport.taking import WholeBatches

MIRRORED: dict[str, tuple[Callable[..., Any], str]] = {
    "PartitionRecords._unpack_records": (fetcher.PartitionRecords._unpack_records, "b803e6d46480"),
    "PartitionRecords._consume_aborted_up_to": (fetcher.PartitionRecords._consume_aborted_up_to, "56876530cd64"),
    "PartitionRecords._contains_abort_marker": (fetcher.PartitionRecords._contains_abort_marker, "17e9ad2322ef"),
    "FetchResult.getall": (fetcher.FetchResult.getall, "3e717e30de50"),
    "FetchResult.check_assignment": (fetcher.FetchResult.check_assignment, "b5340df67e3f"),
    "Fetcher._update_fetch_positions": (fetcher.Fetcher._update_fetch_positions, "d7774d8241dc"),
    "Fetcher.fetched_records": (fetcher.Fetcher.fetched_records, "be4348896b9b"),
    "Fetcher._proc_fetch_request": (fetcher.Fetcher._proc_fetch_request, "59bf948fff47"),
    "_MemoryRecordsPy._cache_next": (_MemoryRecordsPy._cache_next, "7bb73a2eabca"),
    "MessageAccumulator._pop_batch": (MessageAccumulator._pop_batch, "41cc98a298ef"),
    "MessageAccumulator.add_batch": (MessageAccumulator.add_batch, "5ed1c5b1367a"),
    "Consumer._drain_messages": (Consumer._drain_messages, "44a2500309e8"),
    "Consumer.getmany": (Consumer.getmany, "4b168d84882a"),
    "Consumer.ack": (Consumer.ack, "5fcf41cf4515"),
    "Consumer._new_offset": (Consumer._new_offset, "1d2c7ea89a7a"),
    "Consumer._add_gap": (Consumer._add_gap, "4df2573ded7c"),
    "Consumer.wait_empty": (Consumer.wait_empty, "e4662fe24f09"),
    "Consumer.perform_seek": (Consumer.perform_seek, "0e8c130ff4b0"),
    "Consumer.on_partitions_revoked": (Consumer.on_partitions_revoked, "d04b7ae72c6f"),
    "Consumer._commit_offsets": (Consumer._commit_offsets, "1a6979904118"),
    "Consumer.on_partitions_assigned": (Consumer.on_partitions_assigned, "29ce96596f05"),
    "Consumer.stop_flow": (Consumer.stop_flow, "cf7e875a2b0d"),
    "Consumer.resume_flow": (Consumer.resume_flow, "db59630f25b5"),
    "AIOKafkaConsumerThread._create_worker_consumer": (
        driver.AIOKafkaConsumerThread._create_worker_consumer,
        "c2701bfc3e6f",
    ),
    "AIOKafkaConsumerThread._fetch_records": (driver.AIOKafkaConsumerThread._fetch_records, "39a2c6c79fc1"),
    "AIOKafkaConsumerThread._seek_wait": (driver.AIOKafkaConsumerThread._seek_wait, "9d221e816d94"),
    "Recovery._resume_streams": (Recovery._resume_streams, "d986a6710c1a"),
    "GroupCoordinator.check_errors": (GroupCoordinator.check_errors, "ba6ca51ad348"),
    "GroupCoordinator._push_error_to_user": (GroupCoordinator._push_error_to_user, "743ff515bd7e"),
    "Recovery._wait": (Recovery._wait, "ec7429b70176"),
    "Service.crash": (Service.crash, "14980000465d"),
    "Service._execute_task": (Service._execute_task, "2a976a30f01c"),
    "App._on_partitions_revoked": (App._on_partitions_revoked, "d5c895bbe57d"),
    "App._stop_consumer": (App._stop_consumer, "55854a5de12c"),
}

NAMES: list[tuple[object, str]] = [
    *((fetcher, name) for name in ("MemoryRecords", "FetchError", "READ_COMMITTED")),
    *((fetcher.Fetcher, name) for name in ("_create_fetch_waiter", "_notify", "error_future")),
    *((fetcher.FetchResult, name) for name in ("check_assignment", "_update_position")),
    *((SubscriptionState, name) for name in ("fetch_context", "reassignment_in_progress")),
    *((_MemoryRecordsPy, name) for name in ("_cache_next", "has_next", "size_in_bytes", "next_batch")),
    *((MessageBatch, name) for name in ("record_count", "set_producer_state", "get_data_buffer")),
    *((BatchBuilder, name) for name in ("_set_producer_state", "_build", "record_count", "size", "closed", "close")),
    *((AIOKafkaConsumer, name) for name in ("committed", "end_offsets", "beginning_offsets", "seek")),
    (AIOKafkaProducer, "send_batch"),
    *((AIOKafkaClient, name) for name in ("_wait_on_metadata", "get_random_node", "send")),
    *((driver, name) for name in ("server_list", "ensure_aiokafka_TP", "AIOKafkaConsumerThread")),
    *((driver.AIOKafkaConsumerThread, name) for name in ("_ensure_consumer", "call_thread", "_seek_wait")),
    *((ThreadDelegateConsumer, name) for name in ("_new_consumer_thread", "earliest_offsets", "highwaters")),
    *((Consumer, name) for name in ("_get_active_partitions", "wait_first", "commit", "on_stop", "flow_active")),
    (TRANSPORTS, "aliases"),
    (App, "_create_directories"),
]

# attributes set in __init__, found in its source
ATTRIBUTES: list[tuple[type, tuple[str, ...]]] = [
    (fetcher.Fetcher, ("self._records", "self._wait_consume_future", "self._closed", "self._subscriptions")),
    (fetcher.FetchResult, ("self._partition_records",)),
    (fetcher.FetchError, ("self._error",)),
    (
        fetcher.PartitionRecords,
        (
            "self._tp",
            "self._records",
            "self._check_crcs",
            "self._isolation_level",
            "self._aborted_producers",
            "self.next_fetch_offset",
        ),
    ),
    (_MemoryRecordsPy, ("self._next_slice",)),
    (AIOKafkaConsumer, ("self._client", "self._fetcher", "self._closed", "self._coordinator")),
    (GroupCoordinator, ("self.coordinator_id",)),
    (TopicPartitionState, ("self.lso",)),
    (Consumer, ("self._acked", "self._committed_offset", "self._unacked_messages", "self._waiting_for_ack")),
]


def test_versions_are_the_pinned_ones() -> None:
    assert {name: version(name) for name in ("aiokafka", "faust-streaming", "mode-streaming")} == {
        "aiokafka": "0.14.0",
        "faust-streaming": "0.15.3",
        "mode-streaming": "0.7.1",
    }


@pytest.mark.parametrize(("owner", "name"), NAMES, ids=lambda value: value if isinstance(value, str) else None)
def test_the_name_is_there(owner: object, name: str) -> None:
    assert hasattr(owner, name)


@pytest.mark.parametrize(("owner", "attributes"), ATTRIBUTES)
def test_the_attribute_is_set(owner: type, attributes: tuple[str, ...]) -> None:
    source = inspect.getsource(vars(owner)["__init__"])
    assert [name for name in attributes if name not in source] == []


@pytest.mark.parametrize("name", MIRRORED)
def test_the_method_is_as_it_was_read(name: str) -> None:
    method, expected = MIRRORED[name]
    found = hashlib.sha256(inspect.getsource(method).encode()).hexdigest()[:12]
    assert found == expected, f"{name} has changed: read it again (see the top of this file)"


def test_our_batches_stand_in_for_aiokafka_s() -> None:
    assert fetcher.MemoryRecords is WholeBatches
    public = {name for name in vars(BatchBuilder) if not name.startswith("_")}
    assert public <= set(dir(FinishedBatch))
