"""The systems that requests are imported from, and what their exports call things.

Columns are known by the names in a header, without regard to case. Of each field the
first name that a file has counts. The names are defaults: exports are laid out by
whoever makes them, so a mapping may name others.

Where they come from:

- **Creatio**: the captions of its pages of accounts, contacts, service agreements and
  cases in English and Russian, as its documentation of 7.5 to 8.0 and the captions of
  its case page give them.
- **Zendesk**: tickets as in its CSV export, which has ``Requester email`` and ``First
  reply time in minutes``; users and organizations as in the tables of its bulk import.
- **Jira Service Management**: issues as in its CSV export of all fields, which names
  fields of a site ``Custom field (...)``; customers by their display name and address.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

CUSTOMERS, CONTACTS, PLANS, TICKETS = "customers", "contacts", "plans", "tickets"
# In the order in which they are read: what refers to others comes after them.
KINDS = (CUSTOMERS, CONTACTS, PLANS, TICKETS)
CREATIO, ZENDESK, JIRA = "creatio", "zendesk", "jira"

FIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        CUSTOMERS: ("id", "name", "domain"),
        CONTACTS: ("id", "name", "email", "phone", "customer", "role"),
        PLANS: (
            "id",
            "customer",
            "tier",
            "time_zone",
            "starts_on",
            "ends_on",
            "status",
            "contacts",
        ),
        TICKETS: (
            "id",
            "subject",
            "description",
            "customer",
            "contact",
            "contact_id",
            "contact_name",
            "category",
            "priority",
            "channel",
            "status",
            "opened_at",
            "first_responded_at",
            "first_reply_minutes",
            "resolved_at",
        ),
    }
)
# Without these a file says nothing of use.
NEEDED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        CUSTOMERS: ("name",),
        CONTACTS: ("email",),
        PLANS: ("customer", "tier", "starts_on"),
        TICKETS: ("id", "opened_at"),
    }
)
# Fields whose words are those of the other system, and mapped to ours.
WORDED = ("tier", "category", "priority", "channel", "status", "role")
# What a status and a role may mean: of plans, of tickets, of people.
GONE, STAFF = "gone", "staff"

Columns = Mapping[str, Mapping[str, tuple[str, ...]]]
Words = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Source:
    """A system: ``columns`` by kind and field, ``words`` by field, in lower case."""

    code: str
    title: str
    columns: Columns
    words: Words


_ENGLISH_AND_RUSSIAN_PRIORITIES = {
    "critical": "P1",
    "high": "P2",
    "medium": "P3",
    "low": "P4",
    "критический": "P1",
    "высокий": "P2",
    "средний": "P3",
    "низкий": "P4",
}
_OF_CREATIO = Source(
    CREATIO,
    "Creatio",
    {
        CUSTOMERS: {
            "id": ("id", "code", "код"),
            "name": ("name", "account name", "account", "название", "контрагент"),
            "domain": ("web", "website"),
        },
        CONTACTS: {
            "id": ("id",),
            "name": ("full name", "name", "contact", "фио", "контакт"),
            "email": ("email", "e-mail", "эл. почта", "электронная почта"),
            "phone": (
                "mobile phone",
                "business phone",
                "мобильный телефон",
                "рабочий телефон",
            ),
            "customer": ("account", "контрагент"),
            "role": ("type", "тип"),
        },
        PLANS: {
            "id": ("number", "номер"),
            "customer": ("account", "service recipient", "контрагент"),
            "tier": (
                "support package",
                "support line",
                "tier",
                "пакет поддержки",
                "тариф",
            ),
            "time_zone": ("time zone", "часовой пояс"),
            "starts_on": ("start date", "start", "дата начала", "начало"),
            "ends_on": (
                "expiration date",
                "end date",
                "дата завершения",
                "завершение",
            ),
            "status": ("status", "состояние"),
            "contacts": (
                "service recipients",
                "contacts",
                "получатели сервисов",
                "контакты",
            ),
        },
        TICKETS: {
            "id": ("number", "номер"),
            "subject": ("subject", "тема"),
            "description": (
                "description",
                "symptoms",
                "описание",
                "признаки (симптомы)",
            ),
            "customer": ("account", "контрагент"),
            "contact": ("contact email", "email", "эл. почта контакта"),
            "contact_name": ("contact", "контакт"),
            "category": ("category", "категория"),
            "priority": ("priority", "приоритет"),
            "channel": ("origin", "source", "происхождение"),
            "status": ("status", "состояние"),
            "opened_at": ("registration date", "registered on", "дата регистрации"),
            "first_responded_at": (
                "actual response time",
                "responded on",
                "фактическая реакция",
                "фактическое время реакции",
            ),
            "resolved_at": (
                "actual resolution time",
                "closed on",
                "фактическое разрешение",
                "фактическое время разрешения",
                "дата закрытия",
            ),
        },
    },
    {
        "category": {
            "consultation": "Consultation",
            "incident": "Incident",
            "service request": "Consultation",
            "консультация": "Consultation",
            "инцидент": "Incident",
            "запрос на обслуживание": "Consultation",
        },
        "priority": _ENGLISH_AND_RUSSIAN_PRIORITIES,
        "channel": {
            "call": "agent",
            "email": "email",
            "portal": "portal",
            "self-service portal": "portal",
            "chat": "chatbot",
            "звонок": "agent",
            "портал": "portal",
            "чат": "chatbot",
        },
        "status": {
            "draft": "Draft",
            "active": "Active",
            "черновик": "Draft",
            "действующий": "Active",
        },
        "role": {"employee": STAFF, "сотрудник": STAFF},
    },
)
_OF_ZENDESK = Source(
    ZENDESK,
    "Zendesk",
    {
        CUSTOMERS: {
            "id": ("id", "external_id"),
            "name": ("name", "organization"),
            "domain": ("domain", "domain_names"),
        },
        CONTACTS: {
            "id": ("id", "external_id"),
            "name": ("name",),
            "email": ("email",),
            "phone": ("phone",),
            "customer": ("organization",),
            "role": ("role",),
        },
        PLANS: {},
        TICKETS: {
            "id": ("id", "ticket id"),
            "subject": ("subject",),
            "description": ("description",),
            "customer": ("organization", "ticket organization name"),
            "contact": ("requester email",),
            "contact_id": ("requester id",),
            "contact_name": ("requester",),
            "category": ("ticket type", "type"),
            "priority": ("priority",),
            "channel": ("via",),
            "status": ("status",),
            "opened_at": ("created at",),
            "first_reply_minutes": ("first reply time in minutes",),
            "resolved_at": ("solved at",),
        },
    },
    {
        "category": {
            "question": "Consultation",
            "incident": "Incident",
            "problem": "Incident",
            "task": "Consultation",
        },
        "priority": {"urgent": "P1", "high": "P2", "normal": "P3", "low": "P4"},
        "channel": {
            "mail": "email",
            "email": "email",
            "web": "portal",
            "web form": "portal",
            "webform": "portal",
            "chat": "chatbot",
            "messaging": "chatbot",
            "web widget": "widget",
            "phone": "agent",
            "phone call (inbound)": "agent",
            "web service": "agent",
            "api": "agent",
        },
        "status": {"deleted": GONE, "suspended": GONE},
        "role": {"admin": STAFF, "agent": STAFF},
    },
)
_OF_JIRA = Source(
    JIRA,
    "Jira Service Management",
    {
        CUSTOMERS: {
            "id": ("organization id", "id"),
            "name": ("organization", "organization name", "name"),
            "domain": ("domain",),
        },
        CONTACTS: {
            "id": ("account id", "user id", "id"),
            "name": ("display name", "full name", "user name", "name"),
            "email": ("email", "email address"),
            "customer": ("organization", "organizations"),
        },
        PLANS: {},
        TICKETS: {
            "id": ("issue key", "key"),
            "subject": ("summary",),
            "description": ("description",),
            "customer": ("custom field (organizations)", "organizations"),
            "contact": ("reporter email", "custom field (customer email)"),
            "contact_id": ("reporter id",),
            "contact_name": ("reporter",),
            "category": ("issue type",),
            "priority": ("priority",),
            "status": ("status",),
            "opened_at": ("created",),
            "first_responded_at": ("custom field ([chart] date of first response)",),
            "resolved_at": ("resolved",),
        },
    },
    {
        "category": {
            "incident": "Incident",
            "[system] incident": "Incident",
            "problem": "Incident",
            "bug": "Incident",
            "service request": "Consultation",
            "[system] service request": "Consultation",
            "support": "Consultation",
            "question": "Consultation",
        },
        "priority": {
            "blocker": "P1",
            "highest": "P1",
            "critical": "P1",
            "high": "P2",
            "major": "P2",
            "medium": "P3",
            "minor": "P4",
            "low": "P4",
            "lowest": "P4",
            "trivial": "P4",
        },
    },
)
SOURCES: Mapping[str, Source] = MappingProxyType(
    {each.code: each for each in (_OF_CREATIO, _OF_ZENDESK, _OF_JIRA)}
)
