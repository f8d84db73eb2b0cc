"""The report of allowances: a row for each plan, entitlement and contract year."""

from datetime import date

import frappe
import pytest

from beesender_support.beesender_support.report.allowances.allowances import execute
from beesender_support.enforcement.allowances import taking
from beesender_support.policy.allowances.ledger import (
    CONSUME,
    NOT_RECORDED,
    RESERVE,
)
from beesender_support.policy.sold.entitlements import COUNT
from beesender_support.records import cache
from beesender_support.records.allowances import balances
from beesender_support.records.sold import sold_plans
from beesender_support.tests.site.factories import clock_at, make_client, session_of
from beesender_support.wording.allowances.balance_words import balance_in_words


@pytest.fixture(autouse=True)
def _clock():
    with clock_at("2026-11-23T12:00:00+03:00"):
        yield


def figures(report):
    return [
        (
            row["contract_year_starts_on"].isoformat(),
            *(row[each] for each in ("granted", "reserved", "used", "remaining")),
        )
        for row in report.rows
    ]


def test_each_year_in_which_something_was_taken_and_that_of_today_have_a_row(site):
    client = make_client(tier="Business", starts_on="2024-03-01")
    for action, day in ((CONSUME, "2025-02-01"), (RESERVE, "2026-12-01")):
        values = {"plan": client.plan.name, "entitlement": "updates", "amount": 1}
        taking.write({**values, "action": action, "date": day})
    report = execute({"customer": client.customer})
    assert figures(report) == [
        ("2024-03-01", 2, 0, 1, 1),
        ("2026-03-01", 2, 1, 0, 1),
    ]
    assert {column["fieldname"] for column in report.columns} == set(report.rows[0])


def test_what_was_included_in_a_year_of_which_nothing_was_taken_is_not_known(site):
    client = make_client(tier="Business", starts_on="2024-03-01")
    plan = sold_plans.named([client.plan.name])[0]
    then = balances.balances_of(plan, on=date(2025, 1, 1))
    assert then == {"updates": NOT_RECORDED}
    assert "is not recorded" in balance_in_words(then["updates"], COUNT)
    assert balances.balances_of(plan)["updates"].granted == 2


def test_a_row_of_such_a_year_says_neither_what_was_granted_nor_what_was_left(site):
    client = make_client(tier="Business", starts_on="2024-03-01")
    doc = frappe.get_doc("Beesender Tier", "Business")
    hours = {"title": "Hours", "unit": "Hours a contract year", "__newname": "hours"}
    frappe.get_doc({"doctype": "Beesender Entitlement", **hours}).insert()
    doc.append("entitlements", {"entitlement": "hours", "amount": 5})
    doc.save()
    values = {"plan": client.plan.name, "entitlement": "updates", "amount": 1}
    taking.write({**values, "action": CONSUME, "date": "2025-02-01"})
    rows = execute({"customer": client.customer}).rows
    assert [
        (row["entitlement"], row["granted"], row["used"], row["remaining"])
        for row in rows
        if row["contract_year_starts_on"].year == 2024
    ] == [("Hours", None, 0, None), ("Updates with reinstallation", 2, 1, 1)]


def test_clients_read_no_plans_in_it(site):
    client = make_client(tier="Business")
    with session_of(client.email), pytest.raises(frappe.PermissionError):
        execute({"customer": client.customer})


def test_it_leaves_the_plans_that_saves_of_tickets_need_where_they_are(site):
    """Ten thousand plans would take the place of all else that a process remembers."""
    client = make_client(tier="Business", starts_on="2024-03-01")
    remembered = len(cache._cache)
    assert execute({"customer": client.customer}).rows
    assert len(cache._cache) == remembered


def test_as_long_as_nothing_is_taken_there_is_no_empty_chart(site):
    client = make_client(tier="Business", starts_on="2024-03-01")
    assert execute({"customer": client.customer}).chart is None
    values = {"plan": client.plan.name, "entitlement": "updates", "amount": 1}
    taking.write({**values, "action": CONSUME, "date": "2026-11-02"})
    chart = execute({"customer": client.customer}).chart
    assert [each["values"] for each in chart["data"]["datasets"]] == [[50], [0]]
