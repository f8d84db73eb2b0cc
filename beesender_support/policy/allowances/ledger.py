"""The ledger of an allowance: what of it is granted, reserved, used and left in a
contract year.

An allowance is an entitlement that is counted: a number of something, such as updates,
or hours. Entries are only added. A number is never exceeded; hours are noted as they
were worked, and what is beyond the allowance is billable.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from beesender_support.policy.errors import (
    AlreadyGivenBack,
    NothingLeft,
    OutOfRange,
    UnknownName,
)
from beesender_support.policy.plans.limits import decimal_number, whole_number
from beesender_support.policy.sentences import Name
from beesender_support.policy.sold.entitlements import COUNT, HOURS

COUNTED_UNITS = (COUNT, HOURS)
RESERVE, CONSUME, RELEASE = "Reserve", "Consume", "Release"
ACTIONS = (RESERVE, CONSUME, RELEASE)
MAX_COUNT, MAX_HOURS = 10_000, 8_784
NOTHING = Decimal(0)
_HUNDREDTH = Decimal("0.01")


def amount_of(unit: str, typed: object) -> Decimal:
    """The amount that was typed: of a number at least one and whole, of hours at least
    a hundredth, rounded half up to hundredths.

    Raises NoNumber, Negative, OutOfRange.
    """
    if unit == COUNT:
        number = Decimal(whole_number("amount", typed, 0, MAX_COUNT))
        least, most = Decimal(1), MAX_COUNT
    else:
        number = decimal_number("amount", typed, 0, MAX_HOURS)
        number = number.quantize(_HUNDREDTH, ROUND_HALF_UP)
        least, most = _HUNDREDTH, MAX_HOURS
    if number < least:
        raise OutOfRange("amount", number, least=least, most=most)
    return number


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the ledger.

    ``billable`` is the part of a consumption that the allowance did not cover. A
    consumption may fulfil a ``reservation``; a release gives back what is left of a
    ``reservation``, or the consumption that it ``reverses``.
    """

    name: str
    action: str
    amount: Decimal
    billable: Decimal = NOTHING
    reservation: str | None = None
    reverses: str | None = None

    def __post_init__(self) -> None:
        if self.action not in ACTIONS:
            raise UnknownName("action", self.action, allowed=tuple(map(Name, ACTIONS)))


def open_amount(entries: Iterable[Entry], reservation: str | None) -> Decimal:
    """What of a reservation is neither used nor given back; nothing of one that is not
    there. A consumption that is reversed does not open its reservation again."""
    reserved = taken = NOTHING
    for each in entries:
        if each.action == RESERVE and each.name == reservation:
            reserved += each.amount
        elif reservation is not None and each.reservation == reservation:
            taken += each.amount
    return max(reserved - taken, NOTHING)


class Split(NamedTuple):
    """What of a consumption the allowance covers, and what is billable."""

    included: Decimal
    billable: Decimal


class Balance(NamedTuple):
    """How an allowance stands in a contract year. ``used`` does not include what is
    billable."""

    granted: Decimal
    reserved: Decimal = NOTHING
    used: Decimal = NOTHING
    billable: Decimal = NOTHING

    @property
    def remaining(self) -> Decimal:
        """What may still be reserved or used; nothing where a lower tier grants less
        than was taken before."""
        return max(self.granted - self.reserved - self.used, NOTHING)


# Of a contract year that is over, in which nothing was taken: what was granted then is
# not known.
NOT_RECORDED = Balance(NOTHING)


class Ledger:
    """The entries of one allowance in one contract year, in which ``granted`` is
    granted of its ``unit``."""

    def __init__(self, unit: str, granted: Decimal, entries: Iterable[Entry]) -> None:
        self._unit = unit
        self._granted = granted
        self._entries = tuple(entries)
        self._reversed = {each.reverses for each in self._entries if each.reverses}

    @property
    def is_empty(self) -> bool:
        return not self._entries

    @property
    def balance(self) -> Balance:
        consumptions = [
            each
            for each in self._entries
            if each.action == CONSUME and each.name not in self._reversed
        ]
        return Balance(
            self._granted,
            reserved=_sum(self.open_amount(each.name) for each in self._entries),
            used=_sum(each.amount - each.billable for each in consumptions),
            billable=_sum(each.billable for each in consumptions),
        )

    def open_amount(self, reservation: str | None) -> Decimal:
        """What of a reservation is neither used nor given back."""
        return open_amount(self._entries, reservation)

    def reserve(self, amount: Decimal) -> None:
        """Raise NothingLeft for more than is left; also hours are reserved only as far
        as they are included."""
        self._refuse_beyond(self.balance.remaining, amount)

    def consume(self, amount: Decimal, reservation: str | None = None) -> Split:
        """What of a consumption is covered: by its reservation first, then by what is
        left. What was reserved before a lower tier stays covered.

        Raises NothingLeft for a number beyond that, AlreadyGivenBack for a reservation of
        which nothing is open.
        """
        if reservation is not None and not self.open_amount(reservation):
            raise AlreadyGivenBack("reservation", reservation)
        covered = self.balance.remaining + self.open_amount(reservation)
        if self._unit == COUNT:
            self._refuse_beyond(covered, amount)
        included = min(amount, covered)
        return Split(included, amount - included)

    def release(self, amount: Decimal, reservation: str) -> None:
        """Raise AlreadyGivenBack for a reservation of which nothing is open, OutOfRange
        for more than is."""
        left = self.open_amount(reservation)
        if not left:
            raise AlreadyGivenBack("reservation", reservation)
        if amount > left:
            raise OutOfRange("amount", amount, least=_least(self._unit), most=left)

    def reverse(self, consumption: str) -> Decimal:
        """The amount of a consumption, which is given back as a whole; what it left
        billable of others stays billable.

        Raises AlreadyGivenBack for one that is not there, or was reversed before.
        """
        for each in self._entries:
            is_it = each.name == consumption and each.action == CONSUME
            if is_it and each.name not in self._reversed:
                return each.amount
        raise AlreadyGivenBack("reverses", consumption)

    def _refuse_beyond(self, most: Decimal, amount: Decimal) -> None:
        if amount > most:
            raise NothingLeft("amount", amount, left=most, granted=self._granted)


def _least(unit: str) -> Decimal:
    return Decimal(1) if unit == COUNT else _HUNDREDTH


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, NOTHING)
