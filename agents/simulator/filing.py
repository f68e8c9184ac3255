"""How the offices write what happened: one function per event, from rows of the world.

Each returns the ids of its events (uint8[n, 16]) in the order of the rows given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from agents.simulator import jobs
from agents.simulator.log import Envelope, Target, Turn
from agents.simulator.quarters import office_instants
from agents.simulator.randomness import Days, Ints, Random, Texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

CIVIL_REGISTRY = "dukcapil-dki"
SCHEME = "KEMENDAGRI"


def civil_office(kelurahan: Texts) -> Texts:
    """The office of the civil registry of the city of a kelurahan, such as `sudin-dukcapil-3174`."""
    cities: Texts = np.strings.add("sudin-dukcapil-", np.strings.slice(kelurahan, 0, 4))
    return cities


def civil_envelope(kelurahan: Texts, effective: Days, recorded: Days, random: Random) -> Envelope:
    """An envelope of the civil registry; what is written is never later than the day of writing."""
    recorded_ms = office_instants(recorded, random)
    return Envelope(CIVIL_REGISTRY, civil_office(kelurahan), np.minimum(effective, recorded), recorded_ms)


def lahir(turn: Turn, random: Random, rows: Ints, recorded: Days, target: Target | None = None) -> None:
    """Register births (or biodata of people from elsewhere) on their present card and address."""
    people, families = turn.world.people, turn.world.families
    family = people.family[rows]
    kelurahan = families.kelurahan[family]
    content = pl.DataFrame(
        {
            "nik": people.nik[rows],
            "nama": people.name[rows],
            "tanggal_lahir": people.born[rows],
            "jenis_kelamin": np.where(people.woman[rows], "PEREMPUAN", "LAKI_LAKI"),
            "no_kk": families.number[family],
            "hubungan": people.relation[rows].astype(np.int32),
            "kelurahan": kelurahan,
            "skema_wilayah": np.full(len(rows), SCHEME),
            "alamat": families.address[family],
            "nik_ibu": pl.repeat(None, len(rows), dtype=pl.String, eager=True),
            "nomor_akta": pl.repeat(None, len(rows), dtype=pl.String, eager=True),
        }
    )
    envelope = civil_envelope(kelurahan, people.born[rows], recorded, random)
    keys = (people.nik[rows], families.number[family])
    people.birth_event[rows] = turn.write("lahir", envelope, content, children={}, keys=keys, target=target)


def mati(
    turn: Turn, random: Random, rows: Ints, *, died: Days, recorded: Days, target: Target | None = None
) -> NDArray[np.uint8]:
    """Report deaths on given days, whether they happened or not."""
    people, families = turn.world.people, turn.world.families
    family = people.family[rows]
    content = pl.DataFrame(
        {
            "nik": people.nik[rows],
            "tanggal_meninggal": died.astype("datetime64[D]"),
            "nomor_akta": pl.repeat(None, len(rows), dtype=pl.String, eager=True),
        }
    )
    envelope = civil_envelope(families.kelurahan[family], died, recorded, random)
    return turn.write(
        "mati", envelope, content, children={}, keys=(people.nik[rows], families.number[family]), target=target
    )


def cancel_mati(turn: Turn, random: Random, rows: Ints, recorded: Days, target: Target) -> None:
    """Take back deaths that did not happen."""
    people, families = turn.world.people, turn.world.families
    family = people.family[rows]
    envelope = civil_envelope(families.kelurahan[family], recorded, recorded, random)
    turn.write("mati", envelope, None, children={}, keys=(people.nik[rows], families.number[family]), target=target)


def kartu_keluarga(
    turn: Turn,
    random: Random,
    families: Ints,
    *,
    issued: Days,
    recorded: Days,
    reason: str,
    replaced: Texts | None = None,
) -> None:
    """Issue or change cards of families with all their listed members; `replaced` are old numbers."""
    world = turn.world
    number, kelurahan = world.families.number[families], world.families.kelurahan[families]
    content = pl.DataFrame(
        {
            "no_kk": number,
            "no_kk_lama": pl.repeat(None, len(families), dtype=pl.String, eager=True) if replaced is None else replaced,
            "alasan": np.full(len(families), reason),
            "kelurahan": kelurahan,
            "skema_wilayah": np.full(len(families), SCHEME),
            "alamat": world.families.address[families],
        }
    )
    place, rows = members_by_place(turn, families)
    members = pl.DataFrame(
        {
            "row": place,
            "nik": world.people.nik[rows],
            "hubungan": world.people.relation[rows].astype(np.int32),
            "status_kawin": world.people.marital[rows].astype(np.int32),
        }
    )
    envelope = civil_envelope(kelurahan, issued, recorded, random)
    first = world.people.nik[rows[np.searchsorted(place, np.arange(len(families)))]]
    turn.write("kartu_keluarga", envelope, content, children={"anggota": members}, keys=(number, first))


def members_by_place(turn: Turn, families: Ints) -> tuple[Ints, Ints]:
    """(place in `families`, row of a person) of all listed members, in the order of the families."""
    world = turn.world
    places = np.zeros(len(world.families), np.int64)
    places[families] = np.arange(len(families))
    rows = world.in_families(families)
    place = places[world.people.family[rows]]
    order = np.argsort(place, kind="stable")
    return place[order], rows[order]


def pindah_keluar(
    turn: Turn,
    random: Random,
    letters: Texts,
    movers: tuple[Ints, Ints],
    *,
    kelurahan: Texts,
    destination: Texts,
    recorded: Days,
) -> None:
    """Departures; `movers` are (place of the letter, row of a person), `destination` kabupaten codes."""
    content = pl.DataFrame(
        {
            "nomor_skpwni": letters,
            "kelurahan_asal": kelurahan,
            "skema_wilayah": np.full(len(letters), SCHEME),
            "kabupaten_tujuan": destination,
        }
    )
    place, rows = movers
    people = pl.DataFrame({"row": place, "nik": turn.world.people.nik[rows]})
    envelope = civil_envelope(kelurahan, recorded, recorded, random)
    first = turn.world.people.nik[rows[np.searchsorted(place, np.arange(len(letters)))]]
    turn.write("pindah_keluar", envelope, content, children={"pindah": people}, keys=(letters, first))


def pindah_datang(
    turn: Turn, random: Random, letters: Texts, movers: tuple[Ints, Ints], *, families: Ints, recorded: Days
) -> None:
    """Arrivals on the cards and at the addresses that the families have now."""
    world = turn.world
    kelurahan, number = world.families.kelurahan[families], world.families.number[families]
    content = pl.DataFrame(
        {
            "nomor_skpwni": letters,
            "no_kk": number,
            "kelurahan": kelurahan,
            "skema_wilayah": np.full(len(letters), SCHEME),
            "alamat": world.families.address[families],
        }
    )
    place, rows = movers
    arrivals = pl.DataFrame(
        {
            "row": place,
            "nik": world.people.nik[rows],
            "hubungan": world.people.relation[rows].astype(np.int32),
        }
    )
    envelope = civil_envelope(kelurahan, recorded, recorded, random)
    turn.write("pindah_datang", envelope, content, children={"pendatang": arrivals}, keys=(letters, number))


def pekerjaan(turn: Turn, random: Random, rows: Ints, since: Days, recorded: Days) -> None:
    """Occupations as the state's personnel offices report them."""
    people, families = turn.world.people, turn.world.families
    content = pl.DataFrame(
        {
            "nik": people.nik[rows],
            "kategori": np.array(jobs.JOBS)[people.job[rows]],
            "instansi": jobs.OFFICES[people.job[rows]],
        }
    ).with_columns(instansi=pl.when(pl.col("instansi") != "-").then("instansi"))
    recorded_ms = office_instants(recorded, random)
    office = np.full(len(rows), "kantor-regional-5-jakarta")
    envelope = Envelope(jobs.PRODUCER, office, np.minimum(since, recorded), recorded_ms)
    turn.write(
        "pekerjaan", envelope, content, children={}, keys=(people.nik[rows], families.number[people.family[rows]])
    )
