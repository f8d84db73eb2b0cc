"""Every sentence of the policy, in Russian: translated, filled, and Russian throughout.

The sentences are made by what makes them for readers. One that is added without being
made here fails a test.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache
from importlib import resources
from itertools import product
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import beesender_support
from beesender_support.policy import errors
from beesender_support.policy.allowances.contract_days import check_day
from beesender_support.policy.allowances.ledger import CONSUME, Ledger
from beesender_support.policy.calendar.calendar import Calendar
from beesender_support.policy.calendar.holidays import (
    Holiday,
    WorkingDay,
    YearlyHoliday,
)
from beesender_support.policy.calendar.windows import AROUND_THE_CLOCK, HOUR, Window
from beesender_support.policy.conversation import choices as said_at_any_time
from beesender_support.policy.conversation import questions as asked_in_conversation
from beesender_support.policy.conversation.answers import (
    CANCELLED,
    DONE,
    Conversation,
    FileGiven,
)
from beesender_support.policy.conversation.choices import Choice
from beesender_support.policy.conversation.dialogue import PROBLEMS
from beesender_support.policy.conversation.request import preview_of
from beesender_support.policy.errors import UnknownName
from beesender_support.policy.imports import doubts
from beesender_support.policy.lint.codes import CODES
from beesender_support.policy.notices.escalation import BREACH, Rule, check_team
from beesender_support.policy.notices.staff import check_of_support
from beesender_support.policy.plans import limits
from beesender_support.policy.plans.contract_years import support_fee
from beesender_support.policy.plans.gaps import between
from beesender_support.policy.plans.plans import Plan, Seat, check_overlap
from beesender_support.policy.plans.renewals import (
    left_out_in_words,
    renewal_of,
    why_not_in_words,
    why_not_renew,
)
from beesender_support.policy.plans.seats import check_seats
from beesender_support.policy.readiness import samples
from beesender_support.policy.readiness import steps as readiness
from beesender_support.policy.requests.access import WHY_NOT_SWAP, concern_about
from beesender_support.policy.requests.admission import REASONS, about_request, admit
from beesender_support.policy.requests.entitlement_guard import (
    guard,
    said_to_client,
)
from beesender_support.policy.requests.held_requests import WAS_HELD, WOULD_BE_TAKEN
from beesender_support.policy.requests.impact import priority_from_impact
from beesender_support.policy.requests.priorities import (
    refuse_priority,
    settle_priority,
)
from beesender_support.policy.requests.triage import Request, triage
from beesender_support.policy.response.answering import refuse_answer_by
from beesender_support.policy.response.clocks import (
    Event,
    Happening,
    runs_of,
    since,
)
from beesender_support.policy.response.deadline_explanation import state_promise
from beesender_support.policy.response.promises import Promised
from beesender_support.policy.response.response_state import measure
from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sentences import (
    Channel,
    Contact,
    Elapsed,
    Field,
    Name,
    Sentence,
    TierName,
)
from beesender_support.policy.sold.catalogue import CATALOGUE
from beesender_support.policy.sold.categories import Category, PriorityRule
from beesender_support.policy.sold.channels import (
    CHANNELS,
    SHIPPED,
    SoldChannel,
    by_code,
    check_logged,
    check_offered,
)
from beesender_support.policy.sold.entitlements import (
    COUNT,
    HOURS,
    SoldEntitlement,
    followed,
)
from beesender_support.policy.sold.exceptions import (
    CONTACT_LIMIT,
    ENTITLEMENT,
    RESPONSE_TARGET,
    SUPPORT_HOURS,
    Row,
    differences,
    exceptions_of,
)
from beesender_support.policy.sold.impact_matrix import (
    NO,
    YES,
    ImpactMatrix,
    ImpactRule,
)
from beesender_support.policy.sold.targets import (
    FURTHER_TARGETS,
    NEXT_ANSWER,
    TARGETS,
)
from beesender_support.screens.portal.upgrades import what_it_adds
from beesender_support.wording.names import (
    ASKED_STATES,
    CHANNEL_NAMES,
    FIELD_NAMES,
    REASON_NAMES,
)
from beesender_support.wording.promise_words import state_in_few_words
from beesender_support.wording.reader import Reader, locale_of

PACKAGE = Path(beesender_support.__file__).parent
# Where sentences are made. What the catalogue marks are its own texts.
MAKERS = (
    PACKAGE / "policy",
    PACKAGE / "wording" / "promise_words.py",
    PACKAGE / "screens" / "portal" / "upgrades.py",
)
CATALOGUE_FILE = PACKAGE / "policy" / "sold" / "catalogue.py"

NOW = datetime(2026, 11, 20, 14, 30, tzinfo=timezone.utc)
TODAY = date(2026, 11, 20)
CUSTOMER, ANNA, BORIS = "ООО «Пример»", "Анна", "Борис"
BASIC, BUSINESS, PREMIUM = (CATALOGUE.tier(n) for n in ("Basic", "Business", "Premium"))
INCIDENT = CATALOGUE.category("Incident")
CONSULTATION = CATALOGUE.category("Consultation")
ENTITLEMENTS = {each.code: each for each in CATALOGUE.entitlements}
UPDATES = ENTITLEMENTS["updates"]
TRAINING = SoldEntitlement("training", "Часы обучения", HOURS)
ENHANCEMENT = CATALOGUE.category("Paid enhancement request")
# Names that are the same in Russian: of products, tiers, priorities and zones, and what
# somebody typed.
PROPER_NAMES = frozenset(
    {
        *(
            "Beesender",
            "Helpdesk",
            "Desk",
            "Server",
            "Skype",
            *("Microsoft", "Teams", "WhatsApp", "Telegram", "Viber"),
            "API",
            "Channel",
            "Priority",
        ),
        *("Basic", "Business", "Premium"),
        *("GMT", "UTC", "Europe", "Berlin"),
        *("Typed",),
        *(
            "IMAP",
            "POP",
            "HD",
            "Ticket",
            "ALL",
            "SPF",
            "DKIM",
            "DMARC",
            "From",
            "tz",
            "Use",
        ),
    }
)


# What makes them


def plan_of(tier=BASIC, **overrides) -> Plan:
    values = {
        "name": "П-1",
        "customer": CUSTOMER,
        "tier": tier,
        "time_zone": "GMT+3",
        "starts_on": date(2026, 1, 1),
        "seats": (Seat(ANNA),),
    }
    return Plan(**{**values, **overrides})


def of_renewals() -> Iterator[Sentence]:
    year = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}
    seats = (
        Seat(ANNA, is_suspended=True),
        Seat(BORIS, to_date=date(2026, 12, 31)),
        *(Seat(f"{ANNA} {number}") for number in range(3)),
    )
    yield from left_out_in_words(renewal_of(plan_of(**year, seats=seats), TODAY), BASIC)
    for plan in (plan_of(), plan_of(status="Draft")):
        yield why_not_in_words(plan, why_not_renew(plan))
    for zones in (("GMT+5", "GMT"), ("GMT", "GMT+5")):
        before, after = (plan_of(time_zone=zone, **year) for zone in zones)
        after = replace(after, starts_on=date(2027, 1, 1), ends_on=None)
        yield between(before, after).sentence


def of_admission() -> Iterator[Sentence]:
    by_portal = {"customer": CUSTOMER, "contact": ANNA, "channel": "portal", "at": NOW}
    ended = Seat(ANNA, to_date=date(2026, 2, 1))
    without_chatbot = replace(
        BASIC, registration_channels=frozenset({"portal", "email"})
    )
    for plans, asked in (
        ([], {"hold_unplanned": True}),
        ([plan_of()], {"contact_is_known": False}),
        ([plan_of()], {"sender_is_verified": False}),
        ([plan_of(starts_on=date(2027, 1, 1))], {}),
        ([plan_of(ends_on=date(2026, 2, 1))], {}),
        ([plan_of(status="Suspended")], {}),
        ([plan_of(seats=())], {}),
        ([plan_of(seats=(ended,))], {}),
        ([plan_of(without_chatbot)], {"channel": "chatbot"}),
        ([plan_of(without_chatbot)], {"channel": "widget"}),
    ):
        admission = admit(plans, **{**by_portal, **asked})
        assert admission.sentence, asked
        yield admission.sentence


def of_held_requests() -> Iterator[Sentence]:
    for template in (*WAS_HELD.values(), *REASONS.values(), WOULD_BE_TAKEN):
        for channel in CHANNELS:
            yield about_request(
                template,
                customer=CUSTOMER,
                contact=ANNA,
                channel=channel,
                plan=plan_of(),
            )


def of_concerns() -> Iterator[Sentence]:
    by_mail = replace(BASIC, registration_channels=frozenset({"email"}))
    for plan, is_member in (
        (plan_of(starts_on=date(2027, 1, 1)), True),
        (plan_of(status="Suspended"), True),
        (plan_of(ends_on=date(2026, 2, 1)), True),
        (plan_of(seats=()), True),
        (plan_of(seats=(Seat(ANNA, from_date=date(2027, 1, 1)),)), True),
        (plan_of(seats=(Seat(ANNA, is_suspended=True),)), True),
        (plan_of(seats=(Seat(ANNA, to_date=date(2026, 2, 1)),)), True),
        (plan_of(by_mail), True),
        (plan_of(), False),
    ):
        yield concern_about(plan, ANNA, NOW, is_member=is_member).sentence


def of_seats() -> Iterator[Sentence]:
    yield from map(Sentence, WHY_NOT_SWAP.values())


def of_triage() -> Iterator[Sentence]:
    """For every weekday and month on which an answer can fall due."""
    broken = (Window(4, 9 * HOUR, 13 * HOUR), Window(4, 14 * HOUR, 18 * HOUR))
    odd = replace(
        BASIC, windows=broken, response_targets={"P1": timedelta(hours=1 / 3)}
    )
    for tier in (BASIC, BUSINESS, PREMIUM, odd):
        for days in range(0, 400, 3):
            at = NOW + timedelta(days=days)
            request = Request(CUSTOMER, ANNA, "portal", INCIDENT, "P1", at)
            yield from triage(request, [plan_of(tier)], now=at).explanation
    for category in (CONSULTATION, ENHANCEMENT):
        request = Request(CUSTOMER, ANNA, "email", category, "P1", NOW)
        yield from triage(request, [plan_of()], now=NOW).explanation
    request = Request(CUSTOMER, ANNA, "email", INCIDENT, None, NOW)
    yield from triage(request, [], now=NOW).explanation
    yield state_promise(Terms.of(plan_of(), INCIDENT, NOW), "P1")


def of_further_targets() -> Iterator[Sentence]:
    hours = timedelta(hours=16)
    sold = {target: {"P1": hours} for target in FURTHER_TARGETS}
    tier = replace(BASIC, further_targets=sold)
    asked = Happening(Event.CUSTOMER_WROTE, NOW + hours)
    paused = Happening(Event.PAUSED, NOW + timedelta(minutes=10))
    resumed = Happening(Event.RESUMED, NOW + 5 * hours)
    closed = Happening(Event.CLOSED, NOW)
    for happenings in ((), (asked,), (paused,), (paused, resumed), (closed,)):
        request = Request(
            CUSTOMER,
            ANNA,
            "portal",
            INCIDENT,
            "P1",
            NOW,
            first_responded_at=NOW,
            happenings=happenings,
        )
        yield from triage(request, [plan_of(tier)], now=NOW + 6 * hours).explanation


def of_priorities() -> Iterator[Sentence]:
    for category in CATALOGUE.categories:
        if correction := settle_priority(category, "P1").correction:
            yield correction
            yield refuse_priority(category, "P1", answers_at_once=True)


def of_impact() -> Iterator[Sentence]:
    rules = INCIDENT.impact.rules
    matrix = ImpactMatrix(
        (
            *rules[1:],
            replace(rules[0], way_round=YES),
            replace(rules[0], way_round=NO, priority="P2"),
        )
    )
    asking = replace(INCIDENT, impact=matrix, asks_impact=True)
    yield priority_from_impact(asking, None, None).refusal
    yield priority_from_impact(asking, rules[0].affected, None).refusal


def of_conversations() -> Iterator[Sentence]:
    """Each question with its choices and commands, each problem, each preview."""
    described = replace(INCIDENT, description_template="")
    asking = replace(INCIDENT, asks_impact=True)
    offered = asked_in_conversation.Offered("chatbot", (described,))
    impact = replace(offered, categories=(asking,))
    given = Conversation("Incident", files=(FileGiven("1", "Typed", 1),))
    for said, of in (
        (Conversation(), offered),
        (Conversation("Consultation"), offered),
        (Conversation(stage=CANCELLED), offered),
        (Conversation(stage=DONE), offered),
        *((replace(given, at=step), offered) for step in STEPS_ASKED),
        *((replace(given, at=step), impact) for step in ("affected", "way_round")),
    ):
        yield asked_in_conversation.question_at(said, of).sentence
        if note := asked_in_conversation.question_at(said, of).note:
            yield note
    yield from map(Sentence, asked_in_conversation.ASKED.values())
    named = {
        *asked_in_conversation.LABELS.values(),
        *(each.label for each in asked_in_conversation.YES_OR_NO),
        *(
            each.label
            for each in vars(said_at_any_time).values()
            if isinstance(each, Choice)
        ),
        asked_in_conversation.given_to(
            "access", Conversation(has_access=True), offered
        ),
    }
    for name in named:
        options = {"options": (name,), "count": 2, "most": 1, "megabytes": 10}
        for template in PROBLEMS.values():
            yield Sentence(template, {**options, "go_on": name})
    for plans, asked in (
        ([], {}),
        ([plan_of()], {}),
        ([plan_of(seats=())], {}),
        ([plan_of()], {"category": ENHANCEMENT, "priority": "P3"}),
    ):
        values = {"category": INCIDENT, "priority": "P1", **asked}
        request = Request(CUSTOMER, ANNA, "chatbot", opened_at=NOW, **values)
        preview = preview_of(triage(request, plans, now=NOW))
        yield preview.sentence
        yield from preview.explanation


STEPS_ASKED = ("category", "priority", "subject", "description", "files", "access")


def of_answer_channels() -> Iterator[Sentence]:
    for channel in ("phone", "skype"):
        yield refuse_answer_by(BASIC, channel)


def of_exceptions() -> Iterator[Sentence]:
    rows = [
        *(Row(RESPONSE_TARGET, "P1", target, timedelta(hours=2)) for target in TARGETS),
        Row(SUPPORT_HOURS),
        Row(CONTACT_LIMIT, limit=3),
        Row(ENTITLEMENT, entitlement="updates", amount=1),
    ]
    sold = {each.code: each for each in CATALOGUE.entitlements}
    agreed = exceptions_of(rows, ["P1"], sold)
    for tier in (BASIC, agreed.applied_to(BASIC)):
        yield from differences(agreed, tier, sold)


def of_entitlements() -> Iterator[Sentence]:
    sold = replace(BASIC, entitlements={"training": 8, "updates": 2, "end": 1})
    end = SoldEntitlement("end", "Вопросы")
    for asked, tier, remaining in (
        (TRAINING, BASIC, None),
        (UPDATES, BASIC, None),
        (end, sold, None),
        (TRAINING, sold, None),
        (TRAINING, sold, Decimal("2.5")),
        (UPDATES, sold, 1),
        (UPDATES, sold, 0),
    ):
        yield from said_to_client(guard(asked, tier, remaining, tiers=CATALOGUE.tiers))


def of_upgrades() -> Iterator[Sentence]:
    nothing = replace(
        BASIC,
        registration_channels=frozenset(),
        answer_channels=frozenset(),
        entitlements={},
        response_targets={},
    )
    longer = replace(
        BASIC, windows=tuple(Window(day, 0, 23 * HOUR) for day in range(5))
    )
    slow, fast = (
        replace(
            BASIC, further_targets={each: {"P1": length} for each in FURTHER_TARGETS}
        )
        for length in (timedelta(hours=8), timedelta(hours=1, minutes=30))
    )
    trained = replace(BASIC, entitlements={"training": Decimal("7.5")})
    with_messengers = replace(
        BASIC,
        registration_channels=frozenset({"telegram"}),
        answer_channels=frozenset({"telegram"}),
    )
    for tier, higher in (
        (BASIC, trained),
        (BASIC, slow),
        (slow, fast),
        (nothing, BASIC),
        (nothing, PREMIUM),
        (BASIC, BUSINESS),
        (BASIC, longer),
        (BUSINESS, PREMIUM),
        (nothing, with_messengers),
    ):
        yield from what_it_adds(tier, higher, [*CATALOGUE.entitlements, TRAINING])


OPENING = NOW.replace(hour=6, minute=0)


def standing(
    target: str, *happened: tuple[Event, float], start: float = 0, now: float
) -> Iterator[Promised]:
    """A promise of four hours after events at hours since Friday's opening."""
    instants = [(event, OPENING + timedelta(hours=at)) for event, at in happened]
    log = since(
        OPENING + timedelta(hours=start), [Happening(*each) for each in instants]
    )
    for run in runs_of(target, log):
        now_at = OPENING + timedelta(hours=now)
        four_hours = timedelta(hours=4)
        response = measure(plan_of().calendar, four_hours, run, now=now_at)
        yield Promised(target, response, run)


def of_states() -> Iterator[Sentence]:
    for target, start, passed, settled, later in product(
        TARGETS,
        # Before support opens, when it does, and so that it is due when it closes, or
        # that it closes at once.
        (-9, 0, 5, 8.995),
        (0, 0.01, 1, 3.999, 5, 11),
        (Event.ANSWERED, Event.RESOLVED, Event.CLOSED, Event.PAUSED, None),
        (0, 5),
    ):
        asked = [(Event.ANSWERED, start), (Event.CUSTOMER_WROTE, start)]
        happened = asked if target == NEXT_ANSWER else []
        if settled:
            happened = [*happened, (settled, start + passed)]
        now = start + passed + later
        for promised in standing(target, *happened, start=start, now=now):
            for is_closed, reason in ((False, None), (True, None), (True, "Spam")):
                yield state_in_few_words(
                    promised,
                    now=OPENING + timedelta(hours=now),
                    is_closed=is_closed,
                    closing_reason=reason,
                )


def of_readiness() -> Iterator[Sentence]:
    bare = replace(
        BASIC,
        response_targets={"P1": timedelta(hours=4)},
        registration_channels=frozenset(),
        answer_channels=frozenset(),
        authorized_contact_limit=0,
    )
    seated = plan_of(seats=(Seat(ANNA), Seat(BORIS)))
    twice = plan_of(seats=(Seat(ANNA), Seat(ANNA)))
    steps = (
        readiness.tiers_step([], [], ()),
        readiness.tiers_step([bare], ["P1", "P2", "P3"], (), ["P4"]),
        readiness.plans_step([], NOW),
        *(
            readiness.plans_step([each], NOW)
            for each in (
                plan_of(status="Draft"),
                plan_of(status="Suspended"),
                plan_of(starts_on=date(2027, 1, 1)),
                plan_of(ends_on=date(2026, 2, 1)),
            )
        ),
        readiness.plans_step([plan_of(), plan_of(name="П-2")], NOW),
        readiness.next_year_step([("Россия", 2027)], [(plan_of(), 2027)]),
        readiness.contacts_step([], (), NOW),
        readiness.contacts_step([plan_of(seats=())], (), NOW),
        readiness.contacts_step([twice], (), NOW),
        readiness.contacts_step([seated], (), NOW),
        readiness.contacts_step([seated], (ANNA, BORIS), NOW, {CUSTOMER: ()}),
        readiness.tiers_step([BASIC], (), {"Basic"}, changed={"Basic"}),
        readiness.categories_step({}),
        readiness.calendar_step(are_holidays_known=False),
        readiness.agents_step(0, ["Анна"]),
        readiness.agents_step(1, teams={"Эксперты": 0}),
        readiness.trial_step(is_in_force=False, was_accepted=False),
        readiness.trial_step(is_in_force=True, was_accepted=False),
        readiness.trial_step(True, was_accepted=True, is_there="12"),
        readiness.agent_form_step(["Тариф"]),
        readiness.unused_tiers_step(CATALOGUE.tiers, {"Basic"}),
        readiness.outgoing_step(sends_by_default=False),
        readiness.outgoing_step(sends_by_default=False, others=["Ящик"]),
        readiness.mailbox_step([]),
        readiness.mailbox_step([readiness.Mailbox("Ящик", receives=False)]),
        readiness.chatbot_step([], requests_came=False),
        *(
            readiness.chatbot_step(
                [readiness.ChatKey("Бот", *key)], requests_came=False
            )
            for key in ((True, True), (True, False), (False, False))
        ),
        readiness.escalation_step((), ()),
        readiness.terms_step({"12": of_unknown_format()}),
    )
    for step in steps:
        yield from (missing.sentence for missing in step.missing)


def of_samples() -> Iterator[Sentence]:
    yield from map(Sentence, (samples.SEATED, samples.COLLEAGUE, *samples.CUSTOMERS))
    for client in samples.sample_clients(CATALOGUE.tiers):
        yield Sentence(client.customer)
        for each in client.requests:
            yield from map(Sentence, (each.subject, each.text))


def of_findings() -> Iterator[Sentence]:
    """Made of values of the types with which the checks make them."""
    values = {
        "tier": TierName("Basic"),
        "priorities": ("P2", "P3"),
        "length": Elapsed(minutes=1),
        "evening": Window(0, 9 * HOUR, 24 * HOUR - 60),
        "morning": Window(1, 0, 9 * HOUR),
        "before": "П-1",
        "after": "П-2",
        "priority": "P4",
        "category": Name("Incident"),
        "count": 2,
        "plan": "П-1",
        "other": "П-2",
        "customer": CUSTOMER,
        "why": UnknownName("tier", "Typed", allowed=("Basic",)).sentence,
        "day": TODAY,
        "seats": 3,
        "limit": 2,
        "contact": Contact(ANNA),
        "contacts": (ANNA, BORIS),
        "customers": (CUSTOMER, "ООО «Иной»"),
        "others": (Contact(BORIS),),
        "address": "почта",
        "name": "Россия",
        "year": 2027,
        "ticket": "12",
        "stored": NOW,
        "counted": NOW,
        "zone": "Europe/Berlin",
        "version": "2026",
        "agreement": "Beesender Basic",
        "account": "Ящик",
        "start": NOW,
        "end": NOW,
    }
    for code in CODES.values():
        for template in (code.sentence, code.what_to_do):
            named = [name for _text, name, *_ in Formatter().parse(template) if name]
            yield Sentence(template, {name: values[name] for name in named})


def of_unknown_format() -> Sentence:
    with pytest.raises(errors.UnknownFormat) as refusal:
        Terms.from_dict({"format": 9})
    return refusal.value.sentence


def of_errors() -> Iterator[Sentence]:
    for make in REFUSED:
        with pytest.raises(errors.PolicyError) as refusal:
            make()
        yield refusal.value.sentence
    yield of_unknown_format()
    # Only what the command reads is refused like this, and it speaks English.
    yield errors.InvalidValue("on", "Typed", allowed=("P1", "P2")).sentence
    yield errors.PolicyError("on", "Typed").sentence
    yield errors.ChannelInUse("name", Channel("skype")).sentence
    yield errors.NoDay("date", "Typed").sentence
    yield errors.NoOrigin("allowed_origins", "Typed").sentence
    yield errors.NoColour("colour", "Typed").sentence
    yield errors.NoReason("reason", "").sentence
    yield errors.NotAnAddress("contact", "Анна").sentence
    yield errors.AmbiguousDate("date", "3/4/2026").sentence
    for error in (
        doubts.NothingSaid,
        doubts.NotListed,
        doubts.SeveralNamed,
        doubts.RepeatedRow,
        doubts.GoneThere,
        doubts.OfTheStaff,
    ):
        yield error("on", "Typed").sentence
    yield errors.NoShares("warning_percents", "50, 100").sentence
    yield errors.UnknownName("tier", "Typed", allowed=("Basic", "Premium")).sentence


def category_with(*rules: PriorityRule) -> Category:
    return Category("Incident", True, rules)


def matrix_with(*rules: ImpactRule) -> ImpactMatrix:
    return ImpactMatrix(rules)


WAITING = INCIDENT.impact.rules[0].affected
SEATS_OF_THREE = plan_of(seats=(Seat(ANNA), Seat(BORIS), Seat("Вера")))
SEATED_TWICE = plan_of(seats=(Seat(ANNA), Seat(ANNA)))
REFUSED = (
    lambda: check_of_support("on_duty", ["Typed"], ()),
    lambda: check_team("Typed", is_disabled=True),
    lambda: Rule("Typed", "Typed", BREACH, NOW),
    lambda: Calendar("UTC", AROUND_THE_CLOCK).is_open(datetime(2026, 11, 20)),
    lambda: Calendar("Europe", AROUND_THE_CLOCK),
    *(lambda day=day: Window(day, 0, 25 * HOUR) for day in range(8)),
    *(
        lambda day=day: Calendar("UTC", (Window(day, 0, 9), Window(day, 8, 10)))
        for day in range(7)
    ),
    lambda: Holiday(TODAY, "", 5, 4),
    lambda: YearlyHoliday(13, 1),
    lambda: Calendar("UTC", ()),
    lambda: Calendar(
        "UTC",
        (Window(0, 0, HOUR),),
        yearly_holidays=tuple(
            YearlyHoliday(month, day)
            for month in range(1, 13)
            for day in range(1, 32)
            if (month, day) not in _NO_DATES
        ),
    ),
    lambda: Calendar("UTC", AROUND_THE_CLOCK).is_open(NOW.replace(year=9000)),
    lambda: limits.check_days(plan_of(starts_on=date(3000, 11, 23))),
    lambda: Calendar("UTC", AROUND_THE_CLOCK).add(NOW, timedelta(days=-1)),
    lambda: replace(BASIC, response_targets={"P1": timedelta()}),
    lambda: replace(BASIC, response_targets={"P1": timedelta(hours=9000.5)}),
    lambda: limits.response_targets_of([("P1", "-1")]),
    lambda: limits.response_targets_of([("P1", "1"), ("P1", "1")]),
    lambda: limits.decimal_number("fee_percent", "Typed", 0, 100),
    lambda: limits.decimal_number("fee_percent", "-1", 0, 100),
    lambda: limits.whole_number("rank", "1.5", 0, 100),
    lambda: support_fee(Decimal(-1), Decimal(1)),
    lambda: limits.check_name("name", ""),
    lambda: limits.check_tier(replace(BASIC, answer_channels=frozenset()), {}),
    lambda: limits.check_tier(BASIC, {"Premium": BASIC.rank}),
    lambda: limits.check_holidays([Holiday(TODAY), Holiday(TODAY)]),
    lambda: WorkingDay(TODAY, "", 9, 8),
    lambda: limits.check_part_of_day(TODAY, True, False),
    lambda: limits.check_success_manager("Вера", is_enabled=False, is_staff=True),
    lambda: plan_of(ends_on=date(2025, 1, 1)),
    lambda: Seat(ANNA, TODAY, date(2025, 1, 1)),
    lambda: plan_of(status="Typed"),
    lambda: category_with(),
    lambda: category_with(PriorityRule("P1", True), PriorityRule("P1")),
    lambda: category_with(PriorityRule("P1")),
    lambda: matrix_with(ImpactRule(ANNA, "P1"), ImpactRule(ANNA, "P1")),
    lambda: matrix_with(ImpactRule(ANNA, "P1", YES)),
    lambda: replace(
        CONSULTATION,
        impact=matrix_with(ImpactRule(WAITING, "P1")),
        asks_impact=True,
    ),
    lambda: check_day(plan_of(), CONSUME, date(2027, 1, 1), TODAY),
    lambda: check_day(plan_of(status="Suspended"), CONSUME, TODAY, TODAY),
    lambda: Ledger(COUNT, Decimal(1), ()).reserve(Decimal(2)),
    lambda: Ledger(COUNT, Decimal(1), ()).reverse("Typed"),
    lambda: check_seats(SEATS_OF_THREE, None, TODAY),
    lambda: check_seats(SEATED_TWICE, None, TODAY),
    lambda: check_overlap(plan_of(), [plan_of(name="П-2")]),
    lambda: limits.amounts_of([("updates", 1), ("updates", 2)], ENTITLEMENTS),
    lambda: limits.amounts_of([("Typed", 1)], ENTITLEMENTS),
    lambda: limits.amounts_of(
        [("updates", 1)], {"updates": replace(UPDATES, enabled=False)}
    ),
    lambda: followed({"updates": 1}, {}, {"updates": 2}, {}),
    lambda: limits.check_unused("name", "Basic", ["П-1", "П-2"]),
    lambda: exceptions_of([Row(CONTACT_LIMIT)] * 2, (), ()),
    lambda: SoldChannel("Typed,", "Typed"),
    lambda: check_offered("answer_channels", {"skype"}, ["portal", "email"]),
    lambda: check_logged("portal", by_code(SHIPPED)),
)
_NO_DATES = {(2, 30), (2, 31), (4, 31), (6, 31), (9, 31), (11, 31)}


@cache
def sentences() -> tuple[Sentence, ...]:
    made = (
        of_admission(),
        of_held_requests(),
        of_concerns(),
        of_seats(),
        of_triage(),
        of_further_targets(),
        of_priorities(),
        of_impact(),
        of_conversations(),
        of_answer_channels(),
        of_exceptions(),
        of_entitlements(),
        of_upgrades(),
        of_states(),
        of_readiness(),
        of_samples(),
        of_findings(),
        of_renewals(),
        of_errors(),
    )
    return tuple(sentence for kind in made for sentence in kind)


# In Russian


@cache
def catalogue() -> dict[str, str]:
    path = resources.files("beesender_support").joinpath("locale", "ru.po")
    with path.open("rb") as file:
        messages = read_po(file, locale="ru")
    return {each.id: each.string for each in messages if each.string and not each.fuzzy}


def translate(message: str) -> str:
    return catalogue().get(message, message)


RUSSIAN = Reader(locale_of("ru"), translate)
# On a site a field is called as the form calls it.
RENDERER = RUSSIAN.renderer.showing({Field: lambda field: f"Поле {field.row}".rstrip()})


def in_russian(given: Iterable[Sentence]) -> set[str]:
    """Rendered; no-break spaces, of which versions of Babel differ, are plain ones."""
    return {re.sub(r"\s", " ", RENDERER.render(each)) for each in given}


def values_in(sentence: Sentence) -> Iterator[object]:
    for value in sentence.context.values():
        value = getattr(value, "value", value)
        yield value
        if isinstance(value, Sentence):
            yield value.template
            yield from values_in(value)


def test_every_sentence_and_name_that_the_policy_marks_is_made_here():
    marked = set()
    for maker in MAKERS:
        folder = maker if maker.is_dir() else maker.parent
        for name, _line, message, *_rest in extract_from_dir(folder):
            path = folder / name
            if path.is_relative_to(maker) and path != CATALOGUE_FILE:
                marked.add(message)
    made = {sentence.template for sentence in sentences()}
    made |= {str(each) for sentence in sentences() for each in values_in(sentence)}
    made |= set(CHANNEL_NAMES.values())
    assert len(marked) > 80
    assert marked - made == set()


def test_every_error_is_made_here():
    def below(error: type) -> Iterator[type]:
        yield error
        for each in error.__subclasses__():
            yield from below(each)

    templates = {sentence.template for sentence in of_errors()}
    assert {each.template for each in below(errors.PolicyError)} <= templates


def test_every_sentence_is_translated():
    templates = {sentence.template for sentence in sentences()}
    assert sorted(each for each in templates if each not in catalogue()) == []


@pytest.mark.parametrize(
    "names",
    [ASKED_STATES, CHANNEL_NAMES, REASON_NAMES, FIELD_NAMES],
    ids=["states", "channels", "reasons", "fields"],
)
def test_every_name_is_translated(names):
    assert [each for each in names.values() if each not in catalogue()] == []


def test_no_value_is_left_out():
    for text in in_russian(sentences()):
        assert not set("{}") & set(text), text
        assert "None" not in text, text


def test_every_word_is_russian():
    """So no weekday, month, category, channel or unit of English is left."""
    for text in in_russian(sentences()):
        latin = set(re.findall(r"[A-Za-z][A-Za-z_'-]+", text))
        assert latin <= PROPER_NAMES, text


def test_what_english_has_in_a_sentence_russian_has_too():
    """A value that a translation forgot would not be missed by the tests above."""
    for sentence in sentences():
        for key in re.findall(r"{(\w+)}", sentence.template):
            assert f"{{{key}}}" in translate(sentence.template), sentence.template


@pytest.mark.parametrize(
    ("sentences_of", "text"),
    [
        (
            of_triage,
            "Тариф Basic: ответ на P1 в течение 4 ч времени поддержки (пн-пт 09:00-18:00,"
            " GMT+3), до пн, 23 нояб. 2026 г., 12:30.",
        ),
        (
            of_triage,
            "Тариф Basic: ответ на P1 в течение 20 мин времени поддержки (пт 09:00-13:00 и"
            " 14:00-18:00, GMT+3), до пт, 20 нояб. 2026 г., 17:50.",
        ),
        (
            of_triage,
            "«Консультация» допускает P3, P4, поэтому вместо P1 установлен P3.",
        ),
        (
            of_admission,
            "Тариф Basic не принимает обращения через чат-бот. Он принимает их через:"
            " портал, электронная почта.",
        ),
        (
            of_answer_channels,
            "В тариф Basic ответы через телефон не входят. Входят: портал, электронная"
            " почта. Руководитель агентов может разрешить это для одного обращения, указав"
            " причину.",
        ),
        (
            of_errors,
            "Поле: Понедельник 00:00:08-00:00:10 пересекается с Понедельник"
            " 00:00-00:00:09. Объедините их или сократите одно.",
        ),
        (
            of_errors,
            "Поле P1: 9000,5 ч — не срок. Укажите больше нуля часов, не больше 8784.",
        ),
        (
            of_readiness,
            "Обращение 12 и подобные ему: условия формата 9 неизвестны",
        ),
    ],
)
def test_a_sentence_reads_well(sentences_of, text):
    assert text in in_russian(sentences_of())
