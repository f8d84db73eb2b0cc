"""The decisions on a ticket as a manager reads them: one line each, in their language.

Instants are UTC as ISO text, which a browser shows in the reader's zone, and local time
of the plan's zone.
"""

from collections.abc import Iterator
from typing import Any, TypedDict

import frappe
from frappe import _
from frappe.model.document import Document

from beesender_support.policy.audit.codes import DECIDED, NOTED, RERATED
from beesender_support.policy.audit.record import DecisionRecord, Entry
from beesender_support.policy.audit.recount import recount
from beesender_support.policy.calendar.zones import time_zone
from beesender_support.policy.errors import PolicyError
from beesender_support.policy.sentences import marked
from beesender_support.records.audit.decision_record import record_of
from beesender_support.records.site_time import iso_text, to_site_time
from beesender_support.wording.audit.decision_words import MISSING, NAMES
from beesender_support.wording.names import CHANNEL_NAMES, REASON_NAMES
from beesender_support.wording.renderer import fill

# A page shows so many; the file has them all.
MOST_SHOWN = 500
# Of the values of an entry, those by which people know what changed, and their names.
_TELLING = {
    "verdict": marked("Admission"),
    "reason": marked("Reason"),
    "plan": marked("Plan"),
    "tier": marked("Tier"),
    "priority": marked("Priority"),
    "category": marked("Category"),
    "customer": marked("Customer"),
    "started_at": marked("The clock started"),
    "answered_at": marked("Support answered"),
    "due": marked("The answer is due"),
    "next_answer_due": marked("The answer is due"),
    "solution_due": marked("The solution is due"),
    "amount": marked("Amount"),
    "share": "%",
    "beesender_admission": marked("Admission"),
    "beesender_admission_reason": marked("Reason"),
    "beesender_plan": marked("Plan"),
    "beesender_tier": marked("Tier"),
}
_VERDICTS = {
    "accepted": marked("Admitted"),
    "held": marked("Held"),
    "refused": marked("Declined"),
    **REASON_NAMES,
}


class Line(TypedDict):
    """``at`` is ISO text, ``site`` naive site time, ``local`` naive time of the plan's
    zone; ``change`` is what it was and became, in plain values."""

    at: str
    site: str
    local: str | None
    code: str
    what: str
    who: str
    why: str
    change: str
    source: str


class Timeline(TypedDict):
    """``differs`` are the places at which what is stored is not what it counts to; None
    where it could not be counted. ``left_out`` are entries beyond those shown."""

    ticket: str
    time_zone: str | None
    lines: list[Line]
    left_out: int
    missing: list[str]
    differs: list[str] | None
    checked: int


def timeline(doc: Document) -> Timeline:
    record = record_of(doc)
    checked, differs = _checked(record)
    zone = record.terms.time_zone if record.terms else None
    shown = record.timeline[-MOST_SHOWN:]
    return {
        "ticket": record.ticket,
        "time_zone": zone,
        "lines": [_line(each, zone) for each in shown],
        "left_out": len(record.timeline) - len(shown),
        "missing": [_(MISSING[each.code]) for each in record.incomplete],
        "differs": differs,
        "checked": checked,
    }


def _checked(record: DecisionRecord) -> tuple[int, list[str] | None]:
    """How much was compared, and where it differs."""
    try:
        again = recount(record)
    except PolicyError:
        return 0, None
    return len(again.checked), [each.place for each in again.differences]


def _line(entry: Entry, zone: str | None) -> Line:
    local = entry.at.astimezone(time_zone(zone)).replace(tzinfo=None) if zone else None
    return {
        "at": iso_text(entry.at) or "",
        "site": to_site_time(entry.at).isoformat(" ", "seconds"),
        "local": local.isoformat(" ", "seconds") if local else None,
        "code": entry.code,
        "what": _what(entry),
        "who": _who(entry.by),
        "why": entry.why or "",
        "change": _change(entry),
        "source": entry.source or "",
    }


def _what(entry: Entry) -> str:
    name = _(NAMES[entry.code])
    if not entry.about or entry.code in (DECIDED, NOTED):
        return name
    about = REASON_NAMES.get(entry.about) or CHANNEL_NAMES.get(entry.about)
    return fill("{0}: {1}", name, _(about) if about else entry.about)


def _who(user: str | None) -> str:
    """A name and the address: of two people with one name it is known who."""
    if not user:
        return ""
    name = frappe.utils.get_fullname(user)
    return user if name == user else f"{name} ({user})"


def _change(entry: Entry) -> str:
    before, after = entry.before, entry.after
    if not (isinstance(before, dict) or isinstance(after, dict)):
        return f"{_text(before)} → {_text(after)}" if before or after else ""
    return "; ".join(_changed(before or {}, after or {}, entry.code == RERATED))


def _changed(before: Any, after: Any, is_rerating: bool) -> Iterator[str]:
    for name, label in _TELLING.items():
        was, became = (
            each.get(name) if isinstance(each, dict) else None
            for each in (before, after)
        )
        if was == became and (is_rerating or before):
            continue
        if was and became:
            yield f"{_(label)}: {_text(was)} → {_text(became)}"
        elif became or was:
            yield f"{_(label)}: {_text(became or was)}"


def _text(value: Any) -> str:
    if value in (None, ""):
        return "–"
    name = _VERDICTS.get(str(value))
    return _(name) if name else str(value)
