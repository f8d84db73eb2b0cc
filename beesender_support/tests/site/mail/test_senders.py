"""Who sent a mail: the single address in From, and whom the mail server vouches for."""

from base64 import b64encode
from email import message_from_string
from email.message import EmailMessage

import frappe
import pytest

from beesender_support.records.cache import invalidate
from beesender_support.tests.site.factories import (
    make_contact,
    make_customer,
    make_plan,
)
from beesender_support.tests.site.mailbox import (
    LOG,
    compose,
    logged,
    raw,
    receive,
    receive_one,
)

STRANGER = "stranger@evil.example"
SERVER = "mx.support.example"


def claims(client):
    """Heads in which a stranger wants to be taken for the client."""
    encoded = b64encode(f"<Mike <{client.email}>>".encode()).decode()
    return {
        "reply to": (f"From: {STRANGER}", f"Reply-To: {client.email}"),
        "reply to a name": (f"From: {STRANGER}", f"Reply-To: Mike <{client.email}>"),
        "several to reply to": (
            f"From: {STRANGER}",
            f"Reply-To: {client.email}, {STRANGER}",
        ),
        "original from": (f"From: {STRANGER}", f"X-Original-From: {client.email}"),
        "both": (
            f"From: {STRANGER}",
            f"X-Original-From: {client.email}",
            f"Reply-To: {client.email}",
        ),
        "sender": (f"From: {STRANGER}", f"Sender: {client.email}"),
        "display name": (f'From: "{client.email}" <{STRANGER}>',),
        "bare display name": (f"From: {client.email} <{STRANGER}>",),
        "comment": (f"From: {STRANGER} ({client.email})",),
        "encoded display name": (f"From: =?utf-8?b?{encoded}?= <{STRANGER}>",),
    }


CLAIMS = list(claims(frappe._dict(email="x@y.example")))


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_stranger_is_never_taken_for_the_client(mailbox, account, client, claim):
    message = raw(*claims(client)[claim], "Subject: No chats")
    communication, ticket = receive_one(mailbox, account, message)
    assert (ticket.raised_by, communication.sender) == (STRANGER, STRANGER)
    assert not ticket.beesender_admission
    assert (ticket.customer, ticket.beesender_terms) == (None, None)


UNIDENTIFIED = {
    "two addresses": ["From: {client}, stranger@evil.example"],
    "two addresses, the stranger first": ["From: stranger@evil.example, {client}"],
    "two fields": ["From: {client}", "From: stranger@evil.example"],
    "the same field twice": ["From: {client}", "From: {client}"],
    "no field": ["X-Original-From: {client}"],
    "nobody in it": ["From: nobody", "X-Original-From: {client}"],
    "encoded display name, raw": [
        "From: =?utf-8?b?<Mike <{client}>>?= <stranger@evil.example>",
        "X-Original-From: {client}",
    ],
    "group": ["From: Friends: {client};", "Reply-To: {client}"],
}


@pytest.mark.parametrize("head", UNIDENTIFIED.values(), ids=UNIDENTIFIED)
def test_a_mail_without_one_sender_is_held_or_kept(mailbox, account, client, head):
    lines = [line.format(client=client.email) for line in head]
    found = receive(mailbox, account, raw(*lines, "Subject: Whose"))
    if not found:
        assert logged("Mail kept", details="Whose")
        return
    ticket = frappe.get_doc("HD Ticket", found[0].reference_name)
    assert ticket.beesender_admission == "Held"
    assert ticket.beesender_admission_reason == "unverified_sender"
    assert ticket.customer == client.customer
    assert not ticket.beesender_terms
    # Whoever is named need not have written.
    assert not logged("Sender told", ticket=ticket.name)


def test_a_whole_address_that_is_encoded_is_nobody_s(mailbox, account, client):
    encoded = b64encode(client.email.encode()).decode()
    found = receive(
        mailbox, account, raw(f"From: =?utf-8?b?{encoded}?=", "Subject: Encoded")
    )
    admissions = [
        frappe.db.get_value("HD Ticket", each.reference_name, "beesender_admission")
        for each in found
    ]
    assert admissions == ["Held"] or (not found and logged("Mail kept"))


def test_a_client_with_another_address_for_answers_is_the_client(
    mailbox, account, client
):
    message = compose(client.email, Reply_To="Anna <anna.private@mail.example>")
    communication, ticket = receive_one(mailbox, account, message)
    assert ticket.beesender_admission == "Accepted"
    assert communication.sender == ticket.raised_by == client.email
    activities = frappe.get_all(
        "HD Ticket Activity", {"ticket": ticket.name}, pluck="action"
    )
    assert "wants answers sent to anna.private@mail.example" in activities


def test_a_stranger_s_words_never_stand_on_the_client_s_ticket(
    mailbox, account, client
):
    _communication, ticket = receive_one(mailbox, account, compose(client.email))
    message = compose(STRANGER, f"Re: No chats (#{ticket.name})", Reply_To=client.email)
    communication, own = receive_one(mailbox, account, message)
    assert own.name != ticket.name
    assert communication.sender == STRANGER


# Our own mailbox


OURS = "mail_test_pop@example.com"


@pytest.mark.parametrize("answers_to", [OURS, f'"Support" <{OURS}>', f"<{OURS}>"])
def test_mail_that_is_answered_to_our_mailbox_is_the_sender_s(
    mailbox, account, client, answers_to
):
    _communication, ticket = receive_one(
        mailbox, account, compose(client.email, Reply_To=answers_to)
    )
    assert ticket.raised_by == client.email
    assert ticket.beesender_admission == "Accepted"


def test_mail_of_a_group_is_held_for_whom_it_names(mailbox, account, client):
    message = compose(
        f'"Anna via Support" <{OURS}>',
        X_Original_From=f"Anna <{client.email}>",
        Reply_To=f'"Support" <{OURS}>',
    )
    _communication, ticket = receive_one(mailbox, account, message)
    assert ticket.raised_by == client.email
    assert ticket.beesender_admission_reason == "unverified_sender"


def test_mail_that_fails_though_it_was_nearly_dropped_is_kept(
    mailbox, account, client, monkeypatch
):
    def fail(*args, **kwargs):
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(
        "frappe.email.receive.InboundMail._build_communication_doc", fail
    )
    message = compose(client.email, "Group", Reply_To=f'"Support" <{OURS}>')
    assert receive(mailbox, account, message) == []
    (entry,) = logged("Mail kept", details="Group")
    assert "broken on purpose" in entry.reason


def test_mail_of_the_mailbox_itself_is_dropped_as_by_frappe(mailbox, account, client):
    assert receive(mailbox, account, compose(OURS, "Own")) == []
    assert not logged("Mail kept", details="Own")


# What the mail server says


@pytest.fixture
def trusting(client):
    settings = frappe.get_doc("Beesender Support Settings")
    settings.trusted_authentication_servers = f"other.example\n{SERVER.upper()}"
    settings.save()
    frappe.db.commit()
    return client


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ("{server}; dmarc=fail header.from=example.com", "unverified_sender"),
        (
            "{server}; spf=pass smtp.mailfrom=evil.example; dkim=none",
            "unverified_sender",
        ),
        ("{server}; none", "unverified_sender"),
        ("{server}; dmarc=pass header.from=example.com", None),
        ("{server}; spf=fail; dkim=pass header.d=example.com", None),
        ("mx.evil.example; dmarc=fail header.from=example.com", None),
        (None, None),
    ],
)
def test_a_trusted_server_vouches_for_a_sender(
    mailbox, account, trusting, field, reason
):
    text = field and field.format(server=SERVER)
    _communication, ticket = receive_one(
        mailbox, account, compose(trusting.email, Authentication_Results=text)
    )
    assert ticket.beesender_admission_reason == reason
    assert ticket.beesender_admission == ("Held" if reason else "Accepted")
    assert ticket.customer == trusting.customer


def test_without_the_setting_nobody_is_asked(mailbox, account, client):
    message = compose(client.email, Authentication_Results=f"{SERVER}; dmarc=fail")
    _communication, ticket = receive_one(mailbox, account, message)
    assert ticket.beesender_admission == "Accepted"


def test_another_customer_on_it_does_not_verify_a_sender(mailbox, account, trusting):
    message = compose(trusting.email, Authentication_Results=f"{SERVER}; dmarc=fail")
    _communication, ticket = receive_one(mailbox, account, message)
    other = make_customer()
    make_plan(other, [trusting.contact])
    ticket.customer = other
    ticket.save()
    assert ticket.beesender_admission == "Held"
    assert ticket.beesender_admission_reason == "unverified_sender"


# Look-alikes, and domains outside ASCII


@pytest.mark.parametrize(
    ("known", "look_alike"),
    [
        ("mike", "mi\u212ae"),
        ("moss", "mo\u017f\u017f"),
        ("misha", "m\u0131sha"),
        ("andre", "andr\u00e9"),
        ("strasse", "stra\u00dfe"),
        ("office", "o\ufb03ce"),
    ],
)
@pytest.mark.parametrize("is_encoded", [False, True])
def test_a_look_alike_is_not_the_contact_and_not_lost(
    mailbox, account, known, look_alike, is_encoded
):
    customer = make_customer()
    contact = make_contact(customer, f"{known}@lookalike.example")
    make_plan(customer, [contact])
    frappe.db.commit()
    address = f"{look_alike}@lookalike.example"
    if is_encoded:
        address = f"=?utf-8?b?{b64encode(address.encode()).decode()}?="
    before = frappe.db.count(LOG, {"event": "Mail kept"})
    found = receive(mailbox, account, raw(f"From: {address}", "Subject: Alike"))
    if not found:
        assert frappe.db.count(LOG, {"event": "Mail kept"}) == before + 1
        return
    ticket = frappe.get_doc("HD Ticket", found[0].reference_name)
    assert ticket.beesender_admission == "Held"
    is_unverified = ticket.beesender_admission_reason == "unverified_sender"
    assert is_unverified or ticket.contact != contact


@pytest.mark.parametrize(
    "sender",
    [
        "anna@xn--e1afmkfd.xn--p1ai",
        "anna@пример.рф",
        "Анна <Anna@Пример.РФ>",
        "encoded",
    ],
)
def test_a_domain_is_the_same_in_either_form(mailbox, account, sender):
    customer = make_customer()
    contact = make_contact(customer, "anna@xn--e1afmkfd.xn--p1ai")
    make_plan(customer, [contact])
    frappe.db.commit()
    if sender == "encoded":
        message = EmailMessage()
        message["From"] = "anna@пример.рф"
        sender = message.as_string().partition("From: ")[2].strip()
        assert sender.isascii()
    message = raw(f"From: {sender}", "Subject: Нет чатов")
    communication, ticket = receive_one(mailbox, account, message)
    assert ticket.beesender_admission == "Accepted"
    assert ticket.raised_by == communication.sender == "anna@xn--e1afmkfd.xn--p1ai"


def test_one_shared_address_holds_one_seat(mailbox, account, client):
    for name in ("Anna", "Boris"):
        _communication, ticket = receive_one(
            mailbox, account, compose(f"{name} <{client.email}>", f"From {name}")
        )
        assert ticket.beesender_admission == "Accepted"


# For which customer?


def test_a_seat_counts_without_a_membership(mailbox, account, client):
    customer = make_customer()
    make_plan(customer, [client.contact], tier="Premium")
    frappe.get_doc("Beesender Support Plan", client.plan.name).db_set("status", "Draft")
    members = frappe.get_doc("HD Customer", client.customer)
    for is_member in (True, False):
        if not is_member:
            members.contacts = []
            members.save()
        invalidate()
        frappe.db.commit()
        _communication, ticket = receive_one(
            mailbox, account, compose(client.email, f"Member: {is_member}")
        )
        assert (ticket.customer, ticket.beesender_tier) == (customer, "Premium")
        assert ticket.beesender_admission == "Accepted"


@pytest.mark.parametrize("known_by", ["domain", "colleagues"])
def test_a_stranger_from_a_client_s_domain_is_held(mailbox, account, known_by):
    customer = make_customer()
    domain = f"{frappe.generate_hash(length=8)}.example"
    if known_by == "domain":
        frappe.db.set_value("HD Customer", customer, "domain", f"https://www.{domain}/")
        make_plan(customer, [make_contact(customer)])
    else:
        make_plan(customer, [make_contact(customer, f"seated@{domain}")])
    frappe.db.commit()
    for subject in ("First", "Second"):
        _communication, ticket = receive_one(
            mailbox, account, compose(f"new@{domain}", subject)
        )
        assert ticket.beesender_admission == "Held"
        assert ticket.beesender_admission_reason == "unknown_sender"
        assert ticket.customer == customer
    assert len(logged("Sender told", contact=f"new@{domain}")) == 1


def test_a_stranger_from_a_public_provider_is_plain(mailbox, account):
    customer = make_customer()
    make_plan(customer, [make_contact(customer, "only.one@tutanota.com")])
    frappe.db.commit()
    _communication, ticket = receive_one(mailbox, account, compose("x@tutanota.com"))
    assert not ticket.beesender_admission


# In which language?


@pytest.mark.parametrize("of_user", [True, False])
def test_a_notice_is_in_the_language_of_its_reader(mailbox, account, client, of_user):
    email = f"{frappe.generate_hash(length=8)}@notice.example"
    make_contact(client.customer, email, user=of_user)
    if of_user:
        frappe.db.set_value("User", email, "language", "ru")
    else:
        frappe.db.set_single_value("System Settings", "language", "ru")
    frappe.db.commit()
    _communication, ticket = receive_one(mailbox, account, compose(email))
    assert ticket.beesender_admission == "Held"
    # By the address, which is new: a number may have been another ticket's before.
    (queued,) = frappe.get_all(
        "Email Queue Recipient", {"recipient": email}, pluck="parent"
    )
    told = frappe.db.get_value("Email Queue", queued, "message")
    parts = message_from_string(told).walk()
    (text,) = (
        part.get_payload(decode=True).decode()
        for part in parts
        if part.get_content_type() == "text/plain"
    )
    assert "зарегистрировали ваше обращение" in text
