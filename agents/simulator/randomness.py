"""Chance with a seed: one PCG64 per purpose, so that a change in one part moves no other part."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Random: TypeAlias = np.random.Generator
Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Texts: TypeAlias = NDArray[np.str_]
Days: TypeAlias = NDArray[np.datetime64]
Scalar: TypeAlias = np.datetime64


def random_for(seed: int, *purpose: object) -> Random:
    """The generator of one purpose: the same seed and purpose give the same numbers, for ever."""
    name = "/".join(str(part) for part in purpose).encode()
    return np.random.Generator(np.random.PCG64([seed, *name]))


def count_of(expected: float, random: Random, *, least: int = 0) -> int:
    """How many of something happen when `expected` are expected (Poisson), but not fewer than `least`."""
    return max(least, int(random.poisson(expected)))


def some_of(candidates: Ints, count: int, random: Random) -> Ints:
    """At most `count` different members of `candidates`, in random order."""
    return random.permutation(candidates)[:count]


def pick(options: Any, random: Random, count: int, weights: Any = None) -> NDArray[Any]:
    """`count` draws from `options`, evenly or by weights that need not sum to one."""
    table = np.asarray(options)
    if weights is None:
        even: NDArray[Any] = table[random.integers(0, len(table), count)]
        return even
    cumulated = np.cumsum(np.asarray(weights, dtype=np.float64))
    places = np.searchsorted(cumulated, random.random(count) * cumulated[-1], side="right")
    drawn: NDArray[Any] = table[np.minimum(places, len(table) - 1)]
    return drawn


def uuids_v7(instants_ms: Ints, random: Random) -> NDArray[np.uint8]:
    """UUID version 7 per instant (RFC 9562: 48 bits of ms, then chance), as uint8[n, 16]."""
    out = random.integers(0, 256, (len(instants_ms), 16), dtype=np.uint8)
    out[:, :6] = instants_ms.astype(">i8").view(np.uint8).reshape(-1, 8)[:, 2:]
    out[:, 6] = 0x70 | (out[:, 6] & 0x0F)
    out[:, 8] = 0x80 | (out[:, 8] & 0x3F)
    return out
