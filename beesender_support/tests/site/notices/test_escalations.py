"""Escalation rules on a site: who is told of what, what is done, and each once."""

from unittest.mock import patch

import frappe
import pytest
from frappe.cache_manager import clear_doctype_map
from frappe.desk.form.assign_to import clear

from beesender_support.api import agent as api
from beesender_support.enforcement.notices import escalation_actions
from beesender_support.enforcement.notices.ticket_pass import look_at
from beesender_support.enforcement.notices.urgent import JOB
from beesender_support.enforcement.requests import held_requests
from beesender_support.policy.notices.staff import CHOICES
from beesender_support.records.notices.ticket_facts import NEXT_NOTICE
from beesender_support.records.site_time import from_column, instant_of
from beesender_support.screens.workspace import first_steps
from beesender_support.setup.escalation_rules import RULES, add_escalation_rules
from beesender_support.tests.site.factories import (
    AFTER_P1,
    FRIDAY_1730,
    MONDAY_10,
    P1_DUE,
    answer,
    clock_at,
    make_agent,
    make_client,
    make_contact,
    make_p1,
    make_portal_user,
    make_team,
    make_ticket,
    make_user_of_desk,
    refused,
    session_of,
)

RULE, LOG = "Beesender Escalation Rule", "Beesender Notice Log"
KINDS = ("escalated", "urgent_request")
# Long before any ticket of the tests.
BEFORE = "2026-11-01T09:00:00+03:00"
# Ninety percent of four support hours from Friday 17:30.
AT_90 = "2026-11-23T12:06:00+03:00"


@pytest.fixture(autouse=True)
def _alone(site):
    """No rule of the site's own, nothing said without one, and notices on since long
    before the tests' clock."""
    frappe.db.set_value(RULE, {"enabled": 1}, "enabled", 0)
    others = {"name": ("in", ["promise_warning", "promise_breached"])}
    frappe.db.set_value("Beesender Notice", others, "enabled", 0)
    frappe.db.set_single_value("Beesender Support Settings", "notices_since", "")
    # What Frappe keeps of the teams of a test that was rolled back.
    clear_doctype_map("Assignment Rule", "HD Ticket")


def make_rule(event="Breach", at=BEFORE, **values):
    with clock_at(at):
        return frappe.get_doc(
            {
                "doctype": RULE,
                "title": f"On {event}",
                "event": event,
                "enabled": 1,
                **values,
            }
        ).insert()


def make_held(client):
    """Of a colleague without a seat."""
    ticket = make_ticket(client, contact=make_contact(client.customer))
    assert ticket.beesender_admission == "Held"
    return ticket


def escalated(ticket):
    return frappe.get_all(
        LOG,
        {"ticket": ticket.name, "kind": ("in", KINDS)},
        ["kind", "outcome", "recipients", "details", "subject", "key", "target"],
        order_by="creation, `tabBeesender Notice Log`.`key`",
    )


def pass_at(stamp, *tickets):
    for ticket in tickets:
        ticket.db_set(NEXT_NOTICE, "2020-01-01", update_modified=False)
    with clock_at(stamp):
        look_at([each.name for each in tickets])


def bells(user):
    return frappe.get_all(
        "HD Notification", {"user_to": user}, ["message", "reference_ticket"]
    )


def next_look(ticket):
    return from_column(frappe.db.get_value("HD Ticket", ticket.name, NEXT_NOTICE))


# Events


def test_a_breach_tells_whom_the_rule_names_once(client):
    agent = make_agent()
    make_rule(users=[{"user": agent}])
    ticket = make_p1(client)
    pass_at(MONDAY_10, ticket)
    assert not escalated(ticket)
    assert next_look(ticket) <= instant_of("2026-11-23T12:30:01+03:00")
    pass_at(AFTER_P1, ticket)
    pass_at(AFTER_P1, ticket)
    [row] = escalated(ticket)
    assert (row.kind, row.outcome, row.target) == ("escalated", "Sent", "first_answer")
    assert agent in row.recipients.split("\n")
    [bell] = bells(agent)
    assert "the promise is broken" in bell.message
    assert bell.reference_ticket == ticket.name


def test_at_the_deadline_itself_nothing_is_broken_yet(client):
    make_rule(users=[{"user": make_agent()}])
    ticket = make_p1(client)
    pass_at(P1_DUE, ticket)
    assert not escalated(ticket)


def test_a_warning_comes_at_its_share_of_the_working_time(client):
    agent = make_agent()
    make_rule("Warning", share=90, users=[{"user": agent}])
    ticket = make_p1(client)
    pass_at(MONDAY_10, ticket)
    assert not escalated(ticket)
    assert next_look(ticket) <= instant_of(AT_90)
    pass_at(AT_90, ticket)
    [row] = escalated(ticket)
    assert "90 %" in row.subject


def test_what_was_answered_before_anybody_could_be_told_is_missed(client):
    make_rule("Registered", priority="P1", users=[{"user": make_agent()}])
    make_rule("Warning", share=50, users=[{"user": make_agent()}])
    ticket = make_p1(client)
    with clock_at("2026-11-23T12:00:00+03:00"):
        answer(ticket)
    pass_at(AFTER_P1, ticket)
    assert [row.outcome for row in escalated(ticket)] == ["Missed", "Missed"]


def test_a_promise_that_was_kept_breaks_no_rule(client):
    make_rule(users=[{"user": make_agent()}])
    ticket = make_p1(client)
    with clock_at(MONDAY_10):
        answer(ticket)
    pass_at(AFTER_P1, ticket)
    assert not escalated(ticket)
    assert next_look(ticket) is None


def test_what_happened_before_a_rule_was_switched_on_is_none_of_its_events(client):
    ticket = make_p1(client)
    make_rule("Registered", at=MONDAY_10, users=[{"user": make_agent()}])
    breach = make_rule("Breach", at=MONDAY_10, users=[{"user": make_agent()}])
    pass_at(MONDAY_10, ticket)
    assert not escalated(ticket)
    pass_at(AFTER_P1, ticket)
    [row] = escalated(ticket)
    assert row.key.startswith(f"{breach.name}/")


def test_switching_a_rule_on_wakes_sleeping_tickets_up(client):
    ticket = make_p1(client)
    frappe.db.set_value("HD Ticket", ticket.name, NEXT_NOTICE, None)
    make_rule(users=[{"user": make_agent()}])
    assert next_look(ticket)


def test_a_most_urgent_request_is_told_at_once_to_those_on_duty(client):
    agent = make_agent()
    on_duty(agent)
    make_rule("Registered", priority="P1", tell_on_duty=1)
    ticket = make_p1(client)
    pass_at(FRIDAY_1730, ticket)
    [row] = escalated(ticket)
    assert (row.kind, row.outcome) == ("urgent_request", "Sent")
    [bell] = bells(agent)
    assert ticket.subject in bell.message


def test_one_that_becomes_most_urgent_later_is_told_then(client):
    on_duty(make_agent())
    make_rule("Registered", priority="P1", tell_on_duty=1)
    ticket = make_p1(client, beesender_priority="P3")
    pass_at(FRIDAY_1730, ticket)
    assert not escalated(ticket)
    with clock_at(MONDAY_10):
        ticket.reload().update({"beesender_priority": "P1"}).save()
    pass_at(MONDAY_10, ticket)
    assert [row.kind for row in escalated(ticket)] == ["urgent_request"]


def test_a_held_request_is_told_at_once_and_again_when_it_waits_too_long(client):
    agent = make_agent()
    make_rule("Held", users=[{"user": agent}])
    make_rule("Held longer", support_hours=2, users=[{"user": agent}])
    with clock_at(FRIDAY_1730):
        ticket = make_held(client)
    pass_at(FRIDAY_1730, ticket)
    assert len(escalated(ticket)) == 1
    # Half an hour of Friday, and an hour and a half of Monday.
    assert next_look(ticket) == instant_of("2026-11-23T10:30:00+03:00")
    pass_at("2026-11-23T10:30:00+03:00", ticket)
    assert len(escalated(ticket)) == 2
    assert next_look(ticket) is None


def test_an_admitted_request_does_not_wait_too_long(client):
    make_rule("Held longer", support_hours=2, users=[{"user": make_agent()}])
    with clock_at(FRIDAY_1730):
        ticket = make_held(client)
        held_requests.admit_once(held_requests.locked(ticket.name))
    pass_at(AFTER_P1, ticket)
    assert not escalated(ticket)


def test_what_was_said_of_a_deleted_ticket_was_not_said_of_the_next(client):
    make_rule(users=[{"user": make_agent()}])
    first = make_p1(client)
    pass_at(AFTER_P1, first)
    assert len(escalated(first)) == 1
    frappe.delete_doc("HD Ticket", first.name, force=True)
    assert not escalated(first)


# For which requests


@pytest.mark.parametrize(
    ("condition", "applies"),
    [
        ({"tier": "Basic"}, True),
        ({"tier": "Premium"}, False),
        ({"priority": "P1"}, True),
        ({"priority": "P2"}, False),
        ({"category": "Incident"}, True),
        ({"category": "Consultation"}, False),
        ({"target": "First answer"}, True),
        ({"target": "Solution"}, False),
    ],
)
def test_a_rule_is_for_the_requests_it_names(client, condition, applies):
    make_rule(users=[{"user": make_agent()}], **condition)
    ticket = make_p1(client)
    pass_at(AFTER_P1, ticket)
    assert bool(escalated(ticket)) is applies


# Whom


def on_duty(*users):
    settings = frappe.get_doc("Beesender Support Settings")
    settings.set("on_duty", [{"user": user} for user in users])
    settings.save()


def test_everybody_the_rule_names_is_told_once_in_their_way():
    lead, assignee, duty, manager = (
        make_agent(),
        make_agent(),
        make_agent(),
        make_user_of_desk(),
    )
    team = make_team(lead, beesender_lead=lead)
    on_duty(duty, lead)
    make_rule(
        tell_assignee=1,
        tell_team=1,
        tell_team_lead=1,
        tell_success_manager=1,
        tell_on_duty=1,
        users=[{"user": duty}],
    )
    ticket = make_p1(make_client(success_manager=manager), agent_group=team)
    assign(ticket, assignee)
    frappe.db.set_value("HD Agent", assignee, "beesender_notices_by_mail", "Never")
    with_mail_account()
    pass_at(AFTER_P1, ticket)
    for user in (lead, assignee, duty):
        assert len(bells(user)) == 1, user
    # Who works in Desk sees no bell there.
    assert not bells(manager)
    assert mailed(ticket) == {lead, duty, manager}


def with_mail_account():
    account = frappe.get_doc(
        {
            "doctype": "Email Account",
            "email_account_name": "Escalation Test",
            "email_id": "out@example.com",
            "password": "not-used",
            "enable_outgoing": 1,
            "default_outgoing": 1,
            "smtp_server": "smtp.example.com",
        }
    )
    with patch.object(type(account), "validate_smtp_conn"):
        account.insert(ignore_permissions=True)


def mailed(ticket):
    mails = frappe.get_all(
        "Email Queue",
        {"reference_doctype": "HD Ticket", "reference_name": ticket.name},
        pluck="name",
    )
    recipients = frappe.get_all(
        "Email Queue Recipient", {"parent": ("in", mails)}, pluck="recipient"
    )
    staff = frappe.get_all("User", {"user_type": "System User"}, pluck="name")
    return set(recipients) & set(staff)


def assign(ticket, user):
    clear("HD Ticket", ticket.name)
    frappe.get_doc("HD Ticket", ticket.name).assign_agent(user)
    frappe.db.delete("HD Notification", {"user_to": user})


# What is done


def test_the_ticket_goes_to_another_team_and_person_with_a_tag(client):
    mate, other = make_agent(), make_agent()
    team = make_team(mate)
    make_rule(team=team, assign_to=mate, tag="Late", tell_assignee=1)
    ticket = make_p1(client, agent_group=make_team(other))
    assert frappe.parse_json(ticket._assign) == [other]
    pass_at(AFTER_P1, ticket)
    ticket.reload()
    assert ticket.agent_group == team
    assert frappe.parse_json(ticket._assign) == [mate]
    assert ticket._user_tags.strip(",") == "Late"
    assert ticket.beesender_priority == "P1"
    assert len(bells(mate)) == len(bells(other)) == 1
    [row] = escalated(ticket)
    for what in (f"Goes to the team {team}", f"Is assigned to {mate}", "tag Late"):
        assert what in row.details


def test_nothing_is_done_twice(client):
    mate = make_agent()
    make_rule(team=make_team(mate), assign_to=mate, tag="Late")
    ticket = make_p1(client)
    pass_at(AFTER_P1, ticket)
    before = frappe.db.get_value("HD Ticket", ticket.name, "modified")
    activities = frappe.db.count("HD Ticket Activity", {"ticket": ticket.name})
    pass_at(AFTER_P1, ticket)
    assert frappe.db.get_value("HD Ticket", ticket.name, "modified") == before
    assert frappe.db.count("HD Ticket Activity", {"ticket": ticket.name}) == activities
    assert len(escalated(ticket)) == 1


def test_of_two_rules_that_want_another_team_the_first_has_its_way(client):
    first, second = make_team(make_agent()), make_team(make_agent())
    make_rule(team=second, sequence=2, tag="Second")
    make_rule(team=first, sequence=1)
    ticket = make_p1(client)
    pass_at(AFTER_P1, ticket)
    ticket.reload()
    assert ticket.agent_group == first
    assert ticket._user_tags.strip(",") == "Second"
    assert len(escalated(ticket)) == 2


def test_a_team_that_is_gone_is_logged_and_stops_nothing(client):
    agent, team = make_agent(), make_team(make_agent())
    make_rule(team=team, tag="Late", users=[{"user": agent}])
    frappe.db.set_value("HD Team", team, "disabled", 1)
    ticket = make_p1(client)
    pass_at(AFTER_P1, ticket)
    ticket.reload()
    [row] = escalated(ticket)
    assert row.outcome == "Sent"
    assert bells(agent)
    assert "It failed: The team is gone or disabled." in row.details
    assert ticket.agent_group != team
    assert ticket._user_tags.strip(",") == "Late"


def test_what_another_app_refuses_leaves_no_half_and_stops_no_other_ticket(client):
    team = make_team(make_agent())
    make_rule(team=team, users=[{"user": make_agent()}])
    stubborn, other = make_p1(client), make_p1(client)
    save = type(stubborn).save

    def refuse(doc, *args, **kwargs):
        if doc.name == stubborn.name:
            doc.db_set("subject", "Half")
            frappe.throw("Not <b>today</b>")
        return save(doc, *args, **kwargs)

    with patch.object(type(stubborn), "save", refuse):
        pass_at(AFTER_P1, stubborn, other)
    assert stubborn.reload().subject != "Half"
    assert "It failed: Not today" in escalated(stubborn)[0].details
    assert other.reload().agent_group == team
    assert len(escalated(other)) == 1


def test_a_document_is_loaded_only_where_something_is_done(client):
    make_rule(users=[{"user": make_agent()}])
    ticket = make_p1(client)
    with patch.object(escalation_actions, "move_to_team") as move:
        pass_at(AFTER_P1, ticket)
    assert not move.called


# What a rule may be


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"event": "Warning", "share": 100}, "is not possible. Give 1 to 99"),
        ({"event": "Warning", "share": 0}, "is not possible. Give 1 to 99"),
        ({"event": "Held longer", "support_hours": 0}, "is not possible. Give 1 to"),
        ({"tell_team": 0}, "tells nobody and changes nothing"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_in_words(values, sentence):
    with refused(sentence):
        make_rule(**{"event": "Breach", "tell_team": 1, **values})


def test_a_rule_names_no_disabled_team_and_nobody_who_does_not_work_here():
    team = make_team(make_agent(), disabled=1)
    client = make_portal_user("client.of.rule@example.com")
    with refused("is disabled"):
        make_rule(team=team)
    with refused("cannot be told"):
        make_rule(assign_to=client)
    with refused("cannot be told"):
        make_rule(users=[{"user": client}])


def test_a_rule_can_be_switched_off_when_its_people_are_gone():
    agent = make_agent()
    rule = make_rule(users=[{"user": agent}])
    frappe.db.set_value("User", agent, "enabled", 0)
    rule.reload().update({"enabled": 0}).save()
    assert rule.enabled_at is None


@pytest.mark.parametrize("who", [make_agent, lambda: make_portal_user("c@example.com")])
def test_rules_are_made_by_managers_only(who):
    frappe.set_user(who())
    with pytest.raises(frappe.PermissionError):
        make_rule(tell_team=1)


# What agents choose for themselves


def test_an_agent_chooses_what_they_are_mailed_and_for_nobody_else():
    agent, other = make_agent(), make_agent()
    with session_of(agent):
        settings = api.notice_settings()
        assert settings["by_mail"] == "Breaches and escalations"
        assert [each["value"] for each in settings["choices"]] == list(CHOICES)
        api.set_notices_by_mail("Never")
        assert api.notice_settings()["by_mail"] == "Never"
        with refused("Choose one of"):
            api.set_notices_by_mail("Sometimes")
        # By the form or the interface of Frappe nobody writes it, not even their own.
        doc = frappe.get_doc("HD Agent", other)
        doc.update({"beesender_notices_by_mail": "Never"}).save()
    assert choice_of(agent) == "Never"
    assert choice_of(other) == "Breaches and escalations"


def choice_of(agent):
    return frappe.db.get_value("HD Agent", agent, "beesender_notices_by_mail")


def test_clients_choose_nothing():
    with session_of(make_portal_user("client.of.choice@example.com")):
        with pytest.raises(frappe.PermissionError):
            api.notice_settings()
        with pytest.raises(frappe.PermissionError):
            api.set_notices_by_mail("Never")


def test_who_has_no_record_as_an_agent_is_always_mailed():
    user = make_user_of_desk()
    frappe.get_doc("User", user).add_roles("Agent")
    with session_of(user):
        assert api.notice_settings()["by_mail"] is None
        with refused("no record as an agent"):
            api.set_notices_by_mail("Never")


# At once


@pytest.mark.parametrize(("priority", "starts"), [("P1", 1), ("P2", 0)])
def test_a_most_urgent_request_starts_the_pass_when_it_is_stored(
    client, priority, starts
):
    with patch.object(frappe, "enqueue") as enqueue:
        frappe.db.after_commit.reset()
        make_ticket(client, ticket_type="Incident", beesender_priority=priority)
        assert not passes_in(enqueue)
        frappe.db.after_commit.run()
    assert len(passes_in(enqueue)) == starts


def passes_in(enqueue):
    return [call for call in enqueue.call_args_list if call.args[:1] == (JOB,)]


def test_without_redis_the_request_is_stored_all_the_same(client):
    with patch.object(frappe, "enqueue", side_effect=ConnectionError):
        frappe.db.after_commit.reset()
        ticket = make_p1(client)
        frappe.db.after_commit.run()
    assert ticket.beesender_admission == "Accepted"


# What a new site starts with


def test_the_shipped_rules_are_off_and_say_what_they_may():
    for name, values in RULES.items():
        rule = frappe.get_doc(RULE, name)
        assert not rule.enabled
        assert rule.title == values["title"]
        rule.enabled = 1
        rule.save()


def test_a_site_without_the_priority_gets_the_other_rules(monkeypatch):
    frappe.db.delete(RULE)
    monkeypatch.setitem(RULES["most-urgent-held"], "priority", "P9")
    add_escalation_rules()
    assert {*RULES} - {*frappe.get_all(RULE, pluck="name")} == {"most-urgent-held"}


def test_the_first_step_is_done_when_somebody_is_on_duty_and_a_rule_is_on():
    def missing():
        steps = {each["code"]: each for each in first_steps.in_order()["steps"]}
        return [each["sentence"] for each in steps["escalation"]["missing"]]

    on_duty()
    assert missing() == [
        "Nobody is on duty: name them in the settings.",
        "No escalation rule is switched on.",
    ]
    agent = make_agent()
    on_duty(agent)
    make_rule(tell_on_duty=1)
    assert missing() == []
    frappe.db.set_value("User", agent, "enabled", 0)
    assert len(missing()) == 1
