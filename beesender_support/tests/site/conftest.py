"""A real site: connected once, rolled back after every test."""

from unittest.mock import patch

import frappe
import frappe.translate
import pytest
from frappe.gettext.translate import get_catalog, write_binary
from frappe.utils.doctor import purge_pending_jobs

from beesender_support.tests.site.connection import connected
from beesender_support.tests.site.factories import make_client
from beesender_support.tests.site.mailbox import (
    Mailbox,
    make_account,
    transactions_within_the_test,
)
from beesender_support.tests.site.sharing import pytest_runtestloop  # noqa: F401


@pytest.fixture(scope="session")
def site():
    with connected() as name:
        _compile_russian()
        _owe_notices_of_the_past()
        yield name


@pytest.fixture(autouse=True)
def _rolled_back(site):
    """Nothing that a test does outlives it, also where Helpdesk commits."""
    frappe.set_user("Administrator")
    # Answers are stored without a mail server.
    frappe.db.set_single_value("HD Settings", "skip_email_workflow", 1)
    with patch.object(frappe.db, "commit"):
        yield
    frappe.set_user("Administrator")
    frappe.db.rollback()
    frappe.flags.pop("beesender_answers", None)
    frappe.clear_messages()


@pytest.fixture(autouse=True, scope="module")
def _no_jobs_left(site):
    """No worker takes what tests enqueue, and Frappe refuses jobs, also those of another
    site, once too many wait."""
    yield
    purge_pending_jobs(site=site)


def _owe_notices_of_the_past() -> None:
    """Clocks of tests stand before the day on which a site was upgraded."""
    frappe.db.set_single_value("Beesender Support Settings", "notices_since", None)
    frappe.db.commit()


def _compile_russian() -> None:
    """Tests read sentences as they are in the working tree, compiled or not."""
    app = "beesender_support"
    write_binary(app, get_catalog(app, "ru"), "ru")
    frappe.translate.clear_cache()


@pytest.fixture
def client():
    """A customer with one authorized contact, a portal user, and a plan in force."""
    return make_client()


@pytest.fixture
def mailbox():
    mailbox = Mailbox()
    with mailbox.served():
        yield mailbox


@pytest.fixture
def account(mailbox):
    """A POP3 account; ``receive`` commits and rolls back as always, within the test."""
    yield from account_within_the_test("Mail Test POP", use_imap=False)


@pytest.fixture
def imap_account(mailbox):
    yield from account_within_the_test("Mail Test IMAP", use_imap=True)


def account_within_the_test(name, use_imap):
    account = make_account(name, use_imap)
    with transactions_within_the_test():
        yield account
    # Error Log is not transactional.
    frappe.db.delete("Error Log", {"reference_name": name})
