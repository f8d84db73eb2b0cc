"""Everybody on a plan is invited to the portal from its form, once."""

from inspect import signature

import frappe
import pytest
from frappe.core.api.user_invitation import invite_by_email
from frappe.core.doctype.user_invitation.user_invitation import UserInvitation

from beesender_support.api import desk, plans
from beesender_support.tests.site.factories import (
    make_agent,
    make_agent_manager,
    make_client,
    make_contact,
    make_customer,
    make_plan,
    session_of,
)

PLAN = "Beesender Support Plan"
# Helpdesk names the customer of whom it invites, which Frappe takes from 15.109 on.
by_helpdesk = pytest.mark.skipif(
    "kwargs" not in signature(invite_by_email).parameters,
    reason="Helpdesk cannot invite with this version of Frappe",
)


@pytest.fixture
def sold():
    """One who can log in, one who cannot, and one without an address."""
    client = make_client(tier="Business")
    client.newcomer = make_contact(client.customer)
    nobody = frappe.get_doc({"doctype": "Contact", "first_name": "Nameless"}).insert()
    client.nobody = nobody.name
    client.plan.append("authorized_contacts", {"contact": client.newcomer})
    client.plan.append("authorized_contacts", {"contact": client.nobody})
    client.plan.save()
    return client


def access(client):
    shown = desk.plan_overview(client.plan.as_dict())["seats"]
    return {row["contact"]: row["access"] for row in shown}


def test_the_form_says_who_can_log_in(sold):
    assert access(sold) == {
        sold.contact: "access",
        sold.newcomer: "none",
        sold.nobody: "no_address",
    }


@by_helpdesk
def test_all_are_invited_once_and_those_without_an_address_are_named(sold):
    answer = plans.invite_all(sold.plan.name)
    assert answer == {
        "invited": [sold.newcomer],
        "already": [],
        "without_address": [sold.nobody],
        "failed": [],
    }
    email = frappe.db.get_value("Contact", sold.newcomer, "email_id")
    invitation = frappe.get_doc("User Invitation", {"email": email})
    assert (invitation.status, invitation.customer) == ("Pending", sold.customer)
    assert access(sold)[sold.newcomer] == "invited"
    again = plans.invite_all(sold.plan.name)
    assert (again["invited"], again["already"]) == ([], [sold.newcomer])
    assert frappe.db.count("User Invitation", {"email": email}) == 1


@by_helpdesk
def test_who_accepts_can_log_in(sold):
    plans.invite_all(sold.plan.name)
    email = frappe.db.get_value("Contact", sold.newcomer, "email_id")
    frappe.get_doc("User Invitation", {"email": email}).accept(ignore_permissions=True)
    assert access(sold)[sold.newcomer] == "access"


@by_helpdesk
def test_one_whose_mail_fails_holds_up_no_other_and_can_be_invited_again(
    sold, monkeypatch
):
    other = make_contact(sold.customer)
    sold.plan.append("authorized_contacts", {"contact": other})
    sold.plan.save()
    failing = frappe.db.get_value("Contact", sold.newcomer, "email_id")
    real = UserInvitation._after_insert

    def fails(invitation):
        if invitation.email == failing:
            raise frappe.OutgoingEmailError("No account")
        return real(invitation)

    monkeypatch.setattr(UserInvitation, "_after_insert", fails)
    answer = plans.invite_all(sold.plan.name)
    assert answer["invited"] == [other]
    assert answer["failed"] == [{"contact": sold.newcomer, "why": "No account"}]
    assert not frappe.db.exists("User Invitation", {"email": failing})


@by_helpdesk
def test_an_invitation_whose_mail_waits_in_the_queue_stands_and_holds_up_no_other(
    sold, monkeypatch
):
    """Frappe commits when it sends, and a savepoint is gone by that."""
    other = make_contact(sold.customer)
    sold.plan.append("authorized_contacts", {"contact": other})
    sold.plan.save()
    waiting = frappe.db.get_value("Contact", sold.newcomer, "email_id")
    sent = UserInvitation._after_insert

    def commits_and_fails(invitation):
        if invitation.email != waiting:
            return sent(invitation)
        frappe.db.sql("release savepoint beesender_invitation")
        raise ConnectionRefusedError("No mail server")

    monkeypatch.setattr(UserInvitation, "_after_insert", commits_and_fails)
    answer = plans.invite_all(sold.plan.name)
    assert answer["invited"] == [other]
    [failed] = answer["failed"]
    assert failed["contact"] == sold.newcomer
    assert failed["why"].endswith("is tried again: No mail server")
    assert access(sold)[sold.newcomer] == "invited"
    assert plans.invite_all(sold.plan.name)["invited"] == []


@pytest.mark.parametrize(("enabled", "state"), [(0, "disabled"), (1, "access")])
def test_whose_address_has_a_user_is_told_of_it_and_not_invited(sold, enabled, state):
    email = frappe.db.get_value("Contact", sold.newcomer, "email_id")
    user = frappe.get_doc(
        {
            "doctype": "User",
            "email": email,
            "first_name": "Theirs",
            "send_welcome_email": 0,
        }
    ).insert()
    frappe.db.set_value("User", user.name, "enabled", enabled)
    frappe.db.set_value("Contact", sold.newcomer, "user", None)
    assert access(sold)[sold.newcomer] == state
    answer = plans.invite_all(sold.plan.name)
    assert (answer["invited"], answer["already"]) == ([], [])
    failed = [{"contact": sold.newcomer, "why": "The user is disabled."}]
    assert answer["failed"] == ([] if enabled else failed)
    assert not frappe.db.exists("User Invitation", {"email": email})


@by_helpdesk
def test_only_who_was_really_invited_is_called_invited(sold):
    """Helpdesk makes no second invitation for an address that accepted one."""
    plans.invite_all(sold.plan.name)
    email = frappe.db.get_value("Contact", sold.newcomer, "email_id")
    invitation = frappe.get_doc("User Invitation", {"email": email})
    frappe.db.set_value(
        "User Invitation",
        invitation.name,
        {"status": "Accepted", "user": sold.email},
    )
    answer = plans.invite_all(sold.plan.name)
    assert answer["invited"] == []
    [failed] = answer["failed"]
    assert failed["contact"] == sold.newcomer
    assert "was accepted before" in failed["why"]


def test_a_seat_that_has_ended_invites_nobody(sold):
    plan = frappe.get_doc(PLAN, sold.plan.name)
    plan.authorized_contacts[1].from_date = "2020-01-01"
    plan.authorized_contacts[1].to_date = "2020-02-01"
    plan.save()
    assert plans.invite_all(plan.name)["invited"] == []


@by_helpdesk
def test_only_managers_invite(sold):
    for user in (sold.email, make_agent()):
        with session_of(user), pytest.raises(frappe.PermissionError):
            plans.invite_all(sold.plan.name)
    with session_of(make_agent_manager()):
        assert plans.invite_all(sold.plan.name)["invited"] == [sold.newcomer]


def test_a_stranger_in_a_seat_becomes_a_contact_of_the_customer_and_it_is_said():
    client, stranger = make_client(tier="Business"), make_contact(make_customer())
    frappe.clear_messages()
    client.plan.append("authorized_contacts", {"contact": stranger})
    client.plan.save()
    assert frappe.db.exists(
        "HD Customer Member", {"parent": client.customer, "contact_name": stranger}
    )
    (message,) = frappe.local.message_log
    full_name = frappe.db.get_value("Contact", stranger, "full_name")
    assert message.message == (
        f"Now among the contacts of {client.customer}: {full_name}."
    )
    frappe.clear_messages()
    client.plan.save()
    assert not frappe.local.message_log
    make_plan(make_customer(), [stranger], status="Draft")
    assert not frappe.local.message_log
