"""Re-rating open tickets: the one way in which an edited tier or plan changes them.

Safe to run twice: a ticket that already has its plan's terms, or of which nothing is open
any more, is skipped.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document
from pypika import Case, CustomFunction, Table
from pypika.terms import Criterion

from beesender_support.enforcement.response import ticket_fields, waking
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.response.rerating import Rerating, rerate
from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sold.targets import FURTHER_TARGETS
from beesender_support.records import settings
from beesender_support.records.notices.ticket_facts import NEXT_NOTICE
from beesender_support.records.site_time import now
from beesender_support.records.sold import calendars, catalogue, sold_plans
from beesender_support.records.sold.calendars import CALENDAR
from beesender_support.records.tickets import admission_log, promise
from beesender_support.wording import rerating_words

PLAN = "Beesender Support Plan"
FIELDS = (
    *dict.fromkeys(
        (
            *promise.FACTS,
            *ticket_fields.RESULT_FIELDS,
            "subject",
            "customer",
            "beesender_plan",
            "beesender_tier",
        )
    ),
)
WRITTEN = (
    "beesender_tier",
    "beesender_tier_rank",
    *ticket_fields.RESULT_FIELDS,
    NEXT_NOTICE,
)
ANY_INSTANT = datetime(2000, 1, 1, tzinfo=timezone.utc)


class Rerated(NamedTuple):
    ticket: Document
    plan: Plan
    rerating: Rerating


def apply_batch(plans: dict[str, Plan], tickets: list[str], why: str) -> int:
    """Re-rate what still differs of ``tickets`` of the plans; how many did."""
    locked = waiting_tickets(plans, tickets, for_update=True)
    written = []
    for each in decide(locked, plans):
        before = snapshot(each.ticket)
        write(each)
        written.append((each, before))
    log(written, why)
    return len(written)


def write(rerated: Rerated) -> None:
    """The new terms, and how the promise stands in Helpdesk's own fields."""
    ticket, terms = rerated.ticket, rerated.rerating.terms
    ticket.beesender_tier = terms.tier
    ticket.beesender_tier_rank = rerated.plan.tier.rank
    promise.write_terms(ticket, terms)
    ticket_fields.choose_agreement(ticket)
    ticket_fields.write_results(ticket)
    waking.wake_up(ticket)
    values = {fieldname: ticket.get(fieldname) for fieldname in WRITTEN}
    # Without another save, so that agents writing to the customer are not interrupted.
    frappe.db.set_value("HD Ticket", ticket.name, values, update_modified=False)


def log(written: list[tuple[Rerated, dict]], why: str) -> None:
    admission_log.record_all(
        "Re-rated",
        [
            {
                "ticket": each.ticket.name,
                "customer": each.ticket.customer,
                "plan": each.plan.name,
                "details": why,
                "before": json.dumps(before),
                "after": json.dumps(snapshot(each.ticket)),
            }
            for each, before in written
        ],
    )
    admission_log.insert_all(
        "HD Ticket Activity",
        [
            {
                "ticket": each.ticket.name,
                "action": rerating_words.activity(each.rerating, why),
            }
            for each, _before in written
        ],
    )


# Facts


def plans_of(scope: Document, names: list[str] | None = None) -> dict[str, Plan]:
    """The plan, or all plans with the tier or holiday calendar, as they are saved now, by
    name.

    With ``names`` only those among them.
    """
    if scope.doctype == CALENDAR:
        taking = set(calendars.plans_taking(scope.name))
        named = taking if names is None else taking & set(names)
        return {plan.name: plan for plan in sold_plans.named(named)}
    if names is not None:
        plans = sold_plans.named(names)
    elif scope.doctype == PLAN:
        plans = sold_plans.named([scope.name])
    else:
        plans = sold_plans.of_tier(scope.name)
    return {
        plan.name: plan for plan in plans if scope.name in (plan.name, plan.tier.name)
    }


def plan_names_of(tickets: list[str]) -> list[str]:
    """The plans that the tickets are under."""
    names = frappe.get_all(
        "HD Ticket",
        filters={"name": ("in", tickets), "beesender_plan": ("is", "set")},
        pluck="beesender_plan",
        distinct=True,
    )
    return sorted(names)


def waiting_tickets(
    plans: dict[str, Plan], names: list[str] | None = None, for_update: bool = False
) -> list[Document]:
    """Open tickets of the plans, those due soonest first: all that nobody has answered
    yet, and where more than the first answer is or was promised, the answered ones.

    Paused ones are included: what does not pause continues.
    """
    filters = {
        "beesender_plan": ("in", list(plans)),
        "beesender_admission": "Accepted",
        "beesender_terms": ("is", "set"),
        "status_category": ("!=", "Resolved"),
    }
    if names is not None:
        filters["name"] = ("in", names)
    ticket = frappe.qb.DocType("HD Ticket")
    is_unanswered = (
        ticket.first_responded_on.isnull() & ticket.beesender_answered_at.isnull()
    )
    query = frappe.qb.get_query(
        ticket, fields=list(FIELDS), filters=filters, for_update=for_update
    ).where(is_unanswered | _is_promised_more(ticket, plans))
    # An answered one waits for its solution.
    due = Case().when(is_unanswered, ticket.response_by).else_(ticket.resolution_by)
    rows = query.orderby(due).orderby(ticket.name).run(as_dict=True)
    return [frappe.get_doc({**row, "doctype": "HD Ticket"}) for row in rows]


def _is_promised_more(ticket: Table, plans: dict[str, Plan]) -> Criterion:
    """Tickets that have further targets, and those that would get some."""
    selling = [name for name, plan in plans.items() if plan.tier.further_targets]
    stored = CustomFunction("json_length", ["document", "path"])(
        ticket.beesender_terms, "$.further_targets"
    )
    return (stored > 0) | ticket.beesender_plan.isin(selling or [""])


def readable(tickets: list[Document]) -> list[Document]:
    """Those that the session's user may read: Helpdesk may restrict agents to teams."""
    names = [ticket.name for ticket in tickets]
    allowed = set(
        frappe.get_list("HD Ticket", {"name": ("in", names)}, pluck="name", limit=0)
    )
    return [ticket for ticket in tickets if ticket.name in allowed]


def decide(tickets: list[Document], plans: dict[str, Plan]) -> Iterator[Rerated]:
    """What the policy would change; tickets that have their plan's terms are left out."""
    instant, share = now(), settings.current().at_risk_share
    for ticket in tickets:
        terms, plan = promise.terms_of(ticket), plans[ticket.beesender_plan]
        rerating = terms and rerate(
            terms,
            plan,
            ticket.beesender_priority,
            responded_at=promise.answered_at(ticket),
            happenings=promise.happenings_of(ticket),
            category=catalogue.category_for(ticket.ticket_type),
            now=instant,
            at_risk_share=share,
        )
        if rerating:
            yield Rerated(ticket, plan, rerating)


def basis_of(plans: dict[str, Plan]) -> str:
    """What a preview was made from: it changes whenever the terms of a plan do."""
    return _digest(list(bases_of(plans).items()))


def bases_of(plans: dict[str, Plan]) -> dict[str, str]:
    """The same of each plan, by name."""
    return {
        name: _digest(Terms.of(plans[name], category, ANY_INSTANT).as_dict())
        for name in sorted(plans)
        for category in catalogue.categories()[:1]
    }


def _digest(values: object) -> str:
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()


def refuse_another_basis(plans: dict[str, Plan], basis: str) -> None:
    """Between looking and confirming somebody else may have saved the tier or plan."""
    if basis_of(plans) != basis:
        frappe.throw(
            _(
                "The tier or plan was changed since the table was shown. Nothing was"
                " re-rated. Open the table again and check it."
            )
        )


def snapshot(ticket: Document) -> dict:
    """The terms of a ticket and its deadlines, as the log keeps them."""
    terms = json.loads(ticket.beesender_terms)
    response = promise.response_of(ticket)
    # Paused, a promise has no deadline until it continues.
    due = {
        f"{each}_due": due.isoformat()
        for each in FURTHER_TARGETS
        if (due := promise.promises_of(ticket).promised(each).due)
    }
    return {"due": response.due and response.due.isoformat(), **due, **terms}
