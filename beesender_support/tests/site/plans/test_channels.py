"""Channels as an admin edits them, and what follows everywhere."""

import frappe
import pytest

from beesender_support.api import agent
from beesender_support.beesender_support.report.intake_by_channel_and_hour.intake_by_channel_and_hour import (
    execute,
)
from beesender_support.enforcement.response import first_response
from beesender_support.patches import mark_logged_that_is_no_answer
from beesender_support.patches.add_channels import execute as add_channels
from beesender_support.records.sold import catalogue
from beesender_support.screens.portal.plan_page import page_for
from beesender_support.tests.site.factories import (
    make_agent,
    make_agent_manager,
    make_client,
    make_ticket,
    refused,
    session_of,
)


def make_channel(name: str = "Slack", **values):
    return frappe.get_doc(
        {
            "doctype": "Beesender Channel",
            "title": name,
            "answers": 1,
            "takes_requests": 1,
            **values,
        }
    ).insert(set_name=name)


def sell(channel: str, tier: str = "Premium"):
    doc = frappe.get_doc("Beesender Tier", tier)
    doc.append("registration_channels", {"channel": channel})
    doc.append("answer_channels", {"channel": channel})
    doc.save()
    return doc


def test_the_site_starts_with_the_shipped_channels_and_skype_is_retired():
    known = catalogue.channels()
    assert list(known)[:10] == [
        "portal",
        "email",
        "chatbot",
        "widget",
        "phone",
        "skype",
        "teams",
        "whatsapp",
        "telegram",
        "viber",
    ]
    assert [code for code in list(known)[:10] if not known[code].enabled] == ["skype"]
    assert "skype" in catalogue.tier_named("Premium").answer_channels


def test_a_channel_of_the_site_is_sold_logged_read_and_counted():
    make_channel()
    sell("Slack")
    client = make_client(tier="Premium")
    ticket, other = make_ticket(client), make_ticket(make_client(tier="Basic"))
    with session_of(make_agent()):
        panel = agent.ticket_panel(ticket.name)
        [answer] = [each for each in panel["answers"] if each["channel"] == "Slack"]
        assert (answer["action"], answer["refusal"]) == ("Log an answer by Slack", None)
        agent.log_answer(ticket.name, "Slack", "Restarted.")
        with refused("does not include answers by Slack"):
            agent.log_answer(other.name, "Slack", "Restarted.")
    assert ticket.reload().first_responded_on
    assert other.reload().first_responded_on is None
    page = page_for(client.email)
    assert "Slack" in page["asked_by"]
    # One of Frappe's own set, which Frappe 15 does not have.
    assert set(page["channel_icons"]) <= {*page["asked_by"], *page["answered_by"]}
    if frappe.__version__ >= "16":
        assert page["channel_icons"]["portal"].startswith("<")
    assert "Slack" not in page["channel_icons"]
    assert "Slack" in page["answered_by"]
    ticket.db_set("beesender_channel", "Slack")
    other.db_set("beesender_channel", "of another time")
    labels = [column["label"] for column in execute()[0]]
    assert {"Slack", "of another time"} <= set(labels)
    # A code without a record prevents nothing.
    other.reload().save()


def test_a_manager_allows_a_channel_of_the_site_for_one_ticket():
    make_channel()
    sell("Slack")
    ticket = make_ticket(make_client(tier="Basic"))
    with session_of(make_agent_manager()):
        agent.allow_channel(ticket.name, "Slack", "They read nothing else.")
        agent.log_answer(ticket.name, "Slack", "Restarted.")
        with refused("No answer is logged by email|No answer is logged by e-mail"):
            agent.allow_channel(ticket.name, "email", "Why not")
    assert ticket.reload().first_responded_on


@pytest.mark.parametrize("channel", ["portal", "email", "chatbot", "fax"])
def test_no_answer_is_logged_by_what_has_it_already(channel):
    ticket = make_ticket(make_client(tier="Premium"))
    with session_of(make_agent()), refused("No answer is logged by"):
        agent.log_answer(ticket.name, channel, "Hello")


def test_an_answer_that_does_not_count_stops_no_clock():
    make_channel(counts_as_answer=0)
    sell("Slack")
    ticket = make_ticket(make_client(tier="Premium"))
    with session_of(make_agent()):
        agent.log_answer(ticket.name, "Slack", "We have seen it.")
    assert ticket.reload().first_responded_on is None
    logged = {"reference_name": ticket.name, "content": ("like", "%seen it%")}
    assert frappe.db.get_value("Communication", logged, "beesender_is_no_answer") == 1


def test_what_was_logged_before_and_is_no_answer_stays_none():
    ticket = make_ticket(make_client(tier="Premium"))
    message = {
        "doctype": "Communication",
        "reference_doctype": "HD Ticket",
        "reference_name": ticket.name,
        "communication_type": "Communication",
        "content": "We have seen it.",
    }
    media = ("Sent", "Other"), ("Sent", "Chat"), ("Received", "Other")
    before = [
        frappe.get_doc(
            message | {"sent_or_received": sent, "communication_medium": medium}
        ).insert(ignore_permissions=True)
        for sent, medium in media
    ]
    for _twice in range(2):
        mark_logged_that_is_no_answer.execute()
    marked = [each.reload().beesender_is_no_answer for each in before]
    assert marked == [1, 0, 0]
    assert not first_response.is_human_answer(before[0])


def test_a_call_does_not_count_where_the_admin_says_so():
    phone = frappe.get_doc("Beesender Channel", "phone")
    phone.counts_as_answer = 0
    phone.save()
    ticket = make_ticket(make_client(tier="Premium"))
    with session_of(make_agent()):
        agent.log_answer(ticket.name, "phone", "Called them.")
    assert ticket.reload().first_responded_on is None


def test_a_retired_channel_stays_with_its_tiers_and_is_offered_to_no_other():
    premium = frappe.get_doc("Beesender Tier", "Premium")
    premium.save()
    with refused("Skype is not offered here"):
        sell_answers("skype", "Basic")
    ticket = make_ticket(make_client(tier="Premium"))
    with session_of(make_agent()):
        agent.log_answer(ticket.name, "skype", "Hello")
    assert ticket.reload().first_responded_on


def sell_answers(channel: str, tier: str) -> None:
    doc = frappe.get_doc("Beesender Tier", tier)
    doc.append("answer_channels", {"channel": channel})
    doc.save()


def test_a_channel_is_offered_for_what_it_is_for():
    with refused("chatbot is not offered here"):
        sell_answers("chatbot", "Basic")


def test_a_disabled_channel_takes_no_requests():
    make_channel()
    sell("Slack")
    assert "Slack" in catalogue.tier_named("Premium").registration_channels
    frappe.get_doc("Beesender Channel", "Slack").update({"enabled": 0}).save()
    tier = catalogue.tier_named("Premium")
    assert "Slack" not in tier.registration_channels
    assert "Slack" in tier.answer_channels


def test_a_channel_in_use_is_neither_deleted_nor_renamed():
    make_channel()
    with pytest.raises(frappe.ValidationError):
        frappe.rename_doc("Beesender Channel", "Slack", "Mattermost")
    sell("Slack")
    with refused("is in use and cannot be deleted"):
        frappe.delete_doc("Beesender Channel", "Slack")
    with refused("is in use and cannot be deleted"):
        frappe.delete_doc("Beesender Channel", "phone")
    make_channel("Unused")
    frappe.delete_doc("Beesender Channel", "Unused")


@pytest.mark.parametrize("name", ["agent", "Agent", "a,b"])
def test_what_is_no_code_is_refused(name):
    with refused("cannot be a code"):
        make_channel(name)


def test_agents_and_clients_edit_no_channel():
    client = make_client()
    for user in (make_agent(), client.email):
        with session_of(user):
            assert not frappe.has_permission("Beesender Channel", "write")
            assert not frappe.has_permission("Beesender Channel", "create")
    with session_of(client.email):
        assert not frappe.has_permission("Beesender Channel", "read")


def test_the_patch_keeps_what_a_site_has_and_may_run_again():
    doc = frappe.get_doc("Beesender Tier", "Basic")
    frappe.db.set_value(
        "Beesender Answer Channel", doc.answer_channels[0].name, "channel", "pager"
    )
    frappe.db.delete("Beesender Channel", {"name": ("in", ("viber", "phone"))})
    phone = frappe.get_doc("Beesender Channel", "teams")
    phone.update({"title": "Our Teams", "enabled": 0}).save()
    for _time in range(2):
        add_channels()
    assert frappe.db.get_value("Beesender Channel", "teams", "title") == "Our Teams"
    assert frappe.db.exists("Beesender Channel", "phone")
    pager = frappe.get_doc("Beesender Channel", "pager")
    assert (pager.answers, pager.takes_requests, pager.enabled) == (1, 0, 1)
    assert (
        frappe.get_meta("HD Ticket").get_field("beesender_channel").fieldtype == "Data"
    )
    frappe.get_doc("Beesender Tier", "Basic").save()
    assert "pager" in catalogue.tier_named("Basic").answer_channels
