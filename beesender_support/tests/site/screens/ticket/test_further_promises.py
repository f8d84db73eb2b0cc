"""What is shown of a ticket that is promised more than its first answer."""

import frappe
import pytest

from beesender_support.api import agent as agent_api
from beesender_support.api import lists, portal
from beesender_support.tests.site.factories import (
    clock_at,
    make_agent,
    make_agent_manager,
    make_client,
    session_of,
)
from beesender_support.tests.site.response.test_further_targets import (
    ALL,
    MONDAY,
    TUESDAY,
    at,
    open_p1,
    reply,
    save,
    sell,
    write,
)


@pytest.fixture(autouse=True)
def _statuses():
    """An answer sets a ticket aside."""
    frappe.db.set_single_value("HD Settings", "auto_update_status", 1)
    frappe.db.set_single_value("HD Settings", "update_status_to", "Replied")


@pytest.fixture
def agent():
    return make_agent()


@pytest.fixture
def sold(client):
    sell(P1=ALL)
    return client


@pytest.fixture
def speaking_russian():
    frappe.local.lang = "ru"
    yield
    frappe.local.lang = "en"


def glance(stamp, ticket):
    with clock_at(stamp):
        return portal.promise_in_words(ticket.name)


def shown(stamp, ticket) -> dict[str, tuple[str, str]]:
    """The state and words of each promise, by target."""
    made = glance(stamp, ticket)["promises"]
    return {each["target"]: (each["state"], each["label"]) for each in made}


def listed(stamp, *tickets) -> tuple[list[str], dict]:
    """The keys of the columns, and the rows by ticket."""
    with clock_at(stamp), session_of(make_agent()):
        answer = lists.get_list_data(
            "HD Ticket",
            filters={"name": ["in", [each.name for each in tickets]]},
            is_default=True,
        )
    keys = [column["key"] for column in answer["columns"]]
    return keys, {row["name"]: row for row in answer["data"]}


def explained(stamp, ticket) -> dict[str, list[str]]:
    """The lines of each target, by its title; each with the time of day in UTC."""
    with clock_at(stamp):
        why = portal.explain_deadline(ticket.name)
    return {
        each["title"]: [
            f"{line['at'][11:16]} {line['words']}" for line in each["lines"]
        ]
        for each in why["explained"]
    }


# As shipped


def test_where_only_the_first_answer_is_sold_there_is_one_promise_as_before(client):
    ticket = open_p1(client)
    seen = glance(at(MONDAY, "11:00"), ticket)
    [promise] = seen["promises"]
    assert (promise["title"], promise["target"]) == ("Promise", "first_answer")
    for key in ("state", "label", "sentence", "due"):
        assert promise[key] == seen[key]
    keys, rows = listed(at(MONDAY, "11:00"), ticket)
    assert "beesender_solution_state" not in keys
    assert "resolution_by" not in keys
    assert rows[ticket.name]["beesender_response_state"] == "Due in 3 h"
    assert agent_api.ticket_panel(ticket.name)["closing_reasons"] == []


# Step by step


def test_every_promise_is_said_at_every_step(sold, agent):
    ticket = open_p1(sold)
    assert shown(at(MONDAY, "10:30"), ticket) == {
        "first_answer": ("due", "Due in 3 h 30 min"),
        "solution": ("due", "Due in 7 h 30 min"),
    }
    reply(agent, at(MONDAY, "11:00"), ticket)
    assert shown(at(MONDAY, "12:00"), ticket) == {
        "first_answer": ("met", "Fulfilled in 1 h"),
        "solution": ("paused", "Paused: 7 h of 8 h left"),
    }
    write(sold, at(MONDAY, "13:00"), ticket)
    assert shown(at(MONDAY, "13:30"), ticket) == {
        "first_answer": ("met", "Fulfilled in 1 h"),
        "next_answer": ("due", "Due in 1 h 30 min"),
        "solution": ("due", "Due in 21 h 30 min"),
    }
    reply(agent, at(MONDAY, "16:00"), ticket)
    assert shown(at(MONDAY, "17:00"), ticket)["next_answer"] == (
        "breached",
        "Failed by 1 h",
    )
    save(agent, at(TUESDAY, "10:00"), ticket, status="Resolved")
    assert shown(at(TUESDAY, "11:00"), ticket) == {
        "first_answer": ("met", "Fulfilled in 1 h"),
        "next_answer": ("breached", "Failed by 1 h"),
        "solution": ("met", "Solved in 4 h of support time"),
    }
    write(sold, at(TUESDAY, "12:00"), ticket)
    assert shown(at(TUESDAY, "12:30"), ticket)["solution"] == (
        "due",
        "Due in 3 h 30 min",
    )
    assert shown(at(TUESDAY, "16:30"), ticket)["solution"] == (
        "breached",
        "Overdue by 30 min",
    )
    save(agent, at(TUESDAY, "17:00"), ticket, status="Closed")
    assert shown(at(TUESDAY, "18:00"), ticket)["solution"] == (
        "breached",
        "Failed by 1 h",
    )


def test_each_promise_has_its_deadline_and_what_settled_it(sold, agent):
    ticket = open_p1(sold)
    reply(agent, at(MONDAY, "11:00"), ticket)
    paused = glance(at(MONDAY, "12:00"), ticket)
    answer, solution = paused["promises"]
    assert answer["due"] == paused["due"] == "2026-11-23T11:00:00+00:00"
    assert answer["settled"] == paused["answered"] == "2026-11-23T08:00:00+00:00"
    # It moves on as long as support waits.
    assert (solution["due"], solution["settled"]) == (None, None)
    assert solution["labels"] == {"due": "Solution by", "settled": "Solved"}
    assert solution["sentence"] == "Basic solves P1 within 8 h of support time."
    save(agent, at(MONDAY, "13:00"), ticket, status="Resolved")
    solution = glance(at(MONDAY, "14:00"), ticket)["promises"][-1]
    assert solution["settled"] == "2026-11-23T10:00:00+00:00"


def test_in_russian_no_answer_is_said_to_be_a_solution(sold, agent, speaking_russian):
    ticket = open_p1(sold)
    reply(agent, at(MONDAY, "11:00"), ticket)
    seen = glance(at(MONDAY, "12:00"), ticket)["promises"]
    assert [(each["title"], each["label"]) for each in seen] == [
        ("Первый ответ", "Ответ дан за 1 ч"),
        ("Решение", "Приостановлено: осталось 7 ч из 8 ч"),
    ]
    save(agent, at(MONDAY, "13:00"), ticket, status="Resolved")
    seen = glance(at(MONDAY, "14:00"), ticket)["promises"]
    assert seen[-1]["label"] == "Решено за 1 ч времени поддержки"


def test_a_solution_alone_is_shown_without_an_answer(client, agent):
    sell(P1={"hours": 0, "solution_hours": 8})
    ticket = open_p1(client)
    seen = glance(at(MONDAY, "11:00"), ticket)
    assert (seen["state"], seen["label"]) == ("none", "Not promised")
    [solution] = seen["promises"]
    assert (solution["title"], solution["label"]) == ("Solution", "Due in 7 h")
    assert seen["zones"]
    _keys, rows = listed(at(MONDAY, "11:00"), ticket)
    assert rows[ticket.name]["beesender_response_state"] == "Solution: Due in 7 h"
    assert rows[ticket.name]["beesender_solution_state"] == "Due in 7 h"


# Why then?


def test_pauses_and_earlier_answers_are_explained(sold, agent):
    ticket = open_p1(sold)
    reply(agent, at(MONDAY, "11:00"), ticket)
    write(sold, at(MONDAY, "13:00"), ticket)
    reply(agent, at(MONDAY, "14:00"), ticket)
    write(sold, at(TUESDAY, "09:30"), ticket)
    assert explained(at(TUESDAY, "09:40"), ticket) == {
        "First answer": [
            "07:00 The request was received",
            "07:00 4 h of support time: 4 h of 4 h",
            "08:00 Support answered",
            "11:00 The answer is due",
        ],
        "Next answer": [
            "10:00 The customer wrote, and support answered. Fulfilled in 1 h",
            "06:30 The customer wrote again",
            "06:30 2 h of support time: 2 h of 2 h",
            "08:30 The answer is due",
        ],
        "Solution": [
            "07:00 The request was received",
            "07:00 1 h of support time: 1 h of 8 h",
            "08:00 Paused while support waited: 2 h of support time not counted",
            "10:00 1 h of support time: 2 h of 8 h",
            "11:00 Paused while support waited: 4 h 30 min of support time not counted."
            " Not counted: night",
            "06:30 6 h of support time: 8 h of 8 h",
            "12:30 The solution is due",
        ],
    }


def test_the_time_in_which_a_request_was_closed_is_no_pause_of_supports(sold, agent):
    ticket = open_p1(sold)
    save(agent, at(MONDAY, "11:00"), ticket, status="Resolved")
    save(agent, at(MONDAY, "12:00"), ticket, status="Open")
    assert (
        "08:00 The request was closed: 1 h of support time not counted"
        in explained(at(MONDAY, "13:00"), ticket)["Solution"]
    )


def test_what_was_closed_in_a_pause_is_told_apart_from_it(sold, agent):
    ticket = open_p1(sold)
    reply(agent, at(MONDAY, "11:00"), ticket)
    save(agent, at(MONDAY, "13:00"), ticket, status="Resolved")
    save(agent, at(MONDAY, "14:00"), ticket, status="Open")
    assert explained(at(MONDAY, "15:00"), ticket)["Solution"][1:5] == [
        "07:00 1 h of support time: 1 h of 8 h",
        "08:00 Paused while support waited: 2 h of support time not counted",
        "10:00 The request was closed: 1 h of support time not counted",
        "11:00 4 h of support time: 5 h of 8 h",
    ]


def test_what_was_reopened_to_wait_is_told_apart_from_its_closing(sold, agent):
    ticket = open_p1(sold)
    save(agent, at(MONDAY, "17:00"), ticket, status="Resolved")
    save(agent, at(MONDAY, "20:00"), ticket, status="Replied")
    save(agent, at(TUESDAY, "10:00"), ticket, status="Open")
    assert explained(at(TUESDAY, "10:30"), ticket)["Solution"][2:4] == [
        "14:00 The request was closed: 1 h of support time not counted. Not counted: night",
        "17:00 Paused while support waited: 1 h of support time not counted. Not counted: night",
    ]


def test_a_message_that_was_closed_and_not_answered_is_told_so(sold, agent):
    ticket = open_p1(sold)
    reply(agent, at(MONDAY, "11:00"), ticket)
    write(sold, at(MONDAY, "12:00"), ticket)
    save(agent, at(MONDAY, "13:00"), ticket, status="Resolved")
    write(sold, at(MONDAY, "14:00"), ticket)
    with clock_at(at(MONDAY, "14:30")):
        why = portal.explain_deadline(ticket.name)
    [lines] = [
        each["lines"] for each in why["explained"] if each["target"] == "next_answer"
    ]
    assert lines[0] == {
        "kind": "ended",
        "at": "2026-11-23T09:00:00+00:00",
        "until": "2026-11-23T10:00:00+00:00",
        "words": "The customer wrote, and the request was closed. Closed: no answer is owed",
    }
    assert lines[1]["words"] == "The customer wrote again"


def test_while_it_is_paused_no_deadline_is_named(sold, agent):
    ticket = open_p1(sold)
    reply(agent, at(MONDAY, "11:00"), ticket)
    lines = explained(at(MONDAY, "12:00"), ticket)["Solution"]
    assert lines == [
        "07:00 The request was received",
        "07:00 1 h of support time: 1 h of 8 h",
        "08:00 Paused while support waited: 1 h of support time not counted",
    ]


# Lists


def test_a_list_says_what_is_due_soonest_and_how_the_solution_stands(sold, agent):
    ticket = open_p1(sold)
    plain = frappe.get_doc(
        {"doctype": "HD Ticket", "subject": "Hello", "description": "Hello"}
    ).insert()
    keys, rows = listed(at(MONDAY, "11:00"), ticket, plain)
    assert {"beesender_response_state", "beesender_solution_state"} <= set(keys)
    assert not {"response_by", "resolution_by"} & set(keys)
    row = rows[ticket.name]
    assert row["beesender_response_state"] == "Due in 3 h"
    assert row["beesender_solution_state"] == "Due in 7 h"
    assert rows[plain.name]["beesender_solution_state"]
    reply(agent, at(MONDAY, "11:00"), ticket)
    row = listed(at(MONDAY, "12:00"), ticket)[1][ticket.name]
    assert row["beesender_response_state"] == "Fulfilled in 1 h"
    assert row["beesender_solution_state"] == "Paused: 7 h of 8 h left"
    write(sold, at(MONDAY, "13:00"), ticket)
    row = listed(at(MONDAY, "13:30"), ticket)[1][ticket.name]
    assert row["beesender_response_state"] == "Next answer: Due in 1 h 30 min"


def test_columns_of_solutions_that_were_kept_can_be_asked_for_again(sold):
    ticket = open_p1(sold)
    filters = {"name": ["in", [ticket.name]]}
    with clock_at(at(MONDAY, "11:00")), session_of(make_agent()):
        first = lists.get_list_data("HD Ticket", filters=filters, is_default=True)
        again = lists.get_list_data(
            "HD Ticket", filters=filters, columns=first["columns"], rows=first["rows"]
        )
    assert [each["key"] for each in again["columns"]] == [
        each["key"] for each in first["columns"]
    ]
    assert again["data"][0]["beesender_solution_state"] == "Due in 7 h"


def test_a_filter_by_solutions_is_offered_where_some_are_sold(client):
    def offered() -> set[str]:
        return {each["name"] for each in lists.get_quick_filters("HD Ticket")}

    assert "beesender_solution_state" not in offered()
    sell(P1=ALL)
    assert "beesender_solution_state" in offered()


# Another priority


def test_a_change_foresees_every_promise_and_comes_true(sold, agent):
    sell(P2={"hours": 2, "solution_hours": 16})
    ticket = open_p1(sold)
    reply(agent, at(MONDAY, "11:00"), ticket)
    write(sold, at(MONDAY, "13:00"), ticket)
    with clock_at(at(MONDAY, "14:00")), session_of(agent):
        preview = agent_api.preview_change(ticket.name, "Incident", "P2")
        agent_api.change_ticket(ticket.name, "Incident", "P2")
        after = portal.promise_in_words(ticket.name)
    assert preview["after"]["promises"] == after["promises"]
    dues = {each["target"]: each["due"] for each in after["promises"]}
    # The first answer was settled by P1; P2 has no next answer. Two of sixteen hours
    # are used.
    assert dues == {
        "first_answer": "2026-11-23T11:00:00+00:00",
        "solution": "2026-11-25T07:00:00+00:00",
    }
    before = {each["target"] for each in preview["before"]["promises"]}
    assert before == {"first_answer", "next_answer", "solution"}


# Closing without a solution


def close_as(reason, ticket, user, stamp="12:00"):
    with clock_at(at(MONDAY, stamp)), session_of(user):
        agent_api.close_without_solution(ticket.name, reason)
    ticket.reload()


def test_an_agent_closes_without_a_solution_and_the_panel_says_so(sold, agent):
    ticket = open_p1(sold)
    with clock_at(at(MONDAY, "11:00")), session_of(agent):
        reasons = agent_api.ticket_panel(ticket.name)["closing_reasons"]
    assert {"value": "Spam", "label": "Spam · Nobody asked for anything."} in reasons
    close_as("Duplicate request", ticket, agent)
    assert (ticket.status, ticket.status_category) == ("Closed", "Resolved")
    assert shown(at(TUESDAY, "17:00"), ticket)["solution"] == (
        "withdrawn",
        "Closed as Duplicate request: does not count",
    )
    assert explained(at(TUESDAY, "17:00"), ticket)["Solution"][-1] == (
        "09:00 Closed as Duplicate request: does not count"
    )
    with session_of(agent):
        assert agent_api.ticket_panel(ticket.name)["closing_reasons"] == []
        with pytest.raises(frappe.ValidationError, match="cannot be closed"):
            agent_api.close_without_solution(ticket.name, "Spam")
    write(sold, at(TUESDAY, "09:00"), ticket)
    assert not ticket.beesender_closing_reason
    assert shown(at(TUESDAY, "09:30"), ticket)["solution"][0] == "due"


def test_what_was_resolved_may_turn_out_to_be_a_duplicate(sold, agent):
    ticket = open_p1(sold)
    save(agent, at(MONDAY, "11:00"), ticket, status="Resolved")
    close_as("Duplicate request", ticket, agent)
    assert ticket.status == "Resolved"
    assert shown(at(MONDAY, "13:00"), ticket)["solution"][0] == "withdrawn"


@pytest.mark.parametrize("reason", ["", "Nonsense", "Shown how"])
def test_only_a_reason_that_is_no_solution_closes_so(sold, agent, reason):
    frappe.get_doc(
        {
            "doctype": "Beesender Closing Reason",
            "name": "Shown how",
            "counts_as_solution": 1,
        }
    ).insert(set_name="Shown how")
    ticket = open_p1(sold)
    with pytest.raises(frappe.ValidationError, match="cannot be closed"):
        close_as(reason, ticket, agent)
    assert ticket.reload().status == "Open"


def test_the_label_of_a_reason_is_true_of_one_that_counts_as_a_solution():
    field = frappe.get_meta("HD Ticket").get_field("beesender_closing_reason")
    assert field.label == "Reason for closing"


def test_where_no_solution_is_promised_there_is_nothing_to_close_so(client, agent):
    ticket = open_p1(client)
    with pytest.raises(frappe.ValidationError, match="cannot be closed"):
        close_as("Spam", ticket, agent)


def test_clients_and_guests_close_nothing_so(sold):
    ticket = open_p1(sold)
    for user in (sold.email, make_client().email, "Guest"):
        with pytest.raises(frappe.PermissionError):
            close_as("Spam", ticket, user)
    assert ticket.reload().status == "Open"


def test_a_client_gives_no_closing_reason_by_any_door(sold):
    ticket = open_p1(sold)
    for write_reason in (
        lambda: frappe.client.set_value(
            "HD Ticket", ticket.name, "beesender_closing_reason", "Spam"
        ),
        lambda: frappe.client.set_value(
            "HD Ticket",
            ticket.name,
            {"status": "Closed", "beesender_closing_reason": "Spam"},
        ),
    ):
        with clock_at(at(MONDAY, "11:00")), session_of(sold.email):
            write_reason()
        assert not ticket.reload().beesender_closing_reason
    assert shown(at(MONDAY, "12:00"), ticket)["solution"][0] == "met"


# A corrected clock


def test_a_correction_is_logged_with_every_deadline(sold, agent):
    ticket = open_p1(sold)
    with clock_at(at(MONDAY, "12:00")), session_of(make_agent_manager()):
        agent_api.correct_clock(
            ticket.name, "It came by phone", started_at=at(MONDAY, "09:00")
        )
    log = frappe.get_last_doc("Beesender Admission Log", {"event": "Clock corrected"})
    before, after = frappe.parse_json(log.before), frappe.parse_json(log.after)
    assert before["solution_due"] == "2026-11-23T15:00:00+00:00"
    assert after["solution_due"] == "2026-11-23T14:00:00+00:00"
    assert "next_answer_due" not in after


def test_a_paused_solution_is_logged_without_a_deadline(sold, agent):
    ticket = open_p1(sold)
    reply(agent, at(MONDAY, "11:00"), ticket)
    with clock_at(at(MONDAY, "12:00")), session_of(make_agent_manager()):
        agent_api.correct_clock(
            ticket.name, "It came by phone", started_at=at(MONDAY, "09:00")
        )
    log = frappe.get_last_doc("Beesender Admission Log", {"event": "Clock corrected"})
    for stamps in (log.before, log.after):
        assert "due" in frappe.parse_json(stamps)
        assert "solution_due" not in frappe.parse_json(stamps)


# Merged and unreadable


def test_of_a_merged_ticket_no_promise_is_shown(sold, agent):
    from helpdesk.helpdesk.doctype.hd_ticket.api import merge_ticket

    source, target = open_p1(sold), open_p1(sold)
    with clock_at(at(MONDAY, "11:00")), session_of(agent):
        merge_ticket(source.name, target.name)
    assert glance(at(MONDAY, "12:00"), source)["promises"] == []
    assert explained(at(MONDAY, "12:00"), source) == {}
    with session_of(agent):
        assert agent_api.ticket_panel(source.name)["closing_reasons"] == []
