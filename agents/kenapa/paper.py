"""What of an answer fits on one printed sheet: the most needed first; what is left out is named, never just gone."""

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from streams.rules import Text

# In points, as the print style of kenapa.html.j2 sets them. Widths are those of DejaVu Sans, which is among the widest
# of the fonts that a page may meet, so that others need less.
SHEET = 768.0  # of the 779 that A4 has within its margins: browsers differ in how they break lines
LETTER = 0.54  # of the size of a letter: how wide it is on average
ID_SIZE, ID_WIDTH, ID_LINE = 8.5, 300.0, 10.4
EN_SIZE, EN_WIDTH, EN_LINE = 7.0, 198.0, 8.6
GAP = 3.0
HEADING, CARD = 21.0, 24.0
FRAME = 100.0  # title, NIK, foot, and the sentence about what is left out
ORDERED = ("claims", "history")


@dataclass(frozen=True, slots=True)
class Part:
    """One block of the page. `key`: by which the template finds it; `kind`: what it is called if it is left out;
    `more`: points beside those of its texts. `needs`: the key of the block in which it stands.
    """

    key: str
    kind: str
    texts: Sequence[Text]
    label: Text | None = None
    more: float = 0.0
    needs: str | None = None

    @property
    def height(self) -> float:
        """Points on paper: the higher of the two columns."""
        if not self.texts:
            return self.more
        told = [self.label] if self.label else []
        sides = []
        for language, size, width, line in (("id", ID_SIZE, ID_WIDTH, ID_LINE), ("en", EN_SIZE, EN_WIDTH, EN_LINE)):
            said = " ".join(getattr(it, language) for it in (*told, *self.texts))
            sides.append(line * len(textwrap.wrap(said, math.floor(width / (size * LETTER)))))
        return max(sides) + GAP + self.more


@dataclass(frozen=True, slots=True)
class Paper:
    """Keys of the parts that are printed, and the kinds of those that are not, each once."""

    printed: frozenset[str]
    left_out: tuple[str, ...]


def on_paper(parts: Sequence[Part]) -> Paper:
    """Choose what is printed. `parts`: the most needed first; of what is told in the order of time (ORDERED), what
    comes behind one that does not fit is left out too, so that nothing is missing from the middle.
    """
    room = SHEET - FRAME
    printed: set[str] = set()
    left_out: dict[str, None] = {}
    for part in parts:
        if part.needs is not None and part.needs not in printed:
            continue  # its block is named already
        if part.height > room or (part.kind in ORDERED and part.kind in left_out):
            left_out[part.kind] = None
            continue
        printed.add(part.key)
        room -= part.height
    return Paper(frozenset(printed), tuple(left_out))
