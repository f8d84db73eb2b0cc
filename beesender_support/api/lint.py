"""Findings: looked for at once, mended by a click, accepted with a reason."""

import frappe

from beesender_support.enforcement.lint import checking, mends
from beesender_support.enforcement.lint.checking import MAY_CHECK, Checked
from beesender_support.enforcement.lint.keeping import FINDING
from beesender_support.wording.lint import finding_words


@frappe.whitelist(methods=["POST"])
def check_now() -> Checked:
    """Looks for findings; what is mended vanishes."""
    frappe.only_for(MAY_CHECK)
    return checking.check_now()


@frappe.whitelist(methods=["GET"])
def sentences(findings: str | list) -> dict[str, str]:
    """What each of them says, for those on a page of the list."""
    frappe.only_for(MAY_CHECK)
    names = [str(each) for each in frappe.parse_json(findings) or []][:500]
    rows = frappe.get_all(
        FINDING, {"name": ("in", names or [""])}, ["name", "code", "arguments"]
    )
    return finding_words.by_name(rows)


@frappe.whitelist(methods=["POST"])
def mend(finding: str) -> str:
    """Mends what one click mends; a sentence says what became of it."""
    frappe.only_for(MAY_CHECK)
    return mends.mend(finding)


@frappe.whitelist(methods=["POST"])
def accept(finding: str, reason: str, until: str | None = None) -> None:
    """It is meant to be so, until a day."""
    frappe.only_for(MAY_CHECK)
    mends.accept(finding, reason, until)


@frappe.whitelist(methods=["POST"])
def accept_no_longer(finding: str) -> None:
    frappe.only_for(MAY_CHECK)
    mends.accept_no_longer(finding)
