"""Aims at the page of a comparison and its charts: complete in themselves, readable to all, and naming nobody."""

import datetime as dt
import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import polars as pl
import pytest

from agents.html.charts import BLUE, VERMILION, WIDTH_PX, bars_both_ways, bars_in_pairs
from agents.html.what_if import what_if_page
from agents.previews import Sides, Subject
from agents.rulebook import read_bundle, read_proposal
from agents.what_if import adjusted_rows, csv_files, plain
from streams.comparing import adjusted_sides
from streams.comparing.tables import Comparison, comparison
from streams.quarters import Quarter
from streams.retroactive import ADJUSTED
from streams.runs import Entry, Kind, Run
from tests.streams.comparing.made import unit, units

SVG = "{http://www.w3.org/2000/svg}"
TABLE = pl.DataFrame({"programme": ["PKH", "KJP_PLUS"], "winners": [1204, 0], "losers": [7, 41]})
NIK = "3171910101900001"


def drawn(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def texts(svg: str) -> list[str]:
    return [it.text or "" for it in drawn(svg).iter(f"{SVG}text")]


def chart(description: str = "PKH: 1,204 winners") -> str:
    return bars_both_ways(
        TABLE, label="programme", right="winners", left="losers", title="Winners & losers", description=description
    )


def test_a_chart_has_a_name_and_a_description_and_fits_a_phone() -> None:
    image = drawn(chart("a < b"))
    assert image.get("role") == "img"
    assert image.get("aria-label") == "Winners & losers"
    assert image.findtext(f"{SVG}title") == "Winners & losers"
    assert image.findtext(f"{SVG}desc") == "a < b"
    assert 0 < float((image.get("viewBox") or "").split()[2]) <= WIDTH_PX + 4
    assert "width:100%" in (image.get("style") or "")


def test_every_bar_bears_its_number_and_its_colour() -> None:
    told = texts(chart())
    assert {"1,204", "7", "41", "PKH", "KJP_PLUS", "winners", "losers"} <= set(told)
    assert "0" not in told, "no bar, no number"
    assert {BLUE, VERMILION} <= set(re.findall(r'fill="(#\w+)"', chart()))


def test_pairs_show_what_is_known() -> None:
    table = pl.DataFrame({"programme": ["PKH", "KLJ"], "before": [0.25, None], "after": [0.5, 0.125]})
    svg = bars_in_pairs(
        table, label="programme", before="before", after="after", names=("in force", "proposed"), title="Errors",
        description="", number_format=".1%",
    )  # fmt: skip
    assert sorted(it for it in texts(svg) if "%" in it) == ["12.5%", "25.0%", "50.0%"]


def test_the_same_chart_is_the_same_bytes() -> None:
    assert chart() == chart()


def adjusted(*rows: tuple[str, str, str, int, int]) -> pl.DataFrame:
    """ADJUSTED: programme, quarter, kota, taken back, given back; all for a death."""
    told = [(name, quarter, kota, "MENINGGAL", 1, taken, given) for name, quarter, kota, taken, given in rows]
    return pl.DataFrame(told, schema=ADJUSTED, orient="row")


@pytest.fixture(scope="module")
def seen() -> tuple[Subject, Sides, Comparison]:
    in_force = read_bundle("XS")
    quarter = Quarter.parse("2025-Q2")
    subject = Subject(quarter, {}, in_force, read_proposal(in_force, scale="S"))
    started = [Entry(Kind.STARTED, "2025-Q2", run=f"2025-Q2/preview/{n}", rules_hash="ab" * 32) for n in (1, 2)]
    sides = Sides(Run(started[0]), Run(started[1]))
    checked = {"groundcheck": "TIDAK_LAYAK", "groundcheck_on": quarter.last_day, "within_reach": True}
    before = [unit("PKH", n, 600_000, unit=f"31{n:014d}", **checked) for n in range(1, 9)]
    after = [unit("PKH", n, None, unit=f"31{n:014d}", **checked) for n in range(1, 9)]
    before.append(unit("KLJ", 1, None, unit=NIK))
    after.append(unit("KLJ", 1, 900_000, unit=NIK))
    found = comparison(
        units(*before),
        units(*after),
        dt.date(2024, 6, 30),
        adjusted_before=adjusted(("KLJ", "2024-Q4", "3174", 900_000, 0), ("KLJ", "2025-Q1", "3171", 900_000, 0)),
        adjusted_after=adjusted(("KLJ", "2025-Q1", "3171", 900_000, 300_000)),
    )
    return subject, sides, found


def test_the_page_stands_alone_and_names_nobody(seen: tuple[Subject, Sides, Comparison]) -> None:
    page = what_if_page(*seen, months=12)
    assert not re.search(r"\b\d{16}\b", page)
    assert not re.search(r"<script|<link|@import|url\(|src=", page), "nothing from elsewhere, and no script"
    for link in re.findall(r'(?:href|xlink:href)="([^"]*)"', page):
        assert link.startswith("#")
    for part in (
        "This is\na preview: nothing was decided",
        "DESIL_DI_ATAS_BATAS",
        "100.0% (8 of 8)",
        "illustrative",
        "Limits of this measure",
        "+ quotas/S.yaml",
    ):
        assert part in page, part
    assert page.count('role="img"') == 6, "effects, cost, two programmes by desil, two errors"


def test_what_could_not_be_checked_is_said_once(seen: tuple[Subject, Sides, Comparison]) -> None:
    sentence = "population.lahir[0] goes back to offset 7, the quarter to 0: what was there is not checked."
    told = Entry(Kind.PREVIEWED, "2025-Q2", body={"forgotten": [sentence]})
    sides = Sides(*(replace(side, outcome=told) for side in (seen[1].in_force, seen[1].proposed)))
    assert what_if_page(seen[0], sides, seen[2], months=12).count(sentence) == 1
    assert "could not be checked" not in what_if_page(*seen, months=12)


def test_a_small_cell_is_nowhere_in_particular(seen: tuple[Subject, Sides, Comparison]) -> None:
    rows = seen[2].kelurahan.filter(pl.col("programme") == "KLJ")
    assert rows.select("kelurahan", "units").rows() == [("LAINNYA", 1)]


def test_json_names_nobody(seen: tuple[Subject, Sides, Comparison]) -> None:
    told = json.dumps(plain(*seen))
    assert NIK not in told
    assert not re.search(r"\b31\d{14}\b", told)


def test_files_hold_the_tables(seen: tuple[Subject, Sides, Comparison], tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    csv_files(seen[2], folder)
    names = {it.stem for it in folder.iterdir()}
    assert names == {"programmes", "desil", "reasons", "kelurahan", "adjusted", "groundcheck"}
    assert pl.read_csv(folder / "programmes.csv").filter(pl.col("programme") == "PKH")["losers"].to_list() == [8]
    assert all(NIK not in it.read_text(encoding="utf-8") for it in folder.iterdir())


def test_what_is_taken_back_of_sealed_quarters_stands_beside(seen: tuple[Subject, Sides, Comparison]) -> None:
    header, rows = adjusted_rows(seen[2])
    assert rows == [("KLJ", 1_800_000, 900_000, 0, 300_000, 1_200_000)]
    assert len(header) == len(rows[0])
    page = what_if_page(*seen, months=12)
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", page[page.index("<h2>Sealed quarters</h2>") :])[:5]
    assert cells == ["1,800,000", "900,000", "0", "300,000", "+1,200,000"]
    nothing = replace(seen[2], adjusted=adjusted_sides(adjusted(), adjusted()))
    assert "Here nothing would be taken back" in what_if_page(seen[0], seen[1], nothing, months=12)


def test_files_tell_quarter_and_cause(seen: tuple[Subject, Sides, Comparison]) -> None:
    told = plain(*seen)["adjusted"]
    assert [(row["concerns"], row["lines_before"], row["lines_after"]) for row in told] == [
        ("2024-Q4", 1, 0),
        ("2025-Q1", 1, 1),
    ]
    assert {row["cause"] for row in told} == {"MENINGGAL"}
