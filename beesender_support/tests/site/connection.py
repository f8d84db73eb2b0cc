"""The site that tests run on."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import frappe
import pytest


@contextmanager
def connected() -> Iterator[str]:
    """Its name; for a whole session. Only a site made for tests will do."""
    frappe.init(site=os.environ["TEST_SITE"], sites_path=os.environ["SITES_PATH"])
    frappe.connect()
    if not frappe.conf.allow_tests:
        pytest.exit(f"{frappe.local.site} does not allow tests (allow_tests)")
    frappe.flags.in_test = frappe.in_test = True  # version 15 reads the first
    frappe.flags.mute_emails = True
    yield frappe.local.site
    frappe.destroy()
