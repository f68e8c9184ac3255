"""Step ROLL: a sealed quarter's lines become holdings, always from the topics, never from memory."""

import polars as pl

from agents.context import Context, new_attempt
from agents.findings import tell_findings
from agents.kept import lines_of
from agents.metrics import STORE_BYTES
from agents.parts import read_parts
from agents.points import passed
from agents.register.holding import sealed_lines
from agents.reported import no_answers_of, sent_to
from agents.store import PartitionStore
from agents.threads import in_thread
from agents.topics import ANSWERS
from agents.transport.log import LogReader
from streams.changes import holdings_after
from streams.retroactive import ADJUSTMENT
from streams.runs import Entry, Journal, Kind, Run
from streams.runs.journal import Quarter


async def roll(
    context: Context, journal: Journal, quarter: Quarter, number: int, store: PartitionStore
) -> Entry | None:
    """Apply a sealed quarter to one partition's holdings, keep the answers that it gave, and tell its findings.

    Returns the entry that tells the log, None when it was told before (a store that was filled anew).
    Raises LostLinesError when the lines in the topic are not those that were sealed.
    """
    told = Entry(kind=Kind.ROLLED, quarter=quarter.name, stage="register", partition=number, attempt=new_attempt())
    if store.holdings_quarter >= quarter.name:
        return told  # written before, and killed before it was told
    run = quarter.sealed_run
    assert run is not None, "only sealed quarters are rolled"
    if number not in quarter.rolled:
        await tell_findings(context, run, number)
        passed("register.findings_told")
    lines = await sealed_lines(context, run, number)
    adjusted = (await sealed_lines(context, run, number, ADJUSTMENT)).frame
    holdings = await in_thread(store.holdings)
    after = await in_thread(holdings_after, holdings, lines.changes)
    answers = await _answers(context, journal, run, number) if _is_last(journal, quarter) else None
    passed("register.roll_read")
    await in_thread(_write, store, lines.changes, adjusted, after, answers, quarter.name)
    STORE_BYTES.labels(str(number)).set(store.size_bytes())
    passed("register.rolled")
    return None if number in quarter.rolled else told


def _is_last(journal: Journal, quarter: Quarter) -> bool:
    """Whether this is the last sealed quarter: older answers are replaced at once, and may be out of retention."""
    return journal.sealed[-1].name == quarter.name


async def _answers(context: Context, journal: Journal, run: Run, number: int) -> pl.DataFrame:
    none = no_answers_of(journal, run)
    wanted = sent_to(run.step_reports("ANSWER"), "answers", number)
    async with LogReader(context.settings.broker, context.topic(ANSWERS), number) as reader:
        received = await read_parts(reader, "answer", run.name, wanted, {"answers": none})
    return received.together("answers", none)


def _write(
    store: PartitionStore,
    changes: pl.DataFrame,
    adjusted: pl.DataFrame,
    after: pl.DataFrame,
    answers: pl.DataFrame | None,
    quarter: str,
) -> None:
    """Holdings, answers, lines and adjustments by person, and the mark of the quarter: all of it, or nothing."""
    niks = changes.get_column("nik").unique()
    with store.write() as write:
        # All who hold something, and who did, are looked at anew for notices.
        marked = pl.concat([after.get_column("nik"), niks]).unique()
        write.mark(marked.cast(pl.Binary).to_list(), since=quarter.encode())
        write.holdings(niks, after.filter(pl.col("nik").is_in(niks.implode())), quarter)
        write.published(changes.select("nik", "quarter", "programme"), lines_of(changes))
        write.adjusted(adjusted.select("nik", "quarter", "programme", "concerns", "cause"), lines_of(adjusted))
        if answers is not None:
            answers = answers.with_columns(pl.lit(quarter).alias("quarter"))
            write.answers(answers.get_column("nik").to_list(), lines_of(answers))
