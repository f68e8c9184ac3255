"""Work that leaves the event loop, and can be called off without being torn apart."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `function` in a thread; when the caller is cancelled, wait for the thread, then raise.

    `asyncio.to_thread` lets go of a running thread on cancellation, and the store would be closed under
    its feet. Work is cut in slices short enough that this wait is short.
    """
    running = asyncio.get_running_loop().run_in_executor(None, lambda: function(*args, **kwargs))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        raise
