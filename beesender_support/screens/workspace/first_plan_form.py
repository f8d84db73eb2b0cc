"""What the dialog of the first plan offers, and what became of the first records, in
words."""

from collections.abc import Mapping
from typing import TypedDict

import frappe
from frappe import _
from frappe.utils import get_system_timezone

from beesender_support.enforcement.renewals.invitations import Invited
from beesender_support.records.site_time import today
from beesender_support.records.sold import catalogue
from beesender_support.screens.desk import plan_form


class Option(TypedDict):
    value: str
    label: str


class Choices(TypedDict):
    """``time_zone``, ``starts_on`` and ``calendar`` are filled in to begin with; the
    site's day is also that of the plan, as long as the zone is the site's."""

    tiers: list[Option]
    time_zones: list[str]
    calendars: list[str]
    time_zone: str
    starts_on: str
    calendar: str | None


def choices() -> Choices:
    calendars = frappe.get_list(
        "Beesender Holiday Calendar", pluck="name", order_by="name"
    )
    zones = plan_form.time_zones()
    own = get_system_timezone()
    return {
        "tiers": [
            {"value": tier.name, "label": catalogue.tier_title(tier.name)}
            for tier in catalogue.tiers()
            if not tier.no_longer_sold
        ],
        "time_zones": zones,
        "calendars": calendars,
        "time_zone": own if own in zones else zones[0],
        "starts_on": today().isoformat(),
        "calendar": calendars[0] if len(calendars) == 1 else None,
    }


def invited_in_words(invited: Invited) -> str:
    said = []
    if invited["invited"]:
        names = ", ".join(invited["invited"])
        said.append(_("Invited: {0}. They choose a password by mail.").format(names))
    if invited["already"]:
        said.append(_("Invited before: {0}.").format(", ".join(invited["already"])))
    if invited["without_address"]:
        names = ", ".join(invited["without_address"])
        said.append(_("Without an e-mail address: {0}.").format(names))
    for failed in invited["failed"]:
        said.append(
            _("{0} was not invited: {1}").format(failed["contact"], failed["why"])
        )
    return " ".join(said) or _("Everybody with a seat has access already.")


def counted(counts: Mapping[str, int]) -> str:
    """How many records were made, by kind."""
    said = ", ".join(f"{_(doctype)}: {count}" for doctype, count in counts.items())
    return _("Sample data are here. {0}.").format(said)
