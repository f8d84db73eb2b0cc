"""What cannot be is refused with a sentence, by the form and by REST, and what was stored
before a rule came still promises."""

import frappe
import pytest

from beesender_support.records import settings as site_settings
from beesender_support.records.sold import catalogue
from beesender_support.tests.site.factories import (
    make_agent,
    make_client,
    make_customer,
    make_plan,
    make_portal_user,
    make_ticket,
    receive_mail,
    refused,
)

TIER, PLAN, SETTINGS = (
    "Beesender Tier",
    "Beesender Support Plan",
    "Beesender Support Settings",
)


TARGET = {"priority": "P1", "hours": 1}
CHANNEL = {"channel": "portal"}


@pytest.mark.parametrize(
    ("values", "match"),
    [
        ({"rank": "1e30"}, "Rank: 1e30 is not possible. Give 0 to 10000"),
        ({"rank": 10**30}, "Rank: 10+ is not possible"),
        ({"rank": "first"}, "Rank: first is not valid. Give a number"),
        ({"rank": 1.5}, "Rank: 1.5 is not possible"),
        ({"rank": 2}, "Rank: Business has the rank 2"),
        ({"fee_percent": 130}, "Fee, .*: 130 is not possible. Give 0 to 100"),
        ({"fee_percent": "nan"}, "is not valid. Give a number"),
        ({"fee_percent": -1}, "is negative"),
        ({"authorized_contact_limit": 10**12}, "is not possible"),
        ({"updates_per_year": "inf"}, "is not valid"),
        ({"response_targets": [TARGET, TARGET]}, "P1: P1 has more than one target"),
        ({"response_targets": []}, "Response targets: list at least one"),
        ({"registration_channels": []}, "Requests are taken by: list at least one"),
        ({"answer_channels": []}, "We answer by: list at least one"),
        ({"response_targets": [{**TARGET, "hours": 1e9}]}, "at most 8784"),
        ({"response_targets": [{**TARGET, "hours": "inf"}]}, "inf h is not a target"),
        ({"response_targets": [{**TARGET, "hours": -1}]}, "-1 h is not a target"),
        ({"response_targets": [{**TARGET, "hours": 0}]}, "0 h is not a target"),
        ({"response_targets": [{**TARGET, "hours": "soon"}]}, "is not valid"),
    ],
)
def test_a_tier_that_cannot_be_is_refused(values, match):
    tier = frappe.get_doc(TIER, "Basic")
    tier.update(values)
    with refused(match):
        tier.save()


def test_a_tier_has_a_name_that_others_can_hold():
    tier = frappe.copy_doc(frappe.get_doc(TIER, "Basic"))
    tier.rank = 9
    with refused("at most 120 characters"):
        tier.insert(set_name="x" * 130)


@pytest.mark.parametrize(
    ("values", "match"),
    [
        ({"licence_price": 1e18}, "Licence price: 1e.18 is not possible"),
        ({"licence_price": "much"}, "Licence price: much is not valid"),
        ({"licence_price": "nan"}, "is not valid"),
        ({"licence_price": float("inf")}, "is not valid"),
        ({"licence_price": -1}, "negative"),
        ({"starts_on": "0001-01-01"}, "is not a date"),
        ({"starts_on": "1000-01-01"}, "outside the years 1900 to 2999"),
        ({"ends_on": "9999-12-31"}, "outside the years"),
        ({"starts_on": "soon"}, "Starts on: soon is not a date"),
        ({"ends_on": "2026-02-30"}, "2026-02-30 is not a date"),
        ({"time_zone": "Mars/Phobos"}, "Mars/Phobos is not a time zone"),
        ({"time_zone": "Moscow time"}, "Moscow time is not a time zone"),
        ({"time_zone": 3}, "3 is not a time zone"),
        ({"status": "Sold"}, "Sold is not known"),
        ({"holidays": [{"date": "2026-12-31"}] * 2}, "listed more than once"),
        (
            {"holidays": [{"date": "2026-12-31", "start_time": "14:00:00"}]},
            "needs both a start and an end",
        ),
        (
            {"holidays": [{"date": "2026-12-31", "end_time": "14:00:00"}]},
            "needs both a start and an end",
        ),
        ({"holidays": [{"date": "9999-12-31"}]}, "outside the years"),
        ({"success_manager": "Guest"}, "cannot look after customers"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(values, match):
    with refused(match):
        make_plan(make_customer(), [], **values)


def test_a_client_looks_after_no_customer_and_a_disabled_user_neither():
    client = make_client()
    agent = make_agent()
    for user in (client.email, make_portal_user("someone@example.com")):
        client.plan.success_manager = user
        with refused("cannot look after customers"):
            client.plan.save()
        client.plan.reload()
    client.plan.success_manager = agent
    client.plan.save()
    frappe.db.set_value("User", agent, "enabled", 0)
    client.plan.licence_price = 1
    client.plan.save()
    other = make_customer()
    with refused("cannot look after customers"):
        make_plan(other, [], success_manager=agent)


@pytest.mark.parametrize(
    ("values", "match"),
    [
        ({"at_risk_percent": 500}, "500 is not possible. Give 1 to 99"),
        ({"at_risk_percent": 0}, "Give 1 to 99"),
        ({"at_risk_percent": 100}, "Give 1 to 99"),
        ({"at_risk_percent": -1}, "negative"),
        ({"at_risk_percent": "nan"}, "is not valid"),
        ({"intake_limit": 0}, "Requests a minute: 0 is not possible"),
        ({"intake_limit": -5}, "negative"),
        ({"intake_limit": 10**20}, "is not possible"),
        ({"over_quota_grace_days": 10**9}, "is not possible"),
        ({"access_details_days": "soon"}, "is not valid"),
    ],
)
def test_settings_that_mean_nothing_are_refused(values, match):
    settings = frappe.get_doc(SETTINGS)
    settings.update(values)
    with refused(match):
        settings.save()


# Stored before a rule came


def test_what_was_stored_before_still_promises():
    client = make_client(holidays=[{"date": "2026-12-31"}])
    frappe.db.set_value(TIER, "Basic", {"fee_percent": 130, "rank": 2})
    frappe.db.delete("Beesender Answer Channel", {"parent": "Basic"})
    frappe.db.set_value(
        "Beesender Response Target", {"parent": "Basic", "priority": "P4"}, "hours", 1e9
    )
    frappe.db.set_value(
        "Beesender Plan Holiday",
        {"parent": client.plan.name},
        {"start_time": "14:00:00", "end_time": None},
    )
    frappe.db.set_single_value(SETTINGS, "at_risk_percent", 500)
    frappe.db.set_single_value(SETTINGS, "over_quota_grace_days", 10**9)
    frappe.clear_cache()
    for ticket in (make_ticket(client), receive_mail(client.email, "Help")):
        assert ticket.beesender_admission == "Accepted"
        assert ticket.response_by
    assert site_settings.current().at_risk_share <= 1
    assert catalogue.tier_named("Basic").fee_percent == 100


def test_a_plan_of_a_zone_that_is_gone_can_be_mended():
    client = make_client()
    frappe.db.set_value(PLAN, client.plan.name, "time_zone", "Mars/Phobos")
    plan = client.plan.reload()
    plan.time_zone = "GMT+3"
    plan.save()
    assert make_ticket(client).beesender_admission == "Accepted"
