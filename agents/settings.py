"""What the surroundings decide: read once from the environment, then passed in."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from agents.errors import OperatorError

ADDRESS_FILE = Path(
    "kafka", "address"
)  # under the home folder; written when the local broker is up, removed at its stop
REALM_PATTERN = re.compile(r"[A-Za-z0-9_-]{1,40}")


class Profile(StrEnum):
    """Decides whose NIK pass the door: production refuses synthetic ones, simulation refuses all others."""

    SIMULATION = "simulation"
    PRODUCTION = "production"


@dataclass(frozen=True)
class Settings:
    """Where the register runs. `realm` keeps several registers apart on one broker and in one home folder."""

    broker: str  # host:port, or several with commas; without it, the local broker of the home folder
    home: Path = Path(".run")  # where everything lies that is written: stores, logs, the local broker
    realm: str = ""  # a prefix of topics, groups and folders, which keeps registers on one broker apart
    profile: Profile = Profile.SIMULATION  # simulation takes synthetic NIK only, production refuses them
    session_timeout_seconds: int = 30  # how long a silent worker keeps its partitions
    event_partitions: int = 3  # partitions of each event topic
    partitions: int = 4  # those of register.facts, members, answers and changes: persons are spread over these
    replicas: int = 1  # replicas of every topic; from 3 on, writes need all but one of them
    log: str = "plain"  # plain | json
    instance: str = "1"  # tells workers of one realm apart; each has a home folder of its own

    def __post_init__(self) -> None:
        if self.realm and not REALM_PATTERN.fullmatch(self.realm):
            raise OperatorError(f"DTSEN_REALM is {self.realm!r}: use 1 to 40 letters, digits, hyphens or underscores")
        if self.log not in ("plain", "json"):
            raise OperatorError(f"DTSEN_LOG is {self.log!r}: set it to plain or json")
        if min(self.event_partitions, self.partitions, self.replicas) < 1 or self.session_timeout_seconds <= 0:
            raise OperatorError("partitions, replicas and the session timeout must be greater than 0")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """The settings of this process.

        `DTSEN_BROKER` names the cluster; without it, the local broker of the home folder is meant.
        Raises OperatorError when there is no broker, or a variable cannot be read.
        """
        home = home_folder(environment)
        profile = environment.get("DTSEN_PROFILE", Profile.SIMULATION)
        if profile not in set(Profile):
            raise OperatorError(f"DTSEN_PROFILE is {profile!r}: set it to {' or '.join(Profile)}")
        return cls(
            broker=environment.get("DTSEN_BROKER") or _local_broker(home),
            home=home,
            realm=environment.get("DTSEN_REALM", ""),
            profile=Profile(profile),
            session_timeout_seconds=_number(environment, "DTSEN_SESSION_TIMEOUT_SECONDS", 30),
            event_partitions=_number(environment, "DTSEN_EVENT_PARTITIONS", 3),
            partitions=_number(environment, "DTSEN_PARTITIONS", 4),
            replicas=_number(environment, "DTSEN_REPLICAS", 1),
            log=environment.get("DTSEN_LOG", "plain"),
            instance=environment.get("DTSEN_INSTANCE", "1"),
        )

    def environment(self) -> dict[str, str]:
        """The variables from which `from_environment` makes these settings again, in a child process."""
        return {
            "DTSEN_BROKER": self.broker,
            "DTSEN_HOME": str(self.home),
            "DTSEN_REALM": self.realm,
            "DTSEN_PROFILE": self.profile.value,
            "DTSEN_SESSION_TIMEOUT_SECONDS": str(self.session_timeout_seconds),
            "DTSEN_EVENT_PARTITIONS": str(self.event_partitions),
            "DTSEN_PARTITIONS": str(self.partitions),
            "DTSEN_REPLICAS": str(self.replicas),
            "DTSEN_LOG": self.log,
            "DTSEN_INSTANCE": self.instance,
        }

    @property
    def prefix(self) -> str:
        """What stands in front of topics, groups and instance ids: `REALM.`, or nothing."""
        return f"{self.realm}." if self.realm else ""

    def topic(self, name: str) -> str:
        """The topic `name` of this realm."""
        return f"{self.prefix}{name}"

    def group(self, name: str) -> str:
        """The consumer group (or the instance id) `name` of this realm."""
        return f"{self.prefix}{name}"

    @property
    def folder(self) -> Path:
        """Where this realm keeps its stores, its pid file and the addresses of its pages."""
        return self.home / "realms" / self.realm if self.realm else self.home

    @property
    def synthetic(self) -> bool:
        """Whether the door takes synthetic NIK (and only these)."""
        return self.profile is Profile.SIMULATION


def home_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where everything is kept that running leaves behind: `DTSEN_HOME`, else `.run` in the current folder."""
    return Path(environment.get("DTSEN_HOME") or ".run").absolute()


def _local_broker(home: Path) -> str:
    try:
        return (home / ADDRESS_FILE).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise OperatorError(
            "No broker is known: start one with `dtsen broker start`, or set DTSEN_BROKER to host:port of another."
        ) from None


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, str(default))
    try:
        return int(text)
    except ValueError:
        raise OperatorError(f"{name} is {text!r}: set it to a whole number") from None
