"""What is asked in a conversation, in which order, and what is open.

The order and the words are those of the portal's form: category, priority or impact,
subject, the questions of the category's description, files, access details.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from beesender_support.policy.conversation.answers import (
    ASKING,
    CANCELLED,
    Conversation,
)
from beesender_support.policy.conversation.choices import (
    BACK,
    CANCEL,
    CHANGE,
    GO_ON,
    ONCE_SENT,
    REMOVE,
    SEND,
    START_OVER,
    Choice,
)
from beesender_support.policy.requests.impact import (
    is_rated_by_impact,
    option_named,
    options_of,
)
from beesender_support.policy.sentences import Given, Name, Sentence
from beesender_support.policy.sentences import marked as _
from beesender_support.policy.sold.categories import Category
from beesender_support.policy.sold.impact_matrix import NO, YES

CATEGORY, PRIORITY, AFFECTED, WAY_ROUND = (
    "category",
    "priority",
    "affected",
    "way_round",
)
SUBJECT, DESCRIPTION, FILES, ACCESS = "subject", "description", "files", "access"
CONFIRM, TO_CHANGE, STOPPED, AFTERWARDS = "confirm", "change", "cancelled", "done"
TEXT, CHOICE, YES_NO, OF_FILES, TO_CONFIRM = KINDS = (
    "text",
    "choice",
    "yes_no",
    "files",
    "confirm",
)

YES_OR_NO = (Choice("yes", Name(_("Yes"))), Choice("no", Name(_("No"))))
ANSWER_OF = {"yes": YES, "no": NO}
LABELS = {
    CATEGORY: Name(_("Category")),
    PRIORITY: Name(_("Priority")),
    AFFECTED: Name(_("What is affected")),
    WAY_ROUND: Name(_("Is there a way round")),
    SUBJECT: Name(_("Subject")),
    DESCRIPTION: Name(_("Description")),
    FILES: Name(_("Files")),
    ACCESS: Name(_("Access details")),
}
ASKED = {
    CATEGORY: _("What is it about?"),
    PRIORITY: _("How urgent is it?"),
    AFFECTED: _("What is affected?"),
    WAY_ROUND: _("Is there a way round?"),
    SUBJECT: _("State the problem in a few words: what does not work, and where."),
    DESCRIPTION: _("Describe it step by step: what you do, and what happens then."),
    FILES: _("Send files that show it, such as pictures or logs."),
    ACCESS: _(
        "How support gets into your system: addresses, user names, passwords. They are"
        " kept encrypted, only support agents can read them, and they are erased after"
        " the request is closed."
    ),
    CONFIRM: _("Is everything right?"),
    TO_CHANGE: _("Which answer do you want to change?"),
    STOPPED: _("Nothing was sent. You can go on where you stopped, or start over."),
    AFTERWARDS: _("What you write now is added to the request."),
}
FILES_GIVEN = _("{count} files are added. Send more, or go on.")
QUESTION = "{question}"
MAY_BE_LEFT = frozenset({PRIORITY, FILES, ACCESS})
# A category that was renamed or deleted while somebody was asked about it.
GONE = _("{given} is not offered any more. Please choose again.")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may be said and sent, in characters, files and bytes.

    What describes a request has room for its questions beside the answers; ``message``
    is of one that is added later.
    """

    subject: int = 140
    description: int = 40_000
    message: int = 50_000
    access: int = 10_000
    files: int = 10
    bytes_of_all_files: int = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Offered:
    """What may be chosen now: ``meanings`` are those of priorities by code."""

    channel: str
    categories: tuple[Category, ...] = ()
    meanings: Mapping[str, str] = field(default_factory=dict)
    limits: Limits = Limits()

    def category(self, name: str | None) -> Category | None:
        return next((each for each in self.categories if each.name == name), None)


@dataclass(frozen=True, slots=True)
class Question:
    """``step`` is a stable code. ``given`` is the earlier answer as it is shown, None if
    there is none. ``commands`` are what may be said instead of an answer, and ``note``
    is said before the question."""

    step: str
    sentence: Sentence
    kind: str
    choices: tuple[Choice, ...] = ()
    commands: tuple[Choice, ...] = ()
    is_optional: bool = False
    given: object = None
    note: Sentence | None = None


def steps_of(said: Conversation, offered: Offered) -> tuple[str, ...]:
    """What is asked, in order, as far as the answers so far tell."""
    return (
        *([CATEGORY] if offered.categories else []),
        *_urgency_of(offered.category(said.category), said, offered),
        SUBJECT,
        *descriptions_of(said, offered),
        FILES,
        ACCESS,
    )


def _urgency_of(
    category: Category | None, said: Conversation, offered: Offered
) -> tuple[str, ...]:
    if category is None:
        return ()
    if not is_rated_by_impact(category, offered.channel):
        return (PRIORITY,) if len(category.allowed_priorities) > 1 else ()
    option = option_named(category, said.affected)
    asks_way_round = option is not None and option.asks_way_round
    return (AFFECTED, WAY_ROUND) if asks_way_round else (AFFECTED,)


def descriptions_of(said: Conversation, offered: Offered) -> dict[str, str]:
    """The questions of the category's description by step; one without words where it has
    none."""
    category = offered.category(said.category)
    questions = dict.fromkeys(category.questions) if category else {}
    if not questions:
        return {DESCRIPTION: ""}
    return {f"{DESCRIPTION}_{place}": each for place, each in enumerate(questions, 1)}


def step_of(said: Conversation, offered: Offered) -> str:
    """Where the conversation is."""
    if said.stage == CANCELLED:
        return STOPPED
    if said.stage != ASKING:
        return AFTERWARDS
    steps = steps_of(said, offered)
    missing = [each for each in steps if not is_answered(each, said, offered)]
    if said.at == TO_CHANGE and not missing:
        return TO_CHANGE
    if said.at in steps:
        return said.at
    return missing[0] if missing else CONFIRM


def is_answered(step: str, said: Conversation, offered: Offered) -> bool:
    """Whether there is an answer that still is one."""
    category = offered.category(said.category)
    if step == CATEGORY:
        return category is not None
    if step == AFFECTED:
        return category is not None and bool(option_named(category, said.affected))
    if step == FILES:
        return said.has_said_files
    if step == ACCESS:
        return said.has_access is not None
    if step == PRIORITY:
        return said.priority == "" or is_allowed(said.priority, category)
    if step in (WAY_ROUND, SUBJECT):
        return getattr(said, step) is not None
    return said.answer_to(descriptions_of(said, offered)[step]) is not None


def is_allowed(priority: str | None, category: Category | None) -> bool:
    """Whether a category has a priority: it may have been chosen for another one."""
    return category is not None and priority in category.allowed_priorities


def question_at(said: Conversation, offered: Offered) -> Question:
    """The next question, or the one that the person went to."""
    step = step_of(said, offered)
    if step == AFTERWARDS:
        return Question(step, Sentence(ASKED[step]), TEXT, commands=ONCE_SENT)
    if step == STOPPED:
        return Question(step, Sentence(ASKED[step]), CHOICE, (GO_ON, START_OVER))
    if step == CONFIRM:
        commands = (BACK, START_OVER, CANCEL)
        choices = (SEND, CHANGE)
        return Question(step, Sentence(ASKED[step]), TO_CONFIRM, choices, commands)
    if step == TO_CHANGE:
        changed = tuple(
            Choice(each, label_of(each, said, offered))
            for each in steps_of(said, offered)
        )
        return Question(step, Sentence(ASKED[step]), CHOICE, changed, (BACK, CANCEL))
    return Question(
        step,
        _asked(step, said, offered),
        _kind_of(step),
        _choices_of(step, said, offered),
        _commands_of(step, said, offered),
        may_be_left(step, said, offered),
        given_to(step, said, offered),
        _note_of(step, said),
    )


def may_be_left(step: str, said: Conversation, offered: Offered) -> bool:
    """Of the questions of a description the first wants an answer, unless what was
    written already has left no room for one: then that is the description."""
    descriptions = list(descriptions_of(said, offered))
    if step in MAY_BE_LEFT or step in descriptions[1:]:
        return True
    return step in descriptions and not room_at(step, said, offered)


def room_at(step: str, said: Conversation, offered: Offered) -> int:
    """How many characters the answer to a question of a description may have, beside all
    that was written already."""
    question = descriptions_of(said, offered)[step]
    others = [each.text for each in said.described if each.question != question]
    taken = sum(map(len, (said.opening, *others)))
    return max(offered.limits.description - taken, 0)


def label_of(step: str, said: Conversation, offered: Offered) -> Name:
    """What an answer is called in a list of answers."""
    question = descriptions_of(said, offered).get(step)
    return Name(question) if question else LABELS[step]


def given_to(step: str, said: Conversation, offered: Offered) -> object:
    """The answer to a step as it is shown; None if there is none, or an empty one."""
    if step in (CATEGORY, AFFECTED):
        return Name(getattr(said, step)) if getattr(said, step) else None
    if step == WAY_ROUND:
        return Name(said.way_round) if said.way_round else None
    if step == FILES:
        return tuple(each.name for each in said.files) or None
    if step == ACCESS:
        # What they say is never shown.
        return Name(_("given")) if said.has_access else None
    if step in (PRIORITY, SUBJECT):
        return getattr(said, step) or None
    return said.answer_to(descriptions_of(said, offered)[step]) or None


def _asked(step: str, said: Conversation, offered: Offered) -> Sentence:
    if step == FILES and said.files:
        return Sentence(FILES_GIVEN, {"count": len(said.files)})
    question = descriptions_of(said, offered).get(step)
    if question:
        return Sentence(QUESTION, {"question": Name(question)})
    return Sentence(ASKED[step])


def _kind_of(step: str) -> str:
    kinds = {
        CATEGORY: CHOICE,
        PRIORITY: CHOICE,
        AFFECTED: CHOICE,
        WAY_ROUND: YES_NO,
        FILES: OF_FILES,
    }
    return kinds.get(step, TEXT)


def _choices_of(step: str, said: Conversation, offered: Offered) -> tuple[Choice, ...]:
    category = offered.category(said.category)
    if step == CATEGORY:
        return tuple(
            Choice(each.name, Name(each.name), Name(each.meaning))
            for each in offered.categories
        )
    if step == WAY_ROUND:
        return YES_OR_NO
    if step == AFFECTED and category:
        options = options_of(category)
        return tuple(Choice(each.affected, Name(each.affected)) for each in options)
    if step == PRIORITY and category:
        when = {rule.priority: rule.when_to_use for rule in category.priority_rules}
        return tuple(
            Choice(code, Name(code), Name(when[code] or offered.meanings.get(code, "")))
            for code in category.allowed_priorities
        )
    return ()


def _commands_of(step: str, said: Conversation, offered: Offered) -> tuple[Choice, ...]:
    is_given = given_to(step, said, offered) is not None
    is_optional = may_be_left(step, said, offered)
    is_first = step == steps_of(said, offered)[0]
    commands = (
        (GO_ON, is_optional or is_answered(step, said, offered)),
        (REMOVE, is_optional and is_given),
        (BACK, not is_first),
        (START_OVER, said != Conversation()),
        (CANCEL, True),
    )
    return tuple(command for command, is_offered in commands if is_offered)


def _note_of(step: str, said: Conversation) -> Sentence | None:
    """An answer that is one no more is asked for again, and that is said."""
    stale = {
        CATEGORY: said.category,
        PRIORITY: said.priority,
        AFFECTED: said.affected,
    }.get(step)
    if stale is None or said.at == step:
        return None
    return Sentence(GONE, {"given": Given(Name(stale))})
