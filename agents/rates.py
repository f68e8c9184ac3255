"""How fast stages work, read off their metrics."""

import asyncio

from aiohttp import ClientError, ClientSession
from prometheus_client.parser import text_string_to_metric_families

from agents.pages import address
from agents.settings import Settings


async def samples(settings: Settings, page: str) -> dict[str, float]:
    """Metric -> value of one process, added up over labels; empty when it does not run."""
    where = address(settings, page)
    if where is None:
        return {}
    try:
        async with ClientSession() as session, session.get(f"http://{where}/metrics") as response:
            body = await response.text()
    except ClientError:
        return {}
    added: dict[str, float] = {}
    for family in text_string_to_metric_families(body):
        for sample in family.samples:
            added[sample.name] = added.get(sample.name, 0.0) + sample.value
    return added


def events_per_second(settings: Settings, pages: tuple[str, ...]) -> dict[str, float]:
    """Page -> records handled per second in which at least one batch was in hand."""

    async def every() -> list[dict[str, float]]:
        return [await samples(settings, page) for page in pages]

    rates = {}
    for page, found in zip(pages, asyncio.run(every()), strict=True):
        busy = found.get("dtsen_busy_seconds_total", 0.0)
        if busy:
            rates[page] = round(found.get("dtsen_records_total", 0.0) / busy, 1)
    return rates
