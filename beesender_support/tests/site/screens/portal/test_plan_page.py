"""The page "My support plan": what it says, and to whom."""

import re
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import frappe
import pytest
from frappe.utils import set_request
from frappe.website.serve import get_response

from beesender_support.api import portal
from beesender_support.screens.portal import plan_page
from beesender_support.tests.site.factories import (
    clock_at,
    let_managers_swap_seats,
    make_agent,
    make_client,
    make_contact,
    make_customer,
    make_manager,
    make_plan,
    session_of,
)

MONDAY_NOON = "2026-11-23T12:00+03:00"


def page_of(user: str, **asked: str) -> dict:
    with session_of(user):
        return plan_page.page_for(user, **asked)


def open_page(user: str, language: str = "en", **asked: str) -> tuple[int, str]:
    """Status and HTML of the page, as the website answers."""
    with session_of(user), patch.object(frappe.local, "lang", language):
        set_request(method="GET", path="/support-plan", query_string=asked)
        frappe.local.form_dict = frappe._dict(asked)
        response = get_response()
    return response.status_code, response.get_data(as_text=True)


def names_of(seats: list[dict]) -> list[str]:
    return [seat["name"] for seat in seats]


# What it says


def test_a_seated_contact_sees_what_was_promised():
    client = make_client(ends_on="2030-12-31")
    with clock_at(MONDAY_NOON):
        page = page_of(client.email)
    assert (page["state"], page["customer"], page["tier"]) == (
        "plan",
        client.customer,
        "Basic",
    )
    assert page["validity"] == "From January 1, 2020 to December 31, 2030"
    assert page["concerns"] == []
    assert page["opening"]["sentence"] == "Support is open now, until 18:00."
    assert [each["target"] for each in page["targets"]] == ["4 h", "8 h", "8 h", "8 h"]
    assert page["targets"][0]["meaning"].startswith("The system is fully down")
    assert (page["sold"], page["further_meanings"]) == ([], [])
    assert page["answered_by"] == ["portal", "e-mail"]
    assert page["next_tier"]["name"] == "Business"
    assert "Answers by mobile phone" in page["next_tier"]["adds"]
    assert page["unpromised"] == ["Paid enhancement request"]


def test_what_is_sold_besides_the_first_answer_has_columns_of_its_own():
    tier = frappe.get_doc("Beesender Tier", "Basic")
    tier.response_targets[0].solution_hours = 9
    tier.save()
    client = make_client()
    page = page_of(client.email)
    assert page["sold"] == ["First answer within", "Solution within"]
    assert page["targets"][0]["lengths"] == ["4 h", "9 h"]
    assert page["targets"][1]["lengths"] == ["8 h", None]
    [meaning] = page["further_meanings"]
    assert "we wait for you does not count" in meaning
    status, html = open_page(client.email)
    assert status == 200
    assert "Solution within" in html
    assert "Next answer within" not in html


def test_a_tier_that_sells_solutions_alone_shows_no_first_answers():
    tier = frappe.get_doc("Beesender Tier", "Basic")
    for row in tier.response_targets:
        row.hours, row.solution_hours = 0, 9
    tier.save()
    page = page_of(make_client().email)
    assert page["sold"] == ["Solution within"]
    assert [each["lengths"] for each in page["targets"]] == [["9 h"]] * 4


@pytest.mark.parametrize(
    ("stamp", "wait", "sentence"),
    [
        ("2026-11-23T06:50+03:00", "2 h 10 min", "Support opens today at 09:00."),
        (
            "2026-11-20T18:00+03:00",
            "2 d 15 h",
            "Support opens on Mon, Nov 23 at 09:00.",
        ),
        ("2026-11-23T08:59:30+03:00", "1 min", "Support opens today at 09:00."),
    ],
)
def test_when_support_is_closed_the_page_says_how_long(stamp, wait, sentence):
    client = make_client()
    with clock_at(stamp):
        opening = page_of(client.email)["opening"]
    assert not opening["is_open"]
    assert (opening["wait"], opening["sentence"]) == (wait, sentence)


def test_the_week_is_that_of_the_plan_with_its_holidays():
    holidays = [
        {"date": "2026-11-25", "description": "Founders' day"},
        {
            "date": "2026-11-26",
            "description": "Short day",
            "start_time": "15:00:00",
            "end_time": "00:00:00",
        },
        {"date": "2026-12-02", "description": "Next week"},
    ]
    client = make_client(time_zone="GMT+10", holidays=holidays)
    with clock_at(MONDAY_NOON):
        week = page_of(client.email)["week"]
    said = [
        (day["name"], [hours["words"] for hours in day["hours"]], day["holidays"])
        for day in week
    ]
    nine_to_six = ["09:00\u201318:00"]
    assert said == [
        ("Mon, Nov 23", nine_to_six, []),
        ("Tue, Nov 24", nine_to_six, []),
        ("Wed, Nov 25", [], ["Founders' day"]),
        ("Thu, Nov 26", ["09:00\u201315:00"], ["Short day"]),
        ("Fri, Nov 27", nine_to_six, []),
        ("Sat, Nov 28", [], []),
        ("Sun, Nov 29", [], []),
    ]
    assert [day["name"] for day in week if day["is_today"]] == ["Mon, Nov 23"]
    assert week[0]["hours"][0]["opens"] == "2026-11-22T23:00:00+00:00"


def test_the_whole_page_is_in_the_reader_s_language():
    client = make_client(status="Suspended")
    status, html = open_page(client.email, language="ru")
    assert status == 200
    assert '<html lang="ru" dir="ltr">' in html
    assert "С 1 января 2020" in html
    assert "План приостановлен" in html
    said = re.sub(r"<[^>]*>|\s+", " ", html.partition("<body")[2])
    english = set(re.findall(r"\b(?:plan|support|request|hours|account)\w*\b", said))
    assert not english


def test_what_people_wrote_is_shown_and_never_run():
    client = make_client(holidays=[{"date": "2026-11-25", "description": "R&D day"}])
    frappe.db.set_value("Contact", client.contact, "full_name", "<i>Jo</i> & Co")
    with clock_at(MONDAY_NOON):
        _, html = open_page(client.email)
    assert "&lt;i&gt;Jo&lt;/i&gt; &amp; Co" in html
    assert "R&amp;D day" in html
    assert "<i>Jo" not in html


def test_the_success_manager_is_named_with_ways_to_reach_them():
    manager = make_agent()
    frappe.db.set_value("User", manager, "mobile_no", "+7 495 123-45-67")
    frappe.clear_cache(user=manager)
    client = make_client(tier="Premium", success_manager=manager)
    _, html = open_page(client.email)
    assert f'href="mailto:{manager}"' in html
    assert 'href="tel:+7495123-45-67"' in html
    assert frappe.db.get_value("User", manager, "full_name") in html


# States


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ({"starts_on": "2030-01-01"}, "This plan starts on January 1, 2030."),
        ({"status": "Suspended"}, "This plan is suspended,"),
        ({"status": "Expired"}, "This plan has ended,"),
        ({"ends_on": "2020-12-31"}, "This plan has ended,"),
    ],
)
def test_a_plan_that_is_not_in_force_says_why_and_promises_no_opening(plan, said):
    client = make_client(**plan)
    page = page_of(client.email)
    assert page["opening"] is None
    (concern,) = page["concerns"]
    assert concern.startswith(said)


def test_a_colleague_without_a_seat_learns_who_may_ask_and_who_gives_seats():
    client = make_client()
    make_contact(client.customer, "colleague@example.com", user=True)
    let_managers_swap_seats()
    seated = frappe.db.get_value("Contact", client.contact, "full_name")
    by_account_manager, by_manager = (
        "Your account manager changes authorized contacts. Please ask them.",
        f"At {client.customer} these people change authorized contacts: {seated}.",
    )
    concerns = page_of("colleague@example.com")["concerns"]
    assert concerns[0].startswith("You are not an authorized contact of this plan")
    assert concerns[1] == f"At {client.customer} these people may ask: {seated}."
    assert concerns[2] == by_account_manager
    make_manager(client)
    assert page_of("colleague@example.com")["concerns"][2] == by_manager
    let_managers_swap_seats(False)
    assert page_of("colleague@example.com")["concerns"][2] == by_account_manager


@pytest.mark.parametrize(
    ("hold", "said"),
    [(0, "no plan that promises a response time"), (1, "Requests by e-mail wait")],
)
def test_a_customer_without_a_plan_learns_what_becomes_of_requests(hold, said):
    settings = frappe.get_doc("Beesender Support Settings")
    settings.hold_unplanned = hold
    settings.save()
    customer = make_customer()
    make_contact(customer, "planless@example.com", user=True)
    make_plan(customer, [], status="Draft")
    status, html = open_page("planless@example.com")
    assert status == 200
    assert f"{customer} has no support plan" in html
    assert said in html


def test_a_user_who_is_nobody_s_contact_learns_what_to_do():
    client = make_client()
    customer = frappe.get_doc("HD Customer", client.customer)
    frappe.delete_doc("Beesender Support Plan", client.plan.name)
    customer.contacts = []
    customer.save()
    assert page_of(client.email)["state"] == "no_customer"
    assert "does not belong to a customer yet" in open_page(client.email)[1]


def test_several_plans_and_customers_are_chosen_by_a_link():
    client = make_client(ends_on="2020-12-31")
    now = make_plan(
        client.customer, [client.contact], tier="Premium", starts_on="2021-01-01"
    )
    other = make_customer()
    members = frappe.get_doc("HD Customer", other)
    members.append("contacts", {"contact_name": client.contact})
    members.save()

    page = page_of(client.email)
    assert page["plan"] == now.name
    assert len(page["links"]) == 3
    assert [each["is_shown"] for each in page["links"]].count(True) == 1
    shown = []
    for link in page["links"]:
        asked = {k: v[0] for k, v in parse_qs(urlsplit(link["address"]).query).items()}
        followed = page_of(client.email, **asked)
        shown.append((followed["state"], followed.get("plan")))
        marked = [each for each in followed["links"] if each["is_shown"]]
        assert [each["address"] for each in marked] == [link["address"]]
    assert sorted(shown, key=str) == sorted(
        [("plan", client.plan.name), ("plan", now.name), ("no_plan", None)], key=str
    )


# Who may see it


def test_a_guest_is_sent_to_log_in_and_back():
    set_request(method="GET", path="/support-plan", query_string={"plan": "A & B"})
    with session_of("Guest"):
        response = get_response()
    assert response.status_code == 302
    target = urlsplit(response.headers["Location"])
    assert target.path == "/login"
    back = parse_qs(target.query)["redirect-to"][0]
    assert urlsplit(back).path == "/support-plan"
    assert parse_qs(urlsplit(back).query) == {"plan": ["A & B"]}


def test_a_client_sees_nothing_of_another_customer_by_any_address():
    secret = make_client(tier="Premium")
    client = make_client()
    answers = set()
    for asked in (
        {"customer": secret.customer},
        {"plan": secret.plan.name},
        {"customer": secret.customer, "plan": secret.plan.name},
        {"customer": client.customer, "plan": secret.plan.name},
        {"customer": secret.customer, "plan": client.plan.name},
        # Whether a customer exists is a secret, too.
        {"customer": "Nobody"},
        {"plan": "Nothing"},
    ):
        assert page_of(client.email, **asked)["state"] == "not_yours"
        status, html = open_page(client.email, **asked)
        assert status == 403
        answers.add(re.sub(r'data-(csrf-token|now)="[^"]+"', "", html))
    assert len(answers) == 1
    (answer,) = answers
    for kept in (secret.customer, secret.plan.name, secret.contact, "Premium"):
        assert kept not in answer


def not_a_member_any_more(customer, contact):
    """Somebody took them off the customer, whose plan still seats them."""
    frappe.db.delete(
        "HD Customer Member", {"parent": customer, "contact_name": contact}
    )


def test_a_seated_contact_of_another_company_sees_that_plan_alone():
    client = make_client()
    helper = make_client()
    client.plan.append("authorized_contacts", {"contact": helper.contact})
    client.plan.save()
    not_a_member_any_more(client.customer, helper.contact)
    page = page_of(helper.email, customer=client.customer)
    [concern] = page["concerns"]
    assert page["plan"] == client.plan.name
    assert f"not among the contacts of {client.customer}" in concern
    assert len(page["links"]) == 2
    row = client.plan.reload().authorized_contacts[1]
    row.from_date, row.to_date = "2020-01-01", "2020-01-02"
    client.plan.save()
    page = page_of(helper.email, customer=client.customer)
    assert page["state"] == "not_yours"


def test_an_agent_is_told_whose_page_it_is_and_may_look_at_a_client_s():
    client, agent = make_client(), make_agent()
    assert page_of(agent)["state"] == "agent"
    page = page_of(agent, customer=client.customer)
    assert (page["plan"], page["concerns"], page["may_swap_seats"]) == (
        client.plan.name,
        [],
        False,
    )
    assert page_of(agent, customer="Nobody")["state"] == "no_plan"
    other = make_client()
    asked = {"customer": client.customer, "plan": other.plan.name}
    assert page_of(agent, **asked)["state"] == "not_yours"


# Seats


def test_a_manager_gives_and_ends_seats_from_what_the_page_offers():
    client = make_client()
    colleague = make_contact(client.customer, "colleague@example.com", user=True)
    make_manager(client)
    let_managers_swap_seats(False)
    assert not page_of(client.email)["may_swap_seats"]
    let_managers_swap_seats()
    page = page_of(client.email)
    assert page["may_swap_seats"]
    assert [each["contact"] for each in page["candidates"]] == [colleague]
    with session_of(client.email):
        portal.give_seat(page["plan"], colleague)
    page = page_of(client.email)
    assert [each["contact"] for each in page["seats"]] == [client.contact, colleague]
    assert (page["seats_used"], page["free_seats"], page["candidates"]) == (2, 0, [])
    with session_of(client.email):
        portal.end_seat(page["plan"], colleague)
    page = page_of(client.email)
    assert [each["contact"] for each in page["seats"]] == [client.contact]
    assert page_of("colleague@example.com")["may_swap_seats"] is False


def test_seats_of_a_plan_that_has_ended_are_not_changed():
    client = make_client(ends_on="2020-12-31")
    colleague = make_contact(client.customer)
    make_manager(client)
    let_managers_swap_seats()
    assert not page_of(client.email)["may_swap_seats"]
    with (
        session_of(client.email),
        pytest.raises(frappe.ValidationError, match="This plan has ended"),
    ):
        portal.give_seat(client.plan.name, colleague)


def test_a_suspended_and_a_later_seat_say_so():
    client = make_client()
    later = make_contact(client.customer)
    client.plan.append(
        "authorized_contacts", {"contact": later, "from_date": "2090-01-01"}
    )
    client.plan.authorized_contacts[0].is_suspended = 1
    client.plan.save()
    notes = [seat["note"] for seat in page_of(client.email)["seats"]]
    assert notes == [
        "suspended: more contacts than the plan includes",
        "from January 1, 2090",
    ]
