"""The customers and contacts that rows refer to: those of the files, and those known."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from beesender_support.policy.imports.doubts import NotListed, SeveralNamed
from beesender_support.policy.mail.addresses import address_of, normalize_address
from beesender_support.policy.plans.customer_names import comparable_name


class Person(NamedTuple):
    """A contact by its address; ``customer`` is the name of theirs, None without one."""

    address: str
    name: str
    customer: str | None


class People:
    """Customers and contacts as they are found. Names are compared as a site does."""

    def __init__(self, *, lists_customers: bool) -> None:
        """``lists_customers`` says whether a customer that was not added is unknown, or
        simply has not been heard of yet."""
        self._lists_customers = lists_customers
        self._customers: dict[str, str] = {}
        self._customer_by_id: dict[str, str] = {}
        self._by_address: dict[str, Person] = {}
        self._by_id: dict[str, Person] = {}
        self._by_name: dict[str, list[Person]] = defaultdict(list)

    def add_customer(self, name: str, external_id: str = "") -> None:
        kept = self._customers.setdefault(comparable_name(name), name)
        if external_id:
            self._customer_by_id[external_id] = kept

    def add_person(self, person: Person, external_id: str = "") -> None:
        self._by_address[normalize_address(person.address)] = person
        self._by_name[comparable_name(person.name)].append(person)
        if external_id:
            self._by_id[external_id] = person

    def customer(self, field: str, said: str) -> str:
        """The name of the customer that ``said`` means, by name or id. Raises
        NotListed."""
        known = self._customers.get(comparable_name(said))
        if found := known or self._customer_by_id.get(said):
            return found
        if self._lists_customers:
            raise NotListed(field, said)
        self.add_customer(said)
        return said

    def person(self, field: str, said: Iterable[str], customer: str | None) -> Person:
        """Who is meant by the first of ``said`` that says something: an address, an id
        or a name, which somebody of ``customer`` bears first of all.

        An address need not be listed. Raises NotListed and SeveralNamed.
        """
        *before, last = filter(None, said)
        for each in (*before, last):
            if address := address_of(each):
                known = self._by_address.get(normalize_address(address))
                return known or Person(address, "", customer)
            if each in self._by_id:
                return self._by_id[each]
            if found := self._named(field, each, customer):
                return found
        raise NotListed(field, last)

    def of(self, customer: str) -> tuple[Person, ...]:
        """All contacts of a customer, as they were added."""
        return tuple(
            each for each in self._by_address.values() if each.customer == customer
        )

    def _named(self, field: str, name: str, customer: str | None) -> Person | None:
        named = self._by_name.get(comparable_name(name), [])
        theirs = [each for each in named if customer and each.customer == customer]
        found = {normalize_address(each.address): each for each in theirs or named}
        if len(found) > 1:
            raise SeveralNamed(field, name)
        return next(iter(found.values()), None)
