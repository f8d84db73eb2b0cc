"""What time brings by itself: promises at risk, ended grace periods, plans that end.

Safe to run twice: a seat is suspended once, and a notice is sent once for each plan, end
and number of days.
"""

import frappe
from frappe import _
from frappe.model.document import Document

from beesender_support.enforcement import admission_log, loaders
from beesender_support.enforcement.channel import speaking
from beesender_support.enforcement.site_time import now, to_site_time
from beesender_support.policy.notices import NOTICE_DAYS, end_notice_due
from beesender_support.policy.seats import seats_to_restore, seats_to_suspend
from beesender_support.policy.sentences import fill

PLAN = "Beesender Support Plan"


def hourly() -> None:
    # A job speaks English unless told otherwise; what it announces goes to clients.
    site_language = frappe.db.get_single_value("System Settings", "language")
    with speaking(site_language or "en"):
        for name in plans_to_balance():
            in_a_savepoint(balance_seats, name)
        for name in plans_that_end_soon():
            in_a_savepoint(announce_end, name)


def follow_the_clock() -> None:
    """Unanswered tickets whose promise has come to be at risk, or was broken, since they
    were saved. From when on they are was decided with the promise.

    Closing a ticket is no answer: one that is closed unanswered breaks its promise when
    the deadline comes. One that was merged lives on in another.
    """
    site_time = to_site_time(now())
    for before, is_time, after in (
        (
            ["Due"],
            {
                "beesender_at_risk_on": ("<=", site_time),
                "status_category": ("!=", "Resolved"),
            },
            {"beesender_response_state": "At risk"},
        ),
        (
            ["Due", "At risk"],
            {"response_by": ("<", site_time)},
            {"beesender_response_state": "Breached", "agreement_status": "Failed"},
        ),
    ):
        frappe.db.set_value(
            "HD Ticket",
            {
                "beesender_response_state": ("in", before),
                "is_merged": 0,
                **is_time,
            },
            after,
            update_modified=False,
        )


def in_a_savepoint(job, name: str) -> None:
    """A plan that fails is logged and keeps no other from its turn."""
    frappe.db.savepoint("beesender_plan")
    try:
        job(name)
    except Exception:
        frappe.db.rollback(save_point="beesender_plan")
        frappe.log_error(
            title=f"Beesender Support: {job.__name__}",
            reference_doctype=PLAN,
            reference_name=name,
        )


def plans_to_balance() -> list[str]:
    """Plans with more seats than included, or with suspended ones."""
    over_quota = frappe.get_all(PLAN, {"over_quota_since": ("is", "set")}, pluck="name")
    suspended = frappe.get_all(
        "Beesender Authorized Contact", {"is_suspended": 1}, pluck="parent"
    )
    return list(dict.fromkeys([*over_quota, *suspended]))


def balance_seats(name: str) -> None:
    """Suspend the newest seats beyond the limit after the grace period, or bring back."""
    doc = frappe.get_doc(PLAN, name, for_update=True)
    plan = loaders.plan_of(doc)
    today = plan.today(now())
    grace_days = loaders.settings().over_quota_grace_days
    since = frappe.utils.getdate(doc.over_quota_since) if doc.over_quota_since else None
    suspend = {
        each.contact for each in seats_to_suspend(plan, since, today, grace_days)
    }
    restore = {each.contact for each in seats_to_restore(plan, today)}
    if not suspend | restore:
        return
    for row in doc.authorized_contacts:
        row.is_suspended = row.contact in suspend or (
            row.is_suspended and row.contact not in restore
        )
    doc.save(ignore_permissions=True)
    for event, contacts in (("Seat suspended", suspend), ("Seat restored", restore)):
        for contact in sorted(contacts):
            admission_log.record(
                event, plan=name, customer=doc.customer, contact=contact
            )
    tell_about_seats(doc, suspend, restore)


def plans_that_end_soon() -> list[str]:
    """Active plans whose last day is at most the earliest notice away, give or take a
    day for their zones."""
    today = frappe.utils.getdate()
    return frappe.get_all(
        PLAN,
        {
            "status": "Active",
            "ends_on": (
                "between",
                [
                    frappe.utils.add_days(today, -1),
                    frappe.utils.add_days(today, max(NOTICE_DAYS) + 1),
                ],
            ),
        },
        pluck="name",
    )


def announce_end(name: str) -> None:
    doc = frappe.get_doc(PLAN, name)
    days = end_notice_due(loaders.plan_of(doc), now())
    source = f"{name}/{doc.ends_on}/{days}"
    if days is None or frappe.db.exists("Beesender Admission Log", {"source": source}):
        return
    admission_log.record(
        "Plan notice sent", plan=name, customer=doc.customer, source=source
    )
    last_day = frappe.format(doc.ends_on, "Date")
    send(
        doc,
        _("The support plan of {0} ends on {1}").format(doc.customer, last_day),
        _(
            "The {0} support plan of {1} ends on {2}. After that day requests wait for"
            " admission. Your account manager can renew the plan."
        ).format(doc.tier, doc.customer, last_day),
    )


def tell_about_seats(doc: Document, suspended: set[str], restored: set[str]) -> None:
    sentences = [
        fill(sentence, ", ".join(sorted(contacts)))
        for sentence, contacts in (
            (_("These authorized contacts are suspended: {0}."), suspended),
            (_("These authorized contacts are back: {0}."), restored),
        )
        if contacts
    ]
    sentences.append(
        _("The {0} plan includes {1}.").format(
            doc.tier,
            frappe.db.get_value("Beesender Tier", doc.tier, "authorized_contact_limit"),
        )
    )
    subject = _("Authorized contacts of {0} changed").format(doc.customer)
    send(doc, subject, " ".join(sentences))


def send(doc: Document, subject: str, text: str) -> None:
    """To everybody on the plan and its success manager, by the mail queue."""
    contacts = [row.contact for row in doc.authorized_contacts]
    addresses = frappe.get_all(
        "Contact",
        {"name": ("in", contacts), "email_id": ("is", "set")},
        pluck="email_id",
    )
    recipients = list(filter(None, [*addresses, doc.success_manager]))
    if recipients:
        frappe.sendmail(
            recipients=recipients,
            subject=subject,
            message=f"<p>{frappe.utils.escape_html(text)}</p>",
            reference_doctype=PLAN,
            reference_name=doc.name,
            email_headers={"X-Auto-Generated": "beesender-plan"},
        )
