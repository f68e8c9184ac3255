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
ALONE_SECONDS = 3.0  # a stage that starts anew answers again by then
PATIENCE_SECONDS = 60.0  # without any worker: nobody would ever run it


class Company:
    """Whether somebody is there who could run what is waited for."""

    def __init__(self, settings: Settings, what: str) -> None:
        self._settings = settings
        self._what = what
        self._alone_seconds = 0.0

    async def check(self) -> str:
        """Once per look: what to add to what is told. Raises OperatorError when nobody has answered for a minute."""
        health = await ask(self._settings, "checkpoints", "/healthz")
        self._alone_seconds = self._alone_seconds + LOOK_SECONDS if health is None else 0.0
        if self._alone_seconds > PATIENCE_SECONDS:
            raise OperatorError(
                f"{self._what} is open, but no stage `checkpoints` answers here: start the stages with `dtsen worker`. "
                "It is then run, whether somebody waits for it or not."
            )
        return "; no stage `checkpoints` answers here (dtsen worker)" if self._alone_seconds > ALONE_SECONDS else ""


async def wait_for_outcome(
    settings: Settings, keeper: Keeper, quarter: str, tell: Callable[[dict[str, Any]], None]
) -> None:
    """Return when the quarter is sealed and rolled, or refused; `tell` gets each new state (runs_told.quarter_state).

    Raises OperatorError when no worker is running.
    """
    company = Company(settings, quarter)
    told, alone = ("", -1), ""
    while True:
        state = quarter_state(await keeper.catch_up(), quarter)
        state["detail"] += alone
        if (state["detail"], state["done"]) != told:
            told = state["detail"], state["done"]
            tell(state)
        if state["rolled"] or state["state"] == "REFUSED":
            return
        alone = await company.check()
        await asyncio.sleep(LOOK_SECONDS)
