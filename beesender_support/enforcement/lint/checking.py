"""Looks for what keeps, or will keep, promises from being kept: each night, and when
somebody asks."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypedDict

import frappe
from frappe import _

from beesender_support.enforcement.lint import checks, keeping, telling
from beesender_support.enforcement.safety.fault_isolation import ends_the_transaction
from beesender_support.policy.lint.codes import SEVERITIES
from beesender_support.records.site_time import now, today

MAY_CHECK = ("System Manager", "Agent Manager")
JOB = "beesender_findings"
SAVEPOINT = "beesender_check"


class Checked(TypedDict):
    """A sentence of how many findings there are by severity, accepted ones left out, and
    of what is still looked at."""

    sentence: str


def every_night() -> None:
    """All checks; who looks after the site is told once of what is new."""
    telling.tell(check_one_by_one(list(checks.CODES_OF_GROUP)))
    frappe.db.commit()


def check_one_by_one(groups: Iterable[str]) -> list[str]:
    """As ``check``, each group in a transaction of its own: nothing stays locked while
    others are run, and one that the database ends is the only one that is lost."""
    at, new = now(), []
    keeping.withdraw_acceptances(today())
    frappe.db.commit()
    for group in groups:
        try:
            new += _found(group, at)
        except Exception:
            frappe.db.rollback()
            _log(group)
        frappe.db.commit()
    return new


def check(groups: Iterable[str]) -> list[str]:
    """Run groups of checks and keep what they find; the names of what is new.

    One that fails is logged, stops no other, and leaves what it found before. Raises what
    ends the transaction.
    """
    at = now()
    keeping.withdraw_acceptances(today())
    return [name for group in groups for name in _found(group, at)]


def _found(group: str, at: datetime) -> list[str]:
    frappe.db.savepoint(SAVEPOINT)
    try:
        return keeping.keep(group, checks.run(group, at), at)
    except Exception as fault:
        if ends_the_transaction(fault):
            raise
        frappe.db.rollback(save_point=SAVEPOINT)
        _log(group)
        return []


def _log(group: str) -> None:
    frappe.log_error(title=f"Beesender Support: looking for findings, {group}")


def check_now() -> Checked:
    """What is quick at once, and all open requests in the background."""
    check_one_by_one(checks.QUICK)
    frappe.enqueue(
        check_one_by_one,
        queue="long",
        job_id=f"{frappe.local.site}/{JOB}",
        deduplicate=True,
        enqueue_after_commit=True,
        groups=[checks.DEADLINES],
    )
    counts = (
        frappe.db.count(keeping.FINDING, {"severity": each, "accepted": 0})
        for each in SEVERITIES
    )
    return {
        "sentence": _(
            "Errors: {0}, warnings: {1}, notes: {2}. Open requests are looked at in the"
            " background."
        ).format(*counts),
    }
