"""The list of all requests of a customer: what its manager sees, and nobody else."""

import csv
import io
import re
from unittest.mock import patch
from urllib.parse import parse_qsl, urlsplit

import frappe
import pytest
from frappe.utils import set_request
from frappe.website.serve import get_response

from beesender_support.api import portal
from beesender_support.screens.portal import company_requests
from beesender_support.tests.site.factories import (
    clock_at,
    make_agent,
    make_client,
    make_contact,
    make_customer,
    make_manager,
    make_p1,
    make_ticket,
    session_of,
)


@pytest.fixture
def managed():
    """A customer with a manager who has a seat, and a colleague."""
    client = make_manager(make_client())
    client.colleague = make_contact(
        client.customer, f"colleague.{client.email}", user=True
    )
    return client


def page_of(user: str, **asked: str) -> dict:
    with session_of(user):
        return company_requests.page_for(user, asked)


def numbers_of(client: dict, **asked: str) -> list[str]:
    page = page_of(client.email, customer=client.customer, **asked)
    return [each["number"] for each in page["requests"]]


def open_page(user: str, language: str = "en", **asked: str) -> tuple[int, str]:
    with session_of(user), patch.object(frappe.local, "lang", language):
        set_request(method="GET", path="/support-plan/requests", query_string=asked)
        frappe.local.form_dict = frappe._dict(asked)
        response = get_response()
    return response.status_code, response.get_data(as_text=True)


def file_of(user: str, **asked: str) -> list[list[str]]:
    with session_of(user):
        frappe.local.form_dict = frappe._dict(asked)
        portal.company_requests(asked.get("customer", ""))
    assert frappe.response.pop("type") == "download"
    text = frappe.response.pop("filecontent").decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def by_colleague(client: dict, **overrides: object):
    return make_ticket(
        client,
        contact=client.colleague,
        raised_by=f"colleague.{client.email}",
        **overrides,
    )


# What a manager sees


def test_a_manager_sees_the_requests_of_all_people_the_newest_first(managed):
    own, other = make_ticket(managed), by_colleague(managed)
    page = page_of(managed.email)
    assert page["customer"] == managed.customer
    assert [each["number"] for each in page["requests"]] == [other.name, own.name]
    assert page["requests"][0]["person"].startswith("Colleague")
    assert page["requests"][1]["promise"]
    assert page["found"] == "Requests found: 2"
    assert page["range_shown"] == "1–2 of 2"
    status, html = open_page(managed.email)
    assert status == 200
    assert f"/helpdesk/my-tickets/{own.name}" in html


def test_each_filter_narrows_the_list(managed):
    with clock_at("2026-11-20T12:00:00+03:00"):
        p1 = make_p1(managed, subject="Operators see no chats")
    with clock_at("2026-10-05T12:00:00+03:00"):
        question = by_colleague(
            managed, ticket_type="Consultation", subject="How to add 100% of <b>x</b>"
        )
    assert numbers_of(managed, person=managed.colleague) == [question.name]
    assert numbers_of(managed, priority="P1") == [p1.name]
    assert numbers_of(managed, category="Consultation") == [question.name]
    assert numbers_of(managed, month="2026-11") == [p1.name]
    assert numbers_of(managed, month="2026-10") == [question.name]
    assert numbers_of(managed, month="2026-09") == []
    assert numbers_of(managed, text="NO chats") == [p1.name]
    assert numbers_of(managed, text=f"#{question.name}") == [question.name]
    assert numbers_of(managed, channel=p1.beesender_channel) == [
        p1.name,
        question.name,
    ]
    assert numbers_of(managed, channel="skype") == []
    assert numbers_of(managed, person=managed.colleague, priority="P1") == []


def test_a_number_finds_its_request_and_subjects_that_hold_it(managed):
    ticket = make_ticket(managed)
    number = str(ticket.name).lstrip("0")
    named = make_ticket(managed, subject=f"Order {number} is late")
    make_ticket(managed, subject="About nothing")
    for text in (number, str(ticket.name)):
        assert ticket.name in numbers_of(managed, text=text)
    assert named.name in numbers_of(managed, text=number)
    # Tickets are numbered with four digits at least, and few readers type the zeros.
    short = make_ticket(managed, subject="A short number")
    name = next(
        each
        for each in (f"{number:04}" for number in range(1, 1000))
        if not frappe.db.exists("HD Ticket", each)
    )
    frappe.db.sql(
        "update `tabHD Ticket` set name = %s where name = %s", (name, short.name)
    )
    assert name in numbers_of(managed, text=name.lstrip("0"))


def test_the_state_is_that_of_any_promise(managed):
    due, late = make_ticket(managed), make_ticket(managed)
    late.db_set("beesender_solution_state", "Breached")
    assert numbers_of(managed, state="Breached") == [late.name]
    assert due.name in numbers_of(managed, state="Due")


@pytest.mark.parametrize("text", ["%", "_", "\\", "'", '"', "<", "100%"])
def test_no_letter_of_a_search_is_a_wild_card(managed, text):
    with_it = make_ticket(managed, subject=f"About {text} again")
    make_ticket(managed, subject="Nothing like that")
    assert numbers_of(managed, text=text) == [with_it.name]


def test_pages_follow_each_other(managed, monkeypatch):
    tickets = [make_ticket(managed).name for _ in range(3)][::-1]
    for module in (company_requests.company_requests, company_requests):
        monkeypatch.setattr(module, "ROWS_A_PAGE", 2, raising=False)
    monkeypatch.setattr("beesender_support.policy.requests.company_list.ROWS_A_PAGE", 2)
    monkeypatch.setattr(company_requests.company_requests.rows_of, "__defaults__", (2,))
    first = page_of(managed.email, text="chats")
    assert [each["number"] for each in first["requests"]] == tickets[:2]
    assert first["previous"] is None
    asked = dict(parse_qsl(urlsplit(first["next"]).query))
    assert asked == {"customer": managed.customer, "text": "chats", "page": "2"}
    last = page_of(managed.email, **asked)
    assert [each["number"] for each in last["requests"]] == tickets[2:]
    assert last["next"] is None
    assert last["range_shown"] == "3–3 of 3"
    beyond = page_of(managed.email, page="9999")
    assert (beyond["requests"], beyond["range_shown"]) == ([], "")


def test_what_is_chosen_stays_chosen_and_months_reach_back(managed):
    with clock_at("2026-09-05T12:00:00+03:00"):
        make_ticket(managed)
    with clock_at("2026-11-20T12:00:00+03:00"):
        page = page_of(managed.email, month="2026-10", priority="P2")
    choices = {each["name"]: each["options"] for each in page["choices"]}
    assert [each["label"] for each in choices["month"]] == [
        "November 2026",
        "October 2026",
        "September 2026",
    ]
    chosen = [
        each["value"]
        for options in choices.values()
        for each in options
        if each["is_chosen"]
    ]
    assert chosen == ["P2", "2026-10"]
    assert page["all_requests"]


def test_it_costs_no_more_for_more_requests(managed):
    def statements() -> int:
        asked = []
        sql = frappe.db.sql

        def counted(*args, **kwargs):
            asked.append(args[0])
            return sql(*args, **kwargs)

        with patch.object(frappe.db, "sql", counted):
            page_of(managed.email)
        return len(asked)

    make_ticket(managed)
    page_of(managed.email)
    few = statements()
    for _ in range(4):
        make_ticket(managed)
        by_colleague(managed)
    assert statements() <= few
    assert few <= 12


def test_it_is_in_the_language_of_the_reader(managed):
    make_ticket(managed)
    status, html = open_page(managed.email, "ru")
    assert status == 200
    for words in ("Обращения компании", "Найдено обращений: 1", "Скачать CSV"):
        assert words in html


# The file


def test_the_file_has_what_the_page_finds_and_no_formulas(managed):
    make_ticket(managed, subject="=cmd|' /C calc'!A0")
    make_ticket(managed, subject="Not this")
    heading, row = file_of(managed.email, customer=managed.customer, text="cmd")
    assert heading[:3] == ["Number", "Subject", "Person"]
    assert row[1] == "'=cmd|' /C calc'!A0"
    assert len(row) == len(heading)


def test_a_file_that_leaves_requests_out_says_so(managed, monkeypatch):
    for _ in range(2):
        make_ticket(managed)
    assert page_of(managed.email)["left_out"] is None
    monkeypatch.setattr(company_requests, "MOST_ROWS_OF_A_FILE", 1)
    said = "The file holds the 1 latest of them."
    assert page_of(managed.email)["left_out"].startswith(said)
    assert said in open_page(managed.email)[1]
    assert len(file_of(managed.email, customer=managed.customer)) == 2


# Who does not


def test_a_member_who_manages_nothing_sees_nothing(managed):
    make_ticket(managed)
    colleague = f"colleague.{managed.email}"
    for asked in ({}, {"customer": managed.customer}):
        page = page_of(colleague, **asked)
        assert page["state"] == "not_yours"
        assert "requests" not in page
        status, html = open_page(colleague, **asked)
        assert status == 403
        assert "Operators see no chats" not in html
    with pytest.raises(frappe.PermissionError):
        file_of(colleague, customer=managed.customer)


def test_a_manager_sees_nothing_of_another_customer(managed):
    other = make_client()
    make_ticket(other)
    make_ticket(managed)
    # As a look-alike in another case, and as what no address holds.
    for name in (other.customer, managed.customer.upper(), f"{managed.customer} "):
        assert page_of(managed.email, customer=name)["state"] == "not_yours"
        with pytest.raises(frappe.PermissionError):
            file_of(managed.email, customer=name)
    for asked in ({"person": other.contact}, {"text": "%"}, {"person": "' or 1=1 -- "}):
        assert numbers_of(managed, **asked) == []


def test_a_manager_who_is_one_no_more_sees_nothing(managed):
    make_ticket(managed)
    customer = frappe.get_doc("HD Customer", managed.customer)
    customer.contacts[0].is_manager = 0
    customer.save()
    assert page_of(managed.email)["state"] == "not_yours"


def test_agents_strangers_and_guests_have_no_such_page(managed):
    assert page_of(make_agent(), customer=managed.customer)["state"] == "not_yours"
    assert page_of("Guest", customer=managed.customer)["state"] == "not_yours"
    with pytest.raises(frappe.PermissionError):
        file_of("Guest", customer=managed.customer)


def test_who_manages_two_customers_chooses(managed):
    second = make_customer()
    customer = frappe.get_doc("HD Customer", second)
    customer.append("contacts", {"contact_name": managed.contact, "is_manager": 1})
    customer.save()
    page = page_of(managed.email, customer=second)
    assert page["customer"] == second
    assert {each["label"] for each in page["customers"]} == {managed.customer, second}
    assert [each["label"] for each in page["customers"] if each["is_shown"]] == [second]


def test_what_clients_write_is_no_markup(managed):
    make_ticket(managed, subject="<img src=x onerror=alert(1)> chats")
    _status, html = open_page(managed.email, text='"><script>alert(1)</script>')
    assert "<script>alert" not in html
    _status, html = open_page(managed.email)
    assert not re.search(r"<img[^>]*onerror", html)


def test_a_file_is_not_asked_for_without_end(managed):
    for _ in range(30):
        file_of(managed.email, customer=managed.customer)
    with pytest.raises(frappe.ValidationError):
        file_of(managed.email, customer=managed.customer)
