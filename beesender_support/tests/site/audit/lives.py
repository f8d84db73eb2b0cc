"""Tickets that live a whole life, for what is checked of their records."""

import json
import subprocess
import sys

import frappe

from beesender_support.api import agent as agent_api
from beesender_support.api import desk
from beesender_support.enforcement.requests import held_requests
from beesender_support.records.audit.decision_record import record_of
from beesender_support.records.tickets.decisions import kept_of
from beesender_support.tests.site.factories import (
    clock_at,
    make_agent,
    make_agent_manager,
    make_client,
    make_contact,
    receive_mail,
    session_of,
)

TICKET, PLAN = "HD Ticket", "Beesender Support Plan"
ALL = {"hours": 4, "next_answer_hours": 4, "solution_hours": 40}
# Berlin puts its clocks back on Sunday, 25 October.
FRIDAY, MONDAY, TUESDAY, WEDNESDAY = (
    "2026-10-23T%s:00+02:00",
    "2026-10-26T%s:00+01:00",
    "2026-10-27T%s:00+01:00",
    "2026-10-28T%s:00+01:00",
)


def decided_on(ticket):
    """The decisions that are kept of a ticket, in order."""
    return tuple(each.decided for each in kept_of(str(ticket.name), 1000))


def end_request():
    """What one request keeps in mind, the next does not know."""
    for name in [name for name in frappe.flags if name.startswith("beesender")]:
        frappe.flags.pop(name)


def sell_all_targets(tier="Basic"):
    doc = frappe.get_doc("Beesender Tier", tier)
    for row in doc.response_targets:
        row.update(ALL)
    doc.save()


def whole_life():
    """Held, admitted, corrected, answered, paused over a change of the clocks, asked and
    answered again, closed, reopened, re-rated, its clock corrected, answered at last.
    """
    frappe.db.set_single_value("HD Settings", "auto_update_status", 1)
    frappe.db.set_single_value("HD Settings", "update_status_to", "Replied")
    sell_all_targets()
    client = make_client(time_zone="Europe/Berlin")
    colleague = f"colleague.{client.email}"
    make_contact(client.customer, colleague, user=True)
    agent, manager = make_agent(), make_agent_manager()
    # Frappe compares stamps of rows as text, with a fraction of a second or without.
    with clock_at("2026-10-23T10:00:00.000001+02:00"):
        ticket = receive_mail(colleague, "No chats arrive")
    end_request()
    assert ticket.beesender_admission == "Held"
    with clock_at(FRIDAY % "11:00"), session_of(agent):
        held_requests.admit_once(ticket.reload(), "Known to us")
    end_request()
    with clock_at(FRIDAY % "11:05"), session_of(agent):
        agent_api.change_ticket(
            str(ticket.name), priority="P1", category="Incident", why="All are down"
        )
    end_request()
    reply(agent, FRIDAY % "12:00", ticket)
    write(colleague, MONDAY % "09:30", ticket)
    reply(agent, MONDAY % "10:00", ticket)
    save(agent, MONDAY % "15:00", ticket, status="Open")
    save(agent, MONDAY % "16:00", ticket, status="Resolved")
    write(colleague, TUESDAY % "09:00", ticket)
    with clock_at(TUESDAY % "10:00"), session_of(manager):
        plan = frappe.get_doc(PLAN, client.plan.name)
        sell_up(plan)
        preview = desk.rerating_preview(PLAN, plan.name)
        desk.rerate(PLAN, plan.name, [str(ticket.name)], "Sold up", preview["basis"])
    end_request()
    with clock_at(TUESDAY % "11:00"), session_of(manager):
        agent_api.correct_clock(
            str(ticket.name), "The mail was late", started_at=FRIDAY % "10:30"
        )
    end_request()
    reply(agent, WEDNESDAY % "10:00", ticket)
    return client, ticket.reload()


def sell_up(plan):
    with session_of("Administrator"):
        sell_all_targets("Business")
        plan.reload()
        plan.tier = "Business"
        plan.save()


def reply(agent, stamp, ticket):
    with clock_at(stamp), session_of(agent):
        frappe.get_doc(TICKET, ticket.name).reply_via_agent("We are on it.")
    end_request()


def write(email, stamp, ticket):
    with clock_at(stamp), session_of(email):
        doc = frappe.get_doc(TICKET, ticket.name)
        doc.create_communication_via_contact("And now?")
    end_request()


def save(agent, stamp, ticket, **fields):
    with clock_at(stamp), session_of(agent):
        doc = frappe.get_doc(TICKET, ticket.name)
        doc.update(fields)
        # In tests Frappe keeps none unless it is told to.
        doc.save(ignore_version=False)
    end_request()


def exported(ticket, stamp=WEDNESDAY % "10:05"):
    """What the JSON of a ticket's record says."""
    with clock_at(stamp):
        record = record_of(frappe.get_doc(TICKET, ticket.name))
    return json.loads(json.dumps(record.as_dict()))


def recounted(tmp_path, *records):
    """The real command on exported records."""
    file = tmp_path / "records.json"
    file.write_text(json.dumps(records), encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "beesender_support.cli", "recount", str(file)],
        capture_output=True,
        text=True,
    )
