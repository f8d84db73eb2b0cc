"""Real messages through Frappe's own receiving code, and what became of each."""

import base64

import frappe
import pytest

from beesender_support.tests.site.factories import (
    make_contact,
    make_customer,
    make_plan,
)
from beesender_support.tests.site.mailbox import (
    compose,
    make_client_here,
    raw,
    receive,
    receive_one,
)

# Messages of every kind become tickets


def test_plain_text(mailbox, account):
    client = make_client_here()
    communication, ticket = receive_one(mailbox, account, compose(client.email))
    assert ticket.beesender_admission == "Accepted"
    assert ticket.beesender_channel == "email"
    assert "Hello" in communication.content
    assert ticket.description == communication.content


def test_html_with_an_alternative_and_an_attachment(mailbox, account):
    client = make_client_here()
    message = compose(client.email, body="The text")
    message.add_alternative("<p>The <b>page</b></p>", subtype="html")
    message.add_attachment(
        b"\x00\x01log", maintype="application", subtype="x-log", filename="журнал.log"
    )
    communication, ticket = receive_one(mailbox, account, message)
    assert "<b>page</b>" in communication.content
    files = frappe.get_all(
        "File", {"attached_to_name": communication.name}, pluck="file_name"
    )
    assert len(files) == 1
    assert ticket.beesender_admission == "Accepted"


@pytest.mark.parametrize(
    ("subject", "charset"),
    [
        ("=?utf-8?b?0J3QtdGCINGH0LDRgtC+0LI=?=", "utf-8"),
        (
            "=?koi8-r?b?"
            + base64.b64encode("Нет чатов".encode("koi8-r")).decode()
            + "?=",
            "koi8-r",
        ),
        ("Нет чатов", "utf-8"),
    ],
    ids=["encoded", "encoded in koi8-r", "raw 8-bit"],
)
def test_a_cyrillic_subject_and_an_8bit_body(mailbox, account, subject, charset):
    client = make_client_here()
    message = raw(
        f"From: {client.email}",
        f"Subject: {subject}",
        f"Content-Type: text/plain; charset={charset}",
        "Content-Transfer-Encoding: 8bit",
        body="Чаты не видны".encode(charset),
    )
    communication, ticket = receive_one(mailbox, account, message)
    assert ticket.subject == "Нет чатов"
    assert "Чаты не видны" in communication.content


def test_five_megabytes(mailbox, account):
    client = make_client_here()
    message = compose(client.email, body="A log follows")
    message.add_attachment(
        b"\xff" * 5_000_000, maintype="application", subtype="gzip", filename="log.gz"
    )
    communication, _ticket = receive_one(mailbox, account, message)
    assert (
        frappe.db.get_value(
            "File", {"attached_to_name": communication.name}, "file_size"
        )
        == 5_000_000
    )


def test_malformed_headers_and_body(mailbox, account):
    client = make_client_here()
    message = raw(
        f"From: {client.email}",
        "Subject: No chats",
        "Date: yesterday",
        "no colon here",
        "Content-Type: multipart/mixed; boundary=never-comes",
        body=b"--something\xff\xfe\x00else",
    )
    _communication, ticket = receive_one(mailbox, account, message)
    assert ticket.customer == client.customer


def test_mail_to_us_by_copy_only(mailbox, account):
    client = make_client_here()
    message = compose(client.email, To=None, Cc="support@example.com")
    communication, ticket = receive_one(mailbox, account, message)
    assert communication.cc == "support@example.com"
    assert ticket.beesender_admission == "Accepted"


def test_mail_that_helpdesk_itself_generated_makes_no_ticket(mailbox, account):
    client = make_client_here()
    message = compose(client.email, X_Auto_Generated="hd-acknowledgement")
    assert receive(mailbox, account, message) == []


def test_one_message_twice_is_one_ticket(mailbox, account):
    message = bytes(compose(make_client_here().email))
    assert len(receive(mailbox, account, message, message)) == 1
    assert receive(mailbox, account, message) == []


# Whose mail?


def test_a_contact_is_known_by_any_address(mailbox, account):
    client = make_client_here()
    contact = frappe.get_doc("Contact", client.contact)
    contact.append("email_ids", {"email_id": "second@home.example.com"})
    contact.save()
    frappe.db.commit()
    _communication, ticket = receive_one(
        mailbox, account, compose("Second@home.example.com")
    )
    assert ticket.contact == client.contact
    assert ticket.beesender_admission == "Accepted"


def test_the_contact_whose_primary_address_it_is_goes_first(mailbox, account):
    client = make_client_here()
    other = frappe.get_doc("Contact", make_contact(make_customer()))
    other.append("email_ids", {"email_id": client.email})
    other.save()
    frappe.db.commit()
    _communication, ticket = receive_one(mailbox, account, compose(client.email))
    assert ticket.contact == client.contact


def test_of_several_customers_the_one_that_seats_the_contact_is_judged(
    mailbox, account
):
    client = make_client_here()
    also_member_of(client.contact)
    _communication, ticket = receive_one(mailbox, account, compose(client.email))
    assert ticket.customer == client.customer
    assert ticket.beesender_admission == "Accepted"


def test_of_several_customers_that_seat_the_contact_none_is_guessed(mailbox, account):
    client = make_client_here()
    other = also_member_of(client.contact)
    make_plan(other, [client.contact])
    frappe.db.commit()
    _communication, ticket = receive_one(mailbox, account, compose(client.email))
    assert not ticket.customer
    assert ticket.beesender_admission == "Held"
    assert ticket.beesender_admission_reason == "unknown_sender"


def also_member_of(contact):
    customer = frappe.get_doc("HD Customer", make_customer())
    customer.append("contacts", {"contact_name": contact})
    customer.save()
    frappe.db.commit()
    return customer.name
