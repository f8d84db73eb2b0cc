"""What the vendor offers: the command prints it, and a new site starts with it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TypeVar

from beesender_support.policy.calendar.windows import AROUND_THE_CLOCK, HOUR, Window
from beesender_support.policy.errors import UnknownName
from beesender_support.policy.sentences import marked as _
from beesender_support.policy.sold.categories import Category, Priority, PriorityRule
from beesender_support.policy.sold.channels import (
    CHATBOT,
    EMAIL,
    PHONE,
    PORTAL,
    SHIPPED,
    WIDGET,
    SoldChannel,
)
from beesender_support.policy.sold.entitlements import COUNT, UPDATES, SoldEntitlement
from beesender_support.policy.sold.impact_matrix import ImpactMatrix, ImpactRule
from beesender_support.policy.sold.tiers import Tier

Found = TypeVar("Found")

OFFERED_TIME_ZONES = ("GMT+1", "GMT+2", "GMT+3", "GMT+8", "GMT+10", "GMT-2")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the vendor offers, findable by name without regard to case."""

    tiers: tuple[Tier, ...]
    categories: tuple[Category, ...]
    priorities: tuple[Priority, ...]
    entitlements: tuple[SoldEntitlement, ...]
    channels: tuple[SoldChannel, ...] = SHIPPED

    def tier(self, name: str) -> Tier:
        return _find("tier", name, {each.name: each for each in self.tiers})

    def category(self, name: str) -> Category:
        return _find("category", name, {each.name: each for each in self.categories})

    def priority(self, code: str) -> Priority:
        return _find("priority", code, {each.code: each for each in self.priorities})


def _find(kind: str, name: str, named: Mapping[str, Found]) -> Found:
    wanted = name.strip().casefold()
    for key, value in named.items():
        if key.casefold() == wanted:
            return value
    raise UnknownName(kind, name, allowed=tuple(named))


def _weekly(days: Iterable[int]) -> tuple[Window, ...]:
    return tuple(Window(day, 9 * HOUR, 18 * HOUR) for day in days)


def _targets(p1: int, others: int) -> dict[str, timedelta]:
    hours = {"P1": p1, "P2": others, "P3": others, "P4": others}
    return {code: timedelta(hours=each) for code, each in hours.items()}


_ASKED_BY = frozenset({PORTAL, EMAIL, CHATBOT, WIDGET})

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
            registration_channels=_ASKED_BY,
            answer_channels=frozenset({PORTAL, EMAIL}),
            entitlements={"administrator_questions": 1},
        ),
        Tier(
            name="Business",
            rank=2,
            fee_percent=Decimal(12),
            windows=_weekly(range(7)),
            response_targets=_targets(p1=1, others=4),
            authorized_contact_limit=5,
            registration_channels=_ASKED_BY,
            answer_channels=frozenset({PORTAL, EMAIL, PHONE}),
            entitlements={
                "administrator_questions": 1,
                "end_user_questions": 1,
                "licence_maintenance": 1,
                UPDATES: 2,
            },
        ),
        Tier(
            name="Premium",
            rank=3,
            fee_percent=Decimal(20),
            windows=AROUND_THE_CLOCK,
            response_targets=_targets(p1=1, others=2),
            authorized_contact_limit=15,
            registration_channels=_ASKED_BY,
            answer_channels=frozenset({PORTAL, EMAIL, PHONE, "skype"}),
            entitlements={
                "administrator_questions": 1,
                "end_user_questions": 1,
                "success_manager_in_person": 1,
                "developer_consultation": 1,
                "licence_maintenance": 1,
                UPDATES: 4,
            },
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
            # The vendor's words of P1 to P4. Clients are asked once an admin says so.
            impact=ImpactMatrix(
                (
                    ImpactRule(_("All operators or the licences"), "P1"),
                    ImpactRule(_("The system works only in part"), "P2"),
                    ImpactRule(_("One channel or another small fault"), "P3"),
                    ImpactRule(_("Nothing: it is a question"), "P4"),
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
    entitlements=(
        SoldEntitlement(
            "administrator_questions", _("Questions of the system administrator")
        ),
        SoldEntitlement("end_user_questions", _("Questions of end users")),
        SoldEntitlement(
            "success_manager_in_person", _("Customer-success manager in person")
        ),
        SoldEntitlement(
            "developer_consultation", _("Consultation with the developers")
        ),
        SoldEntitlement(
            "licence_maintenance", _("Beesender Server licence maintenance")
        ),
        SoldEntitlement(UPDATES, _("Updates with reinstallation"), COUNT),
    ),
)
