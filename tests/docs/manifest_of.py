"""`python -m tests.docs.manifest_of PAYER`: a quarter in memory, by the contracts and rules of the folder it runs in.

Prints the totals of the payer's manifest as JSON. For tests that change a clone, and need its contracts.
"""

import json
import sys

import polars as pl

from agents.rulebook import read_bundle
from agents.simulator import simulate
from schemas.registry import contracts
from streams.books import QUOTAS, RANGES
from streams.changes import holdings_digest, sentences
from streams.changes.lines import encode_changes, read_lines
from streams.manifests import CUT, Manifest, Seal, build
from streams.quarters import Quarter
from tests.streams.year import year

QUARTER, RUN = "2025-Q1", "2025-Q1-1"


def manifest_of(payer: str) -> Manifest:
    """The payer's first manifest, read back from its bytes."""
    assert payer in contracts().payers
    bundle = read_bundle("XS")
    rules = bundle.at(Quarter.parse(QUARTER).last_day)
    computed = year(simulate("XS", quarters=1, first=QUARTER, seed=7), bundle)[QUARTER]
    own = computed.changes.filter(pl.col("payer") == payer)
    programmes = [name for name, it in rules.programmes.items() if it.payer == payer]
    held = computed.holdings.filter(pl.col("programme").is_in(programmes))
    encoded = encode_changes(own, RUN, 0)
    lines = read_lines([encoded], RUN, 0)
    place = (f"eligibility.changes.{payer}", 0, 0, 0, own.height - 1, own.height, lines.digest.hex())
    made = build(
        Seal(QUARTER, rules.as_of, RUN, rules.rules_hash, "", pl.DataFrame(schema=CUT)),
        payer,
        lines=lines,
        holdings=[(held.height, holdings_digest(held))],
        ranges=pl.DataFrame([place], schema=RANGES, orient="row"),
        quotas=pl.DataFrame([(it, rules.programmes[it].quota, 0, 0) for it in programmes], schema=QUOTAS, orient="row"),
        reasons=sentences(own, rules),
        previous=None,
    )
    return Manifest.from_bytes(made.to_bytes())


if __name__ == "__main__":
    made = manifest_of(sys.argv[1])
    summed = made.totals.group_by("programme").agg(pl.col("granted", "closing_rupiah").sum()).sort("programme")
    reasons = sorted({it.code for it in made.reasons})
    print(
        json.dumps(
            {"payer": made.payer, "totals": summed.rows(), "recipients": made.holdings_count, "reasons": reasons}
        )
    )
