"""What the rule book says of a request after it is registered, and of mail that belongs to
one, is what the policy does."""

from dataclasses import replace
from decimal import Decimal

import pytest

from beesender_support.policy.errors import TwoAmounts
from beesender_support.policy.mail.joining import joins_by_number
from beesender_support.policy.requests.admission import (
    admit,
    reads_answer_at_once,
)
from beesender_support.policy.requests.customers import (
    AskedFor,
    customer_of_contact,
    without_plan,
)
from beesender_support.policy.requests.entitlement_guard import guard
from beesender_support.policy.requests.held_requests import Notice, may_be_notified
from beesender_support.policy.requests.impact import (
    is_rated_by_impact,
    option_named,
    options_of,
    priority_from_impact,
)
from beesender_support.policy.response.clock_start import (
    clock_starts_at,
    part_of,
    terms_of_part,
)
from beesender_support.policy.response.rerating import rerate
from beesender_support.policy.response.response_state import (
    assess,
    counts,
    is_still_promised,
)
from beesender_support.policy.sold.catalogue import CATALOGUE
from beesender_support.policy.sold.entitlements import UPDATES, followed
from beesender_support.policy.sold.impact_matrix import (
    NO,
    YES,
    ImpactMatrix,
    ImpactRule,
)
from beesender_support.tests.docs.rule_book import (
    ASKED,
    ASKS_FOR,
    FOLLOWED,
    IMPACTS,
    JOINS,
    MERGES,
    PARTS,
    PARTS_DUE,
    RATED,
    REOPENED,
    SETTLED_FOR_GOOD,
    STARTS,
    STRANGERS,
    TOLD,
    WAYS_ROUND,
    Example,
    examples,
    hours_and_minutes,
    in_zone,
    is_yes,
    optional,
    yes,
)
from beesender_support.tests.policy.factories import at, make_plan, make_terms


def terms_in(example: Example, opened: str = "opened"):
    category = CATALOGUE.category(
        example["category"] if "category" in example.columns else "Incident"
    )
    return make_terms(example[opened], example["tier"], category=category)


@examples(SETTLED_FOR_GOOD)
def test_what_an_answer_settled_stays_as_told(example):
    answered = at(example["answered"])
    terms = terms_in(example).settled(example["priority"])
    then = CATALOGUE.category(example["category then"])
    plan, priority = make_plan(example["tier then"]), example["priority then"]
    assert rerate(terms, plan, priority, responded_at=answered, now=answered) is None
    response = assess(
        terms.moved_to(then), priority, responded_at=answered, now=answered
    )
    assert response.state == example["state"]


@examples(REOPENED)
def test_a_request_that_is_opened_again_stands_as_told(example):
    looked_at = at(example["looked at"])
    answered = optional(at, example["answered"])
    is_open_again = looked_at >= at(example["open again"])
    terms = terms_in(example)
    response = assess(
        terms.settled(example["priority"]) if answered else terms,
        example["priority"],
        responded_at=answered,
        closed_at=None if is_open_again else at(example["closed"]),
        now=looked_at,
    )
    assert response.state == example["state"]
    assert hours_and_minutes(response.overdue) == example["overdue"]


@examples(STARTS)
def test_the_clock_of_what_is_decided_again_starts_as_said(example):
    starts_at = clock_starts_at(
        now=at(example["decided"]),
        registered_at=at(example["opened"]),
        running_since=optional(at, example["clock runs since"]),
        interrupted_since=optional(at, example["had run since"]),
        has_waited=is_yes(example["held or declined"]),
    )
    assert starts_at == at(example["clock starts"])


@examples(PARTS)
def test_a_part_takes_over_what_is_told(example):
    whole = example["the whole"]
    terms = make_terms("2026-11-20T17:30+03:00") if whole == "accepted" else None
    becomes = part_of(whole_is_under_policy=whole != "outside", terms=terms)
    assert becomes == example["the part"]


@examples(PARTS_DUE)
def test_a_part_is_due_as_told(example):
    whole = terms_in(example, "the whole opened")
    if answered := optional(at, example["the whole answered"]):
        assert answered > whole.started_at
        whole = whole.settled(example["priority"])
    split_off = at(example["split off"])
    category = CATALOGUE.category(example["category"])
    part = terms_of_part(whole, category, split_off)
    response = assess(part, example["priority"], responded_at=None, now=split_off)
    due = response.due and in_zone(response.due, part.time_zone)
    assert (due or "none") == example["due"]


@examples(MERGES)
def test_of_a_merged_request_is_promised_and_counted_what_is_told(example):
    is_merged = is_yes(example["merged"])
    promised = is_still_promised(
        is_merged=is_merged, is_answered=is_yes(example["answered before"])
    )
    assert yes(promised) == example["promised"]
    assert yes(counts(is_merged=is_merged)) == example["counted"]


@examples(JOINS)
def test_a_mail_joins_by_a_number_as_told(example):
    joins = joins_by_number(
        is_asker=example["sender"] == "who asked",
        is_agent=example["sender"] == "agent",
        is_forward=is_yes(example["forwarded"]),
        takes_part=example["sender"] == "participant",
    )
    assert yes(joins) == example["joins"]


@examples(ASKS_FOR)
def test_a_contact_asks_for_whom_it_is_told(example):
    seating, planned = (
        set((optional(str, example[column]) or "").split(", ")) - {""}
        for column in ("seated by", "plans of")
    )
    asked_for = customer_of_contact(
        optional(str, example["contact of"]), seating, planned
    )
    told = example["asks for"]
    expected = (
        AskedFor(is_open=True) if told == "open" else AskedFor(optional(str, told))
    )
    assert asked_for == expected


@examples(STRANGERS)
def test_of_a_request_that_no_plan_decides_on_becomes_what_is_told(example):
    is_stranger = example["asked by"] == "stranger"
    treated = without_plan(
        is_stranger=is_stranger,
        strangers=example["strangers"],
        hold_unplanned=is_yes(example["held without a plan"]),
        answers_at_once=reads_answer_at_once(example["channel"]),
    )
    admission = admit(
        (),
        customer=None if is_stranger else "Acme",
        contact="anna@acme.example",
        channel=example["channel"],
        at=at("2026-11-23T12:00+03:00"),
        contact_is_known=not is_stranger,
        hold_unplanned=treated.is_held,
        answers_at_once=treated.answers_at_once,
    )
    told = "outside" if admission.is_outside_policy else admission.verdict
    assert told == example["request is"]
    assert admission.reason in (None, "unknown_sender" if is_stranger else "no_plan")


@examples(TOLD)
def test_who_sent_a_held_request_is_told_as_told(example):
    sender = example["sender"]
    before = optional(at, example["told before"])
    may = may_be_notified(
        sender,
        channel=example["channel"],
        waits_for_answer=is_yes(example["waits for an answer"]),
        notices=[Notice(sender, before)] if before else [],
        now=at(example["asked at"]),
    )
    assert yes(may) == example["told"]


ASKING = replace(CATALOGUE.category("Incident"), asks_impact=True)


@examples(IMPACTS)
def test_an_impact_has_the_priority_that_is_told(example):
    affected = example["what is affected"]
    assert option_named(ASKING, affected) in options_of(ASKING)
    for way_round in (None, YES, NO):
        found = priority_from_impact(ASKING, affected, way_round)
        assert found.code == example["by impact"]


@examples(WAYS_ROUND)
def test_a_way_round_is_asked_for_and_counts_as_told(example):
    matrix = ImpactMatrix(
        (
            ImpactRule("Chats", example["with a way round"], YES),
            ImpactRule("Chats", example["without one"], NO),
        )
    )
    assert yes(matrix.options[0].asks_way_round) == example["is asked"]
    answer = {"yes": YES, "none": NO, "unanswered": None}[example["way round"]]
    category = replace(ASKING, impact=matrix)
    found = priority_from_impact(category, "Chats", answer)
    assert bool(found.refusal) is (found.code is None)
    assert (found.code or "refused") == example["by impact"]


@examples(RATED)
def test_requests_by_a_channel_are_rated_by_impact_as_told(example):
    rated = is_rated_by_impact(ASKING, example["channel"])
    assert yes(rated) == example["rated by impact"]


@examples(ASKED)
def test_a_plan_stands_to_what_is_asked_for_as_told(example):
    asked = next(
        each for each in CATALOGUE.entitlements if each.title == example["asked for"]
    )
    is_counted = example["left"] != "not counted"
    left = Decimal(example["left"]) if is_counted else None
    guarded = guard(asked, CATALOGUE.tier(example["tier"]), left)
    assert guarded.state.replace("_", " ") == example["to the plan"]


@examples(FOLLOWED)
def test_the_field_and_the_row_of_an_entitlement_follow_each_other_as_told(example):
    before, listed, given = (
        {UPDATES: int(example[column])}
        for column in ("both before", "the table", "the field")
    )
    if example["then both"] == "refused":
        with pytest.raises(TwoAmounts):
            followed(listed, before, given, before)
        return
    both = {UPDATES: int(example["then both"])}
    assert followed(listed, before, given, before) == both
