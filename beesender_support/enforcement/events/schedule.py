"""What the scheduler calls."""

from beesender_support.enforcement.plans import seat_notices
from beesender_support.enforcement.plans.end_notices import (
    announce_end,
    plans_to_announce,
)
from beesender_support.enforcement.plans.plan_lots import in_lots
from beesender_support.enforcement.plans.quota_job import (
    balance_seats,
    plans_to_balance,
    plans_to_warn,
    warn,
)


def hourly() -> None:
    """Looks at all plans in a handful of queries, and touches those that need it."""
    in_lots(plans_to_balance(), lambda plan: balance_seats(plan.name))
    in_lots(plans_to_warn(), warn)
    in_lots(plans_to_announce(), announce_end)
    in_lots(seat_notices.changes_to_announce(), seat_notices.announce)
