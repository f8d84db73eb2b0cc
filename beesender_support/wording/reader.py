"""How values in a sentence are written for its reader: dates, durations, lists, names.

A language is a catalogue of translations and what Babel knows of it, nothing else.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property, partial, reduce
from typing import Any, Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, get_day_names
from babel.lists import format_list
from babel.numbers import format_decimal

from beesender_support.policy.calendar.windows import (
    SupportHours,
    Window,
    describe_windows,
)
from beesender_support.policy.sentences import (
    Channel,
    Channels,
    Elapsed,
    Name,
    Renderer,
    SupportTime,
)
from beesender_support.policy.sentences import marked as _
from beesender_support.policy.sold.entitlements import HOURS, YES_OR_NO, Included
from beesender_support.wording.names import CHANNEL_NAMES

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Reader:
    """Somebody who reads ``locale``; ``translate`` is the catalogue of that language."""

    locale: Locale
    translate: Callable[[str], str]
    # The names of channels by code, in the order in which they are offered.
    channel_names: Callable[[], Mapping[str, str]] = lambda: CHANNEL_NAMES

    @cached_property
    def renderer(self) -> Renderer:
        """Writes a sentence of the policy by the types of its values."""
        formats = {kind: partial(write, self) for kind, write in _FORMATS.items()}
        return Renderer(formats, self.translate, self.listed)

    # Dates and times of day

    def long_date(self, day: date) -> str:
        """``November 23, 2026``."""
        return format_date(day, "long", locale=self.locale)

    def weekday_and_date(self, day: date) -> str:
        """``Mon, Nov 23``."""
        at_midnight = datetime.combine(day, time())
        return format_skeleton("MMMEd", at_midnight, locale=self.locale)

    def moment(self, local: datetime) -> str:
        """``2026-11-23 12:30`` or ``Mo., 23. Nov. 2026, 12:30``, of local time: whoever
        shows it names the zone. English readers agree on no other order than the ISO one.
        """
        if self._is_english:
            return f"{local:%Y-%m-%d %H:%M}"
        day = format_skeleton("yMMMEd", local, locale=self.locale)
        return f"{day}, {self.time_of_day(local)}"

    def weekday_and_moment(self, local: datetime) -> str:
        """``Mon 2026-11-23 12:30``, and in other languages as ``moment``."""
        if self._is_english:
            return f"{self._short_weekdays[local.weekday()]} {self.moment(local)}"
        return self.moment(local)

    def time_of_day(self, local: datetime) -> str:
        """``09:00``."""
        return f"{local:%H:%M}"

    def hours_on(self, day: date, opening: datetime, closing: datetime) -> str:
        """``09:00-18:00`` of local times; the midnight that ends ``day`` is 24:00."""
        ends_with_day = closing.date() > day
        end = "24:00" if ends_with_day else self.time_of_day(closing)
        return f"{self.time_of_day(opening)}\N{EN DASH}{end}"

    # Durations. Nobody plans by seconds.

    def support_time(self, length: timedelta) -> str:
        """``28 h`` or ``3 h 30 min``: a day of support is not 24 hours long."""
        hours, minutes = divmod(length // MINUTE, 60)
        if hours and minutes:
            return self._filled(_("{0} h {1} min"), hours, minutes)
        if hours:
            return self._filled(_("{0} h"), hours)
        if minutes:
            return self._filled(_("{0} min"), minutes)
        return self.translate(_("less than a minute"))

    def target(self, target: timedelta) -> str:
        """A promised time to the nearest minute: a third of an hour is stored as 0.333
        h."""
        return self.support_time(max(round(target / MINUTE), 1) * MINUTE)

    def duration(self, duration: timedelta) -> str:
        """As ``target``, with a minus where somebody gave a negative one."""
        is_negative = duration < timedelta()
        return f"-{self.target(-duration)}" if is_negative else self.target(duration)

    def length(self, length: timedelta) -> str:
        """``3 h 30 min`` or ``1 d 4 h``: from a day on nobody counts minutes."""
        if length < DAY:
            return self.support_time(length)
        days, hours = length // DAY, length % DAY // HOUR
        if hours:
            return self._filled(_("{0} d {1} h"), days, hours)
        return self._filled(_("{0} d"), days)

    def wait(self, length: timedelta) -> str:
        """``2 h 10 min``: a started minute counts, so that nobody comes too early."""
        return self.length(-(-length // MINUTE) * MINUTE)

    # Support hours

    def support_hours(self, hours: SupportHours) -> str:
        """A week in one line: ``Mon-Fri 09:00-18:00``."""
        return describe_windows(hours.windows, self._short_weekdays, self._joined)

    def window(self, window: Window) -> str:
        """``Monday 09:00-18:00``, the day as the list of days on a form has it."""
        names = self._weekdays("wide")
        return window.described([f"{each[0].upper()}{each[1:]}" for each in names])

    # Names, lists and numbers

    def name(self, name: str) -> str:
        """Of a category, for example; a site may have none."""
        return self.translate(name) if name else ""

    def channel(self, channel: str) -> str:
        """Anything else is written as it is."""
        return self.name(self.channel_names().get(channel, channel))

    def channels(self, channels: Iterable[str]) -> list[str]:
        """In the order in which they are offered; unknown ones last, as they are."""
        given, names = set(channels), self.channel_names()
        known = [each for each in names if each in given]
        return [self.channel(each) for each in (*known, *sorted(given - {*known}))]

    def channels_listed(self, channels: Iterable[str]) -> str:
        return self.listed(self.channels(channels))

    def included(self, included: Included) -> str:
        """``yes``, ``up to 2 a contract year`` or ``up to 7.5 h a contract year``."""
        if not included.amount:
            return self.translate(_("no"))
        if included.unit == YES_OR_NO:
            return self.translate(_("yes"))
        amount = self.number(included.amount)
        if included.unit == HOURS:
            return self._filled(_("up to {0} h a contract year"), amount)
        return self._filled(_("up to {0} a contract year"), amount)

    def number(self, number: float | Decimal) -> str:
        """``1.5``."""
        return format_decimal(number, "0.######", locale=self.locale)

    def listed(self, texts: Sequence[str]) -> str:
        """``P1, P2, P3``, or ``P1、P2、P3``: an enumeration, without an "and"."""
        comma = self.locale.list_patterns["standard"]["middle"]
        return reduce(comma.format, texts) if texts else ""

    # Parts

    @property
    def _is_english(self) -> bool:
        return self.locale.language == "en"

    @cached_property
    def _short_weekdays(self) -> list[str]:
        return self._weekdays("abbreviated")

    def _weekdays(self, width: Literal["abbreviated", "wide"]) -> list[str]:
        names = get_day_names(width, "stand-alone", self.locale)
        return [names[day] for day in range(7)]

    def _joined(self, hours: Sequence[str]) -> str:
        """``09:00-13:00 and 14:00-18:00``; commas stand between days."""

        def both(one: str, other: str) -> str:
            return format_list([one, other], locale=self.locale)

        return reduce(both, hours) if hours else ""

    def _filled(self, template: str, *values: object) -> str:
        return self.translate(template).format(*values)


_FORMATS: Mapping[type, Callable[[Reader, Any], str]] = {
    timedelta: Reader.duration,
    SupportTime: Reader.support_time,
    Elapsed: Reader.length,
    datetime: Reader.weekday_and_moment,
    date: Reader.long_date,
    float: Reader.number,
    Decimal: Reader.number,
    Name: Reader.name,
    Channel: Reader.channel,
    Channels: Reader.channels_listed,
    Included: Reader.included,
    Window: Reader.window,
    SupportHours: Reader.support_hours,
}


def locale_of(language: str | None) -> Locale:
    """Of a language by its code; English where Babel does not know it."""
    try:
        return Locale.parse(language or "en", sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")
