"""What agents do with held requests and answers, from Helpdesk's ticket page."""

import frappe
from frappe.model.document import Document
from helpdesk.utils import agent_only

from beesender_support.enforcement.allowances import asked_entitlements
from beesender_support.enforcement.held import several_held, unknown_sender
from beesender_support.enforcement.held.several_held import Outcome
from beesender_support.enforcement.held.unknown_sender import NewContact
from beesender_support.enforcement.notices import own_choice
from beesender_support.enforcement.requests import (
    access_details,
    held_requests,
)
from beesender_support.enforcement.response import (
    answer_channels,
    clock_correction,
    closing,
)
from beesender_support.records.site_time import instant_of
from beesender_support.screens.ticket import (
    change_preview,
    held_offer,
    labels,
    panel,
)
from beesender_support.screens.ticket import several_held as waiting
from beesender_support.screens.ticket.change_preview import ChangePreview
from beesender_support.screens.ticket.notice_settings import (
    NoticeSettings,
    settings_of_user,
)
from beesender_support.screens.ticket.panel import Panel, PlanCard
from beesender_support.screens.ticket.several_held import SeveralHeld


class HeldRequest(held_requests.Overview):
    """``labels`` are the words around it, by name; ``taken`` are the requests of its
    customer that are admitted in one action; ``new_contact`` is who an unknown sender
    would be."""

    labels: dict[str, str]
    new_contact: NewContact | None
    taken: list[str]


@frappe.whitelist(methods=["POST"])
@agent_only
def admit_once(ticket: str, why: str = "") -> None:
    held_requests.admit_once(_to_decide(ticket), why)


@frappe.whitelist(methods=["POST"])
@agent_only
def admit_with_seat(ticket: str, why: str = "") -> None:
    held_requests.admit_with_seat(_to_decide(ticket), why)


@frappe.whitelist(methods=["POST"])
@agent_only
def admit_with_contact(
    ticket: str, name: str = "", why: str = "", email: str = "", phone: str = ""
) -> None:
    """Make the unknown sender a contact with a seat, and admit the request; address and
    number are of who gave only a number."""
    unknown_sender.admit_with_contact(_to_decide(ticket), name, why, email, phone)


@frappe.whitelist(methods=["POST"])
@agent_only
def decline(ticket: str, reply: str, why: str = "") -> None:
    held_requests.decline(_to_decide(ticket), reply, why)


@frappe.whitelist(methods=["POST"])
@agent_only
def admit_what_is_taken(tickets: list[int | str], why: str = "") -> list[Outcome]:
    """Admit those of the requests that a plan would accept today; what became of each."""
    return several_held.admit_what_is_taken(map(str, tickets), why)


@frappe.whitelist(methods=["POST"])
@agent_only
def held_among(tickets: list[int | str]) -> SeveralHeld:
    """Those of the tickets that wait for a decision, at most 100, and why."""
    return waiting.waiting_among(map(str, tickets))


@frappe.whitelist(methods=["POST"])
@agent_only
def admit_several(
    tickets: list[int | str], why: str = "", with_seat: bool = False
) -> list[Outcome]:
    """Admit at most 100 held requests, each for itself, and say what became of each."""
    admit = several_held.seat_several if with_seat else several_held.admit_several
    return admit(map(str, tickets), why)


@frappe.whitelist(methods=["POST"])
@agent_only
def decline_several(
    tickets: list[int | str], reply: str = "", why: str = ""
) -> list[Outcome]:
    """Decline at most 100, with one reply or each with its own."""
    return several_held.decline_several(map(str, tickets), reply, why)


@frappe.whitelist()
@agent_only
def held_request(ticket: str) -> HeldRequest:
    """Why a request is held, the seats that are free, and a reply to decline it with."""
    doc = _writable(ticket)
    return {
        **held_requests.overview(doc),
        "labels": labels.of_admission(),
        "new_contact": unknown_sender.offered(doc),
        "taken": held_offer.taken_with(doc.name, doc.customer),
    }


@frappe.whitelist()
@agent_only
def ticket_panel(ticket: str) -> Panel | None:
    """The plan as shown beside a ticket; None outside the policy."""
    return panel.panel(_readable(ticket))


@frappe.whitelist()
@agent_only
def plan_card(ticket: str) -> PlanCard:
    """The plan of a ticket's customer, as sold today."""
    return panel.plan_card(_readable(ticket))


@frappe.whitelist()
@agent_only
def preview_change(ticket: str, category: str, priority: str) -> ChangePreview:
    """The deadline that another category or priority would give."""
    return change_preview.preview(_readable(ticket), category, priority)


@frappe.whitelist(methods=["POST"])
@agent_only
def change_ticket(ticket: str, category: str, priority: str, why: str = "") -> None:
    """``why`` is needed where the client's answers gave the priority."""
    change_preview.change(_writable(ticket), category, priority, why)


@frappe.whitelist(methods=["POST"])
@agent_only
def set_entitlement(ticket: str, entitlement: str = "") -> None:
    """What a ticket asks for beside answers; empty for nothing."""
    asked_entitlements.set_asked(_writable(ticket), entitlement)


@frappe.whitelist(methods=["POST"])
@agent_only
def answer_not_included(ticket: str, reply: str) -> None:
    """Answer the client that the plan does not include what is asked for."""
    asked_entitlements.answer_that_not_included(_writable(ticket), reply)


@frappe.whitelist(methods=["POST"])
@agent_only
def handle_not_included(ticket: str, why: str) -> None:
    """Handle it though the plan does not include it."""
    asked_entitlements.handle_all_the_same(_writable(ticket), why)


@frappe.whitelist(methods=["POST"])
@agent_only
def close_without_solution(ticket: str, reason: str) -> None:
    """``reason`` is a Beesender Closing Reason that does not count as a solution."""
    closing.close_without_solution(_writable(ticket), reason)


@frappe.whitelist(methods=["POST"])
@agent_only
def log_call(ticket: str, called_at: str, note: str = "") -> None:
    """``called_at`` is ISO text with an offset."""
    answer_channels.log_call(_writable(ticket), instant_of(called_at), note)


@frappe.whitelist(methods=["POST"])
@agent_only
def log_answer(ticket: str, channel: str, text: str) -> None:
    """``channel`` is the code of a Beesender Channel."""
    answer_channels.log_answer(_writable(ticket), channel, text)


@frappe.whitelist(methods=["POST"])
@agent_only
def log_skype_answer(ticket: str, text: str) -> None:
    """As ``log_answer``: of a time when Skype was the only such channel."""
    answer_channels.log_answer(_writable(ticket), "skype", text)


@frappe.whitelist(methods=["POST"])
def allow_channel(ticket: str, channel: str, why: str) -> None:
    """An agent manager lets one ticket be answered by a channel its plan lacks."""
    frappe.only_for(("Agent Manager", "System Manager"))
    answer_channels.override(_writable(ticket), channel, why)


@frappe.whitelist(methods=["POST"])
def correct_clock(
    ticket: str, why: str, started_at: str | None = None, answered_at: str | None = None
) -> None:
    """An agent manager corrects when the clock started or the first answer came; both
    are ISO text with an offset."""
    frappe.only_for(clock_correction.MAY_CORRECT)
    clock_correction.correct(
        _writable(ticket),
        why,
        instant_of(started_at) if started_at else None,
        instant_of(answered_at) if answered_at else None,
    )


def _readable(ticket: str) -> Document:
    doc = frappe.get_doc("HD Ticket", ticket)
    doc.check_permission("read")
    return doc


def _writable(ticket: str) -> Document:
    doc = frappe.get_doc("HD Ticket", ticket)
    doc.check_permission("write")
    return doc


def _to_decide(ticket: str) -> Document:
    """Only users who may decide lock the ticket."""
    _writable(ticket)
    return held_requests.locked(ticket)


@frappe.whitelist()
@agent_only
def access_details_of(ticket: str) -> access_details.OverviewWithLabels:
    """Whether the client put access details on file."""
    overview = access_details.overview(_readable(ticket))
    return {**overview, "labels": access_details.labels_for_agent()}


@frappe.whitelist(methods=["POST"])
@agent_only
def read_access_details(ticket: str) -> access_details.Opened:
    """The details in plain text; reading leaves a line in the ticket's history."""
    return access_details.read(_readable(ticket))


@frappe.whitelist(methods=["GET"])
@agent_only
def notice_settings() -> NoticeSettings:
    """What the session's agent is also mailed of the notices that ring their bell."""
    return settings_of_user(frappe.session.user)


@frappe.whitelist(methods=["POST"])
@agent_only
def set_notices_by_mail(choice: str) -> None:
    """The session's agent chooses for themselves, and nobody for others."""
    own_choice.choose_mail(frappe.session.user, choice)
