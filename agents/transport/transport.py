"""The Faust transport `dtsen://host:port`."""

from typing import ClassVar

from faust.transport.drivers import TRANSPORTS
from faust.transport.drivers import aiokafka as driver

from agents.transport.consumer import Consumer

SCHEME = "dtsen"


class Transport(driver.Transport):
    """aiokafka's, with the consumer that hands over whole batches."""

    Consumer: ClassVar[type[Consumer]] = Consumer


def register() -> None:
    """Make the scheme known to Faust."""
    TRANSPORTS.aliases[SCHEME] = f"{__name__}:{Transport.__name__}"
