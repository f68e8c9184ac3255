"""A stage: one Faust app whose handler gets one `Records` per fetched batch."""

import logging
import os
import threading
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Final, NoReturn

import faust
import mode
from faust.types import TP
from mode.loop import use as use_loop

from agents.transport.lanes import Handler, Lanes
from agents.transport.transport import SCHEME, register
from agents.transport.watch import PATIENCE_SECONDS

log = logging.getLogger(__name__)

Positions = Callable[[set[TP]], Awaitable[Mapping[TP, int]]]
OnRevoked = Callable[[set[TP]], Awaitable[None]]

REQUEST_TIMEOUT_SECONDS: Final = 40.0
COMMIT_INTERVAL_SECONDS: Final = 0.3  # a quarter waits for what intake has committed
HEARTBEATS_PER_SESSION: Final = 5
END_SECONDS: Final = 60.0  # for a process to end after an error; handlers at work may finish, and then it is killed


class BatchApp(faust.App):
    """A Faust app with what our transport asks of a stage."""

    positions: Positions | None = None
    on_revoked: OnRevoked | None = None
    patience_seconds: float = PATIENCE_SECONDS
    lanes: Lanes
    kills_itself = False

    def _crash(self, reason: BaseException) -> None:
        """Faust comes here with every error that ends the process, and then waits without limit for what it stops."""
        if self.kills_itself and not self.crashed:
            timer = threading.Timer(END_SECONDS, os._exit, (1,))
            timer.daemon = True
            timer.start()
        super()._crash(reason)

    def _create_directories(self) -> None:
        """Faust keeps tables there; we keep none."""


class RecordsSchema(faust.Schema[Any, Any]):
    """Passes a `Records` through undecoded."""

    def compile(self, app: Any, **_: Any) -> Callable[..., Awaitable[Any]]:
        async def decode(message: Any, *, propagate: bool = False) -> Any:  # noqa: ARG001 - Faust's signature
            return app.create_event(None, message.value, None, message)

        return decode


def create_app(
    name: str,
    *,
    broker: str,
    realm: str,
    group: str,
    instance_id: str,
    session_timeout_seconds: float,
    positions: Positions | None = None,
    on_revoked: OnRevoked | None = None,
) -> BatchApp:
    """An app for one stage; give it its handler with `batches`, and run it with `run`.

    `broker` is "host:port" or several with commas; `group` and `instance_id` are used as they are given, with `realm`
    in front unless it is there already. `positions(assigned)` returns the position of every assigned partition and
    is called after each assignment; without it the group's committed offsets count, or the beginning of the log.
    `on_revoked(partitions)` is called when the batches in hand are done and committed, before others get them.
    """
    register()
    app = BatchApp(
        in_realm(realm, group),
        broker=";".join(f"{SCHEME}://{address}" for address in broker.split(",")),
        broker_client_id=name,
        consumer_group_instance_id=in_realm(realm, instance_id),
        broker_session_timeout=session_timeout_seconds,
        broker_heartbeat_interval=session_timeout_seconds / HEARTBEATS_PER_SESSION,
        broker_request_timeout=max(REQUEST_TIMEOUT_SECONDS, session_timeout_seconds),
        broker_commit_interval=COMMIT_INTERVAL_SECONDS,
        processing_guarantee="at_least_once",
        key_serializer="raw",
        value_serializer="raw",
        topic_allow_declare=False,
        topic_disable_leader=True,
        table_standby_replicas=0,
        stream_wait_empty=True,
        stream_recovery_delay=0.0,
        agent_supervisor=mode.CrashingSupervisor,
        web_enabled=False,
        worker_redirect_stdouts=False,
        store="memory://",
    )
    app.positions = positions
    app.on_revoked = on_revoked
    return app


def in_realm(realm: str, name: str) -> str:
    """`name` under the prefix that lets tests share one broker (Settings.prefix)."""
    prefix = f"{realm}." if realm else ""
    return name if name.startswith(prefix) else f"{prefix}{name}"


def batches(app: BatchApp, topics: Iterable[str], handler: Handler) -> None:
    """Register `handler`: it gets each batch of a partition in order, partitions beside each other.

    A batch is acknowledged after `handler` returned; it may hold no record at all (a transaction marker), and still
    its `next_offset` counts. An exception ends the process with an exit code other than 0.
    """
    app.lanes = Lanes(handler, app.crash)
    topic = app.topic(*topics, schema=RecordsSchema(key_type=bytes, value_type=bytes))

    async def read(stream: Any) -> None:
        async for event in stream.noack().events():
            app.lanes.put(event)

    app.agent(topic, name=f"{app.conf.id}.batches")(read)


def run(app: BatchApp, *services: Any, loglevel: str = "WARNING") -> NoReturn:
    """Run the app in this process until SIGTERM or SIGINT (exit code 0) or an error (exit code 1)."""
    use_loop("uvloop")
    app.kills_itself = True
    worker = faust.Worker(app, *services, loglevel=loglevel, quiet=True, redirect_stdouts=False, override_logging=False)
    worker.spinner = None  # it writes to the terminal
    try:
        worker.execute_from_commandline()
    except SystemExit:
        if worker.crash_reason is not None:
            log.critical("%s ended by an error: %s", app.conf.id, worker.crash_reason, exc_info=worker.crash_reason)
        raise
