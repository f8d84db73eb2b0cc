"""Faults of the input: one line on stderr for each, and status 2 once all are reported.

The first few of a kind are reported, then how many more there are.
"""

import sys
from collections import Counter

import click

from beesender_support.files.faults import Faults as FaultsOfFiles
from beesender_support.files.faults import Place

SHOWN_OF_A_KIND = 20
_WARNING = "warning"


class InputRefused(click.ClickException):
    """Ends the command with one line on stderr and status 2."""

    exit_code = 2


class Faults(FaultsOfFiles):
    """Says faults as they are found, so that a file of any length can be checked."""

    def __init__(self) -> None:
        super().__init__()
        self._warnings: list[str] = []
        self._told: Counter[tuple[str, str, str]] = Counter()

    def take(self, place: str | Place, kind: str, sort: str, line: str) -> None:
        if self._is_shown(place, kind, sort):
            _say(f"{place}: {line}")

    def warn(self, warning: str, place: str | Place, kind: str) -> None:
        """Report something odd that is no reason to stop, once it is certain that
        nothing else is."""
        if self._is_shown(place, kind, _WARNING):
            self._warnings.append(f"{place}: {_WARNING}: {kind}: {warning}")

    def add_more(
        self, alike: tuple[str, str, str], count: int, *, is_warning: bool
    ) -> None:
        """Count more faults or warnings of a file and kind, of which as many as are said
        were taken already."""
        file, kind, sort = alike
        self._told[file, kind, _WARNING if is_warning else sort] += count
        if not is_warning:
            self.count += count

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
