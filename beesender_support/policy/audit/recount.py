"""A decision record counted again, and where what was stored differs.

The functions are those by which a site decides and counts; the facts are those of the
record and nothing else.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from beesender_support.policy.audit import codes
from beesender_support.policy.audit.facts import JUDGED, Decided
from beesender_support.policy.audit.record import (
    DECLINED,
    DecisionRecord,
    Stored,
)
from beesender_support.policy.audit.stamps import (
    as_text,
    in_utc,
    maybe_seconds,
    maybe_text,
)
from beesender_support.policy.response.clocks import Event
from beesender_support.policy.response.deadline_explanation import (
    Passage,
    explain_promise,
    explain_run,
    explain_target,
)
from beesender_support.policy.response.promises import (
    NOTHING_PROMISED,
    Promised,
    Promises,
    assess_all,
)
from beesender_support.policy.response.response_state import (
    AT_RISK,
    BREACHED,
    DUE,
    MET,
    is_still_promised,
    owed,
)
from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sentences import Sentence
from beesender_support.policy.sold.targets import FIRST_ANSWER, SOLUTION, TARGETS

# A site notes the passing of time every few minutes; a state may be so old.
LAG = timedelta(minutes=10)
# Sites store instants to the second, and lengths as numbers.
_NEAR = timedelta(milliseconds=1)
# What of the terms a plan decides, and a re-rating changes.
_SOLD = (
    "plan",
    "tier",
    "time_zone",
    "windows",
    "response_targets",
    "further_targets",
    "holidays",
    "working_days",
)


class Difference(NamedTuple):
    """One value that differs; ``place`` is where it stands in the record, ``target`` the
    promise that it is of, None where it is of none. Values are plain."""

    place: str
    stored: object
    recounted: object
    target: str | None = None


class Explained(NamedTuple):
    """Why a promise stands as it was recounted: in a sentence, and line by line in the
    plan's zone."""

    target: str
    sentence: Sentence | None
    passages: tuple[Passage, ...]
    time_zone: str


class Recounted(NamedTuple):
    """What was compared, by its place in the record, and what differs.

    ``explained`` are the promises of which something differs.
    """

    ticket: str
    checked: tuple[str, ...]
    differences: tuple[Difference, ...]
    explained: tuple[Explained, ...]


class _Compared(NamedTuple):
    place: str
    stored: object
    recounted: object
    is_same: bool
    target: str | None = None


def recount(record: DecisionRecord) -> Recounted:
    """Count a record again; raises PolicyError where its values cannot be counted with."""
    promises = promises_of(record)
    compared = [
        *_decisions(record),
        *_admission(record),
        *_origin(record),
        *_snapshots(record),
        *_promises(record, promises),
        *_timeline(record),
    ]
    differences = tuple(
        Difference(each.place, each.stored, each.recounted, each.target)
        for each in compared
        if not each.is_same
    )
    of_targets = {each.target for each in differences}
    return Recounted(
        record.ticket,
        tuple(each.place for each in compared),
        differences,
        tuple(
            _explained(record, promises.promised(target))
            for target in TARGETS
            if target in of_targets and record.terms
        ),
    )


def promises_of(record: DecisionRecord) -> Promises:
    """How the promises stood when the record was made; as a site says it."""
    terms = _counted(record)
    if terms is None:
        return NOTHING_PROMISED
    return assess_all(
        terms,
        record.priority or "",
        responded_at=record.answered_at,
        closed_at=record.closed_at,
        happenings=record.happenings if terms.ever_promised_more else (),
        now=record.exported_at,
        at_risk_share=record.at_risk_percent / 100,
    )


def _counted(record: DecisionRecord) -> Terms | None:
    """The terms by which something is counted; None where nothing is."""
    if record.terms is None or not is_still_promised(
        is_merged=record.is_merged, is_answered=record.answered_at is not None
    ):
        return None
    return record.terms.of_first_answer() if record.is_merged else record.terms


# Who may ask


def _decisions(record: DecisionRecord) -> Iterator[_Compared]:
    """Each decision of the policy, by the facts of its moment."""
    for number, each in enumerate(record.decisions):
        place = f"decisions[{number}]"
        asked = each.asked
        if each.how != JUDGED or asked is None:
            continue
        admission = asked.admission()
        plan = admission.plan
        if not asked.has_more_plans:
            yield _same(f"{place}.verdict", each.verdict, admission.verdict)
            yield _same(f"{place}.reason", each.reason, admission.reason)
            yield _same(f"{place}.plan", each.plan, plan and plan.name)
            yield _same(f"{place}.tier", each.tier, plan and plan.tier.name)
        if not admission.is_outside_policy:
            yield _same(f"{place}.priority", each.priority, asked.priority())


def _admission(record: DecisionRecord) -> Iterator[_Compared]:
    """That what the ticket says is what was decided last."""
    if record.lacks(codes.DECISIONS_NOT_KEPT) or not record.decisions:
        return
    last = record.decisions[-1]
    if record.admission is None:
        # It left the policy since, which its timeline says.
        return
    if record.admission != DECLINED:
        yield _same("admission.verdict", record.admission, last.verdict)
        yield _same("admission.reason", record.reason, last.reason)
    yield _same("ticket.plan", record.plan, _plan_by(record, last))


def _plan_by(record: DecisionRecord, last: Decided) -> str | None:
    """The plan by the last decision, or by the snapshot of a later re-rating."""
    rerated = _last(record, codes.RERATED)
    if rerated and rerated.at >= last.at and isinstance(rerated.after, dict):
        return rerated.after.get("plan", last.plan)
    return last.plan


# What was promised


def _origin(record: DecisionRecord) -> Iterator[_Compared]:
    """That the clock starts where the last decision or correction put it."""
    if record.terms is None or record.lacks(codes.DECISIONS_NOT_KEPT):
        return
    starts = [
        (each.at, as_text(each.started_at))
        for each in record.decisions
        if each.started_at
    ]
    starts += [
        (each.at, each.after["started_at"])
        for each in record.timeline
        if each.code == codes.CLOCK_CORRECTED and _says(each.after, "started_at")
    ]
    if starts:
        # Stable: a correction at the instant of a decision came after it.
        _at, origin = sorted(starts, key=lambda each: each[0])[-1]
        yield _same("terms.started_at", as_text(record.terms.started_at), origin)


def _snapshots(record: DecisionRecord) -> Iterator[_Compared]:
    """That the terms are those of the last re-rating."""
    rerated = _last(record, codes.RERATED)
    later = [each for each in record.decisions if rerated and each.at > rerated.at]
    if record.terms is None or rerated is None or later:
        return
    terms = in_utc(record.terms.as_dict())
    for name in _SOLD:
        if _says(rerated.after, name):
            yield _same(f"terms.{name}", terms[name], rerated.after[name])


def _says(plain: Any, name: str) -> bool:
    return isinstance(plain, dict) and plain.get(name) is not None


def _last(record: DecisionRecord, code: str) -> Any:
    """The last entry of the timeline with this code; None without one."""
    return next((each for each in reversed(record.timeline) if each.code == code), None)


# How it stands


def _promises(record: DecisionRecord, promises: Promises) -> Iterator[_Compared]:
    if record.lacks(codes.TERMS_UNREADABLE):
        return
    for target in TARGETS:
        yield from _target(record, promises, target)
    settled = [each.response.state for each in promises.earlier]
    yield _same("stored.next_answers_met", record.earlier_met, settled.count(MET))
    yield _same(
        "stored.next_answers_breached",
        record.earlier_breached,
        settled.count(BREACHED),
    )
    if record.admission is not None:
        next_due = promises.next_due(is_closed=record.closed_at is not None)
        yield _instants("stored.next_due_at", record.next_due, next_due)


def _target(
    record: DecisionRecord, promises: Promises, target: str
) -> Iterator[_Compared]:
    place, stored = f"stored.{target}", record.stored.get(target, Stored())
    promised = promises.promised(target)
    response = owed(promised.response)
    yield _Compared(
        f"{place}.state",
        stored.state,
        response.state,
        _is_state(stored.state, promised, record),
        target,
    )
    yield _instants(f"{place}.due_at", stored.due, response.due, target)
    if not record.lacks(codes.AT_RISK_NOT_KEPT):
        yield _instants(
            f"{place}.at_risk_at",
            stored.at_risk_from,
            response.at_risk_from,
            target,
        )
    given = _given(target, record, promised)
    used = response.used if given and response.due else None
    # Nothing is stored of what came in time.
    late_by = None if used is None else response.late_by or None
    for name, kept, counted in (
        ("used_seconds", stored.used, used),
        ("late_seconds", stored.late_by, late_by),
    ):
        is_same = kept == counted
        if kept is not None and counted is not None:
            is_same = abs(kept - counted) < _NEAR
        yield _Compared(
            f"{place}.{name}",
            maybe_seconds(kept),
            maybe_seconds(counted),
            is_same,
            target,
        )


def _given(target: str, record: DecisionRecord, promised: Promised) -> bool:
    """Whether a site stores how long it took: of what was given, once."""
    if target == FIRST_ANSWER:
        return record.answered_at is not None
    return target == SOLUTION and bool(promised.run and promised.run.stopped_at)


def _is_state(stored: str, promised: Promised, record: DecisionRecord) -> bool:
    """Whether it is the state, or was until lately and only time has passed since, or
    may be: nobody knows from which share on it was at risk."""
    response, now = owed(promised.response), record.exported_at
    if stored == response.state:
        return True
    if record.lacks(codes.AT_RISK_NOT_KEPT) and {stored, response.state} == {
        DUE,
        AT_RISK,
    }:
        return True
    ended = {
        (DUE, AT_RISK): response.at_risk_from,
        (DUE, BREACHED): response.at_risk_from,
        (AT_RISK, BREACHED): response.due,
    }.get((stored, response.state))
    is_open = not (promised.run and promised.run.decided_at)
    return bool(ended and is_open and now - ended <= LAG)


def _timeline(record: DecisionRecord) -> Iterator[_Compared]:
    """That the timeline tells of what moved the clocks, and of nothing else."""
    moved = [(each.event.value, as_text(each.at)) for each in record.happenings]
    if record.answered_at:
        moved.append((Event.ANSWERED.value, as_text(record.answered_at)))
    told = [
        (each.code, as_text(each.at))
        for each in record.timeline
        if each.code in codes.CLOCK_CODES
    ]
    yield _same("timeline", sorted(told), sorted(moved))


# Comparing


def _same(
    place: str, stored: object, recounted: object, target: str | None = None
) -> _Compared:
    return _Compared(place, stored, recounted, stored == recounted, target)


def _instants(
    place: str,
    stored: datetime | None,
    recounted: datetime | None,
    target: str | None = None,
) -> _Compared:
    is_same = stored == recounted
    if stored and recounted:
        is_same = abs(stored - recounted) < _NEAR
    return _Compared(place, maybe_text(stored), maybe_text(recounted), is_same, target)


def _explained(record: DecisionRecord, promised: Promised) -> Explained:
    terms, priority = record.terms, record.priority or ""
    assert terms is not None  # noqa: S101  # asked of records with terms alone
    response, run = promised.response, promised.run
    if promised.target == FIRST_ANSWER:
        said: Sentence | None = explain_promise(
            terms, record.category or "", priority, response.due
        )
    else:
        said = explain_target(terms, priority, promised)
    passages: tuple[Passage, ...] = ()
    if run and response.target is not None:
        passages = explain_run(terms, run, response.target, now=record.exported_at)
    return Explained(promised.target, said, passages, terms.time_zone)
