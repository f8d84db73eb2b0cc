"""One HD Service Level Agreement per tier, so that Helpdesk shows the tier.

It is generated from the tier and has no condition: Helpdesk never chooses it by itself.
Its hours are the tier's where Helpdesk can express them; the deadline on a ticket comes
from the policy, not from here.

It follows only its tier: changes by people are refused with a sentence, and if a script
removes it, it is generated again, since Helpdesk can neither save a ticket nor run its
hourly job without the agreement that a ticket names.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe
from frappe import _
from frappe.model.document import Document
from pypika.functions import Concat

from beesender_support.enforcement.safety.fault_isolation import (
    ends_the_transaction,
    log_and_carry_on,
)
from beesender_support.policy.calendar.windows import DAY, HOUR, WEEKDAYS, clock_text
from beesender_support.policy.plans.tiers import Tier
from beesender_support.records.sold import catalogue, policy_values
from beesender_support.records.tickets.ticket_context import request_context
from beesender_support.wording.renderer import fill

AGREEMENT = "HD Service Level Agreement"
HOLIDAYS = "HD Service Holiday List"
HOLIDAY_LIST = "Beesender Support"
PREFIX = "Beesender "
# Set while this app itself writes or removes what it generates.
BY_THIS_APP = "beesender_writes_agreement"


def agreement_name(tier: str) -> str:
    return f"{PREFIX}{tier}"


def ensure_agreement(tier: str, is_new: bool = False) -> str | None:
    """The name of the tier's agreement, generated again if missing; None if that fails.

    Raises only what ends the transaction. Frappe runs the same query for the agreement
    of a saved ticket, so this costs a query only for a ticket that ``is_new``; that one
    reads the table itself, which a script may have emptied in this very transaction.
    """
    name = agreement_name(tier)
    if not is_new and _is_there(name, cache=True):
        return name
    return name if _is_there(name) or _make_anew(tier) else None


def _is_there(name: str, cache: bool = False) -> bool:
    return bool(
        frappe.db.get_value(
            AGREEMENT, name, ("name",), as_dict=True, cache=cache, order_by=None
        )
    )


def mend() -> None:
    """Generate again every agreement that a script removed, for tickets that name
    it."""
    tiers = frappe.get_all("Beesender Tier", pluck="name")
    is_complete = not tiers or frappe.db.exists(HOLIDAYS, HOLIDAY_LIST)
    for tier in _tiers_without_agreement() if is_complete else tiers:
        _make_anew(tier)


def _tiers_without_agreement() -> list[str]:
    tier, agreement = frappe.qb.DocType("Beesender Tier"), frappe.qb.DocType(AGREEMENT)
    return (
        frappe.qb.from_(tier)
        .left_join(agreement)
        .on(agreement.name == Concat(PREFIX, tier.name))
        .select(tier.name)
        .where(agreement.name.isnull())
    ).run(pluck=True)


@log_and_carry_on
def restore_before_message(doc: Document, method: str | None = None) -> None:
    """A message saves its ticket, which Frappe refuses while the agreement is
    missing."""
    if doc.reference_doctype != "HD Ticket":
        return
    just_inserted = request_context().with_agreement
    if (ticket := str(doc.reference_name)) in just_inserted:
        # Helpdesk stores the description of a new ticket as its first message.
        just_inserted.remove(ticket)
        return
    for tier in _tiers_without_agreement():
        _make_anew(tier)


def _make_anew(tier: str) -> bool:
    frappe.db.savepoint("beesender_agreement")
    try:
        write_agreement(frappe.get_doc("Beesender Tier", tier))
    except Exception as fault:
        if ends_the_transaction(fault):
            raise
        frappe.db.rollback(save_point="beesender_agreement")
        frappe.log_error(
            title="Beesender Support: making an agreement anew",
            reference_doctype="Beesender Tier",
            reference_name=tier,
        )
        return False
    return True


@contextmanager
def by_this_app() -> Iterator[None]:
    before = frappe.flags.get(BY_THIS_APP)
    frappe.flags[BY_THIS_APP] = True
    try:
        yield
    finally:
        frappe.flags[BY_THIS_APP] = before


def write_agreement(doc: Document) -> None:
    """Make or refresh the agreement of a Beesender Tier."""
    name = agreement_name(doc.name)
    if frappe.db.exists(AGREEMENT, name):
        agreement = frappe.get_doc(AGREEMENT, name)
    else:
        agreement = frappe.new_doc(AGREEMENT, service_level=name)
    tier = policy_values.tier_of(doc)
    priorities = _priorities_of(tier)
    if not priorities:
        return  # Helpdesk knows no agreement without one; the first that comes makes it.
    agreement.update(
        {
            "default_priority": next(
                each["priority"] for each in priorities if each["default_priority"]
            ),
            "description": fill(_("Generated from the Beesender tier {0}."), doc.name),
            "enabled": 1,
            "apply_sla_for_resolution": 0,
            "holiday_list": _holiday_list(),
            "support_and_resolution": _days_of(tier),
            "priorities": priorities,
        }
    )
    # The tier was checked; a user who may change it may change what is generated from
    # it.
    with by_this_app():
        agreement.save(ignore_permissions=True)


def remove_agreement(tier: str) -> None:
    """Remove the agreement of a tier; its tickets return to the default one."""
    name = agreement_name(tier)
    default = frappe.db.get_value(AGREEMENT, {"default_sla": 1})
    frappe.db.set_value(
        "HD Ticket", {"sla": name}, "sla", default, update_modified=False
    )
    with by_this_app():
        frappe.delete_doc(
            AGREEMENT, name, ignore_permissions=True, force=True, ignore_missing=True
        )


def follow_renamed_tier(old: str, new: str) -> None:
    """A script renamed a tier, which no form allows: its agreement takes the new
    name."""
    write_agreement(frappe.get_doc("Beesender Tier", new))
    frappe.db.set_value(
        "HD Ticket",
        {"sla": agreement_name(old)},
        "sla",
        agreement_name(new),
        update_modified=False,
    )
    remove_agreement(old)


# What others do to generated agreements


def refuse_edit(doc: Document, method: str | None = None) -> None:
    """An edited agreement would last until its tier is saved, and change no promise."""
    if tier := _tier_of_others_edit(doc):
        frappe.throw(
            _(
                "This agreement is generated from the Beesender tier {0} and follows it."
                " Change the tier instead."
            ).format(tier),
            title=_("Generated from a tier"),
        )


def refuse_rename(
    doc: Document, method: str | None = None, old: str = "", new: str = "", *_args
) -> None:
    """Tickets of the tier name it; a script's force changes nothing about that."""
    if tier := _tier_of_others_edit(doc):
        frappe.throw(
            _(
                "This agreement is generated from the Beesender tier {0} and keeps its"
                " name. It cannot be renamed or merged."
            ).format(tier),
            title=_("Generated from a tier"),
        )
    if _is_generated(new):
        frappe.throw(
            _("{0} is generated from a Beesender tier. Choose another name.").format(
                new
            ),
            title=_("Generated from a tier"),
        )


def refuse_removal(doc: Document, method: str | None = None) -> None:
    if tier := _tier_of_others_edit(doc):
        frappe.throw(
            _(
                "This agreement is generated from the Beesender tier {0} and belongs to"
                " it. Delete the tier, and the agreement goes with it."
            ).format(tier),
            title=_("Generated from a tier"),
        )


def replace_removed(doc: Document, method: str | None = None) -> None:
    """A script deleted it past every refusal: the tickets that name it need it."""
    if tier := _tier_of_others_edit(doc):
        _make_anew(tier)


def replace_renamed(
    doc: Document, method: str | None = None, old: str = "", new: str = "", *_args
) -> None:
    """A script renamed it past every refusal, and its tickets with it."""
    tier = _tier_named(old)
    if tier and _make_anew(tier):
        frappe.db.set_value(
            "HD Ticket", {"sla": new}, "sla", old, update_modified=False
        )


def refuse_removal_of_holidays(doc: Document, method: str | None = None) -> None:
    """Helpdesk counts by the list of an agreement and cannot save a ticket without it."""
    if doc.name == HOLIDAY_LIST and not _is_free_to_write() and _has_tiers():
        frappe.throw(
            _(
                "The agreements of the Beesender tiers need this holiday list. It stays"
                " empty: holidays are on the plans."
            )
        )


def replace_removed_holidays(doc: Document, method: str | None = None) -> None:
    if doc.name == HOLIDAY_LIST and not _is_free_to_write() and _has_tiers():
        _holiday_list()


def refresh_agreements(doc: Document, method: str | None = None) -> None:
    """A Helpdesk priority came: an agreement must name every priority."""
    for name in frappe.get_all("Beesender Tier", pluck="name"):
        write_agreement(frappe.get_doc("Beesender Tier", name))


def let_go_of_priority(doc: Document, method: str | None = None) -> None:
    """A Helpdesk priority goes: the agreements that are generated do not hold it.

    Helpdesk still refuses to delete one that tickets or other agreements have.
    """
    if frappe.db.exists("Beesender Priority", {"ticket_priority": doc.name}):
        return
    tiers = frappe.get_all("Beesender Tier", pluck="name")
    for parent in map(agreement_name, tiers):
        frappe.db.delete(
            "HD Service Level Priority", {"parent": parent, "priority": doc.name}
        )
        if frappe.db.get_value(AGREEMENT, parent, "default_priority") == doc.name:
            frappe.db.set_value(AGREEMENT, parent, "default_priority", None)


def _tier_of_others_edit(doc: Document) -> str | None:
    """The tier that an agreement is generated from, if others write or remove it."""
    return None if _is_free_to_write() else _tier_named(doc.name)


def _is_free_to_write() -> bool:
    flags = frappe.flags
    return bool(
        flags.get(BY_THIS_APP)
        # Helpdesk's own patches save agreements, and uninstalling takes all of them.
        or flags.in_migrate
        or flags.in_patch
        or flags.in_install
        or flags.in_uninstall
    )


def _tier_named(agreement: str | None) -> str | None:
    """The tier of a generated agreement; None for one that an admin made."""
    if not agreement or not agreement.startswith(PREFIX):
        return None
    return frappe.db.exists("Beesender Tier", agreement.removeprefix(PREFIX))


def _is_generated(agreement: str | None) -> bool:
    return _tier_named(agreement) is not None


def _has_tiers() -> bool:
    return bool(frappe.db.count("Beesender Tier"))


def _days_of(tier: Tier) -> list[dict]:
    """One window a day, all that Helpdesk can express: from the first to the last."""
    hours: dict[int, tuple[int, int]] = {}
    for window in tier.windows:
        start, end = hours.get(window.weekday, (window.start, window.end))
        hours[window.weekday] = (min(start, window.start), max(end, window.end))
    return [
        {
            "workday": WEEKDAYS[weekday],
            "start_time": clock_text(start),
            "end_time": clock_text(end) if end < DAY else "23:59:59",
        }
        for weekday, (start, end) in sorted(hours.items())
    ]


def _priorities_of(tier: Tier) -> list[dict]:
    by_name = {
        catalogue.ticket_priority_of(code): target.total_seconds()
        for code, target in tier.response_targets.items()
    }
    longest = max(by_name.values(), default=HOUR)
    # Disabled ones, too: tickets may still have them, and Helpdesk can save none whose
    # priority its agreement does not name.
    all_names = frappe.get_all("HD Ticket Priority", pluck="name", order_by="name")
    mapped = list(filter(None, by_name))
    names = list(dict.fromkeys([*mapped, *all_names]))
    default = (mapped or names or [None])[-1]
    return [
        {
            "priority": name,
            "response_time": max(1, round(by_name.get(name, longest))),
            # Not applied, but Helpdesk still adds it up.
            "resolution_time": max(1, round(by_name.get(name, longest))),
            "default_priority": name == default,
        }
        for name in names
    ]


def _holiday_list() -> str:
    """Helpdesk wants a holiday list; holidays are the plans', so this one stays empty."""
    if not frappe.db.exists(HOLIDAYS, HOLIDAY_LIST):
        frappe.get_doc(
            {
                "doctype": HOLIDAYS,
                "holiday_list_name": HOLIDAY_LIST,
                "from_date": "2000-01-01",
                "to_date": "2099-12-31",
            }
        ).insert(ignore_permissions=True)
    return HOLIDAY_LIST
