"""Whether a site is ready to keep promises: the first steps, evaluated from facts.

Nobody ticks a step. It is done when nothing is missing, and is open again when something
goes missing later.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from beesender_support.policy.lint import sold
from beesender_support.policy.lint.codes import NO_OUTGOING_MAIL, PLAN_CALENDAR_ENDS
from beesender_support.policy.lint.deadlines import unreadable_terms
from beesender_support.policy.lint.findings import Finding
from beesender_support.policy.lint.people import check_access, check_members
from beesender_support.policy.lint.plans import (
    about_plan,
    calendar_ends,
    check_overlaps,
    check_seated,
    check_seated_once,
)
from beesender_support.policy.plans.plan_state import PlanState
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.sentences import Name, Sentence, TierName
from beesender_support.policy.sentences import marked as _
from beesender_support.policy.sold.tiers import Tier

TIERS, PLANS, CONTACTS, AGENTS, MAILBOX, OUTGOING, CHATBOT, ESCALATION = (
    "tiers",
    "plans",
    "contacts",
    "agents",
    "mailbox",
    "outgoing",
    "chatbot",
    "escalation",
)
STEPS = (TIERS, PLANS, CONTACTS, AGENTS, MAILBOX, OUTGOING, CHATBOT, ESCALATION)
# Only there while something is wrong.
TERMS = "terms"
NEXT_YEAR = "next_year"
AGENT_FORM = "agent_form"
UNUSED_TIERS = "unused_tiers"
# What one click mends.
SHOW_FIELDS, SELL_NO_LONGER = "show_fields", "sell_no_longer"
NOT_IN_FORCE = {
    PlanState.DRAFT: _("{plan} of {customer} is a draft."),
    PlanState.ENDED: _("{plan} of {customer} has ended."),
    PlanState.SUSPENDED: _("{plan} of {customer} is suspended."),
    PlanState.NOT_STARTED: _("{plan} of {customer} starts on {day}."),
}


@dataclass(frozen=True, slots=True)
class Missing:
    """What keeps a step open; ``record`` is the tier, plan, account or user to
    correct, and ``action`` what mends it at once."""

    sentence: Sentence
    record: str | None = None
    action: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """``is_advice`` where nothing is wrong, and somebody may want it so."""

    code: str
    missing: tuple[Missing, ...] = ()
    is_advice: bool = False

    @property
    def is_done(self) -> bool:
        return not self.missing


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An e-mail account that is meant to make tickets."""

    name: str
    receives: bool


@dataclass(frozen=True, slots=True)
class ChatKey:
    """A user a chatbot may sign in as."""

    user: str
    is_enabled: bool
    has_key: bool


def tiers_step(
    tiers: Sequence[Tier],
    priorities: Sequence[str],
    looked_at: Collection[str],
    unmapped: Sequence[str] = (),
) -> Step:
    """Done when somebody has opened every tier and none lacks what a promise needs, and
    the helpdesk has a priority for each of ours; ``unmapped`` are those without."""
    if not tiers:
        return Step(TIERS, (Missing(Sentence(_("There is no tier."))),))
    missing = [Missing(each.sentence) for each in sold.check_priorities(unmapped)]
    missing += [
        _missing(each) for tier in tiers for each in sold.check_tier(tier, priorities)
    ]
    missing += [
        Missing(
            Sentence(
                _("Nobody has looked at {tier} yet."), {"tier": TierName(tier.name)}
            ),
            tier.name,
        )
        for tier in tiers
        if tier.name not in looked_at
    ]
    return Step(TIERS, tuple(missing))


def agent_form_step(lacking: Sequence[str]) -> Step | None:
    """None where agents see all fields beside a ticket; ``lacking`` are the labels of
    those that they do not."""
    if not lacking:
        return None
    sentence = Sentence(
        _("Agents do not see beside a ticket: {fields}."),
        {"fields": tuple(map(Name, lacking))},
    )
    return Step(AGENT_FORM, (Missing(sentence, action=SHOW_FIELDS),))


def unused_tiers_step(tiers: Sequence[Tier], plans: Sequence[Plan]) -> Step | None:
    """The tiers that are sold and that no plan has, not even a draft or one that ended;
    None without any, or before anything was sold."""
    used = {plan.tier.name for plan in plans}
    unused = tuple(
        Missing(
            Sentence(
                _("{tier} is offered, and no plan has it."),
                {"tier": TierName(tier.name)},
            ),
            tier.name,
            SELL_NO_LONGER,
        )
        for tier in tiers
        if not tier.no_longer_sold and tier.name not in used
    )
    return Step(UNUSED_TIERS, unused, is_advice=True) if unused and used else None


def plans_step(plans: Sequence[Plan], at: datetime) -> Step:
    """Done when at least one plan is in force at ``at``, in its own zone, and no two of
    one customer are on the same day."""
    if any(plan.is_in_force(at) for plan in plans):
        return Step(PLANS, tuple(_overlaps(plans, at)))
    if not plans:
        return Step(PLANS, (Missing(Sentence(_("No plan was sold yet."))),))
    return Step(
        PLANS,
        tuple(Missing(_why_not_in_force(plan, at), plan.name) for plan in plans),
    )


def next_year_step(
    calendars: Sequence[tuple[str, int]], plans: Sequence[tuple[Plan, int]]
) -> Step | None:
    """The calendars, and the plans without one, that lack the dates of a year; None where
    none does."""
    missing = [_missing(calendar_ends(name, year)) for name, year in calendars]
    missing += [
        Missing(about_plan(plan, PLAN_CALENDAR_ENDS, year=year).sentence)
        for plan, year in plans
    ]
    return Step(NEXT_YEAR, tuple(missing)) if missing else None


def contacts_step(
    plans: Sequence[Plan],
    with_access: Collection[str],
    at: datetime,
    members: Mapping[str, Collection[str]] | None = None,
) -> Step:
    """Done when every plan in force has an authorized contact today, and every such
    contact is one of those ``with_access`` to the portal and one of the ``members`` of
    the customer, where these are given by customer."""
    in_force = [plan for plan in plans if plan.is_in_force(at)]
    if not in_force:
        sentence = Sentence(
            _("No plan is in force, so there is none to name contacts on.")
        )
        return Step(CONTACTS, (Missing(sentence),))
    missing = [
        _contacts_missing(
            plan,
            with_access,
            at,
            None if members is None else members.get(plan.customer, ()),
        )
        for plan in in_force
    ]
    return Step(CONTACTS, tuple(filter(None, missing)))


def agents_step(active: int, disabled: Sequence[str] = ()) -> Step:
    """Done when somebody works here: ``active`` are agents whose user is enabled,
    ``disabled`` active ones whose user is not."""
    missing = [
        Missing(
            Sentence(_("The user of agent {user} is disabled."), {"user": each}), each
        )
        for each in disabled
    ]
    if not active:
        missing.insert(
            0, Missing(Sentence(_("Nobody answers: there is no active agent.")))
        )
    return Step(AGENTS, tuple(missing))


def outgoing_step(sends_by_default: bool, others: Sequence[str] = ()) -> Step:
    """Done when an account sends what names no account of its own: answers, notices and
    invitations. ``others`` send, but not by default."""
    if sends_by_default:
        return Step(OUTGOING)
    missing = [
        Missing(
            Sentence(_("{account} sends, but is not the default."), {"account": each}),
            each,
        )
        for each in others
    ]
    if not others:
        missing = [Missing(Sentence(NO_OUTGOING_MAIL.sentence))]
    return Step(OUTGOING, tuple(missing))


def mailbox_step(mailboxes: Sequence[Mailbox]) -> Step:
    """Done when at least one account receives mail and makes tickets of it."""
    if any(each.receives for each in mailboxes):
        return Step(MAILBOX)
    if not mailboxes:
        sentence = Sentence(_("No e-mail account turns its mail into tickets."))
        return Step(MAILBOX, (Missing(sentence),))
    return Step(
        MAILBOX,
        tuple(
            Missing(
                Sentence(
                    _("{account} is not enabled for incoming mail."),
                    {"account": each.name},
                ),
                each.name,
            )
            for each in mailboxes
        ),
    )


def chatbot_step(keys: Sequence[ChatKey], requests_came: bool) -> Step:
    """Done when requests came by chatbot or widget, and a key for more works."""
    if not keys:
        sentence = Sentence(_("No user has the role Beesender Channel."))
        return Step(CHATBOT, (Missing(sentence),))
    if not any(key.is_enabled and key.has_key for key in keys):
        return Step(
            CHATBOT, tuple(Missing(_why_useless(key), key.user) for key in keys)
        )
    if not requests_came:
        sentence = Sentence(_("No request has come by chatbot or widget yet."))
        return Step(CHATBOT, (Missing(sentence),))
    return Step(CHATBOT)


def escalation_step(
    on_duty: Collection[str],
    enabled_rules: Collection[str],
    shipped: Sequence[str] = (),
) -> Step:
    """``on_duty`` work here now; ``shipped`` are rules that wait to be switched on."""
    missing = []
    if not on_duty:
        missing.append(
            Missing(Sentence(_("Nobody is on duty: name them in the settings.")))
        )
    if not enabled_rules:
        record = shipped[0] if shipped else None
        missing.append(
            Missing(Sentence(_("No escalation rule is switched on.")), record)
        )
    return Step(ESCALATION, tuple(missing))


def terms_step(unreadable: Mapping[str, Sentence | str]) -> Step | None:
    """None where all terms can be read; ``unreadable`` are tickets, and why not."""
    missing = map(_missing, unreadable_terms(unreadable))
    return Step(TERMS, tuple(missing)) if unreadable else None


def _overlaps(plans: Sequence[Plan], at: datetime) -> Iterator[Missing]:
    by_customer: dict[str, list[Plan]] = {}
    for plan in plans:
        by_customer.setdefault(plan.customer, []).append(plan)
    for theirs in by_customer.values():
        yield from map(_missing, check_overlaps(theirs, at))


def _why_not_in_force(plan: Plan, at: datetime) -> Sentence:
    facts = {"plan": plan.name, "customer": plan.customer, "day": plan.starts_on}
    return Sentence(NOT_IN_FORCE[plan.state_at(at)], facts)


def _contacts_missing(
    plan: Plan,
    with_access: Collection[str],
    at: datetime,
    members: Collection[str] | None,
) -> Missing | None:
    """The first thing to correct."""
    today = plan.today(at)
    findings = chain(
        check_seated(plan, today),
        check_seated_once(plan, today),
        check_members(plan, members, at) if members is not None else (),
        check_access(plan, with_access, at),
    )
    return next(map(_missing, findings), None)


def _missing(finding: Finding) -> Missing:
    return Missing(finding.sentence, finding.place)


def _why_useless(key: ChatKey) -> Sentence:
    template = (
        _("{user} has no API key.") if key.is_enabled else _("{user} is disabled.")
    )
    return Sentence(template, {"user": key.user})
