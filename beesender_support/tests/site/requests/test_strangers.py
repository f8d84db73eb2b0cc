"""People whom no customer and no plan knows: what becomes of their requests."""

import frappe
import pytest

from beesender_support.api import portal
from beesender_support.enforcement.requests import held_requests
from beesender_support.policy.requests.customers import (
    HOLD,
    LIKE_UNPLANNED,
    REFUSE,
    REGISTER,
)
from beesender_support.records import settings as settings_value
from beesender_support.tests.site.factories import (
    make_agent,
    make_client,
    make_contact,
    make_customer,
    make_portal_user,
    receive_mail,
    refused,
    session_of,
)


def set_strangers(value, hold_unplanned=0):
    settings = frappe.get_doc("Beesender Support Settings")
    settings.strangers, settings.hold_unplanned = value, hold_unplanned
    settings.save()


def ask_in_portal(user, **values):
    with session_of(user):
        request = {"subject": "No chats", "description": "Empty.", **values}
        return portal.raise_request(request).reload()


def stood(ticket):
    return ticket.beesender_admission or "", ticket.beesender_admission_reason


@pytest.mark.parametrize(
    ("strangers", "by_mail", "in_portal"),
    [
        (LIKE_UNPLANNED, "", ""),
        (REGISTER, "", ""),
        (HOLD, "Held", "Held"),
        (REFUSE, "Held", "refused"),
    ],
)
def test_strangers_are_treated_as_the_settings_say(strangers, by_mail, in_portal):
    make_client()
    user = make_portal_user("signed-up@nowhere.example")
    set_strangers(strangers)
    reason = "unknown_sender" if by_mail else None
    assert stood(receive_mail("new@nowhere.example", "Help")) == (by_mail, reason)
    with session_of(user):
        page = portal.new_request()
    if in_portal == "refused":
        assert "do not know the sender" in page["refusal"]
        before = frappe.db.count("HD Ticket")
        with refused("do not know the sender"):
            ask_in_portal(user)
        assert frappe.db.count("HD Ticket") == before
        return
    assert (page is None) == (not in_portal)
    assert stood(ask_in_portal(user)) == (in_portal, reason)


def test_the_page_of_a_stranger_who_will_wait_says_so_before_they_write():
    make_client()
    user = make_portal_user("waits@nowhere.example")
    set_strangers(HOLD)
    with session_of(user):
        page = portal.new_request()
    assert "do not know the sender" in page["refusal"]
    assert (page["is_client"], page["waits"]) == (True, True)
    assert page["labels"]["cannot_ask"] == "The request will wait for admission"


def test_customers_without_a_plan_are_no_strangers():
    make_contact(make_customer(), "member@planless.example", user=True)
    set_strangers(REFUSE)
    assert stood(ask_in_portal("member@planless.example")) == ("", None)
    set_strangers(REGISTER, hold_unplanned=1)
    with refused("has no Beesender support plan"):
        ask_in_portal("member@planless.example")
    held = receive_mail("member@planless.example", "Help")
    assert stood(held) == ("Held", "no_plan")
    assert stood(receive_mail("new@nowhere.example", "Help")) == ("", None)


def test_a_stranger_from_a_client_s_domain_waits_whatever_the_settings_say():
    client = make_client()
    frappe.db.set_value("HD Customer", client.customer, "domain", "planned.example")
    set_strangers(REGISTER)
    ticket = receive_mail("new@planned.example", "Help")
    assert stood(ticket) == ("Held", "unknown_sender")
    assert ticket.customer == client.customer


def test_an_agent_who_names_nobody_is_no_stranger():
    agent = make_agent()
    set_strangers(HOLD)
    assert stood(ask_in_portal(agent)) == ("", None)
    contact = frappe.get_doc({"doctype": "Contact", "first_name": "Nobody's"}).insert()
    ticket = ask_in_portal(agent, contact=contact.name)
    assert stood(ticket) == ("Held", "unknown_sender")


def test_a_stranger_whom_an_agent_admitted_is_not_held_again():
    make_client()
    set_strangers(HOLD)
    ticket = receive_mail("new@nowhere.example", "Help")
    other = receive_mail("other@nowhere.example", "Help")
    held_requests.admit_once(held_requests.locked(ticket.name))
    with session_of(make_agent()):
        for name, address in (
            (ticket.name, "colleague@nowhere.example"),
            (other.name, "colleague@nowhere.example"),
        ):
            doc = frappe.get_doc("HD Ticket", name)
            doc.raised_by, doc.contact = address, None
            doc.save()
    assert stood(ticket.reload()) == ("", None)
    assert stood(other.reload()) == ("Held", "unknown_sender")


def test_a_stranger_who_was_admitted_is_judged_anew_for_another_customer():
    client = make_client()
    set_strangers(HOLD)
    ticket = receive_mail("new@nowhere.example", "Help")
    held_requests.admit_once(held_requests.locked(ticket.name))
    for customer, stands in ((client.customer, "Held"), (None, "Held")):
        doc = frappe.get_doc("HD Ticket", ticket.name)
        doc.customer, doc.raised_by = customer, f"{len(customer or '')}@nowhere.example"
        doc.contact = None
        doc.save()
        assert stood(doc)[0] == stands


def test_a_site_that_holds_strangers_is_in_use():
    frappe.db.delete("Beesender Support Plan")
    set_strangers(HOLD)
    assert settings_value.is_in_use()


def test_a_site_from_before_the_setting_treats_strangers_as_it_did():
    from beesender_support.patches import set_strangers as patch

    set_strangers(REFUSE)
    patch.execute()
    assert settings_value.current().strangers == REFUSE
    of_setting = {"doctype": "Beesender Support Settings", "field": "strangers"}
    frappe.db.delete("Singles", of_setting)
    for _again in range(2):
        patch.execute()
        stored = frappe.db.get_singles_dict("Beesender Support Settings")
        assert stored["strangers"] == LIKE_UNPLANNED
