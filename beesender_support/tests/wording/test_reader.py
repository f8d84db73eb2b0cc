"""A language is a catalogue of translations and what Babel knows of it."""

import re
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from beesender_support.policy.calendar.windows import (
    AROUND_THE_CLOCK,
    HOUR,
    SupportHours,
    Window,
)
from beesender_support.policy.requests.priorities import settle_priority
from beesender_support.policy.sentences import (
    Channel,
    Channels,
    Contact,
    Field,
    Given,
    Name,
    Sentence,
)
from beesender_support.policy.sold.catalogue import CATALOGUE
from beesender_support.policy.sold.entitlements import (
    COUNT,
    HOURS,
    YES_OR_NO,
    Included,
)
from beesender_support.wording.reader import Reader, locale_of

GERMAN = {
    "{0} h": "{0} Std.",
    "{0} min": "{0} Min.",
    "{0} h {1} min": "{0} Std. {1} Min.",
    "{0} d": "{0} T.",
    "{0} d {1} h": "{0} T. {1} Std.",
    "less than a minute": "weniger als eine Minute",
    "phone": "Telefon",
    "e-mail": "E-Mail",
    "yes": "ja",
    "no": "nein",
    "up to {0} a contract year": "bis zu {0} je Vertragsjahr",
    "up to {0} h a contract year": "bis zu {0} Std. je Vertragsjahr",
    "Incident": "Störung",
    "{category} allows {allowed}, so {asked} became {settled}.": (
        "{category} erlaubt {allowed}, also wurde {settled} aus {asked}."
    ),
    "Consultation": "Beratung",
}
MONDAY = datetime(2026, 11, 23, 12, 30, tzinfo=timezone.utc)
MORNINGS_AND_AFTERNOONS = tuple(
    Window(day, opening * HOUR, closing * HOUR)
    for day in range(5)
    for opening, closing in ((9, 13), (14, 18))
)
SATURDAYS = (Window(5, 10 * HOUR, 14 * HOUR),)
A_WEEK = SupportHours((*MORNINGS_AND_AFTERNOONS, *SATURDAYS))


def reader_of(language: str, messages=None) -> Reader:
    return Reader(locale_of(language), lambda text: (messages or {}).get(text, text))


ENGLISH, IN_GERMAN = reader_of("en"), reader_of("de", GERMAN)


def shown(reader: Reader, value: object) -> str:
    return re.sub(r"\s", " ", reader.renderer.show(value))


@pytest.mark.parametrize(
    ("value", "in_english", "in_german"),
    [
        (MONDAY, "Mon 2026-11-23 12:30", "Mo., 23. Nov. 2026, 12:30"),
        (date(2026, 11, 23), "November 23, 2026", "23. November 2026"),
        (timedelta(hours=4), "4 h", "4 Std."),
        (timedelta(hours=1 / 3), "20 min", "20 Min."),
        (timedelta(hours=28, minutes=30), "28 h 30 min", "28 Std. 30 Min."),
        (timedelta(seconds=2), "1 min", "1 Min."),
        (timedelta(hours=-1), "-1 h", "-1 Std."),
        (1.5, "1.5", "1,5"),
        (9000.0, "9000", "9000"),
        (7, "7", "7"),
        ("P1", "P1", "P1"),
        (("P1", "P2", "P3"), "P1, P2, P3", "P1, P2, P3"),
        ((), "", ""),
        (Name("Incident"), "Incident", "Störung"),
        (Name(""), "", ""),
        (Channel("phone"), "phone", "Telefon"),
        (Channel("fax"), "fax", "fax"),
        (Channels({"phone", "email"}), "e-mail, phone", "E-Mail, Telefon"),
        ((Channel("phone"), Name("Incident")), "phone, Incident", "Telefon, Störung"),
        (Included(0, COUNT), "no", "nein"),
        (Included(1, YES_OR_NO), "yes", "ja"),
        (Included(2, COUNT), "up to 2 a contract year", "bis zu 2 je Vertragsjahr"),
        (
            Included(Decimal("7.50"), HOURS),
            "up to 7.5 h a contract year",
            "bis zu 7,5 Std. je Vertragsjahr",
        ),
        (Decimal("2.50"), "2.5", "2,5"),
        (Contact("Anna"), "Anna", "Anna"),
        (Field("response_targets", "P1"), "response_targets P1", "response_targets P1"),
        (Given(Channel("phone")), "phone", "Telefon"),
        (Window(0, 9 * HOUR, 18 * HOUR), "Monday 09:00-18:00", "Montag 09:00-18:00"),
        (
            A_WEEK,
            "Mon-Fri 09:00-13:00 and 14:00-18:00, Sat 10:00-14:00",
            "Mo-Fr 09:00-13:00 und 14:00-18:00, Sa 10:00-14:00",
        ),
        (SupportHours(AROUND_THE_CLOCK), "24/7", "24/7"),
    ],
)
def test_a_value_is_written_by_its_type(value, in_english, in_german):
    assert shown(ENGLISH, value) == in_english
    assert shown(IN_GERMAN, value) == in_german


def test_a_sentence_may_be_the_value_of_another():
    inner = settle_priority(CATALOGUE.category("Consultation"), "P1").correction
    text = "Beratung erlaubt P3, P4, also wurde P3 aus P1."
    assert shown(IN_GERMAN, inner) == text
    assert IN_GERMAN.renderer.render(Sentence("{why}", {"why": inner})) == text


def test_lists_have_the_commas_of_the_language():
    assert reader_of("ja").listed(["P1", "P2", "P3"]) == "P1、P2、P3"


def test_more_than_two_pieces_of_a_day_are_joined_one_by_one():
    hours = SupportHours(
        tuple(Window(0, at * HOUR, (at + 1) * HOUR) for at in (1, 3, 5))
    )
    said = "01:00-02:00 and 03:00-04:00 and 05:00-06:00"
    assert shown(ENGLISH, hours) == f"Mon {said}"
    assert str(hours) == f"Mon {said}"


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(seconds=59), "weniger als eine Minute"),
        (timedelta(minutes=90, seconds=59), "1 Std. 30 Min."),
        (timedelta(hours=24), "1 T."),
        (timedelta(days=1, hours=4, minutes=59), "1 T. 4 Std."),
        (timedelta(days=2, minutes=59), "2 T."),
    ],
)
def test_from_a_day_on_nobody_counts_minutes(length, text):
    assert IN_GERMAN.length(length) == text


def test_a_started_minute_of_a_wait_counts():
    assert ENGLISH.wait(timedelta(hours=2, minutes=9, seconds=1)) == "2 h 10 min"


def test_a_day_of_support_is_not_24_hours_long():
    assert ENGLISH.support_time(timedelta(hours=28)) == "28 h"


def test_the_midnight_that_ends_a_day_is_24():
    day = date(2026, 11, 23)
    opening, midnight = datetime(2026, 11, 23, 9), datetime(2026, 11, 24)
    assert ENGLISH.hours_on(day, opening, midnight) == "09:00–24:00"
    assert ENGLISH.hours_on(day, opening, opening.replace(hour=18)) == "09:00–18:00"


def test_a_short_date_names_the_weekday():
    assert ENGLISH.weekday_and_date(date(2026, 11, 23)) == "Mon, Nov 23"
    assert IN_GERMAN.weekday_and_date(date(2026, 11, 23)) == "Mo., 23. Nov."


@pytest.mark.parametrize("language", [None, "", "tlh", "not a language"])
def test_what_babel_does_not_know_is_read_as_english(language):
    assert shown(reader_of(language), MONDAY) == "Mon 2026-11-23 12:30"


@pytest.mark.parametrize("language", ["en-GB", "pt-BR", "zh"])
def test_a_language_of_a_country_is_known(language):
    locale = locale_of(language)
    assert (locale.language, locale.territory) == (*language.split("-"), None)[:2]
