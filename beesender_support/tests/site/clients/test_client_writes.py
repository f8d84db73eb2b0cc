"""A hostile client: every field, by every door, and names that are no fields."""

from contextlib import contextmanager, suppress
from functools import partial
from unittest.mock import patch

import frappe
import pytest
from frappe.core.doctype.communication.email import make as make_mail
from frappe.handler import run_doc_method
from frappe.model import no_value_fields
from frappe.utils import to_timedelta
from helpdesk.helpdesk.doctype.hd_ticket.api import merge_ticket
from helpdesk.helpdesk.doctype.hd_ticket.hd_ticket import (
    set_guest_ticket_creation_permission,
)

from beesender_support.api import portal
from beesender_support.enforcement.clients import client_writes
from beesender_support.enforcement.events import ticket as ticket_events
from beesender_support.enforcement.response import ticket_fields
from beesender_support.enforcement.safety.fault_isolation import Refused
from beesender_support.records import cache, site_time
from beesender_support.records.people.session_contact import session_contact
from beesender_support.records.tickets.ticket_context import request_context
from beesender_support.screens.portal import plan_people, plan_viewer
from beesender_support.tests.site.factories import (
    http_request,
    make_agent,
    make_client,
    make_contact,
    make_customer,
    make_portal_user,
    make_ticket,
    receive_mail,
    session_of,
)

REQUEST = {"subject": "No chats", "description": "Steps: open the console."}
# What a client may give, besides what is stamped by Frappe and Helpdesk.
MAY_GIVE = {
    "subject",
    "description",
    "attachment",
    "ticket_type",
    "priority",
    "beesender_priority",
    "beesender_entitlement",
    "template",
    "via_customer_portal",
}
IDENTITY = {"raised_by", "contact", "customer"}
MAY_CHANGE = {"feedback", "feedback_extra", "feedback_rating"}
# Differ from ticket to ticket, or follow from the priority that a client may give.
OF_ITS_OWN = {"name", "key", "creation", "modified"}
REFUSALS = (frappe.ValidationError, frappe.PermissionError)
# A name that crashes Frappe itself registers nothing either.
ANY = (*REFUSALS, TypeError, AttributeError, ValueError)


def hostile_value(field):
    """A value of its own for a field, and one that Frappe would take."""
    values = {
        "Check": 1,
        "Int": 7,
        "Duration": 77,
        "Rating": 0.2,
        "Date": "2020-02-02",
        "Datetime": "2020-02-02 02:02:02",
        "Time": "02:02:02",
        "JSON": '{"tier": "Premium"}',
    }
    if field.fieldtype == "Link":
        return frappe.db.get_value(field.options, {}, order_by="creation desc")
    if field.fieldtype == "Select":
        return field.options.split("\n")[-1]
    return values.get(field.fieldtype, "hostile@example.com")


def fields():
    meta = frappe.get_meta("HD Ticket")
    return [each for each in meta.fields if each.fieldtype not in no_value_fields]


def stored(name):
    return frappe.db.get_value("HD Ticket", name, "*", as_dict=True)


def by_portal(values):
    return portal.raise_request({**REQUEST, **values}).name


def by_rest(values):
    return frappe.client.insert({"doctype": "HD Ticket", **REQUEST, **values})["name"]


def by_desk(values):
    doc = frappe.new_doc("HD Ticket", **REQUEST, **values)
    return doc.insert().name


DOORS = [by_portal, by_rest, by_desk]


@pytest.mark.parametrize("door", DOORS[:2], ids=lambda each: each.__name__)
def test_a_new_ticket_takes_no_field_that_a_client_may_not_give(door):
    client = make_client(tier="Business")
    make_ticket(make_client())
    with session_of(client.email):
        usual = stored(door({}))
    tried = 0
    for field in fields():
        name = field.fieldname
        if name in MAY_GIVE | IDENTITY | OF_ITS_OWN:
            continue
        tried += 1
        frappe.db.savepoint("hostile")
        with session_of(client.email):
            made = stored(door({name: hostile_value(field)}))
        assert made.beesender_admission == "Accepted", name
        assert made.raised_by == client.email, name
        for kept in {name, "status", "customer", "contact", "beesender_tier", "sla"}:
            # Instants and the terms with theirs differ by the seconds between.
            if field.fieldtype == "Time" and usual[name]:  # so does this in version 15
                assert made[name] != to_timedelta(hostile_value(field)), name
            elif field.fieldtype not in ("Datetime", "JSON"):
                assert made[kept] == usual[kept], (name, kept)
        assert "Premium" not in made.beesender_terms
        for clock in ("first_responded_on", "first_response_time", "resolution_date"):
            assert not made[clock], (name, clock)
        assert str(made.service_level_agreement_creation) > "2021", name
        assert str(made.response_by) > "2021", name
        frappe.db.rollback(save_point="hostile")
    assert tried > 40


def test_a_client_takes_no_number_of_a_ticket():
    client = make_client()
    with session_of(client.email):
        doc = frappe.new_doc("HD Ticket", **REQUEST, name="9999")
        # As version 2 of Frappe's interface marks a name that was posted.
        doc.flags.name_set = True
        assert doc.insert().name != "9999"
        assert by_portal({"name": "9999"}) != "9999"


def test_in_the_portal_what_a_client_may_not_give_is_not_even_looked_up():
    client = make_client()
    with session_of(client.email):
        made = stored(by_portal({"ticket_split_from": "999999", "sla": "None such"}))
    assert (made.beesender_admission, made.ticket_split_from) == ("Accepted", None)


@pytest.mark.parametrize("is_linked", [False, True])
@pytest.mark.parametrize("door", DOORS, ids=lambda each: each.__name__)
def test_a_user_of_a_look_alike_address_is_not_the_seated_contact(door, is_linked):
    client = make_client(tier="Premium")
    seated = make_contact(client.customer, "moss@alike.example")
    client.plan.append("authorized_contacts", {"contact": seated}).db_insert()
    user = make_portal_user("mo\u017f\u017f@alike.example")
    frappe.db.delete("Contact", {"user": user, "name": ("!=", seated)})
    # Frappe links a contact to the user whom the database takes for equal.
    frappe.db.set_value("Contact", seated, "user", user if is_linked else None)
    cache.invalidate()
    with session_of(user):
        assert session_contact() is None
        made = stored(door({}))
    assert made.contact != seated
    assert not made.beesender_terms


@pytest.mark.parametrize("name", sorted(IDENTITY))
@pytest.mark.parametrize("door", DOORS, ids=lambda each: each.__name__)
def test_a_client_asks_for_nobody_else(door, name):
    client, other = make_client(), make_client()
    value = {"raised_by": other.email}.get(name, other.get(name))
    with session_of(client.email):
        try:
            made = stored(door({name: value}))
        except REFUSALS:
            return
    assert (made.raised_by, made.contact, made.customer) == (
        client.email,
        client.contact,
        client.customer,
    )


def change_by_value(name, values):
    frappe.client.set_value("HD Ticket", name, values)


def change_by_save(name, values):
    doc = frappe.get_doc("HD Ticket", name).as_dict()
    frappe.client.save({**doc, **values})


def change_by_method(name, values):
    """A method that saves the ticket ignores permissions, on values of the caller's."""
    doc = frappe.get_doc("HD Ticket", name).as_dict()
    frappe.db.set_single_value("HD Settings", "enable_reply_email_to_agent", 0)
    with http_request():
        run_doc_method(
            "create_communication_via_contact",
            docs=frappe.as_json({**doc, **values}),
            args={"message": "One more thing"},
        )


CHANGES = [change_by_value, change_by_save, change_by_method]
FOLLOW_A_MESSAGE = {
    "modified",
    "modified_by",
    "last_customer_response",
    "_seen",
    "_comments",
    "status",
    "status_category",
}


@pytest.mark.parametrize("change", CHANGES, ids=lambda each: each.__name__)
def test_of_a_saved_ticket_a_client_changes_only_what_the_portal_changes(change):
    client = make_client(tier="Business")
    make_ticket(make_client())
    with session_of(client.email):
        ticket = by_portal({"beesender_priority": "P2", "ticket_type": "Incident"})
    before, tried = stored(ticket), 0
    for field in fields():
        name = field.fieldname
        if name in MAY_CHANGE | {"status"}:
            continue
        tried += 1
        frappe.db.savepoint("hostile")
        with session_of(client.email):
            try:
                change(ticket, {name: hostile_value(field)})
            except REFUSALS:
                # As Helpdesk refuses another's customer or contact.
                assert name in {"customer", "contact", "key"} | {
                    "raised_outside_working_hours"
                }
        after = stored(ticket)
        changed = {key for key in before if after[key] != before[key]}
        assert changed <= FOLLOW_A_MESSAGE, (name, changed)
        assert str(after.last_customer_response or "2026") > "2021"
        frappe.db.rollback(save_point="hostile")
        request_context().client_message = None
    assert tried > 50


@pytest.mark.parametrize("change", CHANGES[:2], ids=lambda each: each.__name__)
@pytest.mark.parametrize(
    ("status", "becomes"), [("Closed", "Closed"), ("Replied", "Open")]
)
def test_a_client_closes_a_ticket_and_pauses_none(change, status, becomes):
    client = make_client()
    with session_of(client.email):
        ticket = by_portal({})
        change(ticket, {"status": status})
    after = stored(ticket)
    assert after.status == becomes
    assert after.status_category == ("Resolved" if becomes == "Closed" else "Open")
    assert not after.first_responded_on


def test_a_client_rates_and_closes_a_ticket():
    option = frappe.get_all("HD Ticket Feedback Option", pluck="name", limit=1)
    client = make_client()
    with session_of(client.email):
        ticket = by_portal({})
        values = {"status": "Closed", "feedback_extra": "Thank you"}
        change_by_value(ticket, {**values, "feedback": option[0] if option else None})
    after = stored(ticket)
    assert (after.status, after.feedback_extra) == ("Closed", "Thank you")


def test_a_closed_ticket_of_the_portal_is_not_changed_by_naming_another_door():
    client = make_client()
    with session_of(client.email):
        ticket = by_portal({})
        change_by_value(ticket, {"status": "Closed"})
        with pytest.raises(frappe.PermissionError):
            change_by_value(ticket, {"status": "Open", "via_customer_portal": 0})


# Names that are no fields


NO_FIELDS = {
    "get_session_contact": 1,
    "set_customer": "x",
    "validate_portal_contact": None,
    "is_new": 0,
    "flags": {"beesender_channel": "chatbot", "ignore_mandatory": 1},
    "_doc_before_save": {},
    "_action": "discard",
    "_has_access_to": {"write": [0, 1]},
    "_assign": '["Administrator"]',
    "as_dict": 1,
    "meta_": 1,
    "beesender_decision": {},
    "__class__": "x",
    "run_method": 1,
    "has_value_changed": 1,
}


@contextmanager
def undone():
    frappe.db.savepoint("hostile")
    yield
    frappe.db.rollback(save_point="hostile")
    request_context().client_message = None


@pytest.mark.parametrize("door", DOORS[:2], ids=lambda each: each.__name__)
def test_a_suspended_client_gets_in_by_no_name_that_is_no_field(door):
    client = make_client(status="Suspended")
    count = frappe.db.count("HD Ticket")
    for name, value in NO_FIELDS.items():
        with undone():
            with session_of(client.email), pytest.raises(ANY):
                door({name: value})
            assert frappe.db.count("HD Ticket") == count, name


def test_in_the_portal_names_that_are_no_fields_change_nothing():
    client = make_client()
    for name, value in NO_FIELDS.items():
        with undone(), session_of(client.email):
            made = stored(by_portal({name: value}))
            decided = (made.beesender_admission, made.beesender_channel)
            assert decided == ("Accepted", "portal"), name


@pytest.mark.parametrize("change", CHANGES, ids=lambda each: each.__name__)
def test_with_a_name_that_is_no_field_nothing_else_is_changed(change):
    client = make_client()
    with session_of(client.email):
        ticket = by_portal({})
    before = stored(ticket)
    hostile = {
        "first_responded_on": "2020-01-01",
        "beesender_tier": "Premium",
        "beesender_admission": None,
    }
    for name, value in NO_FIELDS.items():
        with undone(), session_of(client.email):
            # An attribute that crashes Frappe is harmless.
            with suppress(Exception):
                change(ticket, {name: value, **hostile})
            after = stored(ticket)
            for kept in hostile:
                assert after[kept] == before[kept], (name, kept)


def test_a_client_renames_and_discards_no_ticket():
    client = make_client()
    with session_of(client.email):
        name = by_portal({})
        ticket = frappe.get_doc("HD Ticket", name)
        for is_checked in (True, False):
            with undone(), pytest.raises(frappe.PermissionError):
                ticket.rename("777", validate_rename=is_checked, force=True)
        ticket = frappe.get_doc("HD Ticket", name)
        if hasattr(ticket, "discard"):
            with pytest.raises(frappe.PermissionError):
                ticket.discard()
    assert frappe.db.get_value("HD Ticket", name, "docstatus") == 0


def test_a_client_writes_no_ticket_of_another_by_calling_it_theirs():
    client, other = make_client(), make_client()
    with session_of(other.email):
        theirs = frappe.get_doc("HD Ticket", by_portal({}))
    forged = {"raised_by": client.email, "owner": client.email, "status": "Closed"}
    for change in (change_by_save, change_by_method):
        with session_of(client.email), pytest.raises(frappe.PermissionError):
            change(theirs.name, forged)
    assert stored(theirs.name).status == "Open"


# A site that sold nothing


def test_where_nothing_is_sold_helpdesk_is_as_it_was():
    frappe.db.delete("Beesender Support Plan")
    cache.invalidate()
    customer = make_customer()
    make_contact(customer, "plain@example.com", user=True)
    with session_of("plain@example.com"):
        ticket = by_rest({"opening_date": "2020-02-02", "agent_group": None})
        change_by_value(ticket, {"subject": "Another"})
    after = stored(ticket)
    assert (str(after.opening_date), after.subject) == ("2020-02-02", "Another")
    assert not after.beesender_admission


def test_where_nothing_is_sold_a_fault_of_ours_costs_no_request():
    frappe.db.delete("Beesender Support Plan")
    cache.invalidate()
    with (
        session_of(make_portal_user("plain@example.com")),
        patch.object(ticket_events, "decide", fail),
    ):
        assert by_rest({})


# Fields of the site


@pytest.fixture
def site_field():
    """Adding a column ends the transaction, so nothing else may be open in it."""
    database = frappe.local.db
    commit = partial(type(database).commit, database)
    frappe.db.rollback()
    with patch.object(frappe.db, "commit", commit):
        field = frappe.get_doc(
            {
                "doctype": "Custom Field",
                "dt": "HD Ticket",
                "fieldname": "custom_version_of_client",
                "fieldtype": "Data",
                "label": "Version",
            }
        ).insert()
        commit()
    yield field.fieldname
    frappe.set_user("Administrator")
    frappe.db.rollback()
    with patch.object(frappe.db, "commit", commit):
        field.delete()
        commit()


def test_what_a_site_added_is_the_sites(site_field):
    client = make_client()
    with session_of(client.email):
        ticket = by_portal({site_field: "7.1"})
        assert stored(ticket)[site_field] == "7.1"
        change_by_value(ticket, {site_field: "7.2"})
    assert stored(ticket)[site_field] == "7.2"


def test_a_team_is_chosen_where_the_template_offers_it():
    team = frappe.db.get_value("HD Team", {})
    client = make_client()
    with session_of(client.email):
        assert stored(by_portal({"agent_group": team})).agent_group is None
    template = frappe.get_doc("HD Ticket Template", "Default")
    template.append("fields", {"fieldname": "agent_group", "hide_from_customer": 0})
    template.save()
    assignment = "frappe.automation.doctype.assignment_rule.assignment_rule.apply"
    with session_of(client.email), patch(assignment, lambda doc, method: None):
        assert stored(by_portal({"agent_group": team})).agent_group == team


# Faults


def fail(*args, **kwargs):
    raise RuntimeError("a fault of ours")


FAULTY = [
    (ticket_events, "decide"),
    (ticket_fields, "choose_agreement"),
    (ticket_fields, "write_results"),
    (client_writes, "_drop_what_is_not_given"),
]


@pytest.mark.parametrize(("module", "name"), FAULTY)
@pytest.mark.parametrize("door", DOORS, ids=lambda each: each.__name__)
def test_in_the_portal_a_fault_registers_nothing(door, module, name):
    client = make_client()
    count = frappe.db.count("HD Ticket")
    with (
        session_of(client.email),
        patch.object(module, name, fail),
        pytest.raises(Refused, match="Nothing you typed is lost"),
    ):
        door({})
    assert frappe.db.count("HD Ticket") == count


@pytest.mark.parametrize(("module", "name"), FAULTY)
def test_mail_and_agents_go_on_in_spite_of_a_fault(module, name):
    client = make_client()
    with patch.object(module, name, fail):
        assert receive_mail(client.email, "Help").name
        with session_of(make_agent()):
            assert make_ticket(client).name


def test_a_plan_that_cannot_be_read_lets_nobody_in_by_the_portal():
    client = make_client()
    client.plan.db_set("time_zone", "Nowhere/Land")
    cache.invalidate()
    with session_of(client.email), pytest.raises(Refused, match="could not be"):
        by_portal({})
    assert receive_mail(client.email, "Help").name


def test_no_value_makes_a_plain_ticket_of_a_suspended_client():
    client = make_client(status="Suspended")
    count = frappe.db.count("HD Ticket")
    texts = ("beesender_priority", "ticket_type", "priority", "contact", "customer")
    for name in (*texts, "template", "description", "subject", "raised_by"):
        for value in ({"a": 1}, ["x"], 1.5, float("nan")):
            with session_of(client.email), pytest.raises(Refused, match="as text"):
                by_portal({name: value})
    assert frappe.db.count("HD Ticket") == count


# Who is signed in


def test_a_contact_is_found_by_its_user_after_its_address_changed():
    client = make_client()
    contact = frappe.get_doc("Contact", client.contact)
    contact.email_ids = []
    contact.append("email_ids", {"email_id": "new@example.com", "is_primary": 1})
    contact.save()
    with session_of(client.email):
        assert "refusal" not in portal.new_request()
        for door in DOORS:
            made = stored(door({}))
            assert (made.beesender_admission, made.contact) == (
                "Accepted",
                client.contact,
            )


def test_of_two_contacts_of_one_user_the_seated_one_asks():
    client = make_client()
    second = make_contact(make_customer())
    frappe.db.set_value("Contact", second, "user", client.email)
    with session_of(client.email):
        made = stored(by_portal({}))
    assert (made.contact, made.customer, made.beesender_admission) == (
        client.contact,
        client.customer,
        "Accepted",
    )


def test_colleagues_are_named_to_members_only():
    client = make_client()
    name = frappe.db.get_value("Contact", client.contact, "full_name")
    make_contact(client.customer, "colleague@members.example", user=True)
    with (
        session_of("colleague@members.example"),
        pytest.raises(frappe.ValidationError, match=name),
    ):
        by_portal({})
    frappe.db.set_single_value("HD Settings", "auto_set_customer_from_contact", 0)
    stranger = make_client()
    with session_of(stranger.email), pytest.raises(frappe.ValidationError) as refusal:
        by_portal({"customer": client.customer})
    assert name not in str(refusal.value)


def test_on_the_plan_page_whoever_belongs_elsewhere_sees_their_own_seat_only():
    client, guest = make_client(tier="Business"), make_client()
    client.plan.append("authorized_contacts", {"contact": guest.contact})
    client.plan.save()
    frappe.db.delete(
        "HD Customer Member",
        {"parent": client.customer, "contact_name": guest.contact},
    )
    at = site_time.now()
    for email, seen in ((guest.email, {guest.contact}), (client.email, None)):
        with session_of(email):
            viewer = plan_viewer.viewer_for(email, client.customer, at)
            plan = viewer.choose(client.customer, None, at)
            people = plan_people.of(plan, viewer, at)
        seated = {seat["contact"] for seat in people["seats"]}
        assert seated == (seen or {client.contact, guest.contact})


def test_access_details_are_not_for_whoever_a_request_was_said_to_be_raised_by():
    client, other = make_client(), make_client()
    with session_of(client.email):
        ticket = by_portal({})
    frappe.db.set_value("HD Ticket", ticket, "raised_by", other.email)
    with session_of(other.email), pytest.raises(frappe.PermissionError):
        portal.give_access_details(ticket, "mine now")
    with session_of(client.email):
        portal.give_access_details(ticket, "host 10.1.1.1")


# Seats


def manager_of(client):
    customer = frappe.get_doc("HD Customer", client.customer)
    customer.contacts[0].is_manager = 1
    customer.save()
    return client.email


@pytest.mark.parametrize("contact", ["Nobody", "<img src=x onerror=alert(1)>", ""])
def test_only_a_seat_of_the_plan_is_ended(contact):
    client = make_client()
    modified = client.plan.reload().modified
    with (
        session_of(manager_of(client)),
        pytest.raises(frappe.ValidationError, match="no seat on the plan"),
    ):
        portal.end_seat(client.plan.name, contact)
    assert client.plan.reload().modified == modified
    assert not frappe.db.exists("Beesender Admission Log", {"event": "Seat ended"})


def test_seats_are_not_changed_without_end():
    client = make_client()
    with (
        session_of(manager_of(client)),
        patch(
            "beesender_support.enforcement.safety.rate_limit.requests_of",
            lambda user: 31,
        ),
    ):
        for call in (portal.end_seat, portal.give_seat):
            with pytest.raises(frappe.ValidationError, match="At most 30"):
                call(client.plan.name, client.contact)


# Mail that a client has Frappe make


@pytest.mark.parametrize("becomes", ["Replied", "Resolved"])
def test_mail_that_a_client_makes_answers_and_moves_nothing(becomes):
    frappe.db.set_single_value(
        "HD Settings", {"auto_update_status": 1, "update_status_to": becomes}
    )
    client = make_client()
    with session_of(client.email):
        ticket = by_portal({})
        before = stored(ticket)
        make_mail("HD Ticket", ticket, "All solved", "Re", "Sent")
    after = stored(ticket)
    changed = {key for key in before if after[key] != before[key]}
    assert changed <= {"modified", "modified_by", "_seen", "_comments"}


def test_a_reply_in_the_portal_reopens_and_is_noted():
    client = make_client()
    with session_of(client.email):
        ticket = frappe.get_doc("HD Ticket", by_portal({}))
    frappe.db.set_value(
        "HD Ticket",
        ticket.name,
        {
            "status": "Replied",
            "status_category": "Paused",
            "last_customer_response": None,
        },
    )
    with session_of(client.email), http_request():
        run_doc_method(
            "create_communication_via_contact",
            dt="HD Ticket",
            dn=ticket.name,
            args={"message": "Still not"},
        )
    after = stored(ticket.name)
    assert (after.status, after.status_category) == ("Open", "Open")
    assert after.last_customer_response


def test_no_client_merges():
    client = make_client()
    with session_of(client.email):
        source, target = by_portal({}), by_portal({})
        change_by_value(source, {"is_merged": 1, "merged_with": target})
        with pytest.raises(frappe.PermissionError):
            merge_ticket(source, target)
    assert not stored(source).is_merged


# Guests


def test_a_guest_gives_no_more_than_a_client():
    client = make_client()
    other = make_ticket(client).name
    set_guest_ticket_creation_permission()
    with session_of("Guest"):
        ticket = frappe.get_doc(
            {
                "doctype": "HD Ticket",
                **REQUEST,
                "raised_by": client.email,
                "service_level_agreement_creation": "2020-01-01",
                "first_responded_on": "2020-01-01",
                "ticket_split_from": other,
                "get_session_contact": 1,
            }
        ).insert()
    assert ticket.beesender_admission_reason == "unverified_sender"
    assert not ticket.ticket_split_from
    assert not ticket.first_responded_on


# Files


def test_no_client_puts_a_file_on_a_ticket_of_others():
    client, others = make_client(), make_ticket(make_client()).name
    with session_of(client.email):
        own = by_portal({})
        file = {"doctype": "File", "file_name": "a.txt", "content": "x"}
        on_ticket = {**file, "attached_to_doctype": "HD Ticket"}
        with pytest.raises(frappe.PermissionError):
            frappe.client.insert({**on_ticket, "attached_to_name": others})
        made = frappe.client.insert({**on_ticket, "attached_to_name": own})
        frappe.client.insert({**on_ticket, "attached_to_name": "new-hd-ticket-x"})
        with pytest.raises(frappe.PermissionError):
            frappe.client.set_value("File", made["name"], "attached_to_name", others)
    assert not frappe.db.exists("File", {"attached_to_name": others})
