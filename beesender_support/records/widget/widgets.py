"""Widgets as values."""

from typing import Any, NamedTuple

import frappe

from beesender_support.policy.calendar.calendar import Calendar, calendar_of
from beesender_support.policy.widget.origins import is_listed, kept_origins_of
from beesender_support.records.sold.catalogue import tier_named

WIDGET = "Beesender Widget"
_FIELDS = (
    "name",
    "title",
    "enabled",
    "allowed_origins",
    "tier",
    "time_zone",
    "takes_strangers",
    "colour",
    "colour_in_the_dark",
    "side",
    "greeting_en",
    "greeting_ru",
)


class Widget(NamedTuple):
    """One that is enabled. ``greetings`` are by language, empty where ours is used."""

    name: str
    title: str
    origins: tuple[str, ...]
    tier: str | None
    time_zone: str | None
    takes_strangers: bool
    colour: str
    colour_in_the_dark: str
    is_on_the_left: bool
    greetings: dict[str, str]


def widget_on(origin: str | None, name: str | None) -> Widget | None:
    """The enabled widget of this name that lists an origin; without a name, the oldest
    that does. None where there is none."""
    if not origin:
        return None
    filters = {"enabled": 1, **({"name": name} if name else {})}
    rows = frappe.get_all(WIDGET, filters, _FIELDS, order_by="creation, name")
    widgets = (widget_of(row) for row in rows if not name or row.name == name)
    return next((each for each in widgets if is_listed(origin, each.origins)), None)


def widget_of(row: Any) -> Widget:
    """Of a row of its columns, or of its document."""
    return Widget(
        name=row.name or "",
        title=row.title or "",
        origins=kept_origins_of(row.allowed_origins or ""),
        tier=row.tier or None,
        time_zone=row.time_zone or None,
        takes_strangers=bool(row.takes_strangers),
        colour=row.colour,
        colour_in_the_dark=row.colour_in_the_dark,
        is_on_the_left=row.side == "Left",
        greetings={"en": row.greeting_en or "", "ru": row.greeting_ru or ""},
    )


def hours_of(widget: Widget) -> Calendar | None:
    """The hours that it tells while nobody has proved who they are: those of its tier in
    its zone, without the holidays of anybody's plan. None where it tells none."""
    if not (widget.tier and widget.time_zone):
        return None
    return calendar_of(widget.time_zone, tier_named(widget.tier).windows)
