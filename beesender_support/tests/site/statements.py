"""What the database is asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from frappe.database.database import Database


@contextmanager
def noted() -> Iterator[list[str]]:
    """Every statement from here on, of any connection of this process."""
    # All of them pass here from version 16 on; before, there is no such step.
    step = "execute_query" if hasattr(Database, "execute_query") else "sql"
    execute = getattr(Database, step)
    statements: list[str] = []

    def note(self: Database, query: object, *args: object, **kwargs: object) -> object:
        statements.append(str(query))
        return execute(self, query, *args, **kwargs)

    with patch.object(Database, step, note):
        yield statements
