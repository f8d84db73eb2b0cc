"""What rows of other systems become, and all that keeps them from it."""

from datetime import date, datetime, timedelta, timezone

import pytest

from beesender_support.policy.calendar.zones import time_zone
from beesender_support.policy.imports.mappings import mapping_of
from beesender_support.policy.imports.people import People
from beesender_support.policy.imports.rows import (
    ImportedContact,
    ImportedCustomer,
    Importing,
)
from beesender_support.policy.imports.sources import (
    CONTACTS,
    CUSTOMERS,
    PLANS,
    TICKETS,
)
from beesender_support.policy.sold.catalogue import CATALOGUE

MAPPING = {
    "words": {"tier": {"Gold": "Premium"}},
    "defaults": {"time_zone": "GMT+3", "channel": "email", "category": "Incident"},
}
CUSTOMER = {"id": "A-1", "name": "Acme", "domain": "https://www.Acme.example/about"}
CONTACT = {
    "id": "7",
    "name": "Anna",
    "email": "Anna <anna@acme.example>",
    "phone": "+7",
    "customer": "Acme",
}
PLAN = {
    "id": "S-1",
    "customer": "Acme",
    "tier": "Gold",
    "starts_on": "01.01.2026",
    "ends_on": "31.12.2026",
    "contacts": "Anna; anna@acme.example",
}
TICKET = {
    "id": "T-1",
    "subject": "Down",
    "customer": "acme",
    "contact_name": "Anna",
    "category": "Consultation",
    "priority": "Critical",
    "opened_at": "20.11.2026 17:30",
    "first_reply_minutes": "12",
}


def importing_of(source="creatio", stored=MAPPING, **options):
    people = People(lists_customers=True)
    zone = time_zone("GMT+3")
    return Importing(mapping_of(source, stored), CATALOGUE, people, zone, **options)


@pytest.fixture
def importing():
    importing = importing_of()
    assert importing.decide(CUSTOMERS, CUSTOMER).value
    assert importing.decide(CONTACTS, CONTACT).value
    return importing


def found(decided):
    return [each.code for each in decided.findings]


def test_a_customer():
    decided = importing_of().decide(CUSTOMERS, CUSTOMER)
    assert decided.value == ImportedCustomer("A-1", "Acme", "acme.example")
    assert not decided.findings


def test_a_customer_without_an_id_is_known_by_name():
    decided = importing_of().decide(CUSTOMERS, {"name": "Acme"})
    assert decided.value == ImportedCustomer("Acme", "Acme", "")


def test_a_customer_twice_is_skipped(importing):
    decided = importing.decide(CUSTOMERS, {"name": "ACME"})
    assert decided.value is None
    assert found(decided) == ["repeated_row"]
    assert not decided.findings[0].is_doubt


def test_a_row_without_what_it_needs_is_in_doubt():
    assert found(importing_of().decide(CUSTOMERS, {"id": "1"})) == ["nothing_said"]
    assert found(importing_of().decide(CONTACTS, {"id": "1"})) == ["nothing_said"]


def test_a_contact(importing):
    decided = importing.decide(
        CONTACTS, {**CONTACT, "id": "", "name": "", "email": "Boris@Acme.example"}
    )
    address = "Boris@Acme.example"
    assert decided.value == ImportedContact(
        "boris@acme.example", address, address, "+7", "Acme"
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"role": "Employee", "email": "x@y.example"}, "of_the_staff"),
        ({"role": "Employee", "name": "", "email": "x@y.example"}, "of_the_staff"),
        ({"email": "nobody"}, "invalid_value"),
        ({"email": "ANNA@acme.example"}, "repeated_row"),
        ({"email": "x@y.example", "customer": "Nobody"}, "not_listed"),
    ],
)
def test_contacts_that_are_not_made(importing, changes, code):
    decided = importing.decide(CONTACTS, {**CONTACT, **changes})
    assert decided.value is None
    assert found(decided) == [code]


def test_a_plan(importing):
    decided = importing.decide(PLANS, PLAN)
    plan = decided.value.plan
    assert not decided.findings
    assert decided.value.external_id == "S-1"
    assert (plan.customer, plan.tier.name, plan.time_zone) == (
        "Acme",
        "Premium",
        "GMT+3",
    )
    assert (plan.starts_on, plan.ends_on) == (date(2026, 1, 1), date(2026, 12, 31))
    assert [seat.contact for seat in plan.seats] == ["anna@acme.example"]
    assert plan.status == "Active"


def test_a_plan_for_all_contacts_of_the_customer(importing):
    decided = importing.decide(
        PLANS, {**PLAN, "id": "", "contacts": "*", "status": "expired"}
    )
    assert [seat.contact for seat in decided.value.plan.seats] == ["anna@acme.example"]
    assert decided.value.plan.status == "Expired"
    assert decided.value.external_id == "Acme 2026-01-01"


def test_a_seat_of_nobody_known_is_a_doubt_about_a_part(importing):
    decided = importing.decide(PLANS, {**PLAN, "contacts": "Anna;Nobody"})
    assert [seat.contact for seat in decided.value.plan.seats] == ["anna@acme.example"]
    assert found(decided) == ["not_listed"]


def test_every_fault_of_a_plan_is_found_at_once(importing):
    decided = importing.decide(
        PLANS,
        {
            "customer": "Nobody",
            "tier": "Silver",
            "time_zone": "Mars",
            "starts_on": "3/4/2026",
            "ends_on": "never",
            "status": "Odd",
        },
    )
    assert decided.value is None
    assert found(decided) == [
        "not_listed",
        "unknown_name",
        "unknown_time_zone",
        "ambiguous_date",
        "invalid_value",
        "unknown_name",
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"id": "S-1"}, "repeated_row"),
        ({"id": "S-2"}, "plan_overlap"),
        ({"id": "S-2", "ends_on": "31.12.2025"}, "too_early"),
    ],
)
def test_a_second_plan_that_is_not_made(importing, changes, code):
    assert importing.decide(PLANS, PLAN).value
    decided = importing.decide(PLANS, {**PLAN, **changes})
    assert decided.value is None
    assert found(decided) == [code]


def test_a_ticket(importing):
    decided = importing.decide(TICKETS, TICKET)
    ticket = decided.value
    opened = datetime(2026, 11, 20, 14, 30, tzinfo=timezone.utc)
    assert not decided.findings
    assert (ticket.customer, ticket.contact) == ("Acme", "anna@acme.example")
    assert (ticket.category.name, ticket.priority) == ("Consultation", "P1")
    assert (ticket.channel, ticket.opened_at) == ("email", opened)
    assert ticket.first_responded_at == opened + timedelta(minutes=12)
    assert ticket.resolved_at is None


def test_a_ticket_without_a_customer_is_that_of_its_contact(importing):
    decided = importing.decide(
        TICKETS, {**TICKET, "customer": "", "subject": "", "priority": ""}
    )
    assert decided.value.customer == "Acme"
    assert decided.value.subject == "T-1"
    assert decided.value.priority is None


def test_a_ticket_without_a_contact(importing):
    decided = importing.decide(TICKETS, {**TICKET, "contact_name": ""})
    assert decided.value.contact is None


def test_a_ticket_of_nobody_is_in_doubt(importing):
    cells = {**TICKET, "customer": "", "contact_name": ""}
    assert found(importing.decide(TICKETS, cells)) == ["nothing_said"]
    cells = {**cells, "id": "T-2", "contact": "stranger@x.example"}
    assert found(importing.decide(TICKETS, cells)) == ["nothing_said"]


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"customer": "Nobody"}, ["not_listed"]),
        ({"contact_name": "Nobody"}, ["not_listed"]),
        ({"category": "Outage"}, ["unknown_name"]),
        ({"priority": "Odd"}, ["unknown_name"]),
        ({"channel": "fax"}, ["unknown_name"]),
        ({"opened_at": ""}, ["nothing_said"]),
        ({"first_reply_minutes": "soon"}, ["invalid_value"]),
        ({"first_reply_minutes": "-5"}, ["invalid_value"]),
        (
            {"first_responded_at": "19.11.2026", "resolved_at": "18.11.2026"},
            ["too_early"] * 2,
        ),
        ({"resolved_at": "never", "channel": "fax"}, ["unknown_name", "invalid_value"]),
    ],
)
def test_every_fault_of_a_ticket_is_found(importing, changes, codes):
    decided = importing.decide(TICKETS, {**TICKET, **changes})
    assert decided.value is None
    assert found(decided) == codes


def test_tickets_that_are_skipped(importing):
    gone = importing_of("zendesk").decide(TICKETS, {"id": "1", "status": "Deleted"})
    assert found(gone) == ["gone_there"]
    assert importing.decide(TICKETS, TICKET).value
    assert found(importing.decide(TICKETS, TICKET)) == ["repeated_row"]


def test_channels_are_those_that_a_site_has():
    importing = importing_of(
        stored={**MAPPING, "words": {"channel": {"*": "viber"}}}, channels=("viber",)
    )
    importing.decide(CUSTOMERS, CUSTOMER)
    decided = importing.decide(TICKETS, {**TICKET, "contact_name": "", "channel": "x"})
    assert decided.value.channel == "viber"
