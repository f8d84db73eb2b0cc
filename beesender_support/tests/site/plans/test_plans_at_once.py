"""Plans of one customer are never in force together, however many save at once."""

from collections.abc import Iterator

import frappe
import pytest
from frappe.exceptions import QueryDeadlockError

from beesender_support.enforcement.calendars import calendar_use
from beesender_support.enforcement.renewals import renewing
from beesender_support.tests.site.factories import make_customer, make_plan
from beesender_support.tests.site.processes import (
    in_process,
    in_processes,
    remove_records,
)

PLAN = "Beesender Support Plan"
CUSTOMERS = [f"Test Client At Once {number}" for number in range(6)]


def make_customers() -> None:
    for name in CUSTOMERS:
        make_customer(name)


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    in_process(remove_records, CUSTOMERS)
    in_process(make_customers)
    yield
    in_process(remove_records, CUSTOMERS)


def sell(customer: str, starts_on: str, ends_on: str | None = None) -> str:
    # As a request that has read something before it saves.
    frappe.db.count(PLAN)
    return make_plan(customer, [], starts_on=starts_on, ends_on=ends_on).name


def move(plan: str, starts_on: str, ends_on: str) -> str:
    doc = frappe.get_doc(PLAN, plan)
    doc.update({"starts_on": starts_on, "ends_on": ends_on})
    doc.save()
    return "moved"


def validity(customer: str) -> list[tuple]:
    return frappe.get_all(
        PLAN,
        {"customer": customer, "status": "Active"},
        ["starts_on", "ends_on"],
        as_list=True,
    )


def test_of_six_plans_sold_at_once_one_is():
    results = in_processes(sell, [(CUSTOMERS[0], "2026-01-01")] * 6)
    refused = [each for each in results if isinstance(each, tuple)]
    assert len(refused) == 5
    assert {name for name, _sentence in refused} == {"ValidationError"}
    assert all("is in force" in sentence for _name, sentence in refused)
    assert len(in_process(validity, CUSTOMERS[0])) == 1


def renew(plan: str) -> str:
    frappe.db.count(PLAN)
    return str(renewing.renew(plan)["renewal"])


def test_a_plan_that_six_renew_at_once_has_one_renewal():
    plan = in_process(sell, CUSTOMERS[2], "2026-01-01", "2026-12-31")
    renewals = in_processes(renew, [(plan,)] * 6)
    assert len(set(renewals)) == 1
    assert isinstance(renewals[0], str)


def renew_all(*plans: str) -> list[str]:
    frappe.db.count(PLAN)
    outcomes = renewing.renew_several(plans, frappe.db.commit)
    return [each["renewal"] or f"refused: {each['refusal']}" for each in outcomes]


def test_two_who_renew_the_same_plans_in_opposite_orders_get_the_same_drafts():
    plans = [in_process(sell, name, "2026-01-01", "2026-12-31") for name in CUSTOMERS]
    orders = [tuple(plans), tuple(reversed(plans))]
    one, other = in_processes(renew_all, orders)
    assert one == list(reversed(other))
    assert len(set(one)) == len(plans)
    assert not [each for each in one if each.startswith("refused")]


def renew_with_a_deadlock(first: str, other: str) -> list[str]:
    """The database gives up the second of two plans: the first stays renewed."""
    real, tried = renewing.renew, []

    def renew_or_lose(name: str) -> renewing.Renewed:
        tried.append(name)
        if len(tried) == 2:
            real(name)
            raise QueryDeadlockError("Deadlock found")
        return real(name)

    renewing.renew = renew_or_lose
    return renew_all(first, other)


def renewals_of(*plans: str) -> list[str]:
    return frappe.get_all(PLAN, {"renews": ("in", plans)}, pluck="renews")


def test_a_deadlock_of_one_plan_loses_that_one_only():
    plans = [in_process(sell, name, "2026-01-01", "2026-12-31") for name in CUSTOMERS]
    one, other = in_process(renew_with_a_deadlock, *plans[:2])
    assert "Somebody else is changing this plan" in other
    assert in_process(renewals_of, *plans[:2]) == [plans[0]]
    assert not one.startswith("refused")


CALENDAR = "Test Calendar At Once"


def make_calendar() -> None:
    remove_calendar()
    frappe.get_doc(
        {
            "doctype": "Beesender Holiday Calendar",
            "title": CALENDAR,
            "days": [{"date": "2026-05-01"}],
        }
    ).insert()


def remove_calendar() -> None:
    frappe.delete_doc("Beesender Holiday Calendar", CALENDAR, force=True)


def add_own_date(plan: str) -> None:
    doc = frappe.get_doc(PLAN, plan)
    doc.append("holidays", {"date": "2026-05-02"})
    doc.append("holiday_calendars", {"calendar": CALENDAR})
    doc.save()


def take_after_a_colleague(plan: str) -> int:
    """The snapshot of this transaction is from before the colleague saved."""
    frappe.db.get_all("Beesender Plan Holiday", {"parent": plan})
    in_process(add_own_date, plan)
    return calendar_use.use(CALENDAR, [plan])


def rows_of(plan: str) -> tuple[list[str], list[str]]:
    doc = frappe.get_doc(PLAN, plan)
    return (
        [str(row.date) for row in doc.holidays],
        [row.calendar for row in doc.holiday_calendars],
    )


def test_a_calendar_is_taken_once_beside_what_a_colleague_saved_meanwhile():
    in_process(make_calendar)
    try:
        plan = in_process(sell, CUSTOMERS[3], "2026-01-01")
        assert in_process(take_after_a_colleague, plan) == 0
        assert in_process(rows_of, plan) == (["2026-05-02"], [CALENDAR])
    finally:
        in_process(remove_records, CUSTOMERS)
        in_process(remove_calendar)


def test_plans_of_other_customers_do_not_wait_for_each_other_for_ever():
    results = in_processes(sell, [(name, "2026-01-01") for name in CUSTOMERS])
    assert not [each for each in results if isinstance(each, tuple)]


def test_of_two_admins_who_move_plans_over_each_other_one_does():
    customer = CUSTOMERS[1]
    first = in_process(sell, customer, "2026-01-01", "2026-03-31")
    second = in_process(sell, customer, "2026-10-01", "2026-12-31")
    results = in_processes(
        move,
        [
            (first, "2026-01-01", "2026-08-31"),
            (second, "2026-06-01", "2026-12-31"),
        ],
    )
    assert results.count("moved") == 1, results
    [refused] = [each for each in results if each != "moved"]
    assert refused[0] == "ValidationError"
    assert "is in force" in refused[1]
    # Whoever was refused can go on.
    assert in_process(move, second, "2026-09-01", "2026-12-31") == "moved"
