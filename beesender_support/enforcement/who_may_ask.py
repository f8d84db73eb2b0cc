"""What a client reads who may not ask: the reason, who may, and how to get a seat."""

import frappe
from frappe import _

from beesender_support.enforcement.site_time import now
from beesender_support.enforcement.wording import in_words
from beesender_support.policy.admission import Admission


def in_words_for_portal(admission: Admission) -> str:
    sentences = [in_words(admission.sentence)]
    plan = admission.plan
    # Names of colleagues are for colleagues: an unverified sender may be anybody.
    if plan and admission.reason in ("contact_not_authorized", "seat_expired"):
        seated = [seat.contact for seat in plan.active_seats(plan.today(now()))]
        if seated:
            sentences.append(
                _("At {0} these people may ask: {1}.").format(
                    plan.customer, ", ".join(_full_names(seated))
                )
            )
    return " ".join(sentences)


def _full_names(contacts: list[str]) -> list[str]:
    rows = frappe.get_all(
        "Contact", {"name": ("in", contacts)}, ["name", "full_name"], order_by="name"
    )
    return [row.full_name or row.name for row in rows]
