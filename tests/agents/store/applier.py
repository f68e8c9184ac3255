"""Applies a made log of facts to a store, batch by batch, from its position on; run as a process to be killed.

Arguments: the store's folder, the number of facts, the batch size.
"""

import sys
from pathlib import Path

from tests.agents.store.making import Fact, batch, opened

TOPIC = "register.facts"
NIKS = 400


def log(count: int) -> list[Fact]:
    """Every fifth fact is a further copy of one 1,000 before it, and some of these have another content."""
    facts: list[Fact] = []
    for offset in range(count):
        if offset >= 1_000 and offset % 5 == 0:
            content = b"other" if offset % 35 == 0 else None
            facts.append(facts[offset - 1_000].again(offset, content))
        else:
            number = offset * 7_919
            facts.append(
                Fact(number % NIKS, number // NIKS % 1_000_003, offset, b"c" * (number % 90), coordinate=offset)
            )
    return facts


def main(folder: Path, count: int, size: int) -> None:
    facts = log(count)
    store = opened(folder)
    position = store.position(TOPIC) or 0
    while position < count:
        end = min(position + size, count)
        store.apply_facts(batch(facts[position:end]), TOPIC, end)
        position = end
        print(position, flush=True)
    store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
