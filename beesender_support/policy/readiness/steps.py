"""Whether a site is ready to keep promises: the first steps, evaluated from facts.

Nobody ticks a step. It is done when nothing is missing, and is open again when something
goes missing later. What works and should be looked at all the same is advice.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from beesender_support.policy.lint import sold, surroundings
from beesender_support.policy.lint.codes import (
    CONTACT_WITHOUT_PORTAL_USER,
    NO_OUTGOING_MAIL,
    PLAN_CALENDAR_ENDS,
)
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
from beesender_support.policy.lint.surroundings import (
    IMAP,
    check_mail,
    check_mailboxes,
)
from beesender_support.policy.plans.plan_state import PlanState
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.sentences import Name, Sentence, TierName
from beesender_support.policy.sentences import marked as _
from beesender_support.policy.sold.tiers import Tier

# In the order in which somebody new takes them.
(
    OUTGOING,
    MAILBOX,
    AGENTS,
    TIERS,
    CATEGORIES,
    CALENDAR,
    PLANS,
    CONTACTS,
    TEST_REQUEST,
    CHATBOT,
    ESCALATION,
) = (
    "outgoing",
    "mailbox",
    "agents",
    "tiers",
    "categories",
    "calendar",
    "plans",
    "contacts",
    "test_request",
    "chatbot",
    "escalation",
)
TEAM = "team"
# Only there while something is wrong.
TERMS = "terms"
NEXT_YEAR = "next_year"
AGENT_FORM = "agent_form"
UNUSED_TIERS = "unused_tiers"
# What one click does.
(
    SHOW_FIELDS,
    SELL_NO_LONGER,
    SEND_TEST,
    CHECK_MAILBOX,
    BECOME_AGENT,
    JOIN_TEAM,
    REVIEWED,
    MAKE_CALENDAR,
    SELL_FIRST,
    INVITE,
    TEST,
    REMOVE_TEST,
    MAKE_PROGRAM,
) = (
    "show_fields",
    "sell_no_longer",
    "send_test",
    "check_mailbox",
    "become_agent",
    "join_team",
    "reviewed",
    "make_calendar",
    "sell_first",
    "invite",
    "test",
    "remove_test",
    "make_program",
)
# How a step stands.
DONE, TO_DO, TO_LOOK_AT = "done", "to_do", "to_look_at"
NOT_IN_FORCE = {
    PlanState.DRAFT: _("{plan} of {customer} is a draft."),
    PlanState.ENDED: _("{plan} of {customer} has ended."),
    PlanState.SUSPENDED: _("{plan} of {customer} is suspended."),
    PlanState.NOT_STARTED: _("{plan} of {customer} starts on {day}."),
}


@dataclass(frozen=True, slots=True)
class Missing:
    """What keeps a step open; ``record`` is the tier, plan, account or user to
    correct, of another ``kind`` than the step is about where one is given, and ``action``
    what mends it at once. With ``is_advice`` it keeps nothing open."""

    sentence: Sentence
    record: str | None = None
    action: str | None = None
    kind: str | None = None
    is_advice: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """What one click does, whether the step is done or not, on a ``record`` of it."""

    action: str
    record: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """``is_advice`` where nothing is wrong, and somebody may want it so; ``is_cut`` where
    more may be missing than was looked for."""

    code: str
    missing: tuple[Missing, ...] = ()
    is_advice: bool = False
    is_cut: bool = False
    offers: tuple[Offer, ...] = ()

    @property
    def is_done(self) -> bool:
        return all(each.is_advice for each in self.missing)

    @property
    def state(self) -> str:
        if not self.missing:
            return DONE
        return TO_LOOK_AT if self.is_advice or self.is_done else TO_DO


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An e-mail account that is meant to make tickets; ``protocol`` and ``fetches`` as
    the checks of mailboxes take them."""

    name: str
    receives: bool
    protocol: str = IMAP
    fetches: str = ""


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
    changed: Collection[str] = (),
) -> Step:
    """Done when somebody has opened or reviewed every tier and none lacks what a promise
    needs, and the helpdesk has a priority for each of ours; ``unmapped`` are those
    without. Tiers that ``changed`` since they were reviewed should be looked at."""
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
            REVIEWED,
        )
        for tier in tiers
        if tier.name not in looked_at
    ]
    missing += [
        Missing(
            Sentence(
                _("{tier} has changed since it was reviewed."),
                {"tier": TierName(tier.name)},
            ),
            tier.name,
            REVIEWED,
            is_advice=True,
        )
        for tier in tiers
        if tier.name in looked_at and tier.name in changed
    ]
    return Step(TIERS, tuple(missing))


def categories_step(defaults: Mapping[str, Sequence[bool]]) -> Step:
    """Done when there is a category, and each has its priorities and one default;
    ``defaults`` as the checks of categories take them."""
    if not defaults:
        sentence = Sentence(_("There is no category, so nothing is promised."))
        return Step(CATEGORIES, (Missing(sentence),))
    return Step(CATEGORIES, tuple(map(_missing, sold.check_categories(defaults))))


def calendar_step(are_holidays_known: bool, country: str | None = None) -> Step:
    """Around-the-clock support needs no holidays, so it is advice; ``country`` is that
    of the site, if its public holidays are known."""
    if are_holidays_known:
        return Step(CALENDAR)
    missing = Missing(
        Sentence(
            _("There is no holiday calendar: public holidays count as any other day.")
        ),
        None,
        MAKE_CALENDAR if country else None,
        is_advice=True,
    )
    return Step(CALENDAR, (missing,))


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


def unused_tiers_step(tiers: Sequence[Tier], used: Collection[str]) -> Step | None:
    """The tiers that are sold and that no plan has, not even a draft or one that ended:
    those of plans are ``used``. None without any, or before anything was sold."""
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
        missing = (Missing(Sentence(_("No plan was sold yet."))),)
        return Step(PLANS, missing, offers=(Offer(SELL_FIRST),))
    return Step(
        PLANS,
        tuple(Missing(_why_not_in_force(plan, at), plan.name) for plan in plans),
        offers=(Offer(SELL_FIRST),),
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
    is_cut: bool = False,
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
    return Step(CONTACTS, tuple(filter(None, missing)), is_cut=is_cut)


def agents_step(
    active: int,
    disabled: Sequence[str] = (),
    teams: Mapping[str, int] | None = None,
) -> Step:
    """Done when somebody works here: ``active`` are agents whose user is enabled,
    ``disabled`` active ones whose user is not. Of the ``teams``, by name with the number
    of their members, one should have some."""
    missing = [
        Missing(
            Sentence(_("The user of agent {user} is disabled."), {"user": each}), each
        )
        for each in disabled
    ]
    if not active:
        sentence = Sentence(_("Nobody answers: there is no active agent."))
        missing.insert(0, Missing(sentence, action=BECOME_AGENT))
    elif teams and not any(teams.values()):
        missing += [
            Missing(
                Sentence(
                    _("Nobody is in the team {team}, nor in any other."), {"team": each}
                ),
                each,
                JOIN_TEAM,
                TEAM,
                is_advice=True,
            )
            for each in teams
        ]
    return Step(AGENTS, tuple(missing))


def outgoing_step(sends_by_default: bool, others: Sequence[str] = ()) -> Step:
    """Done when an account sends what names no account of its own: answers, notices and
    invitations. ``others`` send, but not by default."""
    if sends_by_default:
        return Step(OUTGOING, offers=(Offer(SEND_TEST),))
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


def mailbox_step(mailboxes: Sequence[Mailbox], trusts_servers: bool = True) -> Step:
    """Done when at least one account receives mail and makes tickets of it. How it
    fetches mail, and that no server is trusted to say who wrote it, is to be looked at.
    """
    receiving = [each for each in mailboxes if each.receives]
    if receiving:
        findings = (
            *check_mailboxes(
                surroundings.Mailbox(each.name, each.protocol, each.fetches)
                for each in receiving
            ),
            *check_mail(receives=True, sends=True, trusts_servers=trusts_servers),
        )
        return Step(
            MAILBOX,
            tuple(map(_to_look_at, findings)),
            offers=tuple(Offer(CHECK_MAILBOX, each.name) for each in receiving),
        )
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


def trial_step(
    is_in_force: bool, was_accepted: bool, is_there: str | None = None
) -> Step:
    """Done when a request was accepted, be it one of a test. One that ``is_there`` still
    should be taken away; without a plan in force there is none to test."""
    if is_there:
        sentence = Sentence(
            _("Ticket {ticket} was made to test, and counts in reports until it goes."),
            {"ticket": is_there},
        )
        missing = Missing(sentence, is_there, REMOVE_TEST, is_advice=True)
        return Step(TEST_REQUEST, (missing,))
    if was_accepted:
        return Step(TEST_REQUEST, offers=(Offer(TEST),) if is_in_force else ())
    if not is_in_force:
        sentence = Sentence(_("No plan is in force, so no request would be accepted."))
        return Step(TEST_REQUEST, (Missing(sentence),))
    sentence = Sentence(_("No request was accepted under a plan yet."))
    return Step(TEST_REQUEST, (Missing(sentence, action=TEST),))


def chatbot_step(
    keys: Sequence[ChatKey], requests_came: bool, has_widget: bool = False
) -> Step:
    """Done when requests came by chatbot or widget, and more can: by a widget that is
    enabled, or with a key that works."""
    if not has_widget and not keys:
        sentence = Sentence(_("No user has the role Beesender Channel."))
        return Step(CHATBOT, (Missing(sentence, action=MAKE_PROGRAM),))
    if not has_widget and not any(key.is_enabled and key.has_key for key in keys):
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
    action = INVITE if finding.kind is CONTACT_WITHOUT_PORTAL_USER else None
    return Missing(finding.sentence, finding.place, action)


def _to_look_at(finding: Finding) -> Missing:
    """With the kind of record that it is about."""
    return Missing(
        finding.sentence, finding.place, kind=finding.kind.place, is_advice=True
    )


def _why_useless(key: ChatKey) -> Sentence:
    template = (
        _("{user} has no API key.") if key.is_enabled else _("{user} is disabled.")
    )
    return Sentence(template, {"user": key.user})
