"""Indexes for the deadlines of promises: every minute looks for those that have passed."""

from beesender_support.setup.indexes import add_indexes


def execute() -> None:
    add_indexes()
