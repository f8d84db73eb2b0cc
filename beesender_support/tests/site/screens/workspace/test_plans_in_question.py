"""The first steps and the checks of people look at few plans, and say the same as if they
looked at all."""

from collections import Counter

import frappe
import pytest
from frappe.utils import add_days, nowdate

from beesender_support.enforcement.calendars import next_years
from beesender_support.enforcement.lint import checks
from beesender_support.policy.lint import people as of_people
from beesender_support.policy.plans.next_year import year_missing_of
from beesender_support.policy.readiness import steps as readiness
from beesender_support.records.lint import people
from beesender_support.records.site_time import now
from beesender_support.records.sold import sold_plans
from beesender_support.screens.workspace import (
    first_steps,
    plans_in_question,
    statistics,
)
from beesender_support.tests.site.factories import (
    clock_at,
    make_client,
    make_contact,
    make_customer,
    make_plan,
)

PLAN, SEAT = "Beesender Support Plan", "Beesender Authorized Contact"


def seat(client) -> str:
    return frappe.db.get_value(SEAT, {"parent": client.plan.name})


def without_user(client):
    frappe.db.set_value("Contact", client.contact, "user", None)


def disabled(client):
    frappe.db.set_value("User", client.email, "enabled", 0)


def stranger(client):
    frappe.db.delete("HD Customer Member", {"contact_name": client.contact})


def begins_tomorrow(client):
    frappe.db.set_value(SEAT, seat(client), "from_date", add_days(nowdate(), 1))


def begins_today(client):
    frappe.db.set_value(SEAT, seat(client), "from_date", nowdate())


def ended_yesterday(client):
    frappe.db.set_value(SEAT, seat(client), "to_date", add_days(nowdate(), -1))


def suspended(client):
    frappe.db.set_value(SEAT, seat(client), "is_suspended", 1)


def without_seats(client):
    frappe.db.delete(SEAT, {"parent": client.plan.name})


def seated_twice(client):
    row = frappe.get_doc(SEAT, seat(client)).as_dict()
    frappe.get_doc({**row, "name": None, "idx": 2}).db_insert()


def overlapping(client):
    other = make_plan(make_customer(), [])
    frappe.db.set_value(PLAN, other.name, "customer", client.customer)


def address_twice(client):
    other = frappe.get_doc("Contact", make_contact(client.customer))
    frappe.db.set_value(
        "Contact Email", {"parent": other.name}, "email_id", client.email.upper()
    )


def ended(client):
    without_user(client)
    frappe.db.set_value(PLAN, client.plan.name, "ends_on", add_days(nowdate(), -1))


def draft(client):
    without_user(client)
    frappe.db.set_value(PLAN, client.plan.name, "status", "Draft")


def nothing(client):
    pass


WRONG = (
    without_user,
    disabled,
    stranger,
    begins_tomorrow,
    begins_today,
    ended_yesterday,
    suspended,
    without_seats,
    seated_twice,
    overlapping,
    address_twice,
    ended,
    draft,
    nothing,
)


@pytest.fixture
def site_with_all():
    for make in WRONG:
        make(make_client(tier="Business"))


def said(step):
    return Counter((str(each.sentence), each.record) for each in step.missing)


def by_code(code):
    return next(each for each in first_steps.evaluated() if each.code == code)


@pytest.mark.usefixtures("site_with_all")
def test_the_steps_say_what_all_plans_would_say():
    at, plans = now(), statistics.plans()
    of_all = readiness.contacts_step(
        plans, people.contacts_with_access(), at, people.members_by_customer()
    )
    assert said(by_code(readiness.CONTACTS)) == said(of_all)
    assert len(of_all.missing) >= 8
    of_all = readiness.plans_step(plans, at)
    assert said(by_code(readiness.PLANS)) == said(of_all)
    assert of_all.missing
    assert plans_in_question.tiers_of_plans() == {plan.tier.name for plan in plans}


@pytest.mark.usefixtures("site_with_all")
def test_the_checks_find_what_they_would_find_of_all_plans():
    at = now()
    plans, _unreadable = sold_plans.readable()
    members, access = people.members_by_customer(), people.contacts_with_access()
    of_all = [
        *(
            found
            for plan in plans
            for found in (
                *of_people.check_members(plan, members.get(plan.customer, ()), at),
                *of_people.check_access(plan, access, at),
            )
        ),
        *of_people.check_addresses(plans, people.contacts_by_address(), at),
    ]
    found = checks.run(checks.PEOPLE, at)
    assert Counter(each.key for each in found) == Counter(each.key for each in of_all)
    assert {each.code for each in found} == {
        "contact_not_a_member",
        "contact_without_portal_user",
        "address_twice",
    }


def test_plans_that_are_all_right_are_not_read():
    for _number in range(3):
        make_client()
    assert len(plans_in_question.plans_of_steps(now()).seated) == 1


def test_of_very_many_it_is_said_that_there_are_more(monkeypatch):
    monkeypatch.setattr(plans_in_question, "MOST_LOOKED_AT", 6)
    for _number in range(8):
        without_user(make_client())
    step = first_steps.as_shown(by_code(readiness.CONTACTS))
    assert step["more"] in ("and at least 1 more", "and at least 2 more")
    assert len(step["missing"]) == 5


def test_no_more_of_a_code_are_looked_for_than_are_kept(monkeypatch):
    monkeypatch.setattr(checks, "MOST_OF_A_CODE", 2)
    monkeypatch.setattr(checks, "LOT", 2)
    for _number in range(5):
        without_user(make_client())
    read = []
    readable = sold_plans.readable
    monkeypatch.setattr(
        sold_plans,
        "readable",
        lambda names=None: (read.extend(names or ()), readable(names))[1],
    )
    assert len(checks.run(checks.PEOPLE, now())) == 2
    assert len(read) == 2


@pytest.mark.parametrize("stamp", ["2026-10-01T00:30+00:00", "2026-12-31T23:30+00:00"])
def test_plans_that_lack_a_year_are_those_of_all(stamp):
    for year in (2024, 2025, 2026, 2027):
        plan = make_client(time_zone="GMT+10").plan
        plan.append("holidays", {"date": f"{year}-05-01", "description": "May"})
        plan.save()
    with clock_at(stamp):
        at = now()
        plans, _unreadable = sold_plans.readable()
        of_all = [(each.name, year_missing_of(each, each.today(at))) for each in plans]
        found = [(each.name, year) for each, year in next_years.plans_without_year(at)]
    assert sorted(found) == sorted((name, year) for name, year in of_all if year)
    assert found
