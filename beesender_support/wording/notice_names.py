"""What people call the kinds of notices, and what the variables of their texts hold."""

from beesender_support.policy.sentences import marked as _

NOTICE_NAMES = {
    "seat_given": _("A seat was given"),
    "seat_ended": _("A seat has ended"),
    "plan_ends": _("A plan ends soon"),
    "seats_over_limit": _("More seats than the plan includes"),
    "seats_suspended": _("Seats were suspended"),
    "seats_restored": _("Seats were restored"),
}
VARIABLE_MEANINGS = {
    "channels": _("How requests are registered"),
    "customer": _("The customer"),
    "ends_on": _("The last day of the plan"),
    "hours": _("Support hours"),
    "limit": _("How many authorized contacts the plan includes"),
    "people": _("The authorized contacts concerned"),
    "person": _("Full name of the authorized contact"),
    "plan_link": _("Address of the page about the plan"),
    "suspended_on": _("The day on which seats will be suspended"),
    "tier": _("The tier of the plan"),
}
