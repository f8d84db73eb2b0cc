"""How the promises of a ticket stand, in the reader's language.

Times left are counted here, between instants: Helpdesk's own badges mistake the site's
time for the browser's.
"""

from typing import NamedTuple, TypedDict

from frappe import _
from frappe.model.document import Document

from beesender_support.enforcement.requests import held_requests
from beesender_support.policy.response.clocks import OVER
from beesender_support.policy.response.deadline_explanation import (
    no_promise_for,
    state_promised,
)
from beesender_support.policy.response.promises import Promised, Promises
from beesender_support.policy.response.response_state import NONE
from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sentences import Sentence
from beesender_support.policy.sold.categories import Category
from beesender_support.policy.sold.targets import FIRST_ANSWER, SOLUTION
from beesender_support.records.site_time import now
from beesender_support.records.sold import catalogue
from beesender_support.records.tickets import promise
from beesender_support.screens.ticket.countdown import (
    NOT_COUNTED,
    Countdown,
    countdown_of,
)
from beesender_support.wording.names import TARGET_NAMES
from beesender_support.wording.promise_words import state_in_few_words
from beesender_support.wording.renderer import fill
from beesender_support.wording.renderer import in_words as sentence_in_words


class Words(TypedDict):
    """A short ``label`` for a badge or list, and a full ``sentence``."""

    label: str
    sentence: str


class StateInWords(Words):
    """``state``: met, breached, due, at_risk, paused, withdrawn or none."""

    state: str


class ShownInList(NamedTuple):
    """A promise as a list shows it, by the code of its state, and how it goes on."""

    label: str
    state: str = NONE
    countdown: Countdown = NOT_COUNTED


NOT_SHOWN = ShownInList("")


class LabelsInList(NamedTuple):
    """How the promise stands that is due soonest, and the solution, which is empty where
    none is promised; ``further`` are the targets promised besides the first answer."""

    soonest: ShownInList
    solution: ShownInList = NOT_SHOWN
    further: frozenset[str] = frozenset()


def in_words(doc: Document, promises: Promises) -> StateInWords:
    """The promise of the first answer."""
    if not promise.counts_by_itself(doc):
        return {"state": NONE, **_merged(doc)}
    if why := promise.why_unreadable(doc):
        return {"state": NONE, **_unreadable(why)}
    first, terms = promises.first_answer, promise.terms_of(doc)
    if first.response.due is None or terms is None:
        category = catalogue.category_for(doc.ticket_type)
        return {"state": first.response.state, **why_no_deadline(doc, category)}
    return promised_in_words(doc, terms, first, doc.beesender_priority)


def promised_in_words(
    doc: Document, terms: Terms, promised: Promised, priority: str
) -> StateInWords:
    """A promise with a deadline, as stored or as foreseen for another ``priority``."""
    stated = state_promised(terms, priority, promised)
    return {
        "state": promised.response.state,
        "label": label_of(promised, doc),
        "sentence": sentence_in_words(stated),
    }


def labels_in_list(doc: Document) -> LabelsInList:
    """The labels alone, as lists show them; does not read the present plans."""
    if not promise.counts_by_itself(doc):
        return LabelsInList(ShownInList(_merged(doc)["label"]))
    if why := promise.why_unreadable(doc):
        return LabelsInList(ShownInList(_unreadable(why)["label"]))
    promises = promise.promises_of(doc)
    each = {promised.target: promised for promised in promises.each()}
    return LabelsInList(
        _soonest(doc, promises),
        _shown(each[SOLUTION], doc) if SOLUTION in each else NOT_SHOWN,
        frozenset(each) - {FIRST_ANSWER},
    )


def _soonest(doc: Document, promises: Promises) -> ShownInList:
    """Of a request that is closed, or has nothing due, how its first promise went."""
    each = promises.each()
    if not each:
        return ShownInList(_label_without_deadline(doc))
    awaited = [(by, each.index(one)) for one in each if (by := one.awaited_by)]
    # Of two deadlines at one instant that of the earlier target.
    shown = each[min(awaited)[1] if awaited and not _is_closed(doc) else 0]
    return _shown(shown, doc, is_named=True)


def _shown(promised: Promised, doc: Document, *, is_named: bool = False) -> ShownInList:
    """Where ``is_named``, other promises than the first answer are said by name."""
    label = label_of(promised, doc)
    countdown = countdown_of(promised, doc)
    if is_named and promised.target != FIRST_ANSWER:
        label = _named(promised.target, label)
        countdown["frame"] = _named(promised.target, "{0}")
    return ShownInList(label, promised.response.state, countdown)


def _named(target: str, words: str) -> str:
    return fill(_("{0}: {1}"), _(TARGET_NAMES[target]), words)


def label_of(promised: Promised, doc: Document) -> str:
    """How a promise with a deadline stands, in a few words."""
    return sentence_in_words(
        state_in_few_words(
            promised,
            now=now(),
            is_closed=_is_closed(doc),
            closing_reason=doc.beesender_closing_reason,
        )
    )


def _is_closed(doc: Document) -> bool:
    return doc.status_category == OVER


def why_no_deadline(doc: Document, category: Category | None) -> Words:
    """No promise for the category, or none yet: a request that waits for admission."""
    label = _label_without_deadline(doc)
    if doc.beesender_admission != "Accepted":
        return {"label": label, "sentence": held_requests.reason_in_words(doc)}
    unpromised = no_promise_for(category.name if category else doc.ticket_type or "")
    return {"label": label, "sentence": sentence_in_words(unpromised)}


def _label_without_deadline(doc: Document) -> str:
    if doc.beesender_admission == "Accepted":
        return _("Not promised")
    return _(doc.beesender_admission) if doc.beesender_admission else ""


def _unreadable(why: Sentence | str) -> Words:
    """The app or its tz database is older than the terms, or somebody edited them."""
    return {
        "label": _("Cannot be recounted"),
        "sentence": fill(
            _(
                "The promise on this ticket cannot be recounted: {0}. The stored"
                " deadline stays. Ask your administrator to check the terms."
            ),
            why,
        ),
    }


def _merged(doc: Document) -> Words:
    """Nobody answers a merged ticket: the request is answered in the other."""
    if not doc.merged_with:
        return {"label": _("Merged"), "sentence": _("This request was merged.")}
    return {
        "label": _("Merged into #{0}").format(doc.merged_with),
        "sentence": _(
            "This request was merged into #{0}. It is answered there, by the promise of"
            " that request."
        ).format(doc.merged_with),
    }
