"""What a client is told of a request: each change once, and nothing that says itself."""

from datetime import timedelta

import pytest

from beesender_support.policy.notices.client_notices import (
    CLIENT_NOTICES,
    PROMISE_CHANGED,
    PROMISE_MISSED,
    REQUEST_ADMITTED,
    REQUEST_CONFIRMED,
    REQUEST_HELD,
    STALE,
    Awaited,
    How,
    Standing,
    Told,
    is_told_of,
    owed_to_client,
)
from beesender_support.policy.sold.targets import FIRST_ANSWER, SOLUTION
from beesender_support.tests.policy.factories import at

NOW = at("2026-11-23T10:00:00+03:00")
DUE = at("2026-11-23T14:00:00+03:00")
LATER = at("2026-11-24T14:00:00+03:00")
HOUR = timedelta(hours=1)


def request(**changes):
    """An incident by mail that nobody has answered yet."""
    facts = {
        "ticket": "7",
        "tells_client": True,
        "admission": "Accepted",
        "category": "Incident",
        "priority": "P1",
        "channel": "email",
        "registered_at": NOW - timedelta(minutes=1),
        "due_at": DUE,
        "awaited": (Awaited(FIRST_ANSWER, DUE),),
        **changes,
    }
    return Standing(**facts)


def answered(**changes):
    return request(**{"awaited": (), "is_answered": True, **changes})


def told(kind, **changes):
    return Told(
        **{
            "kind": kind,
            "at": NOW - HOUR,
            "category": "Incident",
            "priority": "P1",
            "due_at": DUE,
            **changes,
        }
    )


CONFIRMED = told(REQUEST_CONFIRMED)
HELD = told(REQUEST_HELD, due_at=None)


def owed(*known, standing, now=NOW):
    return [(each.kind, each.how) for each in owed_to_client(known, standing, now)]


@pytest.mark.parametrize(
    ("channel", "how"),
    [
        ("email", How.SAY),
        ("agent", How.SAY),
        ("portal", How.RECORD),
        ("chatbot", How.RECORD),
        ("widget", How.RECORD),
    ],
)
def test_a_request_is_confirmed_by_mail_where_its_answer_is_not_shown_at_once(
    channel, how
):
    assert owed(standing=request(channel=channel)) == [(REQUEST_CONFIRMED, how)]


@pytest.mark.parametrize(
    ("known", "standing", "expected"),
    [
        # Nothing was told yet
        ([], answered(), [(REQUEST_CONFIRMED, How.MISSED)]),
        ([], request(is_closed=True), [(REQUEST_CONFIRMED, How.MISSED)]),
        ([], request(registered_at=NOW - STALE), [(REQUEST_CONFIRMED, How.SAY)]),
        (
            [],
            request(registered_at=NOW - STALE - timedelta(seconds=1)),
            [(REQUEST_CONFIRMED, How.MISSED)],
        ),
        ([], request(admission="Held", due_at=None), [(REQUEST_HELD, How.RECORD)]),
        ([], request(admission="Declined"), []),
        ([], request(admission=None), []),
        ([], request(is_merged=True), []),
        ([], request(tells_client=False), []),
        ([], request(tells_client=False, admission="Held"), []),
        # Nothing has changed since
        ([CONFIRMED], request(), []),
        ([CONFIRMED], answered(), []),
        ([CONFIRMED], request(due_at=DUE + timedelta(seconds=30)), []),
        ([HELD], request(admission="Held", due_at=None), []),
        # Held, and then decided
        ([HELD], request(), [(REQUEST_ADMITTED, How.SAY)]),
        ([HELD], request(channel="chatbot"), [(REQUEST_ADMITTED, How.SAY)]),
        ([HELD], answered(), [(REQUEST_ADMITTED, How.MISSED)]),
        ([HELD], request(is_closed=True), [(REQUEST_ADMITTED, How.MISSED)]),
        ([HELD], request(admission="Declined", is_closed=True), []),
        ([HELD, told(REQUEST_ADMITTED)], request(), []),
        # Accepted, and then held
        ([CONFIRMED], request(admission="Held"), [(REQUEST_HELD, How.SAY)]),
        (
            [CONFIRMED],
            request(admission="Held", is_closed=True),
            [(REQUEST_HELD, How.MISSED)],
        ),
        # An agent gave another priority or category
        ([CONFIRMED], request(priority="P2"), [(PROMISE_CHANGED, How.SAY)]),
        (
            [CONFIRMED],
            request(category="Consultation", priority="P3", due_at=LATER),
            [(PROMISE_CHANGED, How.SAY)],
        ),
        (
            [CONFIRMED],
            request(category="Paid enhancement request", due_at=None, awaited=()),
            [(PROMISE_CHANGED, How.SAY)],
        ),
        ([CONFIRMED], answered(priority="P2"), [(PROMISE_CHANGED, How.MISSED)]),
        (
            [CONFIRMED],
            answered(priority="P2", awaited=(Awaited(SOLUTION, LATER),)),
            [(PROMISE_CHANGED, How.SAY)],
        ),
        (
            [CONFIRMED],
            request(priority="P2", is_closed=True),
            [(PROMISE_CHANGED, How.MISSED)],
        ),
        ([CONFIRMED, told(PROMISE_CHANGED, priority="P2")], request(priority="P2"), []),
        (
            [CONFIRMED, told(PROMISE_CHANGED, priority="P2")],
            request(),
            [(PROMISE_CHANGED, How.SAY)],
        ),
        # The deadline was counted anew
        ([CONFIRMED], request(due_at=LATER), [(PROMISE_CHANGED, How.SAY)]),
        ([CONFIRMED], answered(due_at=LATER), []),
    ],
)
def test_what_is_owed_is_the_difference_to_what_was_told(known, standing, expected):
    assert owed(*known, standing=standing) == expected


def test_a_missed_promise_is_owed_an_apology_once():
    now, late = DUE + HOUR, request()
    assert owed(CONFIRMED, standing=late, now=DUE - HOUR) == []
    [apology] = owed_to_client([CONFIRMED], late, now)
    assert (apology.kind, apology.target, apology.due_at) == (
        PROMISE_MISSED,
        FIRST_ANSWER,
        DUE,
    )
    said = told(PROMISE_MISSED, target=FIRST_ANSWER, at=now)
    assert owed(CONFIRMED, said, standing=late, now=now + HOUR) == []


def test_each_missed_promise_is_owed_its_own():
    awaited = (Awaited(FIRST_ANSWER, DUE), Awaited(SOLUTION, LATER))
    said = told(PROMISE_MISSED, target=FIRST_ANSWER, at=DUE)
    late = request(awaited=awaited)
    [apology] = owed_to_client([CONFIRMED, said], late, LATER + HOUR)
    assert (apology.target, apology.due_at) == (SOLUTION, LATER)


def test_what_is_said_of_a_deadline_that_has_passed_is_the_apology():
    now = DUE + HOUR
    late = request(priority="P2")
    assert owed(CONFIRMED, standing=late, now=now) == [(PROMISE_CHANGED, How.SAY)]
    said = told(PROMISE_CHANGED, priority="P2", at=now)
    assert owed(CONFIRMED, said, standing=late, now=now + HOUR) == []


def test_an_apology_is_no_statement_of_how_the_request_stands():
    said = told(PROMISE_MISSED, target=SOLUTION, due_at=LATER, priority="P4")
    assert owed(CONFIRMED, said, standing=request(awaited=())) == []


def test_a_closed_request_is_owed_no_apology():
    closed = request(is_closed=True)
    assert owed(CONFIRMED, standing=closed, now=DUE + HOUR) == []


def test_a_notice_is_named_by_the_ticket_and_how_often_it_was_said():
    [first] = owed_to_client([], request(), NOW)
    assert first.key == "request_confirmed/7"
    [second] = owed_to_client(
        [CONFIRMED, told(PROMISE_CHANGED, priority="P2")], request(), NOW
    )
    assert second.key == "promise_changed/7/2"
    assert second.due_at == DUE


@pytest.mark.parametrize("admission", ["Accepted", "Held", "Declined", None])
@pytest.mark.parametrize("is_answered", [True, False])
@pytest.mark.parametrize("is_closed", [True, False])
@pytest.mark.parametrize("last", [None, *CLIENT_NOTICES])
def test_what_was_just_told_is_never_owed_again(
    admission, is_answered, is_closed, last
):
    known = [told(last)] if last else []
    now = DUE + HOUR
    standing = request(
        admission=admission, is_answered=is_answered, is_closed=is_closed
    )
    owed_now = owed_to_client(known, standing, now)
    said = [each for each in owed_now if each.how is How.SAY]
    assert len({each.target for each in said}) == len(said)
    after = [
        told(
            each.kind,
            at=now,
            due_at=each.due_at,
            target=each.target,
            category=standing.category,
            priority=standing.priority,
        )
        for each in owed_now
    ]
    again = owed_to_client([*known, *after], standing, now)
    assert not [each for each in again if each.kind != PROMISE_MISSED]
    # What was only recorded is no apology; the next look has one, and then it is over.
    assert len({each.key for each in (*owed_now, *again)}) == len(owed_now) + len(again)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, True),
        ({"is_by_machine": True}, False),
        ({"is_part": True}, False),
        ({"is_import": True}, False),
    ],
)
def test_machines_parts_and_imports_are_told_nothing(facts, expected):
    nothing = {"is_by_machine": False, "is_part": False, "is_import": False}
    assert is_told_of(**{**nothing, **facts}) is expected


def test_a_deadline_that_was_none_before_is_news_and_none_again_is_not():
    without = told(REQUEST_CONFIRMED, due_at=None)
    nothing_promised = request(due_at=None, awaited=())
    assert owed_to_client([without], nothing_promised, NOW) == ()
    [news] = owed_to_client([without], request(), NOW)
    assert news.kind == PROMISE_CHANGED
    [news] = owed_to_client([told(REQUEST_CONFIRMED)], nothing_promised, NOW)
    assert news.kind == PROMISE_CHANGED
