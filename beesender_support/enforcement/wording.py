"""Policy sentences in the reader's language."""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe
from frappe import _

from beesender_support.policy.errors import PolicyError
from beesender_support.policy.sentences import Sentence


def in_words(sentence: Sentence) -> str:
    """The sentence, translated."""
    return _(sentence.template).format(**sentence.context)


@contextmanager
def refusals_in_words() -> Iterator[None]:
    """What the policy refuses becomes a validation error a person can act on."""
    try:
        yield
    except PolicyError as error:
        frappe.throw(in_words(error.sentence), title=_("Please check"))
