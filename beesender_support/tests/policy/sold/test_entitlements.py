"""What a tier includes beside answers, and how much of it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beesender_support.policy.errors import InvalidValue, Negative, TwoAmounts
from beesender_support.policy.sold.entitlements import (
    COUNT,
    FIELD_OF_ENTITLEMENT,
    HOURS,
    UNITS,
    UPDATES,
    YES_OR_NO,
    Included,
    SoldEntitlement,
    as_field,
    followed,
    frozen_amounts,
)

YES = "end_user_questions"


@pytest.mark.parametrize(
    ("amount", "unit", "said"),
    [
        (0, YES_OR_NO, "no"),
        (1, YES_OR_NO, "yes"),
        (0, COUNT, "no"),
        (2, COUNT, "up to 2 a contract year"),
        (0, HOURS, "no"),
        (8, HOURS, "up to 8 h a contract year"),
        (Decimal("7.5"), HOURS, "up to 7.5 h a contract year"),
    ],
)
def test_how_much_is_said_with_its_unit(amount, unit, said):
    assert str(Included(amount, unit)) == said


@pytest.mark.parametrize("unit", UNITS)
def test_an_entitlement_has_one_of_three_units(unit):
    training = SoldEntitlement("training", "Training hours", unit)
    assert training.included({"training": 4}) == Included(4, unit)
    assert training.included({}) == Included(0, unit)


def test_no_other_unit_is_possible_and_updates_are_counted():
    with pytest.raises(InvalidValue, match="Allowed: Yes or no, Count a contract year"):
        SoldEntitlement("training", "Training", "Fathoms")
    with pytest.raises(InvalidValue, match="Allowed: Count a contract year"):
        SoldEntitlement(UPDATES, "Updates", HOURS)


def test_amounts_are_frozen_whole_where_they_are_and_never_negative():
    amounts = frozen_amounts({"a": Decimal("2.0"), "b": Decimal("2.5"), "c": 0})
    assert amounts == {"a": 2, "b": Decimal("2.5")}
    assert isinstance(amounts["a"], int)
    with pytest.raises(TypeError):
        amounts["a"] = 3
    with pytest.raises(Negative, match="entitlements a: -1"):
        frozen_amounts({"a": -1})


@pytest.mark.parametrize(
    ("listed", "listed_before", "field", "field_before", "amount"),
    [
        # Neither changed, or both alike.
        (2, 2, 2, 2, 2),
        (3, 2, 3, 2, 3),
        (0, 0, 0, 0, 0),
        # One of the two changed.
        (2, 2, 5, 2, 5),
        (2, 2, 0, 2, 0),
        (5, 2, 2, 2, 5),
        (0, 2, 2, 2, 0),
        # New, by one of the two.
        (4, 0, 0, 0, 4),
        (0, 0, 4, 0, 4),
    ],
)
def test_whichever_of_two_places_was_changed_is_followed(
    listed, listed_before, field, field_before, amount
):
    found = followed(
        {UPDATES: listed},
        {UPDATES: listed_before},
        {UPDATES: field},
        {UPDATES: field_before},
    )
    assert found == {UPDATES: amount}


def test_two_different_changes_are_refused():
    with pytest.raises(
        TwoAmounts, match="updates_per_year: 5 here, but 3 in the table"
    ):
        followed({UPDATES: 3}, {UPDATES: 2}, {UPDATES: 5}, {UPDATES: 2})
    with pytest.raises(TwoAmounts):
        followed({YES: 0}, {YES: 1}, {YES: 1}, {YES: 0})


def test_a_tick_says_yes_or_no_of_any_amount():
    hours = {YES: Decimal("7.5")}
    assert followed(hours, hours, {YES: 1}, {YES: 1}) == hours
    assert followed(hours, hours, {YES: 0}, {YES: 1}) == {YES: 0}
    assert followed({}, {}, {YES: 1}, {YES: 0}) == {YES: 1}
    assert as_field(YES, Decimal("0.5")) == 1
    assert as_field(UPDATES, Decimal(4)) == 4


AMOUNTS = st.dictionaries(
    st.sampled_from(sorted(FIELD_OF_ENTITLEMENT)), st.integers(0, 1), max_size=6
)


@given(AMOUNTS, AMOUNTS)
def test_both_places_agree_afterwards_whichever_was_changed(before, after):
    def fields(amounts):
        return {
            code: as_field(code, amounts.get(code, 0)) for code in FIELD_OF_ENTITLEMENT
        }

    by_field = followed(before, before, fields(after), fields(before))
    by_table = followed(after, before, fields(before), fields(before))
    assert fields(by_field) == fields(by_table) == fields(after)
