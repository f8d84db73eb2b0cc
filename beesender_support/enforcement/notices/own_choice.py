"""What each agent chooses for themselves."""

import frappe
from frappe import _

from beesender_support.policy.notices.staff import CHOICES

AGENT, BY_MAIL = "HD Agent", "beesender_notices_by_mail"


def choose_mail(user: str, choice: str) -> None:
    """Written past the form: nobody else's to change, so no role may write the field."""
    if choice not in CHOICES:
        frappe.throw(_("Choose one of: {0}.").format(", ".join(map(_, CHOICES))))
    if not frappe.db.exists(AGENT, user):
        frappe.throw(
            _("You have no record as an agent, so everything is mailed to you.")
        )
    frappe.db.set_value(AGENT, user, BY_MAIL, choice, update_modified=False)
