"""The reports behind the charts, from tickets of the site."""

import frappe
import pytest
from frappe.desk import query_report
from frappe.translate import print_language

from beesender_support.api import workspace
from beesender_support.tests.site.factories import (
    make_agent,
    make_client,
    make_customer,
    make_plan,
    make_portal_user,
    make_ticket,
    session_of,
)

MARCH, APRIL = "2019-03-05 10:30:00", "2019-04-30 23:59:59"
SPRING = {"from_date": "2019-03-01", "to_date": "2019-04-30"}


def run(report: str, **filters: object) -> dict:
    return query_report.run(report, filters={**SPRING, **filters})


def compliance(**filters: object) -> list[tuple]:
    return [
        tuple(
            row[each]
            for each in ("month", "tier", "met", "breached", "open", "compliance")
        )
        for row in run("Response compliance", **filters)["result"]
    ]


def make_outcome(client: dict, started: str, state: str | None, **values: object):
    """A ticket as if its clock had started then, with the promise standing so."""
    ticket = make_ticket(client)
    ticket.db_set(
        {
            "service_level_agreement_creation": started,
            "creation": started,
            "beesender_response_state": state,
            **values,
        },
        update_modified=False,
    )
    return ticket


# Response compliance


def test_compliance_counts_known_outcomes_by_month_and_tier():
    basic, premium = make_client(), make_client(tier="Premium")
    for state in ("Met", "Met", "Breached", "Due", "At risk", None):
        make_outcome(basic, MARCH, state)
    make_outcome(premium, MARCH, "Met")
    make_outcome(basic, APRIL, "Due")
    march, april = frappe.utils.getdate("2019-03-01"), frappe.utils.getdate(
        "2019-04-01"
    )
    assert compliance() == [
        (march, "Basic", 2, 1, 2, 66.7),
        (march, "Premium", 1, 0, 0, 100.0),
        (april, "Basic", 0, 0, 1, None),
    ]


def test_a_real_answer_in_time_counts_as_kept_and_a_late_one_as_broken():
    client = make_client(tier="Premium")
    filters = {"from_date": None, "to_date": None, "customer": client.customer}
    for hours_ago in (1, 30):
        ticket = make_ticket(
            client,
            service_level_agreement_creation=frappe.utils.add_to_date(
                frappe.utils.now_datetime(), hours=-hours_ago
            ),
        )
        with session_of(make_agent()):
            frappe.get_doc("HD Ticket", ticket.name).reply_via_agent(
                "<p>Look here.</p>"
            )
    rows = run("Response compliance", **filters)["result"]
    assert sum(row["met"] for row in rows) == 1
    assert sum(row["breached"] for row in rows) == 1


def test_the_period_is_whole_days_of_the_site():
    client = make_client()
    make_outcome(client, APRIL, "Met")
    make_outcome(client, "2019-05-01 00:00:00", "Met")
    make_outcome(client, "2019-02-28 23:59:59", "Met")
    assert [row[2] for row in compliance()] == [1]


def test_reports_narrow_to_a_tier_and_a_customer():
    basic, premium = make_client(), make_client(tier="Premium")
    make_outcome(basic, MARCH, "Met")
    make_outcome(premium, MARCH, "Met")
    assert [row[1] for row in compliance(tier="Premium")] == ["Premium"]
    assert [row[1] for row in compliance(customer=basic.customer)] == ["Basic"]


def test_a_ticket_merged_into_another_is_counted_there():
    make_outcome(make_client(), MARCH, "Breached", is_merged=1)
    assert compliance() == []


def test_solutions_count_by_their_own_state_paused_ones_as_not_yet_known():
    client = make_client()
    for state in ("Met", "Breached", "Paused", "At risk", None):
        make_outcome(client, MARCH, "Met", beesender_solution_state=state)
    make_outcome(client, MARCH, "Met", beesender_solution_state="Met", is_merged=1)
    march = frappe.utils.getdate("2019-03-01")
    assert compliance(target="solution") == [(march, "Basic", 1, 1, 2, 50.0)]
    assert [row[2] for row in compliance()] == [5]


def test_every_next_answer_counts_the_earlier_ones_included():
    client = make_client()
    for state, met, breached in (("Due", 2, 1), (None, 1, 0), ("Breached", 0, 0)):
        make_outcome(
            client,
            MARCH,
            "Met",
            beesender_next_answer_state=state,
            beesender_next_answers_met=met,
            beesender_next_answers_breached=breached,
        )
    make_outcome(client, MARCH, "Met")
    march = frappe.utils.getdate("2019-03-01")
    assert compliance(target="next_answer") == [(march, "Basic", 3, 2, 1, 60.0)]


def test_a_target_that_nobody_knows_is_refused():
    with pytest.raises(frappe.ValidationError, match="patience is not a target"):
        run("Response compliance", target="patience")


def test_each_target_has_words_of_its_own():
    make_outcome(make_client(), MARCH, "Met", beesender_solution_state="Met")
    answer = run("Response compliance", target="solution")
    assert "Solved in time" in [column["label"] for column in answer["columns"]]
    assert "closed without a solution" in answer["message"]
    with print_language("ru"):
        answer = run("Response compliance", target="solution")
    assert "Решено вовремя" in [column["label"] for column in answer["columns"]]


def test_the_choice_of_a_target_is_offered_where_more_is_promised():
    assert not workspace.is_more_promised()
    ticket = make_outcome(make_client(), MARCH, "Met", beesender_solution_state="Met")
    assert workspace.is_more_promised()
    ticket.db_set("beesender_solution_state", None)
    assert not workspace.is_more_promised()
    tier = frappe.get_doc("Beesender Tier", "Basic")
    tier.response_targets[0].next_answer_hours = 4
    tier.save()
    with session_of(make_agent()):
        assert workspace.is_more_promised()
    with session_of(make_client().email), pytest.raises(frappe.PermissionError):
        workspace.is_more_promised()


def test_without_requests_there_is_no_chart_and_the_period_is_said():
    answer = run("Response compliance")
    assert not answer["chart"]
    zone = frappe.utils.get_system_timezone()
    assert f"in the site's time zone ({zone})" in answer["message"]
    assert frappe.utils.formatdate("2019-03-01") in answer["message"]


def test_left_empty_the_period_is_the_last_twelve_months():
    today = frappe.utils.getdate()
    begins = frappe.utils.get_first_day(frappe.utils.add_months(today, -11))
    answer = query_report.run("Response compliance", filters={})
    assert frappe.utils.formatdate(begins) in answer["message"]
    assert frappe.utils.formatdate(today) in answer["message"]


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(frappe.ValidationError, match="ends before it begins"):
        run("Response compliance", to_date="2019-01-01")


def test_tiers_keep_their_names_in_russian():
    make_outcome(make_client(), MARCH, "Met")
    with print_language("ru"):
        answer = run("Response compliance")
    assert [each["name"] for each in answer["chart"]["data"]["datasets"]] == ["Basic"]
    assert answer["chart"]["data"]["labels"] == ["март 2019"]
    assert "Отвечено вовремя" in [column["label"] for column in answer["columns"]]


def test_months_are_a_row_of_labels_and_names_are_not():
    make_outcome(make_client(), MARCH, "Met", first_responded_on=MARCH)
    for group, is_series in (
        ("month", True),
        ("month_and_tier", True),
        ("customer", False),
    ):
        chart = run("Response compliance", group_by=group)["chart"]
        assert chart.get("axisOptions", {}) == (
            {"xIsSeries": True} if is_series else {}
        )


@pytest.mark.parametrize(
    "report", ["Response compliance", "Intake by channel and hour"]
)
def test_a_chart_has_no_more_names_than_can_be_read(report):
    client = make_client()
    for number in range(11):
        customer = f"Of many {number}"
        make_outcome(client, MARCH, "Met", customer=customer)
    answer = run(report, group_by="customer")
    assert len(answer["result"]) == 11
    assert len(answer["chart"]["data"]["labels"]) == 10


# Intake


def test_intake_counts_by_channel_weekday_and_hour():
    client = make_client()
    for channel in ("portal", "email", "email"):
        make_outcome(client, MARCH, None, beesender_channel=channel)
    make_outcome(client, APRIL, None, beesender_channel="portal")
    answer = run("Intake by channel and hour")
    rows = [
        (row["weekday"], row["hour"], row["portal"], row["email"], row["requests"])
        for row in answer["result"]
    ]
    assert rows == [
        ("Tuesday", "10:00", 1, 2, 3),
        ("Tuesday", "23:00", 1, 0, 1),
    ]
    assert len(answer["chart"]["data"]["labels"]) == 7 * 24
    values = {
        each["name"]: each["values"] for each in answer["chart"]["data"]["datasets"]
    }
    assert values["e-mail"][24 + 10] == 2
    assert sum(values["portal"]) == 2


def test_requests_from_before_the_app_are_counted_too():
    make_outcome(make_client(), MARCH, None, beesender_channel=None)
    [row] = run("Intake by channel and hour")["result"]
    assert (row["not_noted"], row["requests"]) == (1, 1)


# Plans in force


def test_plans_in_force_show_seats_and_days_left():
    customer = make_customer()
    ends = frappe.utils.add_days(None, 10)
    plan = make_plan(customer, [], tier="Business", ends_on=ends)
    make_plan(customer, [], starts_on="2018-01-01", ends_on="2018-12-31")
    [row] = query_report.run("Plans in force", filters={"customer": customer})["result"]
    assert (row["plan"], row["tier"], row["seats_used"], row["seats_included"]) == (
        plan.name,
        "Business",
        0,
        5,
    )
    assert row["days_left"] in (9, 10, 11)  # the zones of site and plan may differ
    chart = query_report.run("Plans in force", filters={})["chart"]["data"]
    assert chart["labels"] == ["Basic", "Business", "Premium"]
    assert sum(chart["datasets"][0]["values"]) == frappe.db.count(
        "Beesender Support Plan", {"name": ("in", in_force())}
    )


def in_force() -> list[str]:
    return [
        row["plan"] for row in query_report.run("Plans in force", filters={})["result"]
    ]


# Who sees what


@pytest.mark.parametrize(
    "report", ["Response compliance", "Intake by channel and hour", "Plans in force"]
)
def test_agents_run_and_export_reports_and_clients_and_guests_do_not(report):
    with session_of(make_agent()):
        query_report.run(report, filters={})
        assert frappe.get_doc("Report", report).is_permitted()
    for person in (
        make_client().email,
        make_portal_user("nobody@example.com"),
        "Guest",
    ):
        with session_of(person), pytest.raises(frappe.PermissionError):
            query_report.run(report, filters={})


def test_an_agent_who_sees_only_a_teams_tickets_gets_only_their_figures():
    frappe.db.set_single_value("HD Settings", "restrict_tickets_by_agent_group", 1)
    client = make_client()
    make_outcome(client, MARCH, "Met", agent_group="A team of others")
    assert [row[2] for row in compliance()] == [1]
    with session_of(make_agent()):
        assert compliance() == []
        assert run("Intake by channel and hour")["result"] == []


def test_a_report_is_exported_with_what_it_shows():
    client = make_client()
    make_outcome(client, MARCH, "Met")
    frappe.local.form_dict = frappe._dict(
        report_name="Response compliance",
        file_format_type="CSV",
        filters=frappe.as_json(SPRING),
        visible_idx="[0]",
        csv_delimiter=",",
        csv_quoting=2,
    )
    query_report.export_query()
    exported = frappe.response["filecontent"]
    exported = exported.decode() if isinstance(exported, bytes) else exported
    assert "Basic" in exported
    assert "Answered in time" in exported
