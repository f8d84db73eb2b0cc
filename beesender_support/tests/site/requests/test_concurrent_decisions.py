"""One decision wins, and what was decided outlives the copies that others have open.

Others are processes of their own, with connections of their own, which commit.
"""

import itertools
import json
import multiprocessing
from collections.abc import Callable, Iterator

import frappe
import pytest

from beesender_support.api import agent as agent_api
from beesender_support.api import desk
from beesender_support.tests.site.factories import (
    make_agent,
    make_contact,
    make_customer,
    make_plan,
    make_ticket,
    receive_mail,
    session_of,
)
from beesender_support.tests.site.processes import (
    in_process,
    in_processes,
    remove_records,
)

CUSTOMER = "Test Client Decided Once"
DOMAIN = "@example.com"
SEATED, STRANGER = "decided-once@example.com", "not-decided-"
AGENTS = ("first-decider@example.com", "second-decider@example.com")
PLAN, LOG = "Beesender Support Plan", "Beesender Admission Log"
_numbers = itertools.count(1)
OF_THIS_TEST = ([CUSTOMER], [SEATED, f"{STRANGER}%"], AGENTS)
DECISIONS = ("Admitted once", "Admitted with a seat", "Declined")


def make_records() -> dict:
    customer = make_customer(CUSTOMER)
    seated = make_contact(customer, SEATED)
    for agent in AGENTS:
        make_agent(agent)
    plan = make_plan(customer, [seated], tier="Business")
    return {
        "customer": customer,
        "plan": plan.name,
        "contact": seated,
    }


@pytest.fixture(scope="module")
def records(site) -> Iterator[dict]:
    in_process(remove_records, *OF_THIS_TEST)
    made = in_process(make_records)
    assert isinstance(made, dict), made
    yield made
    frappe.db.rollback()
    in_process(remove_records, *OF_THIS_TEST)


def hold_ticket(number: int) -> str:
    """By mail of a contact without a seat; in a test of another process, another one."""
    frappe.flags.in_test, frappe.flags.mute_emails = True, True
    address = f"{STRANGER}{number}{DOMAIN}"
    make_contact(CUSTOMER, address)
    return receive_mail(address, "May I ask?").name


def decisions_on(ticket: str) -> list[str]:
    logged = {"ticket": ticket, "event": ("in", DECISIONS)}
    return frappe.get_all(LOG, filters=logged, pluck="event")


def race(ticket: str, decisions: list[Callable]) -> list:
    """Each by another agent, who began to read before the others decided."""
    meet = multiprocessing.get_context("fork").Barrier(len(decisions))

    def decide(number: int) -> str:
        frappe.flags.in_test, frappe.flags.mute_emails = True, True
        frappe.db.set_single_value("HD Settings", "skip_email_workflow", 1)
        frappe.db.commit()
        with session_of(AGENTS[number % len(AGENTS)]):
            assert (
                frappe.db.get_value("HD Ticket", ticket, "beesender_admission")
                == "Held"
            )
            meet.wait(timeout=60)
            decisions[number](ticket)
        return "decided"

    return in_processes(decide, [(number,) for number in range(len(decisions))])


def decline(ticket: str) -> None:
    agent_api.decline(ticket, "No")


@pytest.mark.parametrize(
    "decisions",
    [
        [agent_api.admit_once, decline],
        [decline, agent_api.admit_once],
        [agent_api.admit_with_seat, decline],
        [agent_api.admit_once, agent_api.admit_with_seat],
        [decline, decline],
    ],
)
def test_of_two_who_decide_at_once_one_wins_and_the_other_reads_who(records, decisions):
    ticket = in_process(hold_ticket, next(_numbers))
    assert isinstance(ticket, str), ticket
    frappe.db.rollback()
    results = race(ticket, decisions)
    frappe.db.rollback()
    assert results.count("decided") == 1, results
    assert len(decisions_on(ticket)) == 1
    [(kind, sentence)] = [each for each in results if each != "decided"]
    assert kind == "ValidationError"
    assert "does not wait for admission any more" in sentence
    assert ticket in sentence
    winner = frappe.db.get_value(
        LOG, {"ticket": ticket, "event": ("in", DECISIONS)}, "actor"
    )
    assert frappe.utils.get_fullname(winner) in sentence


def test_who_decides_on_what_was_decided_long_ago_reads_that_too(records):
    ticket = in_process(hold_ticket, next(_numbers))
    frappe.db.rollback()
    agent_api.admit_once(ticket)
    with pytest.raises(frappe.ValidationError, match="Administrator admitted it"):
        agent_api.decline(ticket, "No")


# A save that was begun before


def upgrade_and_re_rate(plan: str) -> None:
    doc = frappe.get_doc(PLAN, plan)
    doc.tier = "Premium" if doc.tier == "Business" else "Business"
    doc.save()
    shown = desk.rerating_preview(PLAN, plan)
    names = [row["ticket"] for row in shown["tickets"]]
    desk.rerate(PLAN, plan, names, "Sold up", shown["basis"])


@pytest.mark.parametrize("by", ["Administrator", AGENTS[0]])
def test_a_save_begun_before_a_re_rating_does_not_bring_the_old_terms_back(records, by):
    def raise_one() -> str:
        client = {"email": SEATED, **records}
        return make_ticket(client, ticket_type="Incident", beesender_priority="P1").name

    name = in_process(raise_one)
    assert isinstance(name, str), name
    frappe.db.rollback()
    with session_of(by):
        opened = frappe.get_doc("HD Ticket", name)
        in_process(upgrade_and_re_rate, records["plan"])
        opened.subject = "Written meanwhile"
        opened.save(ignore_permissions=True)
    saved = frappe.get_doc("HD Ticket", name, for_update=True)
    assert saved.subject == "Written meanwhile"
    plan = frappe.get_doc(PLAN, records["plan"], for_update=True)
    assert saved.beesender_tier == plan.tier
    assert json.loads(saved.beesender_terms)["tier"] == plan.tier
    assert saved.sla == f"Beesender {plan.tier}"
    rank = frappe.db.get_value("Beesender Tier", plan.tier, "rank")
    assert saved.beesender_tier_rank == rank
