"""What earlier imports made: by the source, and what a record is known by there."""

import json
from collections.abc import Iterable
from hashlib import sha256

import frappe

from beesender_support.enforcement.imports.sanitizing import sanitized_line

RECORD = "Beesender Imported Record"
_KEY_LENGTH = 40
_LONGEST_ID = 255


def known_of(source: str, kind: str, ids: Iterable[str]) -> dict[str, str]:
    """The records that are still there, by external id, in one query for each type."""
    keys = {_key(source, kind, each): each for each in ids}
    if not keys:
        return {}
    rows = frappe.get_all(
        RECORD,
        {"name": ("in", list(keys))},
        ["name", "record_doctype", "record"],
    )
    there: set[tuple[str, str]] = set()
    for doctype in {row.record_doctype for row in rows}:
        names = [row.record for row in rows if row.record_doctype == doctype]
        found = frappe.get_all(doctype, {"name": ("in", names)}, pluck="name")
        there |= {(doctype, str(each)) for each in found}
    return {
        keys[row.name]: row.record
        for row in rows
        if (row.record_doctype, row.record) in there
    }


def all_of(source: str, kind: str) -> dict[str, str]:
    """Every record of a kind by external id."""
    rows = frappe.get_all(
        RECORD, {"source": source, "kind": kind}, ["external_id", "record"]
    )
    return {row.external_id: row.record for row in rows}


def note(run: str, source: str, kind: str, doctype: str, made: dict[str, str]) -> None:
    """Note what each external id became. One that was noted before, of a record that was
    deleted meanwhile, is noted anew; of two imports at once the second is refused."""
    if not made:
        return
    keys = {_key(source, kind, each): each for each in made}
    # Of those that were seen here the records are gone; others would be somebody's.
    seen = frappe.get_all(RECORD, {"name": ("in", list(keys))}, pluck="name")
    if seen:
        frappe.db.delete(RECORD, {"name": ("in", seen)})
    stamp = frappe.utils.now()
    frappe.db.bulk_insert(
        RECORD,
        [
            *("name", "creation", "modified", "owner", "modified_by"),
            *("source", "kind", "external_id"),
            *("record_doctype", "record", "import_run"),
        ],
        [
            (
                *(key, stamp, stamp, frappe.session.user, frappe.session.user),
                *(source, kind, sanitized_line(external_id, _LONGEST_ID)),
                *(doctype, made[external_id], run),
            )
            for key, external_id in keys.items()
        ],
    )


def _key(source: str, kind: str, external_id: str) -> str:
    text = json.dumps([source, kind, external_id], ensure_ascii=False)
    return sha256(text.encode()).hexdigest()[:_KEY_LENGTH]
