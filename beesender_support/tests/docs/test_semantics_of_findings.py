"""What the rule book says of findings is what the checks find."""

from beesender_support.policy.lint.plans import (
    check_gaps,
    check_overlaps,
    check_seats,
)
from beesender_support.policy.lint.sold import first_hole
from beesender_support.policy.plans.plans import Seat
from beesender_support.tests.docs.rule_book import (
    HOLES,
    SEATED,
    SEQUENCES,
    day_in,
    examples,
    optional,
)
from beesender_support.tests.docs.test_semantics import windows_in
from beesender_support.tests.policy.factories import ALICE, at, make_plan


def codes(found) -> str:
    return ", ".join(each.code for each in found) or "none"


@examples(HOLES)
def test_support_hours_that_end_just_before_midnight_are_found(example):
    hole = first_hole(windows_in(example["support hours"]))
    minutes = str(hole["length"].seconds // 60) if hole else "none"
    assert minutes == example["hole before midnight, minutes"]


@examples(SEQUENCES)
def test_what_is_wrong_between_two_plans_is_found(example):
    plans = (
        make_plan(
            name="P-1",
            time_zone=example["time zone"],
            ends_on=day_in(example["plan ends"]),
        ),
        make_plan(
            name="P-2",
            time_zone=example["next zone"],
            starts_on=day_in(example["next plan starts"]),
        ),
    )
    now = at(example["looked at"])
    found = [*check_overlaps(plans, now), *check_gaps(plans, now)]
    assert codes(found) == example["finding"]


@examples(SEATED)
def test_a_plan_without_a_seat_is_found(example):
    seat = Seat(
        ALICE,
        from_date=optional(day_in, example["seat from"]),
        to_date=optional(day_in, example["seat to"]),
    )
    plan = make_plan(starts_on=day_in(example["plan starts"]), seats=(seat,))
    assert codes(check_seats(plan, at(example["looked at"]))) == example["finding"]
