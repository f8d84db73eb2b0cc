"""Which rules apply to what happens to a ticket: once each, in order, and not too late."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from beesender_support.policy.errors import (
    DisabledTeam,
    NoName,
    NoNumber,
    NothingToDo,
    OutOfRange,
    UnknownName,
)
from beesender_support.policy.notices.escalation import (
    BREACH,
    HELD,
    HELD_LONGER,
    ON_DUTY,
    REGISTERED,
    WARNING,
    Promise,
    Rule,
    Ticket,
    check_team,
    in_order,
    left_to_do,
    outlook,
)
from beesender_support.policy.sold.targets import FIRST_ANSWER, SOLUTION

# A promise of ten hours, counted around the clock.
START = datetime(2026, 11, 23, 9, tzinfo=timezone.utc)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
DUE = START + 10 * HOUR


def rule(event=BREACH, **values):
    defaults = {
        "name": f"on-{event.lower()}",
        "title": "Test",
        "since": START - HOUR,
        "share": 90 if event == WARNING else None,
        "support_hours": 4 if event == HELD_LONGER else None,
        "tells": frozenset({ON_DUTY}),
    }
    return Rule(**{**defaults, "event": event, **values})


def promise(target=FIRST_ANSWER, due=DUE, settled_at=None):
    return Promise(
        target, START, due, settled_at, lambda share: START + share / 10 * HOUR
    )


def ticket(**values):
    defaults = {
        "name": "12",
        "tier": "Basic",
        "priority": "P1",
        "category": "Incident",
        "accepted_at": START,
        "held_at": None,
        "is_answered": False,
        "promises": (promise(),),
        "add_support_time": lambda start, length: start + 2 * length,
    }
    return Ticket(**{**defaults, **values})


HELD_TICKET = {"accepted_at": None, "held_at": START, "promises": ()}


def said_at(hours, *rules, **values):
    """The keys and whether they are missed, so many hours after the start."""
    look = outlook(rules, ticket(**values), START + timedelta(hours=hours))
    return [(each.key, each.is_missed) for each in look.escalations]


@pytest.mark.parametrize(
    ("event", "hours", "values", "outcome"),
    [
        # It happened, and is said from its instant on.
        (REGISTERED, 0, {}, "said"),
        (REGISTERED, 0, HELD_TICKET, "nothing"),
        (HELD, 0, HELD_TICKET, "said"),
        (HELD, 0, {}, "nothing"),
        (WARNING, 8.9, {}, "nothing"),
        (WARNING, 9, {}, "said"),
        (BREACH, 10, {}, "nothing"),
        (BREACH, 10.001, {}, "said"),
        (HELD_LONGER, 7.9, HELD_TICKET, "nothing"),
        (HELD_LONGER, 8, HELD_TICKET, "said"),
        (HELD_LONGER, 8, {}, "nothing"),
        # Nobody was there to say it in time.
        (REGISTERED, 5, {"is_answered": True}, "missed"),
        (WARNING, 10, {}, "said"),
        (WARNING, 10.001, {}, "missed"),
        (WARNING, 10, {"promises": (promise(settled_at=DUE),)}, "missed"),
        (BREACH, 12, {"promises": (promise(settled_at=DUE + HOUR),)}, "missed"),
        # It never happened.
        (WARNING, 12, {"promises": (promise(settled_at=START),)}, "nothing"),
        (BREACH, 12, {"promises": (promise(settled_at=DUE),)}, "nothing"),
        (BREACH, 12, {"promises": (promise(due=None),)}, "nothing"),
        (WARNING, 12, {"promises": ()}, "nothing"),
    ],
)
def test_what_happens_to_a_ticket(event, hours, values, outcome):
    found = said_at(hours, rule(event), **values)
    assert [is_missed for _key, is_missed in found] == {
        "nothing": [],
        "said": [False],
        "missed": [True],
    }[outcome]


@pytest.mark.parametrize(
    ("event", "values", "key"),
    [
        (REGISTERED, {}, "on-registered/12/Registered/20261123T090000"),
        (HELD, HELD_TICKET, "on-held/12/Held/20261123T090000"),
        (WARNING, {}, "on-warning/12/Warning/first_answer/90/20261123T090000"),
        (BREACH, {}, "on-breach/12/Breach/first_answer/20261123T090000"),
        (HELD_LONGER, HELD_TICKET, "on-held longer/12/Held longer/4/20261123T090000"),
    ],
)
def test_a_key_names_the_rule_and_the_event(event, values, key):
    [(found, _missed)] = said_at(12, rule(event), **values)
    assert found == key


@pytest.mark.parametrize(
    ("condition", "applies"),
    [
        ({}, True),
        ({"tier": "Basic", "priority": "P1", "category": "Incident"}, True),
        ({"tier": "Premium"}, False),
        ({"priority": "P2"}, False),
        ({"category": "Consultation"}, False),
        ({"target": FIRST_ANSWER}, True),
        ({"target": SOLUTION}, False),
    ],
)
def test_a_rule_is_for_some_tickets_only(condition, applies):
    assert bool(said_at(12, rule(**condition))) is applies


def test_every_promise_breaks_by_itself():
    promises = (promise(), promise(SOLUTION))
    assert len(said_at(12, rule(), promises=promises)) == 2


def test_what_happened_before_a_rule_was_switched_on_is_not_its_event():
    assert not said_at(12, rule(since=DUE + 2 * SECOND))
    assert said_at(12, rule(since=DUE + SECOND))


@pytest.mark.parametrize(
    ("hours", "next_at"),
    [(0, START + 9 * HOUR), (9, DUE + SECOND), (12, None)],
)
def test_when_rules_have_something_to_say_next(hours, next_at):
    rules = (rule(), rule(WARNING), rule(REGISTERED))
    look = outlook(rules, ticket(), START + hours * HOUR)
    assert look.next_at == next_at


def test_an_escalation_says_of_which_promise_it_is():
    look = outlook([rule()], ticket(), DUE + HOUR)
    [found] = look.escalations
    assert (found.target, found.due, found.at) == (FIRST_ANSWER, DUE, DUE + SECOND)


def test_what_was_said_is_left_out():
    look = outlook([rule(), rule(WARNING)], ticket(), START + 9 * HOUR)
    [warning] = look.escalations
    assert left_to_do(look.escalations, {warning.key}) == ()
    assert left_to_do(look.escalations, ()) == (warning,)


def test_the_first_rule_has_its_way_with_team_and_assignee():
    rules = in_order(
        [
            (2, rule(name="b", team="Second", assign_to="ann", tag="late")),
            (2, rule(name="a", team="First")),
            (3, rule(name="c", team="Third", assign_to="bob")),
            (1, rule(name="d")),
        ]
    )
    assert [each.name for each in rules] == ["d", "a", "b", "c"]
    left = left_to_do(outlook(rules, ticket(), DUE + HOUR).escalations, ())
    assert [(each.changes_team, each.assigns) for each in left] == [
        (False, False),
        (True, False),
        (False, True),
        (False, False),
    ]


def test_what_is_missed_changes_nothing():
    late = {"promises": (promise(settled_at=DUE + HOUR),)}
    look = outlook([rule(team="First")], ticket(**late), DUE + 2 * HOUR)
    [missed] = left_to_do(look.escalations, ())
    assert missed.is_missed
    assert not missed.changes_team


@pytest.mark.parametrize(
    ("values", "error", "field"),
    [
        ({"title": ""}, NoName, "title"),
        ({"event": "Full moon"}, UnknownName, "event"),
        ({"event": WARNING, "share": 0}, OutOfRange, "share"),
        ({"event": WARNING, "share": 100}, OutOfRange, "share"),
        ({"event": WARNING, "share": "most"}, NoNumber, "share"),
        ({"event": HELD_LONGER, "support_hours": 0}, OutOfRange, "support_hours"),
        ({"event": HELD_LONGER, "support_hours": 8_785}, OutOfRange, "support_hours"),
        ({"target": "thanks"}, UnknownName, "target"),
        ({"tells": frozenset({"everybody"})}, UnknownName, "tells"),
        ({"tells": frozenset()}, NothingToDo, "title"),
    ],
)
def test_a_rule_that_cannot_be(values, error, field):
    with pytest.raises(error) as refusal:
        rule(**values)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    "values",
    [{"users": ("ann",)}, {"team": "First"}, {"assign_to": "ann"}, {"tag": "late"}],
)
def test_a_rule_may_tell_only_users_or_nobody_and_act(values):
    assert replace(rule(), tells=frozenset(), **values)


def test_a_disabled_team_gets_no_tickets():
    check_team(None, is_disabled=True)
    check_team("First", is_disabled=False)
    with pytest.raises(DisabledTeam):
        check_team("First", is_disabled=True)
