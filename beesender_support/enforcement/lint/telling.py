"""Whoever looks after a site is told of new findings: once a night, in one line."""

from collections.abc import Sequence

import frappe
from frappe import _

from beesender_support.enforcement import runs
from beesender_support.enforcement.lint.keeping import FINDING
from beesender_support.policy.lint.codes import ERROR, WARNING
from beesender_support.records.people import staff
from beesender_support.wording.language import language_of_user, speaking

TOLD = ("System Manager", "Agent Manager")
PLAN = "Beesender Support Plan"


def tell(new: Sequence[str]) -> None:
    """By the bell of Desk, of errors and warnings; notes wait in the list. On a site that
    never sold a plan nobody is told anything."""
    grave = frappe.get_all(
        FINDING,
        {"name": ("in", list(new) or [""]), "severity": ("in", (ERROR, WARNING))},
        pluck="name",
        order_by="severity, name",
    )
    if not grave or not frappe.db.exists(PLAN, {"status": ("!=", "Draft")}):
        return
    for user in _managers():
        with speaking(language_of_user(user)):
            subject = _("New findings that may break promises: {0}.").format(len(grave))
        runs.tell(user, FINDING, grave[0], subject)


def _managers() -> list[str]:
    """Who works here now."""
    with_role = frappe.get_all(
        "Has Role",
        {"role": ("in", TOLD), "parenttype": "User"},
        pluck="parent",
        distinct=True,
        order_by=None,
    )
    return sorted(staff.members_named(with_role))
