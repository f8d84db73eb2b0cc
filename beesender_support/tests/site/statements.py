"""What the database is asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from frappe.database.database import Database

# What version 15 asks of each DocType once in a process, and again whenever something,
# such as a new user, clears what is cached: it says nothing about the work of this app.
OF_THE_HOST = "SELECT `is_virtual` FROM `tabDocType`"


@contextmanager
def noted() -> Iterator[list[str]]:
    """Every statement from here on, of any connection of this process."""
    # All of them pass here from version 16 on; before, there is no such step.
    step = "execute_query" if hasattr(Database, "execute_query") else "sql"
    execute = getattr(Database, step)
    statements: list[str] = []

    def note(self: Database, query: object, *args: object, **kwargs: object) -> object:
        if not str(query).startswith(OF_THE_HOST):
            statements.append(str(query))
        return execute(self, query, *args, **kwargs)

    with patch.object(Database, step, note):
        yield statements
