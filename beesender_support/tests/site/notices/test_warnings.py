"""Warnings and breaches on a site: who hears of them, once, and when."""

import frappe
import frappe.cache_manager
import pytest

from beesender_support.enforcement.notices import ticket_pass
from beesender_support.enforcement.outgoing import mailer
from beesender_support.records.notices.ticket_facts import NEXT_NOTICE
from beesender_support.tests.site.factories import (
    FRIDAY_1730,
    answer,
    clock_at,
    make_agent,
    make_client,
    make_p1,
    make_team,
    refused,
    session_of,
)

LOG, SETTINGS = "Beesender Notice Log", "Beesender Support Settings"
# Of four hours from Friday 17:30.
AT_50, AT_75, AT_90 = (
    f"2026-11-23T{time}+03:00" for time in ("10:30:00", "11:30:00", "12:06:00")
)
A_SECOND_LATE = "2026-11-23T12:30:01+03:00"
KINDS = ("promise_warning", "promise_breached")


@pytest.fixture
def ticket(client):
    return make_p1(client)


def assign(ticket):
    agent = make_agent()
    with clock_at(FRIDAY_1730):
        frappe.get_doc(
            {
                "doctype": "ToDo",
                "reference_type": "HD Ticket",
                "reference_name": ticket.name,
                "allocated_to": agent,
                "description": "Look",
            }
        ).insert(ignore_permissions=True)
    return agent


def a_pass_at(stamp):
    with clock_at(stamp):
        ticket_pass.say_what_is_owed()


def logged(ticket):
    return [
        (row.share, row.outcome)
        for row in frappe.get_all(
            LOG,
            {"ticket": ticket.name, "kind": ("in", KINDS)},
            ["share", "outcome"],
            order_by="owed_at",
        )
    ]


def bell_of(user, ticket):
    return frappe.get_all(
        "HD Notification",
        {"user_to": user, "reference_ticket": ticket.name},
        pluck="message",
        order_by="creation",
    )


def test_a_notice_that_fails_holds_up_no_other_and_is_said_later(ticket, monkeypatch):
    agent = assign(ticket)
    record = mailer.notice_log.record

    def broken_once(**fields):
        if fields["kind"] == "promise_breached":
            raise RuntimeError("this one cannot be said")
        return record(**fields)

    monkeypatch.setattr(mailer.notice_log, "record", broken_once)
    a_pass_at(A_SECOND_LATE)
    assert logged(ticket) == [(50, "Missed"), (75, "Missed"), (90, "Missed")]
    assert frappe.db.exists("Error Log", {"reference_name": ticket.name})
    retried_at = frappe.db.get_value("HD Ticket", ticket.name, NEXT_NOTICE)
    assert retried_at
    monkeypatch.undo()
    a_pass_at("2026-11-23T12:31:00+03:00")
    assert len(logged(ticket)) == 3
    a_pass_at("2026-11-23T12:35:02+03:00")
    assert logged(ticket)[-1] == (100, "Sent")
    assert len(bell_of(agent, ticket)) == 1


def test_each_share_is_said_once_to_whoever_has_the_ticket(ticket):
    agent = assign(ticket)
    for stamp in (
        FRIDAY_1730,
        AT_50,
        AT_50,
        AT_75,
        AT_90,
        A_SECOND_LATE,
        A_SECOND_LATE,
    ):
        a_pass_at(stamp)
    assert logged(ticket) == [
        (50, "Sent"),
        (75, "Sent"),
        (90, "Sent"),
        (100, "Sent"),
    ]
    rings = bell_of(agent, ticket)
    assert len(rings) == 4
    assert rings[0].startswith("50 % used: First answer")
    assert rings[3].startswith("Promise broken: First answer")


def test_a_ticket_sleeps_until_it_owes_something(ticket):
    a_pass_at(FRIDAY_1730)
    due = frappe.db.get_value("HD Ticket", ticket.name, NEXT_NOTICE)
    assert str(due) == "2026-11-23 07:30:00"
    a_pass_at(A_SECOND_LATE)
    assert frappe.db.get_value("HD Ticket", ticket.name, NEXT_NOTICE) is None


def test_nobody_there_to_hear_is_logged_and_not_tried_again(ticket):
    a_pass_at(AT_50)
    a_pass_at(AT_50)
    assert logged(ticket) == [(50, "Nobody")]


def test_an_answer_ends_the_warnings_and_what_it_overtook_is_missed(ticket):
    assign(ticket)
    a_pass_at(AT_50)
    with clock_at("2026-11-23T11:45:00+03:00"):
        answer(ticket)
    a_pass_at("2026-11-23T11:46:00+03:00")
    assert logged(ticket) == [(50, "Sent"), (75, "Missed")]
    a_pass_at("2026-11-24T11:46:00+03:00")
    assert len(logged(ticket)) == 2


def test_after_a_day_without_a_pass_the_last_is_said(ticket):
    assign(ticket)
    a_pass_at("2026-11-24T12:00:00+03:00")
    assert logged(ticket) == [
        (50, "Missed"),
        (75, "Missed"),
        (90, "Missed"),
        (100, "Sent"),
    ]


def test_a_clock_that_is_set_back_says_nothing_twice(ticket):
    agent = assign(ticket)
    a_pass_at(AT_75)
    frappe.db.set_value("HD Ticket", ticket.name, NEXT_NOTICE, "2026-11-01 00:00:00")
    for stamp in (AT_50, AT_75):
        a_pass_at(stamp)
    assert logged(ticket) == [(50, "Missed"), (75, "Sent")]
    assert len(bell_of(agent, ticket)) == 1


def test_what_was_crossed_before_an_upgrade_is_not_said(ticket):
    assign(ticket)
    frappe.db.set_single_value(SETTINGS, "notices_since", "2026-11-23 09:00:00")
    a_pass_at(AT_90)
    assert logged(ticket) == [(90, "Sent")]


def test_edited_shares_count_from_the_next_pass(ticket):
    a_pass_at(FRIDAY_1730)
    settings = frappe.get_doc(SETTINGS)
    settings.warning_percents = "20"
    with clock_at(FRIDAY_1730):
        settings.save()
        assert frappe.db.get_value("HD Ticket", ticket.name, NEXT_NOTICE)
    a_pass_at("2026-11-23T09:20:00+03:00")
    assert [share for share, _outcome in logged(ticket)] == [20]


def test_a_tier_may_have_shares_of_its_own(ticket):
    tier = frappe.get_doc("Beesender Tier", "Basic")
    tier.warning_percents = "60, 80"
    with clock_at(FRIDAY_1730):
        tier.save()
    for stamp in (AT_50, "2026-11-23T10:54:00+03:00"):
        a_pass_at(stamp)
    assert [share for share, _outcome in logged(ticket)] == [60]


@pytest.mark.parametrize("doctype", [SETTINGS, "Beesender Tier"])
def test_impossible_shares_are_refused_with_a_sentence(doctype):
    name = SETTINGS if doctype == SETTINGS else "Basic"
    doc = frappe.get_doc(doctype, name)
    doc.warning_percents = "50, 120"
    with refused("whole percentages from 1 to 99"):
        doc.save()


@pytest.fixture
def _assignment_rules_forgotten():
    """Helpdesk makes a rule with each team, and Frappe remembers it past a rollback."""
    yield
    frappe.cache_manager.clear_doctype_map("Assignment Rule", "HD Ticket")


@pytest.mark.usefixtures("_assignment_rules_forgotten")
def test_the_team_lead_and_the_success_manager_hear_of_what_is_nearly_broken():
    manager, lead, member = make_agent(), make_agent(), make_agent()
    ticket = make_p1(make_client(success_manager=manager))
    team = make_team(member, beesender_lead=lead)
    ticket.db_set("agent_group", team, update_modified=False)
    a_pass_at(AT_75)
    assert bell_of(member, ticket)
    assert not bell_of(manager, ticket)
    assert not bell_of(lead, ticket)
    a_pass_at(AT_90)
    assert len(bell_of(manager, ticket)) == 1
    assert len(bell_of(lead, ticket)) == 1


def test_another_language_is_spoken_to_whoever_chose_it(ticket):
    agent = assign(ticket)
    frappe.db.set_value("User", agent, "language", "ru")
    a_pass_at(AT_50)
    assert bell_of(agent, ticket)[0].startswith("Использовано 50 % времени: Первый")


def test_a_client_cannot_read_the_log_or_run_the_pass(client, ticket):
    with session_of(client.email):
        with pytest.raises(frappe.PermissionError):
            frappe.get_list(LOG)
        assert not getattr(ticket_pass.say_what_is_owed, "whitelisted", False)
        method = "beesender_support.enforcement.notices.ticket_pass.say_what_is_owed"
        with pytest.raises(frappe.PermissionError):
            frappe.is_whitelisted(frappe.get_attr(method))
