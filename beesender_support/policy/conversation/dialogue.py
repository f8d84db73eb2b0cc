"""A conversation with a person, answer by answer: a state machine without a state.

``take`` gives what a conversation becomes by what was said, and what is to be done. What
cannot be taken changes nothing, and a sentence says what to do instead.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from beesender_support.policy.conversation.answers import (
    ASKING,
    CANCELLED,
    SENT,
    Conversation,
    FileGiven,
)
from beesender_support.policy.conversation.choices import (
    ALWAYS,
    BACK,
    CANCEL,
    CHANGE,
    GO_ON,
    NEW,
    REMOVE,
    START_OVER,
    STATUS,
    Choice,
)
from beesender_support.policy.conversation.questions import (
    ACCESS,
    AFFECTED,
    AFTERWARDS,
    ANSWER_OF,
    CATEGORY,
    CONFIRM,
    FILES,
    PRIORITY,
    STOPPED,
    SUBJECT,
    TO_CHANGE,
    Offered,
    Question,
    descriptions_of,
    is_answered,
    may_be_left,
    question_at,
    room_at,
    steps_of,
)
from beesender_support.policy.conversation.understanding import (
    chosen,
    cleaned,
    named_as,
    one_line,
)
from beesender_support.policy.requests.priorities import refuse_priority
from beesender_support.policy.sentences import Name, Renderer, Sentence
from beesender_support.policy.sentences import marked as _

# What whoever leads the conversation has to do.
NOTHING, SENDS, ADDS, TELLS, BEGINS = (
    "nothing",
    "sends",
    "adds",
    "tells",
    "begins",
)

PROBLEMS = {
    "not_understood": _("Please choose one of these: {options}."),
    "empty": _("Please write something."),
    "too_long": _("That is {count} characters. Please write at most {most}."),
    "required": _("Support needs an answer to this question."),
    "first": _("This is the first question."),
    "file_expected": _("Please send a file, or say “{go_on}”."),
    "too_many_files": _("There is room for {most} files. Please send fewer."),
    "files_too_large": _(
        "All files together may have {megabytes} MB. Please send smaller ones."
    ),
}
PRIORITY_NOT_ALLOWED = "priority_not_allowed"
_MEGABYTE = 1024 * 1024
# A command and what goes with it: /start, /start@our_bot, /start from_the_site.
_OF_MESSENGER = re.compile(r"/[\w@]+( \S+)?")


class Problem(NamedTuple):
    """Why something was not taken: a stable name of the rule, and what to do."""

    rule: str
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said at once, and the files that came along."""

    # In no traceback: it may be a secret.
    text: str = field(default="", repr=False)
    files: tuple[FileGiven, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """``answered`` is the step to which an answer was taken. ``action`` is what to do
    next. ``text`` is what to add, or the access details, which are kept elsewhere."""

    conversation: Conversation
    problem: Problem | None = None
    answered: str | None = None
    action: str = NOTHING
    text: str = field(default="", repr=False)


def begin(said: Said, offered: Offered, readers: Sequence[Renderer]) -> Turn:
    """A new conversation. Nothing has been asked yet, so what is said answers nothing;
    it is kept as the beginning of the description, unless it is a command of a
    messenger such as ``/start``. Files are kept also where the text is too long."""
    text = cleaned(said.text)
    if _OF_MESSENGER.fullmatch(text) or named_as(text, ALWAYS, readers):
        text = ""
    turn = _with_files(Conversation(), said.files, offered)
    if len(text) > offered.limits.description:
        too_long = _too_long(Conversation(), text, offered.limits.description)
        return replace(turn, problem=too_long.problem)
    return replace(turn, conversation=replace(turn.conversation, opening=text))


def take(
    said: Said,
    before: Conversation,
    offered: Offered,
    readers: Sequence[Renderer],
) -> Turn:
    """What becomes of ``before`` by what is said.

    ``readers`` are the languages in which labels are understood, the person's first.
    """
    text = cleaned(said.text)
    question = question_at(before, offered)
    if question.step == AFTERWARDS:
        return _afterwards(text, said.files, before, question, offered, readers)
    with_files = _with_files(before, said.files, offered)
    if not text:
        return with_files if said.files else _refused(before, "empty")
    now = with_files.conversation
    commands = tuple(dict.fromkeys((*question.commands, *ALWAYS)))
    command = named_as(text, commands, readers)
    turn = _take_text(text, command, now, question, offered, readers)
    if turn.action == SENDS and with_files.problem:
        # What was meant to go with it would be missing.
        return with_files
    # Files that have no room cost no answer.
    return replace(turn, problem=turn.problem or with_files.problem)


def _take_text(
    text: str,
    command: Choice | None,
    now: Conversation,
    question: Question,
    offered: Offered,
    readers: Sequence[Renderer],
) -> Turn:
    # A choice that is called like a command is meant first where it is offered.
    choice = chosen(text, question.choices, readers)
    if choice is None and command is not None:
        return _obey(command, now, question, offered)
    if question.choices:
        return _choose(choice, text, now, question, offered)
    if question.step == FILES:
        return _refused(now, "file_expected", go_on=GO_ON.label)
    return _write(text, now, question.step, offered)


# Commands


def _obey(
    command: Choice, now: Conversation, question: Question, offered: Offered
) -> Turn:
    step = question.step
    if command == CANCEL:
        return Turn(replace(now, stage=CANCELLED))
    if command == START_OVER:
        return Turn(Conversation())
    if command == BACK:
        return _back(now, step, offered)
    if command == REMOVE:
        return _leave(_without(now, step, offered), step, offered)
    return _leave(now, step, offered)


def _back(now: Conversation, step: str, offered: Offered) -> Turn:
    if step == TO_CHANGE:
        return Turn(replace(now, at=None))
    if step == STOPPED:
        return Turn(replace(now, stage=ASKING))
    steps = steps_of(now, offered)
    place = len(steps) if step == CONFIRM else steps.index(step)
    if place == 0:
        return _refused(now, "first")
    return Turn(replace(now, at=steps[place - 1]))


def _leave(now: Conversation, step: str, offered: Offered) -> Turn:
    """Go on with the question as it is: answered, or without an answer for good."""
    if step == STOPPED:
        return Turn(replace(now, stage=ASKING))
    if step not in steps_of(now, offered):
        return Turn(replace(now, at=None))
    if not is_answered(step, now, offered):
        if not may_be_left(step, now, offered):
            return _refused(now, "required")
        # Files that came at any question are there already.
        files = now.files
        now = replace(_without(now, step, offered), files=files)
    return Turn(replace(now, at=None), answered=step)


def _without(now: Conversation, step: str, offered: Offered) -> Conversation:
    """With nothing as the answer to a question that may be left."""
    if step == PRIORITY:
        return replace(now, priority="")
    if step == FILES:
        return replace(now, files=(), has_said_files=True)
    if step == ACCESS:
        return replace(now, has_access=False)
    return now.describing(descriptions_of(now, offered)[step], "")


# Answers


def _choose(
    choice: Choice | None,
    text: str,
    now: Conversation,
    question: Question,
    offered: Offered,
) -> Turn:
    step = question.step
    if choice is None:
        if step == PRIORITY and (problem := _not_allowed(text, now, offered)):
            return Turn(now, problem)
        options = tuple(each.label for each in question.choices)
        return _refused(now, "not_understood", options=options)
    if step == STOPPED:
        return _obey(choice, now, question, offered)
    if step == CONFIRM:
        if choice == CHANGE:
            return Turn(replace(now, at=TO_CHANGE))
        return Turn(replace(now, stage=SENT, at=None), action=SENDS)
    if step == TO_CHANGE:
        return Turn(replace(now, at=choice.code))
    if step == CATEGORY:
        return _answered(replace(now, category=choice.code), step)
    if step == PRIORITY:
        return _answered(replace(now, priority=choice.code), step)
    if step == AFFECTED:
        return _answered(replace(now, affected=choice.code), step)
    return _answered(replace(now, way_round=ANSWER_OF[choice.code]), step)


def _not_allowed(text: str, now: Conversation, offered: Offered) -> Problem | None:
    """Somebody may know a priority that this category does not have."""
    category = offered.category(now.category)
    known = [Choice(code, Name(code)) for code in offered.meanings]
    asked = named_as(text, known, ())
    if category is None or asked is None:
        return None
    refusal = refuse_priority(category, asked.code, answers_at_once=True)
    return Problem(PRIORITY_NOT_ALLOWED, refusal) if refusal else None


def _write(text: str, now: Conversation, step: str, offered: Offered) -> Turn:
    limits = offered.limits
    if step == SUBJECT:
        line = one_line(text)
        if len(line) > limits.subject:
            return _too_long(now, line, limits.subject)
        return _answered(replace(now, subject=line), step)
    if step == ACCESS:
        if len(text) > limits.access:
            return _too_long(now, text, limits.access)
        return replace(_answered(replace(now, has_access=True), step), text=text)
    room = room_at(step, now, offered)
    if len(text) > room:
        return _too_long(now, text, room)
    question = descriptions_of(now, offered)[step]
    return _answered(now.describing(question, text), step)


def _answered(now: Conversation, step: str) -> Turn:
    return Turn(replace(now, at=None), answered=step)


def _with_files(
    before: Conversation, files: tuple[FileGiven, ...], offered: Offered
) -> Turn:
    """Files are taken at any question; all that came at once, or none."""
    limits = offered.limits
    together = (*before.files, *files)
    if not files:
        return Turn(before)
    if len(together) > limits.files:
        return _refused(before, "too_many_files", most=limits.files)
    if sum(each.size for each in together) > limits.bytes_of_all_files:
        megabytes = limits.bytes_of_all_files // _MEGABYTE
        return _refused(before, "files_too_large", megabytes=megabytes)
    return Turn(replace(before, files=together))


# Once it was sent


def _afterwards(
    text: str,
    files: tuple[FileGiven, ...],
    before: Conversation,
    question: Question,
    offered: Offered,
    readers: Sequence[Renderer],
) -> Turn:
    """Whatever is written is added to the request, unless it asks for something."""
    command = named_as(text, question.commands, readers)
    if command == NEW:
        return replace(_with_files(Conversation(), files, offered), action=BEGINS)
    # Files are for the request, whatever their caption says.
    if not files and (command == STATUS or not text):
        return Turn(before, action=TELLS)
    if len(text) > offered.limits.message:
        return _too_long(before, text, offered.limits.message)
    return Turn(before, action=ADDS, text=text)


def _refused(before: Conversation, rule: str, **context: object) -> Turn:
    return Turn(before, Problem(rule, Sentence(PROBLEMS[rule], context)))


def _too_long(before: Conversation, text: str, most: int) -> Turn:
    return _refused(before, "too_long", count=len(text), most=most)
