"""What is written of plans and tickets is read as what it was."""

import csv
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beesender_support.files.channels import COLUMNS as CHANNEL_COLUMNS
from beesender_support.files.formulas import as_it_was, harmless
from beesender_support.files.plans import READERS
from beesender_support.files.tickets import happenings_of, readers_of_tickets
from beesender_support.files.written import (
    COLUMNS_OF_CHANNELS,
    COLUMNS_OF_PLANS,
    COLUMNS_OF_TICKETS,
    channel_cells,
    plan_cells,
    ticket_cells,
    write_rows,
)
from beesender_support.policy.calendar.holidays import Holiday, WorkingDay
from beesender_support.policy.calendar.windows import AROUND_THE_CLOCK, Window
from beesender_support.policy.plans.plans import Plan, Seat
from beesender_support.policy.requests.triage import Request
from beesender_support.policy.response.clocks import Event, Happening
from beesender_support.policy.sold.catalogue import CATALOGUE
from beesender_support.policy.sold.channels import SoldChannel
from beesender_support.policy.sold.exceptions import Exceptions

EXCEPTIONS = (
    "first_answer_hours",
    "support_windows",
    "authorized_contact_limit",
    "registration_channels",
)
AT = datetime(2026, 11, 20, 14, 30, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)
INCIDENT = CATALOGUE.category("Incident")


def read_back(columns, cells, readers):
    text = StringIO()
    write_rows(text, columns, [cells])
    (row,) = csv.DictReader(StringIO(text.getvalue()))
    return {each: readers[each](as_it_was(row[each])) for each in columns}


@given(st.text())
def test_text_is_harmless_and_read_as_it_was(text):
    assert as_it_was(harmless(text)) == text


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "  =", "'=", "' ="])
def test_text_that_a_spreadsheet_would_compute_has_an_apostrophe(start):
    text = f"{start}1+1"
    assert harmless(text) == f"'{text}"
    assert as_it_was(harmless(text)) == text


@pytest.mark.parametrize("text", ["a=1", "-5", "+7.5", " a", ""])
def test_text_that_is_computed_by_nobody_stays(text):
    assert harmless(text) == text


@pytest.mark.parametrize(
    "text", ["=1+1", "'=1+1", "''-x", "-5", "+7 900", "\u2019", "'"]
)
def test_texts_that_look_like_formulas(text):
    assert as_it_was(harmless(text)) == text


def test_a_plan_goes_around():
    tier = CATALOGUE.tier("Basic").promising(
        {"solution": {"P1": 8 * HOUR, "P2": timedelta(minutes=90)}}
    )
    plan = Plan(
        "x",
        "=Acme",
        tier,
        "GMT+3",
        date(2026, 1, 1),
        date(2026, 12, 31),
        "Suspended",
        (Seat("anna@acme.example"),),
        (Holiday(date(2026, 12, 25)), Holiday(date(2026, 12, 31), "", 50400, 86400)),
        working_days=(
            WorkingDay(date(2026, 12, 26)),
            WorkingDay(date(2026, 12, 27), "", 32400, 64800),
        ),
    )
    cells = plan_cells(plan, ["anna@acme.example"])
    read = read_back(COLUMNS_OF_PLANS, cells, READERS)
    assert read.pop("next_answer_hours") == {}
    assert read.pop("solution_hours") == tier.further_targets["solution"]
    assert read.pop("tier").name == "Basic"
    assert read.pop("authorized_contacts") == ("anna@acme.example",)
    assert not any(read.pop(each) for each in EXCEPTIONS)
    assert {each: getattr(plan, each) for each in read} == read


@pytest.mark.parametrize(
    "windows",
    [
        AROUND_THE_CLOCK,
        (Window(0, 32_400, 64_800), Window(5, 36_000, 50_401)),
        (Window(4, 79_200, 108_000),),
        (Window(6, 32_400, 118_800),),
    ],
)
def test_what_was_agreed_for_a_plan_alone_goes_around(windows):
    agreed = Exceptions(
        targets={"first_answer": {"P1": timedelta(minutes=45)}},
        windows=windows,
        authorized_contact_limit=0,
    )
    shipped = CATALOGUE.tier("Business")
    tier = replace(
        agreed.applied_to(shipped), registration_channels=frozenset({"email", "viber"})
    )
    plan = Plan("x", "Acme", tier, "GMT+3", date(2026, 1, 1), exceptions=agreed)
    read = read_back(COLUMNS_OF_PLANS, plan_cells(plan, (), shipped), READERS)
    assert read["first_answer_hours"] == agreed.targets["first_answer"]
    assert read["support_windows"] == windows
    assert read["authorized_contact_limit"] == 0
    assert read["registration_channels"] == {"email", "viber"}


@pytest.mark.parametrize("is_enabled", [True, False])
def test_a_channel_goes_around(is_enabled):
    channel = SoldChannel("sms 2", "SMS", takes_requests=True, enabled=is_enabled)
    read = read_back(COLUMNS_OF_CHANNELS, channel_cells(channel), CHANNEL_COLUMNS)
    expected = {"channel": "sms 2", "takes_requests": True, "enabled": is_enabled}
    assert read == expected


def test_an_open_end_goes_around():
    plan = Plan("x", "Acme", CATALOGUE.tier("Basic"), "GMT+3", date(2026, 1, 1))
    read = read_back(COLUMNS_OF_PLANS, plan_cells(plan, ()), READERS)
    assert (read["ends_on"], read["holidays"], read["working_days"]) == (None, (), ())


def ticket_of(*happened, **changes):
    happenings = tuple(Happening(event, AT + hours * HOUR) for event, hours in happened)
    request = Request(
        "Acme", "anna@acme.example", "email", INCIDENT, "P1", AT, happenings=happenings
    )
    request = replace(request, **changes)
    return read_back(
        COLUMNS_OF_TICKETS, ticket_cells("1", request), readers_of_tickets(None)
    )


def test_a_ticket_goes_around():
    read = ticket_of(first_responded_at=AT + HOUR)
    assert (read["ticket"], read["customer"], read["channel"]) == ("1", "Acme", "email")
    assert (read["opened_at"], read["first_responded_at"]) == (AT, AT + HOUR)
    assert (read["category"], read["priority"]) == (INCIDENT, "P1")
    assert (read["resolved_at"], read["pauses"]) == (None, ())


def test_pauses_and_the_solution_go_around():
    happened = (
        (Event.PAUSED, 1),
        (Event.RESUMED, 2),
        (Event.PAUSED, 3),
        (Event.PAUSED, 4),
        (Event.RESOLVED, 5),
    )
    read = ticket_of(*happened)
    again = happenings_of(read["pauses"], read["resolved_at"])
    assert [(each.event, (each.at - AT) / HOUR) for each in again] == [
        (Event.PAUSED, 1),
        (Event.RESUMED, 2),
        (Event.PAUSED, 3),
        (Event.RESUMED, 5),
        (Event.RESOLVED, 5),
    ]


def test_what_waits_still_waits():
    read = ticket_of((Event.PAUSED, 1))
    ((start, end),) = read["pauses"]
    assert (start, end) == (AT + HOUR, None)


@pytest.mark.parametrize("last", [Event.REOPENED, Event.CLOSED])
def test_what_is_not_solved_any_more_is_not(last):
    assert ticket_of((Event.RESOLVED, 1), (last, 2))["resolved_at"] is None
