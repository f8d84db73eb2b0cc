"""Notices: their kinds and texts."""

from beesender_support.setup.notices import add_notices


def execute() -> None:
    add_notices()
