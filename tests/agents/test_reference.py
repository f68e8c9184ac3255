"""Aims at: the reference pages are what the code says today, whole, and say it so that it can be read."""

import re

import click
import pytest
from click.testing import CliRunner

from agents import metrics, topics
from agents.cli import main
from agents.reference import MADE_BY, MARK, pages, programme_pages
from agents.reference.markdown import text
from agents.settings import Settings
from schemas.registry import contracts
from streams.door.codes import Code
from tests.docs.pages import PROJECT
from tests.streams.villages import documents

FOLDER = PROJECT / "docs" / "reference"
MADE = pages()


@pytest.mark.parametrize("name", MADE)
def test_the_committed_page_is_what_is_generated(name: str) -> None:
    fresh = (FOLDER / f"{name}.md").read_text(encoding="utf-8") == MADE[name]
    assert fresh, f"docs/reference/{name}.md is stale: run `{MADE_BY}` and commit it"


def test_no_page_is_left_of_what_is_no_more() -> None:
    assert {path.stem for path in FOLDER.glob("*.md") if path.read_text("utf-8").startswith(MARK)} == set(MADE)


def every_command(context: click.Context) -> list[click.Context]:
    """Each command with its parents, groups too."""
    assert isinstance(context.command, click.Group)
    found = []
    for name in context.command.list_commands(context):
        command = context.command.get_command(context, name)
        assert command is not None
        inner = click.Context(command, info_name=name, parent=context)
        found += [inner, *(every_command(inner) if isinstance(command, click.Group) else [])]
    return found


COMMANDS = every_command(click.Context(main, info_name="dtsen"))


def test_every_command_and_option_is_there_with_words() -> None:
    page = MADE["commands"]
    for context in COMMANDS:
        assert f"# {context.command_path}\n" in page
        for param in context.command.params:
            shown = param.opts[0] if isinstance(param, click.Option) else param.make_metavar(context)
            assert shown in page
            assert not isinstance(param, click.Option) or param.help, f"{context.command_path} {param.opts} has no help"
    assert len(COMMANDS) > 20


def test_every_variable_is_there_with_words() -> None:
    rows = re.findall(r"^\| `(DTSEN_\w+)` \| (?:`.+`|-) \| (.+) \|$", MADE["commands"], re.MULTILINE)
    assert [name for name, _ in rows] == list(Settings(broker="").environment())


@pytest.mark.parametrize("context", [it for it in COMMANDS if isinstance(it.command, click.Group)] + [None])
def test_no_help_is_cut_off_in_a_narrow_terminal(context: click.Context | None) -> None:
    words = [] if context is None else context.command_path.split()[1:]
    said = CliRunner().invoke(main, [*words, "--help"], terminal_width=80)
    assert said.exit_code == 0
    assert re.findall(r"^  .*\.\.\.$", said.output, re.MULTILINE) == []


def test_every_topic_has_writers_and_readers_that_exist() -> None:
    known = contracts()
    stages = {topics.INTAKE, topics.REGISTER, topics.FAMILIES, topics.CHECKPOINTS, topics.INTEGRITY}
    everybody = {*stages, topics.OPERATOR, *known.producers_by_code, *known.payers}
    for topic in topics.topics(Settings(broker="")):
        assert f"| `{topic.name}` |" in MADE["topics"]
        assert topic.writers, f"{topic.name} has nobody who writes it"
        assert topic.readers, f"{topic.name} has nobody who reads it"
        assert {*topic.writers, *topic.readers} <= everybody


def test_a_payer_reads_no_others_topic() -> None:
    for topic in topics.topics(Settings(broker="")):
        if topic.name.startswith("eligibility.changes."):
            owner = topic.name.rpartition(".")[2]
            assert set(topic.readers) & set(contracts().payers) == {owner}
        if topic.name.startswith("intake.rejected."):
            owner = topic.name.rpartition(".")[2]
            assert set(topic.readers) & set(contracts().producers_by_code) <= {owner}


def test_every_schema_version_field_and_symbol_is_there() -> None:
    page = MADE["schemas"]
    for fingerprint in contracts().by_fingerprint:
        assert f"`{fingerprint:016x}`" in page
    for path in ("`content.anggota[].hubungan`", "`event_id`", "`household.luas_lantai`", "`ranges[].first_offset`"):
        assert path in page
    assert "`LAKI_LAKI`, `PEREMPUAN`" in page


def test_every_code_has_a_heading_and_both_sentences() -> None:
    page = MADE["codes"]
    for code in (*Code, *contracts().refusals.values()):
        assert f"#### {code.name}\n" in page
        assert text(code.indonesian) in page
        assert text(code.english) in page
    assert "`content.tanggal_meninggal` (mati)" in page, "in which fields and events a code is found"


def test_every_metric_is_there_as_prometheus_shows_it() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (.*?) \| (.+?) \|$", MADE["metrics"], re.MULTILINE)
    defined = [it for name, it in vars(metrics).items() if name.isupper() and hasattr(it, "describe")]
    assert len(rows) == len(defined)
    assert ("dtsen_records_total", "counter", "`stage`, `topic`") in [row[:3] for row in rows]
    assert all(len(row[3]) > 10 for row in rows)


def test_every_message_leads_to_its_schema() -> None:
    headings = set(re.findall(r"^###? (\w+)$", MADE["schemas"], re.MULTILINE))
    linked = set(re.findall(r"\(schemas\.md#(\w+)\)", MADE["messages"]))
    assert linked <= headings
    assert linked == {contract.name for contract in (*contracts().events, *contracts().records)}


RULES = PROJECT / "docs" / "rules"
OF_PROGRAMMES = programme_pages()


@pytest.mark.parametrize("name", OF_PROGRAMMES)
def test_the_committed_page_of_a_programme_is_what_is_generated(name: str) -> None:
    fresh = (RULES / f"{name}.md").read_text(encoding="utf-8") == OF_PROGRAMMES[name]
    assert fresh, f"docs/rules/{name}.md is stale: run `{MADE_BY}` and commit it"


def test_every_programme_has_a_page_and_no_other_is_left() -> None:
    names = {document["name"].lower() for name, document in documents().items() if name.startswith("programmes/")}
    assert {path.stem for path in RULES.glob("*.md")} == set(OF_PROGRAMMES) == {"README", "gaps", *names}
    for name in names:
        assert f"({name}.md)" in OF_PROGRAMMES["README"]
        for heading in ("For whom", "Conditions", "Amounts", "Cadence", "Quota", "Where to object"):
            assert f"## {heading}\n" in OF_PROGRAMMES[name]
