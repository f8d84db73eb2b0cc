"""Decisions that follow a precedent say what they would by themselves."""

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beesender_support.cli import deciding
from beesender_support.cli.deciding import Deciding
from beesender_support.cli.output import FORMATS
from beesender_support.files.customers import PlansByCustomer
from beesender_support.files.faults import KeptFaults, Place
from beesender_support.files.tickets import Ticket
from beesender_support.policy.plans.plans import Plan, Seat
from beesender_support.policy.sold.catalogue import CATALOGUE

NOW = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
ANNA, BORIS = "anna@acme.example", "boris@acme.example"
FIRST, MIDDLE = date(2026, 1, 1), date(2026, 6, 15)


def plan_of(customer, tier, zone, **values):
    seats = (Seat(ANNA), Seat(BORIS, to_date=date(2026, 3, 8)))
    name = f"{customer} {tier} {values}"
    return Plan(
        name, customer, CATALOGUE.tier(tier), zone, **{"seats": seats, **values}
    )


def every_plan():
    plans = PlansByCustomer()
    for plan in (
        plan_of("Acme", "Basic", "GMT+3", starts_on=FIRST, ends_on=MIDDLE),
        plan_of("Acme", "Premium", "GMT-2", starts_on=MIDDLE + timedelta(1)),
        plan_of("Borealis", "Business", "Europe/Berlin", starts_on=FIRST),
        plan_of("Cobalt", "Business", "Europe/Berlin", starts_on=FIRST),
        plan_of("Delta", "Basic", "GMT+8", starts_on=FIRST, status="Suspended"),
        plan_of("Evergreen", "Basic", "GMT+8", starts_on=FIRST, status="Draft"),
    ):
        plans.add(plan)
    promising = CATALOGUE.tier("Basic").promising(
        {"solution": {"P1": timedelta(hours=8)}}
    )
    plans.add(Plan("F", "Fjord", promising, "GMT+1", FIRST, seats=(Seat(ANNA),)))
    return plans


PLANS = every_plan()
CUSTOMERS = ["Acme", "Borealis", "Cobalt", "Delta", "Evergreen", "Fjord", "Gulf."]
LONG = st.timedeltas(timedelta(), timedelta(days=40))


@st.composite
def tickets(draw):
    opened = draw(st.datetimes(datetime(2025, 12, 1), datetime(2026, 11, 23)))
    opened = opened.replace(microsecond=0, tzinfo=timezone.utc)
    whole = LONG.map(lambda length: timedelta(seconds=int(length.total_seconds())))
    answered, solved = draw(st.none() | whole), draw(st.none() | whole)
    return Ticket(
        Place("file", 1),
        draw(st.text(max_size=4)),
        draw(st.sampled_from(CUSTOMERS)),
        draw(st.sampled_from([ANNA, BORIS, "carl@acme.example", None, "x"])),
        draw(st.sampled_from(["portal", "email", "agent", "viber"])),
        draw(st.sampled_from(CATALOGUE.categories)),
        draw(st.sampled_from(["P1", "P2", "P3", "P4", None])),
        opened,
        None if answered is None else opened + answered,
        None if solved is None else opened + solved,
    )


def written(decided, style):
    return [FORMATS[style].piece_of(each) for each in decided]


@pytest.mark.parametrize("style", list(FORMATS))
@pytest.mark.parametrize("remembered", [20_000, 2])
@given(st.lists(tickets(), max_size=25), st.booleans(), st.booleans())
def test_they_are_written_alike(style, remembered, asked, held, has_solution):
    def new():
        return Deciding(PLANS, NOW, held, has_solution)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deciding, "_MOST_REMEMBERED", remembered)
        patch.setattr(deciding, "_MOST_PRECEDENTS", remembered)
        # Twice, so that each has a precedent.
        together = written(
            new().decide_all(iter([*asked, *asked]), KeptFaults()), style
        )
    alone = [
        piece
        for each in asked
        for piece in written(new().decide_all(iter([each]), KeptFaults()), style)
    ]
    assert together == alone * 2
