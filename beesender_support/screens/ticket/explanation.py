"""Why the deadlines of a ticket are when they are, line by line.

Instants are given in UTC, as ISO text: the browser shows them in the reader's zone.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone
from itertools import accumulate, pairwise
from typing import Literal, NamedTuple, TypedDict

from frappe import _
from frappe.model.document import Document
from helpdesk.utils import is_agent

from beesender_support.policy.calendar.calendar import (
    BREAK,
    COUNTED,
    HOLIDAY,
    NIGHT,
    WEEKEND,
    Calendar,
)
from beesender_support.policy.requests.priorities import settle_priority
from beesender_support.policy.response.clocks import (
    OVER,
    STATUS_OF,
    Happening,
    Run,
    Stretch,
    since,
)
from beesender_support.policy.response.deadline_explanation import (
    Closure,
    Passage,
    explain_run,
)
from beesender_support.policy.response.promises import Promised, Promises
from beesender_support.policy.response.response_state import PAUSED, WITHDRAWN
from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sentences import marked
from beesender_support.policy.sold.exceptions import HOURS_CODE, code_of_target
from beesender_support.policy.sold.targets import (
    FIRST_ANSWER,
    NEXT_ANSWER,
    SOLUTION,
    TARGETS,
)
from beesender_support.records.site_time import iso_text, now, to_instant
from beesender_support.records.sold import catalogue
from beesender_support.records.tickets import admission_log, promise
from beesender_support.screens.ticket import deadline, promise_in_words
from beesender_support.wording.names import TARGET_NAMES
from beesender_support.wording.renderer import fill, in_words, reader

# A mail is registered within the minute in which its clock starts.
AT_ONCE = timedelta(minutes=1)

Kind = Literal[
    "received",
    "started",
    "counted",
    "closed",
    "paused",
    "due",
    "answered",
    "ended",
    "changed",
]


class Line(TypedDict):
    """What happened at an instant, or, of support time counted or not, ``until`` one."""

    kind: Kind
    at: str
    until: str | None
    words: str


class ExplainedTarget(TypedDict):
    """How one target ran: ``title`` names it."""

    target: str
    title: str
    lines: list[Line]


class Explanation(deadline.Glance):
    """``lines`` are those of the first answer, ``explained`` those of every target."""

    lines: list[Line]
    explained: list[ExplainedTarget]


class _Words(NamedTuple):
    """What the lines of a target say of its events."""

    started: str
    due: str
    settled: str


_ANSWER = _Words(
    started=marked("The clock started"),
    due=marked("The answer is due"),
    settled=marked("Support answered"),
)
_WORDS = {
    FIRST_ANSWER: _ANSWER,
    NEXT_ANSWER: _ANSWER._replace(started=marked("The customer wrote again")),
    SOLUTION: _Words(
        started=marked("The clock started"),
        due=marked("The solution is due"),
        settled=marked("The request was solved"),
    ),
}


def explain(doc: Document) -> Explanation | None:
    """The promises at a glance, and line by line how their time ran; None for a ticket
    outside the policy."""
    if not doc.beesender_admission:
        return None
    promises, terms = deadline.promises_of(doc), promise.terms_of(doc)
    explained = list(_explained(doc, terms, promises)) if terms else []
    of_first = [each["lines"] for each in explained if each["target"] == FIRST_ANSWER]
    return {
        **deadline.glance_at(doc, promises),
        "lines": of_first[0] if of_first else [_received(doc)],
        "explained": explained,
    }


def _explained(
    doc: Document, terms: Terms, promises: Promises
) -> Iterator[ExplainedTarget]:
    for target in TARGETS:
        last = [each for each in promises.each() if each.target == target]
        earlier = [
            each
            for each in promises.earlier
            if each.target == target and each.response.due
        ]
        if last or earlier:
            lines = [line for each in earlier for line in _earlier(doc, each)]
            for each in last:
                lines += _lines(doc, terms, each)
            if target == FIRST_ANSWER:
                lines += _changes(doc)
            yield {
                "target": target,
                "title": _(TARGET_NAMES[target]),
                # Stable: events at one instant stay in this order.
                "lines": sorted(lines, key=lambda line: line["at"]),
            }


def _earlier(doc: Document, promised: Promised) -> Iterable[Line]:
    """What became of an earlier message, in one line."""
    run = promised.run
    if run is None:
        return
    how = promise_in_words.label_of(promised, doc)
    if run.stopped_at:
        words = _("The customer wrote, and support answered. {0}").format(how)
        yield _line("answered", run.started_at, words, until=run.stopped_at)
    else:
        words = _("The customer wrote, and the request was closed. {0}").format(how)
        yield _line("ended", run.started_at, words, until=run.decided_at)


def _lines(doc: Document, terms: Terms, promised: Promised) -> Iterable[Line]:
    response, run = promised.response, promised.run
    if run is None or response.target is None:
        return
    words = _WORDS[promised.target]
    if promised.target == NEXT_ANSWER:
        yield _line("received", run.started_at, _(words.started))
    else:
        yield _received(doc)
        if abs(terms.started_at - promise.registered_at(doc)) > AT_ONCE:
            yield _line("started", terms.started_at, _(words.started))
    yield from _agreed(doc, terms, promised, run)
    passages = explain_run(terms, run, response.target, now=now())
    yield from _passages_in_words(
        passages, response.target, _Pauses.of(doc, terms, run)
    )
    if due := promised.due:
        yield _line("due", due, _(words.due))
    if run.stopped_at:
        yield _line("answered", run.stopped_at, _(words.settled))
    closed_at = promise.closed_at(doc)
    if response.state == WITHDRAWN and closed_at:
        yield _line("ended", closed_at, promise_in_words.label_of(promised, doc))


def _agreed(
    doc: Document, terms: Terms, promised: Promised, run: Run
) -> Iterable[Line]:
    """What of this promise is an exception of the plan, and not what its tier says."""
    sold = terms.when_settled(run.decided_at)
    priority = doc.beesender_priority or ""
    if promised.target == FIRST_ANSWER:
        sold = terms.at_first_answer
        priority = sold.settled_priority or priority
    if code_of_target(promised.target, priority) in sold.excepted:
        words = fill(
            _("{0} of support time for {1} is an exception of this plan"),
            promised.response.target,
            priority,
        )
        yield _line("changed", run.started_at, words)
    if HOURS_CODE in sold.excepted:
        words = _("The support hours are an exception of this plan")
        yield _line("changed", run.started_at, words)


def _changes(doc: Document) -> Iterable[Line]:
    """Other categories and priorities that agents gave, and why.

    Before clients were told anything, agents wrote their reasons for the log.
    """
    is_for_reader = bool(doc.beesender_tells_client) or is_agent()
    for change in reversed(admission_log.changes_of_promise(doc.name)):
        if change.event != admission_log.CORRECTED:
            continue
        at = to_instant(change.at)
        if change.asked:
            category = catalogue.category_for(change.before.get("category"))
            settled = category and settle_priority(category, change.asked)
            if settled and settled.correction:
                yield _line("changed", at, in_words(settled.correction))
            continue
        was, became = _chosen(change.before), _chosen(change.after)
        if change.details and is_for_reader:
            words = fill(
                _("Support changed {0} to {1}: {2}"), was, became, change.details
            )
        else:
            words = fill(_("Support changed {0} to {1}"), was, became)
        yield _line("changed", at, words)


def _chosen(chosen: dict[str, str | None]) -> str:
    category, priority = chosen.get("category"), chosen.get("priority")
    return " ".join(filter(None, (priority, category and _(category))))


def _received(doc: Document) -> Line:
    at = promise.registered_at(doc)
    return _line("received", at, _("The request was received"))


class _Pauses(NamedTuple):
    """Why the clock of a promise stood: in the stretches ``closed`` the request was
    closed, else support waited. ``calendar`` counts what passed."""

    calendar: Calendar
    closed: tuple[Stretch, ...]

    @classmethod
    def of(cls, doc: Document, terms: Terms, run: Run) -> "_Pauses":
        happened = since(terms.started_at, promise.happenings_of(doc))
        calendar = terms.when_settled(run.decided_at).calendar
        return cls(calendar, tuple(_when_closed(happened)))

    def by_reason(self, passage: Passage) -> Iterator[Passage]:
        """``passage`` in pieces, where support waited in part of it only."""
        start, end = passage.start, passage.end
        if self._closed_in(passage) in (
            timedelta(),
            self.calendar.between(start, end),
        ):
            yield passage
            return
        bounds = {at for stretch in self.closed for at in stretch if at}
        inner = {at for at in bounds if start < at < end}
        for piece in pairwise(sorted({start, end} | inner)):
            yield Passage(*piece, closed=self._closures(*piece))

    def in_words(self, passage: Passage) -> str:
        passed = self.calendar.between(passage.start, passage.end)
        template = (
            _("The request was closed: {0} of support time not counted")
            if self._closed_in(passage)
            else _("Paused while support waited: {0} of support time not counted")
        )
        return template.format(reader().support_time(passed))

    def _closed_in(self, passage: Passage) -> timedelta:
        """The support time of ``passage`` in which the request was closed."""
        closed = timedelta()
        for start, end in self.closed:
            first = max(start, passage.start)
            last = min(end, passage.end) if end else passage.end
            if first < last:
                closed += self.calendar.between(first, last)
        return closed

    def _closures(self, start: datetime, end: datetime) -> tuple[Closure, ...]:
        closures = (
            (PAUSED if span.reason == COUNTED else span.reason, span.description)
            for span in self.calendar.spans(start, end)
        )
        return tuple(dict.fromkeys(closures))


def _when_closed(happened: Iterable[Happening]) -> Iterator[Stretch]:
    closed_at = None
    for each in happened:
        status = STATUS_OF.get(each.event)
        if status == OVER:
            closed_at = closed_at or each.at
        elif status and closed_at:
            yield closed_at, each.at
            closed_at = None
    if closed_at:
        yield closed_at, None


def _passages_in_words(
    passages: tuple[Passage, ...], target: timedelta, pauses: _Pauses
) -> Iterable[Line]:
    totals = accumulate(passage.worked for passage in passages)
    for passage, used in zip(passages, totals, strict=True):
        if passage.worked:
            yield _passage("counted", passage, _counted(passage, used, target))
            continue
        pieces = pauses.by_reason(passage) if _is_paused(passage) else (passage,)
        for piece in pieces:
            if _is_paused(piece):
                yield _passage("paused", piece, _paused(piece, pauses))
            else:
                yield _passage("closed", piece, _closed(piece.closed))


def _passage(kind: Kind, passage: Passage, words: str) -> Line:
    return _line(kind, passage.start, words, until=passage.end)


def _is_paused(passage: Passage) -> bool:
    return any(reason == PAUSED for reason, _description in passage.closed)


def _counted(passage: Passage, used: timedelta, target: timedelta) -> str:
    words = _counted_in_words(passage, used, target)
    if not passage.working_days:
        return words
    named = reader().listed(
        [_("working day {0}").format(name).strip() for name in passage.working_days]
    )
    return f"{words} ({named})"


def _counted_in_words(passage: Passage, used: timedelta, target: timedelta) -> str:
    context = {
        "worked": reader().support_time(passage.worked),
        "used": reader().support_time(used),
        "target": reader().support_time(target),
        "days": passage.days,
        "closed": _reasons(passage.closed),
    }
    if passage.days == 1:
        return _("{worked} of support time: {used} of {target}").format(**context)
    return _(
        "{worked} of support time on {days} days: {used} of {target}."
        " Not counted in between: {closed}"
    ).format(**context)


def _paused(passage: Passage, pauses: _Pauses) -> str:
    words = pauses.in_words(passage)
    others = tuple(each for each in passage.closed if each[0] != PAUSED)
    return f"{words}. {_closed(others)}" if others else words


def _closed(closed: tuple[Closure, ...]) -> str:
    return _("Not counted: {0}").format(_reasons(closed))


def _reasons(closed: tuple[Closure, ...]) -> str:
    names = {
        NIGHT: _("night"),
        BREAK: _("break"),
        WEEKEND: _("weekend"),
        PAUSED: _("pause"),
    }
    return reader().listed(
        [
            (
                _("holiday {0}").format(description).strip()
                if reason == HOLIDAY
                else names[reason]
            )
            for reason, description in closed
        ]
    )


def _line(kind: Kind, at: datetime, words: str, until: datetime | None = None) -> Line:
    in_utc = at.astimezone(timezone.utc)
    return {
        "kind": kind,
        "at": in_utc.isoformat(),
        "until": iso_text(until),
        "words": words,
    }
