"""What starts, pauses and stops the clock of each target."""

from datetime import timedelta
from itertools import permutations, product

import pytest

from beesender_support.policy.response.clocks import (
    OPEN,
    OVER,
    PAUSING,
    WAITING,
    ClockState,
    Event,
    Happening,
    Run,
    changes_anything,
    runs_of,
    since,
    single_run,
    state_after,
    status_after,
    status_events,
)
from beesender_support.policy.sold.targets import (
    FIRST_ANSWER,
    NEXT_ANSWER,
    SOLUTION,
    TARGETS,
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
    expected = ClockState(before if then == "." else then)
    assert state_after(target, happened) is expected
    is_other_run = runs_of(target, happened) != runs_of(target, after(*path))
    # A first answer begins no run of a next one yet.
    assert is_other_run is (then != "." and (before, then) != (NOT_STARTED, READY))


# Runs


def run(*counted, state=ClockState.SETTLED, **facts) -> Run:
    """A run over stretches of minutes after the start."""
    stretches = tuple(
        (START + minutes(first), None if last is None else START + minutes(last))
        for first, last in counted
    )
    return Run(stretches, state, **facts)


def test_a_clock_that_never_started_has_no_run():
    assert runs_of(SOLUTION, []) == ()
    assert runs_of(NEXT_ANSWER, after(REGISTERED, ANSWERED)) == ()


def test_a_solution_runs_but_for_its_pauses_and_what_came_after_it_was_closed():
    happened = after(REGISTERED, PAUSED, RESUMED, RESOLVED, REOPENED, PAUSED, RESOLVED)
    (only,) = runs_of(SOLUTION, happened)
    assert only == run((0, 1), (2, 3), (4, 5), stopped_at=START + minutes(6))
    assert only.started_at == START
    assert only.gaps == (
        (START + minutes(1), START + minutes(2)),
        (START + minutes(3), START + minutes(4)),
        (START + minutes(5), START + minutes(6)),
    )
    assert only.ended_before_last == only.counted[:2]


@pytest.mark.parametrize(
    ("events", "gaps"),
    [
        ((), ()),
        ((PAUSED,), ((1, None),)),
        ((PAUSED, RESUMED), ((1, 2),)),
        ((RESOLVED,), ()),
        ((PAUSED, RESOLVED), ((1, 2),)),
        ((CLOSED,), ((1, None),)),
    ],
)
def test_a_gap_is_when_a_clock_stands_before_it_is_settled(events, gaps):
    (only,) = runs_of(SOLUTION, after(REGISTERED, *events))
    assert only.gaps == tuple(
        (START + minutes(first), last and START + minutes(last)) for first, last in gaps
    )


def test_a_pause_of_no_length_is_no_gap():
    happened = [
        Happening(REGISTERED, START),
        Happening(PAUSED, START + minutes(1)),
        Happening(RESUMED, START + minutes(1)),
    ]
    (only,) = runs_of(SOLUTION, happened)
    assert only.gaps == ()


def test_next_answers_run_one_after_another_and_each_is_settled():
    happened = after(
        REGISTERED, WROTE, ANSWERED, WROTE, WROTE, ANSWERED, ANSWERED, WROTE
    )
    assert runs_of(NEXT_ANSWER, happened) == (
        run((3, 5), stopped_at=START + minutes(5)),
        run((7, None), state=ClockState.RUNNING),
    )


def test_a_message_after_what_was_set_aside_is_another_one():
    happened = after(ANSWERED, WROTE, RESOLVED, WROTE, REOPENED)
    assert runs_of(NEXT_ANSWER, happened) == (
        run((1, 2), state=ClockState.SET_ASIDE),
        run((3, None), state=ClockState.RUNNING),
    )


def test_a_request_that_is_merely_reopened_still_waits_for_the_message():
    happened = after(ANSWERED, WROTE, RESOLVED, REOPENED, WROTE, ANSWERED)
    (only,) = runs_of(NEXT_ANSWER, happened)
    assert only == run((1, 2), (3, 5), stopped_at=START + minutes(5))


def test_an_answer_after_the_closing_answers():
    happened = after(ANSWERED, WROTE, RESOLVED, ANSWERED)
    (only,) = runs_of(NEXT_ANSWER, happened)
    assert only == run((1, 2), stopped_at=START + minutes(3))


def test_a_promise_is_settled_by_the_priority_and_category_of_then():
    happened = [
        Happening(REGISTERED, START),
        Happening(PAUSED, START + minutes(1), "P4", False),
        Happening(RESOLVED, START + minutes(2), "P2", True),
    ]
    (solved,) = runs_of(SOLUTION, happened)
    assert (solved.priority, solved.is_promised) == ("P2", True)
    reopened = Happening(REOPENED, START + minutes(3), "P2", True)
    (open_again,) = runs_of(SOLUTION, [*happened, reopened])
    assert (open_again.priority, open_again.is_promised) == (None, None)


def test_what_is_set_aside_keeps_the_priority_of_its_closing():
    happened = [
        Happening(ANSWERED, START),
        Happening(WROTE, START + minutes(1)),
        Happening(RESOLVED, START + minutes(2), "P3", True),
        Happening(WROTE, START + minutes(3)),
    ]
    first, second = runs_of(NEXT_ANSWER, happened)
    assert (first.priority, first.is_promised) == ("P3", True)
    assert (second.priority, second.is_promised) == (None, None)


def test_another_reason_for_closing_does_not_close_again():
    first = Happening(CLOSED, START + minutes(1), "P3", True)
    corrected = Happening(RESOLVED, START + minutes(9), "P1", True)
    (only,) = runs_of(SOLUTION, [Happening(REGISTERED, START), first, corrected])
    assert (only.stopped_at, only.priority) == (first.at, "P3")
    (void,) = runs_of(
        SOLUTION,
        [
            Happening(REGISTERED, START),
            first,
            corrected,
            corrected._replace(event=CLOSED),
        ],
    )
    assert (void.state, void.stopped_at) == (ClockState.VOID, None)


@pytest.mark.parametrize(
    ("target", "events", "minute"),
    [
        (SOLUTION, (REGISTERED,), None),
        (SOLUTION, (REGISTERED, PAUSED), None),
        (SOLUTION, (REGISTERED, PAUSED, RESOLVED), 2),
        (SOLUTION, (REGISTERED, RESOLVED, REOPENED), None),
        (SOLUTION, (REGISTERED, WROTE, CLOSED), 2),
        (NEXT_ANSWER, (ANSWERED, WROTE), None),
        (NEXT_ANSWER, (ANSWERED, WROTE, RESOLVED), 2),
        (NEXT_ANSWER, (ANSWERED, WROTE, RESOLVED, REOPENED), None),
        (NEXT_ANSWER, (ANSWERED, WROTE, RESOLVED, ANSWERED), 3),
    ],
)
def test_a_run_is_decided_when_it_is_settled_or_nothing_more_is_owed(
    target, events, minute
):
    (only,) = runs_of(target, after(*events))
    assert only.decided_at == (None if minute is None else START + minutes(minute))


# The first answer


@pytest.mark.parametrize(
    "events",
    [
        order
        for number in range(4)
        for order in permutations([ANSWERED, RESOLVED, CLOSED, REOPENED], number)
    ],
    ids=lambda order: "-".join(each.value for each in order) or "nothing",
)
def test_the_run_of_a_first_answer_is_that_of_its_two_instants(events):
    happened = after(REGISTERED, *events)
    answered = next((each.at for each in happened if each.event is ANSWERED), None)
    left = None
    for each in happened:
        if each.event in (RESOLVED, CLOSED):
            left = left or each.at
        elif each.event is REOPENED:
            left = None
    assert runs_of(FIRST_ANSWER, happened) == (single_run(START, answered, left),)


# Since the start


def test_what_was_said_before_the_start_answers_something_else():
    before = START - minutes(1)
    said = [Happening(ANSWERED, before), Happening(WROTE, before)]
    assert since(START, said) == [Happening(REGISTERED, START)]


def test_what_was_said_at_the_start_counts():
    said = Happening(ANSWERED, START)
    assert since(START, [said]) == [Happening(REGISTERED, START), said]


def test_a_status_from_before_the_start_holds_from_the_start():
    paused = Happening(PAUSED, START - minutes(5))
    assert since(START, [paused])[1:] == [Happening(PAUSED, START)]
    (only,) = runs_of(SOLUTION, since(START, [paused]))
    assert only == run((0, 0), state=ClockState.PAUSED)


def test_the_last_status_before_the_start_holds_in_whichever_order_they_are_stored():
    paused = Happening(PAUSED, START - minutes(5))
    resumed = Happening(RESUMED, START - minutes(3))
    for stored in ([paused, resumed], [resumed, paused]):
        (only,) = runs_of(SOLUTION, since(START, stored))
        assert only.state is ClockState.RUNNING


def test_happenings_are_put_in_order_and_those_of_one_instant_stay_in_theirs():
    one, other = Happening(WROTE, START), Happening(ANSWERED, START)
    later = Happening(RESOLVED, START + minutes(1))
    assert since(START, [later, one, other])[1:] == [one, other, later]
    assert since(START, [other, later, one])[1:] == [other, one, later]


# What is stored


def test_a_happening_comes_back_as_it_was_stored():
    full = Happening(RESOLVED, START, "P2", False)
    assert full.as_list() == ["resolved", "2026-11-23T09:00:00+00:00", "P2", False]
    for each in (full, Happening(WROTE, START)):
        assert Happening.from_list(each.as_list()) == each


@pytest.mark.parametrize(
    "stored",
    [
        [],
        ["resolved", "2026-11-23T09:00:00+00:00"],
        ["vanished", "2026-11-23T09:00:00+00:00", None, None],
        ["resolved", "yesterday", None, None],
        ["resolved", "2026-11-23T09:00:00", None, None],
        ["resolved", None, None, None],
    ],
)
def test_other_data_is_no_happening(stored):
    with pytest.raises((TypeError, ValueError)):
        Happening.from_list(stored)


@pytest.mark.parametrize(
    ("log", "event", "does"),
    [
        ([REGISTERED], RESUMED, False),
        ([REGISTERED], PAUSED, True),
        ([REGISTERED, PAUSED], PAUSED, False),
        ([REGISTERED], WROTE, False),
        ([REGISTERED, ANSWERED], WROTE, True),
        ([REGISTERED, ANSWERED, WROTE], WROTE, False),
        ([REGISTERED, ANSWERED], ANSWERED, False),
        ([REGISTERED, RESOLVED], CLOSED, True),
    ],
)
def test_only_what_moves_a_clock_is_worth_storing(log, event, does):
    happened = after(*log)
    added = Happening(event, happened[-1].at + minutes(1))
    assert changes_anything(happened, added) is does


# Statuses

STATUSES = (OPEN, WAITING, OVER, "Other", "", None)


@pytest.mark.parametrize(
    ("before", "then", "events"),
    [
        (OPEN, WAITING, (PAUSED,)),
        (WAITING, OPEN, (RESUMED,)),
        (OPEN, OVER, (RESOLVED,)),
        (WAITING, OVER, (RESOLVED,)),
        (OVER, OPEN, (REOPENED,)),
        (OVER, WAITING, (REOPENED, PAUSED)),
    ],
)
def test_a_change_of_the_status_says_what_happened(before, then, events):
    facts = {"counts_before": True}
    assert status_events(before, then, counts_after=True, **facts) == events
    for_no_solution = tuple(CLOSED if each is RESOLVED else each for each in events)
    assert status_events(before, then, counts_after=False, **facts) == for_no_solution


def test_another_reason_of_a_closed_request_says_whether_it_was_solved():
    def events(counts_before, counts_after):
        return status_events(
            OVER, OVER, counts_before=counts_before, counts_after=counts_after
        )

    assert events(True, False) == (CLOSED,)
    assert events(False, True) == (RESOLVED,)
    assert events(True, True) == events(False, False) == ()


@pytest.mark.parametrize("before", STATUSES)
def test_a_status_that_stays_or_that_nobody_knows_says_nothing(before):
    for then in STATUSES:
        if before == then or not {before, then} <= {OPEN, WAITING, OVER}:
            facts = {"counts_before": True, "counts_after": True}
            assert status_events(before, then, **facts) == ()


def test_a_reason_does_not_matter_as_long_as_a_request_is_not_closed():
    for status in (OPEN, WAITING):
        facts = {"counts_before": True, "counts_after": False}
        assert status_events(status, status, **facts) == ()


@pytest.mark.parametrize(
    ("events", "status", "counts"),
    [
        ([], OPEN, True),
        ([REGISTERED, ANSWERED], OPEN, True),
        ([PAUSED], WAITING, True),
        ([PAUSED, WROTE], WAITING, True),
        ([PAUSED, RESUMED], OPEN, True),
        ([RESOLVED], OVER, True),
        ([CLOSED, ANSWERED], OVER, False),
        ([CLOSED, RESOLVED], OVER, True),
        ([CLOSED, REOPENED], OPEN, True),
    ],
)
def test_the_status_is_what_happened_last(events, status, counts):
    assert status_after(after(*events)) == (status, counts)


def test_the_log_of_a_request_says_the_status_that_it_has():
    """Whatever its statuses were: what is not stored has not changed them."""
    for statuses in product(
        [(OPEN, True), (WAITING, True), (OVER, True), (OVER, False)], repeat=4
    ):
        log = after(REGISTERED)
        for status, counts in statuses:
            was, counted = status_after(log)
            for event in status_events(
                was, status, counts_before=counted, counts_after=counts
            ):
                happening = Happening(event, log[-1].at + minutes(1))
                assert changes_anything(log, happening)
                log.append(happening)
            assert status_after(log) == (status, counts)


def test_a_pause_stops_the_clock_of_the_solution_alone():
    assert PAUSING == (SOLUTION,)
