"""The digest of each morning: what teams and their managers have to know of the day.

A team reads of its own requests; agent managers, in one mail, of all requests and of what
concerns the whole site. Nobody reads two, and nothing is sent where nothing is to be said.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime, tzinfo
from html import unescape
from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.utils import get_system_timezone, get_url
from redis.exceptions import RedisError

from beesender_support.enforcement.outgoing import mailer
from beesender_support.enforcement.outgoing.mailer import Notice
from beesender_support.enforcement.plans.plan_lots import plans_that
from beesender_support.enforcement.readiness import sample_records
from beesender_support.policy.calendar.zones import time_zone
from beesender_support.policy.errors import PolicyError
from beesender_support.policy.notices.digest import (
    Entry,
    bounds_of,
    digest_day,
    morning_of,
)
from beesender_support.policy.notices.staff import NEVER
from beesender_support.policy.plans.end_notices import (
    SOON_DAYS,
    days_left,
    is_continued,
)
from beesender_support.policy.plans.plan_state import ACTIVE
from beesender_support.policy.plans.plans import Plan
from beesender_support.records import settings
from beesender_support.records.framework import forget_in
from beesender_support.records.notices import digest_facts, notice_log
from beesender_support.records.notices.digest_facts import Named
from beesender_support.records.notices.notice_kinds import settings_of
from beesender_support.records.people.readers import Recipient, site_language
from beesender_support.records.people.staff import Member
from beesender_support.records.site_time import now
from beesender_support.wording import renderer

KIND = "digest"
TICKET, PLAN = "HD Ticket", "Beesender Support Plan"
# The most rows of a section; the others are counted.
MOST_ROWS = 10
# Mornings on which nothing was to be said, so that no digest comes in the afternoon.
QUIET_MORNINGS, SECONDS_REMEMBERED = "beesender_quiet_mornings", 48 * 3_600
SAVEPOINT = "beesender_digest"


class Audience(NamedTuple):
    """Who reads one digest; ``team`` is None for the managers'."""

    team: str | None
    zone: tzinfo
    day: date
    members: tuple[Member, ...]

    @property
    def key(self) -> str:
        # The day first: what is too long for the log is cut at the end.
        return f"{KIND}/{self.day}/{self.team or ''}"


def send_digests() -> None:
    """Every 15 minutes, as zones begin their hours. Safe to run twice, and at once."""
    if not settings_of(KIND).is_on:
        return
    at = now()
    audiences = _not_told(_due(at))
    if not audiences:
        return
    requests = _requests_for(audiences)
    plans = _plans(at) if any(each.team is None for each in audiences) else []
    for audience in audiences:
        _send(audience, requests, plans)
        frappe.db.commit()


# Who


def _due(at: datetime) -> list[Audience]:
    """Those whose morning has come and who can be mailed."""
    hour = settings.current().digest_hour
    managers = digest_facts.managers()
    of_managers = {each.user for each in managers}
    found = [(None, None, managers)]
    found += [
        (team, people.time_zone, people.members)
        for team, people in digest_facts.teams().items()
    ]
    audiences = []
    for team, zone_name, members in found:
        zone = _zone(zone_name)
        day = digest_day(at, zone, hour)
        wanting = tuple(
            each
            for each in members
            if each.by_mail != NEVER and (team is None or each.user not in of_managers)
        )
        if day and wanting:
            audiences.append(Audience(team, zone, day, wanting))
    return audiences


def _zone(name: str | None) -> tzinfo:
    """That of the team; the site's for a team without one, or with one that is none."""
    if name:
        with suppress(PolicyError):
            return time_zone(name)
    return time_zone(get_system_timezone())


def _not_told(audiences: list[Audience]) -> list[Audience]:
    if not audiences:
        return []
    told = notice_log.logged(each.key for each in audiences) | _quiet_mornings()
    return [each for each in audiences if each.key not in told]


def _quiet_mornings() -> frozenset[str]:
    with suppress(RedisError):
        return frozenset(
            each.decode() for each in frappe.cache.smembers(QUIET_MORNINGS)
        )
    return frozenset()


def _note_quiet(audience: Audience) -> None:
    with suppress(RedisError):
        frappe.cache.sadd(QUIET_MORNINGS, audience.key)
        forget_in(SECONDS_REMEMBERED, QUIET_MORNINGS)


# What


def _requests_for(audiences: list[Audience]) -> dict[str, Named]:
    """In one query, from the earliest yesterday of all zones to the latest today; without
    sample data and tests, of which nobody is told."""
    days = [
        bounds_of(day, each.zone)
        for each in audiences
        for day in (each.day, date.fromordinal(each.day.toordinal() - 1))
    ]
    requests = digest_facts.requests_between(
        min(start for start, _end in days), max(end for _start, end in days)
    )
    samples = sample_records.among(TICKET, requests)
    return {name: each for name, each in requests.items() if name not in samples}


class PlanFact(NamedTuple):
    """A plan that ends soon, or that seats more than it includes."""

    plan: Plan
    ends_on: date | None
    seats: int


def _plans(at: datetime) -> list[PlanFact]:
    today = frappe.utils.getdate()
    soon = [
        frappe.utils.add_days(today, -1),
        frappe.utils.add_days(today, SOON_DAYS + 1),
    ]
    ending = plans_that({"status": ACTIVE, "ends_on": ("between", soon)})
    over = plans_that({"status": ACTIVE, "over_quota_since": ("is", "set")})
    found = [
        PlanFact(plan, plan.ends_on, 0)
        for plan in _not_renewed(
            [plan for _row, plan in ending if days_left(plan, at) is not None]
        )
    ]
    for _row, plan in over:
        seats = len(plan.active_seats(plan.today(at)))
        if seats > plan.tier.authorized_contact_limit:
            found.append(PlanFact(plan, None, seats))
    samples = sample_records.among(PLAN, {each.plan.name for each in found})
    return [each for each in found if each.plan.name not in samples]


def _not_renewed(ending: list[Plan]) -> list[Plan]:
    """Those for which no next plan is sold."""
    if not ending:
        return []
    customers = {plan.customer for plan in ending}
    sold = plans_that({"status": ACTIVE, "customer": ("in", customers)})
    others = [plan for _row, plan in sold]
    return [plan for plan in ending if not is_continued(plan, others)]


def _send(
    audience: Audience, requests: Mapping[str, Named], plans: list[PlanFact]
) -> None:
    """One that fails is logged and does not stop the others; it is tried again."""
    kept = digest_facts.kept() if audience.team is None else 0
    frappe.db.savepoint(SAVEPOINT)
    try:
        if not _sections(audience, requests, plans, kept):
            _note_quiet(audience)
            return
        mailer.send(
            Notice(
                kind=KIND,
                key=audience.key,
                recipients=[_recipient(each) for each in audience.members],
                values=lambda: _values(audience, requests, plans, kept),
                details=audience.team or "",
            )
        )
    except Exception:
        frappe.db.rollback(save_point=SAVEPOINT)
        frappe.log_error(title=f"Beesender Support: {audience.key}"[:140])


def _recipient(member: Member) -> Recipient:
    return Recipient(member.language or site_language(), address=member.address)


# In words


def _values(
    audience: Audience,
    requests: Mapping[str, Named],
    plans: list[PlanFact],
    kept: int,
) -> dict[str, Any]:
    """Called while the reader's language is spoken."""
    return {
        "team": audience.team or _("All teams"),
        "day": renderer.reader().long_date(audience.day),
        "sections": _sections(audience, requests, plans, kept),
        "desk_link": get_url("/helpdesk/tickets"),
    }


def _sections(
    audience: Audience,
    requests: Mapping[str, Named],
    plans: list[PlanFact],
    kept: int,
) -> list[dict[str, Any]]:
    """Those that are not empty: a title, the first rows, and how many more there are."""
    own = {
        ticket: each
        for ticket, each in requests.items()
        if audience.team in (None, each.team)
    }
    morning = morning_of(
        (each.fact for each in own.values()), audience.day, audience.zone
    )
    sections = [
        (_("Promises broken yesterday"), _rows(audience, own, morning.breached)),
        (_("At risk"), _rows(audience, own, morning.at_risk)),
        (_("Due today"), _rows(audience, own, morning.due_today)),
        (_("Waiting for admission"), _rows(audience, own, morning.held)),
    ]
    if audience.team is None:
        sections += _sections_of_plans(plans)
    said = [
        {
            "title": title,
            "count": len(rows),
            "rows": rows[:MOST_ROWS],
            "more": max(0, len(rows) - MOST_ROWS),
        }
        for title, rows in sections
        if rows
    ]
    if kept:
        said.append(_section_of_kept(kept))
    return said


def _rows(
    audience: Audience, requests: Mapping[str, Named], entries: Iterable[Entry]
) -> list[dict[str, str]]:
    reader = renderer.reader()
    return [
        {
            "what": f"{each.ticket} {unescape(requests[each.ticket].subject)}",
            "customer": requests[each.ticket].customer,
            "when": (
                reader.moment(each.due.astimezone(audience.zone)) if each.due else ""
            ),
            "link": get_url(f"/helpdesk/tickets/{each.ticket}"),
        }
        for each in entries
    ]


def _section_of_kept(kept: int) -> dict[str, Any]:
    queue = {
        "what": _("Open the queue"),
        "customer": "",
        "when": "",
        "link": get_url("/app/beesender-admission-log?queue_state=Open"),
    }
    title = _("Kept and not registered")
    return {"title": title, "count": kept, "rows": [queue], "more": 0}


def _sections_of_plans(
    plans: list[PlanFact],
) -> list[tuple[str, list[dict[str, str]]]]:
    reader = renderer.reader()
    ending = [
        {
            **_row_of_plan(each.plan),
            "when": _("ends on {0}").format(reader.long_date(each.ends_on)),
        }
        for each in plans
        if each.ends_on
    ]
    over = [
        {
            **_row_of_plan(each.plan),
            "when": _("{0} of {1} seats").format(
                each.seats, each.plan.tier.authorized_contact_limit
            ),
        }
        for each in plans
        if not each.ends_on
    ]
    return [
        (_("Plans ending soon"), ending),
        (_("More seats than the plan includes"), over),
    ]


def _row_of_plan(plan: Plan) -> dict[str, str]:
    return {
        "what": renderer.tier_title(plan.tier.name),
        "customer": plan.customer,
        "link": frappe.utils.get_url_to_form("Beesender Support Plan", plan.name),
    }
