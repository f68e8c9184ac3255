"""The seal of one quarter for one payer, what its digests cover, and what a payer must verify.

The content digest covers what was decided: quarter, payer, as-of date, rules, totals, change lines, and the
content before it. Where the bytes stand (run, cut, ranges, code version) is outside: the same facts and
rules give the same content digest, whatever happened on the way.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import polars as pl

from schemas.registry import contracts
from schemas.slow import decode_one, encode_one
from streams.books import LISTS, QUOTAS, RANGES, TOTALS, lists_of, totals
from streams.books.lists import closing_of
from streams.changes import Sentence, holdings_after, holdings_digest
from streams.changes.lines import Lines, concatenated
from streams.digests import content_digest
from streams.retroactive import ADJUSTED, ADJUSTMENT, adjusted_totals

CUT = pl.Schema({"topic": pl.String, "partition": pl.Int32, "offset": pl.Int64})
RANGE_LISTS = ("ranges", "adjustment_ranges")
NOT_FIELDS = ("value",)


class ManifestError(ValueError):
    """A manifest, or what it names, is not what it should be. The message says what does not match."""


@dataclass(frozen=True)
class Manifest:
    """As the record `manifest`; frames for its tables, digests as bytes."""

    quarter: str
    payer: str
    as_of: dt.date
    run: str
    rules_hash: str
    content_digest: bytes
    previous_content_digest: bytes | None
    previous_manifest_hash: bytes | None
    code_version: str
    totals: pl.DataFrame  # TOTALS, this payer's programmes
    quotas: pl.DataFrame  # QUOTAS
    cut: pl.DataFrame  # CUT
    ranges: pl.DataFrame  # RANGES
    holdings_count: int
    holdings_hash: bytes
    reasons: tuple[Sentence, ...]
    adjustment_ranges: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=RANGES))  # RANGES
    adjusted: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=ADJUSTED))  # ADJUSTED
    # As it was read: an older version of the record keeps its bytes, and with them its hash.
    value: bytes | None = field(default=None, compare=False, repr=False)

    def to_bytes(self) -> bytes:
        """The value on checkpoint.manifests."""
        if self.value is not None:
            return self.value
        record = {name: getattr(self, name) for name in self.__dataclass_fields__ if name not in NOT_FIELDS}
        for name in RANGE_LISTS:
            record[name] = record[name].with_columns(pl.col("digest").str.decode("hex")).to_dicts()
        record |= {name: record[name].to_dicts() for name in ("totals", "quotas", "cut", "adjusted")}
        record["reasons"] = [asdict(reason) for reason in self.reasons]
        return encode_one(contracts().by_name["manifest"], record)

    @staticmethod
    def from_bytes(value: bytes) -> "Manifest":
        """The manifest in a value of checkpoint.manifests; raises ManifestError."""
        try:
            record = decode_one(contracts().by_name["manifest"], value)
        except ValueError as error:
            raise ManifestError(f"a record of checkpoint.manifests cannot be read: {error}") from error
        tables = {"totals": TOTALS, "quotas": QUOTAS, "cut": CUT, "adjusted": ADJUSTED}
        frames = {name: pl.DataFrame(record[name], schema=schema) for name, schema in tables.items()}
        for name in RANGE_LISTS:
            ranges = [{**row, "digest": row["digest"].hex()} for row in record[name]]
            frames[name] = pl.DataFrame(ranges, schema=RANGES)
        reasons = tuple(Sentence(**reason) for reason in record["reasons"])
        return Manifest(**{**record, **frames, "reasons": reasons, "value": value})

    @property
    def hash(self) -> bytes:
        """SHA-256 of the bytes as they are written."""
        return hashlib.sha256(self.to_bytes()).digest()

    @property
    def closing(self) -> pl.DataFrame:
        """LISTS at the end of the quarter: with which the next one opens."""
        return closing_of(self.totals)

    def name(self) -> str:
        return f"the manifest of {self.payer} for {self.quarter}"


@dataclass(frozen=True)
class Seal:
    """What all manifests of one sealed run have in common."""

    quarter: str
    as_of: dt.date
    run: str
    rules_hash: str
    code_version: str
    cut: pl.DataFrame  # CUT


def build(
    seal: Seal,
    payer: str,
    *,
    lines: Lines,
    holdings: Sequence[tuple[int, bytes]],
    ranges: pl.DataFrame,
    quotas: pl.DataFrame,
    reasons: Sequence[Sentence],
    previous: Manifest | None,
    adjustments: Lines | None = None,
    adjustment_ranges: pl.DataFrame | None = None,
) -> Manifest:
    """The manifest of one payer.

    `lines`: the payer's lines as read back from its topic; `holdings`: count and digest (holdings_digest) of its
    programmes' holdings afterwards, as each register partition reports them; `ranges` (RANGES) and `quotas` (QUOTAS)
    of this payer only; `previous`: its manifest of the quarter sealed before; `adjustments`: as `lines`, with their
    ranges; none by default. All tables are sorted here.
    """
    adjusted = no_lines() if adjustments is None else adjustments
    opening = previous.closing if previous else pl.DataFrame(schema=LISTS)
    books = totals(opening, lines.changes)
    before = previous.content_digest if previous else None
    said = {"quarter": seal.quarter, "payer": payer, "as_of": seal.as_of.isoformat(), "rules_hash": seal.rules_hash}
    digest = _content_digest(said, before, books, lines, adjusted)
    total = sum(int.from_bytes(part) for _, part in holdings) % (1 << 128)
    return Manifest(
        quarter=seal.quarter,
        payer=payer,
        as_of=seal.as_of,
        run=seal.run,
        rules_hash=seal.rules_hash,
        content_digest=digest,
        previous_content_digest=before,
        previous_manifest_hash=previous.hash if previous else None,
        code_version=seal.code_version,
        totals=books,
        quotas=quotas.sort("programme"),
        cut=seal.cut.sort("topic", "partition"),
        ranges=ranges.sort("topic", "partition"),
        holdings_count=sum(count for count, _ in holdings),
        holdings_hash=total.to_bytes(16),
        reasons=tuple(sorted(reasons)),
        adjustment_ranges=_sorted_ranges(adjustment_ranges),
        adjusted=adjusted_totals(adjusted.frame),
    )


def no_lines() -> Lines:
    """No adjustments."""
    return concatenated([], ADJUSTMENT)


def _sorted_ranges(ranges: pl.DataFrame | None) -> pl.DataFrame:
    return pl.DataFrame(schema=RANGES) if ranges is None else ranges.sort("topic", "partition")


def _content_digest(
    said: Mapping[str, str], before: bytes | None, books: pl.DataFrame, lines: Lines, adjustments: Lines
) -> bytes:
    """Adjustments are covered where there are any, so that a quarter without them has the digest that it always had."""
    frames = [books.select(sorted(TOTALS)), lines.sorted_bytes()]
    if adjustments.frame.height:
        frames += [adjusted_totals(adjustments.frame).select(sorted(ADJUSTED)), adjustments.sorted_bytes()]
    return content_digest({**said, "previous": before.hex() if before else None}, *frames)


def verify_chain(manifest: Manifest, previous: Manifest | None) -> None:
    """Raises ManifestError unless `manifest` is the one that follows `previous` (None: the payer's first)."""
    if previous is not None and manifest.payer != previous.payer:
        raise ManifestError(f"{manifest.name()} follows one of {previous.payer}: two payers are mixed up")
    if previous is not None and manifest.quarter <= previous.quarter:
        raise ManifestError(f"{manifest.name()} comes after that of {previous.quarter}: quarters are sealed in order")
    links = (
        ("content", manifest.previous_content_digest, previous.content_digest if previous else None),
        ("bytes", manifest.previous_manifest_hash, previous.hash if previous else None),
    )
    for what, named, there in links:
        if named != there:
            raise ManifestError(
                f"the chain is broken at {manifest.name()}: it follows a manifest whose {what} have the digest "
                f"{_short(named)}, the one before it is {previous.quarter if previous else 'missing'} "
                f"with {_short(there)}. Start anew with an empty folder; if it breaks again, ask the register"
            )


def verify_range(manifest: Manifest, row: Mapping[str, Any], lines: Lines) -> None:
    """Raises ManifestError unless `lines` are those that a row of its `ranges` or `adjustment_ranges` promises."""
    place = f"{row['topic']}[{row['partition']}] from {row['first_offset']} to {row['last_offset']}"
    what = "adjustments" if lines.form is ADJUSTMENT else "change lines"
    if lines.frame.height != row["records"]:
        raise ManifestError(
            f"{manifest.name()} names {row['records']} {what} in {place}, {lines.frame.height} are there: "
            "the topic lost or gained records. Nothing of this quarter was applied"
        )
    if lines.digest.hex() != row["digest"]:
        raise ManifestError(
            f"the {what} in {place} are not those of {manifest.name()}: digest {lines.digest.hex()} "
            f"where {row['digest']} is due. Nothing of this quarter was applied"
        )


def apply(
    manifest: Manifest,
    lines: Lines,
    holdings: pl.DataFrame,
    previous: Manifest | None,
    adjustments: Lines | None = None,
) -> pl.DataFrame:
    """The payer's holdings after one sealed quarter (streams.changes.HOLDINGS).

    `lines` and `adjustments` (None: there are none): of all its ranges together; `holdings`: after `previous`; no
    adjustment moves them. Raises ManifestError unless lines, totals, content digest, and count and hash of the holdings
    are all as the manifest says.
    """
    name, changes = manifest.name(), lines.changes
    adjusted = no_lines() if adjustments is None else adjustments
    _refuse_strangers(manifest, lines)
    _refuse_strangers(manifest, adjusted)
    if not adjusted_totals(adjusted.frame).equals(manifest.adjusted):
        raise ManifestError(f"the adjustments of {name} do not come to the rupiah that it says")
    try:
        after = holdings_after(holdings, changes)
    except ValueError as error:
        raise ManifestError(
            f"{name} does not fit this copy of the list: {error}. Start anew with an empty folder"
        ) from error
    books = totals(previous.closing if previous else pl.DataFrame(schema=LISTS), changes)
    if not books.equals(manifest.totals):
        raise ManifestError(f"the totals of {name} are not those of its lines: {_difference(manifest.totals, books)}")
    if not lists_of(after).equals(manifest.closing):
        raise ManifestError(f"the list after {manifest.quarter} does not come to the totals of {name}")
    said = {
        "quarter": manifest.quarter,
        "payer": manifest.payer,
        "as_of": manifest.as_of.isoformat(),
        "rules_hash": manifest.rules_hash,
    }
    found = _content_digest(said, manifest.previous_content_digest, books, lines, adjusted)
    if found != manifest.content_digest:
        raise ManifestError(
            f"the content of {name} has the digest {found.hex()}, {manifest.content_digest.hex()} is due"
        )
    if after.height != manifest.holdings_count or holdings_digest(after) != manifest.holdings_hash:
        raise ManifestError(
            f"the list after {manifest.quarter} has {after.height} lines and digest {holdings_digest(after).hex()}; "
            f"{name} says {manifest.holdings_count} and {manifest.holdings_hash.hex()}"
        )
    return after


def _refuse_strangers(manifest: Manifest, lines: Lines) -> None:
    other = (pl.col("payer") != manifest.payer) | (pl.col("quarter") != manifest.quarter)
    if strangers := lines.frame.filter(other).height:
        raise ManifestError(
            f"{strangers} {lines.form.contract} lines of {manifest.name()} are of another payer or quarter"
        )


def _difference(due: pl.DataFrame, found: pl.DataFrame) -> str:
    """The first place and quantity in which two TOTALS differ."""
    keys = ["programme", "kab_kota"]
    sides = [side.unpivot(index=keys, variable_name="quantity") for side in (due, found)]
    both = sides[0].join(sides[1], on=[*keys, "quantity"], how="full", coalesce=True, suffix="_found")
    row = both.filter(pl.col("value").ne_missing(pl.col("value_found"))).sort(*keys, "quantity").row(0, named=True)
    return (
        f"{row['quantity']} of {row['programme']} in {row['kab_kota']} is {row['value']} by the manifest, "
        f"{row['value_found']} by its lines"
    )


def _short(digest: bytes | None) -> str:
    return digest.hex()[:16] if digest else "(none)"
