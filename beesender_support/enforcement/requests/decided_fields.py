"""The fields of a ticket that only this app decides, and what protects them from
callers, copies, scripts and older saves."""

from frappe.model.document import Document

from beesender_support.enforcement.requests.requested import requested_by_script
from beesender_support.records.notices.ticket_facts import NEXT_NOTICE
from beesender_support.records.site_time import to_column
from beesender_support.records.tickets import decisions, promise
from beesender_support.records.tickets.ticket_context import context_of

# What a caller sends for these is dropped.
ORIGIN_FIELDS = (
    "beesender_channel",
    "beesender_external_id",
    "beesender_registered_at",
    "beesender_tells_client",
)
# What a client answered on a new ticket: what others send for these is dropped.
ANSWER_FIELDS = ("beesender_affected", "beesender_way_round")
DECIDED_FIELDS = (
    *ORIGIN_FIELDS,
    *ANSWER_FIELDS,
    "beesender_plan",
    "beesender_tier",
    "beesender_tier_rank",
    "beesender_admission",
    "beesender_admission_reason",
    "beesender_terms",
    "beesender_success_manager",
    *promise.STATE_FIELDS,
    promise.NEXT_ANSWER_TIMES,
    *promise.UTC_FIELDS,
    "beesender_events",
    promise.AT_RISK_PERCENT,
    NEXT_NOTICE,
)
# By these it is decided.
DECISIVE_FIELDS = (
    "customer",
    "contact",
    "ticket_type",
    "priority",
    "beesender_priority",
)
CLOCK_FIELDS = ("service_level_agreement_creation", "first_responded_on")


def is_copy(doc: Document) -> bool:
    """Whether a new ticket was copied from another: nothing else sends what is decided
    here.

    A copy is a new request, and neither its clock nor its answer is the old one's.
    """
    return any(
        doc.get(fieldname)
        for fieldname in DECIDED_FIELDS
        if fieldname not in ANSWER_FIELDS
    )


def drop_decided_fields(doc: Document) -> None:
    for fieldname in DECIDED_FIELDS:
        doc.set(fieldname, None)


def keep_decided_fields(doc: Document) -> None:
    """The decision in the database counts, whatever an older copy of the ticket says.

    Re-rating and handing over a plan write without another save, so that people who
    have the ticket open are not interrupted; a save that began before carries the old
    values. Frappe has locked the row and read it by now.
    """
    stored = doc.get_doc_before_save()
    for fieldname in DECIDED_FIELDS:
        doc.set(fieldname, stored.get(fieldname))
    if doc.beesender_terms:
        doc.service_level_agreement_creation = stored.service_level_agreement_creation


def note_decided(doc: Document) -> None:
    """Note how the fields were left, by which a later write of a script is known."""
    noted = (*DECIDED_FIELDS, *CLOCK_FIELDS, *DECISIVE_FIELDS)
    context_of(doc).decided = {name: doc.get(name) for name in noted}


def revert_what_scripts_wrote(doc: Document) -> bool:
    """Revert what a Server Script of the site, which runs after all handlers of its
    event, wrote of the decision; whether it changed what the decision depends on."""
    context = context_of(doc)
    decided, context.decided = context.decided, None
    if decided is None:
        return False
    changed = {
        name
        for name in DECISIVE_FIELDS
        if (doc.get(name) or None) != (decided[name] or None)
    }
    doc.update({name: decided[name] for name in DECIDED_FIELDS})
    if changed or doc.beesender_admission:
        doc.first_responded_on = decided["first_responded_on"]
    if doc.beesender_terms:
        start = "service_level_agreement_creation"
        doc.set(start, decided[start])
    if changed and context.requested:
        context.requested = requested_by_script(
            doc, context.requested, changed, decided
        )
    # The person who reads the answer requested something else.
    context.changed_by_script = bool(changed)
    return bool(changed)


def drop_clock_fields(doc: Document) -> None:
    for fieldname in CLOCK_FIELDS:
        doc.set(fieldname, None)


def leave_policy(doc: Document) -> None:
    """The ticket of a customer without a plan is plain Helpdesk's.

    If it returns under a plan, the clock continues from its former start.
    """
    if terms := promise.terms_of(doc):
        doc.beesender_registered_at = to_column(terms.started_at)
        before = doc.get_doc_before_save() or doc
        promise.write_happenings(doc, promise.happenings_of(before))
    names = (*ORIGIN_FIELDS, *ANSWER_FIELDS, "beesender_events")
    kept = {name: doc.get(name) for name in names}
    drop_decided_fields(doc)
    doc.update({**kept, "beesender_priority": None})
    decisions.note(doc, None)


def differs(doc: Document, before: Document, fieldname: str) -> bool:
    return (doc.get(fieldname) or None) != (before.get(fieldname) or None)
