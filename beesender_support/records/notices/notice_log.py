"""Beesender Notice Log: what was said once, and is never said again."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import frappe
from frappe.utils import add_days, get_datetime, now_datetime

from beesender_support.records.site_time import to_column

LOG = "Beesender Notice Log"
SENT, MISSED, SWITCHED_OFF, NOBODY = "Sent", "Missed", "Switched off", "Nobody"
MAX_KEY = 140
TICK = timedelta(milliseconds=1)
SAVEPOINT = "beesender_notice"
# Days for which somebody who asked for a seat still waits for it, and rows read of them.
ASKED_LATELY, MOST_ASKED = 30, 500


def is_logged(key: str) -> bool:
    return bool(frappe.db.exists(LOG, {"key": key[:MAX_KEY]}))


def was_sent(key: str) -> bool:
    """Whether somebody was told of the event, also where that was written since this
    transaction began to read; its row is locked."""
    event = {"key": key[:MAX_KEY], "outcome": SENT}
    return bool(frappe.db.get_value(LOG, event, "name", for_update=True))


def logged(keys: Iterable[str]) -> frozenset[str]:
    """Which of these events are in the log, in one query."""
    wanted = [key[:MAX_KEY] for key in keys]
    if not wanted:
        return frozenset()
    return frozenset(frappe.get_all(LOG, {"key": ("in", wanted)}, pluck="key"))


def record(
    *,
    kind: str,
    key: str,
    outcome: str,
    owed_at: datetime | None = None,
    due_at: datetime | None = None,
    **fields: object,
) -> bool:
    """Log an event; instants are aware, and stored in UTC.

    Returns whether it was not in the log before, also where somebody else has written it
    since this transaction began to read.
    """
    log = frappe.get_doc(
        {
            "doctype": LOG,
            "kind": kind,
            "key": key[:MAX_KEY],
            "outcome": outcome,
            "owed_at": to_column(owed_at),
            "due_at": to_column(due_at),
            **fields,
        }
    )
    # A record that was deleted meanwhile does not make anybody hear it twice.
    last = _last_of(fields.get("ticket"))
    frappe.db.savepoint(SAVEPOINT)
    try:
        log.insert(ignore_permissions=True, ignore_links=True)
    except frappe.UniqueValidationError:
        frappe.clear_last_message()
        frappe.db.rollback(save_point=SAVEPOINT)
        return False
    if last and get_datetime(log.creation) <= last:
        # Rows of a ticket keep their order, also when the clock is set back.
        log.db_set("creation", last + TICK, update_modified=False)
    return True


def asked_for_seat(plan: str) -> frozenset[str]:
    """The contacts who lately asked for a seat on a plan, as the keys name them."""
    keys = frappe.get_all(
        LOG,
        {
            "kind": "seat_asked",
            "plan": plan,
            "creation": (">=", add_days(now_datetime(), -ASKED_LATELY)),
        },
        pluck="key",
        limit=MOST_ASKED,
    )
    return frozenset(key.split("/", 4)[-1] for key in keys if key.count("/") >= 4)


def let_go_of(ticket: str) -> None:
    """Of a ticket that is deleted: Frappe gives the number of the last one to the next,
    of which nothing has been said."""
    frappe.db.sql(
        f"""update `tab{LOG}` set `key` = concat(left(`key`, 100), '/', name),
            ticket = null, details = concat_ws('\n', nullif(details, ''), %s)
        where ticket = %s""",  # noqa: S608
        (f"#{ticket}", str(ticket)),
    )


def _last_of(ticket: object) -> datetime | None:
    """When the latest row about a ticket was written, in naive site time."""
    if not ticket:
        return None
    rows = frappe.get_all(
        LOG, {"ticket": ticket}, pluck="creation", order_by="creation desc", limit=1
    )
    return rows[0] if rows else None
