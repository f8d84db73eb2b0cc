"""Holiday calendars in Desk: what is imported, whom they concern, plans that take them."""

import json
from datetime import date

import frappe
import pytest

from beesender_support.api import desk
from beesender_support.screens.workspace import first_steps
from beesender_support.tests.site.calendars.test_shared_calendars import (
    CALENDAR,
    closed,
    make_calendar,
    plan_now,
    taking,
)
from beesender_support.tests.site.factories import (
    FRIDAY_1730,
    P1_INCIDENT,
    clock_at,
    make_agent,
    make_agent_manager,
    make_client,
    make_ticket,
    session_of,
)
from beesender_support.tests.site.statements import noted

OCTOBER = "2026-10-05T12:00:00+03:00"


def by_date(found: list[dict]) -> dict[date, dict]:
    return {each["date"]: each for each in found}


# What is imported


def test_an_estimated_feast_is_marked_and_named_plainly():
    found = by_date(desk.holidays_of("AE", 2027, 2027, language="en_US"))
    feast = found[date(2027, 3, 9)]
    assert (feast["description"], feast["is_estimated"]) == ("Eid al-Fitr", True)
    assert not found[date(2027, 1, 1)]["is_estimated"]


def test_a_saturday_worked_in_exchange_comes_as_a_working_day():
    found = by_date(desk.holidays_of("RU", 2021, 2021))
    worked = [day for day, each in found.items() if each["is_working_day"]]
    assert worked == [date(2021, 2, 20)]


def test_each_date_comes_once_and_only_of_the_years_asked_for():
    found = desk.holidays_of("CN", 2025, 2026)
    dates = [each["date"] for each in found]
    assert len(dates) == len(set(dates))
    assert {day.year for day in dates} == {2025, 2026}


def make_list_of_helpdesk() -> str:
    name = f"List {frappe.generate_hash(length=8)}"
    return (
        frappe.get_doc(
            {
                "doctype": "HD Service Holiday List",
                "holiday_list_name": name,
                "from_date": "2027-01-01",
                "to_date": "2027-12-31",
                "holidays": [
                    {"holiday_date": "2027-01-01", "description": "<p>New Year</p>"},
                    {"holiday_date": "2027-01-07", "description": "Christmas"},
                    {
                        "holiday_date": "2027-01-09",
                        "description": "Saturday",
                        "weekly_off": 1,
                    },
                ],
            }
        )
        .insert()
        .name
    )


def test_a_holiday_list_of_helpdesk_s_gives_its_dates_but_no_weekly_day_off():
    found = desk.holidays_of_list(make_list_of_helpdesk(), json.dumps(["2027-01-07"]))
    assert [
        (str(each["date"]), each["description"], each["is_present"]) for each in found
    ] == [("2027-01-01", "New Year", False), ("2027-01-07", "Christmas", True)]


# Whom it concerns


def test_a_calendar_says_which_plans_and_tickets_it_concerns():
    calendar = make_calendar({"date": "2027-01-01"})
    client = make_client(**taking(calendar))
    make_client()
    assert desk.calendar_concern(calendar.as_dict())["open_tickets"] == 0
    make_ticket(client, **P1_INCIDENT)
    make_ticket(client, **P1_INCIDENT, status="Closed")
    concern = desk.calendar_concern(calendar.as_dict())
    assert (concern["plans"], concern["open_tickets"]) == (1, 1)
    assert concern["named_plans"] == [
        {"name": client.plan.name, "customer": client.customer}
    ]


def test_a_calendar_offers_the_year_after_the_last_one_that_was_imported():
    calendar = make_calendar({"date": "2026-05-01"})
    assert desk.calendar_concern(calendar.as_dict())["next_year"] is None
    calendar.update({"country": "DE", "first_year": 2026, "last_year": 2026})
    assert desk.calendar_concern(calendar.as_dict())["next_year"] == 2027


def test_open_tickets_keep_their_terms_until_the_calendar_re_rates_them():
    calendar = make_calendar()
    client, other = make_client(**taking(calendar)), make_client(**taking(calendar))
    with clock_at(FRIDAY_1730):
        tickets = [make_ticket(each, **P1_INCIDENT) for each in (client, other)]
        outside = make_ticket(make_client(), **P1_INCIDENT)
        due = [each.response_by for each in tickets]
        calendar.append("days", {"date": "2026-11-23", "description": "Feast"})
        calendar.append("days", {"date": "2026-11-21", "is_working_day": 1})
        calendar.save()
        assert [each.reload().response_by for each in tickets] == due
        preview = desk.rerating_preview(CALENDAR, calendar.name)
        assert {row["ticket"] for row in preview["tickets"]} == {
            str(each.name) for each in tickets
        }
        assert preview["tickets"][0]["changes"] == ["Holidays", "Working days"]
        with pytest.raises(frappe.ValidationError, match="Say why"):
            rerate(calendar, preview, why=" ")
        with session_of(make_agent()), pytest.raises(frappe.PermissionError):
            rerate(calendar, preview)
        chosen = [*preview["tickets"], {"ticket": str(outside.name)}]
        done = rerate(calendar, {**preview, "tickets": chosen})
        assert done["rerated"] == 2
        before = outside.response_by
        assert outside.reload().response_by == before
        terms = json.loads(tickets[0].reload().beesender_terms)
    assert terms["format"] == 4
    assert terms["holidays"] == [["2026-11-23", "Feast", 0, 86400]]
    assert terms["working_days"] == [["2026-11-21", "", None, None]]


def rerate(calendar, preview: dict, why: str = "The year's dates") -> dict:
    return desk.rerate(
        CALENDAR,
        calendar.name,
        [row["ticket"] for row in preview["tickets"]],
        why,
        preview["basis"],
    )


# Plans that take it


OWN = [
    {"date": "2027-01-01", "description": "New year"},
    {"date": "2027-01-07", "start_time": "14:00:00", "end_time": "18:00:00"},
]


def test_plans_take_a_calendar_at_once_and_lose_no_date_of_their_own():
    calendar = make_calendar(
        {"date": "2027-01-01"}, {"date": "2027-01-07"}, {"date": "2027-05-01"}
    )
    same = make_client(holidays=[{"date": str(row.date)} for row in calendar.days])
    partly, without = make_client(holidays=OWN), make_client()
    names = [each.plan.name for each in (same, partly, without)]
    before = closed(same.plan.name)
    uses = {
        row["plan"]: row for row in desk.calendar_uses(calendar.name, names)["plans"]
    }
    counts = [
        tuple(uses[name][each] for each in ("moved", "kept", "gained"))
        for name in names
    ]
    assert counts == [(3, 0, 0), (1, 1, 1), (0, 0, 3)]
    assert desk.use_calendar(calendar.name, names) == 3
    assert closed(same.plan.name) == before
    assert closed(partly.plan.name) == [
        "2027-01-01",
        "2027-01-07 14:00-18:00",
        "2027-05-01",
    ]
    assert closed(without.plan.name) == before
    doc = frappe.get_doc("Beesender Support Plan", partly.plan.name)
    assert [str(row.date) for row in doc.holidays] == ["2027-01-07"]
    assert [row.calendar for row in doc.holiday_calendars] == [calendar.name]
    doc.save()
    # Twice changes nothing more.
    assert desk.use_calendar(calendar.name, names) == 0
    assert frappe.db.count("Beesender Plan Calendar", {"calendar": calendar.name}) == 3


def test_a_plan_that_is_wrong_already_is_left_out_and_named():
    calendar = make_calendar({"date": "2027-01-01"})
    broken, sound = make_client(), make_client()
    frappe.db.set_value("Beesender Support Plan", broken.plan.name, "tier", "Gone")
    names = [broken.plan.name, sound.plan.name]
    found = desk.calendar_uses(calendar.name, names)
    assert [each["plan"] for each in found["plans"]] == [sound.plan.name]
    assert broken.plan.name in found["left_out"]
    assert desk.use_calendar(calendar.name, names) == 1
    assert desk.calendar_uses(calendar.name, names[1:])["left_out"] is None


def test_a_form_that_was_open_meanwhile_is_refused():
    calendar = make_calendar({"date": "2027-01-01"})
    client = make_client(holidays=OWN)
    opened = frappe.get_doc("Beesender Support Plan", client.plan.name)
    desk.use_calendar(calendar.name, [client.plan.name])
    with pytest.raises(frappe.TimestampMismatchError):
        opened.save()


def test_only_who_may_change_plans_lets_them_take_a_calendar():
    calendar = make_calendar({"date": "2027-01-01"})
    client = make_client()
    for user in (make_agent(), client.email):
        with session_of(user):
            for ask in (desk.calendar_uses, desk.use_calendar):
                with pytest.raises(frappe.PermissionError):
                    ask(calendar.name, [client.plan.name])
    with session_of(make_agent_manager()):
        assert desk.use_calendar(calendar.name, [client.plan.name]) == 1
        with pytest.raises(frappe.DoesNotExistError):
            desk.use_calendar(calendar.name, ["PLAN-NONE"])
        for nothing in ("[]", '"x"', "{}"):
            with pytest.raises(frappe.ValidationError, match="at least one plan"):
                desk.use_calendar(calendar.name, nothing)


def test_fifty_plans_cost_as_many_statements_as_five():
    calendar = make_calendar({"date": "2027-01-01"})
    clients = [make_client(holidays=OWN[:1]).plan.name for _ in range(12)]

    def statements(names) -> int:
        with noted() as asked:
            assert desk.use_calendar(calendar.name, names) == len(names)
        return len(asked)

    statements(clients[:1])
    few, many = statements(clients[1:3]), statements(clients[3:])
    assert many <= few + 2


# The next year


def test_plans_and_calendars_that_lack_the_next_year_are_named_from_october():
    calendar = make_calendar({"date": "2026-05-01"})
    taken = make_client(**taking(calendar))
    own = make_client(holidays=[{"date": "2026-05-01"}])
    done = make_client(holidays=[{"date": "2026-05-01"}, {"date": "2027-05-01"}])
    with clock_at("2026-09-30T12:00:00+03:00"):
        assert not {taken.plan.name, own.plan.name} & set(
            desk.plans_without_year()["plans"]
        )
    with clock_at(OCTOBER):
        lacking = desk.plans_without_year()
        assert {taken.plan.name, own.plan.name} <= set(lacking["plans"])
        assert done.plan.name not in lacking["plans"]
        assert 2027 in lacking["years"]
        step = next(
            each for each in first_steps.evaluated() if each.code == "next_year"
        )
        said = [str(each.sentence) for each in step.missing]
        assert f"{calendar.name} lists no dates for 2027." in said
        assert f"{own.plan.name} of {own.customer} lists no dates for 2027." in said
        assert not [each for each in said if taken.plan.name in each]
        overview = desk.plan_overview(own.plan.as_dict())
        assert overview["year_missing"] == 2027
        missing = desk.calendar_concern(calendar.as_dict())["missing"]
        assert missing == "No dates are listed for 2027 yet."
    calendar.append("days", {"date": "2027-05-01"})
    calendar.save()
    plan_now(taken.plan.name)
    with clock_at(OCTOBER):
        assert taken.plan.name not in desk.plans_without_year()["plans"]


@pytest.mark.parametrize("who", ["guest", "client"])
def test_guests_and_clients_are_told_nothing_of_calendars(who):
    calendar, client = make_calendar({"date": "2027-01-01"}), make_client()
    holiday_list = make_list_of_helpdesk()
    with session_of("Guest" if who == "guest" else client.email):
        for ask in (
            lambda: desk.calendar_concern(calendar.as_dict()),
            lambda: desk.plans_without_year(),
            lambda: desk.holidays_of_list(holiday_list),
        ):
            with pytest.raises(frappe.PermissionError):
                ask()
