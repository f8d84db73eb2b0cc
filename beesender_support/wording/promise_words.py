"""How a promise stands, in a few words, as badges and lists show it.

The first answer, the next one and the solution differ in their words, and in nothing
else.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from beesender_support.policy.response.clocks import Run
from beesender_support.policy.response.promises import Promised
from beesender_support.policy.response.response_state import (
    BREACHED,
    MET,
    PAUSED,
    WITHDRAWN,
    Response,
)
from beesender_support.policy.sentences import Elapsed, Name, Sentence, SupportTime
from beesender_support.policy.sentences import marked as _
from beesender_support.policy.sold.targets import FIRST_ANSWER, NEXT_ANSWER, SOLUTION
from beesender_support.wording.reader import MINUTE


class _Words(NamedTuple):
    """Of one target. ``within`` and ``in_a_minute`` have a form for support time, where
    that is not the time on the clock; ``left`` is said of a closed request, ``void`` of
    one on which nothing is owed any more."""

    at_once: str
    before_opening: str
    within: tuple[str, str]
    in_a_minute: tuple[str, str]
    too_late: str
    left: str
    void: str


_ANSWER = _Words(
    at_once=_("Answered at once"),
    before_opening=_("Answered before support opened"),
    within=(_("Fulfilled in {0}"), _("Fulfilled in {0} of support time")),
    in_a_minute=(
        _("Fulfilled in less than a minute"),
        _("Fulfilled in less than a minute of support time"),
    ),
    too_late=_("Answered too late"),
    left=_("Closed without an answer"),
    void=_("Closed: no answer is owed"),
)
_WORDS = {
    FIRST_ANSWER: _ANSWER,
    NEXT_ANSWER: _ANSWER,
    SOLUTION: _Words(
        at_once=_("Solved at once"),
        before_opening=_("Solved before support opened"),
        within=(_("Solved in {0}"), _("Solved in {0} of support time")),
        in_a_minute=(
            _("Solved in less than a minute"),
            _("Solved in less than a minute of support time"),
        ),
        too_late=_("Solved too late"),
        left=_("Closed"),
        void=_("Closed without a solution: does not count"),
    ),
}


def state_in_few_words(
    promised: Promised,
    *,
    now: datetime,
    is_closed: bool = False,
    closing_reason: str | None = None,
) -> Sentence:
    """How a promise stands; ``promised`` has a deadline.

    ``is_closed`` is the request, for ``closing_reason`` where one was given.
    """
    response, words = promised.response, _WORDS[promised.target]
    if promised.run and promised.run.stopped_at:
        return _of_settled(words, response, promised.run)
    if response.state == WITHDRAWN:
        if promised.target == SOLUTION and closing_reason:
            return _closed_as(closing_reason)
        return Sentence(words.void)
    if is_closed:
        return Sentence(words.left)
    if response.state == PAUSED:
        return _of_paused(response)
    if response.state == BREACHED:
        overdue = max(response.overdue or MINUTE, MINUTE)
        return Sentence(_("Overdue by {0}"), {0: Elapsed.of(overdue)})
    left = (response.due or now) - now
    if left < MINUTE:
        return Sentence(_("Due in less than a minute"))
    return Sentence(_("Due in {0}"), {0: Elapsed.of(left)})


def _of_settled(words: _Words, response: Response, run: Run) -> Sentence:
    stopped = run.stopped_at or run.started_at
    if response.state == MET:
        return _in_time(words, response, stopped - run.started_at)
    return _too_late(words, response, stopped - (response.due or stopped))


def _in_time(words: _Words, response: Response, elapsed: timedelta) -> Sentence:
    """Support time is named as such where it differs from time on the clock."""
    used = response.used or timedelta()
    if elapsed <= timedelta():
        return Sentence(words.at_once)
    if not used:
        return Sentence(words.before_opening)
    is_by_the_wall = elapsed - used < MINUTE
    if used < MINUTE:
        return Sentence(words.in_a_minute[not is_by_the_wall])
    return Sentence(words.within[not is_by_the_wall], {0: SupportTime.of(used)})


def _too_late(words: _Words, response: Response, since_due: timedelta) -> Sentence:
    """After closing time an answer may be late by no support time at all."""
    late_by = response.late_by or timedelta()
    if late_by < MINUTE:
        return Sentence(words.too_late)
    length = {0: SupportTime.of(late_by)}
    if since_due - late_by < MINUTE:
        return Sentence(_("Failed by {0}"), length)
    return Sentence(_("Failed by {0} of support time"), length)


def _of_paused(response: Response) -> Sentence:
    return Sentence(
        _("Paused: {left} of {target} left"),
        {
            "left": SupportTime.of(response.left),
            "target": response.target or timedelta(),
        },
    )


def _closed_as(reason: str) -> Sentence:
    return Sentence(_("Closed as {reason}: does not count"), {"reason": Name(reason)})
