"""The customer for whom somebody asks who named none: by their seat or their domain."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from beesender_support.policy.plans.plans import Plan

# What becomes of requests of strangers, as the site sets it.
LIKE_UNPLANNED, REGISTER, HOLD, REFUSE = (
    "Like customers without a plan",
    "Register",
    "Hold",
    "Refuse",
)
STRANGERS = (LIKE_UNPLANNED, REGISTER, HOLD, REFUSE)

# An address at one of these says nothing about a company.
PUBLIC_MAIL_PROVIDERS = frozenset(
    {
        "126.com",
        "163.com",
        "aol.com",
        "bk.ru",
        "fastmail.com",
        "free.fr",
        "gmail.com",
        "gmx.at",
        "gmx.ch",
        "gmx.de",
        "gmx.net",
        "googlemail.com",
        "hotmail.co.uk",
        "hotmail.com",
        "hotmail.de",
        "hotmail.fr",
        "icloud.com",
        "inbox.ru",
        "internet.ru",
        "laposte.net",
        "libero.it",
        "list.ru",
        "live.com",
        "live.de",
        "mac.com",
        "mail.com",
        "mail.ru",
        "mailbox.org",
        "me.com",
        "msn.com",
        "naver.com",
        "orange.fr",
        "outlook.com",
        "outlook.de",
        "outlook.fr",
        "pm.me",
        "posteo.de",
        "proton.me",
        "protonmail.com",
        "qq.com",
        "rambler.ru",
        "rediffmail.com",
        "rocketmail.com",
        "seznam.cz",
        "t-online.de",
        "tut.by",
        "tuta.com",
        "tutanota.com",
        "ukr.net",
        "vk.com",
        "web.de",
        "wp.pl",
        "ya.ru",
        "yahoo.co.in",
        "yahoo.co.jp",
        "yahoo.co.uk",
        "yahoo.com",
        "yahoo.de",
        "yahoo.fr",
        "yandex.by",
        "yandex.com",
        "yandex.kz",
        "yandex.ru",
        "yandex.ua",
        "ymail.com",
        "zoho.com",
    }
)
# Reserved for examples: an address here only fills a field.
_PLACEHOLDERS = frozenset({"example.com", "example.net", "example.org"})


def customer_of_domain(
    domain: str, named: Iterable[str], seated: Iterable[str]
) -> str | None:
    """The customer with a plan for whom a stranger of ``domain`` seems to write.

    ``named`` are the customers whose own domain it is; without one, those count with a
    seated contact of that domain (``seated``). None if it is not exactly one, or if
    anybody may have an address there.
    """
    if domain in PUBLIC_MAIL_PROVIDERS:
        return None
    customers = set(named)
    if not customers and domain not in _PLACEHOLDERS:
        customers = set(seated)
    return customers.pop() if len(customers) == 1 else None


def only_seating_customer(
    plans: Sequence[Plan], contact: str, at: datetime
) -> str | None:
    """The customer for whom ``contact`` may ask, where that is not clear otherwise.

    ``plans`` are those of all customers who come into question. It is the customer
    whose plan in force seats the contact; None if there is no such customer, or more
    than one.
    """
    customers = seating_customers(plans, contact, at)
    return customers.pop() if len(customers) == 1 else None


def seating_customers(plans: Sequence[Plan], contact: str, at: datetime) -> set[str]:
    """The customers whose plan in force at ``at`` seats the contact."""
    return {plan.customer for plan in plans if plan.seats_now(contact, at)}


class AskedFor(NamedTuple):
    """For whom a contact asks; ``is_open`` where it may be one of several customers."""

    customer: str | None = None
    is_open: bool = False

    @property
    def is_unsaid(self) -> bool:
        """Whether nothing says it but, of a stranger, the domain that they write from."""
        return not self.customer and not self.is_open


def customer_of_contact(
    named: str | None, seating: Collection[str], planned: Collection[str] = ()
) -> AskedFor:
    """For which customer a known contact asks by mail or chat.

    ``named`` is the customer that the helpdesk has found, ``seating`` are those whose plan
    in force seats the contact, and ``planned`` those with any plan whose contact it is.
    A single seat says it, also against what was found; two say nothing against it.
    """
    if named in seating:
        return AskedFor(named)
    if len(seating) == 1:
        return AskedFor(next(iter(seating)))
    if named:
        return AskedFor(named)
    candidates = seating or planned
    if len(candidates) == 1:
        return AskedFor(next(iter(candidates)))
    return AskedFor(is_open=bool(candidates))


class WithoutPlan(NamedTuple):
    """What becomes of a request that no plan decides on.

    It is an ordinary one of the helpdesk unless ``is_held``; ``answers_at_once``: a
    refusal is shown, where who asks sees it before anything is lost.
    """

    is_held: bool
    answers_at_once: bool


def without_plan(
    *,
    is_stranger: bool,
    strangers: str,
    hold_unplanned: bool,
    customer_is_open: bool = False,
    answers_at_once: bool,
) -> WithoutPlan:
    """By the settings of the site, of which ``strangers`` is one of ``STRANGERS``.

    A stranger is a person whom no customer and no plan knows. ``customer_is_open``: it
    is somebody known, of whom it is unsaid for which customer they ask; they wait, as
    one of the customers has a plan. ``answers_at_once`` is as in ``admit``.
    """
    if customer_is_open or not is_stranger or strangers == LIKE_UNPLANNED:
        return WithoutPlan(hold_unplanned or customer_is_open, answers_at_once)
    return WithoutPlan(
        strangers in (HOLD, REFUSE), answers_at_once and strangers == REFUSE
    )
