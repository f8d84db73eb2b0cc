"""What support took a request for, and by when it answers, as its client sees it."""

from frappe import _
from frappe.model.document import Document

from beesender_support.enforcement.outgoing import request_values
from beesender_support.policy.response.clocks import OVER
from beesender_support.records.site_time import now
from beesender_support.records.tickets import promise
from beesender_support.screens.ticket import deadline
from beesender_support.wording.renderer import fill, reader


class Understood(deadline.Glance):
    """``understood`` is what support took the request for, by label; ``support`` says that
    it is open now, or when it opens, while anything is awaited, and is empty else."""

    understood: list[tuple[str, str]]
    support: str


def glance_or_none(doc: Document) -> Understood | None:
    """None for a ticket outside the policy."""
    if not doc.beesender_admission:
        return None
    promises = deadline.promises_of(doc)
    is_awaited = any(each.awaited_by for each in promises.each())
    return {
        **deadline.glance_at(doc, promises),
        "understood": [
            (_("Category"), request_values.category_in_words(doc.ticket_type)),
            (
                _("Support priority"),
                request_values.priority_in_words(doc.beesender_priority),
            ),
        ],
        "support": _support(doc) if is_awaited else "",
    }


def _support(doc: Document) -> str:
    terms = promise.terms_of(doc)
    if terms is None or doc.status_category == OVER:
        return ""
    instant = now()
    if terms.calendar.is_open(instant):
        return _("Support is open now.")
    wait = terms.calendar.next_open(instant) - instant
    return fill(_("Support opens in {0}."), reader().wait(wait))
