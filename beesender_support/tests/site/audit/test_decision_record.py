"""A ticket's decision record says all that was decided, and counts again elsewhere."""

import json

import frappe
import pytest
from helpdesk.helpdesk.doctype.hd_ticket.api import merge_ticket, split_ticket
from helpdesk.helpdesk.doctype.hd_ticket.hd_ticket import HDTicket

from beesender_support.api import agent as agent_api
from beesender_support.enforcement.response import ticket_fields
from beesender_support.policy.audit.codes import LOG_CODES, NOTICE_CODES
from beesender_support.policy.audit.record import read_record
from beesender_support.records.tickets import decisions
from beesender_support.records.tickets.decisions import DECISION
from beesender_support.tests.site import statements
from beesender_support.tests.site.audit.lives import (
    MONDAY,
    WEDNESDAY,
    decided_on,
    exported,
    recounted,
    whole_life,
)
from beesender_support.tests.site.factories import (
    MONDAY_10,
    clock_at,
    make_agent,
    make_client,
    make_contact,
    make_customer,
    make_p1,
    make_ticket,
    session_of,
    site_zone,
)

TICKET = "HD Ticket"


@pytest.fixture
def life(site):
    return whole_life()


def codes_in(record):
    return [each["code"] for each in record["timeline"]]


def test_a_whole_life_is_told_and_counts_to_the_same_by_the_command(life, tmp_path):
    client, ticket = life
    other = make_ticket(client)
    record = exported(ticket)
    told = codes_in(record)
    for code in (
        "registered",
        "held",
        "admitted_once",
        "priority_corrected",
        "answered",
        "paused",
        "resumed",
        "customer_wrote",
        "resolved",
        "reopened",
        "rerated",
        "clock_corrected",
        "field_changed",
    ):
        assert code in told, code
    assert record["incomplete"] == []
    assert [each["how"] for each in record["decisions"]] == ["judged", "admitted"]
    result = recounted(tmp_path, record)
    assert (result.returncode, result.stderr) == (0, ""), result.stdout
    # And once it is merged into another, both.
    with clock_at(WEDNESDAY % "11:00"):
        merge_ticket(str(ticket.name), str(other.name))
    merged = exported(ticket, WEDNESDAY % "11:01")
    assert merged["ticket"]["merged_into"] == str(other.name)
    assert "merged" in codes_in(merged)
    result = recounted(tmp_path, merged, exported(other, WEDNESDAY % "11:01"))
    assert (result.returncode, result.stderr) == (0, ""), result.stdout


def test_the_timeline_says_who_and_why(life):
    _client, ticket = life
    by_code = {each["code"]: each for each in exported(ticket)["timeline"]}
    assert by_code["rerated"]["why"] == "Sold up"
    assert by_code["rerated"]["before"]["tier"] == "Basic"
    assert by_code["rerated"]["after"]["tier"] == "Business"
    assert by_code["clock_corrected"]["why"] == "The mail was late"
    assert by_code["clock_corrected"]["by"].startswith("agent")
    assert by_code["priority_corrected"]["why"] == "All are down"
    assert by_code["customer_wrote"]["by"].startswith("colleague")
    assert by_code["customer_wrote"]["source"].startswith("Communication/")


def test_no_word_of_a_message_is_in_it(life):
    _client, ticket = life
    text = json.dumps(exported(ticket))
    assert "And now?" not in text
    assert "We are on it." not in text


def test_what_was_written_past_the_app_is_found(life, tmp_path):
    _client, ticket = life
    ticket.db_set("beesender_solution_due_at", "2026-12-01 12:00:00")
    ticket.db_set("beesender_response_state", "Breached")
    result = recounted(tmp_path, exported(ticket))
    assert result.returncode == 1
    assert "stored.solution.due_at: stored '2026-12-01T12:00:00Z'" in result.stdout
    assert "stored.first_answer.state: stored 'breached'" in result.stdout


def test_each_decision_is_kept_with_the_facts_of_then(client):
    ticket = make_p1(client)
    (kept,) = decided_on(ticket)
    assert (kept.verdict, kept.plan) == ("accepted", client.plan.name)
    assert kept.by == "Administrator"
    assert kept.asked.requested == "P1"
    # The seat is taken away afterwards: then it was there.
    plan = frappe.get_doc("Beesender Support Plan", client.plan.name)
    plan.authorized_contacts = []
    plan.save()
    assert kept.asked.admission().verdict == "accepted"
    assert decided_on(ticket) == (kept,)


def test_another_customer_is_another_decision(client):
    ticket, other = make_p1(client), make_customer()
    with clock_at(MONDAY_10):
        ticket.customer = other
        ticket.save()
        assert ticket.reload().beesender_admission is None
        ticket.customer = client.customer
        ticket.save()
    record = exported(ticket, MONDAY_10)
    first, again = record["decisions"]
    assert again["started_at"] == first["started_at"]
    assert codes_in(record).count("admission_changed") == 2


def test_in_the_hour_that_autumn_repeats_nothing_was_noted_before_it_was_registered(
    client,
):
    ticket = make_p1(client)
    ticket.db_set("beesender_terms", None)
    log = frappe.get_doc(
        {
            "doctype": "Beesender Admission Log",
            "event": "Stray reply",
            "ticket": ticket.name,
        }
    ).insert(ignore_permissions=True)
    log.db_set("creation", "2026-10-25 02:40:00")
    with site_zone("Europe/Berlin"):
        for registered, noted in (
            # At the second 02:30 of the night, and before either.
            ("2026-10-25 01:30:00", "2026-10-25T01:40:00Z"),
            ("2026-10-24 22:30:00", "2026-10-25T00:40:00Z"),
        ):
            ticket.db_set("beesender_registered_at", registered)
            told = {e["code"]: e["at"] for e in exported(ticket)["timeline"]}
            assert told["stray_reply"] == noted


def test_a_part_says_what_it_was_split_off(client, tmp_path):
    whole = make_p1(client)
    with clock_at(MONDAY_10):
        said = frappe.get_all(
            "Communication",
            {"reference_doctype": TICKET, "reference_name": whole.name},
            pluck="name",
        )
        part = split_ticket("A part", said[0])
    part = frappe.get_doc(TICKET, part)
    (kept,) = decided_on(part)
    assert (kept.how, kept.whole) == ("continued", str(whole.name))
    record = exported(part, MONDAY_10)
    assert "split_off" in codes_in(record)
    assert recounted(tmp_path, record).returncode == 0


def test_nobody_writes_what_was_decided(client):
    ticket = make_p1(client)
    (kept,) = decided_on(ticket)
    with session_of(make_agent()):
        doc = frappe.get_doc(TICKET, ticket.name)
        doc.beesender_at_risk_percent = 1
        doc.save()
    assert decided_on(ticket) == (kept,)
    assert ticket.reload().beesender_at_risk_percent == 75


def test_a_copy_is_decided_on_its_own(client):
    ticket = make_p1(client)
    copy = frappe.copy_doc(ticket)
    with clock_at(MONDAY_10):
        copy.insert()
    (kept,) = decided_on(copy)
    assert kept.started_at > decided_on(ticket)[0].started_at


def test_an_older_ticket_says_what_it_lacks(client, tmp_path):
    ticket = make_p1(client)
    frappe.db.delete(DECISION, {"ticket": str(ticket.name)})
    ticket.db_set("beesender_at_risk_percent", 0)
    record = exported(ticket, MONDAY_10)
    assert [each["code"] for each in record["incomplete"]] == [
        "decisions_not_kept",
        "at_risk_percent_not_kept",
    ]
    assert recounted(tmp_path, record).returncode == 0


def test_terms_that_nobody_can_read_are_said_and_not_counted(client, tmp_path):
    ticket = make_p1(client)
    ticket.db_set("beesender_terms", '{"format": 99}')
    record = exported(ticket, MONDAY_10)
    assert record["terms"] is None
    assert record["incomplete"][0]["code"] == "terms_unreadable"
    assert recounted(tmp_path, record).returncode == 0


def test_a_ticket_of_plain_helpdesk_has_a_record_too(site, tmp_path):
    customer = make_customer()
    email = "plain@example.com"
    contact = make_contact(customer, email)
    ticket = make_ticket({"email": email, "contact": contact, "customer": customer})
    record = exported(ticket, MONDAY % "10:00")
    assert record["admission"] == {"verdict": None, "reason": None}
    assert record["incomplete"] == []
    assert recounted(tmp_path, record).returncode == 0


def test_reading_access_details_is_one_of_the_decisions(client):
    ticket = make_ticket(client, beesender_access_details="root / secret")
    agent = make_agent()
    with session_of(agent):
        agent_api.read_access_details(str(ticket.name))
    record = exported(ticket)
    (entry,) = [e for e in record["timeline"] if e["code"] == "access_details_read"]
    assert entry["by"] == agent
    assert "secret" not in json.dumps(record)


def test_a_record_is_of_its_own_form_whatever_is_in_the_logs(client):
    ticket = make_p1(client)
    frappe.get_doc(
        {
            "doctype": "Beesender Admission Log",
            "event": "Stray reply",
            "ticket": ticket.name,
            "before": "not JSON",
            "details": "<b>x</b>",
        }
    ).insert(ignore_permissions=True)
    record, faults = read_record(exported(ticket, MONDAY_10))
    assert (record is not None, faults) == (True, ())


def test_every_event_and_outcome_that_is_logged_has_a_code(site):
    events = frappe.get_meta("Beesender Admission Log").get_field("event").options
    assert set(events.split("\n")) == set(LOG_CODES)
    outcomes = frappe.get_meta("Beesender Notice Log").get_field("outcome").options
    assert set(filter(None, outcomes.split("\n"))) == set(NOTICE_CODES)


def statements_of(act):
    with statements.noted() as asked:
        act()
    return asked


def test_an_ordinary_save_asks_nothing_more_for_it(client):
    ticket = make_p1(client)

    def save():
        doc = frappe.get_doc(TICKET, ticket.name)
        doc.subject = f"{doc.subject}!"
        doc.save()

    save()
    assert not [each for each in statements_of(save) if DECISION in each]


def test_a_decision_is_one_statement_more(client):
    make_p1(client)
    asked = statements_of(lambda: make_p1(client))
    (written,) = [each for each in asked if DECISION in each]
    assert written.lower().startswith("insert into")


def test_a_ticket_that_is_decided_twice_in_one_save_was_decided_once(
    client, monkeypatch
):
    """Another app names who asks after the decision, as a Server Script may."""
    other, validate = make_client(), HDTicket.validate

    def correct(doc):
        validate(doc)
        doc.update({"customer": other.customer, "contact": other.contact})

    monkeypatch.setattr(HDTicket, "validate", correct)
    (kept,) = decided_on(make_p1(client))
    assert (kept.plan, kept.asked.customer) == (other.plan.name, other.customer)


def test_a_ticket_that_leaves_the_policy_in_the_same_save_was_not_decided(
    client, monkeypatch
):
    customer, validate = make_customer(), HDTicket.validate

    def correct(doc):
        validate(doc)
        doc.customer = customer

    monkeypatch.setattr(HDTicket, "validate", correct)
    ticket = make_p1(client)
    assert ticket.reload().beesender_admission is None
    assert decided_on(ticket) == ()


def test_what_a_save_noted_that_failed_is_not_kept_by_the_next(client):
    ticket, other = make_p1(client), make_client()
    doc = frappe.get_doc(TICKET, ticket.name)
    doc.update({"customer": other.customer, "contact": other.contact})
    doc.priority = "There is no such priority"
    with clock_at(MONDAY_10), pytest.raises(frappe.LinkValidationError):
        doc.save()
    doc.reload()
    doc.subject = "Again"
    doc.save()
    assert len(decided_on(ticket)) == 1


def test_a_step_that_fails_after_it_decided_keeps_no_decision(client, monkeypatch):
    ticket, other = make_p1(client), make_client()

    def fail(doc):
        raise ValueError("for the test")

    monkeypatch.setattr(ticket_fields, "choose_agreement", fail)
    doc = frappe.get_doc(TICKET, ticket.name)
    doc.update({"customer": other.customer, "contact": other.contact})
    with clock_at(MONDAY_10):
        doc.save()
    monkeypatch.undo()
    assert doc.reload().beesender_plan == client.plan.name
    assert [each.plan for each in decided_on(ticket)] == [client.plan.name]


def test_a_ticket_is_stored_also_where_its_decision_cannot_be(client, monkeypatch):
    def fail(doctype, rows):
        frappe.db.sql("select * from `tabThere is no such table`")

    monkeypatch.setattr(decisions, "insert_all", fail)
    ticket = make_p1(client)
    monkeypatch.undo()
    assert ticket.reload().beesender_plan == client.plan.name
    assert frappe.db.exists("Error Log", {"reference_name": str(ticket.name)})
    record = exported(ticket, MONDAY_10)
    assert [e["code"] for e in record["incomplete"]] == ["decisions_not_kept"]


def test_decisions_follow_a_ticket_that_is_renamed(client):
    ticket = make_p1(client)
    (kept,) = decided_on(ticket)
    number = str(int(ticket.name) + 100_000)
    frappe.rename_doc(TICKET, ticket.name, number, force=True)
    assert decided_on(frappe.get_doc(TICKET, number)) == (kept,)
