"""What the promises in a list mean, for its colours and countdowns."""

import frappe
import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

from beesender_support.api import lists
from beesender_support.screens import helpdesk_pages
from beesender_support.tests.site.factories import (
    clock_at,
    make_agent,
    make_client,
    make_contact,
    make_p1,
    make_ticket,
    session_of,
)


@pytest.fixture
def planned():
    return make_p1(make_client())


def page_of(*tickets) -> dict:
    return lists.promises_on_page([each.name for each in tickets])


def shown(*tickets) -> list[dict]:
    page = page_of(*tickets)
    return [page["tickets"][str(each.name)]["shown"][0] for each in tickets]


def test_a_list_knows_the_instants_of_a_promise_and_the_server_s_time(planned):
    with clock_at("2026-11-23T09:30:00+03:00"), session_of(make_agent()):
        page = page_of(planned)
    assert page["now"] == "2026-11-23T06:30:00+00:00"
    (standing,) = page["tickets"][str(planned.name)]["shown"]
    assert (standing["state"], standing["label"]) == ("due", "Due in 3 h")
    assert standing["countdown"]["counts_to"] == "2026-11-23T09:30:00+00:00"
    assert standing["countdown"]["at_risk_from"] == "2026-11-23T08:30:00+00:00"


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("2026-11-23T11:29:59+03:00", "due"),
        ("2026-11-23T11:30:00+03:00", "at_risk"),
        ("2026-11-23T12:30:01+03:00", "breached"),
    ],
)
def test_the_state_follows_the_clock(planned, at, state):
    with clock_at(at), session_of(make_agent()):
        assert shown(planned)[0]["state"] == state


def test_an_answered_promise_counts_no_more(planned):
    with clock_at("2026-11-23T09:30:00+03:00"), session_of(make_agent()):
        planned.reload().reply_via_agent("We look into it.", to=planned.raised_by)
        standing = shown(planned)[0]
    assert standing["state"] == "met"
    assert standing["countdown"]["counts_to"] is None


def test_the_words_are_those_of_the_list(planned):
    with clock_at("2026-11-23T12:47:00+03:00"), session_of(make_agent()):
        label = shown(planned)[0]["label"]
        (row,) = lists.get_list_data(
            "HD Ticket", filters={"name": ["in", [planned.name]]}, is_default=True
        )["data"]
    assert label == row["beesender_response_state"] == "Overdue by 17 min"


def test_who_may_not_read_a_ticket_learns_nothing_of_it(planned):
    other = make_ticket(make_client())
    with session_of(planned.raised_by):
        assert list(page_of(planned, other)["tickets"]) == [str(planned.name)]


def test_only_agents_are_told_what_waits_for_a_decision():
    client = make_client()
    colleague = make_contact(client.customer, "colleague@acme.example", user=True)
    email = frappe.db.get_value("Contact", colleague, "email_id")
    held = make_ticket(
        {"customer": client.customer, "contact": colleague, "email": email}
    )
    assert held.beesender_admission == "Held"

    def is_held() -> bool:
        return page_of(held)["tickets"][str(held.name)]["is_held"]

    with session_of(make_agent()):
        assert is_held()
    with session_of(email):
        assert not is_held()


def test_one_request_asks_for_as_many_tickets_as_a_page_shows(planned):
    with session_of(make_agent()), pytest.raises(frappe.ValidationError):
        lists.promises_on_page(["1"] * 501)


# The module on Helpdesk's pages


def answered(path: str, content: str, mimetype: str = "text/html") -> str:
    response = Response(content, mimetype=mimetype)
    request = Request(EnvironBuilder(path).get_environ())
    helpdesk_pages.add_module(response, request)
    return response.get_data(as_text=True)


def test_helpdesk_s_pages_load_one_module():
    page = answered("/helpdesk/tickets/12", "<head></head><body></body>")
    assert page.count("/js/helpdesk/every_page.js") == 1
    assert page.endswith("</head><body></body>")


@pytest.mark.parametrize(
    ("path", "content", "mimetype"),
    [
        ("/support-plan", "<head></head>", "text/html"),
        ("/helpdesks", "<head></head>", "text/html"),
        ("/helpdesk", "<p>Not found</p>", "text/html"),
        ("/helpdesk/data", '{"html": "</head>"}', "application/json"),
    ],
)
def test_other_pages_stay_as_they_are(path, content, mimetype):
    assert answered(path, content, mimetype) == content
