"""The report of allowances: a row for each plan, entitlement and contract year."""

import frappe
import pytest

from beesender_support.beesender_support.report.allowances.allowances import execute
from beesender_support.enforcement.allowances import taking
from beesender_support.policy.allowances.ledger import CONSUME, RESERVE
from beesender_support.tests.site.factories import clock_at, make_client, session_of


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


def test_clients_read_no_plans_in_it(site):
    client = make_client(tier="Business")
    with session_of(client.email), pytest.raises(frappe.PermissionError):
        execute({"customer": client.customer})
