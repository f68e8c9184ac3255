"""What of a home's data puts its family above a limit of desil, and the fewest of them that would bring it down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from streams.rules.model import ScoreModel, Text

# Variables of a groundcheck as people call them.
HOME: dict[str, Text] = {
    "status_bangunan": Text("kepemilikan rumah", "ownership of the house"),
    "bukti_lahan": Text("bukti kepemilikan tanah", "papers of the land"),
    "lantai": Text("bahan lantai", "material of the floor"),
    "dinding": Text("bahan dinding", "material of the walls"),
    "atap": Text("bahan atap", "material of the roof"),
    "air_minum": Text("sumber air minum", "drinking water"),
    "jarak_tinja": Text("jarak sumber air ke pembuangan", "distance from the well to the cesspit"),
    "penerangan": Text("sumber penerangan", "lighting"),
    "daya": Text("daya listrik", "electric power"),
    "bahan_bakar": Text("bahan bakar memasak", "cooking fuel"),
    "fasilitas_bab": Text("kamar kecil", "toilet"),
    "kloset": Text("jenis kloset", "kind of toilet"),
    "pembuangan_tinja": Text("pembuangan tinja", "sewage"),
    "tabung_gas": Text("tabung gas besar", "large gas cylinder"),
    "lemari_es": Text("lemari es", "refrigerator"),
    "ac": Text("AC", "air conditioner"),
    "pemanas_air": Text("pemanas air", "water heater"),
    "telepon_rumah": Text("telepon rumah", "telephone line"),
    "televisi": Text("televisi", "television"),
    "emas": Text("perhiasan emas", "gold jewellery"),
    "komputer": Text("komputer", "computer"),
    "sepeda_motor": Text("sepeda motor", "motorcycle"),
    "sepeda": Text("sepeda", "bicycle"),
    "mobil": Text("mobil", "car"),
    "perahu": Text("perahu", "boat"),
    "kapal_motor": Text("kapal motor", "motor boat"),
    "smartphone": Text("telepon pintar", "smartphone"),
    "lahan": Text("tanah lain", "other land"),
    "rumah_lain": Text("rumah lain", "another house"),
    "sapi": Text("sapi", "cattle"),
    "kerbau": Text("kerbau", "buffaloes"),
    "kuda": Text("kuda", "horses"),
    "babi": Text("babi", "pigs"),
    "kambing": Text("kambing", "goats"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One recorded thing that raises a score: were it `otherwise`, the score would be `rupiah` lower."""

    column: str  # of the members' frame: household.X or assets.X
    label: Text
    otherwise: int | bool
    rupiah: int


def items(observed: Mapping[str, Any], model: ScoreModel) -> list[Item]:
    """Everything in one family's observation that raises its score, the greatest part first.

    `observed`: household.<Perumahan> and assets.<Aset> of the observation that speaks for the family. A thing that
    the family has might not be there; a code might be the one with the fewest points.
    """
    found = []
    for name, points in model.housing.items():
        code = observed.get(f"household.{name}")
        poorest = min(points, key=lambda it: (points[it], it))
        if code is not None and (rupiah := points.get(code, 0) - points[poorest]) > 0:
            found.append(Item(f"household.{name}", _label(name), poorest, rupiah))
    for name, rupiah in model.assets.items():
        if observed.get(f"assets.{name}") and rupiah > 0:
            found.append(Item(f"assets.{name}", _label(name), otherwise=False, rupiah=rupiah))
    for name, each in model.livestock.items():
        animals = min(observed.get(f"assets.{name}") or 0, model.livestock_limit)
        if animals > 0 and each > 0:
            found.append(Item(f"assets.{name}", _label(name), 0, animals * each))
    return sorted(found, key=lambda it: (-it.rupiah, it.column))


def fewest(found: Sequence[Item], rupiah: int) -> tuple[Item, ...]:
    """The fewest items that together take `rupiah` off a score, of these the ones that take off the least.

    Empty when all together do not suffice, or when there is nothing to take off. `found`: the greatest first.
    """
    taken: list[Item] = []
    missing = rupiah
    for item in found:
        if missing <= 0:
            break
        taken.append(item)
        missing -= item.rupiah
    if missing > 0 or not taken:
        return ()
    rest = missing + taken[-1].rupiah  # what the last of them had to take off
    last = min(
        (it for it in found if it not in taken[:-1] and it.rupiah >= rest), key=lambda it: (it.rupiah, it.column)
    )
    return (*taken[:-1], last)


def _label(name: str) -> Text:
    return HOME.get(name, Text(name.replace("_", " "), name.replace("_", " ")))
