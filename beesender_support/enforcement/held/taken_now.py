"""Held requests follow the plan: which of them it would accept now that it is in force
again, or that somebody has a seat. They are offered to agents, who admit them.

Of all customers at once, in as many queries for one request as for thousands.
"""

from collections import defaultdict
from collections.abc import Sequence

import frappe
from frappe.desk.reportview import build_match_conditions

from beesender_support.enforcement.requests.asker import asker_of, is_known_contact
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.requests.admission import Admission, admit
from beesender_support.policy.requests.held_requests import is_taken
from beesender_support.policy.sold.channels import AGENT
from beesender_support.records import settings
from beesender_support.records.people import lookups
from beesender_support.records.people.lookups import Lookups
from beesender_support.records.people.people import address_of
from beesender_support.records.site_time import now
from beesender_support.records.sold import sold_plans

# What the decision reads of a held request, and what a list shows of it.
FIELDS = """name, subject, customer, contact, raised_by, owner, creation,
    beesender_channel, beesender_admission_reason"""


def held_of(customer: str) -> list[frappe._dict]:
    """The held requests of a customer that the session's user may read and that are not
    closed, oldest first."""
    return _readable("customer = %(customer)s", customer=customer)


def taken_of_all() -> list[frappe._dict]:
    """Of all held requests that the session's user may read, those that would be
    accepted now, oldest first."""
    return taken(_readable("customer is not null"))


def taken(rows: Sequence[frappe._dict]) -> list[frappe._dict]:
    """Those of these held requests that would be accepted under a plan now."""
    if not rows:
        return []
    plans = _plans_of({row.customer for row in rows if row.customer})
    concerned = [row for row in rows if plans.get(row.customer)]
    known = lookups.of_many(
        {address for row in concerned if (address := address_of(row.raised_by))},
        {row.contact for row in concerned if row.contact},
    )
    return [
        row
        for row in concerned
        if is_taken(_decided_today(row, plans[row.customer], known))
    ]


def _readable(condition: str, **values: object) -> list[frappe._dict]:
    if may_read := build_match_conditions("HD Ticket"):
        condition = f"{condition} and ({may_read})"
    return frappe.db.sql(
        f"""select {FIELDS} from `tabHD Ticket`
        where beesender_admission = %(held)s and {condition}
            and coalesce(status_category, '') != 'Resolved'
        order by creation, name""",  # noqa: S608 - placeholders and permissions
        {**values, "held": "Held"},
        as_dict=True,
    )


def _plans_of(customers: set[str]) -> dict[str, tuple[Plan, ...]]:
    by_customer: dict[str, list[Plan]] = defaultdict(list)
    if customers:
        names = tuple(sorted(customers))
        for plan in sold_plans.where("plan.customer in %(customers)s", customers=names):
            by_customer[plan.customer].append(plan)
    return {customer: tuple(plans) for customer, plans in by_customer.items()}


def _decided_today(
    row: frappe._dict, plans: Sequence[Plan], known: Lookups
) -> Admission | None:
    """As ``held_requests`` decides on one ticket; None where nobody knows who sent it."""
    reason = row.beesender_admission_reason
    asker = asker_of(row, known)
    is_known = asker.is_known and is_known_contact(asker.contact, plans, known)
    if reason == "unverified_sender" or (reason == "unknown_sender" and not is_known):
        return None
    return admit(
        plans,
        customer=row.customer,
        contact=asker.contact,
        channel=row.beesender_channel if asker.contact else AGENT,
        at=now(),
        contact_is_known=is_known,
        hold_unplanned=settings.current().hold_unplanned,
        answers_at_once=False,
    )
