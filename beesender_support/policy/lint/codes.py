"""What may be found wrong: a fixed code for each, how bad it is, what is said of it, and
what is to be done.

``docs/lint.md`` says why each of them matters.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from beesender_support.policy.plans import gaps
from beesender_support.policy.sentences import marked as _

# A promise is not kept or a request not taken; it will come to that; or worth knowing.
ERROR, WARNING, NOTE = "Error", "Warning", "Note"
SEVERITIES = (ERROR, WARNING, NOTE)
# What a finding is about.
TIER, CATEGORY, PRIORITY, PLAN, CALENDAR = (
    "tier",
    "category",
    "priority",
    "plan",
    "calendar",
)
CONTACT, TICKET, MAILBOX, SETTINGS, ZONE = (
    "contact",
    "ticket",
    "mailbox",
    "settings",
    "zone",
)
# What is shown by the code of a place, such as ``settings``, has no record of its own.
PLACES = (
    TIER,
    CATEGORY,
    PRIORITY,
    PLAN,
    CALENDAR,
    CONTACT,
    TICKET,
    MAILBOX,
    SETTINGS,
    ZONE,
)


@dataclass(frozen=True, slots=True)
class Code:
    """A kind of finding. ``sentence`` and ``what_to_do`` are templates of the same
    values, of which ``passing`` are those that change while the matter is the same."""

    code: str
    severity: str
    place: str
    sentence: str
    what_to_do: str
    passing: tuple[str, ...] = ()

    def lasting(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Those of its sentence by which it is the same matter."""
        return {name: each for name, each in values.items() if name not in self.passing}


TIER_WITHOUT_TARGET = Code(
    "tier_without_target",
    ERROR,
    TIER,
    _("{tier} has no response target for {priorities}."),
    _("Open the tier and add a response target for each of them."),
)
TIER_WITHOUT_REQUEST_CHANNEL = Code(
    "tier_without_request_channel",
    ERROR,
    TIER,
    _("{tier} has no channel for requests."),
    _("Open the tier and choose the channels by which its customers may ask."),
)
TIER_WITHOUT_ANSWER_CHANNEL = Code(
    "tier_without_answer_channel",
    ERROR,
    TIER,
    _("{tier} has no channel for answers."),
    _("Open the tier and choose the channels by which support answers."),
)
TIER_WITHOUT_SEATS = Code(
    "tier_without_seats",
    ERROR,
    TIER,
    _("{tier} seats no contact."),
    _("Open the tier and say how many authorized contacts it includes."),
)
HOLE_BEFORE_MIDNIGHT = Code(
    "hole_before_midnight",
    WARNING,
    TIER,
    _(
        "{tier} is closed for {length} before midnight: {evening} is followed by {morning}."
    ),
    _("Open the tier and end the first of them at 24:00."),
)
TIER_NO_LONGER_USED = Code(
    "tier_no_longer_used",
    NOTE,
    TIER,
    _("{tier} is no longer sold, and no plan that is sold has it."),
    _("Delete the tier, or leave it for plans of the past."),
)
PRIORITY_WITHOUT_TICKET_PRIORITY = Code(
    "priority_without_ticket_priority",
    ERROR,
    PRIORITY,
    _("{priority} has no Helpdesk priority. Choose one in Beesender Priority."),
    _("Open the priority and choose the one that Helpdesk shows for it."),
)
CATEGORY_WITHOUT_PRIORITY = Code(
    "category_without_priority",
    ERROR,
    CATEGORY,
    _("{category} allows no priority."),
    _("Open the category and list the priorities it allows, one of them the default."),
)
CATEGORY_WITHOUT_DEFAULT = Code(
    "category_without_default",
    ERROR,
    CATEGORY,
    _("{category} has {count} default priorities."),
    _("Open the category and mark one priority as the default."),
)
PLAN_UNREADABLE = Code(
    "plan_unreadable",
    ERROR,
    PLAN,
    _("{plan} of {customer} cannot be read: {why}"),
    _("Open the plan and correct what is said."),
)
PLAN_WITHOUT_SEATS = Code(
    "plan_without_seats",
    ERROR,
    PLAN,
    _("{plan} of {customer} has no authorized contact today."),
    _("Name the contacts who may ask under the plan."),
)
PLAN_BEGINS_WITHOUT_SEATS = Code(
    "plan_begins_without_seats",
    WARNING,
    PLAN,
    _("{plan} of {customer} begins on {day} without an authorized contact."),
    _("Name the contacts who may ask under the plan."),
)
PLAN_HOLE_BEFORE_MIDNIGHT = Code(
    "plan_hole_before_midnight",
    WARNING,
    PLAN,
    _(
        "{plan} of {customer} is closed for {length} before midnight: {evening} is"
        " followed by {morning}."
    ),
    _("End the first of these windows of the plan at 24:00."),
)
PLAN_WITHOUT_REQUEST_CHANNEL = Code(
    "plan_without_request_channel",
    ERROR,
    PLAN,
    _("{plan} of {customer} has no channel for requests."),
    _("Choose the channels by which the customer may ask."),
)
PLAN_OVER_QUOTA = Code(
    "plan_over_quota",
    WARNING,
    PLAN,
    _("{plan} of {customer} seats {seats} contacts, {tier} includes {limit}."),
    _("End seats, or sell a tier that includes more."),
)
SEATED_TWICE = Code(
    "seated_twice",
    WARNING,
    PLAN,
    _("{plan} of {customer}: more than one seat at a time: {contacts}."),
    _("Keep one seat of each contact, and end the others."),
)
PLANS_OVERLAP = Code(
    "plans_overlap",
    ERROR,
    PLAN,
    _(
        "{plan} and {other} of {customer} are in force on the same days. End one of them."
    ),
    _("End the plan that does not apply, or let the other begin after it."),
)
PLANS_OVERLAP_BY_ZONE = Code(
    "plans_overlap_by_zone",
    NOTE,
    PLAN,
    gaps.OVERLAP,
    _("Nothing, if that is meant. Otherwise give both plans one time zone."),
)
PLANS_WITH_GAP = Code(
    "plans_with_gap",
    WARNING,
    PLAN,
    gaps.GAP,
    _("Let the first plan end, or the next one begin, without a gap."),
)
PLAN_CALENDAR_ENDS = Code(
    "plan_calendar_ends",
    WARNING,
    PLAN,
    _("{plan} of {customer} lists no dates for {year}."),
    _("List the holidays of that year on the plan, or give it a holiday calendar."),
)
CALENDAR_ENDS = Code(
    "calendar_ends",
    WARNING,
    CALENDAR,
    _("{name} lists no dates for {year}."),
    _("Open the calendar, press Add next year, look through the dates and save."),
)
CONTACT_OF_TWO_CUSTOMERS = Code(
    "contact_of_two_customers",
    ERROR,
    CONTACT,
    _(
        "{contact} has seats with {customers} at once: nobody can tell on whose behalf a"
        " mail asks, and it is held."
    ),
    _("End the seat on the plan of the customer for whom the contact no longer asks."),
)
CONTACT_NOT_A_MEMBER = Code(
    "contact_not_a_member",
    WARNING,
    PLAN,
    _(
        "{plan} of {customer}: not among the customer's contacts: {contacts}. Save the"
        " plan to add them."
    ),
    _("Save the plan: it adds them to the customer's contacts."),
)
CONTACT_WITHOUT_PORTAL_USER = Code(
    "contact_without_portal_user",
    NOTE,
    PLAN,
    _("{plan} of {customer}: without access to the portal: {contacts}."),
    _("Invite them to the portal."),
)
ADDRESS_TWICE = Code(
    "address_twice",
    ERROR,
    CONTACT,
    _("{contact} has a seat, and the address {address} is also that of {others}."),
    _("Merge the contacts, or take the address off those who do not have it."),
)
TERMS_UNREADABLE = Code(
    "terms_unreadable",
    ERROR,
    TICKET,
    _("Ticket {ticket} and others like it: {why}"),
    _(
        "Update the app and its tz database, or look who edited the terms. The stored"
        " deadlines stay until then."
    ),
    # One of many, until it is closed.
    passing=(TICKET,),
)
DEADLINE_DIFFERS = Code(
    "deadline_differs",
    ERROR,
    TICKET,
    _(
        "Ticket {ticket} is stored as due at {stored} UTC, but by its terms it is due at"
        " {counted} UTC."
    ),
    _("Count the ticket again, and look who wrote its deadline."),
)
ZONE_RULES_CHANGED = Code(
    "zone_rules_changed",
    WARNING,
    ZONE,
    _(
        "The offsets of {zone} are other ones since the tz database {version}. Open"
        " deadlines that would move: {count}."
    ),
    _(
        "Count the tickets of the zone again, and tell the customers whose deadline moves."
    ),
    passing=("count",),
)
AGREEMENT_MISSING = Code(
    "agreement_missing",
    ERROR,
    TIER,
    _("Helpdesk has no agreement {agreement}, which tickets of {tier} need."),
    _("Make the agreement anew."),
)
AGREEMENT_CHANGED = Code(
    "agreement_changed",
    WARNING,
    TIER,
    _("The agreement {agreement} says something else than {tier}."),
    _("Make the agreement anew."),
)
MAILBOX_POP3 = Code(
    "mailbox_pop3",
    ERROR,
    MAILBOX,
    _(
        "{account} fetches mail by POP3, which deletes it from the server before it is a"
        " ticket."
    ),
    _("Open the account, check Use IMAP, and let it append to HD Ticket by a folder."),
)
MAILBOX_UNSEEN = Code(
    "mailbox_unseen",
    WARNING,
    MAILBOX,
    _(
        "{account} fetches unread mail: what a killed worker had fetched counts as read,"
        " and is not fetched again."
    ),
    _("Open the account and choose ALL as the option for fetching mail."),
)
AUTHENTICATION_SERVERS_UNSET = Code(
    "authentication_servers_unset",
    WARNING,
    SETTINGS,
    _("Mail is believed by its From line: no authentication server is trusted."),
    _("Name the servers that check SPF, DKIM and DMARC of your mail in the settings."),
)
NO_OUTGOING_MAIL = Code(
    "no_outgoing_mail",
    ERROR,
    SETTINGS,
    _("No e-mail account sends mail: clients get neither answers nor notices."),
    _("Enable outgoing mail on an e-mail account and make it the default."),
)

CODES: Mapping[str, Code] = {
    each.code: each for each in tuple(globals().values()) if isinstance(each, Code)
}
