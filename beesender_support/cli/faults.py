"""Faults of the input: one line on stderr for each, and status 2 once all are reported.

The first few of a kind are reported, then how many more there are.
"""

import sys
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

import click

from beesender_support.policy.errors import PolicyError
from beesender_support.policy.sentences import ENGLISH, Given

SHOWN_OF_A_KIND = 20
_WARNING = "warning"
_LONGEST_VALUE = 80


class InputRefused(click.ClickException):
    """Ends the command with one line on stderr and status 2."""

    exit_code = 2


class Place(NamedTuple):
    """A row of a file. Of a text file, ``row`` is the line an editor shows."""

    file: str
    row: int
    unit: str = "row"

    def __str__(self) -> str:
        return f"{self.file}, {self.unit} {self.row}"


class Faults:
    """Reports faults as they are found, so that a file of any length can be checked."""

    def __init__(self) -> None:
        self.count = 0
        self._warnings: list[str] = []
        self._told: Counter[tuple[str, str, str]] = Counter()

    def report(
        self, fault: str | PolicyError, place: str | Place = "Error", kind: str = ""
    ) -> None:
        """``place`` is a file and row; an error adds the column and what is allowed.

        ``kind`` names what a fault given as text has in common with others.
        """
        self.count += 1
        if isinstance(fault, PolicyError):
            kind, sort = fault.field, type(fault).__name__
        else:
            kind, sort = kind or fault, "text"
        if self._is_shown(place, kind, sort):
            _say(f"{place}: {_line_of(fault)}")

    def warn(self, warning: str, place: str | Place, kind: str) -> None:
        """Report something odd that is no reason to stop, once it is certain that
        nothing else is."""
        if self._is_shown(place, kind, _WARNING):
            self._warnings.append(f"{place}: {_WARNING}: {kind}: {warning}")

    def read(
        self, reader: Callable[[str], Any], text: str, place: str | Place = "Error"
    ) -> Any:
        """What ``reader`` makes of ``text``; None after reporting a fault."""
        return self.attempt(lambda: reader(text), place)

    def attempt(self, make: Callable[[], Any], place: str | Place = "Error") -> Any:
        """What ``make`` returns; None after reporting a fault if the policy refuses
        it."""
        try:
            return make()
        except PolicyError as error:
            self.report(error, place)
            return None

    def stop_if_any(self) -> None:
        """End the command with status 2 if a fault was reported, else print the
        warnings."""
        if not self.count:
            for line in self._warnings:
                _say(line)
        for (file, kind, sort), count in self._told.items():
            if count > SHOWN_OF_A_KIND and (self.count == 0 or sort != _WARNING):
                label = f"{_WARNING}: {kind}" if sort == _WARNING else kind
                more = f"{count - SHOWN_OF_A_KIND:,}"
                _say(f"{file}: {label}: ... and {more} more of this kind.")
        self._told.clear()
        self._warnings.clear()
        if self.count:
            raise click.exceptions.Exit(InputRefused.exit_code)

    def _is_shown(self, place: str | Place, kind: str, sort: str) -> bool:
        file = place.file if isinstance(place, Place) else place
        self._told[file, kind, sort] += 1
        return self._told[file, kind, sort] <= SHOWN_OF_A_KIND


def _say(line: str) -> None:
    # Not by click.echo, which writes past a progress bar and into its line.
    print(line, file=sys.stderr, flush=True)


def _line_of(fault: str | PolicyError) -> str:
    if isinstance(fault, str):
        return fault
    return _QUOTING.render(fault.sentence)


def quoted(value: object) -> str:
    """``value`` in quotes on one line, however long it is and whatever it contains."""
    text = str(value)
    rest = "..." if len(text) > _LONGEST_VALUE else ""
    return repr(text[:_LONGEST_VALUE]) + rest


_QUOTING = ENGLISH.showing({Given: lambda given: quoted(given.value)})
