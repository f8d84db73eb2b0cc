"""A client with a seat whom Helpdesk counts among no customer's contacts."""

from frappe.model.document import Document
from helpdesk.utils import get_customers, is_agent

from beesender_support.enforcement.requests.requested import channel_of
from beesender_support.enforcement.safety.fault_isolation import log_and_carry_on
from beesender_support.policy.plans.tiers import PORTAL
from beesender_support.policy.requests.customers import customer_to_judge
from beesender_support.records.site_time import now
from beesender_support.records.sold import sold_plans


@log_and_carry_on
def find_customer(doc: Document, method: str | None = None) -> None:
    """In the portal a seat says for whom its contact asks, where nothing else does.

    Giving a seat makes the contact one of the customer's; somebody may end that later.
    """
    if is_agent() or not (doc.is_new() and doc.contact) or doc.customer:
        return
    if channel_of(doc) == PORTAL and not get_customers(contact=doc.contact):
        plans = sold_plans.with_seat(doc.contact)
        doc.customer = customer_to_judge(plans, doc.contact, now())
