"""Programs that call the intake on behalf of customers: the chatbot and the site
widget.

They sign in with the API key of a user who has the role below. It grants no permission
on any record; a program can do only what the intake's endpoints do for it.
"""

from contextlib import AbstractContextManager

import frappe
from frappe import _

from beesender_support.enforcement.safety.rate_limit import (
    TooManyRequests,
    refuse,
    requests_of,
)
from beesender_support.records import settings
from beesender_support.records.people.session import acting_as

CHANNEL_ROLE = "Beesender Channel"


class BadPayload(frappe.ValidationError):
    http_status_code = 422


class UnknownRequest(frappe.ValidationError):
    http_status_code = 404


def only_for_channels() -> None:
    """Raise PermissionError, or TooManyRequests for a key beyond its limit."""
    frappe.only_for(CHANNEL_ROLE)
    limit = settings.current().intake_limit
    if requests_of(frappe.session.user) > limit:
        message = _("At most {0} requests a minute. Try again in a minute.")
        refuse(
            TooManyRequests,
            {"field": "", "rule": "rate_limit", "message": message.format(limit)},
        )


def acting_as_intake() -> AbstractContextManager[None]:
    """Act as Administrator, as mail intake does."""
    return acting_as("Administrator")
