"""The one pass over tickets, every minute: it says what they owe.

A ticket is looked at when it was woken up or when its next instant has come; what it
owes then is said, logged and forgotten until the next instant in one transaction. So
whatever is interrupted is as if it had never begun, and is done again a minute later;
what was said has a key in the log, and is never said again.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from time import monotonic
from typing import NamedTuple

import frappe
from redis.exceptions import RedisError

from beesender_support.enforcement.notices import (
    client_debts,
    escalations,
    promise_notices,
)
from beesender_support.enforcement.notices.debts import Debts, Owed
from beesender_support.enforcement.outgoing import mailer
from beesender_support.enforcement.readiness import sample_records
from beesender_support.enforcement.safety.fault_isolation import ends_the_transaction
from beesender_support.records.framework import also_without_a_connection
from beesender_support.records.notices import notice_log
from beesender_support.records.notices.ticket_facts import (
    TICKET,
    TicketFacts,
    due_tickets,
    take,
    write_next,
)

# All that a ticket may owe, each decided by its own policy.
OWED_BY: tuple[Callable[[TicketFacts], Debts], ...] = (
    client_debts.owed_by,
    promise_notices.owed_by,
    escalations.owed_by,
)
# Tickets that are looked at in one transaction, and those of them about which something
# is said: people who save one of these wait until it ends.
LOT, SPEAKING = 200, 20
# Names that are read at a time. Beyond a few lots other workers share.
NAMES = 2_000
SHARED_BEYOND = 3 * LOT
HELPERS = 3
# Seconds after which a pass leaves the rest to the next one.
BUDGET = 50
# A ticket about which nothing can be said is tried again so much later.
RETRY = timedelta(minutes=5)
SAVEPOINT = "beesender_ticket_pass"


def say_what_is_owed(*, shares: bool = True) -> None:
    """Look at every ticket that is due, in lots. Any number of these may run at once."""
    ends = monotonic() + BUDGET
    while monotonic() < ends:
        frappe.db.commit()
        names = due_tickets(NAMES)
        if shares and len(names) > SHARED_BEYOND:
            _call_for_help()
            shares = False
        looked_at = 0
        for lot in _lots(names):
            if monotonic() >= ends:
                return
            looked_at += look_at(lot)
        if not looked_at:
            return


def help_out() -> None:
    """The same in a job of Frappe's queue, beside others."""
    say_what_is_owed(shares=False)


def _call_for_help() -> None:
    """Only helps: what nobody took is taken by this pass or the next."""
    with suppress(RedisError):
        for number in range(HELPERS):
            frappe.enqueue(
                "beesender_support.enforcement.notices.ticket_pass.help_out",
                job_id=f"beesender_ticket_pass_{number}",
                deduplicate=True,
            )


def _lots(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), LOT):
        yield names[start : start + LOT]


def look_at(names: Sequence[str]) -> int:
    """Say what these tickets owe, in one transaction; how many were looked at."""
    # The locks come first, so that nothing is read that is older than they are.
    frappe.db.commit()
    try:
        lot = take(names)
        looked_at = [_debts_of(facts) for facts in lot.facts]
        samples = _samples_among(looked_at)
        now_speaking = [
            each for each in looked_at if each.owed and each.name not in samples
        ][:SPEAKING]
        silent = [each for each in looked_at if not each.owed or each.name in samples]
        # Before anything is said: what an escalation changes on a ticket wakes it up.
        write_next([(each.name, each.next_at) for each in (*silent, *now_speaking)])
        for each in now_speaking:
            _say(each)
        frappe.db.commit()
    except Exception:
        # Nothing was said, and the tickets are as due as they were. A connection that is
        # lost has rolled back by itself.
        with also_without_a_connection():
            frappe.db.rollback()
        raise
    return len(silent) + len(now_speaking)


def _samples_among(looked_at: Sequence["_Debtor"]) -> set[str]:
    """Of sample data and tests nobody is told anything; asked where something is owed."""
    names = [each.name for each in looked_at if each.owed]
    return sample_records.among(TICKET, names) if names else set()


class _Debtor(NamedTuple):
    """A ticket that was looked at."""

    facts: TicketFacts
    owed: tuple[Owed, ...]
    next_at: datetime | None

    @property
    def name(self) -> str:
        return self.facts.name


def _debts_of(facts: TicketFacts) -> _Debtor:
    debts = []
    for owed_by in OWED_BY:
        try:
            debts.append(owed_by(facts))
        except Exception as fault:
            if ends_the_transaction(fault):
                raise
            # What else is owed does not wait for it.
            _log_fault(facts)
            debts.append(Debts(next_at=facts.now + RETRY))
    owed = tuple(owed for each in debts for owed in each.owed)
    instants = [each.next_at for each in debts if each.next_at]
    # One that is not in the future would be looked at for ever.
    later = facts.now + timedelta(seconds=1)
    return _Debtor(facts, owed, max(min(instants), later) if instants else None)


def _say(debtor: _Debtor) -> None:
    """Each notice for itself: one that fails is tried again and holds up no other."""
    has_failed = False
    for owed in debtor.owed:
        frappe.db.savepoint(SAVEPOINT)
        try:
            _say_one(owed, debtor.facts.lot.since)
        except Exception as fault:
            if ends_the_transaction(fault):
                raise
            frappe.db.rollback(save_point=SAVEPOINT)
            _log_fault(debtor.facts)
            has_failed = True
    if has_failed:
        write_next([(debtor.name, debtor.facts.now + RETRY)])


def _say_one(owed: Owed, since: datetime | None) -> None:
    notice = owed.notice()
    if notice_log.is_logged(notice.key):
        # What follows from it was done as well.
        return
    if owed.is_missed or (since and owed.owed_at < since):
        mailer.record_missed(notice)
        return
    mailer.send(notice)
    if owed.act:
        owed.act()


def _log_fault(facts: TicketFacts) -> None:
    frappe.log_error(
        title="Beesender Support: what a ticket owes",
        reference_doctype=TICKET,
        reference_name=facts.name,
    )
