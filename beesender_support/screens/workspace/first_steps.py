"""The first steps on a new site: facts gathered, evaluated by the policy, put in words.

Records to correct are linked for those who may open them.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, TypedDict

import frappe
from frappe import _, _lt

from beesender_support.enforcement.calendars import next_years
from beesender_support.enforcement.chat.caller import CHANNEL_ROLE
from beesender_support.enforcement.lint.keeping import DOCTYPE_OF_PLACE
from beesender_support.enforcement.readiness import agent_form, sample_records, trial
from beesender_support.enforcement.readiness.sample_records import (
    SAMPLE_DATA,
    TEST_REQUEST,
)
from beesender_support.policy.readiness import steps as readiness
from beesender_support.policy.readiness.steps import (
    ChatKey,
    Mailbox,
    Offer,
    Step,
)
from beesender_support.policy.sold.channels import AGENT, OF_HELPDESK
from beesender_support.records import settings
from beesender_support.records.lint import surroundings
from beesender_support.records.people import staff
from beesender_support.records.site_time import now
from beesender_support.records.sold import calendars, catalogue, reviewed_tiers
from beesender_support.records.tickets import promise
from beesender_support.screens.calendars import public_holidays
from beesender_support.screens.workspace import plans_in_question
from beesender_support.wording.renderer import in_words

TICKET, WIDGET = "HD Ticket", "Beesender Widget"
# A list of all that is missing would hide the other steps; the rest is behind the link.
MOST_SHOWN = 5


class StepWords(NamedTuple):
    """What a step is called and asks to do, the records it is about, and what the link to
    all of them says; ``also`` are such of another DocType."""

    title: str
    what_to_do: str
    doctype: str
    list_label: str
    also: tuple[str, str] | None = None


WORDS = {
    readiness.TIERS: StepWords(
        _lt("Look through the tiers"),
        _lt(
            "Open each tier and check its hours, response targets, channels and what it"
            " includes. The form says which values are assumptions."
        ),
        "Beesender Tier",
        _lt("Open the tiers"),
    ),
    readiness.PLANS: StepWords(
        _lt("Sell a plan"),
        _lt(
            "Make a support plan for a customer, with tier, time zone and dates, and set"
            " it to Active."
        ),
        "Beesender Support Plan",
        _lt("Open the plans"),
    ),
    readiness.CONTACTS: StepWords(
        _lt("Name the authorized contacts"),
        _lt(
            "On each plan in force, name the contacts who may ask, and invite those who"
            " have no access to the portal."
        ),
        "Beesender Support Plan",
        _lt("Open the plans"),
    ),
    readiness.AGENTS: StepWords(
        _lt("Name the agents"),
        _lt(
            "Add everybody who answers clients as an agent of Helpdesk, and to the team"
            " that gets their requests."
        ),
        "HD Agent",
        _lt("Open the agents"),
    ),
    readiness.MAILBOX: StepWords(
        _lt("Connect the mailbox"),
        _lt(
            "Make an e-mail account for the support address, enabled for incoming mail and"
            " appending to HD Ticket. Choose IMAP: mail stays on the server."
        ),
        "Email Account",
        _lt("Open the e-mail accounts"),
    ),
    readiness.OUTGOING: StepWords(
        _lt("Let the site send mail"),
        _lt(
            "Enable outgoing mail on an e-mail account and make it the default: answers,"
            " notices and invitations leave by it."
        ),
        "Email Account",
        _lt("Open the e-mail accounts"),
    ),
    readiness.CATEGORIES: StepWords(
        _lt("Look through the categories"),
        _lt(
            "Each request is of a category. It says which priorities there are, and whether"
            " an answer in time is promised."
        ),
        "Beesender Category",
        _lt("Open the categories"),
    ),
    readiness.CALENDAR: StepWords(
        _lt("List public holidays"),
        _lt("On holidays of its calendar a plan counts no support hours."),
        "Beesender Holiday Calendar",
        _lt("Open the holiday calendars"),
    ),
    readiness.TEST_REQUEST: StepWords(
        _lt("Try a request"),
        _lt(
            "A click makes a request of a contact on your plan and shows what the client"
            " would be told. Nobody is notified, and another click removes it whole."
        ),
        "HD Ticket",
        _lt("Open the tickets"),
    ),
    readiness.CHATBOT: StepWords(
        _lt("Connect the site widget or a chatbot"),
        _lt(
            "Make a widget and put its snippet on your pages. For a chatbot make a user with"
            " the role Beesender Channel only, generate its API key, and give the key to"
            " the chatbot."
        ),
        "User",
        _lt("Open the users"),
        also=(WIDGET, _lt("Open the widgets")),
    ),
    readiness.ESCALATION: StepWords(
        _lt("Say who is told when a promise is at risk"),
        _lt(
            "Name those on duty in Beesender Support Settings, look through the escalation"
            " rules, and switch on those you want."
        ),
        "Beesender Escalation Rule",
        _lt("Open the escalation rules"),
    ),
    readiness.NEXT_YEAR: StepWords(
        _lt("List the holidays of the next year"),
        _lt(
            "Open each holiday calendar, press Add next year, look through the dates and"
            " save. On the list of plans, those that list their dates themselves can take"
            " a calendar."
        ),
        "Beesender Holiday Calendar",
        _lt("Open the holiday calendars"),
    ),
    readiness.AGENT_FORM: StepWords(
        _lt("Show agents the plan beside a ticket"),
        _lt(
            "Somebody took fields of this app out of Helpdesk's default template, so"
            " agents do not see them beside a ticket."
        ),
        "HD Ticket Template",
        _lt("Open the templates"),
    ),
    readiness.UNUSED_TIERS: StepWords(
        _lt("Look at tiers without use"),
        _lt(
            "They are in every choice and among what a higher tier adds. Leave them if"
            " they are to be sold, or stop selling them: nothing is deleted."
        ),
        "Beesender Tier",
        _lt("Open the tiers"),
    ),
    readiness.TERMS: StepWords(
        _lt("Look at promises that cannot be recounted"),
        _lt(
            "The app or its tz database is older than the terms on these"
            " tickets, or somebody edited them. The stored deadlines stay until"
            " the terms can be read again."
        ),
        "HD Ticket",
        _lt("Open the tickets"),
    ),
}


# What Desk goes to: the kind of page, and what it shows.
Route = list[str]


API = "beesender_support.api"


class ActionWords(NamedTuple):
    """``needs`` is the DocType whose records the reader has to be allowed to write, or
    to make. ``asks`` names the dialog that asks before it is done."""

    label: str
    method: str
    needs: str | None = None
    asks: str | None = None


ACTIONS = {
    readiness.SHOW_FIELDS: ActionWords(
        _lt("Show them"), f"{API}.workspace.show_fields_to_agents", "HD Ticket Template"
    ),
    readiness.SELL_NO_LONGER: ActionWords(
        _lt("Sell it no longer"), f"{API}.workspace.sell_no_longer", "Beesender Tier"
    ),
    readiness.SEND_TEST: ActionWords(
        _lt("Send me a test"), f"{API}.first_hour.send_test"
    ),
    readiness.CHECK_MAILBOX: ActionWords(
        _lt("Check {0}"), f"{API}.first_hour.check_mailbox"
    ),
    readiness.BECOME_AGENT: ActionWords(
        _lt("Make me an agent"), f"{API}.first_hour.become_agent"
    ),
    readiness.JOIN_TEAM: ActionWords(_lt("Join it"), f"{API}.first_hour.join_team"),
    readiness.REVIEWED: ActionWords(_lt("Reviewed"), f"{API}.first_hour.review_tier"),
    readiness.MAKE_CALENDAR: ActionWords(
        _lt("Make one of the site's country"),
        f"{API}.first_hour.make_calendar",
        "Beesender Holiday Calendar",
    ),
    readiness.SELL_FIRST: ActionWords(
        _lt("Sell the first plan"),
        f"{API}.first_hour.sell_first",
        "Beesender Support Plan",
        "first_plan",
    ),
    readiness.INVITE: ActionWords(
        _lt("Invite them"), f"{API}.first_hour.invite", "Beesender Support Plan"
    ),
    readiness.TEST: ActionWords(
        _lt("Make a test request"), f"{API}.first_hour.try_request"
    ),
    readiness.REMOVE_TEST: ActionWords(
        _lt("Remove it"), f"{API}.first_hour.remove_test_request"
    ),
    readiness.MAKE_PROGRAM: ActionWords(
        _lt("Make one with a key"), f"{API}.first_hour.make_program", "User", "key"
    ),
}


class ActionShown(TypedDict):
    """What a button sends to a ``method``; ``asks`` names a dialog that comes first."""

    label: str
    method: str
    args: dict[str, str]
    asks: str | None


class MissingShown(TypedDict):
    """``route`` is the record to correct, for those who may open it, and ``action`` what
    mends it at once, for those who may change it."""

    sentence: str
    route: Route | None
    action: ActionShown | None


class StepShown(TypedDict):
    """``missing`` are the first of them, ``more`` says how many follow; ``route`` and
    ``list`` link to all records; ``who`` says who can change what the reader cannot.
    ``is_advice`` does not count for the progress. ``mark`` is what ``state`` is called,
    ``offers`` are what one click does whether the step is done or not."""

    code: str
    is_done: bool
    state: str
    mark: str
    offers: list[ActionShown]
    is_advice: bool
    title: str
    what_to_do: str
    missing: Sequence[MissingShown]
    more: str | None
    route: Route | None
    list: str
    also: "LinkShown | None"
    who: str | None


class LinkShown(TypedDict):
    route: Route
    label: str


class FirstSteps(TypedDict):
    title: str
    progress: str
    is_done: bool
    steps: list[StepShown]
    samples: "SamplesShown"


class SamplesShown(TypedDict):
    """Whether sample data are there; what they are, and what the button is called."""

    are_there: bool
    title: str
    sentence: str
    label: str


def in_order() -> FirstSteps:
    """All steps for the screen, in the session's language."""
    steps = [as_shown(step) for step in evaluated()]
    counted = [step for step in steps if not step["is_advice"]]
    done = sum(step["is_done"] for step in counted)
    return {
        "title": _("First steps"),
        "progress": _("{0} of {1} done").format(done, len(counted)),
        "is_done": done == len(counted),
        "steps": steps,
        "samples": _samples(),
    }


def _samples() -> SamplesShown:
    are_there = bool(sample_records.marked(SAMPLE_DATA))
    return {
        "are_there": are_there,
        "title": _("Sample data"),
        "sentence": _(
            "Customers, plans and requests to look around with, under addresses that do not"
            " exist. Nobody is told of them. Reports count them, and the steps above do"
            " not."
        ),
        "label": _("Take them away") if are_there else _("Put them in"),
    }


def evaluated() -> list[Step]:
    """In the order of a first hour. Sample data tick nothing."""
    at, samples = now(), sample_plans()
    plans = plans_in_question.plans_of_steps(at, samples)
    is_in_force = any(plan.is_in_force(at) for plan in plans.sold)
    steps = [
        readiness.outgoing_step(*surroundings.outgoing_accounts()),
        readiness.mailbox_step(
            mailboxes(), bool(settings.current().trusted_authentication_servers)
        ),
        readiness.agents_step(*agents(), teams()),
        readiness.tiers_step(
            catalogue.tiers(),
            catalogue.priority_codes(),
            tiers_looked_at() | reviewed_tiers.reviewed(),
            catalogue.unmapped_priorities(),
            reviewed_tiers.changed(),
        ),
        readiness.categories_step(surroundings.defaults_of_categories()),
        readiness.calendar_step(
            are_holidays_known(), (country := country_of_site()) and country.name
        ),
        next_year_step(at),
        readiness.plans_step(plans.sold, at),
        readiness.contacts_step(
            plans.seated, plans.with_access, at, plans.members, plans.is_cut
        ),
        readiness.trial_step(is_in_force, trial.was_accepted(), test_request()),
        readiness.chatbot_step(
            chat_keys(),
            requests_came_by_chat(),
            bool(frappe.db.exists(WIDGET, {"enabled": 1})),
        ),
        readiness.escalation_step(*people_and_rules()),
        readiness.agent_form_step(list(map(_label_of_field, agent_form.lacking()))),
        readiness.unused_tiers_step(
            catalogue.tiers(), plans_in_question.tiers_of_plans(samples)
        ),
        readiness.terms_step(promise.unreadable_tickets()),
    ]
    return list(filter(None, steps))


def next_year_step(at: datetime) -> Step | None:
    """What a calendar lacks is said of it, and not of each plan that takes it."""
    lacking = next_years.calendars_without_year(at)
    said = set(calendars.plans_taking(*(name for name, _year in lacking)))
    plans = [
        (plan, year)
        for plan, year in next_years.plans_without_year(at)
        if plan.name not in said
    ]
    return readiness.next_year_step(lacking, plans)


def _label_of_field(fieldname: str) -> str:
    return str(frappe.get_meta(TICKET).get_label(fieldname))


# Facts


def tiers_looked_at() -> set[str]:
    """Frappe notes who opened the form of a tier."""
    return set(
        frappe.get_all(
            "View Log",
            {"reference_doctype": "Beesender Tier"},
            pluck="reference_name",
            distinct=True,
            order_by=None,
        )
    )


def sample_plans() -> set[str]:
    return set(sample_records.marked(SAMPLE_DATA).get("Beesender Support Plan", ()))


def test_request() -> str | None:
    """The one that is there, if any."""
    return next(iter(sample_records.marked(TEST_REQUEST).get(TICKET, ())), None)


def are_holidays_known() -> bool:
    """By a calendar, or by a plan that lists them itself."""
    return any(
        frappe.db.exists(doctype, {"name": ("is", "set")})
        for doctype in ("Beesender Holiday Calendar", "Beesender Plan Holiday")
    )


class SiteCountry(NamedTuple):
    """Its name as Frappe has it, and its code."""

    name: str
    code: str


def country_of_site() -> SiteCountry | None:
    """If its public holidays are known."""
    name = frappe.db.get_default("country")
    code = name and frappe.db.get_value("Country", name, "code")
    if code and public_holidays.is_known(code.upper()):
        return SiteCountry(name, code.upper())
    return None


def teams() -> dict[str, int]:
    """How many members each has."""
    names = frappe.get_all("HD Team", {"disabled": 0}, pluck="name", order_by="name")
    members = frappe.get_all(
        "HD Team Member", {"parenttype": "HD Team"}, pluck="parent"
    )
    counts = Counter(members)
    return {name: counts[name] for name in names}


def mailboxes() -> list[Mailbox]:
    return [
        Mailbox(each.name, each.is_enabled, each.protocol, each.fetches)
        for each in surroundings.accounts_of_tickets()
    ]


def agents() -> tuple[int, list[str]]:
    """How many active agents have an enabled user, and the names of those who have
    not."""
    agent, user = frappe.qb.DocType("HD Agent"), frappe.qb.DocType("User")
    rows = (
        frappe.qb.from_(agent)
        .left_join(user)
        .on(user.name == agent.user)
        .select(agent.name, user.enabled)
        .where(agent.is_active == 1)
        .orderby(agent.name)
    ).run()
    disabled = [name for name, is_enabled in rows if not is_enabled]
    return len(rows) - len(disabled), disabled


def chat_keys() -> list[ChatKey]:
    users = frappe.get_all(
        "Has Role", {"role": CHANNEL_ROLE, "parenttype": "User"}, pluck="parent"
    )
    rows = frappe.get_all(
        "User", {"name": ("in", users)}, ["name", "enabled", "api_key"], order_by="name"
    )
    return [ChatKey(row.name, bool(row.enabled), bool(row.api_key)) for row in rows]


def requests_came_by_chat() -> bool:
    by_chat = {"beesender_channel": ("not in", ("", *OF_HELPDESK, AGENT))}
    return bool(frappe.db.exists(TICKET, by_chat))


def people_and_rules() -> tuple[set[str], list[str], list[str]]:
    """Who is on duty, and the escalation rules that are on and off."""
    rules = frappe.get_all(
        "Beesender Escalation Rule", fields=["name", "enabled"], order_by="sequence"
    )
    return (
        set(staff.members_named(staff.users_on_duty())),
        [row.name for row in rules if row.enabled],
        [row.name for row in rules if not row.enabled],
    )


# Words


# What a mark is called.
MARKS = {
    readiness.DONE: _lt("Done"),
    readiness.TO_DO: _lt("To do"),
    readiness.TO_LOOK_AT: _lt("To look at"),
}
DOCTYPE_OF_KIND = {**DOCTYPE_OF_PLACE, readiness.TEAM: "HD Team"}


def as_shown(step: Step) -> StepShown:
    title, what_to_do, doctype, list_label, also = WORDS[step.code]
    may_open = frappe.has_permission(doctype, "read")
    may_change = frappe.has_permission(doctype, "write")
    hidden = len(step.missing) - MOST_SHOWN
    more = _("and at least {0} more") if step.is_cut else _("and {0} more")
    return {
        "code": step.code,
        "is_done": step.is_done,
        "state": step.state,
        "mark": str(MARKS[step.state]),
        "offers": list(filter(None, map(_action, step.offers))),
        "is_advice": step.is_advice,
        "title": str(title),
        "what_to_do": str(what_to_do),
        "missing": [
            {
                "sentence": in_words(each.sentence),
                "route": _route(each, doctype),
                "action": (
                    _action(Offer(each.action, each.record)) if each.action else None
                ),
            }
            for each in step.missing[:MOST_SHOWN]
        ],
        "more": more.format(hidden) if hidden > 0 else None,
        "route": ["List", doctype] if may_open else None,
        "list": str(list_label),
        "also": _also(*also) if also else None,
        "who": (None if may_change else _("A System Manager can change this.")),
    }


def _also(doctype: str, label: str) -> LinkShown | None:
    if not frappe.has_permission(doctype, "read"):
        return None
    return {"route": ["List", doctype], "label": str(label)}


def _route(missing: readiness.Missing, doctype: str) -> Route | None:
    of = DOCTYPE_OF_KIND[missing.kind] if missing.kind else doctype
    if not missing.record or not frappe.has_permission(of, "read"):
        return None
    return ["Form", of, of if frappe.get_meta(of).issingle else missing.record]


def _action(offer: Offer) -> ActionShown | None:
    """None for who may not do it."""
    label, method, needs, asks = ACTIONS[offer.action]
    if needs and not frappe.has_permission(needs, "write"):
        return None
    args = {"record": offer.record} if offer.record else {}
    return {
        "label": str(label).format(offer.record or ""),
        "method": method,
        "args": args,
        "asks": asks,
    }
