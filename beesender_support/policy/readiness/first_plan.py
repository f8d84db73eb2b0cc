"""The first plan of a site that is new to this app: what somebody says of a client, checked
before anything is made."""

from dataclasses import dataclass
from datetime import date

from beesender_support.policy.calendar.zones import time_zone
from beesender_support.policy.errors import NotAnAddress
from beesender_support.policy.mail.addresses import address_of, normalize_address
from beesender_support.policy.plans.limits import check_name, check_sold
from beesender_support.policy.sold.tiers import Tier


@dataclass(frozen=True, slots=True)
class FirstPlan:
    """A plan for ``customer`` from ``starts_on`` on, in ``time_zone``, with a seat for
    ``contact``, a person's name, who writes from ``address``.

    Raises NoName, NotAnAddress, NoLongerOffered, UnknownTimeZone.
    """

    customer: str
    contact: str
    address: str
    tier: Tier
    time_zone: str
    starts_on: date

    def __post_init__(self) -> None:
        for field in ("customer", "contact"):
            name = " ".join(getattr(self, field).split())
            check_name(field, name)
            object.__setattr__(self, field, name)
        address = address_of(self.address)
        if address is None:
            raise NotAnAddress("contact", self.address)
        object.__setattr__(self, "address", normalize_address(address))
        check_sold(self.tier)
        time_zone(self.time_zone)
