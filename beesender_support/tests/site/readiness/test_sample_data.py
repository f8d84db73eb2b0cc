"""Sample data are put in once and taken away whole, and nobody hears of them."""

import frappe
import pytest
from pypika import Table
from pypika.functions import Count

from beesender_support.api import first_hour
from beesender_support.enforcement.allowances import taking
from beesender_support.enforcement.notices import ticket_pass
from beesender_support.enforcement.readiness import sample_data, taking_away, trial
from beesender_support.enforcement.readiness.sample_records import (
    MARK,
    SAMPLE_DATA,
    TEST_REQUEST,
    among,
    is_any,
    mark,
    marked,
)
from beesender_support.policy.readiness.samples import DOMAIN
from beesender_support.records.allowances.balances import ENTRY, lines_of
from beesender_support.records.site_time import now, to_column
from beesender_support.screens.workspace import first_steps, statistics
from beesender_support.tests.site.factories import (
    answer,
    make_agent,
    make_agent_manager,
    make_client,
    make_contact,
    make_customer,
    make_plan,
    make_portal_user,
    make_ticket,
    refused,
    session_of,
)

PLAN, TICKET, CUSTOMER = "Beesender Support Plan", "HD Ticket", "HD Customer"
# Counters of Frappe's, and what it notes of a session.
PASSING = {"tabSeries", "tabSingles", "tabSessions", "tabError Log", "__global_search"}


def rows_of_tables() -> dict[str, int]:
    return {
        table: frappe.qb.from_(Table(table)).select(Count("*")).run()[0][0]
        for table in frappe.db.get_tables(cached=False)
        if table not in PASSING
    }


def customers() -> list[str]:
    return marked(SAMPLE_DATA)[CUSTOMER]


def tickets(**filters: object) -> list[frappe._dict]:
    named = {"name": ("in", marked(SAMPLE_DATA)[TICKET])}
    fields = ["name", "customer", "contact", "raised_by", "beesender_response_state"]
    return frappe.get_all(TICKET, {**named, **filters}, fields)


@pytest.fixture
def samples():
    sample_data.put_in()


def test_requests_stand_in_every_state(samples):
    states = {each.beesender_response_state for each in tickets()}
    assert {"Due", "At risk", "Breached", "Met"} <= states
    assert tickets(beesender_admission="Held")
    assert tickets(status_category="Resolved")
    tiers = frappe.get_all(PLAN, {"customer": ("in", customers())}, pluck="tier")
    assert {"Basic", "Business", "Premium"} <= set(tiers)


def test_putting_them_in_and_taking_them_away_leaves_the_site_as_it_was():
    make_client()
    before = rows_of_tables()
    sample_data.put_in()
    live_with_them()
    taking_away.take_away(SAMPLE_DATA)
    after = rows_of_tables()
    assert {table: after[table] - before[table] for table in before} == dict.fromkeys(
        before, 0
    )


def live_with_them() -> None:
    """What an admin does who looks around: renames, answers, asks, attaches, renews."""
    customer, *_others = customers()
    renamed = frappe.rename_doc(CUSTOMER, customer, f"{customer} and sons")
    first, *_rest = tickets(customer=renamed)
    doc = frappe.get_doc(TICKET, first.name)
    doc.add_comment("Comment", "Looks real")
    doc.subject = "Edited"
    doc.save()
    message = {
        "doctype": "Communication",
        "reference_doctype": TICKET,
        "reference_name": first.name,
        "sent_or_received": "Received",
        "sender": first.raised_by,
        "content": "More",
    }
    frappe.get_doc(message).insert()
    attached = {"attached_to_doctype": TICKET, "attached_to_name": first.name}
    file = {"doctype": "File", "file_name": "sample.txt", "content": "sample"}
    frappe.get_doc({**file, **attached, "is_private": 1}).insert()
    contact = {"contact": first.contact, "email": first.raised_by}
    make_ticket({**contact, "customer": renamed})
    make_plan(renamed, [first.contact], starts_on="2040-01-01")
    user = frappe.db.get_value("Contact", {"user": ("like", f"%.{DOMAIN}")}, "user")
    frappe.rename_doc("User", user, f"renamed@{DOMAIN}")
    frappe.rename_doc("Contact", first.contact, "Somebody renamed")


def test_nobody_is_mailed_or_notified_and_nothing_will_be_owed():
    mailed, told = frappe.db.count("Email Queue"), frappe.db.count("Notification Log")
    owed = frappe.db.count("Beesender Notice Log")
    make_agent()
    sample_data.put_in()
    names = marked(SAMPLE_DATA)[TICKET]
    # Also once a clock has woken them up.
    stamp = to_column(now())
    for name in names:
        frappe.db.set_value(TICKET, name, "beesender_next_notice_at", stamp)
    ticket_pass.look_at(names)
    assert frappe.db.count("Email Queue") == mailed
    assert frappe.db.count("Notification Log") == told
    assert frappe.db.count("Beesender Notice Log") == owed
    assert not frappe.db.exists("User Invitation", {"email": ("like", f"%.{DOMAIN}")})
    assert not any(
        frappe.get_all(TICKET, {"name": ("in", names)}, pluck="_assign"),
    )


def test_they_are_put_in_once(samples):
    with refused("here already"):
        sample_data.put_in()
    assert len(customers()) == len(set(customers())) == 4


def test_taking_them_away_twice_takes_away_nothing_more(samples):
    real = make_client()
    assert taking_away.take_away(SAMPLE_DATA)["removed"][CUSTOMER] == 4
    assert taking_away.take_away(SAMPLE_DATA)["removed"] == {}
    assert frappe.db.exists(CUSTOMER, real.customer)
    sample_data.put_in()
    assert len(customers()) == 4


def test_names_of_the_site_s_own_customers_are_not_taken():
    make_customer("Sample bank")
    sample_data.put_in()
    assert "Sample bank 2" in customers()
    taking_away.take_away(SAMPLE_DATA)
    assert frappe.db.exists(CUSTOMER, "Sample bank")


# Never a site's own


def test_what_was_noted_of_an_earlier_user_of_the_same_address_stays():
    sample_data.put_in()
    contacts = ("in", marked(SAMPLE_DATA)["Contact"])
    address = frappe.get_all("Contact", {"name": contacts}, pluck="email_id")[0]
    taking_away.take_away(SAMPLE_DATA)
    note = {"deleted_doctype": "User", "deleted_name": address, "data": "{}"}
    earlier = frappe.get_doc({"doctype": "Deleted Document", **note}).insert()
    sample_data.put_in()
    taking_away.take_away(SAMPLE_DATA)
    assert frappe.db.exists("Deleted Document", earlier.name)


def test_a_record_of_a_name_that_was_deleted_is_another(samples):
    name = customers()[0]
    for doctype in (TICKET, PLAN):
        for each in frappe.get_all(doctype, {"customer": name}, pluck="name"):
            frappe.delete_doc(doctype, each, force=True)
    frappe.delete_doc(CUSTOMER, name, force=True)
    make_customer(name)
    frappe.db.set_value(CUSTOMER, name, "creation", "2020-01-01 00:00:00")
    taking_away.take_away(SAMPLE_DATA)
    assert frappe.db.exists(CUSTOMER, name)


def test_a_sample_that_was_merged_into_a_real_customer_leaves_it(samples):
    real = make_client()
    ticket = make_ticket(real)
    sample = customers()[0]
    for each in frappe.get_all(PLAN, {"customer": sample}, pluck="name"):
        frappe.delete_doc(PLAN, each, force=True)
    frappe.rename_doc(CUSTOMER, sample, real.customer, merge=True)
    taking_away.take_away(SAMPLE_DATA)
    assert frappe.db.exists(CUSTOMER, real.customer)
    assert frappe.db.exists(PLAN, real.plan.name)
    assert frappe.db.exists(TICKET, ticket.name)
    assert not frappe.db.exists(TICKET, {"subject": ("like", "Sample:%")})


def test_a_real_customer_that_was_merged_into_a_sample_stays_with_its_requests():
    real = make_client()
    ticket = make_ticket(real)
    sample_data.put_in()
    sample = customers()[0]
    for each in frappe.get_all(PLAN, {"customer": sample}, pluck="name"):
        frappe.delete_doc(PLAN, each, force=True)
    frappe.rename_doc(CUSTOMER, real.customer, sample, merge=True)
    taking_away.take_away(SAMPLE_DATA)
    assert frappe.db.exists(TICKET, ticket.name)
    assert frappe.db.get_value(PLAN, real.plan.name, "customer") == sample
    assert not frappe.db.exists(TICKET, {"subject": ("like", "Sample:%")})


def test_a_customer_on_which_older_requests_hang_stays_with_them():
    """However they came there."""
    ticket = make_ticket(make_client())
    ticket.db_set("creation", "2020-01-01 00:00:00")
    sample_data.put_in()
    sample = customers()[0]
    ticket.db_set("customer", sample)
    assert taking_away.take_away(SAMPLE_DATA)["kept"] == [sample]
    assert frappe.db.exists(TICKET, ticket.name)


def test_a_plan_that_renews_a_sample_of_a_merged_customer_stays(samples):
    real = make_customer()
    sample = next(
        each
        for each in customers()
        if frappe.db.exists(PLAN, {"customer": each, "ends_on": ("is", "set")})
    )
    plan = frappe.db.get_value(PLAN, {"customer": sample})
    frappe.rename_doc(CUSTOMER, sample, real, merge=True)
    renewal = make_plan(real, [], starts_on="2040-01-01")
    renewal.db_set("renews", plan)
    taking_away.take_away(SAMPLE_DATA)
    assert not frappe.db.exists(PLAN, plan)
    assert frappe.db.get_value(PLAN, renewal.name, "renews") is None
    assert frappe.db.exists(PLAN, renewal.name)


def test_a_real_plan_and_customer_lose_only_the_sample_contact(samples):
    real = make_client(tier="Premium")
    contact = marked(SAMPLE_DATA)["Contact"][0]
    real.plan.append("authorized_contacts", {"contact": contact})
    real.plan.save()
    taking_away.take_away(SAMPLE_DATA)
    plan = frappe.get_doc(PLAN, real.plan.name)
    assert [row.contact for row in plan.authorized_contacts] == [real.contact]
    plan.save()


def test_a_real_request_that_names_a_sample_contact_stays_without_it(samples):
    ticket = make_ticket(make_client())
    contact = marked(SAMPLE_DATA)["Contact"][0]
    ticket.db_set("contact", contact)
    taking_away.take_away(SAMPLE_DATA)
    assert frappe.db.get_value(TICKET, ticket.name, ["name", "contact"]) == (
        ticket.name,
        None,
    )


BEFORE = {"creation": "2020-01-01 00:00:00"}


def test_a_user_who_was_here_before_stays_with_their_mail(samples):
    address = f"{frappe.generate_hash(length=8)}@portal.example"
    user = make_portal_user(address)
    frappe.db.set_value("User", user, BEFORE)
    contact = frappe.get_doc("Contact", marked(SAMPLE_DATA)["Contact"][0])
    own = contact.email_id
    contact.append("email_ids", {"email_id": address})
    contact.save()
    contact.db_set("user", user)
    queued = {
        each: frappe.get_doc(
            {
                "doctype": "Email Queue",
                "sender": "support@portal.example",
                "recipients": [{"recipient": each}],
                "message": "Hello",
            }
        ).insert()
        for each in (address, own)
    }
    old = frappe.copy_doc(queued[own]).insert()
    frappe.db.set_value("Email Queue", old.name, BEFORE)
    frappe.db.set_value("Email Queue Recipient", {"parent": old.name}, BEFORE)
    taking_away.take_away(SAMPLE_DATA)
    assert not frappe.db.exists("Contact", contact.name)
    assert frappe.db.exists("User", user)
    assert frappe.db.exists("Email Queue", queued[address].name)
    assert frappe.db.exists("Email Queue", old.name)
    assert not frappe.db.exists("Email Queue", queued[own].name)


@pytest.mark.parametrize("named_by", ["ticket", "seat"])
def test_a_real_contact_that_was_merged_into_a_sample_stays_with_its_seat(named_by):
    real = make_client()
    ticket = make_ticket(real)
    seat = {"parent": real.plan.name, "contact": real.contact}
    if named_by == "ticket":
        frappe.db.set_value(TICKET, ticket.name, BEFORE)
    else:
        frappe.db.set_value("Beesender Authorized Contact", seat, BEFORE)
    sample_data.put_in()
    contact, *others = marked(SAMPLE_DATA)["Contact"]
    frappe.rename_doc("Contact", real.contact, contact, merge=True)
    taking_away.take_away(SAMPLE_DATA)
    plan = frappe.get_doc(PLAN, real.plan.name)
    assert [row.contact for row in plan.authorized_contacts] == [contact]
    assert frappe.db.get_value(TICKET, ticket.name, "contact") == contact
    assert not frappe.get_all("Contact", {"name": ("in", others)})


def test_what_was_decided_on_a_real_request_stays_whomever_it_names(samples):
    ticket = make_ticket(make_client())
    of_ticket = {"ticket": str(ticket.name)}
    contact = marked(SAMPLE_DATA)["Contact"][0]
    before = {}
    for doctype in ("Beesender Decision", "Beesender Admission Log"):
        before[doctype] = frappe.get_all(doctype, of_ticket, pluck="name")
        frappe.db.set_value(doctype, of_ticket, "customer", customers()[0])
    assert before["Beesender Decision"]
    ticket.db_set("contact", contact)
    taking_away.take_away(SAMPLE_DATA)
    for doctype, names in before.items():
        rows = frappe.get_all(doctype, of_ticket, ["name", "customer"])
        assert {row.name for row in rows} == set(names)
        assert not any(row.customer for row in rows)


def mark_left_over(doctype: str, name: str) -> None:
    """As of a record of this name that was there before, and went unnoticed."""
    mark(frappe.get_doc(doctype, name), TEST_REQUEST)
    of_record = {"purpose": TEST_REQUEST, "record": name}
    frappe.db.set_value(MARK, of_record, "record_made_at", "2020-01-01 00:00:00")


def test_a_ticket_that_is_deleted_takes_its_mark_with_it():
    ticket = make_ticket(make_client())
    mark(ticket, TEST_REQUEST)
    assert among(TICKET, [str(ticket.name)]) == {str(ticket.name)}
    assert is_any(TEST_REQUEST)
    frappe.delete_doc(TICKET, ticket.name, force=True)
    assert not frappe.db.exists(MARK, {"record": str(ticket.name)})


def test_a_real_ticket_that_got_the_number_of_a_sample_is_none_of_them():
    ticket = make_ticket(make_client())
    mark_left_over(TICKET, str(ticket.name))
    assert among(TICKET, [str(ticket.name)]) == set()
    assert not is_any(TEST_REQUEST)
    trial.try_out()
    assert is_any(TEST_REQUEST)
    trial.remove()
    assert frappe.db.exists(TICKET, ticket.name)
    assert not is_any(TEST_REQUEST)


def test_a_name_that_differs_only_in_case_is_another(samples):
    name = customers()[0]
    frappe.db.set_value(MARK, {"record": name}, "record", name.swapcase())
    assert name not in marked(SAMPLE_DATA).get(CUSTOMER, ())
    assert taking_away.take_away(SAMPLE_DATA)["kept"] == []
    assert frappe.db.exists(CUSTOMER, name)


# What is shown, and to whom


def test_sample_plans_tick_no_step_and_are_in_reports():
    for name in frappe.get_all(PLAN, pluck="name"):
        frappe.db.set_value(PLAN, name, "status", "Draft")
    before = len(statistics.plans_in_force())
    sample_data.put_in()
    assert len(statistics.plans_in_force()) == before + 3
    steps = {each["code"]: each for each in first_steps.in_order()["steps"]}
    assert not steps["plans"]["is_done"]
    assert first_steps.in_order()["samples"]["are_there"]


@pytest.mark.parametrize("make_person", [make_agent, make_portal_user])
def test_only_managers_put_them_in_and_take_them_away(make_person):
    email = f"{frappe.generate_hash(length=8)}@example.com"
    with session_of(make_person(email)):
        for call in (
            first_hour.put_in_samples,
            first_hour.samples,
            first_hour.take_away_samples,
        ):
            with pytest.raises(frappe.PermissionError):
                call()


def test_an_agent_manager_does_both():
    with session_of(make_agent_manager()):
        assert "Sample data are here." in first_hour.put_in_samples()["sentence"]
        records = first_hour.samples()["records"]
        assert records[CUSTOMER]
        assert first_hour.take_away_samples()["kept"] == []
        assert first_hour.samples()["records"] == {}
    assert not frappe.db.exists(MARK, {"purpose": SAMPLE_DATA})


def test_an_answer_on_one_is_stored_and_goes_with_it(samples):
    name = tickets(beesender_response_state="Due")[0].name
    answer(frappe.get_doc(TICKET, name))
    taking_away.take_away(SAMPLE_DATA)
    about = {"reference_doctype": TICKET, "reference_name": name}
    assert not frappe.db.exists("Communication", about)


def test_a_contact_that_somebody_added_by_hand_stays(samples):
    contact = make_contact(customers()[0])
    taking_away.take_away(SAMPLE_DATA)
    assert frappe.db.exists("Contact", contact)


# What was taken of allowances


PREMIUM = {"tier": "Premium", "status": "Active"}


def test_what_was_taken_of_a_sample_plan_goes_with_it(samples):
    premium = frappe.db.get_value(PLAN, {"customer": ("in", customers()), **PREMIUM})
    customer = frappe.db.get_value(PLAN, premium, "customer")
    ticket = frappe.get_doc(TICKET, tickets(customer=customer)[0].name)
    used = taking.use(ticket, "updates")
    taking.release(taking.lines_of_ticket(ticket)[0], "Not needed")
    taking.write(
        {
            "plan": premium,
            "entitlement": "updates",
            "action": "Reserve",
            "amount": 1,
        }
    )
    assert used.plan == premium
    taking_away.take_away(SAMPLE_DATA)
    assert not frappe.db.exists(PLAN, premium)
    assert not frappe.db.exists(ENTRY, {"plan": premium})


def test_what_a_test_request_took_is_given_back_to_its_plan():
    client = make_client(tier="Premium")
    for name in frappe.get_all(PLAN, {"name": ("!=", client.plan.name)}, pluck="name"):
        frappe.db.set_value(PLAN, name, "status", "Draft")
    real = make_ticket(client)
    ticket = frappe.get_doc(TICKET, trial.try_out()["ticket"])
    taking.use(ticket, "updates")
    taking.reserve(ticket, "updates")
    kept = taking.reserve(real, "updates")
    trial.remove()
    assert not frappe.db.exists(TICKET, ticket.name)
    of_plan = {"plan": client.plan.name}
    rows = frappe.get_all(ENTRY, of_plan, ["name", "action", "ticket"])
    assert sorted(row.action for row in rows) == [
        "Consume",
        "Release",
        "Release",
        "Reserve",
        "Reserve",
    ]
    named = {row.name: row.ticket for row in rows if row.ticket}
    assert named == {kept.name: str(real.name)}
    lines = lines_of([client.plan.name])
    assert [each.entry.name for each in taking.not_given_back(lines)] == [kept.name]


def test_a_test_request_goes_also_if_what_it_took_cannot_be_given_back():
    client = make_client(tier="Premium")
    for name in frappe.get_all(PLAN, {"name": ("!=", client.plan.name)}, pluck="name"):
        frappe.db.set_value(PLAN, name, "status", "Draft")
    ticket = frappe.get_doc(TICKET, trial.try_out()["ticket"])
    entry = taking.reserve(ticket, "updates")
    # A plan that nothing can be read of.
    client.plan.db_set("time_zone", "Mars")
    trial.remove()
    assert not frappe.db.exists(TICKET, ticket.name)
    assert frappe.db.get_value(ENTRY, entry.name, ["plan", "ticket"]) == (
        client.plan.name,
        None,
    )
