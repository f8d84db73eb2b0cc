"""What form scripts show around the facts, in the session's language.

Helpdesk loads its own translations, perhaps too late for a form script, so the words
come with the facts.
"""

from frappe import _

from beesender_support.policy.sold.targets import FIRST_ANSWER, NEXT_ANSWER, SOLUTION


def of_admission() -> dict[str, str]:
    return {
        "admit_once": _("Admit once"),
        "admit_with_seat": _("Admit and give a seat"),
        "admit_with_contact": _("Make a contact and give a seat"),
        "name_of_contact": _("Name of the new contact"),
        "address_of_contact": _("E-mail address, if you know it: answers go there"),
        "phone_of_contact": _("Phone"),
        "decline": _("Decline"),
        "admit_all": _("Admit all {0} that would be accepted"),
        "reply": _("Reply to the sender"),
        "why": _("Why (for the log)"),
        "cancel": _("Cancel"),
    }


def of_several_held() -> dict[str, str]:
    return {
        **of_admission(),
        "title": _("Decide held requests"),
        "choose_all": _("All of them"),
        "none_chosen": _("Choose at least one request."),
        "own_reply": _("Left empty, each sender reads why theirs was not taken."),
        "needs_reply": _("For declining: one reply to all of them"),
        "admitted": _("Admitted: {0}."),
        "declined": _("Declined: {0}."),
        "not_decided": _("Not decided: {0}."),
        "seats_left": _("Free seats: {0}"),
        "close": _("Close"),
    }


def of_promise() -> dict[str, str]:
    return {
        "box": _("Promised answer"),
        "title": _("Why this deadline?"),
        "why": _("Why then?"),
        "due": _("Answer by"),
        "state": _("Promise"),
        "answered": _("Answered"),
        "plan": _("My support plan"),
    }


def of_target(target: str) -> dict[str, str]:
    answer = {"due": _("Answer by"), "settled": _("Answered")}
    return {
        FIRST_ANSWER: answer,
        NEXT_ANSWER: answer,
        SOLUTION: {"due": _("Solution by"), "settled": _("Solved")},
    }[target]


def of_panel() -> dict[str, str]:
    return {
        "title": _("Support plan"),
        "why": _("Why this deadline?"),
        "plan": _("Customer's plan"),
        "open_plan": _("Open in Desk"),
        "change": _("Change priority or category"),
        "category": _("Category"),
        "priority": _("Priority"),
        "new_deadline": _("New deadline: {0}"),
        "why_change": _("Why (for the log)"),
        "client_reads": _("The client reads it: in a mail, and under “Why then?”."),
        "new_deadline_of": _("{0}: new deadline {1}"),
        "before": _("Now"),
        "after": _("After the change"),
        "save": _("Save"),
        "cancel": _("Cancel"),
        "close": _("Close without a solution"),
        "closing_reason": _("Why it needs no solution"),
        "closes": _(
            "The promise of a solution then counts as neither kept nor broken."
        ),
        "notices": _("Notices also by mail"),
        "give_back": _("Give back what was used or reserved"),
        "called_at": _("When you called"),
        "note": _("Note, for agents only"),
        "answer": _("What you answered"),
        "allow": _("Allow for this ticket"),
        "why_allow": _("Why (for the log)"),
        "asked": _("What is asked for"),
        "nothing_asked": _("Nothing beside an answer"),
        "answer_not_included": _("Answer that it is not included"),
        "reply": _("Reply to the client"),
        "handle_all_the_same": _("Handle it all the same"),
        "handled": _("It is handled all the same."),
        "send": _("Send"),
    }
