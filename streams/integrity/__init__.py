"""Officer integrity: what is improbable about the visits of a field officer; pure, frames in and frames out.

A finding is a reason to look, never a verdict: it changes no fact. Only a supervisor's decision does (the event
`pengesampingan`), and `streams.voids` says how. Read in this order: `visits` (what is judged), `thresholds` (dated
limits), `signals` (one visit beside others), `shares` (what an officer says, compared with peers), `findings`.
Method, limits and fairness: docs/explanation/integrity.md.
"""
