"""The widget's first endpoints, called by hostile pages and people."""

from datetime import timedelta

import frappe
import pytest

from beesender_support.api import people
from beesender_support.enforcement.chat.caller import BadPayload
from beesender_support.enforcement.safety.rate_limit import TooManyRequests
from beesender_support.enforcement.widget import codes, sessions, visits
from beesender_support.enforcement.widget.codes import CannotSend
from beesender_support.enforcement.widget.sessions import SessionOver
from beesender_support.enforcement.widget.visits import NotHere
from beesender_support.policy.widget.codes import (
    DIGITS,
    MOST_AN_HOUR,
    MOST_TRIES,
    VALID_FOR,
)
from beesender_support.policy.widget.sessions import LASTS
from beesender_support.tests.site.factories import (
    clock_at,
    make_agent,
    make_agent_manager,
    session_of,
)
from beesender_support.tests.site.widget.visitors import (
    CODE,
    PAGE,
    SESSION,
    Visitor,
    codes_known,
    count_afresh,
    mails_to,
    make_widget,
)

NOW = "2026-11-23T09:00:00+00:00"
GUESS, FORGED = "0" * DIGITS, "x" * 43
STRANGER = "nobody.knows@elsewhere.example"


@pytest.fixture
def widget():
    return make_widget()


@pytest.fixture
def visitor(widget):
    return Visitor(widget)


@pytest.fixture(autouse=True)
def _uncounted(monkeypatch):
    """Counts of other tests are none of ours: each has numbers of its own."""
    count_afresh(monkeypatch)


def wrong(code):
    return f"{(int(code) + 1) % 10**DIGITS:0{DIGITS}}"


# Pages


def test_a_listed_page_is_told_what_to_show_and_nothing_of_the_site(visitor):
    page = visitor.call("page", language="ru")
    assert page["greeting"] == "Чем мы можем помочь?"
    assert page["opening"]["sentence"].startswith("Поддержка")
    assert page["light"] == {"accent": "#1f6feb", "on_accent": "#ffffff"}
    assert "/js/widget" in page["scripts"]
    assert "tier" not in page
    assert PAGE not in frappe.as_json(page)


@pytest.mark.parametrize(
    "origin",
    [
        *("http://www.client.example", "https://client.example", "null", None),
        *("https://www.client.example:8443", "https://www.client.example.evil.example"),
    ],
)
def test_no_other_origin_gets_anything(widget, origin):
    visitor = Visitor(widget, origin)
    for name in ("page", "last_requests", "new_request"):
        with pytest.raises(NotHere):
            visitor.call(name)
    with pytest.raises(NotHere):
        visitor.call("send_code", email=STRANGER)
    assert not mails_to(STRANGER)


def test_a_widget_that_is_off_or_unknown_is_not_there(widget):
    unknown = Visitor("nothing")
    with pytest.raises(NotHere) as of_unknown:
        unknown.call("page")
    widget.enabled = 0
    widget.save()
    with pytest.raises(NotHere) as of_disabled:
        Visitor(widget).call("page")
    assert str(of_unknown.value) == str(of_disabled.value)


def test_where_the_channel_is_switched_off_no_widget_is_there(visitor):
    frappe.db.set_value("Beesender Channel", "widget", "enabled", 0)
    frappe.clear_document_cache("Beesender Channel", "widget")
    with pytest.raises(NotHere):
        visitor.call("page")


def test_a_widget_need_not_be_named_where_one_lists_the_page(widget):
    assert Visitor("").call("page")["name"] == widget.name


def test_too_many_calls_from_one_address_are_refused(visitor):
    for _each in range(visits.MOST_OF_ADDRESS):
        visitor.call("page")
    with pytest.raises(TooManyRequests):
        visitor.call("page")


def test_reading_is_by_get_alone_and_writing_by_post():
    allowed = frappe.allowed_http_methods_for_whitelisted_func
    from beesender_support.api import widget as api

    for name in ("page", "new_request", "last_requests", "request", "attachment"):
        assert allowed[getattr(api, name)] == ["GET"]
    for name in ("send_code", "sign_in", "sign_out", "register", "append"):
        assert allowed[getattr(api, name)] == ["POST"]


# Codes


def test_an_address_is_proved_by_the_code_that_was_mailed_to_it(visitor, client):
    visitor.sign_in(client.email)
    assert len(visitor.token) >= 43
    assert visitor.call("last_requests") == []
    mail = mails_to(client.email)[-1]
    assert "X-Auto-Generated: beesender-widget_code" in mail.message


def test_nothing_tells_whether_an_address_is_known(visitor, client):
    make_agent("agent.of.ours@example.com")
    answers, mails = [], []
    for address in (client.email, STRANGER, "agent.of.ours@example.com"):
        with codes_known() as known:
            answers.append(visitor.call("send_code", email=address, language="en"))
        (mail,) = mails_to(address)
        text = mail.message.replace(known[0], "CODE").replace(address, "ADDRESS")
        mails.append([line for line in text.splitlines() if "CODE" in line])
        answers.append(visitor.call("sign_in", email=address, secret=wrong(known[0])))
    assert answers == [None, {"session": None}] * 3
    assert mails[0] == mails[1] == mails[2]
    # Neither the code nor the address stands in the row.
    for row in frappe.get_all(CODE, fields=["*"]):
        assert client.email not in frappe.as_json(row)
        assert known[0] not in (row.code_hash, row.name)


def test_the_statements_are_the_same_for_whoever_asks(visitor, client):
    from beesender_support.tests.site.statements import noted

    visitor.ask_for_code("warm.up@example.com")
    counts = []
    for address in (client.email, STRANGER):
        with noted() as statements:
            visitor.ask_for_code(address)
        counts.append(len(statements))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "email", ["", "x", "a@b", "a@example.com, b@example.com", "A <a@example.com>", 7]
)
def test_what_is_no_address_is_refused(visitor, email):
    with pytest.raises(BadPayload):
        visitor.call("send_code", email=email)


def test_a_code_has_as_many_digits_as_its_field_asks_for(visitor, client):
    code = visitor.ask_for_code(client.email)
    assert len(code) == DIGITS
    assert code.isdecimal()
    label = visitor.call("page", language="ru")["labels"]["code"]
    assert label == f"Код из письма, {DIGITS} цифр"


def test_a_code_is_good_once(visitor, client):
    code = visitor.ask_for_code(client.email)
    first = visitor.call("sign_in", email=client.email, secret=code)
    again = visitor.call("sign_in", email=client.email, secret=code)
    assert first["session"]
    assert again == {"session": None}


def test_a_code_cannot_be_guessed(visitor, client):
    code = visitor.ask_for_code(client.email)
    for _each in range(MOST_TRIES):
        answer = visitor.call("sign_in", email=client.email, secret=wrong(code))
        assert answer == {"session": None}
    # The right one is worth nothing any more, and nothing says why.
    assert visitor.call("sign_in", email=client.email, secret=code) == {"session": None}


def test_a_code_is_over_after_ten_minutes(visitor, client):
    with clock_at(NOW) as clock:
        code = visitor.ask_for_code(client.email)
        clock.shift(VALID_FOR)
        answer = visitor.call("sign_in", email=client.email, secret=code)
    assert answer == {"session": None}


def test_only_the_last_code_counts(visitor, client):
    with clock_at(NOW) as clock:
        first = visitor.ask_for_code(client.email)
        clock.shift(timedelta(minutes=1))
        second = visitor.ask_for_code(client.email)
        answer = visitor.call("sign_in", email=client.email, secret=first)
        assert answer == {"session": None} or first == second
        assert visitor.call("sign_in", email=client.email, secret=second)["session"]


def test_a_code_is_good_for_its_address_widget_and_origin_alone(widget, client):
    widget.allowed_origins = f"{PAGE}\nhttps://other.example"
    widget.save()
    code = Visitor(widget).ask_for_code(client.email)
    elsewhere = (
        (Visitor(widget, "https://other.example"), client.email),
        (Visitor(make_widget()), client.email),
        (Visitor(widget), STRANGER),
    )
    for visitor, email in elsewhere:
        answer = visitor.call("sign_in", email=email, secret=code)
        assert answer == {"session": None}


def test_nobodys_mailbox_is_filled(visitor, client):
    with clock_at(NOW) as clock:
        for _each in range(MOST_AN_HOUR):
            visitor.ask_for_code(STRANGER)
            clock.shift(timedelta(minutes=1))
        with pytest.raises(TooManyRequests):
            visitor.call("send_code", email=STRANGER.upper())
        # Another address has codes of its own.
        assert visitor.ask_for_code(client.email)
    assert len(mails_to(STRANGER)) == MOST_AN_HOUR


def test_asking_alone_keeps_nobody_from_their_code(visitor, widget):
    with clock_at(NOW) as clock:
        visitor.ask_for_code(STRANGER)
        for _each in range(15):
            with pytest.raises(TooManyRequests):
                visitor.call("send_code", email=STRANGER)
        clock.shift(timedelta(minutes=1))
        assert visitor.ask_for_code(STRANGER)


def test_asking_alone_uses_up_no_widget(visitor, widget, client, monkeypatch):
    monkeypatch.setattr(codes, "MOST_OF_WIDGET", 2)
    with clock_at(NOW):
        visitor.ask_for_code(STRANGER)
        for _each in range(5):
            with pytest.raises(TooManyRequests):
                visitor.call("send_code", email=STRANGER)
        assert visitor.ask_for_code(client.email)
        with pytest.raises(TooManyRequests):
            visitor.call("send_code", email="third@elsewhere.example")


def test_who_ask_at_once_use_up_no_widget(visitor, client, monkeypatch):
    monkeypatch.setattr(codes, "MOST_OF_WIDGET", 2)
    monkeypatch.setattr(codes, "_sent_to", lambda whose, at: [])
    with clock_at(NOW):
        visitor.ask_for_code(STRANGER)
        for _each in range(5):
            with pytest.raises(TooManyRequests):
                visitor.call("send_code", email=STRANGER)
        assert visitor.ask_for_code(client.email)


def test_a_widget_that_has_no_codes_left_uses_up_none_of_an_address(
    visitor, client, monkeypatch
):
    monkeypatch.setattr(codes, "MOST_OF_WIDGET", 0)
    with clock_at(NOW):
        for _each in range(MOST_AN_HOUR + 1):
            with pytest.raises(TooManyRequests):
                visitor.call("send_code", email=client.email)
        assert not mails_to(client.email)
        monkeypatch.setattr(codes, "MOST_OF_WIDGET", 1)
        assert visitor.ask_for_code(client.email)


def test_who_ask_at_once_are_sent_one_code(visitor, monkeypatch):
    # None of them sees what the others wrote.
    monkeypatch.setattr(codes, "_sent_to", lambda whose, at: [])
    with clock_at(NOW):
        visitor.ask_for_code(STRANGER)
        for _each in range(5):
            with pytest.raises(TooManyRequests):
                visitor.call("send_code", email=STRANGER)
    assert len(mails_to(STRANGER)) == 1


def test_who_has_a_session_is_not_shut_out_by_others(visitor, client, monkeypatch):
    # A code, a try of it, and two calls more.
    monkeypatch.setattr(visits, "MOST_OF_ORIGIN", 4)
    with clock_at(NOW):
        visitor.sign_in(client.email)
        unknown = Visitor(visitor.widget, token=FORGED)
        for _each in range(2):
            refused(unknown)
        with pytest.raises(TooManyRequests):
            unknown.call("last_requests")
        for _each in range(5):
            visitor.call("last_requests")
            visitor.call("page")


def test_codes_asked_for_from_one_address_are_limited(visitor):
    for number in range(codes.MOST_OF_ADDRESS):
        visitor.ask_for_code(f"person.{number}@example.com")
    with pytest.raises(TooManyRequests):
        visitor.call("send_code", email="one.more@example.com")


def test_tries_from_one_address_are_limited(visitor, client):
    for _each in range(codes.MOST_TRIES_OF_ADDRESS):
        visitor.call("sign_in", email=client.email, secret=GUESS)
    with pytest.raises(TooManyRequests):
        visitor.call("sign_in", email=client.email, secret=GUESS)


def test_without_an_outgoing_account_that_is_said(visitor, client, monkeypatch):
    monkeypatch.setattr(codes.EmailAccount, "find_outgoing", lambda: None)
    with pytest.raises(CannotSend):
        visitor.call("send_code", email=client.email)


# Sessions


@pytest.fixture
def signed_in(visitor, client):
    return visitor.sign_in(client.email)


def refused(visitor):
    with pytest.raises(SessionOver) as refusal:
        visitor.call("last_requests")
    return str(refusal.value)


def test_the_site_keeps_no_token(signed_in):
    (row,) = frappe.get_all(SESSION, {"widget": signed_in.widget.name}, ["*"])
    assert signed_in.token not in frappe.as_json(row)


def test_a_session_is_of_its_widget_and_origin(widget, signed_in):
    widget.allowed_origins = f"{PAGE}\nhttps://other.example"
    widget.save()
    token = signed_in.token
    said = {
        refused(Visitor(widget, "https://other.example", token)),
        refused(Visitor(make_widget(), token=token)),
        refused(Visitor(widget, token=FORGED)),
        refused(Visitor(widget, token=None)),
        refused(Visitor(widget, token=FORGED[:-1])),
    }
    assert len(said) == 1
    signed_in.call("last_requests")


def test_signing_out_ends_it(signed_in):
    signed_in.call("sign_out")
    refused(signed_in)
    signed_in.call("sign_out")


def test_it_ends_by_itself(visitor, client):
    with clock_at(NOW) as clock:
        visitor.sign_in(client.email)
        clock.shift(LASTS - timedelta(seconds=1))
        visitor.call("last_requests")
        clock.shift(timedelta(seconds=1))
        refused(visitor)
        sessions.forget_old()
    assert not frappe.db.exists(SESSION, {"widget": visitor.widget.name})


def test_old_codes_are_forgotten(visitor, client):
    with clock_at(NOW) as clock:
        visitor.ask_for_code(client.email)
        sessions.forget_old()
        assert frappe.db.count(CODE, {"widget": visitor.widget.name}) == 1
        clock.shift(timedelta(days=1, seconds=1))
        sessions.forget_old()
    assert not frappe.db.count(CODE, {"widget": visitor.widget.name})


def test_it_ends_with_the_contact(signed_in, client):
    contact = frappe.get_doc("Contact", client.contact)
    frappe.db.delete("Contact Email", {"parent": contact.name})
    refused(signed_in)


def test_it_does_not_become_anothers_with_the_address(signed_in, client):
    frappe.db.set_value(
        "Beesender Widget Session",
        {"widget": signed_in.widget.name},
        "contact",
        "Somebody Else",
    )
    refused(signed_in)


def test_it_ends_where_the_widget_stands_no_more(widget, signed_in):
    widget.allowed_origins = "https://other.example"
    widget.save()
    assert not frappe.db.exists(SESSION, {"widget": widget.name})
    with pytest.raises(NotHere):
        signed_in.call("last_requests")


def test_it_ends_when_the_widget_is_switched_off_or_deleted(widget, signed_in, client):
    widget.enabled = 0
    widget.save()
    assert not frappe.db.exists(SESSION, {"widget": widget.name})
    widget.enabled = 1
    widget.save()
    refused(signed_in)
    Visitor(widget).sign_in("second@example.com")
    widget.delete()
    assert not frappe.db.exists(SESSION, {"widget": widget.name})


def test_who_is_signed_in_at_the_site_beside_it_counts_for_nothing(widget):
    visitor = Visitor(widget, user="Administrator")
    refused(visitor)


# Signing somebody out


def test_a_manager_signs_a_person_out_everywhere(visitor, client):
    contact = frappe.get_doc("Contact", client.contact)
    second = f"second.{client.email}"
    contact.append("email_ids", {"email_id": second.title()})
    contact.save()
    with clock_at(NOW) as clock:
        elsewhere = Visitor(make_widget()).sign_in(second)
        other = Visitor(visitor.widget).sign_in(STRANGER)
        visitor.sign_in(client.email)
        clock.shift(timedelta(minutes=1))
        code = visitor.ask_for_code(second)
        with session_of(make_agent_manager()):
            said = people.sign_out_of_widget(client.contact)
            again = people.sign_out_of_widget(client.contact)
        assert visitor.call("sign_in", email=second, secret=code) == {"session": None}
        refused(visitor)
        refused(elsewhere)
        assert other.call("last_requests") == []
        # They may come back as they came.
        assert visitor.sign_in(client.email).call("last_requests") == []
    assert "Sessions ended: 2." in said
    assert "Nobody is signed in" in again
    noted = {"reference_doctype": "Contact", "reference_name": client.contact}
    info = {**noted, "comment_type": "Info"}
    assert frappe.get_all("Comment", info, pluck="content") == [
        "signed this contact out of the site widget"
    ]


def test_who_lost_an_address_is_signed_out_of_it_too(visitor, client):
    visitor.sign_in(client.email)
    frappe.db.delete("Contact Email", {"parent": client.contact})
    assert sessions.end_of_contact(client.contact) == 1


def test_only_managers_sign_others_out(visitor, client):
    visitor.sign_in(client.email)
    for user in (client.email, make_agent(), "Guest"):
        with session_of(user), pytest.raises(frappe.PermissionError):
            people.sign_out_of_widget(client.contact)
    assert visitor.call("last_requests") == []
    allowed = frappe.allowed_http_methods_for_whitelisted_func
    assert allowed[people.sign_out_of_widget] == ["POST"]
