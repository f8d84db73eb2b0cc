"""Everybody on a plan is invited to the portal from its form, once."""

import socket

import frappe
import pytest
from frappe.email.queue import get_queue

from beesender_support.api import desk, plans
from beesender_support.tests.site.factories import (
    by_helpdesk,
    make_agent,
    make_agent_manager,
    make_client,
    make_contact,
    make_customer,
    make_email_account,
    make_plan,
    session_of,
)
from beesender_support.tests.site.mailbox import transactions_within_the_test

PLAN = "Beesender Support Plan"


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
def test_one_is_invited_and_no_other(sold):
    other = make_contact(sold.customer)
    sold.plan.append("authorized_contacts", {"contact": other})
    sold.plan.save()
    answer = plans.invite_all(sold.plan.name, other)
    assert (answer["invited"], answer["without_address"]) == ([other], [])
    assert access(sold)[sold.newcomer] == "none"
    again = plans.invite_all(sold.plan.name, other)
    assert (again["invited"], again["already"]) == ([], [other])
    stranger = make_contact(make_customer())
    with pytest.raises(frappe.ValidationError, match="no seat on the plan"):
        plans.invite_all(sold.plan.name, stranger)


@by_helpdesk
def test_who_accepts_can_log_in(sold):
    plans.invite_all(sold.plan.name)
    email = frappe.db.get_value("Contact", sold.newcomer, "email_id")
    frappe.get_doc("User Invitation", {"email": email}).accept(ignore_permissions=True)
    assert access(sold)[sold.newcomer] == "access"


@by_helpdesk
def test_one_who_cannot_be_invited_holds_up_no_other_and_can_be_invited_again(sold):
    other = make_contact(sold.customer)
    sold.plan.append("authorized_contacts", {"contact": other})
    sold.plan.save()
    right = frappe.db.get_value("Contact", sold.newcomer, "email_id")
    frappe.db.set_value("Contact", sold.newcomer, "email_id", "no address")
    answer = plans.invite_all(sold.plan.name)
    assert answer["invited"] == [other]
    [failed] = answer["failed"]
    assert failed["contact"] == sold.newcomer
    assert "not a valid Email Address" in failed["why"]
    frappe.db.set_value("Contact", sold.newcomer, "email_id", right)
    assert plans.invite_all(sold.plan.name)["invited"] == [sold.newcomer]


@pytest.fixture
def mail_is_sent(monkeypatch):
    """As outside of tests: mail that is to be sent at once is sent."""

    def forget():
        frappe.local.outgoing_email_account = {}

    frappe.db.set_value("Email Account", {"default_outgoing": 1}, "default_outgoing", 0)
    forget()
    monkeypatch.setitem(frappe.flags, "mute_emails", False)
    monkeypatch.setitem(frappe.flags, "testing_email", True)
    for where in ("mail_server", "mute_emails"):
        monkeypatch.delitem(frappe.conf, where, raising=False)
    yield
    forget()


def _account_of_a_server_that_is_down():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    account = make_email_account()
    account.db_set(
        {
            "enable_outgoing": 1,
            "default_outgoing": 1,
            "smtp_server": "127.0.0.1",
            "smtp_port": port,
        }
    )


@by_helpdesk
def test_invitations_wait_in_the_queue_for_a_mail_server(sold, mail_is_sent):
    """Frappe sends what is to be sent at once after the commit of a request."""
    _account_of_a_server_that_is_down()
    other = make_contact(sold.customer)
    sold.plan.append("authorized_contacts", {"contact": other})
    sold.plan.save()
    frappe.db.after_commit.reset()
    with transactions_within_the_test():
        answer = plans.invite_all(sold.plan.name)
        frappe.db.commit()
    assert set(answer["invited"]) == {sold.newcomer, other}
    assert answer["failed"] == []
    address = frappe.db.get_value("Contact", sold.newcomer, "email_id")
    name = frappe.db.get_value(
        "Email Queue Recipient", {"recipient": address}, "parent"
    )
    mail = frappe.get_doc("Email Queue", name)
    assert (mail.status, mail.retry, mail.error) == ("Not Sent", 0, None)
    # What the scheduler asks: it does send now, and takes mail that is older than this.
    assert mail.can_send_now()
    frappe.db.set_value(
        "Email Queue", name, "creation", "2020-01-01", update_modified=False
    )
    assert name in [each.name for each in get_queue()]
    with pytest.raises(Exception, match="Outgoing Mail Server"):
        mail.send()
    again = plans.invite_all(sold.plan.name)
    assert set(again["already"]) == {sold.newcomer, other}


@by_helpdesk
def test_without_an_account_that_sends_mail_nobody_is_invited(sold, mail_is_sent):
    address = frappe.db.get_value("Contact", sold.newcomer, "email_id")
    with pytest.raises(frappe.OutgoingEmailError, match="Enable outgoing mail"):
        plans.invite_all(sold.plan.name)
    assert not frappe.db.exists("User Invitation", {"email": address})
    assert not frappe.are_emails_muted()


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
