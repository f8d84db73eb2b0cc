"""Stored deadlines against what the policy counts from the same terms."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timezone
from typing import NamedTuple

from beesender_support.policy.calendar.zones import offsets_of
from beesender_support.policy.lint.codes import (
    DEADLINE_DIFFERS,
    TERMS_UNREADABLE,
    ZONE_RULES_CHANGED,
)
from beesender_support.policy.lint.findings import Finding, found
from beesender_support.policy.response.clocks import Happening
from beesender_support.policy.response.promises import assess_all
from beesender_support.policy.response.response_state import NONE
from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sentences import Sentence
from beesender_support.policy.sold.targets import TARGETS


class Request(NamedTuple):
    """An open request as it is stored: ``due`` are its deadlines by target."""

    ticket: str
    customer: str
    terms: Terms
    priority: str
    due: Mapping[str, datetime | None]
    responded_at: datetime | None = None
    happenings: tuple[Happening, ...] = ()


class Unreadable(NamedTuple):
    """An open request whose terms cannot be read, and why not; ``zone`` as far as it can
    be told."""

    ticket: str
    why: Sentence | str
    zone: str = ""


class Difference(NamedTuple):
    """``counted`` is None where nothing is promised."""

    target: str
    stored: datetime | None
    counted: datetime | None


def check_deadlines(
    requests: Iterable[Request | Unreadable], now: datetime
) -> Iterator[Finding]:
    """What differs, as it is met, and the first of those that cannot be read for the same
    reason; then the zones whose rules are other ones than those by which deadlines were
    counted. What moves because of these is counted there alone."""
    moved: Counter[tuple[str, str]] = Counter()
    unreadable: set[str] = set()
    for request in requests:
        if isinstance(request, Unreadable):
            finding = _unreadable(request)
            if finding.about not in unreadable:
                unreadable.add(finding.about)
                yield finding
            continue
        differs = difference(request, now)
        terms = request.terms
        if has_other_rules(terms):
            moved[terms.time_zone, terms.time_zone_database] += differs is not None
        elif differs:
            yield _differs(request, differs)
    for (zone, version), count in sorted(moved.items()):
        yield found(
            ZONE_RULES_CHANGED,
            zone,
            about=version,
            zone=zone,
            version=version,
            count=count,
        )


def difference(request: Request, now: datetime) -> Difference | None:
    """The first deadline still awaited that is stored otherwise than counted. What is
    settled stays, and a paused one moves: neither is compared."""
    promises = assess_all(
        request.terms,
        request.priority,
        responded_at=request.responded_at,
        happenings=request.happenings,
        now=now,
    )
    for target in TARGETS:
        promised, stored = promises.promised(target), request.due.get(target)
        counted = promised.awaited_by
        is_settled_or_paused = counted is None and promised.response.state != NONE
        if counted != stored and not is_settled_or_paused:
            return Difference(target, stored, counted)
    return None


def has_other_rules(terms: Terms) -> bool:
    """Whether the offsets of the zone are other ones today than when the terms were
    frozen; False of terms that do not say them."""
    if not terms.offsets:
        return False
    return offsets_of(terms.time_zone, terms.first_year) != terms.offsets


def _differs(request: Request, differs: Difference) -> Finding:
    return found(
        DEADLINE_DIFFERS,
        request.ticket,
        customer=request.customer,
        about=differs.target,
        ticket=request.ticket,
        stored=_shown(differs.stored),
        counted=_shown(differs.counted),
    )


def _shown(due: datetime | None) -> datetime | str:
    return due.astimezone(timezone.utc) if due else "-"


def unreadable_terms(
    tickets: Mapping[str, Sentence | str],
) -> Iterator[Finding]:
    """``tickets`` whose terms cannot be read, and why not."""
    for ticket, why in tickets.items():
        yield _unreadable(Unreadable(ticket, why))


def _unreadable(request: Unreadable) -> Finding:
    return found(
        TERMS_UNREADABLE,
        request.ticket,
        about=f"{request.zone}: {request.why}",
        ticket=request.ticket,
        why=request.why,
    )
