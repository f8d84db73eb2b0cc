"""Priority from impact: a client answers two questions, the rules of an admin rate them."""

import json
from contextlib import contextmanager
from unittest.mock import patch

import frappe
import pytest
from frappe.utils import safe_exec
from helpdesk.helpdesk.doctype.hd_ticket.api import split_ticket
from helpdesk.helpdesk.doctype.hd_ticket.hd_ticket import (
    set_guest_ticket_creation_permission,
)

from beesender_support.api import agent as agent_api
from beesender_support.api import intake, portal
from beesender_support.enforcement.chat.caller import BadPayload
from beesender_support.patches import add_impact_rules
from beesender_support.records.cache import invalidate
from beesender_support.records.site_time import to_instant
from beesender_support.records.sold import catalogue
from beesender_support.tests.site.factories import (
    FRIDAY_1730,
    clock_at,
    make_agent,
    make_channel_user,
    make_client,
    make_contact,
    make_customer,
    make_ticket,
    receive_mail,
    refused,
    session_of,
)

CATEGORY, RULE, TICKET = "Beesender Category", "Beesender Impact Rule", "HD Ticket"
ALL, PART = "All operators or the licences", "The system works only in part"
FAULT, QUESTION = "One channel or another small fault", "Nothing: it is a question"
REQUEST = {
    "subject": "No chats",
    "description": "The list is empty.",
    "ticket_type": "Incident",
}


def switch(is_on: bool = True, category: str = "Incident") -> None:
    doc = frappe.get_doc(CATEGORY, category)
    doc.priority_from_impact = is_on
    doc.save()


def draw(*rules: tuple[str, str, str], category: str = "Incident") -> None:
    doc = frappe.get_doc(CATEGORY, category)
    doc.impact_rules = []
    for affected, way_round, priority in rules:
        doc.append(
            "impact_rules",
            {"affected": affected, "way_round": way_round, "priority": priority},
        )
    doc.priority_from_impact = 1
    doc.save()


@pytest.fixture
def _on():
    switch()


@pytest.fixture
def _drawn():
    """The way round matters where the system works in part."""
    draw((ALL, "Either", "P1"), (PART, "No", "P2"), (PART, "Yes", "P3"))


def by_portal(values):
    return portal.raise_request({**REQUEST, **values})


def by_insert(values):
    return frappe.get_doc({"doctype": TICKET, **REQUEST, **values}).insert()


ROUTES = [by_portal, by_insert]


def send(client, route=by_portal, **values):
    with session_of(client.email):
        name = route(values).name
    return stored(name)


def stored(name):
    return frappe.get_doc(TICKET, name)


def answers_on(ticket):
    return (
        ticket.beesender_priority,
        ticket.beesender_affected,
        ticket.beesender_way_round or None,
    )


def incident_of(client):
    with session_of(client.email):
        page = portal.new_request()
    return next(each for each in page["categories"] if each["name"] == "Incident")


@contextmanager
def russian():
    frappe.local.lang = "ru"
    try:
        yield
    finally:
        frappe.local.lang = "en"


# As shipped, and switched off


def test_as_shipped_the_rules_are_there_and_nobody_is_asked(client):
    doc = frappe.get_doc(CATEGORY, "Incident")
    assert not doc.priority_from_impact
    assert [
        (row.affected, row.way_round, row.priority) for row in doc.impact_rules
    ] == [
        (ALL, "Either", "P1"),
        (PART, "Either", "P2"),
        (FAULT, "Either", "P3"),
        (QUESTION, "Either", "P4"),
    ]
    assert incident_of(client)["affected"] is None
    for route in ROUTES:
        ticket = send(
            client, route, beesender_priority="P1", beesender_affected=QUESTION
        )
        assert answers_on(ticket) == ("P1", None, None)


def test_an_older_site_gets_the_rules_once_and_keeps_its_own():
    frappe.db.delete(RULE)
    invalidate()
    add_impact_rules.execute()
    add_impact_rules.execute()
    assert frappe.db.count(RULE, {"parent": "Incident"}) == 4
    assert not frappe.db.get_value(CATEGORY, "Incident", "priority_from_impact")
    draw(("Everything", "Either", "P2"))
    add_impact_rules.execute()
    assert frappe.get_all(RULE, pluck="affected") == ["Everything"]
    switch(False)
    switch()


def test_an_older_site_without_a_priority_of_the_rules_gets_none():
    frappe.db.delete(RULE)
    frappe.db.delete("Beesender Priority", {"name": "P1"})
    add_impact_rules.execute()
    assert frappe.db.count(RULE) == 0


# The portal


@pytest.mark.usefixtures("_drawn")
def test_the_page_says_the_priority_and_deadline_that_the_answers_then_give(client):
    with clock_at(FRIDAY_1730):
        offered = incident_of(client)
        ticket = send(client, beesender_affected=PART, beesender_way_round="No")
    option = next(each for each in offered["affected"] if each["value"] == PART)
    assert [each["value"] for each in offered["affected"]] == [ALL, PART]
    assert [each["asks_way_round"] for each in offered["affected"]] == [False, True]
    assert option["priorities"] == {"Yes": "P3", "No": "P2"}
    due = {each["code"]: each["due"] for each in offered["priorities"]}
    assert to_instant(ticket.response_by).isoformat() == due["P2"].replace(
        "Z", "+00:00"
    )
    assert answers_on(ticket) == ("P2", PART, "No")
    assert ticket.priority == "High"


@pytest.mark.usefixtures("_on")
def test_the_questions_are_asked_in_the_reader_s_language(client):
    with russian(), session_of(client.email):
        page = portal.new_request()
        frappe.local.lang = "ru"
    incident = next(each for each in page["categories"] if each["name"] == "Incident")
    assert [each["label"] for each in incident["affected"]] == [
        "Все операторы или лицензии",
        "Система работоспособна лишь частично",
        "Один канал или другая мелкая неисправность",
        "Ничего, это вопрос",
    ]
    assert page["labels"]["affected"] == "Что затронуто?"
    with russian(), refused("Укажите, что затронуто; варианты: Все операторы или лиц"):
        send(client)


@pytest.mark.parametrize("route", ROUTES, ids=lambda each: each.__name__)
@pytest.mark.usefixtures("_drawn")
class TestAHostileClient:
    @pytest.mark.parametrize(
        "values",
        [
            {},
            {"beesender_priority": "P1"},
            {"priority": "Urgent"},
            {"beesender_affected": "P1"},
            {"beesender_affected": ""},
            {"beesender_affected": "Everything", "beesender_priority": "P1"},
        ],
    )
    def test_is_told_what_to_answer_and_gets_no_priority_of_its_own(
        self, client, route, values
    ):
        before = frappe.db.count(TICKET)
        with refused("Please say what is affected, one of: All operators or the lic"):
            send(client, route, **values)
        assert frappe.db.count(TICKET) == before

    @pytest.mark.parametrize("way_round", [None, "", "Either", "P1"])
    def test_is_told_that_the_second_answer_is_missing(self, client, route, way_round):
        with refused("Please say whether there is a way round: Yes or No"):
            send(client, route, beesender_affected=PART, beesender_way_round=way_round)

    def test_who_answers_well_may_send_any_priority_and_it_does_not_count(
        self, client, route
    ):
        ticket = send(
            client,
            route,
            beesender_affected=PART.upper(),
            beesender_way_round="yes",
            beesender_priority="P1",
            priority="Urgent",
        )
        assert answers_on(ticket) == ("P3", PART, "Yes")
        assert ticket.priority == "Medium"

    def test_changes_no_answer_afterwards(self, client, route):
        ticket = send(client, route, beesender_affected=PART, beesender_way_round="Yes")
        with session_of(client.email):
            doc = stored(ticket.name)
            doc.beesender_affected, doc.beesender_way_round = ALL, "No"
            doc.beesender_priority, doc.priority = "P1", "Urgent"
            doc.save()
        assert answers_on(ticket.reload()) == ("P3", PART, "Yes")

    @pytest.mark.parametrize("value", [["x"], {"a": 1}, 1, True, 1.5])
    def test_may_send_anything_for_an_answer(self, client, route, value):
        with pytest.raises((frappe.ValidationError, TypeError)):
            send(client, route, beesender_affected=value, beesender_priority="P1")


@pytest.mark.usefixtures("_on")
def test_a_category_that_does_not_ask_is_chosen_plainly(client):
    ticket = send(
        client,
        ticket_type="Consultation",
        beesender_priority="P4",
        beesender_affected=ALL,
    )
    assert answers_on(ticket) == ("P4", None, None)


@pytest.mark.usefixtures("_on")
def test_the_default_category_asks_also_where_none_is_named(client):
    with refused("Please say what is affected"):
        send(client, ticket_type=None, beesender_priority="P1")
    ticket = send(client, ticket_type=None, beesender_affected=QUESTION)
    assert (ticket.ticket_type, *answers_on(ticket)) == (
        "Incident",
        "P4",
        QUESTION,
        None,
    )


@pytest.mark.usefixtures("_on")
def test_outside_the_policy_nothing_is_asked_and_no_answer_kept():
    make_client()
    email = "plain@example.com"
    make_contact(make_customer(), email, user=True)
    ticket = send(frappe._dict(email=email), beesender_affected=ALL, priority="Low")
    assert (ticket.priority, *answers_on(ticket)) == ("Low", None, None, None)


@pytest.mark.usefixtures("_on")
def test_a_guest_whose_answer_nobody_reads_gets_the_default(client):
    set_guest_ticket_creation_permission()
    ticket = send(
        frappe._dict(email="Guest"),
        by_insert,
        raised_by=client.email,
        beesender_priority="P1",
    )
    assert ticket.beesender_channel == "portal"
    assert ticket.beesender_admission
    assert answers_on(ticket) == ("P3", None, None)


# Mail, chats and agents


@pytest.mark.usefixtures("_on")
def test_a_mail_gets_the_default_of_the_category(client):
    ticket = receive_mail(client.email, "No chats")
    assert answers_on(ticket) == ("P3", None, None)


def chat(client, **values):
    bot = make_channel_user()
    payload = {
        "channel": "chatbot",
        "external_id": frappe.generate_hash(),
        "contact_email": client.email,
        "subject": "No chats",
        "description": "The list is empty.",
        **values,
    }
    with session_of(bot):
        frappe.local.form_dict = frappe._dict(payload)
        return intake.register()


@pytest.mark.usefixtures("_drawn")
@pytest.mark.parametrize(
    ("values", "answers"),
    [
        ({}, ("P3", None, None)),
        ({"priority": "P1"}, ("P3", None, None)),
        ({"affected": "all operators or the licences"}, ("P1", ALL, None)),
        (
            {"affected": PART, "way_round": False, "priority": "P1"},
            ("P2", PART, "No"),
        ),
        (
            {"category": "Incident", "affected": PART, "way_round": True},
            ("P3", PART, "Yes"),
        ),
        ({"category": "Consultation", "affected": "?"}, ("P3", None, None)),
    ],
)
def test_a_chat_is_rated_by_its_answers_and_else_gets_the_default(
    client, values, answers
):
    answer = chat(client, **values)
    assert answers_on(stored(answer["ticket"])) == answers
    assert answer["priority"] == answers[0]


@pytest.mark.usefixtures("_drawn")
@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"affected": "Everything"}, "affected", f"Allowed: {ALL}, {PART}"),
        (
            {"affected": PART},
            "way_round",
            "Say whether there is a way round: true or false",
        ),
    ],
)
def test_a_chat_with_a_wrong_answer_is_told_what_is_right(
    client, values, field, message
):
    with pytest.raises(BadPayload):
        chat(client, **values)
    faults = [(each["field"], each["message"]) for each in frappe.local.response.errors]
    assert faults == [(field, message)]


def test_a_chat_may_send_answers_that_nobody_asks_for(client):
    answer = chat(client, affected="Everything", priority="P2")
    assert answers_on(stored(answer["ticket"])) == ("P2", None, None)


@pytest.mark.usefixtures("_on")
def test_agents_choose_plainly_and_say_nothing_for_the_client(client):
    agent = make_agent()
    with session_of(agent):
        page = portal.new_request(client.customer)
        ticket = make_ticket(
            client,
            ticket_type="Incident",
            beesender_priority="P2",
            beesender_affected=ALL,
            beesender_way_round="No",
        )
    assert not [each for each in page["categories"] if each["affected"]]
    assert answers_on(ticket) == ("P2", None, None)
    with session_of(agent):
        doc = stored(ticket.name)
        doc.beesender_affected, doc.beesender_priority = ALL, "P1"
        doc.save()
    assert answers_on(ticket.reload()) == ("P1", None, None)


# Corrections


@pytest.fixture
def rated(client):
    draw((ALL, "Either", "P1"), (PART, "No", "P2"), (PART, "Yes", "P3"))
    return send(client, beesender_affected=PART, beesender_way_round="Yes")


def test_the_panel_shows_what_the_client_answered(rated):
    with session_of(make_agent()):
        rows = {
            row["label"]: row["value"]
            for row in agent_api.ticket_panel(rated.name)["rows"]
        }
    assert (rows["What is affected"], rows["Is there a way round"]) == (PART, "Yes")


@pytest.mark.parametrize("why", ["", "   "])
def test_a_correction_without_a_reason_is_refused(rated, why):
    with session_of(make_agent()), refused("gave this ticket its priority"):
        agent_api.change_ticket(rated.name, "Incident", "P1", why)
    assert stored(rated.name).beesender_priority == "P3"


def test_a_correction_with_a_reason_is_saved_and_kept(rated):
    agent = make_agent()
    with session_of(agent):
        preview = agent_api.preview_change(rated.name, "Incident", "P1")
        same = agent_api.preview_change(rated.name, "Incident", "P3")
        agent_api.change_ticket(rated.name, "Incident", "P1", "All chats are down.")
    assert preview["needs_reason"].endswith("needs a reason.")
    assert same["needs_reason"] is None
    assert answers_on(stored(rated.name)) == ("P1", PART, "Yes")
    log = frappe.get_last_doc(
        "Beesender Admission Log", {"ticket": rated.name, "event": "Priority corrected"}
    )
    assert (log.details, log.actor) == ("All chats are down.", agent)
    assert json.loads(log.before) == {"category": "Incident", "priority": "P3"}
    assert json.loads(log.after) == {"category": "Incident", "priority": "P1"}
    activities = frappe.get_all(
        "HD Ticket Activity", {"ticket": rated.name}, pluck="action"
    )
    assert [each for each in activities if "P3" in each] == [
        "changed P3 Incident to P1 Incident. Why: All chats are down."
    ]
    # A reason counts for one change.
    with session_of(agent), refused("gave this ticket its priority"):
        agent_api.change_ticket(rated.name, "Incident", "P2")


def test_a_reason_may_be_given_for_any_change(client):
    ticket = make_ticket(client, ticket_type="Incident", beesender_priority="P3")
    with session_of(make_agent()):
        assert (
            agent_api.preview_change(ticket.name, "Incident", "P1")["needs_reason"]
            is None
        )
        agent_api.change_ticket(ticket.name, "Incident", "P1")
        agent_api.change_ticket(ticket.name, "Incident", "P2", "It works in part.")
    logs = frappe.get_all(
        "Beesender Admission Log",
        {"ticket": ticket.name, "event": "Priority corrected"},
        pluck="details",
    )
    assert logs == ["It works in part."]


@pytest.mark.parametrize(
    "values",
    [
        {"priority": "Urgent"},
        {"beesender_priority": "P1"},
        {"ticket_type": "Paid enhancement request", "beesender_priority": "P4"},
        {"customer": None, "beesender_priority": "P1"},
    ],
    ids=["Helpdesk", "REST", "category", "customer"],
)
def test_another_way_around_the_dialog_is_refused_and_says_where_to_go(rated, values):
    doc = stored(rated.name)
    if "customer" in values:
        # One of several fields of a save that decides anew.
        values = {**values, "customer": make_client().customer}
    doc.update(values)
    with session_of(make_agent()), refused("Change priority or category"):
        doc.save()


def test_what_keeps_the_priority_needs_no_reason(rated):
    with session_of(make_agent()):
        doc = stored(rated.name)
        doc.subject, doc.ticket_type = "No chats at all", "Consultation"
        doc.save()
    assert answers_on(stored(rated.name)) == ("P3", PART, "Yes")


def test_what_the_category_lacks_by_now_is_corrected_without_a_reason(rated):
    """Nobody chooses it: another customer makes the policy decide again."""
    category = frappe.get_doc(CATEGORY, "Incident")
    category.priority_from_impact, category.impact_rules = 0, []
    category.priority_rules = [
        row for row in category.priority_rules if row.priority != "P3"
    ]
    category.priority_rules[0].is_default = 1
    category.save()
    doc = stored(rated.name)
    doc.customer = make_client().customer
    with session_of(make_agent()):
        doc.save()
    assert answers_on(stored(rated.name)) == ("P4", PART, "Yes")


def test_jobs_and_the_administrator_correct_freely(rated):
    doc = stored(rated.name)
    doc.beesender_priority = "P1"
    doc.save()
    frappe.local.job = frappe._dict()
    try:
        with session_of(make_agent()):
            doc.beesender_priority = "P2"
            doc.save()
    finally:
        del frappe.local.job
    assert stored(rated.name).beesender_priority == "P2"


def test_answers_are_not_written_again_by_anybody(rated):
    doc = stored(rated.name)
    doc.beesender_affected, doc.beesender_way_round = ALL, None
    doc.save()
    assert answers_on(stored(rated.name)) == ("P3", PART, "Yes")


def test_a_wrong_customer_for_a_while_loses_no_answer(rated, client):
    customer = rated.customer
    for name in (make_customer(), customer):
        doc = stored(rated.name)
        doc.customer = name
        doc.save()
    assert answers_on(stored(rated.name)) == ("P3", PART, "Yes")


# Copies and parts


def test_a_copy_is_a_new_request_without_answers(rated):
    with session_of(make_agent()):
        copy = frappe.copy_doc(stored(rated.name), ignore_no_copy=False).insert()
        whole = frappe.copy_doc(stored(rated.name), ignore_no_copy=True).insert()
    for each in (copy, whole):
        assert answers_on(stored(each.name)) == ("P3", None, None)


def test_a_part_keeps_the_answers_of_the_whole(rated):
    with session_of(make_agent()):
        frappe.get_doc(TICKET, rated.name).reply_via_agent("We look.")
        message = frappe.db.get_value(
            "Communication", {"reference_name": rated.name}, order_by="creation"
        )
        part = stored(split_ticket("Another", message))
        assert answers_on(part) == ("P3", PART, "Yes")
        part.beesender_priority = "P1"
        with refused("gave this ticket its priority"):
            part.save()


# What an admin draws, switches and renames


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ([], "list at least one"),
        ([(ALL, "Yes", "P1")], "has a rule for one answer only"),
        (
            [(ALL, "Either", "P1"), (ALL.lower(), "No", "P2")],
            "has more than one rule for the same answer",
        ),
    ],
)
def test_a_wrong_matrix_is_refused_in_words(rules, sentence):
    with refused(sentence):
        draw(*rules)


def test_a_priority_that_the_category_lacks_is_refused_once_it_asks():
    draw((ALL, "Either", "P3"), category="Consultation")
    with refused("Consultation does not allow P1, which All operators"):
        draw((ALL, "Either", "P1"), category="Consultation")


def test_a_priority_may_be_taken_from_a_category_that_does_not_ask():
    doc = frappe.get_doc(CATEGORY, "Incident")
    doc.priority_rules = [row for row in doc.priority_rules if row.priority != "P1"]
    doc.save()
    doc.priority_from_impact = 1
    with refused("does not allow P1"):
        doc.save()


def test_rules_that_became_wrong_behind_the_form_leave_the_plain_choice(client):
    switch()
    frappe.db.set_value(RULE, {"affected": ALL}, "way_round", "Yes")
    invalidate()
    assert catalogue.category_for("Incident").asked_impact is None
    assert incident_of(client)["affected"] is None
    assert send(client, beesender_priority="P2").beesender_priority == "P2"


def test_switched_off_open_tickets_keep_priority_and_answers(rated):
    switch(False)
    assert answers_on(stored(rated.name)) == ("P3", PART, "Yes")
    agent = make_agent()
    with session_of(agent), refused("gave this ticket its priority"):
        agent_api.change_ticket(rated.name, "Incident", "P1")
    with session_of(agent):
        agent_api.change_ticket(rated.name, "Incident", "P1", "All are down.")
    assert answers_on(stored(rated.name)) == ("P1", PART, "Yes")


def test_a_renamed_priority_is_followed(client):
    switch()
    name = "Blocker"
    frappe.rename_doc("HD Ticket Priority", "Urgent", name)
    ticket = send(client, beesender_affected=ALL)
    assert (ticket.beesender_priority, ticket.priority) == ("P1", name)


def test_an_option_that_was_renamed_while_the_page_was_open_is_asked_again(client):
    switch()
    draw(("Every operator", "Either", "P1"))
    with refused("one of: Every operator"):
        send(client, beesender_affected=ALL)


# Scripts of the site


@contextmanager
def site_script(script):
    doc = frappe.get_doc(
        {
            "doctype": "Server Script",
            "name": frappe.generate_hash(length=8),
            "script_type": "DocType Event",
            "reference_doctype": TICKET,
            "doctype_event": "Before Validate",
            "script": script,
        }
    ).insert()
    frappe.clear_cache()
    try:
        with patch.object(safe_exec, "is_safe_exec_enabled", return_value=True):
            yield
    finally:
        doc.delete()
        frappe.clear_cache()


@pytest.mark.usefixtures("_drawn")
@pytest.mark.parametrize(
    ("script", "answers"),
    [
        ("doc.beesender_priority = 'P2'", ("P2", PART, "Yes")),
        ("doc.priority = 'Urgent'", ("P1", PART, "Yes")),
        # What the client sent besides does not come back.
        ("doc.ticket_type = 'Paid enhancement request'", ("P3", PART, "Yes")),
        ("doc.beesender_affected = 'Everything'", ("P3", PART, "Yes")),
    ],
)
def test_a_script_of_the_site_decides_as_before_and_no_client_through_it(
    client, script, answers
):
    with site_script(script):
        ticket = send(
            client,
            beesender_affected=PART,
            beesender_way_round="Yes",
            beesender_priority="P1",
            priority="Urgent",
        )
    assert answers_on(ticket) == answers


@pytest.mark.usefixtures("_drawn")
@pytest.mark.parametrize(
    ("given", "answers"),
    [({}, ("P3", None, None)), ({"beesender_affected": ALL}, ("P1", ALL, None))],
)
def test_a_script_that_names_the_customer_brings_no_priority_of_the_client(
    client, given, answers
):
    email = "unnamed@example.com"
    make_contact(make_customer(), email, user=True)
    script = f"doc.customer = {client.customer!r}\ndoc.contact = {client.contact!r}"
    with site_script(script):
        ticket = send(
            frappe._dict(email=email),
            **given,
            beesender_priority="P1" if not given else "P4",
        )
    assert ticket.customer == client.customer
    assert answers_on(ticket) == answers


def test_a_script_of_the_site_corrects_freely(rated):
    with site_script("doc.beesender_priority = 'P1'"), session_of(make_agent()):
        doc = stored(rated.name)
        doc.subject = "No chats at all"
        doc.save()
    assert answers_on(stored(rated.name)) == ("P1", PART, "Yes")
