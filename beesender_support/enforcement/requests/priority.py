"""The priority that a category allows or a client's answers give, and the note about a
correction."""

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from helpdesk.helpdesk.doctype.hd_ticket_activity.hd_ticket_activity import (
    log_ticket_activity,
)
from helpdesk.utils import is_agent

from beesender_support.enforcement.requests.decided_fields import differs
from beesender_support.enforcement.response import ticket_fields
from beesender_support.enforcement.safety.fault_isolation import Refused
from beesender_support.policy.requests.impact import (
    is_rated_by_impact,
    needs_reason,
    priority_from_impact,
)
from beesender_support.policy.requests.priorities import (
    SettledPriority,
    settle_priority,
)
from beesender_support.policy.sentences import Sentence
from beesender_support.policy.sold.categories import Category
from beesender_support.policy.sold.channels import AGENT
from beesender_support.records.sold import catalogue
from beesender_support.records.tickets import admission_log
from beesender_support.records.tickets.ticket_context import Requested, context_of
from beesender_support.wording.renderer import fill, in_words

# By these somebody chooses a priority.
CHOSEN_FIELDS = ("ticket_type", "priority", "beesender_priority")

# A new ticket


def take_answers(
    doc: Document, requested: Requested, category: Category, channel: str
) -> tuple[Requested, Sentence | None]:
    """What is requested, by a client's answers where the category asks for them, and what
    is left to answer.

    A priority that such a client sends is not looked at; without good answers the
    category's default applies.
    """
    if (
        not doc.is_new()
        or requested.is_by_script
        or not is_rated_by_impact(category, channel)
    ):
        return requested, None
    found = priority_from_impact(category, requested.affected, requested.way_round)
    doc.beesender_affected, doc.beesender_way_round = found.affected, found.way_round
    requested = requested._replace(priority=found.code, ticket_priority=None)
    # Also where a script of the site changes the ticket and it is decided again.
    context_of(doc).requested = requested
    return requested, found.refusal


# Any ticket


def follow_priority(doc: Document) -> None:
    """A changed priority or category: the priority that the category allows.

    Without such a change nothing is settled: editing a category does not change
    tickets.
    """
    if not is_chosen_anew(doc):
        return
    before = doc.get_doc_before_save()
    code_changed = differs(doc, before, "beesender_priority")
    priority_changed = differs(doc, before, "priority")
    category_changed = differs(doc, before, "ticket_type")
    asked = doc.beesender_priority
    if priority_changed and not code_changed:
        asked = catalogue.priority_code_of(doc.priority) or asked
    category = catalogue.category_for(doc.ticket_type)
    if category is None:
        return
    if category_changed:
        ticket_fields.move_to_category(doc, category)
    write_priority(doc, settle_priority(category, asked))


def is_chosen_anew(doc: Document) -> bool:
    """Whether this save brings another category or priority, before one is settled."""
    before = doc.get_doc_before_save()
    return any(differs(doc, before, fieldname) for fieldname in CHOSEN_FIELDS)


def write_priority(doc: Document, settled: SettledPriority) -> None:
    doc.beesender_priority = settled.code
    doc.priority = catalogue.ticket_priority_of(settled.code) or doc.priority
    if settled.correction:
        context_of(doc).priority_correction = settled.correction


def settle_agent_correction(doc: Document, why: str | None) -> None:
    """An agent gave another category or priority: refuse it where the client's answers
    gave the priority and no reason is given, and note a reason for the log."""
    before = doc.get_doc_before_save()
    is_refused = needs_reason(
        is_rated=bool(before.get("beesender_affected")),
        before=before.beesender_priority,
        after=doc.beesender_priority,
    )
    if is_refused and not why and _is_session_of_agent():
        frappe.throw(
            _(
                "The client's answers gave this ticket its priority. Use “Change priority"
                " or category” beside the ticket, and say why."
            ),
            Refused,
            title=_("A reason is needed"),
        )
    chosen = _chosen_on(before), _chosen_on(doc)
    if why and chosen[0] != chosen[1]:
        context_of(doc).agent_correction = why, *chosen


def _is_session_of_agent() -> bool:
    """Neither a background job nor a script of the administrator."""
    is_job = getattr(frappe.local, "job", None) is not None
    return not is_job and frappe.session.user != "Administrator" and is_agent()


def _chosen_on(doc: Document) -> dict[str, Any]:
    return {"category": doc.ticket_type, "priority": doc.beesender_priority}


def log_agent_correction(doc: Document) -> None:
    """Keep an agent's reason with the ticket and in the log."""
    context = context_of(doc)
    correction, context.agent_correction = context.agent_correction, None
    if not correction:
        return
    why, before, after = correction
    admission_log.record(
        admission_log.CORRECTED,
        ticket=doc.name,
        customer=doc.customer,
        plan=doc.beesender_plan,
        details=why,
        before=frappe.as_json(before),
        after=frappe.as_json(after),
    )
    was, became = _in_words(**before), _in_words(**after)
    log_ticket_activity(
        doc.name, fill(_("changed {0} to {1}. Why: {2}"), was, became, why)
    )


def _in_words(category: str | None, priority: str | None) -> str:
    return " ".join(filter(None, (priority, category and _(category))))


def log_correction(doc: Document) -> None:
    """Say on the ticket, and to an agent at once, why the priority is another one."""
    context = context_of(doc)
    correction, context.priority_correction = context.priority_correction, None
    if correction:
        log_ticket_activity(doc.name, in_words(correction))
        if doc.flags.in_insert:
            _keep_what_was_asked(doc, correction)
        if doc.beesender_channel == AGENT or not doc.flags.in_insert:
            frappe.msgprint(in_words(correction), alert=True)


def _keep_what_was_asked(doc: Document, correction: Sentence) -> None:
    """For the confirmation, which is written later and in the client's language."""
    chosen = _chosen_on(doc)
    admission_log.record(
        admission_log.CORRECTED,
        ticket=doc.name,
        customer=doc.customer,
        plan=doc.beesender_plan,
        channel=doc.beesender_channel,
        before=frappe.as_json({**chosen, "asked": correction.context["asked"]}),
        after=frappe.as_json(chosen),
    )
