"""Warnings of promises: by example, and against a walk through the quarters of a story."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import example, given, settings

from beesender_support.policy.errors import NoShares
from beesender_support.policy.notices.warnings import (
    BREACH,
    crossings_of,
    shares_of,
    who_hears,
)
from beesender_support.policy.response.clocks import Event, Happening
from beesender_support.policy.response.promises import assess_all
from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sold.targets import FURTHER_TARGETS, TARGETS
from beesender_support.tests.policy.factories import (
    FRIDAY_EVENING,
    INCIDENT,
    at,
    make_plan,
    make_terms,
    make_tier,
)
from beesender_support.tests.policy.response.oracle import Story
from beesender_support.tests.policy.response.test_clock_properties import (
    cases,
    promises_in,
)

SHARES = (50, 75, 90)
# Half an hour of Friday is used at its closing; four hours are promised.
HALF, THREE_QUARTERS, NINE_TENTHS, DUE = (
    at(f"2026-11-23T{time}+03:00") for time in ("10:30", "11:30", "12:06", "12:30")
)
SECOND = timedelta(seconds=1)


def look(now, told=(), terms=None, shares=SHARES, priority="P1", since=None, **facts):
    terms = terms or make_terms(FRIDAY_EVENING)
    promises = assess_all(terms, priority, now=now, **{"responded_at": None, **facts})
    return crossings_of(
        (*promises.earlier, *promises.each()),
        terms,
        shares,
        told,
        now=now,
        since=since,
    )


def said(crossings):
    return [each.share for each in crossings.to_say]


def missed(crossings):
    return [each.share for each in crossings.missed]


def keys_at(*shares):
    """The keys of these shares of the promise in the examples."""
    return [f"first_answer/20261120T143000/14400/{share}" for share in shares]


@pytest.mark.parametrize(
    ("now", "told", "expected", "next_at"),
    [
        (at(FRIDAY_EVENING), [], [], HALF),
        (at("2026-11-22T12:00+03:00"), [], [], HALF),
        (HALF - SECOND, [], [], HALF),
        (HALF, [], [50], THREE_QUARTERS),
        (HALF, [50], [], THREE_QUARTERS),
        (THREE_QUARTERS, [50], [75], NINE_TENTHS),
        (NINE_TENTHS, [50, 75], [90], DUE + SECOND),
        (DUE, [50, 75, 90], [], DUE + SECOND),
        (DUE + SECOND, [50, 75, 90], [BREACH], None),
        (DUE + SECOND, [50, 75, 90, BREACH], [], None),
    ],
)
def test_shares_of_the_working_time_are_said_as_they_are_used_up(
    now, told, expected, next_at
):
    crossings = look(now, keys_at(*told))
    assert said(crossings) == expected
    assert missed(crossings) == []
    assert crossings.next_at == next_at


def test_after_a_day_without_a_pass_the_last_is_said_and_the_others_are_missed():
    crossings = look(NINE_TENTHS + SECOND)
    assert (said(crossings), missed(crossings)) == ([90], [50, 75])
    crossings = look(at("2026-11-24T12:00+03:00"), keys_at(50))
    assert (said(crossings), missed(crossings)) == ([BREACH], [75, 90])


def test_what_was_answered_meanwhile_is_missed():
    answered = {"responded_at": THREE_QUARTERS + SECOND}
    crossings = look(DUE, keys_at(50), **answered)
    assert (said(crossings), missed(crossings)) == ([], [75])
    assert crossings.next_at is None
    late = look(DUE + 2 * SECOND, keys_at(50, 75, 90), responded_at=DUE + SECOND)
    assert (said(late), missed(late)) == ([], [BREACH])


def test_outside_support_hours_a_warning_waits_for_the_opening_and_a_breach_does_not():
    opened = "2026-11-20T16:00+03:00"
    terms = make_terms(opened)
    closing = at("2026-11-20T18:00+03:00")
    crossings = look(closing, terms=terms)
    assert said(crossings) == []
    opening = at("2026-11-23T09:00+03:00")
    assert crossings.next_at == opening
    assert said(look(opening, terms=terms)) == [50]
    broken = make_terms("2026-11-20T14:00+03:00")
    night = at("2026-11-20T22:00+03:00")
    assert said(look(night, terms=broken)) == [BREACH]


def test_around_the_clock_nothing_waits():
    terms = make_terms("2026-11-21T02:00+03:00", "Premium")
    assert said(look(at("2026-11-21T02:30+03:00"), terms=terms)) == [50]


def test_another_priority_is_another_promise_and_may_warn_anew():
    told = look(HALF).to_say[0].key
    crossings = look(HALF, [told], priority="P2")
    assert crossings.to_say == ()
    five = at("2026-11-23T12:30+03:00")
    assert said(look(five, [told], priority="P2")) == [50]
    assert said(look(HALF, [told])) == []


def test_a_share_below_one_that_was_said_is_missed():
    """Somebody edited the shares."""
    crossings = look(THREE_QUARTERS, keys_at(75), shares=(25, 75))
    assert (said(crossings), missed(crossings)) == ([], [25])


def test_a_pause_moves_the_instants_and_nothing_is_said_in_it():
    tier = make_tier(further_targets={"solution": {"P1": timedelta(hours=4)}})
    terms = make_terms(FRIDAY_EVENING, tier)
    paused = Happening(Event.PAUSED, at("2026-11-23T10:45+03:00"))
    resumed = Happening(Event.RESUMED, at("2026-11-23T12:45+03:00"))
    facts = {"terms": terms, "responded_at": at("2026-11-20T17:31+03:00")}
    start = "solution/20261120T143000/14400/"
    crossings = look(DUE + SECOND, [], happenings=[paused], **facts)
    assert (crossings.to_say, crossings.missed) == ((), ())
    assert crossings.next_at is None
    crossings = look(
        DUE + timedelta(minutes=50), [], happenings=[paused, resumed], **facts
    )
    assert [each.key for each in crossings.to_say] == [f"{start}50"]
    assert crossings.next_at == THREE_QUARTERS + timedelta(hours=2)


def test_closed_unanswered_it_warns_no_more_and_is_broken_at_its_deadline():
    closed = {"closed_at": THREE_QUARTERS}
    crossings = look(NINE_TENTHS, keys_at(50), **closed)
    assert (said(crossings), missed(crossings)) == ([], [75])
    assert crossings.next_at == DUE + SECOND
    assert said(look(DUE + SECOND, keys_at(50, 75), **closed)) == [BREACH]


def test_what_was_crossed_before_an_upgrade_counts_as_told():
    crossings = look(NINE_TENTHS, since=NINE_TENTHS)
    assert (said(crossings), missed(crossings)) == ([90], [])
    crossings = look(DUE + SECOND, since=DUE + SECOND)
    assert (said(crossings), missed(crossings)) == ([], [])


def test_whoever_answers_for_the_team_hears_of_what_is_nearly_broken():
    assert not list(who_hears(75))
    assert list(who_hears(90)) == list(who_hears(BREACH)) != []


@pytest.mark.parametrize(
    ("typed", "shares"),
    [
        ("50, 75, 90", (50, 75, 90)),
        ("90,50 , 75", (50, 75, 90)),
        ("80 %", (80,)),
        ("50; 90", (50, 90)),
        ("50, 50", (50,)),
        ("", ()),
        (None, ()),
    ],
)
def test_shares_as_they_are_typed(typed, shares):
    assert shares_of("warning_percents", typed) == shares


@pytest.mark.parametrize(
    "typed",
    [
        "0",
        "100",
        "50, 100",
        "-5",
        "7.5",
        "half",
        "50 75",
        "50,,75",
        "1,2,3,4,5,6",
        "٥٠",
        "9" * 500,
        ",",
    ],
)
def test_impossible_shares_are_refused(typed):
    with pytest.raises(NoShares):
        shares_of("warning_percents", typed)


# Against a walk through the quarters

QUARTERS = (25, 50, 75)


class Log:
    """A pass at certain ticks of a story, and what it said and missed."""

    def __init__(self, terms, story):
        self.terms, self.story = terms, story
        self.said, self.missed = {}, {}

    def look(self, tick):
        happened = tuple(each for each in self.story.happened if each[0] <= tick)
        story = replace(self.story, happened=happened, now=tick)
        promises = promises_in(self.terms, story)
        crossings = crossings_of(
            (*promises.earlier, *promises.each()),
            self.terms,
            QUARTERS,
            {*self.said, *self.missed},
            now=story.instant(tick),
        )
        for told, each in (
            *((self.said, each) for each in crossings.to_say),
            *((self.missed, each) for each in crossings.missed),
        ):
            assert each.key not in self.said, "said twice"
            assert each.key not in self.missed, "said after it was missed"
            told[each.key] = tick
        return crossings.next_at


def in_sequence(case):
    """A story that can be told up to any of its ticks; the first answer stays first."""
    terms, lengths, story = case
    happened = tuple(each for each in story.happened if each[0] >= 0)
    return terms, lengths, replace(story, happened=happened, now=min(story.now, 150))


@settings(max_examples=25)
@given(case=cases())
def test_whenever_the_next_instant_says_so_is_often_enough(case):
    terms, _lengths, story = in_sequence(case)
    always, seldom = Log(terms, story), Log(terms, story)
    next_at, woken = None, {tick for tick, _event in story.happened}
    for tick in range(story.now + 1):
        always.look(tick)
        instant = story.instant(tick)
        if tick == 0 or tick in woken or (next_at and next_at <= instant):
            next_at = seldom.look(tick)
            assert next_at is None or next_at > instant
    assert (seldom.said, seldom.missed) == (always.said, always.missed)


def set_aside_at_once():
    """Answered, asked again and resolved in one quarter of an hour, reopened in the next."""
    hour = dict.fromkeys(("P1", "P2"), timedelta(hours=1))
    further = dict.fromkeys(FURTHER_TARGETS, hour)
    tier = make_tier(response_targets=hour, further_targets=further)
    terms = Terms.of(make_plan(tier), INCIDENT, at(FRIDAY_EVENING))
    events = (Event.ANSWERED, Event.CUSTOMER_WROTE, Event.RESOLVED)
    happened = (*((0, event) for event in events), (1, Event.REOPENED))
    story = Story(terms.calendar, terms.started_at, happened, now=2)
    return terms, dict.fromkeys(TARGETS, 4), story


@settings(max_examples=25)
@given(case=cases())
@example(case=set_aside_at_once())
def test_each_share_that_was_used_up_is_said_once_or_missed(case):
    terms, lengths, story = in_sequence(case)
    log = Log(terms, story)
    for tick in range(story.now + 1):
        log.look(tick)
    logged = {**log.said, **log.missed}
    used_up, pending = set(), set()
    for target in TARGETS:
        for promise in story.promises(target):
            started = story.instant(promise.asked)
            seconds = lengths[target] * 900
            prefix = f"{target}/{started:%Y%m%dT%H%M%S}/{seconds}/"
            worked = story._worked(promise.ran)
            keys = {
                f"{prefix}{share}"
                for share in QUARTERS
                if worked * 100 >= lengths[target] * share
            }
            used_up |= keys
            if (
                promise.is_paused
                or promise.closed is not None
                or not story.is_open(story.now)
            ):
                pending |= keys
    warnings = {key for key in logged if not key.endswith(f"/{BREACH}")}
    assert warnings <= used_up
    assert used_up - warnings <= pending
    for key, tick in log.said.items():
        assert key.endswith(f"/{BREACH}") or story.is_open(tick)


@settings(max_examples=25)
@given(case=cases())
def test_a_breach_is_said_in_the_quarter_in_which_the_state_says_so(case):
    terms, _lengths, story = in_sequence(case)
    log, broken = Log(terms, story), set()
    for tick in range(story.now + 1):
        log.look(tick)
        happened = tuple(each for each in story.happened if each[0] <= tick)
        now = replace(story, happened=happened, now=tick)
        promises = promises_in(terms, now)
        for each in (*promises.earlier, *promises.each()):
            if each.response.state == "breached":
                start = each.run.started_at
                broken.add((each.target, start))
                assert any(
                    key.startswith(f"{each.target}/{start:%Y%m%dT%H%M%S}/")
                    and key.endswith(f"/{BREACH}")
                    for key in (*log.said, *log.missed)
                ), tick
    breaches = [key for key in (*log.said, *log.missed) if key.endswith(f"/{BREACH}")]
    assert len(breaches) == len(broken)
