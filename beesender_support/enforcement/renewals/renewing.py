"""Makes the next plan of a customer from the one they have: a draft, once.

Whoever clicks twice, or at the same time as a colleague, gets the same draft: the customer
and the plan are locked while one is looked for and made.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypedDict

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import escape_html

from beesender_support.enforcement.plans import plan_validation, seats
from beesender_support.enforcement.safety.fault_isolation import ends_the_transaction
from beesender_support.policy.errors import PolicyError
from beesender_support.policy.plans.limits import check_success_manager
from beesender_support.policy.plans.plan_state import DRAFT
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.plans.renewals import (
    Period,
    Renewal,
    holds,
    left_out_in_words,
    renewal_of,
    why_not_in_words,
    why_not_renew,
)
from beesender_support.policy.sold.tiers import Tier
from beesender_support.records.site_time import now
from beesender_support.records.sold import catalogue, plan_values
from beesender_support.wording import renderer

PLAN = seats.PLAN
MAY_RENEW = ["System Manager", "Agent Manager"]
# A list in Desk shows up to 500; what a request renews within a few seconds.
MOST = 100
SAVEPOINT = "beesender_renewal"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be otherwise than on the plan; the next period if none is given."""

    tier: str | None = None
    time_zone: str | None = None
    period: Period | None = None


class Renewed(TypedDict):
    """``renewal`` is the draft of ``plan``, that was there before if ``was_there``;
    ``left_out`` are sentences about seats, ``refusal`` says why there is no draft."""

    plan: str
    customer: str
    renewal: str | None
    was_there: bool
    left_out: list[str]
    refusal: str | None


def renew(name: str, wanted: Wanted | None = None) -> Renewed:
    """The draft that renews a plan; raises what saving a plan raises."""
    doc = seats.locked_plan(name)
    if there := renewal_there(doc):
        return _result(doc, there, was_there=True)
    plan = plan_values.plan_of(doc)
    if why := why_not_renew(plan):
        frappe.throw(renderer.in_words(why_not_in_words(plan, why)))
    wanted = wanted or Wanted()
    is_same = wanted.tier in (None, doc.tier)
    tier = plan.tier if is_same else catalogue.tier_named(str(wanted.tier))
    renewal = renewal_of(plan, plan.today(now()), tier, wanted.period)
    draft = _draft(doc, plan, renewal, wanted)
    left_out = words_of_left_out(renewal, tier)
    if not is_same and draft.exceptions:
        # They say what is different from a tier that is not sold any more here.
        draft.exceptions = []
        left_out.append(
            _("The exceptions of the old plan: they were made to its tier.")
        )
    if missing := _manager_who_left(draft):
        draft.success_manager = None
        left_out.append(missing)
    draft.flags.beesender_renews = True
    draft.flags.beesender_keeps_tier = is_same
    draft.insert()
    # Forms of the old plan that are open somewhere can still be saved: see
    # ``plan_validation``.
    frappe.db.set_value(PLAN, name, "renewed_by", draft.name, update_modified=False)
    frappe.clear_document_cache(PLAN, name)
    return _result(doc, draft.name, left_out=left_out)


def renew_several(
    names: Sequence[str], commit: Callable[[], None] | None = None
) -> list[Renewed]:
    """Each on its own: one that is refused stops no other.

    They are locked by customer and name, so that two who renew the same plans wait for
    each other. A request gives the ``commit`` by which each plan becomes a transaction of
    its own: its locks are released, and a deadlock loses that plan only. Without it all
    are one transaction, and a fault that ends it is raised.
    """
    if len(names) > MOST:
        frappe.throw(_("At most {0} at a time.").format(MOST))
    outcomes = {name: _committed(name, commit) for name in _in_one_order(names)}
    return [outcomes[name] for name in dict.fromkeys(names)]


def _in_one_order(names: Sequence[str]) -> list[str]:
    customers = dict(
        frappe.get_all(
            PLAN, {"name": ("in", list(names))}, ["name", "customer"], as_list=True
        )
    )
    return sorted(set(names), key=lambda name: (customers.get(name) or "", name))


def _committed(name: str, commit: Callable[[], None] | None) -> Renewed:
    if commit is None:
        return _outcome(name)
    try:
        outcome = _outcome(name)
        commit()
    except Exception as fault:
        if not ends_the_transaction(fault):
            raise
        frappe.db.rollback()
        frappe.clear_messages()
        return _refused(name, _("Somebody else is changing this plan. Try again."))
    return outcome


def _outcome(name: str) -> Renewed:
    frappe.db.savepoint(SAVEPOINT)
    try:
        doc = frappe.get_doc(PLAN, name)
        doc.check_permission("write")
        return renew(name)
    except (PolicyError, frappe.ValidationError, frappe.PermissionError) as error:
        frappe.db.rollback(save_point=SAVEPOINT)
        frappe.clear_messages()
        frappe.local.response.pop("exc_type", None)
        return _refused(name, _refusal(name, error))


def _refused(name: str, refusal: str) -> Renewed:
    return {
        "plan": name,
        "customer": frappe.db.get_value(PLAN, name, "customer") or "",
        "renewal": None,
        "was_there": False,
        "left_out": [],
        "refusal": refusal,
    }


def _refusal(name: str, error: Exception) -> str:
    if isinstance(error, PolicyError):
        return renderer.refusal_in_words(frappe.new_doc(PLAN), error)
    if isinstance(error, frappe.DoesNotExistError):
        return _("{0} does not exist.").format(escape_html(name))
    if isinstance(error, frappe.PermissionError):
        return _("You may not change this plan.")
    return str(error)


def renewal_there(doc: Document) -> str | None:
    """The plan that renews one, unless it came to nothing or is gone."""
    if not doc.renewed_by:
        return None
    status = frappe.db.get_value(PLAN, doc.renewed_by, "status", for_update=True)
    return str(doc.renewed_by) if holds(status) else None


def _draft(doc: Document, plan: Plan, renewal: Renewal, wanted: Wanted) -> Document:
    """All that the plan has, but for what the renewal decides."""
    draft = frappe.copy_doc(doc)
    draft.update(
        {
            "status": DRAFT,
            "renews": doc.name,
            "renewed_by": None,
            "starts_on": renewal.period.starts_on,
            "ends_on": renewal.period.ends_on,
            "tier": wanted.tier or doc.tier,
            "time_zone": wanted.time_zone or doc.time_zone,
        }
    )
    kept = {id(seat) for seat in renewal.seats}
    draft.authorized_contacts = [
        row
        for row, seat in zip(draft.authorized_contacts, plan.seats, strict=True)
        if id(seat) in kept
    ]
    draft.holidays = [
        row
        for row in draft.holidays
        if frappe.utils.getdate(row.date) >= renewal.period.starts_on
    ]
    for table in (draft.authorized_contacts, draft.holidays):
        for number, row in enumerate(table, start=1):
            row.idx = number
    return draft


def _manager_who_left(draft: Document) -> str | None:
    """That the customer needs another success manager; None while theirs is here."""
    user = draft.success_manager
    try:
        check_success_manager(user, **plan_validation.facts_of_user(user))
    except PolicyError as error:
        return renderer.refusal_in_words(draft, error)
    return None


def words_of_left_out(renewal: Renewal, tier: Tier) -> list[str]:
    return [renderer.in_words(each) for each in left_out_in_words(renewal, tier)]


def _result(
    doc: Document,
    renewal: str,
    was_there: bool = False,
    left_out: list[str] | None = None,
) -> Renewed:
    return {
        "plan": doc.name,
        "customer": doc.customer,
        "renewal": renewal,
        "was_there": was_there,
        "left_out": left_out or [],
        "refusal": None,
    }


def follow(doc: Document) -> None:
    """A plan that is given to another customer neither renews one nor is renewed."""
    before = doc.get_doc_before_save()
    if before and before.customer != doc.customer:
        forget(before)


def forget(doc: Document) -> None:
    """A renewal that is gone leaves its plan to be renewed again."""
    for field, other in (("renewed_by", doc.renews), ("renews", doc.renewed_by)):
        if other:
            frappe.db.set_value(
                PLAN,
                {"name": other, field: doc.name},
                field,
                None,
                update_modified=False,
            )
            frappe.clear_document_cache(PLAN, other)
