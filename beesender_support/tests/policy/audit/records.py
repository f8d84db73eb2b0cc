"""Decision records for tests: what a site would export of a ticket."""

import json
from dataclasses import replace
from datetime import datetime, timedelta

from beesender_support.policy.audit.codes import CLOCK_CORRECTED, RERATED
from beesender_support.policy.audit.facts import JUDGED, AskedThen, decided
from beesender_support.policy.audit.record import (
    DecisionRecord,
    Entry,
    Stored,
    read_record,
)
from beesender_support.policy.audit.recount import promises_of
from beesender_support.policy.requests.triage import triage
from beesender_support.policy.response.clocks import Event, Happening
from beesender_support.policy.response.response_state import BREACHED, MET, owed
from beesender_support.policy.sold.targets import FIRST_ANSWER, SOLUTION, TARGETS
from beesender_support.tests.policy.factories import (
    FRIDAY_EVENING,
    at,
    hours,
    make_plan,
    make_request,
    make_tier,
    utc,
)

EVERY_TARGET = {"next_answer": {"P1": hours(4)}, "solution": {"P1": hours(16)}}
NOW = utc("2026-11-24T10:00+03:00")


def judged(opened_at=FRIDAY_EVENING, plans=None, by="agent@example.com", **asked):
    """A decision of the policy on a request, and the facts that it was made by."""
    plans = plans or [make_plan(make_tier(further_targets=EVERY_TARGET))]
    request = make_request(opened_at, **asked)
    decision = triage(request, plans, now=at(opened_at), answers_at_once=False)
    facts = AskedThen.of(
        request, plans, decision, hold_unplanned=False, answers_at_once=False
    )
    return decision, decided(JUDGED, decision, at=at(opened_at), by=by, asked=facts)


def as_stored(record: DecisionRecord) -> DecisionRecord:
    """The same with what a site stores of its promises, and a timeline of its clocks."""
    promises = promises_of(record)
    stored = {}
    for target in TARGETS:
        response = owed(promises.of(target))
        run = promises.run_of(target)
        is_given = {
            FIRST_ANSWER: record.answered_at is not None,
            SOLUTION: bool(run and run.stopped_at),
        }.get(target)
        is_timed = is_given and response.due
        stored[target] = Stored(
            response.state,
            response.due,
            response.at_risk_from,
            response.used if is_timed else None,
            (response.late_by or None) if is_timed else None,
        )
    earlier = [each.response.state for each in promises.earlier]
    awaited = [each.awaited_by for each in promises.each() if each.awaited_by]
    moved = list(record.happenings)
    if record.answered_at:
        moved.append(Happening(Event.ANSWERED, record.answered_at))
    others = [
        each
        for each in record.timeline
        if each.code not in {event.value for event in Event}
    ]
    return replace(
        record,
        stored=stored,
        earlier_met=earlier.count(MET),
        earlier_breached=earlier.count(BREACHED),
        next_due=None if record.closed_at else min(awaited, default=None),
        timeline=(*others, *(Entry(each.at, each.event.value) for each in moved)),
    )


def make_record(now: datetime = NOW, plans=None, **values) -> DecisionRecord:
    """A request of Friday evening that was accepted, and nobody answered by ``now``."""
    decision, kept = judged(plans=plans)
    terms = decision.terms
    if values.get("answered_at"):
        terms = terms.settled("P1")
    record = DecisionRecord(
        **{
            "ticket": "42",
            "exported_at": now,
            "registered_at": utc(FRIDAY_EVENING),
            "customer": "Example Ltd",
            "channel": "portal",
            "category": "Incident",
            "priority": "P1",
            "plan": kept.plan,
            "tier": kept.tier,
            "admission": "accepted",
            "terms": terms,
            "decisions": (kept,),
            "time_zone_database": "2026a",
            "made_by": "test",
            **values,
        }
    )
    return as_stored(record)


def whole_life() -> DecisionRecord:
    """Answered, paused, answered again, corrected, re-rated and solved."""
    events = (
        Happening(Event.CUSTOMER_WROTE, utc("2026-11-23T10:00+03:00")),
        Happening(Event.ANSWERED, utc("2026-11-23T11:00+03:00"), "P1", True),
        Happening(Event.PAUSED, utc("2026-11-23T11:00+03:00"), "P1", True),
        Happening(Event.RESUMED, utc("2026-11-23T15:00+03:00"), "P1", True),
        Happening(Event.CUSTOMER_WROTE, utc("2026-11-23T16:00+03:00")),
        Happening(Event.RESOLVED, utc("2026-11-24T09:30+03:00"), "P1", True),
    )
    record = make_record(
        answered_at=utc("2026-11-23T09:10+03:00"),
        closed_at=utc("2026-11-24T09:30+03:00"),
        happenings=events,
    )
    terms = record.terms.as_dict()
    return as_stored(
        replace(
            record,
            timeline=(
                Entry(
                    utc("2026-11-23T12:00+03:00"),
                    CLOCK_CORRECTED,
                    by="manager@example.com",
                    why="The mail came late.",
                    before={"started_at": "2026-11-20T14:40:00+00:00"},
                    after={"started_at": "2026-11-20T14:30:00+00:00"},
                ),
                Entry(
                    utc("2026-11-23T13:00+03:00"),
                    RERATED,
                    before={**terms, "tier": "Business"},
                    after=terms,
                ),
            ),
        )
    )


def on_paper(record: DecisionRecord) -> dict:
    """What the JSON of a record says."""
    return json.loads(json.dumps(record.as_dict()))


def read_back(plain: object) -> DecisionRecord:
    record, faults = read_record(plain)
    assert not faults
    return record


SECOND = timedelta(seconds=1)
