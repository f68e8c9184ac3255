"""Sealed quarters for tests of manifests and of the payer's client: what stands in the topics, and the manifests."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from schemas.columnar import join
from streams.books import QUOTAS, RANGES
from streams.changes import HOLDINGS, holdings_digest, net, no_holdings, sentences
from streams.changes.lines import CHANGE, Form, Lines, concatenated, encode_changes, of_payer, read_lines
from streams.manifests import CUT, Manifest, Seal, build
from streams.retroactive import ADJUSTMENT, ADJUSTMENTS, adjustment_sentences, no_adjustments
from tests.streams import changing
from tests.streams.changing import AMOUNTS, DEATH, Person, nik

PARTITIONS = 2
PAYERS = {"kemensos": ["SEMBAKO"], "dinsos-dki": ["KLJ"]}


def topic_of(payer: str) -> str:
    return f"eligibility.changes.{payer}"


@dataclass
class Register:
    """Seals quarter after quarter into topics held in memory: (topic, partition) -> values by offset."""

    topics: dict[tuple[str, int], list[bytes]] = field(
        default_factory=lambda: {(topic_of(payer), n): [] for payer in PAYERS for n in range(PARTITIONS)}
    )
    manifests: list[Manifest] = field(default_factory=list)
    holdings: pl.DataFrame = field(default_factory=no_holdings)

    def seal(
        self,
        quarter: str,
        people: Sequence[Person],
        *,
        attempt: int = 0,
        code_version: str = "c0de",
        adjustments: pl.DataFrame | None = None,
    ) -> None:
        """One quarter; before each range stands what a killed attempt left behind. `adjustments`: of all payers."""
        back = no_adjustments() if adjustments is None else adjustments
        as_of = _last_day(quarter)
        rules = replace(changing.rules(), as_of=as_of)
        run = f"{quarter}-1"
        inputs = changing.answers(people), changing.persons(people)
        changes, after = net(self.holdings, *inputs, quarter=quarter, as_of=as_of, rules=rules)
        seal = Seal(
            quarter,
            as_of,
            run,
            rules.rules_hash,
            code_version,
            pl.DataFrame([("population.lahir", 0, 7)], schema=CUT, orient="row"),
        )
        for payer, programmes in PAYERS.items():
            own = changes.filter(pl.col("payer") == payer)
            ranges = pl.concat([self._send(payer, n, own[n::PARTITIONS], run, attempt) for n in range(PARTITIONS)])
            adjusted = back.filter(pl.col("payer") == payer)
            parts = [adjusted[n::PARTITIONS] for n in range(PARTITIONS)]
            back_ranges = pl.concat([self._send(payer, n, it, run, attempt, ADJUSTMENT) for n, it in enumerate(parts)])
            held = after.filter(pl.col("programme").is_in(programmes))
            read = concatenated([self._read(row, run, attempt) for row in ranges.iter_rows(named=True)])
            previous = [manifest for manifest in self.manifests if manifest.payer == payer]
            self.manifests.append(
                build(
                    seal,
                    payer,
                    lines=of_payer(read, payer),
                    holdings=[(part.height, holdings_digest(part)) for part in (held[::2], held[1::2])],
                    ranges=ranges,
                    quotas=pl.DataFrame([(name, 9, 1, 0) for name in programmes], schema=QUOTAS, orient="row"),
                    reasons=[*sentences(own, rules), *adjustment_sentences(adjusted, rules)],
                    previous=previous[-1] if previous else None,
                    adjustments=concatenated(
                        [self._read(row, run, attempt, ADJUSTMENT) for row in back_ranges.iter_rows(named=True)],
                        ADJUSTMENT,
                    ),
                    adjustment_ranges=back_ranges,
                )
            )
        self.holdings = after

    def _send(
        self, payer: str, partition: int, lines: pl.DataFrame, run: str, attempt: int, form: Form = CHANGE
    ) -> pl.DataFrame:
        values = self.topics[topic_of(payer), partition]
        values += encode_changes(lines[:1], run, attempt + 1, form).to_list()  # a stale attempt
        first = len(values)
        sent = encode_changes(lines, run, attempt, form)
        values += sent.to_list()[:1]
        values += encode_changes(lines[:2], f"{run}0", attempt, form).to_list()  # another run, in mid-range
        values += sent.to_list()[1:]
        digest = read_lines([sent], run, attempt, form).digest.hex()
        offsets = (first, len(values) - 1) if lines.height else (-1, -1)
        row = (topic_of(payer), partition, attempt, *offsets, lines.height, digest)
        return pl.DataFrame([row], schema=RANGES, orient="row")

    def _read(self, row: dict[str, Any], run: str, attempt: int, form: Form = CHANGE) -> Lines:
        values = self.topics[row["topic"], row["partition"]]
        return read_lines([join(values[row["first_offset"] : row["last_offset"] + 1])], run, attempt, form)


def _last_day(quarter: str) -> dt.date:
    year, number = int(quarter[:4]), int(quarter[-1])
    return dt.date(year + number // 4, number % 4 * 3 + 1, 1) - dt.timedelta(days=1)


SEMBAKO, KLJ = ("SERVED", 600_000, "MEMENUHI_SYARAT", 0), ("SERVED", 900_000, "MEMENUHI_SYARAT", 0)
TOO_WELL_OFF = ("INELIGIBLE", 0, "DESIL_DI_ATAS_BATAS", 2)
MOVING = ("HELD", 600_000, "DALAM_PERPINDAHAN", 0)


def year() -> Register:
    """Three quarters: people begin, one dies, one is better off, one is held and resumed, one moves.

    The death turns out to have come before the first quarter ended, which the third takes back.
    """
    register = Register()
    people = [Person(n, verdicts={"SEMBAKO": SEMBAKO, "KLJ": KLJ}) for n in range(1, 8)]
    register.seal("2025-Q1", people)
    changed = {
        1: replace(people[0], status="MENINGGAL"),
        2: replace(people[1], verdicts={"SEMBAKO": TOO_WELL_OFF, "KLJ": KLJ}, desil=8),
        3: replace(people[2], verdicts={"SEMBAKO": MOVING, "KLJ": KLJ}, status="TRANSIT"),
        4: replace(people[3], city="3172"),
    }
    late = [adjustment(1, programme, "2025-Q1", "2025-Q2", -AMOUNTS[programme]) for programme in ("SEMBAKO", "KLJ")]
    second = [changed.get(it.number, it) for it in people]
    register.seal("2025-Q2", second, attempt=3, adjustments=pl.concat(late))
    back = adjustment(1, "SEMBAKO", "2025-Q1", "2025-Q3", AMOUNTS["SEMBAKO"])
    register.seal("2025-Q3", [it for it in people if it.number != 1] + [changed[1]], adjustments=back)
    return register


def adjustment(number: int, programme: str, concerns: str, quarter: str, rupiah: int) -> pl.DataFrame:
    """One adjustment (columns ADJUSTMENTS) of somebody who died, or did not."""
    payer = next(payer for payer, names in PAYERS.items() if programme in names)
    reason = f"{'SURUT' if rupiah < 0 else 'PULIH'}_MENINGGAL"
    line = (quarter, payer, programme, nik(number), concerns, "MENINGGAL", reason, "", rupiah, "3171", [DEATH])
    return pl.DataFrame([line], schema=ADJUSTMENTS, orient="row")


def programmes_of(holdings: pl.DataFrame, payer: str) -> pl.DataFrame:
    return holdings.filter(pl.col("programme").is_in(PAYERS[payer])).select(list(HOLDINGS))
