"""The decision record of a ticket, read from all places where a site keeps decisions.

Nothing is made up: what an older ticket does not say is named in ``incomplete``. Neither
the words of messages and comments nor access details are in it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe.model.document import Document

from beesender_support import __version__
from beesender_support.policy.audit import codes
from beesender_support.policy.audit.record import (
    DecisionRecord,
    Entry,
    Missing,
    Stored,
)
from beesender_support.policy.calendar.zones import time_zone_database_version
from beesender_support.policy.response.clocks import Event
from beesender_support.policy.response.response_state import NONE
from beesender_support.policy.sold.targets import FIRST_ANSWER, SOLUTION, TARGETS
from beesender_support.records import settings
from beesender_support.records.site_time import from_column, now, to_instant
from beesender_support.records.tickets import promise
from beesender_support.records.tickets.decisions import DECISION, Kept, kept_of

TICKET, LOG = "HD Ticket", "Beesender Admission Log"
NOTICES, ALLOWANCES = "Beesender Notice Log", "Beesender Allowance Entry"
# Fields of a ticket whose changes are decisions, as far as Frappe keeps versions.
FOLLOWED = (
    "status",
    "ticket_type",
    "priority",
    "beesender_priority",
    "beesender_closing_reason",
    "beesender_admission",
    "beesender_plan",
    "customer",
    "contact",
    "is_merged",
    "merged_with",
    "agent_group",
)
# Rows of one kind that a record holds at most; a ticket of people has far fewer.
MOST_ROWS = 1000
_STATES = {word: code for code, word in promise.RESPONSE_STATE.items()}
# Where Helpdesk's fields say how long something took, and how late it was.
_TIMES = {
    FIRST_ANSWER: ("first_response_time", "first_response_failed_by"),
    SOLUTION: ("resolution_time", "resolution_failed_by"),
}


def record_of(doc: Document) -> DecisionRecord:
    """All that was decided on a ticket, as it is stored now."""
    terms, exported_at = promise.terms_of(doc), now()
    decisions = kept_of(str(doc.name), MOST_ROWS)
    entries = [*_own(doc), *_decided(decisions), *_clock(doc), *_kept(doc)]
    if doc.is_merged and not any(each.code == codes.MERGED for each in entries):
        # Versions may be switched off, or gone. Merging closes a ticket.
        merged_at = promise.closed_at(doc) or _noted_at(doc, doc.modified)
        entries.append(Entry(merged_at, codes.MERGED, about=str(doc.merged_with)))
    percent = doc.get(promise.AT_RISK_PERCENT)
    return DecisionRecord(
        ticket=str(doc.name),
        exported_at=exported_at,
        registered_at=promise.registered_at(doc),
        customer=doc.customer or None,
        contact=doc.contact or None,
        channel=doc.beesender_channel or None,
        category=doc.ticket_type or None,
        priority=doc.beesender_priority or None,
        plan=doc.beesender_plan or None,
        tier=doc.beesender_tier or None,
        admission=(doc.beesender_admission or "").lower() or None,
        reason=doc.beesender_admission_reason or None,
        status=doc.status or None,
        closing_reason=doc.beesender_closing_reason or None,
        is_merged=bool(doc.is_merged),
        merged_into=str(doc.merged_with) if doc.merged_with else None,
        split_from=str(doc.ticket_split_from) if doc.ticket_split_from else None,
        answered_at=promise.answered_at(doc) if terms else None,
        closed_at=promise.closed_at(doc),
        terms=terms,
        happenings=promise.happenings_of(doc) if terms else (),
        at_risk_percent=percent or settings.current().at_risk_share * 100,
        stored={target: _stored(doc, target) for target in TARGETS},
        earlier_met=doc.get(promise.EARLIER_MET) or 0,
        earlier_breached=doc.get(promise.EARLIER_BREACHED) or 0,
        next_due=_next_due(doc),
        decisions=tuple(each.decided for each in decisions),
        timeline=tuple(sorted(entries, key=lambda each: each.at)),
        incomplete=tuple(_incomplete(doc, decisions, entries)),
        time_zone_database=time_zone_database_version(),
        made_by=f"beesender_support {__version__}",
    )


def _stored(doc: Document, target: str) -> Stored:
    fields = promise.FIELDS_OF_TARGET[target]
    state = _STATES.get(doc.get(fields.state), NONE)
    due = from_column(doc.get(fields.due_at))
    used = late_by = None
    if target in _TIMES and due:
        used, late_by = (_length(doc.get(name)) for name in _TIMES[target])
    return Stored(state, due, from_column(doc.get(fields.at_risk_at)), used, late_by)


def _length(seconds: Any) -> timedelta | None:
    return None if seconds in (None, "") else timedelta(seconds=float(seconds))


def _next_due(doc: Document) -> datetime | None:
    stored = doc.get(promise.NEXT_DUE)
    if not stored or frappe.utils.get_datetime(stored) == promise.NOTHING_DUE:
        return None
    return from_column(stored)


def _noted_at(doc: Document, site_time: datetime) -> datetime:
    """When a row was written, by its naive site time: in the hour that autumn repeats not
    before the request was registered."""
    first = to_instant(site_time)
    if first >= promise.registered_at(doc):
        return first
    return to_instant(site_time, near=first + timedelta(days=1))


# What an older ticket lacks


def _incomplete(
    doc: Document, decisions: Sequence[Kept], entries: Iterable[Entry]
) -> Iterator[Missing]:
    if why := promise.why_unreadable(doc):
        yield Missing(codes.TERMS_UNREADABLE, str(why))
    if not doc.beesender_admission:
        return
    if not decisions:
        yield Missing(codes.DECISIONS_NOT_KEPT)
    asked = (each.decided.asked for each in decisions)
    if any(each.has_more_plans for each in asked if each):
        yield Missing(codes.MORE_PLANS)
    if not doc.beesender_terms:
        return
    if not doc.get(promise.AT_RISK_PERCENT):
        yield Missing(codes.AT_RISK_NOT_KEPT)
    if not doc.beesender_events and promise.happenings_of(doc):
        yield Missing(codes.EVENTS_NOT_KEPT)
    stored = frappe.parse_json(doc.beesender_terms)
    if isinstance(stored, dict) and stored.get("promises_response") is None:
        yield Missing(codes.CATEGORY_OF_TODAY, doc.ticket_type)
    for each in entries:
        if each.code == codes.RERATED and not (
            isinstance(each.before, dict) and each.before.get("windows")
        ):
            yield Missing(codes.SNAPSHOT_NOT_KEPT, each.source)
    for doctype, rows in _counts(entries).items():
        if rows >= MOST_ROWS:
            yield Missing(codes.TOO_LONG, doctype)


def _counts(entries: Iterable[Entry]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for each in entries:
        doctype = (each.source or "").partition("/")[0]
        counts[doctype] = counts.get(doctype, 0) + 1
    return counts


# The timeline


def _own(doc: Document) -> Iterator[Entry]:
    """What the ticket itself says."""
    source = _named(TICKET, doc.name)
    yield Entry(
        promise.registered_at(doc),
        codes.REGISTERED,
        by=doc.owner,
        about=doc.beesender_channel or None,
        source=source,
    )
    if doc.ticket_split_from:
        yield Entry(
            _noted_at(doc, doc.creation),
            codes.SPLIT_OFF,
            by=doc.owner,
            about=str(doc.ticket_split_from),
            source=source,
        )


def _decided(decisions: Iterable[Kept]) -> Iterator[Entry]:
    for name, each in decisions:
        yield Entry(
            each.at,
            codes.DECIDED,
            by=each.by,
            about=each.how,
            after={
                "verdict": each.verdict,
                "reason": each.reason,
                "plan": each.plan,
                "tier": each.tier,
                "priority": each.priority,
            },
            source=_named(DECISION, name),
        )


def _clock(doc: Document) -> Iterator[Entry]:
    """What started, paused and stopped the clocks, with the message that did so."""
    if promise.terms_of(doc) is None:
        return
    said = _messages(doc)
    if answered := promise.answered_at(doc):
        yield _moved(Event.ANSWERED, answered, said)
    for each in promise.happenings_of(doc):
        yield _moved(each.event, each.at, said)


def _moved(
    event: Event, at: datetime, said: Mapping[tuple[str, datetime], Any]
) -> Entry:
    message = said.get((event.value, at))
    return Entry(
        at,
        event.value,
        by=message and (message.sender or message.owner),
        source=message and _named("Communication", message.name),
    )


def _messages(doc: Document) -> dict[tuple[str, datetime], Any]:
    """The messages of a ticket by what they may have done to a clock, and when; their
    words are not read."""
    rows = frappe.get_all(
        "Communication",
        {"reference_doctype": TICKET, "reference_name": str(doc.name)},
        ["name", "sender", "owner", "creation", "sent_or_received"],
        order_by="creation",
        limit=MOST_ROWS,
    )
    by_what = {"Sent": Event.ANSWERED.value, "Received": Event.CUSTOMER_WROTE.value}
    found: dict[tuple[str, datetime], Any] = {}
    for row in rows:
        key = (by_what.get(row.sent_or_received, ""), _noted_at(doc, row.creation))
        found.setdefault(key, row)
    return found


def _kept(doc: Document) -> Iterator[Entry]:
    """What logs say of the ticket."""
    ticket = str(doc.name)
    for row in _rows(
        LOG,
        {"ticket": ticket, "event": ("in", list(codes.LOG_CODES))},
        "event, actor, reason, contact, channel, details, before, after",
    ):
        yield Entry(
            _noted_at(doc, row.creation),
            codes.LOG_CODES[row.event],
            by=row.actor,
            about=row.reason or row.channel or None,
            why=row.details or None,
            before=_json(row.before),
            after=_json(row.after),
            source=_named(LOG, row.name),
        )
    for row in _rows(NOTICES, {"ticket": ticket}, "kind, outcome, target, share"):
        about = " ".join(filter(None, (row.kind, row.target)))
        yield Entry(
            _noted_at(doc, row.creation),
            codes.NOTICE_CODES[row.outcome],
            about=about,
            after={"share": row.share} if row.share else None,
            source=_named(NOTICES, row.name),
        )
    for row in _rows(
        ALLOWANCES, {"ticket": ticket}, "owner, action, entitlement, amount, reason"
    ):
        yield Entry(
            _noted_at(doc, row.creation),
            codes.ALLOWANCE_CODES[row.action],
            by=row.owner,
            about=row.entitlement,
            why=row.reason or None,
            after={"amount": row.amount},
            source=_named(ALLOWANCES, row.name),
        )
    yield from _versions(doc)
    for row in _rows("HD Ticket Activity", {"ticket": ticket}, "owner, action"):
        yield Entry(
            _noted_at(doc, row.creation),
            codes.NOTED,
            by=row.owner,
            why=frappe.utils.strip_html(row.action or "") or None,
            source=_named("HD Ticket Activity", row.name),
        )


def _versions(doc: Document) -> Iterator[Entry]:
    for row in _rows(
        "Version", {"ref_doctype": TICKET, "docname": str(doc.name)}, "owner, data"
    ):
        data = _json(row.data)
        changed = data.get("changed", ()) if isinstance(data, dict) else ()
        values = {name: (before, after) for name, before, after in changed}
        for name in FOLLOWED:
            if name not in values:
                continue
            before, after = values[name]
            is_merge = name == "merged_with" and after
            yield Entry(
                _noted_at(doc, row.creation),
                codes.MERGED if is_merge else codes.FIELD_CHANGED,
                by=row.owner,
                about=str(after) if is_merge else name,
                before=before,
                after=after,
                source=_named("Version", row.name),
            )


def _rows(doctype: str, filters: dict[str, Any], fields: str) -> list[Any]:
    return frappe.get_all(
        doctype,
        filters,
        ["name", "creation", *fields.split(", ")],
        order_by="creation",
        limit=MOST_ROWS,
    )


def _json(text: Any) -> Any:
    """What JSON text holds; text that is none is what it is."""
    if not isinstance(text, str):
        return text
    try:
        return frappe.parse_json(text) if text else None
    except ValueError:
        return text


def _named(doctype: str, name: object) -> str:
    return f"{doctype}/{name}"
