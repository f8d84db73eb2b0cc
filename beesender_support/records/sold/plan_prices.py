"""What the plan of a record or a form costs, as policy values."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from frappe.model.document import Document
from frappe.utils import flt, getdate

from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.prices.fees import FeeLine, FormerTier, fee_lines


def former_tiers_of(rows: Sequence[Document] | None) -> list[FormerTier]:
    """Rows of Beesender Former Tier; those that somebody has only begun are left out."""
    return [
        FormerTier(row.tier, Decimal(str(flt(row.fee_percent))), getdate(row.until))
        for row in rows or ()
        if row.tier and row.until
    ]


def price_of(doc: Document) -> Decimal:
    """The licence price as it is stored."""
    return max(Decimal(), Decimal(str(flt(doc.licence_price))))


def lines_of(
    doc: Document, plan: Plan, today: date, since: date | None = None
) -> tuple[FeeLine, ...]:
    """For the whole period of the plan, or from the contract year of ``since`` on; of an
    open end until the contract year of ``today``, and the first one at least."""
    return fee_lines(
        plan,
        price_of(doc),
        plan.ends_on or max(today, plan.starts_on),
        former_tiers_of(doc.get("former_tiers")),
        since,
    )
