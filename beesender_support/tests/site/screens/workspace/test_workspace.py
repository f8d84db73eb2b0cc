"""The workspace in Desk: what it counts, for whom, and the steps that follow the facts."""

import json
from datetime import datetime, timedelta, timezone
from importlib.util import find_spec

import frappe
import pytest
from frappe.desk import query_report
from frappe.desk.desktop import get_desktop_page
from frappe.desk.doctype.number_card.number_card import get_result

from beesender_support.api import workspace
from beesender_support.enforcement.chat.caller import CHANNEL_ROLE
from beesender_support.policy.readiness import steps as readiness
from beesender_support.policy.sentences import Sentence
from beesender_support.screens.workspace import first_steps, statistics
from beesender_support.tests.site.factories import (
    clock_at,
    make_agent,
    make_agent_manager,
    make_channel_user,
    make_client,
    make_contact,
    make_customer,
    make_email_account,
    make_plan,
    make_portal_user,
    make_ticket,
    session_of,
)

NAME = "Beesender Support"
MISSING_PREMIUM = readiness.Missing(
    Sentence("Nobody has looked at {tier} yet.", {"tier": "Premium"}), "Premium"
)


def step(code: str) -> dict:
    return next(
        each for each in first_steps.in_order()["steps"] if each["code"] == code
    )


def sentences(code: str) -> list[str]:
    return [each["sentence"] for each in step(code)["missing"]]


def suspend_plans_of_others() -> None:
    """Rolled back after the test like everything else."""
    for name in frappe.get_all("Beesender Support Plan", pluck="name"):
        frappe.db.set_value("Beesender Support Plan", name, "status", "Draft")


def page_of(user: str) -> dict:
    with session_of(user):
        return get_desktop_page(json.dumps({"name": NAME, "title": NAME, "public": 1}))


# First steps


def test_looking_at_each_tier_ticks_the_first_step():
    frappe.db.delete("View Log", {"reference_doctype": "Beesender Tier"})
    tiers = frappe.get_all("Beesender Tier", pluck="name")
    assert {f"Nobody has looked at {tier} yet." for tier in tiers} == set(
        sentences("tiers")
    )
    for tier in tiers:
        frappe.desk.form.load.getdoc("Beesender Tier", tier)
    assert step("tiers")["is_done"]


def test_a_tier_that_loses_a_target_opens_the_first_step_again():
    for tier in frappe.get_all("Beesender Tier", pluck="name"):
        frappe.desk.form.load.getdoc("Beesender Tier", tier)
    doc = frappe.get_doc("Beesender Tier", "Basic")
    doc.response_targets = [row for row in doc.response_targets if row.priority != "P2"]
    doc.save()
    assert sentences("tiers") == ["Basic has no response target for P2."]
    assert step("tiers")["missing"][0]["route"] == ["Form", "Beesender Tier", "Basic"]


def test_fields_that_agents_do_not_see_are_shown_again_with_one_click():
    template = frappe.get_doc("HD Ticket Template", "Default")
    template.fields = [
        row for row in template.fields if row.fieldname != "beesender_priority"
    ]
    template.save()
    lacking = step("agent_form")["missing"][0]
    assert "Support priority" in lacking["sentence"]
    with session_of(make_agent()), pytest.raises(frappe.PermissionError):
        workspace.show_fields_to_agents()
    with session_of(make_agent_manager()):
        frappe.call(lacking["action"]["method"])
        frappe.call(lacking["action"]["method"])
    assert not [
        each for each in first_steps.in_order()["steps"] if each["code"] == "agent_form"
    ]
    shown = [row.fieldname for row in template.reload().fields]
    assert shown.count("beesender_priority") == 1


def test_a_tier_without_use_is_sold_no_longer_with_one_click():
    make_client(tier="Basic")
    business = frappe.get_doc("Beesender Tier", "Business")
    unused = frappe.copy_doc(business)
    unused.update({"rank": 77, "title": "Nobody's"})
    unused.insert(set_name="Nobody's")
    [row] = [
        each
        for each in step("unused_tiers")["missing"]
        if each["route"][-1] == "Nobody's"
    ]
    for user in (make_agent(), make_agent_manager()):
        with session_of(user), pytest.raises(frappe.PermissionError):
            workspace.sell_no_longer("Nobody's")
    before = first_steps.in_order()
    frappe.call(row["action"]["method"], **row["action"]["args"])
    assert unused.reload().no_longer_sold
    # Advice is no step that somebody has to do.
    assert first_steps.in_order()["progress"] == before["progress"]


def test_a_plan_in_force_ticks_its_step_and_an_ended_one_says_why_not():
    suspend_plans_of_others()
    client = make_client(ends_on="2020-12-31")
    expected = f"{client.plan.name} of {client.customer} has ended."
    assert expected in sentences("plans") or step("plans")["more"]
    client.plan.db_set("ends_on", None)
    frappe.clear_document_cache("Beesender Support Plan", client.plan.name)
    assert step("plans")["is_done"]


def test_contacts_without_portal_access_are_named_until_they_have_it():
    suspend_plans_of_others()
    customer = make_customer()
    contact = make_contact(customer, "no-access@example.com")
    plan = make_plan(customer, [contact])
    assert sentences("contacts") == [
        f"{plan.name} of {customer}: without access to the portal: {contact}."
    ]
    user = make_portal_user("no-access@example.com")
    frappe.db.set_value("Contact", contact, "user", user)
    assert step("contacts")["is_done"]
    frappe.db.set_value("User", user, "enabled", 0)
    assert not step("contacts")["is_done"]


def test_a_mailbox_that_makes_tickets_ticks_its_step_by_itself_or_by_a_folder():
    frappe.db.set_value("Email Account", {"name": ("is", "set")}, "append_to", None)
    frappe.db.delete("IMAP Folder", {"append_to": "HD Ticket"})
    assert not step("mailbox")["is_done"]
    account = make_email_account()
    account.db_set("append_to", "HD Ticket")
    assert step("mailbox")["is_done"]
    account.db_set("use_imap", 1)
    assert not step("mailbox")["is_done"], "with IMAP only its folders count"
    account.append("imap_folder", {"folder_name": "INBOX", "append_to": "HD Ticket"})
    account.imap_folder[0].db_insert()
    assert step("mailbox")["is_done"]
    account.db_set("enable_incoming", 0)
    assert sentences("mailbox") == [f"{account.name} is not enabled for incoming mail."]


def test_the_chatbot_is_connected_when_its_key_was_used():
    frappe.db.delete("Has Role", {"role": CHANNEL_ROLE})
    frappe.db.set_value("HD Ticket", {"name": ("is", "set")}, "beesender_channel", "")
    assert sentences("chatbot") == ["No user has the role Beesender Channel."]
    user = make_channel_user()
    assert sentences("chatbot") == [f"{user} has no API key."]
    frappe.db.set_value("User", user, "api_key", "a key")
    assert sentences("chatbot") == ["No request has come by chatbot or widget yet."]
    ticket = make_ticket(make_client())
    ticket.db_set("beesender_channel", "widget")
    assert step("chatbot")["is_done"]


def test_a_long_list_of_what_is_missing_is_cut():
    suspend_plans_of_others()
    for number in range(first_steps.MOST_SHOWN + 2):
        make_plan(make_customer(), [], starts_on=f"20{20 + number}-01-01")
    shown = step("contacts")
    assert len(shown["missing"]) == first_steps.MOST_SHOWN
    assert shown["more"] == "and 2 more"


def test_who_may_not_change_a_record_is_told_who_can():
    with session_of(make_agent_manager()):
        steps = {each["code"]: each for each in workspace.first_steps()["steps"]}
    assert steps["tiers"]["who"] == "A System Manager can change this."
    assert steps["plans"]["who"] is None


def test_only_what_a_person_may_open_is_linked(monkeypatch):
    frappe.db.delete("View Log", {"reference_doctype": "Beesender Tier"})
    assert step("tiers")["route"] == ["List", "Beesender Tier"]
    monkeypatch.setattr(frappe, "has_permission", lambda *args, **kwargs: False)
    shown = first_steps.as_shown(readiness.Step("tiers", (MISSING_PREMIUM,)))
    assert shown["route"] is None
    assert [each["route"] for each in shown["missing"]] == [None]


@pytest.mark.parametrize("make_person", [make_agent, make_portal_user, None])
def test_agents_clients_and_guests_do_not_see_the_first_steps(make_person):
    person = "Guest"
    if make_person:
        person = make_person(f"{frappe.generate_hash(length=8)}@example.com")
    with session_of(person), pytest.raises(frappe.PermissionError):
        workspace.first_steps()


# Cards


def test_cards_count_plans_in_force_near_their_limit_and_ending_soon():
    before = {
        card: card()["value"]
        for card in (
            workspace.plans_in_force,
            workspace.plans_near_limit,
            workspace.plans_ending_soon,
        )
    }
    make_client(tier="Premium")
    full = make_customer()
    make_plan(full, [make_contact(full), make_contact(full)], tier="Basic")
    ending = make_client(tier="Premium", ends_on=frappe.utils.add_days(None, 20))
    make_client(status="Suspended")
    assert {card: card()["value"] - was for card, was in before.items()} == {
        workspace.plans_in_force: 3,
        workspace.plans_near_limit: 1,
        workspace.plans_ending_soon: 1,
    }
    soon = statistics.plans_in_force(statistics.ENDS_SOON)
    assert ending.plan.name in [plan.name for plan in soon]


@pytest.mark.parametrize("show", ["", "near_limit", "ends_soon"])
def test_a_plan_that_is_over_is_not_read_for_them(show):
    """So that what a site sold years ago costs nothing, not even where it is unreadable."""
    client = make_client()
    before = [plan.name for plan in statistics.plans_in_force(show)]
    over = make_plan(
        make_customer(),
        [],
        starts_on="2020-01-01",
        ends_on=frappe.utils.add_days(None, -3),
    )
    over.db_set("time_zone", "No/Where", update_modified=False)
    assert [plan.name for plan in statistics.plans_in_force(show)] == before
    assert show or client.plan.name in before


@pytest.mark.parametrize("zone", ["GMT+14", "GMT-11"])
def test_a_plan_is_in_force_until_its_last_day_is_over_in_its_own_zone(zone):
    plan = make_client(time_zone=zone, ends_on="2031-03-10").plan
    offset = int(zone.removeprefix("GMT"))
    over_at = datetime(2031, 3, 11, tzinfo=timezone(timedelta(hours=offset)))
    for seconds, is_in_force in ((-1, True), (0, False)):
        with clock_at((over_at + timedelta(seconds=seconds)).isoformat()):
            names = [each.name for each in statistics.plans_in_force()]
        assert (plan.name in names) is is_in_force


def test_each_card_leads_to_the_report_that_lists_the_same_plans():
    for card, show in (
        (workspace.plans_in_force, ""),
        (workspace.plans_near_limit, "near_limit"),
        (workspace.plans_ending_soon, "ends_soon"),
    ):
        answer = card()
        assert answer["route"] == ["query-report", "Plans in force"]
        assert answer["route_options"] == {"show": show}
        rows = query_report.run("Plans in force", filters=answer["route_options"])[
            "result"
        ]
        assert len(rows) == answer["value"]


@pytest.mark.parametrize("person", ["client", "Guest"])
def test_clients_and_guests_get_no_figures(person):
    if person == "client":
        person = make_client().email
    for card in (
        workspace.plans_in_force,
        workspace.plans_near_limit,
        workspace.plans_ending_soon,
    ):
        with session_of(person), pytest.raises(frappe.PermissionError):
            card()


@pytest.mark.parametrize(
    ("card", "state"),
    [
        ("Awaiting admission", {"beesender_admission": "Held"}),
        ("At risk now", {"beesender_response_state": "At risk"}),
        ("Overdue now", {"beesender_response_state": "Breached"}),
    ],
)
def test_cards_about_requests_count_what_their_list_shows(card, state):
    doc = frappe.get_doc("Number Card", card)
    before = get_result(doc.as_json(), doc.filters_json)
    ticket = make_ticket(make_client())
    ticket.db_set(state)
    assert get_result(doc.as_json(), doc.filters_json) == before + 1
    if card != "Awaiting admission":
        ticket.db_set("status_category", "Resolved")
        assert get_result(doc.as_json(), doc.filters_json) == before


# The page


@pytest.mark.parametrize("make_person", [make_agent, make_agent_manager])
def test_agents_and_their_managers_see_what_they_may_read(make_person):
    person = make_person()
    page = page_of(person)
    assert len(page["number_cards"]["items"]) == 8
    assert len(page["charts"]["items"]) == 3
    blocks = page["custom_blocks"]["items"]
    assert bool(blocks) is (make_person is make_agent_manager)
    shortcuts = {each["link_to"] for each in page["shortcuts"]["items"]}
    assert "Beesender Support Plan" in shortcuts
    assert ("Beesender Support Settings" in shortcuts) is (
        make_person is make_agent_manager
    )


def test_everything_the_workspace_names_exists():
    doc = frappe.get_doc("Workspace", NAME)
    assert doc.module == NAME
    for table, doctype, field in (
        ("number_cards", "Number Card", "number_card_name"),
        ("charts", "Dashboard Chart", "chart_name"),
        ("custom_blocks", "Custom HTML Block", "custom_block_name"),
    ):
        for row in doc.get(table):
            assert frappe.db.exists(doctype, row.get(field)), row.get(field)
    for row in doc.links:
        if row.type == "Link":
            assert frappe.db.exists(row.link_type, row.link_to), row.link_to
    shown = {
        value
        for block in json.loads(doc.content)
        for key, value in block["data"].items()
        if key.endswith("_name")
    }
    named = {
        row.label
        for table in ("number_cards", "charts", "shortcuts")
        for row in doc.get(table)
    }
    assert named < shown


def test_what_exists_once_is_not_counted():
    """Frappe 15 counts the rows of each shortcut's table, unless its filter is false."""
    for row in frappe.get_doc("Workspace", NAME).shortcuts:
        is_single = row.type == "DocType" and frappe.get_meta(row.link_to).issingle
        assert (row.stats_filter == "false") is bool(is_single), row.label


@pytest.mark.skipif(
    find_spec("frappe.desk.doctype.workspace_sidebar") is None,
    reason="Frappe 15 has no desktop with sidebars",
)
@pytest.mark.parametrize("person", ["Administrator", "agent"])
def test_the_desktop_leads_to_the_workspace(person):
    from frappe.boot import load_desktop_data
    from frappe.desk.doctype.desktop_icon.desktop_icon import get_desktop_icons

    with session_of(make_agent() if person == "agent" else person):
        bootinfo = frappe._dict()
        load_desktop_data(bootinfo)
        icons = [icon.label for icon in get_desktop_icons(bootinfo=bootinfo)]
    sidebars = bootinfo.workspace_sidebar_item
    assert NAME in icons
    items = sidebars[NAME.lower()]["items"]
    assert items[0]["link_to"] == NAME
    links = {item["link_to"] for item in items}
    assert {"Response compliance", "Plans in force", "HD Ticket"} < links
    assert ("Beesender Support Settings" in links) is (person != "agent")
