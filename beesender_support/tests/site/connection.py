"""The site that tests run on."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import frappe
import pytest
from frappe.email.doctype.email_account.email_account import EmailAccount


@contextmanager
def connected() -> Iterator[str]:
    """Its name; for a whole session. Only a site made for tests will do."""
    frappe.init(site=os.environ["TEST_SITE"], sites_path=os.environ["SITES_PATH"])
    frappe.connect()
    if not frappe.conf.allow_tests:
        pytest.exit(f"{frappe.local.site} does not allow tests (allow_tests)")
    frappe.flags.in_test = frappe.in_test = True  # version 15 reads the first
    frappe.flags.mute_emails = True
    _has_an_address_to_send_from()
    with roles_asked_for():
        yield frappe.local.site
    frappe.destroy()


def _has_an_address_to_send_from() -> None:
    """A site may have no account for outgoing mail: Frappe then sends from one that is
    made up, which has no address in version 15."""
    if not EmailAccount.create_dummy().email_id:
        frappe.conf.update(mail_server="localhost", email_sender_name="Notifications")


@contextmanager
def roles_asked_for() -> Iterator[None]:
    """``only_for`` refuses as it does outside tests: version 15 lets every user of a test
    pass, and what our endpoints refuse could not be seen there."""
    only_for = frappe.only_for

    def asked(*args, **kwargs) -> None:
        with patch.dict(frappe.flags, in_test=False):
            only_for(*args, **kwargs)

    with patch.object(frappe, "only_for", asked):
        yield
