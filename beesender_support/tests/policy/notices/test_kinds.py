import pytest

from beesender_support.policy.notices.kinds import KINDS, is_sent, kind_of


def test_a_code_names_one_kind():
    assert len({each.code for each in KINDS}) == len(KINDS)
    assert all(kind_of(each.code) is each for each in KINDS)


@pytest.mark.parametrize(
    ("is_on", "only_for_tiers", "tier", "expected"),
    [
        (True, (), "Basic", True),
        (True, (), None, True),
        (True, ("Basic", "Premium"), "Premium", True),
        (True, ("Premium",), "Basic", False),
        (True, ("Premium",), None, False),
        (False, (), "Basic", False),
        (False, ("Basic",), "Basic", False),
    ],
)
def test_a_notice_is_sent_when_its_kind_is_on_and_not_limited_to_other_tiers(
    is_on, only_for_tiers, tier, expected
):
    sent = is_sent(is_on=is_on, only_for_tiers=only_for_tiers, tier=tier)
    assert sent is expected
