"""The form of a new ticket asks agents for whom it is."""

from beesender_support.setup.agents_form import add_agents_form


def execute() -> None:
    add_agents_form()
