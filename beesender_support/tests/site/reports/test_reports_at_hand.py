"""The figures of reports, compared with what is counted anew, ticket by ticket."""

import json
from collections import defaultdict
from datetime import datetime, timedelta, timezone

import frappe
import pytest
from frappe.desk import query_report
from frappe.translate import print_language

from beesender_support.enforcement.response import ticket_fields
from beesender_support.patches import measure_next_answers
from beesender_support.policy.reports.service_report import nearest_rank
from beesender_support.policy.response.clocks import Event, Happening
from beesender_support.records.site_time import to_column
from beesender_support.records.tickets import promise
from beesender_support.screens.reports import broken
from beesender_support.tests.site.factories import (
    clock_at,
    make_agent,
    make_agent_manager,
    make_client,
    make_customer,
    make_plan,
    make_ticket,
    refused,
    session_of,
)

TICKET = "HD Ticket"
YEAR = {"from_date": "2021-01-01", "to_date": "2021-12-31"}
LATER = "2022-01-31T12:00:00+00:00"
TARGET_STATES = {
    "first_answer": "beesender_response_state",
    "next_answer": "beesender_next_answer_state",
    "solution": "beesender_solution_state",
}
ZONES = (("Basic", "GMT+3"), ("Premium", "GMT-2"), ("Basic", "Europe/Berlin"))
PRIORITIES = ("P1", "P2", "P3", "P4")


def run(report, **filters):
    return query_report.run(report, filters={**YEAR, **filters})


@pytest.fixture
def tickets():
    """Three dozen of three customers, in three zones, one of them with holidays and all
    with pauses, as their saves would have left them."""
    sell_everything()
    clients = [
        make_client(
            tier=tier,
            time_zone=zone,
            holidays=[{"date": "2021-04-29", "description": "Stocktaking"}],
        )
        for tier, zone in ZONES
    ]
    agents = [make_agent(), make_agent()]
    made = []
    for number in range(36):
        client = clients[number % 3]
        opened = datetime(2021, 3 + number % 4, 28, 14, 20, tzinfo=timezone.utc)
        opened += timedelta(hours=5 * number, minutes=number)
        made.append(stored(client, agents[number % 2], number, opened))
    return made


def sell_everything():
    for tier in ("Basic", "Premium"):
        doc = frappe.get_doc("Beesender Tier", tier)
        for row in doc.response_targets:
            row.next_answer_hours, row.solution_hours = 3, 30
        doc.save()


def stored(client, agent, number, opened):
    """A ticket with what happened to it written down, and saved once more."""
    priority = PRIORITIES[number % 4]
    category = "Incident" if number % 4 < 2 else "Consultation"
    with clock_at(opened.isoformat()):
        ticket = make_ticket(client, ticket_type=category, beesender_priority=priority)
    answered = None if number % 9 == 8 else opened + timedelta(hours=number % 11)
    closed = opened + timedelta(hours=32 + 3 * number) if number % 5 else None
    happened = [
        Happening(Event.PAUSED, opened + timedelta(hours=20), priority, True),
        Happening(Event.CUSTOMER_WROTE, opened + timedelta(hours=30), priority, True),
        Happening(Event.RESUMED, opened + timedelta(hours=30), priority, True),
    ]
    if number % 4:
        at = opened + timedelta(hours=31 + number % 7)
        happened.append(Happening(Event.ANSWERED, at, priority, True))
    if closed:
        happened.append(Happening(Event.RESOLVED, closed, priority, True))
    ticket.db_set(
        {
            "beesender_answered_at": to_column(answered),
            "beesender_closed_at": to_column(closed),
            "beesender_events": json.dumps([each.as_list() for each in happened]),
            "status": "Closed" if closed else "Open",
            "status_category": "Resolved" if closed else "Open",
            "_assign": json.dumps([agent]) if number % 6 else None,
            "agent_group": "Billing" if number % 2 else None,
        },
        update_modified=False,
    )
    with clock_at(LATER):
        if answered:
            terms = promise.terms_of(ticket)
            promise.write_terms(ticket, terms.settled(priority))
        ticket_fields.store_results(ticket)
    return frappe.get_doc(TICKET, ticket.name)


KEYS = {
    "tier": lambda doc: doc.beesender_tier,
    "priority": lambda doc: doc.beesender_priority,
    "category": lambda doc: doc.ticket_type,
    "team": lambda doc: doc.agent_group or "not set",
    "customer": lambda doc: doc.customer,
    "agent": lambda doc: agent_of(doc) or "not set",
    "month": lambda doc: doc.service_level_agreement_creation.date().replace(day=1),
}


def agent_of(doc):
    [name] = frappe.parse_json(doc.get("_assign") or "[null]")
    return name and frappe.db.get_value("User", name, "full_name")


def naively(tickets, target, key):
    """Counted from the frozen terms of each ticket alone."""
    outcomes, times = defaultdict(lambda: [0, 0, 0]), defaultdict(list)
    for doc in tickets:
        with clock_at(LATER):
            promises = promise.promises_of(doc)
        each = (*promises.earlier, *promises.each())
        for one in each:
            state = one.response.state
            if one.target != target or state in ("none", "withdrawn"):
                continue
            at = {"met": 0, "breached": 1}.get(state, 2)
            outcomes[key(doc)][at] += 1
            if one.run and one.run.stopped_at:
                times[key(doc)].append(one.response.used)
    hours = {
        group: tuple(
            round(nearest_rank(lengths, percent).total_seconds() / 3600, 2)
            for percent in (50, 90, 95)
        )
        for group, lengths in times.items()
    }
    nothing = (None, None, None)
    return {
        group: (*counts, *hours.get(group, nothing))
        for group, counts in outcomes.items()
    }


FIGURES = ("met", "breached", "open", "median", "p90", "p95")


def test_each_group_of_each_target_says_what_is_counted_ticket_by_ticket(tickets):
    told = 0
    for target in TARGET_STATES:
        for group, key in KEYS.items():
            with clock_at(LATER):
                answer = run("Response compliance", target=target, group_by=group)
            counted = {
                row[group]: tuple(row[each] for each in FIGURES)
                for row in answer["result"]
            }
            assert counted == naively(tickets, target, key), (target, group)
            told += len(counted)
    assert told > 50
    # All outcomes and all lengths occur, or this compares nothing.
    [*rows] = naively(tickets, "solution", lambda doc: "all").values()
    assert all(rows[0][:2] + rows[0][3:])


def test_a_figure_opens_as_many_tickets_as_it_counts(tickets):
    seen = 0
    for report, groups in (
        ("Response compliance", (*KEYS, "month_and_tier")),
        ("Intake by channel and hour", ("verdict", "channel", "month", "customer")),
    ):
        for target in ("first_answer", "solution"):
            for group in groups:
                filters = {"group_by": group, "target": target}
                with clock_at(LATER):
                    answer = run(report, **filters)
                seen += check_lists(answer)
    assert seen > 100
    answer = run("Response compliance", target="next_answer")
    assert not any(column.get("listed") for column in answer["columns"])


def check_lists(answer):
    seen = 0
    for column in answer["columns"]:
        for row in answer["result"] if column.get("listed") else ():
            filters = {**column["listed"], **row["listed"]}
            found = frappe.get_list(TICKET, filters, pluck="name", limit=0)
            assert len(found) == row[column["fieldname"]], (column, row)
            seen += bool(found)
    return seen


def test_filters_narrow_to_what_they_name(tickets):
    agent = frappe.parse_json(tickets[1].get("_assign"))[0]
    for name, value, holds in (
        ("agent", agent, lambda doc: agent in (doc.get("_assign") or "")),
        ("team", "Billing", lambda doc: doc.agent_group == "Billing"),
        ("priority", "P2", lambda doc: doc.beesender_priority == "P2"),
        ("category", "Incident", lambda doc: doc.ticket_type == "Incident"),
    ):
        answer = run("Response compliance", **{name: value})
        expected = naively(filter(holds, tickets), "first_answer", lambda doc: 0)
        totals = tuple(
            sum(row[each] for row in answer["result"])
            for each in ("met", "breached", "open")
        )
        assert totals == expected[0][:3], name


def test_broken_promises_say_why_and_how_late_in_support_time(tickets):
    with clock_at(LATER):
        answer = run("Broken promises")
    told = sorted(
        (row["ticket"], row["promise"], row["reason"], row["late_by"])
        for row in answer["result"]
    )
    expected = []
    for doc in tickets:
        with clock_at(LATER):
            promises = promise.promises_of(doc)
        for one in (*promises.earlier, *promises.each()):
            if one.response.state == "breached":
                late = round(one.response.late_by.total_seconds() / 3600, 2)
                expected.append((str(doc.name), late))
    assert sorted((row[0], row[3]) for row in told) == sorted(expected)
    assert len({row[1] for row in told}) == 3
    assert {"Answered late", "Solved late"} < {row[2] for row in told}
    summary = {each["label"]: each["value"] for each in answer["report_summary"]}
    assert summary["Broken promises"] == len(expected)
    late_ones = run("Broken promises", reason="given_late", target="first_answer")
    assert {row["reason"] for row in late_ones["result"]} == {"Answered late"}


def test_the_list_of_broken_promises_says_so_where_it_is_cut(tickets, monkeypatch):
    monkeypatch.setattr(broken, "MOST", 2)
    answer = run("Broken promises", target="first_answer")
    assert len(answer["result"]) == 2
    assert "choose less" in answer["message"]


def test_the_patch_measures_the_next_answers_of_old_tickets(tickets):
    mine = {"name": ("in", [doc.name for doc in tickets])}

    def times():
        return dict(frappe.get_all(TICKET, mine, ["name", COLUMN], as_list=True))

    before = times()
    assert sum(1 for each in before.values() if each) > 10
    frappe.db.set_value(TICKET, mine, COLUMN, None)
    for _twice in range(2):
        measure_next_answers.execute()
        assert times() == before


COLUMN = promise.NEXT_ANSWER_TIMES


# What nobody can mean


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        ({"from_date": "2021-13-45"}, "Give dates of the years"),
        ({"from_date": "0001-01-01"}, "Give dates of the years"),
        ({"to_date": "2020-01-01"}, "ends before it begins"),
        ({"group_by": "patience"}, "patience is not among the choices"),
        ({"target": ["in", ["a"]]}, "is not a target"),
        ({"tier": "Gold"}, "Gold is not there any more"),
        ({"customer": {"x": 1}}, "Choose one value for the filter customer"),
    ],
)
def test_impossible_filters_are_refused_with_a_sentence(filters, said):
    with refused(said):
        run("Response compliance", **filters)


def test_what_a_link_puts_into_a_filter_is_shown_as_text():
    with refused("&lt;img src=x&gt;"):
        run("Response compliance", tier="<img src=x>")
    with refused("&lt;img src=x&gt;"):
        run("Broken promises", reason="<img src=x>")


@pytest.mark.parametrize(
    "text", ["' or 1=1 -- ", '"', "%(start)s", "%s", "\\", "x' union select 1 -- "]
)
def test_a_filter_is_a_value_and_never_a_part_of_a_statement(text):
    for report in ("Intake by channel and hour", "Response compliance"):
        with refused("is not there any more"):
            run(report, customer=text)
    assert run("Intake by channel and hour", channel=text)["result"] == []


def test_names_of_customers_are_text_in_charts():
    client = make_client()
    with clock_at("2021-03-03T10:00:00+00:00"):
        ticket = make_ticket(client)
    # Imports of other apps may write what Frappe's forms refuse.
    ticket.db_set({"beesender_response_state": "Met", "customer": "<b>Bold</b> & Co"})
    for report, filters in (
        ("Response compliance", {"group_by": "customer"}),
        ("Intake by channel and hour", {"group_by": "customer"}),
    ):
        labels = run(report, **filters)["chart"]["data"]["labels"]
        assert "&lt;b&gt;Bold&lt;/b&gt; &amp; Co" in labels


# Intake


def test_intake_is_told_by_decision_and_reason():
    client = make_client()
    for number, (verdict, reason) in enumerate(
        (
            ("Accepted", None),
            ("Held", "seat_expired"),
            ("Held", "no_plan"),
            (None, None),
        )
    ):
        ticket = make_ticket(client)
        ticket.db_set(
            {
                "creation": f"2021-02-0{number + 1} 10:00:00",
                "beesender_admission": verdict,
                "beesender_admission_reason": reason,
            },
            update_modified=False,
        )
    answer = run("Intake by channel and hour", group_by="verdict")
    told = {
        (row["verdict"], row["reason"]): row["requests"] for row in answer["result"]
    }
    assert told == {
        ("Accepted", ""): 1,
        ("Held", "Seat ended"): 1,
        ("Held", "No plan"): 1,
        ("Outside the plans", ""): 1,
    }
    [row] = run("Intake by channel and hour", group_by="month")["result"]
    assert [
        row[each] for each in ("requests", "accepted", "held", "declined", "outside")
    ] == [4, 1, 2, 0, 1]
    held = run("Intake by channel and hour", verdict="Held", group_by="channel")
    assert [row["requests"] for row in held["result"]] == [2]


# Renewals


def test_renewals_say_what_comes_after_each_plan_that_ends():
    year = {"starts_on": "2031-01-01", "ends_on": "2031-12-31"}
    following = {"starts_on": "2032-01-01", "ends_on": "2032-12-31"}
    customers = [make_customer() for _each in range(3)]
    plans = [
        make_plan(customer, [], licence_price=10_000, currency="EUR", **year)
        for customer in customers
    ]
    sold = make_plan(customers[0], [], tier="Premium", **following)
    drafted = make_plan(
        customers[1], [], status="Draft", renews=plans[1].name, **following
    )
    drafted.db_set("renews", plans[1].name)
    answer = query_report.run(
        "Renewals", filters={"from_date": "2031-12-01", "to_date": "2031-12-31"}
    )
    told = {row["plan"]: (row["state"], row["next_plan"]) for row in answer["result"]}
    assert told == {
        plans[0].name: ("Renewed", sold.name),
        plans[1].name: ("Drafted", drafted.name),
        plans[2].name: ("Not renewed", None),
    }
    summary = [(each["label"], each["value"]) for each in answer["report_summary"]]
    assert summary[:4] == [
        ("Plans that end", 3),
        ("Renewed", 1),
        ("Drafted", 1),
        ("Not renewed", 1),
    ]
    assert summary[4][0] == "Fees not renewed"
    assert "1,000" in summary[4][1].replace(".", ",")
    open_ones = query_report.run(
        "Renewals",
        filters={"from_date": "2031-12-01", "to_date": "2031-12-31", "state": "open"},
    )
    assert [row["plan"] for row in open_ones["result"]] == [plans[2].name]


# Who sees what


def test_fees_and_renewals_are_for_managers_and_promises_for_agents():
    with session_of(make_agent()):
        run("Broken promises")
        with pytest.raises(frappe.PermissionError):
            run("Renewals")
    with session_of(make_agent_manager()):
        run("Renewals")
    for person in (make_client().email, "Guest"):
        for report in ("Broken promises", "Renewals", "Response compliance"):
            with session_of(person), pytest.raises(frappe.PermissionError):
                run(report)


def test_an_agent_restricted_to_teams_sees_the_figures_of_these_alone(tickets):
    frappe.db.set_single_value("HD Settings", "restrict_tickets_by_agent_group", 1)
    agent = frappe.parse_json(tickets[1].get("_assign"))[0]
    mine = [doc for doc in tickets if agent in (doc.get("_assign") or "")]
    with session_of(agent):
        answer = run("Response compliance", group_by="team")
        broken = run("Broken promises")
    expected = naively(mine, "first_answer", lambda doc: 0)[0]
    for at, each in enumerate(("met", "breached", "open")):
        assert sum(row[each] for row in answer["result"]) == expected[at]
    assert {row["ticket"] for row in broken["result"]} <= {
        str(doc.name) for doc in mine
    }


def test_a_reader_who_may_see_one_customer_sees_no_other(tickets):
    agent = make_agent()
    customer = tickets[0].customer
    frappe.get_doc(
        {
            "doctype": "User Permission",
            "user": agent,
            "allow": "HD Customer",
            "for_value": customer,
        }
    ).insert()
    frappe.clear_cache(user=agent)
    with session_of(agent):
        for report in ("Response compliance", "Intake by channel and hour"):
            rows = run(report, group_by="customer")["result"]
            assert [row["customer"] for row in rows] == [customer]
        rows = run("Broken promises")["result"]
        assert {row["customer"] for row in rows} == {customer}


def test_reports_are_russian_where_the_reader_is(tickets):
    with print_language("ru"):
        answer = run("Broken promises")
        assert {"Первый ответ", "Решение"} <= {
            row["promise"] for row in answer["result"]
        }
        labels = {each["label"] for each in answer["columns"]}
        assert "Опоздание, ч поддержки" in labels
        answer = run("Response compliance", group_by="priority")
        labels = {each["label"] for each in answer["columns"]}
        assert "Медиана, ч поддержки" in labels
