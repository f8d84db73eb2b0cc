"""Faults of files: each with its place, found all at once.

What is done about them is the caller's: a command says them, a site keeps them.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from beesender_support.policy.errors import PolicyError
from beesender_support.policy.sentences import ENGLISH, Given

_LONGEST_VALUE = 80


class Place(NamedTuple):
    """A row of a file. Of a text file, ``row`` is the line an editor shows."""

    file: str
    row: int
    unit: str = "row"

    def __str__(self) -> str:
        return f"{self.file}, {self.unit} {self.row}"


class Faults:
    """Takes faults as they are found, so that a file of any length can be checked."""

    def __init__(self) -> None:
        self.count = 0

    def report(
        self, fault: str | PolicyError, place: str | Place = "Error", kind: str = ""
    ) -> None:
        """``place`` is a file and row; an error adds the column and what is allowed.

        ``kind`` names what a fault given as text has in common with others.
        """
        self.count += 1
        if isinstance(fault, PolicyError):
            self.take(place, fault.field, type(fault).__name__, _line_of(fault))
        else:
            self.take(place, kind or fault, "text", fault)

    def warn(self, warning: str, place: str | Place, kind: str) -> None:
        """Something odd that is no reason to stop."""

    def take(self, place: str | Place, kind: str, sort: str, line: str) -> None:
        """What becomes of a fault; ``kind`` and ``sort`` tell those alike."""
        raise NotImplementedError

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


class KeptFaults(Faults):
    """Keeps faults: each its place, what it has in common with others, and its line."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[tuple[str | Place, str, str]] = []

    def take(self, place: str | Place, kind: str, sort: str, line: str) -> None:
        self.kept.append((place, kind, line))


def _line_of(fault: PolicyError) -> str:
    return _QUOTING.render(fault.sentence)


def quoted(value: object) -> str:
    """``value`` in quotes on one line, however long it is and whatever it contains."""
    text = str(value)
    rest = "..." if len(text) > _LONGEST_VALUE else ""
    return repr(text[:_LONGEST_VALUE]) + rest


def on_a_line(text: str) -> str:
    """``text`` as it is, but quoted where a line break or an escape sequence would spoil
    the output."""
    return text if text.isprintable() else quoted(text)


_QUOTING = ENGLISH.showing({Given: lambda given: quoted(given.value)})
