"""Plans that end, whether each is renewed, and what a year of it costs before and after."""

from collections import Counter

from frappe import _, _lt
from frappe.utils import fmt_money, formatdate

from beesender_support.policy.plans.end_notices import DRAFTED, OPEN, RENEWED
from beesender_support.screens.reports import renewals
from beesender_support.screens.reports.asked import Filters
from beesender_support.screens.reports.renewals import Ending
from beesender_support.screens.workspace.report_parts import (
    Chart,
    Column,
    Figure,
    Report,
    Row,
    TitlesOfTiers,
    bars,
    column,
    figure,
    month_label,
    month_of,
)

PLAN = "Beesender Support Plan"
STATE_NAMES = {
    RENEWED: _lt("Renewed"),
    DRAFTED: _lt("Drafted"),
    OPEN: _lt("Not renewed"),
}
COLOURS = {RENEWED: "green", DRAFTED: "orange", OPEN: "red"}


def execute(filters: Filters | None = None) -> Report:
    filters = filters or {}
    period = renewals.period_of(filters)
    found = renewals.ending(filters)
    message = _("Plans that end from {0} to {1}; fees are those of a year.").format(
        formatdate(period.first), formatdate(period.last)
    )
    titles = TitlesOfTiers()
    rows = [_row(each, titles) for each in found]
    return Report(_columns(), rows, message, _chart(found), _summary(found))


def _columns() -> list[Column]:
    return [
        column("plan", _("Plan"), "Link", PLAN, 110),
        column("customer", _("Customer"), "Link", "HD Customer", 200),
        # As a link, Frappe would translate the name as if it were a word.
        column("tier", _("Tier"), "Data", None, 110),
        column("ends_on", _("Ends on"), "Date", None, 110),
        column("state", _("Renewal"), "Data", None, 130),
        column("fee", _("Fee"), "Currency", "currency", 130),
        column("next_plan", _("Next plan"), "Link", PLAN, 110),
        column("next_tier", _("Next tier"), "Data", None, 110),
        column("next_starts_on", _("Starts on"), "Date", None, 110),
        column("next_ends_on", _("Renewed until"), "Date", None, 110),
        column("next_fee", _("Next fee"), "Currency", "next_currency", 130),
        column("currency", _("Currency"), "Data", None, 90),
        column("manager", _("Customer-success manager"), "Link", "User", 220),
    ]


def _row(each: Ending, titles: TitlesOfTiers) -> Row:
    return {
        **each._asdict(),
        "tier": titles[each.tier],
        "next_tier": titles[each.next_tier] if each.next_tier else None,
        "state": str(STATE_NAMES[each.state]),
        "fee": float(each.fee),
        "next_fee": None if each.next_fee is None else float(each.next_fee),
    }


def _chart(found: list[Ending]) -> Chart | None:
    if not found:
        return None
    counted = Counter((month_of(each.ends_on), each.state) for each in found)
    months = sorted({month for month, _state in counted})
    return bars(
        list(map(month_label, months)),
        {
            str(name): [counted[month, state] for month in months]
            for state, name in STATE_NAMES.items()
        },
        space=0.4,
        is_series=True,
        colours=[COLOURS[state] for state in STATE_NAMES],
    )


def _summary(found: list[Ending]) -> list[Figure] | None:
    if not found:
        return None
    counted = Counter(each.state for each in found)
    at_stake = renewals.sums(each for each in found if each.state != RENEWED)
    return [
        figure(_("Plans that end"), len(found)),
        *(
            figure(str(name), counted[state], indicator=COLOURS[state].title())
            for state, name in STATE_NAMES.items()
        ),
        *(
            figure(
                _("Fees not renewed"),
                fmt_money(float(amount), currency=currency or None),
                "Data",
            )
            for currency, amount in at_stake.items()
        ),
    ]
