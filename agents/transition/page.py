"""The report of the transition as one HTML page: charts, tables, the published case beside, and no NIK."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import polars as pl

from agents.html import render
from agents.html.charts import BLUE, GREY, VERMILION
from agents.transition.report import PUBLISHED, Report, per_cent, place_name, shares
from streams.transition.judging import Outcome
from streams.transition.solutions import SHORT, SOLUTIONS, Solution, reason_text
from streams.transition.tables import HIDDEN

# Colours of the Okabe-Ito palette, as in the other charts: whoever is colour blind tells them apart.
ORANGE, SKY, GREEN = "#e69f00", "#56b4e9", "#009e73"
OUTCOMES: Final = (
    ("goes_on", "Tetap menerima", "goes on", BLUE),
    ("held", "Ditahan", "held", ORANGE),
    ("waits", "Belum diputuskan", "not decided in this quarter", GREY),
    ("out", "Akan keluar", "falls out", VERMILION),
)
COLOURS: Final = {
    Solution.OTHER: GREEN,
    Solution.CORRECT: BLUE,
    Solution.GROUNDCHECK: SKY,
    Solution.OBJECT: ORANGE,
    Solution.NONE: GREY,
}
LINKS: Final = {
    Outcome.LINKED: "ditemukan di DTSEN (found)",
    Outcome.PARKED: "menunggu keputusan petugas (parked)",
    Outcome.NOT_FOUND: "tidak ditemukan di DTSEN (not found)",
}


def page(found: Report) -> str:
    """One page for phone, desk and paper; everything is in it."""
    reasons, places = found.reasons, found.places
    return render(
        "transition.html.j2",
        report=found,
        legend=[(colour, text, english) for _, text, english, colour in OUTCOMES],
        programmes=[_programme(row) for row in found.programmes.iter_rows(named=True)],
        solutions=[
            {"id": text.id, "en": text.en, "short": SHORT[code].id, "colour": COLOURS[code]}
            for code, text in SOLUTIONS.items()
        ],
        ways=[_ways(name, part) for (name,), part in _groups(found.ways, "programme")],
        reasons=[
            (
                name,
                [_reason(row) for row in part.filter(pl.col("out") != HIDDEN).to_dicts()],
                [_reason(row) for row in part.filter(pl.col("out") == HIDDEN).to_dicts()],
            )
            for (name,), part in _groups(reasons, "programme")
        ],
        hidden=HIDDEN,
        places=[(place_name(code), _place(part)) for (code,), part in _groups(places, "kelurahan")],
        links=[(LINKS[code], count) for code in LINKS if (count := found.links.get(code.value, 0))],
        published=_published(found),
    )


def _groups(frame: pl.DataFrame, key: str) -> Sequence[tuple[tuple[Any, ...], pl.DataFrame]]:
    return list(frame.group_by(key, maintain_order=True))


def _number(count: str) -> int:
    """For the length of a bar; what is hidden has none."""
    return int(count) if count.isdigit() else 0


def _bar(parts: Sequence[tuple[str, str, str]]) -> list[dict[str, Any]]:
    """Segments of one bar, from (label, colour, count): where each begins and how wide it is, of 100."""
    numbers = [_number(count) for _, _, count in parts]
    whole, begin, segments = sum(numbers) or 1, 0.0, []
    for (label, colour, count), number in zip(parts, numbers, strict=True):
        width = 100 * number / whole
        if width:
            segments.append(
                {"label": f"{label}: {count}", "colour": colour, "x": round(begin, 2), "width": round(width, 2)}
            )
        begin += width
    return segments


def _programme(row: Mapping[str, str]) -> dict[str, Any]:
    counts = [(text, row[name]) for name, text, _, _ in OUTCOMES if row[name] != "0"]
    bar = _bar([(text, colour, row[name]) for name, text, _, colour in OUTCOMES])
    return {"name": row["programme"], "received": row["received"], "counts": counts, "bar": bar}


def _ways(programme: str, part: pl.DataFrame) -> dict[str, Any]:
    counts = dict(part.select("solution", "out").iter_rows())
    parts = [(SOLUTIONS[way].id, COLOURS[way], counts.get(way.value, "0")) for way in SOLUTIONS]
    told = [(SHORT[way].id, counts[way.value]) for way in SOLUTIONS if way.value in counts]
    return {"name": programme, "counts": told, "bar": _bar(parts)}


def _reason(row: Mapping[str, str]) -> dict[str, Any]:
    return {"reason": reason_text(row["reason"]), "way": SOLUTIONS[Solution(row["solution"])], "out": row["out"]}


def _place(part: pl.DataFrame) -> list[tuple[str, list[str]]]:
    """Per programme the counts of each solution, in their order."""
    told = []
    for (name,), rows in _groups(part, "programme"):
        counts = dict(rows.select("solution", "out").iter_rows())
        told.append((str(name), [counts.get(way.value, "0") for way in SOLUTIONS]))
    return told


def _published(found: Report) -> dict[str, Any]:
    whole = f"{PUBLISHED.not_in_dtsen + PUBLISHED.above_decile:,}".replace(",", ".")
    rows = [(PUBLISHED.title, per_cent(PUBLISHED.not_in_dtsen, PUBLISHED.above_decile), whole)]
    here = shares(found)
    if here is not None:
        rows.append((f"Register ini, {found.quarter}", here, ""))
    return {
        "source": PUBLISHED.source,
        "colours": (COLOURS[Solution.CORRECT], COLOURS[Solution.OBJECT]),
        "rows": [
            {
                "name": name,
                "people": people,
                "missing": said["not_in_dtsen"],
                "above": said["above_decile"],
                "bar": _bar(
                    [
                        ("Tidak ada di DTSEN (persen)", COLOURS[Solution.CORRECT], str(said["not_in_dtsen"])),
                        ("Desil 6 sampai 10 (persen)", COLOURS[Solution.OBJECT], str(said["above_decile"])),
                    ]
                ),
            }
            for name, said, people in rows
        ],
    }
