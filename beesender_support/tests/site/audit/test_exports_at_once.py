"""Decisions of one customer are exported once, however many ask at once."""

import frappe
import pytest
from frappe.utils import nowdate

from beesender_support.enforcement.audit import exports
from beesender_support.tests.site.factories import make_customer, make_ticket
from beesender_support.tests.site.processes import (
    in_process,
    in_processes,
    remove_records,
)

CUSTOMER = "Test Client Of Exports"


def make_records():
    make_customer(CUSTOMER)
    make_ticket(frappe._dict(customer=CUSTOMER, contact=None, email=None))


def remove():
    frappe.db.delete(exports.RUN, {"customer": CUSTOMER})
    remove_records([CUSTOMER])


@pytest.fixture(autouse=True)
def _clean():
    in_process(remove)
    in_process(make_records)
    yield
    in_process(remove)


def start():
    frappe.enqueue = lambda *_arguments, **_options: None
    # As a request that has read something before it starts one.
    frappe.db.count(exports.RUN)
    return exports.start(CUSTOMER, nowdate(), nowdate())


def runs():
    return frappe.get_all(exports.RUN, {"customer": CUSTOMER}, pluck="name")


def test_of_four_exports_that_start_at_once_one_does():
    results = in_processes(start, [()] * 4)
    refused = [each for each in results if isinstance(each, tuple)]
    assert [name for name, _sentence in refused] == ["ValidationError"] * 3
    assert all("are being exported" in sentence for _name, sentence in refused)
    assert [each for each in results if each not in refused] == in_process(runs)
