"""What background runs have in common, whatever they do: which are at work, how long one
may say nothing, and how people are told.

A killed job notifies nobody. So each run notes the time while it works, and one that has
been silent for longer than its kind may be is dead: whoever looks ends it in its place.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta

import frappe

from beesender_support.records.site_time import now, to_column

QUEUED, RUNNING = "Queued", "Running"
AT_WORK = (QUEUED, RUNNING)
# A queue may be busy for long; then its jobs were lost.
LONGEST_QUEUE = timedelta(hours=6)
# For which the note of a run that lives may wait for others, in seconds.
_PATIENCE = 2


def is_alive(run: frappe._dict, silence: timedelta) -> bool:
    """Of a run that is at work: ``state`` and ``alive_at`` as they are stored, in UTC, so
    that no clock of a site is put back in the middle of it."""
    patience = silence if run.state == RUNNING else LONGEST_QUEUE
    return bool(run.alive_at) and to_column(now()) - run.alive_at <= patience


def unfinished(
    doctype: str, filters: Mapping[str, object] | None = None
) -> list[frappe._dict]:
    """``name``, ``state`` and ``alive_at`` of the runs at work.

    With filters they are locked, and also those are found that were committed since this
    transaction began to read.
    """
    return frappe.db.get_values(
        doctype,
        {"state": ("in", AT_WORK), **(filters or {})},
        ["name", "state", "alive_at"],
        as_dict=True,
        for_update=bool(filters),
    )


def dead(doctype: str, silence: timedelta) -> Iterator[str]:
    """Runs that fell silent, and those that never began: by name, each locked."""
    for run in unfinished(doctype):
        if is_alive(run, silence):
            continue
        # It may have gone on since.
        for latest in unfinished(doctype, {"name": run.name}):
            if not is_alive(latest, silence):
                yield str(latest.name)


def is_own(doctype: str, name: str, run: str | None) -> bool:
    """Whether a record is still at work for this run, whose name whoever starts another
    or gives it up takes away. The record is locked."""
    return frappe.db.get_value(doctype, name, "run", for_update=True) == run


def note_apart(doctype: str, name: str, run: str | None) -> bool:
    """Note that a run lives, by a connection of its own: what the run wrote so far is not
    committed; False if it was given up meanwhile. Others who hold the record are not
    waited for."""
    own = frappe.local.db
    try:
        frappe.connect(set_admin_as_user=False)
        frappe.db.sql(f"set session innodb_lock_wait_timeout = {_PATIENCE}")
        goes_on = is_own(doctype, name, run)
        if goes_on:
            alive_at = to_column(now())
            frappe.db.set_value(
                doctype, name, "alive_at", alive_at, update_modified=False
            )
        frappe.db.commit()
        return goes_on
    except frappe.QueryTimeoutError:
        frappe.db.rollback()
        return True
    finally:
        if frappe.local.db is not own:
            frappe.db.close()
        frappe.local.db = own


def tell(user: str | None, doctype: str, name: str, subject: str) -> None:
    """By the bell of Desk, in words of their language; nobody who is gone."""
    if not user or not frappe.db.exists("User", user):
        return
    frappe.get_doc(
        {
            "doctype": "Notification Log",
            "type": "Alert",
            "for_user": user,
            "document_type": doctype,
            "document_name": name,
            "subject": subject,
        }
    ).insert(ignore_permissions=True)
