"""Faults of the input: one line on stderr for each, and status 2 once all are told."""

import sys
from collections.abc import Callable
from typing import Any

import click

from beesender_support.policy.errors import PolicyError

_LONGEST_VALUE = 80


class InputRefused(click.ClickException):
    """Ends the command with one line on stderr and status 2."""

    exit_code = 2


class Faults:
    """Tells faults as they are found, so that a file of any length can be checked."""

    def __init__(self) -> None:
        self._count = 0

    def tell(self, fault: str | PolicyError, place: str = "Error") -> None:
        """``place`` is a file and row; an error adds the column and what is allowed."""
        self._count += 1
        _say(f"{place}: {_line_of(fault)}")

    def warn(self, warning: str, place: str) -> None:
        """Say what is odd and no reason to stop."""
        _say(f"{place}: warning: {warning}")

    def read(
        self, reader: Callable[[str], Any], text: str, place: str = "Error"
    ) -> Any:
        """What ``reader`` makes of ``text``, or None and a fault told."""
        return self.attempt(lambda: reader(text), place)

    def attempt(self, make: Callable[[], Any], place: str = "Error") -> Any:
        """What ``make`` returns, or None and a fault told if the policy refuses it."""
        try:
            return make()
        except PolicyError as error:
            self.tell(error, place)
            return None

    def stop_if_any(self) -> None:
        """End the command with status 2 if anything was told."""
        if self._count:
            raise click.exceptions.Exit(InputRefused.exit_code)


def _say(line: str) -> None:
    # Not by click.echo, which writes past a progress bar and into its line.
    print(line, file=sys.stderr, flush=True)


def _line_of(fault: str | PolicyError) -> str:
    if isinstance(fault, str):
        return fault
    template, context = fault.sentence
    return template.format(**{**context, "value": quoted(fault.value)})


def quoted(value: object) -> str:
    """``value`` in quotes on one line, however long it is and whatever it contains."""
    text = str(value)
    rest = "..." if len(text) > _LONGEST_VALUE else ""
    return repr(text[:_LONGEST_VALUE]) + rest
