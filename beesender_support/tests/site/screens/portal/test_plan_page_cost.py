"""What the page "My support plan" costs: whole requests, counted in SQL statements.

Real requests need records that other connections see, so these are committed, in a
process of their own, and removed again.
"""

import os

import frappe
import frappe.app
import pytest
from frappe.utils.password import update_password
from werkzeug.test import Client

from beesender_support.tests.browser import records
from beesender_support.tests.site.processes import in_process
from beesender_support.tests.site.statements import noted

MOST_STATEMENTS = 12
# What version 15 asks for every page of a website, where later versions remember most of
# it: whether it is redirected, what its head says, and of its reader the name, the picture
# and which apps and workspaces they may open.
FOR_ANY_PAGE = (
    "`tabWebsite Route Redirect`",
    "`tabWebsite Route Meta`",
    "`tabWorkspace`",
    "`tabCustom Role`",
    "SELECT `default_app` FROM `tabUser`",
    "SELECT `first_name`,`last_name`,`user_image`,`name` FROM `tabUser`",
)


def statements_of(email: str, path: str) -> list[str]:
    """The SQL statements of one whole request of somebody who has been there before."""
    with records.made_up_records():
        give_everything_to(email)
        client = Client(frappe.app.application)
        answers = [
            client.post(
                "/api/method/login",
                data={"usr": email, "pwd": records.PASSWORD},
                headers={"Host": os.environ["TEST_SITE"]},
            )
        ]
        with noted() as statements:
            for _visit in range(4):
                statements.clear()
                answers.append(
                    client.get(path, headers={"Host": os.environ["TEST_SITE"]})
                )
        # A request takes its connection with it.
        frappe.init(os.environ["TEST_SITE"], os.environ["SITES_PATH"], force=True)
        frappe.connect()
    assert [each.status_code for each in answers] == [200] * 5
    assert "Borealis Net" in answers[-1].get_data(as_text=True)
    return [each for each in statements if not any(map(each.count, FOR_ANY_PAGE))]


def give_everything_to(email: str) -> None:
    """All that a page can show: a manager of two customers, with seats and a manager."""
    contact = records.fresh_contact(records.ON_BASIC["Borealis Net"])
    update_password(email, records.PASSWORD)
    for name in records.ON_BASIC:
        customer = frappe.get_doc("HD Customer", name)
        rows = [each for each in customer.contacts if each.contact_name == contact]
        row = (
            rows[0] if rows else customer.append("contacts", {"contact_name": contact})
        )
        row.is_manager = 1
        customer.save()
    plan = frappe.get_doc("Beesender Support Plan", {"customer": "Borealis Net"})
    plan.success_manager = records.AGENT
    plan.save()
    frappe.db.commit()


@pytest.mark.parametrize("email", [records.ON_BASIC["Borealis Net"], records.AGENT])
def test_one_request_shows_it_all_with_few_statements(email):
    frappe.db.rollback()  # of what every test starts with, and the others wait for
    statements = in_process(
        statements_of, email, "/support-plan?customer=Borealis%20Net"
    )
    assert statements, "nothing was counted"
    assert not isinstance(statements, tuple), statements
    assert any("tabContact" in each for each in statements)
    assert len(statements) <= MOST_STATEMENTS, "\n".join(statements)
