"""A notice leaves once, to each reader in their language."""

from email import message_from_string, policy

import frappe
import pytest

from beesender_support.enforcement.outgoing.mailer import Notice, record_missed, send
from beesender_support.records.people import readers
from beesender_support.records.people.readers import Recipient
from beesender_support.tests.site.factories import (
    clock_at,
    make_agent,
    make_ticket,
)

KEY, LOG = "plan ends/test", "Beesender Notice Log"


def notice(*recipients, **values):
    fields = {
        key: values.pop(key)
        for key in ("key", "tier", "ticket", "kind", "details")
        if key in values
    }
    words = {
        "customer": "Acme <b>&</b> Co",
        "tier": "Basic",
        "plan_link": "https://example.com/support-plan",
        "ends_on": "31.12.2026",
        **values,
    }
    return Notice(
        **{"kind": "plan_ends", "key": KEY, **fields},
        recipients=recipients,
        values=lambda: words,
    )


def mails_to(address):
    queued = frappe.get_all(
        "Email Queue Recipient", {"recipient": address}, pluck="parent"
    )
    return [
        message_from_string(
            frappe.db.get_value("Email Queue", each, "message"), policy=policy.default
        )
        for each in queued
    ]


def outcomes(key=KEY):
    return frappe.get_all(LOG, {"key": key}, pluck="outcome")


def test_each_reader_gets_one_mail_in_their_language():
    said = send(
        notice(Recipient("ru", "ru@example.com"), Recipient("en", "en@example.com"))
    )
    assert said
    [russian], [english] = mails_to("ru@example.com"), mails_to("en@example.com")
    assert english["Subject"].startswith("The support plan of Acme <b>&</b> Co ends")
    assert russian["Subject"].startswith("План поддержки компании Acme")
    assert outcomes() == ["Sent"]


def test_a_mail_has_a_plain_text_and_says_that_a_machine_sent_it():
    send(notice(Recipient("en", "en@example.com")))
    [mail] = mails_to("en@example.com")
    plain = mail.get_body(("plain",)).get_content()
    assert "Acme <b>&</b> Co ends on 31.12.2026" in plain
    assert "Acme &lt;b&gt;&amp;&lt;/b&gt; Co" in mail.get_body(("html",)).get_content()
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] is None


def test_nothing_is_said_twice_about_one_event():
    assert send(notice(Recipient("en", "en@example.com")))
    assert not send(notice(Recipient("en", "en@example.com")))
    assert not send(notice(Recipient("en", "other@example.com")))
    assert len(mails_to("en@example.com")) == 1
    assert not mails_to("other@example.com")
    assert outcomes() == ["Sent"]


def test_an_event_that_was_missed_is_not_said_later():
    record_missed(notice(Recipient("en", "en@example.com")))
    record_missed(notice(Recipient("en", "en@example.com")))
    assert not send(notice(Recipient("en", "en@example.com")))
    assert outcomes() == ["Missed"]
    assert not mails_to("en@example.com")


def test_a_switched_off_kind_says_nothing_also_not_once_it_is_on_again():
    kind = frappe.get_doc("Beesender Notice", "plan_ends")
    kind.enabled = 0
    kind.save()
    assert not send(notice(Recipient("en", "en@example.com")))
    kind.enabled = 1
    kind.save()
    assert not send(notice(Recipient("en", "en@example.com")))
    assert outcomes() == ["Switched off"]


@pytest.mark.parametrize(("tier", "said"), [("Premium", True), ("Basic", False)])
def test_a_kind_may_be_limited_to_tiers(tier, said):
    kind = frappe.get_doc("Beesender Notice", "plan_ends")
    kind.append("only_for_tiers", {"tier": "Premium"})
    kind.save()
    assert send(notice(Recipient("en", "en@example.com"), tier=tier)) is said


def test_nobody_to_tell_is_logged():
    assert not send(notice())
    assert outcomes() == ["Nobody"]


@pytest.mark.parametrize(
    "address", ["", "nobody", "two@example.com, three@example.com"]
)
def test_an_address_that_is_none_costs_no_other_reader_their_mail(address):
    send(notice(Recipient("en", address), Recipient("en", "en@example.com")))
    assert len(mails_to("en@example.com")) == 1


def test_one_person_named_twice_gets_one_mail():
    send(notice(*[Recipient("en", "en@example.com")] * 2))
    assert len(mails_to("en@example.com")) == 1


def test_a_text_that_an_admin_edited_is_sent():
    template = frappe.get_doc("Email Template", "Beesender: plan_ends (en)")
    template.subject = "Renew, {{ customer }}"
    template.save()
    send(notice(Recipient("en", "en@example.com")))
    assert mails_to("en@example.com")[0]["Subject"] == "Renew, Acme <b>&</b> Co"


@pytest.mark.parametrize(
    "text",
    [
        "{{ unknown_variable }}",
        "{{ frappe.db.get_list('User') }}",
        "{% for each in customer.x %}{% endfor %}",
        "{{ ''.__class__.__mro__ }}",
    ],
)
def test_a_text_that_cannot_be_filled_is_replaced_by_the_shipped_one(text):
    template = frappe.get_doc("Email Template", "Beesender: plan_ends (en)")
    template.db_set("response_html", text)
    frappe.clear_document_cache("Email Template", template.name)
    send(notice(Recipient("en", "en@example.com")))
    assert "ends on 31.12.2026" in mails_to("en@example.com")[0].as_string()
    frappe.clear_document_cache("Email Template", template.name)


def test_a_deleted_text_is_replaced_by_the_shipped_one():
    kind = frappe.get_doc("Beesender Notice", "plan_ends")
    kind.texts = []
    kind.save()
    send(notice(Recipient("ru", "ru@example.com")))
    assert mails_to("ru@example.com")[0]["Subject"].startswith("План поддержки")


def test_a_region_of_a_language_reads_that_language():
    send(notice(Recipient("ru-RU", "ru@example.com")))
    assert mails_to("ru@example.com")[0]["Subject"].startswith("План поддержки")


def test_a_bell_rings_on_a_ticket(client):
    agent, ticket = make_agent(), make_ticket(client)
    [recipient] = readers.users([agent], by_mail=False)
    send(notice(recipient, ticket=ticket.name))
    [bell] = frappe.get_all(
        "HD Notification",
        {"user_to": agent, "reference_ticket": ticket.name},
        ["message", "read"],
    )
    assert bell.message.startswith("The support plan of Acme")
    assert not bell.read


def test_a_ticket_that_was_told_of_can_be_deleted(client):
    ticket = make_ticket(client)
    send(notice(Recipient("en", "en@example.com"), ticket=ticket.name))
    frappe.delete_doc("HD Ticket", ticket.name, force=True)
    # Frappe gives its number to the next ticket, to which this was not said.
    assert outcomes() == []
    of_plan = {"kind": "plan_ends", "subject": ("like", "%Acme%")}
    assert frappe.get_all(LOG, of_plan, pluck="outcome") == ["Sent"]


def test_the_log_is_not_edited():
    send(notice(Recipient("en", "en@example.com")))
    row = frappe.get_last_doc("Beesender Notice Log")
    row.details = "nothing happened"
    with pytest.raises(frappe.ValidationError, match="never changed"):
        row.save(ignore_permissions=True)


def test_two_texts_in_one_language_are_refused():
    kind = frappe.get_doc("Beesender Notice", "plan_ends")
    kind.append(
        "texts", {"language": "en", "email_template": "Beesender: plan_ends (en)"}
    )
    with pytest.raises(frappe.ValidationError, match="Keep one for each language"):
        kind.save()


# Who reads it, in which language


def test_a_contact_reads_what_their_user_has_chosen(client):
    user = frappe.db.get_value("Contact", client.contact, "user")
    frappe.db.set_value("User", user, "language", "ru")
    assert readers.contacts([client.contact]) == [Recipient("ru", client.email)]


def test_a_contact_without_a_choice_reads_the_language_of_the_plan(client):
    user = frappe.db.get_value("Contact", client.contact, "user")
    frappe.db.set_value("User", user, "language", None)
    client.plan.mail_language = "ru"
    client.plan.save()
    [recipient] = readers.contacts([client.contact], client.plan.name)
    assert recipient.language == "ru"
    [recipient] = readers.contacts([client.contact])
    assert recipient.language == "en"
    assert readers.address("stranger@example.com").language == "en"
    assert readers.address("s@example.com", plan=client.plan.name).language == "ru"


def test_disabled_users_are_not_told():
    agent = make_agent()
    assert [each.user for each in readers.users([agent])] == [agent]
    frappe.db.set_value("User", agent, "enabled", 0)
    assert readers.users([agent]) == []


def test_a_mail_about_a_plan_is_filed_with_nothing_that_a_reply_would_join(client):
    send(notice(Recipient("en", "en@example.com"))._replace(plan=client.plan.name))
    queued = frappe.get_all(
        "Email Queue Recipient", {"recipient": "en@example.com"}, pluck="parent"
    )
    filed = frappe.db.get_value("Email Queue", queued[0], "reference_doctype")
    assert not filed


def test_rows_of_a_ticket_keep_their_order_when_the_clock_is_set_back(client):
    ticket = make_ticket(client).name
    reader = Recipient("en", "en@example.com")
    with clock_at("2026-11-25T10:00:00+03:00"):
        send(notice(reader, key="first", ticket=ticket))
    with clock_at("2026-11-25T09:00:00+03:00"):
        send(notice(reader, key="second", ticket=ticket))
    about = {"ticket": ticket, "kind": "plan_ends"}
    assert frappe.get_all(LOG, about, pluck="key", order_by="creation") == [
        "first",
        "second",
    ]


# Who has unsubscribed


def unsubscribe(address, **about):
    fields = {"email": address, **(about or {"global_unsubscribe": 1})}
    frappe.get_doc({"doctype": "Email Unsubscribe", **fields}).insert(
        ignore_permissions=True
    )


def logged_about(key=KEY):
    return frappe.db.get_value(LOG, {"key": key}, ["outcome", "recipients", "details"])


def test_whoever_has_unsubscribed_was_not_told():
    unsubscribe("en@example.com")
    assert not send(notice(Recipient("en", "en@example.com")))
    assert not mails_to("en@example.com")
    outcome, recipients, details = logged_about()
    assert (outcome, recipients) == ("Nobody", "")
    assert details == "No mail, because they have unsubscribed: en@example.com."


def test_the_others_are_told_and_the_log_names_them_alone():
    unsubscribe("En@example.com")
    assert send(
        notice(Recipient("en", "en@example.com"), Recipient("ru", "ru@example.com"))
    )
    outcome, recipients, details = logged_about()
    assert (outcome, recipients) == ("Sent", "ru@example.com")
    assert "en@example.com" in details


def test_whoever_wants_no_mail_about_one_ticket_hears_of_others(client):
    ticket, other = make_ticket(client), make_ticket(client)
    unsubscribe(
        "en@example.com", reference_doctype="HD Ticket", reference_name=ticket.name
    )
    assert not send(notice(Recipient("en", "en@example.com"), ticket=ticket.name))
    assert send(
        notice(Recipient("en", "en@example.com"), ticket=other.name, key="other")
    )


def test_the_bell_of_somebody_who_wants_no_mail_rings(client):
    agent = make_agent()
    unsubscribe(agent)
    ticket = make_ticket(client)
    assert send(notice(Recipient("en", agent, user=agent), ticket=ticket.name))
    assert not mails_to(agent)
    assert logged_about()[0] == "Sent"
