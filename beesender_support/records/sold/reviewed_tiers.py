"""Which tiers somebody has reviewed, and what they were then.

Not on the tier: a review changes nothing that is sold.
"""

import hashlib
import json

import frappe
from frappe.model.document import Document

TIER, SETTINGS, FIELD = (
    "Beesender Tier",
    "Beesender Support Settings",
    "reviewed_tiers",
)
# What a form is laid out with.
_NO_VALUE = ("Section Break", "Column Break", "Tab Break", "HTML", "Button")


def note_reviewed(tier: str) -> None:
    """As it is stored now. Of two reviews at once none is lost."""
    frappe.db.get_value("DocType", SETTINGS, "name", for_update=True)
    # As others left it, also since this transaction began to read.
    stored = frappe.db.get_singles_dict(SETTINGS, for_update=True).get(FIELD)
    stamps = {**_read(stored), tier: _stamp(tier)}
    frappe.db.set_single_value(SETTINGS, FIELD, json.dumps(stamps))


def reviewed() -> set[str]:
    """The tiers that somebody reviewed, as they were or are."""
    return set(_stamps())


def changed() -> set[str]:
    """Those that have changed since."""
    there = set(frappe.get_all(TIER, pluck="name"))
    return {
        tier
        for tier, stamp in _stamps().items()
        if tier in there and _stamp(tier) != stamp
    }


def _stamps() -> dict[str, str]:
    return _read(frappe.db.get_single_value(SETTINGS, FIELD, cache=False))


def _read(stored: str | None) -> dict[str, str]:
    stamps = frappe.parse_json(stored) if stored else {}
    return stamps if isinstance(stamps, dict) else {}


def _stamp(tier: str) -> str:
    text = json.dumps(_said(frappe.get_doc(TIER, tier)), default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def _said(doc: Document) -> list[object]:
    """Every value of a form and its rows, and nothing of when it was written. What is
    empty is left out: a field that is added later changes no tier."""
    said: list[object] = []
    for field in doc.meta.fields:
        if field.fieldtype in _NO_VALUE:
            continue
        value = doc.get(field.fieldname)
        if field.fieldtype == "Table":
            value = [_said(row) for row in value]
        if value:
            said.append([field.fieldname, value])
    return said
