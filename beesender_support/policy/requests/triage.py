"""The whole decision for one request: who may ask, how urgent it is, what is promised.

The command and the app both call ``triage``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.requests.admission import (
    ACCEPTED,
    Admission,
    admit,
    reads_answer_at_once,
)
from beesender_support.policy.requests.priorities import (
    SettledPriority,
    refuse_priority,
    settle_priority,
)
from beesender_support.policy.response.clocks import Happening
from beesender_support.policy.response.deadline_explanation import (
    explain_further,
    explain_promise,
)
from beesender_support.policy.response.promises import (
    NOTHING_PROMISED,
    Promises,
    assess_all,
)
from beesender_support.policy.response.response_state import AT_RISK_SHARE, Response
from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sentences import Sentence
from beesender_support.policy.sentences import marked as _
from beesender_support.policy.sold.categories import Category


@dataclass(frozen=True, slots=True)
class Request:
    """What is known of a request. Instants are aware; ``priority`` is a code or None;
    ``contact`` and ``contact_is_known`` are as in ``admit``, ``happenings`` and
    ``closed_at`` as in ``assess_all``."""

    customer: str | None
    contact: str | None
    channel: str
    category: Category
    priority: str | None
    opened_at: datetime
    first_responded_at: datetime | None = None
    sender_is_verified: bool = True
    contact_is_known: bool = True
    happenings: tuple[Happening, ...] = ()
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What the policy says of a request.

    ``terms`` is None unless the request was accepted under a plan. Where the person who
    asks sees the answer before anything is lost, ``priority_refusal`` says why the
    requested priority is an error.
    """

    admission: Admission
    category: Category
    settled: SettledPriority
    terms: Terms | None = None
    promises: Promises = NOTHING_PROMISED
    priority_refusal: Sentence | None = None

    @property
    def response(self) -> Response:
        """The promise of the first answer."""
        return self.promises.first_answer.response

    @property
    def priority(self) -> str | None:
        return self.settled.code or None

    @property
    def priority_corrected_from(self) -> str | None:
        """The requested code, where the category does not allow it."""
        return self.settled.corrected_from

    @property
    def tier(self) -> str | None:
        plan = self.admission.plan
        return plan.tier.name if plan else None

    @property
    def explanation(self) -> tuple[Sentence, ...]:
        sentences = []
        if self.admission.is_outside_policy:
            return (Sentence(_("No Beesender plan: outside the support policy.")),)
        if self.admission.sentence:
            sentences.append(self.admission.sentence)
        if self.settled.correction:
            sentences.append(self.settled.correction)
        if self.terms:
            sentences.append(
                explain_promise(
                    self.terms,
                    self.category.name,
                    self.settled.code,
                    self.response.due,
                )
            )
            sentences += explain_further(self.terms, self.settled.code, self.promises)
        return tuple(sentences)


def triage(
    request: Request,
    plans: Sequence[Plan],
    *,
    now: datetime,
    hold_unplanned: bool = False,
    answers_at_once: bool | None = None,
    at_risk_share: float = AT_RISK_SHARE,
) -> Decision:
    """Decide one request by all plans of its customer; see ``admit`` and ``assess_all``."""
    if answers_at_once is None:
        answers_at_once = reads_answer_at_once(request.channel)
    admission = admit(
        plans,
        customer=request.customer,
        contact=request.contact,
        channel=request.channel,
        at=request.opened_at,
        sender_is_verified=request.sender_is_verified,
        contact_is_known=request.contact_is_known,
        hold_unplanned=hold_unplanned,
        answers_at_once=answers_at_once,
    )
    if admission.is_outside_policy:
        unsettled = SettledPriority(request.priority or "")
        return Decision(admission, request.category, unsettled)
    settled = settle_priority(request.category, request.priority)
    refusal = refuse_priority(
        request.category, request.priority, answers_at_once=answers_at_once
    )
    plan = admission.plan
    if admission.verdict != ACCEPTED or plan is None:
        return Decision(admission, request.category, settled, priority_refusal=refusal)
    terms = Terms.of(
        plan,
        request.category,
        request.opened_at,
        settled_priority=settled.code if request.first_responded_at else None,
    )
    promises = assess_all(
        terms,
        settled.code,
        responded_at=request.first_responded_at,
        closed_at=request.closed_at,
        happenings=request.happenings,
        now=now,
        at_risk_share=at_risk_share,
    )
    return Decision(admission, request.category, settled, terms, promises, refusal)


def admit_held(
    plan: Plan | None,
    category: Category,
    requested: str | None,
    at: datetime,
    happenings: tuple[Happening, ...] = (),
) -> Decision:
    """An agent admits a held request: the clocks start at ``at``, by the plan's terms.

    Without a plan the request is outside the policy from then on.
    """
    if plan is None:
        return Decision(Admission(ACCEPTED), category, SettledPriority(requested or ""))
    settled = settle_priority(category, requested)
    terms = Terms.of(plan, category, at)
    promises = assess_all(
        terms, settled.code, responded_at=None, happenings=happenings, now=at
    )
    return Decision(Admission(ACCEPTED, plan=plan), category, settled, terms, promises)
