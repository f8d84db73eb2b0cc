"""What a person has answered so far in a conversation: a value, and as it is stored."""

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from beesender_support.policy.errors import UnknownFormat

FORMAT = 1
# What becomes of a conversation: it is led, stopped by the person and may go on, handed
# over without a number so far, or a request with one.
ASKING, CANCELLED, SENT, DONE = ("asking", "cancelled", "sent", "done")


class Described(NamedTuple):
    """A question of a category as it was asked, and the answer; an empty one was left
    out. ``question`` is empty where a category has no questions."""

    question: str
    text: str


class FileGiven(NamedTuple):
    """A file that was sent: ``key`` finds it where it is kept, ``size`` is in bytes."""

    key: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Conversation:
    """None is what nobody has answered yet.

    ``priority`` is empty where the person leaves it to the category. ``has_access`` says
    that access details were given; what they say is never here. ``opening`` is what the
    person said before the first question. ``at`` is the step that the person went to,
    None at the first open one.
    """

    category: str | None = None
    priority: str | None = None
    affected: str | None = None
    way_round: str | None = None
    subject: str | None = None
    described: tuple[Described, ...] = ()
    files: tuple[FileGiven, ...] = ()
    has_said_files: bool = False
    has_access: bool | None = None
    opening: str = ""
    at: str | None = None
    stage: str = ASKING

    def answer_to(self, question: str) -> str | None:
        """What was answered to a question of a category."""
        return dict(self.described).get(question)

    def describing(self, question: str, text: str) -> "Conversation":
        """With an answer in place of an earlier one, in the order of the first ones."""
        answers = {**dict(self.described), question: text}
        return replace(self, described=tuple(map(Described._make, answers.items())))

    def as_dict(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return {
            "format": FORMAT,
            "category": self.category,
            "priority": self.priority,
            "affected": self.affected,
            "way_round": self.way_round,
            "subject": self.subject,
            "described": [list(each) for each in self.described],
            "files": [list(each) for each in self.files],
            "has_said_files": self.has_said_files,
            "has_access": self.has_access,
            "opening": self.opening,
            "at": self.at,
            "stage": self.stage,
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> "Conversation":
        """What ``as_dict`` gave; raises UnknownFormat for that of a newer version."""
        kept = dict(stored)
        if kept.pop("format", None) != FORMAT:
            raise UnknownFormat("format", stored.get("format"))
        kept["described"] = tuple(Described._make(each) for each in kept["described"])
        kept["files"] = tuple(FileGiven._make(each) for each in kept["files"])
        return cls(**kept)
