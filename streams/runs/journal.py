"""The log folded to a state: which quarters are open, which runs were made, what each reported."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from streams.runs.entries import Entry, Kind

Cut = Mapping[str, list[int]]  # topic (without realm) -> first offset that is not in the quarter, per partition


@dataclass
class Run:
    """One evaluation of a quarter's cut. It ends with an outcome, or stays open."""

    started: Entry
    reports: dict[tuple[str, int], dict[int, Entry]] = field(default_factory=dict)
    cutpoints: Entry | None = None
    cuts: dict[int, Entry] = field(default_factory=dict)
    outcome: Entry | None = None

    @property
    def name(self) -> str:
        return self.started.run

    @property
    def quarter(self) -> str:
        return self.started.quarter

    @property
    def waves(self) -> int:
        return int(self.started.body["waves"])

    @property
    def partitions(self) -> int:
        return int(self.started.body["partitions"])

    @property
    def is_open(self) -> bool:
        return self.outcome is None

    @property
    def is_preview(self) -> bool:
        """A preview publishes nothing to payers, and moves no holdings."""
        return "preview" in self.started.body

    def step_reports(self, step: str, wave: int = 0) -> dict[int, Entry]:
        """The first report of each partition for this step."""
        return self.reports.get((step, wave), {})


@dataclass
class Quarter:
    """A quarter from its opening to the day every partition has rolled."""

    opened: Entry
    retries: list[Entry] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    sealed: Entry | None = None
    rolled: dict[int, Entry] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.opened.quarter

    @property
    def cut(self) -> Cut:
        cut: Cut = self.opened.body["cut"]
        return cut

    @property
    def rules_entry(self) -> Entry:
        """The entry whose rules are in force for the next run: the last retry that brought rules, else the opening."""
        with_rules = [entry for entry in self.retries if "rules" in entry.body]
        return with_rules[-1] if with_rules else self.opened

    @property
    def restates(self) -> bool:
        """Whether an operator confirmed that newer code sees the quarter before otherwise than it was sealed."""
        return any(entry.body.get("restate") for entry in self.retries)

    @property
    def open_run(self) -> Run | None:
        return next((run for run in self.runs if run.is_open), None)

    @property
    def sealed_run(self) -> Run | None:
        return next((run for run in self.runs if run.outcome and run.outcome.kind is Kind.SEALED), None)

    @property
    def wants_run(self) -> bool:
        """True when no run is open, and the quarter was never run, or is to be run again.

        Again: an operator asked for it (RETRY), or the last run was abandoned because newer code took over.
        """
        if self.sealed or self.open_run:
            return False
        if not self.runs:
            return True
        last = self.runs[-1].outcome
        assert last is not None, "a run without an outcome is open"
        if last.kind is Kind.ABANDONED and last.body.get("restart"):
            return True
        return any(retry.offset > last.offset for retry in self.retries)


class Journal:
    """The state of all quarters after the entries applied so far.

    `apply` takes the entries in the order of the log. The first entry of its kind counts; whatever
    does not count is kept in `ignored` with the reason, so that an operator can see it.
    """

    def __init__(self) -> None:
        self.quarters: dict[str, Quarter] = {}
        self.asked: list[Entry] = []  # for previews
        self.previews: list[Run] = []
        self.ignored: list[tuple[Entry, str]] = []
        self.next_offset = 0

    # reading --------------------------------------------------------------------------------

    @property
    def open_run(self) -> Run | None:
        """The one run that is under way."""
        return next((run for run in self._runs() if run.is_open), None)

    def _runs(self) -> Iterator[Run]:
        yield from (run for quarter in self.quarters.values() for run in quarter.runs)
        yield from self.previews

    def cut_of(self, run: Run) -> Cut:
        """The cut that a run evaluates: the quarter's, or a preview's own."""
        cut: Cut = run.started.body["cut"] if run.is_preview else self.quarters[run.quarter].cut
        return cut

    def as_of(self, run: Run) -> str:
        """The day (ISO) on which a run takes ages and rules."""
        source = run.started if run.is_preview else self.quarters[run.quarter].opened
        return str(source.body["as_of"])

    def sealed_run_at(self, run: Run) -> Run | None:
        """The sealed run whose very cut a preview looks at again: it saw the facts that its commands stood behind."""
        quarter = self.quarters.get(run.quarter)
        if quarter is None or not run.is_preview or quarter.cut != self.cut_of(run):
            return None
        return quarter.sealed_run

    def next_preview(self) -> Entry | None:
        """The oldest preview that was asked for and has no run yet."""
        begun = {run.started.body["preview"] for run in self.previews}
        waiting = (it for it in self.asked if it.offset not in begun and not self._precedes_all(it.quarter))
        return next(waiting, None)

    def _precedes_all(self, quarter: str) -> bool:
        sealed = self.sealed
        return bool(sealed) and quarter < sealed[0].name

    @property
    def sealed(self) -> list[Quarter]:
        """Sealed quarters, oldest first."""
        return [self.quarters[name] for name in sorted(self.quarters) if self.quarters[name].sealed]

    def before(self, quarter: str) -> Quarter | None:
        """The last sealed quarter before `quarter`: where its books open."""
        return next((entry for entry in reversed(self.sealed) if entry.name < quarter), None)

    def run(self, name: str) -> Run | None:
        return next((run for run in self._runs() if run.name == name), None)

    def waiting(self) -> Quarter | None:
        """The quarter that is to be run next: the oldest unsealed one, if it wants a run and no seal is under way.

        A preview that is under way does not hinder it: a seal takes precedence.
        """
        unsealed = sorted(name for name, quarter in self.quarters.items() if not quarter.sealed)
        run = self.open_run
        if not unsealed or (run is not None and not run.is_preview):
            return None
        quarter = self.quarters[unsealed[0]]
        return quarter if quarter.wants_run else None

    # folding --------------------------------------------------------------------------------

    def apply(self, entry: Entry) -> bool:
        """Fold one entry; False when it does not count."""
        self.next_offset = max(self.next_offset, entry.offset + 1)
        why = self._refusal(entry)
        if why:
            self.ignored.append((entry, why))
            return False
        self._accept(entry)
        return True

    def _refusal(self, entry: Entry) -> str | None:
        quarter = self.quarters.get(entry.quarter)
        if entry.kind is Kind.OPENED:
            return self._refuse_opening(entry)
        if entry.kind is Kind.PREVIEW or "preview" in entry.body:
            return self._refuse_preview(entry)
        run = self.run(entry.run) if entry.run else None
        if run is not None and run.is_preview:
            return _refuse_in_run(run, entry)
        if quarter is None:
            return f"{entry.quarter} was never opened"
        match entry.kind:
            case Kind.RETRY:
                return "the quarter is sealed" if quarter.sealed else None
            case Kind.STARTED:
                return self._refuse_start(entry)
            case Kind.ROLLED:
                if not quarter.sealed:
                    return "the quarter is not sealed"
                return "this partition has rolled before" if entry.partition in quarter.rolled else None
            case _:
                return _refuse_in_run(run, entry)

    def _refuse_preview(self, entry: Entry) -> str | None:
        if self._precedes_all(entry.quarter):
            first = self.sealed[0].name
            return f"{entry.quarter} is before {first}, the first sealed quarter: nothing is known of it"
        if entry.kind is Kind.PREVIEW:
            return None
        if self.open_run:
            return f"run {self.open_run.name} is open: one run at a time"
        asked = self.next_preview()
        return None if asked and asked.offset == entry.body["preview"] else "nobody waits for this preview"

    def _refuse_opening(self, entry: Entry) -> str | None:
        if entry.quarter in self.quarters:
            return "the quarter was opened before: its cut is decided once"
        for name, other in self.quarters.items():
            if name > entry.quarter:
                return f"{name} is open already: quarters are opened in order"
            if not covers(entry.body["cut"], other.cut):
                return f"the cut lies before the cut of {name}: cuts never move backwards"
        return None

    def _refuse_start(self, entry: Entry) -> str | None:
        if self.open_run:
            return f"run {self.open_run.name} is open: one run at a time"
        waiting = self.waiting()
        if waiting is None or waiting.name != entry.quarter:
            return "the quarter wants no run, or an earlier one must be sealed first"
        if self.run(entry.run):
            return "a run of this name exists"
        return None

    def _accept(self, entry: Entry) -> None:
        quarter = self.quarters.get(entry.quarter)
        match entry.kind, quarter:
            case Kind.OPENED, _:
                self.quarters[entry.quarter] = Quarter(entry)
            case Kind.PREVIEW, _:
                self.asked.append(entry)
            case Kind.STARTED, _ if "preview" in entry.body:
                self.previews.append(Run(entry))
            case Kind.STARTED, Quarter() as it:
                it.runs.append(Run(entry))
            case Kind.RETRY, Quarter() as it:
                it.retries.append(entry)
            case Kind.ROLLED, Quarter() as it:
                it.rolled[entry.partition] = entry
            case _:
                run = self.run(entry.run)
                assert run is not None, "_refusal lets nothing through that belongs to no run"
                _accept_in_run(run, entry)
                if entry.kind is Kind.SEALED and quarter:
                    quarter.sealed = entry


def _accept_in_run(run: Run, entry: Entry) -> None:
    match entry.kind:
        case Kind.REPORT:
            run.reports.setdefault((entry.step, entry.wave), {})[entry.partition] = entry
        case Kind.CUTPOINTS:
            run.cutpoints = entry
        case Kind.CUT:
            run.cuts[entry.wave] = entry
        case _:
            run.outcome = entry


def _refuse_in_run(run: Run | None, entry: Entry) -> str | None:
    if run is None:
        return f"run {entry.run} never started"
    if run.outcome:
        return f"run {entry.run} has ended: {run.outcome.kind.value}"
    if entry.kind is Kind.ABANDONED:
        return None
    for mine, theirs, what in (
        (entry.rules_hash, run.started.rules_hash, "rules"),
        (entry.code_version, run.started.code_version, "code"),
    ):
        # Invariant 20: a part computed by other rules or other code never mixes in.
        if mine != theirs:
            return f"computed with other {what} ({mine[:12]}) than the run's ({theirs[:12]})"
    if run.is_preview and entry.kind in (Kind.SEALED, Kind.REFUSED):
        return "a preview seals nothing"
    if entry.kind is Kind.REPORT and entry.partition in run.step_reports(entry.step, entry.wave):
        return "this partition has reported this step before: the first report counts"
    if entry.kind is Kind.CUTPOINTS and run.cutpoints:
        return "the cut points are decided"
    if entry.kind is Kind.CUT and entry.wave in run.cuts:
        return "this wave's cut is decided"
    return None


def covers(later: Cut, earlier: Cut) -> bool:
    """True when no partition's offset in `later` lies before the one in `earlier`."""
    return all(
        topic in later
        and len(later[topic]) >= len(offsets)
        and all(a >= b for a, b in zip(later[topic], offsets, strict=False))
        for topic, offsets in earlier.items()
    )


def cut_rows(cut: Cut, topic_numbers: Mapping[str, int]) -> list[dict[str, Any]]:
    """The cut as rows (topic_number, partition, offset), sorted: the frame that `streams.facts` takes."""
    return [
        {"topic_number": topic_numbers[topic], "partition": partition, "offset": offset}
        for topic in sorted(cut, key=lambda name: topic_numbers[name])
        for partition, offset in enumerate(cut[topic])
    ]
