"""What may be chosen in a conversation, and what may be said at any time."""

from dataclasses import dataclass

from beesender_support.policy.sentences import Name
from beesender_support.policy.sentences import marked as _

NO_MEANING = Name("")


@dataclass(frozen=True, slots=True)
class Choice:
    """``code`` is stable and what a program sends; ``label`` and ``meaning`` are for
    people."""

    code: str
    label: Name
    meaning: Name = NO_MEANING


SEND = Choice("send", Name(_("Send")))
CHANGE = Choice("change", Name(_("Change an answer")))
# Leaves the question as it is, and goes on where a conversation was stopped.
GO_ON = Choice("go_on", Name(_("Go on")))
REMOVE = Choice("remove", Name(_("Remove")))
BACK = Choice("back", Name(_("Back")))
START_OVER = Choice("start_over", Name(_("Start over")))
CANCEL = Choice("cancel", Name(_("Cancel")))
NEW = Choice("new", Name(_("New request")))
STATUS = Choice("status", Name(_("Status of the request")))
# Understood at every question, whether offered there or not.
ALWAYS = (BACK, GO_ON, START_OVER, CANCEL)
ONCE_SENT = (STATUS, NEW)
