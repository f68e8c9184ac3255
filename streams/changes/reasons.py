"""Reasons that netting itself gives, and the sentences that a manifest says for each reason."""

from dataclasses import dataclass

import polars as pl

from streams.rules.model import Condition, Programme, Rules, Text

DEFAULT_GRANT = "MEMENUHI_SYARAT"
MOVED = "PINDAH_KOTA"
AMOUNT_CHANGED = "JUMLAH_BERUBAH"
RESUMED = "DILANJUTKAN"

# Why somebody who holds something has no answer: status of the person -> reason, and the column of its cause.
EXPLAINED: dict[str, tuple[str, str]] = {
    "MENINGGAL": ("MENINGGAL", "vital.event"),
    "LUAR": ("PINDAH_KELUAR", "residence.event"),
    "TANPA_KARTU": ("TANPA_KARTU", "listing.event"),
    "NONAKTIF": ("NONAKTIF", "nik_status.event"),
}

# Texts of the reasons above, for rules that bring none of their own.
TEXTS: dict[str, Text] = {
    DEFAULT_GRANT: Text("Semua syarat terpenuhi dan kuota cukup.", "All conditions are met and the quota suffices."),
    MOVED: Text(
        "Anda pindah ke kabupaten atau kota lain; bantuan tetap berjalan.",
        "You moved to another regency or city; the assistance goes on.",
    ),
    AMOUNT_CHANGED: Text(
        "Jumlah bantuan berubah karena susunan keluarga atau besaran bantuan berubah.",
        "The amount changed because the family or the rate of the assistance changed.",
    ),
    RESUMED: Text(
        "Bantuan yang ditahan dilanjutkan.",
        "The assistance that was held goes on.",
    ),
    "MENINGGAL": Text("Penerima tercatat meninggal.", "The recipient is recorded as deceased."),
    "PINDAH_KELUAR": Text(
        "Penerima tercatat pindah ke luar wilayah dan tidak tercatat datang kembali.",
        "The recipient is recorded as having moved out of the region.",
    ),
    "TANPA_KARTU": Text(
        "Penerima tidak tercatat dalam kartu keluarga mana pun.", "The recipient is on no family card."
    ),
    "NONAKTIF": Text("NIK penerima tidak aktif.", "The recipient's NIK is not active."),
}


@dataclass(frozen=True, slots=True, order=True)
class Sentence:
    """What one reason means for one programme.

    `{batas}`, the limit, is filled in; `{desil}`, `{umur}` and the like are for the values of the line.
    """

    programme: str
    code: str
    article: str
    sentence_id: str
    sentence_en: str


def sentences(changes: pl.DataFrame, rules: Rules) -> list[Sentence]:
    """The meaning of every (programme, reason, article) that `changes` (columns CHANGES) name, sorted.

    Raises ValueError for a reason that has no text.
    """
    named = changes.select("programme", "reason", "article").unique()
    return sorted(_sentence(programme, code, article, rules) for programme, code, article in named.iter_rows())


def _sentence(programme: str, code: str, article: str, rules: Rules) -> Sentence:
    text = rules.reasons.get(code) or TEXTS.get(code)
    if text is None:
        raise ValueError(f"reason {code} of {programme} has no text: add it to streams/rules/data/reasons.yaml")
    condition = _condition(rules.programmes.get(programme), code, article)
    return Sentence(programme, code, article, _filled(text.id, condition), _filled(text.en, condition))


def _condition(programme: Programme | None, code: str, article: str) -> Condition | None:
    conditions = programme.conditions if programme else ()
    fitting = [condition for condition in conditions if condition.reason == code]
    return next((it for it in fitting if it.reference == article), next(iter(fitting), None))


def _filled(text: str, condition: Condition | None) -> str:
    if condition is None:
        return text
    value = f"{{{condition.publish}}}" if condition.publish else "-"
    return text.replace("{batas}", str(condition.value)).replace("{nilai}", value)
