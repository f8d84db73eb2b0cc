"""Which mail joins a ticket by its number: every combination."""

from itertools import product

import pytest

from beesender_support.policy.mail.joining import joins_by_number


@pytest.mark.parametrize("is_asker", [True, False])
@pytest.mark.parametrize(
    ("is_agent", "is_forward", "takes_part", "joins"),
    [
        (False, False, True, True),
        (False, True, True, True),
        (False, False, False, False),
        (False, True, False, False),
        (True, False, False, True),
        (True, False, True, True),
        (True, True, False, False),
        (True, True, True, False),
    ],
)
def test_who_takes_part_joins_and_who_asked_always_does(
    is_asker, is_agent, is_forward, takes_part, joins
):
    assert joins_by_number(
        is_asker=is_asker,
        is_agent=is_agent,
        is_forward=is_forward,
        takes_part=takes_part,
    ) is (is_asker or joins)


def test_nobody_joins_for_forwarding():
    for is_asker, is_agent, takes_part in product((True, False), repeat=3):
        facts = {"is_asker": is_asker, "is_agent": is_agent, "takes_part": takes_part}
        passed_on = joins_by_number(is_forward=True, **facts)
        assert passed_on <= joins_by_number(is_forward=False, **facts)
