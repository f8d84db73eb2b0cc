"""Tiers, plans, categories and priorities as admins edit them."""

import frappe
import pytest

from beesender_support.api import desk
from beesender_support.policy.sold.catalogue import CATALOGUE, OFFERED_TIME_ZONES
from beesender_support.records.sold import catalogue
from beesender_support.setup.install import after_install
from beesender_support.tests.site.factories import (
    by_helpdesk,
    clock_at,
    make_agent,
    make_client,
    make_contact,
    make_customer,
    make_plan,
    make_portal_user,
    make_ticket,
    refused,
    session_of,
    site_time,
)

# First data


def test_the_site_starts_with_the_catalogue():
    for tier in CATALOGUE.tiers:
        doc = frappe.get_doc("Beesender Tier", tier.name)
        assert doc.fee_percent == tier.fee_percent
        assert doc.authorized_contact_limit == tier.authorized_contact_limit
        assert {row.channel for row in doc.answer_channels} == tier.answer_channels
    assert frappe.get_doc("Beesender Priority", "P1").ticket_priority == "Urgent"
    rules = frappe.get_doc("Beesender Category", "Consultation").priority_rules
    assert [rule.priority for rule in rules] == ["P3", "P4"]


def test_installing_again_changes_nothing_an_admin_edited():
    tier = frappe.get_doc("Beesender Tier", "Basic")
    tier.authorized_contact_limit = 3
    tier.save()
    fields = frappe.db.count("Custom Field")
    rows = frappe.db.count("HD Ticket Template Field")
    after_install()
    assert (
        frappe.db.get_value("Beesender Tier", "Basic", "authorized_contact_limit") == 3
    )
    assert frappe.db.count("Custom Field") == fields
    assert frappe.db.count("HD Ticket Template Field") == rows


# Tiers


def test_overlapping_windows_are_refused_with_what_to_do():
    tier = frappe.get_doc("Beesender Tier", "Basic")
    tier.append(
        "support_windows",
        {"weekday": "Monday", "start_time": "17:00", "end_time": "20:00"},
    )
    with refused("Support windows: Monday 17:00-20:00 overlaps Monday 09:00-18:00"):
        tier.save()


def test_a_target_of_nothing_is_refused():
    tier = frappe.get_doc("Beesender Tier", "Basic")
    tier.response_targets[0].hours = 0
    with refused("Give more than zero hours"):
        tier.save()


def test_a_window_may_cross_midnight_or_end_at_it():
    tier = frappe.get_doc("Beesender Tier", "Basic")
    tier.support_windows = []
    for weekday, start, end in (
        ("Friday", "22:00:00", "06:00:00"),
        ("Monday", "09:00:00", "00:00:00"),
        ("Tuesday", "09:00:00", "24:00:00"),
    ):
        tier.append(
            "support_windows",
            {"weekday": weekday, "start_time": start, "end_time": end},
        )
    tier.save()
    client = make_client(time_zone="GMT+3")
    with clock_at("2026-11-20T23:00:00+03:00"):  # Friday night
        ticket = make_ticket(client, ticket_type="Incident", beesender_priority="P1")
        due = frappe.utils.get_datetime(ticket.response_by)
        assert due == site_time("2026-11-21T03:00:00+03:00")
    assert frappe.db.exists("HD Service Level Agreement", "Beesender Basic")


def test_a_time_with_a_fraction_of_nothing_is_that_time():
    """As programs write it."""
    tier = frappe.get_doc("Beesender Tier", "Basic")
    hours = {"start_time": "10:00:00.000", "end_time": "12:00:00.000000"}
    tier.support_windows = []
    tier.append("support_windows", {"weekday": "Monday", **hours})
    tier.save()
    (window,) = catalogue.tier_named("Basic").windows
    assert (window.start, window.end) == (10 * 3600, 12 * 3600)


def test_a_new_tier_brings_its_agreement_and_takes_it_away():
    tier = frappe.copy_doc(frappe.get_doc("Beesender Tier", "Premium"))
    tier.rank = 4
    # Premium keeps a channel that is retired since; a new tier does not get it.
    tier.answer_channels = [
        row for row in tier.answer_channels if row.channel != "skype"
    ]
    tier.insert(set_name="Platinum")
    agreement = frappe.get_doc("HD Service Level Agreement", "Beesender Platinum")
    priorities = set(frappe.get_all("HD Ticket Priority", pluck="name"))
    assert {row.priority for row in agreement.priorities} == priorities
    assert not agreement.condition
    tier.delete()
    assert not frappe.db.exists("HD Service Level Agreement", "Beesender Platinum")


def test_a_tier_tells_whom_a_change_concerns():
    before = desk.tier_concern("Basic")
    client = make_client(tier="Basic")
    make_ticket(client)
    after = desk.tier_concern("Basic")
    assert after["plans"] == before["plans"] + 1
    assert after["open_tickets"] == before["open_tickets"] + 1


# Plans


def test_a_plan_counts_its_fee_in_cents():
    client = make_client(tier="Business", licence_price="1234.54", currency="EUR")
    assert client.plan.fee == 148.14


def test_a_plan_takes_no_more_contacts_than_its_tier_includes():
    customer = make_customer()
    contacts = [make_contact(customer) for _ in range(3)]
    with refused("3 at a time, but Basic includes 2"):
        make_plan(customer, contacts)


def test_a_contact_whose_seat_ended_leaves_it_free():
    customer = make_customer()
    first, second, third = (make_contact(customer) for _ in range(3))
    plan = make_plan(customer, [first, second])
    plan.authorized_contacts[0].to_date = "2020-12-31"
    plan.append("authorized_contacts", {"contact": third})
    plan.save()


def test_a_downgraded_plan_keeps_its_seats_but_gains_none():
    customer = make_customer()
    contacts = [make_contact(customer) for _ in range(4)]
    plan = make_plan(customer, contacts[:3], tier="Business")
    plan.tier = "Basic"
    plan.save()
    plan.append("authorized_contacts", {"contact": contacts[3]})
    with refused("Basic includes 2"):
        plan.save()


def test_two_plans_of_a_customer_are_never_in_force_together():
    client = make_client(ends_on="2026-12-31")
    with refused("is in force"):
        make_plan(client.customer, [client.contact], starts_on="2026-12-31")
    make_plan(client.customer, [client.contact], starts_on="2027-01-01")


@pytest.mark.parametrize("zone", ["GMT+25", "Mars/Phobos", "../etc/passwd"])
def test_an_unknown_zone_is_refused(zone):
    with refused("Time zone: .* is not a time zone"):
        make_client(time_zone=zone)


def test_the_zone_picker_offers_the_sold_zones_first():
    zones = desk.time_zones()
    assert tuple(zones[: len(OFFERED_TIME_ZONES)]) == OFFERED_TIME_ZONES
    assert "Asia/Kathmandu" in zones


def test_a_plan_tells_its_seats_and_when_support_opens():
    client = make_client(time_zone="GMT+3")
    with clock_at("2026-11-20T19:00:00+03:00"):
        overview = desk.plan_overview(client.plan.as_dict())
    assert (overview["seats_used"], overview["seats_included"]) == (1, 2)
    assert not overview["is_open"]
    assert overview["next_open_local"].isoformat() == "2026-11-23T09:00:00"
    assert overview["without_portal_access"] == []


def test_a_plan_tells_whom_to_invite():
    customer = make_customer()
    contact = make_contact(customer, "uninvited@example.com")
    plan = make_plan(customer, [contact])
    assert desk.plan_overview(plan.as_dict())["without_portal_access"] == [contact]


@by_helpdesk
def test_whom_a_plan_tells_to_invite_helpdesk_invites():
    customer = make_customer()
    contact = make_contact(customer, "uninvited@example.com")
    make_plan(customer, [contact])
    # What the form's button calls.
    frappe.get_doc("HD Customer", customer).add_contacts([contact])
    assert frappe.db.exists("User Invitation", {"email": "uninvited@example.com"})


# Categories


def test_a_category_needs_one_default_priority():
    category = frappe.get_doc("Beesender Category", "Incident")
    for rule in category.priority_rules:
        rule.is_default = 1
    with refused("exactly one default priority"):
        category.save()


def test_an_edited_category_is_kept_at_once():
    client = make_client()
    category = frappe.get_doc("Beesender Category", "Paid enhancement request")
    category.promises_response = 1
    category.save()
    assert make_ticket(client, ticket_type=category.name).response_by


# Permissions


@pytest.mark.parametrize(
    "doctype",
    ["Beesender Support Plan", "Beesender Tier", "Beesender Support Settings"],
)
def test_clients_see_no_record_and_agents_change_none(doctype):
    with session_of(make_portal_user("someone@example.com")):
        assert not frappe.has_permission(doctype, "read")
    with session_of(make_agent()):
        assert not frappe.has_permission(doctype, "write")


@pytest.mark.parametrize(
    ("endpoint", "arguments"),
    [
        (desk.time_zones, ()),
        (desk.tier_concern, ("Basic",)),
    ],
)
def test_clients_may_not_call_what_the_forms_ask(endpoint, arguments):
    with (
        session_of(make_portal_user("someone@example.com")),
        pytest.raises(frappe.PermissionError),
    ):
        endpoint(*arguments)


def test_agents_read_the_promise_but_cannot_write_it():
    client = make_client()
    ticket = make_ticket(client)
    with session_of(make_agent()):
        seen = frappe.client.get("HD Ticket", ticket.name)
        assert seen["beesender_tier"] == "Basic"
        frappe.client.set_value("HD Ticket", ticket.name, "beesender_tier", "Premium")
    assert ticket.reload().beesender_tier == "Basic"


# Languages


def test_an_admin_who_reads_russian_is_refused_in_russian():
    tier = frappe.get_doc("Beesender Tier", "Basic")
    tier.response_targets[0].hours = 0
    frappe.local.lang = "ru"
    try:
        with refused("Сроки ответа P1: .* Укажите больше нуля часов"):
            tier.save()
    finally:
        frappe.local.lang = "en"


def test_a_renamed_ticket_type_keeps_its_category_and_its_promise():
    frappe.rename_doc("HD Ticket Type", "Paid enhancement request", "Change request")
    category = catalogue.category_for("Change request")
    assert not category.promises_response
    assert "Change request" in catalogue.category_names()
    assert catalogue.unpromised_categories() == ["Change request"]
    frappe.rename_doc("HD Ticket Type", "Incident", "Fault")
    assert catalogue.category_for(None).name == "Fault"


@pytest.mark.parametrize(
    ("answer_hours", "solution_hours"), [(4, 2), (0, 2), (0.5, 0.25), (4, 0)]
)
def test_a_solution_may_be_sold_without_an_answer_or_for_less_time(
    answer_hours, solution_hours
):
    """Helpdesk refuses an agreement in which an answer takes longer than the solution."""
    tier = frappe.get_doc("Beesender Tier", "Basic")
    row = tier.response_targets[0]
    row.hours, row.solution_hours = answer_hours, solution_hours
    tier.save()
    ticket = make_ticket(make_client(), beesender_priority=row.priority)
    ticket.save()
    assert bool(ticket.reload().resolution_by) is bool(solution_hours)
    assert bool(ticket.response_by) is bool(answer_hours)


def test_tickets_stay_savable_whatever_becomes_of_a_solution_that_was_sold():
    tier = frappe.get_doc("Beesender Tier", "Basic")
    for row in tier.response_targets:
        row.hours, row.solution_hours = 0, 9
    tier.save()
    client = make_client()
    sold = make_ticket(client, beesender_priority="P1")
    assert (sold.response_by, sold.sla) == (None, "Beesender Basic (solution)")
    for row in tier.response_targets:
        row.hours, row.solution_hours = 4, 0
    tier.save()
    later = make_ticket(client, beesender_priority="P1")
    assert (later.resolution_by, later.sla) == (None, "Beesender Basic")
    odd = frappe.get_doc({"doctype": "HD Ticket Priority", "integer_value": 99})
    odd.insert(set_name="Odd")
    frappe.rename_doc("HD Ticket Priority", "Odd", "Odder", force=True)
    for ticket in (sold, later):
        ticket.reload().priority = "Odder"
        ticket.save()
    assert sold.reload().resolution_by
    for ticket in (sold, later):
        ticket.priority = "Low"
        ticket.save()
    frappe.delete_doc("HD Ticket Priority", "Odder")
    for ticket in (sold, later):
        ticket.reload().save()
    assert sold.reload().sla == "Beesender Basic (solution)"
