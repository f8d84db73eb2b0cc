"""A site full of tickets, for measuring: customers with plans, agents, teams, and tickets
as their clocks would have left them, two years of them, three in a hundred still open.

Records are written in statements of many rows, since saving 100,000 tickets takes hours.
What is decided of each ticket is decided by the policy, from terms of its own. Everything
is named so that it can be removed again.
"""

import json
import random
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta, timezone
from itertools import islice
from typing import Any

import frappe

from beesender_support.enforcement.response import ticket_fields
from beesender_support.policy.calendar.calendar import calendar_of
from beesender_support.policy.response.clocks import Event, Happening
from beesender_support.policy.response.terms import Terms
from beesender_support.records.site_time import to_column, to_site_time
from beesender_support.records.sold import catalogue, sold_plans
from beesender_support.records.tickets import promise

PREFIX, DOMAIN = "Load ", "load.example"
FIRST_TICKET = 5_000_001
LOT = 1_000
DAYS = 730
TIERS = ("Basic", "Business", "Business", "Premium")
ZONES = ("GMT+1", "GMT+2", "GMT+3", "GMT+8", "GMT+10", "GMT-2")
CHANNELS = ("portal", "portal", "email", "email", "email", "chatbot", "widget")
REASONS = ("contact_not_authorized", "seat_expired", "unknown_sender", "plan_expired")
WORDS = (
    "Operators see no chats",
    "The licence ran out",
    "Messages of a channel come late",
    "How are reports exported?",
    "An answer is sent twice",
)
PRIORITIES = ("P1", "P2", "P2", "P3", "P3", "P3", "P4")
# By hour of the day, how often somebody writes.
HOURS = (
    1,
    1,
    1,
    1,
    1,
    2,
    4,
    8,
    16,
    24,
    26,
    24,
    20,
    22,
    24,
    22,
    18,
    12,
    8,
    6,
    4,
    3,
    2,
    1,
)


def fill(tickets: int, customers: int, agents: int, seed: int = 1) -> None:
    """Write that much; what was written before is removed first."""
    empty()
    random.seed(seed)
    users = list(_add_agents(agents))
    names = list(_add_customers(customers))
    frappe.db.commit()
    frappe.clear_cache()
    rows = _tickets(tickets, names, users)
    while lot := list(islice(rows, LOT)):
        _insert("HD Ticket", lot)
        frappe.db.commit()
    for doctype in ("HD Ticket", "HD Customer", "Contact", "Beesender Support Plan"):
        frappe.db.sql_ddl(f"analyze table `tab{doctype}`")


def empty() -> None:
    """Remove what ``fill`` wrote."""
    like = {
        "HD Ticket": "customer",
        "Beesender Authorized Contact": "contact",
        "Beesender Support Plan": "customer",
        "HD Customer Member": "parent",
        "HD Customer": "name",
        "Contact Email": "parent",
        "Contact": "name",
        "HD Agent": "name",
        "HD Team Member": "user",
        "HD Team": "name",
        "Has Role": "parent",
        "User": "name",
    }
    for doctype, field in like.items():
        pattern = f"%@{DOMAIN}" if field == "user" else f"{PREFIX}%"
        if doctype in ("User", "Has Role", "HD Agent"):
            pattern = f"%@{DOMAIN}"
        while frappe.db.exists(doctype, {field: ("like", pattern)}):
            frappe.db.sql(
                f"delete from `tab{doctype}` where `{field}` like %s limit 20000",  # noqa: S608
                pattern,
            )
            frappe.db.commit()


def _insert(doctype: str, rows: list[dict[str, Any]]) -> None:
    columns = list(rows[0])
    if frappe.get_meta(doctype).autoname == "autoincrement":
        rows = [
            {**row, "name": frappe.db.get_next_sequence_val(doctype)} for row in rows
        ]
    frappe.db.bulk_insert(
        doctype, columns, [[row[each] for each in columns] for row in rows]
    )


def _in_lots(doctype: str, rows: Iterable[dict[str, Any]]) -> None:
    rows = iter(rows)
    while lot := list(islice(rows, LOT)):
        _insert(doctype, lot)


def _stamps(name: str, created: datetime | None = None) -> dict[str, Any]:
    created = created or datetime(2024, 1, 1)
    return {
        "name": name,
        "creation": created,
        "modified": created,
        "owner": "Administrator",
        "modified_by": "Administrator",
        "docstatus": 0,
        "idx": 0,
    }


def _row(parent: str, doctype: str, field: str, idx: int = 1) -> dict[str, Any]:
    return {
        **_stamps(frappe.generate_hash(length=16)),
        "idx": idx,
        "parent": parent,
        "parenttype": doctype,
        "parentfield": field,
    }


def _add_agents(number: int) -> Iterator[str]:
    users = [f"agent{each}@{DOMAIN}" for each in range(number)]
    _in_lots(
        "User",
        (
            {
                **_stamps(each),
                "email": each,
                "first_name": each.split("@")[0],
                "full_name": each.split("@")[0],
                "enabled": 1,
                "user_type": "System User",
            }
            for each in users
        ),
    )
    _in_lots(
        "Has Role",
        ({**_row(each, "User", "roles"), "role": "Agent"} for each in users),
    )
    _in_lots(
        "HD Agent",
        (
            {**_stamps(each), "user": each, "agent_name": each, "is_active": 1}
            for each in users
        ),
    )
    teams = [_team(each) for each in range(_teams_of(number))]
    _in_lots("HD Team", ({**_stamps(each), "team_name": each} for each in teams))
    _in_lots(
        "HD Team Member",
        (
            {**_row(teams[at % len(teams)], "HD Team", "users"), "user": each}
            for at, each in enumerate(users)
        ),
    )
    return iter(users)


def _team(number: int) -> str:
    return f"{PREFIX}Team {number}"


def _teams_of(agents: int) -> int:
    return max(2, agents // 20)


def _add_customers(number: int) -> Iterator[str]:
    names = [f"{PREFIX}Client {each:05}" for each in range(number)]
    contacts = [
        (name, f"{PREFIX}Contact {at:05}-{seat}", f"c{at}-{seat}@{DOMAIN}")
        for at, name in enumerate(names)
        for seat in range(2)
    ]
    _in_lots("HD Customer", ({**_stamps(n), "customer_name": n} for n in names))
    _in_lots(
        "Contact",
        (
            {**_stamps(contact), "first_name": contact, "email_id": mail}
            for _name, contact, mail in contacts
        ),
    )
    _in_lots(
        "Contact Email",
        (
            {
                **_row(contact, "Contact", "email_ids"),
                "email_id": mail,
                "is_primary": 1,
            }
            for _name, contact, mail in contacts
        ),
    )
    _in_lots(
        "HD Customer Member",
        (
            {**_row(name, "HD Customer", "contacts"), "contact_name": contact}
            for name, contact, _mail in contacts
        ),
    )
    plans = [f"{PREFIX}Plan {at:05}" for at in range(number)]
    ends = date.today() + timedelta(days=20)
    _in_lots(
        "Beesender Support Plan",
        (
            {
                **_stamps(plan),
                "customer": names[at],
                "tier": TIERS[at % len(TIERS)],
                "time_zone": ZONES[at % len(ZONES)],
                "status": "Active",
                "starts_on": date(2020, 1 + at % 12, 1),
                "ends_on": ends + timedelta(days=at % 700),
                "licence_price": 1_000 + at % 9_000,
                "currency": "EUR",
            }
            for at, plan in enumerate(plans)
        ),
    )
    _in_lots(
        "Beesender Authorized Contact",
        (
            {
                **_row(
                    plans[at // 2],
                    "Beesender Support Plan",
                    "authorized_contacts",
                    1 + at % 2,
                ),
                "contact": contact,
            }
            for at, (_name, contact, _mail) in enumerate(contacts)
        ),
    )
    return iter(names)


def _tickets(number: int, customers: list[str], users: list[str]):
    categories = {each.name: each for each in catalogue.categories()}
    undecided = _undecided()
    names = [f"{PREFIX}Plan {each:05}" for each in range(len(customers))]
    plans = {}
    for lot in range(0, len(names), LOT):
        found = sold_plans.named(names[lot : lot + LOT])
        plans.update({each.name: each for each in found})
    agents_of = {team: [] for team in range(_teams_of(len(users)))}
    for at, user in enumerate(users):
        agents_of[at % len(agents_of)].append(user)
    now = datetime.now(timezone.utc).replace(microsecond=0)
    first = now - timedelta(days=DAYS)
    moments = sorted(_moment(first) for _each in range(number))
    for at, opened in enumerate(min(each, now) for each in moments):
        # A few customers write most of the requests.
        customer = int(len(customers) * random.random() ** 2)
        team = random.randrange(len(agents_of))
        yield _ticket(
            at,
            opened,
            now,
            customer,
            customers,
            team,
            agents_of[team],
            plans,
            categories,
            undecided,
        )


def _moment(first: datetime) -> datetime:
    while True:
        day = first + timedelta(days=random.randrange(DAYS))
        if day.weekday() < 5 or random.random() < 0.25:
            break
    hour = random.choices(range(24), HOURS)[0]
    return day.replace(hour=hour, minute=0, second=0) + timedelta(
        seconds=random.randrange(3_600)
    )


def _ticket(
    at, opened, now, customer, customers, team, agents, plans, categories, undecided
):
    chance = random.random()
    code = random.choice(PRIORITIES)
    category = "Incident" if code in ("P1", "P2") else "Consultation"
    site_opened = to_site_time(opened)
    is_open = opened > now - timedelta(days=22) and random.random() < 0.97
    closed = min(opened + timedelta(hours=random.uniform(2, 200)), now)
    is_open = is_open or closed >= now
    row = {
        **_stamps(str(FIRST_TICKET + at), site_opened),
        "subject": f"{random.choice(WORDS)} ({at})",
        "description": "<p>Steps: open the console. No chats appear.</p>" * 4,
        "raised_by": f"c{customer}-{at % 2}@{DOMAIN}",
        "contact": f"{PREFIX}Contact {customer:05}-{at % 2}",
        "customer": customers[customer],
        "ticket_type": category,
        "priority": catalogue.ticket_priority_of(code),
        "status": "Open" if is_open else "Closed",
        "status_category": "Open" if is_open else "Resolved",
        "agent_group": _team(team),
        "_assign": json.dumps([random.choice(agents)]) if at % 20 else None,
        "opening_date": site_opened.date(),
        "opening_time": site_opened.time(),
        "beesender_channel": random.choice(CHANNELS),
        "beesender_registered_at": to_column(opened),
        "beesender_closed_at": None if is_open else to_column(closed),
        "via_customer_portal": 0,
        "is_merged": int(chance > 0.995),
        **undecided,
    }
    if chance < 0.05:
        return row
    if chance < 0.08:
        row.update(
            beesender_admission="Held" if chance < 0.06 else "Declined",
            beesender_admission_reason=random.choice(REASONS),
            beesender_next_due_at=promise.NOTHING_DUE,
        )
        if chance < 0.06:
            row.update(status="Open", status_category="Open", beesender_closed_at=None)
        return row
    plan = plans[f"{PREFIX}Plan {customer:05}"]
    answered = _answered(plan, opened, code)
    if answered > now or random.random() < 0.01:
        answered = None
    terms = Terms.of(plan, categories[category], opened, answered and code)
    happenings = list(_happened(answered, None if is_open else closed, code))
    row.update(_decided(row, plan, code, terms, answered, happenings))
    return row


# Columns of a ticket that was accepted; numbers among them are never nothing.
DECIDED = (
    "beesender_admission",
    "beesender_admission_reason",
    "beesender_plan",
    "beesender_tier",
    "beesender_tier_rank",
    "beesender_priority",
    "beesender_answered_at",
    *ticket_fields.RESULT_FIELDS,
)
NUMBERS = ("Int", "Float", "Percent", "Check")


def _undecided() -> dict[str, Any]:
    meta = frappe.get_meta("HD Ticket")
    kinds = {each: meta.get_field(each).fieldtype for each in DECIDED}
    return {each: 0 if kind in NUMBERS else None for each, kind in kinds.items()}


def _answered(plan, opened: datetime, code: str) -> datetime:
    """Nine in ten in time; more of them soon than late."""
    target = plan.tier.response_targets[code]
    share = random.random() ** 2 if random.random() < 0.92 else random.uniform(1, 3)
    calendar = calendar_of(plan.time_zone, plan.tier.windows)
    answered = calendar.add(opened, target * share)
    return answered.astimezone(timezone.utc).replace(microsecond=0)


def _happened(answered, closed, code) -> Iterator[Happening]:
    if answered and random.random() < 0.4:
        wrote = answered + timedelta(minutes=random.uniform(5, 600))
        again = wrote + timedelta(minutes=random.uniform(5, 400))
        if closed is None or again < closed:
            yield Happening(Event.CUSTOMER_WROTE, wrote, code, True)
            yield Happening(Event.ANSWERED, again, code, True)
    if closed:
        yield Happening(Event.RESOLVED, closed, code, True)


def _decided(row, plan, code, terms, answered, happenings):
    """As saving the ticket would write it."""
    ticket = frappe.get_doc(
        {
            **row,
            "doctype": "HD Ticket",
            "beesender_admission": "Accepted",
            "beesender_plan": plan.name,
            "beesender_tier": plan.tier.name,
            "beesender_tier_rank": plan.tier.rank,
            "beesender_priority": code,
            "beesender_terms": json.dumps(terms.as_dict()),
            "beesender_events": json.dumps([each.as_list() for each in happenings]),
            "beesender_answered_at": to_column(answered),
            "service_level_agreement_creation": to_site_time(terms.started_at),
        }
    )
    ticket_fields.write_results(ticket)
    return {each: ticket.get(each) for each in DECIDED}
