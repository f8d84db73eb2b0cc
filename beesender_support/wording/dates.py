"""Dates and times of day as the reader of a page writes them."""

from datetime import date, datetime, time

import frappe
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton


def long_date(day: date) -> str:
    """``November 23, 2026``."""
    return format_date(day, "long", locale=_locale())


def weekday_and_date(day: date) -> str:
    """``Mon, Nov 23``."""
    return format_skeleton("MMMEd", datetime.combine(day, time()), locale=_locale())


def moment_in_words(local: datetime) -> str:
    """``2026-11-23 12:30`` or ``Mo., 23. Nov. 2026, 12:30``, of local time: whoever
    shows it names the zone. English readers agree on no other order than the ISO one.
    """
    if speaks_english():
        return f"{local:%Y-%m-%d %H:%M}"
    day = format_skeleton("yMMMEd", local, locale=_locale())
    return f"{day}, {time_of_day(local)}"


def time_of_day(local: datetime) -> str:
    """``09:00``."""
    return f"{local:%H:%M}"


def hours_on(day: date, opening: datetime, closing: datetime) -> str:
    """``09:00-18:00`` of local times; the midnight that ends ``day`` is 24:00."""
    ends_with_day = closing.date() > day
    end = "24:00" if ends_with_day else time_of_day(closing)
    return f"{time_of_day(opening)}\N{EN DASH}{end}"


def speaks_english() -> bool:
    """Whether the session's language is a kind of English, or none that is known."""
    return _locale().language == "en"


def _locale() -> Locale:
    try:
        return Locale.parse(frappe.local.lang, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
