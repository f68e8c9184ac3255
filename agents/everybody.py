"""Questions about everybody: put to all partitions of the register, by the workers that hold them or beside them."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from agents import pages
from agents.errors import OperatorError
from agents.settings import Settings
from agents.store import PartitionStore
from agents.store.errors import ScanCancelledError, StoreClosedError

SCAN_SECONDS = 600.0  # for an answer that takes passing over whole partitions
Question = Mapping[str, Any]
T = TypeVar("T")


def register_pages(settings: Settings) -> list[Path]:
    """The files that say where register processes answer; their names are those of the pages."""
    return sorted((settings.folder / "pages").glob("register*"))


async def of_all_workers(
    settings: Settings, path: str, question: Question, limit_seconds: float = pages.ANSWER_SECONDS
) -> list[dict[str, Any]]:
    """What all register processes answer together; nothing when no worker runs.

    Each answer names its `partitions`. Raises OperatorError when a partition is with none of them.
    """
    try:
        answers = [
            await pages.ask(settings, file.name, path, question, limit_seconds) for file in register_pages(settings)
        ]
    except LookupError as error:
        raise OperatorError(f"{error.args[0]}.") from error
    told = [dict(it) for it in answers if it is not None]
    missing = sorted(set(range(settings.partitions)) - {number for it in told for number in it["partitions"]})
    if told and missing:
        raise OperatorError(f"Partitions {missing} of the register are with no worker here: try again in seconds.")
    return told


async def of_all_partitions(
    settings: Settings,
    path: str,
    question: Question,
    received: Callable[[dict[str, Any]], T],
    beside: Callable[[int, PartitionStore], Awaitable[T]],
) -> list[T]:
    """What `received` makes of each worker's answer; without workers, what `beside` finds in each partition's store.

    Raises OperatorError when a partition can be asked neither way.
    """
    told = await of_all_workers(settings, path, question, SCAN_SECONDS)
    if told:
        return [received(it) for it in told]
    parts = []
    for number in range(settings.partitions):
        with opened_beside(settings, number) as store:
            parts.append(await beside(number, store))
    return parts


async def of_own_partitions(
    stores: Mapping[int, PartitionStore], read: Callable[[int, PartitionStore], Awaitable[T]]
) -> tuple[list[int], list[T]]:
    """For a worker that answers: the numbers of its partitions, sorted, and what `read` finds in each.

    Raises LookupError when a partition moves to another worker meanwhile.
    """
    held = dict(stores)
    try:
        return sorted(held), [await read(number, store) for number, store in held.items()]
    except (ScanCancelledError, StoreClosedError) as error:
        raise LookupError("a partition is moving to another worker: ask again in some seconds") from error


@contextmanager
def opened_beside(settings: Settings, number: int) -> Iterator[PartitionStore]:
    """The store of one partition, while no worker holds it. Raises OperatorError when it cannot be read."""
    folder = settings.folder / "register" / str(number)
    if not folder.exists():
        raise OperatorError(f"No worker answers, and there is no store at {folder}: start one with `dtsen worker`.")
    try:
        store = PartitionStore.open(folder, read_only=True)
    except Exception as error:  # rocksdict raises nothing narrower
        raise OperatorError(f"No worker answers, and the store at {folder} cannot be read: {error}.") from error
    try:
        yield store
    finally:
        store.close()
