"""Keeps Beesender Support Settings within what they can mean."""

from frappe.model.document import Document

from beesender_support.policy.notices.digest import LAST_HOUR
from beesender_support.policy.notices.staff import check_of_support
from beesender_support.policy.notices.warnings import shares_of
from beesender_support.policy.plans.limits import (
    MAX_AT_RISK,
    MAX_DAYS,
    MAX_REQUESTS_A_MINUTE,
    MIN_AT_RISK,
    decimal_number,
    whole_number,
)
from beesender_support.records.people import staff

# Least and most of each; a site that never set one has its default.
WHOLE_NUMBERS = {
    "over_quota_grace_days": (0, MAX_DAYS),
    "intake_limit": (1, MAX_REQUESTS_A_MINUTE),
    "access_details_days": (0, MAX_DAYS),
    "conversation_days": (1, MAX_DAYS),
    "digest_hour": (0, LAST_HOUR),
}


def check(doc: Document) -> None:
    """Raise PolicyError for a number that a setting cannot be, and for somebody newly on
    duty who does not work here."""
    if _is_given(doc.at_risk_percent):
        decimal_number("at_risk_percent", doc.at_risk_percent, MIN_AT_RISK, MAX_AT_RISK)
    shares_of("warning_percents", doc.get("warning_percents"))
    for fieldname, (least, most) in WHOLE_NUMBERS.items():
        if _is_given(doc.get(fieldname)):
            doc.set(fieldname, whole_number(fieldname, doc.get(fieldname), least, most))
    before = doc.get_doc_before_save()
    known = {row.user for row in before.get("on_duty") or ()} if before else set()
    added = [row.user for row in doc.get("on_duty") or () if row.user not in known]
    if added:
        check_of_support("on_duty", added, staff.members_named(added))


def _is_given(value: object) -> bool:
    return value is not None and value != ""
