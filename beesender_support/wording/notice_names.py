"""What people call the kinds of notices, and what the variables of their texts hold."""

from beesender_support.policy.sentences import marked as _

NOTICE_NAMES = {
    "seat_given": _("A seat was given"),
    "seat_ended": _("A seat has ended"),
    "plan_ends": _("A plan ends soon"),
    "seats_over_limit": _("More seats than the plan includes"),
    "seats_suspended": _("Seats were suspended"),
    "seats_restored": _("Seats were restored"),
    "promise_warning": _("A promise draws near its deadline"),
    "promise_breached": _("A promise is broken"),
    "urgent_request": _("A most urgent request came"),
    "escalated": _("An escalation rule applied"),
    "service_report": _("Monthly service report"),
}
VARIABLE_MEANINGS = {
    "category": _("The category of the request"),
    "channels": _("How requests are registered"),
    "comment": _("What the account manager added, or nothing"),
    "customer": _("The customer"),
    "due": _("Until when it is promised, or nothing"),
    "ends_on": _("The last day of the plan"),
    "event": _("What happened, in one sentence"),
    "hours": _("Support hours"),
    "left": _("The working time that is left"),
    "month": _("The month of the report"),
    "limit": _("How many authorized contacts the plan includes"),
    "people": _("The authorized contacts concerned"),
    "person": _("Full name of the authorized contact"),
    "plan_link": _("Address of the page about the plan"),
    "priority": _("The support priority, with its meaning"),
    "share": _("The share of the working time that is used, in percent"),
    "subject": _("The subject of the request"),
    "suspended_on": _("The day on which seats will be suspended"),
    "target": _("What is promised"),
    "ticket": _("The number of the request"),
    "ticket_link": _("Address of the request"),
    "tier": _("The tier of the plan"),
}
