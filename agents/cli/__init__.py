"""The command `dtsen`. Each module of this package is one subcommand, loaded when it is asked for."""

import importlib
import pkgutil
from typing import Any

import click

from agents.errors import OperatorError
from agents.settings import Settings
from schemas.registry import ContractsError


class Commands(click.Group):
    """Finds a subcommand in the module of its name: its `command`. Modules with a leading underscore are helpers."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command = importlib.import_module(f"{__name__}.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the subcommand; what its user can mend is said in a sentence, without a traceback."""
        try:
            return super().invoke(ctx)
        except (OperatorError, ContractsError) as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="dtsen-register")
def main() -> None:
    """The DTSEN register: events in, quarterly eligibility out, with reasons and balanced books.

    Surroundings come from the environment: DTSEN_BROKER (host:port; default: the local broker), DTSEN_HOME (.run),
    DTSEN_REALM (a prefix that keeps registers on one broker apart), DTSEN_PROFILE (simulation or production).
    """


def settings() -> Settings:
    """The settings, for commands that need a broker. Raises OperatorError when none is known."""
    return Settings.from_environment()
