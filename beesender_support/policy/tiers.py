"""What is sold and to whom: tiers, plans, seats, categories and priorities.

The values here are frozen and refuse nonsense where they are made. ``CATALOGUE`` is what
the vendor offers; the command prints it and the installer writes it as first data.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType

from beesender_support.policy.addresses import normalize_address
from beesender_support.policy.errors import (
    InvalidTarget,
    Negative,
    NoSingleDefault,
    OutOfRange,
    PlanOverlap,
    RepeatedPriority,
    TooEarly,
    UnknownName,
)
from beesender_support.policy.sentences import marked as _
from beesender_support.policy.working_time import (
    AROUND_THE_CLOCK,
    HOUR,
    Calendar,
    Holiday,
    Window,
    calendar_of,
)

PORTAL, EMAIL, CHATBOT, WIDGET, AGENT = (
    "portal",
    "email",
    "chatbot",
    "widget",
    "agent",
)
CHANNELS = (PORTAL, EMAIL, CHATBOT, WIDGET, AGENT)
REGISTRATION_CHANNELS = (PORTAL, EMAIL, CHATBOT, WIDGET)
ANSWER_CHANNELS = (PORTAL, EMAIL, "phone", "skype")
ENTITLEMENTS = (
    "administrator_questions",
    "end_user_questions",
    "success_manager_in_person",
    "developer_consultation",
    "licence_maintenance",
)
DRAFT, ACTIVE, SUSPENDED, EXPIRED = "Draft", "Active", "Suspended", "Expired"
PLAN_STATUSES = (DRAFT, ACTIVE, SUSPENDED, EXPIRED)
MOST_FEE_PERCENT = 100
# A year around the clock; longer is no promise, and Helpdesk would count it day by day.
MOST_TARGET_HOURS = 8_784
MOST_TARGET = timedelta(hours=MOST_TARGET_HOURS)
OFFERED_TIME_ZONES = ("GMT+1", "GMT+2", "GMT+3", "GMT+8", "GMT+10", "GMT-2")


@dataclass(frozen=True, slots=True)
class Priority:
    """A promise level: ``code`` P1 is the most urgent. ``ticket_priority`` is the
    helpdesk's name for it."""

    code: str
    ticket_priority: str
    meaning: str


@dataclass(frozen=True, slots=True)
class PriorityRule:
    """A priority that a category allows, and when to choose it."""

    priority: str
    is_default: bool = False
    when_to_use: str = ""


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of request. It allows at least one priority, and one is the default.

    ``description_template`` is what its description has to answer: one question a line.
    """

    name: str
    promises_response: bool
    priority_rules: tuple[PriorityRule, ...]
    meaning: str = ""
    description_template: str = ""

    def __post_init__(self) -> None:
        codes = [rule.priority for rule in self.priority_rules]
        if not codes or len(set(codes)) != len(codes):
            raise RepeatedPriority("priority_rules", ", ".join(codes) or "-")
        if sum(rule.is_default for rule in self.priority_rules) != 1:
            raise NoSingleDefault("is_default", self.name)

    @property
    def allowed_priorities(self) -> tuple[str, ...]:
        """Codes, most urgent first."""
        return tuple(sorted(rule.priority for rule in self.priority_rules))

    @property
    def questions(self) -> tuple[str, ...]:
        """What a description of this category has to answer."""
        lines = map(str.strip, self.description_template.splitlines())
        return tuple(filter(None, lines))

    @property
    def default_priority(self) -> str:
        return next(rule.priority for rule in self.priority_rules if rule.is_default)

    def settle_priority(self, asked: str | None) -> str:
        """The priority a request gets: as asked where allowed, else the highest allowed
        one that is no higher than asked; the default where nothing was asked."""
        if not asked:
            return self.default_priority
        allowed = self.allowed_priorities
        return next((code for code in allowed if code >= asked), allowed[-1])


@dataclass(frozen=True, slots=True)
class Tier:
    """A level of support as sold.

    ``windows`` are in the plan's zone. ``response_targets`` maps a priority code to
    working time. A limit of ``updates_per_year`` is a number of updates in a contract
    year.
    """

    name: str
    rank: int
    fee_percent: Decimal
    windows: tuple[Window, ...]
    response_targets: Mapping[str, timedelta] = field(hash=False)
    authorized_contact_limit: int
    updates_per_year: int
    registration_channels: frozenset[str]
    answer_channels: frozenset[str]
    entitlements: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for priority, target in self.response_targets.items():
            if not timedelta() < target <= MOST_TARGET:
                raise InvalidTarget(
                    f"response_targets {priority}", target, most=MOST_TARGET_HOURS
                )
        for name in ("fee_percent", "authorized_contact_limit", "updates_per_year"):
            if getattr(self, name) < 0:
                raise Negative(name, getattr(self, name))
        if self.fee_percent > MOST_FEE_PERCENT:
            raise OutOfRange(
                "fee_percent", self.fee_percent, least=0, most=MOST_FEE_PERCENT
            )
        for name, allowed in (
            ("registration_channels", REGISTRATION_CHANNELS),
            ("answer_channels", ANSWER_CHANNELS),
            ("entitlements", ENTITLEMENTS),
        ):
            for value in getattr(self, name) - set(allowed):
                raise UnknownName(name, value, allowed=", ".join(allowed))
        object.__setattr__(self, "windows", tuple(sorted(self.windows)))
        calendar_of("UTC", self.windows)
        object.__setattr__(
            self, "response_targets", MappingProxyType(dict(self.response_targets))
        )

    @property
    def around_the_clock(self) -> bool:
        return self.windows == AROUND_THE_CLOCK


def same_contact(contact: str) -> str:
    """What two spellings of one contact share. A contact is an address, or on a site
    the name of a record; names are compared without regard to case."""
    return normalize_address(contact)


@dataclass(frozen=True, slots=True)
class Seat:
    """A contact's right to ask for support; both dates inclusive, either may be open.

    A seat that a downgrade left beyond the limit is suspended until there is room. One
    that somebody ended has no right left since ``ended_at``, an instant on its last day.
    """

    contact: str
    from_date: date | None = None
    to_date: date | None = None
    is_suspended: bool = False
    ended_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.from_date and self.to_date and self.to_date < self.from_date:
            raise TooEarly("to_date", self.to_date, earliest=self.from_date)

    def has_started(self, today: date) -> bool:
        return self.from_date is None or self.from_date <= today

    def has_ended(self, today: date) -> bool:
        """Whether nothing is left of it on ``today``; whoever ends a seat ends it now."""
        return self.ended_at is not None or (
            self.to_date is not None and self.to_date < today
        )

    def meets(self, other: "Seat") -> bool:
        """Whether both are of one contact and share a day."""
        return (
            same_contact(self.contact) == same_contact(other.contact)
            and (self.to_date is None or other.has_started(self.to_date))
            and (other.to_date is None or self.has_started(other.to_date))
        )

    def is_active(self, today: date) -> bool:
        return (
            not self.is_suspended
            and self.has_started(today)
            and not self.has_ended(today)
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """A tier sold to a customer. Dates are judged in the plan's zone; ``ends_on`` is
    inclusive and may be open; ``success_manager`` is whoever looks after the customer.
    """

    name: str
    customer: str
    tier: Tier
    time_zone: str
    starts_on: date
    ends_on: date | None = None
    status: str = ACTIVE
    seats: tuple[Seat, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    success_manager: str | None = None

    calendar: Calendar = field(init=False, repr=False, compare=False)
    _seats_by_contact: dict[str, tuple[Seat, ...]] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        if self.status not in PLAN_STATUSES:
            raise UnknownName("status", self.status, allowed=", ".join(PLAN_STATUSES))
        if self.ends_on and self.ends_on < self.starts_on:
            raise TooEarly("ends_on", self.ends_on, earliest=self.starts_on)
        derive = object.__setattr__
        calendar = calendar_of(self.time_zone, self.tier.windows, self.holidays)
        derive(self, "calendar", calendar)
        by_contact: dict[str, tuple[Seat, ...]] = {}
        for seat in self.seats:
            contact = same_contact(seat.contact)
            by_contact[contact] = (*by_contact.get(contact, ()), seat)
        derive(self, "_seats_by_contact", by_contact)

    def today(self, instant: datetime) -> date:
        """The date at ``instant`` in the plan's zone."""
        return instant.astimezone(self.calendar.zone).date()

    def has_started(self, instant: datetime) -> bool:
        return self.starts_on <= self.today(instant)

    def has_ended(self, instant: datetime) -> bool:
        return self.status == EXPIRED or (
            self.ends_on is not None and self.ends_on < self.today(instant)
        )

    def is_in_force(self, instant: datetime) -> bool:
        return (
            self.status == ACTIVE
            and self.has_started(instant)
            and not self.has_ended(instant)
        )

    def seats_of(self, contact: str) -> tuple[Seat, ...]:
        return self._seats_by_contact.get(same_contact(contact), ())

    def active_seats(self, day: date) -> tuple[Seat, ...]:
        """One for each contact: whoever was merged into another takes no second seat."""
        active: dict[str, Seat] = {}
        for seat in self.seats:
            if seat.is_active(day):
                active.setdefault(same_contact(seat.contact), seat)
        return tuple(active.values())

    def most_seats_from(self, day: date) -> int:
        """The most seats that are active at once on ``day`` or any later day."""
        days = {day, *(seat.from_date for seat in self.seats if seat.from_date)}
        return max(len(self.active_seats(each)) for each in days if each >= day)

    def overlaps(self, other: "Plan") -> bool:
        """Whether both could be in force on one day."""
        return (
            self.status == other.status == ACTIVE
            and (self.ends_on is None or other.starts_on <= self.ends_on)
            and (other.ends_on is None or self.starts_on <= other.ends_on)
        )

    def shared_days(self, other: "Plan") -> tuple[date, date]:
        """The first and last day on which both could be in force, if they overlap."""
        return (
            max(self.starts_on, other.starts_on),
            min(self.ends_on or date.max, other.ends_on or date.max),
        )


def check_overlap(
    plan: Plan, others: Iterable[Plan], before: Plan | None = None
) -> None:
    """Raise PlanOverlap if another plan of the customer is in force on the same day.

    A plan that shared days with the other ``before``, since their customers were merged
    for example, is let be where it shares no other days now: it can be mended.
    """
    for other in others:
        if other.name == plan.name or not plan.overlaps(other):
            continue
        if before is None or not _shares_no_more(plan, before, other):
            raise PlanOverlap("starts_on", plan.starts_on, other=other.name)


def _shares_no_more(plan: Plan, before: Plan, other: Plan) -> bool:
    if not before.overlaps(other):
        return False
    first, last = plan.shared_days(other)
    first_before, last_before = before.shared_days(other)
    return first_before <= first and last <= last_before


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the vendor offers, findable by name without regard to case."""

    tiers: tuple[Tier, ...]
    categories: tuple[Category, ...]
    priorities: tuple[Priority, ...]

    def tier(self, name: str) -> Tier:
        return _find("tier", name, {each.name: each for each in self.tiers})

    def category(self, name: str) -> Category:
        return _find("category", name, {each.name: each for each in self.categories})

    def priority(self, code: str) -> Priority:
        return _find("priority", code, {each.code: each for each in self.priorities})


def _find(kind: str, name: str, named: Mapping[str, object]):
    wanted = name.strip().casefold()
    for key, value in named.items():
        if key.casefold() == wanted:
            return value
    raise UnknownName(kind, name, allowed=", ".join(named))


def _weekly(days: Iterable[int]) -> tuple[Window, ...]:
    return tuple(Window(day, 9 * HOUR, 18 * HOUR) for day in days)


def _targets(p1: int, others: int) -> dict[str, timedelta]:
    hours = {"P1": p1, "P2": others, "P3": others, "P4": others}
    return {code: timedelta(hours=each) for code, each in hours.items()}


# The vendor's service description. Its table lost the tick marks of the entitlements and
# says "up to" of the updates: those two are assumptions, marked so wherever shown.
CATALOGUE = Catalogue(
    tiers=(
        Tier(
            name="Basic",
            rank=1,
            fee_percent=Decimal(5),
            windows=_weekly(range(5)),
            response_targets=_targets(p1=4, others=8),
            authorized_contact_limit=2,
            updates_per_year=0,
            registration_channels=frozenset(REGISTRATION_CHANNELS),
            answer_channels=frozenset({PORTAL, EMAIL}),
            entitlements=frozenset({"administrator_questions"}),
        ),
        Tier(
            name="Business",
            rank=2,
            fee_percent=Decimal(12),
            windows=_weekly(range(7)),
            response_targets=_targets(p1=1, others=4),
            authorized_contact_limit=5,
            updates_per_year=2,
            registration_channels=frozenset(REGISTRATION_CHANNELS),
            answer_channels=frozenset({PORTAL, EMAIL, "phone"}),
            entitlements=frozenset(
                {
                    "administrator_questions",
                    "end_user_questions",
                    "licence_maintenance",
                }
            ),
        ),
        Tier(
            name="Premium",
            rank=3,
            fee_percent=Decimal(20),
            windows=AROUND_THE_CLOCK,
            response_targets=_targets(p1=1, others=2),
            authorized_contact_limit=15,
            updates_per_year=4,
            registration_channels=frozenset(REGISTRATION_CHANNELS),
            answer_channels=frozenset(ANSWER_CHANNELS),
            entitlements=frozenset(ENTITLEMENTS),
        ),
    ),
    categories=(
        Category(
            name=_("Consultation"),
            promises_response=True,
            priority_rules=(
                PriorityRule("P3", True, _("A question that holds up your work.")),
                PriorityRule("P4", False, _("A question that can wait.")),
            ),
            meaning=_(
                "Questions about how existing features work, about the products, business"
                " processes, chatbots or licences."
            ),
            description_template="\n".join(
                (
                    _("What do you want to achieve?"),
                    _("What have you done so far, step by step?"),
                    _("Who is affected?"),
                )
            ),
        ),
        Category(
            name=_("Incident"),
            promises_response=True,
            priority_rules=(
                PriorityRule(
                    "P1",
                    False,
                    _(
                        "The system is fully down, no operator is active, or licences ran out."
                    ),
                ),
                PriorityRule("P2", False, _("The system works only in part.")),
                PriorityRule(
                    "P3", True, _("A small fault: for example one channel is down.")
                ),
                PriorityRule("P4", False, _("A small fault that can wait.")),
            ),
            meaning=_(
                "Something in the product does not work: messages are not sent or received,"
                " chats are not created, a channel or an operator fails."
            ),
            description_template="\n".join(
                (
                    _("Steps that lead to the fault:"),
                    _("What you expected:"),
                    _("What happened instead:"),
                    _("Since when:"),
                    _("Who is affected?"),
                )
            ),
        ),
        Category(
            name=_("Paid enhancement request"),
            promises_response=False,
            priority_rules=(
                PriorityRule("P3", False, _("Needed for work already planned.")),
                PriorityRule("P4", True, _("An idea or a wish.")),
            ),
            meaning=_("A feature that the base product does not have."),
            description_template="\n".join(
                (
                    _("What should the product do?"),
                    _("How do you manage without it today?"),
                    _("Who would use it, and how often?"),
                )
            ),
        ),
    ),
    priorities=(
        Priority(
            "P1",
            "Urgent",
            _("The system is fully down, operators are inactive or licences ran out."),
        ),
        Priority("P2", "High", _("The system works, but only in part.")),
        Priority("P3", "Medium", _("A small fault, such as one channel down.")),
        Priority("P4", "Low", _("A question or a small fault that can wait.")),
    ),
)
