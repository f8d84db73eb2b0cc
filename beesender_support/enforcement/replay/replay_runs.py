"""Runs of a Beesender Replay: in the background, in lots, and without writing a ticket.

A run has a name of its own. Whoever starts another, stops it or changes the record takes
the name away, and it ends before its next lot. What it found is kept when it is done, so
one that died left nothing behind but its state, and may be started again.
"""

import json
from datetime import timedelta

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt, get_system_timezone, getdate

from beesender_support.enforcement import runs
from beesender_support.enforcement.runs import AT_WORK, QUEUED, RUNNING
from beesender_support.policy.calendar.zones import time_zone
from beesender_support.policy.errors import TooEarly
from beesender_support.policy.replay.drafts import replay
from beesender_support.policy.replay.summary import Folding, Summary
from beesender_support.records import settings
from beesender_support.records.replay.drafts import draft_of
from beesender_support.records.replay.past_requests import Scope, count, lots
from beesender_support.records.site_time import now, to_column
from beesender_support.records.sold.plan_values import check_typed_dates
from beesender_support.records.sold.policy_values import seconds_of_day
from beesender_support.wording.language import language_of_user, speaking

REPLAY = "Beesender Replay"
MAY_REPLAY = ("System Manager", "Agent Manager")
DRAFT, DONE, FAILED, STOPPED = "Draft", "Done", "Failed", "Stopped"
SILENCE = timedelta(minutes=2)
TIMEOUT = 6 * 60 * 60
# What the app alone writes, and what a person gives.
DECIDED = (
    "state",
    "run",
    "started_by",
    "tickets_found",
    "tickets_done",
    "alive_at",
    "counted_at",
    "result",
)
GIVEN = (
    "from_date",
    "to_date",
    "time_zone",
    "draft_tier",
    "draft_plan",
    "holiday_calendar",
    "add_days",
)
TABLES = {
    "tiers": ("tier",),
    "customers": ("customer",),
    "changes": (
        "kind",
        "priority",
        "target",
        "hours",
        "around_the_clock",
        "weekday",
        "start_time",
        "end_time",
    ),
}
_NOTHING_DECIDED = {
    "state": DRAFT,
    "run": "",
    "started_by": "",
    "tickets_found": 0,
    "tickets_done": 0,
    "alive_at": None,
    "counted_at": None,
    "result": "",
}


# The record


def check(doc: Document) -> None:
    """Whatever was typed, posted or imported: results are written by a run and nowhere
    else, and do not outlive what they were counted from. Raises PolicyError."""
    before = None if doc.is_new() else doc.get_doc_before_save()
    doc.time_zone = doc.time_zone or get_system_timezone()
    is_changed = before is None or _given(doc) != _given(before)
    decided = _NOTHING_DECIDED
    if not is_changed:
        # With a lock: a run may have ended since this save began to read.
        decided = frappe.db.get_value(
            REPLAY, doc.name, DECIDED, as_dict=True, for_update=True
        )
    doc.update({field: decided[field] for field in DECIDED})
    if is_changed:
        scope_of(doc)
        draft_of(doc)


def _given(doc: Document) -> list[object]:
    """What the record asks, to be compared with what it asked."""
    rows = (
        [[_plain(row, field) for field in fields] for row in doc.get(table)]
        for table, fields in TABLES.items()
    )
    return [[_plain(doc, field) for field in GIVEN], *rows]


def _plain(row: Document, field: str) -> object:
    """Alike for what is stored and what a form sends back."""
    value = row.get(field)
    if field in ("start_time", "end_time"):
        return seconds_of_day(value)
    if field in ("hours", "add_days", "around_the_clock"):
        return flt(value)
    return str(value or "")


def scope_of(doc: Document) -> Scope:
    """Raises PolicyError for days or a zone that cannot be."""
    check_typed_dates((doc, ("from_date", "to_date")))
    first, last = getdate(doc.from_date), getdate(doc.to_date)
    if last < first:
        raise TooEarly("to_date", last, earliest=first)
    time_zone(doc.time_zone)
    return Scope(
        first,
        last,
        doc.time_zone,
        tuple(row.tier for row in doc.tiers),
        tuple(row.customer for row in doc.customers),
    )


def summary_of(doc: Document) -> Summary | None:
    """What was found; None before a run is done."""
    return Summary.from_dict(json.loads(doc.result)) if doc.result else None


# Starting and stopping


def start(name: str) -> None:
    """Queue a run; refused while another is at work on the same replay."""
    doc = frappe.get_doc(REPLAY, name, for_update=True)
    # The records that it names may have changed since it was saved.
    scope_of(doc)
    draft_of(doc)
    if doc.state in AT_WORK and runs.is_alive(doc, SILENCE):
        frappe.throw(
            _("{0} is running. Wait until it is done, or stop it.").format(name)
        )
    run_name = frappe.generate_hash(length=10)
    user = frappe.session.user
    begun = {"state": QUEUED, "run": run_name, "started_by": user}
    _set(name, **{**_NOTHING_DECIDED, **begun})
    frappe.enqueue(
        run,
        queue="long",
        timeout=TIMEOUT,
        enqueue_after_commit=True,
        name=name,
        run_name=run_name,
    )


def stop(name: str) -> None:
    """End a run before its next lot; nothing of it is kept."""
    state = frappe.db.get_value(REPLAY, name, "state", for_update=True)
    if state in AT_WORK:
        _set(name, state=STOPPED, run="")


def report_dead() -> None:
    """Every few minutes: runs that fell silent, and those that never began."""
    for name in runs.dead(REPLAY, SILENCE):
        stop(name)
        _tell(name, STOPPED)


# The job


def run(name: str, run_name: str) -> None:
    """The background job; its starter is notified when it is done, or that it failed."""
    try:
        if _goes_on(name, run_name, 0):
            _run(name, run_name)
    except Exception:
        frappe.db.rollback()
        frappe.log_error(
            title="Beesender Support: replay",
            reference_doctype=REPLAY,
            reference_name=name,
        )
        _end(name, run_name, FAILED)


def _run(name: str, run_name: str) -> None:
    doc = frappe.get_doc(REPLAY, name)
    scope, draft = scope_of(doc), draft_of(doc)
    at, share = now(), settings.current().at_risk_share
    folding, done = Folding(time_zone(scope.zone)), 0
    _set(name, tickets_found=count(scope))
    for lot in lots(scope):
        for past in lot:
            found = past if isinstance(past, str) else None
            if found is None:
                found = replay(past, draft, now=at, at_risk_share=share)
            if isinstance(found, str):
                folding.leave_out(found)
            else:
                folding.add(found)
        done += len(lot)
        if not _goes_on(name, run_name, done):
            return
    result = json.dumps(folding.summary().as_dict())
    _end(name, run_name, DONE, result=result, counted_at=to_column(at))


def _goes_on(name: str, run_name: str, done: int) -> bool:
    """Note that a run lives; False if it was given up meanwhile."""
    is_own = runs.is_own(REPLAY, name, run_name)
    if is_own:
        _set(name, state=RUNNING, tickets_done=done)
    frappe.db.commit()
    if is_own:
        frappe.publish_realtime(
            "beesender_replay",
            {"name": name, "done": done},
            user=frappe.session.user,
        )
    return is_own


def _end(name: str, run_name: str, state: str, **values: object) -> None:
    """Once only: keep what was found, and notify the starter."""
    if runs.is_own(REPLAY, name, run_name):
        _set(name, state=state, run="", **values)
        _tell(name, state)
    frappe.db.commit()


def _tell(name: str, state: str) -> None:
    """Whoever started the run, in their language."""
    user = frappe.db.get_value(REPLAY, name, "started_by")
    with speaking(language_of_user(user)):
        subject = _("{0}: {1}").format(name, _(state))
    runs.tell(user, REPLAY, name, subject)


def _set(name: str, **values: object) -> None:
    values = {**values, "alive_at": to_column(now())}
    frappe.db.set_value(REPLAY, name, values, update_modified=False)
