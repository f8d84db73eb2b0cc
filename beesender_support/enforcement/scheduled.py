"""What time brings by itself: promises at risk, ended grace periods, plans that end.

Safe to run twice: a seat is suspended once, and a notice is sent once for each plan, end
and number of days.
"""

from collections.abc import Iterator

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_system_timezone

from beesender_support.enforcement import admission_log, loaders, promise
from beesender_support.enforcement.channel import speaking
from beesender_support.enforcement.site_time import now, to_column
from beesender_support.policy.notices import NOTICE_DAYS, end_notice_due
from beesender_support.policy.seats import seats_to_restore, seats_to_suspend
from beesender_support.policy.sentences import fill

PLAN, TICKET = "Beesender Support Plan", "HD Ticket"
SETTINGS = "Beesender Support Settings"
# Tickets written at a time.
LOT = 500


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
    the deadline comes. One that was merged lives on in another. Helpdesk's own job
    compares site times, of which one hour comes twice a year: what it fails too early
    is mended.
    """
    display_in_zone_of_site()
    instant = to_column(now())
    in_time = {"beesender_response_state": ("in", ["Due", "At risk"]), "is_merged": 0}
    for filters, values in (
        (
            {
                "beesender_response_state": "Due",
                "is_merged": 0,
                "beesender_at_risk_at": ("<=", instant),
                "status_category": ("!=", "Resolved"),
            },
            {"beesender_response_state": "At risk"},
        ),
        (
            {**in_time, "beesender_due_at": ("<", instant)},
            {"beesender_response_state": "Breached", "agreement_status": "Failed"},
        ),
        (
            {
                **in_time,
                "beesender_due_at": (">=", instant),
                "agreement_status": "Failed",
            },
            {"agreement_status": "First Response Due"},
        ),
    ):
        update_in_lots(filters, values)


def update_in_lots(filters: dict, values: dict) -> None:
    """Few rows at a time, by their names: nobody who saves a ticket waits for long."""
    for names in lots_of(filters):
        # What was answered since it was read is left alone.
        frappe.db.set_value(
            TICKET, {**filters, "name": ("in", names)}, values, update_modified=False
        )
        frappe.db.commit()


def display_in_zone_of_site() -> None:
    """Helpdesk's fields hold site time. After the site moved to another zone they are
    written anew, so that they say the same instants as before."""
    zone = get_system_timezone()
    written_in = frappe.db.get_single_value(SETTINGS, "display_time_zone")
    if written_in == zone:
        return
    if written_in:
        for names in lots_of({"beesender_terms": ("is", "set")}):
            for row in frappe.get_all(TICKET, {"name": ("in", names)}, promise.FACTS):
                promise.store_display(row)
            frappe.db.commit()
    frappe.db.set_single_value(SETTINGS, "display_time_zone", zone)


def lots_of(filters: dict) -> Iterator[list]:
    """The names of tickets, by key, some at a time."""
    last = ""
    while names := frappe.get_all(
        TICKET,
        {**filters, "name": (">", last)} if last else filters,
        pluck="name",
        order_by="name",
        limit=LOT,
    ):
        yield names
        last = names[-1]


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
