"""The seal of one quarter for one payer, what its digests cover, and what a payer must verify.

The content digest covers what was decided: quarter, payer, as-of date, rules, totals, change lines, and the
content before it. Where the bytes stand (run, cut, ranges, code version) is outside: the same facts and
rules give the same content digest, whatever happened on the way.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from schemas.registry import contracts
from schemas.slow import decode_one, encode_one
from streams.books import LISTS, QUOTAS, RANGES, TOTALS, lists_of, totals
from streams.books.lists import closing_of
from streams.changes import Sentence, holdings_after, holdings_digest
from streams.changes.lines import Lines
from streams.digests import content_digest

CUT = pl.Schema({"topic": pl.String, "partition": pl.Int32, "offset": pl.Int64})


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

    def to_bytes(self) -> bytes:
        """The value on checkpoint.manifests."""
        record = {name: getattr(self, name) for name in self.__dataclass_fields__}
        ranges = self.ranges.with_columns(pl.col("digest").str.decode("hex"))
        record |= {
            "totals": self.totals.to_dicts(),
            "quotas": self.quotas.to_dicts(),
            "cut": self.cut.to_dicts(),
            "ranges": ranges.to_dicts(),
            "reasons": [asdict(reason) for reason in self.reasons],
        }
        return encode_one(contracts().by_name["manifest"], record)

    @staticmethod
    def from_bytes(value: bytes) -> "Manifest":
        """The manifest in a value of checkpoint.manifests; raises ManifestError."""
        try:
            record = decode_one(contracts().by_name["manifest"], value)
        except ValueError as error:
            raise ManifestError(f"a record of checkpoint.manifests cannot be read: {error}") from error
        ranges = [{**row, "digest": row["digest"].hex()} for row in record["ranges"]]
        tables = {"totals": TOTALS, "quotas": QUOTAS, "cut": CUT}
        frames = {name: pl.DataFrame(record[name], schema=schema) for name, schema in tables.items()}
        reasons = tuple(Sentence(**reason) for reason in record["reasons"])
        return Manifest(**{**record, **frames, "ranges": pl.DataFrame(ranges, schema=RANGES), "reasons": reasons})

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
) -> Manifest:
    """The manifest of one payer.

    `lines`: the payer's lines as read back from its topic; `holdings`: count and digest (holdings_digest) of its
    programmes' holdings afterwards, as each register partition reports them; `ranges` (RANGES) and `quotas` (QUOTAS)
    of this payer only; `previous`: its manifest of the quarter sealed before. All tables are sorted here.
    """
    opening = previous.closing if previous else pl.DataFrame(schema=LISTS)
    books = totals(opening, lines.changes)
    before = previous.content_digest if previous else None
    digest = _content_digest(
        seal.quarter, payer, as_of=seal.as_of, rules_hash=seal.rules_hash, books=books, lines=lines, before=before
    )
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
    )


def _content_digest(
    quarter: str,
    payer: str,
    *,
    as_of: dt.date,
    rules_hash: str,
    books: pl.DataFrame,
    lines: Lines,
    before: bytes | None,
) -> bytes:
    document: Mapping[str, Any] = {
        "quarter": quarter,
        "payer": payer,
        "as_of": as_of.isoformat(),
        "rules_hash": rules_hash,
        "previous": before.hex() if before else None,
    }
    return content_digest(dict(document), books.select(sorted(TOTALS)), lines.sorted_bytes())


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
    """Raises ManifestError unless `lines` are those that a row of `manifest.ranges` promises."""
    place = f"{row['topic']}[{row['partition']}] from {row['first_offset']} to {row['last_offset']}"
    if lines.changes.height != row["records"]:
        raise ManifestError(
            f"{manifest.name()} names {row['records']} change lines in {place}, {lines.changes.height} are there: "
            "the topic lost or gained records. Nothing of this quarter was applied"
        )
    if lines.digest.hex() != row["digest"]:
        raise ManifestError(
            f"the change lines in {place} are not those of {manifest.name()}: digest {lines.digest.hex()} "
            f"where {row['digest']} is due. Nothing of this quarter was applied"
        )


def apply(manifest: Manifest, lines: Lines, holdings: pl.DataFrame, previous: Manifest | None) -> pl.DataFrame:
    """The payer's holdings after one sealed quarter (streams.changes.HOLDINGS).

    `lines`: of all its ranges together; `holdings`: after `previous`. Raises ManifestError unless lines, totals,
    content digest, and count and hash of the holdings are all as the manifest says.
    """
    name, changes = manifest.name(), lines.changes
    strangers = changes.filter((pl.col("payer") != manifest.payer) | (pl.col("quarter") != manifest.quarter)).height
    if strangers:
        raise ManifestError(f"{strangers} change lines of {name} are of another payer or quarter")
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
    found = _content_digest(
        manifest.quarter,
        manifest.payer,
        as_of=manifest.as_of,
        rules_hash=manifest.rules_hash,
        books=books,
        lines=lines,
        before=manifest.previous_content_digest,
    )
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
