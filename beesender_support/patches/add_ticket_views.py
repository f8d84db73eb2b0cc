"""Views of tickets by tier, state and success manager, for sites installed before them."""

from beesender_support.setup.views import add_views


def execute() -> None:
    add_views()
