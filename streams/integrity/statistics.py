"""The two pieces of statistics, by SciPy: a beta-binomial mid-p value, and Benjamini-Hochberg's adjustment."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.stats import betabinom, false_discovery_control

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]


def mid_p(
    successes: Ints,
    trials: Ints,
    peers: Floats,
    peer_trials: Ints,
    *,
    correlation: float,
    tail: Literal["both", "upper"],
) -> Floats:
    """How improbable an officer's count is if the officer were one of the peers, whose share is `peers`.

    The officer's true share is drawn around the peers' share, with a spread for two reasons: neighbours are alike, so
    that honest officers differ (`correlation`, intra-class), and the peers' share itself is known from few visits. So
    the count is beta-binomial. The value is the mid-p, which halves the weight of the observed count (Lancaster 1961):
    of discrete counts the plain value is too careful, and the false discoveries are controlled afterwards.
    """
    share = (peers * peer_trials + 0.5) / (peer_trials + 1.0)  # half a success and half a failure: never 0 or 1
    spread = correlation + (1 - correlation) / (peer_trials + 2.0)
    size = 1 / spread - 1
    law = betabinom(trials, share * size, (1 - share) * size)
    at, below = law.pmf(successes), law.cdf(successes - 1)
    lower = below + 0.5 * at
    upper = np.clip(1 - below - 0.5 * at, 0.0, 1.0)
    found = upper if tail == "upper" else 2 * np.minimum(lower, upper)
    return np.clip(found, 0.0, 1.0)


def adjusted(values: Floats) -> Floats:
    """The least rate of false discoveries at which each would be one (Benjamini and Hochberg 1995)."""
    return np.asarray(false_discovery_control(values), np.float64) if len(values) else values
