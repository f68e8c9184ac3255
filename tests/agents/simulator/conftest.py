"""One simulated year for all tests of this folder: it is only read."""

import pytest

from agents.simulator import Simulation, simulate

SEED = 20_250_101


@pytest.fixture(scope="session")
def year() -> Simulation:
    """Four quarters at scale XS."""
    return simulate("XS", quarters=4, first="2025-Q1", seed=SEED)


@pytest.fixture(scope="session")
def tiny() -> Simulation:
    """Two quarters of 300 persons."""
    return simulate("XXS", quarters=2, first="2025-Q1", seed=SEED)
