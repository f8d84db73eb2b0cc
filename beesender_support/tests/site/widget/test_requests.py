"""Requests and messages of people who proved their address."""

import base64

import frappe
import pytest

from beesender_support.api import desk
from beesender_support.enforcement.chat import requests as registering
from beesender_support.enforcement.chat.caller import BadPayload
from beesender_support.enforcement.requests import access_details
from beesender_support.enforcement.safety import dead_letters
from beesender_support.enforcement.safety.rate_limit import TooManyRequests
from beesender_support.enforcement.widget import requests, visits
from beesender_support.enforcement.widget.requests import NotTaken, NotYours
from beesender_support.enforcement.widget.sessions import SessionOver
from beesender_support.tests.site.factories import (
    P1_DUE,
    answer,
    clock_at,
    make_client,
    make_contact,
    make_ticket,
)
from beesender_support.tests.site.statements import noted
from beesender_support.tests.site.widget.visitors import (
    PAGE,
    Visitor,
    count_afresh,
    make_widget,
)

DETAILS = "root / s3cr3t-Pa55"
FRIDAY_1730 = "2026-11-20T17:30:00.000001+03:00"


@pytest.fixture
def widget():
    return make_widget()


@pytest.fixture(autouse=True)
def _uncounted(monkeypatch):
    count_afresh(monkeypatch)


@pytest.fixture
def visitor(widget, client):
    return Visitor(widget).sign_in(client.email)


@pytest.fixture
def other(widget):
    """Of another client."""
    return Visitor(widget).sign_in(make_client().email)


def file(name="screen.png", content=b"not really a picture"):
    return {"file_name": name, "content_base64": base64.b64encode(content).decode()}


def messages_in(shown):
    return [
        "\n".join("".join(run[0] for run in runs) for runs in each["paragraphs"])
        for each in shown["messages"]
    ]


# What may be requested


def test_the_promise_is_shown_before_anything_is_sent(widget, client):
    with clock_at(FRIDAY_1730):
        visitor = Visitor(widget).sign_in(client.email)
        page = visitor.call("new_request", language="en")
    assert page["address"] == client.email
    assert (page["is_taken"], page["said"]) == (True, "")
    (incident,) = [each for each in page["categories"] if each["name"] == "Incident"]
    assert incident["affected"] or incident["priorities"][0]["due"]
    (p1,) = [each for each in incident["priorities"] if each["code"] == "P1"]
    assert p1["promise"] == "Basic answers P1 within 4 h of support time."
    assert page["questions"]["Incident"]
    assert page["opening"]["is_open"] is True


def test_who_has_no_seat_is_told_that_the_request_waits(widget, client):
    email = f"colleague.{client.email}"
    make_contact(client.customer, email)
    page = Visitor(widget).sign_in(email).call("new_request")
    assert page["is_taken"]
    assert page["said"].startswith("Your request will wait for a support agent.")
    assert all(
        each["promise"] == ""
        for category in page["categories"]
        for each in category["priorities"]
    )


def test_strangers_are_told_so_where_they_are_not_taken(client):
    widget = make_widget(takes_strangers=0)
    stranger = Visitor(widget).sign_in("nobody.knows@elsewhere.example")
    assert not stranger.call("new_request")["is_taken"]
    with pytest.raises(NotTaken):
        stranger.register()
    Visitor(widget).sign_in(client.email).register()


def test_where_a_category_asks_for_the_impact_the_answers_give_the_priority(
    widget, client
):
    doc = frappe.get_doc("Beesender Category", "Incident")
    doc.priority_from_impact = 1
    doc.save()
    visitor = Visitor(widget).sign_in(client.email)
    page = visitor.call("new_request")
    (incident,) = [each for each in page["categories"] if each["name"] == "Incident"]
    whole = incident["affected"][0]
    said = visitor.register(category="Incident", affected=whole["value"], priority="P4")
    if whole["asks_way_round"]:
        raise AssertionError("The first answer was expected to ask nothing further.")
    (priority,) = set(whole["priorities"].values())
    assert said["priority"] == priority
    with pytest.raises(BadPayload):
        visitor.register(
            external_id="two", category="Incident", affected="Nothing of the kind"
        )


# Registering


def test_a_request_is_registered_with_its_promise(widget, client):
    with clock_at(FRIDAY_1730):
        visitor = Visitor(widget).sign_in(client.email)
        said = visitor.register(category="Incident", priority="P1", language="ru")
    ticket = frappe.get_doc("HD Ticket", said["ticket"])
    assert said["created"]
    assert said["verdict"] == "accepted"
    assert "Обращение" in said["sentence"]
    assert ticket.beesender_channel == "widget"
    assert ticket.raised_by == client.email
    assert ticket.contact == client.contact
    assert ticket.customer == client.customer
    if ticket.beesender_priority == "P1":
        assert said["response_due"] == P1_DUE


def test_the_same_draft_is_one_request(visitor):
    first, second = visitor.register(), visitor.register(subject="Other")
    assert (first["created"], second["created"]) == (True, False)
    assert first["ticket"] == second["ticket"]


def test_a_subject_reads_as_typed(visitor):
    visitor.register(subject="The <console> & 1 < 2")
    (shown,) = visitor.call("last_requests")
    assert shown["subject"].replace("\u2060", "") == "The <console> & 1 < 2"


def test_anothers_key_reaches_nothing(visitor, other):
    mine, theirs = visitor.register(), other.register()
    assert theirs["created"]
    assert theirs["ticket"] != mine["ticket"]


@pytest.mark.parametrize(
    "claim",
    [
        {"contact_email": "ceo@example.com"},
        {"contact_phone": "+74951234567"},
        {"channel": "portal"},
        {"raised_by": "ceo@example.com"},
        {"customer": "Any"},
        {"doctype": "User"},
    ],
)
def test_who_asks_is_the_session_whatever_is_sent(visitor, claim):
    with pytest.raises(BadPayload):
        visitor.register(**claim)


@pytest.mark.parametrize(
    "sent",
    [
        {"subject": ""},
        {"subject": "x" * 141},
        {"subject": {"a": 1}},
        {"description": " "},
        {"description": "x" * 50_001},
        {"secret": "x" * 10_001},
        {"external_id": "x" * 201},
        {"category": "Nothing"},
        {"attachments": [file("virus.exe")]},
        {"attachments": [file("../../etc/passwd.txt")]},
        {"attachments": [file("page.html")]},
        {"attachments": [file(content=b"x" * (5 * 1024 * 1024 + 1))]},
        {"attachments": [file()] * 11},
    ],
)
def test_what_is_too_large_or_wrong_is_refused(visitor, sent):
    with pytest.raises(BadPayload):
        visitor.register(**sent)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "At most 140 characters"), ("ru", "Не больше символов: 140")],
)
def test_what_is_too_long_is_said_in_words(visitor, language, sentence):
    with pytest.raises(BadPayload, match=sentence):
        visitor.register(subject="x" * 141, language=language)


def test_nobody_registers_without_a_session(widget):
    with pytest.raises(SessionOver):
        Visitor(widget).register()


def test_one_person_cannot_flood_the_team(visitor):
    for number in range(requests.MOST_REQUESTS):
        visitor.register(external_id=f"draft-{number}")
    with pytest.raises(TooManyRequests):
        visitor.register(external_id="one-more")


def test_what_one_person_sends_in_a_day_is_limited(visitor, widget, monkeypatch):
    monkeypatch.setattr(requests, "MOST_BYTES_OF_CONTACT", 100)
    monkeypatch.setattr(requests, "MOST_BYTES_OF_STRANGER", 50)
    sent = {"description": "x", "attachments": [file(content=b"x" * 60)]}
    ticket = visitor.register(**sent)["ticket"]
    with pytest.raises(TooManyRequests, match="more than we can take here in one day"):
        visitor.register(**sent, external_id="two")
    with pytest.raises(TooManyRequests):
        visitor.call("append", ticket=ticket, message_id="1", text="x" * 60)
    # What was refused does not count, so there is room for words.
    visitor.call("append", ticket=ticket, message_id="1", text="x" * 30)
    stranger = Visitor(widget).sign_in("nobody.knows@elsewhere.example")
    with pytest.raises(TooManyRequests):
        stranger.register(**sent)


def test_strangers_do_not_use_up_what_contacts_may_send(visitor, widget, monkeypatch):
    monkeypatch.setattr(requests, "MOST_BYTES_OF_STRANGERS", 100)
    for number in range(2):
        stranger = Visitor(widget).sign_in(f"nobody.{number}@elsewhere.example")
        stranger.register(description="x" * 45)
    with pytest.raises(TooManyRequests):
        stranger.register(description="x" * 45, external_id="two")
    visitor.register(description="x" * 45)


def test_access_details_are_encrypted_and_nowhere_else(visitor):
    ticket = visitor.register(secret=DETAILS)["ticket"]
    doc = frappe.get_doc("HD Ticket", ticket)
    assert access_details.overview(doc)["is_on_file"]
    assert access_details.read(doc)["secret"] == DETAILS
    assert "s3cr3t" not in frappe.as_json(doc)
    assert "s3cr3t" not in frappe.as_json(visitor.call("request", ticket=ticket))


def broken(*_args, **_values):
    raise ValueError("broken on purpose")


def kept_of(client):
    return frappe.get_last_doc(
        "Beesender Admission Log", {"event": "Fault", "contact": client.email}
    )


def keep_one(visitor, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(registering, "register_once", broken)
        assert not visitor.register(secret=DETAILS)["created"]


def test_access_details_of_a_request_that_was_kept_come_with_its_ticket(
    visitor, client, monkeypatch
):
    keep_one(visitor, monkeypatch)
    kept = kept_of(client)
    assert dead_letters.ACCESS in kept.raw_content
    assert "s3cr3t" not in frappe.as_json(kept)
    made = desk.make_ticket_of_kept(kept.name)
    doc = frappe.get_doc("HD Ticket", made["ticket"])
    assert access_details.read(doc)["secret"] == DETAILS
    # They are in one place, where they end with the ticket.
    assert dead_letters.ACCESS not in kept_of(client).raw_content
    assert "Nothing appears." in kept_of(client).raw_content


def test_access_details_of_what_is_dismissed_are_gone(visitor, client, monkeypatch):
    keep_one(visitor, monkeypatch)
    desk.dismiss_kept(kept_of(client).name, "They called again")
    assert dead_letters.ACCESS not in kept_of(client).raw_content


def test_access_details_of_the_next_attempt_are_those_on_file(
    visitor, client, monkeypatch
):
    keep_one(visitor, monkeypatch)
    ticket = visitor.register(secret="another one")["ticket"]  # noqa: S106
    doc = frappe.get_doc("HD Ticket", ticket)
    assert access_details.read(doc)["secret"] == "another one"  # noqa: S105
    assert not kept_of(client).raw_content


def test_a_message_that_was_kept_says_to_which_request(visitor, client, monkeypatch):
    ticket = visitor.register()["ticket"]
    monkeypatch.setattr(requests, "_append_once", broken)
    visitor.call("append", ticket=ticket, message_id="1", text="It is <b>back</b>")
    kept = kept_of(client)
    assert (kept.ticket, kept.channel) == (str(ticket), "widget")
    said = desk.kept_overview(kept.name)["obstacle"]
    assert said.startswith(f"It is a message to ticket {ticket}: “It is <b>back</b>”")


def test_what_was_kept_of_an_erased_contact_is_emptied(visitor, client, monkeypatch):
    from beesender_support.enforcement.erasure.erasure import erase

    ticket = visitor.register()["ticket"]
    keep = {"external_id": "two", "secret": DETAILS}
    with monkeypatch.context() as patch:
        patch.setattr(registering, "register_once", broken)
        visitor.register(**keep)
    monkeypatch.setattr(requests, "_append_once", broken)
    visitor.call("append", ticket=ticket, message_id="1", text="It is back")
    rows = frappe.get_all(
        "Beesender Admission Log", {"event": "Fault", "contact": client.email}
    )
    erase(client.contact, "They asked for it")
    assert len(rows) == 2
    for row in rows:
        doc = frappe.get_doc("Beesender Admission Log", row.name)
        assert (doc.raw_content, doc.queue_state) == (None, "Dismissed")


def test_a_stranger_is_treated_as_by_mail(widget):
    stranger = Visitor(widget).sign_in("nobody.knows@elsewhere.example")
    said = stranger.register()
    assert frappe.db.get_value("HD Ticket", said["ticket"], "raised_by") == (
        "nobody.knows@elsewhere.example"
    )
    # The request made a contact of them; their session holds.
    assert len(stranger.call("last_requests")) == 1


# Afterwards


def test_an_agents_answer_is_shown_and_the_person_goes_on(visitor, client):
    ticket = visitor.register(attachments=[file()])["ticket"]
    answer(frappe.get_doc("HD Ticket", ticket), to=client.email)
    # Stored past Frappe, which drops a script or writes it as text, by its version.
    frappe.db.set_value(
        "Communication",
        {"reference_name": ticket, "sent_or_received": "Sent"},
        "content",
        '<p>Restart <b>it</b>: <a href="https://example.com/how">how</a></p>'
        '<script>alert(1)</script><img src="/private/files/x.png">',
    )
    shown = visitor.call("request", ticket=ticket)
    assert messages_in(shown)[-1] == "Restart it: how"
    assert shown["answered"] == shown["messages"][-1]["at"]
    (listed,) = visitor.call("last_requests")
    assert listed["answered"] == shown["answered"]
    assert shown["messages"][-1]["paragraphs"] == [
        [("Restart it: ", None), ("how", "https://example.com/how")]
    ]
    assert shown["messages"][-1]["author"]
    assert [each["name"] for each in shown["messages"][0]["files"]]
    first = visitor.call(
        "append", ticket=ticket, message_id="m1", text="It works <now>"
    )
    again = visitor.call("append", ticket=ticket, message_id="m1", text="Twice")
    assert (first["created"], again["created"]) == (True, False)
    shown = visitor.call("request", ticket=ticket)
    assert messages_in(shown)[-1] == "It works <now>"
    assert shown["messages"][-1]["author"] == ""
    sender = frappe.db.get_value(
        "Communication",
        {"reference_name": ticket, "content": ("like", "%It works%")},
        ["sender", "sent_or_received"],
    )
    assert sender == (client.email, "Received")


def test_a_file_is_given_to_whom_its_message_is_shown(visitor, other):
    ticket = visitor.register(attachments=[file(content=b"bytes of it")])["ticket"]
    shown = visitor.call("request", ticket=ticket)
    (given,) = shown["messages"][0]["files"]
    visitor.call("attachment", ticket=ticket, file=given["file"])
    assert frappe.response["filecontent"] == b"bytes of it"
    frappe.response.pop("filecontent")
    with pytest.raises(NotYours):
        other.call("attachment", ticket=ticket, file=given["file"])
    foreign = frappe.get_doc(
        {"doctype": "File", "file_name": "own.txt", "content": "x", "is_private": 1}
    ).insert()
    with pytest.raises(NotYours):
        visitor.call("attachment", ticket=ticket, file=foreign.name)
    theirs = other.register()["ticket"]
    with pytest.raises(NotYours):
        other.call("attachment", ticket=theirs, file=given["file"])
    assert "filecontent" not in frappe.response


def test_nobody_reaches_anothers_request(visitor, other):
    ticket = visitor.register()["ticket"]
    refusals = set()
    for name in (ticket, "999999999", "nothing"):
        for endpoint, sent in (
            ("request", {}),
            ("append", {"message_id": "1", "text": "Hello"}),
            ("attachment", {"file": "x"}),
        ):
            with pytest.raises(NotYours) as refusal:
                other.call(endpoint, ticket=name, **sent)
            refusals.add(str(refusal.value))
    assert len(refusals) == 1
    assert other.call("last_requests") == []


def test_a_colleagues_request_is_not_theirs(visitor, widget, client):
    email = f"colleague.{client.email}"
    make_contact(client.customer, email)
    ticket = visitor.register()["ticket"]
    colleague = Visitor(widget).sign_in(email)
    with pytest.raises(NotYours):
        colleague.call("request", ticket=ticket)


def test_requests_raised_otherwise_are_theirs_too(visitor, client):
    ticket = make_ticket(client, subject="From the portal")
    (shown,) = visitor.call("last_requests")
    assert (shown["ticket"], shown["subject"]) == (ticket.name, "From the portal")


def test_comments_and_mail_of_others_are_not_shown(visitor, client):
    ticket = visitor.register()["ticket"]
    doc = frappe.get_doc("HD Ticket", ticket)
    frappe.get_doc(
        {
            "doctype": "HD Ticket Comment",
            "reference_ticket": ticket,
            "content": "INTERNAL",
            "commented_by": "Administrator",
        }
    ).insert()
    doc.add_comment("Comment", "INTERNAL")
    mail = {
        "doctype": "Communication",
        "communication_type": "Communication",
        "communication_medium": "Email",
        "reference_doctype": "HD Ticket",
        "reference_name": ticket,
        "subject": "Re",
    }
    for overrides in (
        {"sent_or_received": "Sent", "recipients": "boss@vendor.example"},
        {
            "sent_or_received": "Sent",
            "recipients": "boss@vendor.example",
            "bcc": client.email,
        },
        {"sent_or_received": "Received", "sender": "partner@elsewhere.example"},
        {
            "sent_or_received": "Sent",
            "recipients": client.email,
            "communication_type": "Automated Message",
        },
    ):
        frappe.get_doc({**mail, "content": "INTERNAL", **overrides}).insert()
    assert visitor.call("last_requests")[0]["answered"] is None
    frappe.get_doc(
        {
            **mail,
            "content": "FOR YOU",
            "sent_or_received": "Sent",
            "sender": "agent@vendor.example",
            "recipients": f'"Anna" <{client.email.upper()}>, x@elsewhere.example',
        }
    ).insert()
    shown = visitor.call("request", ticket=ticket)
    (listed,) = visitor.call("last_requests")
    assert listed["answered"] == shown["answered"] == shown["messages"][-1]["at"]
    text = "\n".join(messages_in(shown))
    assert "INTERNAL" not in text
    assert "FOR YOU" in text


def test_a_list_of_requests_costs_the_same_however_long_it_is(visitor, client):
    status = {"label_agent": "With a partner", "category": "Paused"}
    shown = {"different_view": 1, "label_customer": "We are on it", "color": "Blue"}
    frappe.get_doc({"doctype": "HD Ticket Status", **status, **shown}).insert()
    costs = []
    for name in ("first", "second", "third"):
        ticket = visitor.register(external_id=name)["ticket"]
        frappe.db.set_value("HD Ticket", ticket, "status", "With a partner")
        with noted() as statements:
            listed = visitor.call("last_requests")
        costs.append(len(statements))
        assert {each["status"] for each in listed} == {"We are on it"}
    assert len(listed) == 3
    assert costs[0] == costs[-1]


def test_reading_writes_nothing(visitor):
    ticket = visitor.register()["ticket"]
    before = frappe.db.get_value("HD Ticket", ticket, ["modified", "_seen"])
    with noted() as statements:
        visitor.call("page")
        visitor.call("new_request")
        visitor.call("last_requests")
        visitor.call("request", ticket=ticket)
    assert frappe.db.get_value("HD Ticket", ticket, ["modified", "_seen"]) == before
    writes = ("insert", "update", "delete", "replace")
    assert not [
        each for each in statements if str(each).strip().lower().startswith(writes)
    ]


def test_an_erased_contact_leaves_no_session(visitor, client):
    from beesender_support.enforcement.erasure.erasure import erase

    visitor.register()
    erase(client.contact, "They asked for it")
    assert not frappe.db.exists("Beesender Widget Session", {"address": client.email})
    with pytest.raises(SessionOver):
        visitor.call("last_requests")


def test_the_page_is_not_told_from_the_payload(widget, client):
    visitor = Visitor(widget, origin="https://evil.example")
    with pytest.raises(visits.NotHere):
        visitor.call("page", origin=PAGE)
