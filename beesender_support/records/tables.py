"""Records with their rows, in one query for each table."""

from collections import defaultdict
from typing import Any

import frappe


def with_rows(
    doctype: str, filters: dict[str, Any] | None = None, *, for_update: bool = False
) -> list[frappe._dict]:
    """Records with their rows, in one query for each table.

    ``for_update`` locks them and reads what others committed since this transaction
    began: a plain read after a lock would still give what was there before it.
    """
    docs = _read(doctype, filters, "name", for_update)
    names = [doc.name for doc in docs]
    for field in frappe.get_meta(doctype).get_table_fields():
        rows = defaultdict(list)
        of_them: dict[str, Any] = {
            "parenttype": doctype,
            "parentfield": field.fieldname,
        }
        # Of all records these are all rows: a list of ten thousand names is slow to write.
        if filters or for_update:
            of_them["parent"] = ("in", names)
        for row in _read(field.options, of_them, "idx", for_update):
            rows[row.parent].append(row)
        for doc in docs:
            doc[field.fieldname] = rows[doc.name]
    return docs


def _read(
    doctype: str, filters: dict[str, Any] | None, order_by: str, for_update: bool
) -> list[frappe._dict]:
    if not for_update:
        return frappe.get_all(doctype, filters=filters, fields=["*"], order_by=order_by)
    return frappe.db.get_values(
        doctype, filters or {}, "*", as_dict=True, order_by=order_by, for_update=True
    )


def escaped_for_like(text: str) -> str:
    """Nothing in it is a wild card."""
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
