"""What is known of a ticket besides its fields, while it is made or saved.

Handlers of one save, and the code that makes a ticket, pass values to each other here.
These are typed values of this process, so nothing that a client posts can pose as one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import frappe
from frappe.model.document import Document

from beesender_support.policy.audit.facts import Decided
from beesender_support.policy.requests.triage import Decision
from beesender_support.policy.response.clocks import Happening
from beesender_support.policy.response.promises import Promises
from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sentences import Sentence

_PLACE = "beesender"


class Requested(NamedTuple):
    """What the caller of a new ticket requested, as opposed to Helpdesk's defaults.

    ``affected`` and ``way_round`` are a client's answers, as they were sent, whatever
    they are. ``is_by_script``: a Server Script of the site chose the priority.
    """

    priority: str | None = None
    ticket_priority: str | None = None
    ticket_type: str | None = None
    contact: str | None = None
    status: str | None = None
    affected: object = None
    way_round: object = None
    is_by_script: bool = False


class Assessed(NamedTuple):
    """By what a promise was assessed: while all of it stands, so does the response."""

    terms: Terms
    priority: str
    answered_at: datetime | None
    closed_at: datetime | None
    happenings: tuple[Happening, ...] = ()


class AgentDecision(NamedTuple):
    """What an agent decided on a ticket, for the save that writes it; ``why_priority`` is
    the reason for another category or priority."""

    decision: Decision | None = None
    is_declined: bool = False
    why_priority: str | None = None
    clock_correction: Callable[[Document], None] | None = None


@dataclass(slots=True)
class TicketContext:
    """Of one document of a ticket; what is None or False was not said.

    ``channel`` and ``external_id`` are set for the chatbot and the site widget; mail,
    the portal and agents are distinguished by the ticket. ``found_contact`` is the
    contact of the address or number that a mail or chat came from. ``is_trusted``: this
    app saves the ticket in a session that may be a client's. ``decided`` holds the
    fields as the decision found and left them, ``terms`` what the text on the ticket
    stands for. ``decision`` is kept with its facts once the ticket is stored.
    """

    channel: str | None = None
    external_id: str | None = None
    sender_is_verified: bool = True
    waits_for_no_answer: bool = False
    found_contact: str | None = None
    own_contact: str | None = None
    given_customer: str | None = None
    customer_is_open: bool = False
    sealed_access_details: str | None = None
    requested: Requested | None = None
    is_trusted: bool = False

    decided: dict[str, object] | None = None
    decision: Decided | None = None
    changed_by_script: bool = False
    terms: tuple[str, Terms] | None = None
    promises: tuple[Assessed, Promises] | None = None

    agent: AgentDecision = field(default_factory=AgentDecision)

    # Said on the ticket once it is saved.
    priority_correction: Sentence | None = None
    agent_correction: tuple[str, dict[str, Any], dict[str, Any]] | None = None
    admission_change: tuple[dict[str, Any], dict[str, Any]] | None = None

    def __reduce__(self) -> tuple[type["TicketContext"], tuple[()]]:
        """A copy of the ticket, or a background job that is given it such as a webhook,
        starts with a context of its own."""
        return TicketContext, ()


class AnswerNoted(NamedTuple):
    """An answer that the next save of its ticket will apply: when it was sent, if
    known, when it was received, and the message."""

    sent: datetime | None
    received: datetime
    communication: str | None


class MessageNoted(NamedTuple):
    """A message on a ticket that its next save will apply: the normal address of who
    wrote it, when it was received, and the message.

    Helpdesk moves what is written on a merged ticket to the one that it lives on in, and
    the document of the message says so.
    """

    sender: str | None
    received: datetime
    communication: Document


@dataclass(slots=True)
class RequestContext:
    """Of one request or job, by the name of the ticket.

    ``closed_history`` are tickets that are closed when they are inserted, with their
    status. ``client_message`` says whether a client's session has just ``Sent`` or
    ``Received`` a message, for which Helpdesk saves the ticket next. ``split`` are tickets
    of which a part was just split off, ``settled_by`` the messages that have just settled
    a promise, ``messages`` what was just written on tickets, ``moved_by`` what each
    message has just done to the clocks of a ticket, ``with_agreement`` the tickets whose
    agreement was just looked for.
    """

    answers: dict[str, AnswerNoted] = field(default_factory=dict)
    messages: list[MessageNoted] = field(default_factory=list)
    closed_history: dict[str, str] = field(default_factory=dict)
    client_message: str | None = None
    split: set[str] = field(default_factory=set)
    settled_by: dict[str, str] = field(default_factory=dict)
    moved_by: dict[str, dict[str, Happening]] = field(default_factory=dict)
    with_agreement: set[str] = field(default_factory=set)


def context_of(doc: Document) -> TicketContext:
    """The context of a document, an empty one at first."""
    context = doc.flags.get(_PLACE)
    if not isinstance(context, TicketContext):
        context = doc.flags[_PLACE] = TicketContext()
    return context


def take_what_an_agent_decided(doc: Document) -> AgentDecision:
    """For one save, whether it succeeds or not."""
    context = context_of(doc)
    agent, context.agent = context.agent, AgentDecision()
    return agent


def request_context() -> RequestContext:
    """The context of the request or job under way, an empty one at first."""
    context = frappe.flags.get(_PLACE)
    if not isinstance(context, RequestContext):
        context = frappe.flags[_PLACE] = RequestContext()
    return context
