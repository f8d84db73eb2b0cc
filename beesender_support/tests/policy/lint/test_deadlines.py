"""Stored deadlines against what the policy counts from the same terms."""

from dataclasses import replace

from beesender_support.policy.lint.deadlines import (
    Request,
    Unreadable,
    check_deadlines,
    has_other_rules,
    unreadable_terms,
)
from beesender_support.policy.response.clocks import Event, Happening
from beesender_support.policy.sold.targets import FIRST_ANSWER, SOLUTION
from beesender_support.tests.policy.factories import (
    ENHANCEMENT,
    FRIDAY_EVENING,
    MONDAY_DUE,
    at,
    hours,
    make_terms,
    make_tier,
)

NOW = at("2026-11-23T10:00+03:00")
BERLIN = make_terms("2026-11-20T17:30+01:00", time_zone="Europe/Berlin")
BERLIN_DUE = at("2026-11-23T12:30+01:00")


def request(terms=None, due=MONDAY_DUE, **overrides):
    terms = terms or make_terms(FRIDAY_EVENING)
    values = {"ticket": "12", "customer": "Acme", "priority": "P1"}
    dues = due if isinstance(due, dict) else {FIRST_ANSWER: due}
    return Request(**{**values, "terms": terms, "due": dues, **overrides})


def findings_of(*requests, now=NOW):
    return list(check_deadlines(requests, now))


def test_a_deadline_as_it_is_counted():
    assert findings_of(request()) == []


def test_also_once_it_has_passed():
    assert findings_of(request(), now=at("2026-12-01T10:00Z")) == []


def test_a_deadline_that_somebody_moved():
    (finding,) = findings_of(request(due=at("2026-11-24T09:30Z")))
    assert finding.key == ("deadline_differs", "12", FIRST_ANSWER)
    assert str(finding.sentence) == (
        "Ticket 12 is stored as due at Tue 2026-11-24 09:30 UTC, but by its terms it is"
        " due at Mon 2026-11-23 09:30 UTC."
    )


def test_a_deadline_that_is_gone():
    (finding,) = findings_of(request(due=None))
    assert "as due at - UTC" in str(finding.sentence)


def test_a_deadline_where_nothing_is_promised():
    terms = make_terms(FRIDAY_EVENING, category=ENHANCEMENT)
    assert findings_of(request(terms, due=None)) == []
    (finding,) = findings_of(request(terms))
    assert "due at - UTC." in str(finding.sentence)


def test_what_is_settled_is_not_compared():
    answered = at("2026-11-23T09:10+03:00")
    terms = make_terms(FRIDAY_EVENING).settled("P1")
    assert findings_of(request(terms, due=None, responded_at=answered)) == []


class TestSolutions:
    TIER = make_tier(further_targets={SOLUTION: {"P1": hours(9)}})
    TERMS = make_terms(FRIDAY_EVENING, TIER)
    DUE = at("2026-11-23T17:30+03:00")

    def test_a_further_deadline_is_compared_too(self):
        due = {FIRST_ANSWER: MONDAY_DUE, SOLUTION: self.DUE}
        assert findings_of(request(self.TERMS, due)) == []
        (finding,) = findings_of(request(self.TERMS, {**due, SOLUTION: NOW}))
        assert finding.about == SOLUTION

    def test_a_paused_one_moves_and_is_not(self):
        paused = Happening(Event.PAUSED, at("2026-11-20T17:45+03:00"))
        due = {FIRST_ANSWER: MONDAY_DUE, SOLUTION: None}
        assert findings_of(request(self.TERMS, due, happenings=(paused,))) == []


class TestZones:
    OTHER = replace(
        BERLIN,
        offsets=tuple((since, offset + 1) for since, offset in BERLIN.offsets),
        time_zone_database="2020a",
    )

    def test_the_rules_of_today_are_those_of_today(self):
        assert not has_other_rules(BERLIN)
        assert findings_of(request(BERLIN, BERLIN_DUE)) == []

    def test_of_terms_that_do_not_say_them_nothing_is_known(self):
        assert not has_other_rules(replace(self.OTHER, offsets=()))

    def test_a_form_such_as_gmt_has_none_to_change(self):
        assert make_terms(FRIDAY_EVENING).offsets == ()

    def test_rules_that_changed_are_said_once_with_how_many_deadlines_move(self):
        moved = at("2026-11-23T13:30+01:00")
        (finding,) = findings_of(
            request(self.OTHER, BERLIN_DUE),
            request(self.OTHER, moved, ticket="13"),
            request(self.OTHER, moved, ticket="14"),
        )
        assert finding.key == ("zone_rules_changed", "Europe/Berlin", "2020a")
        assert finding.context["count"] == 2

    def test_terms_counted_anew_have_the_rules_of_today(self):
        renewed = self.OTHER.by_present_rules()
        assert not has_other_rules(renewed)
        assert renewed.time_zone_database == BERLIN.time_zone_database


def test_terms_that_cannot_be_read():
    (finding,) = unreadable_terms({"12": "no zone"})
    assert str(finding.sentence) == "Ticket 12 and others like it: no zone"


def test_of_those_that_cannot_be_read_the_first_of_each_reason_and_zone_is_named():
    findings = findings_of(
        Unreadable("12", "format 9", "Europe/Berlin"),
        Unreadable("13", "format 9", "Europe/Berlin"),
        Unreadable("14", "a window is missing", "Europe/Berlin"),
        request(),
        Unreadable("15", "format 9", "Europe/Moscow"),
    )
    assert [each.place for each in findings] == ["12", "14", "15"]
    # Once the first is closed the next stands for the same.
    (tomorrow,) = findings_of(Unreadable("13", "format 9", "Europe/Berlin"))
    assert tomorrow.key == findings[0].key
    assert len({each.key for each in findings}) == 3
