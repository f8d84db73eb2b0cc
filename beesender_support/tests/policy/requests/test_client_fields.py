"""What a client may write, field by field, and which of their contacts speaks for them."""

import pytest

from beesender_support.policy.plans.plans import Seat
from beesender_support.policy.requests.client_fields import (
    may_change,
    may_give,
    may_move,
    own_contact,
)
from beesender_support.tests.policy.factories import ALICE, BOB, at, make_plan


@pytest.mark.parametrize(
    ("fieldname", "is_site_field", "is_offered", "may"),
    [
        ("subject", False, False, True),
        ("beesender_priority", True, False, True),
        ("customer", False, False, True),
        ("agent_group", False, False, False),
        ("agent_group", False, True, True),
        ("custom_version", True, False, True),
        ("custom_version", True, True, True),
        # Whatever a template offers: structure, clock, identity, what this app decides.
        ("ticket_split_from", False, True, False),
        ("is_merged", False, True, False),
        ("service_level_agreement_creation", False, True, False),
        ("first_responded_on", False, True, False),
        ("status_category", False, True, False),
        ("email_account", False, True, False),
        ("beesender_tier", True, True, False),
        ("beesender_field_to_come", True, True, False),
        ("field_that_the_host_adds_later", False, False, False),
    ],
)
def test_what_a_client_gives(fieldname, is_site_field, is_offered, may):
    given = may_give(fieldname, is_site_field=is_site_field, is_offered=is_offered)
    assert given is may


@pytest.mark.parametrize(
    ("fieldname", "is_site_field", "is_empty", "has_message", "may"),
    [
        ("feedback", False, True, False, True),
        ("status", False, False, False, True),
        ("custom_version", True, False, False, True),
        ("subject", False, False, False, False),
        ("ticket_type", False, False, True, False),
        ("priority", False, False, True, False),
        ("raised_by", False, False, True, False),
        ("first_responded_on", False, True, True, False),
        ("last_agent_response", False, True, True, False),
        ("beesender_terms", True, True, True, False),
        ("last_customer_response", False, False, True, True),
        ("last_customer_response", False, False, False, False),
        ("description", False, True, True, True),
        ("description", False, True, False, False),
        ("description", False, False, True, False),
    ],
)
def test_what_a_client_changes(fieldname, is_site_field, is_empty, has_message, may):
    changed = may_change(
        fieldname,
        is_site_field=is_site_field,
        is_empty=is_empty,
        has_message=has_message,
    )
    assert changed is may


@pytest.mark.parametrize(
    ("status", "category", "may"),
    [
        ("Closed", "Resolved", True),
        ("Done", "Resolved", True),
        ("Open", "Open", True),
        ("Reopened", "Open", True),
        ("In progress", "Open", False),
        ("Replied", "Paused", False),
        ("No such status", None, False),
    ],
)
def test_where_a_client_moves_a_ticket(status, category, may):
    assert may_move(status, category, ("Open", "Reopened", None)) is may


NOON = at("2026-11-20T12:00:00+03:00")


@pytest.mark.parametrize(
    ("contacts", "plan", "spoken_for"),
    [
        ((), {}, None),
        ((BOB,), {}, BOB),
        ((BOB, ALICE), {}, ALICE),
        ((ALICE, BOB), {}, ALICE),
        ((BOB, ALICE), {"status": "Suspended"}, BOB),
        ((BOB, ALICE), {"seats": ()}, BOB),
        ((BOB, ALICE), {"seats": (Seat(ALICE, is_suspended=True),)}, BOB),
    ],
)
def test_of_several_contacts_the_seated_one_speaks_else_the_oldest(
    contacts, plan, spoken_for
):
    assert own_contact(contacts, [make_plan(**plan)], NOON) == spoken_for
