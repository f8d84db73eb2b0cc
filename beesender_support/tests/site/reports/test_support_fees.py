"""The report of support fees, its sums, and the file of invoice lines."""

import csv
from io import StringIO

import frappe
import pytest

from beesender_support.api import plans
from beesender_support.beesender_support.report.support_fees import support_fees
from beesender_support.enforcement.renewals import invoices
from beesender_support.patches import add_fee_of_period
from beesender_support.tests.site.factories import (
    clock_at,
    make_agent,
    make_agent_manager,
    make_customer,
    make_plan,
    refused,
    session_of,
)

YEAR_2031 = {"from_date": "2031-01-01", "to_date": "2031-12-31"}


@pytest.fixture
def sold():
    """Three plans of a year in which the site has no others."""
    manager = make_agent_manager()
    made = []
    for tier, currency, first, last in (
        ("Basic", "EUR", "2031-01-01", "2031-12-31"),
        ("Business", "EUR", "2031-01-15", "2031-07-14"),
        ("Business", "USD", "2031-03-01", None),
    ):
        made.append(
            make_plan(
                make_customer(),
                [],
                tier=tier,
                currency=currency,
                starts_on=first,
                ends_on=last,
                licence_price=10_000,
                success_manager=manager,
            )
        )
    return made


def lines(**filters):
    found = support_fees.execute({**YEAR_2031, "tier": "", **filters})
    return found


def test_a_plan_whose_tier_is_gone_does_not_stop_the_migration(sold):
    gone, sound, _open = (plan.name for plan in sold)
    of_both = {"name": ("in", [gone, sound])}
    frappe.db.set_value("Beesender Support Plan", of_both, "period_fee", 0)
    frappe.db.set_value("Beesender Support Plan", gone, "tier", "Gone")
    add_fee_of_period.execute()
    fees = frappe.get_all(
        "Beesender Support Plan", of_both, ["name", "period_fee"], as_list=True
    )
    assert dict(fees) == {gone: 0, sound: sold[1].period_fee}
    assert sold[1].period_fee > 0


def test_a_line_for_each_contract_year_that_begins_in_the_period(sold):
    names = [plan.name for plan in sold]
    rows = [row for row in lines().rows if row["plan"] in names]
    assert [(row["plan"], row["amount"], row["currency"]) for row in rows] == [
        (names[0], 500.00, "EUR"),
        # 12 % of 10 000.00, 181 of 365 days.
        (names[1], 595.07, "EUR"),
        (names[2], 1200.00, "USD"),
    ]
    assert (rows[1]["days"], rows[1]["days_of_year"]) == (181, 365)


def test_sums_are_of_one_currency_each(sold):
    of_manager = {"success_manager": sold[0].success_manager}

    def sums(by):
        return [
            (str(row["group"]), row["lines"], row["amount"], row["currency"])
            for row in lines(group_by=by, **of_manager).rows
        ]

    assert sums("month") == [
        ("2031-01-01", 2, 1095.07, "EUR"),
        ("2031-03-01", 1, 1200.00, "USD"),
    ]
    assert sums("tier") == [
        ("Basic", 1, 500.00, "EUR"),
        ("Business", 1, 595.07, "EUR"),
        ("Business", 1, 1200.00, "USD"),
    ]
    assert sums("manager") == [
        (sold[0].success_manager, 2, 1095.07, "EUR"),
        (sold[0].success_manager, 1, 1200.00, "USD"),
    ]
    message = lines(**of_manager).message
    assert "1,095.07" in message.replace("1.095,07", "1,095.07")


def test_drafts_only_when_asked_for_and_closed_plans_never(sold):
    sold[0].status, sold[1].status = "Draft", "Expired"
    sold[0].save()
    sold[1].save()
    names = {plan.name for plan in sold}

    def named(**filters):
        return {row["plan"] for row in lines(**filters).rows} & names

    assert named() == {sold[2].name}
    assert named(with_drafts=1) == {sold[0].name, sold[2].name}


def test_a_tier_changed_in_the_middle_has_a_line_of_its_own(sold):
    with clock_at("2031-07-01T10:00:00.500000+03:00"):
        plan = sold[0].reload()
        plan.tier = "Premium"
        plan.save()
    found = [row for row in lines().rows if row["plan"] == plan.name]
    assert [(row["tier"], str(row["starts_on"]), row["amount"]) for row in found] == [
        ("Basic", "2031-01-01", 247.95),
        ("Premium", "2031-07-01", 1008.22),
    ]
    assert plan.period_fee == 1256.17


def test_one_plan_takes_as_many_queries_as_three(sold, monkeypatch):
    asked = []
    real = frappe.db.sql

    def counting(query, *args, **kwargs):
        asked.append(query)
        return real(query, *args, **kwargs)

    monkeypatch.setattr(frappe.db, "sql", counting)
    lines()
    asked.clear()
    lines()
    all_of_them = len(asked)
    asked.clear()
    lines(success_manager=sold[0].success_manager)
    assert len(asked) == all_of_them


def test_the_file_runs_nothing_in_a_spreadsheet():
    customer = make_customer('=HYPERLINK("http://evil.example")')
    make_plan(
        customer, [], starts_on="2031-05-01", ends_on="2031-05-31", licence_price=3650
    )
    plans.invoice_lines(frappe.as_json(YEAR_2031))
    text = frappe.response.pop("filecontent").decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(text)))
    (row,) = (each for each in rows if "HYPERLINK" in each["customer"])
    assert row["customer"].startswith("'=")
    assert (row["amount"], row["days"], row["days_of_year"]) == ("15.46", "31", "366")


def test_others_than_managers_get_no_file(sold):
    with session_of(make_agent()), pytest.raises(frappe.PermissionError):
        plans.invoice_lines(YEAR_2031)
    with session_of(make_agent()), pytest.raises(frappe.PermissionError):
        plans.draft_invoice(sold[0].name, "2031-01-01")


def test_a_period_that_ends_before_it_begins_is_refused():
    with refused("ends before it begins"):
        lines(to_date="2030-01-01")
    with refused("values of a form"):
        plans.invoice_lines("[]")


@pytest.mark.parametrize(
    "day", ["9999-06-01", "0001-01-01", "1999-12-31", "tomorrow?", ["2031-01-01"], 7]
)
def test_what_is_no_day_of_these_years_is_refused_in_words(day):
    for field in YEAR_2031:
        with refused("years 2000 to 2100"):
            lines(**{field: day})
        with refused("years 2000 to 2100"):
            plans.invoice_lines(frappe.as_json({**YEAR_2031, field: day}))
        frappe.clear_messages()


def test_the_first_and_the_last_year_are_shown():
    assert isinstance(lines(from_date="2000-01-01", to_date="2100-12-31").rows, list)
    assert isinstance(support_fees.execute({"from_date": "2100-12-31"}).rows, list)


def test_a_line_is_looked_for_after_its_plan_is_locked(sold, monkeypatch):
    """On a site with ERPNext; here there is no table of invoices, which ends it."""
    asked = []
    real = frappe.db.sql

    def noted(query, *args, **kwargs):
        asked.append(str(query))
        return real(query, *args, **kwargs)

    monkeypatch.setattr(invoices, "can_be_made", lambda: True)
    monkeypatch.setattr(frappe.db, "sql", noted)
    # Version 15 finds nothing where there is no table, and then no customer of ERPNext.
    with pytest.raises((frappe.db.ProgrammingError, frappe.ValidationError)):
        plans.draft_invoice(sold[0].name, "2031-01-01")
    locks = [each for each in asked if "FOR UPDATE" in each.upper()]
    tables = ("tabHD Customer", "tabBeesender Support Plan", "tabSales Invoice")
    found = [
        next(number for number, each in enumerate(locks) if f"`{table}`" in each)
        for table in tables
    ]
    assert found == sorted(found)


def test_without_erpnext_no_invoice_is_offered(sold):
    assert not invoices.can_be_made()
    with refused("ERPNext is not installed"):
        plans.draft_invoice(sold[0].name, "2031-01-01")
    with refused("begins on that day"):
        plans.draft_invoice(sold[0].name, "2031-02-01")


def test_of_a_plan_that_was_over_before_the_period_there_is_no_line(sold):
    for from_date in ("2031-07-14", "2031-07-15"):
        found = lines(from_date=from_date)
        assert sold[1].name not in {row["plan"] for row in found.rows}
    frappe.db.set_value(sold[1].doctype, sold[1].name, "ends_on", "2032-01-20")
    found = lines(from_date="2032-01-15", to_date="2032-01-20")
    rows = [row for row in found.rows if row["plan"] == sold[1].name]
    assert [(str(row["starts_on"]), row["days"]) for row in rows] == [("2032-01-15", 6)]
