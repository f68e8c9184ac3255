"""Aims at: surroundings are read once, refused with a sentence when wrong, and handed whole to children."""

from pathlib import Path

import pytest

from agents.errors import OperatorError
from agents.settings import Profile, Settings


def test_defaults_mean_the_local_broker_and_the_simulation(tmp_path: Path) -> None:
    (tmp_path / "kafka").mkdir()
    (tmp_path / "kafka" / "address").write_text("127.0.0.1:4711\n")
    read = Settings.from_environment({"DTSEN_HOME": str(tmp_path)})
    assert (read.broker, read.topic("register.facts"), read.synthetic) == ("127.0.0.1:4711", "register.facts", True)
    assert read.folder == tmp_path


def test_a_realm_stands_in_front_of_every_name() -> None:
    read = Settings.from_environment({"DTSEN_BROKER": "a:1", "DTSEN_REALM": "uji", "DTSEN_HOME": "/h"})
    assert (read.topic("x.y"), read.group("intake"), read.folder) == ("uji.x.y", "uji.intake", Path("/h/realms/uji"))


def test_children_get_the_same_settings(tmp_path: Path) -> None:
    parent = Settings("a:1,b:2", tmp_path, "r", Profile.PRODUCTION, 10, 5, 8, 3, "json")
    assert Settings.from_environment(parent.environment()) == parent


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("DTSEN_PROFILE", "test", "simulation or production"),
        ("DTSEN_PARTITIONS", "four", "whole number"),
        ("DTSEN_PARTITIONS", "0", "greater than 0"),
        ("DTSEN_REALM", "a.b", "letters"),
        ("DTSEN_LOG", "xml", "plain or json"),
        ("DTSEN_BROKER", "", "dtsen broker start"),
    ],
)
def test_what_cannot_be_is_refused_with_advice(variable: str, value: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(OperatorError, match=said):
        Settings.from_environment({"DTSEN_BROKER": "a:1", "DTSEN_HOME": str(tmp_path), variable: value})
