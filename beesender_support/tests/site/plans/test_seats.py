"""Seats: given, ended and given again; members, merges, limits and notices."""

from datetime import date
from email import message_from_string, policy

import frappe
import pytest
from frappe.utils import formatdate

from beesender_support.api import desk
from beesender_support.enforcement.events import schedule
from beesender_support.enforcement.plans import quota_job, seats
from beesender_support.patches import make_seated_contacts_members
from beesender_support.records.sold import plan_values
from beesender_support.tests.site.factories import (
    clock_at,
    make_agent,
    make_client,
    make_contact,
    make_customer,
    make_plan,
    make_ticket,
    receive_mail,
    refused,
)

LOG, PLAN, TIER = "Beesender Admission Log", "Beesender Support Plan", "Beesender Tier"
MEMBER = "HD Customer Member"


def logged(plan, event: str) -> list[str]:
    return frappe.get_all(LOG, {"plan": plan.name, "event": event}, pluck="contact")


def rows_of(plan) -> list[tuple]:
    return [
        (row.contact, row.from_date, row.to_date, bool(row.ended_at))
        for row in plan.reload().authorized_contacts
    ]


# Ending


def test_a_seat_ended_now_was_a_seat_until_now():
    client = make_client(time_zone="GMT+3")
    with clock_at("2026-11-25T01:50:00.500000+03:00"):
        accepted = receive_mail(client.email, "Before")
    with clock_at("2026-11-25T01:53:00.500000+03:00"):
        seats.end(client.plan.name, client.contact)
        held = receive_mail(client.email, "After")
    assert accepted.beesender_admission == "Accepted"
    assert held.beesender_admission_reason == "seat_expired"
    assert rows_of(client.plan) == [(client.contact, None, date(2026, 11, 25), True)]
    assert logged(client.plan, "Seat ended") == [client.contact]


def test_a_seat_that_began_today_is_ended_and_stays_to_be_seen():
    client = make_client(time_zone="GMT+3")
    contact = make_contact(client.customer)
    with clock_at("2026-11-25T10:00:00+03:00"):
        seats.give(client.plan.name, contact)
        seats.end(client.plan.name, contact)
    day = date(2026, 11, 25)
    assert rows_of(client.plan)[1] == (contact, day, day, True)
    assert logged(client.plan, "Seat given") == [contact]
    assert logged(client.plan, "Seat ended") == [contact]


def test_a_seat_that_never_began_is_taken_off():
    client = make_client()
    contact = make_contact(client.customer)
    client.plan.append(
        "authorized_contacts", {"contact": contact, "from_date": "2090-01-01"}
    )
    client.plan.save()
    seats.end(client.plan.name, contact)
    assert [row[0] for row in rows_of(client.plan)] == [client.contact]


def test_a_seat_that_is_not_there_cannot_be_ended():
    client = make_client()
    for name in ("nobody", make_contact(client.customer)):
        with refused("has no seat on the plan"):
            seats.end(client.plan.name, name)
    assert not logged(client.plan, "Seat ended")


def test_the_form_cannot_say_when_a_seat_ended_but_may_let_it_last_longer():
    client = make_client()
    client.plan.authorized_contacts[0].ended_at = "2020-05-05 12:00:00"
    client.plan.save()
    assert not client.plan.reload().authorized_contacts[0].ended_at
    seats.end(client.plan.name, client.contact)
    client.plan.reload().authorized_contacts[0].to_date = None
    client.plan.save()
    assert rows_of(client.plan) == [(client.contact, None, None, False)]
    assert make_ticket(client).beesender_admission == "Accepted"


def test_a_row_removed_in_the_form_leaves_a_trace():
    client = make_client()
    client.plan.set("authorized_contacts", [])
    client.plan.save()
    assert logged(client.plan, "Seat ended") == [client.contact]


# Giving again


def test_an_ended_seat_is_given_again_on_the_same_day():
    client = make_client()
    seats.end(client.plan.name, client.contact)
    seats.give(client.plan.name, client.contact)
    assert len(rows_of(client.plan)) == 2
    assert make_ticket(client).beesender_admission == "Accepted"


def test_whoever_has_a_seat_keeps_it():
    client = make_client()
    seats.give(client.plan.name, client.contact)
    seats.give(client.plan.name, client.contact.upper())
    assert len(rows_of(client.plan)) == 1


def test_a_seat_that_begins_later_begins_now():
    client = make_client()
    contact = make_contact(client.customer)
    client.plan.append(
        "authorized_contacts", {"contact": contact, "from_date": "2090-01-01"}
    )
    client.plan.save()
    seats.give(client.plan.name, contact)
    today = plan_values.plan_of(client.plan.reload()).today(quota_job.now())
    assert rows_of(client.plan)[1] == (contact, today, None, False)


def test_a_suspended_seat_comes_back_if_there_is_room():
    client = make_client()
    client.plan.authorized_contacts[0].is_suspended = 1
    client.plan.save()
    seats.give(client.plan.name, client.contact)
    assert not client.plan.reload().authorized_contacts[0].is_suspended
    others = [make_contact(client.customer) for _ in range(2)]
    client.plan.authorized_contacts[0].is_suspended = 1
    client.plan.extend("authorized_contacts", [{"contact": each} for each in others])
    client.plan.save()
    with refused("Basic includes 2"):
        seats.give(client.plan.name, client.contact)


def test_two_seats_of_one_contact_on_a_later_day_are_refused():
    client = make_client()
    client.plan.append(
        "authorized_contacts", {"contact": client.contact, "from_date": "2090-01-01"}
    )
    with refused("more than one seat"):
        client.plan.save()


# Membership


def members_of(customer: str) -> list[str]:
    return frappe.get_all(MEMBER, {"parent": customer}, pluck="contact_name")


def make_lone_contact(email: str) -> str:
    return (
        frappe.get_doc(
            {
                "doctype": "Contact",
                "first_name": "Lone",
                "email_ids": [{"email_id": email, "is_primary": 1}],
            }
        )
        .insert()
        .name
    )


def test_a_seat_makes_its_contact_one_of_the_customers():
    client = make_client()
    by_form = make_lone_contact("by-form@example.com")
    client.plan.append("authorized_contacts", {"contact": by_form})
    client.plan.save()
    assert by_form in members_of(client.customer)
    ticket = receive_mail("by-form@example.com", "Help")
    assert (ticket.customer, ticket.beesender_admission) == (
        client.customer,
        "Accepted",
    )
    seats.end(client.plan.name, by_form)
    by_call = make_lone_contact("by-call@example.com")
    seats.give(client.plan.name, by_call)
    assert sorted(members_of(client.customer)) == sorted(
        [client.contact, by_form, by_call]
    )
    frappe.get_doc("HD Customer", client.customer).save()


def test_seats_given_before_make_members_when_the_site_is_migrated():
    client = make_client()
    former = make_contact(client.customer)
    client.plan.append(
        "authorized_contacts", {"contact": former, "to_date": "2020-12-31"}
    )
    client.plan.save()
    frappe.db.delete(MEMBER, {"parent": client.customer})
    for _ in range(2):
        make_seated_contacts_members.execute()
    assert members_of(client.customer) == [client.contact]


def test_a_draft_makes_nobody_a_member_until_it_is_sold():
    customer = make_customer()
    contact = make_lone_contact("draft@example.com")
    plan = make_plan(customer, [contact], status="Draft")
    assert not members_of(customer)
    plan.status = "Active"
    plan.save()
    assert members_of(customer) == [contact]


def test_a_form_of_the_customer_opened_before_does_not_undo_it():
    client = make_client()
    stale = frappe.get_doc("HD Customer", client.customer)
    seats.give(client.plan.name, make_lone_contact("late@example.com"))
    with pytest.raises(frappe.TimestampMismatchError):
        stale.save()


# Merged in Helpdesk


def merged_customers() -> tuple:
    one, other = make_client(tier="Basic"), make_client(tier="Premium")
    frappe.rename_doc("HD Customer", one.customer, other.customer, merge=True)
    return one, other


def test_plans_of_merged_customers_can_be_mended_and_are_shown():
    one, other = merged_customers()
    plan = one.plan.reload()
    assert plan.customer == other.customer
    assert one.contact in members_of(other.customer)
    warnings = desk.plan_overview(plan.as_dict())["timeline"]["warnings"]
    assert [each for each in warnings if other.plan.name in each]
    plan.licence_price = 5
    plan.save()
    seats.end(plan.name, one.contact)
    plan.reload().ends_on = "2030-01-01"
    plan.save()
    plan.ends_on = "2031-01-01"
    with refused("is in force"):
        plan.save()
    plan.reload().status = "Expired"
    plan.save()
    plan.status = "Active"
    with refused("is in force"):
        plan.save()


def test_the_highest_tier_judges_after_a_merge():
    one, other = merged_customers()
    for address in (one.email, other.email):
        ticket = receive_mail(address, "Help")
        assert ticket.beesender_admission == "Accepted"
    plan = frappe.get_doc(PLAN, one.plan.name)
    plan.append("authorized_contacts", {"contact": other.contact})
    plan.save()
    assert receive_mail(other.email, "Again").beesender_tier == "Premium"


def test_a_contact_who_is_twice_on_a_plan_can_be_mended_and_is_shown():
    client = make_client()
    twin = make_contact(client.customer, "twin@example.com")
    third = make_contact(client.customer, "third@example.com")
    client.plan.append("authorized_contacts", {"contact": twin})
    client.plan.save()
    frappe.rename_doc("Contact", twin, client.contact, merge=True)
    plan = client.plan.reload()
    assert [row.contact for row in plan.authorized_contacts] == [client.contact] * 2
    overview = desk.plan_overview(plan.as_dict())
    assert "more than one seat" in overview["seats_refusal"]
    assert overview["seats_used"] == 1
    plan.licence_price = 5
    plan.save()
    seats.give(plan.name, third)
    schedule.hourly()
    assert not [row for row in plan.reload().authorized_contacts if row.is_suspended]
    seats.end(plan.name, third)
    frappe.get_doc("HD Customer", client.customer).save()
    plan.reload().remove(plan.authorized_contacts[1])
    plan.save()
    assert receive_mail(client.email, "Help").beesender_admission == "Accepted"


# Limits


def test_a_lower_limit_starts_the_grace_period_at_once_and_a_higher_one_ends_it():
    customer = make_customer()
    contacts = [make_contact(customer) for _ in range(3)]
    plan = make_plan(customer, contacts, tier="Business", time_zone="GMT+10")
    fine = make_plan(make_customer(), [], tier="Business")
    tier = frappe.get_doc(TIER, "Business")
    with clock_at("2026-11-25T20:00:00+00:00"):
        tier.authorized_contact_limit = 2
        tier.save()
    assert plan.reload().over_quota_since == date(2026, 11, 26)
    assert not fine.reload().over_quota_since
    tier.reload()
    with clock_at("2026-11-27T20:00:00+00:00"):
        tier.authorized_contact_limit = 1
        tier.save()
    assert plan.reload().over_quota_since == date(2026, 11, 26)
    with clock_at("2026-12-10T10:00:00+10:00"):
        schedule.hourly()
    assert [row.is_suspended for row in plan.reload().authorized_contacts] == [0, 1, 1]
    tier.reload()
    tier.authorized_contact_limit = 5
    tier.save()
    assert not plan.reload().over_quota_since


# Notices


def mail_to(address: str) -> list[str]:
    queued = frappe.get_all(
        "Email Queue Recipient", {"recipient": address}, pluck="parent"
    )
    return [frappe.db.get_value("Email Queue", each, "message") for each in queued]


def at_the_end():
    return clock_at("2026-12-05T12:00:00+03:00")


def test_nobody_is_told_of_an_end_where_the_next_plan_is_sold():
    client = make_client(ends_on="2026-12-31")
    make_plan(client.customer, [client.contact], starts_on="2027-01-01")
    with at_the_end():
        schedule.hourly()
    assert not mail_to(client.email)


@pytest.mark.parametrize(
    "other",
    [{"status": "Draft"}, {"starts_on": "2027-01-02"}, {"status": "Suspended"}],
)
def test_a_next_plan_that_does_not_go_on_changes_nothing(other):
    client = make_client(ends_on="2026-12-31")
    make_plan(client.customer, [], **{"starts_on": "2027-01-01", **other})
    with at_the_end():
        schedule.hourly()
    assert len(mail_to(client.email)) == 1


def test_only_people_with_a_seat_are_told_each_in_their_own_language():
    client = make_client(ends_on="2026-12-31")
    former = make_contact(client.customer, "former@example.com")
    client.plan.append(
        "authorized_contacts", {"contact": former, "to_date": "2026-11-30"}
    )
    manager = make_agent()
    client.plan.success_manager = manager
    client.plan.save()
    frappe.db.set_value("User", client.email, "language", "ru")
    # Whoever got a seat just now was told so.
    frappe.db.delete("Email Queue")
    frappe.db.delete("Email Queue Recipient")
    with at_the_end():
        schedule.hourly()
    assert not mail_to("former@example.com")
    subjects = frappe.get_all(
        "Email Queue", {"reference_name": client.plan.name}, ["name", "message"]
    )
    assert len(subjects) == 2
    assert len(mail_to(client.email)) == len(mail_to(manager)) == 1
    assert mail_to(client.email) != mail_to(manager)


def test_a_person_who_gets_or_loses_a_seat_is_told_and_so_is_the_success_manager(
    client,
):
    manager = make_agent()
    client.plan.success_manager = manager
    client.plan.save()
    colleague = make_contact(client.customer, "colleague@example.com")
    seats.give(client.plan.name, colleague)
    [given] = mail_to("colleague@example.com")
    assert "You may now send requests" in given
    assert len(mail_to(manager)) == 1
    assert not mail_to(client.email)
    seats.end(client.plan.name, colleague)
    assert len(mail_to("colleague@example.com")) == len(mail_to(manager)) == 2


@pytest.mark.parametrize("status", ["Draft", "Suspended"])
def test_nobody_is_told_of_a_seat_on_a_plan_that_is_not_in_force(client, status):
    client.plan.status = status
    client.plan.save()
    make_contact(client.customer, "colleague@example.com")
    client.plan.append(
        "authorized_contacts",
        {
            "contact": frappe.db.get_value(
                "Contact", {"email_id": "colleague@example.com"}
            )
        },
    )
    client.plan.save()
    assert not mail_to("colleague@example.com")


def test_a_seat_is_given_also_where_no_mail_can_be_written(client, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("the mail queue is broken")

    monkeypatch.setattr(frappe, "sendmail", broken)
    colleague = make_contact(client.customer, "colleague@example.com")
    seats.give(client.plan.name, colleague)
    rows = client.plan.reload().authorized_contacts
    assert colleague in [row.contact for row in rows]
    assert not frappe.db.exists("Beesender Notice Log", {"plan": client.plan.name})


def test_people_over_the_limit_read_once_who_is_suspended_when():
    customer = make_customer()
    contacts = [make_contact(customer) for _ in range(3)]
    plan = make_plan(customer, contacts, tier="Business", mail_language="ru")
    tier = frappe.get_doc(TIER, "Business")
    with clock_at("2026-11-25T10:00:00+03:00"):
        tier.authorized_contact_limit = 2
        tier.save()
        schedule.hourly()
        schedule.hourly()
    address = frappe.db.get_value("Contact", contacts[0], "email_id")
    [warning] = mails_as_text(address)
    last = frappe.db.get_value("Contact", contacts[2], "full_name")
    day = formatdate("2026-12-09")
    assert f"{day} будут приостановлены: {last}." in warning
    with clock_at("2026-12-09T10:00:00+03:00"):
        schedule.hourly()
        schedule.hourly()
    _warning, suspended = mails_as_text(address)
    assert f"Приостановлены авторизованные контакты: {last}" in suspended
    tier.reload()
    with clock_at("2026-12-10T10:00:00+03:00"):
        tier.authorized_contact_limit = 3
        tier.save()
        schedule.hourly()
        schedule.hourly()
    assert (
        f"Снова активны авторизованные контакты: {last}" in mails_as_text(address)[-1]
    )
    assert len(mails_as_text(address)) == 3
    assert plan.reload().authorized_contacts[2].is_suspended == 0


def mails_as_text(address: str) -> list[str]:
    queued = frappe.get_all(
        "Email Queue Recipient",
        {"recipient": address},
        pluck="parent",
        order_by="creation, parent",
    )
    mails = [
        message_from_string(
            frappe.db.get_value("Email Queue", each, "message"), policy=policy.default
        )
        for each in queued
    ]
    return [" ".join(each.get_body(("plain",)).get_content().split()) for each in mails]


def test_the_hourly_job_asks_no_more_for_more_plans():
    def queries() -> int:
        asked = []
        execute = frappe.db.sql

        def counted(*args, **kwargs):
            asked.append(args[0])
            return execute(*args, **kwargs)

        frappe.db.sql = counted
        try:
            schedule.hourly()
        finally:
            del frappe.db.sql
        return len(asked)

    with at_the_end():
        for _ in range(2):
            make_client(ends_on="2026-12-31")
        schedule.hourly()
        few = queries()
        for _ in range(5):
            make_client(ends_on="2026-12-31")
        schedule.hourly()
        assert queries() <= few
