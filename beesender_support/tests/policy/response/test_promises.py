"""Everything that is promised of a request, and how it stands as a whole."""

from datetime import timedelta

import pytest

from beesender_support.policy.response.clocks import Event, Happening, single_run
from beesender_support.policy.response.promises import (
    FIRST_ANSWER_DUE,
    MORE_DUE,
    NOTHING_PROMISED,
    Promised,
    Promises,
    assess_all,
    in_order,
    is_history_of_solution,
)
from beesender_support.policy.response.response_state import (
    AT_RISK,
    BREACHED,
    DUE,
    MET,
    NO_PROMISE,
    NONE,
    PAUSED,
    WITHDRAWN,
    Response,
)
from beesender_support.policy.sold.targets import (
    FIRST_ANSWER,
    NEXT_ANSWER,
    SOLUTION,
    TARGETS,
)
from beesender_support.tests.policy.factories import (
    ENHANCEMENT,
    at,
    hours,
    make_terms,
    make_tier,
    stand,
)

# On Monday 2026-11-23 in GMT+3, where support opens at nine.
MONDAY = "2026-11-23T09:00+03:00"
FURTHER = {
    NEXT_ANSWER: {"P1": hours(2), "P2": hours(1)},
    SOLUTION: {"P1": hours(6), "P2": hours(8)},
}
TERMS = make_terms(MONDAY, make_tier(further_targets=FURTHER))


def o_clock(number: float):
    return at("2026-11-23T00:00+03:00") + hours(number)


def happened(*events, priority=None, is_promised=None) -> list[Happening]:
    return [
        Happening(event, o_clock(hour), priority, is_promised) for event, hour in events
    ]


def promises(*events, now: float, answered: float | None = None, terms=TERMS, **facts):
    return assess_all(
        terms,
        facts.pop("priority", "P1"),
        responded_at=None if answered is None else o_clock(answered),
        happenings=happened(*events),
        now=o_clock(now),
        **facts,
    )


def states(found: Promises) -> dict[str, str]:
    return {target: found.of(target).state for target in TARGETS}


def test_of_nothing_promised_nothing_is_said():
    assert NOTHING_PROMISED.overall == NONE
    assert NOTHING_PROMISED.each() == ()
    assert NOTHING_PROMISED.of(SOLUTION) is NO_PROMISE
    assert NOTHING_PROMISED.run_of(SOLUTION) is None


def test_a_new_request_is_due_an_answer_and_a_solution():
    found = promises(now=9)
    assert states(found) == {FIRST_ANSWER: DUE, NEXT_ANSWER: NONE, SOLUTION: DUE}
    assert found.of(FIRST_ANSWER).due == o_clock(13)
    assert found.of(SOLUTION).due == o_clock(15)
    assert [each.target for each in found.each()] == [FIRST_ANSWER, SOLUTION]
    assert found.run_of(FIRST_ANSWER) == single_run(TERMS.started_at)
    assert found.run_of(NEXT_ANSWER) is None


def test_the_first_answer_is_the_same_with_and_without_other_targets():
    alone = make_terms(MONDAY)
    for answered, closed in ((None, None), (10, None), (14, 15), (None, 14)):
        facts = {
            "responded_at": None if answered is None else o_clock(answered),
            "closed_at": None if closed is None else o_clock(closed),
            "now": o_clock(16),
        }
        found = assess_all(TERMS, "P1", **facts)
        only = assess_all(alone, "P1", **facts)
        assert found.of(FIRST_ANSWER) == only.of(FIRST_ANSWER) == stand(alone, **facts)
        assert (only.further, only.earlier) == ((), ())


def test_next_answers_are_promised_one_after_another():
    found = promises(
        (Event.CUSTOMER_WROTE, 10),
        (Event.ANSWERED, 11),
        (Event.CUSTOMER_WROTE, 12),
        (Event.ANSWERED, 15),
        (Event.CUSTOMER_WROTE, 16),
        now=17,
        answered=9.5,
    )
    assert found.of(NEXT_ANSWER).due == o_clock(18)
    assert [each.response.state for each in found.earlier] == [MET, BREACHED]
    assert {each.target for each in found.earlier} == {NEXT_ANSWER}
    assert found.earlier[1].response.late_by == hours(1)
    assert found.overall == BREACHED


def test_the_first_answer_starts_no_next_one_and_answers_none():
    found = promises((Event.CUSTOMER_WROTE, 9.5), now=11, answered=10)
    assert found.of(NEXT_ANSWER) is NO_PROMISE


def test_a_pause_moves_the_solution_alone():
    found = promises((Event.PAUSED, 10), (Event.RESUMED, 12), now=12)
    assert found.of(SOLUTION).due == o_clock(17)
    assert found.of(FIRST_ANSWER).due == o_clock(13)


@pytest.mark.parametrize(
    ("events", "answered", "due"),
    [
        # The first answer at 13, the solution at 15, the next answer after two hours.
        ((), None, 13),
        ((), 9.5, 15),
        (((Event.CUSTOMER_WROTE, 10),), 9.5, 12),
        (((Event.PAUSED, 10),), 9.5, None),
        (((Event.PAUSED, 10),), None, 13),
        (((Event.RESOLVED, 10),), 9.5, None),
    ],
)
def test_the_soonest_of_what_nobody_has_given_is_due_next(events, answered, due):
    for now in (11, 17):
        found = promises(*events, now=now, answered=answered)
        assert found.next_due(is_closed=False) == (due and o_clock(due))
        assert found.next_due(is_closed=True) is None
    assert NOTHING_PROMISED.next_due(is_closed=False) is None


def test_each_promise_goes_by_its_own_length_of_the_present_priority():
    events = [(Event.CUSTOMER_WROTE, 10)]
    found = promises(*events, now=10, answered=9.5, priority="P2")
    assert found.of(NEXT_ANSWER).due == o_clock(11)
    assert found.of(SOLUTION).due == o_clock(17)


def test_what_is_settled_goes_by_the_priority_and_category_that_it_was_settled_by():
    solved = happened((Event.RESOLVED, 16), priority="P2", is_promised=True)
    facts = {"responded_at": o_clock(10), "now": o_clock(17), "happenings": solved}
    assert assess_all(TERMS, "P1", **facts).of(SOLUTION).state == MET
    moved = TERMS.settled("P1").moved_to(ENHANCEMENT)
    assert assess_all(moved, "P1", **facts).of(SOLUTION).state == MET
    unpromised = [each._replace(is_promised=False) for each in solved]
    facts["happenings"] = unpromised
    assert assess_all(TERMS, "P1", **facts).of(SOLUTION) is NO_PROMISE


def test_of_a_target_without_a_length_for_the_priority_nothing_is_promised():
    found = promises(now=10, priority="P3")
    assert found.of(SOLUTION) is NO_PROMISE
    assert [each.target for each in found.each()] == [FIRST_ANSWER]


def test_from_which_share_it_is_at_risk_can_be_chosen_for_all():
    found = promises((Event.CUSTOMER_WROTE, 11), now=12, answered=10, at_risk_share=0.5)
    assert states(found) == {FIRST_ANSWER: MET, NEXT_ANSWER: AT_RISK, SOLUTION: AT_RISK}
    later = promises((Event.CUSTOMER_WROTE, 11), now=12, answered=10)
    assert states(later) == {FIRST_ANSWER: MET, NEXT_ANSWER: DUE, SOLUTION: DUE}


def test_happenings_are_put_in_order_with_the_first_answer_among_them():
    wrote, paused = happened((Event.CUSTOMER_WROTE, 10), (Event.PAUSED, 9.5))
    answered = Happening(Event.ANSWERED, o_clock(9.75))
    registered = Happening(Event.REGISTERED, TERMS.started_at)
    assert in_order(TERMS.started_at, answered.at, [wrote, paused]) == [
        registered,
        paused,
        answered,
        wrote,
    ]
    assert in_order(TERMS.started_at, None, [paused]) == [registered, paused]


# Deadlines to tell


def promised(target, *events, now: float, answered: float | None = 10) -> Promised:
    found = promises(*events, now=now, answered=answered)
    return next(each for each in found.each() if each.target == target)


def test_what_is_open_is_awaited_by_its_deadline_also_when_that_has_passed():
    for now in (10, 16):
        solution = promised(SOLUTION, now=now)
        assert solution.due == solution.awaited_by == o_clock(15)


def test_what_is_settled_was_due_and_is_awaited_no_more():
    answer = promised(FIRST_ANSWER, now=11)
    assert (answer.due, answer.awaited_by) == (o_clock(13), None)
    solution = promised(SOLUTION, (Event.RESOLVED, 11), now=12)
    assert (solution.due, solution.awaited_by) == (o_clock(15), None)


@pytest.mark.parametrize("event", [Event.PAUSED, Event.CLOSED])
def test_there_is_no_deadline_in_a_pause_nor_where_nothing_is_owed(event):
    solution = promised(SOLUTION, (event, 11), now=12)
    assert (solution.due, solution.awaited_by) == (None, None)


def test_a_message_that_was_set_aside_late_is_awaited_no_more():
    late = promised(
        NEXT_ANSWER, (Event.CUSTOMER_WROTE, 11), (Event.RESOLVED, 14), now=15
    )
    assert late.response.state == BREACHED
    assert (late.due, late.awaited_by) == (o_clock(13), None)


def test_what_nobody_knows_of_is_awaited_by_nothing():
    assert (Promised(SOLUTION).due, Promised(SOLUTION).awaited_by) == (None, None)


# As a whole


@pytest.mark.parametrize(
    ("first", "following", "solution", "earlier", "overall"),
    [
        (NONE, NONE, NONE, [], NONE),
        (DUE, NONE, NONE, [], FIRST_ANSWER_DUE),
        (AT_RISK, NONE, DUE, [], FIRST_ANSWER_DUE),
        (DUE, NONE, PAUSED, [], FIRST_ANSWER_DUE),
        (MET, NONE, NONE, [], MET),
        (MET, DUE, NONE, [], MORE_DUE),
        (MET, AT_RISK, PAUSED, [], MORE_DUE),
        (MET, MET, DUE, [], MORE_DUE),
        (NONE, NONE, DUE, [], MORE_DUE),
        (MET, NONE, PAUSED, [], PAUSED),
        (MET, MET, PAUSED, [MET], PAUSED),
        (MET, WITHDRAWN, WITHDRAWN, [], MET),
        (NONE, NONE, WITHDRAWN, [], NONE),
        (NONE, WITHDRAWN, WITHDRAWN, [MET], MET),
        (MET, MET, MET, [MET, MET], MET),
        (MET, MET, MET, [MET, BREACHED], BREACHED),
        (BREACHED, NONE, PAUSED, [], BREACHED),
        (DUE, NONE, BREACHED, [], BREACHED),
        (MET, BREACHED, MET, [], BREACHED),
    ],
)
def test_a_request_stands_as_the_worst_of_its_promises(
    first, following, solution, earlier, overall
):
    found = Promises(
        Promised(FIRST_ANSWER, Response(first)),
        tuple(
            Promised(target, Response(state))
            for target, state in ((NEXT_ANSWER, following), (SOLUTION, solution))
        ),
        tuple(Promised(NEXT_ANSWER, Response(state)) for state in earlier),
    )
    assert found.overall == overall


def test_closed_without_a_solution_a_request_is_fulfilled_if_it_was_answered():
    found = promises((Event.CLOSED, 11), now=18, answered=10)
    assert states(found) == {FIRST_ANSWER: MET, NEXT_ANSWER: NONE, SOLUTION: WITHDRAWN}
    assert found.of(SOLUTION).late_by == timedelta()
    assert found.overall == MET


# What nobody here knew of


@pytest.mark.parametrize(
    ("closed", "known", "imported", "solution", "is_history"),
    [
        (True, False, False, DUE, True),
        (True, False, True, MET, True),
        (True, True, False, MET, False),
        (True, True, True, BREACHED, False),
        (False, False, True, BREACHED, True),
        (False, False, True, DUE, False),
        (False, False, True, AT_RISK, False),
        (False, False, False, BREACHED, False),
        (False, True, False, DUE, False),
    ],
)
def test_further_promises_of_a_request_from_elsewhere_may_be_history(
    closed, known, imported, solution, is_history
):
    found = Promises(
        Promised(FIRST_ANSWER, Response(BREACHED)),
        (Promised(NEXT_ANSWER), Promised(SOLUTION, Response(solution))),
    )
    facts = {"is_closed": closed, "is_closing_known": known, "is_imported": imported}
    assert is_history_of_solution(found, **facts) is is_history


def test_each_next_answer_that_was_given_has_its_support_time_the_last_one_included():
    wrote, answered = Event.CUSTOMER_WROTE, Event.ANSWERED
    found = promises(
        (wrote, 10), (answered, 11), (wrote, 12), (answered, 15), now=16, answered=9
    )
    assert found.times_of(NEXT_ANSWER) == (hours(1), hours(3))
    assert found.times_of(FIRST_ANSWER) == (hours(0),)


def test_a_promise_that_nobody_has_kept_yet_has_no_support_time():
    found = promises((Event.CUSTOMER_WROTE, 10), now=16, answered=9)
    assert found.times_of(NEXT_ANSWER) == ()
    assert promises(now=16).times_of(FIRST_ANSWER) == ()
    assert NOTHING_PROMISED.times_of(SOLUTION) == ()


def test_of_what_is_not_promised_no_support_time_is_told():
    found = promises(
        (Event.CUSTOMER_WROTE, 10),
        (Event.ANSWERED, 11),
        now=16,
        answered=9,
        priority="P4",
    )
    assert found.times_of(NEXT_ANSWER) == ()
