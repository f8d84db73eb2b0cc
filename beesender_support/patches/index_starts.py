"""An index for the promises of a period, which reports count."""

from beesender_support.setup.indexes import add_indexes


def execute() -> None:
    add_indexes()
