"""A tier is renamed for people and not in data, and retired without hurting its plans."""

import frappe
import pytest
from frappe import client as rest

from beesender_support.records.site_time import now
from beesender_support.records.sold import sold_plans
from beesender_support.screens.portal.plan_page import page_for
from beesender_support.screens.ticket import panel
from beesender_support.tests.site.factories import (
    make_client,
    make_customer,
    make_plan,
    make_ticket,
    refused,
)
from beesender_support.wording import renderer

TIER = "Beesender Tier"


def change(name, **values):
    tier = frappe.get_doc(TIER, name)
    tier.update(values)
    return tier.save()


def translate(source, translated, language="ru"):
    frappe.get_doc(
        {
            "doctype": "Translation",
            "language": language,
            "source_text": source,
            "translated_text": translated,
        }
    ).insert()


def test_a_tier_is_called_by_its_title_and_stored_by_its_name():
    client = make_client()
    change("Basic", title="For starters")
    ticket = make_ticket(client)
    assert (ticket.beesender_tier, client.plan.tier) == ("Basic", "Basic")
    rows = {row["label"]: row["value"] for row in panel.panel(ticket)["rows"]}
    assert rows["Tier"] == "For starters"
    page = page_for(client.email)
    assert page["tier"] == "For starters"
    assert renderer.tier_title("Gone") == "Gone"


def test_only_the_site_translates_a_title():
    assert renderer.tier_title("Basic", "ru") == "Basic"
    translate("Basic", "Начальный")
    assert renderer.tier_title("Basic", "ru") == "Начальный"
    assert renderer.tier_title("Basic", "en") == "Basic"
    change("Basic", title="For starters")
    assert renderer.tier_title("Basic", "ru") == "For starters"


def test_a_tier_without_a_title_is_called_by_its_name():
    assert change("Basic", title="  ").title == "Basic"
    with refused("at most 120 characters"):
        change("Basic", title="x" * 121)


def test_a_tier_no_longer_sold_keeps_its_plans_and_gets_no_other():
    client = make_client(tier="Business")
    change("Business", no_longer_sold=1)
    client.plan.reload().licence_price = 9
    client.plan.save()
    [plan] = sold_plans.of_customer(client.customer)
    assert plan.tier.no_longer_sold
    assert plan.is_in_force(now())
    with refused("Tier: Business is no longer offered"):
        make_plan(make_customer(), [], tier="Business")
    other = make_plan(make_customer(), [], tier="Basic")
    other.tier = "Business"
    with refused("Tier: Business is no longer offered"):
        other.save()
    page = page_for(make_client(tier="Basic").email)
    assert page["next_tier"]["name"] == "Premium"


@pytest.mark.parametrize("name", ["Basic", "Premium"])
def test_ranks_are_unique_by_bulk_edit_too(name):
    with refused("Business has the rank 2"):
        rest.set_value(TIER, name, "rank", 2)
