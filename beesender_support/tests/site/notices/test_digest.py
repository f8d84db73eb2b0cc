"""The digest of each morning: to whom, when, once, and what it says."""

import re
from email import message_from_string
from email.header import decode_header, make_header

import frappe
import pytest
from frappe.cache_manager import clear_doctype_map

from beesender_support.enforcement.kept import kept_notice
from beesender_support.enforcement.notices import digest
from beesender_support.enforcement.readiness.sample_records import (
    SAMPLE_DATA,
    TEST_REQUEST,
    mark,
)
from beesender_support.enforcement.safety import dead_mail
from beesender_support.tests.site.factories import (
    clock_at,
    held_mail,
    make_agent,
    make_agent_manager,
    make_client,
    make_p1,
    make_ticket,
)
from beesender_support.tests.site.statements import noted

NOTICE, NOTICE_LOG, LOG = (
    "Beesender Notice",
    "Beesender Notice Log",
    "Beesender Admission Log",
)
# Basic, GMT+3: raised at nine, due at one in the afternoon.
BEFORE_IT, MORNING = "2026-11-24T07:59+03:00", "2026-11-24T08:01:00.000001+03:00"
DAY = "2026-11-24"


@pytest.fixture(autouse=True)
def account():
    frappe.db.delete(NOTICE_LOG)
    frappe.db.delete("Email Queue")
    frappe.cache.delete_value(digest.QUIET_MORNINGS)
    if not frappe.db.exists("Email Account", {"default_outgoing": 1}):
        frappe.get_doc(
            {
                "doctype": "Email Account",
                "email_account_name": "Outgoing of tests",
                "email_id": "outgoing@example.com",
                "password": "not-used",
                "enable_outgoing": 1,
                "default_outgoing": 1,
                "smtp_server": "smtp.example.com",
            }
        ).insert()
    clear_doctype_map("Assignment Rule", "HD Ticket")
    yield
    frappe.cache.delete_value(digest.QUIET_MORNINGS)
    # Helpdesk makes one for each team; what is cached outlives the test.
    clear_doctype_map("Assignment Rule", "HD Ticket")


@pytest.fixture
def is_on():
    frappe.get_doc(NOTICE, "digest").update({"enabled": 1}).save()


def make_team(*agents, zone=None, lead=None):
    return frappe.get_doc(
        {
            "doctype": "HD Team",
            "team_name": f"Team {frappe.generate_hash(length=6)}",
            "users": [{"user": each} for each in agents],
            "beesender_time_zone": zone,
            "beesender_lead": lead,
        }
    ).insert()


def told(kind="digest"):
    """The recipients of each notice of this kind, by key."""
    rows = frappe.get_all(
        NOTICE_LOG, {"kind": kind, "outcome": "Sent"}, ["key", "recipients"]
    )
    return {row.key: set(row.recipients.split("\n")) for row in rows}


def mail_to(address, kind="digest"):
    """The last mail of this kind to an address: message, plain text and HTML."""
    found = []
    for name in frappe.get_all("Email Queue", pluck="name", order_by="creation"):
        queued = frappe.get_doc("Email Queue", name)
        message = message_from_string(queued.message)
        is_of_kind = message["X-Auto-Generated"] == f"beesender-{kind}"
        if is_of_kind and address in [row.recipient for row in queued.recipients]:
            found.append(message)
    [message] = found
    parts = {
        part.get_content_type(): part.get_payload(decode=True).decode()
        for part in message.walk()
        if not part.is_multipart()
    }
    return message, parts["text/plain"], parts["text/html"]


def due_today(client, **fields):
    return make_p1(client, f"{DAY}T07:30+03:00", **fields)


def test_a_team_reads_of_its_own_requests_once_in_its_morning(client, is_on):
    mine, other = make_agent(), make_agent()
    team = make_team(mine, zone="Europe/Moscow")
    make_team(other, zone="Europe/Moscow")
    ticket = due_today(client, agent_group=team.name)
    with clock_at(BEFORE_IT):
        digest.send_digests()
    assert not told()
    for _run in range(2):
        with clock_at(MORNING):
            digest.send_digests()
    [(key, recipients)] = [
        each for each in told().items() if each[0] == f"digest/{DAY}/{team.name}"
    ]
    assert key
    assert recipients == {mine}
    # Nothing is said to a team of which nothing is to be said.
    assert not any(other in each for each in told().values())
    message, text, html = mail_to(mine)
    assert team.name in str(message["Subject"])
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] is None
    assert "Due today: 1" in html
    assert f"/helpdesk/tickets/{ticket.name}" in html
    assert ticket.subject in text


def test_the_next_day_brings_the_next_one_and_downtime_only_the_last(client, is_on):
    agent = make_agent()
    team = make_team(agent, zone="Europe/Moscow")
    held = held_mail(client)
    frappe.db.set_value("HD Ticket", held.name, "agent_group", team.name)
    for stamp in (MORNING, "2026-11-28T15:00+03:00"):
        with clock_at(stamp):
            digest.send_digests()
    days = sorted(key.split("/")[1] for key in told() if team.name in key)
    assert days == [DAY, "2026-11-28"]


def test_a_quiet_morning_has_no_digest_in_the_afternoon(client, is_on):
    team = make_team(make_agent(), zone="Europe/Moscow")
    with clock_at(MORNING):
        digest.send_digests()
    held = held_mail(client)
    frappe.db.set_value("HD Ticket", held.name, "agent_group", team.name)
    with clock_at(f"{DAY}T15:00+03:00"):
        digest.send_digests()
    assert not [key for key in told() if team.name in key]


def test_managers_read_one_of_all_teams_and_of_the_site(client, is_on):
    manager, agent = make_agent_manager(), make_agent()
    team = make_team(manager, agent, zone="Europe/Moscow")
    ticket = due_today(client, agent_group=team.name)
    held = held_mail(client)
    soon = make_client(ends_on="2026-12-10")
    over = make_client()
    frappe.db.set_value("Beesender Tier", "Basic", "authorized_contact_limit", 2)
    plan = over.plan.reload()
    plan.db_set("over_quota_since", "2026-11-20")
    for number in range(3):
        contact = frappe.get_doc(
            {"doctype": "Contact", "first_name": f"Over {number}"}
        ).insert()
        row = plan.append("authorized_contacts", {"contact": contact.name})
        row.db_insert()
    frappe.get_doc(
        {"doctype": LOG, **dead_mail.fault("Error Log/of digest", "OSError: gone")}
    ).insert(ignore_permissions=True)
    with clock_at(f"{DAY}T12:00+03:00"):
        digest.send_digests()
    recipients = told()
    assert manager in recipients[f"digest/{DAY}/"]
    assert recipients[f"digest/{DAY}/{team.name}"] == {agent}
    _message, _text, html = mail_to(manager)
    titles = dict(re.findall(r"<h3[^>]*>([^:<]+): (\d+)</h3>", html))
    assert {
        "Due today",
        "Waiting for admission",
        "Kept and not registered",
        "Plans ending soon",
        "More seats than the plan includes",
    } <= set(titles)
    for said in (
        f"/helpdesk/tickets/{ticket.name}",
        f"/helpdesk/tickets/{held.name}",
        f"{soon.customer}: ends on",
        f"{over.customer}: 4 of 2 seats",
        "queue_state=Open",
    ):
        assert said in html, said


def test_promises_broken_yesterday_and_at_risk_are_told(client, is_on):
    agent = make_agent()
    team = make_team(agent, zone="Europe/Moscow")
    broken = make_p1(client, "2026-11-23T09:00+03:00", agent_group=team.name)
    risky = make_p1(client, "2026-11-23T17:30+03:00", agent_group=team.name)
    frappe.db.set_value(
        "HD Ticket", broken.name, "beesender_response_state", "Breached"
    )
    frappe.db.set_value("HD Ticket", risky.name, "beesender_response_state", "At risk")
    with clock_at(MORNING):
        digest.send_digests()
    _message, _text, html = mail_to(agent)
    assert html.index("Promises broken yesterday: 1") < html.index("At risk: 1")
    assert "Due today" not in html


def test_nobody_is_told_of_samples_and_tests(client, is_on):
    agent, manager = make_agent(), make_agent_manager()
    team = make_team(agent, zone="Europe/Moscow")
    sample = due_today(client, agent_group=team.name)
    ending = make_client(ends_on="2026-12-10")
    mark(sample, TEST_REQUEST)
    mark(ending.plan, SAMPLE_DATA)
    with clock_at(MORNING):
        digest.send_digests()
    assert f"digest/{DAY}/{team.name}" not in told()
    real = due_today(client, agent_group=team.name)
    with clock_at(f"{DAY}T12:00+03:00"):
        audiences = digest._due(digest.now())
        requests = digest._requests_for(audiences)
        plans = {each.plan.name for each in digest._plans(digest.now())}
    assert str(real.name) in requests
    assert str(sample.name) not in requests
    assert ending.plan.name not in plans
    assert manager in {each.user for people in audiences for each in people.members}


def test_it_is_off_as_shipped_and_leaves_no_trace(client):
    frappe.get_doc(NOTICE, "digest").update({"enabled": 0}).save()
    make_agent_manager()
    held_mail(client)
    with clock_at(MORNING):
        digest.send_digests()
    assert not frappe.db.count(NOTICE_LOG, {"kind": "digest"})


def test_whoever_wants_no_mail_gets_none(client, is_on):
    agent, quiet = make_agent(), make_agent()
    frappe.db.set_value("HD Agent", quiet, "beesender_notices_by_mail", "Never")
    team = make_team(agent, quiet, zone="Europe/Moscow")
    due_today(client, agent_group=team.name)
    with clock_at(MORNING):
        digest.send_digests()
    assert told()[f"digest/{DAY}/{team.name}"] == {agent}


def test_the_reader_reads_their_own_language_and_nothing_is_markup(client, is_on):
    agent = make_agent()
    frappe.db.set_value("User", agent, "language", "ru")
    team = make_team(agent, zone="Europe/Moscow")
    due_today(client, agent_group=team.name, subject="<b>No</b> chats & co")
    with clock_at(MORNING):
        digest.send_digests()
    message, _text, html = mail_to(agent)
    assert "Срок сегодня: 1" in html
    assert "chats &amp; co" in html
    assert "<b>No</b>" not in html
    subject = str(make_header(decode_header(message["Subject"])))
    assert "что сегодня" in subject
    assert "24 ноября" in subject


def test_it_asks_no_more_of_many_teams_than_of_one(client, is_on):
    def count(run):
        with noted() as statements:
            run()
        return len(statements)

    def read():
        audiences = digest._not_told(digest._due(digest.now()))
        digest._requests_for(audiences)
        digest._plans(digest.now())

    make_team(make_agent(), zone="Europe/Moscow")
    with clock_at(MORNING):
        read()
        one = count(read)
        for zone in ("GMT+3", "Europe/Berlin", "Asia/Tokyo"):
            make_team(make_agent(), zone=zone)
        many = count(read)
    assert many <= one


# Kept mail


def keep(number, stamp):
    with clock_at(stamp):
        raw = f"From: a{number}@example.com\nSubject: Lost <{number}>\n\nText"
        frappe.get_doc(
            {"doctype": LOG, **dead_mail.entry(f"Mail/notice {number}", raw, "x")}
        ).insert(ignore_permissions=True)


def tell(stamp):
    with clock_at(stamp):
        kept_notice.tell_managers()


def test_managers_are_told_at_once_and_then_once_an_hour_of_what_is_new():
    frappe.db.delete(LOG)
    manager = make_agent_manager()
    tell("2026-11-24T10:00+03:00")
    assert not told("mail_kept")
    keep(1, "2026-11-24T10:01+03:00")
    for stamp in ("10:02", "10:04"):
        tell(f"2026-11-24T{stamp}+03:00")
    assert len(told("mail_kept")) == 1
    message, _text, html = mail_to(manager, "mail_kept")
    assert str(message["Subject"]).endswith("not be registered: 1")
    assert "Lost &lt;1&gt;" in html
    keep(2, "2026-11-24T10:10+03:00")
    tell("2026-11-24T10:30+03:00")
    assert len(told("mail_kept")) == 1
    tell("2026-11-24T11:03+03:00")
    assert len(told("mail_kept")) == 2
    # Nothing new: it is not said again.
    tell("2026-11-24T15:00+03:00")
    assert len(told("mail_kept")) == 2


def test_what_was_decided_is_not_told():
    frappe.db.delete(LOG)
    make_agent_manager()
    keep(1, "2026-11-24T10:01+03:00")
    frappe.db.set_value(LOG, {"queue_state": "Open"}, "queue_state", "Dismissed")
    tell("2026-11-24T10:05+03:00")
    assert not frappe.db.count(NOTICE_LOG, {"kind": "mail_kept"})


def test_a_plain_ticket_is_in_no_digest(is_on):
    agent = make_agent()
    team = make_team(agent, zone="Europe/Moscow")
    client = make_client()
    client.plan.reload().update({"status": "Draft"}).save()
    ticket = make_ticket(client, agent_group=team.name)
    assert not ticket.beesender_admission
    with clock_at(MORNING):
        digest.send_digests()
    assert not [key for key in told() if team.name in key]
