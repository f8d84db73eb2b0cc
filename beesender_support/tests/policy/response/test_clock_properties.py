"""The clocks against the oracle, and against themselves, for stories nobody thought of."""

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from itertools import cycle, pairwise, takewhile

from hypothesis import assume, given
from hypothesis import strategies as st

from beesender_support.policy.calendar.holidays import Holiday
from beesender_support.policy.calendar.windows import (
    AROUND_THE_CLOCK,
    DAY,
    HOUR,
    Window,
)
from beesender_support.policy.response.clocks import (
    MESSAGES,
    ClockState,
    Event,
    Happening,
    changes_anything,
    runs_of,
    since,
    status_after,
)
from beesender_support.policy.response.deadline_explanation import explain_run
from beesender_support.policy.response.promises import assess_all
from beesender_support.policy.response.response_state import (
    BREACHED,
    WITHDRAWN,
    Response,
    measure,
)
from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sold.targets import (
    FIRST_ANSWER,
    FURTHER_TARGETS,
    SOLUTION,
    TARGETS,
)
from beesender_support.tests.policy.factories import (
    INCIDENT,
    NIGHTS,
    OFFICE_HOURS,
    make_plan,
    make_tier,
)
from beesender_support.tests.policy.response.oracle import (
    QUARTER,
    Judgement,
    Story,
)

WEEKS = [
    OFFICE_HOURS,
    AROUND_THE_CLOCK,
    NIGHTS,
    tuple(
        Window(day, *hours)
        for day in range(7)
        for hours in [(8 * HOUR, 12 * HOUR), (13 * HOUR, 17 * HOUR)]
    ),
    (Window(6, 12 * HOUR, 12 * HOUR + DAY), Window(2, 20 * HOUR, DAY)),
]
# Where the stories begin: near a change of the clocks, and where there is none.
PLACES = [
    ("Europe/Berlin", "2026-03-27T12:00"),
    ("Europe/Berlin", "2026-10-23T06:00"),
    ("America/St_Johns", "2026-03-06T12:30"),
    ("America/St_Johns", "2026-10-30T20:15"),
    ("GMT+10", "2026-11-20T04:00"),
    ("GMT+3", "2026-11-20T14:30"),
]
STATUSES = [
    Event.PAUSED,
    Event.RESUMED,
    Event.RESOLVED,
    Event.CLOSED,
    Event.REOPENED,
]
STANDING = (ClockState.PAUSED, ClockState.SET_ASIDE, ClockState.VOID)
EVENTS = [Event.ANSWERED, Event.CUSTOMER_WROTE, *STATUSES]
# What may follow in a helpdesk where everything is in order.
FOLLOWING = {
    None: [*EVENTS[:4], Event.CLOSED],
    Event.PAUSED: [Event.RESUMED, Event.RESUMED, Event.RESOLVED, Event.CLOSED],
    Event.RESUMED: [Event.PAUSED, Event.RESOLVED, Event.CLOSED],
    Event.RESOLVED: [Event.REOPENED],
    Event.CLOSED: [Event.REOPENED, Event.RESOLVED],
    Event.REOPENED: [Event.PAUSED, Event.RESOLVED],
}


@st.composite
def nonsense(draw):
    """Anything at any time, also before the start, at one instant, and twice."""
    tick = st.integers(-6, 500)
    return draw(st.lists(st.tuples(tick, st.sampled_from(EVENTS)), max_size=10))


@st.composite
def courses(draw):
    """What happens to a request in a helpdesk, one after the other."""
    happened, tick, status = [], draw(st.integers(0, 20)), None
    for _ in range(draw(st.integers(0, 14))):
        event = draw(st.sampled_from([*EVENTS[:2], *FOLLOWING[status]]))
        happened.append((tick, event))
        status = status if event in EVENTS[:2] else event
        tick += draw(st.integers(0, 8) | st.integers(0, 60))
    return happened


@st.composite
def terms_and_lengths(draw):
    zone, near = draw(st.sampled_from(PLACES))
    start = datetime.fromisoformat(near).replace(tzinfo=timezone.utc)
    start += draw(st.integers(0, 100)) * QUARTER
    holidays = draw(
        st.sets(
            st.builds(
                lambda days, part: Holiday(
                    (start + timedelta(days=days)).date(), "Feast", *part
                ),
                st.integers(0, 6),
                st.sampled_from([(), (9 * HOUR, 12 * HOUR), (15 * HOUR, DAY)]),
            ),
            max_size=2,
        )
    )
    lengths = {target: draw(st.integers(1, 16)) * 4 for target in TARGETS}
    first, *further = (
        {"P1": lengths[target] * QUARTER, "P2": 4 * QUARTER} for target in TARGETS
    )
    tier = make_tier(
        windows=draw(st.sampled_from(WEEKS)),
        response_targets=first,
        further_targets=dict(zip(FURTHER_TARGETS, further, strict=True)),
    )
    plan = make_plan(tier, time_zone=zone, holidays=tuple(holidays))
    return Terms.of(plan, INCIDENT, start), lengths


@st.composite
def cases(draw):
    """Terms, the length of each target in ticks, and a story under them."""
    terms, lengths = draw(terms_and_lengths())
    happened = draw(st.one_of(courses(), courses(), nonsense()))
    first = [each for each in happened if each[1] is Event.ANSWERED and each[0] >= 0]
    if first:
        # The first answer is not part of the log: it comes first at its instant.
        earliest = min(first)
        happened.remove(earliest)
        happened.insert(0, earliest)
    latest = max((tick for tick, _event in happened), default=0)
    now = max(latest, 0) + draw(st.integers(0, 200))
    return terms, lengths, Story(terms.calendar, terms.started_at, tuple(happened), now)


def happenings_in(story: Story) -> list[Happening]:
    return [Happening(event, story.instant(tick)) for tick, event in story.happened]


def promises_in(terms: Terms, story: Story, now: int | None = None):
    """All promises as the policy sees them: the first answer and the closing apart."""
    happenings = happenings_in(story)
    answers = [
        each.at
        for each in happenings
        if each.event is Event.ANSWERED and each.at >= terms.started_at
    ]
    (first,) = story.promises(FIRST_ANSWER)
    if answers:
        happenings.pop(0)
    return assess_all(
        terms,
        "P1",
        responded_at=min(answers, default=None),
        closed_at=None if first.closed is None else story.instant(first.closed),
        happenings=happenings,
        now=story.instant(story.now if now is None else now),
    )


def in_ticks(story: Story, response: Response) -> Judgement:
    return Judgement(
        response.state,
        (response.due - story.start) / QUARTER,
        response.used / QUARTER,
        response.late_by / QUARTER,
        (response.at_risk_from - story.start) / QUARTER,
        None if response.overdue is None else response.overdue / QUARTER,
    )


@given(case=cases())
def test_every_promise_stands_as_the_oracle_sees_it(case):
    terms, lengths, story = case
    promises = promises_in(terms, story)
    for target in TARGETS:
        found = [
            in_ticks(story, each.response)
            for each in (*promises.earlier, *promises.each())
            if each.target == target
        ]
        assert found == story.judgements(target, lengths[target]), target


# Invariants


def all_promises(terms: Terms, story: Story, now: int | None = None):
    promises = promises_in(terms, story, now)
    return [*promises.earlier, *promises.each()]


def solution_in(terms: Terms, story: Story, **changed) -> Response:
    return promises_in(terms, replace(story, **changed)).of(SOLUTION)


@st.composite
def pauses(draw):
    """Terms, a story in which nothing happens, and two ticks of it."""
    terms, lengths = draw(terms_and_lengths())
    first, last = sorted(draw(st.sets(st.integers(0, 400), min_size=2, max_size=2)))
    now = last + draw(st.integers(0, 200))
    story = Story(terms.calendar, terms.started_at, (), now)
    return terms, lengths, story, first, last


def paused(*ticks: int) -> tuple[tuple[int, Event], ...]:
    """A request paused at the first tick, resumed at the second and so on."""
    return tuple(zip(ticks, cycle((Event.PAUSED, Event.RESUMED)), strict=False))


@given(case=pauses())
def test_pausing_outside_support_hours_changes_nothing(case):
    terms, _lengths, story, first, last = case
    closed = takewhile(lambda tick: not story.is_open(tick), range(first, last))
    last = first + len(list(closed))
    plain = solution_in(terms, story)
    # Where the deadline is the closing at which the pause begins, it is in time while
    # paused, and late when it goes on.
    assume(last > first and story.instant(first) != plain.due)
    found = solution_in(terms, story, happened=paused(first, last))
    assert replace(found, overdue=None) == replace(plain, overdue=None)


@given(case=pauses(), data=st.data())
def test_a_pause_in_two_is_one_pause(case, data):
    terms, _lengths, story, first, last = case
    between = data.draw(st.integers(first, last))
    whole = solution_in(terms, story, happened=paused(first, last))
    halves = solution_in(terms, story, happened=paused(first, between, between, last))
    assert halves == whole


@given(case=pauses())
def test_a_pause_moves_the_deadline_by_the_support_time_in_it(case):
    terms, lengths, story, first, last = case
    plain = solution_in(terms, story)
    assume(story.instant(first) < plain.due)
    found = solution_in(terms, story, happened=paused(first, last))
    length = lengths[SOLUTION] * QUARTER
    standing = terms.calendar.between(story.instant(first), story.instant(last))
    assert found.due == terms.calendar.add(terms.started_at, length + standing)
    assert found.used <= plain.used


@given(case=cases(), data=st.data())
def test_what_has_elapsed_is_never_given_back_and_late_stays_late(case, data):
    terms, _lengths, story = case
    earlier = data.draw(st.integers(0, story.now))
    before = all_promises(
        terms,
        replace(
            story,
            happened=tuple(each for each in story.happened if each[0] <= earlier),
            now=earlier,
        ),
    )
    after = all_promises(terms, story)
    for target in TARGETS:
        then, now = (
            [each.response for each in promises if each.target == target]
            for promises in (before, after)
        )
        assert len(now) >= len(then)
        for was, is_now in zip(then, now, strict=False):
            assert is_now.used >= was.used
            if was.state == BREACHED:
                assert is_now.state in (BREACHED, WITHDRAWN)
                assert is_now.state == BREACHED or target == SOLUTION


@given(case=cases(), data=st.data())
def test_another_priority_keeps_what_has_elapsed(case, data):
    terms, _lengths, story = case
    assume(
        not any(event in (Event.RESOLVED, Event.CLOSED) for _, event in story.happened)
    )
    calendar = terms.calendar
    now = story.instant(story.now)
    for target in TARGETS:
        for run in runs_of(target, since(terms.started_at, happenings_in(story))):
            one, other = (
                measure(calendar, hours * 4 * QUARTER, run, now=now) for hours in (1, 9)
            )
            assert one.used == other.used
            assert one.due < other.due


@given(case=cases())
def test_what_is_not_worth_storing_changes_no_clock_later(case):
    terms, _lengths, story = case
    happened = since(terms.started_at, happenings_in(story))
    log = happened[:1]
    for happening in happened[1:]:
        if changes_anything(log, happening):
            log.append(happening)
    for target in TARGETS:
        assert runs_of(target, log) == runs_of(target, happened)
    assert status_after(log) == status_after(
        each for each in happened if each in log or each.event in MESSAGES
    )
    stored = [
        Happening.from_list(json.loads(json.dumps(each.as_list()))) for each in log
    ]
    assert stored == log


@given(case=cases(), data=st.data())
def test_what_changes_nothing_may_be_left_out_wherever_it_stands(case, data):
    terms, _lengths, story = case
    happened = since(terms.started_at, happenings_in(story))
    place = data.draw(st.integers(1, len(happened)))
    event = data.draw(st.sampled_from(EVENTS))
    added = Happening(event, happened[place - 1].at)
    assume(not changes_anything(happened[:place], added))
    longer = [*happened[:place], added, *happened[place:]]
    for target in TARGETS:
        assert runs_of(target, longer) == runs_of(target, happened)


@given(case=cases(), data=st.data())
def test_the_order_in_which_happenings_come_to_light_does_not_matter(case, data):
    terms, _lengths, story = case
    happenings = happenings_in(story)
    assume(len({each.at for each in happenings}) == len(happenings))
    shuffled = data.draw(st.permutations(happenings))
    assert since(terms.started_at, shuffled) == since(terms.started_at, happenings)


@given(case=cases())
def test_an_explanation_tells_all_time_once_and_counts_the_length(case):
    terms, lengths, story = case
    now = story.instant(story.now)
    for each in all_promises(terms, story):
        length = lengths[each.target] * QUARTER
        passages = explain_run(terms, each.run, length, now=now)
        if not passages:
            # Paused, set aside or closed at the instant at which it began.
            assert each.run.state in STANDING
            continue
        assert passages[0].start == each.run.started_at
        assert all(one.end == other.start for one, other in pairwise(passages))
        counted = sum((passage.worked for passage in passages), timedelta())
        if each.run.state not in STANDING:
            assert passages[-1].end == each.response.due
            assert counted == length
        else:
            assert counted == min(each.response.used, length)
