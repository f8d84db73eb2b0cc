"""Mail to the people of a plan, each in their own language."""

from collections.abc import Callable

import frappe

from beesender_support.enforcement.plans.plan_lots import PLAN
from beesender_support.policy.plans.plans import Plan
from beesender_support.records.site_time import now
from beesender_support.wording.language import chosen_or_of_site, speaking


def notify(plan: Plan, in_words: Callable[[], tuple[str, str]]) -> None:
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
    readers = {
        each.email_id: known[each.user].language if each.user in known else None
        for each in contacts
    }
    if manager := known.get(plan.success_manager):
        readers[manager.email or manager.name] = manager.language
    return {address: chosen_or_of_site(chosen) for address, chosen in readers.items()}
