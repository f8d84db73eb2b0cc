"""Rows whose times may stay empty: a date that is closed all day has none.

Frappe 15 gives every empty Time field of a row that is saved the time of day it is then;
later versions do so only where the field's default says "now". No default of ours does,
so what is left empty stays empty on both.

The rows of a file of Frappe's Data Import come with that time as if it stood in the file. It
is told by its fraction of a second, which nobody gives a time of theirs.
"""

import re

TIMES = ("start_time", "end_time")
# A program may well write one of zeros.
FRACTION = re.compile(r"\.\d*[1-9]")


class RowWithTimes:
    """A row with ``start_time`` and ``end_time``, each a time of day or empty."""

    def __setup__(self) -> None:
        """Frappe's hook for a document that was just made or read."""
        self.dont_update_if_missing = list(TIMES)
        for field in TIMES:
            if FRACTION.search(str(getattr(self, field, None))):
                setattr(self, field, None)
