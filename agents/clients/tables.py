"""The files of a payer's folder as tables: for people (CSV) and for programs (Parquet)."""

import polars as pl

from agents.naming import event_names
from schemas.regions import kab_kota
from streams.changes import HOLDINGS
from streams.changes.decided import WHITELIST
from streams.manifests import Manifest

LIST_HEADERS = {
    "programme": "Program",
    "nik": "NIK",
    "no_kk": "No. KK",
    "state": "Status",
    "payable_rupiah": "Rupiah triwulan ini",
    "kab_kota": "Kode kab/kota",
    "kab_kota_name": "Kab/kota",
    "since": "Sejak",
    "held_since": "Ditahan sejak",
}
CHANGES_HEADERS = {
    "quarter": "Triwulan",
    "programme": "Program",
    "nik": "NIK",
    "no_kk": "No. KK",
    "action": "Perubahan",
    "amount_rupiah": "Rupiah triwulan ini",
    "amount_before_rupiah": "Rupiah sebelumnya",
    "kab_kota": "Kode kab/kota",
    "kab_kota_name": "Kab/kota",
    "kab_kota_before": "Kode kab/kota sebelumnya",
    "reason": "Kode alasan",
    "sentence_id": "Alasan",
    "sentence_en": "Reason",
    "article": "Dasar hukum",
    "rule": "Aturan",
    "values": "Nilai",
    "causes": "Peristiwa",
    "objection_until": "Batas sanggah",
}

ADJUSTMENTS_HEADERS = {
    "quarter": "Triwulan",
    "programme": "Program",
    "nik": "NIK",
    "concerns": "Untuk triwulan",
    "amount_rupiah": "Rupiah (minus: tidak jadi haknya)",
    "kab_kota": "Kode kab/kota",
    "kab_kota_name": "Kab/kota",
    "reason": "Kode alasan",
    "sentence_id": "Alasan",
    "sentence_en": "Reason",
    "article": "Dasar hukum",
    "cause": "Sebab",
    "causes": "Peristiwa",
}


def list_table(holdings: pl.DataFrame) -> pl.DataFrame:
    """The list with plain text columns, and what is to be paid: columns HOLDINGS, payable_rupiah, kab_kota_name.

    `amount_rupiah` of a line that is held back is what it goes on with later; `payable_rupiah` of it is 0.
    """
    payable = pl.when(pl.col("state").cast(pl.String) == "ACTIVE").then("amount_rupiah").otherwise(0)
    return holdings.with_columns(
        pl.col("state").cast(pl.String), payable.alias("payable_rupiah"), _kab_kota_name().alias("kab_kota_name")
    )


def holdings_of(table: pl.DataFrame) -> pl.DataFrame:
    """The holdings in a list table."""
    return table.select(list(HOLDINGS)).cast(HOLDINGS)


def changes_table(changes: pl.DataFrame, manifest: Manifest) -> pl.DataFrame:
    """The lines with the sentences of their reasons and plain text columns; values and causes as one text each.

    Sorted by nik, programme; columns as in CHANGES_HEADERS.
    """
    named = _with_sentences(changes, manifest)
    pair = pl.concat_str(pl.element().struct.field("name"), pl.element().struct.field("value"), separator="=")
    return (
        named.with_columns(
            _filled("sentence_id"),
            _filled("sentence_en"),
            pl.col("action").cast(pl.String),
            pl.col("values").list.eval(pair).list.join("; "),
            pl.col("causes").list.eval(event_names(pl.element())).list.join("; "),
            _kab_kota_name().alias("kab_kota_name"),
        )
        .select(list(CHANGES_HEADERS))
        .sort("nik", "programme")
    )


def adjustments_table(adjustments: pl.DataFrame, manifest: Manifest) -> pl.DataFrame:
    """The adjustments with the sentences of their reasons and plain text columns; causes as one text.

    Sorted by nik, programme, concerns, cause; columns as in ADJUSTMENTS_HEADERS.
    """
    return (
        _with_sentences(adjustments, manifest)
        .with_columns(
            pl.col("causes").list.eval(event_names(pl.element())).list.join("; "),
            _kab_kota_name().alias("kab_kota_name"),
        )
        .select(list(ADJUSTMENTS_HEADERS))
        .sort("nik", "programme", "concerns", "cause")
    )


def _with_sentences(lines: pl.DataFrame, manifest: Manifest) -> pl.DataFrame:
    """Lines with what the manifest says of their reasons: columns sentence_id and sentence_en."""
    reasons = pl.DataFrame(
        [(it.programme, it.code, it.article, it.sentence_id, it.sentence_en) for it in manifest.reasons],
        schema=dict.fromkeys(("programme", "reason", "article", "sentence_id", "sentence_en"), pl.String),
        orient="row",
    )
    return lines.join(reasons, on=["programme", "reason", "article"], how="left", maintain_order="left")


def for_people(table: pl.DataFrame, headers: dict[str, str]) -> pl.DataFrame:
    """The columns that people read, under the names that they read."""
    return table.select(pl.col(name).alias(header) for name, header in headers.items())


def _filled(sentence: str) -> pl.Expr:
    """A reason's sentence with the line's own values in the places of their names."""
    text = pl.col(sentence).fill_null(pl.col("reason"))
    for name in sorted(WHITELIST):
        value = pl.col("values").list.eval(
            pl.element().filter(pl.element().struct.field("name") == name).struct.field("value")
        )
        text = text.str.replace_all(f"{{{name}}}", value.list.first().fill_null("-"), literal=True)
    return text.alias(sentence)


def _kab_kota_name() -> pl.Expr:
    names = dict(kab_kota())
    return pl.col("kab_kota").replace_strict(names, default=pl.col("kab_kota"), return_dtype=pl.String)
