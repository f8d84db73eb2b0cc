"""Clients who would be somebody else: contacts, members and domains are support's to say."""

import frappe
import pytest
from frappe.model.rename_doc import rename_doc

from beesender_support.api import desk, portal
from beesender_support.records.people.session_contact import contact_of
from beesender_support.tests.site.factories import (
    make_client,
    make_contact,
    make_customer,
    make_manager,
    make_portal_user,
    receive_mail,
    session_of,
)


def own(contact, email):
    """Frappe makes whoever signs up by themselves the owner of their contact."""
    frappe.db.set_value("Contact", contact, "owner", email)


def add_row(doctype, parent, fieldname, **values):
    """As Frappe's interface adds a row of a table, without its record."""
    parenttype = {"contacts": "HD Customer"}.get(fieldname, "Contact")
    return frappe.new_doc(
        doctype, parent=parent, parenttype=parenttype, parentfield=fieldname, **values
    ).insert()


def refused():
    return pytest.raises(frappe.PermissionError, match="Only support agents")


# Contacts


@pytest.mark.parametrize(
    ("doctype", "fieldname", "values"),
    [
        ("Contact Email", "email_ids", {"email_id": "mallory@elsewhere.example"}),
        ("Contact Phone", "phone_nos", {"phone": "+79991112233"}),
    ],
)
def test_nobody_adds_an_address_to_the_contact_of_another(doctype, fieldname, values):
    client = make_client(tier="Premium")
    with session_of(make_portal_user("mallory@elsewhere.example")), refused():
        add_row(doctype, client.contact, fieldname, **values)
    ticket = receive_mail("mallory@elsewhere.example", "Everything is down")
    assert ticket.contact != client.contact
    assert ticket.beesender_admission != "Accepted"


def test_a_contact_with_the_address_of_another_is_not_made():
    client = make_client(tier="Premium")
    contact = frappe.get_doc("Contact", client.contact)
    contact.append("email_ids", {"email_id": "second@acme.example"})
    contact.append("phone_nos", {"phone": "+79991112234"})
    contact.save()
    second = {"email_id": "Second@Acme.example", "is_primary": 1}
    with session_of(make_portal_user("mallory@elsewhere.example")):
        for values in (
            {"email_ids": [second]},
            {"user": client.email},
            {"phone_nos": [{"phone": "+79991112234"}]},
        ):
            with refused():
                frappe.client.insert(
                    {"doctype": "Contact", "first_name": "Mallory", **values}
                )
    ticket = receive_mail("second@acme.example", "Help")
    assert (ticket.contact, ticket.beesender_admission) == (client.contact, "Accepted")
    assert contact_of(client.email) == client.contact


@pytest.mark.parametrize(
    "values",
    [
        {"email_ids": [{"email_id": "colleague@acme.example", "is_primary": 1}]},
        {"user": "Administrator"},
        {"phone_nos": [{"phone": "+79991112235"}]},
    ],
)
def test_a_contact_of_a_customer_changes_by_support_only(values):
    client = make_client()
    own(client.contact, client.email)
    contact = frappe.get_doc("Contact", client.contact)
    with session_of(client.email):
        with refused():
            frappe.client.save({**contact.as_dict(), **values})
        frappe.client.set_value("Contact", client.contact, "designation", "Engineer")
        with refused():
            rename_doc("Contact", client.contact, "Another")
    contact.reload().update(values)
    contact.user = client.email
    contact.save()


def test_a_new_contact_of_their_own_is_a_clients_to_make():
    make_client()
    user = make_portal_user("newcomer@elsewhere.example")
    frappe.db.delete("Contact", {"user": user})
    frappe.db.delete("Contact Email", {"email_id": user})
    with session_of(user):
        made = frappe.client.insert(
            {
                "doctype": "Contact",
                "first_name": "Newcomer",
                "email_ids": [{"email_id": user, "is_primary": 1}],
            }
        )
        frappe.client.delete("Contact", made["name"])


def test_a_profile_still_reaches_its_contact():
    client = make_client()
    with session_of(client.email):
        user = frappe.get_doc("User", client.email)
        user.first_name, user.phone = "Anna", "+79991112236"
        user.save(ignore_permissions=True)
    assert frappe.db.get_value("Contact", client.contact, "phone") == "+79991112236"


# Customers


def test_a_manager_takes_nobody_in_and_no_domain():
    evil, client = make_manager(make_client()), make_client(tier="Premium")
    doc = frappe.get_doc("HD Customer", evil.customer)
    member = {"contact_name": client.contact}
    rows = [*(row.as_dict() for row in doc.contacts), member]
    with session_of(evil.email):
        with refused():
            frappe.client.save({**doc.as_dict(), "contacts": rows})
        with refused():
            frappe.client.set_value(
                "HD Customer", evil.customer, "domain", "acme-corp.test"
            )
        frappe.client.set_value("HD Customer", evil.customer, "country", "Germany")
    with session_of(client.email):
        assert portal.raise_request({"subject": "Help", "description": "Steps"})
    stranger = receive_mail("stranger@acme-corp.test", "Ours")
    assert stranger.customer is None


def test_a_manager_neither_renames_nor_merges_nor_deletes():
    evil = make_manager(make_client())
    second = make_customer()
    customer = frappe.get_doc("HD Customer", second)
    customer.append("contacts", {"contact_name": evil.contact, "is_manager": 1})
    customer.save()
    with session_of(evil.email):
        for call in (
            lambda: rename_doc("HD Customer", evil.customer, "Another name"),
            lambda: rename_doc("HD Customer", second, evil.customer, merge=True),
            lambda: frappe.client.delete("HD Customer", second),
        ):
            with refused():
                call()
    rename_doc("HD Customer", second, evil.customer, merge=True)


def test_hosts_write_as_ever():
    client = make_client()
    host = make_portal_user("host@elsewhere.example")
    frappe.get_doc("User", host).add_roles("System Manager")
    with session_of(host):
        doc = frappe.get_doc("Contact", client.contact)
        doc.append("email_ids", {"email_id": "also@acme.example"})
        doc.save()
        add_row("Contact Phone", client.contact, "phone_nos", phone="+79991112237")
    customer = frappe.get_doc("HD Customer", client.customer)
    customer.append("contacts", {"contact_name": make_contact(make_customer())})
    customer.domain = "acme-corp.test"
    customer.save()


def test_where_nothing_is_sold_contacts_are_plain():
    client = make_client()
    frappe.db.delete("Beesender Support Plan")
    frappe.clear_cache()
    with session_of(make_portal_user("plain@elsewhere.example")):
        add_row("Contact Email", client.contact, "email_ids", email_id="x@y.example")


# What there is


@pytest.mark.parametrize(
    "call",
    [
        portal.seats_of,
        lambda plan: portal.give_seat(plan, "Anybody"),
        lambda plan: portal.end_seat(plan, "Anybody"),
    ],
)
def test_a_plan_of_others_and_none_are_told_alike(call):
    client, other = make_client(), make_manager(make_client())
    with session_of(other.email):
        for plan in (client.plan.name, "PLAN-999999"):
            with pytest.raises(frappe.PermissionError):
                call(plan)


def test_a_tier_that_is_none_is_told_like_any_to_who_may_read_none():
    with session_of(make_client().email):
        for tier in ("Premium", "None such"):
            with pytest.raises(frappe.PermissionError):
                desk.tier_concern(tier)
