"""What may be entered: numbers, days and names as people and programs type them.

These limits apply when a record is saved. Values stored before a rule existed are still
read, so that no request fails because of them.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from itertools import combinations

from beesender_support.policy.calendar.holidays import (
    FIRST_YEAR,
    LAST_YEAR,
    Days,
    Holiday,
    WorkingDay,
)
from beesender_support.policy.errors import (
    HalfAHoliday,
    InvalidTarget,
    Negative,
    NoLongerOffered,
    NoName,
    NoNumber,
    NoSuccessManager,
    NothingListed,
    OutOfRange,
    OutOfReach,
    RepeatedEntitlement,
    RepeatedHoliday,
    RepeatedRank,
    RepeatedTarget,
    StillUsed,
    UnknownName,
)
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.sentences import Field, Name, TierName
from beesender_support.policy.sold.entitlements import (
    COUNT,
    YES_OR_NO,
    Amount,
    Amounts,
    SoldEntitlement,
)
from beesender_support.policy.sold.targets import (
    FIELD_OF_TARGET,
    FIRST_ANSWER,
    Lengths,
    Targets,
)
from beesender_support.policy.sold.tiers import MAX_FEE_PERCENT, MAX_TARGET_HOURS, Tier

MAX_NAME_LENGTH = 120
# What a column of the database holds with its decimals.
MAX_MONEY = 999_999_999
MAX_RANK, MAX_SEATS, MAX_UPDATES = 10_000, 100_000, 10_000
# What one entitlement may add up to in a contract year: a number, or hours.
MAX_AMOUNT = MAX_UPDATES
MAX_DAYS = 3_650
MAX_REQUESTS_A_MINUTE = 100_000
MIN_AT_RISK, MAX_AT_RISK = 1, 99
# A target that takes longer than this in the tier's own hours is not a promise.
MAX_WEEKS = 520
MIN_TARGET = timedelta(seconds=1)
# Of many names a sentence lists a few.
FEW = 5


def decimal_number(field: str, value: object, least: int, most: int) -> Decimal:
    """The number that was typed, ``least`` to ``most``; nothing typed is zero.

    Raises NoNumber, Negative, OutOfRange.
    """
    try:
        number = Decimal(str(value if value not in (None, "") else 0).strip())
    except InvalidOperation:
        raise NoNumber(field, _shortened(value)) from None
    if not number.is_finite():
        raise NoNumber(field, _shortened(value))
    if number < 0 <= least:
        raise Negative(field, _shortened(value))
    if not least <= number <= most:
        raise OutOfRange(field, _shortened(value), least=least, most=most)
    return number


def whole_number(field: str, value: object, least: int, most: int) -> int:
    """As ``decimal_number``, without a fraction."""
    number = decimal_number(field, value, least, most)
    if number != number.to_integral_value():
        raise OutOfRange(field, _shortened(value), least=least, most=most)
    return int(number)


def response_targets_of(rows: Iterable[tuple[str, object]]) -> Lengths:
    """As ``targets_of``, of the first answer alone."""
    only_first = ((priority, {FIRST_ANSWER: hours}) for priority, hours in rows)
    return targets_of(only_first).get(FIRST_ANSWER, {})


def targets_of(rows: Iterable[tuple[str, Mapping[str, object]]]) -> Targets:
    """Working time by target and priority code, of hours as typed by target.

    A target without hours is not sold; a priority needs one at least. Raises
    InvalidTarget, NoNumber, RepeatedTarget.
    """
    targets: dict[str, dict[str, timedelta]] = {}
    seen: set[str] = set()
    for priority, typed in rows:
        if priority in seen:
            raise RepeatedTarget(Field("response_targets", priority), priority)
        seen.add(priority)
        sold = {target: hours for target, hours in typed.items() if _is_typed(hours)}
        for target, hours in (sold or {FIRST_ANSWER: 0}).items():
            length = length_of(Field(FIELD_OF_TARGET[target], priority), hours)
            targets.setdefault(target, {})[priority] = length
    return targets


def lengths_of(field: str, typed: Iterable[tuple[str, object]]) -> Lengths:
    """Working time by priority code, of hours as typed.

    Raises InvalidTarget, NoNumber, RepeatedTarget.
    """
    lengths: dict[str, timedelta] = {}
    for priority, hours in typed:
        if priority in lengths:
            raise RepeatedTarget(field, priority)
        lengths[priority] = length_of(field, hours)
    return lengths


def _is_typed(hours: object) -> bool:
    return hours not in (None, "", 0)


def length_of(field: str, hours: object) -> timedelta:
    """The working time of a target, of hours as typed.

    Raises InvalidTarget, NoNumber.
    """
    try:
        number = Decimal(str(hours if hours not in (None, "") else 0).strip())
    except InvalidOperation:
        raise NoNumber(field, _shortened(hours)) from None
    if not (number.is_finite() and 0 < number <= MAX_TARGET_HOURS):
        raise InvalidTarget(field, _shortened(hours), most=MAX_TARGET_HOURS)
    target = timedelta(hours=float(number))
    if target < MIN_TARGET:
        raise InvalidTarget(field, _shortened(hours), most=MAX_TARGET_HOURS)
    return target


def amounts_of(
    rows: Iterable[tuple[str, object]],
    known: Mapping[str, SoldEntitlement],
    held: Container[str] = (),
) -> Amounts:
    """The amounts by entitlement, of rows as typed. ``held`` are those that the tier had
    before, which may be offered no longer.

    Raises NoNumber, Negative, OutOfRange, RepeatedEntitlement, UnknownName,
    NoLongerOffered.
    """
    amounts: dict[str, Amount] = {}
    for code, typed in rows:
        sold = known.get(code)
        if sold is None:
            allowed = tuple(Name(each.title) for each in known.values())
            raise UnknownName("entitlements", code, allowed=allowed)
        title = Name(sold.title)
        if code in amounts:
            raise RepeatedEntitlement("entitlements", title)
        if not (sold.enabled or code in held):
            raise NoLongerOffered("entitlements", title)
        amounts[code] = amount_of(sold, typed)
    return amounts


def amount_of(sold: SoldEntitlement, typed: object) -> Amount:
    """Raises NoNumber, Negative, OutOfRange."""
    field = Field("amount", sold.title)
    if sold.unit == YES_OR_NO:
        return whole_number(field, typed, 0, 1)
    if sold.unit == COUNT:
        return whole_number(field, typed, 0, MAX_AMOUNT)
    return decimal_number(field, typed, 0, MAX_AMOUNT)


def check_name(field: str, name: str | None) -> None:
    """Raise NoName for an empty name, or one too long to be named by others."""
    if not (name and name.strip()) or len(name) > MAX_NAME_LENGTH:
        raise NoName(field, name, most=MAX_NAME_LENGTH)


def title_of(field: str, typed: str | None, name: str) -> str:
    """The title that was typed, or the name. Raises NoName for one that is too long."""
    title = " ".join((typed or name).split()) or name
    if len(title) > MAX_NAME_LENGTH:
        raise NoName(field, title, most=MAX_NAME_LENGTH)
    return title


def check_sold(tier: Tier) -> None:
    """Raise NoLongerOffered for a tier that a plan may have only if it had it before."""
    if tier.no_longer_sold:
        raise NoLongerOffered("tier", TierName(tier.name))


def check_unused(field: str, title: str, users: Sequence[str]) -> None:
    """Raise StillUsed for something that others cannot do without; ``users`` are the
    first of them."""
    if users:
        raise StillUsed(field, Name(title), users=tuple(users[:FEW]))


def check_tier(tier: Tier, ranks: Mapping[str, int]) -> None:
    """Raise PolicyError for a tier that promises nothing, or something that cannot be
    kept.

    ``ranks`` are those of all tiers, by name.
    """
    check_name("name", tier.name)
    for field, listed in (
        ("response_targets", any(tier.targets.values())),
        ("registration_channels", tier.registration_channels),
        ("answer_channels", tier.answer_channels),
    ):
        if not listed:
            raise NothingListed(field, tier.name)
    check_reach(tier)
    for name, rank in ranks.items():
        if rank == tier.rank and name != tier.name:
            raise RepeatedRank("rank", rank, other=name)


def check_reach(tier: Tier) -> None:
    """Raise InvalidTarget for one that the support hours cannot reach in time."""
    weekly = timedelta(seconds=sum(each.end - each.start for each in tier.windows))
    most = min(MAX_TARGET_HOURS, MAX_WEEKS * weekly // timedelta(hours=1))
    for target, lengths in tier.targets.items():
        for priority, length in lengths.items():
            if length > MAX_WEEKS * weekly:
                field = Field(FIELD_OF_TARGET[target], priority)
                raise InvalidTarget(field, length, most=most)


def check_fee_percent(value: object) -> Decimal:
    return decimal_number("fee_percent", value, 0, MAX_FEE_PERCENT)


def check_days(plan: Plan) -> None:
    """Raise OutOfReach for a day outside the years that a calendar knows."""
    for field, day in (
        ("starts_on", plan.starts_on),
        ("ends_on", plan.ends_on),
        *(("from_date", seat.from_date) for seat in plan.seats),
        *(("to_date", seat.to_date) for seat in plan.seats),
        *(("date", day) for day in Days(plan.holidays, plan.working_days).dates),
    ):
        _refuse_out_of_reach(field, day)


def check_dates(days: Days) -> None:
    """Raise OutOfReach or RepeatedHoliday for dates of a plan or calendar that cannot be
    kept."""
    for day in days.dates:
        _refuse_out_of_reach("date", day)
    check_holidays(*days)


def _refuse_out_of_reach(field: str, day: date | None) -> None:
    if day and not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise OutOfReach(field, day, first=FIRST_YEAR, last=LAST_YEAR)


def check_part_of_day(day: date, has_start: bool, has_end: bool) -> None:
    """Raise HalfAHoliday where only one of the two times was given."""
    if has_start != has_end:
        raise HalfAHoliday("holidays", day)


def check_holidays(
    holidays: Iterable[Holiday], working_days: Sequence[WorkingDay] = ()
) -> None:
    """Raise RepeatedHoliday for two that close or open the same time of one date.

    A whole date is closed or worked; part of a working day may be closed, and part of a
    holiday worked.
    """
    for one, other in combinations(holidays := sorted(holidays), 2):
        if one.day == other.day and other.start < one.end and one.start < other.end:
            raise RepeatedHoliday("holidays", one.day)
    for worked, again in combinations(working_days, 2):
        if worked.day == again.day and _share_time(worked.hours, again.hours):
            raise RepeatedHoliday("holidays", worked.day)
    closed = {each.day for each in holidays if each.is_whole_day}
    for each in working_days:
        if each.hours is None and each.day in closed:
            raise RepeatedHoliday("holidays", each.day)


def _share_time(one: tuple[int, int] | None, other: tuple[int, int] | None) -> bool:
    if one is None or other is None:
        return one == other
    return one[0] < other[1] and other[0] < one[1]


def check_success_manager(
    user: str | None, *, is_enabled: bool, is_staff: bool
) -> None:
    """Raise NoSuccessManager for a user who is gone, or who is a client's."""
    if user and not (is_enabled and is_staff):
        raise NoSuccessManager("success_manager", user)


def _shortened(value: object) -> str:
    text = str(value)
    return text if len(text) <= 40 else f"{text[:40]}…"
