"""What is reserved, used and given back of a plan's allowances, as records."""

from datetime import timedelta

import frappe
import pytest

from beesender_support.enforcement.allowances import taking
from beesender_support.enforcement.allowances import unused as unused_reservations
from beesender_support.enforcement.allowances.unused import unused
from beesender_support.enforcement.response import merges
from beesender_support.policy.allowances.ledger import CONSUME, RELEASE, RESERVE
from beesender_support.records.allowances import balances
from beesender_support.records.sold import sold_plans
from beesender_support.tests.site.factories import (
    clock_at,
    make_agent,
    make_agent_manager,
    make_client,
    make_customer,
    make_plan,
    make_ticket,
    refused,
    session_of,
)

NOON = "2026-11-23T12:00:00+03:00"


@pytest.fixture(autouse=True)
def _clock():
    with clock_at(NOON):
        yield


@pytest.fixture
def client(site):
    return make_client(tier="Business", starts_on="2025-03-01")


def make_entry(client, action=CONSUME, **values):
    return taking.write(
        {
            "plan": client.plan.name,
            "entitlement": "updates",
            "action": action,
            "amount": 1,
            **values,
        }
    )


def balance(client, entitlement="updates", **on):
    [plan] = sold_plans.named([client.plan.name])
    return balances.balance_of(plan, entitlement, **on)


def sell_hours(tier="Business", hours=10):
    frappe.get_doc(
        {
            "doctype": "Beesender Entitlement",
            "name": "developer_hours",
            "title": "Hours of developers",
            "unit": "Hours a contract year",
        }
    ).insert()
    doc = frappe.get_doc("Beesender Tier", tier)
    doc.append("entitlements", {"entitlement": "developer_hours", "amount": hours})
    doc.save()


def test_an_update_is_reserved_used_and_given_back(client):
    reserved = make_entry(client, RESERVE)
    assert balance(client)[:3] == (2, 1, 0)
    used = make_entry(client, reservation=reserved.name)
    assert balance(client)[:3] == (2, 0, 1)
    make_entry(client, RELEASE, reverses=used.name, reason="Wrong ticket")
    assert balance(client)[:3] == (2, 0, 0)
    assert str(used.contract_year_starts_on) == "2026-03-01"
    assert (used.customer, used.granted) == (client.customer, 2)


def test_a_third_update_of_two_is_refused(client):
    make_entry(client)
    make_entry(client, RESERVE)
    for action in (CONSUME, RESERVE):
        with refused("more than is left: 0 of 2"):
            make_entry(client, action)


def test_the_next_contract_year_has_its_own(client):
    make_entry(client, amount=2)
    make_entry(client, RESERVE, date="2027-03-01")
    assert balance(client, on=frappe.utils.getdate("2027-03-01")).remaining == 1
    assert balance(client).remaining == 0
    make_entry(client, date="2025-12-31")


def test_hours_beyond_the_allowance_are_noted_as_billable(client):
    sell_hours()
    noted = make_entry(client, entitlement="developer_hours", amount=12.5)
    assert noted.reload().billable_amount == 2.5
    assert balance(client, "developer_hours")[:4] == (10, 0, 10, 2.5)


def test_a_lower_tier_applies_at_once_and_leaves_a_past_year_alone(client):
    make_entry(client, date="2025-12-31")
    reserved = make_entry(client, RESERVE)
    doc = frappe.get_doc("Beesender Support Plan", client.plan.name)
    doc.tier = "Basic"
    doc.save()
    assert balance(client).remaining == 0
    assert balance(client, on=frappe.utils.getdate("2025-12-31")).granted == 2
    with refused("more than is left"):
        make_entry(client)
    # What was reserved before is owed.
    make_entry(client, reservation=reserved.name)


def test_a_renewal_begins_with_all_and_the_day_decides_which_plan_it_is(client):
    ticket = make_ticket(client)
    doc = frappe.get_doc("Beesender Support Plan", client.plan.name)
    doc.ends_on = "2026-11-22"
    doc.save()
    renewed = make_plan(
        client.customer, [client.contact], tier="Business", starts_on="2026-11-23"
    )
    today = taking.use(ticket, "updates")
    before = taking.use(ticket, "updates", on=frappe.utils.getdate("2026-11-22"))
    assert (today.plan, before.plan) == (renewed.name, client.plan.name)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"status": "Suspended"}, "is not in force"),
        ({"status": "Expired"}, "is not in force"),
        ({"ends_on": "2026-11-22"}, "is not in force"),
    ],
)
def test_nothing_is_taken_under_a_plan_that_is_not_in_force(client, change, words):
    reserved = make_entry(client, RESERVE)
    doc = frappe.get_doc("Beesender Support Plan", client.plan.name)
    doc.update(change)
    doc.save()
    for action in (RESERVE, CONSUME):
        with refused(words):
            make_entry(client, action)
    make_entry(client, RELEASE, reservation=reserved.name, reason="Not sold any more")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"amount": 0}, "How much: 0 is not possible"),
        ({"amount": 1.5}, "is not possible"),
        ({"amount": -1}, "is negative"),
        ({"date": "2026-11-24"}, "Date: .* is after"),
        ({"date": "2025-02-28"}, "is not in force"),
        ({"action": RESERVE, "date": "2026-11-22"}, "is before"),
        ({"action": RELEASE, "reason": "Why"}, "Choose what is given back"),
        ({"entitlement": "end_user_questions"}, "is not counted"),
        ({"reservation": "nothing"}, "Could not find Reservation"),
    ],
)
def test_what_makes_no_sense_is_refused(client, values, words):
    with pytest.raises(frappe.ValidationError, match=words):
        make_entry(client, **{"action": CONSUME, **values})


def test_to_give_back_takes_a_reason_and_works_once(client):
    used = make_entry(client)
    with refused("say why"):
        make_entry(client, RELEASE, reverses=used.name, reason=" ")
    make_entry(client, RELEASE, reverses=used.name, reason="Wrong ticket")
    with refused("Somebody may have done so meanwhile"):
        make_entry(client, RELEASE, reverses=used.name, reason="Again")


def test_a_ticket_of_another_customer_uses_nothing(client):
    other = make_client(tier="Business")
    with refused("is not of"):
        make_entry(client, ticket=make_ticket(other).name)


def test_a_reservation_of_another_plan_is_not_used(client):
    other = make_client(tier="Business")
    reserved = make_entry(other, RESERVE)
    with refused("of another plan"):
        make_entry(client, reservation=reserved.name)


def test_an_entry_is_never_changed_or_deleted(client):
    entry = make_entry(client).reload()
    entry.amount = 2
    with refused("never changed"):
        entry.save()
    with refused("never deleted"):
        frappe.delete_doc(entry.doctype, entry.name)


def test_managers_write_entries_by_hand_which_are_decided_like_others(client):
    values = {
        "doctype": balances.ENTRY,
        "plan": client.plan.name,
        "entitlement": "updates",
        "action": CONSUME,
        "amount": 1,
        # None of it is theirs to say.
        "customer": make_customer(),
        "contract_year_starts_on": "2020-01-01",
        "billable_amount": 1,
        "granted": 99,
    }
    with session_of(make_agent_manager()):
        written = frappe.get_doc(values).insert().reload()
    assert (written.customer, written.billable_amount) == (client.customer, 0)
    assert (str(written.contract_year_starts_on), written.granted) == ("2026-03-01", 2)
    for nobody in (make_agent(), client.email):
        with session_of(nobody), pytest.raises(frappe.PermissionError):
            frappe.get_doc(values).insert()


def test_a_second_press_of_the_button_writes_nothing(client):
    ticket = make_ticket(client)
    one, other = (taking.use(ticket, "updates", key="pressed") for _ in range(2))
    assert one.name == other.name
    with session_of(make_agent()):
        assert taking.use(ticket, "updates", key="pressed").name != one.name


# Tickets


def test_a_reservation_of_the_ticket_is_used_first(client):
    ticket = make_ticket(client)
    reserved = taking.reserve(ticket, "updates", on=frappe.utils.getdate())
    make_entry(client, RESERVE)
    used = taking.use(ticket, "updates")
    assert used.reservation == reserved.name
    with refused("more than is left"):
        taking.use(ticket, "updates")


def test_a_reservation_follows_a_merge(client):
    old, new = make_ticket(client), make_ticket(client)
    reserved = taking.reserve(old, "updates")
    old.update({"is_merged": 1, "merged_with": new.name, "status": "Closed"})
    old.save()
    assert not of_entry(reserved)
    assert taking.use(new, "updates").reservation == reserved.name


def test_a_reservation_follows_merges_of_merges_by_one_query(client, monkeypatch):
    first, second, last, apart = (make_ticket(client) for _ in range(4))
    for old, new in ((first, second), (second, last)):
        old.update({"is_merged": 1, "merged_with": new.name, "status": "Closed"})
        old.save()
    names = [str(each.name) for each in (first, second, last, apart)]
    asked, run = [], frappe.db.sql

    def counting(query, *args, **kwargs):
        asked.append(str(query))
        return run(query, *args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(frappe.db, "sql", counting)
        lasting = merges.lasting_of(names)
    assert lasting == dict(zip(names, [names[2]] * 3 + [names[3]], strict=True))
    assert {each: merges.lives_on_in(each) for each in names} == lasting
    assert len(asked) == 1, asked
    assert merges.lasting_of([]) == {}


def test_tickets_that_a_script_merged_in_a_circle_end_somewhere(client):
    one, other = (make_ticket(client) for _ in range(2))
    for old, new in ((one, other), (other, one)):
        merged = {"is_merged": 1, "merged_with": new.name}
        frappe.db.set_value("HD Ticket", old.name, merged)
    names = [str(one.name), str(other.name)]
    assert merges.lasting_of(names) == {
        each: merges.lives_on_in(each) for each in names
    }


def of_entry(reserved):
    return [why for line, why in unused() if line.entry.name == reserved.name]


def test_what_was_reserved_for_a_request_that_is_over_is_given_back(client):
    closed, declined, gone, open_one = (make_ticket(client) for _ in range(4))
    tier = frappe.get_doc("Beesender Tier", "Business")
    tier.updates_per_year = 4
    tier.save()
    entries = [
        taking.reserve(each, "updates") for each in (closed, declined, gone, open_one)
    ]
    closed.update({"status": "Closed"})
    closed.save()
    frappe.db.set_value("HD Ticket", declined.name, "beesender_admission", "Declined")
    frappe.delete_doc("HD Ticket", gone.name)
    assert [of_entry(each) for each in entries] == [
        ["The request was closed without using it."],
        ["The request was declined."],
        ["The request was deleted."],
        [],
    ]
    for line, why in unused():
        if line.plan == client.plan.name:
            released = taking.release(line, why)
            assert released.reason == why
    assert balance(client)[:3] == (4, 1, 0)


def test_what_cannot_be_given_back_is_logged_once(client, monkeypatch):
    ticket = make_ticket(client)
    reserved = taking.reserve(ticket, "updates")
    ticket.status = "Closed"
    ticket.save()
    # No rule reads this plan.
    frappe.db.set_value("Beesender Support Plan", client.plan.name, "time_zone", "Mars")
    assert of_entry(reserved)
    monkeypatch.setattr(frappe.db, "commit", lambda: None)
    for _run in range(2):
        unused_reservations.release_unused()
    assert of_entry(reserved)
    assert frappe.db.count("Error Log", {"reference_name": reserved.name}) == 1


def test_what_a_script_left_of_a_plan_is_not_given_back(client):
    reserved = taking.reserve(make_ticket(client), "updates")
    frappe.db.set_value("HD Ticket", reserved.ticket, "status_category", "Resolved")
    assert of_entry(reserved)
    frappe.db.delete("Beesender Support Plan", {"name": client.plan.name})
    assert not of_entry(reserved)


def test_nothing_is_reserved_for_a_closed_ticket(client):
    ticket = make_ticket(client)
    ticket.status = "Closed"
    ticket.save()
    with refused("would be given back"):
        taking.reserve(ticket, "updates")
    taking.use(ticket, "updates")


def test_what_is_reserved_for_the_next_year_is_not_used_in_this_one(client):
    ticket = make_ticket(client)
    make_entry(client, amount=2)
    later = taking.reserve(
        ticket, "updates", amount=2, on=frappe.utils.getdate("2027-03-02")
    )
    with refused("more than is left: 0 of 2"):
        taking.use(ticket, "updates")
    with refused("is before .*2027"):
        make_entry(client, reservation=later.name)
    assert balance(client)[:3] == (2, 0, 2)
    assert balance(client, on=later.date)[:3] == (2, 2, 0)


def test_the_reservation_of_the_day_is_used_before_that_of_the_next_year(client):
    ticket = make_ticket(client)
    taking.reserve(ticket, "updates", on=frappe.utils.getdate("2027-03-02"))
    sooner = taking.reserve(ticket, "updates")
    assert taking.use(ticket, "updates").reservation == sooner.name


def test_what_was_reserved_last_year_is_owed_after_the_anniversary(client):
    ticket = make_ticket(client)
    reserved = taking.reserve(ticket, "updates")
    with clock_at("2027-03-02T12:00:00+03:00"):
        used = taking.use(ticket, "updates")
    assert used.reservation == reserved.name
    assert str(used.contract_year_starts_on) == "2026-03-01"


def test_a_plan_of_which_something_was_taken_stays(client):
    entry = make_entry(client)
    frappe.rename_doc("HD Customer", client.customer, "Test Client Renamed")
    assert entry.reload().customer == "Test Client Renamed"
    for force in (False, True):
        with refused("Set its status to Expired"):
            frappe.delete_doc("Beesender Support Plan", client.plan.name, force=force)
    other = make_client(tier="Business")
    frappe.delete_doc("Beesender Support Plan", other.plan.name)


def test_an_entitlement_of_which_something_was_taken_stays_and_keeps_its_unit(client):
    sell_hours()
    hours = frappe.get_doc("Beesender Entitlement", "developer_hours")
    hours.unit = "Count a contract year"
    hours.save()
    make_entry(client, entitlement="developer_hours")
    tier = frappe.get_doc("Beesender Tier", "Business")
    tier.entitlements = [
        row for row in tier.entitlements if row.entitlement != "developer_hours"
    ]
    tier.save()
    hours.reload().unit = "Yes or no"
    with refused("so the unit stays"):
        hours.save()
    hours.reload().enabled = 0
    hours.save()
    with refused("Disable it instead"):
        frappe.delete_doc("Beesender Entitlement", "developer_hours")


def test_a_day_far_ahead_is_not_reserved(client):
    day = frappe.utils.getdate() + timedelta(days=400)
    with refused("is after"):
        make_entry(client, RESERVE, date=day)
