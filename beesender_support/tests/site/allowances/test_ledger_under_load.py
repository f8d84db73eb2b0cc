"""An allowance is never exceeded, however many take of it at once by separate processes."""

from collections.abc import Iterator

import frappe
import pytest

from beesender_support.enforcement.allowances import taking
from beesender_support.policy.allowances.ledger import CONSUME, RESERVE
from beesender_support.records.allowances.balances import ENTRY
from beesender_support.tests.site.factories import make_customer, make_plan
from beesender_support.tests.site.processes import (
    in_process,
    in_processes,
    remove_records,
)

CUSTOMERS = ("Test Client Of Updates", "Test Client Of Other Updates")


def remove() -> None:
    frappe.db.delete(ENTRY, {"customer": ("in", CUSTOMERS)})
    remove_records(CUSTOMERS)


@pytest.fixture
def _clean() -> Iterator[None]:
    in_process(remove)
    yield
    in_process(remove)


def make_plans() -> list[str]:
    return [
        make_plan(make_customer(each), [], tier="Business").name for each in CUSTOMERS
    ]


def take(plan: str, action: str, key: str = "") -> str:
    # As somebody who looked at the plan before: their view of it is an old one.
    frappe.get_all(ENTRY, {"plan": plan})
    values = {"plan": plan, "entitlement": "updates", "action": action, "amount": 1}
    return taking.write(values, key).name


def entries_of(plan: str) -> list[str]:
    return frappe.get_all(ENTRY, {"plan": plan}, pluck="name")


@pytest.mark.usefixtures("_clean")
def test_fifty_who_take_at_once_get_as_many_as_the_tier_includes():
    plans = in_process(make_plans)
    results = in_processes(
        take,
        [
            (plans[number % 2], (CONSUME, RESERVE)[number // 2 % 2])
            for number in range(50)
        ],
    )
    taken = [each for each in results if isinstance(each, str)]
    refusals = [each for each in results if not isinstance(each, str)]
    assert {name for name, _ in refusals} == {"ValidationError"}, refusals
    assert all("more than is left: 0 of 2" in said for _, said in refusals)
    assert len(taken) == 4
    assert [len(in_process(entries_of, plan)) for plan in plans] == [2, 2]


@pytest.mark.usefixtures("_clean")
def test_one_press_that_arrives_ten_times_at_once_is_written_once():
    [plan, _other] = in_process(make_plans)
    results = in_processes(take, [(plan, CONSUME, "one press")] * 10)
    assert len(set(results)) == 1, results
    assert in_process(entries_of, plan) == [results[0]]
