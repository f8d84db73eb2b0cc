"""What a program is answered: texts to show, in the language of its user."""

from typing import Literal

from frappe import _
from typing_extensions import TypedDict

from beesender_support.enforcement.chat.replies import (
    VERDICTS,
    Stamp,
    Standing,
    Verdict,
)
from beesender_support.enforcement.conversation.kept import Kept
from beesender_support.policy.conversation.choices import Choice
from beesender_support.policy.conversation.dialogue import Problem
from beesender_support.policy.conversation.questions import (
    AFTERWARDS,
    CONFIRM,
    Offered,
    Question,
    question_at,
)
from beesender_support.policy.conversation.request import Preview, summary_of
from beesender_support.wording.renderer import in_words, reader

Kind = Literal["text", "choice", "yes_no", "files", "confirm"]
# Of an answer in a summary: the person knows the rest of it.
_SHOWN = 300


class Option(TypedDict):
    """``code`` is what to send back; ``label`` and ``meaning`` are shown, and ``meaning``
    is empty where the label says it all."""

    code: str
    label: str
    meaning: str


class Validation(TypedDict):
    """Why the last message was not taken: ``rule`` is a stable name, ``sentence`` says
    what to do."""

    rule: str
    sentence: str


class Answered(TypedDict):
    """An answer so far; ``value`` is empty where the question was left out."""

    step: str
    label: str
    value: str


class Promise(TypedDict):
    """What would be decided if the request were sent now; as in the answer of
    ``register``."""

    verdict: Verdict
    reason: str | None
    sentence: str
    explanation: str | None
    priority: str | None
    priority_corrected_from: str | None
    response_due: Stamp | None


class TurnAnswer(TypedDict):
    """``text`` is all of it as plain text, for a platform that has nothing else.

    ``step`` is a stable code and ``kind`` how it is answered; ``commands`` may be said
    instead of an answer. ``given`` is the earlier answer to this question. ``summary``
    and ``promise`` are there before sending, ``request`` and ``request_id`` once it was
    sent; ``done`` says that it was.
    """

    step: str
    kind: Kind
    sentence: str
    choices: list[Option]
    commands: list[Option]
    optional: bool
    given: str | None
    files: list[str]
    validation: Validation | None
    summary: list[Answered]
    promise: Promise | None
    done: bool
    request: Standing | None
    request_id: str | None
    text: str


def reply(
    kept: Kept,
    offered: Offered,
    problem: Problem | None,
    *,
    preview: Preview | None = None,
    standing: Standing | None = None,
    request_id: str | None = None,
    first: str = "",
) -> TurnAnswer:
    """The answer to a message. ``first`` is said before the question."""
    asked = question_at(kept.said, offered)
    is_last = asked.step == CONFIRM
    said: TurnAnswer = {
        "step": asked.step,
        "kind": asked.kind,  # type: ignore[typeddict-item]
        "sentence": _sentence(asked, first),
        "choices": [_option(each) for each in asked.choices],
        "commands": [_option(each) for each in asked.commands],
        "optional": asked.is_optional,
        "given": None if asked.given is None else _shown(asked.given),
        "files": [each.name for each in kept.said.files],
        "validation": _validation(problem),
        "summary": _summary(kept, offered) if is_last else [],
        "promise": _promise(preview) if is_last and preview else None,
        "done": asked.step == AFTERWARDS,
        "request": standing,
        "request_id": request_id,
        "text": "",
    }
    said["text"] = as_text(said)
    return said


def as_text(said: TurnAnswer) -> str:
    """Everything that a button would show as well, to be answered by a number."""
    promise = said["promise"]
    parts = [
        said["validation"]["sentence"] if said["validation"] else "",
        "\n".join(map(_summed, said["summary"])),
        (
            " ".join(filter(None, (promise["sentence"], promise["explanation"])))
            if promise
            else ""
        ),
        said["sentence"],
        _("So far: {0}").format(said["given"]) if said["given"] else "",
        "\n".join(_line(*each) for each in enumerate(said["choices"], 1)),
        (
            _("You may also say: {0}").format(
                reader().listed([each["label"] for each in said["commands"]])
            )
            if said["commands"]
            else ""
        ),
    ]
    return "\n\n".join(filter(None, parts))


def _summed(answered: Answered) -> str:
    """A question of a category ends as its admin wrote it."""
    label = answered["label"].rstrip(": ")
    colon = "" if label.endswith("?") else ":"
    return f"{label}{colon} {answered['value'] or '-'}"


def _line(number: int, option: Option) -> str:
    meaning = f" \N{EM DASH} {option['meaning']}" if option["meaning"] else ""
    return f"{number}. {option['label']}{meaning}"


def _sentence(asked: Question, first: str) -> str:
    note = in_words(asked.note) if asked.note else ""
    return " ".join(filter(None, (first, note, in_words(asked.sentence))))


def _option(choice: Choice) -> Option:
    return {
        "code": choice.code,
        "label": _shown(choice.label),
        "meaning": _shown(choice.meaning),
    }


def _validation(problem: Problem | None) -> Validation | None:
    if problem is None:
        return None
    return {"rule": problem.rule, "sentence": in_words(problem.sentence)}


def _summary(kept: Kept, offered: Offered) -> list[Answered]:
    return [
        {
            "step": each.step,
            "label": _shown(each.label),
            "value": "" if each.value is None else _shown(each.value),
        }
        for each in summary_of(kept.said, offered)
    ]


def _promise(preview: Preview) -> Promise:
    explanation = " ".join(map(in_words, preview.explanation))
    return {
        "verdict": VERDICTS.get(preview.verdict.capitalize(), "accepted"),
        "reason": preview.reason,
        "sentence": in_words(preview.sentence),
        "explanation": explanation or None,
        "priority": preview.priority,
        "priority_corrected_from": preview.corrected_from,
        "response_due": preview.due and preview.due.isoformat(timespec="seconds"),
    }


def _shown(value: object) -> str:
    text = reader().renderer.show(value)
    return (
        text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}\N{HORIZONTAL ELLIPSIS}"
    )
