"""What a decision record may say: a code for everything that is decided on a ticket.

docs/decisions.md explains each of them to whoever reads a record.
"""

from beesender_support.policy.response.clocks import Event

REGISTERED, SPLIT_OFF, MERGED = "registered", "split_off", "merged"
DECIDED, RERATED, CLOCK_CORRECTED = "decided", "rerated", "clock_corrected"
FIELD_CHANGED, NOTED = "field_changed", "noted"
# What moves a clock is called in a timeline as the clocks call it.
CLOCK_CODES = tuple(each.value for each in Event if each is not Event.REGISTERED)
# By what the log of a site calls it.
LOG_CODES = {
    "Held": "held",
    "Sender told": "sender_told",
    "Admitted once": "admitted_once",
    "Admitted with a seat": "admitted_with_seat",
    "Declined": "declined",
    "Seat given": "seat_given",
    "Seat ended": "seat_ended",
    "Seat suspended": "seat_suspended",
    "Seat restored": "seat_restored",
    "Plan notice sent": "plan_notice_sent",
    "Answer channel overridden": "answer_channel_overridden",
    "Stray reply": "stray_reply",
    "Re-rated": RERATED,
    "Admission changed": "admission_changed",
    "Clock corrected": CLOCK_CORRECTED,
    "Priority corrected": "priority_corrected",
    "Handled though not included": "handled_though_not_included",
    "Answered that not included": "answered_that_not_included",
    "Automatic mail": "automatic_mail",
    "Mail kept": "mail_kept",
    "Fault": "fault",
    "Access details read": "access_details_read",
}
# By how the log of notices calls what became of one.
NOTICE_CODES = {
    "Sent": "notice_sent",
    "Missed": "notice_missed",
    "Switched off": "notice_switched_off",
    "Nobody": "notice_to_nobody",
}
# By what an entry of an allowance does.
ALLOWANCE_CODES = {
    "Reserve": "allowance_reserved",
    "Consume": "allowance_used",
    "Release": "allowance_given_back",
}
TIMELINE_CODES = (
    REGISTERED,
    SPLIT_OFF,
    DECIDED,
    *CLOCK_CODES,
    *LOG_CODES.values(),
    *NOTICE_CODES.values(),
    *ALLOWANCE_CODES.values(),
    FIELD_CHANGED,
    NOTED,
    MERGED,
)

# Why a record says less than one of today would.
DECISIONS_NOT_KEPT = "decisions_not_kept"
AT_RISK_NOT_KEPT = "at_risk_percent_not_kept"
EVENTS_NOT_KEPT = "events_not_kept"
CATEGORY_OF_TODAY = "category_of_today"
TERMS_UNREADABLE = "terms_unreadable"
SNAPSHOT_NOT_KEPT = "snapshot_not_kept"
MORE_PLANS = "more_plans"
TOO_LONG = "too_long"
INCOMPLETE_CODES = (
    DECISIONS_NOT_KEPT,
    AT_RISK_NOT_KEPT,
    EVENTS_NOT_KEPT,
    CATEGORY_OF_TODAY,
    TERMS_UNREADABLE,
    SNAPSHOT_NOT_KEPT,
    MORE_PLANS,
    TOO_LONG,
)
