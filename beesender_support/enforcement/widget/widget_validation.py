"""Keeps a Beesender Widget within what can work."""

import frappe
from frappe import _
from frappe.model.document import Document

from beesender_support.policy.calendar.zones import time_zone
from beesender_support.policy.errors import NoOrigin
from beesender_support.policy.widget.colours import colour_of, is_seen_on
from beesender_support.policy.widget.origins import origins_of

# What it is drawn on, as its styles have it.
LIGHT, DARK = "#ffffff", "#16191f"
SURFACES = {"colour": LIGHT, "colour_in_the_dark": DARK}


def check(doc: Document) -> None:
    """Write it as it is compared; raise PolicyError for what the policy refuses."""
    origins = origins_of(doc.allowed_origins or "")
    if not origins:
        raise NoOrigin("allowed_origins", doc.allowed_origins or "")
    doc.allowed_origins = "\n".join(origins)
    check_looks(doc)


def check_looks(doc: Document) -> None:
    """All but where it stands."""
    if doc.tier:
        time_zone(doc.time_zone or "")
    for field in SURFACES:
        doc.set(field, colour_of(field, doc.get(field) or ""))


def warn(doc: Document) -> None:
    for sentence in warnings_about(doc):
        frappe.msgprint(sentence, alert=True, indicator="orange")


def warnings_about(doc: Document) -> list[str]:
    """What is allowed, and hard to use. Its colours are valid."""
    hard_to_see = _(
        "{0}: this colour is hard to tell from what is around it. Choose one with more"
        " contrast."
    )
    return [
        hard_to_see.format(_(doc.meta.get_label(field)))
        for field, surface in SURFACES.items()
        if not is_seen_on(doc.get(field), surface)
    ]
