"""What the buttons of the first steps do: mail that is tried, a first plan that is made
whole or not at all, a request that is tried and removed."""

import socket
from datetime import date
from time import monotonic

import frappe
import pytest

from beesender_support.api import first_hour
from beesender_support.enforcement.readiness import mail_tests, people, trial
from beesender_support.enforcement.readiness.sample_records import SAMPLE_DATA, marked
from beesender_support.enforcement.safety.rate_limit import TooManyRequests
from beesender_support.policy.readiness.samples import sample_clients
from beesender_support.records.sold import catalogue, reviewed_tiers
from beesender_support.screens.workspace import first_steps
from beesender_support.tests.site.factories import (
    clock_at,
    make_agent,
    make_agent_manager,
    make_client,
    make_contact,
    make_customer,
    make_email_account,
    make_plan,
    make_portal_user,
    make_user_of_desk,
    refused,
    session_of,
    site_zone,
)
from beesender_support.tests.site.imap import empty_mailbox
from beesender_support.tests.site.processes import in_process
from beesender_support.tests.site.smtp import mail_server

PLAN, TICKET, CUSTOMER = "Beesender Support Plan", "HD Ticket", "HD Customer"
SETTINGS = "Beesender Support Settings"
FIRST = {
    "customer": "First Client Ltd",
    "contact": "Anna Smith",
    "address": "anna@first-client.example",
    "tier": "Business",
    "time_zone": "GMT+3",
    "starts_on": "2026-01-01",
}


def step(code: str) -> dict:
    return next(
        each for each in first_steps.in_order()["steps"] if each["code"] == code
    )


# Mail


@pytest.fixture
def manager(monkeypatch):
    """On a site that sends mail, unlike those of tests."""
    monkeypatch.setitem(frappe.flags, "mute_emails", False)
    for where in ("mail_server", "mute_emails"):
        monkeypatch.delitem(frappe.conf, where, raising=False)
    yield make_agent_manager()
    frappe.local.outgoing_email_account = {}


def sending_by(port: int, **values: object) -> None:
    """Mail leaves by a server on this port of the machine."""
    with session_of("Administrator"):
        _send_by(port, **values)


def _send_by(port: int, **values: object) -> None:
    frappe.db.set_value("Email Account", {"default_outgoing": 1}, "default_outgoing", 0)
    make_email_account().db_set(
        {
            "enable_outgoing": 1,
            "default_outgoing": 1,
            "no_smtp_authentication": 1,
            "password": "",
            "smtp_server": "127.0.0.1",
            "smtp_port": port,
            **values,
        }
    )
    frappe.clear_document_cache("Email Account", "Test Support Mailbox")
    frappe.local.outgoing_email_account = {}


def test_a_test_mail_goes_to_whoever_asks_and_says_so(manager):
    with mail_server() as sink, session_of(manager):
        sending_by(sink.port)
        said = first_hour.send_test()
        assert said["is_good"], said
        assert manager in said["sentence"]
        (mail,) = sink.mails
    assert mail["To"] == manager
    assert mail["From"] == "support@example.com"
    assert mail["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"refusal": "550 no such user"}, "refuses the recipient (550 no such user)"),
        ({"is_silent": True}, "does not answer in time"),
    ],
)
def test_why_a_mail_does_not_leave_is_said(manager, monkeypatch, options, expected):
    monkeypatch.setattr(mail_tests, "SECONDS", 1)
    with mail_server(**options) as sink, session_of(manager):
        sending_by(sink.port)
        said = first_hour.send_test()
    assert not said["is_good"]
    assert expected in said["sentence"]
    assert not frappe.local.message_log


def test_a_server_that_is_down_or_an_account_that_is_missing_is_said(manager):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with session_of(manager):
        sending_by(port)
        assert "refused" in first_hour.send_test()["sentence"]
        frappe.db.set_value(
            "Email Account", {"name": ("is", "set")}, "enable_outgoing", 0
        )
        frappe.local.outgoing_email_account = {}
        said = first_hour.send_test()["sentence"]
    assert said == "No e-mail account sends mail by default."


def test_a_mailbox_that_cannot_be_read_says_what_to_check(manager, monkeypatch):
    account = make_email_account()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    account.db_set({"email_server": "127.0.0.1", "incoming_port": port})
    with session_of(manager):
        said = first_hour.check_mailbox(account.name)
        other = first_hour.check_mailbox("No such account")
    assert "Check server, port, encryption, login and password." in said["sentence"]
    assert other["sentence"] == "No such account makes no tickets of its mail."
    assert frappe.db.get_value("Email Account", account.name, "enable_incoming")


def read_by_imap(account, port: int) -> None:
    values = {"use_imap": 1, "use_ssl": 0, "no_failed": 1, "enable_incoming": 1}
    account.db_set({**values, "email_server": "127.0.0.1", "incoming_port": port})
    of_account = {"parent": account.name, "parenttype": "Email Account"}
    folder = {"folder_name": "INBOX", "append_to": TICKET, "parentfield": "imap_folder"}
    frappe.get_doc({"doctype": "IMAP Folder", **of_account, **folder}).db_insert()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (
            {"refusal": "[AUTHENTICATIONFAILED] wrong password"},
            "could not be read: [AUTHENTICATIONFAILED] wrong password.",
        ),
        ({"is_silent": True}, "does not answer in time"),
    ],
)
def test_an_account_that_is_checked_is_left_as_it_is(
    manager, monkeypatch, options, expected
):
    monkeypatch.setattr(mail_tests, "SECONDS", 1)
    account = make_email_account()
    with empty_mailbox(**options) as port, session_of(manager):
        read_by_imap(account, port)
        began = monotonic()
        said = first_hour.check_mailbox(account.name)["sentence"]
    assert expected in said
    assert monotonic() - began < 10
    left = ["enable_incoming", "no_failed"]
    assert frappe.db.get_value("Email Account", account.name, left) == (1, 1)


def test_a_mailbox_without_mail_says_so_and_one_without_a_server(manager):
    account = make_email_account()
    with empty_mailbox() as port, session_of(manager):
        read_by_imap(account, port)
        said = first_hour.check_mailbox(account.name)["sentence"]
        assert "can be read. Mails in INBOX: 0." in said
        account.db_set({"email_server": ""})
        assert "is required" in first_hour.check_mailbox(account.name)["sentence"]


def test_mailboxes_that_can_be_read_say_what_waits(imap_account, account, mailbox):
    mailbox.deliver(b"Subject: Hello\n\nHello")
    said = first_hour.check_mailbox(imap_account.name)
    assert said["is_good"], said
    assert "INBOX: 1" in said["sentence"]
    by_pop = first_hour.check_mailbox(account.name)
    assert "POP3" in by_pop["sentence"]
    assert list(mailbox.seen) == []


def test_nobody_is_flooded(manager):
    with mail_server() as sink, session_of(manager):
        sending_by(sink.port)
        # A minute may turn meanwhile.
        said = [is_sent() for _number in range(2 * mail_tests.TESTS_A_MINUTE + 1)]
        assert not all(said)
        assert len(sink.raw) == sum(said) <= 2 * mail_tests.TESTS_A_MINUTE


def is_sent() -> bool:
    try:
        return first_hour.send_test()["is_good"]
    except TooManyRequests:
        return False


# Who


def test_a_manager_becomes_an_agent_once_and_joins_a_team():
    user = make_user_of_desk()
    frappe.get_doc("User", user).add_roles("Agent Manager")
    # As those that Helpdesk comes with.
    team = frappe.get_doc({"doctype": "HD Team", "team_name": "First"})
    team = team.insert(ignore_mandatory=True).name
    with session_of(user):
        with refused("Make yourself an agent first"):
            first_hour.join_team(team)
        for _twice in range(2):
            first_hour.become_agent()
            first_hour.join_team(team)
    assert frappe.db.count("HD Agent", {"user": user, "is_active": 1}) == 1
    members = frappe.get_all("HD Team Member", {"parent": team}, pluck="user")
    assert members == [user]
    assert "Agent" in frappe.get_roles(user)


def test_the_key_of_a_program_is_shown_once_and_never_replaced():
    frappe.delete_doc("User", people.PROGRAM, force=True, ignore_missing=True)
    key = first_hour.make_program()
    user = frappe.get_doc("User", key["user"])
    assert user.get_password("api_secret") == key["api_secret"]
    assert [row.role for row in user.roles] == ["Beesender Channel"]
    with refused("has a key already"):
        first_hour.make_program()
    with session_of(make_agent_manager()), pytest.raises(frappe.PermissionError):
        first_hour.make_program()


def test_uninstalling_takes_the_program_away_unless_it_does_more_by_now():
    frappe.delete_doc("User", people.PROGRAM, force=True, ignore_missing=True)
    people.remove_program()
    first_hour.make_program()
    user = frappe.get_doc("User", people.PROGRAM)
    user.add_roles("Agent")
    people.remove_program()
    assert frappe.db.exists("User", people.PROGRAM)
    user.remove_roles("Agent")
    people.remove_program()
    assert not frappe.db.exists("User", people.PROGRAM)
    assert not frappe.db.exists("Contact Email", {"email_id": people.PROGRAM})


# What is sold


def test_a_review_is_remembered_until_the_tier_changes():
    frappe.db.delete("View Log", {"reference_doctype": "Beesender Tier"})
    for name in frappe.get_all("Beesender Tier", pluck="name"):
        first_hour.review_tier(name)
    assert step("tiers")["state"] == "done"
    basic = frappe.get_doc("Beesender Tier", "Basic")
    basic.save()
    assert reviewed_tiers.changed() == set()
    basic.response_targets[0].hours += 1
    basic.save()
    assert reviewed_tiers.changed() == {"Basic"}
    shown = step("tiers")
    assert (shown["state"], shown["is_done"]) == ("to_look_at", True)
    first_hour.review_tier("Basic")
    assert step("tiers")["state"] == "done"


def test_a_calendar_of_the_country_has_the_next_year_and_is_made_once():
    frappe.db.set_default("country", "Germany")
    for _twice in range(2):
        said = first_hour.make_calendar()
    assert said["sentence"].startswith("Germany lists ")
    calendar = frappe.get_doc("Beesender Holiday Calendar", "Germany")
    assert calendar.last_year == calendar.first_year + 1
    assert step("calendar")["is_done"]
    frappe.db.set_default("country", None)
    with refused("not known"):
        first_hour.make_calendar()


def test_days_are_those_of_the_site():
    frappe.db.set_default("country", "Germany")
    with site_zone("Asia/Kamchatka"), clock_at("2026-12-31T20:00:00+00:00"):
        assert first_hour.choices()["starts_on"] == "2027-01-01"
        first_hour.make_calendar()
        calendar = frappe.get_doc("Beesender Holiday Calendar", "Germany")
        first_hour.put_in_samples()
    assert calendar.first_year == 2027
    sample = {"name": ("in", marked(SAMPLE_DATA)[PLAN])}
    starts = frappe.get_all(PLAN, sample, pluck="starts_on")
    began = {each.began for each in sample_clients(catalogue.tiers())}
    assert {date(2027, 1, 1) - each for each in starts} == began


def test_a_field_that_is_added_later_changes_no_tier():
    first_hour.review_tier("Basic")
    for fieldtype in ("Data", "Check", "Int", "Float", "Table MultiSelect"):
        field = {
            "fieldname": f"added_{frappe.scrub(fieldtype)}",
            "dt": "Beesender Tier",
        }
        options = "Has Role" if fieldtype == "Table MultiSelect" else None
        added = frappe.get_doc(
            {
                "doctype": "Custom Field",
                **field,
                "label": fieldtype,
                "fieldtype": fieldtype,
                "options": options,
            }
        )
        # Without a column, which could not be rolled back.
        added.flags.ignore_validate = True
        added.db_insert()
    frappe.clear_cache(doctype="Beesender Tier")
    try:
        basic = frappe.get_doc("Beesender Tier", "Basic")
        assert basic.meta.has_field("added_float")
        assert "Basic" not in reviewed_tiers.changed()
    finally:
        frappe.db.rollback()
        frappe.clear_cache(doctype="Beesender Tier")


def review_business() -> None:
    reviewed_tiers.note_reviewed("Business")


def reviews() -> str | None:
    return frappe.db.get_single_value(SETTINGS, reviewed_tiers.FIELD, cache=False)


def set_reviews(stored: str | None) -> None:
    frappe.db.set_single_value(SETTINGS, reviewed_tiers.FIELD, stored)


def test_of_two_reviews_at_once_none_is_lost():
    frappe.db.rollback()
    before = reviews()
    try:
        assert in_process(set_reviews, None) is None
        frappe.db.rollback()
        assert reviewed_tiers.reviewed() == set()
        # Committed by somebody else since this transaction began to read.
        assert in_process(review_business) is None
        reviewed_tiers.note_reviewed("Basic")
        stored = frappe.db.get_singles_dict(SETTINGS, for_update=True)
        noted = frappe.parse_json(stored[reviewed_tiers.FIELD])
        assert set(noted) == {"Basic", "Business"}
    finally:
        frappe.db.rollback()
        in_process(set_reviews, before)


def test_the_first_plan_comes_with_its_customer_and_contact():
    with session_of(make_agent_manager()):
        sold = first_hour.sell_first(**FIRST)
    plan = frappe.get_doc(PLAN, sold["plan"])
    assert (plan.customer, plan.tier, plan.status) == (
        FIRST["customer"],
        "Business",
        "Active",
    )
    assert [row.contact for row in plan.authorized_contacts] == [sold["contact"]]
    member = {"parent": sold["customer"], "contact_name": sold["contact"]}
    assert frappe.db.exists("HD Customer Member", member)
    with refused("has a plan already"):
        first_hour.sell_first(**FIRST)


@pytest.mark.parametrize(
    "wrong",
    [
        {"customer": " "},
        {"address": "Anna"},
        {"tier": "No such tier"},
        {"time_zone": "Mars"},
        {"starts_on": "2999-99-99"},
        {"starts_on": "1700-01-01"},
        {"calendar": "No such calendar"},
    ],
)
def test_whatever_is_refused_nothing_is_made(wrong):
    before = [frappe.db.count(each) for each in (CUSTOMER, "Contact", PLAN)]
    with pytest.raises(frappe.ValidationError):
        first_hour.sell_first(**{**FIRST, **wrong})
    after = [frappe.db.count(each) for each in (CUSTOMER, "Contact", PLAN)]
    assert after == before


def test_a_contact_who_wrote_before_is_taken():
    contact = frappe.get_doc(
        {
            "doctype": "Contact",
            "first_name": "Anna",
            "email_ids": [{"email_id": FIRST["address"], "is_primary": 1}],
        }
    ).insert()
    assert first_hour.sell_first(**FIRST)["contact"] == contact.name


def test_a_contact_of_the_customer_is_taken():
    contact = make_contact(make_customer(FIRST["customer"]), FIRST["address"])
    assert first_hour.sell_first(**FIRST)["contact"] == contact


def test_a_contact_of_another_customer_gets_no_seat():
    make_contact(make_customer("Second Client"), FIRST["address"])
    with refused("is a contact of Second Client already"):
        first_hour.sell_first(**FIRST)
    assert not frappe.db.exists(CUSTOMER, FIRST["customer"])


def test_support_gets_no_seat_on_the_first_plan():
    manager = make_agent_manager()
    for address in (manager, manager.upper()):
        with session_of(manager), refused("is not an address at which"):
            first_hour.sell_first(**{**FIRST, "address": address})
    contact = make_contact(make_customer(), FIRST["address"])
    frappe.db.set_value("Contact", contact, "user", manager)
    with refused("is a support agent, and gets no seat"):
        first_hour.sell_first(**FIRST)
    assert not frappe.db.exists(CUSTOMER, FIRST["customer"])


# A request


def only_plan_of(client: dict) -> None:
    others = {"name": ("!=", client["plan"].name)}
    for name in frappe.get_all(PLAN, others, pluck="name"):
        frappe.db.set_value(PLAN, name, "status", "Draft")


def test_a_test_request_says_what_its_client_would_be_told_and_goes_whole():
    client = make_client(tier="Premium")
    only_plan_of(client)
    mailed = frappe.db.count("Email Queue")
    said = first_hour.try_request()
    assert said["is_good"]
    assert "Support answers by" in said["sentence"]
    ticket = frappe.get_doc(TICKET, said["ticket"])
    assert (ticket.customer, ticket.contact) == (client.customer, client.contact)
    assert step("test_request")["state"] == "to_look_at"
    with refused("already"):
        first_hour.try_request()
    assert frappe.db.count("Email Queue") == mailed
    for _twice in range(2):
        first_hour.remove_test_request()
    assert not frappe.db.exists(TICKET, said["ticket"])
    about = {"reference_doctype": TICKET, "reference_name": said["ticket"]}
    assert not frappe.db.exists("Communication", about)
    assert step("test_request")["state"] == "done"


def test_a_plan_that_cannot_be_read_is_not_tried_and_keeps_none_from_it():
    unreadable = make_client(tier="Premium")
    client = make_client(tier="Premium")
    only_plan_of(client)
    unreadable.plan.db_set({"status": "Active", "time_zone": "Mars"})
    said = first_hour.try_request()
    assert frappe.db.get_value(TICKET, said["ticket"], "customer") == client.customer


@pytest.mark.parametrize(
    "values",
    [
        {"starts_on": "2026-12-01"},
        {"ends_on": "2026-11-23"},
        {"authorized_contacts": []},
    ],
)
def test_a_plan_that_takes_no_request_today_is_not_tried(values):
    with clock_at("2026-11-24T12:00:00+03:00"):
        client = make_client()
        only_plan_of(client)
        plan = frappe.get_doc(PLAN, client.plan.name)
        plan.update(values).save()
        assert trial.plan_to_try() is None


def test_without_a_plan_that_seats_somebody_there_is_nothing_to_try():
    client = make_client()
    only_plan_of(client)
    client.plan.db_set("status", "Suspended")
    frappe.clear_document_cache(PLAN, client.plan.name)
    with refused("No plan in force"):
        trial.try_out()


def test_people_on_a_plan_are_invited_by_a_click():
    make_email_account().db_set({"enable_outgoing": 1, "default_outgoing": 1})
    customer = make_customer()
    contact = make_contact(customer)
    plan = make_plan(customer, [contact])
    said = first_hour.invite(plan.name)
    assert contact in said["sentence"]
    assert contact in first_hour.invite(plan.name)["sentence"]


# For whom


CALLS = (
    (first_hour.send_test, {}),
    (first_hour.check_mailbox, {"record": "x"}),
    (first_hour.become_agent, {}),
    (first_hour.join_team, {"record": "x"}),
    (first_hour.review_tier, {"record": "Basic"}),
    (first_hour.make_calendar, {}),
    (first_hour.choices, {}),
    (first_hour.sell_first, FIRST),
    (first_hour.invite, {"record": "x"}),
    (first_hour.try_request, {}),
    (first_hour.remove_test_request, {}),
    (first_hour.make_program, {}),
)


@pytest.mark.parametrize("make_person", [make_agent, make_portal_user, None])
def test_agents_clients_and_guests_can_do_none_of_it(make_person):
    person = "Guest"
    if make_person:
        person = make_person(f"{frappe.generate_hash(length=8)}@example.com")
    for call, args in CALLS:
        with session_of(person), pytest.raises(frappe.PermissionError):
            call(**args)


def test_what_changes_something_is_only_posted():
    for call, _args in CALLS:
        if call is not first_hour.choices:
            assert frappe.allowed_http_methods_for_whitelisted_func[call] == ["POST"]
