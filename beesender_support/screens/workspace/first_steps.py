"""The first steps on a new site: facts gathered, evaluated by the policy, put in words.

Records to correct are linked for those who may open them.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, TypedDict

import frappe
from frappe import _, _lt

from beesender_support.enforcement.calendars import next_years
from beesender_support.enforcement.chat.caller import CHANNEL_ROLE
from beesender_support.enforcement.readiness import agent_form
from beesender_support.policy.readiness import steps as readiness
from beesender_support.policy.readiness.steps import (
    ChatKey,
    Mailbox,
    Step,
)
from beesender_support.policy.sold.channels import AGENT, OF_HELPDESK
from beesender_support.records.lint import people, surroundings
from beesender_support.records.people import staff
from beesender_support.records.site_time import now
from beesender_support.records.sold import calendars, catalogue
from beesender_support.records.tickets import promise
from beesender_support.screens.workspace import statistics
from beesender_support.wording.renderer import in_words

TICKET = "HD Ticket"
# A list of all that is missing would hide the other steps; the rest is behind the link.
MOST_SHOWN = 5


class StepWords(NamedTuple):
    """What a step is called and asks to do, the records it is about, and what the link to
    all of them says."""

    title: str
    what_to_do: str
    doctype: str
    list_label: str


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
    readiness.CHATBOT: StepWords(
        _lt("Connect the chatbot"),
        _lt(
            "Make a user with the role Beesender Channel only, generate its API key, and"
            " give the key to the chatbot or the site widget."
        ),
        "User",
        _lt("Open the users"),
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


class ActionWords(NamedTuple):
    label: str
    method: str


ACTIONS = {
    readiness.SHOW_FIELDS: ActionWords(
        _lt("Show them"), "beesender_support.api.workspace.show_fields_to_agents"
    ),
    readiness.SELL_NO_LONGER: ActionWords(
        _lt("Sell it no longer"), "beesender_support.api.workspace.sell_no_longer"
    ),
}


class ActionShown(TypedDict):
    """What a button sends to a ``method``."""

    label: str
    method: str
    args: dict[str, str]


class MissingShown(TypedDict):
    """``route`` is the record to correct, for those who may open it, and ``action`` what
    mends it at once, for those who may change it."""

    sentence: str
    route: Route | None
    action: ActionShown | None


class StepShown(TypedDict):
    """``missing`` are the first of them, ``more`` says how many follow; ``route`` and
    ``list`` link to all records; ``who`` says who can change what the reader cannot.
    ``is_advice`` does not count for the progress."""

    code: str
    is_done: bool
    is_advice: bool
    title: str
    what_to_do: str
    missing: Sequence[MissingShown]
    more: str | None
    route: Route | None
    list: str
    who: str | None


class FirstSteps(TypedDict):
    """``done`` and ``to_do`` are what a step's mark is called."""

    title: str
    progress: str
    is_done: bool
    done: str
    to_do: str
    steps: list[StepShown]


def in_order() -> FirstSteps:
    """All steps for the screen, in the session's language."""
    steps = [as_shown(step) for step in evaluated()]
    counted = [step for step in steps if not step["is_advice"]]
    done = sum(step["is_done"] for step in counted)
    return {
        "title": _("First steps"),
        "progress": _("{0} of {1} done").format(done, len(counted)),
        "is_done": done == len(counted),
        "done": _("Done"),
        "to_do": _("To do"),
        "steps": steps,
    }


def evaluated() -> list[Step]:
    at, plans = now(), statistics.plans()
    steps = [
        readiness.tiers_step(
            catalogue.tiers(),
            catalogue.priority_codes(),
            tiers_looked_at(),
            catalogue.unmapped_priorities(),
        ),
        readiness.plans_step(plans, at),
        readiness.contacts_step(
            plans, people.contacts_with_access(), at, people.members_by_customer()
        ),
        readiness.agents_step(*agents()),
        readiness.mailbox_step(mailboxes()),
        readiness.outgoing_step(*surroundings.outgoing_accounts()),
        readiness.chatbot_step(chat_keys(), requests_came_by_chat()),
        readiness.escalation_step(*people_and_rules()),
        next_year_step(at),
        readiness.agent_form_step(list(map(_label_of_field, agent_form.lacking()))),
        readiness.unused_tiers_step(catalogue.tiers(), plans),
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


def mailboxes() -> list[Mailbox]:
    return [
        Mailbox(each.name, each.is_enabled)
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


def as_shown(step: Step) -> StepShown:
    title, what_to_do, doctype, list_label = WORDS[step.code]
    may_open = frappe.has_permission(doctype, "read")
    may_change = frappe.has_permission(doctype, "write")
    hidden = len(step.missing) - MOST_SHOWN
    return {
        "code": step.code,
        "is_done": step.is_done,
        "is_advice": step.is_advice,
        "title": str(title),
        "what_to_do": str(what_to_do),
        "missing": [
            {
                "sentence": in_words(each.sentence),
                "route": (
                    ["Form", doctype, each.record] if each.record and may_open else None
                ),
                "action": _action(each) if each.action and may_change else None,
            }
            for each in step.missing[:MOST_SHOWN]
        ],
        "more": _("and {0} more").format(hidden) if hidden > 0 else None,
        "route": ["List", doctype] if may_open else None,
        "list": str(list_label),
        "who": (None if may_change else _("A System Manager can change this.")),
    }


def _action(missing: readiness.Missing) -> ActionShown:
    label, method = ACTIONS[missing.action or ""]
    args = {"record": missing.record} if missing.record else {}
    return {"label": str(label), "method": method, "args": args}
