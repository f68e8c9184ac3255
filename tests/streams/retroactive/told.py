"""Facts of small lives for tests of adjustments, and the rules that act back on them."""

import datetime as dt
from dataclasses import replace
from typing import Any

from streams.quarters import Quarter
from streams.rules import Rules
from streams.rules.model import ActingBack, Retroactive
from tests.streams import changing
from tests.streams.strategies import DAY, Fact, nik, residence, work

ANI = nik(1)
OCCUPATIONS = ("ASN", "TNI", "POLRI")
CAUSES = ("MENINGGAL", "NONAKTIF", "PINDAH_KELUAR", "ASN")
AMOUNTS = changing.AMOUNTS


def rules(quarters: int = 8) -> Rules:
    """SEMBAKO is acted upon by all four causes, KLJ by a death and a departure alone."""

    def acting(*causes: str) -> tuple[ActingBack, ...]:
        return tuple(ActingBack(it, f"Pasal {it}", OCCUPATIONS if it == "ASN" else ()) for it in causes)

    back = {
        "KLJ": Retroactive("dinsos-dki", acting("MENINGGAL", "PINDAH_KELUAR")),
        "SEMBAKO": Retroactive("kemensos", acting(*CAUSES)),
    }
    return replace(changing.rules(), retroactive_quarters=quarters, retroactive=back)


def day_of(day: str) -> int:
    """Days after 1 January 2025, as `Fact` counts them."""
    return (dt.date.fromisoformat(day) - DAY).days


def days(*quarters: str) -> dict[str, dt.date]:
    return {it: Quarter.parse(it).last_day for it in quarters}


def death(event: int, died: str, *, hour: int, corrects: int | None = None, who: str = ANI) -> Fact:
    """A death, or a death dated anew where it corrects another."""
    groups = {"vital": {"hidup": False, "tanggal_meninggal": dt.date.fromisoformat(died)}}
    return _fact(event, died, hour, "mati", "vital", groups, corrects, who)


def cancelled(event: int, target: int, group: str, *, hour: int, who: str = ANI) -> Fact:
    """Withdraws a fact; when it became true does not matter."""
    return Fact(who, event, 1, hour, 300, "CANCEL", (1, target), (group,), "mati")


def nik_status(event: int, day: str, *, active: bool, hour: int, who: str = ANI) -> Fact:
    return _fact(event, day, hour, "status_nik", "nik_status", {"nik_status": {"aktif": active}}, None, who)


def lives(
    event: int, day: str, *, hour: int, phase: str = "MENETAP", skpwni: str | None = None, who: str = ANI
) -> Fact:
    groups = {"residence": residence("3171011001", phase, skpwni)}
    return _fact(event, day, hour, "pindah_keluar", "residence", groups, None, who)


def works(event: int, day: str, kategori: str, *, hour: int, who: str = ANI) -> Fact:
    return _fact(event, day, hour, "pekerjaan", "work", {"work": work(kategori)}, None, who)


def _fact(event: int, day: str, hour: int, kind: str, group: str, groups: Any, corrects: int | None, who: str) -> Fact:
    return Fact(
        who,
        event,
        1,
        hour,
        day_of(day),
        "CORRECT" if corrects else "STATE",
        (1, corrects) if corrects else None,
        (group,) if corrects else (),
        kind,
        groups=groups,
    )
