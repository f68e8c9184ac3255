"""Many short reads of topics, a few at a time."""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import Final, TypeVar

T = TypeVar("T")
AT_ONCE: Final = 6  # connections to the broker at a time


async def limited(work: Iterable[Awaitable[T]]) -> list[T]:
    """The results of some reads in their order, `AT_ONCE` of them under way at a time."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(it: Awaitable[T]) -> T:
        async with gate:
            return await it

    return list(await asyncio.gather(*(one(it) for it in work)))
