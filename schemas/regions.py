"""Region codes: the 38 provinces, and Jakarta down to its 267 kelurahan (Kemendagri scheme, without dots)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from schemas.yaml_text import read_yaml

KABUPATEN = range(1, 80)  # 01-69 kabupaten, 71-79 kota: what decisions.md accepts in a NIK
KECAMATAN = range(1, 100)


@dataclass(frozen=True)
class Kelurahan:
    """One kelurahan of Jakarta, with the names of what it lies in."""

    code: str  # 10 digits
    name: str
    kecamatan_code: str  # 6 digits
    kecamatan: str
    kab_kota_code: str  # 4 digits
    kab_kota: str


@cache
def provinces() -> Mapping[str, str]:
    """Name of each province by its code of 2 digits."""
    return MappingProxyType(dict(_document()["provinces"]))


@cache
def kelurahan() -> Mapping[str, Kelurahan]:
    """Every kelurahan of Jakarta by its code of 10 digits, in the order of the codes."""
    found = [
        Kelurahan(code, name, kecamatan_code, kecamatan["name"], kab_kota_code, kab_kota["name"])
        for kab_kota_code, kab_kota in _document()["jakarta"].items()
        for kecamatan_code, kecamatan in kab_kota["kecamatan"].items()
        for code, name in kecamatan["kelurahan"].items()
    ]
    return MappingProxyType({it.code: it for it in sorted(found, key=lambda it: it.code)})


@cache
def kab_kota() -> Mapping[str, str]:
    """Name of each kabupaten or kota of Jakarta by its code of 4 digits."""
    return MappingProxyType({code: entry["name"] for code, entry in _document()["jakarta"].items()})


@cache
def kecamatan() -> Mapping[str, str]:
    """Name of each kecamatan of Jakarta by its code of 6 digits."""
    return MappingProxyType({it.kecamatan_code: it.kecamatan for it in kelurahan().values()})


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = read_yaml((Path(__file__).parent / "regions.yaml").read_text(encoding="utf-8"))
    return document
