"""The chatbot's and site widget's door: who may use it, what it takes and answers."""

import base64
from unittest.mock import patch

import frappe
import pytest
from bs4 import BeautifulSoup
from helpdesk.helpdesk.doctype.hd_ticket.api import split_ticket
from pydantic import TypeAdapter

from beesender_support.api import intake
from beesender_support.enforcement.chat import caller, replies, requests
from beesender_support.enforcement.chat.caller import BadPayload, UnknownRequest
from beesender_support.enforcement.chat.payloads import BYTES_PER_FILE
from beesender_support.enforcement.safety import rate_limit
from beesender_support.enforcement.safety.rate_limit import TooManyRequests
from beesender_support.tests.site.factories import (
    P1_DUE,
    clock_at,
    make_agent,
    make_channel_user,
    make_client,
    make_contact,
    make_customer,
    make_plan,
    make_portal_user,
    make_ticket,
    session_of,
    site_time,
)
from beesender_support.wording.description import UNSEEN

# Like mail, chats cannot be taken at a whole second: Helpdesk compares stamps as texts.
FRIDAY_1730 = "2026-11-20T17:30:00.000001+03:00"


@pytest.fixture
def bot():
    return make_channel_user()


ANSWERS = {
    intake.register: TypeAdapter(requests.RegistrationAnswer),
    intake.append: TypeAdapter(requests.MessageAnswer),
    intake.status: TypeAdapter(replies.Standing),
}


def call(endpoint, user, **payload):
    """The answer, of which every part is as its schema says, and none is beside it."""
    with session_of(user):
        frappe.local.form_dict = frappe._dict(payload)
        answer = endpoint()
    assert ANSWERS[endpoint].validate_python(answer, strict=True) == answer
    return answer


def register(user, email=None, **overrides):
    payload = {
        "channel": "chatbot",
        "external_id": "chat-1",
        "contact_email": email,
        "subject": "No chats",
        "description": "Open the console.\n\nNothing appears.",
        **overrides,
    }
    given = {name: value for name, value in payload.items() if value is not None}
    return call(intake.register, user, **given)


def append(user, **overrides):
    payload = {"external_id": "chat-1", "message_id": "1", "text": "It is back"}
    return call(intake.append, user, **{**payload, **overrides})


def status(user, **overrides):
    return call(intake.status, user, **{"external_id": "chat-1", **overrides})


def messages_of(ticket):
    return frappe.get_all(
        "Communication",
        {"reference_doctype": "HD Ticket", "reference_name": ticket},
        [
            "name",
            "content",
            "sender",
            "sent_or_received",
            "communication_type",
            "communication_medium",
        ],
        order_by="creation, name",
    )


def file(name="screen.png", content=b"not really a picture"):
    return {
        "file_name": name,
        "content_base64": base64.b64encode(content).decode(),
    }


def faults():
    return {fault["field"]: fault["rule"] for fault in frappe.local.response.errors}


# What it answers


def test_a_request_of_an_authorized_contact_is_accepted_with_its_deadline(client, bot):
    with clock_at(FRIDAY_1730):
        answer = register(bot, client.email, category="Incident", priority="P1")
    ticket = frappe.get_doc("HD Ticket", answer["ticket"])
    assert answer["created"] is True
    assert (answer["verdict"], answer["reason"]) == ("accepted", None)
    assert answer["response_due"] == P1_DUE
    assert answer["priority"] == "P1"
    assert answer["priority_corrected_from"] is None
    assert "Basic answers P1 within 4" in answer["explanation"]
    assert answer["sentence"] == (
        f"Request {ticket.name} is registered. Support answers by 2026-11-23 12:30 (GMT+3)."
    )
    assert ticket.beesender_channel == "chatbot"
    assert (ticket.raised_by, ticket.contact) == (client.email, client.contact)
    assert ticket.customer == client.customer
    assert ticket.response_by == site_time(P1_DUE)


def test_the_answer_is_in_the_language_of_the_user(client, bot):
    answer = register(bot, client.email, language="ru")
    assert answer["sentence"].startswith(f"Обращение {answer['ticket']} зарегистри")
    assert frappe.local.lang == "en"
    question = status(bot, language="ru")
    assert question["sentence"] == answer["sentence"]


def test_a_request_without_a_seat_is_held_and_says_why(client, bot):
    email = "no-seat@example.com"
    make_contact(client.customer, email)
    answer = register(bot, email, channel="widget")
    assert (answer["verdict"], answer["reason"]) == ("held", "contact_not_authorized")
    assert "waits for a support agent" in answer["sentence"]
    assert "is not an authorized contact of" in answer["sentence"]
    assert (answer["response_due"], answer["explanation"]) == (None, None)
    ticket = frappe.get_doc("HD Ticket", answer["ticket"])
    assert (ticket.beesender_admission, ticket.beesender_channel) == ("Held", "widget")


def test_a_program_names_any_channel_that_takes_requests(client, bot):
    held = register(bot, client.email, channel="telegram")
    assert (held["verdict"], held["reason"]) == ("held", "channel_not_in_plan")
    tier = frappe.get_doc("Beesender Tier", "Basic")
    tier.append("registration_channels", {"channel": "telegram"})
    tier.save()
    taken = register(bot, client.email, channel="telegram", external_id="chat-2")
    assert taken["verdict"] == "accepted"
    ticket = frappe.get_doc("HD Ticket", taken["ticket"])
    assert ticket.beesender_channel == "telegram"
    frappe.get_doc("Beesender Channel", "telegram").update({"enabled": 0}).save()
    with pytest.raises(frappe.ValidationError):
        register(bot, client.email, channel="telegram", external_id="chat-3")
    # What came by it goes on.
    ticket.reload().save()
    assert ticket.beesender_admission == "Accepted"


def test_a_priority_that_the_category_forbids_is_lowered_and_said_so(client, bot):
    answer = register(bot, client.email, category="consultation", priority="p1")
    assert (answer["priority"], answer["priority_corrected_from"]) == ("P3", "P1")
    assert "so P1 became P3" in answer["explanation"]
    assert answer["verdict"] == "accepted"


def test_without_category_and_priority_the_defaults_are_taken(client, bot):
    answer = register(bot, client.email)
    ticket = frappe.get_doc("HD Ticket", answer["ticket"])
    assert (ticket.ticket_type, answer["priority"]) == ("Incident", "P3")


def test_a_category_without_a_promise_has_no_deadline(client, bot):
    answer = register(bot, client.email, category="Paid enhancement request")
    assert answer["verdict"] == "accepted"
    assert answer["response_due"] is None
    assert answer["explanation"].startswith("No response time is promised for")


def test_a_type_that_is_no_category_any_more_is_explained_all_the_same(client, bot):
    register(bot, client.email, category="Paid enhancement request")
    frappe.db.set_single_value("Beesender Support Settings", "default_category", None)
    frappe.delete_doc("Beesender Category", "Paid enhancement request", force=True)
    frappe.clear_cache()
    explained = status(bot)["explanation"]
    assert explained == "No response time is promised for Paid enhancement request."


def test_an_unknown_sender_is_outside_the_policy_or_held(bot):
    answer = register(bot, "nobody@example.com", priority="P2")
    ticket = frappe.get_doc("HD Ticket", answer["ticket"])
    assert (answer["verdict"], answer["reason"]) == ("accepted", None)
    assert (ticket.priority, ticket.beesender_channel) == ("High", "chatbot")
    settings = frappe.get_doc("Beesender Support Settings")
    settings.hold_unplanned = 1
    settings.save()
    answer = register(bot, "nobody@example.com", external_id="chat-2")
    assert (answer["verdict"], answer["reason"]) == ("held", "unknown_sender")


# Who asks


def test_any_address_of_a_contact_is_the_contact(client, bot):
    contact = frappe.get_doc("Contact", client.contact)
    contact.append("email_ids", {"email_id": "second@example.com"})
    contact.save()
    answer = register(bot, "Second@Example.com")
    ticket = frappe.get_doc("HD Ticket", answer["ticket"])
    assert (ticket.contact, ticket.raised_by) == (client.contact, "second@example.com")
    assert answer["response_due"]


def add_phone(contact, phone):
    contact = frappe.get_doc("Contact", contact)
    contact.append("phone_nos", {"phone": phone})
    contact.save()


@pytest.mark.parametrize("asked", ["+7 495 123-45-67", "+7(495)1234567"])
def test_a_phone_is_the_contact_who_has_it_however_it_is_written(client, bot, asked):
    add_phone(client.contact, "+74951234567")
    answer = register(bot, contact_phone=asked)
    ticket = frappe.get_doc("HD Ticket", answer["ticket"])
    assert (ticket.contact, ticket.raised_by) == (client.contact, client.email)
    assert answer["response_due"]
    assert asked in ticket.description


def test_an_unknown_or_shared_phone_is_registered_all_the_same(client, bot):
    colleague = make_contact(client.customer)
    for contact in (client.contact, colleague):
        add_phone(contact, "+74951234567")
    for number, phone in enumerate(("+4915112345678", "+74951234567")):
        answer = register(bot, contact_phone=phone, external_id=str(number))
        ticket = frappe.get_doc("HD Ticket", answer["ticket"])
        digits = "".join(filter(str.isdigit, phone))
        # The bot asks for nothing, and no answer may go to it.
        assert ticket.raised_by == f"{digits}@phone.invalid"
        assert (ticket.customer, ticket.contact) == (None, None)
        assert messages_of(ticket.name)[0].sender == ticket.raised_by
        assert phone in ticket.description


@pytest.mark.parametrize("address", ["anna@xn--e1afmkfd.xn--p1ai", "Anna@Пример.рф"])
def test_a_domain_is_the_same_in_either_form(bot, address):
    customer = make_customer()
    make_plan(customer, [make_contact(customer, "anna@xn--e1afmkfd.xn--p1ai")])
    answer = register(bot, address)
    ticket = frappe.get_doc("HD Ticket", answer["ticket"])
    assert (answer["verdict"], ticket.customer) == ("accepted", customer)
    assert ticket.beesender_terms


@pytest.mark.parametrize("look_alike", ["mi\u212ae", "mo\u017f\u017f"])
def test_a_look_alike_is_not_the_contact(bot, look_alike):
    customer = make_customer()
    contacts = [
        make_contact(customer, f"{name}@alike.example") for name in ("mike", "moss")
    ]
    make_plan(customer, contacts)
    answer = register(bot, f"{look_alike}@alike.example")
    append(bot)
    ticket = frappe.get_doc("HD Ticket", answer["ticket"])
    assert (answer["verdict"], answer["reason"]) == ("held", "unknown_sender")
    assert (ticket.customer, ticket.contact) == (customer, None)


def test_of_several_customers_the_one_that_seats_the_contact_is_judged(client, bot):
    members = frappe.get_doc("HD Customer", make_customer())
    members.append("contacts", {"contact_name": client.contact})
    members.save()
    answer = register(bot, client.email)
    ticket = frappe.get_doc("HD Ticket", answer["ticket"])
    assert (ticket.customer, answer["verdict"]) == (client.customer, "accepted")
    make_plan(members.name, [client.contact])
    answer = register(bot, client.email, external_id="chat-2")
    assert (answer["verdict"], answer["reason"]) == ("held", "unknown_sender")


def test_a_seat_counts_without_a_membership(client, bot):
    members = frappe.get_doc("HD Customer", client.customer)
    members.contacts = []
    members.save()
    answer = register(bot, client.email)
    ticket = frappe.get_doc("HD Ticket", answer["ticket"])
    assert (ticket.customer, answer["verdict"]) == (client.customer, "accepted")


def test_a_stranger_from_a_client_s_domain_is_held(bot):
    customer = make_customer()
    make_plan(customer, [make_contact(customer, "seated@chat-domain.example")])
    answer = register(bot, "new@chat-domain.example")
    assert (answer["verdict"], answer["reason"]) == ("held", "unknown_sender")
    ticket = frappe.get_doc("HD Ticket", answer["ticket"])
    assert ticket.customer == customer


def test_a_known_phone_beside_an_unknown_address_proves_nothing(client, bot):
    add_phone(client.contact, "+74951234567")
    answer = register(bot, "nobody@example.com", contact_phone="+74951234567")
    ticket = frappe.get_doc("HD Ticket", answer["ticket"])
    assert not ticket.customer


# What is written


def test_the_text_is_plain_and_comes_from_the_customer(client, bot):
    text = "First <script>alert(1)</script>\r\n\r\nsecond\nline & more \x00"
    answer = register(bot, client.email, description=text, subject="Нет\nчатов 🙈")
    ticket = frappe.get_doc("HD Ticket", answer["ticket"])
    (message,) = messages_of(ticket.name)
    assert ticket.subject == "Нет чатов 🙈"
    assert ticket.description == message.content
    assert "<script>" not in message.content
    assert "&lt;script&gt;" in message.content
    assert "<p>second<br>line &amp; more" in message.content
    assert message.sender == client.email
    assert message.communication_medium == "Chat"
    assert (message.sent_or_received, message.communication_type) == (
        "Received",
        "Communication",
    )


def test_attachments_are_private_files_of_message_and_ticket(client, bot):
    content = frappe.generate_hash().encode()
    answer = register(bot, client.email, attachments=[file("журнал.log", content)])
    (message,) = messages_of(answer["ticket"])
    for doctype, name in (
        ("HD Ticket", answer["ticket"]),
        ("Communication", message.name),
    ):
        stored = frappe.get_doc(
            "File", {"attached_to_doctype": doctype, "attached_to_name": name}
        )
        assert stored.is_private
        assert stored.get_content().encode() == content


def test_a_file_that_frappe_refuses_costs_no_request(client, bot):
    with (
        patch.object(requests, "CONFLICTS", ()),
        patch(
            "frappe.core.doctype.file.file.File.save_file", side_effect=ValueError("no")
        ),
    ):
        answer = register(bot, client.email, attachments=[file()])
    assert answer["response_due"]
    (log,) = frappe.get_all(
        "Beesender Admission Log",
        {"ticket": answer["ticket"], "event": "Fault"},
        ["raw_content"],
    )
    assert file()["content_base64"] in log.raw_content


# Once for each external_id


def test_the_same_external_id_again_is_the_same_ticket(client, bot):
    first = register(bot, client.email, category="Consultation", priority="P1")
    again = register(bot, client.email, category="Consultation", priority="P1")
    assert again == {**first, "created": False}
    assert len(messages_of(first["ticket"])) == 1


def test_ids_that_differ_in_case_or_user_are_different_requests(client, bot):
    tickets = {
        register(bot, client.email, external_id="chat-a")["ticket"],
        register(bot, client.email, external_id="CHAT-A")["ticket"],
        register(make_channel_user(), client.email, external_id="chat-a")["ticket"],
    }
    assert len(tickets) == 3


def test_nobody_else_can_take_an_external_id(client, bot):
    ticket = register(bot, client.email)["ticket"]
    key = frappe.db.get_value("HD Ticket", ticket, "beesender_external_id")
    assert len(key) == 64
    other = make_ticket(client, beesender_external_id="mine")
    assert other.beesender_external_id is None
    with session_of(client.email):
        frappe.client.insert(
            {
                "doctype": "HD Ticket",
                "subject": "x",
                "description": "x",
                "beesender_external_id": key,
            }
        )


def test_a_part_split_off_does_not_take_the_chat_with_it(client, bot):
    ticket = register(bot, client.email)["ticket"]
    append(bot)
    last = messages_of(ticket)[-1].name
    part = split_ticket("Other", last)
    assert not frappe.db.get_value("HD Ticket", part, "beesender_external_id")
    assert status(bot)["ticket"] == ticket
    assert append(bot)["created"] is False


# More messages


def test_a_message_is_added_once_and_reopens_the_ticket(client, bot):
    ticket = register(bot, client.email)["ticket"]
    doc = frappe.get_doc("HD Ticket", ticket)
    doc.status = "Closed"
    doc.save()
    assert append(bot) == {"ticket": ticket, "created": True}
    assert append(bot) == {"ticket": ticket, "created": False}
    assert append(bot, message_id="2", attachments=[file("a.txt", b"log")])["created"]
    messages = messages_of(ticket)
    assert len(messages) == 3
    assert {each.sender for each in messages} == {client.email}
    assert frappe.db.get_value("HD Ticket", ticket, "status_category") == "Open"


def test_an_answer_of_the_bot_never_stops_the_response_clock(client, bot):
    ticket = register(bot, client.email)["ticket"]
    append(bot, from_bot=True)
    message = next(
        each for each in messages_of(ticket) if each.sent_or_received == "Sent"
    )
    assert message.communication_type == "Automated Message"
    assert message.sender == bot
    answer = status(bot)
    assert answer["first_responded_at"] is None
    assert answer["response_due"]


def test_status_tells_that_and_when_an_agent_answered(client, bot):
    with clock_at(FRIDAY_1730):
        ticket = register(bot, client.email)["ticket"]
        assert status(bot)["first_responded_at"] is None
    with clock_at("2026-11-23T10:00:00.000001+03:00"), session_of(make_agent()):
        frappe.get_doc("HD Ticket", ticket).reply_via_agent("We are on it.")
    answer = status(bot)
    assert answer["first_responded_at"] == "2026-11-23T10:00:00+03:00"
    assert answer["sentence"] == f"Support has answered request {ticket}."
    assert "We are on it" not in frappe.as_json(answer)


# Where more than the first answer is promised


def sell(**hours):
    tier = frappe.get_doc("Beesender Tier", "Basic")
    for row in tier.response_targets:
        row.update(hours)
    tier.save()
    frappe.db.set_single_value("HD Settings", "auto_update_status", 1)
    frappe.db.set_single_value("HD Settings", "update_status_to", "Replied")


def move(ticket, **fields):
    with session_of(make_agent()):
        frappe.get_doc("HD Ticket", ticket).update(fields).save()


def next_request():
    for name in [each for each in frappe.flags if each.startswith("beesender")]:
        frappe.flags.pop(name)


def told(bot, ticket):
    """What may be read of the promises, and how it is said, without the number."""
    answer = status(bot)
    dues = {key: answer[key] for key in answer if key.endswith("_due")}
    return dues, answer["sentence"].replace(ticket, "1")


def test_it_tells_by_when_support_answers_and_solves(client, bot):
    sell(hours=4, next_answer_hours=2, solution_hours=8)
    with clock_at("2026-11-23T10:00:00.000001+03:00"):
        ticket = register(bot, client.email)["ticket"]
        assert told(bot, ticket) == (
            {
                "response_due": "2026-11-23T14:00:00+03:00",
                "solution_due": "2026-11-23T18:00:00+03:00",
            },
            "Request 1 is registered. Support answers by 2026-11-23 14:00 and solves it"
            " by 2026-11-23 18:00 (GMT+3).",
        )
        assert "solves P3 within 8 h" in status(bot)["explanation"]
    next_request()
    with clock_at("2026-11-23T11:00:00.000001+03:00"):
        with session_of(make_agent()):
            frappe.get_doc("HD Ticket", ticket).reply_via_agent("We are on it.")
        dues, sentence = told(bot, ticket)
        assert dues["solution_due"] is None
        assert sentence == "Support has answered request 1."
    next_request()
    with clock_at("2026-11-23T12:00:00.000001+03:00"):
        append(bot, text="And now?")
        assert told(bot, ticket) == (
            {
                "response_due": "2026-11-23T14:00:00+03:00",
                "next_answer_due": "2026-11-23T14:00:00+03:00",
                "solution_due": "2026-11-24T10:00:00+03:00",
            },
            "Support answers your last message about request 1 by 2026-11-23 14:00 and"
            " solves the request by 2026-11-24 10:00 (GMT+3).",
        )
    next_request()
    with clock_at("2026-11-23T13:00:00.000001+03:00"):
        move(ticket, status="Resolved")
        assert told(bot, ticket)[1] == "Support has solved request 1."


def test_where_only_a_solution_is_promised_no_answer_is(client, bot):
    sell(hours=0, solution_hours=8)
    with clock_at("2026-11-23T10:00:00.000001+03:00"):
        ticket = register(bot, client.email)["ticket"]
        dues, sentence = told(bot, ticket)
    assert dues == {
        "response_due": None,
        "solution_due": "2026-11-23T18:00:00+03:00",
    }
    assert sentence == (
        "Request 1 is registered. Support solves it by 2026-11-23 18:00 (GMT+3)."
    )


# What it refuses


@pytest.mark.parametrize(
    ("overrides", "field", "rule"),
    [
        ({"tier": "Premium"}, "tier", "extra_forbidden"),
        ({"return": 1}, "return", "extra_forbidden"),
        ({"flags": {}}, "flags", "extra_forbidden"),
        *(
            ({"channel": channel}, "channel", "literal_error")
            for channel in ("portal", "email", "agent", "phone", "skype", "fax", "")
        ),
        ({"external_id": ""}, "external_id", "string_too_short"),
        ({"external_id": 7}, "external_id", "string_type"),
        ({"external_id": "x" * 201}, "external_id", "string_too_long"),
        ({"contact_email": "nobody"}, "contact_email", "email"),
        ({"contact_email": "a@b.com, c@d.com"}, "contact_email", "email"),
        ({"contact_email": ["a@b.com"]}, "contact_email", "string_type"),
        ({"contact_email": ""}, "contact_phone", "missing"),
        ({"contact_phone": "call me"}, "contact_phone", "phone"),
        ({"subject": "   "}, "subject", "string_too_short"),
        ({"subject": "\x00"}, "subject", "empty"),
        ({"subject": "x" * 141}, "subject", "string_too_long"),
        ({"description": {"a": 1}}, "description", "string_type"),
        ({"description": "x" * 50_001}, "description", "string_too_long"),
        ({"category": "Complaint"}, "category", "unknown_name"),
        ({"priority": "P0"}, "priority", "unknown_name"),
        ({"language": "de"}, "language", "literal_error"),
        ({"attachments": "a"}, "attachments", "list_type"),
        ({"attachments": [file()] * 11}, "attachments", "too_long"),
        ({"attachments": [file("a.exe")]}, "attachments.0.file_name", "file_type"),
        ({"attachments": [file("a.png.svg")]}, "attachments.0.file_name", "file_type"),
        (
            {"attachments": [file("../a.png")]},
            "attachments.0.file_name",
            "not_a_file_name",
        ),
        (
            {"attachments": [{"file_name": "a.png", "content_base64": "?"}]},
            "attachments.0.content_base64",
            "not_base64",
        ),
        (
            {"attachments": [{"file_name": "a.png", "content_base64": None}]},
            "attachments.0.content_base64",
            "not_base64",
        ),
        (
            {"attachments": [{**file(), "url": "file:///etc/passwd"}]},
            "attachments.0.url",
            "extra_forbidden",
        ),
        (
            {"attachments": [file("a.txt", b"x" * (BYTES_PER_FILE + 1))]},
            "attachments.0.content_base64",
            "too_large",
        ),
        (
            {"attachments": [file("a.txt", b"x" * BYTES_PER_FILE)] * 3},
            "attachments",
            "too_large",
        ),
    ],
)
def test_what_is_wrong_is_named_by_field_and_rule(bot, overrides, field, rule):
    tickets = frappe.db.count("HD Ticket")
    with pytest.raises(BadPayload):
        register(bot, **{"email": "nobody@example.com", **_as_email(overrides)})
    assert faults() == {field: rule}
    assert frappe.db.count("HD Ticket") == tickets


def _as_email(overrides):
    overrides = dict(overrides)
    if "contact_email" in overrides:
        overrides["email"] = overrides.pop("contact_email")
    return overrides


def test_every_fault_is_named_and_what_is_allowed(bot):
    with pytest.raises(BadPayload):
        call(intake.register, bot, category="Complaint", priority="P9")
    named = {fault["field"]: fault["message"] for fault in frappe.local.response.errors}
    assert {"channel", "external_id", "subject", "description"} < set(named)
    assert named["category"].startswith("Allowed: Consultation, Incident")
    assert named["priority"] == "Allowed: P1, P2, P3, P4"


def test_more_requests_than_the_limit_are_refused_per_key(client, bot):
    settings = frappe.get_doc("Beesender Support Settings")
    settings.intake_limit = 2
    settings.save()
    with clock_at(FRIDAY_1730):
        register(bot, client.email)
        register(bot, client.email)
        with pytest.raises(TooManyRequests, match="At most 2 requests a minute"):
            register(bot, client.email)
        assert faults() == {"": "rate_limit"}
        register(make_channel_user(), client.email)
    with clock_at("2026-11-20T17:31:30+03:00"):
        status(bot)


def test_without_redis_requests_are_taken_uncounted(bot):
    broken = patch.object(
        frappe.cache, "incrby", side_effect=rate_limit.RedisError("down"), create=True
    )
    with broken:
        assert rate_limit.requests_of(bot) == 0


# Who may use it


@pytest.mark.parametrize("endpoint", [intake.register, intake.append, intake.status])
@pytest.mark.parametrize("who", ["guest", "client", "agent", "admin"])
def test_only_a_channel_user_comes_in(endpoint, who, client):
    users = {"guest": "Guest", "client": client.email}
    if who == "agent":
        users[who] = make_agent()
    if who == "admin":
        users[who] = make_portal_user("admin@example.com")
        frappe.get_doc("User", users[who]).add_roles("System Manager")
    with pytest.raises(frappe.PermissionError):
        call(endpoint, users[who])


def test_a_request_of_another_key_is_unknown(client, bot):
    register(bot, client.email)
    other = make_channel_user()
    for question in (append, status):
        with pytest.raises(UnknownRequest):
            question(other)
        assert faults() == {"external_id": "unknown"}
    assert append(bot)["created"]


@pytest.mark.parametrize(
    "doctype",
    [
        "HD Ticket",
        "HD Customer",
        "Contact",
        "Communication",
        "File",
        "Beesender Support Plan",
        "Beesender Tier",
        "Beesender Category",
        "Beesender Admission Log",
    ],
)
def test_a_channel_user_sees_no_record(doctype, client, bot):
    register(bot, contact_phone="+4915112345678", attachments=[file("a.txt")])
    with session_of(bot):
        assert not seen(doctype)


def seen(doctype):
    """Names that the session's user finds in a list of all records."""
    try:
        return frappe.get_list(doctype, {"owner": ("!=", frappe.session.user)})
    except frappe.PermissionError:
        return []


def test_a_channel_user_opens_no_record_of_the_request(client, bot):
    ticket = register(bot, contact_phone="+4915112345678")["ticket"]
    records = [
        ("HD Ticket", ticket),
        ("Communication", messages_of(ticket)[0].name),
        ("Contact", client.contact),
        ("Beesender Support Plan", client.plan.name),
        ("Beesender Support Settings", "Beesender Support Settings"),
    ]
    for record in records:
        with session_of(bot), pytest.raises(frappe.PermissionError):
            frappe.client.get(*record)
        for permission in ("write", "delete"):
            assert not frappe.get_doc(*record).has_permission(permission, user=bot)


def test_the_role_has_no_permission_of_its_own():
    for doctype in ("DocPerm", "Custom DocPerm"):
        assert not frappe.db.exists(doctype, {"role": "Beesender Channel"})
    assert not frappe.db.get_value("Role", "Beesender Channel", "desk_access")


def test_the_caller_is_the_caller_again_afterwards(client, bot):
    with session_of(bot):
        frappe.local.session.sid, frappe.local.session.data = "a sid", frappe._dict(a=1)
        with caller.acting_as_intake():
            assert frappe.session.user == "Administrator"
        assert frappe.session.user == bot
        assert frappe.session.sid == "a sid"
        assert frappe.session.data == {"a": 1}


# Nothing is lost


def test_a_request_that_cannot_be_registered_is_kept_whole(client, bot):
    with patch.object(requests, "add_message", side_effect=RuntimeError("no")):
        answer = register(bot, client.email, attachments=[file()], language="ru")
    assert (answer["ticket"], answer["created"]) == (None, False)
    assert (answer["verdict"], answer["reason"]) == ("held", "fault")
    assert answer["sentence"].startswith("Мы получили")
    (log,) = frappe.get_all(
        "Beesender Admission Log",
        {"event": "Fault", "contact": client.email},
        ["raw_content", "channel", "details"],
    )
    raw = frappe.parse_json(log.raw_content)
    assert raw["subject"] == "No chats"
    assert raw["attachments"] == [file()]
    assert log.channel == "chatbot"
    assert "RuntimeError" in log.details
    assert not frappe.db.exists("HD Ticket", {"raised_by": client.email})
    # What follows finds it, and is kept as well.
    assert status(bot)["reason"] == "fault"
    assert append(bot) == {"ticket": None, "created": False}
    assert kept_with("It is back") == 1


def kept_with(text):
    kept = frappe.get_all(
        "Beesender Admission Log", {"event": "Fault"}, pluck="raw_content"
    )
    return sum(text in (each or "") for each in kept)


def test_what_was_kept_is_registered_by_a_later_try(client, bot):
    for _attempt in range(2):
        with patch.object(requests, "add_message", side_effect=RuntimeError("no")):
            assert register(bot, client.email)["ticket"] is None
            append(bot)
        assert kept_with("Nothing appears") == 1
    answer = register(bot, client.email)
    assert (answer["verdict"], answer["created"]) == ("accepted", True)
    assert append(bot) == {"ticket": answer["ticket"], "created": True}
    assert kept_with("Nothing appears") == kept_with("It is back") == 0
    assert len(messages_of(answer["ticket"])) == 2
    assert register(bot, client.email)["created"] is False
    assert append(bot)["created"] is False


def test_a_try_that_left_half_a_request_is_completed_by_the_next(client, bot):
    with patch.object(requests, "add_message"):
        left = register(bot, client.email)["ticket"]
    assert messages_of(left) == []
    for _again in range(2):
        answer = register(bot, client.email)
        assert (answer["ticket"], answer["created"]) == (left, False)
        (message,) = messages_of(left)
        assert "Nothing appears" in message.content
    assert append(bot) == {"ticket": left, "created": True}


@pytest.mark.parametrize(
    "subject",
    [
        "Window <console> is empty",
        "<b>Bold</b> words",
        "<script>",
        "</p>",
        "<!-- nothing -->",
        "a < b and b > c",
        "<b>" * 46,
    ],
)
def test_a_subject_with_angle_brackets_loses_no_words(client, bot, subject):
    answer = register(bot, client.email, subject=subject)
    append(bot)
    stored = frappe.db.get_value("HD Ticket", answer["ticket"], "subject")
    typed = stored.replace(UNSEEN, "")
    assert typed == subject[: len(typed)]
    assert len(typed) > min(len(subject) - 1, 30)
    # It is no HTML, and whoever saves the ticket changes nothing of it.
    assert BeautifulSoup(stored, "html.parser").find() is None
    with session_of(make_agent()):
        ticket = frappe.get_doc("HD Ticket", answer["ticket"])
        ticket.status = "Replied"
        ticket.save()
    assert ticket.reload().subject == stored


def test_a_fault_of_the_policy_leaves_a_plain_ticket(client, bot):
    with patch(
        "beesender_support.enforcement.requests.decision.triage",
        side_effect=RuntimeError("no"),
    ):
        answer = register(bot, client.email)
    assert answer["ticket"]
    assert register(bot, client.email)["ticket"] == answer["ticket"]


def test_a_fault_in_wording_costs_only_words(client, bot):
    with patch.object(replies, "_sentence", side_effect=KeyError("no")):
        answer = register(bot, client.email)
    assert answer["sentence"] == f"Request {answer['ticket']} is registered."


def test_a_plan_that_ended_holds_the_chat(bot):
    client = make_client(starts_on="2020-01-01", ends_on="2020-12-31")
    answer = register(bot, client.email)
    assert (answer["verdict"], answer["reason"]) == ("held", "plan_expired")
    make_plan(client.customer, [client.contact], starts_on="2021-01-01")
    assert register(bot, client.email, external_id="2")["verdict"] == "accepted"
