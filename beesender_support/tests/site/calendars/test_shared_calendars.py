"""Plans that share a holiday calendar: edits, names, removal and merging."""

from datetime import date

import frappe
import pytest

from beesender_support.records import cache
from beesender_support.records.sold import sold_plans
from beesender_support.tests.site.factories import make_client, make_plan
from beesender_support.tests.site.statements import noted

CALENDAR = "Beesender Holiday Calendar"


def make_calendar(*days: dict, title: str | None = None):
    title = title or f"Calendar {frappe.generate_hash(length=8)}"
    return frappe.get_doc({"doctype": CALENDAR, "title": title, "days": days}).insert()


def taking(*calendars) -> dict:
    return {"holiday_calendars": [{"calendar": each.name} for each in calendars]}


def plan_now(name: str):
    cache.ask_again()
    [plan] = sold_plans.named([name])
    return plan


def closed(name: str) -> list[str]:
    return [str(each) for each in plan_now(name).calendar.holidays]


def test_a_plan_has_its_own_dates_and_those_of_its_calendars():
    one = make_calendar(
        {"date": "2027-01-01", "description": "New Year"},
        {"date": "2026-12-31", "description": "Eve"},
        {"date": "2027-01-09", "is_working_day": 1},
    )
    other = make_calendar({"date": "2027-01-01"}, {"date": "2027-05-01"})
    own = {"date": "2026-12-31", "start_time": "14:00:00", "end_time": "24:00:00"}
    client = make_client(**taking(one, other), holidays=[own])
    assert closed(client.plan.name) == [
        "2026-12-31 14:00-24:00",
        "2027-01-01",
        "2027-05-01",
    ]
    plan = plan_now(client.plan.name)
    assert [each.day for each in plan.calendar.working_days] == [date(2027, 1, 9)]
    assert plan.calendar.holidays[1].description == "New Year"


def test_an_edit_counts_at_once_however_it_is_made():
    calendar = make_calendar({"date": "2027-01-01"})
    client = make_client(**taking(calendar))
    assert closed(client.plan.name) == ["2027-01-01"]
    calendar.append("days", {"date": "2027-01-07"})
    calendar.save()
    assert closed(client.plan.name) == ["2027-01-01", "2027-01-07"]
    frappe.db.set_value(
        "Beesender Calendar Day", calendar.days[0].name, "date", "2027-01-02"
    )
    assert closed(client.plan.name) == ["2027-01-02", "2027-01-07"]
    frappe.db.sql(
        "update `tabBeesender Calendar Day` set is_working_day = 1 where name = %s",
        calendar.days[0].name,
    )
    assert closed(client.plan.name) == ["2027-01-07"]


def test_a_renamed_calendar_is_taken_by_its_new_name():
    calendar = make_calendar({"date": "2027-01-01"})
    client = make_client(**taking(calendar))
    new = frappe.rename_doc(CALENDAR, calendar.name, f"{calendar.name} renamed")
    doc = frappe.get_doc("Beesender Support Plan", client.plan.name)
    assert [row.calendar for row in doc.holiday_calendars] == [new]
    assert closed(client.plan.name) == ["2027-01-01"]


def test_a_calendar_in_use_is_not_deleted_and_says_by_whom():
    calendar = make_calendar({"date": "2027-01-01"})
    client = make_client(**taking(calendar))
    with pytest.raises(frappe.LinkExistsError, match=client.plan.name):
        frappe.delete_doc(CALENDAR, calendar.name)
    doc = frappe.get_doc("Beesender Support Plan", client.plan.name)
    doc.holiday_calendars = []
    doc.save()
    frappe.delete_doc(CALENDAR, calendar.name)
    assert not frappe.db.exists(CALENDAR, calendar.name)


def test_merged_calendars_lose_no_date_of_any_plan():
    one = make_calendar({"date": "2027-01-01"}, {"date": "2027-01-07"})
    other = make_calendar({"date": "2027-01-01"}, {"date": "2027-05-01"})
    client = make_client(**taking(one))
    both = make_plan(
        client.customer,
        [],
        starts_on="2040-01-01",
        **taking(one, other),
        status="Suspended",
    )
    frappe.rename_doc(CALENDAR, one.name, other.name, merge=True)
    assert not frappe.db.exists(CALENDAR, one.name)
    dates = ["2027-01-01", "2027-01-07", "2027-05-01"]
    assert closed(client.plan.name) == dates
    assert closed(both.name) == dates


AFTERNOON = {"start_time": "14:00:00", "end_time": "18:00:00"}
MORNING = {"start_time": "00:00:00", "end_time": "12:00:00"}


def test_merged_calendars_keep_both_parts_of_a_date():
    one = make_calendar({"date": "2026-12-31", **AFTERNOON})
    other = make_calendar({"date": "2026-12-31", **MORNING}, {"date": "2027-01-01"})
    whole = {"date": "2027-01-01", "start_time": "00:00:00", "end_time": "00:00:00"}
    one.append("days", whole)
    one.save()
    client = make_client(**taking(other))
    frappe.rename_doc(CALENDAR, one.name, other.name, merge=True)
    assert closed(client.plan.name) == [
        "2026-12-31 00:00-12:00",
        "2026-12-31 14:00-18:00",
        "2027-01-01",
    ]


def test_calendars_that_say_otherwise_of_a_date_are_not_merged():
    half = make_calendar({"date": "2026-12-31", **AFTERNOON})
    whole = make_calendar({"date": "2026-12-31"})
    for old, new in ((half, whole), (whole, half)):
        with pytest.raises(frappe.ValidationError, match="listed more than once"):
            frappe.rename_doc(CALENDAR, old.name, new.name, merge=True)


def year_of(half: int) -> list[dict]:
    return [
        {"date": frappe.utils.add_days("2027-01-01", day)}
        for day in range(*((0, 200), (200, 365))[half])
    ]


def test_a_merge_cannot_close_a_whole_year_of_a_plan_of_either():
    one, other = make_calendar(*year_of(0)), make_calendar(*year_of(1))
    make_client(**taking(one))
    with pytest.raises(frappe.ValidationError, match="no working time"):
        frappe.rename_doc(CALENDAR, one.name, other.name, merge=True)
    with pytest.raises(frappe.ValidationError, match="no working time"):
        frappe.rename_doc(CALENDAR, other.name, one.name, merge=True)


@pytest.mark.parametrize("wrong", [{"tier": "Gone"}, {"time_zone": "Nowhere"}])
def test_a_plan_that_is_wrong_already_does_not_hold_its_calendar(wrong):
    calendar = make_calendar({"date": "2027-01-01"})
    broken, sound = make_client(**taking(calendar)), make_client(**taking(calendar))
    frappe.db.set_value("Beesender Support Plan", broken.plan.name, wrong)
    frappe.clear_messages()
    calendar.append("days", {"date": "2027-01-07"})
    calendar.save()
    assert not frappe.get_message_log()
    assert closed(sound.plan.name) == ["2027-01-01", "2027-01-07"]
    calendar.set("days", year_of(0) + year_of(1))
    with pytest.raises(frappe.ValidationError, match="no working time"):
        calendar.save()


def test_a_plan_that_is_over_does_not_hold_its_calendar():
    calendar = make_calendar()
    make_client(**taking(calendar), ends_on="2021-01-01")
    calendar.extend("days", year_of(0) + year_of(1))
    calendar.save()


@pytest.mark.parametrize(
    ("days", "refused"),
    [
        ([{"date": "2026-12-31"}] * 2, "listed more than once"),
        ([{"date": "2026-12-31", "start_time": "14:00:00"}], "needs both"),
        ([{"date": "9999-12-31"}], "outside the years"),
        (
            [{"date": "2026-12-31"}, {"date": "2026-12-31", "is_working_day": 1}],
            "listed more than once",
        ),
    ],
)
def test_dates_that_cannot_be_kept_are_refused(days, refused):
    with pytest.raises(frappe.ValidationError, match=refused):
        make_calendar(*days)


def test_a_calendar_cannot_close_a_whole_year_of_a_plan():
    calendar = make_calendar()
    make_client(**taking(calendar))
    for day in range(365):
        calendar.append("days", {"date": frappe.utils.add_days("2027-01-01", day)})
    with pytest.raises(frappe.ValidationError, match="no working time"):
        calendar.save()


def test_many_plans_are_read_in_as_many_queries_as_one():
    calendar = make_calendar({"date": "2027-01-01"})
    plans = [make_client(**taking(calendar)).plan.name for _ in range(7)]

    def queries(names):
        cache.ask_again()
        with noted() as asked:
            assert len(sold_plans.named(names)) == len(names)
        return len(asked)

    queries(plans[:1])  # the first also asks what fields there are
    assert queries(plans[1:2]) == queries(plans[2:])


@pytest.mark.parametrize(
    "doctype", ["Beesender Holiday Calendar", "Beesender Support Plan"]
)
def test_an_end_at_24_00_can_be_saved_again(doctype):
    """The host reads a whole day from the column, which it cannot store."""
    if doctype == "Beesender Support Plan":
        doc, table = make_client().plan.reload(), "holidays"
    else:
        doc, table = frappe.new_doc(doctype, title="Year's end"), "days"
    doc.append(
        table, {"date": "2026-12-31", "start_time": "13:00:00", "end_time": "24:00:00"}
    )
    doc.save()
    row = doc.reload().get(table)[0]
    # As it was stored before this was written otherwise.
    frappe.db.sql(
        f"update `tab{row.doctype}` set end_time = '24:00:00' where name = %s",  # noqa: S608
        row.name,
    )
    doc.reload().save()
    [stored] = doc.reload().get(table)
    assert str(stored.end_time) == "0:00:00"
