"""Findings as columns."""

import polars as pl

# Columns of the record `integrity_finding`; `state` is OPEN, or WITHDRAWN for what holds no longer.
FINDINGS = pl.Schema(
    {
        "finding_id": pl.Binary(),
        "state": pl.String(),
        "kind": pl.String(),
        "producer": pl.String(),
        "petugas": pl.String(),
        "period": pl.String(),
        "visits": pl.Int32(),
        "of": pl.Int32(),
        "peers_permille": pl.Int32(),
        "q_millionths": pl.Int32(),
        "sentence_id": pl.String(),
        "sentence_en": pl.String(),
        "events": pl.List(pl.Binary),  # producer number and event id of each visit
        "families": pl.List(pl.String),  # masked card numbers
    }
)
