"""The figures of a month, from requests as they stand."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest

from beesender_support.policy.allowances.ledger import Balance
from beesender_support.policy.reports.service_report import (
    CLOSED_UNKEPT,
    DECLINED,
    GIVEN_LATE,
    HELD,
    NOT_GIVEN,
    OUTSIDE,
    PROMISED,
    Allowance,
    Breach,
    Outcome,
    Reported,
    Requested,
    Seats,
    ServiceReport,
    Sold,
    Spread,
    breach_of,
    nearest_rank,
    report,
)
from beesender_support.policy.response.clocks import single_run
from beesender_support.policy.response.promises import Promised
from beesender_support.policy.response.response_state import assess
from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sold.entitlements import COUNT, HOURS
from beesender_support.policy.sold.targets import FIRST_ANSWER, NEXT_ANSWER, SOLUTION
from beesender_support.tests.policy.factories import (
    EXAMPLE,
    FRIDAY_EVENING,
    INCIDENT,
    MONDAY_DUE,
    at,
    hours,
    make_plan,
)

MET, LATE, OPEN = Outcome(1, 0, 0), Outcome(0, 1, 0), Outcome(0, 0, 1)


def reported(outcome=MET, response=None, **values):
    given = {
        "category": "Incident",
        "priority": "P2",
        "standing": PROMISED,
        "outcomes": {FIRST_ANSWER: outcome},
        "response": response,
        **values,
    }
    return Reported(**given)


def figures(*requests, **values):
    of_month = {
        "customer": EXAMPLE,
        "month": date(2026, 11, 1),
        "time_zone": "GMT+3",
        "counted_at": at("2026-12-01T09:00+00:00"),
        "is_over": True,
        "plans": (Sold("PLAN-0001", "Basic", "GMT+3", date(2026, 1, 1), None),),
        "seats": Seats(1, 2, date(2026, 11, 30)),
        "updates_per_year": 0,
    }
    return report(requests, **{**of_month, **values})


@pytest.mark.parametrize(
    ("lengths", "percent", "value"),
    [
        ([5], 50, 5),
        ([5], 90, 5),
        ([1, 2], 50, 1),
        ([3, 1, 2], 50, 2),
        ([4, 3, 2, 1], 50, 2),
        (range(1, 11), 90, 9),
        (range(1, 12), 90, 10),
        (range(1, 21), 90, 18),
        (range(1, 101), 90, 90),
        # 0.9 * 10 is 9.0 and 0.9 * 70 a little more than 63.
        (range(1, 71), 90, 63),
        ([15, 20, 35, 40, 50], 30, 20),
        ([15, 20, 35, 40, 50], 40, 20),
        ([15, 20, 35, 40, 50], 100, 50),
        ([15, 20, 35, 40, 50], 0, 15),
    ],
)
def test_a_percentile_is_one_of_the_values(lengths, percent, value):
    assert nearest_rank(map(hours, lengths), percent) == hours(value)


@pytest.mark.parametrize(
    ("outcomes", "total", "share"),
    [
        ([], (0, 0, 0), None),
        ([OPEN], (0, 0, 1), None),
        ([MET, MET, LATE, OPEN], (2, 1, 1), 2 / 3),
        ([LATE], (0, 1, 0), 0),
        ([MET], (1, 0, 0), 1),
    ],
)
def test_compliance_is_of_what_is_known(outcomes, total, share):
    counted = figures(*map(reported, outcomes)).outcomes[FIRST_ANSWER]
    assert counted == Outcome(*total)
    assert counted.compliance == (None if share is None else pytest.approx(share))
    assert counted.promised == len(outcomes)


def test_every_next_answer_counts_and_a_target_nobody_promised_is_left_out():
    first = reported(outcomes={FIRST_ANSWER: MET, NEXT_ANSWER: Outcome(3, 1, 1)})
    second = reported(outcomes={FIRST_ANSWER: LATE, NEXT_ANSWER: Outcome(0, 2, 0)})
    assert figures(first, second).outcomes == {
        FIRST_ANSWER: Outcome(1, 1, 0),
        NEXT_ANSWER: Outcome(3, 3, 1),
    }
    nothing = reported(outcomes={SOLUTION: Outcome()})
    assert list(figures(nothing).outcomes) == [FIRST_ANSWER]


def test_each_request_stands_in_one_way():
    standings = (PROMISED, PROMISED, OUTSIDE, HELD, DECLINED, DECLINED)
    counted = figures(*(reported(standing=each) for each in standings))
    assert counted.standings == {PROMISED: 2, OUTSIDE: 1, HELD: 1, DECLINED: 2}
    assert counted.requests == 6
    assert figures().requests == 0


def test_requests_are_counted_by_category_and_priority():
    requests = (
        reported(priority="P2"),
        reported(priority="P1"),
        reported(priority="P1"),
        reported(category="Consultation", priority="P3"),
        reported(category="", priority=""),
    )
    assert figures(*requests).requested == (
        Requested("", "", 1),
        Requested("Consultation", "P3", 1),
        Requested("Incident", "P1", 2),
        Requested("Incident", "P2", 1),
    )


def test_response_times_are_those_of_all_and_of_each_priority():
    requests = (
        reported(response=hours(1), priority="P1"),
        reported(response=hours(3), priority="P2"),
        reported(response=hours(2), priority="P2"),
        reported(response=None, priority="P3"),
    )
    assert figures(*requests).spreads == (
        Spread("", 3, hours(2), hours(3)),
        Spread("P1", 1, hours(1), hours(1)),
        Spread("P2", 2, hours(2), hours(3)),
    )
    assert figures(reported()).spreads == ()


def breach(ticket, due=None, **values):
    given = {
        "subject": "No chats",
        "priority": "P1",
        "target": FIRST_ANSWER,
        "overrun": hours(1.5),
        "reason": GIVEN_LATE,
        **values,
    }
    return Breach(ticket=ticket, due=due and at(due), **given)


def test_breaches_are_in_the_order_of_their_deadlines():
    one = reported(breaches=(breach("3"), breach("2", "2026-11-20T12:00+00:00")))
    other = reported(breaches=(breach("1", "2026-11-03T12:00+00:00"),))
    assert [each.ticket for each in figures(one, other).breaches] == ["1", "2", "3"]


def first_answer(**answered_or_closed):
    terms = Terms.of(make_plan(), INCIDENT, at(FRIDAY_EVENING))
    response = assess(
        terms, "P1", now=at("2026-12-01T12:00+03:00"), **answered_or_closed
    )
    run = single_run(
        terms.started_at,
        answered_or_closed["responded_at"],
        answered_or_closed.get("closed_at"),
    )
    return Promised(FIRST_ANSWER, response, run)


@pytest.mark.parametrize(
    ("answered", "closed", "reason"),
    [
        (MONDAY_DUE, None, None),
        (MONDAY_DUE + timedelta(hours=1), None, GIVEN_LATE),
        (MONDAY_DUE + timedelta(hours=1), MONDAY_DUE + timedelta(hours=2), GIVEN_LATE),
        (None, MONDAY_DUE + timedelta(hours=1), CLOSED_UNKEPT),
        (None, None, NOT_GIVEN),
    ],
)
def test_a_breach_has_a_reason(answered, closed, reason):
    promised = first_answer(responded_at=answered, closed_at=closed)
    assert breach_of(promised, is_closed=closed is not None) == reason


def test_what_is_stored_is_read_as_it_was():
    counted = figures(
        reported(response=hours(1.25), breaches=(breach("7"),)),
        reported(
            standing=HELD,
            breaches=(
                breach("8", "2026-11-20T12:00+00:00", overrun=None, note="Spam"),
            ),
        ),
        plans=(
            Sold("PLAN-1", "Basic", "GMT+3", date(2026, 1, 1), date(2026, 11, 9)),
            Sold("PLAN-2", "Premium", "GMT+3", date(2026, 11, 10), None, True),
            Sold(
                "PLAN-3",
                "Premium",
                "GMT+3",
                date(2026, 11, 20),
                None,
                True,
                (("en", ("One", "Two")), ("ru", ("Раз", "Два"))),
            ),
        ),
        is_over=False,
        entitlements=(("end_user_questions", True), ("licence_maintenance", False)),
        allowances=(
            Allowance("updates", COUNT, Balance(Decimal(2), Decimal(1))),
            Allowance(
                "training", HOURS, Balance(Decimal("7.5"), billable=Decimal("0.25"))
            ),
        ),
    )
    stored = json.loads(json.dumps(counted.as_dict()))
    assert ServiceReport.from_dict(stored) == counted


def test_what_was_agreed_for_a_plan_alone_is_kept_by_language():
    said = (("en", ("One",)), ("ru", ("Раз",)))
    sold = Sold("PLAN-1", "Basic", "GMT+3", date(2026, 1, 1), None, True, said)
    assert sold.exceptions_in("ru") == ("Раз",)
    assert sold.exceptions_in("de") == ("One",)
    assert sold._replace(exceptions=()).exceptions_in("en") == ()


@pytest.mark.parametrize("more", [[], [True], [False], [True, []]])
def test_a_report_of_a_time_before_exceptions_were_named_is_read(more):
    stored = figures(reported()).as_dict()
    stored["plans"] = [["PLAN-1", "Basic", "GMT+3", "2026-01-01", None, *more]]
    del stored["entitlements"]
    read = ServiceReport.from_dict(stored)
    assert read.plans[0].has_exceptions is any(more)
    assert read.plans[0].exceptions == ()
    assert read.entitlements is None


def test_a_report_of_a_time_before_allowances_were_counted_says_nothing_of_them():
    stored = figures(reported(), allowances=()).as_dict()
    assert ServiceReport.from_dict(stored).allowances == ()
    del stored["allowances"]
    assert ServiceReport.from_dict(stored).allowances is None
    assert ServiceReport.from_dict(figures(reported()).as_dict()).allowances is None
