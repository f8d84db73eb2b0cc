"""What starts, pauses and stops the clock of each target."""

from datetime import timedelta

import pytest

from beesender_support.policy.plans.targets import (
    FIRST_ANSWER,
    NEXT_ANSWER,
    SOLUTION,
    TARGETS,
)
from beesender_support.policy.response.clocks import (
    ClockState,
    Event,
    Happening,
    runs_of,
    state_after,
)
from beesender_support.tests.policy.factories import at

START = at("2026-11-23T09:00+00:00")
REGISTERED, ANSWERED, WROTE = Event.REGISTERED, Event.ANSWERED, Event.CUSTOMER_WROTE
PAUSED, RESUMED, REOPENED = Event.PAUSED, Event.RESUMED, Event.REOPENED
RESOLVED, CLOSED = Event.RESOLVED, Event.CLOSED

# How each state is come to; and what moves it, in the order
# registered, answered, customer_wrote, paused, resumed, resolved, closed, reopened.
# A dot: nothing changes.
NOT_STARTED, READY, RUNNING = "not started", "ready", "running"
STANDING, LEFT, SET_ASIDE = "paused", "left", "set aside"
VOID, SETTLED = "void", "settled"
TABLES = {
    FIRST_ANSWER: {
        NOT_STARTED: ([], [RUNNING, ".", ".", ".", ".", ".", ".", "."]),
        RUNNING: ([REGISTERED], [".", SETTLED, ".", ".", ".", LEFT, LEFT, "."]),
        LEFT: (
            [REGISTERED, RESOLVED],
            [".", SETTLED, ".", ".", ".", ".", ".", RUNNING],
        ),
        SETTLED: ([REGISTERED, ANSWERED], ["."] * 8),
    },
    NEXT_ANSWER: {
        NOT_STARTED: ([], [".", READY, ".", ".", ".", ".", ".", "."]),
        READY: ([ANSWERED], [".", ".", RUNNING, ".", ".", ".", ".", "."]),
        RUNNING: (
            [ANSWERED, WROTE],
            [".", READY, ".", ".", ".", SET_ASIDE, SET_ASIDE, "."],
        ),
        SET_ASIDE: (
            [ANSWERED, WROTE, RESOLVED],
            [".", READY, RUNNING, ".", ".", ".", ".", RUNNING],
        ),
    },
    SOLUTION: {
        NOT_STARTED: ([], [RUNNING, ".", ".", ".", ".", ".", ".", "."]),
        RUNNING: ([REGISTERED], [".", ".", ".", STANDING, ".", SETTLED, VOID, "."]),
        STANDING: (
            [REGISTERED, PAUSED],
            [".", ".", ".", ".", RUNNING, SETTLED, VOID, "."],
        ),
        SETTLED: (
            [REGISTERED, RESOLVED],
            [".", ".", ".", ".", ".", ".", VOID, RUNNING],
        ),
        VOID: ([REGISTERED, CLOSED], [".", ".", ".", ".", ".", SETTLED, ".", RUNNING]),
    },
}
ROWS = [
    pytest.param(
        target, path, before, event, after, id=f"{target}-{before}-{event.value}"
    )
    for target, table in TABLES.items()
    for before, (path, row) in table.items()
    for event, after in zip(Event, row, strict=True)
]


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def after(*events: Event) -> list[Happening]:
    """``events``, one a minute from the start."""
    return [
        Happening(event, START + minutes(minute)) for minute, event in enumerate(events)
    ]


def test_there_is_a_table_for_every_target():
    assert tuple(TABLES) == TARGETS


@pytest.mark.parametrize(("target", "path", "before", "event", "then"), ROWS)
def test_each_event_moves_each_state_as_the_table_says(
    target, path, before, event, then
):
    assert state_after(target, after(*path)) is ClockState(before)
    happened = after(*path, event)
    moved = state_after(target, happened)
    assert moved is ClockState(before if then == "." else then)
    if then == ".":
        assert runs_of(target, happened) == runs_of(target, after(*path))
