"""What a client may write on a ticket: an allow-list for a new one and for a saved one.

Everybody who is not an agent is a client here, including guests. Fields that are not
listed stay as the host or this app set them: structure, clock, identity, results, and
fields that hosts add later.
"""

from collections.abc import Sequence
from datetime import datetime

from beesender_support.policy.plans.plans import Plan

# Of a new ticket. Whose customer and contact may be named is checked by Helpdesk itself.
GIVEN = frozenset(
    {
        "subject",
        "description",
        "attachment",
        "ticket_type",
        "priority",
        "beesender_priority",
        "beesender_affected",
        "beesender_way_round",
        "beesender_entitlement",
        "raised_by",
        "contact",
        "customer",
        "template",
        "via_customer_portal",
    }
)
# What a template may offer besides: it changes no promise and nobody's identity.
OFFERED = frozenset({"agent_group"})
# Of a saved one: what Helpdesk's portal changes. Allowed changes of status are below.
CHANGED = frozenset({"status", "feedback", "feedback_rating", "feedback_extra"})
# What Helpdesk writes down when a client's message arrives, while the client's session lasts.
NOTED_OF_MESSAGES = frozenset({"last_customer_response"})
OURS = "beesender_"
# Roles that everybody has, or that Helpdesk gives to clients.
CLIENT_ROLES = frozenset({"All", "Guest", "HD Customer", "HD Customer Manager"})
# Of a customer: what attributes mail of strangers to them.
SAYS_WHO_A_CUSTOMER_IS = frozenset({"customer_name", "domain"})


def may_give(fieldname: str, *, is_site_field: bool, is_offered: bool) -> bool:
    """Whether a client may give a field of a new ticket.

    ``is_site_field`` is a field that the site added: its permission level protects it.
    ``is_offered`` says that the ticket's template shows the field to clients.
    """
    if fieldname in GIVEN or (is_offered and fieldname in OFFERED):
        return True
    return is_site_field and not fieldname.startswith(OURS)


def may_change(
    fieldname: str, *, is_site_field: bool, is_empty: bool, has_message: bool
) -> bool:
    """Whether a client's session may change a field of a saved ticket.

    ``has_message`` says that Helpdesk saves it for a message of the client's, which also
    becomes the description where that ``is_empty``.
    """
    if fieldname in CHANGED:
        return True
    if has_message and (
        fieldname in NOTED_OF_MESSAGES or (fieldname == "description" and is_empty)
    ):
        return True
    return is_site_field and not fieldname.startswith(OURS)


def may_move(status: str, category: str | None, reopened: Sequence[str | None]) -> bool:
    """Whether a client may move a ticket to a status of this ``category``: they close it,
    or reopen it to a status that Helpdesk reopens to."""
    return category == "Resolved" or status in reopened


def own_contact(
    contacts: Sequence[str], plans: Sequence[Plan], at: datetime
) -> str | None:
    """Which of the ``contacts`` of one user speaks for them; the oldest comes first.

    The first with an active seat on a plan in force, else the oldest. ``plans`` are those
    that list any of them.
    """

    def is_seated(contact: str) -> bool:
        return any(plan.seats_now(contact, at) for plan in plans)

    return next(filter(is_seated, contacts), next(iter(contacts), None))
