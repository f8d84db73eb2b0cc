"""The response clock: how a promise stands."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beesender_support.policy.response.clocks import (
    Event,
    Happening,
    runs_of,
    since,
    single_run,
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
    assess,
    at_risk_share,
    compliance,
    counts,
    is_history,
    is_still_promised,
    measure,
    measure_answered,
    owed,
    share_in_percent,
)
from beesender_support.policy.sold.targets import NEXT_ANSWER, SOLUTION
from beesender_support.tests.policy.factories import (
    ENHANCEMENT,
    FRIDAY_EVENING,
    MICROSECOND,
    MONDAY_DUE,
    at,
    hours,
    make_terms,
    make_tier,
    stand,
)


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (at(FRIDAY_EVENING), DUE),
        (MONDAY_DUE - hours(1) - MICROSECOND, DUE),
        (MONDAY_DUE - hours(1), AT_RISK),
        (MONDAY_DUE - MICROSECOND, AT_RISK),
        (MONDAY_DUE, AT_RISK),
        (MONDAY_DUE + MICROSECOND, BREACHED),
    ],
)
def test_an_unanswered_request_is_due_then_at_risk_then_breached(now, state):
    response = stand(now=now)
    assert (response.state, response.due) == (state, MONDAY_DUE)
    assert response.target == hours(4)
    assert response.at_risk_from == MONDAY_DUE - hours(1)


@pytest.mark.parametrize(
    ("answered", "state", "late_by"),
    [
        (MONDAY_DUE - MICROSECOND, MET, timedelta()),
        (MONDAY_DUE, MET, timedelta()),
        (MONDAY_DUE + MICROSECOND, BREACHED, MICROSECOND),
        (MONDAY_DUE + hours(1), BREACHED, hours(1)),
        (at("2026-11-24T10:00+03:00"), BREACHED, hours(6.5)),
    ],
)
def test_an_answer_at_the_deadline_is_in_time_and_after_it_is_not(
    answered, state, late_by
):
    for now in (answered, answered + timedelta(days=30)):
        response = stand(responded_at=answered, now=now)
        assert (response.state, response.late_by) == (state, late_by)


def test_used_time_stops_at_the_answer():
    answered = at("2026-11-23T10:00+03:00")
    response = stand(responded_at=answered, now=answered + timedelta(days=9))
    assert response.used == hours(1.5)
    assert stand(now=answered).used == hours(1.5)


def test_an_answer_outside_support_hours_counts():
    answered = at("2026-11-21T03:00+03:00")
    response = stand(responded_at=answered, now=answered)
    assert (response.state, response.used) == (MET, hours(0.5))


def test_after_a_deadline_at_closing_an_answer_in_the_evening_is_late_by_no_working_time():
    terms = make_terms("2026-11-23T14:00+03:00")
    closing = at("2026-11-23T18:00+03:00")
    response = stand(terms, responded_at=closing + hours(2), now=closing + hours(2))
    assert response.due == closing
    assert (response.state, response.late_by) == (BREACHED, timedelta())


@pytest.mark.parametrize(("share", "state"), [(0.5, AT_RISK), (0.6, DUE), (0, AT_RISK)])
def test_the_share_of_the_target_that_is_a_risk_can_be_chosen(share, state):
    half_way = at("2026-11-23T10:30+03:00")
    assert stand(now=half_way, at_risk_share=share).state == state


@pytest.mark.parametrize(
    ("tier", "priority", "due"),
    [
        ("Basic", "P1", "2026-11-23T12:30+03:00"),
        ("Basic", "P2", "2026-11-23T16:30+03:00"),
        ("Business", "P1", "2026-11-21T09:30+03:00"),
        ("Business", "P4", "2026-11-21T12:30+03:00"),
        ("Premium", "P1", "2026-11-20T18:30+03:00"),
        ("Premium", "P3", "2026-11-20T19:30+03:00"),
    ],
)
def test_the_deadline_of_each_tier(tier, priority, due):
    terms = make_terms(FRIDAY_EVENING, tier)
    assert stand(terms, priority=priority, now=at(FRIDAY_EVENING)).due == at(due)


def test_another_priority_keeps_the_start_and_changes_the_target():
    terms, now = make_terms(FRIDAY_EVENING), at("2026-11-23T13:00+03:00")
    assert stand(terms, priority="P1", now=now).state == BREACHED
    lowered = stand(terms, priority="P3", now=now)
    assert lowered.due == at("2026-11-23T16:30+03:00")
    assert lowered.used == stand(terms, priority="P1", now=now).used


# No promise


def test_a_category_without_a_promise_has_no_deadline():
    terms = make_terms(FRIDAY_EVENING)
    response = assess(
        terms.moved_to(ENHANCEMENT), "P3", responded_at=None, now=MONDAY_DUE
    )
    assert response is NO_PROMISE
    assert (response.state, response.due, response.target) == ("none", None, None)


def test_a_tier_without_a_target_for_a_priority_promises_nothing():
    tier = make_tier(response_targets={"P1": hours(4)})
    terms = make_terms(FRIDAY_EVENING, tier)
    assert stand(terms, priority="P2", now=MONDAY_DUE) is NO_PROMISE


@pytest.mark.parametrize(
    ("closed", "late_by", "overdue"),
    [
        ("2026-11-23T10:00+03:00", hours(0), hours(0)),
        ("2026-11-23T12:30+03:00", hours(0), hours(0)),
        ("2026-11-23T13:30+03:00", hours(1), hours(1)),
        ("2026-11-23T20:30+03:00", hours(5.5), hours(8)),
    ],
)
@pytest.mark.parametrize("looked_at", ["2026-11-24T09:00+03:00", "2026-12-24T09:00Z"])
def test_a_request_closed_unanswered_is_late_and_no_later_for_being_looked_at(
    closed, late_by, overdue, looked_at
):
    response = stand(closed_at=at(closed), now=at(looked_at))
    assert response.state == BREACHED
    assert (response.late_by, response.overdue) == (late_by, overdue)


def test_a_request_closed_unanswered_is_late_only_when_its_deadline_comes():
    closed = at("2026-11-23T10:00+03:00")
    assert stand(closed_at=closed, now=MONDAY_DUE).state == DUE


# Clocks that stand. Six hours from Monday 09:00 to 15:00, by default.

MONDAY = make_terms("2026-11-23T09:00+03:00")


def o_clock(number: float):
    return at("2026-11-23T00:00+03:00") + hours(number)


def solution(*events: tuple[Event, float], now: float, length: float = 6) -> Response:
    happened = [Happening(event, o_clock(hour)) for event, hour in events]
    (run,) = runs_of(SOLUTION, since(MONDAY.started_at, happened))
    return measure(MONDAY.calendar, hours(length), run, now=o_clock(now))


def test_a_paused_promise_is_neither_due_nor_at_risk_nor_late():
    for now in (14, 14.5, 15, 40):
        found = solution((Event.PAUSED, 14), now=now)
        assert (found.state, found.used) == (PAUSED, hours(5))
        # As if it continued where it stands.
        assert (found.due, found.at_risk_from) == (o_clock(15), o_clock(13.5))


def test_after_a_pause_the_deadline_is_later_by_it():
    found = solution((Event.PAUSED, 10), (Event.RESUMED, 11.5), now=15)
    assert (found.state, found.due) == (AT_RISK, o_clock(16.5))
    assert found.used == hours(4.5)
    assert found.at_risk_from == o_clock(15)


def test_a_pause_over_night_moves_the_deadline_by_the_support_hours_in_it():
    found = solution((Event.PAUSED, 14), (Event.RESUMED, 24 + 10), now=24 + 10)
    assert found.due == o_clock(24 + 11)


def test_used_up_where_the_pause_begins_it_is_in_time_until_it_goes_on():
    pause, goes_on = (Event.PAUSED, 15), (Event.RESUMED, 16)
    assert solution(pause, now=15.5).state == PAUSED
    assert solution(pause, now=15.5).due == o_clock(15)
    assert solution(pause, goes_on, now=16).state == AT_RISK
    found = solution(pause, goes_on, now=16.25)
    assert (found.state, found.due) == (BREACHED, o_clock(15))
    assert found.late_by == found.overdue == hours(0.25)
    assert solution(pause, (Event.RESOLVED, 16), now=17).state == MET


def test_late_stays_late_in_a_pause_and_grows_no_further():
    for now in (16, 40):
        found = solution((Event.PAUSED, 16), now=now)
        assert (found.state, found.late_by) == (BREACHED, hours(1))
        assert found.overdue == hours(1)


def test_how_late_it_is_counts_the_time_in_which_it_ran():
    events = (Event.PAUSED, 16), (Event.RESUMED, 17)
    found = solution(*events, now=17.5)
    assert (found.late_by, found.overdue) == (hours(1.5), hours(1.5))
    solved = solution(*events, (Event.RESOLVED, 17.5), now=40)
    assert (solved.late_by, solved.overdue) == (hours(1.5), None)


def test_solved_and_reopened_it_goes_on_with_what_had_elapsed():
    solved, reopened = (Event.RESOLVED, 12), (Event.REOPENED, 24 + 9)
    assert solution(solved, now=40).state == MET
    found = solution(solved, reopened, now=24 + 9)
    assert (found.state, found.used) == (DUE, hours(3))
    assert found.due == o_clock(24 + 12)


def test_solved_late_and_reopened_it_is_still_late():
    found = solution((Event.RESOLVED, 16), (Event.REOPENED, 33), now=33)
    assert (found.state, found.late_by) == (BREACHED, hours(1))


def test_what_is_solved_in_a_pause_is_not_solved_after_its_deadline():
    found = solution((Event.PAUSED, 10), (Event.RESOLVED, 17), now=17)
    assert (found.state, found.used) == (MET, hours(1))
    assert found.due == o_clock(24 + 13)


@pytest.mark.parametrize("closed", [10, 15, 16])
@pytest.mark.parametrize("now", [16, 100])
def test_closed_for_no_solution_nothing_is_owed_late_or_not(closed, now):
    found = solution((Event.CLOSED, closed), now=now)
    assert (found.state, found.late_by, found.overdue) == (WITHDRAWN, hours(0), None)
    assert found.used == hours(closed - 9)


@pytest.mark.parametrize("state", [DUE, AT_RISK, PAUSED, MET, BREACHED, NONE])
def test_only_what_was_withdrawn_is_owed_no_more(state):
    assert owed(Response(state)) == Response(state)
    assert owed(solution((Event.CLOSED, 10), now=11)) is NO_PROMISE


def test_closed_for_no_solution_and_reopened_it_is_as_late_as_it_was():
    found = solution((Event.CLOSED, 16), (Event.REOPENED, 17), now=17)
    assert (found.state, found.late_by) == (BREACHED, hours(1))


def next_answer(*events: tuple[Event, float], now: float) -> list[Response]:
    happened = [Happening(Event.ANSWERED, MONDAY.started_at)]
    happened += [Happening(event, o_clock(hour)) for event, hour in events]
    runs = runs_of(NEXT_ANSWER, happened)
    return [measure(MONDAY.calendar, hours(2), run, now=o_clock(now)) for run in runs]


def test_a_message_that_waits_when_the_request_is_closed_is_owed_nothing_more():
    (thanks,) = next_answer((Event.CUSTOMER_WROTE, 10), (Event.RESOLVED, 11), now=99)
    assert (thanks.state, thanks.used) == (WITHDRAWN, hours(1))
    (late,) = next_answer((Event.CUSTOMER_WROTE, 10), (Event.RESOLVED, 13), now=99)
    assert (late.state, late.late_by, late.overdue) == (BREACHED, hours(1), hours(1))


def test_the_next_message_has_all_its_time():
    thanks, question = next_answer(
        (Event.CUSTOMER_WROTE, 10),
        (Event.RESOLVED, 11),
        (Event.CUSTOMER_WROTE, 13),
        now=13,
    )
    assert thanks.state == WITHDRAWN
    assert (question.state, question.due) == (DUE, o_clock(15))


LATE = timedelta(hours=1)


@pytest.mark.parametrize(
    ("response", "closed", "imported", "neither"),
    [
        # Whether it is history if it is closed, imported open, or neither.
        (Response(DUE), True, False, False),
        (Response(AT_RISK), True, False, False),
        (Response(BREACHED, overdue=LATE), True, True, False),
        (Response(BREACHED, overdue=timedelta()), True, True, False),
        (Response(BREACHED, late_by=LATE), False, False, False),
        (Response(MET), False, False, False),
        (NO_PROMISE, False, False, False),
    ],
)
def test_nothing_is_counted_for_history(response, closed, imported, neither):
    assert is_history(response, is_closed=True, is_imported=False) == closed
    assert is_history(response, is_closed=True, is_imported=True) == closed
    assert is_history(response, is_closed=False, is_imported=True) == imported
    assert is_history(response, is_closed=False, is_imported=False) == neither


@pytest.mark.parametrize(
    ("met", "breached", "share"),
    [(0, 0, None), (0, 1, 0.0), (1, 0, 1.0), (3, 1, 0.75)],
)
def test_compliance_is_what_was_kept_of_what_is_known(met, breached, share):
    assert compliance(met, breached) == share


@pytest.mark.parametrize(
    ("met", "known", "percent"),
    [
        (0, 1, 0.0),
        (1, 1, 100.0),
        (1, 3, 33.3),
        (2, 3, 66.7),
        (9_995, 10_000, 99.9),
        (999_999, 1_000_000, 99.9),
        (1, 1_000_000, 0.0),
    ],
)
def test_a_share_is_never_rounded_up_to_all(met, known, percent):
    assert share_in_percent(met / known) == percent


@pytest.mark.parametrize(
    ("is_merged", "is_answered", "is_promised", "does_count"),
    [
        (False, False, True, True),
        (False, True, True, True),
        (True, True, True, False),
        (True, False, False, False),
    ],
)
def test_of_a_merged_request_nothing_more_is_promised_or_counted(
    is_merged, is_answered, is_promised, does_count
):
    facts = {"is_merged": is_merged, "is_answered": is_answered}
    assert is_still_promised(**facts) is is_promised
    assert counts(is_merged=is_merged) is does_count


@pytest.mark.parametrize(
    ("percent", "share"),
    [
        (None, 0.75),
        (0, 0.75),
        (1, 0.01),
        (0.5, 0.01),
        (75, 0.75),
        (99, 0.99),
        (500, 1.0),
        (-5, 0.01),
    ],
)
def test_the_share_at_risk_is_the_usual_one_unless_a_site_says_another(percent, share):
    assert at_risk_share(percent) == share


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)),
    st.timedeltas(timedelta(), timedelta(days=90)),
    st.timedeltas(MICROSECOND, timedelta(hours=400)),
    st.sampled_from(["Europe/Berlin", "GMT+3", "America/Sao_Paulo"]),
)
def test_what_a_list_says_of_an_answered_request_is_what_is_measured(
    start, after, target, zone
):
    start = start.replace(tzinfo=timezone.utc)
    calendar = make_terms(FRIDAY_EVENING, time_zone=zone).calendar
    run = single_run(start, start + after)
    response = measure(calendar, target, run, now=start)
    said = measure_answered(calendar, target, start, start + after)
    assert said == (response.due, response.state, response.used)
