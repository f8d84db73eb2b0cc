"""What the rule book says of allowances is what the policy does."""

from decimal import Decimal

from beesender_support.policy.allowances.contract_days import (
    check_day,
    granted_in,
    is_recorded,
    year_of,
)
from beesender_support.policy.allowances.ledger import (
    CONSUME,
    RESERVE,
    Entry,
    Ledger,
    Split,
)
from beesender_support.policy.errors import InvalidValue, NothingLeft
from beesender_support.policy.sold.entitlements import COUNT, HOURS
from beesender_support.tests.docs.rule_book import (
    GRANTED,
    TAKEN,
    TAKEN_ON,
    Example,
    day_in,
    examples,
    optional,
)
from beesender_support.tests.policy.factories import make_plan

UNITS = {"number": COUNT, "hours": HOURS}
ACTIONS = {"used": CONSUME, "reserved": RESERVE}


def ledger_in(example: Example) -> Ledger:
    entries = [
        Entry(action, action, Decimal(example[column]))
        for action, column in ((RESERVE, "reserved"), (CONSUME, "used already"))
        if Decimal(example[column])
    ]
    return Ledger(UNITS[example["counted in"]], Decimal(example["granted"]), entries)


def take(example: Example) -> Split | None:
    ledger, amount = ledger_in(example), Decimal(example["taken"])
    if example["as"] == "reserved":
        ledger.reserve(amount)
        return Split(amount, Decimal(0))
    return ledger.consume(amount, None if example["as"] == "used" else RESERVE)


@examples(TAKEN)
def test_an_allowance_is_taken_as_told(example):
    try:
        included, billable = take(example)
    except NothingLeft:
        assert (example["included"], example["billable"]) == ("refused", "none")
        return
    assert included == Decimal(example["included"])
    assert billable == Decimal(example["billable"])


@examples(TAKEN_ON)
def test_a_day_counts_as_told(example):
    plan = make_plan(
        status=example["plan status"],
        starts_on=day_in(example["plan starts"]),
        ends_on=optional(day_in, example["plan ends"]),
    )
    on, today = day_in(example["taken on"]), day_in(example["today"])
    try:
        check_day(plan, ACTIONS[example["as"]], on, today)
    except InvalidValue:
        assert example["counts in the year from"] == "refused"
        return
    assert year_of(plan, on) == day_in(example["counts in the year from"])


@examples(GRANTED)
def test_a_year_grants_as_told(example):
    year, today = day_in(example["year from"]), day_in(example["today"])
    last = optional(Decimal, example["granted before"])
    if not is_recorded(year, last, today):
        assert example["granted in the year"] == "not recorded"
        return
    granted = granted_in(year, Decimal(example["tier grants now"]), last, today)
    assert granted == Decimal(example["granted in the year"])
