"""What an escalation says, in the language spoken."""

from collections.abc import Mapping
from datetime import datetime
from html import unescape
from typing import Any

from frappe import _
from frappe.utils import get_system_timezone, get_url

from beesender_support.policy.calendar.zones import time_zone
from beesender_support.policy.notices.escalation import (
    BREACH,
    HELD,
    REGISTERED,
    WARNING,
    Escalation,
)
from beesender_support.records.sold import catalogue
from beesender_support.wording.names import TARGET_NAMES
from beesender_support.wording.renderer import fill


def values(row: Mapping[str, Any], escalation: Escalation) -> dict[str, str]:
    """The variables of the texts ``escalated`` and ``urgent_request``, of a ticket's
    row."""
    return {
        "ticket": str(row["name"]),
        "ticket_link": get_url(f"/helpdesk/tickets/{row['name']}"),
        "subject": unescape(row["subject"] or ""),
        "customer": row["customer"] or "",
        "category": _named(row["ticket_type"]),
        "priority": _priority(row["beesender_priority"]),
        "event": event(escalation),
        "due": _moment(escalation.due) if escalation.due else "",
    }


def event(escalation: Escalation) -> str:
    """What happened, in one sentence."""
    rule = escalation.rule
    if rule.event == REGISTERED:
        return _("It was registered and nobody has answered yet.")
    if rule.event == HELD:
        return _("It was registered and waits for admission.")
    if rule.event == WARNING:
        return fill(
            _("{0}: {1} % of the time is used."), _target(escalation), rule.share
        )
    if rule.event == BREACH:
        return fill(_("{0}: the promise is broken."), _target(escalation))
    return fill(
        _("It has waited for admission for {0} support hours."), rule.support_hours
    )


def _target(escalation: Escalation) -> str:
    target = escalation.target or ""
    return _(TARGET_NAMES[target])


def _named(category: str | None) -> str:
    return _(category) if category else ""


def _priority(code: str | None) -> str:
    """With what it means."""
    meaning = catalogue.priority_meanings().get(code or "")
    return f"{code}: {_(meaning)}" if code and meaning else code or ""


def _moment(at: datetime) -> str:
    """By the site's clock, which is that of Helpdesk's lists."""
    zone = get_system_timezone()
    return f"{fill('{0}', at.astimezone(time_zone(zone)))} ({zone})"
