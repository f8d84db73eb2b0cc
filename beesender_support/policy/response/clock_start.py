"""When the clock of a request starts, also if it is decided after its registration.

A request is decided again when it turns out to be another customer's. Setting the wrong
customer, and removing it again, neither breaks a promise nor saves it.
"""

from datetime import datetime

from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sold.categories import Category

# What happens to a part that is split off a request.
PLAIN, DECIDED, CONTINUED = "plain", "decided", "continued"


def clock_starts_at(
    *,
    now: datetime,
    registered_at: datetime,
    running_since: datetime | None,
    interrupted_since: datetime | None,
    has_waited: bool,
) -> datetime:
    """The start of the clock of a registered request that is decided at ``now``.

    ``running_since``: its clock runs, and continues. ``interrupted_since``: it ran until
    another customer's name, or none, took it away. ``has_waited``: the request was held or
    declined, so it has no clock but from now on. Any other was outside the policy, and
    what is promised now is promised from its registration.
    """
    if started := running_since or interrupted_since:
        return started
    return now if has_waited else registered_at


def part_of(*, whole_is_under_policy: bool, terms: Terms | None) -> str:
    """What happens to a part that is split off.

    PLAIN where the whole is outside the policy, CONTINUED with the plan and the
    ``terms`` of the whole, and DECIDED on its own where the whole has none: it waits
    for admission, was declined, or its terms cannot be read.
    """
    if not whole_is_under_policy:
        return PLAIN
    return CONTINUED if terms else DECIDED


def terms_of_part(whole: Terms, category: Category | None, at: datetime) -> Terms:
    """What a part in ``category``, split off at ``at``, is promised: by the terms of the
    whole, with a clock of its own, whatever was answered on the whole. A part whose type
    is no category any more stays in that of the whole."""
    part = whole.restarted(at)
    return part.moved_to(category) if category else part
