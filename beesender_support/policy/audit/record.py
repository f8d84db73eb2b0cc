"""A decision record: all that was decided on a ticket, as a value and as JSON.

It holds what a promise is counted from and what a site stored of it, so that both can be
compared anywhere. All instants are in UTC; the plan's zone is named.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from beesender_support.policy.audit.codes import (
    INCOMPLETE_CODES,
    TIMELINE_CODES,
)
from beesender_support.policy.audit.facts import DECIDED as DECIDED_FORM
from beesender_support.policy.audit.facts import Decided
from beesender_support.policy.audit.form import (
    ANYTHING,
    DAY,
    FLAG,
    INSTANT,
    NUMBER,
    TEXT,
    WHOLE,
    ByName,
    ListOf,
    Maybe,
    Named,
    Record,
    Row,
    Schema,
    exactly,
    one_of,
    record,
)
from beesender_support.policy.audit.stamps import (
    as_text,
    in_utc,
    instant,
    maybe_instant,
    maybe_length,
    maybe_seconds,
    maybe_text,
    with_offsets,
)
from beesender_support.policy.errors import PolicyError
from beesender_support.policy.requests.admission import ACCEPTED, HELD, REASONS
from beesender_support.policy.response.clocks import Event, Happening
from beesender_support.policy.response.response_state import (
    AT_RISK,
    BREACHED,
    DUE,
    MET,
    NONE,
    PAUSED,
)
from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sold.targets import TARGETS

FORMAT = 1
DECLINED = "declined"
VERDICTS = (ACCEPTED, HELD, DECLINED)
# As it is stored; of what is owed no more nothing is.
STORED_STATES = (NONE, DUE, AT_RISK, PAUSED, MET, BREACHED)


class Stored(NamedTuple):
    """What a site stored of one promise. ``used`` and ``late_by`` are support time, of
    what was given; None where a site stores none."""

    state: str = NONE
    due: datetime | None = None
    at_risk_from: datetime | None = None
    used: timedelta | None = None
    late_by: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened to a ticket. ``by`` is a user or an address, ``source`` the
    record of the site that says so, ``about`` what it concerns, such as a kind of notice
    or the name of a field."""

    at: datetime
    code: str
    by: str | None = None
    about: str | None = None
    why: str | None = None
    before: Any = field(default=None, hash=False)
    after: Any = field(default=None, hash=False)
    source: str | None = None

    def __post_init__(self) -> None:
        for name in ("before", "after"):
            object.__setattr__(self, name, in_utc(getattr(self, name)))

    def as_dict(self) -> dict[str, Any]:
        return {
            "at": as_text(self.at),
            "code": self.code,
            "by": self.by,
            "about": self.about,
            "why": self.why,
            "before": self.before,
            "after": self.after,
            "source": self.source,
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Entry":
        return cls(**{**stored, "at": instant(stored["at"])})


class Missing(NamedTuple):
    """Why a record is not complete: a code, and what of it where that is more."""

    code: str
    about: str | None = None


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """A ticket, what was decided on it, and what its site stored of its promises.

    ``exported_at`` is the instant at which it was read. ``admission`` is one of
    ``VERDICTS``, None outside the policy. ``at_risk_percent`` is the share of a target
    from which its promise counted as at risk when it was last stored. ``stored`` is by
    target; ``earlier_met`` and ``earlier_breached`` count the next answers before the
    last. ``is_merged`` into ``merged_into``, another ticket.
    """

    ticket: str
    exported_at: datetime
    registered_at: datetime
    customer: str | None = None
    contact: str | None = None
    channel: str | None = None
    category: str | None = None
    priority: str | None = None
    plan: str | None = None
    tier: str | None = None
    admission: str | None = None
    reason: str | None = None
    status: str | None = None
    closing_reason: str | None = None
    is_merged: bool = False
    merged_into: str | None = None
    split_from: str | None = None
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    terms: Terms | None = None
    happenings: tuple[Happening, ...] = ()
    at_risk_percent: float = 75
    stored: Mapping[str, Stored] = field(default_factory=dict, hash=False)
    earlier_met: int = 0
    earlier_breached: int = 0
    next_due: datetime | None = None
    decisions: tuple[Decided, ...] = ()
    timeline: tuple[Entry, ...] = ()
    incomplete: tuple[Missing, ...] = ()
    time_zone_database: str = ""
    made_by: str = ""

    def lacks(self, code: str) -> bool:
        """Whether the record says that it is not complete for the reason ``code``."""
        return any(each.code == code for each in self.incomplete)

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "format": FORMAT,
            "made_by": self.made_by,
            "exported_at": as_text(self.exported_at),
            "time_zone": self.terms and self.terms.time_zone,
            "time_zone_database": self.time_zone_database,
            "ticket": {
                "name": self.ticket,
                "customer": self.customer,
                "contact": self.contact,
                "channel": self.channel,
                "category": self.category,
                "priority": self.priority,
                "plan": self.plan,
                "tier": self.tier,
                "registered_at": as_text(self.registered_at),
                "status": self.status,
                "closed_at": maybe_text(self.closed_at),
                "closing_reason": self.closing_reason,
                "is_merged": self.is_merged,
                "merged_into": self.merged_into,
                "split_from": self.split_from,
            },
            "admission": {"verdict": self.admission, "reason": self.reason},
            "decisions": [each.as_dict() for each in self.decisions],
            "terms": self.terms and in_utc(self.terms.as_dict()),
            "answered_at": maybe_text(self.answered_at),
            "happenings": [_plain_happening(each) for each in self.happenings],
            "at_risk_percent": self.at_risk_percent,
            "stored": {
                **{
                    target: _plain_stored(self.stored.get(target, Stored()))
                    for target in TARGETS
                },
                "next_answers_met": self.earlier_met,
                "next_answers_breached": self.earlier_breached,
                "next_due_at": maybe_text(self.next_due),
            },
            "timeline": [each.as_dict() for each in self.timeline],
            "incomplete": [each._asdict() for each in self.incomplete],
        }


def read_record(plain: object) -> tuple[DecisionRecord | None, tuple[PolicyError, ...]]:
    """The record that plain values of JSON are, or all that is wrong with them."""
    faults = tuple(RECORD.faults(plain, ""))
    if faults:
        return None, faults
    try:
        return _record_of(plain), ()
    except PolicyError as fault:
        return None, (fault,)


def _record_of(plain: Any) -> DecisionRecord:
    stored = plain["stored"]
    return DecisionRecord(
        **_ticket_of(plain["ticket"]),
        exported_at=instant(plain["exported_at"]),
        admission=plain["admission"]["verdict"],
        reason=plain["admission"]["reason"],
        answered_at=maybe_instant(plain["answered_at"]),
        terms=_terms_of(plain["terms"]),
        happenings=tuple(map(_happening_of, plain["happenings"])),
        at_risk_percent=plain["at_risk_percent"],
        stored={target: _stored_of(stored[target]) for target in TARGETS},
        earlier_met=stored["next_answers_met"],
        earlier_breached=stored["next_answers_breached"],
        next_due=maybe_instant(stored["next_due_at"]),
        decisions=tuple(map(Decided.from_dict, plain["decisions"])),
        timeline=tuple(map(Entry.from_dict, plain["timeline"])),
        incomplete=tuple(Missing(**each) for each in plain["incomplete"]),
        time_zone_database=plain["time_zone_database"],
        made_by=plain["made_by"],
    )


def _ticket_of(ticket: dict[str, Any]) -> dict[str, Any]:
    named = {name: each for name, each in ticket.items() if name != "name"}
    return {
        **named,
        "ticket": ticket["name"],
        "registered_at": instant(ticket["registered_at"]),
        "closed_at": maybe_instant(ticket["closed_at"]),
    }


def _terms_of(plain: Any) -> Terms | None:
    if plain is None:
        return None
    terms = Terms.from_dict(with_offsets(plain))
    # A zone that is unknown, or hours in which nobody works, are found here.
    terms.calendar.next_open(terms.started_at)
    return terms


def _plain_happening(happening: Happening) -> dict[str, Any]:
    return {
        "event": happening.event.value,
        "at": as_text(happening.at),
        "priority": happening.priority,
        "is_promised": happening.is_promised,
    }


def _happening_of(plain: Mapping[str, Any]) -> Happening:
    return Happening(
        Event(plain["event"]),
        instant(plain["at"]),
        plain["priority"],
        plain["is_promised"],
    )


def _plain_stored(stored: Stored) -> dict[str, Any]:
    return {
        "state": stored.state,
        "due_at": maybe_text(stored.due),
        "at_risk_at": maybe_text(stored.at_risk_from),
        "used_seconds": maybe_seconds(stored.used),
        "late_seconds": maybe_seconds(stored.late_by),
    }


def _stored_of(plain: Mapping[str, Any]) -> Stored:
    return Stored(
        plain["state"],
        maybe_instant(plain["due_at"]),
        maybe_instant(plain["at_risk_at"]),
        maybe_length(plain["used_seconds"]),
        maybe_length(plain["late_seconds"]),
    )


# The form of the JSON


_HOLIDAYS = ListOf(Row((DAY, TEXT, WHOLE, WHOLE)))
_WORKING_DAYS = ListOf(Row((DAY, TEXT, Maybe(WHOLE), Maybe(WHOLE))))
_LENGTHS = ByName(NUMBER)


def _terms_form() -> Record:
    return Record(
        {
            # Older ones are exported as one of today would be stored.
            "format": exactly(4),
            "started_at": INSTANT,
            "plan": TEXT,
            "tier": TEXT,
            "time_zone": TEXT,
            "windows": ListOf(Row((WHOLE, WHOLE, WHOLE))),
            "response_targets": _LENGTHS,
            "further_targets": ByName(_LENGTHS),
            "holidays": _HOLIDAYS,
            "working_days": _WORKING_DAYS,
            "category": Maybe(TEXT),
            "promises_response": Maybe(FLAG),
            "settled_priority": Maybe(TEXT),
            "has_clock": FLAG,
            "promises_later": Maybe(FLAG),
            "former": ListOf(Row((INSTANT, TERMS))),
            "time_zone_database": TEXT,
        },
        {"excepted": ListOf(TEXT), "offsets": ListOf(Row((NUMBER, NUMBER)))},
    )


TERMS = Named("terms", _terms_form)
_STORED = record(
    state=one_of(*STORED_STATES),
    due_at=Maybe(INSTANT),
    at_risk_at=Maybe(INSTANT),
    used_seconds=Maybe(NUMBER),
    late_seconds=Maybe(NUMBER),
)
RECORD = record(
    format=exactly(FORMAT),
    made_by=TEXT,
    exported_at=INSTANT,
    time_zone=Maybe(TEXT),
    time_zone_database=TEXT,
    ticket=record(
        name=TEXT,
        customer=Maybe(TEXT),
        contact=Maybe(TEXT),
        channel=Maybe(TEXT),
        category=Maybe(TEXT),
        priority=Maybe(TEXT),
        plan=Maybe(TEXT),
        tier=Maybe(TEXT),
        registered_at=INSTANT,
        status=Maybe(TEXT),
        closed_at=Maybe(INSTANT),
        closing_reason=Maybe(TEXT),
        is_merged=FLAG,
        merged_into=Maybe(TEXT),
        split_from=Maybe(TEXT),
    ),
    admission=record(verdict=Maybe(one_of(*VERDICTS)), reason=Maybe(one_of(*REASONS))),
    decisions=ListOf(DECIDED_FORM),
    terms=Maybe(TERMS),
    answered_at=Maybe(INSTANT),
    happenings=ListOf(
        record(
            event=one_of(*(each.value for each in Event)),
            at=INSTANT,
            priority=Maybe(TEXT),
            is_promised=Maybe(FLAG),
        )
    ),
    at_risk_percent=NUMBER,
    stored=record(
        **dict.fromkeys(TARGETS, _STORED),
        next_answers_met=WHOLE,
        next_answers_breached=WHOLE,
        next_due_at=Maybe(INSTANT),
    ),
    timeline=ListOf(
        record(
            at=INSTANT,
            code=one_of(*TIMELINE_CODES),
            by=Maybe(TEXT),
            about=Maybe(TEXT),
            why=Maybe(TEXT),
            before=ANYTHING,
            after=ANYTHING,
            source=Maybe(TEXT),
        )
    ),
    incomplete=ListOf(record(code=one_of(*INCOMPLETE_CODES), about=Maybe(TEXT))),
)


def schema() -> Schema:
    """What a record looks like, as JSON Schema."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Decision record of a ticket, format 1",
        "description": (
            "All that was decided on a ticket, and what was stored of its promises."
            " Instants are in UTC. docs/decisions.md explains each code."
        ),
        **RECORD.schema(),
        "$defs": {TERMS.name: _terms_form().schema()},
    }
