"""A week of support windows laid out by day, to check before saving.

Unlike a calendar, a layout takes windows that overlap, and marks where they do.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from beesender_support.policy.calendar.windows import DAY, Window


class Piece(NamedTuple):
    """Support is open ``[start, end)``, in seconds of the day; ``overlaps`` where two
    windows claim the same time."""

    start: int
    end: int
    overlaps: bool = False


def lay_out(windows: Iterable[Window]) -> tuple[tuple[Piece, ...], ...]:
    """For each weekday from Monday, the pieces in which support is open.

    Windows that touch make one piece. Windows across midnight are cut there; Sunday's
    continue on Monday.
    """
    week: list[list[tuple[int, int]]] = [[] for _ in range(7)]
    for window in windows:
        week[window.weekday].append((window.start, min(window.end, DAY)))
        if window.end > DAY:
            week[(window.weekday + 1) % 7].append((0, window.end - DAY))
    return tuple(_pieces_of(day) for day in week)


def _pieces_of(day: list[tuple[int, int]]) -> tuple[Piece, ...]:
    edges = sorted({edge for window in day for edge in window})
    pieces: list[Piece] = []
    for start, end in pairwise(edges):
        claims = sum(opens <= start and end <= closes for opens, closes in day)
        if not claims:
            continue
        if pieces and pieces[-1].end == start and pieces[-1].overlaps == (claims > 1):
            pieces[-1] = pieces[-1]._replace(end=end)
        else:
            pieces.append(Piece(start, end, claims > 1))
    return tuple(pieces)
