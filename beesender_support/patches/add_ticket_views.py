"""Views of tickets by tier, state and success manager, for sites installed before them."""

from beesender_support.enforcement.response.ticket_views import add_views


def execute() -> None:
    add_views()
