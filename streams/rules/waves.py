"""Levels of programmes: one that excludes those served by another is decided after it."""

from collections.abc import Mapping

from streams.rules.documents import RulesError


def waves(needs: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Programmes by level: wave 1 needs nobody, wave w needs only earlier waves. Names are sorted.

    Raises RulesError for a cycle, or for a need that is no programme of the day.
    """
    for name, others in sorted(needs.items()):
        for other in others:
            if other not in needs:
                raise RulesError(f"{name} asks who is served by {other}, which is not in force on this day")
    levels: list[tuple[str, ...]] = []
    placed: set[str] = set()
    while len(placed) < len(needs):
        level = tuple(sorted(n for n, others in needs.items() if n not in placed and placed.issuperset(others)))
        if not level:
            circle = " -> ".join(_circle(needs, placed))
            raise RulesError(
                f"these programmes wait for each other: {circle}. Remove one `served.` condition from the circle."
            )
        levels.append(level)
        placed.update(level)
    return tuple(levels)


def _circle(needs: Mapping[str, tuple[str, ...]], placed: set[str]) -> list[str]:
    """One circle among the programmes that have no level: each needs the next, the last is the first."""
    way = [min(set(needs) - placed)]
    while True:
        after = min(other for other in needs[way[-1]] if other not in placed)
        if after in way:
            return [*way[way.index(after) :], after]
        way.append(after)
