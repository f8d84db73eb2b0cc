"""The icons of channels, as Frappe draws them: a channel names one of its set."""

import re
from functools import cache
from pathlib import Path

import frappe

from beesender_support.records.sold import catalogue

# Frappe 15 has no such set: nothing is drawn there.
SET = "icons/lucide/icons.svg"
SYMBOL = re.compile(r'<symbol [^>]*id="icon-([\w-]+)"[^>]*>(.*?)</symbol>', re.DOTALL)


def drawing_of(code: str) -> str:
    """The lines of a channel's icon, as SVG of 24 by 24; empty without one. Only lines
    of Frappe's own file, whatever an admin typed."""
    channel = catalogue.channels().get(code)
    return _drawings().get(channel.icon, "") if channel else ""


@cache
def _drawings() -> dict[str, str]:
    file = Path(frappe.get_app_path("frappe", "public", *SET.split("/")))
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    return {name: " ".join(lines.split()) for name, lines in SYMBOL.findall(text)}
