"""A draft tried on what is frozen: what it changes, and what it cannot."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beesender_support.policy.calendar.holidays import Days, Holiday
from beesender_support.policy.plans.plan_state import DRAFT
from beesender_support.policy.plans.plans import Seat
from beesender_support.policy.replay.drafts import (
    IMPOSSIBLE,
    NO_CLOCK,
    NO_PLAN,
    NO_TERMS,
    Draft,
    Past,
    replay,
)
from beesender_support.policy.replay.standings import (
    HELD,
    OUTSIDE,
    Replayed,
    side_of_decision,
)
from beesender_support.policy.requests.triage import triage
from beesender_support.policy.response.response_state import BREACHED, MET
from beesender_support.policy.response.terms import Former
from beesender_support.policy.sold.channels import AGENT, EMAIL, PORTAL
from beesender_support.policy.sold.exceptions import Exceptions
from beesender_support.policy.sold.targets import FIRST_ANSWER, SOLUTION
from beesender_support.tests.policy.factories import (
    ALICE,
    BOB,
    EXAMPLE,
    FRIDAY_EVENING,
    INCIDENT,
    MONDAY_DUE,
    at,
    hours,
    make_plan,
    make_request,
    make_terms,
    make_tier,
    weekly,
)

LONG_AFTER = at("2026-12-20T12:00+03:00")
BUSINESS, PREMIUM = make_tier("Business"), make_tier("Premium")
DRAFT_PLAN = make_plan("Business", time_zone="GMT+8", seats=(Seat(ALICE),))
MONDAY_OFF = Days((Holiday(date(2026, 11, 23), "Day off"),))


def past(**changes) -> Past:
    """An incident on Basic, answered at the very instant of its deadline."""
    values = {
        "customer": EXAMPLE,
        "contact": ALICE,
        "channel": EMAIL,
        "priority": "P1",
        "registered_at": at(FRIDAY_EVENING),
        "tier": "Basic",
        "terms": make_terms(FRIDAY_EVENING),
        "category": INCIDENT,
        "plan": make_plan(),
        "responded_at": MONDAY_DUE,
    }
    return Past(**{**values, **changes})


def held(reason: str, **changes) -> Past:
    return past(held_for=reason, terms=None, **changes)


def outside(**changes) -> Past:
    return past(is_outside=True, terms=None, plan=None, tier="", **changes)


def tried(one: Past, **draft) -> Replayed:
    found = replay(one, Draft(**draft), now=LONG_AFTER)
    assert isinstance(found, Replayed)
    return found


def moved(one: Past, **draft) -> tuple[str, str]:
    found = tried(one, **draft)
    return found.before.standing, found.after.standing


class TestTerms:
    def test_another_tier_counts_by_its_hours_and_targets(self):
        assert moved(past(), tier=BUSINESS) == (MET, BREACHED)
        assert moved(past(responded_at=at("2026-11-23T12:31+03:00"))) == (
            BREACHED,
            BREACHED,
        )

    def test_the_zone_and_holidays_stay_with_another_tier(self):
        terms = make_terms(FRIDAY_EVENING, holidays=MONDAY_OFF.holidays)
        given = Draft(tier=BUSINESS).terms_for(terms)
        assert (given.time_zone, given.holidays) == ("GMT+3", MONDAY_OFF.holidays)
        assert (given.tier, given.windows) == ("Business", BUSINESS.windows)

    def test_a_plan_brings_zone_dates_and_tier_whenever_it_runs(self):
        plan = replace(
            DRAFT_PLAN, starts_on=date(2030, 1, 1), holidays=MONDAY_OFF.holidays
        )
        terms = Draft(plan=plan).terms_for(make_terms(FRIDAY_EVENING))
        assert (terms.tier, terms.time_zone) == ("Business", "GMT+8")
        assert terms.holidays == MONDAY_OFF.holidays
        assert terms.started_at == at(FRIDAY_EVENING)

    def test_targets_are_changed_one_by_one(self):
        changed = Exceptions(
            targets={FIRST_ANSWER: {"P1": hours(1)}, SOLUTION: {"P2": hours(9)}}
        )
        terms = Draft(exceptions=changed).terms_for(make_terms(FRIDAY_EVENING))
        assert terms.response_targets["P1"] == hours(1)
        assert terms.response_targets["P2"] == hours(8)
        assert terms.further_targets == {SOLUTION: {"P2": hours(9)}}
        assert moved(past(), exceptions=changed) == (MET, BREACHED)

    def test_windows_replace_those_of_the_tier(self):
        late = Exceptions(windows=tuple(reversed(weekly(range(5), 12, 20))))
        terms = Draft(tier=BUSINESS, exceptions=late).terms_for(
            make_terms(FRIDAY_EVENING)
        )
        assert terms.windows == weekly(range(5), 12, 20)
        assert terms.response_targets == BUSINESS.response_targets

    def test_days_replace_or_come_to_those_there_were(self):
        own = (Holiday(date(2026, 11, 20), "Own"),)
        terms = make_terms(FRIDAY_EVENING, holidays=own)
        assert Draft(days=MONDAY_OFF).terms_for(terms).holidays == MONDAY_OFF.holidays
        added = Draft(days=MONDAY_OFF, add_days=True).terms_for(terms)
        assert added.holidays == (*own, *MONDAY_OFF.holidays)
        late = past(responded_at=at("2026-11-23T12:31+03:00"))
        assert moved(late, days=MONDAY_OFF) == (BREACHED, MET)

    def test_no_days_are_a_draft_too(self):
        assert Draft(days=Days())
        assert not Draft()

    def test_a_draft_counts_from_the_start_also_where_terms_were_re_rated(self):
        former = make_terms(FRIDAY_EVENING, "Premium").settled("P1")
        terms = replace(
            make_terms(FRIDAY_EVENING).settled("P1"),
            former=(Former(MONDAY_DUE, former),),
        )
        one = past(terms=terms)
        assert moved(one) == (BREACHED, BREACHED)
        assert moved(one, tier=make_tier()) == (BREACHED, MET)

    def test_what_a_draft_without_a_tier_leaves_stays_as_it_was_re_rated(self):
        """Answered in time under Basic, and sold up to Premium since."""
        former = Former(MONDAY_DUE, make_terms(FRIDAY_EVENING).settled("P1"))
        terms = replace(make_terms(FRIDAY_EVENING, "Premium"), former=(former,))
        one = past(terms=terms.settled("P1"))
        assert moved(one) == (MET, MET)
        for draft in (
            {"days": Days()},
            {"days": Days(), "add_days": True},
            {"exceptions": Exceptions(targets={FIRST_ANSWER: {"P4": hours(9)}})},
        ):
            assert moved(one, **draft) == (MET, MET)
        # And what it changes, it changes of then, too.
        shorter = Exceptions(targets={FIRST_ANSWER: {"P1": hours(1)}})
        assert moved(one, exceptions=shorter) == (MET, BREACHED)
        assert moved(one, tier=PREMIUM) == (MET, BREACHED)

    @given(
        st.sampled_from(["Basic", "Business", "Premium"]),
        st.integers(0, 90),
        st.sampled_from(["P1", "P2", "P4"]),
    )
    def test_what_is_sold_already_changes_nothing(self, tier, waited, priority):
        terms = make_terms(FRIDAY_EVENING, tier)
        one = past(
            terms=terms,
            tier=tier,
            priority=priority,
            responded_at=at(FRIDAY_EVENING) + hours(waited),
        )
        for draft in (
            {},
            {"tier": make_tier(tier)},
            {"plan": make_plan(tier)},
            {"days": Days()},
            {"exceptions": Exceptions(targets=terms.targets, windows=terms.windows)},
        ):
            found = tried(one, **draft)
            assert found.before == found.after


class TestAdmission:
    def test_a_channel_that_the_draft_lacks_holds_and_has_no_clock(self):
        mute = make_tier(registration_channels=frozenset({PORTAL}))
        found = tried(past(), tier=mute)
        assert found.after == (HELD, ())
        assert found.tier == "Basic"
        assert moved(past(channel=AGENT), tier=mute) == (MET, MET)
        assert moved(past(channel=""), tier=mute) == (MET, MET)

    def test_a_channel_that_the_draft_takes_lets_in_what_was_held_for_it(self):
        one = held("channel_not_in_plan")
        assert moved(one, tier=BUSINESS) == (HELD, BREACHED)
        assert moved(one, days=MONDAY_OFF) == (HELD, HELD)
        assert moved(held("channel_not_in_plan", responded_at=None), tier=BUSINESS) == (
            HELD,
            BREACHED,
        )

    def test_without_a_plan_or_category_nobody_knows_by_what_it_would_count(self):
        for lacking in ("plan", "category"):
            one = held("channel_not_in_plan", **{lacking: None})
            assert replay(one, Draft(tier=BUSINESS), now=LONG_AFTER) == NO_PLAN

    @pytest.mark.parametrize("reason", ["unverified_sender", "unknown_sender"])
    def test_whom_nobody_knows_is_held_whatever_is_sold(self, reason):
        assert moved(held(reason), plan=DRAFT_PLAN) == (HELD, HELD)

    @pytest.mark.parametrize("reason", ["contact_not_authorized", "plan_expired"])
    def test_a_plan_of_the_customer_lets_in_whom_it_seats(self, reason):
        assert moved(held(reason), plan=DRAFT_PLAN)[1] == BREACHED
        assert moved(held(reason, contact=BOB), plan=DRAFT_PLAN)[1] == HELD
        another = replace(DRAFT_PLAN, customer="Another")
        assert moved(held(reason), plan=another)[1] == HELD
        assert moved(held(reason), tier=BUSINESS)[1] == HELD

    def test_a_plan_of_the_customer_holds_whom_it_does_not_seat(self):
        assert moved(past(contact=BOB), plan=DRAFT_PLAN) == (MET, HELD)
        assert moved(past(contact=None), plan=DRAFT_PLAN) == (MET, HELD)
        suspended = replace(DRAFT_PLAN, seats=(Seat(ALICE, is_suspended=True),))
        assert moved(past(), plan=suspended) == (MET, HELD)
        another = replace(suspended, customer="Another")
        assert moved(past(), plan=another)[1] != HELD

    def test_whom_an_agent_admitted_no_draft_holds(self):
        mute = make_tier(registration_channels=frozenset({PORTAL}))
        assert moved(past(is_vouched=True), tier=mute) == (MET, MET)
        unseated = past(contact=BOB, is_vouched=True)
        assert moved(unseated, plan=DRAFT_PLAN) == (MET, BREACHED)

    def test_one_that_was_held_again_is_not_vouched_for(self):
        one = held("contact_not_authorized", contact=BOB, is_vouched=True)
        assert moved(one, plan=DRAFT_PLAN) == (HELD, HELD)
        assert moved(one, days=Days()) == (HELD, HELD)

    def test_an_agent_vouches_only_where_there_is_no_contact(self):
        assert moved(past(channel=AGENT, contact=BOB), plan=DRAFT_PLAN)[1] == HELD
        for contact in (ALICE, None):
            one = past(channel=AGENT, contact=contact)
            assert moved(one, plan=DRAFT_PLAN)[1] == BREACHED

    def test_the_dates_of_a_draft_plan_say_nothing_of_the_past(self):
        seat = Seat(
            ALICE, date(2030, 2, 1), date(2030, 3, 1), ended_at=at(FRIDAY_EVENING)
        )
        later = replace(
            DRAFT_PLAN, status=DRAFT, starts_on=date(2030, 1, 1), seats=(seat,)
        )
        assert moved(past(), plan=later)[1] == BREACHED
        over = replace(DRAFT_PLAN, starts_on=date(2020, 1, 1), ends_on=date(2020, 2, 1))
        assert moved(past(), plan=over)[1] == BREACHED

    def test_a_tier_beside_a_plan_brings_its_channels(self):
        mute = make_tier(registration_channels=frozenset({PORTAL}))
        assert moved(past(), plan=DRAFT_PLAN, tier=mute)[1] == HELD
        plan = replace(DRAFT_PLAN, tier=mute)
        assert moved(past(), plan=plan)[1] == HELD
        assert moved(past(), plan=plan, tier=PREMIUM)[1] == BREACHED

    @given(
        st.sampled_from([ALICE, BOB, None]),
        st.sampled_from([PORTAL, EMAIL, AGENT]),
        st.booleans(),
        st.sampled_from(
            [None, "unverified_sender", "unknown_sender", "contact_not_authorized"]
        ),
        st.frozensets(st.sampled_from([PORTAL, EMAIL])),
    )
    def test_a_draft_plan_holds_whom_the_command_holds_under_it(
        self, contact, channel, is_suspended, held_for, channels
    ):
        """A draft that was sold from the start, and a file of plans that has it."""
        tier = make_tier(registration_channels=channels)
        plan = make_plan(seats=(Seat(ALICE, is_suspended=is_suspended),))
        plan = replace(plan, tier=tier)
        one = past(contact=contact, channel=channel, held_for=held_for)
        request = make_request(
            FRIDAY_EVENING,
            contact=contact,
            channel=channel,
            sender_is_verified=held_for != "unverified_sender",
            contact_is_known=held_for != "unknown_sender",
        )
        decided = triage(request, [plan], now=LONG_AFTER, answers_at_once=False)
        expected = side_of_decision(decided).standing == HELD
        assert (moved(one, plan=plan)[1] == HELD) == expected

    def test_a_plan_for_a_customer_without_one_judges_what_was_outside(self):
        found = tried(outside(), plan=DRAFT_PLAN)
        assert (found.before.standing, found.after.standing) == (OUTSIDE, BREACHED)
        assert (found.tier, found.customer) == ("Business", EXAMPLE)
        assert moved(outside(), tier=BUSINESS) == (OUTSIDE, OUTSIDE)

    def test_nobody_is_named_where_no_plan_says_anything(self):
        found = tried(outside(), tier=BUSINESS)
        assert (found.tier, found.customer) == ("", "")
        assert tried(held("no_plan", tier=""), tier=BUSINESS).tier == ""


class TestNotJudged:
    def test_accepted_without_a_snapshot(self):
        assert replay(past(terms=None), Draft(), now=LONG_AFTER) == NO_TERMS

    def test_imported_without_its_stamps(self):
        one = past(terms=make_terms(FRIDAY_EVENING).without_clock())
        assert replay(one, Draft(), now=LONG_AFTER) == NO_CLOCK

    def test_a_draft_that_leaves_no_working_time(self):
        zone = replace(make_terms(FRIDAY_EVENING), time_zone="Nowhere/Never")
        one = past(terms=zone)
        assert replay(one, Draft(tier=BUSINESS), now=LONG_AFTER) == IMPOSSIBLE
