"""Why a deadline is when it is: what was counted and what was skipped, in a few lines."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo
from itertools import groupby
from typing import NamedTuple

from beesender_support.policy.calendar.calendar import COUNTED, Calendar, Span
from beesender_support.policy.response.clocks import ClockState, Run, single_run
from beesender_support.policy.response.promises import Promised, Promises
from beesender_support.policy.response.response_state import (
    NONE,
    PAUSED,
    WITHDRAWN,
    reached,
)
from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sentences import Name, Sentence, TierName
from beesender_support.policy.sentences import marked as _
from beesender_support.policy.sold.targets import (
    FURTHER_TARGETS,
    NEXT_ANSWER,
    SOLUTION,
)


def state_promise(terms: Terms, priority: str) -> Sentence:
    """What was promised, without the deadline that came of it."""
    return Sentence(
        _(
            "{tier} answers {priority} within {target} of support time ({windows}, {time_zone})."
        ),
        _promised(terms, priority),
    )


def explain_promise(
    terms: Terms, category: str, priority: str, due: datetime | None
) -> Sentence:
    """One sentence: what was promised and when it falls due, in the plan's zone.

    ``category`` is its name.
    """
    if due is None:
        return no_promise_for(category)
    terms = terms.at_first_answer
    return Sentence(
        _(
            "{tier} answers {priority} within {target} of support time"
            " ({windows}, {time_zone}): by {due}."
        ),
        {**_promised(terms, priority), "due": due.astimezone(terms.calendar.zone)},
    )


def _promised(terms: Terms, priority: str) -> dict[str, object]:
    terms = terms.at_first_answer
    priority = terms.settled_priority or priority
    return {
        "tier": TierName(terms.tier),
        "priority": priority,
        "target": terms.response_targets[priority],
        "windows": terms.calendar.support_hours,
        "time_zone": terms.time_zone,
    }


def no_promise_for(category: str) -> Sentence:
    """That nothing is promised, of a request in the category with that name."""
    return Sentence(
        _("No response time is promised for {category}."), {"category": Name(category)}
    )


class _Wording(NamedTuple):
    """How a further target is stated: as such, with the deadline of one request, with
    one that pauses have moved, and while it is paused."""

    promised: str
    due: str
    moved: str
    paused: str


_ANSWERED_NEXT_BY = _(
    "{tier} answers a further message about {priority} within {target} of support time: by {due}."
)
_WORDING = {
    NEXT_ANSWER: _Wording(
        promised=_(
            "{tier} answers each further message about {priority} within {target} of support time."
        ),
        due=_ANSWERED_NEXT_BY,
        # It does not pause: what was closed and asked again says no more than that.
        moved=_ANSWERED_NEXT_BY,
        paused=_ANSWERED_NEXT_BY,
    ),
    SOLUTION: _Wording(
        promised=_("{tier} solves {priority} within {target} of support time."),
        due=_("{tier} solves {priority} within {target} of support time: by {due}."),
        moved=_(
            "{tier} solves {priority} within {target} of support time, not counting"
            " {paused} in which it was paused: by {due}."
        ),
        paused=_(
            "{tier} solves {priority} within {target} of support time. Paused since"
            " {since}: {left} is left."
        ),
    ),
}


def state_promised(terms: Terms, priority: str, promised: Promised) -> Sentence:
    """What is promised of one target, without the deadline that came of it; ``promised``
    has one."""
    if promised.target not in _WORDING:
        return state_promise(terms, priority)
    run = promised.run
    settled_by = run and run.priority
    return Sentence(
        _WORDING[promised.target].promised,
        {
            "tier": TierName(terms.when_settled(run.decided_at if run else None).tier),
            "priority": settled_by or priority,
            "target": promised.response.target,
        },
    )


def explain_further(
    terms: Terms, priority: str, promises: Promises
) -> tuple[Sentence, ...]:
    """A sentence for each promised target besides the first answer.

    They stand behind that of ``explain_promise``, which names hours and zone.
    """
    if not terms.ever_promised_more:
        return ()
    said = (
        explain_target(terms, priority, each)
        for each in map(promises.promised, FURTHER_TARGETS)
    )
    return tuple(filter(None, said))


def explain_target(terms: Terms, priority: str, promised: Promised) -> Sentence | None:
    """What is promised of one further target, and by when; None where nothing is.

    Instants are in the plan's zone. Without a clock that runs, such as before the next
    message, it says what is promised in general.
    """
    response, run = promised.response, promised.run
    terms = terms.when_settled(run.decided_at) if run else terms
    settled_by = run.priority if run and run.priority else priority
    is_promised = run.is_promised if run else None
    target = terms.length_of(promised.target, settled_by, is_promised)
    if target is None:
        return None
    wording, zone = _WORDING[promised.target], terms.calendar.zone
    values: dict[str, object] = {
        "tier": TierName(terms.tier),
        "priority": settled_by,
        "target": target,
    }
    if run is None or response.due is None or response.state in (NONE, WITHDRAWN):
        return Sentence(wording.promised, values)
    if response.state == PAUSED:
        values["since"] = run.gaps[-1][0].astimezone(zone)
        values["left"] = target - (response.used or timedelta())
        return Sentence(wording.paused, values)
    values["due"] = response.due.astimezone(zone)
    if paused := support_time_paused(terms.calendar, run, response.due):
        return Sentence(wording.moved, {**values, "paused": paused})
    return Sentence(wording.due, values)


def support_time_paused(calendar: Calendar, run: Run, due: datetime) -> timedelta:
    """The support time by which pauses moved the deadline to ``due``."""
    passed = (
        calendar.between(start, end) for start, end in run.gaps if end and start < due
    )
    return sum(passed, timedelta())


# From so many days on, days with the same hours become one line.
LIKE_DAYS = 3

Closure = tuple[str, str]


class Passage(NamedTuple):
    """A stretch of time that is one line of an explanation: ``[start, end)``, in UTC.

    ``worked`` is the support time counted in it, zero where support is closed. ``days``
    is the number of days with like hours it stands for. ``closed`` says why some or all
    of it does not count: each reason once, with the name of a holiday. ``working_days``
    are the names of those without which some of it would not count.
    """

    start: datetime
    end: datetime
    worked: timedelta = timedelta()
    days: int = 1
    closed: tuple[Closure, ...] = ()
    working_days: tuple[str, ...] = ()


class _Day(NamedTuple):
    """A local date on which support time counts; ``first`` and ``last`` are positions."""

    first: int
    last: int
    hours: tuple[str, ...]


def explain_deadline(terms: Terms, target: timedelta) -> tuple[Passage, ...]:
    """How ``target`` runs out, from the start of the clock to the deadline."""
    terms = terms.at_first_answer
    run = single_run(terms.started_at)
    return explain_run(terms, run, target, now=terms.started_at)


def explain_run(
    terms: Terms, run: Run, length: timedelta, *, now: datetime
) -> tuple[Passage, ...]:
    """How ``length`` runs out in ``run``, from its start to the deadline.

    Support time in which the clock stood is closed, and PAUSED is why; what would not
    have counted anyway keeps its own reason. What was settled before is told as if it
    had run on. While a clock is paused its deadline moves on, so all is told to ``now``;
    where nothing is owed any more, to when the clock stopped.
    """
    calendar = terms.when_settled(run.decided_at).calendar
    return summarize(spans_of_run(calendar, run, length, now=now), calendar.zone)


def spans_of_run(
    calendar: Calendar, run: Run, length: timedelta, *, now: datetime
) -> list[Span]:
    """As ``explain_run``, span by span."""
    end = _explained_until(run, reached(calendar, run, length), now)
    return [
        (span if is_counted or span.reason != COUNTED else span._replace(reason=PAUSED))
        for start, stop, is_counted in _stretches(run, end)
        for span in calendar.spans(start, stop)
    ]


def _explained_until(run: Run, due: datetime, now: datetime) -> datetime:
    stopped = run.counted[-1][1]
    if stopped is None or due < stopped or run.state is ClockState.SETTLED:
        return due
    return max(stopped, now) if run.state is ClockState.PAUSED else stopped


def _stretches(run: Run, end: datetime) -> Iterator[tuple[datetime, datetime, bool]]:
    """The stretches of ``run`` before ``end``, and whether its clock ran in each."""
    start = run.started_at
    for gap_start, gap_end in run.gaps:
        if gap_start >= end:
            break
        yield start, gap_start, True
        start = min(gap_end or end, end)
        yield gap_start, start, False
    yield start, end, True


def summarize(spans: Iterable[Span], zone: tzinfo) -> tuple[Passage, ...]:
    """Adjacent spans without a gap, summarized: closed time as one passage, and runs of
    ``LIKE_DAYS`` or more days with the same hours in ``zone`` as one."""
    return _fold_like_days(_passages(spans), zone)


def _passages(spans: Iterable[Span]) -> list[Passage]:
    passages: list[Passage] = []
    for is_counted, group in groupby(spans, lambda span: span.reason == COUNTED):
        pieces = list(group)
        if is_counted:
            passages += map(_worked, pieces)
        else:
            closed = ((piece.reason, piece.description) for piece in pieces)
            passages.append(
                Passage(pieces[0].start, pieces[-1].end, closed=_each_once(closed))
            )
    return passages


def _worked(span: Span) -> Passage:
    working_days = (span.description,) if span.is_worked else ()
    return Passage(
        span.start, span.end, span.end - span.start, working_days=working_days
    )


def _fold_like_days(passages: Sequence[Passage], zone: tzinfo) -> tuple[Passage, ...]:
    folded: list[Passage] = []
    done = 0
    for _hours, group in groupby(_days(passages, zone), lambda day: day.hours):
        run = list(group)
        if len(run) >= LIKE_DAYS:
            first, behind = run[0].first, run[-1].last + 1
            folded += passages[done:first]
            folded.append(_joined(passages[first:behind], len(run)))
            done = behind
    return (*folded, *passages[done:])


def _days(passages: Sequence[Passage], zone: tzinfo) -> list[_Day]:
    """The days that count, by the local date on which each piece of them starts."""

    def date_of(position: int) -> date:
        return passages[position].start.astimezone(zone).date()

    def hours_of(position: int) -> str:
        start, end, *_rest = passages[position]
        return f"{start.astimezone(zone):%H:%M:%S}-{end.astimezone(zone):%H:%M:%S}"

    counted = [position for position, passage in enumerate(passages) if passage.worked]
    days = [list(group) for _date, group in groupby(counted, date_of)]
    return [_Day(day[0], day[-1], tuple(map(hours_of, day))) for day in days]


def _joined(passages: Sequence[Passage], days: int) -> Passage:
    return Passage(
        passages[0].start,
        passages[-1].end,
        sum((each.worked for each in passages), timedelta()),
        days,
        _each_once(closure for each in passages for closure in each.closed),
        tuple(dict.fromkeys(name for each in passages for name in each.working_days)),
    )


def _each_once(closures: Iterable[Closure]) -> tuple[Closure, ...]:
    return tuple(dict.fromkeys(closures))
