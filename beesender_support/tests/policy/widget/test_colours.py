"""Colours, and whether they can be seen and written on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beesender_support.policy.errors import NoColour
from beesender_support.policy.widget.colours import (
    BLACK,
    WHITE,
    colour_of,
    contrast,
    is_seen_on,
    text_on,
)


@pytest.mark.parametrize(
    ("typed", "colour"),
    [("#1F6FEB", "#1f6feb"), (" #abc ", "#aabbcc"), ("#000000", "#000000")],
)
def test_a_colour_is_six_digits(typed, colour):
    assert colour_of("colour", typed) == colour


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "red",
        "1f6feb",
        "#12",
        "#1234567",
        "#gggggg",
        "#fff;}",
        "rgb(1,2,3)",
        "#ffff",
    ],
)
def test_nothing_else_is_one(typed):
    with pytest.raises(NoColour):
        colour_of("colour", typed)


def test_contrast_is_that_of_wcag():
    assert contrast(WHITE, BLACK) == pytest.approx(21)
    assert contrast(WHITE, WHITE) == pytest.approx(1)
    # Known values.
    assert contrast("#777777", WHITE) == pytest.approx(4.48, abs=0.01)
    assert contrast("#0000ff", WHITE) == contrast(WHITE, "#0000ff")
    assert contrast("#0000ff", WHITE) == pytest.approx(8.59, abs=0.01)


@given(st.integers(min_value=0, max_value=0xFFFFFF))
def test_what_is_written_on_a_colour_can_be_read(number):
    colour = f"#{number:06x}"
    assert contrast(text_on(colour), colour) >= 4.5


def test_a_pale_button_is_not_seen_on_white():
    assert not is_seen_on("#ffff99", WHITE)
    assert is_seen_on("#1f6feb", WHITE)
