"""What was agreed for one plan alone, and the tier that follows."""

from datetime import timedelta

import pytest

from beesender_support.policy.calendar.windows import AROUND_THE_CLOCK
from beesender_support.policy.errors import (
    InvalidTarget,
    Negative,
    OverlappingWindows,
    RepeatedException,
    UnknownName,
)
from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sold.catalogue import CATALOGUE
from beesender_support.policy.sold.exceptions import (
    CONTACT_LIMIT,
    ENTITLEMENT,
    KINDS,
    NO_EXCEPTIONS,
    RESPONSE_TARGET,
    SUPPORT_HOURS,
    Exceptions,
    Row,
    differences,
    exceptions_of,
)
from beesender_support.tests.policy.factories import (
    INCIDENT,
    NIGHTS,
    NOON,
    hours,
    make_plan,
    make_tier,
    weekly,
)

BASIC = make_tier("Basic")
PRIORITIES = ("P1", "P2", "P3", "P4")
ENTITLEMENTS = {each.code: each for each in CATALOGUE.entitlements}
SATURDAYS = weekly(range(6))


def agreed(*rows: Row) -> Exceptions:
    return exceptions_of(rows, PRIORITIES, ENTITLEMENTS)


def target(priority: str, number: float, target: str = "first_answer") -> Row:
    return Row(RESPONSE_TARGET, priority=priority, target=target, length=hours(number))


def window(each) -> Row:
    return Row(SUPPORT_HOURS, window=each)


def said(exceptions: Exceptions, tier=BASIC) -> list[str]:
    return [str(each) for each in differences(exceptions, tier, ENTITLEMENTS)]


# rows, the value of the tier that they change, what it becomes, what is said of it
TABLE = [
    (
        [target("P1", 2)],
        lambda tier: tier.response_targets,
        {**BASIC.response_targets, "P1": hours(2)},
        ["A first answer to P1 within 2 h of support time instead of 4 h"],
    ),
    (
        [target("P1", 6, "solution"), target("P2", 9, "solution")],
        lambda tier: tier.further_targets,
        {"solution": {"P1": hours(6), "P2": hours(9)}},
        [
            "A solution of P1 within 6 h of support time",
            "A solution of P2 within 9 h of support time",
        ],
    ),
    (
        [target("P4", 3, "next_answer")],
        lambda tier: tier.further_targets,
        {"next_answer": {"P4": hours(3)}},
        ["Each next answer to P4 within 3 h of support time"],
    ),
    (
        [*map(window, SATURDAYS)],
        lambda tier: tier.windows,
        SATURDAYS,
        ["Support hours: Mon-Sat 09:00-18:00 instead of Mon-Fri 09:00-18:00"],
    ),
    (
        [window(None)],
        lambda tier: tier.windows,
        AROUND_THE_CLOCK,
        ["Support hours: 24/7 instead of Mon-Fri 09:00-18:00"],
    ),
    (
        [Row(CONTACT_LIMIT, limit=3)],
        lambda tier: tier.authorized_contact_limit,
        3,
        ["Authorized contacts: 3 instead of 2"],
    ),
    (
        [Row(CONTACT_LIMIT, limit=0)],
        lambda tier: tier.authorized_contact_limit,
        0,
        ["Authorized contacts: 0 instead of 2"],
    ),
    (
        [Row(ENTITLEMENT, entitlement="updates", amount=1)],
        lambda tier: tier.updates_per_year,
        1,
        ["Updates with reinstallation: up to 1 a contract year"],
    ),
    (
        [Row(ENTITLEMENT, entitlement="administrator_questions", amount=0)],
        lambda tier: tier.entitlements,
        {},
        ["Questions of the system administrator: no"],
    ),
]


@pytest.mark.parametrize(("rows", "changed", "expected", "sentences"), TABLE)
def test_an_exception_changes_one_thing_and_says_so(rows, changed, expected, sentences):
    exceptions = agreed(*rows)
    sold = exceptions.applied_to(BASIC)
    assert changed(sold) == expected
    assert said(exceptions) == sentences
    assert exceptions
    # Nothing else differs.
    for other, changed_by_other, _value, _said in TABLE:
        if changed_by_other(BASIC) == changed_by_other(sold):
            continue
        assert {row.kind for row in other} == {row.kind for row in rows}
    assert (sold.name, sold.rank, sold.fee_percent) == (
        BASIC.name,
        BASIC.rank,
        BASIC.fee_percent,
    )


def test_every_kind_is_in_the_table():
    assert {row.kind for rows, *_rest in TABLE for row in rows} == set(KINDS)


def test_without_exceptions_the_tier_is_what_it_is():
    assert not NO_EXCEPTIONS
    assert agreed() == NO_EXCEPTIONS
    assert NO_EXCEPTIONS.applied_to(BASIC) is BASIC
    assert said(NO_EXCEPTIONS) == []
    assert NO_EXCEPTIONS.codes == ()


@pytest.mark.parametrize(
    ("rows", "error", "sentence"),
    [
        (
            [target("P9", 1)],
            UnknownName,
            "priority: P9 is not known. Allowed: P1, P2, P3, P4.",
        ),
        ([target("P1", 1, "mood")], UnknownName, "target: mood is not known"),
        ([Row("Price")], UnknownName, "kind: Price is not known"),
        ([Row(ENTITLEMENT, entitlement="cake")], UnknownName, "entitlement: cake"),
        ([target("P1", 1), target("P1", 2)], RepeatedException, "P1 is listed more"),
        ([window(None)] * 2, RepeatedException, "Support hours is listed more"),
        ([window(NIGHTS[0]), window(None)], RepeatedException, "Support hours"),
        ([window(None), window(NIGHTS[0])], RepeatedException, "Support hours"),
        ([Row(CONTACT_LIMIT, limit=1)] * 2, RepeatedException, "Authorized contacts"),
        (
            [Row(ENTITLEMENT, entitlement="updates", amount=1)] * 2,
            RepeatedException,
            "updates",
        ),
        ([target("P1", 0)], InvalidTarget, "P1: 0 h is not a target"),
        ([Row(CONTACT_LIMIT, limit=-1)], Negative, "-1 is negative"),
        (
            [Row(ENTITLEMENT, entitlement="updates", amount=-1)],
            Negative,
            "-1 is negative",
        ),
        ([window(SATURDAYS[0])] * 2, OverlappingWindows, "overlaps"),
    ],
)
def test_what_cannot_be_agreed_is_refused_in_words(rows, error, sentence):
    with pytest.raises(error) as refusal:
        agreed(*rows).applied_to(BASIC)
    assert sentence in str(refusal.value)


def test_the_same_priority_may_have_an_exception_of_each_target():
    exceptions = agreed(target("P1", 1), target("P1", 8, "solution"))
    assert exceptions.codes == ("first_answer P1", "solution P1")


def test_an_entitlement_that_is_gone_is_not_said():
    gone = Exceptions(entitlements={"cake": 1})
    assert said(gone) == []


def test_terms_freeze_what_was_agreed_and_that_it_was():
    exceptions = agreed(window(None), target("P1", 2))
    plan = make_plan(exceptions.applied_to(BASIC), exceptions=exceptions)
    terms = Terms.of(plan, INCIDENT, NOON)
    assert terms.promise_for("P1") == timedelta(hours=2)
    assert terms.windows == AROUND_THE_CLOCK
    assert terms.excepted == ("support_hours", "first_answer P1")
    assert Terms.from_dict(terms.as_dict()) == terms
    # By a plan that has none, re-rating takes it back.
    assert terms.sold_as(make_plan(BASIC)).excepted == ()


def test_terms_without_exceptions_are_stored_as_before():
    stored = Terms.of(make_plan(BASIC), INCIDENT, NOON).as_dict()
    assert "excepted" not in stored
    assert Terms.from_dict(stored).excepted == ()
