import pytest

from beesender_support.policy.errors import NotOfSupport
from beesender_support.policy.notices.staff import (
    BREACHES_AND_ESCALATIONS,
    DEFAULT,
    EVERYTHING,
    NEVER,
    check_of_support,
    is_mailed,
)


@pytest.mark.parametrize(
    ("choice", "kind", "mailed"),
    [
        (NEVER, "promise_breached", False),
        (NEVER, "promise_warning", False),
        (BREACHES_AND_ESCALATIONS, "promise_breached", True),
        (BREACHES_AND_ESCALATIONS, "urgent_request", True),
        (BREACHES_AND_ESCALATIONS, "escalated", True),
        (BREACHES_AND_ESCALATIONS, "promise_warning", False),
        (EVERYTHING, "promise_warning", True),
        (EVERYTHING, "promise_breached", True),
    ],
)
def test_what_is_mailed_by_choice(choice, kind, mailed):
    assert is_mailed(choice, kind) is mailed


@pytest.mark.parametrize("choice", [None, "", "Sometimes"])
def test_whoever_chose_nothing_is_mailed_of_what_cannot_wait(choice):
    assert DEFAULT == BREACHES_AND_ESCALATIONS
    assert is_mailed(choice, "promise_breached")
    assert not is_mailed(choice, "promise_warning")


def test_whoever_does_not_work_here_cannot_be_named():
    check_of_support("on_duty", ["anna@example.com", None], {"anna@example.com"})
    with pytest.raises(NotOfSupport) as refusal:
        check_of_support(
            "on_duty", ["anna@example.com", "gone@example.com"], {"anna@example.com"}
        )
    assert refusal.value.value == "gone@example.com"
    assert refusal.value.field == "on_duty"
