"""What is kept for whoever checks is in no version of a ticket, which its client reads."""

import json

from frappe.model.document import Document

from beesender_support.records.tickets.decisions import KEPT_FOR_CHECKS


def leave_out_what_is_kept(version: Document, method: str | None = None) -> None:
    stored = version.data or ""
    if version.ref_doctype != "HD Ticket" or not any(
        name in stored for name in KEPT_FOR_CHECKS
    ):
        return
    data = json.loads(stored)
    data["changed"] = [
        change for change in data.get("changed", ()) if change[0] not in KEPT_FOR_CHECKS
    ]
    version.data = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
