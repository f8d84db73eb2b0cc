"""What the rule book says of plans, their seats and their end is what the policy does."""

from datetime import date, timedelta
from decimal import Decimal

from beesender_support.policy.errors import TooManySeats
from beesender_support.policy.plans.end_notices import end_notice_due, is_continued
from beesender_support.policy.plans.gaps import between
from beesender_support.policy.plans.plan_state import DRAFT, EXPIRED, SUSPENDED
from beesender_support.policy.plans.plans import Seat
from beesender_support.policy.plans.renewals import next_period
from beesender_support.policy.plans.seats import (
    check_seats,
    seats_to_restore,
    seats_to_suspend,
)
from beesender_support.policy.prices.fees import pro_rata
from beesender_support.policy.requests.access import lacks_a_seat, may_swap_seats
from beesender_support.policy.response.answering import refuse_answer_by
from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sold.channels import (
    SoldChannel,
    answered,
    by_code,
    taken,
)
from beesender_support.policy.sold.exceptions import (
    RESPONSE_TARGET,
    SUPPORT_HOURS,
    Row,
    exceptions_of,
)
from beesender_support.tests.docs.rule_book import (
    ANSWER_CHANNELS,
    ASKING_FOR_SEATS,
    CHANNEL_RECORDS,
    CONTINUED_PLANS,
    EXCEPTIONS,
    FEES_OF_DAYS,
    GAPS,
    GRACE,
    NEXT_PERIODS,
    NOTICES,
    PLAN_STATES,
    RESTORED,
    SEAT_STATES,
    SEATS_BY_DATE,
    SWAPS,
    Example,
    day_in,
    examples,
    in_zone,
    is_yes,
    optional,
    yes,
)
from beesender_support.tests.policy.factories import (
    ALICE,
    EXAMPLE,
    INCIDENT,
    at,
    hours,
    make_plan,
    make_tier,
    weekly,
)

TODAY = date(2026, 11, 23)
PLANS = {
    "in_force": {},
    "suspended": {"status": SUSPENDED},
    "not_started": {"starts_on": date(2026, 11, 24)},
    "ended": {"status": EXPIRED},
    "draft": {"status": DRAFT},
}


def noon_of(day: str):
    """In the zone of the plans here, GMT+3."""
    return at(f"{day}T12:00+03:00")


def plan_in(example: Example):
    return make_plan(
        status=example["plan status"],
        starts_on=day_in(example["plan starts"]),
        ends_on=optional(day_in, example["plan ends"]),
    )


def seats_of(number: int, **facts) -> tuple[Seat, ...]:
    """The oldest first."""
    return tuple(
        Seat(f"contact{each}@acme.example", date(2025, 1, 1 + each), **facts)
        for each in range(number)
    )


@examples(PLAN_STATES)
def test_a_plan_stands_as_told(example):
    instant = noon_of(example["today"])
    assert plan_in(example).state_at(instant) == example["plan is"]


@examples(SEAT_STATES)
def test_a_seat_stands_as_told(example):
    today = day_in(example["today"])
    was_ended = is_yes(example["ended by hand"])
    seat = Seat(
        ALICE,
        optional(day_in, example["seat from"]),
        optional(day_in, example["seat to"]),
        is_suspended=is_yes(example["over the limit"]),
        ended_at=noon_of(example["today"]) if was_ended else None,
    )
    assert seat.state_on(today) == example["seat is"]


def seats_in(cell: str) -> tuple[Seat, ...]:
    """Of a contact each."""
    dates = {"any": (None, None), "from": (1, None), "to": (None, 1)}
    found = []
    for number, words in enumerate(cell.split(", ")):
        which, *day = words.split()
        first, last = (each and day_in(day[-1]) for each in dates[which])
        found.append(Seat(f"contact{number}@acme.example", first, last))
    return tuple(found)


@examples(SEATS_BY_DATE)
def test_seats_are_counted_day_by_day_as_told(example):
    plan = make_plan(example["tier"], seats=seats_in(example["seats by date"]))
    try:
        check_seats(plan, None, day_in(example["today"]))
    except TooManySeats:
        assert not is_yes(example["may be saved"])
    else:
        assert is_yes(example["may be saved"])


PLANS_THAT_ARE = {
    "in_force": {},
    "not_started": {"starts_on": TODAY + timedelta(days=1)},
    "suspended": {"status": SUSPENDED},
    "ended": {"status": EXPIRED},
}
SEATS_THAT_ARE = {
    "none": (),
    "in_force": (Seat(ALICE),),
    "ended": (Seat(ALICE, None, TODAY - timedelta(days=1)),),
    "suspended": (Seat(ALICE, is_suspended=True),),
}


@examples(ASKING_FOR_SEATS)
def test_a_seat_is_asked_for_as_told(example):
    plan = make_plan(
        seats=SEATS_THAT_ARE[example["seat is"]], **PLANS_THAT_ARE[example["plan is"]]
    )
    asks = lacks_a_seat(plan, ALICE, noon_of(TODAY.isoformat()))
    assert asks == is_yes(example["may ask for a seat"])


@examples(GRACE)
def test_seats_over_the_limit_are_suspended_as_told(example):
    seats = seats_of(int(example["seats"]))
    suspended = seats_to_suspend(
        make_plan(example["tier"], seats=seats[::-1]),
        optional(day_in, example["over the limit since"]),
        day_in(example["today"]),
        int(example["grace period, days"]),
    )
    number = int(example["suspended"])
    assert suspended == seats[len(seats) - number :]


@examples(RESTORED)
def test_suspended_seats_come_back_as_told(example):
    waiting = seats_of(int(example["suspended seats"]), is_suspended=True)
    active = tuple(
        Seat(f"active{each}@acme.example")
        for each in range(int(example["seats in force"]))
    )
    plan = make_plan(example["tier"], seats=(*active, *waiting[::-1]))
    assert seats_to_restore(plan, TODAY) == waiting[: int(example["come back"])]


@examples(NOTICES)
def test_a_notice_of_the_end_is_due_as_told(example):
    due = end_notice_due(plan_in(example), noon_of(example["today"]))
    assert due == optional(int, example["notice, days before"])


@examples(CONTINUED_PLANS)
def test_an_end_is_announced_as_told(example):
    plan = make_plan(name="P-1", ends_on=day_in(example["plan ends"]))
    status = optional(str, example["next plan"])
    others = [plan]
    if status:
        others.append(
            make_plan(
                name="P-2",
                status=status,
                starts_on=day_in(example["next plan starts"]),
                ends_on=optional(day_in, example["next plan ends"]),
            )
        )
    assert yes(not is_continued(plan, others)) == example["announced"]


@examples(NEXT_PERIODS)
def test_the_next_period_is_as_told(example):
    starts_on, ends_on = day_in(example["plan starts"]), day_in(example["plan ends"])
    assert next_period(starts_on, ends_on) == (
        day_in(example["renewal starts"]),
        day_in(example["renewal ends"]),
    )


@examples(GAPS)
def test_what_lies_between_two_plans_is_as_told(example):
    before = make_plan(
        name="P-1", time_zone=example["time zone"], ends_on=day_in(example["plan ends"])
    )
    after = make_plan(
        name="P-2",
        time_zone=example["next zone"],
        starts_on=day_in(example["next plan starts"]),
    )
    found = between(before, after)
    hours = found.length / timedelta(hours=1) if found else 0
    is_overlap = found is not None and found.is_overlap
    assert (-hours if is_overlap else hours) == int(example["hours between"])


@examples(FEES_OF_DAYS)
def test_a_part_of_a_year_costs_as_told(example):
    fee = pro_rata(
        Decimal(example["licence price"]),
        Decimal(example["fee, %"]),
        int(example["days"]),
        int(example["days of the year"]),
    )
    assert str(fee) == example["fee of the days"]


@examples(SWAPS)
def test_managers_change_seats_as_told(example):
    instant = noon_of(TODAY.isoformat())
    plan = make_plan(**PLANS[example["plan is"]])
    assert plan.state_at(instant) == example["plan is"]
    may = may_swap_seats(
        plan,
        {EXAMPLE} if is_yes(example["manages the customer"]) else set(),
        is_allowed=is_yes(example["the vendor allows it"]),
        at=instant,
    )
    assert yes(may) == example["may change seats"]


@examples(ANSWER_CHANNELS)
def test_support_answers_by_the_channels_told(example):
    tier = make_tier(example["tier"])
    for channel in ANSWER_CHANNELS[1:]:
        assert yes(refuse_answer_by(tier, channel) is None) == example[channel]


@examples(CHANNEL_RECORDS)
def test_a_channel_is_offered_and_used_as_told(example):
    channel = SoldChannel(
        "slack",
        "Slack",
        takes_requests=is_yes(example["takes requests"]),
        answers=is_yes(example["answers"]),
        enabled=is_yes(example["enabled"]),
    )
    known = by_code([channel])
    assert yes(channel.takes_requests_now) == example["offered for requests"]
    assert yes(channel.is_offered_for_answers) == example["offered for answers"]
    assert yes(bool(taken(known, known))) == example["tier takes requests"]
    assert yes(bool(answered(known, known))) == example["tier answers"]


@examples(EXCEPTIONS)
def test_a_plan_promises_what_was_agreed_for_it(example):
    basic = make_tier("Basic")
    exceptions = exceptions_of(_rows_in(example["exception"]), ("P1", "P2"), ())
    plan = make_plan(exceptions.applied_to(basic), exceptions=exceptions)
    terms = Terms.of(plan, INCIDENT, at(example["opened"]))
    due = terms.calendar.add(terms.started_at, terms.promise_for("P1"))
    assert in_zone(due, "GMT+3") == example["due"]


def _rows_in(cell: str) -> list[Row]:
    if cell == "none":
        return []
    if cell == "24/7":
        return [Row(SUPPORT_HOURS)]
    if cell == "Mon-Sat 09:00-18:00":
        return [Row(SUPPORT_HOURS, window=each) for each in weekly(range(6))]
    priority, number, _unit = cell.split()
    return [Row(RESPONSE_TARGET, priority=priority, length=hours(float(number)))]
