"""One task per partition: batches of a partition in order, partitions beside each other.

While one partition waits for acknowledgements, another works (fast-path.md, technique 9).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from agents.transport.records import Records

log = logging.getLogger(__name__)

Handler = Callable[[Records], Awaitable[None]]
Key = tuple[str, int]


class Lanes:
    """Hands batches to `handler`, and acknowledges each after it returned.

    The first exception closes all lanes for good and goes to `on_error`: what is not acknowledged is read again by
    the process that comes next, and nothing is skipped.
    """

    def __init__(self, handler: Handler, on_error: Callable[[BaseException], Awaitable[None]]) -> None:
        self._handler = handler
        self._on_error = on_error
        self._waiting: dict[Key, asyncio.Queue[Any]] = {}
        self._tasks: dict[Key, asyncio.Task[None]] = {}
        self._busy: set[Key] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._accepting = False
        self._stopping = False
        self.error: BaseException | None = None

    @property
    def busy(self) -> frozenset[Key]:
        """The partitions whose handler is at work."""
        return frozenset(self._busy)

    def resume(self) -> None:
        """Accept batches; called when the positions of an assignment are known."""
        self._accepting = True

    def put(self, event: Any) -> None:
        """Queue a Faust event whose value is a `Records`. The consumer bounds how many there can be.

        Between `settle` and `resume` it is dropped: it belongs to an assignment that is over.
        """
        if self.error is not None or not self._accepting:
            return
        key = (event.value.topic, event.value.partition)
        if key not in self._tasks:
            self._waiting[key] = asyncio.Queue()
            self._tasks[key] = asyncio.get_running_loop().create_task(self._work(key), name=f"lane {key[0]}[{key[1]}]")
        self._waiting[key].put_nowait(event)

    async def settle(self) -> None:
        """Let every batch in hand be finished, drop those that wait, and accept no more until `resume`.

        Returns at once after an error.
        """
        self._accepting = False
        for waiting in self._waiting.values():
            while not waiting.empty():
                waiting.get_nowait()
        if self.error is None:
            await self._idle.wait()

    async def stop(self) -> None:
        """Settle, and end the tasks."""
        await self.settle()
        self._stopping = True
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        self._tasks.clear()
        self._waiting.clear()

    async def _work(self, key: Key) -> None:
        waiting = self._waiting[key]
        while True:
            event = await waiting.get()
            self._busy.add(key)
            self._idle.clear()
            try:
                await self._handler(event.value)
                event.ack()
            except asyncio.CancelledError:
                if not self._stopping:  # something that the handler awaited was cancelled: the batch is not done
                    await self._fail(RuntimeError(f"{key[0]}[{key[1]}]: the handler of a batch was cancelled"))
                raise
            except Exception as error:
                log.exception("%s[%d]: batch up to offset %d failed", *key, event.value.next_offset)
                await self._fail(error)
                return
            finally:
                self._busy.discard(key)
                if not self._busy:
                    self._idle.set()

    async def _fail(self, error: BaseException) -> None:
        if self.error is None:
            self.error = error
            self._idle.set()
            await self._on_error(error)
