"""Merges and splits of tickets, as far as Helpdesk makes them look like answers.

It announces a split or a merge in a reply that it sends to nobody, and a merge copies
the answers of one ticket to another as if they were given now.
"""

from collections.abc import Iterable
from datetime import datetime

import frappe
from frappe import _
from frappe.model.document import Document

from beesender_support.enforcement.response import ticket_fields
from beesender_support.enforcement.safety.fault_isolation import refuse
from beesender_support.records.tickets import promise
from beesender_support.records.tickets.ticket_context import request_context


def expect_sentence_of_split(whole: str) -> None:
    """Helpdesk tells of the split on the whole ticket next."""
    request_context().split.add(str(whole))


def is_sentence_of_helpdesk(communication: Document) -> bool:
    """Whether a reply to nobody is Helpdesk's own about a split or a merge."""
    if communication.recipients:
        return False
    ticket = str(communication.reference_name)
    expected = request_context().split
    if ticket in expected:
        expected.remove(ticket)
        return True
    return bool(frappe.db.get_value("HD Ticket", ticket, "is_merged"))


def announces_split(communication: Document) -> bool:
    """Whether an earlier reply is Helpdesk's about a part split off."""
    if communication.recipients:
        return False
    parts = frappe.get_all(
        "HD Ticket",
        {"ticket_split_from": communication.reference_name},
        pluck="name",
    )
    return any(f">#{part}</a>" in communication.content for part in parts)


def times_of_copies(ticket: str) -> frozenset[datetime]:
    """When the answers were given that merges copied to a ticket: naive site times, by
    which the copies are known."""
    merged = frappe.get_all(
        "HD Ticket", {"is_merged": 1, "merged_with": ticket}, pluck="name"
    )
    if not merged:
        return frozenset()
    return frozenset(
        frappe.get_all(
            "Communication",
            {
                "reference_doctype": "HD Ticket",
                "reference_name": ("in", [str(each) for each in merged]),
                "sent_or_received": "Sent",
            },
            pluck="creation",
        )
    )


def note_settled(ticket: str, communication: str) -> None:
    request_context().settled_by[str(ticket)] = communication


def undo_copied_answer(merged: Document) -> None:
    """The copy of a message of the merged ticket settles and starts nothing on the
    target.

    Helpdesk has given the copies the times of their originals by now, by which they are
    known. An answer that the target had before stays: nothing later settles it again.
    """
    refuse_circle(merged)
    context, target = request_context(), str(merged.merged_with)
    settled_by = context.settled_by.pop(target, None)
    moved_by = context.moved_by.pop(target, {})
    is_settled_by_copy = bool(settled_by) and _is_copy(settled_by, merged)
    undone = [moved_by[each] for each in moved_by if _is_copy(each, merged)]
    if not (is_settled_by_copy or undone):
        return
    doc = frappe.get_doc("HD Ticket", target, for_update=True)
    if not doc.beesender_terms:
        return
    if undone:
        log = promise.happenings_of(doc)
        promise.write_happenings(doc, [each for each in log if each not in undone])
    if is_settled_by_copy:
        ticket_fields.write_answer(doc, None)
        doc.first_responded_on = None
    ticket_fields.store_results(doc)


def refuse_circle(merged: Document) -> None:
    """Tickets merged into each other, over however many others, would all be closed and
    answered nowhere."""
    if str(merged.name) in _merged_over(merged.merged_with):
        refuse(
            _("Ticket {0} was merged into this one. Choose another ticket.").format(
                merged.merged_with
            )
        )


def lasting_of(tickets: Iterable[str]) -> dict[str, str]:
    """By ticket, the one that ``lives_on_in`` tells: a query for all of them, and one for
    each step that some were merged on."""
    wanted = set(map(str, tickets))
    into: dict[str, str] = {}
    asked, step = set(wanted), wanted
    while step:
        rows = frappe.get_all(
            "HD Ticket",
            {"name": ("in", sorted(step)), "is_merged": 1},
            ["name", "merged_with"],
        )
        found = {str(row.name): str(row.merged_with) for row in rows if row.merged_with}
        into.update(found)
        step = set(found.values()) - asked
        asked |= step
    return {each: _last_of(each, into) for each in wanted}


def _last_of(ticket: str, into: dict[str, str]) -> str:
    seen = {ticket}
    while ticket in into and into[ticket] not in seen:
        ticket = into[ticket]
        seen.add(ticket)
    return ticket


def lives_on_in(ticket: str) -> str:
    """The ticket in which a merged one is answered; one that was not merged itself."""
    return _merged_over(ticket)[-1]


def _merged_over(ticket: str) -> list[str]:
    """``ticket`` and those that it was merged into, one after the other."""
    found = [str(ticket)]
    while into := frappe.db.get_value(
        "HD Ticket", {"name": found[-1], "is_merged": 1}, "merged_with"
    ):
        if str(into) in found:
            break
        found.append(str(into))
    return found


def _is_copy(communication: str, merged: Document) -> bool:
    noted = frappe.db.get_value(
        "Communication", communication, ("creation", "sent_or_received"), as_dict=True
    )
    return bool(
        noted
        and frappe.db.exists(
            "Communication",
            {
                "reference_doctype": "HD Ticket",
                "reference_name": merged.name,
                **noted,
            },
        )
    )
