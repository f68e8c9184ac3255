"""What each field must be, by its name: one vocabulary for all events, so that a new event type is checked by it.

What a field must be in one event type only stands in its schema (`schemas.limits`).

Each entry makes, for a column (its name in the frame, and its dotted path), the reasons to refuse in the
order in which they are preferred.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import polars as pl

from schemas import codes, regions
from schemas.limits import Limit
from streams.door import masking
from streams.door.checks import Check, verdict_of
from streams.door.codes import Code
from streams.door.numbers import KABUPATEN_LAST, Verdict

Reasons = Callable[[str, str, str], list[Check]]  # column, field, scope -> checks

FLOOR_AREA_LAST_M2 = 2000
LIVESTOCK_LAST = 10_000
SKPWNI_LAST_CHARACTERS = 40
# 1900-01-01 and 2199-12-31 as days from 1970: nobody in the register was born before, nothing is promised after.
FIRST_DAY, LAST_DAY = -25567, 84005
# What goes into facts is bounded, so that no record of ours outgrows a Kafka message. (least, most) characters.
TEXT_LIMITS = {"nama": (1, 200), "alamat": (0, 500), "program": (1, 60), "nama_panti": (1, 200)}

NIK_FIELDS = frozenset({"nik", "nik_ibu"})
CARD_FIELDS = frozenset({"no_kk", "no_kk_lama"})

_NIK = (
    (Verdict.DIGITS, Code.NIK_DIGITS),
    (Verdict.REGION, Code.NIK_REGION),
    (Verdict.SYNTHETIC, Code.SYNTHETIC_NUMBER),
    (Verdict.DATE, Code.NIK_DATE),
    (Verdict.SERIAL, Code.NIK_SERIAL),
)
_CARD = (
    (Verdict.DIGITS, Code.NO_KK),
    (Verdict.REGION, Code.NO_KK_REGION),
    (Verdict.SYNTHETIC, Code.SYNTHETIC_NUMBER),
    (Verdict.DATE, Code.NO_KK_DATE),
)


def field_checks(column: str, field: str, scope: str) -> list[Check]:
    """The checks of one column by the last part of its name; none for names without a meaning of their own."""
    reasons = FIELDS.get(column.rpartition(".")[2])
    return reasons(column, field, scope) if reasons else []


def limit_check(limit: Limit) -> Check:
    """The check that a field's own schema asks for."""
    value = pl.col(limit.column)
    match limit.kind:
        case "values":
            bad, shown = ~value.is_between(*limit.wanted), masking.number(value)
        case "characters":
            bad, shown = ~value.str.len_chars().is_between(*limit.wanted), masking.length(value)
        case "pattern":
            bad, shown = ~value.str.contains(f"^(?:{limit.wanted})$"), masking.public(value)
        case "equals":
            bad, shown = value != pl.col(limit.wanted), masking.date(value)
        case other:
            raise AssertionError(f"schemas/limits.py knows {other}, this place does not")
    field = f"{limit.table}.{limit.column}" if limit.table else limit.column
    return Check(limit.refusal, field, bad, shown, limit.table)


def _number(reasons: tuple[tuple[Verdict, Code], ...]) -> Reasons:
    def checks(column: str, field: str, scope: str) -> list[Check]:
        verdict, shown = pl.col(verdict_of(column)), masking.number_of_somebody(pl.col(column))
        return [Check(code, field, verdict == int(which), shown, scope) for which, code in reasons]

    return checks


def _scheme(column: str, field: str, scope: str) -> list[Check]:
    wrong = pl.col(column).cast(pl.String) != "KEMENDAGRI"
    return [Check(Code.REGION_SCHEME, field, wrong, pl.col(column).cast(pl.String), scope)]


def _kelurahan(column: str, field: str, scope: str) -> list[Check]:
    kecamatan = "(?:0[1-9]|[1-9][0-9])"
    # The last four digits begin with 1 for a kelurahan, 2 for a desa, 3 for a desa adat (domain-facts 3.3).
    elsewhere = f"^{_kabupaten_elsewhere()}{kecamatan}[123][0-9]{{3}}$"
    return _region(column, field, scope, list(regions.kelurahan()), elsewhere)


def _kabupaten(column: str, field: str, scope: str) -> list[Check]:
    return _region(column, field, scope, list(regions.kab_kota()), f"^{_kabupaten_elsewhere()}$")


def _region(column: str, field: str, scope: str, jakarta: list[str], elsewhere: str) -> list[Check]:
    known = pl.col(column).is_in(jakarta) | pl.col(column).str.contains(elsewhere)
    return [Check(Code.REGION, field, ~known, masking.public(pl.col(column)), scope)]


def _kabupaten_elsewhere() -> str:
    """A pattern of kabupaten and kota outside Jakarta, whose own codes are known one by one."""
    outside = "|".join(sorted(set(regions.provinces()) - {"31"}))
    return f"(?:{outside})(?:0[1-9]|[1-{KABUPATEN_LAST // 10}][0-9])"


def _code_list(meanings: Mapping[int, str]) -> Reasons:
    known = list(meanings)

    def checks(column: str, field: str, scope: str) -> list[Check]:
        return [Check(Code.CODE, field, ~pl.col(column).is_in(known), masking.number(pl.col(column)), scope)]

    return checks


def _within(code: Code, least: int, most: int) -> Reasons:
    def checks(column: str, field: str, scope: str) -> list[Check]:
        outside = ~pl.col(column).is_between(least, most)
        return [Check(code, field, outside, masking.number(pl.col(column)), scope)]

    return checks


def _skpwni(column: str, field: str, scope: str) -> list[Check]:
    pattern = rf"^\S{{1,{SKPWNI_LAST_CHARACTERS}}}$"
    wrong = ~pl.col(column).str.contains(pattern)
    return [Check(Code.SKPWNI, field, wrong, masking.personal(pl.col(column)), scope)]


def _province_or_none(column: str, field: str, scope: str) -> list[Check]:
    known = pl.col(column).is_in(["", *regions.provinces()])
    return [Check(Code.SCHOOL_PROVINCE, field, ~known, masking.public(pl.col(column)), scope)]


def _text(least: int, most: int) -> Reasons:
    def checks(column: str, field: str, scope: str) -> list[Check]:
        text = pl.col(column)
        wrong = (text.str.len_chars() > most) | (text.str.strip_chars().str.len_chars() < least)
        return [Check(Code.TEXT_LENGTH, field, wrong, masking.length(text), scope)]

    return checks


def _date(column: str, field: str, scope: str) -> list[Check]:
    outside = ~pl.col(column).to_physical().is_between(FIRST_DAY, LAST_DAY)
    return [Check(Code.DATE_RANGE, field, outside, masking.date(pl.col(column)), scope)]


FIELDS: Mapping[str, Reasons] = MappingProxyType(
    {
        **dict.fromkeys(NIK_FIELDS, _number(_NIK)),
        **dict.fromkeys(CARD_FIELDS, _number(_CARD)),
        "skema_wilayah": _scheme,
        "kelurahan": _kelurahan,
        "kelurahan_asal": _kelurahan,
        "kabupaten_tujuan": _kabupaten,
        "hubungan": _code_list(codes.SHDK),
        "status_kawin": _code_list(codes.STATUS_KAWIN),
        **{name: _code_list(meanings) for name, meanings in codes.PERUMAHAN.items()},
        "luas_lantai": _within(Code.FLOOR_AREA, 1, FLOOR_AREA_LAST_M2),
        **dict.fromkeys(codes.TERNAK, _within(Code.LIVESTOCK, 0, LIVESTOCK_LAST)),
        "nomor_skpwni": _skpwni,
        "provinsi_sekolah": _province_or_none,
        "sampai": _date,
        **{name: _text(*limits) for name, limits in TEXT_LIMITS.items()},
    }
)
