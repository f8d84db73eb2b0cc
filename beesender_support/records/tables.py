"""Records with their rows, in one query for each table."""

from collections import defaultdict
from typing import Any

import frappe


def with_rows(
    doctype: str, filters: dict[str, Any] | None = None
) -> list[frappe._dict]:
    """Records with their rows, in one query for each table."""
    docs = frappe.get_all(doctype, filters=filters, fields=["*"], order_by="name")
    names = [doc.name for doc in docs]
    for field in frappe.get_meta(doctype).get_table_fields():
        rows = defaultdict(list)
        for row in frappe.get_all(
            field.options,
            filters={
                "parent": ("in", names),
                "parenttype": doctype,
                "parentfield": field.fieldname,
            },
            fields=["*"],
            order_by="idx",
        ):
            rows[row.parent].append(row)
        for doc in docs:
            doc[field.fieldname] = rows[doc.name]
    return docs
