"""Access details: for agents on the ticket only, encrypted, and erased in time."""

import json
from contextlib import contextmanager
from types import SimpleNamespace

import frappe
import pytest
from frappe.handler import execute_cmd
from frappe.utils import add_to_date, now_datetime
from helpdesk.helpdesk.doctype.hd_ticket.api import get_one, merge_ticket, split_ticket
from pypika import Criterion

from beesender_support.api import agent as agent_api
from beesender_support.api import portal
from beesender_support.enforcement.requests import access_details
from beesender_support.tests.site.factories import (
    make_agent,
    make_client,
    make_contact,
    make_ticket,
    session_of,
)

SECRET = "host 10.1.1.1, user ops, password Xy7-unlikely"  # noqa: S105 - made up
OTHER = "password Zz9-unlikely too"
DETAILS = "Beesender Access Details"
FIELD = "beesender_access_details"
NEW = "helpdesk.helpdesk.doctype.hd_ticket.api.new"


@pytest.fixture
def client():
    # Whatever the site has on file; it comes back when the test is rolled back.
    frappe.db.delete(DETAILS)
    return make_client()


def request_with(secret=SECRET, **values):
    return {"subject": "No chats", "description": "None.", FIELD: secret, **values}


def raised_by(client, **values):
    with session_of(client.email):
        return portal.raise_request(request_with(**values))


def sealed_of(ticket):
    return frappe.db.get_value(DETAILS, {"ticket": ticket}, "sealed")


def places_with(text):
    """Tables of the site that hold a text, other than as access details."""
    found = []
    for table in frappe.db.get_tables(cached=False):
        columns = [
            row.Field
            for row in frappe.db.sql(f"SHOW COLUMNS FROM `{table}`", as_dict=True)
            if "text" in row.Type or "char" in row.Type or "json" in row.Type
        ]
        rows = frappe.qb.Table(table)
        likes = [rows[column].like(f"%{text}%") for column in columns]
        if likes and frappe.qb.from_(rows).select(1).where(Criterion.any(likes)).run():
            found.append(table)
    return found


@contextmanager
def http_request(**values):
    """As if the session had posted these values."""
    before = frappe.local.form_dict
    frappe.local.form_dict = frappe._dict(values)
    try:
        yield
    finally:
        frappe.local.form_dict = before


def history_of(ticket):
    return frappe.get_all("HD Ticket Activity", {"ticket": ticket}, pluck="action")


# Where they are, and where not


def test_they_are_kept_encrypted_and_nowhere_in_plain_text(client):
    ticket = raised_by(client)
    ticket.reload().save()
    assert sealed_of(ticket.name)
    assert not places_with("Xy7-unlikely")
    assert "Xy7-unlikely" not in frappe.as_json(ticket.as_dict())
    assert not frappe.get_meta("HD Ticket").has_field(FIELD)


def test_the_endpoint_of_the_form_takes_them_through_its_whole_way(client):
    doc = request_with()
    with session_of(client.email), http_request(cmd=NEW, doc=doc, attachments=[]):
        frappe.local.request = SimpleNamespace(method="POST")
        try:
            ticket = execute_cmd(NEW)
        finally:
            del frappe.local.request
        assert SECRET not in str(frappe.form_dict)
    assert sealed_of(ticket.name)
    assert not places_with("Xy7-unlikely")


def test_a_ticket_that_is_refused_leaves_nothing(client):
    make_contact(client.customer, "noseat@example.com", user=True)
    with pytest.raises(frappe.ValidationError), session_of("noseat@example.com"):
        portal.raise_request(request_with())
    assert not frappe.db.count(DETAILS)
    assert not places_with("Xy7-unlikely")


def test_a_fault_while_the_ticket_is_registered_logs_nothing_of_them(
    client, monkeypatch
):
    def fail(*args, **kwargs):
        raise RuntimeError("a fault of somebody else")

    monkeypatch.setattr("helpdesk.helpdesk.doctype.hd_ticket.api.frappe.get_doc", fail)
    with session_of(client.email), http_request(cmd=NEW, doc=request_with()):
        try:
            frappe.call(portal.raise_request, **frappe.form_dict)
        except RuntimeError as fault:
            monkeypatch.undo()
            log = frappe.log_error(str(fault))
    assert "a fault of somebody else" in log.error
    assert "No chats" in log.error  # what a request held is in there
    assert "Xy7-unlikely" not in frappe.as_json(log)
    assert not places_with("Xy7-unlikely")


def test_what_is_given_later_is_masked_where_frappe_logs_a_fault(client, monkeypatch):
    ticket = raised_by(client, secret="")

    def fail(*args, **kwargs):
        raise RuntimeError("a fault of somebody else")

    monkeypatch.setattr(access_details, "log_ticket_activity", fail)
    values = {"ticket": ticket.name, "secret": SECRET}
    with session_of(client.email), http_request(**values):
        try:
            frappe.call(portal.give_access_details, **values)
        except RuntimeError:
            log = frappe.log_error("fault")
    assert "give_access_details" in log.error
    assert "Xy7-unlikely" not in frappe.as_json(log)


def test_a_key_that_does_not_encrypt_refuses_and_logs_nothing_of_them(
    client, monkeypatch
):
    monkeypatch.setitem(frappe.local.conf, "encryption_key", "no key")
    with (
        pytest.raises(frappe.ValidationError, match="cannot be encrypted") as refusal,
        session_of(client.email),
    ):
        portal.raise_request(request_with())
    assert refusal.value.__context__ is None
    assert not frappe.db.count("HD Ticket", {"raised_by": client.email})


def test_by_rest_they_are_taken_off_too(client):
    doc = {"doctype": "HD Ticket", "raised_by": client.email, **request_with()}
    with session_of(client.email), http_request(doc=json.dumps(doc)):
        ticket = frappe.client.insert(json.dumps(doc))
        assert FIELD not in ticket
        assert "Xy7-unlikely" not in str(frappe.form_dict)
        changed = frappe.client.set_value("HD Ticket", ticket["name"], FIELD, OTHER)
        assert FIELD not in changed
        with session_of(make_agent()):
            assert agent_api.read_access_details(ticket["name"])["secret"] == SECRET
    for text in ("Xy7-unlikely", "Zz9-unlikely"):
        assert not places_with(text)


def test_handlers_and_mails_of_a_new_ticket_see_nothing_of_them(client, monkeypatch):
    seen = []

    def look(doc, method=None):
        mail = frappe.render_template(
            "{{ doc }} {{ doc.beesender_access_details }}", {"doc": doc}
        )
        seen.extend([mail, str(vars(doc)), frappe.as_json(doc.as_dict())])

    for step in (
        "note_what_was_requested",
        "settle_promise",
        "before_save",
        "act_on_new_ticket",
    ):
        monkeypatch.setattr(f"beesender_support.enforcement.events.ticket.{step}", look)
    doc = frappe.get_doc(
        {"doctype": "HD Ticket", "raised_by": client.email, **request_with()}
    ).insert()
    assert len(seen) >= 12
    assert doc.subject in str(seen)
    assert "Xy7-unlikely" not in str(seen)


def test_nobody_smuggles_in_what_counts_as_encrypted(client):
    smuggled = str(access_details.seal("something else"))
    ticket = raised_by(client, secret=smuggled)
    with session_of(make_agent()):
        read = agent_api.read_access_details(ticket.name)
    assert read["secret"] == smuggled


@pytest.mark.parametrize("secret", ["x" * 10_001, ["a", "list"], {"a": "dict"}])
def test_only_text_of_some_length_is_taken(client, secret):
    with pytest.raises(frappe.ValidationError, match="at most 10000"):
        raised_by(client, secret=secret)


def test_a_ticket_without_details_has_none(client):
    ticket = raised_by(client, secret="")
    assert not frappe.db.count(DETAILS)
    with session_of(make_agent()):
        assert not agent_api.access_details_of(ticket.name)["is_on_file"]
        with pytest.raises(frappe.ValidationError, match="No access details"):
            agent_api.read_access_details(ticket.name)


# Who reads them


def test_an_agent_reads_them_and_every_reading_is_noted(client):
    ticket = raised_by(client)
    agent = make_agent()
    with session_of(agent):
        assert agent_api.access_details_of(ticket.name)["is_on_file"]
        assert history_of(ticket.name).count("read the access details") == 0
        for _reading in range(2):
            read = agent_api.read_access_details(ticket.name)
            assert read["secret"] == SECRET
    readers = frappe.get_all(
        "HD Ticket Activity",
        {"ticket": ticket.name, "action": "read the access details"},
        pluck="owner",
    )
    assert readers == [agent, agent]


def test_an_agent_of_another_team_does_not_read_them(client):
    ticket = raised_by(client)
    frappe.db.set_value("HD Ticket", ticket.name, "agent_group", "Another Team")
    frappe.db.set_single_value("HD Settings", "restrict_tickets_by_agent_group", 1)
    for call in (agent_api.access_details_of, agent_api.read_access_details):
        with session_of(make_agent()), pytest.raises(frappe.PermissionError):
            call(ticket.name)
    assert "read the access details" not in history_of(ticket.name)


def test_the_client_sees_that_they_are_on_file_and_never_what_they_say(client):
    ticket = raised_by(client)
    with session_of(client.email):
        overview = portal.access_details_of(ticket.name)
        assert overview["is_on_file"]
        assert "Xy7-unlikely" not in str(overview)
        for call in (agent_api.access_details_of, agent_api.read_access_details):
            with pytest.raises(frappe.PermissionError):
                call(ticket.name)
        assert sealed_of(ticket.name) not in str(get_one(ticket.name))
        for read in (
            lambda: frappe.client.get(DETAILS, ticket.name),
            lambda: frappe.client.get_value(DETAILS, "sealed", ticket.name),
            lambda: frappe.client.get_list(DETAILS, fields=["sealed"]),
        ):
            with pytest.raises(frappe.PermissionError):
                read()


@pytest.mark.parametrize("role", ["Agent", "Agent Manager", "System Manager"])
def test_no_role_has_a_permission_on_the_record(client, role):
    user = make_agent()
    frappe.get_doc("User", user).add_roles(role)
    ticket = raised_by(client)
    with session_of(user):
        for ptype in ("read", "write", "create", "delete", "report", "export"):
            assert not frappe.has_permission(DETAILS, ptype), ptype
        with pytest.raises(frappe.PermissionError):
            frappe.client.get(DETAILS, ticket.name)


def test_the_client_replaces_and_erases_them(client):
    ticket = raised_by(client)
    with session_of(client.email):
        portal.give_access_details(ticket.name, OTHER)
        with session_of(make_agent()):
            read = agent_api.read_access_details(ticket.name)
        assert read["secret"] == OTHER
        assert not portal.erase_access_details(ticket.name)["is_on_file"]
        portal.erase_access_details(ticket.name)
        with pytest.raises(frappe.ValidationError, match="Please write"):
            portal.give_access_details(ticket.name, "  ")
    assert not frappe.db.count(DETAILS)
    assert not frappe.db.count("Deleted Document", {"deleted_doctype": DETAILS})
    said = history_of(ticket.name)
    for action in ("gave", "replaced the", "erased the"):
        assert said.count(f"{action} access details") == 1, action


def test_nobody_but_who_raised_the_request_changes_them(client):
    ticket = raised_by(client)
    colleague = make_contact(client.customer, "manager@example.com", user=True)
    customer = frappe.get_doc("HD Customer", client.customer)
    next(
        row for row in customer.contacts if row.contact_name == colleague
    ).is_manager = 1
    customer.save()
    with session_of("manager@example.com"):
        assert get_one(ticket.name)  # may read the request
        assert portal.access_details_of(ticket.name) is None
        for call in (
            lambda: portal.give_access_details(ticket.name, OTHER),
            lambda: portal.erase_access_details(ticket.name),
        ):
            with pytest.raises(frappe.PermissionError):
                call()
    for stranger in (make_client().email, "Guest"):
        for call in (portal.access_details_of, portal.erase_access_details):
            with session_of(stranger), pytest.raises(frappe.PermissionError):
                call(ticket.name)
    assert sealed_of(ticket.name)


# Merge, split


def test_a_merge_and_a_split_carry_nothing_over(client):
    source, target = raised_by(client), raised_by(client, secret="")
    message = frappe.get_all(
        "Communication",
        {"reference_doctype": "HD Ticket", "reference_name": source.name},
        pluck="name",
    )[0]
    split = split_ticket("Another matter", message)
    merge_ticket(source.name, target.name)
    assert frappe.get_all(DETAILS, pluck="ticket") == [str(source.name)]
    assert split != source.name
    assert not places_with("Xy7-unlikely")


# Their end


def close(ticket, days_ago=None):
    doc = frappe.get_doc("HD Ticket", ticket)
    doc.status = "Closed"
    doc.save()
    access_details.erase_of_closed()
    if days_ago is not None:
        frappe.db.set_value(
            DETAILS,
            {"ticket": ticket},
            "closed_on",
            add_to_date(now_datetime(), days=-days_ago),
        )


def test_they_are_erased_some_days_after_closing_and_not_before(client):
    early, late, open_one = (raised_by(client).name for _each in range(3))
    close(early, days_ago=13)
    close(late, days_ago=14)
    for _run in range(2):
        access_details.erase_of_closed()
        left = frappe.get_all(DETAILS, pluck="ticket", order_by="creation")
        assert left == [early, open_one]


def test_the_days_are_a_setting(client):
    ticket = raised_by(client).name
    close(ticket, days_ago=3)
    settings = frappe.get_doc("Beesender Support Settings")
    settings.access_details_days = 3
    settings.save()
    access_details.erase_of_closed()
    assert not frappe.db.count(DETAILS)


def test_a_reopened_ticket_keeps_them(client):
    ticket = raised_by(client).name
    close(ticket, days_ago=20)
    doc = frappe.get_doc("HD Ticket", ticket)
    doc.status = "Open"
    doc.save()
    access_details.erase_of_closed()
    assert sealed_of(ticket)
    close(ticket)
    access_details.erase_of_closed()
    assert sealed_of(ticket)


def test_they_go_with_the_ticket(client):
    ticket, gone = raised_by(client), raised_by(client)
    frappe.delete_doc("HD Ticket", ticket.name)
    assert frappe.get_all(DETAILS, pluck="ticket") == [str(gone.name)]
    frappe.db.delete("HD Ticket", {"name": gone.name})
    access_details.erase_of_closed()
    assert not frappe.db.count(DETAILS)


def test_a_save_of_a_ticket_costs_no_query_more(client, monkeypatch):
    ticket = make_ticket(client)
    queries, ask = [], frappe.db.sql

    def listen(query, *args, **kwargs):
        queries.append(str(query))
        return ask(query, *args, **kwargs)

    monkeypatch.setattr(frappe.db, "sql", listen)
    ticket.save()
    assert queries
    assert not [each for each in queries if DETAILS in each]
