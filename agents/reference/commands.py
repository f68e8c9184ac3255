"""The page of all commands, from the parser of the command line itself."""

import inspect
import re
from collections.abc import Iterator

import click

from agents.cli import main
from agents.reference.markdown import code, fields, prose, table
from agents.settings import Settings

INTRODUCTION = """# Commands

Every command of `dtsen`, with what it takes. `--help` says the same in the terminal. What can be read by a program has
`--json`. Exit codes: 0 done, 1 not done or not as it should be (a sentence says what and what to do), 2 not understood.

Where a command runs is decided by the [environment](#environment).
"""
ENVIRONMENT = """What decides where a command or a stage runs. All processes of one register need the same, but for
`DTSEN_HOME` and `DTSEN_INSTANCE`, which each disk has of its own.
"""


def page() -> str:
    """docs/reference/commands.md."""
    context = click.Context(main, info_name="dtsen")
    return "\n".join([INTRODUCTION, *_described(context), "## Environment\n", ENVIRONMENT, _variables()])


def _variables() -> str:
    default = Settings(broker="").environment()
    rows = [
        (code(variable), code(default[variable]) if default[variable] else "-", prose(said))
        for name, said in fields(Settings).items()
        if (variable := f"DTSEN_{name.upper()}") in default
    ]
    return table(("variable", "default", "meaning"), rows)


def _described(context: click.Context) -> Iterator[str]:
    """The commands of a group, one after the other, and theirs."""
    group = context.command
    assert isinstance(group, click.Group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        inner = click.Context(command, info_name=name, parent=context)
        yield f"{'##' if context.parent is None else '###'} {inner.command_path}\n"
        yield _paragraphs(command)
        if not isinstance(command, click.Group) or command.invoke_without_command:
            yield _usage(inner)
        if isinstance(command, click.Group):
            yield from _described(inner)


def _usage(context: click.Context) -> str:
    command = context.command
    params = [param for param in command.get_params(context) if param.name != "help"]
    pieces = [it for it in command.collect_usage_pieces(context) if params or it != "[OPTIONS]"]
    line = " ".join([context.command_path, *pieces])
    options = [
        (code(names), prose(" ".join(said.split())))
        for names, said in filter(None, (it.get_help_record(context) for it in params))
    ]
    shown = f"\n{table(('option', 'meaning'), options)}" if options else ""
    return f"```text\n{line}\n```\n{shown}"


def _paragraphs(command: click.Command) -> str:
    said = inspect.cleandoc(command.help or "").replace("\b\n", "")
    return "\n\n".join(prose(re.sub(r"\s*\n\s*", " ", part)) for part in said.split("\n\n")) + "\n"
