"""Aims at: metric names are an interface, served on loopback with the process's health and its answers."""

import ast
import asyncio
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import aiohttp
import prometheus_client
import pytest
from prometheus_client.metrics import MetricWrapperBase

from agents import metrics
from agents.pages import Pages, address, ask
from agents.settings import Settings

PERSONAL = {"nik", "no_kk", "nama", "kelurahan", "coordinate"}


@pytest.fixture
def here(tmp_path: Path) -> Settings:
    return Settings(broker="127.0.0.1:1", home=tmp_path)


def run(work: Awaitable[object]) -> None:
    asyncio.run(asyncio.wait_for(work, 30))


def defined() -> dict[str, MetricWrapperBase]:
    return {name: each for name, each in vars(metrics).items() if isinstance(each, MetricWrapperBase)}


def test_every_metric_is_ours_and_names_nobody() -> None:
    assert defined()
    for each in defined().values():
        (family,) = each.describe()
        assert family.name.startswith("dtsen_")
        assert family.documentation
        assert not PERSONAL & set(each._labelnames)


def test_every_metric_has_its_reason_above_it() -> None:
    source = Path(metrics.__file__).read_text(encoding="utf-8")
    lines = source.splitlines()
    for node in ast.parse(source).body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id in defined():
            assert lines[node.lineno - 2].startswith("# "), f"{node.target.id} has no comment above it"


def test_pages_show_health_and_metrics_and_answer(here: Settings) -> None:
    state = {"ok": True}

    async def person(question: Any) -> dict[str, Any]:
        if question["nik"] == "x":
            raise LookupError("nobody has this NIK")
        if not question["nik"].isdigit():
            raise ValueError("a NIK has 16 digits")
        return {"alive": True, **question}

    async def work() -> None:
        pages = Pages(here, "register", lambda: dict(state))
        pages.answer("/person", person)
        async with pages, aiohttp.ClientSession() as session:
            where = address(here, "register")
            assert where is not None
            assert where.startswith("127.0.0.1:")
            async with session.get(f"http://{where}/healthz") as response:
                said = await response.json()
                assert (response.status, said["stage"], said["ok"]) == (200, "register", True)
            state["ok"] = False
            async with session.get(f"http://{where}/healthz") as response:
                assert response.status == 503
            metrics.RUNS.labels(outcome="SEALED").inc()
            async with session.get(f"http://{where}/metrics") as response:
                assert 'dtsen_runs_total{outcome="SEALED"}' in await response.text()
            assert await ask(here, "register", "/person", {"nik": "1"}) == {"alive": True, "nik": "1"}
            with pytest.raises(LookupError, match="nobody"):
                await ask(here, "register", "/person", {"nik": "x"})
            with pytest.raises(ValueError, match="16 digits"):
                await ask(here, "register", "/person", {"nik": "?"})
        assert address(here, "register") is None
        assert await ask(here, "register", "/person", {"nik": "1"}) is None

    run(work())


def test_an_address_that_outlived_its_process_is_no_answer(here: Settings) -> None:
    (here.folder / "pages").mkdir(parents=True)
    (here.folder / "pages" / "register").write_text("127.0.0.1:1\n")
    run(silent(here))


async def silent(here: Settings) -> None:
    assert await ask(here, "register", "/person", {"nik": "1"}) is None


def test_the_registry_holds_all_of_the_list() -> None:
    served = prometheus_client.generate_latest().decode()
    assert "dtsen_facts_stored_total" in served
