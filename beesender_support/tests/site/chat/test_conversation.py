"""A conversation by ``converse``, from the first message to the request and after it."""

import base64
from unittest.mock import patch

import frappe
import pytest
from pydantic import TypeAdapter

from beesender_support.api import intake
from beesender_support.enforcement.chat import requests
from beesender_support.enforcement.chat.caller import BadPayload
from beesender_support.enforcement.conversation import expiry
from beesender_support.enforcement.conversation import kept as store
from beesender_support.enforcement.conversation import turns
from beesender_support.enforcement.conversation.kept import CONVERSATION, FILE
from beesender_support.enforcement.conversation.replies import TurnAnswer
from beesender_support.enforcement.erasure import erasure
from beesender_support.enforcement.kept import queue
from beesender_support.enforcement.requests import access_details
from beesender_support.tests.site.factories import (
    P1_DUE,
    answer,
    clock_at,
    make_agent,
    make_agent_manager,
    make_channel_user,
    make_contact,
    session_of,
)

# Like mail, chats cannot be taken at a whole second: Helpdesk compares stamps as texts.
FRIDAY_1730 = "2026-11-20T17:30:00.000001+03:00"
DETAILS = "ssh root@10.0.0.7, password Tulip-Garden-88"
TO_CONFIRM = ("Incident", "P1", "No chats", "Nothing appears")


class Chat:
    """A program's user who talks; each message has an id of its own."""

    def __init__(self, bot, email=None, **first):
        self.bot, self.number = bot, 0
        self.sender = {"contact_email": email, "channel": "chatbot", **first}
        self.said = None

    def send(self, text="", **payload):
        self.number += 1
        given = {
            "external_id": "user-1",
            "message_id": str(self.number),
            "answer": text,
            **(self.sender if self.number == 1 else {}),
            **payload,
        }
        with session_of(self.bot):
            frappe.local.form_dict = frappe._dict(
                {name: value for name, value in given.items() if value is not None}
            )
            said = intake.converse()
        TypeAdapter(TurnAnswer).validate_python(said)
        self.said = said
        return said

    def say(self, *texts):
        for text in texts:
            self.send(text)
        return self.said

    def to_the_end(self, *first):
        """Everything is answered; what may be left is left."""
        self.say("", *first)
        while self.said["step"] != "confirm":
            may_be_left = any(each["code"] == "go_on" for each in self.said["commands"])
            self.send("go_on" if may_be_left else "Nothing appears")
        return self.said


@pytest.fixture
def chat(client):
    return Chat(make_channel_user(), client.email)


def file(name="log.txt", content=b"a line"):
    encoded = base64.b64encode(content).decode()
    return {"file_name": name, "content_base64": encoded}


def row():
    return frappe.get_last_doc(CONVERSATION)


def contents(ticket):
    of_ticket = {"reference_doctype": "HD Ticket", "reference_name": ticket}
    return frappe.get_all(
        "Communication", of_ticket, pluck="content", order_by="creation"
    )


def faults():
    return {fault["field"]: fault["rule"] for fault in frappe.local.response.errors}


# To the end


def test_a_conversation_becomes_a_request_with_its_promise(client, chat):
    with clock_at(FRIDAY_1730):
        said = chat.to_the_end("Incident", "P1", "No chats")
        assert said["promise"]["sentence"] == (
            "If you send it now, support answers by Mon 2026-11-23 12:30 (GMT+3)."
        )
        assert said["promise"]["response_due"] == P1_DUE
        assert (said["promise"]["verdict"], said["done"]) == ("accepted", False)
        said = chat.send("Send")
    assert said["done"]
    assert said["request"]["response_due"] == P1_DUE
    ticket = frappe.get_doc("HD Ticket", said["request"]["ticket"])
    assert said["sentence"].startswith(
        f"Request {ticket.name} is registered. Support answers by 2026-11-23 12:30 (GMT+3)."
    )
    assert (ticket.contact, ticket.customer) == (client.contact, client.customer)
    assert (ticket.beesender_channel, ticket.beesender_priority) == ("chatbot", "P1")
    assert ticket.subject == "No chats"
    assert "Nothing appears" in contents(ticket.name)[0]


def test_what_is_said_first_is_kept_and_the_first_question_asked(chat):
    said = chat.send("Help!")
    assert (said["step"], said["kind"], said["validation"]) == (
        "category",
        "choice",
        None,
    )
    assert {"Incident", "Consultation"} <= {each["code"] for each in said["choices"]}
    assert all(each["meaning"] for each in said["choices"])
    chat.say("Incident", "P1", "No chats")
    chat.to_the_end()
    ticket = chat.send("send")["request"]["ticket"]
    assert contents(ticket)[0].startswith("<p>Help!</p>")


def test_all_of_it_is_there_as_plain_text(chat):
    said = chat.say("", "Consultation")
    assert said["text"].startswith("How urgent is it?\n\n1. P3 \N{EM DASH} ")
    assert said["text"].endswith("You may also say: Go on, Back, Start over, Cancel")
    assert chat.send("nonsense")["text"].startswith(
        "Please choose one of these: P3, P4."
    )
    text = chat.to_the_end()["text"]
    assert "Category: Consultation" in text
    assert "1. Send\n2. Change an answer" in text


def test_a_person_is_spoken_to_in_their_language_and_may_change_it(chat):
    said = chat.send("", language="ru")
    assert said["sentence"] == "Что у вас за обращение?"
    assert chat.send("консультация")["step"] == "priority"
    assert chat.send("Назад", language="en")["sentence"] == "What is it about?"
    assert chat.send("Инцидент")["sentence"] == "How urgent is it?"
    assert row().language == "en"


def test_files_and_access_details_go_with_the_request(chat):
    chat.say("", "Incident")
    chat.send("P1", attachments=[file("a.txt")])
    chat.send("No chats")
    while chat.said["step"] != "files":
        chat.send("Nothing appears")
    said = chat.send("", attachments=[file("b.txt", b"another")])
    assert said["files"] == ["a.txt", "b.txt"]
    assert chat.send("go_on")["step"] == "access"
    said = chat.send(DETAILS)
    assert said["summary"][-1]["value"] == "given"
    assert is_nowhere("Tulip-Garden")
    ticket = chat.send("send")["request"]["ticket"]
    attached = {"attached_to_doctype": "HD Ticket", "attached_to_name": ticket}
    assert sorted(frappe.get_all("File", attached, pluck="file_name")) == [
        "a.txt",
        "b.txt",
    ]
    assert frappe.db.count(FILE, {"conversation": row().name}) == 0
    assert row().sealed is None
    with session_of(make_agent()):
        doc = frappe.get_doc("HD Ticket", ticket)
        assert access_details.read(doc)["secret"] == DETAILS


def is_nowhere(text):
    """Neither in the conversation nor in what Frappe logs."""
    stored = frappe.as_json(row().as_dict()) + str(frappe.local.form_dict)
    logs = frappe.get_all("Error Log", {"error": ("like", f"%{text}%")})
    return text not in stored and not logs


def test_a_site_that_cannot_encrypt_says_so_and_asks_again(chat):
    chat.to_the_end("Incident", "P1", "No chats")
    chat.say("change", "access")
    with patch.object(access_details, "encrypt", side_effect=RuntimeError):
        said = chat.send(DETAILS)
    assert (said["validation"]["rule"], said["step"]) == ("not_kept", "access")
    assert chat.send("go_on")["step"] == "confirm"


@pytest.mark.parametrize("fault", ["save", "remove_other_files"])
def test_a_fault_logs_no_access_details(chat, fault):
    """Frappe logs the variables of what failed, and what it was given."""
    chat.to_the_end("Incident", "P1", "No chats")
    chat.say("change", "access")
    with patch.object(store, fault, side_effect=RuntimeError("disk full")):
        try:
            chat.send(DETAILS)
        except RuntimeError:
            logged = frappe.get_traceback(with_context=True)
    of_the_app = logged[logged.index("api/intake.py") :]
    assert "disk full" in of_the_app
    assert "external_id=" in of_the_app
    assert "Tulip" not in of_the_app + str(frappe.local.form_dict)


def test_removed_files_and_details_are_gone(chat):
    chat.send("", attachments=[file()])
    chat.to_the_end("Incident", "P1", "No chats")
    chat.say("change", "access", DETAILS)
    assert row().sealed
    chat.say("change", "access", "remove", "change", "files", "remove")
    assert (row().sealed, frappe.db.count(FILE, {"conversation": row().name})) == (
        None,
        0,
    )


# Who asks


def test_a_request_that_would_wait_says_so_before_and_after(client):
    email = f"no-seat.{client.email}"
    make_contact(client.customer, email)
    chat = Chat(make_channel_user(), email)
    promise = chat.to_the_end("Incident", "P1", "No chats")["promise"]
    assert (promise["verdict"], promise["reason"]) == ("held", "contact_not_authorized")
    assert "waits for a support agent" in promise["sentence"]
    said = chat.send("send")
    assert said["request"]["verdict"] == "held"
    assert "waits for a support agent" in said["sentence"]


def test_a_plan_that_ends_between_the_preview_and_sending_is_told_of(client, chat):
    assert chat.to_the_end("Incident", "P1", "No")["promise"]["verdict"] == "accepted"
    client.plan.reload()
    client.plan.status = "Suspended"
    client.plan.save()
    said = chat.send("send")
    assert (said["request"]["verdict"], said["request"]["reason"]) == (
        "held",
        "plan_suspended",
    )


def test_a_phone_alone_identifies_who_asks(client):
    contact = frappe.get_doc("Contact", client.contact)
    contact.append("phone_nos", {"phone": "+7 495 765-43-21", "is_primary_phone": 1})
    contact.save()
    chat = Chat(make_channel_user(), None, contact_phone="+74957654321")
    promise = chat.to_the_end("Incident", "P1", "No chats")["promise"]
    assert promise["verdict"] == "accepted"
    ticket = chat.send("send")["request"]["ticket"]
    assert frappe.db.get_value("HD Ticket", ticket, "contact") == client.contact


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"contact_email": "other@example.com"}, "contact_email"),
        ({"contact_phone": "+74950000000"}, "contact_phone"),
        ({"channel": "widget"}, "channel"),
    ],
)
def test_another_sender_does_not_go_on_with_a_conversation(chat, given, field):
    chat.send()
    with pytest.raises(BadPayload):
        chat.send("Incident", **given)
    assert faults() == {field: "another_sender"}


def test_the_same_sender_may_be_said_again(client, chat):
    chat.send()
    said = chat.send("Incident", contact_email=client.email.upper(), channel="chatbot")
    assert said["step"] == "priority"


@pytest.mark.parametrize(
    ("first", "field"),
    [
        ({"channel": None}, "channel"),
        ({"channel": "portal"}, "channel"),
        ({"contact_email": None}, "contact_phone"),
        ({"contact_email": "a, b"}, "contact_email"),
        ({"external_id": "x" * 191}, "external_id"),
        ({"language": "de"}, "language"),
        ({"state": "{}"}, "state"),
        ({"answer": ["1"]}, "answer"),
        ({"answer": "x" * 200_001}, "answer"),
        ({"message_id": None}, "message_id"),
    ],
)
def test_what_no_conversation_can_begin_with_is_refused(chat, first, field):
    before = frappe.db.count(CONVERSATION)
    with pytest.raises(BadPayload):
        chat.send(**first)
    assert field in faults()
    assert frappe.db.count(CONVERSATION) == before


def test_another_program_leads_a_conversation_of_its_own(client, chat):
    chat.say("", "Incident")
    other = Chat(make_channel_user(), client.email)
    assert other.send()["step"] == "category"
    assert chat.send("P1")["step"] == "subject"


def test_no_role_reads_or_writes_a_conversation(chat):
    chat.send()
    name = row().name
    for user in (chat.bot, make_agent_manager()):
        with session_of(user):
            for action in ("read", "write", "create", "delete"):
                assert not frappe.has_permission(CONVERSATION, action, doc=name)
            assert not frappe.has_permission(FILE, "read")
    assert "user-1" not in frappe.as_json(row().as_dict())


# Twice, in another order, at another time


def test_the_same_message_again_gets_the_same_answer_and_is_no_second_step(chat):
    chat.send()
    first = chat.send("Incident")
    assert chat.send("Incident", message_id="2") == first
    assert chat.send("P1")["step"] == "subject"
    # An older one that comes late changes nothing either.
    assert chat.send("Incident", message_id="2") == first
    assert chat.send("No chats")["step"].startswith("description")


def test_sending_twice_is_one_request(chat):
    chat.to_the_end("Incident", "P1", "No chats")
    first = chat.send("send", message_id="final")
    again = chat.send("send", message_id="final")
    assert again == first
    assert frappe.db.count("HD Ticket", {"subject": "No chats"}) == 1
    assert len(contents(first["request"]["ticket"])) == 1


def test_a_message_of_long_ago_is_not_taken_again(chat):
    chat.send()
    chat.send("Incident")
    for _again in range(25):
        chat.say("back", "go_on")
    assert chat.send("cancel", message_id="2")["step"] == "priority"


def keys_of(chat, *numbers):
    with session_of(chat.bot):
        return [requests.key_of("", "user-1", str(each))[:32] for each in numbers]


def test_the_last_messages_are_those_of_which_the_answers_are_kept(chat):
    chat.send()
    chat.send("Incident")
    for _again in range(25):
        chat.say("back", "go_on")
    heard = frappe.parse_json(row().heard)
    assert list(heard) == keys_of(chat, *range(1, chat.number + 1))
    last = range(chat.number - store.ANSWERS_KEPT + 1, chat.number + 1)
    assert [key for key in heard if heard[key]] == keys_of(chat, *last)


def test_a_turn_notices_another_also_where_no_more_messages_are_kept(chat, monkeypatch):
    monkeypatch.setattr(store, "MESSAGES_KEPT", 2)
    chat.say("", "Incident", "P1")
    held = store.locked(row().name)
    turns._still_hold(held)
    chat.send("No chats")
    assert len(store.locked(row().name).heard) == len(held.heard) == 2
    with pytest.raises(turns._NotThereYet):
        turns._still_hold(held)


def test_a_choice_that_is_gone_is_asked_for_again(client, chat):
    chat.say("", "Consultation", "P3", "How?")
    frappe.rename_doc("HD Ticket Type", "Consultation", "Advice")
    said = chat.send("I would like to know")
    assert said["step"] == "category"
    assert "Consultation is not offered any more" in said["sentence"]
    assert chat.send("advice")["step"] != "category"


# Faults


def test_what_cannot_be_registered_is_kept_whole_and_said_honestly(chat):
    chat.to_the_end("Incident", "P1", "No chats")
    chat.say("change", "access", DETAILS)
    with patch.object(requests, "add_message", side_effect=RuntimeError("disk full")):
        said = chat.send("send")
        assert said["sentence"].startswith(
            "We have your request. A support agent registers it by hand."
        )
        assert (said["done"], said["request"]["ticket"]) == (True, None)
        assert said["request"]["reason"] == "fault"
        said = chat.send("Are you there?")
        assert "A support agent adds it by hand." in said["sentence"]
    assert row().sealed
    said = chat.send("One more thing")
    ticket = said["request"]["ticket"]
    assert said["sentence"].startswith(f"Your message is added to request {ticket}.")
    assert [each for each in contents(ticket) if "One more thing" in each]
    with session_of(make_agent()):
        doc = frappe.get_doc("HD Ticket", ticket)
        assert access_details.read(doc)["secret"] == DETAILS


def test_a_kept_request_that_an_agent_registers_has_the_access_details(chat):
    chat.to_the_end("Incident", "P1", "No chats")
    chat.say("change", "access", DETAILS)
    with patch.object(requests, "add_message", side_effect=RuntimeError("disk full")):
        chat.send("send")
    kept = frappe.get_all(
        "Beesender Admission Log",
        {"event": "Fault", "queue_state": "Open"},
        pluck="name",
    )[0]
    with session_of(make_agent_manager()):
        queue.make_ticket(kept)
    said = chat.send("status")
    with session_of(make_agent()):
        doc = frappe.get_doc("HD Ticket", said["request"]["ticket"])
        assert access_details.read(doc)["secret"] == DETAILS


def test_a_promise_that_nobody_can_foresee_costs_no_request(chat):
    with patch(
        "beesender_support.enforcement.conversation.offered.triage",
        side_effect=RuntimeError,
    ):
        said = chat.to_the_end("Incident", "P1", "No chats")
        assert (said["step"], said["promise"]) == ("confirm", None)
    assert chat.send("send")["request"]["ticket"]


# Once it was sent


def test_what_is_written_afterwards_is_added_once(chat):
    chat.to_the_end("Incident", "P1", "No chats")
    ticket = chat.send("send")["request"]["ticket"]
    said = chat.send("In Firefox, too", attachments=[file("c.txt")])
    assert said["sentence"].startswith(f"Your message is added to request {ticket}.")
    again = chat.send("In Firefox, too", message_id=str(chat.number))
    assert again == said
    assert contents(ticket)[1:] == ["<p>In Firefox, too</p>"]
    chat.send("", attachments=[file("d.txt")])
    assert contents(ticket)[-1] == "<p>Files: d.txt</p>"


def test_a_person_hears_that_support_has_answered(chat):
    with clock_at(FRIDAY_1730):
        chat.to_the_end("Incident", "P1", "No chats")
        ticket = chat.send("send")["request"]["ticket"]
    answer(frappe.get_doc("HD Ticket", ticket))
    said = chat.send("Status of the request")
    assert said["request"]["first_responded_at"]
    assert said["sentence"].startswith(f"Support has answered request {ticket}.")
    with session_of(chat.bot):
        frappe.local.form_dict = frappe._dict(external_id=said["request_id"])
        assert intake.status() == said["request"]


def test_a_new_request_has_an_id_of_its_own(chat):
    chat.to_the_end("Incident", "P1", "No chats")
    first = chat.send("send")
    said = chat.send("new", attachments=[file()])
    assert (said["step"], said["done"], said["files"]) == (
        "category",
        False,
        ["log.txt"],
    )
    chat.say("Consultation", "P3", "How?")
    chat.to_the_end()
    second = chat.send("send")
    assert (first["request_id"], second["request_id"]) == ("user-1", "user-1#2")
    assert first["request"]["ticket"] != second["request"]["ticket"]


def test_a_ticket_that_an_agent_deleted_is_not_written_to(chat):
    chat.to_the_end("Incident", "P1", "No chats")
    ticket = chat.send("send")["request"]["ticket"]
    frappe.delete_doc("HD Ticket", ticket, force=True)
    said = chat.send("Still broken")
    assert said["step"] == "category"
    assert said["sentence"].startswith("Your earlier request is not there any more")
    assert row().state.count("Still broken") == 1


# Their end


def test_quiet_conversations_are_deleted_and_those_of_open_requests_kept(client, chat):
    chat.send("", attachments=[file()])
    other = Chat(make_channel_user(), client.email)
    other.to_the_end("Incident", "P1", "No chats")
    ticket = other.send("send")["request"]["ticket"]
    long_ago = "2020-01-01 00:00:00"
    frappe.db.set_value(
        CONVERSATION, {"user": ("like", "bot-%")}, "expires_at", long_ago
    )
    with patch.object(frappe.db, "commit"):
        expiry.delete_quiet()
        assert not frappe.db.exists(CONVERSATION, {"user": chat.bot})
        assert frappe.db.count(FILE) == 0
        assert frappe.db.exists(CONVERSATION, {"user": other.bot})
        frappe.db.set_value("HD Ticket", ticket, "status_category", "Resolved")
        frappe.db.set_value(CONVERSATION, {"user": other.bot}, "expires_at", long_ago)
        expiry.delete_quiet()
    assert not frappe.db.exists(CONVERSATION, {"user": other.bot})
    # The next message begins another request, and the first keeps its id.
    assert other.send(**other.sender)["step"] == "category"
    assert row().request_number == 2


def test_a_conversation_that_goes_on_meanwhile_is_not_deleted(chat):
    chat.send("", attachments=[file()])
    seen = [frappe._dict(name=row().name, ticket=None)]
    with (
        patch.object(frappe.db, "commit"),
        patch.object(expiry, "_quiet", side_effect=[seen, []]),
    ):
        expiry.delete_quiet()
    assert chat.send("Incident")["files"] == ["log.txt"]


def test_erasing_a_contact_erases_their_conversations(client, chat):
    chat.send("I am Anastasia", attachments=[file()])
    with session_of(make_agent_manager()):
        touched = {each["doctype"] for each in erasure.preview(client.contact)}
        erasure.erase(client.contact, "Asked by letter")
    assert CONVERSATION in touched
    assert not frappe.db.exists(CONVERSATION, {"user": chat.bot})
    assert frappe.db.count(FILE) == 0
