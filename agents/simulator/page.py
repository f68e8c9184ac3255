"""docs/reference/simulator.md: what the simulator is built by, and a simulated year beside the published figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents.simulator.comparison import FIRST, QUARTERS, SCALE, SEED, compare, compare_ages
from agents.simulator.identity import CARD_DISTRICTS, NIK_DISTRICTS, SERIALS
from agents.simulator.lists.rates import Damage
from agents.simulator.published import NOT_COMPARED, RESULTS, SHARE, Figure
from agents.simulator.rates import Rates, origins
from agents.simulator.scales import SCALES, pieces
from agents.simulator.scenarios import LIVES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from agents.simulator.comparison import Year

OFFERED = {
    "XS": "tests and a first look",
    "S": "one kelurahan; the demo",
    "M": "one kecamatan, Kebayoran Lama",
    "L": "Jakarta, all 267 kelurahan",
}

INTRODUCTION = """\
# The simulator's figures

`dtsen simulate` makes events of people who do not exist. This page says by which figures, and compares a simulated
year with what was published about Jakarta or, where nothing was found, about Indonesia. It is made by
`dtsen simulate compare --out docs/reference/simulator.md` and must not be edited by hand; a test makes it anew.
"""

COMPARED = """\
## A simulated year beside the published figures

Counted is the second year of `simulate("{scale}", {quarters}, "{first}", seed={seed})`, so that late reports of the
first are in it. Counts are per 1,000 registered persons. At this scale chance alone moves a count of 100 by a tenth.
"""

AGES = """\
### Ages

The projection for 2019 moved on by five years: each band is the one before it, the births since then are the youngest.
Published and simulated are shares of all persons when the year begins.
"""

THROUGH_THE_REGISTER = """\
### Churn of recipients

These follow from rules, ranking and quotas. `tests/agents/simulator/test_churn.py` sends simulated quarters through
the whole register in memory and holds the mean of simulated / published to the bounds.
"""

NOT = """\
### Published, and not compared
"""

NUMBERS = """\
## Scales

{table}

M and L are made of pieces, a kelurahan each: a world with a seed, numbers and chance of its own. Memory holds one
piece, whatever their number; the same piece alone (`--kelurahan CODE`) has the same bytes. Families move to a partner
kelurahan in another kota and back, and every kelurahan is the partner of one other. What is made waits on disk until
its quarter is sent or written. `python -m tests.bench.bench_simulator` measures memory and time.

Numbers are synthetic: 3171, then {nik} for NIK and {card} for cards, districts that do not exist. Each date has
{districts} districts of {serials:,} serials: {capacity:,} NIK per date of birth and sex, as many cards per date of
issue. Jakarta needs about 160 NIK per date of birth and sex. In pieces each of the 267 kelurahan has a block of {block}
serials of its own in every district, {block_numbers} numbers per date. A block that is used up is an error, never a
number twice; so is SKPWNI number 1,000,000 of a piece. A nation of 285 million would need 3,900 NIK per date and sex,
which the numbers hold, but its 7,285 kecamatan as pieces would have one serial each: that needs another scheme.
"""

LIVES_TOLD = """\
## Scripted lives

`dtsen simulate --scenarios` mixes in the people below. Their events come in the quarters named, and what their payers
must read is written in `agents/simulator/scenarios/`; a test compares it, under cut points of the nation and quotas
that suffice. Nobody else has another event for that. `dtsen kenapa NIK` tells why each of them got what.
"""

RATES = """\
## The rates

Every number that the simulator draws by, in `agents/simulator/rates.py`. What has no source says so.
"""

LISTS = """\
## Old lists

How `dtsen simulate lists` damages the lists from before DTSEN, at every scale: `agents/simulator/lists/rates.py`. Of M
and L each kelurahan has lists of its own.
"""


def page(year: Year) -> str:
    """The page as Markdown."""
    parts = [
        INTRODUCTION,
        COMPARED.format(scale=SCALE, quarters=QUARTERS, first=FIRST, seed=SEED),
        _compared(year),
        AGES,
        _ages(year),
        THROUGH_THE_REGISTER,
        _table(
            ("measure", "published", "bounds of the ratio", "source", "remark"),
            ((it.measure, _published(it), f"{it.least:g} to {it.most:g}", it.source, it.remark) for it in RESULTS),
        ),
        NOT,
        _table(
            ("measure", "published", "source", "remark"),
            ((it.measure, _published(it), it.source, it.remark) for it in NOT_COMPARED),
        ),
        _numbers(),
        LIVES_TOLD,
        _lives(),
        RATES,
        _rates(Rates()),
        LISTS,
        _rates(Damage()),
    ]
    return "\n".join(part.rstrip("\n") + "\n" for part in parts)


def _compared(year: Year) -> str:
    header = ("measure", "published", "unit", "simulated", "ratio", "source", "remark")
    rows = (
        (
            row["measure"],
            _number(row["published"], row["unit"]),
            row["unit"],
            _number(row["simulated"], row["unit"]),
            f"{row['ratio']:.2f}",
            row["source"],
            row["remark"],
        )
        for row in compare(year).iter_rows(named=True)
    )
    return _table(header, rows)


def _ages(year: Year) -> str:
    rows = compare_ages(year).select("ages", "published", "simulated", "ratio").iter_rows()
    shown = ((ages, _number(due, SHARE), _number(found, SHARE), f"{ratio:.2f}") for ages, due, found, ratio in rows)
    return _table(("ages", "published", "simulated", "ratio"), shown)


def _numbers() -> str:
    rows = []
    for name, use in OFFERED.items():
        size, found = SCALES[name], pieces(name)
        largest = max(piece.size.persons for piece in found)
        rows.append((name, f"{size.persons:,}", f"{size.families:,}", str(len(found)), f"{largest:,}", use))
    table = _table(("scale", "persons", "families", "pieces", "largest piece, persons", "use"), rows)
    block = len(pieces("L")[0].serials)
    return NUMBERS.format(
        table=table.rstrip("\n"),
        nik=f"{NIK_DISTRICTS[0] % 100} to {NIK_DISTRICTS[0] % 100 + NIK_DISTRICTS[1] - 1}",
        card=f"{CARD_DISTRICTS[0] % 100} to {CARD_DISTRICTS[0] % 100 + CARD_DISTRICTS[1] - 1}",
        districts=NIK_DISTRICTS[1],
        serials=len(SERIALS),
        capacity=NIK_DISTRICTS[1] * len(SERIALS),
        block=block,
        block_numbers=block * NIK_DISTRICTS[1],
    )


def _lives() -> str:
    rows = (
        (
            life.aim,
            f"{life.quarters[0]} to {life.quarters[-1]}",
            ", ".join(life.programmes),
            ", ".join(f"{person.name} {person.nik}" for person in life.people),
        )
        for life in LIVES
    )
    return _table(("scenario", "quarters", "programmes", "people"), rows)


def _rates(rates: Rates | Damage) -> str:
    named = origins(type(rates)).items()
    rows = ((f"`{name}`", str(getattr(rates, name)), it.unit, it.note, it.source) for name, it in named)
    return _table(("rate", "value", "unit", "what", "source"), rows)


def _published(figure: Figure) -> str:
    return _number(figure.value, figure.unit)


def _number(value: float, unit: str) -> str:
    return f"{100 * value:.1f} %" if unit == SHARE else f"{value:.2f}"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
