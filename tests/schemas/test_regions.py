"""Aims at: the region codes are whole and hang together."""

from collections import Counter

from schemas import regions


def test_jakarta_is_whole() -> None:
    by_kota = Counter(it.kab_kota_code for it in regions.kelurahan().values())
    assert by_kota == {"3101": 6, "3171": 44, "3172": 31, "3173": 56, "3174": 65, "3175": 65}
    assert len(regions.kelurahan()) == 267
    assert len(regions.kecamatan()) == 44
    assert set(regions.kab_kota()) == set(by_kota)


def test_codes_contain_the_codes_of_what_they_lie_in() -> None:
    for code, it in regions.kelurahan().items():
        assert code == it.code
        assert len(code) == 10
        assert code.isdigit()
        assert code.startswith(it.kecamatan_code)
        assert it.kecamatan_code.startswith(it.kab_kota_code)
        assert it.kab_kota_code[:2] == "31"
        assert code[6] == "1", "a kelurahan's last four digits begin with 1 (2 is a desa)"
        assert it.name == it.name.strip()
        assert it.name


def test_some_kelurahan_by_name() -> None:
    tebet = regions.kelurahan()["3174011001"]
    assert (tebet.name, tebet.kecamatan, tebet.kab_kota) == ("Tebet Timur", "Tebet", "Jakarta Selatan")
    assert regions.kelurahan()["3175101008"].name == "Ceger"


def test_there_are_38_provinces() -> None:
    assert len(regions.provinces()) == 38
    assert regions.provinces()["31"] == "DKI Jakarta"
    assert regions.provinces()["96"] == "Papua Barat Daya"


def test_synthetic_nik_use_no_kecamatan_that_exists() -> None:
    assert not {code for code in regions.kecamatan() if code.startswith("3171") and code[4:] >= "90"}
