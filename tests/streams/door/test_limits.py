"""Aims at the limits: the last value that passes and the first that does not, for clocks, dates, numbers, regions."""

import datetime as dt
from typing import Any

import numpy as np
import polars as pl
import pytest

from streams.door import Profile
from streams.door.numbers import Verdict, verdicts
from tests.streams.door.made import CONTENTS, HEAD, Sent, changed, days, encoded, good, opened

HOUR_MS = 3_600_000


def code_of(event_type: str, record: dict[str, Any], received_ms: int | None = None) -> str | None:
    value = encoded(event_type, record)
    sent = Sent(value) if received_ms is None else Sent(value, received_ms=received_ms)
    rejected = opened(event_type, [sent]).rejected
    return str(rejected["code"][0]) if rejected.height else None


@pytest.mark.parametrize("event_type", CONTENTS)
@pytest.mark.parametrize("kind", ["STATE", "CORRECT", "CANCEL"])
def test_a_good_event_of_each_type_and_kind_passes(event_type: str, kind: str) -> None:
    result = opened(event_type, [encoded(event_type, good(event_type, kind=kind))])
    assert result.rejected.to_dicts() == []
    assert result.accepted == {event_type: 1}


@pytest.mark.parametrize(("ahead_ms", "code"), [(0, None), (600_000, None), (600_001, "RECORDED_IN_FUTURE")])
def test_ten_minutes_ahead_of_the_append_time(ahead_ms: int, code: str | None) -> None:
    record = good("pekerjaan")
    assert code_of("pekerjaan", record, record["recorded_at"] - ahead_ms) == code


@pytest.mark.parametrize(
    ("recorded", "code"),
    [
        # midnight in Jakarta is 17:00 UTC of the day before
        (dt.datetime(2025, 3, 9, 16, 59, 59, 999_000, tzinfo=dt.UTC), "EFFECTIVE_AFTER_RECORDED"),
        (dt.datetime(2025, 3, 9, 17, 0, tzinfo=dt.UTC), None),
    ],
)
def test_the_day_of_recording_is_that_of_jakarta(recorded: dt.datetime, code: str | None) -> None:
    record = changed(good("pekerjaan"), recorded_at=round(recorded.timestamp() * 1000))
    assert record["effective_on"] == days(dt.date(2025, 3, 10))
    assert code_of("pekerjaan", record) == code


@pytest.mark.parametrize(("effective", "code"), [("1900-01-01", None), ("1899-12-31", "EFFECTIVE_TOO_EARLY")])
def test_nothing_before_1900(effective: str, code: str | None) -> None:
    record = changed(good("pekerjaan"), effective_on=days(dt.date.fromisoformat(effective)))
    assert code_of("pekerjaan", record) == code


@pytest.mark.parametrize("effective", [-(2**31), 2**31 - 1])
@pytest.mark.parametrize("recorded", [-(2**63), -(2**63) + 1, 2**63 - 1, 2**63 - 7 * HOUR_MS])
def test_impossible_clocks_are_refused_and_shown(effective: int, recorded: int) -> None:
    record = changed(good("pekerjaan"), effective_on=effective, recorded_at=recorded)
    assert code_of("pekerjaan", record) in {"RECORDED_IN_FUTURE", "EFFECTIVE_AFTER_RECORDED", "EFFECTIVE_TOO_EARLY"}


@pytest.mark.parametrize(
    ("event_type", "path", "passing", "refused"),
    [
        ("lahir", "content__hubungan", [1, 11], [0, 12, -1]),
        ("kartu_keluarga", "content__anggota__0__status_kawin", [1, 4], [0, 5]),
        ("groundcheck", "content__perumahan__luas_lantai", [1, 2000], [0, 2001]),
        ("groundcheck", "content__perumahan__bahan_bakar", [None, 1, 12], [0, 13]),
        ("groundcheck", "content__perumahan__penerangan", [None, 1, 4], [0, 5]),
        ("groundcheck", "content__aset__babi", [0, 10_000], [-1, 10_001]),
        ("pindah_keluar", "content__nomor_skpwni", ["1", "S" * 40], ["", "S" * 41, "S\n", "a b"]),
        ("pindah_keluar", "content__kabupaten_tujuan", ["3175", "3201", "1179"], ["3170", "3280", "9901", "320"]),
        ("lahir", "content__kelurahan", ["3101021001", "3201012001", "9471013001"], ["3201002001", "3174059999"]),
        ("lahir", "content__nama", ["A", "N" * 200], ["", "\t", "N" * 201]),
        ("lahir", "content__alamat", ["", "J" * 500], ["J" * 501]),
        ("daftar_lama", "content__penerimaan__0__sampai", [None, -25567, 84005], [-25568, 84006]),
        ("lahir", "content__nik_ibu", [None, HEAD], ["0"]),
        ("groundcheck", "content__no_kk", [None], ["", "0" * 16]),
    ],
)
def test_values_at_their_limits(event_type: str, path: str, passing: list[Any], refused: list[Any]) -> None:
    values = [encoded(event_type, changed(good(event_type), **{path: value})) for value in (*passing, *refused)]
    rejected = opened(event_type, values).rejected["row"].to_list()
    assert rejected == list(range(len(passing), len(values)))


@pytest.mark.parametrize(("members", "code"), [(200, None), (201, "TOO_MANY_MEMBERS")])
def test_how_many_members(members: int, code: str | None) -> None:
    people = [{"nik": f"317190010280{number:04d}"} for number in range(1, members + 1)]
    assert code_of("pindah_keluar", changed(good("pindah_keluar"), content__pindah=people)) == code


def test_the_same_person_twice_in_two_events_is_nothing() -> None:
    values = [encoded("pindah_keluar", good("pindah_keluar", number)) for number in (1, 2)]
    assert opened("pindah_keluar", values).accepted == {"pindah_keluar": 2}


# put together, so that no number that could be a person's stands in this file
TAIL = "0102800001"
NUMBERS: list[tuple[str, Verdict]] = [
    ("3171900102800012", Verdict.GOOD),
    ("3171904102800001", Verdict.GOOD),  # a woman's day
    ("3171907112800001", Verdict.GOOD),
    ("3171903112809999", Verdict.GOOD),
    ("3171907212800001", Verdict.DATE),
    ("3171900002800001", Verdict.DATE),
    ("3171904002800001", Verdict.DATE),  # 40: neither day 40 nor a woman's day 0
    ("3171903104800001", Verdict.DATE),
    ("3171900100800001", Verdict.DATE),
    ("3171900113800001", Verdict.DATE),
    ("3171902902000001", Verdict.GOOD),  # 29 February 2000
    ("3171902902960001", Verdict.GOOD),
    ("3171902902970001", Verdict.DATE),
    ("3171906902970001", Verdict.DATE),
    ("3171900102800000", Verdict.SERIAL),
    ("317100" + TAIL, Verdict.REGION),
    ("310090" + TAIL, Verdict.REGION),
    ("318090" + TAIL, Verdict.REGION),
    ("397190" + TAIL, Verdict.REGION),
    ("317190010280001", Verdict.DIGITS),
    ("31719001028000012", Verdict.DIGITS),
    ("3171 90102800001", Verdict.DIGITS),
    ("３171900102800", Verdict.DIGITS),  # noqa: RUF001 - 16 bytes, but a digit of full width
    ("", Verdict.DIGITS),
]


def test_numbers_one_by_one_and_together() -> None:
    series = pl.Series([number for number, _ in NUMBERS])
    together = verdicts(series, is_nik=True, synthetic_allowed=True)
    assert together.tolist() == [int(verdict) for _, verdict in NUMBERS]
    alone = [verdicts(series[place : place + 1], is_nik=True, synthetic_allowed=True) for place in range(len(series))]
    assert np.concatenate(alone).tolist() == together.tolist()


def test_numbers_of_cards_have_no_womans_day_and_may_end_in_zeros() -> None:
    cards = pl.Series(["3171950102800000", "3171954102800001", None])
    assert verdicts(cards, is_nik=False, synthetic_allowed=True).tolist() == [0, int(Verdict.DATE), 0]


@pytest.mark.parametrize(("profile", "code"), [("simulation", None), ("production", "SYNTHETIC_NUMBER")])
def test_synthetic_numbers_by_profile(profile: Profile, code: str | None) -> None:
    rejected = opened("mati", [encoded("mati", good("mati"))], profile=profile).rejected
    assert rejected["code"].to_list() == ([] if code is None else [code])


def test_the_only_synthetic_numbers_are_those_of_3171_from_kecamatan_90() -> None:
    numbers = pl.Series([region + TAIL for region in ("317189", "317289", "317290", "317190", "317199")])
    found = verdicts(numbers, is_nik=True, synthetic_allowed=False).tolist()
    assert found == [0, 0, 0, int(Verdict.SYNTHETIC), int(Verdict.SYNTHETIC)]
