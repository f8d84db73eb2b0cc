"""What a row of another system's export becomes, or why it does not.

Rows are decided one by one, those of a kind after those they refer to: customers,
contacts, plans, tickets. All faults of a row are found at once. Nothing is guessed: a
word that has no meaning here, a date that could be two days or a name of two people put
the row in doubt, with what to do about it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from functools import partial
from typing import Any, NamedTuple, TypeVar

from beesender_support.policy.calendar.zones import time_zone
from beesender_support.policy.errors import (
    InvalidValue,
    PolicyError,
    TooEarly,
    UnknownName,
    UnknownTimeZone,
)
from beesender_support.policy.imports.dates import DateOrder, read_day, read_instant
from beesender_support.policy.imports.doubts import (
    Finding,
    GoneThere,
    NothingSaid,
    OfTheStaff,
    RepeatedRow,
    finding_of,
)
from beesender_support.policy.imports.mappings import EVERY_OTHER, ImportMapping
from beesender_support.policy.imports.people import People, Person
from beesender_support.policy.imports.sources import (
    CONTACTS,
    CUSTOMERS,
    GONE,
    PLANS,
    STAFF,
    TICKETS,
)
from beesender_support.policy.mail.addresses import (
    address_of,
    mailboxes_in,
    normalize_address,
)
from beesender_support.policy.plans.customer_names import comparable_name
from beesender_support.policy.plans.plan_state import ACTIVE, PLAN_STATUSES
from beesender_support.policy.plans.plans import Plan, Seat, check_overlap
from beesender_support.policy.sold.catalogue import Catalogue
from beesender_support.policy.sold.categories import Category
from beesender_support.policy.sold.channels import CHANNELS

Found = TypeVar("Found")

_SCHEMES = ("https://", "http://", "www.")
_MOST_MINUTES = 60 * 24 * 366 * 50


@dataclass(frozen=True, slots=True)
class ImportedCustomer:
    """``external_id`` is what the source knows it by, here and below."""

    external_id: str
    name: str
    domain: str


@dataclass(frozen=True, slots=True)
class ImportedContact:
    external_id: str
    name: str
    address: str
    phone: str
    customer: str | None


@dataclass(frozen=True, slots=True)
class ImportedPlan:
    """Of ``plan`` the status is what the source says; seats are addresses."""

    external_id: str
    plan: Plan


@dataclass(frozen=True, slots=True)
class ImportedTicket:
    """A past request; instants are aware. ``contact`` is an address."""

    external_id: str
    subject: str
    description: str
    customer: str
    contact: str | None
    contact_name: str
    category: Category
    priority: str | None
    channel: str
    opened_at: datetime
    first_responded_at: datetime | None
    resolved_at: datetime | None


Imported = ImportedCustomer | ImportedContact | ImportedPlan | ImportedTicket


class Decided(NamedTuple):
    """What a row became, None if it is in doubt or skipped, and what was found.

    A value may come with doubts about a part of it, such as a seat of nobody known.
    """

    value: Imported | None
    findings: tuple[Finding, ...]


class Importing:
    """Decides the rows of one import, in the order of ``KINDS``."""

    def __init__(
        self,
        mapping: ImportMapping,
        catalogue: Catalogue,
        people: People,
        zone: tzinfo | None = None,
        channels: tuple[str, ...] = CHANNELS,
    ) -> None:
        """``zone`` is that of stamps without an offset."""
        self._mapping = mapping
        self._catalogue = catalogue
        self._people = people
        self._zone = zone
        self._channels = channels
        self._seen: dict[str, set[str]] = defaultdict(set)
        self._plans: dict[str, list[Plan]] = defaultdict(list)
        self._deciders: Mapping[str, Callable[[_Row], Imported | None]] = {
            CUSTOMERS: self._customer,
            CONTACTS: self._contact,
            PLANS: self._plan,
            TICKETS: self._ticket,
        }

    def decide(self, kind: str, cells: Mapping[str, str]) -> Decided:
        """What a row of a file of ``kind`` becomes; ``cells`` has the text of each field
        that the file has."""
        row = _Row(cells, self._mapping)
        value = row.attempt(lambda: self._deciders[kind](row))
        return Decided(value, tuple(map(finding_of, row.faults)))

    # Kinds

    def _customer(self, row: "_Row") -> Imported | None:
        name = row.needed("name")
        external_id = row.text("id") or name
        self._refuse_repeated(CUSTOMERS, "name", name, comparable_name(name))
        self._people.add_customer(name, row.text("id"))
        return ImportedCustomer(external_id, name, _domain_of(row.text("domain")))

    def _contact(self, row: "_Row") -> Imported | None:
        name = row.text("name")
        if row.word("role") == STAFF:
            raise OfTheStaff("role", name or row.text("email"))
        said = row.needed("email")
        address = address_of(said)
        if address is None:
            raise InvalidValue("email", said, allowed="one address")
        self._refuse_repeated(CONTACTS, "email", said, normalize_address(address))
        customer = row.attempt(lambda: self._customer_of(row))
        if row.faults:
            return None
        name = name or address
        self._people.add_person(Person(address, name, customer), row.text("id"))
        external_id = row.text("id") or normalize_address(address)
        return ImportedContact(external_id, name, address, row.text("phone"), customer)

    def _plan(self, row: "_Row") -> Imported | None:
        order = self._mapping.order
        customer = row.attempt(
            lambda: self._people.customer("customer", row.needed("customer"))
        )
        tier = row.attempt(lambda: self._catalogue.tier(row.needed_word("tier")))
        zone = row.attempt(lambda: _zone_name(row.needed("time_zone")))
        starts_on = row.attempt(
            lambda: read_day("starts_on", row.needed("starts_on"), order)
        )
        ends_on = row.read_if_said("ends_on", _day_in(order))
        status = row.attempt(lambda: _status_of(row.word("status")))
        if None in (customer, tier, zone, starts_on) or row.faults:
            return None
        seats = self._seats(row, customer)
        external_id = row.text("id") or f"{customer} {starts_on}"
        plan = Plan(
            name=external_id,
            customer=customer,
            tier=tier,
            time_zone=zone,
            starts_on=starts_on,
            ends_on=ends_on,
            status=status,
            seats=seats,
        )
        self._refuse_repeated(PLANS, "id", external_id, external_id)
        others = self._plans[comparable_name(customer)]
        check_overlap(plan, others)
        others.append(plan)
        return ImportedPlan(external_id, plan)

    def _seats(self, row: "_Row", customer: str) -> tuple[Seat, ...]:
        """A seat for each contact that is known; the others are doubts about a part.

        ``*`` stands for all contacts of the customer.
        """
        found: dict[str, Seat] = {}
        for person in self._seated(row, customer):
            seat = Seat(person.address)
            found.setdefault(normalize_address(person.address), seat)
        return tuple(found.values())

    def _seated(self, row: "_Row", customer: str) -> Iterator[Person]:
        said = row.text("contacts")
        if said == EVERY_OTHER:
            yield from self._people.of(customer)
            return
        for each in mailboxes_in(said):
            find = partial(self._people.person, "contacts", [each], customer)
            if person := row.attempt(find):
                yield person

    def _ticket(self, row: "_Row") -> Imported | None:
        external_id = row.needed("id")
        if row.word("status") == GONE:
            raise GoneThere("status", row.text("status"))
        self._refuse_repeated(TICKETS, "id", external_id, external_id)
        customer = row.attempt(lambda: self._customer_of(row))
        contact = row.attempt(lambda: self._asker(row, customer))
        if customer is None and contact is not None:
            customer = contact.customer
        category = row.attempt(
            lambda: self._catalogue.category(row.needed_word("category"))
        )
        priority = row.attempt(lambda: self._priority(row.word("priority")))
        channel = row.attempt(lambda: self._channel(row.needed_word("channel")))
        times = row.attempt(lambda: self._times(row))
        if customer is None and not row.faults:
            row.attempt(lambda: row.needed("customer"))
        if customer is None or row.faults:
            return None
        return ImportedTicket(
            external_id,
            row.text("subject") or external_id,
            row.text("description"),
            customer,
            contact.address if contact else None,
            contact.name if contact else "",
            category,
            priority,
            channel,
            *times,
        )

    # Parts of a row

    def _refuse_repeated(self, kind: str, field: str, said: str, key: str) -> None:
        if key in self._seen[kind]:
            raise RepeatedRow(field, said)
        self._seen[kind].add(key)

    def _customer_of(self, row: "_Row") -> str | None:
        said = row.text("customer")
        return self._people.customer("customer", said) if said else None

    def _asker(self, row: "_Row", customer: str | None) -> Person | None:
        said = [row.text(each) for each in ("contact", "contact_id", "contact_name")]
        return self._people.person("contact", said, customer) if any(said) else None

    def _priority(self, word: str) -> str | None:
        if not word:
            return None
        return self._catalogue.priority(word).code

    def _channel(self, word: str) -> str:
        if word.casefold() in self._channels:
            return word.casefold()
        raise UnknownName("channel", word, allowed=self._channels)

    def _times(self, row: "_Row") -> tuple[datetime, datetime | None, datetime | None]:
        """When it was opened, first answered and solved; all that is impossible is
        reported."""
        read = _instant_in(self._zone, self._mapping.order)
        opened_at = read("opened_at", row.needed("opened_at"))
        answered_at = row.read_if_said("first_responded_at", read)
        resolved_at = row.read_if_said("resolved_at", read)
        if answered_at is None and (minutes := row.text("first_reply_minutes")):
            answered_at = opened_at + _minutes("first_reply_minutes", minutes)
        for field, instant in (
            ("first_responded_at", answered_at),
            ("resolved_at", resolved_at),
        ):
            if instant is not None and instant < opened_at:
                row.faults.append(TooEarly(field, instant, earliest=opened_at))
        return opened_at, answered_at, resolved_at


class _Row:
    """The cells of a row, and the faults found in it."""

    def __init__(self, cells: Mapping[str, str], mapping: ImportMapping) -> None:
        self._cells = cells
        self._mapping = mapping
        self.faults: list[PolicyError] = []

    def text(self, field: str) -> str:
        """The cell, or its default; empty if there is neither."""
        return self._cells.get(field) or self._mapping.defaults.get(field, "")

    def needed(self, field: str) -> str:
        if text := self.text(field):
            return text
        raise NothingSaid(field, "")

    def word(self, field: str) -> str:
        """What the word in the cell means here; empty if there is none."""
        text = self.text(field)
        return self._mapping.word(field, text) if text else ""

    def needed_word(self, field: str) -> str:
        self.needed(field)
        return self.word(field)

    def attempt(self, make: Callable[[], Any]) -> Any:
        """What ``make`` returns; None after noting what it refused."""
        try:
            return make()
        except PolicyError as error:
            self.faults.append(error)
            return None

    def read_if_said(
        self, field: str, read: Callable[[str, str], Found]
    ) -> Found | None:
        text = self.text(field)
        found: Found | None = self.attempt(lambda: read(field, text)) if text else None
        return found


def _day_in(order: DateOrder | None) -> Callable[[str, str], date]:
    return lambda field, text: read_day(field, text, order)


def _instant_in(
    zone: tzinfo | None, order: DateOrder | None
) -> Callable[[str, str], datetime]:
    return lambda field, text: read_instant(field, text, zone, order)


def _zone_name(text: str) -> str:
    try:
        time_zone(text)
    except UnknownTimeZone:
        raise UnknownTimeZone("time_zone", text) from None
    return text


def _status_of(word: str) -> str:
    named = {each.casefold(): each for each in PLAN_STATUSES}
    if not word:
        return ACTIVE
    if word.casefold() in named:
        return named[word.casefold()]
    raise UnknownName("status", word, allowed=PLAN_STATUSES)


def _minutes(field: str, text: str) -> timedelta:
    try:
        minutes = float(text.replace(",", "."))
    except ValueError:
        minutes = -1
    if 0 <= minutes <= _MOST_MINUTES:
        return timedelta(seconds=int(minutes * 60))
    raise InvalidValue(field, text, allowed="minutes such as 12")


def _domain_of(text: str) -> str:
    """The first domain in a cell with a web page, a domain or several."""
    words = text.replace(",", " ").replace(";", " ").split()
    domain = words[0].casefold() if words else ""
    for each in _SCHEMES:
        domain = domain.removeprefix(each)
    return domain.partition("/")[0]
