"""Public holidays by country and year, to choose from for a plan.

The facts come from the library ``holidays``, which carries them with it: nothing is
fetched. Which of them close support is a person's choice.
"""

from datetime import date
from typing import TypedDict

import frappe
import holidays
from babel import Locale
from babel.core import UnknownLocaleError
from frappe import _

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
    """``weekday`` by name; ``is_present`` where the plan has the day already."""

    date: date
    weekday: str
    description: str
    is_present: bool


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


def public_holidays(
    country: str,
    years: tuple[int, int],
    subdivision: str | None = None,
    language: str | None = None,
    present: frozenset[date] = frozenset(),
) -> list[Holiday]:
    """Holidays of a country from the first to the last year; ``present`` ones marked."""
    refuse_unknown(country, subdivision, years)
    found = holidays.country_holidays(
        country,
        subdiv=subdivision or None,
        years=range(years[0], years[1] + 1),
        language=language or None,
    )
    return [
        {
            "date": day,
            "weekday": _(WEEKDAYS[day.weekday()]),
            "description": name,
            "is_present": day in present,
        }
        for day, name in sorted(found.items())
    ]


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
