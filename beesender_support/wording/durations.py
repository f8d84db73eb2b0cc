"""Lengths of time in the reader's language. Nobody plans by seconds."""

from datetime import timedelta

from frappe import _

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def support_time_in_words(length: timedelta) -> str:
    """``28 h`` or ``3 h 30 min``: a day of support is not 24 hours long."""
    hours, minutes = divmod(length // MINUTE, 60)
    if hours and minutes:
        return _("{0} h {1} min").format(hours, minutes)
    if hours:
        return _("{0} h").format(hours)
    return _("{0} min").format(minutes) if minutes else _("less than a minute")


def target_in_words(target: timedelta) -> str:
    """A promised time to the nearest minute: a third of an hour is kept as 0.333 h."""
    return support_time_in_words(max(round(target / MINUTE), 1) * MINUTE)


def length_in_words(length: timedelta) -> str:
    """``3 h 30 min`` or ``1 d 4 h``: from a day on nobody counts minutes."""
    if length < DAY:
        return support_time_in_words(length)
    days, hours = length // DAY, length % DAY // HOUR
    return _("{0} d {1} h").format(days, hours) if hours else _("{0} d").format(days)


def wait_in_words(length: timedelta) -> str:
    """``2 h 10 min``: a started minute counts, so that nobody comes too early."""
    return length_in_words(-(-length // MINUTE) * MINUTE)
