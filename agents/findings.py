"""Findings on their way: seen in a step, sent to the partition of their event, told when the quarter is sealed.

ROLL tells them, since it is done once per partition of a sealed quarter: whoever is killed before the log says so
sends the same bytes again, and a run that was refused tells nobody anything.
"""

import logging
from typing import Any

import polars as pl

from agents.context import Context, Work
from agents.metrics import FINDINGS as TOLD
from agents.parts import PartWriter, Sent, read_parts
from agents.threads import in_thread
from agents.topics import FINDINGS
from agents.topics import rejected as rejected_topic
from agents.transport.log import LogReader
from schemas.columnar import Encoded, encode
from schemas.registry import contracts
from streams.findings import by_event, findings, no_indications
from streams.runs import Run

log = logging.getLogger(__name__)

STEPS = (("register", "SCAN"), ("families", "ANSWER"))  # who sees something, and the step whose report says so


async def send_indications(work: Work, attempt: int, indications: pl.DataFrame) -> dict[str, Any]:
    """Send what a step saw (columns INDICATIONS) to the partitions of the events; where it stands, for the report.

    A preview tells nobody anything.
    """
    if work.run.is_preview:
        return {}
    context, source = work.context, work.partition
    envelope = {"run": work.run.name, "attempt": attempt, "stage": work.step.stage, "source": source}
    sent = {}
    for target, mine in (await in_thread(by_event, indications, work.run.partitions)).items():
        topic = context.topic(FINDINGS)
        writer = PartWriter(context.sender, topic, target, "indication", {**envelope, "target": target})
        await writer.send({"frame": mine})
        sent[str(target)] = writer.sent.to_json()
    return sent


async def tell_findings(context: Context, run: Run, number: int) -> None:
    """Tell the producers what the sealed run found about the events of one partition. At least once.

    What the topic does not hold any more is said in the log, and holds nothing up: a finding is not a decision.
    """
    wanted = {
        (stage, source): Sent.from_json(entry.body["findings"][str(number)])
        for stage, step in STEPS
        for source, entry in run.step_reports(step).items()
        if entry.body.get("findings")  # not in a run of an earlier release
    }
    async with LogReader(context.settings.broker, context.topic(FINDINGS), number) as reader:
        blobs = {"frame": no_indications()}
        received = await read_parts(reader, "indication", run.name, wanted, blobs, ("stage", "source"))
    lost = [key for key, sent in wanted.items() if received.found[key].digest != sent.digest]
    if lost:
        log.error(
            "%s[%s] does not hold what %s saw in %s: producers hear only of the rest", FINDINGS, number, run.name, lost
        )
    told = await in_thread(findings, received.together("frame", no_indications()), run.quarter)
    for (producer,), mine in told.partition_by("producer", as_dict=True, maintain_order=True).items():
        values = await in_thread(encode_findings, mine)
        await context.sender.send(context.topic(rejected_topic(str(producer))), 0, None, values)
        for code, count in mine.group_by("code").len().iter_rows():
            TOLD.labels(str(producer), code).inc(count)


def encode_findings(told: pl.DataFrame) -> Encoded:
    """Values of the record `finding` for findings (columns streams.findings.FINDINGS), in their order."""
    frame = told.drop("nik").with_row_index("row")
    niks = told.select("nik").with_row_index("row").explode("nik", empty_as_null=False)
    return encode(contracts().by_name["finding"], frame, {"nik": niks}, header=True)
