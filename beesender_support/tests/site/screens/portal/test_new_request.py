"""The page of a new request offers what the server will take, and says when we answer."""

from datetime import datetime

import frappe
import pytest
from helpdesk.helpdesk.doctype.hd_ticket_template import api as helpdesk_template

from beesender_support.api import portal
from beesender_support.patches import add_description_templates
from beesender_support.records.cache import invalidate
from beesender_support.records.site_time import to_instant
from beesender_support.screens.portal.new_request import hide_replaced_fields
from beesender_support.tests.site.factories import (
    clock_at,
    make_agent,
    make_client,
    make_contact,
    make_customer,
    make_portal_user,
    session_of,
)

FRIDAY = "2026-11-20T17:30:00+03:00"
MONDAY = "2026-11-23T12:30:00+03:00"


def page_of(email, customer=None):
    with session_of(email):
        return portal.new_request(customer)


def offered(page):
    return {
        category["name"]: {each["code"]: each for each in category["priorities"]}
        for category in page["categories"]
    }


def send(email, **values):
    request = {"subject": "No chats", "description": "The list is empty.", **values}
    with session_of(email):
        return portal.raise_request(request).reload()


def test_a_client_is_offered_what_the_categories_allow_and_the_default_of_each():
    page = page_of(make_client().email)
    assert page["category"] == "Incident"
    assert {name: list(codes) for name, codes in offered(page).items()} == {
        "Consultation": ["P3", "P4"],
        "Incident": ["P1", "P2", "P3", "P4"],
        "Paid enhancement request": ["P3", "P4"],
    }
    assert {each["name"]: each["priority"] for each in page["categories"]} == {
        "Consultation": "P3",
        "Incident": "P3",
        "Paid enhancement request": "P4",
    }


def test_as_shipped_nothing_is_said_but_when_we_answer():
    incident = offered(page_of(make_client().email))["Incident"]
    for each in incident.values():
        assert set(each) == {"code", "meaning", "due", "promise"}


def test_each_priority_says_what_else_is_sold_for_it():
    tier = frappe.get_doc("Beesender Tier", "Basic")
    tier.response_targets[0].update({"next_answer_hours": 4, "solution_hours": 8})
    tier.save()
    with clock_at(FRIDAY):
        incident = offered(page_of(make_client(time_zone="GMT+3").email))["Incident"]
    solution, following = incident["P1"]["further"]
    assert following["due"] is None
    assert following["promise"].startswith("Basic answers each further message")
    due = datetime.fromisoformat(solution["due"])
    assert due == datetime.fromisoformat("2026-11-23T16:30:00+03:00")
    assert "We will solve it by {0}" in solution["by"]
    assert solution["promise"] == "Basic solves P1 within 8 h of support time."
    assert "further" not in incident["P2"]


def test_every_choice_has_its_meaning_in_the_reader_s_language():
    client = make_client()
    frappe.local.lang = "ru"
    try:
        page = page_of(client.email)
    finally:
        frappe.local.lang = "en"
    incident = next(each for each in page["categories"] if each["name"] == "Incident")
    assert incident["label"] == "Инцидент"
    assert "Шаги, которые приводят к сбою:" in incident["description"]
    for category in page["categories"]:
        assert category["meaning"]
        assert all(each["meaning"] for each in category["priorities"])
    assert page["labels"]["plan"] == "Мой план поддержки"


def test_the_page_says_the_deadline_that_the_ticket_then_gets():
    client = make_client()
    with clock_at(FRIDAY):
        page = page_of(client.email)
        ticket = send(client.email, ticket_type="Incident", beesender_priority="P1")
    due = datetime.fromisoformat(offered(page)["Incident"]["P1"]["due"])
    assert due == datetime.fromisoformat(MONDAY) == to_instant(ticket.response_by)
    assert (ticket.ticket_type, ticket.beesender_priority) == ("Incident", "P1")


def test_all_that_is_offered_is_taken_as_it_was_chosen():
    client = make_client()
    for category, priorities in offered(page_of(client.email)).items():
        for code in priorities:
            ticket = send(client.email, ticket_type=category, beesender_priority=code)
            assert (ticket.ticket_type, ticket.beesender_priority) == (category, code)
            assert ticket.beesender_admission == "Accepted"


def test_a_category_without_a_promise_says_so():
    page = page_of(make_client().email)
    wish = offered(page)["Paid enhancement request"]["P4"]
    assert wish["due"] is None
    assert (
        wish["promise"] == "No response time is promised for Paid enhancement request."
    )


def test_who_has_no_seat_is_told_before_writing_who_may_ask():
    client = make_client()
    colleague = make_contact(client.customer, "noseat@example.com", user=True)
    page = page_of("noseat@example.com")
    assert "categories" not in page
    assert "is not an authorized contact" in page["refusal"]
    seated = frappe.db.get_value("Contact", client.contact, "full_name")
    assert f"these people may ask: {seated}" in page["refusal"]
    assert page["plan_page"] == "/support-plan"
    assert colleague


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ({"status": "Suspended"}, "is suspended"),
        ({"ends_on": "2021-01-01"}, "has ended"),
        ({"starts_on": "2999-01-01"}, "starts on"),
    ],
)
def test_a_plan_not_in_force_is_told_before_writing(plan, words):
    page = page_of(make_client(**plan).email)
    assert words in page["refusal"]
    assert "categories" not in page


def test_a_client_without_a_plan_gets_helpdesk_s_own_form():
    make_contact(make_customer(), "plain@example.com", user=True)
    assert page_of("plain@example.com") is None
    make_portal_user("nobody@example.com")
    assert page_of("nobody@example.com") is None


def test_a_site_without_categories_gets_helpdesk_s_own_form():
    client = make_client()
    frappe.db.delete("Beesender Category")
    invalidate()
    assert page_of(client.email) is None


def test_where_requests_without_a_plan_are_held_the_portal_says_so_before_writing():
    make_contact(make_customer("Planless"), "plain@example.com", user=True)
    frappe.db.set_single_value("Beesender Support Settings", "hold_unplanned", 1)
    invalidate()
    assert "has no Beesender support plan" in page_of("plain@example.com")["refusal"]


def test_of_several_customers_one_is_chosen_first():
    client = make_client()
    other = frappe.get_doc("HD Customer", make_customer())
    other.append("contacts", {"contact_name": client.contact})
    other.save()
    assert page_of(client.email) is None
    assert page_of(client.email, other.name) is None
    assert page_of(client.email, client.customer)["category"] == "Incident"


def test_nobody_learns_what_another_customer_may_ask():
    client, stranger = make_client(), make_client()
    for auto_set in (1, 0):
        frappe.db.set_single_value(
            "HD Settings", "auto_set_customer_from_contact", auto_set
        )
        with pytest.raises(frappe.PermissionError):
            page_of(stranger.email, client.customer)


def test_an_agent_is_offered_what_the_chosen_customer_may_ask():
    client, agent = make_client(), make_agent()
    assert page_of(agent) is None
    page = page_of(agent, client.customer)
    assert not page["is_client"]
    assert list(offered(page)["Incident"]) == ["P1", "P2", "P3", "P4"]
    assert page_of(agent, make_customer()) is None


def test_helpdesk_s_own_inputs_step_aside_and_the_form_stays_as_it_was():
    template = frappe.get_doc("HD Ticket Template", "Default")
    template.append("fields", {"fieldname": "ticket_type", "required": 1})
    template.save()
    with session_of(make_client().email):
        ours, theirs = (
            portal.new_request_template("Default"),
            helpdesk_template.get_one("Default"),
        )
    assert set(ours) == set(theirs)
    for our, their in zip(ours["fields"], theirs["fields"], strict=True):
        if our.fieldname != "ticket_type":
            assert our == their
            continue
        assert (our.required, their.required) == (0, 1)
        assert our.depends_on == "eval:!doc.beesender_offers"
        # It stays required where the form does not offer it.
        assert our.mandatory_depends_on == "eval:!doc.beesender_offers"


@pytest.mark.parametrize(
    ("condition", "combined"),
    [
        (
            "eval:doc.subject == 'x'",
            "eval:!doc.beesender_offers && (doc.subject == 'x')",
        ),
        ("subject", "eval:!doc.beesender_offers && (doc.subject)"),
        ("doc.subject", "eval:!doc.beesender_offers && (doc.subject)"),
    ],
)
def test_an_input_that_had_a_condition_keeps_it(condition, combined):
    field = {"fieldname": "priority", "depends_on": condition}
    hide_replaced_fields([field])
    assert field["depends_on"] == combined


def test_without_categories_the_inputs_are_helpdesk_s_own():
    frappe.db.delete("Beesender Category")
    invalidate()
    field = {"fieldname": "ticket_type", "required": 1}
    hide_replaced_fields([field])
    assert field == {"fieldname": "ticket_type", "required": 1}


def test_an_agent_is_told_that_a_request_will_be_held_and_may_go_on():
    client = make_client(status="Suspended")
    with session_of(make_agent()):
        page = portal.new_request(client.customer)
    assert (page["is_client"], "is suspended" in page["refusal"]) == (False, True)
    assert page["labels"]["cannot_ask"] == "The request will wait for admission"


def test_a_refusal_speaks_of_channels_and_people_as_the_reader_does():
    client = make_client()
    tier = frappe.get_doc("Beesender Tier", "Basic")
    tier.registration_channels = [
        row for row in tier.registration_channels if row.channel in ("email", "chatbot")
    ]
    tier.save()
    assert page_of(client.email)["refusal"] == (
        "The Basic plan does not take requests by portal. It takes them by e-mail, chatbot."
    )


def test_bare_questions_are_sent_back_before_anything_is_lost():
    client = make_client()
    categories = page_of(client.email)["categories"]
    incident = next(each for each in categories if each["name"] == "Incident")
    with pytest.raises(frappe.ValidationError, match="answer the questions"):
        send(client.email, description=incident["description"])
    answered = incident["description"].replace("<p></p>", "<p>no chats</p>", 1)
    assert send(client.email, description=answered).beesender_admission == "Accepted"


def test_an_admin_edits_the_questions_of_a_category():
    category = frappe.get_doc("Beesender Category", "Incident")
    category.description_template = "Which <b>screen</b>?\nWhich operator?"
    category.save()
    page = page_of(make_client().email)
    incident = next(each for each in page["categories"] if each["name"] == "Incident")
    assert "Which &lt;b&gt;screen&lt;/b&gt;?" in incident["description"]


def test_a_site_installed_before_gets_the_questions_and_keeps_its_own():
    for name, questions in (("Incident", None), ("Consultation", "Our question?")):
        frappe.db.set_value(
            "Beesender Category", name, "description_template", questions
        )
    frappe.db.delete(
        "Singles",
        {"doctype": "Beesender Support Settings", "field": "access_details_days"},
    )
    for _run in range(2):
        add_description_templates.execute()
    stored = dict(
        frappe.get_all(
            "Beesender Category",
            fields=["name", "description_template"],
            as_list=True,
        )
    )
    assert stored["Incident"].startswith("Steps that lead to the fault:")
    assert stored["Consultation"] == "Our question?"
    settings = frappe.db.get_singles_dict("Beesender Support Settings")
    assert settings["access_details_days"] == "14"
