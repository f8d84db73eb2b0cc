"""What was agreed for one plan alone, from the form to the ticket."""

import frappe
import pytest

from beesender_support.api import agent, desk, portal
from beesender_support.records.sold import sold_plans
from beesender_support.screens.portal.plan_page import page_for
from beesender_support.screens.workspace import statistics
from beesender_support.tests.site.factories import (
    make_agent,
    make_client,
    make_contact,
    make_p1,
    refused,
    session_of,
    site_time,
)

P1_IN_TWO_HOURS = {"kind": "Response target", "priority": "P1", "hours": 2}
SATURDAY = {
    "kind": "Support hours",
    "weekday": "Saturday",
    "start_time": "09:00",
    "end_time": "18:00",
}
THREE_CONTACTS = {"kind": "Authorized contacts", "amount": 3}
ONE_UPDATE = {"kind": "Entitlement", "entitlement": "updates", "amount": 1}


def agree(plan: str, *rows: dict):
    doc = frappe.get_doc("Beesender Support Plan", plan)
    doc.set("exceptions", rows)
    return doc.save()


def plan_name(client) -> str:
    return getattr(client.plan, "name", client.plan)


def test_a_plan_has_what_was_agreed_for_it_and_others_have_the_tier():
    client, other = make_client(tier="Basic"), make_client(tier="Basic")
    agree(plan_name(client), P1_IN_TWO_HOURS, THREE_CONTACTS, ONE_UPDATE)
    [plan] = sold_plans.of_customer(client.customer)
    [untouched] = sold_plans.of_customer(other.customer)
    assert plan.tier.response_targets["P1"].total_seconds() == 2 * 3600
    assert plan.tier.authorized_contact_limit == 3
    assert plan.tier.updates_per_year == 1
    assert untouched.tier.response_targets["P1"].total_seconds() == 4 * 3600
    by_name = {each.name: each for each in statistics.plans()}
    assert by_name[plan.name].tier.authorized_contact_limit == 3


def test_a_ticket_is_promised_what_was_agreed_and_says_so():
    client = make_client(tier="Basic")
    agree(plan_name(client), P1_IN_TWO_HOURS)
    # Friday 17:30: half an hour of Friday, and an hour and a half of Monday.
    ticket = make_p1(client)
    assert ticket.response_by == site_time("2026-11-23T10:30:00+03:00")
    # What was agreed is frozen, and what is agreed later concerns new requests.
    agree(plan_name(client))
    with session_of(make_agent()):
        why = portal.explain_deadline(ticket.name)
        words = [line["words"] for line in why["lines"]]
    assert "2 h of support time for P1 is an exception of this plan" in words
    assert make_p1(client).response_by == site_time("2026-11-23T12:30:00+03:00")


def test_support_hours_that_were_agreed_count():
    client = make_client(tier="Basic")
    weekdays = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
    rows = [{**SATURDAY, "weekday": each} for each in weekdays]
    agree(plan_name(client), SATURDAY, *rows)
    ticket = make_p1(client)
    # Half an hour of Friday, and the rest on Saturday.
    assert ticket.response_by == site_time("2026-11-21T12:30:00+03:00")


def test_client_agent_and_admin_read_what_was_agreed():
    client = make_client(tier="Basic")
    doc = agree(plan_name(client), P1_IN_TWO_HOURS, THREE_CONTACTS)
    said = [
        "A first answer to P1 within 2 h of support time instead of 4 h",
        "Authorized contacts: 3 instead of 2",
    ]
    page = page_for(client.email)
    assert page["exceptions"] == said
    ticket = make_p1(client)
    with session_of(make_agent()):
        rows = {
            each["label"]: each["value"]
            for each in agent.plan_card(ticket.name)["rows"]
        }
    assert rows["Agreed for this plan alone"] == "; ".join(said)
    overview = desk.plan_overview(doc.as_json())
    assert overview["exceptions"] == said
    assert overview["seats_included"] == 3


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([P1_IN_TWO_HOURS, P1_IN_TWO_HOURS], "P1 is listed more than once"),
        ([{**P1_IN_TWO_HOURS, "hours": 0}], "0 h is not a target"),
        ([{**SATURDAY, "weekday": ""}], "is not known. Allowed: Monday"),
        (
            [SATURDAY, {"kind": "Support hours", "around_the_clock": 1}],
            "more than once",
        ),
        ([SATURDAY, SATURDAY], "overlaps"),
        ([THREE_CONTACTS, THREE_CONTACTS], "listed more than once"),
        ([{**THREE_CONTACTS, "amount": 2.5}], "is not possible"),
        ([{**ONE_UPDATE, "amount": 1.5}], "is not possible"),
        ([{**P1_IN_TWO_HOURS, "hours": 8000}, SATURDAY], "is not a target"),
    ],
)
def test_what_cannot_be_agreed_is_refused_in_words(rows, sentence):
    client = make_client(tier="Basic")
    with refused(sentence):
        agree(plan_name(client), *rows)


def test_the_limit_of_seats_is_the_agreed_one():
    client = make_client(tier="Basic")
    doc = agree(plan_name(client), THREE_CONTACTS)
    for number in range(2):
        contact = make_contact(client.customer, f"{doc.name}-{number}@example.com")
        doc.append("authorized_contacts", {"contact": contact})
    doc.save()
    assert not doc.over_quota_since
    with refused("3 at a time, but Basic includes 2|includes"):
        contact = make_contact(client.customer, f"{doc.name}-4@example.com")
        doc.append("authorized_contacts", {"contact": contact})
        doc.save()
    # Saving the tier asks every plan anew, by its own limit.
    frappe.get_doc("Beesender Tier", "Basic").save()
    assert not frappe.db.get_value(
        "Beesender Support Plan", doc.name, "over_quota_since"
    )
