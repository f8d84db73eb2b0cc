"""What the buttons of the first steps do: tests of mail, the first records, a test
request, sample data. For System Managers and Agent Managers, each by POST."""

from typing import TypedDict

import frappe
from frappe import _
from frappe.utils import getdate

from beesender_support.enforcement.readiness import (
    first_plan,
    mail_tests,
    people,
    sample_data,
    taking_away,
    trial,
)
from beesender_support.enforcement.readiness.first_plan import Sold
from beesender_support.enforcement.readiness.mail_tests import Tried
from beesender_support.enforcement.readiness.people import Key
from beesender_support.enforcement.readiness.sample_records import (
    MAY_TRY,
    SAMPLE_DATA,
)
from beesender_support.enforcement.readiness.taking_away import Taken
from beesender_support.enforcement.readiness.trial import Trial
from beesender_support.enforcement.renewals import invitations
from beesender_support.policy.readiness.first_plan import FirstPlan
from beesender_support.records.site_time import today
from beesender_support.records.sold import catalogue, reviewed_tiers
from beesender_support.screens.calendars import public_holidays
from beesender_support.screens.workspace import first_plan_form, first_steps
from beesender_support.screens.workspace.first_plan_form import Choices
from beesender_support.wording.renderer import refusals_in_words

PLAN = "Beesender Support Plan"


class Done(TypedDict):
    """What became of a click, in a sentence."""

    is_good: bool
    sentence: str


@frappe.whitelist(methods=["POST"])
def send_test() -> Tried:
    """A mail to the session's own address, at most five a minute."""
    frappe.only_for(MAY_TRY)
    return mail_tests.send_test()


@frappe.whitelist(methods=["POST"])
def check_mailbox(record: str) -> Tried:
    """Whether an account that makes tickets can be read; likewise."""
    frappe.only_for(MAY_TRY)
    return mail_tests.check_mailbox(record)


@frappe.whitelist(methods=["POST"])
def become_agent() -> Done:
    frappe.only_for(MAY_TRY)
    return _done(people.become_agent())


@frappe.whitelist(methods=["POST"])
def join_team(record: str) -> Done:
    frappe.only_for(MAY_TRY)
    return _done(people.join_team(record))


@frappe.whitelist(methods=["POST"])
def review_tier(record: str) -> Done:
    """Note that somebody has looked through a tier as it is now."""
    frappe.only_for(MAY_TRY)
    frappe.get_doc("Beesender Tier", record).check_permission("read")
    reviewed_tiers.note_reviewed(record)
    return _done(_("Noted. If it changes, the first steps say so."))


@frappe.whitelist(methods=["POST"])
def make_calendar() -> Done:
    """A calendar of the public holidays of the site's country, this year and next."""
    frappe.has_permission(first_plan.CALENDAR, "create", throw=True)
    country = first_steps.country_of_site()
    if country is None:
        frappe.throw(_("The public holidays of this site's country are not known."))
    years = (today().year, today().year + 1)
    days = public_holidays.public_holidays(country.code, years)
    name = first_plan.make_calendar(country.name, country.code, years, days)
    return _done(
        _("{0} lists {1} and {2}. Look through its days.").format(name, *years)
    )


@frappe.whitelist(methods=["GET"])
def choices() -> Choices:
    """What the first plan may be."""
    frappe.has_permission(PLAN, "create", throw=True)
    return first_plan_form.choices()


@frappe.whitelist(methods=["POST"])
def sell_first(
    customer: str,
    contact: str,
    address: str,
    tier: str,
    time_zone: str,
    starts_on: str,
    calendar: str | None = None,
) -> Sold:
    """Customer, contact and plan; whatever is refused, nothing is made."""
    frappe.has_permission(PLAN, "create", throw=True)
    with refusals_in_words(frappe.new_doc(PLAN)):
        first = FirstPlan(
            customer,
            contact,
            address,
            catalogue.tier_named(tier),
            time_zone,
            getdate(starts_on or None),
        )
    return first_plan.sell(first, calendar or None)


@frappe.whitelist(methods=["POST"])
def invite(record: str) -> Done:
    """Everybody with a seat on a plan and no access to the portal."""
    frappe.only_for(MAY_TRY)
    frappe.get_doc(PLAN, record).check_permission("write")
    return _done(first_plan_form.invited_in_words(invitations.invite_all(record)))


@frappe.whitelist(methods=["POST"])
def try_request() -> Trial:
    """A request of a contact of the first plan, of which nobody is told."""
    frappe.only_for(MAY_TRY)
    return trial.try_out()


@frappe.whitelist(methods=["POST"])
def remove_test_request(record: str | None = None) -> Done:
    frappe.only_for(MAY_TRY)
    return _done(trial.remove())


@frappe.whitelist(methods=["POST"])
def make_program() -> Key:
    """The user of a chatbot or site widget; its secret is in no other answer."""
    frappe.only_for("System Manager")
    return people.make_program()


@frappe.whitelist(methods=["POST"])
def put_in_samples() -> Done:
    frappe.only_for(MAY_TRY)
    counts = sample_data.put_in()
    return _done(first_plan_form.counted(counts))


@frappe.whitelist(methods=["GET"])
def samples() -> taking_away.Found:
    """What taking them away would remove."""
    frappe.only_for(MAY_TRY)
    return taking_away.found(SAMPLE_DATA)


@frappe.whitelist(methods=["POST"])
def take_away_samples() -> Taken:
    frappe.only_for(MAY_TRY)
    return taking_away.take_away(SAMPLE_DATA)


def _done(sentence: str) -> Done:
    return {"is_good": True, "sentence": sentence}
