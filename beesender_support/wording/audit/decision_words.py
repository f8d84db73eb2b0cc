"""What people read for the codes of a decision record."""

from beesender_support.policy.audit import codes
from beesender_support.policy.response.clocks import Event
from beesender_support.policy.sentences import marked as _

# What happened, in few words: a row of a timeline each.
NAMES = {
    codes.REGISTERED: _("Request registered"),
    codes.SPLIT_OFF: _("Split off another ticket"),
    codes.DECIDED: _("Decided"),
    Event.ANSWERED.value: _("Support answered"),
    Event.CUSTOMER_WROTE.value: _("The customer wrote"),
    Event.PAUSED.value: _("Clock paused"),
    Event.RESUMED.value: _("Clock continued"),
    Event.RESOLVED.value: _("Solved"),
    Event.CLOSED.value: _("Closed without a solution"),
    Event.REOPENED.value: _("Reopened"),
    "held": _("Held"),
    "sender_told": _("Sender told"),
    "admitted_once": _("Admitted once"),
    "admitted_with_seat": _("Admitted with a seat"),
    "declined": _("Declined"),
    "seat_given": _("Seat given"),
    "seat_ended": _("Seat ended"),
    "seat_suspended": _("Seat suspended"),
    "seat_restored": _("Seat restored"),
    "plan_notice_sent": _("Plan notice sent"),
    "answer_channel_overridden": _("Answer channel overridden"),
    "stray_reply": _("Stray reply"),
    codes.RERATED: _("Re-rated"),
    "admission_changed": _("Admission changed"),
    codes.CLOCK_CORRECTED: _("Clock corrected"),
    "priority_corrected": _("Priority corrected"),
    "handled_though_not_included": _("Handled though not included"),
    "answered_that_not_included": _("Answered that not included"),
    "automatic_mail": _("Automatic mail"),
    "mail_kept": _("Mail kept"),
    "fault": _("Fault"),
    "access_details_read": _("Access details read"),
    "notice_sent": _("Notice sent"),
    "notice_missed": _("Notice missed"),
    "notice_switched_off": _("Notice switched off"),
    "notice_to_nobody": _("Notice with nobody to tell"),
    "allowance_reserved": _("Allowance reserved"),
    "allowance_used": _("Allowance used"),
    "allowance_given_back": _("Allowance given back"),
    codes.FIELD_CHANGED: _("Field changed"),
    codes.NOTED: _("Noted in the history"),
    codes.MERGED: _("Merged into another ticket"),
}
# Why a record is not complete.
MISSING = {
    codes.DECISIONS_NOT_KEPT: _(
        "By what it was decided was not kept then: who may ask is not checked again."
    ),
    codes.AT_RISK_NOT_KEPT: _(
        "From when it was at risk was counted by a share that was not kept."
    ),
    codes.EVENTS_NOT_KEPT: _(
        "What moved its clocks was not kept: the status that it has is taken for it."
    ),
    codes.CATEGORY_OF_TODAY: _(
        "Whether its category promises anything was not frozen: what it says today is"
        " taken."
    ),
    codes.TERMS_UNREADABLE: _("Its terms cannot be read, so nothing is counted."),
    codes.SNAPSHOT_NOT_KEPT: _("The terms before a re-rating were not kept."),
    codes.MORE_PLANS: _(
        "Its customer had more plans than are kept: who may ask is not checked again."
    ),
    codes.TOO_LONG: _("There is more than a record holds: the latest is left out."),
}
