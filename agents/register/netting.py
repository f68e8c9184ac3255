"""Step NET: the answers of one partition's people against what they hold; what changes goes to the payers' topics."""

import numpy as np
import polars as pl

from agents.context import Work, new_attempt
from agents.metrics import CHANGES
from agents.parts import read_parts
from agents.points import passed
from agents.register.holding import holdings_before
from agents.register.looking_back import Backward, look_back
from agents.register.scanning import authorities, chunks, seen_by
from agents.reported import no_answers_of, received_json, sent_to
from agents.store import PartitionStore
from agents.threads import in_thread
from agents.topics import ANSWERS, PREVIEW
from agents.topics import changes as changes_topic
from agents.transport.log import LogReader
from schemas.columnar.arena import join
from schemas.registry import contracts
from streams.books import RANGES, holders_accounted, lists_of, tally_of
from streams.changes import holdings_digest, net, unanswered
from streams.changes.lines import CHANGE, Form, digest_of, encode_changes
from streams.facts import NIK_BYTES, Rows, below, copies_frame, facts_frame
from streams.persons import PERSONS, persons
from streams.retroactive import ADJUSTMENT, STOPS, stops
from streams.rules import Rules
from streams.runs import Entry, Run
from streams.scan import Viewpoint


async def net_step(work: Work, store: PartitionStore) -> Entry:
    """Net the answers against the holdings of the quarter before, publish the lines, and tell the books.

    The lines count for nobody until a manifest names this run and attempt.
    """
    context, run, number, rules = work.context, work.run, work.partition, work.rules
    none = no_answers_of(work.journal, run)
    wanted = sent_to(run.step_reports("ANSWER"), "answers", number)
    async with LogReader(context.settings.broker, context.topic(ANSWERS), number) as reader:
        received = await read_parts(reader, "answer", run.name, wanted, {"answers": none})
    answers = received.together("answers", none).sort("nik")
    holdings = await holdings_before(work, store)
    back = await in_thread(look_back, store, work.journal, run, rules)
    about, stopped = await people_seen(work, store, holdings, back)
    changes, after = await in_thread(net, holdings, answers, about, quarter=run.quarter, as_of=rules.as_of, rules=rules)
    adjusted = await in_thread(back.adjust, stopped)
    attempt = new_attempt()
    ranges = [await _publish(work, attempt, *it) for it in _by_topic(changes, run, rules)]
    passed("register.changes_sent")
    adjusted_ranges = [
        await _publish(work, attempt, *it, ADJUSTMENT) for it in _by_topic(adjusted.adjustments, run, rules)
    ]
    if adjusted.adjustments.height:  # with none, it would be the point before
        passed("register.adjustments_sent")
    body = {
        "received": received_json(received),
        "holdings": {payer: _held(after, rules, payer) for payer in payers_of(rules)},
        "unanswered": unanswered(holdings, answers, about).height,
        "changes": dict(changes.group_by(pl.col("action").cast(pl.String)).len().sort("action").iter_rows()),
        "adjustments": adjusted.adjustments.height,
    }
    frames = {
        "ranges": pl.DataFrame(ranges, schema=RANGES, orient="row"),
        "adjustment_ranges": pl.DataFrame(adjusted_ranges, schema=RANGES, orient="row"),
        "ledger_opening": back.opening,
        "ledger_due": adjusted.due,
        "netted": tally_of(answers, number),
        "holders": holders_accounted(number, holdings, answers, about),
        "opening_lists": lists_of(holdings),
        "closing_lists": lists_of(after),
    }
    return work.report(attempt, body=body, frames=frames)


def payers_of(rules: Rules) -> list[str]:
    """Who pays a programme that is in force, or that adjustments may still be about, sorted."""
    in_force = {it.payer for it in rules.programmes.values()}
    return sorted(in_force | {it.payer for it in rules.retroactive.values()})


def _by_topic(lines: pl.DataFrame, run: Run, rules: Rules) -> list[tuple[str, pl.DataFrame]]:
    """Topic and lines of each payer; a preview's all go to a topic that no payer reads."""
    if run.is_preview:
        return [(PREVIEW, lines)]
    return [(changes_topic(payer), lines.filter(pl.col("payer") == payer)) for payer in payers_of(rules)]


async def people_seen(
    work: Work, store: PartitionStore, holdings: pl.DataFrame, back: Backward
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The persons frame of those who hold something, and what stopped those who were paid before (columns STOPS).

    Both as the run sees them. Only their facts are decoded: the rest of the partition is passed over by its keys.
    """
    command_offset = store.command_offset(work.run.name, "SCAN")
    assert command_offset is not None, "a partition that nets has noted the scan of the same run"
    view = seen_by(work.journal, work.run, work.partition, command_offset)
    holders = holdings.get_column("nik").unique()
    wanted = pl.concat([holders, back.people]).unique().sort()
    found, stopped = [pl.DataFrame(schema=PERSONS)], [pl.DataFrame(schema=STOPS)]
    if len(wanted):
        async for rows in chunks(store):
            facts = await in_thread(_facts, rows, wanted, view)
            held = facts.filter(pl.col("nik").is_in(holders.implode()))
            found.append(await in_thread(persons, held, view.as_of))
            paid = facts.filter(pl.col("nik").is_in(back.people.implode()))
            stopped.append(await in_thread(stops, paid, back.quarters, work.rules))
    return pl.concat(found), pl.concat(stopped)


def _facts(rows: Rows, wanted: pl.Series, view: Viewpoint) -> pl.DataFrame:
    """The facts of some persons that belong to the run's quarter."""
    chosen = only(rows, wanted)
    facts = facts_frame(chosen, contracts().by_name["fact"], authorities())
    return facts.filter(pl.Series(below(facts, copies_frame(chosen), view.cut, view.command_offset)))


def only(rows: Rows, niks: pl.Series) -> Rows:
    """The rows (and copies) of some persons; `niks` sorted."""
    wanted = np.array(niks.to_list(), f"S{NIK_BYTES}")
    chosen, copies = (_among(keys, wanted) for keys in (rows.keys, rows.copy_keys))
    return Rows(
        rows.keys[chosen],
        rows.arena,
        rows.starts[chosen],
        rows.lengths[chosen],
        rows.copy_keys[copies],
        rows.copy_values[copies],
    )


def _among(keys: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    niks = np.ascontiguousarray(keys[:, :NIK_BYTES]).view(f"S{NIK_BYTES}").ravel()
    places = np.minimum(np.searchsorted(wanted, niks), len(wanted) - 1)
    return np.asarray(wanted[places] == niks)


async def _publish(
    work: Work, attempt: int, topic: str, lines: pl.DataFrame, form: Form = CHANGE
) -> tuple[object, ...]:
    """Send lines under their NIK; their place, count and digest as a row of RANGES."""
    context, run, number = work.context, work.run, work.partition
    values = await in_thread(encode_changes, lines, run.name, attempt, form)
    keys = join(lines.get_column("nik").cast(pl.Binary).to_list())
    first, last = await context.sender.send(context.topic(topic), number, keys, values)
    action = pl.col("action").cast(pl.String) if form is CHANGE else pl.lit("ADJUSTED").alias("action")
    counted = lines.group_by("payer", "programme", action).len()
    for payer, programme, action, count in () if run.is_preview else counted.iter_rows():
        CHANGES.labels(payer, programme, action).inc(count)
    return topic, number, attempt, first, last, lines.height, digest_of(values, run.name, attempt, form).hex()


def _held(after: pl.DataFrame, rules: Rules, payer: str) -> dict[str, object]:
    """Count and digest of what one payer's programmes come to: the manifest's `holdings` are their sum."""
    names = [name for name, programme in rules.programmes.items() if programme.payer == payer]
    held = after.filter(pl.col("programme").is_in(names))
    return {"count": held.height, "digest": holdings_digest(held).hex()}
