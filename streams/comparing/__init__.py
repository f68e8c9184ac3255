"""One cut under two sets of rules: who would gain, who would lose, why, what it costs, and how well it meets need.

`units` reduces the answers of a run to what a comparison asks of them, `effects` sets two runs side by side in cells
that name nobody, `adjusted` does so with what either says about sealed quarters, `groundcheck` measures both against
what officers found, and `small_cells` folds what is too small to be shown by kelurahan. Nothing here decides anything:
a preview is made of it.
"""

from streams.comparing.adjusted import ADJUSTED_SIDES, adjusted_by_programme, adjusted_sides
from streams.comparing.effects import CELLS, EFFECTS, GAINED, LOST, by, compared, programmes_of
from streams.comparing.groundcheck import ERRORS, errors_of
from streams.comparing.small_cells import LEAST_UNITS, OTHERS, by_kelurahan
from streams.comparing.units import UNITS, together, units_of

__all__ = [
    "ADJUSTED_SIDES",
    "CELLS",
    "EFFECTS",
    "ERRORS",
    "GAINED",
    "LEAST_UNITS",
    "LOST",
    "OTHERS",
    "UNITS",
    "adjusted_by_programme",
    "adjusted_sides",
    "by",
    "by_kelurahan",
    "compared",
    "errors_of",
    "programmes_of",
    "together",
    "units_of",
]
