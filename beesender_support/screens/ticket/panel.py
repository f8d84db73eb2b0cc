"""What an agent sees of the plan beside a ticket, and what may be done on it."""

from collections.abc import Collection
from typing import NoReturn, TypedDict

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import formatdate, get_fullname

from beesender_support.enforcement.allowances import asked_entitlements
from beesender_support.enforcement.requests import held_requests
from beesender_support.enforcement.response import answer_channels, closing
from beesender_support.policy.calendar.calendar import Calendar
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.plans.seats import free_seats
from beesender_support.policy.sentences import Channel
from beesender_support.policy.sold.channels import PHONE
from beesender_support.policy.sold.targets import FIRST_ANSWER, FURTHER_TARGETS
from beesender_support.records.site_time import now
from beesender_support.records.sold import catalogue
from beesender_support.records.tickets import promise
from beesender_support.screens import channel_icons, plan_exceptions
from beesender_support.screens.allowances import on_ticket
from beesender_support.screens.ticket import deadline, held_offer, labels
from beesender_support.wording import renderer
from beesender_support.wording.names import ASKED_STATES, LENGTH_NAMES

MANAGERS = ("Agent Manager", "System Manager")


class ChannelShown(TypedDict):
    """``icon`` are the lines of an SVG of 24 by 24, empty without one."""

    name: str
    icon: str


class Row(TypedDict):
    """``channels`` are those that ``value`` lists, if it does."""

    label: str
    value: str
    channels: list[ChannelShown]


class AnswerChannel(TypedDict):
    """``action`` is what logging an answer by it is called; ``refusal`` is why the ticket may not be answered by a channel, None where it
    may; ``may_allow`` whether the reader may still allow it."""

    channel: str
    action: str
    refusal: str | None
    may_allow: bool


class ReasonOption(TypedDict):
    """A reason to close without a solution; ``label`` says when to use it."""

    value: str
    label: str


class EntitlementOption(TypedDict):
    value: str
    label: str


class AskedFor(TypedDict):
    """What the ticket asks for beside answers: ``said`` is how the plan stands to it,
    ``reply`` what an agent may send, empty where the plan includes it; ``is_handled``
    that somebody handles it all the same."""

    state: str
    state_label: str
    said: str
    reply: str
    is_handled: bool


class Panel(TypedDict):
    """``is_open`` is support for this customer now; ``closing_reasons`` are for closing
    without a solution, none where that is not offered; ``entitlements`` are what may be
    asked for, ``entitlement`` is what is; ``labels`` are words by name."""

    promise: deadline.Glance
    rows: list[Row]
    is_open: bool
    has_plan: bool
    answers: list[AnswerChannel]
    closing_reasons: list[ReasonOption]
    asked: AskedFor | None
    entitlement: str
    entitlements: list[EntitlementOption]
    allowances: list[on_ticket.Allowance]
    labels: dict[str, str]


class PlanCard(TypedDict):
    """``link`` is the plan's form in Desk, for those who may open it."""

    title: str
    rows: list[Row]
    link: str | None


def panel(doc: Document) -> Panel | None:
    """None for a ticket outside the policy: nothing of ours is shown on it."""
    if not doc.beesender_admission:
        return None
    plan = plan_of(doc)
    calendar = _calendar(doc, plan)
    counted = on_ticket.of_plan(plan)
    return {
        "promise": deadline.glance(doc),
        "rows": _rows(doc, plan, calendar) + _rows_of(counted),
        "is_open": bool(calendar and calendar.is_open(now())),
        "has_plan": bool(plan),
        "answers": [
            answer_channel(doc, channel)
            for channel in answer_channels.logged_channels()
        ],
        "closing_reasons": _closing_reasons(doc),
        "asked": _asked(doc, plan),
        "entitlement": doc.get(asked_entitlements.FIELD) or "",
        "entitlements": _entitlements(doc) if plan else [],
        "allowances": counted,
        "labels": labels.of_panel(),
    }


def _asked(doc: Document, plan: Plan | None) -> AskedFor | None:
    asked = asked_entitlements.asked_by(doc, plan)
    if asked is None:
        return None
    is_included = asked.guarded.is_included
    return {
        "state": asked.guarded.state,
        "state_label": _(ASKED_STATES[asked.guarded.state]),
        "said": " ".join(map(renderer.in_words, asked.guarded.said)),
        "reply": "" if is_included else asked_entitlements.reply_of(doc, asked),
        "is_handled": not is_included
        and asked_entitlements.is_handled_all_the_same(doc),
    }


def _entitlements(doc: Document) -> list[EntitlementOption]:
    """Those that are offered, and the one that the ticket has."""
    return [
        {"value": each.code, "label": renderer.reader().name(each.title)}
        for each in catalogue.entitlements().values()
        if each.enabled or each.code == doc.get(asked_entitlements.FIELD)
    ]


def _closing_reasons(doc: Document) -> list[ReasonOption]:
    return [
        {
            "value": name,
            "label": f"{_(name)} · {_(meaning)}" if meaning else _(name),
        }
        for name, meaning in closing.reasons_for(doc)
    ]


def plan_card(doc: Document) -> PlanCard:
    """The plan of the ticket's customer as it is sold today."""
    plan = plan_of(doc)
    if plan is None:
        _refuse_without_plan(doc)
    may_open = frappe.has_permission("Beesender Support Plan", "read", doc=plan.name)
    return {
        "title": _("Plan of {0}").format(plan.customer),
        "rows": _plan_rows(plan),
        "link": (
            frappe.utils.get_url_to_form("Beesender Support Plan", plan.name)
            if may_open
            else None
        ),
    }


def plan_of(doc: Document) -> Plan | None:
    """The plan the ticket was admitted under; else the one that would decide."""
    return asked_entitlements.plan_of(doc)


def answer_channel(doc: Document, channel: str) -> AnswerChannel:
    return {
        "channel": channel,
        "action": _action(channel),
        "refusal": answer_channels.refusal_of(doc.name, channel),
        "may_allow": bool(set(MANAGERS) & set(frappe.get_roles())),
    }


def _action(channel: str) -> str:
    if channel == PHONE:
        return _("Log a call")
    return renderer.fill(_("Log an answer by {channel}"), channel=Channel(channel))


def _refuse_without_plan(doc: Document) -> NoReturn:
    if not doc.customer:
        frappe.throw(_("This ticket has no customer, so it has no plan."))
    frappe.throw(_("{0} has no support plan.").format(doc.customer))


def _rows(doc: Document, plan: Plan | None, calendar: Calendar | None) -> list[Row]:
    rows = [
        (
            _("Tier"),
            renderer.tier_title(
                doc.beesender_tier or (plan.tier.name if plan else None)
            ),
        ),
        (_("Category"), doc.ticket_type and _(doc.ticket_type)),
        (_("Support priority"), _priority(doc)),
        (_("What is affected"), doc.beesender_affected and _(doc.beesender_affected)),
        (
            _("Is there a way round"),
            doc.beesender_way_round and _(doc.beesender_way_round),
        ),
        (_("What is asked for"), _asked_name(doc)),
        (_("Admission"), _admission(doc)),
        (_("Also held"), _others_held(doc)),
        (_("Answers by"), plan and _answers_by(doc, plan)),
        (_("Success manager"), plan and _manager(plan)),
        (_("Support"), _opening(calendar)),
    ]
    return [_row(label, value) for label, value in rows if value]


def _row(label: str, value: str | Collection[str]) -> Row:
    """``value`` may be codes of channels."""
    if isinstance(value, str):
        return {"label": label, "value": value, "channels": []}
    return {
        "label": label,
        "value": renderer.channels_in_words(value),
        "channels": [
            {
                "name": renderer.channel_name(code),
                "icon": channel_icons.drawing_of(code),
            }
            for code in catalogue.channels()
            if code in value
        ],
    }


def _rows_of(counted: list[on_ticket.Allowance]) -> list[Row]:
    return [_row(each["title"], each["words"]) for each in counted]


def _plan_rows(plan: Plan) -> list[Row]:
    today = plan.today(now())
    used = len(plan.active_seats(today))
    rows = [
        (_("Tier"), renderer.tier_title(plan.tier.name)),
        (_("Agreed for this plan alone"), "; ".join(plan_exceptions.of_plan(plan))),
        (_("Valid"), _validity(plan)),
        (_("Support hours"), _hours(plan)),
        (_("Answer within"), _lengths(plan, FIRST_ANSWER)),
        *((_(LENGTH_NAMES[each]), _lengths(plan, each)) for each in FURTHER_TARGETS),
        (
            _("Authorized contacts"),
            _("{0} of {1}, {2} free").format(
                used, plan.tier.authorized_contact_limit, free_seats(plan, today)
            ),
        ),
        (_("Requests by"), plan.tier.registration_channels),
        (_("Answers by"), plan.tier.answer_channels),
        (_("Success manager"), _manager(plan)),
        (_("Support"), _opening(plan.calendar)),
    ]
    return [_row(label, value) for label, value in rows if value]


def _priority(doc: Document) -> str | None:
    code = doc.beesender_priority
    meaning = code and catalogue.priority_meanings().get(code)
    return f"{code} · {_(meaning)}" if meaning else code


def _asked_name(doc: Document) -> str | None:
    known = catalogue.entitlements().get(doc.get(asked_entitlements.FIELD) or "")
    return renderer.reader().name(known.title) if known else None


def _admission(doc: Document) -> str:
    if doc.beesender_admission == "Held":
        return f"{_('Held')}. {held_requests.reason_in_words(doc)}"
    return _(doc.beesender_admission)


def _others_held(doc: Document) -> str | None:
    if doc.beesender_admission != "Held":
        return None
    return held_offer.others_in_words(doc.name, doc.customer)


def _answers_by(doc: Document, plan: Plan) -> frozenset[str]:
    allowed = {
        channel
        for channel in answer_channels.logged_channels()
        if channel not in plan.tier.answer_channels
        and answer_channels.is_overridden(doc.name, channel)
    }
    return plan.tier.answer_channels | allowed


def _manager(plan: Plan) -> str | None:
    return get_fullname(plan.success_manager) if plan.success_manager else None


def _validity(plan: Plan) -> str:
    starts_on = formatdate(plan.starts_on)
    if plan.ends_on is None:
        dates = _("from {0}").format(starts_on)
    else:
        dates = _("{0} to {1}").format(starts_on, formatdate(plan.ends_on))
    return f"{dates} · {_(plan.status)}"


def _hours(plan: Plan) -> str:
    return f"{renderer.reader().support_hours(plan.calendar.support_hours)}, {plan.time_zone}"


def _lengths(plan: Plan, target: str) -> str:
    reader = renderer.reader()
    return reader.listed(
        [
            f"{code}: {reader.target(length)}"
            for code, length in sorted(plan.tier.targets.get(target, {}).items())
        ]
    )


def _calendar(doc: Document, plan: Plan | None) -> Calendar | None:
    """By the hours promised on the ticket; where nothing was, by those of the plan."""
    promised = promise.terms_of(doc) or plan
    return promised.calendar if promised else None


def _opening(calendar: Calendar | None) -> str | None:
    if calendar is None:
        return None
    instant = now()
    if calendar.is_open(instant):
        return _("Open for this customer now")
    wait = calendar.next_open(instant) - instant
    return renderer.fill(
        _("Closed for this customer, opens in {0}"), renderer.reader().wait(wait)
    )
