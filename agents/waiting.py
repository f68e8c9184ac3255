"""Waiting for a run, and telling what it waits for."""

import asyncio
from collections.abc import Callable
from typing import Any

from agents.errors import OperatorError
from agents.keeper import Keeper
from agents.pages import ask
from agents.runs_told import quarter_state
from agents.settings import Settings

LOOK_SECONDS = 0.2
PATIENCE_SECONDS = 60.0  # without any worker: nobody would ever run it


async def wait_for_outcome(
    settings: Settings, keeper: Keeper, quarter: str, tell: Callable[[dict[str, Any]], None]
) -> None:
    """Return when the quarter is sealed and rolled, or refused; `tell` gets each new state (runs_told.quarter_state).

    Raises OperatorError when no worker is running.
    """
    told, alone = ("", -1), 0.0
    while True:
        state = quarter_state(await keeper.catch_up(), quarter)
        if (state["detail"], state["done"]) != told:
            told = state["detail"], state["done"]
            tell(state)
        if state["rolled"] or state["state"] == "REFUSED":
            return
        health = await ask(settings, "checkpoints", "/healthz")
        alone = alone + LOOK_SECONDS if health is None else 0.0
        if alone > PATIENCE_SECONDS:
            raise OperatorError(
                f"{quarter} is open, but no stage `checkpoints` answers here: start the stages with `dtsen worker`."
            )
        await asyncio.sleep(LOOK_SECONDS)
