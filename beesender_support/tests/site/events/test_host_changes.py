"""What people and scripts do to records of Helpdesk that this app depends on."""

import frappe
import pytest
from frappe.model.rename_doc import rename_doc

from beesender_support.enforcement.response import agreement
from beesender_support.tests.site.factories import (
    make_agent,
    make_client,
    make_contact,
    make_customer,
    make_plan,
    make_ticket,
    receive_mail,
    refused,
    session_of,
)

AGREEMENT, TIER, PLAN = (
    "HD Service Level Agreement",
    "Beesender Tier",
    "Beesender Support Plan",
)
BASIC = "Beesender Basic"


def make_ticket_priority(name: str) -> None:
    frappe.get_doc({"doctype": "HD Ticket Priority", "integer_value": 5}).insert(
        set_name=name
    )


# Generated agreements


def test_a_generated_agreement_is_renamed_by_nobody():
    for options in ({}, {"force": True}, {"ignore_permissions": True}):
        with refused("generated from the Beesender tier Basic"):
            rename_doc(AGREEMENT, BASIC, "Gold", **options)
    with refused("generated from the Beesender tier Basic"):
        frappe.rename_doc(AGREEMENT, BASIC, "Beesender Premium", merge=True)
    with refused("generated from a Beesender tier"):
        frappe.rename_doc(AGREEMENT, "Default", BASIC, merge=True)


@pytest.mark.parametrize("force", [False, True])
def test_a_generated_agreement_is_deleted_only_with_its_tier(force):
    with refused("Delete the tier"):
        frappe.delete_doc(AGREEMENT, BASIC, force=force)
    assert frappe.db.exists(AGREEMENT, BASIC)


@pytest.mark.parametrize(
    "edit",
    [
        {"enabled": 0},
        {"condition": "doc.priority == 'Urgent'"},
        {"default_sla": 1},
        {"description": "Mine"},
    ],
)
def test_a_generated_agreement_is_edited_by_nobody(edit):
    doc = frappe.get_doc(AGREEMENT, BASIC)
    doc.update(edit)
    with refused("Change the tier instead"):
        doc.save()


def test_an_agreement_that_an_admin_made_is_left_alone():
    own = frappe.copy_doc(frappe.get_doc(AGREEMENT, "Default"))
    own.update({"service_level": "Beesender, but ours", "default_sla": 0})
    own.insert()
    own.description = "Edited"
    own.save()
    frappe.rename_doc(AGREEMENT, own.name, "Ours")
    frappe.delete_doc(AGREEMENT, "Ours")


def vanish_past_every_refusal() -> None:
    frappe.delete_doc(AGREEMENT, BASIC, force=True, ignore_on_trash=True)


def vanish_from_the_table() -> None:
    frappe.db.delete(AGREEMENT, {"name": BASIC})


def take_another_name() -> None:
    rename_doc(AGREEMENT, BASIC, "Gold", force=True, validate=False)


@pytest.mark.parametrize(
    "script", [vanish_past_every_refusal, vanish_from_the_table, take_another_name]
)
def test_requests_and_mail_do_not_fail_when_a_script_takes_an_agreement(script):
    client = make_client()
    before = make_ticket(client)
    script()
    frappe.db.value_cache.clear()
    ticket = make_ticket(client)
    assert (ticket.sla, ticket.beesender_admission) == (BASIC, "Accepted")
    assert ticket.response_by
    assert receive_mail(client.email, "By mail").sla == BASIC
    before.reload()
    before.subject = "Saved"
    before.save()
    assert before.sla == BASIC


def test_a_message_on_a_saved_ticket_finds_its_agreement_again():
    client = make_client()
    ticket = make_ticket(client)
    vanish_from_the_table()
    frappe.db.value_cache.clear()
    frappe.get_doc(
        {
            "doctype": "Communication",
            "communication_type": "Communication",
            "communication_medium": "Email",
            "sent_or_received": "Received",
            "sender": client.email,
            "subject": ticket.subject,
            "content": "Any news?",
            "reference_doctype": "HD Ticket",
            "reference_name": ticket.name,
        }
    ).insert()
    assert frappe.get_doc("HD Ticket", ticket.name).sla == BASIC


def test_a_job_makes_agreements_and_their_holiday_list_anew():
    vanish_from_the_table()
    frappe.db.delete("HD Service Holiday List", {"name": agreement.HOLIDAY_LIST})
    agreement.mend()
    doc = frappe.get_doc(AGREEMENT, BASIC)
    assert doc.holiday_list == agreement.HOLIDAY_LIST
    assert frappe.db.exists("HD Service Holiday List", agreement.HOLIDAY_LIST)


def test_the_holiday_list_of_the_agreements_stays():
    for force in (False, True):
        with refused("holiday list"):
            frappe.delete_doc(
                "HD Service Holiday List", agreement.HOLIDAY_LIST, force=force
            )


def test_a_tier_renamed_by_a_script_takes_its_agreement_along():
    client = make_client()
    ticket = make_ticket(client)
    frappe.rename_doc(TIER, "Basic", "Starter", force=True)
    assert frappe.db.exists(AGREEMENT, "Beesender Starter")
    assert not frappe.db.exists(AGREEMENT, BASIC)
    ticket.reload()
    ticket.save()
    assert (ticket.sla, ticket.beesender_tier) == ("Beesender Starter", "Starter")


def test_a_tier_that_cannot_be_deleted_keeps_its_agreement():
    make_client()
    with refused("Basic is used by"):
        frappe.delete_doc(TIER, "Basic")
    assert frappe.db.exists(AGREEMENT, BASIC)


def test_a_priority_that_nobody_uses_can_be_deleted():
    make_ticket_priority("Someday")
    assert "Someday" in [
        row.priority for row in frappe.get_doc(AGREEMENT, BASIC).priorities
    ]
    frappe.delete_doc("HD Ticket Priority", "Someday")
    with pytest.raises(frappe.LinkExistsError):
        frappe.delete_doc("HD Ticket Priority", "Urgent")


def test_a_ticket_of_a_disabled_priority_is_still_saved():
    client = make_client()
    make_ticket_priority("Someday")
    ticket = make_ticket(client, ticket_type="Incident", beesender_priority="P3")
    frappe.db.set_value("HD Ticket Priority", "Someday", "disabled", 1)
    agreement.refresh_agreements(ticket)
    ticket.priority = "Someday"
    ticket.save()


def test_costs_of_an_agreement_that_is_there():
    client = make_client()
    ticket = make_ticket(client)
    frappe.db.get_value(
        AGREEMENT, BASIC, ("name",), as_dict=True, cache=True, order_by=None
    )
    queries = []
    execute = frappe.db.sql

    def counted(*args, **kwargs):
        queries.append(args[0])
        return execute(*args, **kwargs)

    frappe.db.sql = counted
    try:
        assert agreement.ensure_agreement("Basic") == BASIC
    finally:
        del frappe.db.sql
    assert not queries
    assert ticket.sla == BASIC


# Deleting what our logs name


def test_a_ticket_that_the_log_names_is_deleted_and_the_row_keeps_its_number():
    client = make_client()
    stranger = make_contact(client.customer)
    ticket = receive_mail(frappe.db.get_value("Contact", stranger, "email_id"), "Help")
    assert ticket.beesender_admission == "Held"
    row = {"ticket": ticket.name, "event": "Held"}
    assert frappe.db.exists("Beesender Admission Log", row)
    frappe.delete_doc("HD Ticket", ticket.name)
    log = frappe.get_doc("Beesender Admission Log", row)
    assert log.ticket == ticket.name
    assert log.customer == client.customer


def test_a_plan_that_only_the_log_names_is_deleted():
    client = make_client()
    frappe.get_doc(
        {
            "doctype": "Beesender Admission Log",
            "event": "Plan notice sent",
            "plan": client.plan.name,
            "customer": client.customer,
        }
    ).insert(ignore_permissions=True)
    frappe.delete_doc(PLAN, client.plan.name)
    frappe.delete_doc("HD Customer", client.customer)
    assert frappe.db.exists(
        "Beesender Admission Log",
        {"plan": client.plan.name, "customer": client.customer},
    )


def test_who_caused_a_row_of_the_log_can_be_deleted():
    agent = make_agent()
    with session_of(agent):
        frappe.get_doc(
            {"doctype": "Beesender Admission Log", "event": "Held", "actor": agent}
        ).insert(ignore_permissions=True)
    frappe.delete_doc("HD Agent", agent)
    frappe.delete_doc("User", agent)
    assert frappe.db.exists("Beesender Admission Log", {"actor": agent})


def test_a_customer_with_a_plan_stays():
    client = make_client()
    with pytest.raises(frappe.LinkExistsError, match="Beesender Support Plan"):
        frappe.delete_doc("HD Customer", client.customer)


def test_a_contact_with_a_seat_stays_and_the_refusal_names_the_plan():
    customer = make_customer()
    contact = make_contact(customer)
    plan = make_plan(customer, [contact])
    frappe.db.delete("HD Customer Member", {"contact_name": contact})
    with pytest.raises(frappe.LinkExistsError, match=plan.name):
        frappe.delete_doc("Contact", contact)
