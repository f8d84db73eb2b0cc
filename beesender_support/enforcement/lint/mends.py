"""What one click mends, where one suffices. Whatever is mended twice stays mended."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

import frappe
from frappe import _, _lt
from frappe.model.document import Document
from frappe.utils import getdate

from beesender_support.enforcement.lint import checking, keeping, recounting
from beesender_support.enforcement.lint.checks import GROUP_OF_CODE
from beesender_support.enforcement.lint.keeping import FINDING
from beesender_support.enforcement.renewals import invitations
from beesender_support.enforcement.response import agreement
from beesender_support.policy.lint import codes
from beesender_support.records.site_time import today

PLAN = "Beesender Support Plan"


def mend(name: str) -> str:
    """Mend what a finding is about, and look again; a sentence of what became of it.

    Raises where the session may not change what is to be changed.
    """
    if not (row := _finding(name)):
        return _("This is mended already.")
    if row.code not in MENDS:
        frappe.throw(_("Nothing mends this by one click. Open what it is about."))
    said = MENDS[row.code].mend(row)
    if said:
        return said
    if row.code != codes.DEADLINE_DIFFERS.code:
        checking.check([GROUP_OF_CODE[row.code]])
    if frappe.db.exists(FINDING, name):
        return _(
            "Done as far as one click does it. Open what it is about for the rest."
        )
    return _("Mended.")


def accept(name: str, reason: str, until: str | None) -> None:
    """It is meant to be so, until a day; without one, as long as it is found."""
    if not reason.strip():
        frappe.throw(_("Say why: the reason is kept with the finding."))
    last = _day(until)
    if last and last < today():
        frappe.throw(_("This day has passed. Give a later one, or none."))
    if not _finding(name):
        frappe.throw(_("This is mended already."))
    frappe.db.set_value(
        FINDING,
        name,
        {
            "accepted": 1,
            "accepted_by": frappe.session.user,
            "accepted_until": last,
            "accepted_reason": reason.strip()[:500],
        },
    )


def accept_no_longer(name: str) -> None:
    if _finding(name):
        frappe.db.set_value(FINDING, name, keeping.NOT_ACCEPTED)


def _day(typed: str | None) -> date | None:
    if not typed:
        return None
    try:
        return getdate(typed)
    except (ValueError, OverflowError, frappe.ValidationError):
        frappe.clear_last_message()
        frappe.throw(_("{0} is not a date. Give one such as 2026-12-31.").format(typed))


def _finding(name: str) -> frappe._dict | None:
    """Locked, so that of two clicks the second finds what the first did."""
    return frappe.db.get_value(
        FINDING,
        name,
        ["name", "code", "place", "arguments"],
        as_dict=True,
        for_update=True,
    )


# By code


def _agreement_anew(row: frappe._dict) -> None:
    tier = frappe.get_doc("Beesender Tier", row.place)
    agreement.write_agreement(tier)
    agreement.mend()


def _members_added(row: frappe._dict) -> None:
    """Saving a plan adds the contacts it seats to its customer."""
    _plan(row).save()


def _invited(row: frappe._dict) -> str | None:
    invited = invitations.invite_all(_plan(row).name)
    if not invited["invited"] and not invited["already"]:
        return None
    return _("Invited: {0}. The finding vanishes when they have signed up.").format(
        len(invited["invited"]) + len(invited["already"])
    )


def _plan(row: frappe._dict) -> Document:
    plan = frappe.get_doc(PLAN, row.place)
    plan.check_permission("write")
    return plan


def _counted_again(row: frappe._dict) -> None:
    recounting.recount_tickets([row.place])
    keeping.remove(row.name)


def _zone_counted_again(row: frappe._dict) -> str:
    recounting.recount_zones_later()
    return _("The tickets are counted again in the background.")


class Mend(NamedTuple):
    """What a button says, and what it does; what it returns is said instead of looking
    again."""

    label: str
    mend: Callable[[frappe._dict], str | None]


_ANEW = Mend(_lt("Make anew"), _agreement_anew)
MENDS: Mapping[str, Mend] = {
    codes.AGREEMENT_MISSING.code: _ANEW,
    codes.AGREEMENT_CHANGED.code: _ANEW,
    codes.CONTACT_NOT_A_MEMBER.code: Mend(_lt("Add them"), _members_added),
    codes.CONTACT_WITHOUT_PORTAL_USER.code: Mend(_lt("Invite"), _invited),
    codes.DEADLINE_DIFFERS.code: Mend(_lt("Count again"), _counted_again),
    codes.ZONE_RULES_CHANGED.code: Mend(_lt("Count again"), _zone_counted_again),
}
