"""Agent managers are told that requests were kept and not registered: within minutes of
the first, and then at most once an hour."""

from typing import Any

import frappe
from frappe.utils import get_url

from beesender_support.enforcement.kept.queue import LOG, OPEN
from beesender_support.enforcement.outgoing import mailer
from beesender_support.enforcement.outgoing.mailer import Notice
from beesender_support.policy.notices.kept import is_owed
from beesender_support.policy.notices.staff import NEVER
from beesender_support.records.notices import digest_facts, notice_log
from beesender_support.records.people.readers import Recipient, site_language
from beesender_support.records.site_time import from_column, now, to_instant

KIND = "mail_kept"
# The most that are named; the others are counted.
MOST_NAMED = 10


def tell_managers() -> None:
    """Every five minutes. Safe to run twice, and at once."""
    [told_at] = frappe.db.sql_list(
        f"select max(owed_at) from `tab{notice_log.LOG}` where kind = %s",  # noqa: S608
        KIND,
    )
    told_at = from_column(told_at)
    waiting = frappe.get_all(
        LOG,
        {"queue_state": OPEN},
        ["name", "creation", "contact", "details"],
        order_by="creation desc, name",
        limit=MOST_NAMED,
    )
    newest = waiting[0] if waiting else None
    has_new = bool(newest) and (
        told_at is None or to_instant(newest.creation, near=now()) > told_at
    )
    if not is_owed(has_new=has_new, told_at=told_at, now=now()):
        return
    mailer.send(
        Notice(
            kind=KIND,
            key=f"{KIND}/{newest.name}",
            recipients=[
                Recipient(each.language or site_language(), address=each.address)
                for each in digest_facts.managers()
                if each.by_mail != NEVER
            ],
            values=lambda: _values(waiting),
            owed_at=now(),
        )
    )
    frappe.db.commit()


def _values(waiting: list[frappe._dict]) -> dict[str, Any]:
    return {
        "count": digest_facts.kept(),
        "kept": [
            {
                "sender": row.contact or "?",
                "subject": row.details or "",
                "link": frappe.utils.get_url_to_form(LOG, row.name),
            }
            for row in waiting
        ],
        "kept_link": get_url("/app/beesender-admission-log?queue_state=Open"),
    }
