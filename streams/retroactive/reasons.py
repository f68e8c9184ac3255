"""The sentences of adjustments, by what they do and why."""

import polars as pl

from streams.changes.reasons import Sentence
from streams.rules.model import Rules, Text

TAKEN_BACK = "SURUT_"  # berlaku surut: acting back
GIVEN_BACK = "PULIH_"  # dipulihkan: restored

TEXTS: dict[str, Text] = {
    "SURUT_MENINGGAL": Text(
        "Penerima meninggal sebelum triwulan itu berakhir; uang triwulan itu tidak jadi haknya.",
        "The recipient died before that quarter ended; its money was not due.",
    ),
    "SURUT_NONAKTIF": Text(
        "NIK penerima tidak aktif pada akhir triwulan itu; uang triwulan itu tidak jadi haknya.",
        "The recipient's NIK was not active at the end of that quarter; its money was not due.",
    ),
    "SURUT_PINDAH_KELUAR": Text(
        "Penerima sudah pindah ke luar wilayah pada akhir triwulan itu; uang triwulan itu tidak jadi haknya.",
        "The recipient had moved out of the region by the end of that quarter; its money was not due.",
    ),
    "SURUT_ASN": Text(
        "Penerima bekerja sebagai ASN, TNI, atau Polri pada akhir triwulan itu; uang triwulan itu tidak jadi haknya.",
        "The recipient worked for the state, the army or the police at the end of that quarter; its money was not due.",
    ),
    "PULIH_MENINGGAL": Text(
        "Catatan kematian untuk triwulan itu dicabut atau diubah; uang triwulan itu tetap hak penerima.",
        "The death on record for that quarter was withdrawn or dated anew; its money is due after all.",
    ),
    "PULIH_NONAKTIF": Text(
        "Catatan NIK tidak aktif untuk triwulan itu dicabut atau diubah; uang triwulan itu tetap hak penerima.",
        "The record of an inactive NIK for that quarter was withdrawn or changed; its money is due after all.",
    ),
    "PULIH_PINDAH_KELUAR": Text(
        "Catatan pindah untuk triwulan itu dicabut atau diubah; uang triwulan itu tetap hak penerima.",
        "The departure on record for that quarter was withdrawn or changed; its money is due after all.",
    ),
    "PULIH_ASN": Text(
        "Catatan pekerjaan untuk triwulan itu dicabut atau diubah; uang triwulan itu tetap hak penerima.",
        "The work on record for that quarter was withdrawn or changed; its money is due after all.",
    ),
}


def adjustment_sentences(adjustments: pl.DataFrame, rules: Rules) -> list[Sentence]:
    """The meaning of every (programme, reason, article) that `adjustments` (columns ADJUSTMENTS) name, sorted."""
    named = adjustments.select("programme", "reason", "article").unique()
    found = []
    for programme, code, article in named.iter_rows():
        text = rules.reasons.get(code) or TEXTS[code]
        found.append(Sentence(programme, code, article, text.id, text.en))
    return sorted(found)
