"""What the workspace and its reports count, in a few statements each.

The policy decides what counts as in force, near a limit or met. Figures count only
records that the reader may read. Hours, days and months are in the site's time zone.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

import frappe
from frappe import _
from frappe.desk.reportview import build_match_conditions
from frappe.utils import (
    add_days,
    add_months,
    formatdate,
    get_first_day,
    get_system_timezone,
    getdate,
)

from beesender_support.policy.plans.end_notices import ends_soon, next_plan
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.plans.seats import is_near_limit
from beesender_support.policy.response.response_state import (
    BREACHED,
    MET,
    OPEN_STATES,
)
from beesender_support.policy.sold.targets import (
    FIRST_ANSWER,
    FURTHER_TARGETS,
    NEXT_ANSWER,
    TARGETS,
)
from beesender_support.records.site_time import now
from beesender_support.records.sold import catalogue, plan_exceptions, plan_values
from beesender_support.records.tickets.promise import (
    COUNTED,
    EARLIER_BREACHED,
    EARLIER_MET,
    FIELDS_OF_TARGET,
    RESPONSE_STATE,
)

PLAN, SEAT = "Beesender Support Plan", "Beesender Authorized Contact"
COMPLIANCE_MONTHS = 12
INTAKE_DAYS = 90
# How the last promise of a target stands, and how many earlier ones were met and broken.
COUNTED_OF_TARGET = {
    **{each: (FIELDS_OF_TARGET[each].state, "0", "0") for each in TARGETS},
    NEXT_ANSWER: (FIELDS_OF_TARGET[NEXT_ANSWER].state, EARLIER_MET, EARLIER_BREACHED),
}
NEAR_LIMIT, ENDS_SOON = "near_limit", "ends_soon"


# Plans


def plans(with_seats: bool = True, **filters: object) -> list[Plan]:
    """Plans that the session's user may read, without their holidays: nothing that is
    counted here depends on those, and much not on seats."""
    tiers = {tier.name: tier for tier in catalogue.tiers()}
    rows = frappe.get_list(PLAN, filters=filters, fields=["*"], order_by="name")
    seats = _seats_by_plan([row.name for row in rows] if with_seats else [])
    agreed = plan_exceptions.rows_of_plans([row.name for row in rows])
    return [
        plan_values.plan_of(
            frappe._dict(
                row,
                authorized_contacts=seats[row.name],
                holidays=[],
                exceptions=agreed.get(row.name, []),
            ),
            tiers[row.tier],
        )
        for row in rows
    ]


def plans_in_force(
    show: str | None = None, with_seats: bool = True, **filters: object
) -> list[Plan]:
    """Those in force this moment; ``show`` narrows them to NEAR_LIMIT or ENDS_SOON, in
    which a plan whose renewal is sold is left out."""
    return [plan for plan, _next in in_force_and_next(show, with_seats, **filters)]


def in_force_and_next(
    show: str | None = None, with_seats: bool = True, **filters: object
) -> list[tuple[Plan, Plan | None]]:
    """Each with the next plan of its customer, if that is sold."""
    at, with_seats = now(), with_seats or show == NEAR_LIMIT
    # A renewal may be of another tier.
    tier = filters.pop("tier", None)
    sold = plans(with_seats, status="Active", **filters)
    by_customer: dict[str, list[Plan]] = defaultdict(list)
    for plan in sold:
        by_customer[plan.customer].append(plan)
    following = {
        plan.name: next_plan(plan, by_customer[plan.customer]) for plan in sold
    }
    return [
        (plan, following[plan.name])
        for plan in sold
        if (not tier or plan.tier.name == tier)
        and plan.is_in_force(at)
        and (show != NEAR_LIMIT or is_near_limit(plan, plan.today(at)))
        and (show != ENDS_SOON or (ends_soon(plan, at) and not following[plan.name]))
    ]


def _seats_by_plan(names: list[str]) -> dict[str, list[frappe._dict]]:
    seats: dict[str, list[frappe._dict]] = defaultdict(list)
    if not names:
        return seats
    for row in frappe.get_all(
        SEAT,
        filters={"parenttype": PLAN, "parent": ("in", names)},
        fields=[
            "parent",
            "contact",
            "from_date",
            "to_date",
            "is_suspended",
            "ended_at",
        ],
        order_by="parent, idx",
    ):
        seats[row.parent].append(row)
    return seats


# Requests


# The filters of a report, by field.
Filters = dict[str, Any]


class MonthOfTier(TypedDict):
    """How the promises of a tier stand whose clock started in a month, by its first day:
    numbers of them, ``breached`` ones also while nobody has kept them."""

    month: date
    tier: str
    met: int
    breached: int
    open: int


class HourOfChannel(TypedDict):
    """Requests registered in an hour of the week; Monday is 0. ``channel`` is a code,
    empty for those from before this app."""

    weekday: int
    hour: int
    channel: str
    requests: int


@dataclass(frozen=True, slots=True)
class Period:
    """Which requests a report is about: both days inclusive, in the site's zone."""

    from_date: date
    to_date: date
    tier: str | None = None
    customer: str | None = None

    @classmethod
    def of(cls, filters: Filters | None, otherwise_from: date) -> "Period":
        """The chosen filters; otherwise everything, from ``otherwise_from`` to
        today."""
        given = filters or {}
        asked = cls(
            getdate(given.get("from_date") or otherwise_from),
            getdate(given.get("to_date")),
            given.get("tier") or None,
            given.get("customer") or None,
        )
        if asked.to_date < asked.from_date:
            frappe.throw(_("The period ends before it begins. Choose a later end."))
        return asked

    def conditions(self, moment: str) -> tuple[str, dict[str, Any]]:
        """For tickets whose ``moment``, a naive site time, is in the period, as far as
        the session's user may read them."""
        conditions = [f"{moment} >= %(start)s", f"{moment} < %(end)s"]
        values = {"start": self.from_date, "end": add_days(self.to_date, 1)}
        if self.tier:
            conditions.append("beesender_tier = %(tier)s")
            values["tier"] = self.tier
        if self.customer:
            conditions.append("customer = %(customer)s")
            values["customer"] = self.customer
        if readable := build_match_conditions("HD Ticket"):
            conditions.append(f"({readable})")
        return " and ".join(conditions), values


def is_more_promised() -> bool:
    """Whether more than first answers is sold, or was promised of any ticket."""
    sold = any(tier.further_targets for tier in catalogue.tiers())
    return sold or any(
        frappe.db.exists("HD Ticket", {FIELDS_OF_TARGET[each].state: ("is", "set")})
        for each in FURTHER_TARGETS
    )


def target_of(filters: Filters | None) -> str:
    """The target that a report is about."""
    target = (filters or {}).get("target") or FIRST_ANSWER
    if target not in TARGETS:
        frappe.throw(_("{0} is not a target.").format(target))
    return str(target)


def compliance_by_month(
    filters: Filters | None = None,
) -> tuple[Period, list[MonthOfTier]]:
    """How the promises of a target stand, by the month in which the clock of their
    request started, and tier.

    A ticket that was merged into another is answered there and counted once; one on
    which nothing is owed any more is not counted. Of next answers each one counts.
    """
    state, met, breached = COUNTED_OF_TARGET[target_of(filters)]
    months_back = 1 - COMPLIANCE_MONTHS
    asked = Period.of(filters, get_first_day(add_months(getdate(), months_back)))
    conditions, values = asked.conditions("service_level_agreement_creation")
    rows = frappe.db.sql(
        f"""select date_format(service_level_agreement_creation, '%%Y-%%m-01') as month,
            beesender_tier as tier,
            sum(coalesce({state}, '') = %(met)s) + sum({met}) as met,
            sum(coalesce({state}, '') = %(breached)s) + sum({breached}) as breached,
            sum(coalesce({state}, '') in %(open)s) as open
        from `tabHD Ticket`
        where ({state} in %(states)s or {met} + {breached} > 0)
            and is_merged = %(is_merged)s
            and beesender_tier is not null and {conditions}
        group by 1, 2""",  # noqa: S608 - conditions hold placeholders and permissions
        {
            **values,
            **COUNTED,
            "met": RESPONSE_STATE[MET],
            "breached": RESPONSE_STATE[BREACHED],
            "open": tuple(RESPONSE_STATE[each] for each in OPEN_STATES),
            "states": tuple(RESPONSE_STATE.values()),
        },
        as_dict=True,
    )
    ranks = {tier.name: rank for rank, tier in enumerate(catalogue.tiers())}
    by_month: list[MonthOfTier] = [
        {
            "month": getdate(row.month),
            "tier": row.tier,
            "met": int(row.met),
            "breached": int(row.breached),
            "open": int(row.open),
        }
        for row in rows
    ]
    by_month.sort(
        key=lambda row: (
            row["month"],
            ranks.get(row["tier"], len(ranks)),
            row["tier"],
        )
    )
    return asked, by_month


def intake_by_hour(
    filters: Filters | None = None,
) -> tuple[Period, list[HourOfChannel]]:
    """How many requests were registered, by hour of the week and channel."""
    asked = Period.of(filters, add_days(getdate(), 1 - INTAKE_DAYS))
    conditions, values = asked.conditions("creation")
    rows = frappe.db.sql(
        f"""select weekday(creation) as weekday, hour(creation) as hour,
            coalesce(beesender_channel, '') as channel, count(*) as requests
        from `tabHD Ticket`
        where {conditions}
        group by 1, 2, 3
        order by 1, 2, 3""",  # noqa: S608 - conditions hold placeholders and permissions
        values,
        as_dict=True,
    )
    return asked, rows


def period_in_words(asked: Period) -> str:
    return _("From {0} to {1}, in the site's time zone ({2}).").format(
        formatdate(asked.from_date), formatdate(asked.to_date), get_system_timezone()
    )
