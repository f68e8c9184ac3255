"""Aims at: the fewest data of a home that bring a score down by so much, and no more than these."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.kenapa.home import Item, fewest, items
from streams.rules import Text
from tests.streams.villages import RICH, rules

ITEMS = st.lists(st.integers(1, 60), max_size=6).map(
    lambda parts: [
        Item(f"assets.{place}", Text("", ""), otherwise=False, rupiah=it)
        for place, it in enumerate(sorted(parts, reverse=True))
    ]
)


@settings(deadline=None)
@given(ITEMS, st.integers(-5, 200))
def test_fewest_suffices_and_nothing_smaller_does(found: list[Item], rupiah: int) -> None:
    taken = fewest(found, rupiah)
    enough = [
        part
        for size in range(1, len(found) + 1)
        for part in combinations(found, size)
        if sum(it.rupiah for it in part) >= rupiah
    ]
    if rupiah <= 0 or not enough:
        assert taken == ()
        return
    assert sum(it.rupiah for it in taken) >= rupiah
    assert len(taken) == len(enough[0])
    if len(taken) == 1:
        assert taken[0].rupiah == min(part[0].rupiah for part in enough if len(part) == 1)


def test_what_a_home_has_is_named_with_its_weight() -> None:
    model = rules().score
    observed = {f"household.{name}": code for name, code in RICH.items()} | {"assets.ac": True, "assets.sapi": 2}
    found = {it.column: it for it in items(observed, model)}
    assert found["assets.ac"].rupiah == model.assets["ac"]
    assert found["assets.ac"].otherwise is False
    assert found["assets.sapi"].rupiah == 2 * model.livestock["sapi"]
    poorest = min(model.housing["daya"].values())
    assert found["household.daya"].rupiah == model.housing["daya"][RICH["daya"]] - poorest
    assert "assets.mobil" not in found
