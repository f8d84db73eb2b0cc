"""Text in cells that a spreadsheet would run as a formula, and back.

An apostrophe before it makes it text to a spreadsheet. What is written so is read as
what it was, so that files go around without a change.
"""

import re
from typing import Any

# Full-width signs too: some spreadsheets take them for the others, and some leave spaces
# before them out.
_IS_RUN = re.compile("[' ]*[=+\\-@\\t\\r\\n\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile("[+-]?[0-9]+(?:[.,][0-9]+)?")
APOSTROPHE = "'"


def harmless(value: Any) -> Any:
    """``value``, with an apostrophe before it if it is text that would be run."""
    is_run = (
        isinstance(value, str) and _IS_RUN.match(value) and not _NUMBER.fullmatch(value)
    )
    return f"{APOSTROPHE}{value}" if is_run else value


def as_it_was(cell: str) -> str:
    """What ``harmless`` made ``cell`` of."""
    rest = cell.removeprefix(APOSTROPHE)
    return rest if rest != cell and harmless(rest) == cell else cell
