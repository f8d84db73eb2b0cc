"""Re-rating open tickets: who may, what is written, how much it costs."""

import json
from contextlib import contextmanager

import frappe
import pytest
from frappe.utils import add_to_date

from beesender_support.api import desk
from beesender_support.enforcement.rerating import rerating_job, rerating_runs
from beesender_support.records.site_time import now, to_column
from beesender_support.records.tickets import promise
from beesender_support.tests.site.factories import (
    answer,
    clock_at,
    make_agent,
    make_client,
    make_portal_user,
    make_ticket,
    session_of,
    site_time,
)
from beesender_support.tests.site.statements import noted

PLAN, TIER = "Beesender Support Plan", "Beesender Tier"
FRIDAY_EVENING = "2026-11-20T17:30:00+03:00"
MONDAY_MORNING = "2026-11-23T09:00:00+03:00"


@pytest.fixture
def client():
    return make_client(tier="Basic", time_zone="GMT+3")


def incident(client, **overrides):
    with clock_at(FRIDAY_EVENING):
        return make_ticket(
            client, ticket_type="Incident", beesender_priority="P1", **overrides
        )


def upgrade(client, tier="Premium"):
    plan = frappe.get_doc(PLAN, client.plan.name)
    plan.tier = tier
    plan.save()
    return plan


def rerate(scope, tickets, why="Sold up", basis=None):
    preview = desk.rerating_preview(scope.doctype, scope.name)
    names = [str(ticket.name) for ticket in tickets]
    return desk.rerate(scope.doctype, scope.name, names, why, basis or preview["basis"])


def test_the_table_shows_a_ticket_before_and_after(client):
    ticket = incident(client)
    upgrade(client)
    with clock_at(MONDAY_MORNING):
        preview = desk.rerating_preview(PLAN, client.plan.name)
    [row] = preview["tickets"]
    assert row["ticket"] == str(ticket.name)
    assert row["before"]["local"].isoformat() == "2026-11-23T12:30:00"
    assert row["after"]["local"].isoformat() == "2026-11-20T18:30:00"
    assert row["after"]["site"] == site_time("2026-11-20T18:30:00+03:00")
    assert row["is_breached_at_once"]
    assert "Tier: Premium instead of Basic" in row["changes"]
    assert "Response time: 1 h instead of 4 h" in row["changes"]


def test_looking_at_the_table_writes_nothing(client):
    ticket = incident(client)
    upgrade(client)
    before = ticket.reload().as_dict()
    desk.rerating_preview(PLAN, client.plan.name)
    assert ticket.reload().as_dict() == before


def test_a_re_rated_ticket_has_the_new_terms_and_helpdesks_fields_follow(client):
    ticket = incident(client)
    plan = upgrade(client)
    with clock_at(MONDAY_MORNING):
        assert rerate(plan, [ticket]) == {"queued": 0, "rerated": 1}
    ticket.reload()
    assert ticket.beesender_tier == "Premium"
    assert ticket.sla == "Beesender Premium"
    assert ticket.response_by == site_time("2026-11-20T18:30:00+03:00")
    assert ticket.agreement_status == "Failed"
    assert promise.terms_of(ticket).tier == "Premium"
    # And another save changes nothing of it.
    with clock_at(MONDAY_MORNING):
        ticket.save()
    assert ticket.reload().response_by == site_time("2026-11-20T18:30:00+03:00")


def test_every_ticket_leaves_a_log_row_and_a_line_in_its_history(client):
    ticket = incident(client)
    plan = upgrade(client)
    with clock_at(MONDAY_MORNING):
        rerate(plan, [ticket], why="The client bought Premium")
    [row] = frappe.get_all(
        "Beesender Admission Log",
        {"ticket": ticket.name, "event": "Re-rated"},
        ["actor", "customer", "plan", "details", "before", "after"],
    )
    assert (row.actor, row.customer) == ("Administrator", client.customer)
    assert (row.plan, row.details) == (plan.name, "The client bought Premium")
    before, after = json.loads(row.before), json.loads(row.after)
    assert (before["tier"], after["tier"]) == ("Basic", "Premium")
    assert before["due"] == "2026-11-23T09:30:00+00:00"
    assert after["due"] == "2026-11-20T15:30:00+00:00"
    actions = frappe.get_all(
        "HD Ticket Activity", {"ticket": ticket.name}, pluck="action"
    )
    assert any("The client bought Premium" in action for action in actions)


def test_re_rating_twice_changes_and_logs_once(client):
    ticket = incident(client)
    plan = upgrade(client)
    assert rerate(plan, [ticket])["rerated"] == 1
    assert rerate(plan, [ticket])["rerated"] == 0
    logged = {"ticket": ticket.name, "event": "Re-rated"}
    assert frappe.db.count("Beesender Admission Log", logged) == 1
    assert desk.rerating_preview(PLAN, plan.name)["tickets"] == []


def test_only_chosen_tickets_of_the_plan_are_re_rated(client):
    chosen, other = incident(client), incident(client)
    stranger = make_client(tier="Business")
    of_stranger = make_ticket(stranger)
    plan = upgrade(client)
    upgrade(stranger)
    assert rerate(plan, [chosen, of_stranger])["rerated"] == 1
    assert other.reload().beesender_tier == "Basic"
    assert of_stranger.reload().beesender_tier == "Business"


def test_answered_closed_and_held_tickets_are_not_touched(client):
    answered, closed = incident(client), incident(client)
    answered.db_set("first_responded_on", site_time("2026-11-20T17:45:00+03:00"))
    closed.db_set({"status": "Closed", "status_category": "Resolved"})
    held = incident(client)
    held.db_set({"beesender_admission": "Held", "beesender_terms": None})
    plan = upgrade(client)
    assert desk.rerating_preview(PLAN, plan.name)["tickets"] == []
    assert rerate(plan, [answered, closed, held])["rerated"] == 0
    for ticket in (answered, closed, held):
        assert ticket.reload().beesender_tier == "Basic"


def test_a_paused_ticket_without_an_answer_is_re_rated(client):
    ticket = incident(client)
    ticket.db_set({"status": "Replied", "status_category": "Paused"})
    assert rerate(upgrade(client), [ticket])["rerated"] == 1


def test_a_tier_re_rates_the_tickets_of_all_its_plans(client):
    tickets = [incident(client), incident(make_client(tier="Basic"))]
    tier = frappe.get_doc(TIER, "Basic")
    tier.around_the_clock = 1
    tier.save()
    assert rerate(tier, tickets)["rerated"] == 2
    for ticket in tickets:
        due = promise.response_of(ticket.reload()).due
        assert due.isoformat() == "2026-11-20T18:30:00+00:00"


def test_editing_a_tier_alone_changes_no_open_ticket(client):
    ticket = incident(client)
    before = ticket.as_dict()
    tier = frappe.get_doc(TIER, "Basic")
    tier.around_the_clock = 1
    tier.save()
    ticket.reload().save()
    assert ticket.reload().response_by == before.response_by
    assert ticket.beesender_terms == before.beesender_terms


def test_a_plan_that_changed_since_the_table_was_shown_is_refused(client):
    ticket = incident(client)
    plan = upgrade(client)
    shown = desk.rerating_preview(PLAN, plan.name)["basis"]
    upgrade(client, "Business")
    with pytest.raises(frappe.ValidationError, match="changed since the table"):
        rerate(plan, [ticket], basis=shown)
    assert ticket.reload().beesender_tier == "Basic"


@pytest.mark.parametrize(
    ("why", "tickets", "match"),
    [("  ", [1], "Say why"), ("Sold up", [], "Choose at least one ticket")],
)
def test_a_reason_and_a_choice_are_asked_for(client, why, tickets, match):
    plan = upgrade(client)
    basis = desk.rerating_preview(PLAN, plan.name)["basis"]
    with pytest.raises(frappe.ValidationError, match=match):
        desk.rerate(PLAN, plan.name, tickets, why, basis)


# Targets besides the first answer


def sell(tier="Basic", **hours):
    """Sell further targets for P1 with a tier: ``solution_hours``, ``next_answer_hours``."""
    doc = frappe.get_doc(TIER, tier)
    for row in doc.response_targets:
        if row.priority == "P1":
            row.update(hours)
    doc.save()
    return doc


@pytest.fixture
def solution_sold():
    return sell(solution_hours=9)


def answered_incident(client):
    ticket = incident(client)
    with clock_at("2026-11-20T17:40:00+03:00"):
        answer(ticket)
    return ticket.reload()


def test_an_answered_ticket_is_re_rated_for_its_solution_alone(solution_sold, client):
    ticket = answered_incident(client)
    first_answer = (ticket.response_by, ticket.first_response_time)
    tier = sell(solution_hours=18)
    with clock_at(MONDAY_MORNING):
        preview = desk.rerating_preview(TIER, tier.name)
        [row] = preview["tickets"]
        assert (preview["waiting"], preview["answered"]) == (1, 1)
        assert row["is_answered"]
        assert [each["name"] for each in row["targets"]] == ["Solution"]
        assert row["changes"] == ["Solution: 18 h instead of 9 h"]
        assert rerate(tier, [ticket])["rerated"] == 1
        assert rerate(tier, [ticket])["rerated"] == 0
    ticket.reload()
    assert (ticket.response_by, ticket.first_response_time) == first_answer
    assert ticket.beesender_response_state == "Met"
    # Ten minutes of Friday, then the support hours of Monday and Tuesday.
    before = row["targets"][0]["before"]["local"].isoformat()
    assert ticket.resolution_by > row["targets"][0]["before"]["site"]
    assert ticket.resolution_by == row["targets"][0]["after"]["site"]
    assert before == "2026-11-23T17:30:00"


def test_what_is_re_rated_of_an_answered_ticket_is_logged(solution_sold, client):
    ticket = answered_incident(client)
    tier = sell(solution_hours=18)
    with clock_at(MONDAY_MORNING):
        rerate(tier, [ticket], why="Sold more time")
    actions = frappe.get_all(
        "HD Ticket Activity", {"ticket": ticket.name}, pluck="action"
    )
    [action] = [each for each in actions if "Sold more time" in each]
    assert "a solution is now due" in action
    assert "answer" not in action
    [row] = frappe.get_all(
        "Beesender Admission Log",
        {"ticket": ticket.name, "event": "Re-rated"},
        ["before", "after"],
    )
    before, after = json.loads(row.before), json.loads(row.after)
    assert before["due"] == after["due"]
    assert before["solution_due"] < after["solution_due"]


def test_pauses_count_on_and_a_later_save_changes_nothing(solution_sold, client):
    ticket = answered_incident(client)
    with clock_at("2026-11-20T17:45:00+03:00"):
        ticket.status = "Replied"
        ticket.save()
    tier = sell(solution_hours=18)
    with clock_at(MONDAY_MORNING):
        rerate(tier, [ticket])
        ticket.reload()
        stored = ticket.as_dict()
        ticket.save()
        ticket.reload()
        assert ticket.beesender_solution_state == "Paused"
        for field in ("beesender_terms", "beesender_events", "resolution_by", "sla"):
            assert ticket.get(field) == stored[field], field
    with clock_at("2026-11-23T12:00:00+03:00"):
        ticket.status = "Open"
        ticket.save()
    ticket.reload()
    # A quarter of an hour was used on Friday; Monday's morning did not count.
    assert ticket.resolution_by == site_time("2026-11-25T11:45:00+03:00")


def test_a_paused_solution_is_shown_and_logged_without_a_deadline(
    solution_sold, client
):
    ticket = answered_incident(client)
    with clock_at("2026-11-20T17:45:00+03:00"):
        ticket.status = "Replied"
        ticket.save()
    tier = sell(solution_hours=18)
    with clock_at(MONDAY_MORNING):
        [row] = desk.rerating_preview(TIER, tier.name)["tickets"]
        rerate(tier, [ticket], why="Sold more time")
    [solution] = row["targets"]
    assert (solution["before"], solution["after"]) == (None, None)
    assert solution["paused_before"] == "Paused: 8 h 45 min of 9 h left"
    assert solution["paused_after"] == "Paused: 17 h 45 min of 18 h left"
    actions = frappe.get_all(
        "HD Ticket Activity", {"ticket": ticket.name}, pluck="action"
    )
    [action] = [each for each in actions if "Sold more time" in each]
    assert "a solution is paused: 17 h 45 min is left" in action
    log = frappe.get_last_doc(
        "Beesender Admission Log", {"ticket": ticket.name, "event": "Re-rated"}
    )
    for stamps in (log.before, log.after):
        assert "solution_due" not in json.loads(stamps)


def test_an_answered_ticket_gets_a_solution_that_its_tier_begins_to_sell(client):
    ticket = answered_incident(client)
    assert desk.rerating_preview(TIER, "Basic")["waiting"] == 0
    tier = sell(solution_hours=9)
    with clock_at(MONDAY_MORNING):
        [row] = desk.rerating_preview(TIER, "Basic")["tickets"]
        assert row["targets"][0]["before"] is None
        rerate(tier, [ticket])
    ticket.reload()
    assert ticket.beesender_solution_state == "Due"
    assert ticket.sla == "Beesender Basic (solution)"


def test_a_solution_that_is_sold_no_more_is_taken_off_by_re_rating(
    solution_sold, client
):
    ticket = answered_incident(client)
    tier = sell(solution_hours=0)
    with clock_at(MONDAY_MORNING):
        assert rerate(tier, [ticket])["rerated"] == 1
    ticket.reload()
    assert (ticket.beesender_solution_state, ticket.resolution_by) == (None, None)
    assert (ticket.beesender_response_state, ticket.sla) == ("Met", "Beesender Basic")
    ticket.save()
    assert ticket.reload().agreement_status == "Fulfilled"


def test_a_next_answer_that_was_given_stays_kept_and_the_open_one_follows(client):
    sell(next_answer_hours=4)
    ticket = answered_incident(client)

    def asked_at(stamp):
        with clock_at(stamp), session_of(client.email):
            doc = frappe.get_doc("HD Ticket", ticket.name)
            doc.create_communication_via_contact("And now?")

    asked_at("2026-11-20T17:45:00+03:00")
    with clock_at("2026-11-20T17:50:00+03:00"):
        answer(ticket)
    asked_at("2026-11-20T17:55:00+03:00")
    assert ticket.reload().beesender_next_answers_met == 1
    # By these hours the first of the two would have been late.
    tier = sell(next_answer_hours=0.01)
    with clock_at(MONDAY_MORNING):
        [row] = desk.rerating_preview(TIER, tier.name)["tickets"]
        assert [each["name"] for each in row["targets"]] == ["Next answer"]
        assert row["is_breached_at_once"]
        rerate(tier, [ticket])
        ticket.reload()
        assert ticket.beesender_next_answer_state == "Breached"
        ticket.save()
    ticket.reload()
    assert ticket.beesender_next_answers_met == 1
    assert ticket.beesender_next_answers_breached == 0
    assert (ticket.beesender_response_state, ticket.agreement_status) == (
        "Met",
        "Failed",
    )


def test_resolved_and_merged_tickets_are_not_re_rated(solution_sold, client):
    solved, other = answered_incident(client), answered_incident(client)
    solved.status = "Resolved"
    solved.save()
    other.db_set({"is_merged": 1, "status": "Closed", "status_category": "Resolved"})
    tier = sell(solution_hours=18)
    assert desk.rerating_preview(TIER, tier.name)["tickets"] == []
    assert rerate(tier, [solved, other])["rerated"] == 0


# Permissions


@pytest.mark.parametrize("make_user", [make_agent, lambda: "Guest"])
def test_agents_and_guests_may_not_re_rate(client, make_user):
    ticket = incident(client)
    plan = upgrade(client)
    basis = desk.rerating_preview(PLAN, plan.name)["basis"]
    with session_of(make_user()):
        with pytest.raises(frappe.PermissionError):
            desk.rerating_preview(PLAN, plan.name)
        with pytest.raises(frappe.PermissionError):
            desk.rerate(PLAN, plan.name, [ticket.name], "Sold up", basis)
    assert ticket.reload().beesender_tier == "Basic"


def test_clients_may_not_re_rate(client):
    with session_of(client.email), pytest.raises(frappe.PermissionError):
        desk.rerating_preview(PLAN, client.plan.name)
    with (
        session_of(make_portal_user("rerate@example.com")),
        pytest.raises(frappe.PermissionError),
    ):
        desk.rerate(PLAN, client.plan.name, ["1"], "Sold up", "")


def test_an_agent_manager_may_re_rate_by_tier_and_is_named_in_the_log(client):
    ticket = incident(client)
    manager = make_agent()
    frappe.get_doc("User", manager).add_roles("Agent Manager")
    upgrade(client)
    with session_of(manager):
        assert rerate(frappe.get_doc(TIER, "Premium"), [ticket])["rerated"] == 1
    logged = {"ticket": ticket.name, "event": "Re-rated"}
    assert frappe.db.get_value("Beesender Admission Log", logged, "actor") == manager


def test_a_manager_who_sees_only_a_teams_tickets_re_rates_only_those(client):
    frappe.db.set_single_value("HD Settings", "restrict_tickets_by_agent_group", 1)
    ticket = incident(client)
    ticket.db_set("agent_group", "A team of others")
    manager = make_agent()
    frappe.get_doc("User", manager).add_roles("Agent Manager")
    plan = upgrade(client)
    with session_of(manager):
        preview = desk.rerating_preview(PLAN, plan.name)
        assert (preview["waiting"], preview["tickets"]) == (0, [])
        assert rerate(plan, [ticket])["rerated"] == 0
    assert ticket.reload().beesender_tier == "Basic"


# Many tickets


@contextmanager
def queries():
    """The queries run meanwhile, by their first word."""
    found = []
    with noted() as statements:
        yield found
    found.extend(each.split(None, 1)[0].lower() for each in statements)


def copies_of(ticket, count):
    """As many tickets like this one, without the cost of registering each."""
    columns = [
        each
        for each in frappe.db.get_table_columns("HD Ticket")
        if each not in ("name", "key")
    ]
    listed = ", ".join(f"`{each}`" for each in columns)
    last = frappe.db.sql("select max(cast(name as unsigned)) from `tabHD Ticket`")
    for name in range(int(last[0][0]) + 1, int(last[0][0]) + 1 + count):
        frappe.db.sql(
            f"insert into `tabHD Ticket` (name, {listed})"  # noqa: S608 - columns
            f" select %s, {listed} from `tabHD Ticket` where name = %s",
            (name, ticket.name),
        )
    return frappe.get_all(
        "HD Ticket", {"beesender_plan": ticket.beesender_plan}, pluck="name"
    )


def test_two_hundred_tickets_cost_one_query_each_and_a_few_for_all(client):
    names = copies_of(incident(client), 199)
    plan = upgrade(client)
    basis = desk.rerating_preview(PLAN, plan.name)["basis"]
    with queries() as found:
        done = desk.rerate(PLAN, plan.name, names, "Sold up", basis)
    assert done["rerated"] == 200
    assert found.count("update") == 200
    assert len(found) <= 212, len(found) - 200  # version 15 asks two more for the plan
    logged = {"plan": plan.name, "event": "Re-rated"}
    assert frappe.db.count("Beesender Admission Log", logged) == 200


def test_more_than_can_be_done_at_once_become_a_job_in_batches(client, monkeypatch):
    monkeypatch.setattr(rerating_job, "MOST_AT_ONCE", 4)
    monkeypatch.setattr(rerating_job, "BATCH", 2)
    names = copies_of(incident(client), 4)
    plan = upgrade(client)
    jobs, commits = [], []
    monkeypatch.setattr(frappe, "enqueue", lambda job, **how: jobs.append((job, how)))
    basis = desk.rerating_preview(PLAN, plan.name)["basis"]
    assert desk.rerate(PLAN, plan.name, names, "Sold up", basis) == {"queued": 5}
    [(job, how)] = jobs
    given = {
        key: how[key] for key in ("doctype", "name", "tickets", "why", "basis", "run")
    }
    monkeypatch.setattr(frappe.db, "commit", lambda: commits.append(1))
    job(**given)
    tiers = frappe.get_all("HD Ticket", {"name": ("in", names)}, pluck="beesender_tier")
    assert tiers == ["Premium"] * 5
    assert len(commits) == 6  # each batch, and before it that the job lives
    told = {"for_user": "Administrator", "document_name": plan.name}
    assert "5" in frappe.db.get_value("Notification Log", told, "subject")


def run_in_batches(scope, names, basis, why="Sold up"):
    run = rerating_runs.begin(scope, names, why)
    rerating_job.apply_in_batches(scope.doctype, scope.name, names, why, basis, run)
    return frappe.get_doc(rerating_runs.RUN, run)


def tiers_of(names):
    tickets = {"name": ("in", names)}
    return sorted(frappe.get_all("HD Ticket", tickets, pluck="beesender_tier"))


def test_a_job_stops_when_the_plan_changes_and_a_second_run_does_the_rest(
    client, monkeypatch
):
    monkeypatch.setattr(rerating_job, "BATCH", 2)
    names = copies_of(incident(client), 3)
    plan = upgrade(client)
    basis = desk.rerating_preview(PLAN, plan.name)["basis"]
    commits = []

    def somebody_edits_after_the_first_batch():
        commits.append(1)
        if len(commits) == 2:
            upgrade(client, "Business")

    monkeypatch.setattr(frappe.db, "commit", somebody_edits_after_the_first_batch)
    run = run_in_batches(plan, names, basis)
    assert (run.state, run.rerated) == ("Changed", 2)
    assert tiers_of(names) == ["Basic", "Basic", "Premium", "Premium"]
    monkeypatch.undo()
    basis = desk.rerating_preview(PLAN, plan.name)["basis"]
    assert desk.rerate(PLAN, plan.name, names, "Again", basis)["rerated"] == 4


def test_a_job_that_fails_says_so_to_who_started_it(client, monkeypatch):
    monkeypatch.setattr(rerating_job, "BATCH", 1)
    names = copies_of(incident(client), 1)
    plan = upgrade(client)
    basis = desk.rerating_preview(PLAN, plan.name)["basis"]
    real, batches = rerating_job.apply_batch, []

    def fail_at_the_second(*batch):
        batches.append(batch)
        if len(batches) == 2:
            raise ValueError("terms that nobody can read")
        return real(*batch)

    monkeypatch.setattr(rerating_job, "apply_batch", fail_at_the_second)
    monkeypatch.setattr(frappe.db, "commit", lambda: None)
    monkeypatch.setattr(frappe.db, "rollback", lambda: None)
    assert run_in_batches(plan, names, basis).state == "Failed"
    told = {"for_user": "Administrator", "document_name": plan.name}
    subject = frappe.db.get_value("Notification Log", told, "subject")
    assert "Re-rated open tickets: 1. The rest failed" in subject


# A job that is killed


def told(user="Administrator"):
    return frappe.get_all("Notification Log", {"for_user": user}, pluck="subject")


def silent_for(run, seconds, state="Running"):
    frappe.db.set_value(
        rerating_runs.RUN,
        run,
        {
            "state": state,
            "rerated": 3,
            "alive_at": add_to_date(to_column(now()), seconds=-seconds),
        },
    )


def state_of(run):
    return frappe.db.get_value(rerating_runs.RUN, run, "state")


def test_who_started_a_job_that_was_killed_is_told_once(client):
    manager = make_agent()
    frappe.get_doc("User", manager).add_roles("Agent Manager")
    with session_of(manager):
        run = rerating_runs.begin(client.plan, ["1", "2"], "Sold up")
    silent_for(run, 30)
    rerating_runs.report_dead()
    assert (state_of(run), told(manager)) == ("Running", [])
    silent_for(run, 90)
    rerating_runs.report_dead()
    rerating_runs.report_dead()
    assert state_of(run) == "Stopped"
    [subject] = told(manager)
    assert "Re-rated open tickets: 3. Then the job was stopped" in subject


def test_a_job_that_waits_in_a_busy_queue_is_not_called_dead(client):
    run = rerating_runs.begin(client.plan, ["1"], "Sold up")
    silent_for(run, 3_600, state="Queued")
    rerating_runs.report_dead()
    assert state_of(run) == "Queued"
    silent_for(run, 7 * 3_600, state="Queued")
    rerating_runs.report_dead()
    assert state_of(run) == "Stopped"


def test_another_re_rating_may_begin_a_minute_after_one_was_killed(client):
    run = rerating_runs.begin(client.plan, ["1"], "Sold up")
    with pytest.raises(frappe.ValidationError, match="are being re-rated"):
        rerating_runs.begin(client.plan, ["1"], "Again")
    silent_for(run, 61)
    again = rerating_runs.begin(client.plan, ["1"], "Again")
    assert (state_of(run), state_of(again)) == ("Stopped", "Queued")
    # Another plan never had to wait.
    assert rerating_runs.begin(make_client().plan, ["1"], "Of others")


def test_a_job_that_was_given_up_but_lives_does_no_further_batch(client, monkeypatch):
    monkeypatch.setattr(rerating_job, "BATCH", 1)
    names = copies_of(incident(client), 1)
    plan = upgrade(client)
    basis = desk.rerating_preview(PLAN, plan.name)["basis"]
    run = rerating_runs.begin(plan, names, "Sold up")
    commits = []

    def given_up_after_the_first_batch():
        commits.append(1)
        if len(commits) == 2:
            rerating_runs.end(run, rerating_runs.STOPPED)

    monkeypatch.setattr(frappe.db, "commit", given_up_after_the_first_batch)
    rerating_job.apply_in_batches(PLAN, plan.name, names, "Sold up", basis, run)
    assert tiers_of(names) == ["Basic", "Premium"]
    assert state_of(run) == "Stopped"


def test_the_table_of_a_tier_with_many_plans_takes_a_handful_of_queries(client):
    plans = [client, *(make_client(tier="Basic") for _ in range(5))]
    for each in plans:
        incident(each)
    tier = frappe.get_doc(TIER, "Basic")
    tier.around_the_clock = 1
    tier.save()
    with queries() as found:
        shown = desk.rerating_preview(TIER, "Basic")
    assert len(shown["tickets"]) >= 6
    assert len(found) <= 30, found
