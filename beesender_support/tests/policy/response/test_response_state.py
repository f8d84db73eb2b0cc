"""The response clock: how a promise stands, and that it stays what it was."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from beesender_support.policy.calendar.holidays import Holiday
from beesender_support.policy.calendar.windows import (
    AROUND_THE_CLOCK,
    DAY,
    HOUR,
    Window,
)
from beesender_support.policy.calendar.zones import (
    time_zone,
    time_zone_database_version,
)
from beesender_support.policy.plans.catalogue import CATALOGUE
from beesender_support.policy.response.deadline_explanation import explain_promise
from beesender_support.policy.response.response_state import (
    AT_RISK,
    BREACHED,
    DUE,
    MET,
    NO_PROMISE,
    NONE,
    Response,
    assess,
    compliance,
    is_history,
)
from beesender_support.policy.response.terms import Terms
from beesender_support.tests.policy.factories import (
    at,
    make_plan,
    make_terms,
    make_tier,
)

INCIDENT = CATALOGUE.category("Incident")
ENHANCEMENT = CATALOGUE.category("Paid enhancement request")
MICROSECOND = timedelta(microseconds=1)
# Basic, GMT+3: four support hours from Friday 17:30 are half an hour of Friday and three
# and a half of Monday.
FRIDAY_EVENING = "2026-11-20T17:30+03:00"
MONDAY_DUE = at("2026-11-23T12:30+03:00")


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def stand(terms=None, *, responded_at=None, now, priority="P1", **options):
    return assess(
        terms or make_terms(FRIDAY_EVENING),
        priority,
        responded_at=responded_at,
        now=now,
        **options,
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


def test_it_is_said_that_nothing_is_promised():
    sentence = explain_promise(make_terms(FRIDAY_EVENING), ENHANCEMENT, "P3", None)
    assert str(sentence) == "No response time is promised for Paid enhancement request."


@pytest.mark.parametrize(
    ("tier", "zone", "priority", "text"),
    [
        (
            "Basic",
            "GMT+3",
            "P1",
            "Basic answers P1 within 4 h of support time"
            " (Mon-Fri 09:00-18:00, GMT+3): by Mon 2026-11-23 12:30.",
        ),
        (
            "Premium",
            "Asia/Kathmandu",
            "P2",
            "Premium answers P2 within 2 h of support time"
            " (24/7, Asia/Kathmandu): by Fri 2026-11-20 22:15.",
        ),
    ],
)
def test_it_is_said_what_is_promised_in_the_time_of_the_plan(
    tier, zone, priority, text
):
    terms = make_terms(FRIDAY_EVENING, tier, time_zone=zone)
    due = stand(terms, priority=priority, now=at(FRIDAY_EVENING)).due
    assert str(explain_promise(terms, INCIDENT, priority, due)) == text


def test_half_hours_and_seconds_are_said_too():
    tier = make_tier(response_targets={"P1": hours(1.5)})
    terms = make_terms("2026-11-23T10:00:20+03:00", tier)
    sentence = explain_promise(terms, INCIDENT, "P1", at("2026-11-23T11:30:20+03:00"))
    assert "within 1 h 30 min of support time" in str(sentence)
    assert str(sentence).endswith("11:30:20.")


# Terms


HOLIDAYS = (
    Holiday(date(2026, 11, 19), "Gone"),
    Holiday(date(2026, 11, 20), "Today", 17 * HOUR, DAY),
    Holiday(date(2026, 11, 23), "To come"),
)


@pytest.mark.parametrize(
    "terms",
    [
        make_terms(FRIDAY_EVENING),
        make_terms(FRIDAY_EVENING, "Premium", time_zone="Europe/Berlin"),
        make_terms(FRIDAY_EVENING, holidays=HOLIDAYS),
        make_terms("2026-11-20T17:30:00.000001+05:45"),
        make_terms(
            FRIDAY_EVENING,
            make_tier(
                windows=(Window(4, 22 * HOUR, 30 * HOUR), *AROUND_THE_CLOCK[:3]),
                response_targets={"P1": timedelta(minutes=7, microseconds=3)},
            ),
        ),
    ],
)
def test_terms_come_back_from_json_as_they_were(terms):
    stored = json.dumps(terms.as_dict())
    back = Terms.from_dict(json.loads(stored))
    assert back == terms
    assert json.dumps(back.as_dict()) == stored
    now = at("2026-11-24T12:00+03:00")
    assert stand(back, now=now) == stand(terms, now=now)


def test_a_start_in_a_repeated_hour_comes_back_as_the_same_instant():
    second = datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=time_zone("Europe/Berlin"))
    terms = Terms.of(make_plan("Premium"), INCIDENT, second)
    back = Terms.from_dict(json.loads(json.dumps(terms.as_dict())))
    assert stand(back, now=second).due == at("2026-10-25T03:30+01:00")


def test_terms_of_an_unknown_format_are_refused():
    stored = {**make_terms(FRIDAY_EVENING).as_dict(), "format": 3}
    with pytest.raises(ValueError, match="format 3"):
        Terms.from_dict(stored)


@pytest.mark.parametrize("key", make_terms(FRIDAY_EVENING).as_dict())
def test_terms_with_a_part_missing_are_refused(key):
    stored = make_terms(FRIDAY_EVENING).as_dict()
    del stored[key]
    with pytest.raises(KeyError, match=key):
        Terms.from_dict(stored)


def test_terms_name_the_rules_of_time_zones_they_were_counted_by():
    terms = make_terms(FRIDAY_EVENING)
    assert terms.as_dict()["time_zone_database"] == time_zone_database_version()
    older = Terms.from_dict({**terms.as_dict(), "time_zone_database": "2001a"})
    assert older.time_zone_database == "2001a"


def test_terms_keep_the_holidays_of_the_plan():
    plan = make_plan(holidays=HOLIDAYS[::-1])
    terms = Terms.of(plan, INCIDENT, at(FRIDAY_EVENING))
    assert terms.holidays == HOLIDAYS
    due = plan.calendar.add(at(FRIDAY_EVENING), hours(4))
    assert stand(terms, now=MONDAY_DUE).due == due == at("2026-11-24T13:00+03:00")
    back = Terms.from_dict(terms.as_dict())
    assert stand(back, now=MONDAY_DUE).due == due


def test_a_clock_started_earlier_skips_the_holidays_before_its_first_start():
    terms = make_terms("2026-11-23T10:00+03:00", holidays=HOLIDAYS[:2])
    earlier = terms.restarted(at("2026-11-18T17:00+03:00"))
    due = at("2026-11-20T12:00+03:00")
    assert stand(earlier, now=MONDAY_DUE).due == due
    back = Terms.from_dict(terms.as_dict()).restarted(at("2026-11-18T17:00+03:00"))
    assert stand(back, now=MONDAY_DUE).due == due


def test_editing_a_tier_or_plan_afterwards_does_not_change_the_terms():
    tier = make_tier()
    plan = make_plan(tier)
    terms = Terms.of(plan, INCIDENT, at(FRIDAY_EVENING))
    stored = json.dumps(terms.as_dict())
    slower = replace(tier, response_targets={"P1": hours(40)}, windows=AROUND_THE_CLOCK)
    edited = replace(plan, tier=slower, time_zone="GMT-2", holidays=HOLIDAYS)
    assert Terms.of(edited, INCIDENT, at(FRIDAY_EVENING)) != terms
    back = Terms.from_dict(json.loads(stored))
    assert stand(back, now=MONDAY_DUE).due == MONDAY_DUE
    assert stand(terms, now=MONDAY_DUE).due == MONDAY_DUE


def test_the_targets_in_terms_cannot_be_edited():
    with pytest.raises(TypeError):
        make_terms(FRIDAY_EVENING).response_targets["P1"] = hours(40)


def test_a_clock_started_later_keeps_the_promise():
    terms = make_terms(FRIDAY_EVENING)
    admitted = terms.restarted(at("2026-11-23T11:00+03:00"))
    assert stand(admitted, now=MONDAY_DUE).due == at("2026-11-23T15:00+03:00")
    assert replace(admitted, started_at=terms.started_at) == terms


@pytest.mark.parametrize("priority", ["P1", "P3"])
def test_the_first_answer_settles_the_promise_whatever_is_changed_afterwards(priority):
    answered = at("2026-11-23T16:00+03:00")
    kept = make_terms(FRIDAY_EVENING).settled("P3")
    response = stand(kept, responded_at=answered, now=answered, priority=priority)
    assert (response.state, response.target) == (MET, hours(8))
    assert kept.moved_to(ENHANCEMENT) == kept
    assert kept.settled("P1") == kept
    assert stand(kept.unsettled(), now=MONDAY_DUE).target == hours(4)


def test_another_category_before_the_answer_makes_or_takes_the_promise():
    terms = make_terms(FRIDAY_EVENING)
    moved = terms.moved_to(ENHANCEMENT)
    assert stand(moved, now=MONDAY_DUE).state == NONE
    assert moved.moved_to(INCIDENT) == terms


def test_what_a_category_promised_is_read_from_the_terms_and_not_from_today():
    stored = make_terms(FRIDAY_EVENING).as_dict()
    assert (stored["category"], stored["promises_response"]) == ("Incident", True)
    changed = Terms.from_dict({**stored, "promises_response": False})
    assert stand(changed, now=MONDAY_DUE).state == NONE


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


def test_history_without_its_stamps_is_not_judged():
    terms = make_terms(FRIDAY_EVENING).without_clock()
    assert stand(terms, now=MONDAY_DUE).state == NONE
    assert Terms.from_dict(terms.as_dict()) == terms
    assert stand(terms.restarted(at(FRIDAY_EVENING)), now=MONDAY_DUE).due == MONDAY_DUE


def test_terms_of_format_1_are_read_and_want_their_category():
    stored = make_terms(FRIDAY_EVENING).as_dict()
    for key in ("category", "promises_response", "settled_priority", "has_clock"):
        del stored[key]
    terms = Terms.from_dict({**stored, "format": 1})
    assert terms.promises_response is None
    assert terms.moved_to(INCIDENT) == make_terms(FRIDAY_EVENING)


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
