"""The two pieces of statistics, by SciPy: a beta-binomial tail value, and Benjamini-Hochberg's adjustment."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.stats import betabinom, false_discovery_control

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]


def tail_p(
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
    the count is beta-binomial. The value is the probability of this count or one further out. The mid-p, which takes
    half of this count's, would be too small too often where trials are few, and the control of false discoveries rests
    on values that are not.
    """
    share = (peers * peer_trials + 0.5) / (peer_trials + 1.0)  # half a success and half a failure: never 0 or 1
    spread = correlation + (1 - correlation) / (peer_trials + 2.0)
    size = 1 / spread - 1
    law = betabinom(trials, share * size, (1 - share) * size)
    lower, upper = law.cdf(successes), np.clip(1 - law.cdf(successes - 1), 0.0, 1.0)
    found = upper if tail == "upper" else 2 * np.minimum(lower, upper)
    return np.clip(found, 0.0, 1.0)


def adjusted(values: Floats) -> Floats:
    """The least rate of false discoveries at which each would be one (Benjamini and Hochberg 1995)."""
    return np.asarray(false_discovery_control(values), np.float64) if len(values) else values
