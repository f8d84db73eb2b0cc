"""Dates, times of day and lengths of time as the reader of a page writes them."""

from datetime import date, datetime, time, timedelta

import frappe
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from frappe import _

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def long_date(day: date) -> str:
    """``November 23, 2026``."""
    return format_date(day, "long", locale=_locale())


def weekday_and_date(day: date) -> str:
    """``Mon, Nov 23``."""
    return format_skeleton("MMMEd", datetime.combine(day, time()), locale=_locale())


def time_of_day(local: datetime) -> str:
    """``09:00``."""
    return f"{local:%H:%M}"


def hours_on(day: date, opening: datetime, closing: datetime) -> str:
    """``09:00-18:00`` of local times; the midnight that ends ``day`` is 24:00."""
    ends_with_day = closing.date() > day
    end = "24:00" if ends_with_day else time_of_day(closing)
    return f"{time_of_day(opening)}\N{EN DASH}{end}"


def length_in_hours(length: timedelta) -> str:
    """``4 h``, ``1 h 30 min`` or ``30 min``: hours of support, however many."""
    hours, minutes = divmod(length // MINUTE, 60)
    if not hours:
        return _("{0} min").format(minutes)
    if not minutes:
        return _("{0} h").format(hours)
    return _("{0} h {1} min").format(hours, minutes)


def length_to_wait(length: timedelta) -> str:
    """``2 h 10 min``, from a day on ``2 d 15 h``; a started minute counts."""
    length = -(-length // MINUTE) * MINUTE
    if length < DAY:
        return length_in_hours(length)
    return _("{0} d {1} h").format(length // DAY, length % DAY // HOUR)


def _locale() -> Locale:
    try:
        return Locale.parse(frappe.local.lang, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
