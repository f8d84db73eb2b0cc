"""A held request of somebody unknown: a contact, a seat and the admission in one step."""

from collections.abc import Iterator
from email.utils import formataddr

import frappe
import pytest

from beesender_support.api import agent as agent_api
from beesender_support.api import intake
from beesender_support.enforcement.held import unknown_sender
from beesender_support.enforcement.requests import held_requests
from beesender_support.tests.site.factories import (
    make_agent,
    make_channel_user,
    make_client,
    make_contact,
    make_customer,
    make_email_account,
    make_plan,
    make_portal_user,
    make_user_of_desk,
    receive_mail,
    refused,
    session_of,
)
from beesender_support.tests.site.processes import (
    in_process,
    in_processes,
    remove_records,
)

DOMAIN = "planned.example"


@pytest.fixture
def client():
    client = make_client()
    frappe.db.set_value("HD Customer", client.customer, "domain", DOMAIN)
    return client


@pytest.fixture
def agent():
    return make_agent()


def make_contacts_of_senders(makes):
    frappe.db.set_value(
        "Email Account", make_email_account().name, "create_contact", makes
    )


both = pytest.mark.parametrize("makes", [1, 0], ids=["contact made", "none made"])


def held(sender=f"Anna Schmidt <anna@{DOMAIN}>"):
    ticket = receive_mail(sender, "No chats")
    assert ticket.beesender_admission_reason == "unknown_sender"
    return ticket


def admit(ticket, agent, **values):
    with session_of(agent):
        agent_api.admit_with_contact(ticket.name, **values)
    return ticket.reload()


def offered(ticket, agent):
    with session_of(agent):
        return agent_api.held_request(ticket.name)["new_contact"]


def seated_on(plan):
    rows = frappe.get_doc("Beesender Support Plan", plan.name).authorized_contacts
    return [row.contact for row in rows]


@both
def test_the_sender_becomes_a_contact_with_a_seat_and_the_request_is_admitted(
    client, agent, makes
):
    make_contacts_of_senders(makes)
    ticket = held()
    offer = offered(ticket, agent)
    assert offer["address"] == f"anna@{DOMAIN}"
    assert client.customer in offer["words"]
    admit(ticket, agent, name=offer["name"], why="she called")
    contact = frappe.get_doc("Contact", ticket.contact)
    assert contact.email_id == f"anna@{DOMAIN}"
    assert seated_on(client.plan) == [client.contact, contact.name]
    members = frappe.get_doc("HD Customer", client.customer).contacts
    assert contact.name in [row.contact_name for row in members]
    assert ticket.beesender_admission == "Accepted"
    assert ticket.beesender_terms
    assert ticket.raised_by == f"anna@{DOMAIN}"
    (log,) = frappe.get_all(
        "Beesender Admission Log",
        {"ticket": ticket.name, "event": "Admitted with a seat"},
        ["actor", "contact", "details", "reason"],
    )
    assert log == {
        "actor": agent,
        "contact": contact.name,
        "details": "she called",
        "reason": "unknown_sender",
    }
    # From then on she is known.
    assert receive_mail(f"anna@{DOMAIN}", "Again").beesender_admission == "Accepted"


@both
def test_the_name_that_the_agent_gives_counts(client, agent, makes):
    make_contacts_of_senders(makes)
    ticket = held(f"anna@{DOMAIN}")
    admit(ticket, agent, name="  Anna <b>S.</b> ")
    assert frappe.db.get_value("Contact", ticket.contact, "full_name") == "Anna bS./b"


def test_a_name_with_html_is_text(client, agent):
    sender = formataddr(("<img src=x onerror=alert(1)>", f"anna@{DOMAIN}"))
    ticket = held(sender)
    offer = offered(ticket, agent)
    assert not {"<", ">"} & set(offer["name"])
    admit(ticket, agent)
    name = frappe.db.get_value("Contact", ticket.contact, "full_name")
    assert not {"<", ">"} & set(name)


@pytest.mark.parametrize(
    ("sender", "address"),
    [
        (f"Anna+support@{DOMAIN.upper()}", f"anna+support@{DOMAIN}"),
        (f"ANNA@{DOMAIN}", f"anna@{DOMAIN}"),
    ],
)
def test_an_address_is_stored_in_its_normal_form(client, agent, sender, address):
    ticket = held(sender)
    admit(ticket, agent)
    assert frappe.db.get_value("Contact", ticket.contact, "email_id") == address


def test_a_domain_outside_ascii_is_the_same_in_both_forms(client, agent):
    frappe.db.set_value("HD Customer", client.customer, "domain", "пример.рф")
    ticket = held("anna@xn--e1afmkfd.xn--p1ai")
    admit(ticket, agent)
    again = receive_mail("anna@xn--e1afmkfd.xn--p1ai", "Again")
    assert again.beesender_admission == "Accepted"


@both
def test_a_contact_that_nobody_knows_is_taken_and_no_second_made(client, agent, makes):
    make_contacts_of_senders(makes)
    ticket = held()
    before = ticket.contact
    admit(ticket, agent)
    contacts = frappe.get_all(
        "Contact Email", {"email_id": f"anna@{DOMAIN}"}, pluck="parent"
    )
    assert contacts == [ticket.contact]
    assert before in (None, ticket.contact)
    assert frappe.db.get_value("Contact", ticket.contact, "full_name") == (
        "Anna Schmidt"
    )


@both
def test_a_contact_of_another_customer_is_refused_in_words(client, agent, makes):
    make_contacts_of_senders(makes)
    ticket, other = held(), make_customer()
    if ticket.contact:
        members = frappe.get_doc("HD Customer", other)
        members.append("contacts", {"contact_name": ticket.contact})
        members.save()
    else:
        make_contact(other, f"anna@{DOMAIN}")
    with refused(f"is a contact of {other} already"):
        admit(ticket, agent)
    assert ticket.reload().beesender_admission == "Held"
    assert seated_on(client.plan) == [client.contact]


@both
def test_no_seat_is_given_beyond_the_limit_and_no_contact_is_left(client, agent, makes):
    make_contacts_of_senders(makes)
    ticket = held()
    had = frappe.db.count("Contact Email", {"email_id": f"anna@{DOMAIN}"})
    plan = frappe.get_doc("Beesender Support Plan", client.plan.name)
    plan.append("authorized_contacts", {"contact": make_contact(client.customer)})
    plan.save()
    assert offered(ticket, agent) is None
    frappe.db.savepoint("beesender_test")
    with refused("Basic includes 2"):
        admit(ticket, agent)
    # As the end of the request does.
    frappe.db.rollback(save_point="beesender_test")
    assert frappe.db.count("Contact Email", {"email_id": f"anna@{DOMAIN}"}) == had
    assert ticket.reload().beesender_admission == "Held"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"status": "Suspended"}, "is suspended"),
        ({"ends_on": "2020-12-31"}, "has ended"),
        ({"starts_on": "2099-01-01"}, "starts on"),
        ({"status": "Draft"}, "has no Beesender support plan"),
    ],
)
def test_a_plan_that_is_not_in_force_gives_no_seat_and_says_why(
    client, agent, values, words
):
    ticket = held()
    plan = frappe.get_doc("Beesender Support Plan", client.plan.name)
    plan.db_set(values)
    frappe.clear_cache(doctype="Beesender Support Plan")
    assert offered(ticket, agent) is None
    with refused(words):
        admit(ticket, agent)


def test_without_a_customer_it_is_said_that_one_is_needed(agent):
    make_client()
    settings = frappe.get_doc("Beesender Support Settings")
    settings.strangers = "Hold"
    settings.save()
    ticket = held("anna@nowhere.example")
    assert offered(ticket, agent) is None
    with refused("Choose the customer first"):
        admit(ticket, agent)


def test_a_sender_for_whom_no_server_vouches_becomes_no_contact(client, agent):
    ticket = held()
    ticket.db_set("beesender_admission_reason", "unverified_sender")
    assert offered(ticket, agent) is None
    with refused(f"Nothing proves that anna@{DOMAIN} sent this"):
        admit(ticket, agent)


def test_a_number_without_an_address_is_no_address(client, agent):
    ticket = held()
    ticket.db_set({"raised_by": "74951234567@phone.invalid", "contact": None})
    assert offered(ticket, agent) is None
    with refused("could be reached"):
        admit(ticket, agent, phone="+7 495 123-45-67", email=f"anna@{DOMAIN}")


NUMBER = "+7 (495) 123-45-67"


def held_of_number(client):
    """As a chatbot registers whoever gives only a number; an agent knows the customer."""
    payload = {
        "channel": "chatbot",
        "external_id": frappe.generate_hash(),
        "contact_phone": NUMBER,
        "subject": "No chats",
        "description": "Order 74951234568. Nothing appears.",
        "category": "Incident",
        "priority": "P1",
    }
    with session_of(make_channel_user()):
        frappe.local.form_dict = frappe._dict(payload)
        name = intake.register()["ticket"]
    doc = frappe.get_doc("HD Ticket", name)
    doc.customer = client.customer
    doc.save()
    assert doc.beesender_admission_reason == "unknown_sender"
    return doc


def test_who_gave_only_a_number_becomes_a_contact_who_is_answered_by_mail(
    client, agent
):
    ticket = held_of_number(client)
    offer = offered(ticket, agent)
    assert (offer["phone"], offer["address"], offer["name"]) == (NUMBER, "", "")
    assert NUMBER in offer["words"]
    admit(ticket, agent, name="Anna", email=f" Anna@{DOMAIN}", phone=offer["phone"])
    contact = frappe.get_doc("Contact", ticket.contact)
    assert (contact.first_name, contact.email_id) == ("Anna", f"anna@{DOMAIN}")
    assert [row.phone for row in contact.phone_nos] == [NUMBER]
    assert ticket.beesender_admission == "Accepted"
    assert ticket.raised_by == f"anna@{DOMAIN}"
    assert seated_on(client.plan) == [client.contact, contact.name]


def test_a_number_alone_is_enough_for_a_contact(client, agent):
    ticket = held_of_number(client)
    admit(ticket, agent, name="Anna")
    contact = frappe.get_doc("Contact", ticket.contact)
    assert (contact.first_name, contact.email_ids) == ("Anna", [])
    assert [row.phone for row in contact.phone_nos] == [NUMBER]
    assert ticket.beesender_admission == "Accepted"
    assert ticket.raised_by == "74951234567@phone.invalid"


def test_a_stranger_who_has_the_number_already_gets_the_seat(client, agent):
    stranger = {"doctype": "Contact", "first_name": "Anna"}
    numbers = [{"phone": "+74951234567", "is_primary_phone": 1}]
    contact = frappe.get_doc({**stranger, "phone_nos": numbers}).insert()
    ticket = held_of_number(client)
    assert ticket.contact == contact.name
    assert offered(ticket, agent)["phone"] == NUMBER
    admit(ticket, agent, name="Anna", email=f"anna@{DOMAIN}")
    assert ticket.contact == contact.name
    assert contact.reload().email_id == f"anna@{DOMAIN}"
    assert contact.name in seated_on(client.plan)


def test_the_second_who_presses_reads_who_was_first(client, agent):
    ticket = held()
    admit(ticket, agent)
    with refused("does not wait for admission any more"):
        admit(ticket, make_agent())
    assert len(seated_on(client.plan)) == 2


@pytest.mark.parametrize("who", [make_user_of_desk, "portal"])
def test_only_agents_who_may_write_the_ticket_press(client, who):
    ticket = held()
    user = make_portal_user("presses@example.com") if who == "portal" else who()
    with pytest.raises(frappe.PermissionError):
        admit(ticket, user)
    assert ticket.reload().beesender_admission == "Held"


# At once, in processes of their own

CUSTOMER, EMAIL = "Test Client Unknown At Once", "unknown-at-once@at-once.example"


@pytest.fixture
def _clean() -> Iterator[None]:
    in_process(remove_records, [CUSTOMER], ["%@at-once.example"])
    yield
    in_process(remove_records, [CUSTOMER], ["%@at-once.example"])


def make_records() -> tuple[str, list[str]]:
    frappe.flags.mute_emails = True
    make_contacts_of_senders(0)
    customer = make_customer(CUSTOMER)
    frappe.db.set_value("HD Customer", customer, "domain", "at-once.example")
    plan = make_plan(customer, [])
    tickets = [receive_mail(EMAIL, f"Help {number}").name for number in range(2)]
    make_contacts_of_senders(1)
    return plan.name, tickets


def press(ticket: str) -> str:
    unknown_sender.admit_with_contact(held_requests.locked(ticket))
    return "admitted"


def count_of_sender(plan: str) -> tuple[int, int, int]:
    seats = frappe.get_all(
        "Beesender Authorized Contact", {"parent": plan}, pluck="contact"
    )
    return (
        frappe.db.count("Contact Email", {"email_id": EMAIL}),
        len(seats),
        frappe.db.count("HD Customer Member", {"parent": CUSTOMER}),
    )


@pytest.mark.usefixtures("_clean")
@pytest.mark.parametrize("is_same", [True, False], ids=["one ticket", "two tickets"])
def test_two_who_press_at_once_make_one_contact_with_one_seat(is_same):
    made = in_process(make_records)
    assert isinstance(made[1], list), made
    plan, tickets = made
    pressed = [tickets[0], tickets[0]] if is_same else tickets
    results = in_processes(press, [(ticket,) for ticket in pressed])
    others = [each for each in results if each != "admitted"]
    if is_same:
        assert len(others) == 1
        assert "does not wait for admission any more" in others[0][1]
    elif others:
        # Whoever comes second finds what the first made, or may try again.
        assert len(others) == 1
        assert "has just made a contact" in others[0][1]
        again = tickets[results.index(others[0])]
        assert in_process(press, again) == "admitted"
    assert in_process(count_of_sender, plan) == (1, 1, 1)
