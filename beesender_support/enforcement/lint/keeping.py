"""What was found, kept: new findings are added, those that are mended vanish."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

import frappe

from beesender_support.enforcement.lint.checks import CODES_OF_GROUP
from beesender_support.policy.lint import codes
from beesender_support.policy.lint.arguments import as_plain
from beesender_support.policy.lint.findings import Finding
from beesender_support.records.site_time import to_column
from beesender_support.records.tables import escaped_for_like

FINDING = "Beesender Finding"
# The DocType of what a finding is about; a zone has no record.
DOCTYPE_OF_PLACE = {
    codes.TIER: "Beesender Tier",
    codes.CATEGORY: "Beesender Category",
    codes.PRIORITY: "Beesender Priority",
    codes.PLAN: "Beesender Support Plan",
    codes.CALENDAR: "Beesender Holiday Calendar",
    codes.CONTACT: "Contact",
    codes.TICKET: "HD Ticket",
    codes.MAILBOX: "Email Account",
    codes.SETTINGS: "Beesender Support Settings",
}
_SAID = ("severity", "customer", "place_doctype", "place", "arguments")
_LOT = 200
NOT_ACCEPTED: Mapping[str, object] = {
    "accepted": 0,
    "accepted_by": None,
    "accepted_until": None,
    "accepted_reason": None,
}


def keep(group: str, findings: Iterable[Finding], now: datetime) -> list[str]:
    """Store all that a group of checks found; the names of findings that are new, or are
    no longer what was accepted.

    Safe to run twice, and at once: of two that add the same one does.
    """
    by_key = {key_of(each): each for each in findings}
    found_by_group = [code.code for code in CODES_OF_GROUP[group]]
    rows = frappe.get_all(
        FINDING,
        {"code": ("in", found_by_group)},
        ["finding_key", "name", "accepted", *_SAID],
    )
    known = {row.finding_key: row for row in rows}
    _remove([row.name for key, row in known.items() if key not in by_key])
    stamp = to_column(now)
    seen = [row.name for key, row in known.items() if key in by_key]
    if seen:
        frappe.db.set_value(
            FINDING, {"name": ("in", seen)}, "last_seen", stamp, update_modified=False
        )
    new = []
    for key, each in by_key.items():
        if row := known.get(key):
            name = row.name if _update(row, each) else None
        else:
            name = _add(key, each, stamp)
        if name:
            new.append(name)
    return new


def _update(row: frappe._dict, finding: Finding) -> bool:
    """Whether it was accepted, and now says something else: it is accepted no longer."""
    said = _said(finding)
    if all(row[field] == said[field] for field in _SAID):
        return False
    is_other = bool(row.accepted) and _lasting(finding, row.arguments) != _lasting(
        finding, said["arguments"]
    )
    values = {**said, **NOT_ACCEPTED} if is_other else said
    frappe.db.set_value(FINDING, row.name, values, update_modified=False)
    return is_other


def _lasting(finding: Finding, arguments: str) -> dict[str, object] | None:
    """None of what is damaged."""
    try:
        return finding.kind.lasting(json.loads(arguments))
    except (TypeError, ValueError, AttributeError):
        return None


def key_of(finding: Finding) -> str:
    return hashlib.sha256(json.dumps(finding.key).encode()).hexdigest()[:40]


def _said(finding: Finding) -> dict[str, object]:
    doctype = DOCTYPE_OF_PLACE.get(finding.kind.place)
    is_record = bool(doctype) and finding.kind.place != codes.SETTINGS
    return {
        "severity": finding.severity,
        "customer": finding.customer or None,
        "place_doctype": doctype,
        "place": finding.place if is_record else doctype,
        "arguments": json.dumps(as_plain(finding.context), ensure_ascii=False),
    }


def _add(key: str, finding: Finding, stamp: datetime | None) -> str | None:
    """None where somebody else added it meanwhile."""
    doc = frappe.get_doc(
        {
            "doctype": FINDING,
            "finding_key": key,
            "code": finding.code,
            "first_seen": stamp,
            "last_seen": stamp,
            **_said(finding),
        }
    )
    doc.flags.ignore_links = True
    try:
        return str(doc.insert(ignore_permissions=True).name)
    except frappe.UniqueValidationError:
        frappe.clear_last_message()
        return None


def _remove(names: Collection[str]) -> None:
    names = list(names)
    for start in range(0, len(names), _LOT):
        frappe.db.delete(FINDING, {"name": ("in", names[start : start + _LOT])})


def remove(name: str) -> None:
    """It was mended."""
    _remove([name])


def withdraw_acceptances(today: date) -> None:
    """Those that were accepted until a day that has passed are findings again."""
    frappe.db.set_value(
        FINDING,
        {"accepted": 1, "accepted_until": ("<", today)},
        NOT_ACCEPTED,
        update_modified=False,
    )


def forget(texts: Iterable[str]) -> None:
    """Remove findings that name any of ``texts``, such as a contact or an address; the
    next check finds anew what is left of them."""
    for text in filter(None, texts):
        plain = json.dumps(text, ensure_ascii=False)[1:-1]
        like = f"%{escaped_for_like(plain)}%"
        frappe.db.delete(FINDING, {"arguments": ("like", like)})
        frappe.db.delete(FINDING, {"place": text})
