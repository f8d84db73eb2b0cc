"""Who of support stands behind tickets, in as many queries for one as for many."""

import frappe
from frappe.desk.form.assign_to import add as assign
from frappe.desk.form.assign_to import clear

from beesender_support.policy.notices.staff import (
    BREACHES_AND_ESCALATIONS,
    EVERYTHING,
)
from beesender_support.records.people import staff
from beesender_support.records.people.staff import Member, Staff
from beesender_support.tests.site.factories import (
    make_agent,
    make_client,
    make_portal_user,
    make_team,
    make_ticket,
    make_user_of_desk,
    refused,
)

COLUMNS = ["name", "_assign", "agent_group", "beesender_success_manager"]


def behind(*tickets) -> list[Staff]:
    rows = frappe.get_all(
        "HD Ticket", {"name": ("in", [each.name for each in tickets])}, COLUMNS
    )
    found = staff.behind(rows)
    return [found[each.name] for each in tickets]


def names(members) -> list[str]:
    return [member.user for member in members]


def put_on_duty(*rows: dict) -> None:
    settings = frappe.get_doc("Beesender Support Settings")
    settings.set("on_duty", list(rows))
    settings.save()


def of_team(client, team):
    """A ticket of a team; Helpdesk assigns such a one to a member, who is taken off."""
    ticket = make_ticket(client, agent_group=team)
    clear("HD Ticket", ticket.name)
    return ticket.reload()


def assigned(ticket, *users):
    assign({"doctype": "HD Ticket", "name": ticket.name, "assign_to": list(users)})
    return ticket.reload()


def test_everybody_behind_a_ticket():
    lead, mate, assignee, on_duty = (make_agent() for _ in range(4))
    manager = make_user_of_desk()
    team = make_team(lead, mate, beesender_lead=lead)
    ticket = of_team(make_client(success_manager=manager), team)
    assigned(ticket, assignee)
    put_on_duty({"user": on_duty})
    [found] = behind(ticket)
    assert names(found.assignees) == [assignee]
    assert names(found.team) == [lead, mate]
    assert names(found.team_lead) == [lead]
    assert names(found.success_manager) == [manager]
    assert names(found.on_duty) == [on_duty]
    assert found.nearest == found.assignees


def test_without_an_assignee_the_team_is_nearest_and_without_both_nobody(client):
    mate = make_agent()
    with_team = of_team(client, make_team(mate))
    of_nobody = make_ticket(client, agent_group=None)
    found, nobody = behind(with_team, of_nobody)
    assert names(found.nearest) == [mate]
    assert nobody.nearest == ()


def test_whoever_does_not_work_here_now_is_left_out(client):
    disabled, switched_off, without_role = (make_agent() for _ in range(3))
    team = make_team(disabled, switched_off, without_role, beesender_lead=disabled)
    ticket = of_team(client, team)
    put_on_duty({"user": disabled}, {"user": switched_off})
    assigned(ticket, make_portal_user("guest@example.com"))
    frappe.db.set_value("User", disabled, "enabled", 0)
    frappe.db.set_value("HD Agent", switched_off, "is_active", 0)
    frappe.db.delete("HD Agent", {"name": without_role})
    frappe.db.delete("Has Role", {"parent": without_role})
    frappe.db.set_value("User", without_role, "user_type", "Website User")
    frappe.db.set_value("HD Ticket", ticket.name, "_assign", '["gone@example.com"]')
    assert behind(ticket) == [Staff()]


def test_a_disabled_team_has_nobody(client):
    mate = make_agent()
    team = make_team(mate, beesender_lead=mate)
    ticket = of_team(client, team)
    frappe.db.set_value("HD Team", team, "disabled", 1)
    assert behind(ticket) == [Staff()]


def test_on_duty_for_a_team_is_not_on_duty_for_others(client):
    everywhere, for_one = make_agent(), make_agent()
    team, other = make_team(everywhere), make_team(everywhere)
    put_on_duty({"user": for_one, "team": team}, {"user": everywhere})
    own, foreign, without = behind(
        of_team(client, team),
        of_team(client, other),
        make_ticket(client, agent_group=None),
    )
    assert names(own.on_duty) == [for_one, everywhere]
    assert names(foreign.on_duty) == names(without.on_duty) == [everywhere]


def test_what_somebody_is_known_by():
    agent, of_desk = make_agent(), make_user_of_desk()
    frappe.db.set_value("User", agent, "language", "ru")
    frappe.db.set_value("User", of_desk, "language", None)
    found = staff.members_named([agent, of_desk, None, "Guest"])
    assert found == {
        agent: Member(agent, agent, "ru", True, BREACHES_AND_ESCALATIONS),
        of_desk: Member(of_desk, of_desk, None, False, EVERYTHING),
    }


def test_many_tickets_cost_no_more_queries_than_one(client):
    tickets = [of_team(client, make_team(make_agent())) for _ in range(8)]
    rows = frappe.get_all(
        "HD Ticket", {"name": ("in", [each.name for each in tickets])}, COLUMNS
    )
    staff.behind(rows[:1])
    assert queries_of(lambda: staff.behind(rows)) == queries_of(
        lambda: staff.behind(rows[:1])
    )


def queries_of(work) -> int:
    run, count = frappe.db.sql, 0

    def counting(*args, **kwargs):
        nonlocal count
        count += 1
        return run(*args, **kwargs)

    frappe.db.sql = counting
    try:
        work()
    finally:
        del frappe.db.sql
    return count


def test_only_people_of_support_can_be_put_on_duty():
    with refused("cannot be told"):
        put_on_duty({"user": make_portal_user("client@example.com")})


def test_whoever_left_since_does_not_keep_the_settings_from_being_saved():
    agent, other = make_agent(), make_agent()
    put_on_duty({"user": agent})
    frappe.db.set_value("User", agent, "enabled", 0)
    put_on_duty({"user": agent}, {"user": other})


def test_a_team_is_led_by_somebody_of_support_in_a_zone_that_exists():
    agent = make_agent()
    team = make_team(agent)

    def change(**values):
        frappe.get_doc("HD Team", team).update(values).save()

    with refused("cannot be told"):
        change(beesender_lead=make_portal_user("client@example.com"))
    with refused("is not a time zone"):
        change(beesender_lead=agent, beesender_time_zone="Nowhere")
    change(beesender_lead=agent, beesender_time_zone="GMT+3")
    assert staff.time_zones_of_teams()[team] == "GMT+3"
    frappe.db.set_value("User", agent, "enabled", 0)
    change(ignore_restrictions=1)
