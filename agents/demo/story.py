"""`dtsen demo`: quarter after quarter, simulated, sealed and fetched by its payers."""

import asyncio
import datetime as dt
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from agents.clients.payer import sync
from agents.clients.reading import KafkaSource
from agents.demo.backwards import Past
from agents.demo.checks import Seen, look_at, report
from agents.demo.officers import officers_named
from agents.demo.old_lists import transition
from agents.demo.surroundings import surroundings
from agents.demo.what_if import show_what_if
from agents.errors import OperatorError
from agents.keeper import read_journal
from agents.kenapa.telling import answered
from agents.kenapa.written import text
from agents.opening import Asked, following, open_quarter
from agents.progress import progress_bar
from agents.rates import events_per_second
from agents.rejections import producers, rejections
from agents.reported import rules_of
from agents.rulebook import read_bundle
from agents.runs_told import quarter_state, step_rows
from agents.settings import Settings
from agents.simulator import Simulation, simulate
from agents.simulator.sending import send
from agents.waiting import wait_for_outcome
from schemas.registry import contracts
from streams.manifests import ManifestError
from streams.quarters import Quarter
from streams.runs import Journal
from streams.transition.judging import Outcome

# A removal that one can do something about tells more than a quota that was used up.
TELLING = ("DESIL_DI_ATAS_BATAS", "PUNYA_MOBIL", "ANGGOTA_APARATUR", "TANPA_KOMPONEN", "SUDAH_DILAYANI_SEMBAKO")

FIRST = "2024-Q4"  # eight quarters from here have ended; Inpres 4/2025 came in the second (5 February 2025)


@dataclass
class Demo:
    """The whole demo; `run` returns what went wrong, sentence by sentence."""

    home: Path
    scale: str
    quarters: int
    seed: int
    say: Callable[[str], None]
    table: Callable[[tuple[str, ...], list[tuple[object, ...]]], None]

    @property
    def last(self) -> str:
        """The last quarter, for example 2026-Q3."""
        return str(Quarter.parse(FIRST).plus(self.quarters - 1))

    def run(self) -> list[str]:
        began = time.monotonic()
        self.say(f"A kelurahan of scale {self.scale} is simulated; Kafka, topics and the stages start ...")
        simulation = simulate(self.scale, self.quarters, FIRST, self.seed)
        seen, past = Seen(), Past()
        with surroundings(self.home) as settings:
            self.say(f"Apache Kafka serves at {settings.broker}; everything lies in {self.home}.\n")
            told = [self._quarter(settings, simulation, name, seen, past) for name in simulation.quarters[:1]]
            self._transition(settings)
            told += [self._quarter(settings, simulation, name, seen, past) for name in simulation.quarters[1:]]
            self._show_adjusted(told)
            self._show_rejects(asyncio.run(_rejected(settings)))
            self._show_steps(told)
            self._officers(settings, seen)
            self._kenapa(settings, simulation.quarters)
            sealed = asyncio.run(read_journal(settings)).quarters[self.last]
            seen.wrong += show_what_if(settings, self.home, sealed, self.say, self.table)
            rates = events_per_second(settings, ("intake", "register"))
        wrong = seen.wrong + seen.missing() + past.wrong
        wrong += [] if past.taken_back else ["nothing that a sealed quarter paid was taken back"]
        seconds = round(time.monotonic() - began, 1)
        self._write(told, seen, rates, seconds, wrong)
        for stage, rate in rates.items():
            self.say(f"{stage}: {rate:,.0f} records per second of work")
        self.say(f"{seconds:.0f} seconds in all; the numbers are in {self.home / 'report.json'}.")
        return wrong

    def _quarter(self, settings: Settings, simulation: Simulation, name: str, seen: Seen, past: Past) -> dict[str, Any]:
        events = simulation.events(name)
        with progress_bar(f"{name}: events to Kafka", events.height) as advance:
            sent = send(events, settings, advance)
        began = time.monotonic()
        journal = asyncio.run(_sealed(settings, self.scale, name))
        seconds = round(time.monotonic() - began, 1)
        state = quarter_state(journal, name)
        if state["state"] != "SEALED":
            raise OperatorError(f"{name} was not sealed: {state['state']}. {' '.join(state['breaks'])}")
        truth = simulation.truth(name)
        look_at(seen, journal.quarters[name], truth, _by_code(asyncio.run(_rejected(settings))))
        self._fetch(settings)
        run = journal.quarters[name].sealed_run
        assert run is not None
        adjusted = self._of_payers(f"adjustments-{name}.parquet")
        past.take(name, truth, self._of_payers("list.parquet"), adjusted, rules_of(journal, run))
        self._show(state, sum(sent.values()), truth.late.height, int(truth.rejects["records"].sum()), seconds)
        hashes = journal.quarters[name].sealed
        assert hashes is not None
        return {
            "quarter": name,
            "events": sum(sent.values()),
            "events_by_topic": dict(sorted(sent.items())),
            "late": truth.late.height,
            "rejected": int(truth.rejects["records"].sum()),
            "programmes": state["programmes"],
            "adjusted": state["adjusted"],
            "manifest_hashes": hashes.body["hashes"],
            "content_digests": hashes.body["content_digests"],
            "seconds_to_seal": seconds,
            "steps": step_rows(run),
        }

    def _transition(self, settings: Settings) -> None:
        """Old lists (DTKS, Regsosek, P3KE, receivers) against the register: what becomes of those who received."""
        target = self.home / "transition.html"
        linked, found = transition(settings, self.scale, FIRST, self.seed, target)
        counted = ", ".join(f"{linked.count(it):,} {it.value}" for it in Outcome)
        self.say(f"Old lists (DTKS, Regsosek, P3KE, receivers): {linked.rows.height:,} rows, {counted}.")
        self.table(("programme", "received", "goes on", "held", "not due", "falls out"), found.programmes.rows())
        self.say(f"Why, and what can be done: {target}\n")

    def _fetch(self, settings: Settings) -> None:
        """Every payer takes the quarter and verifies all of it."""
        with KafkaSource(settings) as source:
            for payer in contracts().payers:
                try:
                    sync(source, payer, self.home / "payers" / payer)
                except ManifestError as error:
                    raise OperatorError(f"{payer} could not verify what was sealed: {error}.") from error

    def _of_payers(self, name: str) -> pl.DataFrame:
        """A file of all payers, as one; whose programmes are not in force yet has none."""
        files = [self.home / "payers" / payer / name for payer in contracts().payers]
        return pl.concat(pl.read_parquet(it) for it in files if it.exists())

    def _show(self, state: dict[str, Any], events: int, late: int, rejected: int, seconds: float) -> None:
        header = ("programme", "opening", "granted", "revoked", "held", "closing", "rupiah this quarter")
        keys = ("programme", "opening", "granted", "revoked", "held", "closing", "rupiah")
        self.say(
            f"{state['quarter']}: {events:,} events, {late} late, {rejected} refused; "
            f"sealed in {seconds:.1f} s, verified by {', '.join(contracts().payers)}"
        )
        self.table(header, [tuple(row[key] for key in keys) for row in state["programmes"]])
        self.say("")

    def _show_rejects(self, found: pl.DataFrame) -> None:
        """Why the door refused something, by code."""
        counted = found.group_by("code").agg(pl.len().alias("records"), pl.col("sentence_en").first()).sort("code")
        self.say(f"The door refused {found.height:,} records (the simulator planted each of these):")
        self.table(("code", "records", "for example"), counted.rows())
        self.say("")

    def _show_adjusted(self, told: list[dict[str, Any]]) -> None:
        """What each seal says of quarters sealed before."""
        header = ("sealed", "programme", "about", "cause", "lines", "taken back", "given back")
        rows = [(it["quarter"], *row.values()) for it in told for row in it["adjusted"]]
        self.say("Learned late, as adjustments of sealed quarters (those for deaths are what the simulator knows):")
        self.table(header, rows)
        self.say("")

    def _show_steps(self, told: list[dict[str, Any]]) -> None:
        """Seconds per step of each quarter's run."""
        names = [(row["step"], row["wave"]) for row in told[0]["steps"]]
        rows: list[tuple[object, ...]] = []
        for place, (step, wave) in enumerate(names):
            seconds = [f"{it['steps'][place]['seconds']:.1f}" for it in told]
            rows.append((f"{step} {wave}".strip(), *seconds))
        self.say("Seconds per step:")
        self.table(("step", *(it["quarter"] for it in told)), rows)
        self.say("")

    def _officers(self, settings: Settings, seen: Seen) -> None:
        """Whom the stage integrity names, beside who cheats."""
        named = officers_named(settings, seen.visited)
        self.say("Officers, by how the simulator lets them go about their visits (dtsen integrity list):")
        self.table(("conduct", "officers", "with a finding", "with its own"), named.rows)
        self.say("")
        seen.wrong += named.wrong

    def _kenapa(self, settings: Settings, quarters: list[str]) -> None:
        """One removed person's question, answered."""
        removed = self._of_payers(f"changes-{quarters[-1]}.parquet").filter(pl.col("action") == "REVOKED")
        if removed.is_empty():
            return
        order = pl.col("reason").replace_strict({code: n for n, code in enumerate(TELLING)}, default=len(TELLING))
        chosen = removed.sort(order, "nik").row(0, named=True)
        found = answered(settings, chosen["nik"])
        if found is None:
            raise AssertionError("whose line was published is known")
        asked_about = [it for it in found.programmes if it.programme.name == chosen["programme"]]
        self.say(f"$ dtsen kenapa {chosen['nik']}")
        for line in text(replace(found, programmes=asked_about), "id"):
            self.say(line)
        self.say("")

    def _write(
        self, told: list[dict[str, Any]], seen: Seen, rates: dict[str, float], seconds: float, wrong: list[str]
    ) -> None:
        document = {
            "scale": self.scale,
            "seed": self.seed,
            "made": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
            "ok": not wrong,
            "wrong": wrong,
            "seconds": seconds,
            "events_per_second": rates,
            "shown": report(seen),
            "quarters": told,
        }
        target = self.home / "report.json"
        target.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


async def _sealed(settings: Settings, quotas: str, name: str) -> Journal:
    """Open a quarter with a cut of now, and wait for its outcome."""
    async with following(settings) as keeper:
        asked = Asked(Quarter.parse(name), read_bundle(quotas), now=True)
        await open_quarter(settings, keeper, asked, dt.datetime.now(dt.UTC))
        with progress_bar(f"{name}: checkpoint", None) as advance:
            done = 0

            def tell(state: dict[str, Any]) -> None:
                nonlocal done
                advance(state["done"] - done, state["total"])
                done = state["done"]

            await wait_for_outcome(settings, keeper, name, tell)
    return await read_journal(settings)


async def _rejected(settings: Settings) -> pl.DataFrame:
    """Code and sentence_en of all rejections so far."""
    return pl.concat([await rejections(settings, producer, ["code", "sentence_en"]) for producer in producers()])


def _by_code(found: pl.DataFrame) -> dict[str, int]:
    return dict(found.group_by("code").len().sort("code").iter_rows())
