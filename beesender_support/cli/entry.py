"""The command line's entry point: one group, one module per command."""

import errno
from typing import Any

import click

from beesender_support import __version__
from beesender_support.cli.commands.conformance import conformance
from beesender_support.cli.commands.deadline import deadline
from beesender_support.cli.commands.imports import import_files
from beesender_support.cli.commands.lint import lint
from beesender_support.cli.commands.recount import recount
from beesender_support.cli.commands.replay import replay
from beesender_support.cli.commands.tiers import tiers
from beesender_support.cli.commands.triage import triage
from beesender_support.cli.faults import InputRefused


class _Commands(click.Group):
    """Commands that end with a sentence when the machine fails, never with a traceback."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except OSError as error:
            if error.errno == errno.EPIPE:
                # The reader had enough, as in "| head"; click ends quietly then.
                raise
            raise InputRefused(_what_failed(error)) from None


def _what_failed(error: OSError) -> str:
    place = f"{click.format_filename(error.filename)}: " if error.filename else ""
    return f"{place}{error.strerror or error}"


@click.group(cls=_Commands)
@click.version_option(__version__, package_name="beesender_support")
def main() -> None:
    """Service tiers, admission and response times of Beesender Support."""


for command in (
    tiers,
    deadline,
    triage,
    replay,
    lint,
    import_files,
    conformance,
    recount,
):
    main.add_command(command)
