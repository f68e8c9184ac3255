"""Aims at docs/seed.md: each system that the project is about is named, and each command that shows it exists."""

import re
import shlex

import click
import pytest

from agents.cli import main
from tests.docs.pages import PROJECT

PAGE = (PROJECT / "docs" / "seed.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"`(dtsen [^`]+)`", PAGE)


def parsed(line: str) -> str:
    """The name of the command, after click has taken the line: an option that is not there raises."""
    context, command, arguments = click.Context(main, info_name="dtsen"), main, shlex.split(line)[1:]
    while isinstance(command, click.Group):
        name = arguments.pop(0)
        found = command.get_command(context, name)
        assert found is not None, f"{line}: there is no command {name}"
        command = found  # type: ignore[assignment]
    with command.make_context(line, arguments):
        return str(command.name)


@pytest.mark.parametrize("line", COMMANDS)
def test_the_command_takes_what_the_page_gives_it(line: str) -> None:
    assert parsed(line)


def test_an_option_that_is_not_there_is_found() -> None:
    with pytest.raises(click.UsageError):
        parsed("dtsen checkpoint show 2026-Q3 --no-such-option")


SYSTEMS = (
    *("DTSEN", "DTKS", "Regsosek", "P3KE", "groundcheck", "Inpres 4/2025", "KJP Plus", "KJMU", "KLJ", "KAJ"),
    *("Kartu Penyandang Disabilitas Jakarta", "APBN", "APBD", "mitigation of complaints", "Lapor Mas Wapres"),
)


@pytest.mark.parametrize("name", SYSTEMS)
def test_a_system_has_a_row_with_a_command(name: str) -> None:
    rows = [row for row in re.findall(r"^\| (.*) \|$", PAGE, re.MULTILINE) if name in row.split(" | ")[0]]
    assert rows, name
    assert all("`dtsen " in row.split(" | ")[2] for row in rows)
