"""The page of all metrics, from the module that defines them."""

from agents import metrics
from agents.reference.markdown import beside, code, codes, prose, table

INTRODUCTION = """# Metrics

Each stage serves its metrics to Prometheus at `/metrics` on the loopback address that stands in
`.run/pages/STAGE`, and its health at `/healthz`. Names and labels are interface: dashboards and alert rules use them.
No label holds a NIK, a card number or a name.

A counter only grows, a gauge is a value of now, a histogram counts by size (`_bucket`, `_sum`, `_count`).
"""
SUFFIX = {"counter": "_total"}


def page() -> str:
    """docs/reference/metrics.md."""
    sections: dict[str, list[tuple[str, ...]]] = {}
    for name, (section, comment) in beside(metrics).items():
        metric = getattr(metrics, name)
        if not section:
            continue  # sizes of buckets
        described = metric.describe()[0]
        exposed = f"{described.name}{SUFFIX.get(described.type, '')}"
        row = (code(exposed), described.type, codes(metric._labelnames), prose(comment))  # noqa: SLF001 - no public name
        sections.setdefault(section, []).append(row)
    parts = [
        f"## {section[0].upper()}{section[1:]}\n\n{table(('metric', 'type', 'labels', 'meaning'), rows)}"
        for section, rows in sections.items()
    ]
    return "\n".join([INTRODUCTION, *parts])
