"""What a new site starts with: the catalogue. Only missing rows are created."""

from collections.abc import Sequence
from dataclasses import asdict

import frappe

from beesender_support.policy.calendar.windows import DAY, WEEKDAYS, clock_text
from beesender_support.policy.sentences import marked as _
from beesender_support.policy.sold.catalogue import CATALOGUE
from beesender_support.policy.sold.categories import Category, Priority
from beesender_support.policy.sold.tiers import Tier

DEFAULT_CATEGORY = "Incident"
SETTINGS = "Beesender Support Settings"


def add_first_data() -> None:
    add_priorities()
    add_entitlements()
    add_channels()
    for tier in CATALOGUE.tiers:
        add_if_absent("Beesender Tier", tier.name, _tier(tier))
    for category in CATALOGUE.categories:
        add_if_absent("HD Ticket Type", category.name, {})
        add_if_absent("Beesender Category", category.name, _category(category))
    add_closing_reasons()
    settings = frappe.get_doc(SETTINGS)
    if not settings.default_category:
        settings.default_category = DEFAULT_CATEGORY
        settings.save()


# Why a request is closed that nobody solved, and when to say so.
CLOSING_REASONS = {
    _("Spam"): _("Nobody asked for anything."),
    _("Duplicate request"): _("The same was requested before, and is solved there."),
}


def add_closing_reasons() -> None:
    for name, meaning in CLOSING_REASONS.items():
        add_if_absent("Beesender Closing Reason", name, {"meaning": meaning})


def add_entitlements() -> None:
    for each in CATALOGUE.entitlements:
        values = {"title": each.title, "unit": each.unit, "enabled": each.enabled}
        add_if_absent("Beesender Entitlement", each.code, values)


def add_priorities() -> None:
    """P1 to P4, each standing for a Helpdesk priority; one for which none is left stands
    for none, and a first step asks for it."""
    ticket_priorities = frappe.get_all(
        "HD Ticket Priority",
        {"disabled": 0},
        pluck="name",
        order_by="integer_value, name",
    )
    standing_for = match_priorities(CATALOGUE.priorities, ticket_priorities)
    taken = frappe.get_all("Beesender Priority", pluck="ticket_priority")
    for priority in CATALOGUE.priorities:
        name = standing_for.get(priority.code)
        values = {
            "ticket_priority": None if name in taken else name,
            "meaning": priority.meaning,
        }
        add_if_absent("Beesender Priority", priority.code, values)


def match_priorities(
    priorities: Sequence[Priority], ticket_priorities: Sequence[str]
) -> dict[str, str]:
    """By code, the Helpdesk priority of the usual name; on a site that has named its own,
    the next in order of urgency."""
    usual = {each.code: each.ticket_priority for each in priorities}
    present = {code: name for code, name in usual.items() if name in ticket_priorities}
    if len(present) == len(usual) or set(ticket_priorities) <= set(usual.values()):
        return present
    return dict(zip(usual, ticket_priorities, strict=False))


def add_channels() -> None:
    for channel in CATALOGUE.channels:
        values = asdict(channel)
        add_if_absent("Beesender Channel", values.pop("code"), values)


def add_if_absent(doctype: str, name: str, values: dict) -> None:
    if frappe.db.exists(doctype, name):
        return
    doc = frappe.get_doc({"doctype": doctype, "name": name, **values})
    # The vendor's tiers have channels that are retired by now.
    doc.flags.beesender_as_shipped = True
    doc.insert(set_name=name, ignore_permissions=True)
    if doctype in OTHERS_DOCTYPES:
        note_added(doctype, name)


# Not ours, so uninstalling has to know which rows are.
OTHERS_DOCTYPES = ("HD Ticket Type",)


def note_added(doctype: str, name: str) -> None:
    added = added_records()
    if [doctype, name] in added:
        return
    added.append([doctype, name])
    frappe.db.set_single_value(SETTINGS, "added_records", frappe.as_json(added))


def drop_note_of_added(doctype: str, name: str) -> None:
    left = [each for each in added_records() if each != [doctype, name]]
    frappe.db.set_single_value(SETTINGS, "added_records", frappe.as_json(left))


def added_records() -> list[list[str]]:
    """Rows of other apps' DocTypes that this app made: ``[doctype, name]``."""
    stored = frappe.db.get_single_value(SETTINGS, "added_records")
    return frappe.parse_json(stored) if stored else []


def _tier(tier: Tier) -> dict:
    return {
        "rank": tier.rank,
        "fee_percent": float(tier.fee_percent),
        "around_the_clock": tier.around_the_clock,
        "support_windows": [
            {
                "weekday": WEEKDAYS[window.weekday],
                "start_time": clock_text(window.start),
                "end_time": clock_text(window.end % DAY),
            }
            for window in ([] if tier.around_the_clock else tier.windows)
        ],
        "response_targets": [
            {"priority": code, "hours": target.total_seconds() / 3600}
            for code, target in sorted(tier.response_targets.items())
        ],
        "authorized_contact_limit": tier.authorized_contact_limit,
        "registration_channels": _channels(tier.registration_channels),
        "answer_channels": _channels(tier.answer_channels),
        "entitlements": [
            {"entitlement": code, "amount": float(amount)}
            for code, amount in tier.entitlements.items()
        ],
    }


def _channels(channels: frozenset[str]) -> list[dict]:
    return [{"channel": channel} for channel in sorted(channels)]


def _category(category: Category) -> dict:
    return {
        "ticket_type": category.name,
        "promises_response": category.promises_response,
        "meaning": category.meaning,
        "description_template": category.description_template,
        "priority_rules": [
            {
                "priority": rule.priority,
                "is_default": rule.is_default,
                "when_to_use": rule.when_to_use,
            }
            for rule in category.priority_rules
        ],
        "priority_from_impact": category.asks_impact,
        "impact_rules": impact_rules(category),
    }


def impact_rules(category: Category) -> list[dict]:
    return [
        {
            "affected": rule.affected,
            "way_round": rule.way_round,
            "priority": rule.priority,
        }
        for rule in (category.impact.rules if category.impact else ())
    ]
