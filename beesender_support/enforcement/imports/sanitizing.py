"""Text of an export as an ordinary insert would store it, for rows that are written past
the checks of a document."""

import re

from frappe.utils import strip_html
from frappe.utils.html_utils import sanitize_html

LONGEST = 140
# What a browser takes for the start of a tag or comment, also if it never ends. Other
# text stays as it was written: "5 < 6 & 7".
_TAG = re.compile("<[a-zA-Z/!?]")


def sanitized(text: str) -> str:
    """Without what a browser would run. Stricter than the host in that text that reads
    as JSON, and a tag that is never closed, are no exceptions."""
    return sanitize_html(text, always_sanitize=True) if _TAG.search(text) else text


def sanitized_line(text: str, longest: int = LONGEST) -> str:
    """The same, of at most ``longest`` characters; markup that is too long is left out,
    as half a tag would swallow what stands behind it."""
    safe = sanitized(text)
    if len(safe) > longest and _TAG.search(safe):
        safe = strip_html(safe)
    return safe[:longest]
