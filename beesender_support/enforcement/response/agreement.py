"""An HD Service Level Agreement for each tier, so that Helpdesk shows the tier.

It is generated from the tier and has no condition: Helpdesk never chooses it by itself.
Its hours are the tier's where Helpdesk can express them; the deadline on a ticket comes
from the policy, not from here.

It follows only its tier: changes by people are refused with a sentence, and if a script
removes it, it is generated again, since Helpdesk can neither save a ticket nor run its
hourly job without the agreement that a ticket names.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from itertools import chain
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import to_timedelta

from beesender_support.enforcement.safety.fault_isolation import (
    ends_the_transaction,
    log_and_carry_on,
)
from beesender_support.policy.calendar.windows import DAY, HOUR, WEEKDAYS, clock_text
from beesender_support.policy.lint.surroundings import Agreement as Stand
from beesender_support.policy.sold.targets import FIRST_ANSWER, SOLUTION
from beesender_support.policy.sold.tiers import Tier
from beesender_support.records.sold import catalogue, policy_values
from beesender_support.records.tables import with_rows
from beesender_support.records.tickets.ticket_context import request_context
from beesender_support.wording.renderer import fill

AGREEMENT = "HD Service Level Agreement"
HOLIDAYS = "HD Service Holiday List"
HOLIDAY_LIST = "Beesender Support"
PREFIX = "Beesender "
# Helpdesk's hourly job takes every ticket whose agreement applies to solutions for one
# that waits for its solution. So a tier that promises some has a second agreement, for
# the tickets that are promised one.
WITH_SOLUTION = " (solution)"
# Set while this app itself writes or removes what it generates.
BY_THIS_APP = "beesender_writes_agreement"


def agreement_name(tier: str, *, with_solution: bool = False) -> str:
    return f"{PREFIX}{tier}{WITH_SOLUTION if with_solution else ''}"


def ensure_agreement(
    tier: str, is_new: bool = False, *, with_solution: bool = False
) -> str | None:
    """The name of the tier's agreement, generated again if missing; None if that fails.

    Raises only what ends the transaction. Frappe runs the same query for the agreement
    of a saved ticket, so this costs a query only for a ticket that ``is_new``; that one
    reads the table itself, which a script may have emptied in this very transaction.
    """
    name = agreement_name(tier, with_solution=with_solution)
    if not is_new and _is_there(name, cache=True):
        return name
    if _is_there(name):
        return name
    # By older terms a ticket may be promised a solution that its tier sells no more.
    return name if _make_anew(tier, with_solution=with_solution) else None


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
    for tier in () if is_complete else tiers:
        _make_anew(tier)
    for tier, with_solution in _tiers_without_agreement():
        _make_anew(tier, with_solution=with_solution)


def _tiers_without_agreement(ticket: str | None = None) -> list[tuple[str, bool]]:
    """The tiers one of whose agreements is missing, and whether it is that of solutions.

    By older terms a ticket may have that of a tier which sells no solution any more:
    looked for is ``ticket``, else any that is promised a solution.
    """
    return frappe.db.sql(
        """select name, lacks_solutions from (
            select tier.name, not exists (
                select 1 from `tabHD Service Level Agreement`
                where name = concat(%(prefix)s, tier.name)
            ) as lacks_answers, not exists (
                select 1 from `tabHD Service Level Agreement`
                where name = concat(%(prefix)s, tier.name, %(suffix)s)
            ) and (exists (
                select 1 from `tabBeesender Response Target`
                where parent = tier.name and parenttype = 'Beesender Tier'
                    and solution_hours > 0
            ) or exists (
                select 1 from `tabHD Ticket`
                where (name = %(ticket)s
                    or %(ticket)s is null and beesender_solution_state != '')
                    and sla = concat(%(prefix)s, tier.name, %(suffix)s)
            )) as lacks_solutions
            from `tabBeesender Tier` tier
        ) of_tiers where lacks_answers or lacks_solutions""",
        {"prefix": PREFIX, "suffix": WITH_SOLUTION, "ticket": ticket},
    )


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
    for tier, with_solution in _tiers_without_agreement(ticket):
        _make_anew(tier, with_solution=with_solution)


def _make_anew(tier: str, *, with_solution: bool = False) -> bool:
    frappe.db.savepoint("beesender_agreement")
    try:
        write_agreement(frappe.get_doc("Beesender Tier", tier), with_solution)
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


def write_agreement(doc: Document, with_solution: bool = False) -> None:
    """Make or refresh the agreement of a Beesender Tier, and the one for tickets that
    are promised a solution where the tier sells any, or they have it already."""
    tier = policy_values.tier_of(doc, catalogue.channels())
    _write_agreement(tier)
    of_solutions = agreement_name(doc.name, with_solution=True)
    if with_solution or SOLUTION in tier.further_targets or _is_there(of_solutions):
        _write_agreement(tier, with_solution=True)


def _write_agreement(tier: Tier, *, with_solution: bool = False) -> None:
    name = agreement_name(tier.name, with_solution=with_solution)
    if frappe.db.exists(AGREEMENT, name):
        agreement = frappe.get_doc(AGREEMENT, name)
    else:
        agreement = frappe.new_doc(AGREEMENT, service_level=name)
    counted = _counted_by(tier, with_solution)
    if not counted:
        return  # Helpdesk knows no agreement without one; the first that comes makes it.
    agreement.update(
        {
            **counted,
            "description": fill(_("Generated from the Beesender tier {0}."), tier.name),
            "holiday_list": _holiday_list(),
        }
    )
    # The tier was checked; a user who may change it may change what is generated from
    # it.
    with by_this_app():
        agreement.save(ignore_permissions=True)


def _counted_by(tier: Tier, with_solution: bool) -> dict[str, Any]:
    """What Helpdesk counts and shows by; nothing where it has no priority."""
    priorities = _priorities_of(tier)
    if not priorities:
        return {}
    return {
        "default_priority": next(
            each["priority"] for each in priorities if each["default_priority"]
        ),
        "enabled": 1,
        "apply_sla_for_resolution": int(with_solution),
        "support_and_resolution": _days_of(tier),
        "priorities": priorities,
    }


def stand_of_agreements() -> list[Stand]:
    """Those that are missing, and of each other one whether it is as it would be
    generated now."""
    stands = [
        Stand(tier, agreement_name(tier, with_solution=with_solution), is_there=False)
        for tier, with_solution in _tiers_without_agreement()
    ]
    stored = {
        doc.name: doc for doc in with_rows(AGREEMENT, {"name": ("like", f"{PREFIX}%")})
    }
    for tier in catalogue.tiers():
        for with_solution in (False, True):
            name = agreement_name(tier.name, with_solution=with_solution)
            if name in stored:
                is_as_generated = _is_as(stored[name], _counted_by(tier, with_solution))
                stands.append(Stand(tier.name, name, True, is_as_generated))
    return stands


def _is_as(stored: frappe._dict, counted: dict[str, Any]) -> bool:
    """Whether all that is ``counted`` by is stored so, whatever else is."""
    return all(
        (
            [_plain(row, rows[0]) for row in stored[field]]
            == [_plain(row, rows[0]) for row in rows]
            if isinstance(rows := value, list) and rows
            else _comparable(stored[field]) == _comparable(value)
        )
        for field, value in counted.items()
    )


def _plain(row: Mapping[str, Any], fields: Iterable[str]) -> list[object]:
    return [_comparable(row[each]) for each in fields]


def _comparable(value: object) -> object:
    """A time of day in seconds, however it came from a form or the database."""
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, str) and ":" in value:
        return to_timedelta(value).total_seconds()
    return float(value) if isinstance(value, bool | int | float) else value


def remove_agreement(tier: str) -> None:
    """Remove the agreements of a tier; its tickets return to the default one."""
    default = frappe.db.get_value(AGREEMENT, {"default_sla": 1})
    for name in agreement_names(tier):
        frappe.db.set_value(
            "HD Ticket", {"sla": name}, "sla", default, update_modified=False
        )
        with by_this_app():
            frappe.delete_doc(
                AGREEMENT,
                name,
                ignore_permissions=True,
                force=True,
                ignore_missing=True,
            )


def follow_renamed_tier(old: str, new: str) -> None:
    """A script renamed a tier, which no form allows: its agreements take the new
    name."""
    with_solution = _is_there(agreement_name(old, with_solution=True))
    write_agreement(frappe.get_doc("Beesender Tier", new), with_solution)
    for before, after in zip(agreement_names(old), agreement_names(new), strict=True):
        frappe.db.set_value(
            "HD Ticket", {"sla": before}, "sla", after, update_modified=False
        )
    remove_agreement(old)


def agreement_names(tier: str) -> tuple[str, str]:
    return agreement_name(tier), agreement_name(tier, with_solution=True)


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
        _make_anew(tier, with_solution=_is_of_solutions(doc.name, tier))


def replace_renamed(
    doc: Document, method: str | None = None, old: str = "", new: str = "", *_args
) -> None:
    """A script renamed it past every refusal, and its tickets with it."""
    tier = _tier_named(old)
    if tier and _make_anew(tier, with_solution=_is_of_solutions(old, tier)):
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
    for parent in chain.from_iterable(map(agreement_names, tiers)):
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
    tier = agreement.removeprefix(PREFIX)
    for name in dict.fromkeys((tier, tier.removesuffix(WITH_SOLUTION))):
        if frappe.db.exists("Beesender Tier", name):
            return name
    return None


def _is_of_solutions(agreement: str, tier: str) -> bool:
    return agreement == agreement_name(tier, with_solution=True)


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
    answers, solutions = _seconds_of(tier, FIRST_ANSWER), _seconds_of(tier, SOLUTION)
    # Disabled ones, too: tickets may still have them, and Helpdesk can save none whose
    # priority its agreement does not name.
    all_names = frappe.get_all("HD Ticket Priority", pluck="name", order_by="name")
    mapped = list(filter(None, dict.fromkeys([*answers, *solutions])))
    names = list(dict.fromkeys([*mapped, *all_names]))
    default = (mapped or names or [None])[-1]
    longest = max(answers.values(), default=HOUR)
    times = {}
    for name in names:
        # What is not sold is not applied, but Helpdesk still adds it up, and refuses an
        # answer that takes longer than the solution.
        solved = solutions.get(name, answers.get(name, longest))
        times[name] = min(answers.get(name, longest), solved), solved
    return [
        {
            "priority": name,
            "response_time": answered,
            "resolution_time": solved,
            "default_priority": name == default,
        }
        for name, (answered, solved) in times.items()
    ]


def _seconds_of(tier: Tier, target: str) -> dict[str | None, int]:
    """What the tier sells, by the name of Helpdesk's priority."""
    return {
        catalogue.ticket_priority_of(code): max(1, round(length.total_seconds()))
        for code, length in tier.targets.get(target, {}).items()
    }


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
