"""What stands around a plan in the portal: its order among others, its end, a calendar
file, service reports, and the menu."""

from datetime import datetime, timezone

import frappe
import pytest
import vobject

from beesender_support.api import portal
from beesender_support.screens.portal import plan_page
from beesender_support.tests.site.factories import (
    clock_at,
    make_agent,
    make_client,
    make_contact,
    make_manager,
    make_plan,
    refused,
    session_of,
)

MONDAY = "2026-11-23T12:00+03:00"


def page_of(user: str, **asked: str) -> dict:
    with session_of(user):
        return plan_page.page_for(user, **asked)


def downloaded(user: str, endpoint, *args: str) -> bytes:
    with session_of(user):
        endpoint(*args)
    assert frappe.response.pop("type") == "download"
    return frappe.response.pop("filecontent")


# Which plan comes first


def test_the_plan_in_force_is_shown_and_comes_first():
    with clock_at(MONDAY):
        client = make_client(starts_on="2026-01-01", ends_on="2026-12-31")
        for dates in (
            {"starts_on": "2025-01-01", "ends_on": "2025-12-31"},
            {"starts_on": "2027-01-01"},
        ):
            make_plan(client.customer, [client.contact], tier="Premium", **dates)
        page = page_of(client.email)
    assert page["plan"] == client.plan.name
    assert [each["is_shown"] for each in page["links"]] == [True, False, False]
    assert [
        each["dates"].split("From ")[1].split(", ")[1][:4] for each in page["links"]
    ] == ["2026", "2027", "2025"]


# Its end


@pytest.mark.parametrize(
    ("ends_on", "said"),
    [
        (None, None),
        ("2026-12-31", None),
        ("2026-12-23", "ends on December 23, 2026, days left: 30."),
        ("2026-11-23", "days left: 0."),
    ],
)
def test_the_page_warns_from_thirty_days_before_the_end(ends_on, said):
    with clock_at(MONDAY):
        ending = page_of(make_client(ends_on=ends_on).email)["ending"]
    assert said in ending if said else ending is None


@pytest.mark.parametrize(
    ("next_plan", "said"),
    [
        ({"ends_on": "2027-12-15"}, "renewed until December 15, 2027: Business"),
        ({}, "renewed: Business follows it, without an end."),
        ({"status": "Draft"}, "ask your account manager to renew it"),
    ],
)
def test_a_plan_that_is_renewed_says_until_when(next_plan, said):
    with clock_at(MONDAY):
        client = make_client(ends_on="2026-12-15")
        make_plan(
            client.customer,
            [],
            **{"tier": "Business", "starts_on": "2026-12-16", **next_plan},
        )
        assert said in page_of(client.email)["ending"]


# The calendar file


def events_of(user: str, plan: str) -> list:
    file = downloaded(user, portal.support_calendar, plan).decode()
    assert "\r\n" in file
    return vobject.readOne(file).contents["vevent"]


def test_the_file_has_support_hours_as_instants_and_holidays_as_days():
    holidays = [{"date": "2026-11-25", "description": "Founders, day; of \u0451"}]
    with clock_at(MONDAY):
        client = make_client(ends_on="2026-11-30", holidays=holidays)
        events = events_of(client.email, client.plan.name)
    hours = [each for each in events if isinstance(each.dtstart.value, datetime)]
    assert [(each.dtstart.value, each.dtend.value) for each in hours] == [
        (
            datetime(2026, 11, day, 6, tzinfo=timezone.utc),
            datetime(2026, 11, day, 15, tzinfo=timezone.utc),
        )
        for day in (23, 24, 26, 27, 30)
    ]
    [holiday] = [each for each in events if each not in hours]
    assert holiday.summary.value == "Support: holiday: Founders, day; of \u0451"
    assert str(holiday.dtstart.value) == "2026-11-25"
    assert {each.transp.value for each in events} == {"TRANSPARENT"}
    assert len({each.uid.value for each in events}) == len(events)


def test_hours_follow_the_clocks_of_the_zone():
    with clock_at("2026-10-23T12:00+02:00"):
        client = make_client(time_zone="Europe/Berlin", ends_on="2026-10-26")
        events = events_of(client.email, client.plan.name)
    assert [each.dtstart.value.hour for each in events] == [7, 8]


def test_an_hour_read_again_is_the_same_event():
    with clock_at(MONDAY):
        client = make_client(ends_on="2026-11-30")
        once = events_of(client.email, client.plan.name)
    with clock_at("2026-11-24T12:00+03:00"):
        again = events_of(client.email, client.plan.name)
    assert [each.uid.value for each in once][1:] == [each.uid.value for each in again]


def test_around_the_clock_there_is_nothing_to_put_into_a_calendar():
    client = make_client(tier="Premium")
    assert page_of(client.email)["calendar_file"] is None
    assert page_of(make_client().email)["calendar_file"]


def test_the_file_is_for_who_may_see_the_plan():
    client, stranger = make_client(), make_client()
    assert downloaded(make_agent(), portal.support_calendar, client.plan.name)
    for user in (stranger.email, "Guest"):
        for plan in (client.plan.name, "no such plan", ""):
            with pytest.raises(frappe.PermissionError), session_of(user):
                portal.support_calendar(plan)
    draft = make_plan(client.customer, [], status="Draft")
    with pytest.raises(frappe.PermissionError), session_of(client.email):
        portal.support_calendar(draft.name)


def test_a_suspended_plan_puts_no_open_hours_into_a_calendar():
    client = make_client()
    client.plan.status = "Suspended"
    client.plan.save()
    assert page_of(client.email)["calendar_file"] is None
    with pytest.raises(frappe.PermissionError), session_of(client.email):
        portal.support_calendar(client.plan.name)


def test_a_plan_that_starts_later_has_its_file():
    with clock_at(MONDAY):
        client = make_client(starts_on="2026-12-01", ends_on="2026-12-31")
        assert page_of(client.email)["calendar_file"]
        assert events_of(client.email, client.plan.name)


# Service reports


@pytest.fixture
def reported():
    """A managed customer with a report that was sent, and a draft."""
    client = make_manager(make_client(starts_on="2026-01-01"))
    with clock_at("2026-11-23T12:00+03:00"):
        for month in ("2026-09-01", "2026-10-01"):
            report = frappe.get_doc(
                {
                    "doctype": "Beesender Service Report",
                    "plan": client.plan.name,
                    "month": month,
                }
            ).insert()
            if month == "2026-09-01":
                report.db_set("status", "Sent")
                client.sent = report.name
            client.draft = report.name
    return client


def test_a_manager_reads_reports_that_were_sent(reported):
    page = page_of(reported.email)
    assert [each["month"] for each in page["reports"]] == ["September 2026"]
    assert page["reports"][0]["address"].endswith(reported.sent)
    file = downloaded(reported.email, portal.service_report, reported.sent)
    assert file[:4] == b"%PDF" or b"<!DOCTYPE html>" in file[:20]


def test_nobody_else_does(reported):
    colleague = f"colleague.{reported.email}"
    make_contact(reported.customer, colleague, user=True)
    other = make_manager(make_client())
    assert page_of(colleague)["reports"] == []
    for user in (colleague, other.email, "Guest", make_agent()):
        with pytest.raises(frappe.PermissionError), session_of(user):
            portal.service_report(reported.sent)
    for name in (reported.draft, "no such report", "", "%"):
        with pytest.raises(frappe.PermissionError), session_of(reported.email):
            portal.service_report(name)


def test_files_are_not_asked_for_without_end(reported):
    for _ in range(30):
        downloaded(reported.email, portal.support_calendar, reported.plan.name)
    with refused("requests a minute"), session_of(reported.email):
        portal.support_calendar(reported.plan.name)


# The menu


def menu_of(user: str) -> dict | None:
    with session_of(user):
        return portal.menu()


def test_the_menu_leads_clients_with_a_plan_to_it():
    client = make_client()
    assert menu_of(client.email) == {
        "label": "My support plan",
        "address": "/support-plan",
    }
    member = f"member.{client.email}"
    make_contact(client.customer, member, user=True)
    assert menu_of(member)


def test_nobody_else_is_led_there():
    client = make_client()
    client.plan.status = "Draft"
    client.plan.save()
    for user in (client.email, make_agent(), "Guest", "Administrator"):
        assert menu_of(user) is None
