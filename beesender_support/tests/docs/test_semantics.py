"""What the documents tell clients is what the policy does: every row of every example."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from beesender_support.policy.calendar.calendar import Calendar
from beesender_support.policy.calendar.holidays import Holiday
from beesender_support.policy.calendar.windows import (
    DAY,
    Window,
    clock_seconds,
    describe_windows,
)
from beesender_support.policy.plans.contract_years import contract_year, support_fee
from beesender_support.policy.plans.plans import Seat
from beesender_support.policy.requests.admission import REASONS, admit
from beesender_support.policy.requests.priorities import (
    refuse_priority,
    settle_priority,
)
from beesender_support.policy.requests.triage import triage
from beesender_support.policy.response.answering import Message, is_answer
from beesender_support.policy.response.response_state import assess
from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sold.catalogue import CATALOGUE
from beesender_support.tests.docs.rule_book import (
    ADMISSIONS,
    ANSWERS,
    CLOSED,
    CONTRACT_YEARS,
    CORRECTIONS,
    DAYS,
    DEADLINES,
    ENGLISH,
    EXAMPLES,
    FEES,
    KINDS,
    MEANINGS,
    RUSSIAN,
    SETTLED,
    STATES,
    TIERS,
    WORKING_TIMES,
    examples,
    hours_and_minutes,
    in_zone,
    is_yes,
    optional,
)
from beesender_support.tests.policy.factories import (
    ALICE,
    EXAMPLE,
    at,
    make_plan,
    make_request,
)


def holidays_in(cell: str) -> tuple[Holiday, ...]:
    return tuple(map(holiday_in, cell.split("; "))) if cell != "none" else ()


def holiday_in(text: str) -> Holiday:
    day, _, part = text.partition(" ")
    start, _, end = part.partition("-")
    return Holiday(
        date.fromisoformat(day),
        start=clock_seconds(start) if part else 0,
        end=clock_seconds(end) if part else DAY,
    )


def windows_in(cell: str) -> tuple[Window, ...]:
    return tuple(
        Window.on_the_clock(day, *map(clock_seconds, hours.split("-")))
        for days, hours in (each.split(" ") for each in cell.split("; "))
        for day in days_in(days)
    )


def days_in(text: str) -> range:
    first, _, last = text.partition("-")
    return range(DAYS.index(first), DAYS.index(last or first) + 1)


@pytest.mark.parametrize("document", EXAMPLES, ids=lambda path: path.name)
def test_every_kind_of_example_is_there_and_none_is_left_out(document):
    found = {example.columns for example in EXAMPLES[document]}
    assert found == set(KINDS)
    for kind, at_least in KINDS.items():
        number = sum(example.columns == kind for example in EXAMPLES[document])
        assert number >= at_least, kind


def test_both_documents_give_the_same_examples():
    english, russian = (
        [
            (example.columns, example.cells)
            for example in EXAMPLES[document]
            if example.columns != MEANINGS
        ]
        for document in (ENGLISH, RUSSIAN)
    )
    assert english == russian


@pytest.mark.parametrize("document", EXAMPLES, ids=lambda path: path.name)
def test_every_reason_is_told(document):
    told = [
        example["reason"].strip("`")
        for example in EXAMPLES[document]
        if example.columns == MEANINGS
    ]
    assert sorted(told) == sorted(REASONS)


@pytest.mark.parametrize("document", EXAMPLES, ids=lambda path: path.name)
def test_every_tier_is_told(document):
    told = [
        example["tier"] for example in EXAMPLES[document] if example.columns == TIERS
    ]
    assert told == [tier.name for tier in CATALOGUE.tiers]


@examples(TIERS)
def test_a_tier_is_as_told(example):
    tier = CATALOGUE.tier(example["tier"])
    hours = {
        priority: target / timedelta(hours=1)
        for priority, target in tier.response_targets.items()
    }
    assert describe_windows(tier.windows) == example["support hours"]
    assert hours["P1"] == float(example["P1, hours"])
    assert {hours[each] for each in ("P2", "P3", "P4")} == {
        float(example["P2-P4, hours"])
    }
    assert str(tier.authorized_contact_limit) == example["authorized contacts"]
    assert str(tier.updates_per_year) == example["updates a year"]
    assert str(tier.fee_percent) == example["fee, %"]


@examples(DEADLINES)
def test_a_deadline_is_as_told(example):
    zone = example["time zone"]
    plan = make_plan(
        example["tier"], time_zone=zone, holidays=holidays_in(example["holidays"])
    )
    request = make_request(
        example["opened"],
        category=CATALOGUE.category(example["category"]),
        priority=example["priority"],
    )
    due = triage(request, [plan], now=request.opened_at).response.due
    assert (in_zone(due, zone) if due else "none") == example["due"]


@examples(STATES)
def test_a_promise_stands_as_told(example):
    plan = make_plan(example["tier"], time_zone=example["time zone"])
    response = assess(
        Terms.of(plan, CATALOGUE.category("Incident"), at(example["opened"])),
        example["priority"],
        responded_at=optional(at, example["answered"]),
        now=at(example["looked at"]),
    )
    minutes = response.late_by // timedelta(minutes=1)
    assert response.state == example["state"]
    assert f"{minutes // 60}:{minutes % 60:02}" == example["late by"]


@examples(CLOSED)
def test_a_request_closed_unanswered_stands_as_told(example):
    plan = make_plan(example["tier"], time_zone=example["time zone"])
    response = assess(
        Terms.of(plan, CATALOGUE.category("Incident"), at(example["opened"])),
        example["priority"],
        responded_at=None,
        closed_at=optional(at, example["closed"]),
        now=at(example["looked at"]),
    )
    assert response.state == example["state"]
    assert hours_and_minutes(response.overdue) == example["overdue"]


@examples(SETTLED)
def test_a_settled_promise_stays_as_told(example):
    plan = make_plan(example["tier"], time_zone=example["time zone"])
    terms = Terms.of(plan, CATALOGUE.category("Incident"), at(example["opened"]))
    answered = at(example["answered"])
    response = assess(
        terms.settled(example["priority"]),
        example["priority then"],
        responded_at=answered,
        now=answered,
    )
    assert response.state == example["state"]


@examples(ANSWERS)
def test_an_answer_is_what_the_rule_book_says(example):
    people = {"customer": "anna@acme.example", "colleagues": "agent@vendor.example"}
    recipients = frozenset(
        people.get(each, "other@partner.example")
        for each in example["sent to"].split(", ")
        if each != "portal"
    )
    message = Message(
        by_agent=example["written by"] == "agent",
        is_automatic=example["what it is"] == "automatic",
        is_housekeeping="split" in example["what it is"],
        recipients=recipients,
    )
    answers = is_answer(
        message, client={people["customer"]}, support={people["colleagues"]}
    )
    assert ("yes" if answers else "none") == example["an answer"]


@examples(WORKING_TIMES)
def test_working_time_passes_as_told(example):
    zone = example["time zone"]
    calendar = Calendar(
        zone, windows_in(example["support hours"]), holidays_in(example["holidays"])
    )
    start = at(example["start"])
    duration = timedelta(hours=float(example["working time, hours"]))
    assert in_zone(calendar.add(start, duration), zone) == example["end"]
    assert calendar.between(start, at(example["end"])) == duration


@examples(ADMISSIONS)
def test_a_request_is_admitted_as_told(example):
    plan = make_plan(
        status=example["plan status"],
        starts_on=date.fromisoformat(example["plan starts"]),
        ends_on=optional(date.fromisoformat, example["plan ends"]),
        time_zone=example["time zone"],
        seats=seats_in(example["seat"]),
    )
    admission = admit(
        [plan],
        customer=EXAMPLE,
        contact=ALICE,
        channel=example["channel"],
        at=at(example["asked at"]),
    )
    answer = "outside" if admission.is_outside_policy else admission.verdict
    assert (answer, admission.reason or "none") == (
        example["answer"],
        example["reason"],
    )


def seats_in(cell: str) -> tuple[Seat, ...]:
    if cell == "none":
        return ()
    bound, _, day = cell.partition(" ")
    return (
        Seat(
            ALICE,
            from_date=date.fromisoformat(day) if bound == "from" else None,
            to_date=date.fromisoformat(day) if bound == "to" else None,
        ),
    )


@examples(CORRECTIONS)
def test_a_priority_is_corrected_as_told(example):
    category = CATALOGUE.category(example["category"])
    asked = optional(str, example["asked"])
    assert settle_priority(category, asked).code == example["becomes"]
    for answers_at_once in (True, False):
        refusal = refuse_priority(category, asked, answers_at_once=answers_at_once)
        is_error = answers_at_once and is_yes(example["error in the portal"])
        assert bool(refusal) is is_error


@examples(CONTRACT_YEARS)
def test_a_contract_year_runs_as_told(example):
    found = contract_year(
        date.fromisoformat(example["plan starts"]), date.fromisoformat(example["day"])
    )
    assert [day.isoformat() for day in found] == [
        example["year begins"],
        example["next year begins"],
    ]


@examples(FEES)
def test_a_fee_is_rounded_as_told(example):
    fee = support_fee(Decimal(example["licence price"]), Decimal(example["fee, %"]))
    assert str(fee) == example["support fee"]
