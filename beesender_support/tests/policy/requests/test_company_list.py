from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beesender_support.policy.requests.company_list import (
    MAX_PAGE,
    MAX_TEXT,
    ROWS_A_PAGE,
    Wanted,
    pages_of,
    wanted_of,
)


def test_without_parameters_all_is_wanted():
    assert wanted_of({}) == Wanted()
    assert not wanted_of({"page": "3"}).is_narrowed()


def test_each_parameter_has_its_place():
    asked = {
        "person": "Jane",
        "state": "Breached",
        "priority": "P1",
        "category": "Incident",
        "channel": "email",
        "month": "2026-11",
        "text": "  no   chats ",
        "page": "2",
    }
    wanted = wanted_of(asked)
    assert wanted == Wanted(
        "Jane",
        "Breached",
        "P1",
        "Incident",
        "email",
        date(2026, 11, 1),
        "no chats",
        2,
    )
    assert wanted.is_narrowed()
    assert wanted.first_row == ROWS_A_PAGE


@pytest.mark.parametrize("given", ["", "  ", None, 5, ["P1"], {"like": "%"}])
def test_what_is_no_text_is_not_asked_for(given):
    assert wanted_of({"priority": given, "text": given}) == Wanted()


@pytest.mark.parametrize("text", ["42", "#42", " #42 "])
def test_a_number_names_one_request(text):
    assert wanted_of({"text": text}).numbers == ("42", "0042")


def test_a_long_number_is_the_name_itself():
    assert set(wanted_of({"text": "#12345"}).numbers) == {"12345"}


@pytest.mark.parametrize("text", ["42 chats", "#", "4" * 19, "-42", ""])
def test_anything_else_is_searched_for(text):
    assert wanted_of({"text": text}).numbers == ()


@pytest.mark.parametrize(
    "given", ["2026-13", "2026-00", "0000-01", "2026-1", "x", "2026-11-01", 202611]
)
def test_what_is_no_month_is_not_asked_for(given):
    assert wanted_of({"month": given}).month is None


@pytest.mark.parametrize(
    ("month", "after"),
    [
        ("2026-11", date(2026, 12, 1)),
        ("2026-12", date(2027, 1, 1)),
        ("9999-12", None),
        (None, None),
    ],
)
def test_a_month_ends_before_the_next(month, after):
    assert wanted_of({"month": month}).month_after == after


@pytest.mark.parametrize("given", ["0", "-1", "x", "1.5", "²", "1" * 7, None, 2])
def test_a_page_that_is_none_is_the_first(given):
    assert wanted_of({"page": given}).page == 1


def test_no_page_is_further_than_anybody_reads():
    assert wanted_of({"page": "999999"}).page == MAX_PAGE


@pytest.mark.parametrize(("number", "pages"), [(0, 1), (25, 1), (26, 2), (50, 2)])
def test_pages_are_full_but_the_last(number, pages):
    assert pages_of(number) == pages


@given(
    st.dictionaries(
        st.sampled_from(["person", "text", "month", "page", "state"]),
        st.one_of(st.text(), st.integers(), st.none()),
    )
)
def test_nothing_that_is_sent_makes_a_fault(asked):
    wanted = wanted_of(asked)
    assert 1 <= wanted.page <= MAX_PAGE
    assert len(wanted.text or "") <= MAX_TEXT
