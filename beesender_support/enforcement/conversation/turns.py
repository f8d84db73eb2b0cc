"""A conversation that a program leads with one of its users, message by message.

A turn locks the conversation, has the policy say what becomes of it, and does what that
asks for. The same message again gets the same answer and does nothing again, also where
two come at once.
"""

from collections.abc import Callable
from typing import TypeVar

import frappe
from frappe import _

from beesender_support.enforcement.chat import requests
from beesender_support.enforcement.chat.caller import (
    BadPayload,
    UnknownRequest,
)
from beesender_support.enforcement.chat.payloads import (
    KEPT,
    Message,
    Question,
    Registration,
    validated,
)
from beesender_support.enforcement.conversation import kept as store
from beesender_support.enforcement.conversation.kept import Kept
from beesender_support.enforcement.conversation.offered import (
    foreseen,
    offered_by,
    readers_of,
)
from beesender_support.enforcement.conversation.payloads import Spoken, sender_of
from beesender_support.enforcement.conversation.replies import TurnAnswer, reply
from beesender_support.enforcement.requests import access_details
from beesender_support.enforcement.safety.dead_letters import (
    ATTEMPTS,
    CONFLICTS,
    is_kept,
)
from beesender_support.enforcement.safety.fault_isolation import Refused
from beesender_support.enforcement.safety.rate_limit import refuse
from beesender_support.policy.conversation.answers import (
    DONE,
    SENT,
    Conversation,
    FileGiven,
)
from beesender_support.policy.conversation.dialogue import (
    ADDS,
    BEGINS,
    Problem,
    Said,
    Turn,
    begin,
    take,
)
from beesender_support.policy.conversation.questions import ACCESS, CONFIRM, Offered
from beesender_support.policy.conversation.questions import step_of as where
from beesender_support.policy.conversation.request import requested_of
from beesender_support.policy.sentences import Sentence
from beesender_support.wording.language import speaking

Result = TypeVar("Result")


class _NotThereYet(Exception):
    """Another turn has made a ticket that this transaction does not see."""


def converse(spoken: Spoken) -> TurnAnswer:
    """The answer to a message of a user; the first one begins a conversation."""
    # Frappe logs what a failed request was given, and it may be a secret.
    frappe.form_dict.pop("answer", None)
    return _despite_conflicts(lambda: _turn(spoken))


def _despite_conflicts(work: Callable[[], Result]) -> Result:
    """Others may write the same row; a turn begins again with what they wrote."""
    for attempt in range(ATTEMPTS):
        try:
            return work()
        except (*CONFLICTS, _NotThereYet):
            frappe.db.rollback()
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError  # pragma: no cover


def _turn(spoken: Spoken) -> TurnAnswer:
    name = requests.key_of("", spoken.external_id)
    message = requests.key_of("", spoken.external_id, spoken.message_id)[:32]
    kept = store.locked(name)
    if kept:
        _refuse_another_sender(spoken, kept)
        if (answer := kept.heard.get(message)) is not None:
            return answer  # type: ignore[return-value]
    else:
        kept = _new(spoken, name)
    kept.language = spoken.language or kept.language
    with speaking(kept.language):
        if message in kept.heard:
            # Of long ago: it is not done again, and where things stand is said.
            answer = _answered(spoken, kept, Turn(kept.said))
        else:
            answer = _answered(spoken, kept, _taken(spoken, kept))
        kept.heard[message] = answer  # type: ignore[assignment]
        store.save(kept, requests.key_of(_request_id(spoken, kept)))
    return answer


def _new(spoken: Spoken, name: str) -> Kept:
    sender = sender_of(spoken)
    kept = Kept(
        name=name,
        channel=sender.channel,
        contact_email=sender.contact_email,
        contact_phone=sender.contact_phone,
        language=spoken.language or "en",
        is_new=True,
    )
    kept.request_number = _free_number(spoken, 1)
    store.insert(kept)
    return kept


def _refuse_another_sender(spoken: Spoken, kept: Kept) -> None:
    """Who asks was vouched for when it began. Somebody else begins another one."""
    differs = ["channel"] if spoken.channel not in (None, kept.channel) else []
    if spoken.contact_email or spoken.contact_phone:
        sender = sender_of(spoken, kept.channel)
        for field in ("contact_email", "contact_phone"):
            said = getattr(sender, field)
            if said and said != getattr(kept, field):
                differs.append(field)
    if differs:
        message = _("This conversation is with somebody else. Begin one of its own.")
        refuse(
            BadPayload,
            *(
                {"field": field, "rule": "another_sender", "message": message}
                for field in differs
            ),
        )


# What was said


def _taken(spoken: Spoken, kept: Kept) -> Turn:
    before = kept.said
    offered, readers = offered_by(kept.channel), readers_of(kept.language)
    if before.stage in (SENT, DONE):
        # They go with the message, or begin another conversation.
        files = tuple(FileGiven("", each.file_name, 0) for each in spoken.attachments)
    else:
        files = store.add_files(kept.name, spoken.attachments)
    said = Said(spoken.answer, files)
    turn = (
        begin(said, offered, readers)
        if kept.is_new
        else take(said, before, offered, readers)
    )
    kept.said = turn.conversation
    if turn.action == BEGINS:
        _begin_anew(spoken, kept)
    turn = _sealing(turn, before, kept)
    store.remove_other_files(kept.name, kept.said)
    return turn


def _begin_anew(spoken: Spoken, kept: Kept, opening: str = "") -> None:
    kept.request_number = _free_number(spoken, kept.request_number + 1)
    kept.ticket = None
    files = store.add_files(kept.name, spoken.attachments)
    kept.said = Conversation(files=files, opening=opening)


def _sealing(turn: Turn, before: Conversation, kept: Kept) -> Turn:
    """Access details are encrypted at once, and gone where they were taken back."""
    if not kept.said.has_access:
        kept.sealed = None
    if turn.answered != ACCESS or not turn.text:
        return turn
    try:
        kept.sealed = str(access_details.seal(turn.text))
    except Refused as refused:
        frappe.clear_messages()
        kept.said = before
        said = Sentence("{why}", {"why": str(refused)})
        return Turn(before, Problem("not_kept", said))
    return turn


# What is done


def _answered(spoken: Spoken, kept: Kept, turn: Turn) -> TurnAnswer:
    offered = offered_by(kept.channel)
    if kept.said.stage == SENT:
        return _send(spoken, kept, turn, offered)
    if kept.said.stage == DONE:
        return _go_on(spoken, kept, turn, offered)
    preview = None
    if where(kept.said, offered) == CONFIRM:
        asked = requested_of(kept.said, offered, readers_of(kept.language)[0])
        preview = foreseen(kept, asked)
    return reply(kept, offered, turn.problem, preview=preview)


def _send(spoken: Spoken, kept: Kept, turn: Turn, offered: Offered) -> TurnAnswer:
    """Register the request, also once more where that failed before. All answers are
    kept until there is a ticket."""
    payload = _registration(spoken, kept, offered)
    registered = requests.register(payload, kept.sealed)
    _still_hold(kept)
    said = (registered["sentence"], registered["explanation"])
    if registered["ticket"]:
        _finish(kept, registered["ticket"])
    if turn.action == ADDS:
        return _go_on(spoken, kept, turn, offered)
    return _told(spoken, kept, turn, offered, *said)


def _still_hold(kept: Kept) -> None:
    """Registering begins again where another transaction was faster, and has let go of
    the conversation then: whoever has changed it since is right."""
    now = store.locked(kept.name)
    # Of messages that are known there are so many at most: their number says nothing.
    if now is None or list(now.heard) != list(kept.heard):
        raise _NotThereYet


def _finish(kept: Kept, ticket: str) -> None:
    """The request has it all now. What was said of it is not asked for again."""
    kept.ticket, kept.sealed = ticket, None
    kept.said = Conversation(stage=DONE)
    kept.heard = dict.fromkeys(kept.heard)
    store.remove_other_files(kept.name, kept.said)


def _go_on(spoken: Spoken, kept: Kept, turn: Turn, offered: Offered) -> TurnAnswer:
    """What is written after the request was sent is added to it."""
    if turn.action != ADDS:
        return _told(spoken, kept, turn, offered)
    names = ", ".join(each.file_name for each in spoken.attachments)
    message = Message.model_construct(
        external_id=_request_id(spoken, kept),
        message_id=spoken.message_id,
        text=turn.text or _("Files: {0}").format(names),
        attachments=spoken.attachments,
        from_bot=False,
    )
    try:
        added = requests.append(message)
    except UnknownRequest:
        return _begun_anew(spoken, kept, turn, offered)
    _still_hold(kept)
    if added["ticket"]:
        said = _("Your message is added to request {0}.").format(added["ticket"])
    else:
        said = _("We have your message. A support agent adds it by hand.")
    return _told(spoken, kept, turn, offered, said)


def _told(
    spoken: Spoken, kept: Kept, turn: Turn, offered: Offered, *said: str | None
) -> TurnAnswer:
    """How the request stands, behind what was ``said``."""
    request_id = _request_id(spoken, kept)
    _see_ticket(kept, requests.key_of(request_id))
    try:
        standing = requests.status(
            Question.model_construct(external_id=request_id, language=kept.language)
        )
    except UnknownRequest:
        return _begun_anew(spoken, kept, turn, offered)
    first = " ".join(filter(None, said)) or standing["sentence"]
    return reply(
        kept,
        offered,
        turn.problem,
        standing=standing,
        request_id=request_id,
        first=first,
    )


def _see_ticket(kept: Kept, key: str) -> None:
    """Another turn may have made the ticket after this transaction began to read."""
    is_seen = not kept.ticket or requests.ticket_of(key)
    if not is_seen and requests.ticket_of(key, for_update=True):
        raise _NotThereYet


def _begun_anew(spoken: Spoken, kept: Kept, turn: Turn, offered: Offered) -> TurnAnswer:
    """An agent has deleted the ticket: what is said begins another request."""
    frappe.local.response.pop("errors", None)
    frappe.clear_messages()
    _begin_anew(spoken, kept, turn.text)
    first = _("Your earlier request is not there any more, so this is a new one.")
    return reply(kept, offered, None, first=first)


def _registration(spoken: Spoken, kept: Kept, offered: Offered) -> Registration:
    asked = requested_of(kept.said, offered, readers_of(kept.language)[0])
    given = {
        "channel": kept.channel,
        "external_id": _request_id(spoken, kept),
        "contact_email": kept.contact_email,
        "contact_phone": kept.contact_phone,
        "attachments": store.files_of(kept.name, kept.said),
        "language": kept.language,
        **asked._asdict(),
    }
    # The channel counts that it had when the conversation began: admission decides.
    return validated(Registration, given, context=KEPT)


def _request_id(spoken: Spoken, kept: Kept) -> str:
    """The id by which ``status`` and ``append`` know the request."""
    return _numbered(spoken, kept.request_number)


def _numbered(spoken: Spoken, number: int) -> str:
    return spoken.external_id if number == 1 else f"{spoken.external_id}#{number}"


def _free_number(spoken: Spoken, number: int) -> int:
    """Of a request that is none yet: a conversation that was deleted may have left one."""
    key = requests.key_of(_numbered(spoken, number))
    while requests.ticket_of(key) or is_kept(key):
        number += 1
        key = requests.key_of(_numbered(spoken, number))
    return number
