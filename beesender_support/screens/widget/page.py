"""What the widget shows before anybody has proved who they are."""

from typing_extensions import TypedDict

from beesender_support.enforcement.chat.payloads import (
    BYTES_OF_ALL_FILES,
    BYTES_PER_FILE,
    FILE_TYPES,
    MEGABYTE,
    MOST_FILES,
)
from beesender_support.policy.widget.colours import text_on
from beesender_support.records.site_time import now
from beesender_support.records.widget.widgets import Widget, hours_of
from beesender_support.screens.portal.plan_hours import Opening, opening_of
from beesender_support.screens.public_files import base_address
from beesender_support.screens.widget.texts import labels


class Colours(TypedDict):
    """``accent`` and what is written on it, as ``#rrggbb``."""

    accent: str
    on_accent: str


class Files(TypedDict):
    """``megabytes`` is how large one may be, ``megabytes_of_all`` all together."""

    most: int
    megabytes: int
    megabytes_of_all: int
    types: list[str]


class Page(TypedDict):
    """``scripts`` is where the modules of the widget are; ``opening`` is None where the
    widget tells no hours."""

    name: str
    scripts: str
    title: str
    language: str
    greeting: str
    is_on_the_left: bool
    light: Colours
    dark: Colours
    opening: Opening | None
    files: Files
    labels: dict[str, str]


def page_of(widget: Widget, language: str) -> Page:
    words = labels()
    calendar = hours_of(widget)
    return {
        "name": widget.name,
        "scripts": f"{base_address()}/js/widget",
        "title": widget.title,
        "language": language,
        "greeting": widget.greetings.get(language) or words["greeting"],
        "is_on_the_left": widget.is_on_the_left,
        "light": _colours(widget.colour),
        "dark": _colours(widget.colour_in_the_dark),
        "opening": opening_of(calendar, now()) if calendar else None,
        "files": {
            "most": MOST_FILES,
            "megabytes": BYTES_PER_FILE // MEGABYTE,
            "megabytes_of_all": BYTES_OF_ALL_FILES // MEGABYTE,
            "types": list(FILE_TYPES),
        },
        "labels": words,
    }


def _colours(accent: str) -> Colours:
    return {"accent": accent, "on_accent": text_on(accent)}
