"""What was agreed for one plan alone, in the words of the reader."""

from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.sold.exceptions import differences
from beesender_support.records.sold import catalogue
from beesender_support.wording.renderer import in_words


def of_plan(plan: Plan) -> list[str]:
    """A sentence for each exception; none where the plan is as its tier says."""
    if not plan.exceptions:
        return []
    tier = catalogue.tier_named(plan.tier.name)
    return [
        in_words(each)
        for each in differences(plan.exceptions, tier, catalogue.entitlements())
    ]
