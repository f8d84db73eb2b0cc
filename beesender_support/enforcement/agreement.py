"""One HD Service Level Agreement per tier, so that Helpdesk shows the tier.

It is generated from the tier and has no condition: Helpdesk never chooses it by itself.
Its hours are the tier's where Helpdesk can express them; the deadline on a ticket comes
from the policy, not from here.
"""

import frappe
from frappe import _
from frappe.model.document import Document

from beesender_support.enforcement import loaders
from beesender_support.policy.tiers import Tier
from beesender_support.policy.working_time import DAY, WEEKDAYS, clock_text

AGREEMENT = "HD Service Level Agreement"
HOLIDAY_LIST = "Beesender Support"


def agreement_name(tier: str) -> str:
    return f"Beesender {tier}"


def write_agreement(doc: Document) -> None:
    """Make or refresh the agreement of a Beesender Tier."""
    name = agreement_name(doc.name)
    if frappe.db.exists(AGREEMENT, name):
        agreement = frappe.get_doc(AGREEMENT, name)
    else:
        agreement = frappe.new_doc(AGREEMENT, service_level=name)
    tier = loaders.tier_of(doc)
    agreement.update(
        {
            "description": _("Generated from the Beesender tier {0}.").format(doc.name),
            "enabled": 1,
            "apply_sla_for_resolution": 0,
            "holiday_list": _holiday_list(),
            "support_and_resolution": _days_of(tier),
            "priorities": _priorities_of(tier),
        }
    )
    # The tier was checked; whoever may change it may change what is generated from it.
    agreement.save(ignore_permissions=True)


def remove_agreement(tier: str) -> None:
    """Remove the agreement of a tier; its tickets return to the default one."""
    name = agreement_name(tier)
    default = frappe.db.get_value(AGREEMENT, {"default_sla": 1})
    frappe.db.set_value(
        "HD Ticket", {"sla": name}, "sla", default, update_modified=False
    )
    frappe.delete_doc(
        AGREEMENT, name, ignore_permissions=True, force=True, ignore_missing=True
    )


def refresh_agreements(doc: Document, method: str | None = None) -> None:
    """A Helpdesk priority came: an agreement must name every priority."""
    for name in frappe.get_all("Beesender Tier", pluck="name"):
        write_agreement(frappe.get_doc("Beesender Tier", name))


def _days_of(tier: Tier) -> list[dict]:
    """One window a day, all that Helpdesk can express: from the first to the last."""
    hours: dict[int, tuple[int, int]] = {}
    for window in tier.windows:
        start, end = hours.get(window.weekday, (window.start, window.end))
        hours[window.weekday] = (min(start, window.start), max(end, window.end))
    return [
        {
            "workday": WEEKDAYS[weekday],
            "start_time": clock_text(start),
            "end_time": clock_text(end) if end < DAY else "23:59:59",
        }
        for weekday, (start, end) in sorted(hours.items())
    ]


def _priorities_of(tier: Tier) -> list[dict]:
    by_name = {
        loaders.ticket_priority_of(code): target.total_seconds()
        for code, target in tier.response_targets.items()
    }
    longest = max(by_name.values())
    enabled = frappe.get_all("HD Ticket Priority", {"disabled": 0}, pluck="name")
    names = list(dict.fromkeys([*filter(None, by_name), *enabled]))
    return [
        {
            "priority": name,
            "response_time": by_name.get(name, longest),
            # Not applied, but Helpdesk adds it up all the same.
            "resolution_time": by_name.get(name, longest),
            "default_priority": name == names[-1],
        }
        for name in names
    ]


def _holiday_list() -> str:
    """Helpdesk wants a holiday list; holidays are the plans', so this one stays empty."""
    if not frappe.db.exists("HD Service Holiday List", HOLIDAY_LIST):
        frappe.get_doc(
            {
                "doctype": "HD Service Holiday List",
                "holiday_list_name": HOLIDAY_LIST,
                "from_date": "2000-01-01",
                "to_date": "2099-12-31",
            }
        ).insert(ignore_permissions=True)
    return HOLIDAY_LIST
