"""A subject is shown as it was typed, by whatever way it came, and is HTML nowhere."""

import frappe
import pytest
from bs4 import BeautifulSoup
from frappe.utils import strip_html

from beesender_support.api import portal
from beesender_support.tests.site.factories import (
    make_agent,
    make_client,
    make_ticket,
    receive_mail,
    session_of,
)
from beesender_support.wording.description import (
    LONGEST_SUBJECT,
    UNSEEN,
    subject_as_typed,
)

TYPED = "Window <console> is <b>empty</b> <img src=x onerror=alert(1)>"


def in_portal(client):
    with session_of(client.email):
        request = {"subject": TYPED, "description": "Empty.", "ticket_type": "Incident"}
        return portal.raise_request(request).reload()


def by_mail(client):
    return receive_mail(client.email, TYPED)


def by_agent(client):
    with session_of(make_agent()):
        return make_ticket(client, subject=TYPED)


def corrected(client):
    ticket = make_ticket(client)
    with session_of(make_agent()):
        ticket.subject = TYPED
        ticket.save()
    return ticket.reload()


@pytest.mark.parametrize("come", [in_portal, by_mail, by_agent, corrected])
def test_by_every_way_it_reads_as_typed(come):
    subject = come(make_client()).subject
    assert subject.replace(UNSEEN, "") == TYPED
    page = BeautifulSoup(f"<p>{subject}</p>", "html.parser")
    assert page.get_text() == subject
    assert [tag.name for tag in page.find_all()] == ["p"]


@pytest.mark.parametrize(
    "typed",
    [
        "a < b and b > c",
        "1 <2",
        "plain",
        "",
        None,
        "Tom & Jerry",
        "&lt;b&gt;",
        "x<\u2060b>",
    ],
)
def test_what_opens_no_tag_stays_as_it_is(typed):
    assert subject_as_typed(typed) == typed


@pytest.mark.parametrize(
    "typed", ["<script>", "</p>", "<!-- x -->", "<?php", "<b>" * 60, "x" * 139 + "<b>"]
)
def test_it_never_counts_as_empty_and_fits_its_field(typed):
    subject = subject_as_typed(typed)
    assert 0 < len(subject) <= LONGEST_SUBJECT
    assert strip_html(subject).strip()
    assert typed.startswith(subject.replace(UNSEEN, ""))
    assert BeautifulSoup(subject, "html.parser").find() is None
    assert subject_as_typed(subject) == subject


def test_a_site_without_plans_is_plain_helpdesk_s():
    frappe.db.delete("Beesender Support Plan")
    ticket = frappe.get_doc(
        {"doctype": "HD Ticket", "subject": TYPED, "raised_by": "a@else.example"}
    ).insert(ignore_mandatory=True)
    assert UNSEEN not in ticket.subject
