"""Public holidays by country and year, to choose from for a plan or a calendar.

The facts come from the library ``holidays``, which carries them with it: nothing is
fetched. Which of them close support is a person's choice.
"""

import re
from datetime import date
from typing import TypedDict

import frappe
import holidays
from babel import Locale
from babel.core import UnknownLocaleError
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate, strip_html

from beesender_support.policy.calendar.windows import WEEKDAYS

# Longer than any contract; the library computes every year anew.
MOST_YEARS = 10


class Subdivision(TypedDict):
    subdivision: str
    name: str


class Language(TypedDict):
    language: str
    name: str


class Country(TypedDict):
    """Codes, and names in the reader's language where they are known."""

    country: str
    name: str
    subdivisions: list[Subdivision]
    languages: list[Language]


class Holiday(TypedDict):
    """``weekday`` by name; ``is_present`` where the plan or calendar has the day already;
    ``is_estimated`` of a feast that follows the moon; ``is_working_day`` of a day off
    that is worked in exchange."""

    date: date
    weekday: str
    description: str
    is_present: bool
    is_estimated: bool
    is_working_day: bool


def countries() -> list[Country]:
    """Countries by name, with their subdivisions and the languages of their holidays."""
    locale = _locale()
    languages = holidays.list_localized_countries(include_aliases=False)
    found: list[Country] = [
        {
            "country": code,
            "name": locale.territories.get(code, code),
            "subdivisions": _subdivisions(code, subdivisions),
            "languages": [
                {"language": each, "name": _language_name(locale, each)}
                for each in languages.get(code, ())
            ],
        }
        for code, subdivisions in holidays.list_supported_countries(
            include_aliases=False
        ).items()
    ]
    return sorted(found, key=lambda each: each["name"])


def is_known(country: str) -> bool:
    return country in holidays.list_supported_countries(include_aliases=False)


def public_holidays(
    country: str,
    years: tuple[int, int],
    subdivision: str | None = None,
    language: str | None = None,
    present: frozenset[date] = frozenset(),
) -> list[Holiday]:
    """Holidays of a country from the first to the last year, each date once, and the
    days off that are worked in exchange; ``present`` ones marked."""
    refuse_unknown(country, subdivision, years)
    found = holidays.country_holidays(
        country,
        subdiv=subdivision or None,
        years=range(years[0], years[1] + 1),
        language=language or None,
    )
    estimated = _estimated_in(found)
    closed = {day: _plainly(name, estimated) for day, name in found.items()}
    worked = {
        day: _("Working day in exchange")
        for day in getattr(found, "weekend_workdays", ())
        if years[0] <= day.year <= years[1] and day not in closed
    }
    return [
        {
            "date": day,
            "weekday": _(WEEKDAYS[day.weekday()]),
            "description": name,
            "is_present": day in present,
            "is_estimated": bool(estimated and estimated.search(found.get(day, ""))),
            "is_working_day": day in worked,
        }
        for day, name in sorted({**closed, **worked}.items())
    ]


def holidays_of_list(
    holiday_list: Document, present: frozenset[date] = frozenset()
) -> list[Holiday]:
    """Those of Helpdesk's *HD Service Holiday List*, each date once, without the weekly
    days off: when support is open in a week a tier says."""
    found: dict[date, str] = {}
    for row in holiday_list.holidays:
        if not row.weekly_off:
            name = " ".join(strip_html(row.description or "").split())
            found.setdefault(getdate(row.holiday_date), name)
    return [
        {
            "date": day,
            "weekday": _(WEEKDAYS[day.weekday()]),
            "description": name,
            "is_present": day in present,
            "is_estimated": False,
            "is_working_day": False,
        }
        for day, name in sorted(found.items())
    ]


def _estimated_in(found: holidays.HolidayBase) -> re.Pattern[str] | None:
    """What the library writes around the name of an estimated feast, in its language."""
    label = getattr(found, "estimated_label", None)
    if not label:
        return None
    return re.compile(re.escape(found.tr(label)).replace("%s", "").replace("%", ""))


def _plainly(name: str, estimated: re.Pattern[str] | None) -> str:
    """Without what says that it is estimated, which a field of its own says."""
    return estimated.sub("", name).strip() if estimated else name


def refuse_unknown(
    country: str, subdivision: str | None, years: tuple[int, int]
) -> None:
    known = holidays.list_supported_countries(include_aliases=False)
    if country not in known:
        frappe.throw(_("Choose a country from the list."))
    if subdivision and subdivision not in known[country]:
        frappe.throw(_("Choose a region of {0} from the list.").format(country))
    if not 0 <= years[1] - years[0] < MOST_YEARS:
        frappe.throw(_("Choose one year or up to {0} in a row.").format(MOST_YEARS))


def _locale() -> Locale:
    """The reader's, for names of countries and languages."""
    try:
        return Locale.parse(frappe.local.lang, sep="-")
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def _subdivisions(country: str, codes: list[str]) -> list[Subdivision]:
    """By name where the library knows one, such as Bayern for BY."""
    if not codes:
        return []
    aliases = holidays.country_holidays(country).subdivisions_aliases
    # The first of several names of a region is the one it goes by.
    names = {code: name for name, code in reversed(aliases.items())}
    found: list[Subdivision] = [
        {"subdivision": code, "name": names.get(code, code)} for code in codes
    ]
    return sorted(found, key=lambda each: each["name"])


def _language_name(locale: Locale, code: str) -> str:
    return locale.languages.get(code) or locale.languages.get(code.split("_")[0], code)
