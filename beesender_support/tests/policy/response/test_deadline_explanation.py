"""Why a deadline is when it is, told in few lines."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beesender_support.policy.calendar.holidays import Holiday
from beesender_support.policy.calendar.windows import HOUR, Window
from beesender_support.policy.response.clocks import (
    Event,
    Happening,
    Run,
    runs_of,
    since,
    single_run,
)
from beesender_support.policy.response.deadline_explanation import (
    LIKE_DAYS,
    explain_deadline,
    explain_further,
    explain_promise,
    explain_run,
    state_promise,
    state_promised,
)
from beesender_support.policy.response.promises import assess_all
from beesender_support.policy.sold.targets import NEXT_ANSWER, SOLUTION
from beesender_support.tests.policy.factories import (
    ENHANCEMENT,
    FRIDAY_EVENING,
    INCIDENT,
    MONDAY_DUE,
    NOON,
    at,
    hours,
    make_terms,
    make_tier,
    stand,
)

HOURS = [timedelta(hours=hours) for hours in range(100)]


def lines(terms, hours: float) -> list[str]:
    return lines_of(explain_deadline(terms, timedelta(hours=hours)), terms)


def lines_of(passages, terms) -> list[str]:
    """Each passage as ``start - end: what``, in the plan's zone."""
    zone = terms.calendar.zone
    return [
        f"{each.start.astimezone(zone):%a %H:%M} - {each.end.astimezone(zone):%a %H:%M}: "
        + (
            f"{each.worked / HOURS[1]:g} h on {each.days}"
            if each.worked
            else " ".join(" ".join(closure).strip() for closure in each.closed)
        )
        for each in passages
    ]


def test_a_weekend_between_two_days_is_one_line():
    assert lines(make_terms(FRIDAY_EVENING), 4) == [
        "Fri 17:30 - Fri 18:00: 0.5 h on 1",
        "Fri 18:00 - Mon 09:00: night weekend",
        "Mon 09:00 - Mon 12:30: 3.5 h on 1",
    ]


def test_a_request_at_night_starts_with_what_does_not_count():
    assert lines(make_terms("2026-11-21T03:15:00+03:00"), 4) == [
        "Sat 03:15 - Mon 09:00: weekend night",
        "Mon 09:00 - Mon 13:00: 4 h on 1",
    ]


def test_support_around_the_clock_is_one_line():
    terms = make_terms("2026-11-21T23:30:00+03:00", "Premium")
    assert lines(terms, 2) == ["Sat 23:30 - Sun 01:30: 2 h on 1"]


def test_a_holiday_is_named():
    holiday = Holiday(date(2026, 11, 23), "Founders' day")
    assert lines(make_terms(FRIDAY_EVENING, holidays=(holiday,)), 4)[1] == (
        "Fri 18:00 - Tue 09:00: night weekend holiday Founders' day"
    )


def test_days_with_like_hours_are_one_line_that_names_all_that_was_skipped():
    holiday = Holiday(date(2026, 11, 25), "Founders' day")
    terms = make_terms(FRIDAY_EVENING, holidays=(holiday,))
    assert lines(terms, 40) == [
        "Fri 17:30 - Fri 18:00: 0.5 h on 1",
        "Fri 18:00 - Mon 09:00: night weekend",
        "Mon 09:00 - Fri 18:00: 36 h on 4",
        "Fri 18:00 - Mon 09:00: night weekend",
        "Mon 09:00 - Mon 12:30: 3.5 h on 1",
    ]
    folded = explain_deadline(terms, HOURS[40])[2]
    assert folded.closed == (("night", ""), ("holiday", "Founders' day"))


def test_two_days_alike_are_still_told_one_by_one():
    terms = make_terms("2026-11-23T09:00:00+03:00")
    assert LIKE_DAYS == 3
    assert len(explain_deadline(terms, HOURS[18])) == 3
    assert len(explain_deadline(terms, HOURS[27])) == 1


def test_days_alike_after_a_night_are_one_line():
    assert lines(make_terms("2026-11-23T03:00:00+03:00"), 27) == [
        "Mon 03:00 - Mon 09:00: night",
        "Mon 09:00 - Wed 18:00: 27 h on 3",
    ]


def test_a_break_every_day_does_not_keep_days_from_being_alike():
    windows = tuple(
        Window(day, start * HOUR, end * HOUR)
        for day in range(5)
        for start, end in ((9, 13), (14, 18))
    )
    terms = make_terms("2026-11-23T09:00:00+03:00", make_tier("Basic", windows=windows))
    (only,) = explain_deadline(terms, HOURS[32])
    assert (only.days, only.worked) == (4, HOURS[32])
    assert only.closed == (("break", ""), ("night", ""))


def test_nights_across_midnight_are_days_of_the_date_they_start_on():
    windows = tuple(Window(day, 22 * HOUR, 30 * HOUR) for day in range(5))
    terms = make_terms("2026-11-23T22:00:00+03:00", make_tier("Basic", windows=windows))
    (only,) = explain_deadline(terms, HOURS[24])
    assert (only.days, only.worked) == (3, HOURS[24])


@given(
    opened=st.datetimes(
        min_value=datetime(2026, 1, 1), max_value=datetime(2026, 12, 31)
    ),
    hours=st.integers(1, 90),
    tier=st.sampled_from(["Basic", "Business", "Premium"]),
)
def test_whatever_is_folded_all_time_is_told_once(opened, hours, tier):
    terms = make_terms(f"{opened:%Y-%m-%dT%H:%M:%S}+00:00", tier)
    passages = explain_deadline(terms, HOURS[hours])
    assert passages[0].start == terms.started_at
    assert passages[-1].end == terms.calendar.add(terms.started_at, HOURS[hours])
    assert sum((each.worked for each in passages), HOURS[0]) == HOURS[hours]
    assert all(before.end == after.start for before, after in pairwise(passages))


@pytest.mark.parametrize(
    ("tier", "said"),
    [
        ("Basic", "Basic answers P1 within 4 h of support time (Mon-Fri 09:00-18:00"),
        ("Premium", "Premium answers P1 within 1 h of support time (24/7"),
    ],
)
def test_a_promise_is_stated_without_its_deadline(tier, said):
    sentence = str(state_promise(make_terms(FRIDAY_EVENING, tier), "P1"))
    assert sentence == f"{said}, GMT+3)."


def test_it_is_said_that_nothing_is_promised():
    sentence = explain_promise(make_terms(FRIDAY_EVENING), ENHANCEMENT.name, "P3", None)
    assert str(sentence) == "No response time is promised for Paid enhancement request."


@pytest.mark.parametrize(
    ("tier", "zone", "priority", "text"),
    [
        (
            "Basic",
            "GMT+3",
            "P1",
            "Basic answers P1 within 4 h of support time"
            " (Mon-Fri 09:00-18:00, GMT+3): by Mon 2026-11-23 12:30.",
        ),
        (
            "Premium",
            "Asia/Kathmandu",
            "P2",
            "Premium answers P2 within 2 h of support time"
            " (24/7, Asia/Kathmandu): by Fri 2026-11-20 22:15.",
        ),
    ],
)
def test_it_is_said_what_is_promised_in_the_time_of_the_plan(
    tier, zone, priority, text
):
    terms = make_terms(FRIDAY_EVENING, tier, time_zone=zone)
    due = stand(terms, priority=priority, now=at(FRIDAY_EVENING)).due
    assert str(explain_promise(terms, INCIDENT.name, priority, due)) == text


def test_half_hours_and_seconds_are_said_too():
    tier = make_tier(response_targets={"P1": hours(1.5)})
    terms = make_terms("2026-11-23T10:00:20+03:00", tier)
    sentence = explain_promise(
        terms, INCIDENT.name, "P1", at("2026-11-23T11:30:20+03:00")
    )
    assert "within 1 h 30 min of support time" in str(sentence)
    assert str(sentence).endswith("11:30:20.")


def test_every_target_is_stated_without_its_deadline():
    lengths = {"P1": hours(2), "P3": hours(16)}
    tier = make_tier(further_targets={NEXT_ANSWER: lengths, SOLUTION: lengths})
    terms = make_terms(FRIDAY_EVENING, tier)
    found = assess_all(
        terms,
        "P1",
        responded_at=terms.started_at,
        happenings=[
            Happening(Event.CUSTOMER_WROTE, terms.started_at),
            Happening(Event.ANSWERED, NOON, "P1", True),
            Happening(Event.RESOLVED, MONDAY_DUE, "P3", True),
        ],
        now=MONDAY_DUE,
    )
    assert [str(state_promised(terms, "P1", each)) for each in found.each()] == [
        str(state_promise(terms, "P1")),
        "Basic answers each further message about P1 within 2 h of support time.",
        # By the priority that settled it.
        "Basic solves P3 within 16 h of support time.",
    ]


# With pauses. All on Monday 2026-11-23, from 09:00 in GMT+3.

MORNING = make_terms("2026-11-23T09:00:00+03:00")


def solution_run(*happened: tuple[Event, str]) -> Run:
    happenings = [
        Happening(event, at(f"2026-11-{when}+03:00")) for event, when in happened
    ]
    (run,) = runs_of(SOLUTION, since(MORNING.started_at, happenings))
    return run


def explained(*happened: tuple[Event, str], now: str = "27T12:00") -> list[str]:
    """How a solution within eight hours runs out."""
    now = at(f"2026-11-{now}+03:00")
    run = solution_run(*happened)
    return lines_of(explain_run(MORNING, run, HOURS[8], now=now), MORNING)


def test_a_pause_in_support_hours_is_told():
    assert explained((Event.PAUSED, "23T11:00"), (Event.RESUMED, "23T12:30")) == [
        "Mon 09:00 - Mon 11:00: 2 h on 1",
        "Mon 11:00 - Mon 12:30: paused",
        "Mon 12:30 - Mon 18:00: 5.5 h on 1",
        "Mon 18:00 - Tue 09:00: night",
        "Tue 09:00 - Tue 09:30: 0.5 h on 1",
    ]


def test_a_pause_over_night_names_both_and_a_pause_at_night_is_night():
    over_night = (Event.PAUSED, "23T15:00"), (Event.RESUMED, "24T10:00")
    assert explained(*over_night)[1:] == [
        "Mon 15:00 - Tue 10:00: paused night",
        "Tue 10:00 - Tue 12:00: 2 h on 1",
    ]
    at_night = (Event.PAUSED, "23T19:00"), (Event.RESUMED, "24T08:00")
    assert explained(*at_night) == explained()


def test_days_with_a_like_pause_are_alike():
    pauses = [
        (event, f"{day}T{hour}:00")
        for day in (23, 24, 25)
        for event, hour in ((Event.PAUSED, 11), (Event.RESUMED, 18))
    ]
    assert explained(*pauses) == ["Mon 09:00 - Thu 11:00: 8 h on 4"]


def test_while_it_is_paused_all_is_told_to_the_present():
    assert explained((Event.PAUSED, "23T11:00"), now="23T12:00") == [
        "Mon 09:00 - Mon 11:00: 2 h on 1",
        "Mon 11:00 - Mon 12:00: paused",
    ]
    # Used up when the pause begins: late only if the clock continues.
    assert explained((Event.PAUSED, "23T17:00"), now="23T17:30")[-1] == (
        "Mon 17:00 - Mon 17:30: paused"
    )
    # A pause that begins after the present, as clocks of machines differ.
    assert explained((Event.PAUSED, "23T11:00"), now="23T10:00") == [
        "Mon 09:00 - Mon 11:00: 2 h on 1"
    ]


def test_a_pause_after_the_deadline_is_not_told():
    late = (Event.PAUSED, "23T17:01"), (Event.RESUMED, "24T10:00")
    assert explained(*late) == ["Mon 09:00 - Mon 17:00: 8 h on 1"]
    assert explained(late[0]) == ["Mon 09:00 - Mon 17:00: 8 h on 1"]


def test_what_was_settled_in_a_pause_is_told_as_if_it_had_run_on_from_there():
    solved = (Event.PAUSED, "23T11:00"), (Event.RESOLVED, "23T13:00")
    assert explained(*solved) == explained(solved[0], (Event.RESUMED, "23T13:00"))
    unpaused = (Event.RESOLVED, "23T11:00")
    assert explained(unpaused) == explained()


def test_of_what_nothing_is_owed_is_told_until_it_was_closed():
    assert explained((Event.CLOSED, "23T11:00")) == ["Mon 09:00 - Mon 11:00: 2 h on 1"]


@given(
    opened=st.datetimes(
        min_value=datetime(2026, 1, 1), max_value=datetime(2026, 12, 31)
    ),
    number=st.integers(1, 40),
    answered=st.none() | st.integers(0, 10_000),
    left=st.none() | st.integers(0, 10_000),
)
def test_a_first_answer_is_explained_as_its_deadline(opened, number, answered, left):
    terms = make_terms(f"{opened:%Y-%m-%dT%H:%M:%S}+00:00")
    answered, left = (
        None if minutes is None else terms.started_at + timedelta(minutes=minutes)
        for minutes in (answered, left)
    )
    run = single_run(terms.started_at, answered, left)
    explained = explain_run(terms, run, HOURS[number], now=MONDAY_DUE)
    assert explained == explain_deadline(terms, HOURS[number])


class TestFurtherTargets:
    """Basic, GMT+3, registered on Friday at 17:30: 16 h of support time end on Tuesday
    at 15:30."""

    SOLD = {SOLUTION: {"P1": hours(16)}, NEXT_ANSWER: {"P1": hours(8)}}

    def explained(self, *happenings, sold=None, now=MONDAY_DUE, responded_at=None):
        tier = make_tier(further_targets=self.SOLD if sold is None else sold)
        terms = make_terms(FRIDAY_EVENING, tier)
        promises = assess_all(
            terms,
            "P1",
            responded_at=responded_at,
            happenings=[Happening(event, at(when)) for event, when in happenings],
            now=now,
        )
        return [str(each) for each in explain_further(terms, "P1", promises)]

    def test_nothing_is_said_of_what_is_not_sold(self):
        assert self.explained(sold={}) == []
        assert self.explained(sold={SOLUTION: {"P2": hours(16)}}) == []

    def test_a_solution_is_promised_by_an_instant_and_a_next_answer_in_general(self):
        assert self.explained() == [
            "Basic answers each further message about P1 within 8 h of support time.",
            "Basic solves P1 within 16 h of support time: by Tue 2026-11-24 15:30.",
        ]

    def test_a_message_that_waits_has_a_deadline_of_its_own(self):
        asked = (Event.CUSTOMER_WROTE, "2026-11-23T12:00+03:00")
        said, _solution = self.explained(asked, responded_at=at(FRIDAY_EVENING))
        assert said == (
            "Basic answers a further message about P1 within 8 h of support time:"
            " by Tue 2026-11-24 11:00."
        )

    def test_a_pause_is_named_by_its_support_time(self):
        said = self.explained(
            (Event.PAUSED, "2026-11-23T17:00+03:00"),
            (Event.RESUMED, "2026-11-24T10:00+03:00"),
            now=at("2026-11-24T11:00+03:00"),
        )
        assert said[1] == (
            "Basic solves P1 within 16 h of support time, not counting 2 h in which it was"
            " paused: by Tue 2026-11-24 17:30."
        )

    def test_a_pause_at_night_moves_nothing_and_is_not_named(self):
        said = self.explained(
            (Event.PAUSED, "2026-11-23T18:00+03:00"),
            (Event.RESUMED, "2026-11-24T09:00+03:00"),
            now=at("2026-11-24T11:00+03:00"),
        )
        assert said[1].endswith("of support time: by Tue 2026-11-24 15:30.")

    def test_a_pause_after_the_deadline_moved_nothing(self):
        said = self.explained(
            (Event.PAUSED, "2026-11-24T16:00+03:00"),
            (Event.RESUMED, "2026-11-24T17:00+03:00"),
            now=at("2026-11-25T11:00+03:00"),
        )
        assert said[1].endswith("of support time: by Tue 2026-11-24 15:30.")

    def test_a_paused_clock_has_no_deadline_but_time_left(self):
        said = self.explained((Event.PAUSED, "2026-11-23T11:00+03:00"))
        assert said[1] == (
            "Basic solves P1 within 16 h of support time."
            " Paused since Mon 2026-11-23 11:00: 13 h 30 min is left."
        )

    def test_closed_without_a_solution_names_no_deadline(self):
        said = self.explained((Event.CLOSED, "2026-11-23T11:00+03:00"))
        assert said[1] == "Basic solves P1 within 16 h of support time."

    def test_a_settled_promise_is_told_by_the_priority_that_settled_it(self):
        tier = make_tier(further_targets={SOLUTION: {"P1": hours(16), "P2": hours(9)}})
        terms = make_terms(FRIDAY_EVENING, tier)
        solved = Happening(Event.RESOLVED, NOON, "P2", True)
        promises = assess_all(
            terms, "P1", responded_at=None, happenings=[solved], now=MONDAY_DUE
        )
        (said,) = explain_further(terms, "P1", promises)
        assert str(said).startswith("Basic solves P2 within 9 h of support time: by")
