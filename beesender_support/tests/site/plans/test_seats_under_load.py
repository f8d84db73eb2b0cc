"""Seats never exceed the limit, however many are given at once by separate processes."""

from collections.abc import Iterator

import frappe
import pytest

from beesender_support.enforcement.plans import seats
from beesender_support.enforcement.requests import held_requests
from beesender_support.tests.site.factories import (
    make_contact,
    make_customer,
    make_plan,
    receive_mail,
)
from beesender_support.tests.site.processes import (
    in_process,
    in_processes,
    remove_records,
)

CUSTOMER = "Test Client Under Load"
ADDRESSES = [f"under-load-{number}@example.com" for number in range(50)]


def make_records(seated: int) -> dict:
    customer = make_customer(CUSTOMER)
    contacts = [make_contact(customer, address) for address in ADDRESSES]
    plan = make_plan(customer, contacts[:seated])
    return {"plan": plan.name, "contacts": contacts}


def seats_on(plan: str) -> int:
    return frappe.db.count("Beesender Authorized Contact", {"parent": plan})


@pytest.fixture
def _clean() -> Iterator[None]:
    in_process(remove_records, [CUSTOMER], ADDRESSES)
    yield
    in_process(remove_records, [CUSTOMER], ADDRESSES)


def admit(ticket: str) -> str:
    held_requests.admit_with_seat(frappe.get_doc("HD Ticket", ticket))
    return "admitted"


def give(plan: str, contact: str) -> str:
    seats.give(plan, contact)
    return "given"


@pytest.mark.usefixtures("_clean")
def test_fifty_seats_given_at_once_leave_as_many_as_the_tier_includes():
    records = in_process(make_records, 0)
    results = in_processes(
        give, [(records["plan"], each) for each in records["contacts"]]
    )
    assert results.count("given") == 2
    refused = [each for each in results if each != "given"]
    assert {name for name, _ in refused} == {"ValidationError"}
    assert all("Basic includes 2" in sentence for _, sentence in refused)
    assert in_process(seats_on, records["plan"]) == 2


@pytest.mark.usefixtures("_clean")
def test_the_last_free_seat_goes_to_one_of_many_held_requests():
    records = in_process(make_records, 1)
    tickets = [in_process(_held_ticket, address) for address in ADDRESSES[1:7]]
    results = in_processes(admit, [(ticket,) for ticket in tickets])
    assert results.count("admitted") == 1
    assert in_process(seats_on, records["plan"]) == 2
    held = in_process(_still_held)
    assert held == len(tickets) - 1


def _held_ticket(address: str) -> str:
    frappe.flags.mute_emails = True
    return receive_mail(address, f"Help for {address}").name


def _still_held() -> int:
    return frappe.db.count(
        "HD Ticket", {"customer": CUSTOMER, "beesender_admission": "Held"}
    )
