"""What time brings by itself: promises at risk, ended grace periods, plans that end.

Safe to run twice: a seat is suspended once, and a notice is sent once for each plan, end
and number of days.
"""

from collections.abc import Callable, Iterable, Iterator

import frappe
from frappe import _
from frappe.utils import get_system_timezone

from beesender_support.enforcement import seats
from beesender_support.enforcement.response import ticket_fields
from beesender_support.policy.errors import PolicyError
from beesender_support.policy.plans.end_notices import (
    NOTICE_DAYS,
    end_notice_due,
    is_continued,
)
from beesender_support.policy.plans.plans import ACTIVE, Plan
from beesender_support.policy.plans.seats import seats_to_restore, seats_to_suspend
from beesender_support.policy.plans.tiers import Tier
from beesender_support.policy.sentences import fill
from beesender_support.records import (
    admission_log,
    catalogue,
    policy_values,
    promise,
    settings,
)
from beesender_support.records.site_time import now, to_column
from beesender_support.wording.language import speaking

PLAN, TICKET, LOG = "Beesender Support Plan", "HD Ticket", "Beesender Admission Log"
SETTINGS = "Beesender Support Settings"
# Tickets written at a time.
LOT = 500
# Plans that change are committed in lots, so that nobody waits for all of them.
PLANS_A_LOT = 20
# What of a plan the jobs look at before they touch one.
PLAN_FIELDS = [
    "name",
    "customer",
    "tier",
    "time_zone",
    "starts_on",
    "ends_on",
    "status",
    "over_quota_since",
    "success_manager",
]


def hourly() -> None:
    """Looks at all plans in a handful of queries, and touches those that need it."""
    in_lots(plans_to_balance(), lambda plan: balance_seats(plan.name))
    in_lots(plans_to_announce(), announce_end)


def in_lots(plans: Iterable[Plan], job: Callable[[Plan], None]) -> None:
    for number, plan in enumerate(plans, start=1):
        in_a_savepoint(job, plan)
        if number % PLANS_A_LOT == 0:
            frappe.db.commit()
    frappe.db.commit()


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
                ticket_fields.store_display(row)
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


def in_a_savepoint(job: Callable[[Plan], None], plan: Plan) -> None:
    """A plan that fails is logged and keeps no other from its turn."""
    frappe.db.savepoint("beesender_plan")
    try:
        job(plan)
    except Exception:
        frappe.db.rollback(save_point="beesender_plan")
        frappe.log_error(
            title=f"Beesender Support: hourly job of plan {plan.name}"[:140],
            reference_doctype=PLAN,
            reference_name=plan.name,
        )


def plans_that(filters: dict, **options: object) -> list[tuple[dict, Plan]]:
    """Plans with their seats, in one query for each table; those that cannot be read are
    left out."""
    rows = frappe.get_all(PLAN, filters, PLAN_FIELDS, order_by="name", **options)
    return seats.light_plans(rows, tiers_of(rows))


def tiers_of(rows: list[dict]) -> dict[str, Tier]:
    tiers = {}
    for name in {row.tier for row in rows}:
        try:
            tiers[name] = catalogue.tier_named(name)
        except PolicyError:
            # Its form says what is off with it.
            continue
    return tiers


# Seats beyond the limit


def plans_to_balance() -> list[Plan]:
    """Plans of which seats are to be suspended or to come back."""
    suspended = frappe.get_all(
        seats.SEAT, {"is_suspended": 1, "parenttype": PLAN}, pluck="parent"
    )
    over_quota = frappe.get_all(PLAN, {"over_quota_since": ("is", "set")}, pluck="name")
    names = {*suspended, *over_quota}
    if not names:
        return []
    return [
        plan
        for row, plan in plans_that({"name": ("in", names)})
        if any(seats_to_change(plan, row.over_quota_since))
    ]


def seats_to_change(plan: Plan, since: object) -> tuple[set[str], set[str]]:
    """Contacts to suspend, and contacts to bring back."""
    today = plan.today(now())
    grace_days = settings.current().over_quota_grace_days
    since = frappe.utils.getdate(since) if since else None
    suspend = {
        each.contact for each in seats_to_suspend(plan, since, today, grace_days)
    }
    restore = {each.contact for each in seats_to_restore(plan, today)}
    return suspend, restore


def balance_seats(name: str) -> None:
    """Suspend the newest seats beyond the limit after the grace period, or bring back."""
    doc = seats.locked_plan(name)
    suspend, restore = seats_to_change(policy_values.plan_of(doc), doc.over_quota_since)
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
    plan = policy_values.plan_of(doc)
    tell(plan, lambda: seats_in_words(plan, suspend, restore))


def seats_in_words(
    plan: Plan, suspended: set[str], restored: set[str]
) -> tuple[str, str]:
    sentences = [
        fill(sentence, ", ".join(sorted(contacts)))
        for sentence, contacts in (
            (_("These authorized contacts are suspended: {0}."), suspended),
            (_("These authorized contacts are back: {0}."), restored),
        )
        if contacts
    ]
    sentences.append(
        fill(
            _("The {0} plan includes {1}."),
            plan.tier.name,
            plan.tier.authorized_contact_limit,
        )
    )
    subject = _("Authorized contacts of {0} changed").format(plan.customer)
    return subject, " ".join(sentences)


# The end of a plan


def plans_to_announce() -> list[Plan]:
    """Plans whose end is to be announced now, and was not: the next plan is not sold."""
    today = frappe.utils.getdate()
    # Give or take a day for their zones.
    soon = [
        frappe.utils.add_days(today, -1),
        frappe.utils.add_days(today, max(NOTICE_DAYS) + 1),
    ]
    ending = [
        plan
        for _row, plan in plans_that({"status": ACTIVE, "ends_on": ("between", soon)})
        if end_notice_due(plan, now()) is not None
    ]
    if not ending:
        return []
    others = [
        plan
        for _row, plan in plans_that(
            {"status": ACTIVE, "customer": ("in", {plan.customer for plan in ending})}
        )
    ]
    due = {
        source_of_notice(plan): plan
        for plan in ending
        if not is_continued(plan, others)
    }
    sent = frappe.get_all(LOG, {"source": ("in", list(due))}, pluck="source")
    return [plan for source, plan in due.items() if source not in sent]


def source_of_notice(plan: Plan) -> str:
    return f"{plan.name}/{plan.ends_on}/{end_notice_due(plan, now())}"


def announce_end(plan: Plan) -> None:
    admission_log.record(
        "Plan notice sent",
        plan=plan.name,
        customer=plan.customer,
        source=source_of_notice(plan),
    )
    tell(plan, lambda: end_in_words(plan))


def end_in_words(plan: Plan) -> tuple[str, str]:
    last_day = frappe.format(plan.ends_on, "Date")
    return (
        _("The support plan of {0} ends on {1}").format(plan.customer, last_day),
        fill(
            _(
                "The {0} support plan of {1} ends on {2}. After that day requests wait"
                " for admission. Your account manager can renew the plan."
            ),
            plan.tier.name,
            plan.customer,
            last_day,
        ),
    )


# Mail to the people of a plan


def tell(plan: Plan, in_words: Callable[[], tuple[str, str]]) -> None:
    """To everybody with a seat that has not ended, and the success manager, each in
    their own language; ``in_words`` gives the subject and the text."""
    by_language: dict[str, list[str]] = {}
    for address, language in readers_of(plan).items():
        by_language.setdefault(language, []).append(address)
    for language, addresses in by_language.items():
        with speaking(language):
            subject, text = in_words()
        frappe.sendmail(
            recipients=addresses,
            subject=subject,
            message=f"<p>{frappe.utils.escape_html(text)}</p>",
            reference_doctype=PLAN,
            reference_name=plan.name,
            email_headers={"X-Auto-Generated": "beesender-plan"},
        )


def readers_of(plan: Plan) -> dict[str, str]:
    """Language by address; where a reader has chosen none, it is the site's."""
    today = plan.today(now())
    seated = [seat.contact for seat in plan.seats if not seat.has_ended(today)]
    contacts = frappe.get_all(
        "Contact",
        {"name": ("in", seated), "email_id": ("is", "set")},
        ["email_id", "user"],
    )
    users = {*(each.user for each in contacts if each.user), plan.success_manager}
    known = {
        user.name: user
        for user in frappe.get_all(
            "User",
            {"name": ("in", list(filter(None, users))), "enabled": 1},
            ["name", "email", "language"],
        )
    }
    site_language = (
        frappe.db.get_single_value("System Settings", "language", cache=True) or "en"
    )
    readers = {
        each.email_id: known[each.user].language if each.user in known else None
        for each in contacts
    }
    if manager := known.get(plan.success_manager):
        readers[manager.email or manager.name] = manager.language
    return {address: language or site_language for address, language in readers.items()}
