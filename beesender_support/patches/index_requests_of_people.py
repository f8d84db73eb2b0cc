"""An index for the list of all requests of a customer."""

from beesender_support.setup.indexes import add_indexes


def execute() -> None:
    add_indexes()
