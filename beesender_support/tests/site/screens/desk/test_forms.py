"""What the forms of tiers and plans are told before they are saved."""

from datetime import date

import frappe
import pytest
from frappe.utils import add_days, getdate

from beesender_support.api import desk
from beesender_support.tests.site.factories import (
    clock_at,
    make_agent,
    make_client,
    make_contact,
    make_customer,
    make_plan,
    session_of,
)

PLAN, TIER = "Beesender Support Plan", "Beesender Tier"
FRIDAY = "2026-11-20T17:30"


def tier_form(**overrides):
    """The values of a tier's form, as the browser sends them."""
    values = frappe.get_doc(TIER, "Basic").as_dict()
    return frappe.as_json({**values, **overrides})


def plan_form(plan, **overrides):
    return frappe.as_json({**plan.as_dict(), **overrides})


def window(weekday, start, end):
    return {"weekday": weekday, "start_time": start, "end_time": end}


# Tiers


def test_a_tier_is_previewed_by_the_form_and_not_by_what_is_saved():
    preview = desk.tier_preview(tier_form(around_the_clock=1), "GMT+3", FRIDAY)
    assert [day["hours"] for day in preview["week"]] == ["Around the clock"] * 7
    first = preview["due"][0]
    assert (first["priority"], first["hours"]) == ("P1", 4)
    assert first["due_local"].isoformat() == "2026-11-20T21:30:00"
    assert not frappe.get_doc(TIER, "Basic").around_the_clock


def test_a_preview_without_a_zone_or_time_is_for_now_in_the_first_zone_sold():
    with clock_at("2026-11-20T16:00:00+00:00"):
        preview = desk.tier_preview(tier_form())
    assert preview["time_zone"] == "GMT+1"
    assert preview["starts_at"].isoformat() == "2026-11-20T17:00:00"


def test_a_new_tier_with_rows_only_begun_is_previewed_without_them():
    preview = desk.tier_preview(
        {
            "name": "new-beesender-tier-1",
            "__islocal": 1,
            "support_windows": [window("Monday", "22:00", "06:00"), {"idx": 2}],
            "response_targets": [{"priority": "P1", "hours": "2"}, {"idx": 2}],
        },
        "GMT+3",
        FRIDAY,
    )
    assert preview["refusal"] is None
    assert [day["hours"] for day in preview["week"]][:2] == [
        "22:00-24:00",
        "00:00-06:00",
    ]
    hours = {each["priority"]: each["hours"] for each in preview["due"]}
    assert hours == {"P1": 2, "P2": None, "P3": None, "P4": None}


def test_what_is_sold_besides_the_first_answer_is_previewed_beside_it():
    targets = [
        {"priority": "P1", "hours": 2, "solution_hours": "8"},
        {"priority": "P2", "solution_hours": 9, "next_answer_hours": 0},
    ]
    preview = desk.tier_preview(tier_form(response_targets=targets), "GMT+3", FRIDAY)
    assert preview["refusal"] is None
    assert preview["further_targets"] == ["Solution"]
    due = {each["priority"]: each for each in preview["due"]}
    [solution] = due["P1"]["further"]
    assert solution["length"] == "8 h"
    assert solution["due_local"].isoformat() == "2026-11-23T16:30:00"
    assert due["P2"]["hours"] is None
    assert [each["hours"] for each in due["P2"]["further"]] == [9]
    assert due["P3"]["further"] == [{"hours": None}]


def test_as_shipped_nothing_but_the_first_answer_is_previewed():
    preview = desk.tier_preview(tier_form())
    assert preview["further_targets"] == []
    assert all(each["further"] == [] for each in preview["due"])


@pytest.mark.parametrize(
    ("form", "match"),
    [
        (
            {"response_targets": [{"priority": "P1", "solution_hours": 9e9}]},
            "Solution, support hours P1: 9000000000.0 h is not a target",
        ),
        (
            {"response_targets": [{"priority": "P1", "next_answer_hours": -1}]},
            "Next answer, support hours P1: -1.0 h is not a target",
        ),
        (
            {
                "support_windows": [
                    window("Monday", "09:00", "18:00"),
                    window("Monday", "17:00", "20:00"),
                ]
            },
            "Support windows: Monday 17:00-20:00 overlaps Monday 09:00-18:00",
        ),
        ({"support_windows": []}, "no working time is left"),
        ({"support_windows": [window("Monday", "9", "half past")]}, "not valid"),
        ({"response_targets": [{"priority": "P1", "hours": None}]}, "more than zero"),
        ({"rank": "high", "fee_percent": "much"}, "not valid"),
    ],
)
def test_what_is_off_is_said_before_saving(form, match):
    preview = desk.tier_preview(tier_form(**form))
    assert match in preview["refusal"]
    assert preview["due"] == []
    assert len(preview["week"]) == 7


def test_windows_that_overlap_are_drawn_all_the_same():
    windows = [window("Monday", "09:00", "18:00"), window("Monday", "17:00", "20:00")]
    preview = desk.tier_preview(tier_form(support_windows=windows))
    monday = preview["week"][0]
    assert monday["hours"] == "09:00-17:00, 17:00-18:00 (twice), 18:00-20:00"
    assert [piece["overlaps"] for piece in monday["pieces"]] == [False, True, False]


@pytest.mark.parametrize(
    ("zone", "starts_at", "match"),
    [
        ("Mars/Phobos", None, "Time zone: Mars/Phobos is not a time zone"),
        ("GMT+3", "yesterday", "yesterday is not a date and time"),
        ("GMT+3", "9999-01-01T00:00", "outside the years"),
    ],
)
def test_a_zone_or_time_that_cannot_be_is_said(zone, starts_at, match):
    preview = desk.tier_preview(tier_form(), zone, starts_at)
    assert match in preview["refusal"]


def test_what_is_no_form_is_refused_with_a_sentence():
    for values in ("Basic", "[1]"):
        with pytest.raises(frappe.ValidationError, match="not the values of a form"):
            desk.tier_preview(values)


def test_a_tier_names_the_plans_it_concerns():
    client = make_client(tier="Basic")
    ended = make_client(tier="Basic", ends_on="2020-12-31")
    named = {plan.name for plan in desk.tier_concern("Basic")["named_plans"]}
    assert client.plan.name in named
    assert ended.plan.name not in named


# Plans


def test_the_fee_is_counted_as_it_is_typed():
    client = make_client(tier="Basic", licence_price=100)
    typed = plan_form(client.plan, licence_price="1234.54", tier="Business")
    assert desk.plan_overview(typed)["fee"] == {"percent": 12, "amount": 148.14}
    assert client.plan.reload().fee == 5


def test_a_plan_only_begun_is_not_judged_yet():
    overview = desk.plan_overview({"name": "new-plan-1", "__islocal": 1})
    assert overview == {"refusal": None, "fee": None}
    unknown = {"tier": "Platinum", "customer": "Nobody", "time_zone": "GMT+3"}
    assert desk.plan_overview({**unknown, "starts_on": "2026-01-01"})["fee"] is None


def test_a_plan_that_the_policy_refuses_says_why():
    plan = make_client().plan
    overview = desk.plan_overview(plan_form(plan, time_zone="Mars/Phobos"))
    assert "Mars/Phobos is not a time zone" in overview["refusal"]
    overview = desk.plan_overview(plan_form(plan, ends_on="2019-12-31"))
    assert "Ends on" in overview["refusal"]


@clock_at("2026-11-20T12:00:00+03:00")  # the same day in the site's zone and the plan's
def test_every_seat_says_what_is_off_with_it():
    customer, today = make_customer(), getdate()
    sound = make_contact(customer, user=True)
    leaving = make_contact(customer)
    stranger = make_contact(make_customer())
    plan = make_plan(customer, [sound, leaving], tier="Basic")
    seats = [
        {"contact": sound},
        {"contact": leaving, "to_date": add_days(today, 3)},
        {"contact": stranger, "from_date": today},
        {"idx": 4},
    ]
    overview = desk.plan_overview(plan_form(plan, authorized_contacts=seats))
    warnings = {each["contact"]: each["warnings"] for each in overview["seats"]}
    assert warnings == {
        sound: (),
        leaving: ("ends_soon", "no_portal_user"),
        stranger: ("over_limit", "no_portal_user", "not_a_member"),
    }
    assert "3 at a time, but Basic includes 2" in overview["seats_refusal"]
    assert overview["without_portal_access"] == sorted([leaving, stranger])


def test_a_timeline_shows_the_customers_other_plans_and_warns_of_an_overlap():
    client = make_client(starts_on="2025-01-01", ends_on="2025-12-31")
    with clock_at("2026-06-01T12:00:00+03:00"):
        following = make_plan(
            client.customer, [], starts_on="2026-01-01", ends_on="2026-06-20"
        )
        draft = make_plan(client.customer, [], status="Draft", starts_on="2027-01-01")
        timeline = desk.plan_overview(plan_form(following))["timeline"]
        clash = desk.plan_overview(plan_form(following, starts_on="2025-12-31"))
    shown = [
        (plan["name"], plan["state"], plan["is_this"]) for plan in timeline["plans"]
    ]
    assert shown == [
        (client.plan.name, "ended", False),
        (following.name, "in_force", True),
    ]
    assert timeline["today"] == date(2026, 6, 1)
    assert timeline["contract_years"] == (date(2026, 1, 1),)
    [ends_soon] = timeline["warnings"]
    assert "days left: 19" in ends_soon
    assert f"{client.plan.name} is in force" in clash["timeline"]["warnings"][0]
    assert draft.name not in [plan["name"] for plan in timeline["plans"]]


# Public holidays


def test_countries_come_with_their_regions_and_languages():
    germany = next(each for each in desk.holiday_countries() if each["country"] == "DE")
    assert germany["name"] == "Germany"
    assert {"subdivision": "BY", "name": "Bayern"} in germany["subdivisions"]
    assert "de" in [each["language"] for each in germany["languages"]]


def test_holidays_of_a_region_are_listed_and_those_of_the_plan_marked():
    found = desk.holidays_of(
        "DE", 2026, 2027, "BY", "de", present=frappe.as_json(["2026-01-06"])
    )
    by_date = {each["date"]: each for each in found}
    epiphany = by_date[date(2026, 1, 6)]
    assert epiphany["description"] == "Heilige Drei Könige"
    assert epiphany["is_present"]
    assert not by_date[date(2027, 1, 6)]["is_present"]
    whole_country = desk.holidays_of("DE", 2026, 2026)
    assert date(2026, 1, 6) not in [each["date"] for each in whole_country]


@pytest.mark.parametrize(
    ("asked", "match"),
    [
        (("Atlantis", 2026, 2026), "Choose a country"),
        (("DE", 2026, 2026, "Middle-earth"), "Choose a region of DE"),
        (("DE", 2027, 2026), "one year or up to 10"),
        (("DE", 1990, 2090), "one year or up to 10"),
    ],
)
def test_a_country_region_or_year_that_is_not_known_is_refused(asked, match):
    with pytest.raises(frappe.ValidationError, match=match):
        desk.holidays_of(*asked)


# Permissions


@pytest.mark.parametrize("who", ["guest", "client"])
def test_guests_and_clients_are_told_nothing(who):
    client = make_client()
    form = plan_form(client.plan)
    tier = tier_form()
    with session_of("Guest" if who == "guest" else client.email):
        for ask in (
            lambda: desk.tier_preview(tier),
            lambda: desk.plan_overview(form),
            lambda: desk.tier_concern("Basic"),
            lambda: desk.time_zones(),
            lambda: desk.holiday_countries(),
            lambda: desk.holidays_of("DE", 2026, 2026),
        ):
            with pytest.raises(frappe.PermissionError):
                ask()


def test_an_agent_may_look_at_a_plan_but_not_import_holidays():
    form = plan_form(make_client().plan)
    with session_of(make_agent()):
        assert desk.plan_overview(form)["is_in_force"]
        with pytest.raises(frappe.PermissionError):
            desk.holidays_of("DE", 2026, 2026)
