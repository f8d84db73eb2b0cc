"""The plan page in the portal's menu, for people to whom it says something."""

from typing import TypedDict

from frappe import _
from helpdesk.utils import is_agent

from beesender_support.records.site_time import now
from beesender_support.screens.portal.plan_viewer import viewer_for

PLAN_PAGE = "/support-plan"


class MenuItem(TypedDict):
    label: str
    address: str


def plan_page_item(user: str) -> MenuItem | None:
    """None for agents, guests, and clients who have no plan to look at."""
    if user == "Guest" or is_agent(user):
        return None
    if not viewer_for(user, None, now()).plans:
        return None
    return {"label": _("My support plan"), "address": PLAN_PAGE}
