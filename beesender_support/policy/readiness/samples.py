"""Sample data: what a new site is shown before it has clients of its own.

Each tier that is sold has one customer, and one more has a plan that has ended. Requests
stand as requests do after some weeks: due, at risk, overdue, answered, closed, held.
Instants are told back from now; what becomes of a request its plan decides. No address is
one that mail is delivered to: the domain ``.invalid`` belongs to nobody, for good.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from beesender_support.policy.sentences import marked as _
from beesender_support.policy.sold.tiers import Tier

DOMAIN = "sample.invalid"
# So old a plan has had some requests.
PLAN_DAYS, ENDED_DAYS = 120, 10
MINUTES, HOURS, DAYS = (timedelta(**{unit: 1}) for unit in ("minutes", "hours", "days"))
# What customers and people are called, so that nobody takes them for real ones.
CUSTOMERS = (
    _("Sample bank"),
    _("Sample clinic"),
    _("Sample shop"),
    _("Sample school"),
    _("Sample carrier"),
)
FORMER_CUSTOMER = _("Sample mill")
SEATED, COLLEAGUE = _("Sample manager"), _("Sample colleague")


@dataclass(frozen=True, slots=True)
class SampleRequest:
    """Registered so long ago, and answered and closed so long after that, if it was.
    ``is_of_colleague``: of somebody without a seat. Texts are templates to translate.
    """

    subject: str
    text: str
    category: str
    priority: str
    age: timedelta
    answered_after: timedelta | None = None
    closed_after: timedelta | None = None
    is_of_colleague: bool = False


@dataclass(frozen=True, slots=True)
class SampleClient:
    """``code`` is the part of addresses before the domain that tells clients apart;
    ``customer`` is a template to translate. The plan began, and ended if it did, so long
    ago."""

    code: str
    customer: str
    tier: str
    requests: tuple[SampleRequest, ...]
    began: timedelta = PLAN_DAYS * DAYS
    ended: timedelta | None = None

    @property
    def seated_address(self) -> str:
        return f"manager@{self.code}.{DOMAIN}"

    @property
    def colleague_address(self) -> str:
        return f"colleague@{self.code}.{DOMAIN}"


_INCIDENT, _CONSULTATION = "Incident", "Consultation"
_OVERDUE = SampleRequest(
    _("Sample: operators cannot sign in"),
    _("Since this morning nobody gets past the sign-in page."),
    _INCIDENT,
    "P1",
    3 * HOURS,
)
_AT_RISK = SampleRequest(
    _("Sample: no chats from the site"),
    _("The widget opens, and no message arrives."),
    _INCIDENT,
    "P1",
    52 * MINUTES,
)
_ANSWERED = SampleRequest(
    _("Sample: the report counts a chat twice"),
    _("A chat that was handed over is in the report of both operators."),
    _INCIDENT,
    "P3",
    1 * DAYS,
    answered_after=40 * MINUTES,
)
_DUE = SampleRequest(
    _("Sample: how is a new operator added?"),
    _("We have a new colleague. Where is she given access?"),
    _CONSULTATION,
    "P3",
    10 * MINUTES,
)
_CLOSED = SampleRequest(
    _("Sample: a licence for one more channel"),
    _("May one more messenger be connected under our licence?"),
    _CONSULTATION,
    "P4",
    20 * DAYS,
    answered_after=1 * HOURS,
    closed_after=2 * DAYS,
)
_LATE = SampleRequest(
    _("Sample: messages come with a delay"),
    _("Each message takes about a minute to arrive."),
    _INCIDENT,
    "P2",
    12 * DAYS,
    answered_after=4 * DAYS,
    closed_after=5 * DAYS,
)
_HELD = SampleRequest(
    _("Sample: please connect a mailbox"),
    _("My colleague who usually writes to you is away."),
    _CONSULTATION,
    "P3",
    2 * HOURS,
    is_of_colleague=True,
)
_AFTER_THE_END = SampleRequest(
    _("Sample: are we still supported?"),
    _("Our contract ended last week. Can you help all the same?"),
    _CONSULTATION,
    "P3",
    1 * DAYS,
)
# The longer the hours, the more of what is urgent; the others share the rest.
_MOST, _LEAST = (_OVERDUE, _AT_RISK, _ANSWERED, _CLOSED), (_DUE, _CLOSED, _HELD)
_BETWEEN = (_LATE, _ANSWERED, _DUE)


def sample_clients(tiers: Sequence[Tier]) -> Iterator[SampleClient]:
    """One for each tier that is sold, as far as there are names, and one of the past;
    none where nothing is sold."""
    sold = sorted(
        (each for each in tiers if not each.no_longer_sold), key=lambda each: each.rank
    )[: len(CUSTOMERS)]
    for place, (customer, tier) in enumerate(zip(CUSTOMERS, sold, strict=False)):
        requests = _MOST if tier is sold[-1] else _BETWEEN if place else _LEAST
        yield SampleClient(f"client{place + 1}", customer, tier.name, requests)
    if sold:
        yield SampleClient(
            "former",
            FORMER_CUSTOMER,
            sold[0].name,
            (_AFTER_THE_END,),
            began=(PLAN_DAYS + ENDED_DAYS) * DAYS,
            ended=ENDED_DAYS * DAYS,
        )
