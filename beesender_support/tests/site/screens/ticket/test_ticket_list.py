"""Lists of tickets, and the views that are shipped."""

import json

import frappe
import pytest

from beesender_support.api import lists
from beesender_support.enforcement.response import ticket_views
from beesender_support.tests.site.factories import (
    FRIDAY_1730,
    clock_at,
    make_agent,
    make_client,
    make_p1,
    make_ticket,
    session_of,
)


def list_of(*tickets, **overrides) -> dict:
    options = {"filters": {"name": ["in", [each.name for each in tickets]]}}
    return lists.get_list_data("HD Ticket", **{**options, **overrides})


def keys_of(answer: dict) -> list[str]:
    return [column["key"] for column in answer["columns"]]


def words_of(answer: dict) -> set[str]:
    return {row["beesender_response_state"] for row in answer["data"]}


@pytest.fixture
def planned():
    return make_p1(make_client())


def plain_ticket():
    return frappe.get_doc(
        {"doctype": "HD Ticket", "subject": "Hello", "description": "Hello"}
    ).insert()


def test_an_agent_s_list_has_priority_and_tier_and_says_how_a_promise_stands(planned):
    with clock_at("2026-11-23T09:30:00+03:00"), session_of(make_agent()):
        answer = list_of(planned, is_default=True)
    assert keys_of(answer)[:6] == [
        "name",
        "subject",
        "status",
        "beesender_priority",
        "beesender_tier",
        "beesender_response_state",
    ]
    assert "resolution_by" not in keys_of(answer)
    (row,) = answer["data"]
    assert (row["beesender_priority"], row["beesender_tier"]) == ("P1", "Basic")
    assert words_of(answer) == {"Due in 3 h"}


def test_where_no_deadline_was_promised_the_list_says_so():
    client = make_client()
    paid = make_ticket(client, ticket_type="Paid enhancement request")
    assert words_of(list_of(paid, is_default=True)) == {"Not promised"}


def test_a_client_s_list_is_honest_as_well_and_shows_nothing_more(planned):
    with session_of(planned.raised_by):
        answer = list_of(planned, is_default=True, show_customer_portal_fields=True)
    assert "beesender_tier" not in keys_of(answer)
    assert "resolution_by" not in keys_of(answer)


def test_a_page_without_any_plan_is_helpdesk_s_own():
    from helpdesk.api.doc import get_list_data

    ticket = plain_ticket()
    filters = {"name": ["in", [ticket.name]]}
    native = get_list_data("HD Ticket", filters=filters, is_default=True)
    assert list_of(ticket, is_default=True) == native


def test_a_plain_ticket_beside_one_with_a_plan_keeps_its_own_deadline(planned):
    answer = list_of(planned, plain_ticket(), is_default=True)
    plain = [row for row in answer["data"] if row["name"] != planned.name]
    assert plain[0]["beesender_response_state"].startswith("Due in")


def test_columns_that_were_kept_can_be_asked_for_again(planned):
    with session_of(make_agent()):
        first = list_of(planned, is_default=True)
        again = list_of(planned, columns=first["columns"], rows=first["rows"])
    assert keys_of(again) == keys_of(first)


def test_the_words_need_one_query_for_a_page_of_any_length():
    def queries(count: int) -> int:
        client = make_client()
        tickets = [make_ticket(client) for _ in range(count)]
        list_of(*tickets, is_default=True)  # what is remembered is remembered now
        before = frappe.db.sql("show session status like 'Questions'")[0][1]
        list_of(*tickets, is_default=True)
        return int(frappe.db.sql("show session status like 'Questions'")[0][1]) - int(
            before
        )

    assert queries(1) == queries(4)


def test_somebody_who_may_not_see_a_ticket_does_not_find_it_in_the_list(planned):
    with session_of(make_client().email):
        assert list_of(planned, is_default=True)["data"] == []


def test_clients_are_not_offered_filters_by_what_they_may_not_read():
    def offered(**options) -> set[str]:
        filters = lists.get_quick_filters("HD Ticket", **options)
        return {each["name"] for each in filters}

    for_clients = offered(show_customer_portal_fields=True)
    assert "subject" in for_clients
    assert "beesender_admission" not in for_clients
    assert "beesender_admission" in offered()


# What cannot be


@pytest.mark.parametrize(
    "junk",
    [
        {"columns": "junk"},
        {"columns": "{}"},
        {"columns": [1]},
        {"columns": [None]},
        {"columns": [{}]},
        {"columns": [{"key": 1}]},
        {"columns": {"key": "name"}},
        {"rows": "junk"},
        {"rows": [1]},
        {"rows": [{"key": "name"}]},
        {"rows": "5"},
        {"filters": [1]},
        {"filters": ["name"]},
        {"filters": [["name"]]},
        {"filters": [[1, 2, 3]]},
        {"filters": "junk"},
    ],
)
def test_junk_is_refused_as_helpdesk_refuses_it(planned, junk):
    with session_of(make_agent()), pytest.raises(Exception) as refused:  # noqa: PT011
        list_of(planned, **junk)
    assert getattr(refused.value, "http_status_code", 500) == 417


@pytest.mark.parametrize(
    "terms",
    [
        '"a word"',
        "[]",
        '{"format": 99}',
        json.dumps(
            {
                "format": 2,
                "started_at": "2026-11-20T14:30:00+00:00",
                "plan": "x",
                "tier": "x",
                "time_zone": "Mars/Olympus",
                "windows": [],
                "response_targets": {"P1": 1},
                "holidays": [],
                "time_zone_database": "x",
            }
        ),
    ],
)
def test_a_ticket_whose_terms_cannot_be_read_keeps_no_other_from_the_list(
    planned, terms
):
    other = make_ticket(make_client(), ticket_type="Incident")
    frappe.db.sql(
        "update `tabHD Ticket` set beesender_terms = %s where name = %s",
        (terms, planned.name),
    )
    with session_of(make_agent()):
        answer = list_of(planned, other, is_default=True)
    words = {row["name"]: row["beesender_response_state"] for row in answer["data"]}
    assert words[planned.name] == "Cannot be recounted"
    assert words[other.name].startswith("Due in")


# Views


def shown_in(key: str, *tickets, user: str) -> set[str]:
    """Which of the tickets a view shows, as Helpdesk's list asks for it."""
    view = frappe.get_doc("HD View", ticket_views.PREFIX + key)
    filters = [
        [field, *value] if isinstance(value, list) else [field, "=", value]
        for field, value in json.loads(view.filters).items()
    ]
    with session_of(user):
        answer = lists.get_list_data(
            "HD Ticket",
            filters=[*filters, ["name", "in", [each.name for each in tickets]]],
            order_by=view.order_by,
            columns=json.loads(view.columns),
            rows=json.loads(view.rows),
        )
    return {row["name"] for row in answer["data"]}


def test_every_view_shows_what_its_name_says():
    ticket_views.restore_views()
    helper = make_agent()
    client = make_client(success_manager=helper)
    with clock_at(FRIDAY_1730):
        soon = make_ticket(client, ticket_type="Incident", beesender_priority="P1")
        late = make_ticket(client, ticket_type="Incident", beesender_priority="P1")
        paid = make_ticket(client, ticket_type="Paid enhancement request")
        others = make_ticket(make_client())
    for ticket, state in ((soon, "At risk"), (late, "Breached")):
        ticket.db_set("beesender_response_state", state)
    expected = {
        "AT-RISK": {soon},
        "BREACHED": {late},
        "PAID-REQUESTS": {paid},
        "MY-CUSTOMERS": {soon, late, paid},
        "BY-TIER": {soon, late, others},
        "AWAITING-ADMISSION": set(),
    }
    assert {f"{key}" for key, *_rest in ticket_views.VIEWS} == set(expected)
    for key, tickets in expected.items():
        shown = shown_in(key, soon, late, paid, others, user=helper)
        assert shown == {each.name for each in tickets}, key


def test_what_an_admin_made_of_a_view_stays_until_they_are_restored():
    ticket_views.restore_views()
    at_risk = ticket_views.PREFIX + "AT-RISK"
    frappe.db.set_value("HD View", at_risk, "label", "Hurry")
    ticket_views.add_views()
    assert frappe.db.get_value("HD View", at_risk, "label") == "Hurry"
    frappe.db.delete("HD View", {"name": at_risk})
    lists.restore_views()
    assert frappe.db.get_value("HD View", at_risk, "label") == "At risk"


def test_agents_may_not_restore_the_views():
    with session_of(make_agent()), pytest.raises(frappe.PermissionError):
        lists.restore_views()


def test_views_that_people_saved_lose_our_columns_when_the_app_goes():
    view = frappe.get_doc(
        {
            "doctype": "HD View",
            "label": "Mine",
            "dt": "HD Ticket",
            "columns": json.dumps([{"key": "name"}, {"key": "beesender_tier"}]),
            "rows": json.dumps(["name", "beesender_tier"]),
            "filters": json.dumps(
                [["beesender_tier", "=", "Basic"], ["name", "=", "1"]]
            ),
            "order_by": "beesender_tier desc,modified desc",
        }
    ).insert()
    ticket_views.remove_columns_from_views()
    view.reload()
    assert json.loads(view.columns) == [{"key": "name"}]
    assert json.loads(view.rows) == ["name"]
    assert json.loads(view.filters) == [["name", "=", "1"]]
    assert view.order_by == "modified desc"


# What it costs where there are many


@pytest.mark.parametrize(
    ("condition", "index"),
    [
        ("beesender_plan = 'PLAN-1'", "beesender_plan_index"),
        ("beesender_admission = 'Held'", "beesender_admission_index"),
        (
            "beesender_success_manager = 'somebody@example.com'",
            "beesender_success_manager_index",
        ),
        (
            "ticket_type = 'Incident' and status_category != 'Resolved'",
            "beesender_open_by_type",
        ),
        (
            "status_category != 'Resolved' and response_by is not null",
            "beesender_open_by_due",
        ),
    ],
)
def test_what_the_views_and_jobs_look_for_has_an_index(condition, index):
    [plan] = frappe.db.sql(
        f"explain select name from `tabHD Ticket` where {condition}",  # noqa: S608
        as_dict=True,
    )
    assert index in (plan.possible_keys or "")


def test_handing_a_plan_over_locks_no_ticket_of_others():
    client, other = make_client(), make_client()
    tickets = [make_ticket(client) for _ in range(3)]
    untouched = make_ticket(other)
    plan = frappe.get_doc("Beesender Support Plan", client.plan.name)
    plan.success_manager = make_agent()
    written = []
    real = frappe.db.sql

    def note(query, *args, **kwargs):
        if str(query).lower().startswith("update `tabhd ticket`"):
            written.append(str(query))
        return real(query, *args, **kwargs)

    frappe.db.sql = note
    try:
        plan.save()
    finally:
        del frappe.db.sql
    assert len(written) == 1
    assert "`name` IN" in written[0]
    assert "beesender_plan" not in written[0]
    for ticket in tickets:
        assert ticket.reload().beesender_success_manager == plan.success_manager
    assert untouched.reload().beesender_success_manager is None
