"""Looks for what keeps, or will keep, promises from being kept: each night, and when
somebody asks."""

from collections.abc import Iterable
from typing import TypedDict

import frappe
from frappe import _

from beesender_support.enforcement.lint import checks, keeping, telling
from beesender_support.policy.lint.codes import SEVERITIES
from beesender_support.records.site_time import now

MAY_CHECK = ("System Manager", "Agent Manager")
JOB = "beesender_findings"
SAVEPOINT = "beesender_check"


class Checked(TypedDict):
    """How many findings there are by severity, in the order of ``SEVERITIES``, accepted
    ones left out, and a sentence about what is still looked at."""

    counts: list[int]
    sentence: str


def every_night() -> None:
    """All checks; who looks after the site is told once of what is new."""
    telling.tell(check(checks.CODES_OF_GROUP))
    frappe.db.commit()


def check(groups: Iterable[str]) -> list[str]:
    """Run groups of checks and keep what they find; the names of what is new.

    One that fails is logged, stops no other, and leaves what it found before.
    """
    at, new = now(), []
    keeping.withdraw_acceptances(at.date())
    for group in groups:
        frappe.db.savepoint(SAVEPOINT)
        try:
            new += keeping.keep(group, checks.run(group, at), at)
        except Exception:
            frappe.db.rollback(save_point=SAVEPOINT)
            frappe.log_error(title=f"Beesender Support: looking for findings, {group}")
    return new


def check_now() -> Checked:
    """What is quick at once, and all open requests in the background."""
    check(checks.QUICK)
    frappe.enqueue(
        check,
        queue="long",
        job_id=f"{frappe.local.site}/{JOB}",
        deduplicate=True,
        enqueue_after_commit=True,
        groups=[checks.DEADLINES],
    )
    counts = counts_by_severity()
    return {
        "counts": counts,
        "sentence": _(
            "Errors: {0}, warnings: {1}, notes: {2}. Open requests are looked at in the"
            " background."
        ).format(*counts),
    }


def counts_by_severity() -> list[int]:
    return [
        frappe.db.count(keeping.FINDING, {"severity": each, "accepted": 0})
        for each in SEVERITIES
    ]
