"""Every metric of every process. Names are interface: dashboards and alert rules use them.

Counted once per batch, never per event. No label holds a NIK, a card number or a name; labels have few values.
prometheus-client adds `_total` to counters.
"""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

# A batch takes milliseconds, a scan of a big partition a minute.
BATCH_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
STEP_SECONDS: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)

# --- every stage -------------------------------------------------------------------------------------------------

# Records taken from a topic (realm left out), good and bad.
RECORDS: Final = Counter("dtsen_records", "Records read", ["stage", "topic"])
# Batches handled to the end: outputs acknowledged, store written.
BATCHES: Final = Counter("dtsen_batches", "Batches handled", ["stage", "topic"])
# From a batch in hand to its acknowledgement.
BATCH_DURATION: Final = Histogram("dtsen_batch_seconds", "Time per batch", ["stage"], buckets=BATCH_SECONDS)
# Time during which at least one batch was in hand, whatever runs beside it: records by this is the stage's pace.
BUSY: Final = Counter("dtsen_busy_seconds", "Time with a batch in hand", ["stage"])
# Offsets between the position of this process and the end of the log, as of the last fetch.
LAG: Final = Gauge("dtsen_lag_records", "Records not yet read", ["stage", "topic", "partition"])
# Append time of the newest record handled, seconds since 1970: so old is, at most, what one reads here.
FRESHNESS: Final = Gauge(
    "dtsen_newest_record_timestamp_seconds", "Append time of the newest record", ["stage", "topic"]
)

# --- intake ------------------------------------------------------------------------------------------------------

# Facts sent to register.facts, one per person that an accepted event speaks of.
FACTS: Final = Counter("dtsen_facts", "Facts made from accepted events", ["event"])
# Events refused, by the stable code that their producer sees.
REJECTED: Final = Counter("dtsen_rejected", "Events refused at the door", ["producer", "code"])

# --- register ----------------------------------------------------------------------------------------------------

# Facts met for the first time; with the further copies they make up dtsen_records of register.facts.
FACTS_STORED: Final = Counter("dtsen_facts_stored", "Facts stored for the first time")
# Facts that stood in the store already; `same` is no when a second content came under one event id.
COPIES: Final = Counter("dtsen_fact_copies", "Further copies of stored facts", ["same"])
# Notices sent between two seals, and withdrawn.
NOTICES: Final = Counter("dtsen_notices", "Notices sent", ["payer", "withdrawn"])
# Findings told to their producers after a seal.
FINDINGS: Final = Counter("dtsen_findings", "Findings told", ["producer", "code"])
# Size of the stores on disk, per partition.
STORE_BYTES: Final = Gauge("dtsen_store_bytes", "Size of the store", ["partition"])

# --- integrity ---------------------------------------------------------------------------------------------------

# Visits read, repetitions counted.
VISITS: Final = Counter("dtsen_visits", "Visits of officers read")
# Findings told, and withdrawn (`state`), by kind.
INTEGRITY_FINDINGS: Final = Counter("dtsen_integrity_findings", "Findings about officers told", ["kind", "state"])

# --- a run -------------------------------------------------------------------------------------------------------

# From a command noted to its step reported.
STEP_DURATION: Final = Histogram(
    "dtsen_step_seconds", "Time per step and partition", ["stage", "step"], buckets=STEP_SECONDS
)
# How long the coordinator has been waiting for the present step; 0 when no run is open. Alert above ten minutes.
WAITING: Final = Gauge("dtsen_waiting_seconds", "Age of the step that a run waits for")
# Parts sent to the next stage.
PARTS: Final = Counter("dtsen_parts", "Parts sent", ["stage", "topic"])
# Changes sent to payers' topics; they count only when the quarter is sealed.
CHANGES: Final = Counter("dtsen_changes", "Changes sent", ["payer", "programme", "action"])
# Runs ended, by how: SEALED, REFUSED or PREVIEWED.
RUNS: Final = Counter("dtsen_runs", "Runs ended", ["outcome"])
