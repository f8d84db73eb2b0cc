"""What could not be registered before there was a queue waits in it."""

import frappe

from beesender_support.enforcement.safety.dead_mail import MOST_BYTES, OPEN

LOG = "Beesender Admission Log"


def execute() -> None:
    if not frappe.db.has_column(LOG, "queue_state"):
        return
    log = frappe.qb.DocType(LOG)
    waiting = (
        log.event.isin(("Mail kept", "Fault"))
        & log.raw_content.isnotnull()
        & (log.raw_content != "")
        & log.queue_decided_at.isnull()
        & (log.queue_state.isnull() | (log.queue_state == ""))
    )
    frappe.qb.update(log).set(log.queue_state, OPEN).where(waiting).run()
    frappe.db.sql(
        """update `tabBeesender Admission Log` set raw_is_cut_off = 1
        where event in ('Mail kept', 'Automatic mail')
            and length(raw_content) >= %s""",
        MOST_BYTES,
    )
