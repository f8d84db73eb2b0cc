"""A client sees nothing of other customers; an agent still sees what the work needs."""

import frappe
import pytest
from frappe.desk.reportview import get as report_view
from frappe.desk.search import search_link
from helpdesk.helpdesk.doctype.hd_ticket.api import get_one

from beesender_support.api import desk
from beesender_support.api import portal as portal_api
from beesender_support.tests.site.factories import (
    make_agent,
    make_client,
    make_contact,
    make_portal_user,
    receive_mail,
    session_of,
)

OTHERS = "Another Customer"
DENIED = (frappe.PermissionError, frappe.DoesNotExistError, frappe.ValidationError)


@pytest.fixture
def secret():
    """Another customer's plan, seats, held request, log and file."""
    client = make_client()
    frappe.rename_doc("HD Customer", client.customer, OTHERS)
    client.customer = OTHERS
    make_contact(OTHERS, "colleague@secret.example")
    client.ticket = receive_mail("colleague@secret.example", "Held secret")
    assert client.ticket.beesender_admission == "Held"
    client.log = frappe.db.get_value(
        "Beesender Admission Log", {"ticket": client.ticket.name}
    )
    client.file = frappe.get_doc(
        {
            "doctype": "File",
            "file_name": "contract.txt",
            "content": "secret",
            "is_private": 1,
            "attached_to_doctype": "Beesender Support Plan",
            "attached_to_name": client.plan.name,
        }
    ).insert()
    return client


def contact():
    return make_client().email


def customer_manager():
    client = make_client()
    customer = frappe.get_doc("HD Customer", client.customer)
    customer.contacts[0].is_manager = 1
    customer.save()
    frappe.get_doc("User", client.email).add_roles("HD Customer Manager")
    return client.email


def guest():
    return "Guest"


def channel_user():
    email = make_portal_user("chatbot@example.com")
    user = frappe.get_doc("User", email)
    user.remove_roles("HD Customer")
    user.add_roles("Beesender Channel")
    return email


OUTSIDERS = [contact, customer_manager, guest, channel_user]


def ways_to_read(secret):
    """Every way a record could leak: name, and what it returns or raises."""
    plan, log, ticket = secret.plan.name, secret.log, secret.ticket.name
    doctypes = {"Beesender Support Plan": plan, "Beesender Admission Log": log}
    for doctype, name in doctypes.items():
        yield lambda d=doctype, n=name: frappe.client.get(d, n)
        yield lambda d=doctype: frappe.client.get_list(d, fields=["name"])
        yield lambda d=doctype: frappe.client.get_list(
            d, filters={"customer": OTHERS}, fields=["name"]
        )
        yield lambda d=doctype: frappe.client.get_value(
            d, "customer", {"customer": OTHERS}
        )
        yield lambda d=doctype: frappe.client.get_count(d, {"customer": OTHERS})
        yield lambda d=doctype: search_link(d, "", page_length=20)
        yield lambda d=doctype: frappe.get_list(d, pluck="name")
    yield lambda: frappe.client.get_list(
        "Beesender Authorized Contact",
        fields=["contact"],
        parent="Beesender Support Plan",
    )
    yield lambda: frappe.get_list(
        "HD Ticket", filters={"beesender_admission": "Held"}, pluck="name"
    )
    yield lambda: frappe.client.get("HD Ticket", ticket)
    yield lambda: get_one(ticket)
    yield lambda: portal_api.seats_of(plan)
    yield lambda: portal_api.show_outside_hours_banner(ticket)
    yield lambda: desk.plan_overview(secret.plan.as_dict())
    yield lambda: desk.rerating_preview("Beesender Support Plan", plan)
    yield lambda: frappe.get_doc("File", secret.file.name).check_permission("read")


@pytest.mark.parametrize("outsider", OUTSIDERS, ids=lambda each: each.__name__)
def test_no_outsider_reads_anything_by_any_way(secret, outsider):
    user = outsider()
    tried = 0
    with session_of(user):
        for read in ways_to_read(secret):
            tried += 1
            try:
                found = read()
            except DENIED:
                continue
            assert not found, (user, tried, found)
    assert tried > 20


def test_an_agent_still_reads_what_the_work_needs(secret):
    with session_of(make_agent()):
        assert frappe.client.get("Beesender Support Plan", secret.plan.name)
        assert frappe.client.get("Beesender Admission Log", secret.log)
        assert frappe.get_list("HD Ticket", {"beesender_admission": "Held"})
        assert get_one(secret.ticket.name)["beesender_admission"] == "Held"
        assert desk.plan_overview(secret.plan.as_dict())


@pytest.mark.parametrize("outsider", OUTSIDERS, ids=lambda each: each.__name__)
@pytest.mark.parametrize(
    "doctype",
    [
        "Beesender Admission Log",
        "Beesender Category",
        "Beesender Priority",
        "Beesender Support Plan",
        "Beesender Support Settings",
        "Beesender Tier",
    ],
)
def test_no_outsider_has_a_permission_on_any_record(outsider, doctype):
    with session_of(outsider()):
        for ptype in ("read", "write", "create", "delete", "report", "export"):
            assert not frappe.has_permission(doctype, ptype), ptype


def test_nobody_writes_the_log_by_hand(secret):
    for user in (make_agent(), "Administrator"):
        with session_of(user):
            log = frappe.get_doc("Beesender Admission Log", secret.log)
            log.details = "never happened"
            with pytest.raises(DENIED):
                log.save()


def test_the_report_view_of_agents_shows_no_more_than_their_role(secret):
    with session_of(make_agent()):
        frappe.form_dict.update(
            {"doctype": "Beesender Support Plan", "fields": '["name"]'}
        )
        assert report_view()["values"]
