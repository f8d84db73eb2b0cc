"""Who looks at a plan, and which plans they may see.

Clients see what ``policy.requests.access`` says, agents the plans that Frappe lets them read.
Nobody learns whether another customer exists.
"""

from datetime import datetime
from typing import NamedTuple

import frappe
from helpdesk.utils import get_customers

from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.requests.access import may_view
from beesender_support.policy.requests.admission import relevant_plan
from beesender_support.records.people.session_contact import contact_of
from beesender_support.records.sold import sold_plans

PLAN = "Beesender Support Plan"


class Viewer(NamedTuple):
    """``customers`` and ``plans`` are what the viewer may see; ``member_of`` and
    ``managed`` are the customers they belong to and manage. ``contact`` is None for agents and for users who are nobody's
    contact."""

    contact: str | None = None
    customers: tuple[str, ...] = ()
    member_of: frozenset[str] = frozenset()
    managed: frozenset[str] = frozenset()
    plans: tuple[Plan, ...] = ()
    is_agent: bool = False

    def may_see(self, customer: str | None, plan: str | None) -> bool:
        """Whether what the address names, if anything, is theirs to see."""
        return (customer is None or customer in self.customers) and (
            plan is None or plan in {each.name for each in self._plans_of(customer)}
        )

    def choose(
        self, customer: str | None, plan: str | None, at: datetime
    ) -> Plan | None:
        """The plan that was requested; without a name the one that counts most at
        ``at``."""
        plans = self._plans_of(customer)
        if plan is None:
            return relevant_plan(plans, at)
        return next((each for each in plans if each.name == plan), None)

    def _plans_of(self, customer: str | None) -> list[Plan]:
        return [each for each in self.plans if customer in (None, each.customer)]


def viewer_for(user: str, customer: str | None, at: datetime) -> Viewer:
    """The user as a client; an agent who asks for a customer not their own, as an agent."""
    client = _client(user, at)
    if client.customers and customer in (None, *client.customers):
        return client
    return _agent(customer) if frappe.has_permission(PLAN, "read") else client


def _client(user: str, at: datetime) -> Viewer:
    contact = contact_of(user)
    if not contact:
        return Viewer()
    memberships = get_customers(contact=contact, get_roles=True)
    member_of = [each["name"] for each in memberships]
    plans = {
        plan.name: plan
        for customer in member_of
        for plan in sold_plans.of_customer(customer)
    } | {plan.name: plan for plan in sold_plans.with_seat(contact)}
    visible = tuple(
        plan for plan in plans.values() if may_view(plan, contact, member_of, at)
    )
    return Viewer(
        contact=contact,
        customers=tuple(sorted({*member_of, *(plan.customer for plan in visible)})),
        member_of=frozenset(member_of),
        managed=frozenset(each["name"] for each in memberships if each["is_manager"]),
        plans=visible,
    )


def _agent(customer: str | None) -> Viewer:
    if customer is None:
        return Viewer(is_agent=True)
    readable = frappe.get_list(PLAN, {"customer": customer}, pluck="name")
    return Viewer(
        customers=(customer,),
        plans=tuple(
            plan for plan in sold_plans.of_customer(customer) if plan.name in readable
        ),
        is_agent=True,
    )
