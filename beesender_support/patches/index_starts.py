"""Indexes for the promises of a period, which reports count, and by which contacts are
found."""

from beesender_support.setup.indexes import add_indexes


def execute() -> None:
    add_indexes()
