"""What a stored finding says, in the language of its reader."""

import json
from collections.abc import Iterable

from frappe.model.document import Document

from beesender_support.policy.lint.arguments import from_plain
from beesender_support.policy.lint.codes import CODES
from beesender_support.policy.lint.findings import Finding
from beesender_support.wording.renderer import in_words


def sentence_of(row: Document) -> str:
    finding = _finding(row)
    return in_words(finding.sentence) if finding else str(row.code or "")


def what_to_do_of(row: Document) -> str:
    finding = _finding(row)
    return in_words(finding.what_to_do) if finding else ""


def by_name(rows: Iterable[Document]) -> dict[str, str]:
    """What each of several rows says."""
    return {str(row.name): sentence_of(row) for row in rows}


def _finding(row: Document) -> Finding | None:
    """None for a code, or for values, that only another version of the app knows."""
    if row.code not in CODES:
        return None
    try:
        context = from_plain(json.loads(row.arguments or "{}"))
        finding = Finding(row.code, "", context)
        str(finding.sentence)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    return finding
